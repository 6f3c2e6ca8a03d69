"""Data as tests: the name of each file beside this one says what the shapes must say of it.

``conforms….ttl`` has nothing that keeps a record out of a feed. ``violates-<property>-….ttl`` has
exactly one violation, of the shape of that property; ``violates-self-….ttl`` of the node itself.
``warns-<property>-….ttl`` has no violation, and advice on that property.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

import pytest
from rdflib import Graph
from rdflib.namespace import SH
from rdflib.term import Node

from utbildningsdata.rdf.ntriples import parse
from utbildningsdata.validation.shacl import Result, validate
from utbildningsdata.validation.shapes import Shapes

HERE = Path(__file__).parent
SHAPES = Path(__file__).parents[2] / "shapes"
FILES = sorted(HERE.glob("*/*.ttl"))


def name(file: Path) -> str:
    return str(file.relative_to(HERE).with_suffix(""))


@functools.cache
def shapes() -> Shapes:
    return Shapes.load(SHAPES)


@functools.cache
def results() -> Mapping[str, list[Result]]:
    """All files in one run, each under a base of its own so that they do not meet."""
    data, background = Graph(bind_namespaces="none"), Graph(bind_namespaces="none")
    known = (HERE / "known.ttl").read_bytes()
    owners: dict[Node, str] = {}
    for file in FILES:
        base = f"https://catalogue.example/{name(file)}/"
        graph = parse(file.read_bytes(), base=base)
        owners.update(dict.fromkeys(graph.subjects(), name(file)))
        data += graph
        background += parse(known, base=base)
    found: dict[str, list[Result]] = {name(file): [] for file in FILES}
    for result in validate(data, shapes(), background):
        found[owners[result.focus]].append(result)
    return found


def rules(results: list[Result], severity: str) -> set[str]:
    return {shapes().rule(result.shape) for result in results if result.severity == severity}


@pytest.mark.parametrize("file", FILES, ids=name)
def test_the_shapes_say_what_the_name_of_the_file_says(file: Path) -> None:
    found = results()[name(file)]
    verdict, _, rest = file.stem.partition("-")
    about = rest.partition("-")[0]
    violated, warned = rules(found, "violation"), rules(found, "warning")
    if verdict == "violates" and about == "self":
        assert len(violated) == 1
        assert "-" not in violated.pop()
    elif verdict == "violates":
        assert {rule.partition("-")[2] for rule in violated} == {about}
    else:
        assert not violated
    if verdict == "warns":
        assert any(rule.removesuffix("-advice").endswith(f"-{about}") for rule in warned)
    if verdict == "conforms":
        assert not [result for result in found if result.requirement == "mandatory"]


def test_every_shape_with_a_target_has_an_example_that_conforms() -> None:
    graph = shapes().graph
    data = Graph(bind_namespaces="none")
    for file in HERE.glob("*/conforms*.ttl"):
        data += parse(file.read_bytes(), base="https://catalogue.example/")
    classes = set(data.objects())
    for shape, target in graph.subject_objects(SH.targetClass):
        assert target in classes or "Contact" in str(shape), target


def test_each_result_says_what_to_do_in_both_languages() -> None:
    for found in results().values():
        for result in found:
            assert {"sv", "en"} == set(result.messages)
            for text in result.messages.values():
                assert len(text.split(". ")) >= 2, text
