"""What pages say: records, concepts, terms, lists and the home page, in one language.

Nothing here knows addresses or HTML: a link names the path of a page under the base, or an IRI.
"""
