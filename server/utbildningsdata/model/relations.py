"""What a property is called when it is read backwards, on the page of what it points to.

The graph links one way (exemplar → dataset); pages link both ways. The names are sv and en; a
property that is not here is called "is <label> for".
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rdflib import RDF, URIRef
from rdflib.namespace import DCTERMS, FOAF, ORG, OWL, PROF, RDFS, SKOS

from utbildningsdata.rdf.namespaces import DCAT, UD

INVERSES: Mapping[URIRef, tuple[str, str]] = MappingProxyType(
    {
        UD.usesDataset: ("Används i", "Used in"),
        UD.usesMethod: ("Används i", "Used in"),
        UD.usesStandard: ("Används av", "Used by"),
        UD.readsStandard: ("Läses av", "Read by"),
        UD.implements: ("Finns i verktygen", "Implemented by"),
        UD.demonstratedOn: ("Metoder som visats på detta", "Methods demonstrated on it"),
        UD.needsDataCategory: ("Behövs av metoderna", "Needed by the methods"),
        UD.nearestDataset: ("Närmaste data för behoven", "Nearest data for the needs"),
        UD.meetsNeed: ("Möts av", "Met by"),
        UD.answeredBy: ("Svarar på behoven", "Answers the needs"),
        UD.lacks: ("Saknas i", "Missing in"),
        UD.legalBasis: ("Rättslig grund för", "Legal basis for"),
        UD.award: ("Nomineringar och vinnare", "Nominations and winners"),
        UD.awardedBy: ("Delar ut", "Awards"),
        UD.recipient: ("Nominerad till", "Nominated for"),
        UD.actor: ("Genomförde", "Carried out"),
        UD.schoolForm: ("Gäller skolformen", "About this school form"),
        UD.dataCategory: ("Har data av detta slag", "Has data of this kind"),
        UD.reportingLevel: ("Redovisas på denna nivå", "Reported at this level"),
        UD.country: ("Härifrån", "From here"),
        UD.task: ("Löser uppgiften", "Solves the task"),
        UD.methodKind: ("Metoder av detta slag", "Methods of this kind"),
        UD.standardKind: ("Standarder av detta slag", "Standards of this kind"),
        UD.needCategory: ("Behov av detta slag", "Needs of this kind"),
        UD.organisationKind: ("Organisationer av detta slag", "Organisations of this kind"),
        UD.workPackage: ("Hör till arbetspaketet", "Belongs to the work package"),
        UD.evidenceLevel: ("Har denna evidensnivå", "Has this level of evidence"),
        UD.predicts: ("Försöker förutse detta", "Tries to predict it"),
        DCTERMS.publisher: ("Ansvarar för", "Publishes"),
        DCTERMS.creator: ("Skapade", "Created"),
        DCTERMS.conformsTo: ("Följs av", "Followed by"),
        DCTERMS.relation: ("Hör ihop med", "Related to"),
        DCTERMS.license: ("Licens för", "Licence of"),
        DCTERMS.accessRights: ("Har denna åtkomst", "Has this access"),
        DCTERMS.accrualPeriodicity: ("Uppdateras så ofta", "Updated this often"),
        DCTERMS.spatial: ("Täcker området", "Covers the area"),
        DCTERMS.language: ("På detta språk", "In this language"),
        DCTERMS.replaces: ("Ersätts av", "Replaced by"),
        DCTERMS.isReplacedBy: ("Ersätter", "Replaces"),
        DCTERMS.references: ("Hänvisas till av", "Referred to by"),
        DCTERMS.source: ("Källa till", "Source of"),
        DCTERMS["format"]: ("I detta format", "In this format"),
        UD.statedFormat: ("Uppges finnas i detta format", "Said to be in this format"),
        DCTERMS.type: ("Av detta slag", "Of this kind"),
        DCAT.servesDataset: ("Hämtas genom", "Served by"),
        DCAT.accessService: ("Ger tillgång till", "Gives access to"),
        DCAT.theme: ("Har temat", "Has the theme"),
        DCAT.inSeries: ("Ingår i serien", "Members of the series"),
        DCAT.mediaType: ("Av denna medietyp", "Of this media type"),
        PROF.isProfileOf: ("Profileras av", "Profiled by"),
        SKOS.related: ("Besläktat med", "Related to"),
        SKOS.exactMatch: ("Samma som", "Same as"),
        SKOS.closeMatch: ("Snarlikt", "Close to"),
        SKOS.relatedMatch: ("Besläktat hos andra", "Related elsewhere"),
        OWL.sameAs: ("Samma som", "Same as"),
        ORG.subOrganizationOf: ("Underordnade", "Sub-organisations"),
        RDF.type: ("Är av denna klass", "Of this class"),
        RDFS.subClassOf: ("Underklasser", "Subclasses"),
        RDFS.subPropertyOf: ("Egenskaper inom den", "Properties within it"),
        RDFS.domain: ("Egenskaper som den har", "Properties that it has"),
        RDFS.range: ("Egenskaper som har den som värde", "Properties that it is the value of"),
    }
)

MEMBERSHIP: frozenset[URIRef] = frozenset(
    {
        DCAT.dataset,
        DCAT.service,
        DCAT.resource,
        DCAT.record,
        DCAT.catalog,
        FOAF.primaryTopic,
        RDF.type,
    }
)
"""Properties that tie a record to its thing and to the catalogue, and say nothing of use."""

HIERARCHY: frozenset[URIRef] = frozenset(
    {SKOS.inScheme, SKOS.topConceptOf, SKOS.hasTopConcept, SKOS.broader, SKOS.narrower}
)
"""Properties that the tree of a concept scheme shows."""
