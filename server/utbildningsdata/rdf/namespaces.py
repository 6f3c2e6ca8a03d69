"""The prefixes of the catalogue: in files, pages, feeds and queries alike."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rdflib import Namespace
from rdflib.namespace import (
    DCTERMS,
    FOAF,
    ORG,
    OWL,
    PROF,
    PROV,
    RDF,
    RDFS,
    SH,
    SKOS,
    VANN,
    XSD,
)

ADMS = Namespace("http://www.w3.org/ns/adms#")
# rdflib's own DCAT is closed at version 2 and warns of what version 3 added.
DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
SCHEMA = Namespace("http://schema.org/")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
VIVO = Namespace("http://vivoweb.org/ontology/core#")
UD = Namespace("https://w3id.org/utbildningsdata/ns/")
CONCEPT = Namespace("https://w3id.org/utbildningsdata/concept/")
SHAPES = Namespace("https://w3id.org/utbildningsdata/shapes/")
_EU = "http://publications.europa.eu/resource/authority/"

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "adms": str(ADMS),
        "dcat": str(DCAT),
        "dcatap": str(DCATAP),
        "dcterms": str(DCTERMS),
        "dqv": "http://www.w3.org/ns/dqv#",
        "foaf": str(FOAF),
        "hydra": str(HYDRA),
        "org": str(ORG),
        "owl": str(OWL),
        "prof": str(PROF),
        "prov": str(PROV),
        "rdf": str(RDF),
        "rdfs": str(RDFS),
        "role": "http://www.w3.org/ns/dx/prof/role/",
        "schema": str(SCHEMA),
        "sh": str(SH),
        "skos": str(SKOS),
        "spdx": str(SPDX),
        "ud": str(UD),
        "uds": str(SHAPES),
        "vann": str(VANN),
        "vcard": str(VCARD),
        "vivo": str(VIVO),
        "xsd": str(XSD),
    }
)
"""Prefix to namespace IRI; the prefixes that a query may use without declaring them."""

CODE_LISTS: Mapping[str, str] = MappingProxyType(
    {
        "access-right": f"{_EU}access-right/",
        "availability": f"{_EU}planned-availability/",
        "country": f"{_EU}country/",
        "data-theme": f"{_EU}data-theme/",
        "distribution-status": f"{_EU}distribution-status/",
        "file-type": f"{_EU}file-type/",
        "frequency": f"{_EU}frequency/",
        "language": f"{_EU}language/",
        "licence": f"{_EU}licence/",
        "media-type": "https://www.iana.org/assignments/media-types/",
        "publisher-type": "http://purl.org/adms/publishertype/",
    }
)
"""Prefixes for code lists of others; own schemes are added by name under :data:`CONCEPT`."""
