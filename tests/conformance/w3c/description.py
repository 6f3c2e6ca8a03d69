"""Tests of the Service Description (SPARQL 1.1 Service Description), which the suite only names."""

from __future__ import annotations

from rdflib import RDF, Graph, Literal, Namespace, URIRef

from conformance.w3c.endpoint import Failed, Store
from conformance.w3c.suite import Case

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")

_PROPERTIES = {
    # property: (classes of the subject, class of the value; None where it is any IRI)
    "endpoint": ("Service", None),
    "feature": ("Service", "Feature"),
    "defaultEntailmentRegime": ("Service", "EntailmentRegime"),
    "supportedEntailmentProfile": ("Service", "EntailmentProfile"),
    "entailmentRegime": ("NamedGraph", "EntailmentRegime"),
    "extensionFunction": ("Service", "Function"),
    "extensionAggregate": ("Service", "Aggregate"),
    "languageExtension": ("Service", "Feature"),
    "supportedLanguage": ("Service", "Language"),
    "propertyFeature": ("Service", "Feature"),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "resultFormat": ("Service", None),
    "inputFormat": ("Service", None),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection Dataset", "NamedGraph"),
    "name": ("NamedGraph", None),
    "graph": ("NamedGraph", "Graph"),
}
_NAMED = {
    "Feature": "DereferencesURIs UnionDefaultGraph RequiresDataset EmptyGraphs BasicFederatedQuery",
    "Language": "SPARQL10Query SPARQL11Query SPARQL11Update",
}


def run(store: Store, case: Case) -> str:
    """Run a ServiceDescriptionTest: GET on the endpoint without a query.

    Raises:
        Failed: There is no description, or it is not as the vocabulary says.
    """
    answer = store.endpoint.send("GET", store.endpoint.query, Accept="text/turtle")
    if answer.status != 200 or answer.media_type != "text/turtle":
        raise Failed(f"expected 200 and text/turtle, found {answer.media_type} {answer}")
    graph = Graph().parse(data=answer.body, format="turtle", publicID=store.endpoint.query)
    match case.iri.rpartition("#")[2]:
        case "returns-rdf":
            if not len(graph):
                raise Failed("no triples")
        case "has-endpoint-triple":
            if (None, SD.endpoint, URIRef(store.endpoint.query)) not in graph:
                raise Failed(f"no sd:endpoint <{store.endpoint.query}>")
        case "conforms-to-schema":
            if faults := list(_faults(graph)):
                raise Failed("; ".join(faults[:3]))
    return ""


def _faults(graph: Graph) -> list[str]:
    """Return where a description contradicts the vocabulary's domains, ranges and instances."""
    faults = [] if (None, RDF.type, SD.Service) in graph else ["no sd:Service"]
    for subject, predicate, value in graph:
        if not str(predicate).startswith(str(SD)):
            continue
        name = str(predicate).removeprefix(str(SD))
        if name not in _PROPERTIES:
            faults.append(f"no property sd:{name} is defined")
            continue
        domain, expected = _PROPERTIES[name]
        types = set(graph.objects(subject, RDF.type))
        if not types & {SD[each] for each in domain.split()}:
            faults.append(f"a subject of sd:{name} is no sd:{domain}")
        if isinstance(value, Literal):
            faults.append(f"the value of sd:{name} is a literal")
        instances = _NAMED.get(expected or "", "").split()
        local = str(value).removeprefix(str(SD))
        if str(value).startswith(str(SD)) and instances and local not in instances:
            faults.append(f"sd:{local} is no sd:{expected}")
    return faults + _services(graph)


def _services(graph: Graph) -> list[str]:
    """Return the faults of services: each has one endpoint, which is what tells them apart."""
    counts = [
        len(list(graph.objects(service, SD.endpoint)))
        for service in graph.subjects(RDF.type, SD.Service)
    ]
    return [] if all(count == 1 for count in counts) else ["a service without one sd:endpoint"]
