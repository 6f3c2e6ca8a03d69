"""Short names for IRIs: which prefix an IRI can be written with, if any."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from utbildningsdata.rdf.namespaces import CODE_LISTS, CONCEPT, PREFIXES

HEADER: dict[str, str] = dict(sorted({**PREFIXES, **CODE_LISTS}.items()))
"""The prefixes that a feed declares at its start, since its blocks may use any of them."""

_BY_NAMESPACE = {namespace: prefix for prefix, namespace in HEADER.items()}
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")
_SCHEME = re.compile(re.escape(str(CONCEPT)) + r"([a-z](?:[a-z0-9-]*[a-z0-9])?)/\Z")
_NAME = (
    r"A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D"
    r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_NCNAME_AT_END = re.compile(rf"[{_NAME}][{_NAME}0-9.\u00B7\u0300-\u036F\u203F\u2040-]*\Z")


class QName(NamedTuple):
    """An IRI in two parts, with the prefix that stands for the first."""

    prefix: str
    namespace: str
    local: str

    def __str__(self) -> str:
        return f"{self.prefix}:{self.local}"


@lru_cache(maxsize=65_536)
def qname(iri: str) -> QName | None:
    """Return ``iri`` as prefix and local name where Turtle needs no escapes for it, else None.

    >>> str(qname("http://www.w3.org/ns/dcat#Dataset"))
    'dcat:Dataset'
    >>> str(qname("https://w3id.org/utbildningsdata/concept/school-form/GR"))
    'school-form:GR'
    >>> qname("https://example.org/dataset/x")
    """
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    namespace, local = iri[:cut], iri[cut:]
    prefix = _BY_NAMESPACE.get(namespace) or _scheme(namespace)
    return QName(prefix, namespace, local) if prefix and _LOCAL.match(local) else None


def _scheme(namespace: str) -> str | None:
    """Return the prefix of one of the catalogue's own concept schemes: its name."""
    match = _SCHEME.match(namespace)
    return match[1] if match and match[1] not in HEADER else None


@lru_cache(maxsize=4_096)
def xml_name(iri: str) -> QName | None:
    """Return ``iri`` as namespace and XML name; the prefix is empty where none is known for it.

    None where no XML name ends the IRI, as in ``https://example.org/2020``.

    >>> xml_name("https://example.org/2020-terms")
    QName(prefix='', namespace='https://example.org/2020-', local='terms')
    """
    short = qname(iri)
    if short and short.prefix in HEADER and _NCNAME_AT_END.fullmatch(short.local):
        return short
    match = _NCNAME_AT_END.search(iri)
    return QName("", iri[: match.start()], match[0]) if match else None
