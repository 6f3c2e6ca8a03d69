"""RDF itself: names, syntaxes, negotiation. Knows nothing of the catalogue's kinds or storage.

``rdflib.Graph`` is the currency between rooms. Literals keep their spelling: rdflib is told so
here, once, before any of its graphs exists.
"""

import rdflib

rdflib.NORMALIZE_LITERALS = False
