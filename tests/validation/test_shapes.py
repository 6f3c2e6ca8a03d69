"""The shapes graph: what reports read in it, and that its fast form means the same."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib import Graph
from rdflib.namespace import SH
from rdflib.term import Node

from utbildningsdata.errors import Malformed
from utbildningsdata.rdf.namespaces import DCAT, SHAPES, UD
from utbildningsdata.rdf.ntriples import parse
from utbildningsdata.validation.shapes import Shapes

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "tests" / "shapes"


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return Shapes.load(ROOT / "shapes")


def results(data: Graph, shapes: Graph) -> set[tuple[Node | None, ...]]:
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    rdflib.NORMALIZE_LITERALS = False  # pySHACL leaves it on, for all that comes after
    assert isinstance(report, Graph)
    fields = (SH.focusNode, SH.resultPath, SH.value, SH.sourceShape, SH.sourceConstraintComponent)
    return {
        tuple(report.value(result, field) for field in fields)
        for result in report.objects(None, SH.result)
    }


def test_giving_property_shapes_the_targets_changes_no_result(shapes: Shapes) -> None:
    data = Graph(bind_namespaces="none")
    for folder in ("organisation", "distribution", "portal", "record", "nomination"):
        for file in (EXAMPLES / folder).glob("*.ttl"):
            data += parse(file.read_bytes(), base=f"https://catalogue.example/{file.stem}/")
    found = results(data, shapes.judged)
    assert found
    assert found == results(data, shapes.graph)


def test_advice_has_the_name_of_the_shape_it_belongs_to(shapes: Shapes) -> None:
    assert shapes.labels(SHAPES["Dataset-keyword-advice"]) == {"sv": "nyckelord", "en": "keyword"}
    assert shapes.requirement(SHAPES["Dataset-publisher-advice"]) == "mandatory"


def test_a_folder_is_for_the_class_of_its_shape(shapes: Shapes) -> None:
    classes = shapes.classes()
    assert classes["dataset"] == {DCAT.Dataset}
    assert classes["need"] == {UD.Need}
    assert classes["portal"] == {DCAT.Catalog}


def test_a_file_that_is_not_turtle_is_malformed(tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text("not turtle")
    with pytest.raises(Malformed):
        Shapes.load(tmp_path)
