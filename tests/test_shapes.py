"""Every shape finds what it is for and nothing else: the example files of tests/shapes/."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from rdflib import RDF, BNode, Graph, URIRef

from kgbuild.rdf_files import read_graph, read_keys
from kgbuild.resources import data_dir
from kgbuild.terms import CLASSES, NS
from kgbuild.validation.engine import validate_graph
from kgbuild.validation.report import SH, compact_node, compact_shape
from kgbuild.validation.sets import CodedGraph
from kgbuild.validation.shapes import load_shapes

EXAMPLES: Final = Path(__file__).resolve().parent / "shapes"
FILES: Final = sorted(EXAMPLES.glob("*/*-*.ttl"))
SEVERITY_OF: Final = {"core": "Violation", "recommended": "Warning", "evidence": "Violation"}
_EXPECT: Final = re.compile(r"# expect: (?:(nothing)|(Violation|Warning) (shape:\S+) (\S+))")

#: Values of closed lists, and activities: they have a name and nothing else.
NOTHING_TO_CHECK: Final = {
    *("StatusValue", "ValueQualifier", "MoveDirection", "ClaimPolarity", "ClaimCertainty"),
    *("MeasureFamily", "DisruptionKind", "StatementKind"),
    *("RegulatedActivity", "EndUse", "Industry"),
}
#: Nothing is of these classes without being of one below them.
ONLY_SUBCLASSES: Final = {"Agent", "Material"}


def expected(path: Path) -> set[tuple[str, str, str]]:
    """Return (severity, shape, focus node) of each line "# expect:" at the top of the file."""
    found = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        match = _EXPECT.fullmatch(line)
        assert match, f"{path}: {line!r} is not '# expect: Violation shape:Name focus' or '# expect: nothing'"
        if not match[1]:
            found.add((match[2], match[3], match[4]))
    return found


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return load_shapes()


def of_kind(shapes: Graph, kind: str) -> set[str]:
    return {compact_shape(str(s)) for s in shapes.subjects(RDF.type, URIRef(SH + kind))}


def shapes_inside_others(shapes: Graph) -> set[str]:
    """Return the shapes that only serve inside other shapes and so are never the source of a result."""
    inner = {s for s in of_kind(shapes, "NodeShape") if s.endswith("Test")}
    return inner | {s for s in of_kind(shapes, "PropertyShape") if s.split("-")[0] in inner}


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_example(path: Path, shapes: Graph) -> None:
    report = validate_graph(CodedGraph.from_triples(read_keys([path])), shapes)
    found = {
        (
            r.severity,
            compact_shape(r.source_shape),
            "_:b" if r.focus_node[:2] == "_:" else compact_node(r.focus_node),
        )
        for r in report.results
    }
    assert found == expected(path)


def test_size() -> None:
    assert len(FILES) >= 320
    assert len({p.parent.name for p in FILES}) >= 54


def test_names_of_examples_tell_what_is_expected() -> None:
    for path in FILES:
        severities = {severity for severity, _, _ in expected(path)}
        kind = path.name.partition("-")[0]
        if kind == "conforms":
            assert severities == set(), path
        else:
            assert {"violates": "Violation", "warns": "Warning"}[kind] in severities, path
            assert kind == "violates" or severities == {"Warning"}, path


def test_every_shapes_file_has_a_conforming_example() -> None:
    for path in sorted(data_dir("shapes").glob("*/*.ttl")):
        assert list((EXAMPLES / path.stem).glob("conforms-*.ttl")), f"no conforming example for {path}"


def test_every_property_shape_has_a_failing_example(shapes: Graph) -> None:
    shown = {shape for path in FILES for _, shape, _ in expected(path)}
    assert of_kind(shapes, "PropertyShape") - shapes_inside_others(shapes) - shown == set()
    assert len(of_kind(shapes, "PropertyShape")) >= 166


def test_every_node_shape_with_constraints_of_its_own_has_a_failing_example(shapes: Graph) -> None:
    own = [URIRef(SH + name) for name in ("nodeKind", "closed", "or", "xone", "class", "in")]
    constrained = {compact_shape(str(s)) for p in own for s in shapes.subjects(p)} & of_kind(
        shapes, "NodeShape"
    )
    shown = {shape for path in FILES for _, shape, _ in expected(path)}
    assert constrained - shapes_inside_others(shapes) - shown == set()


def test_every_shape_speaks_to_a_researcher(shapes: Graph) -> None:
    required = ("message", "name", "description", "severity", "order")
    for kind in ("NodeShape", "PropertyShape"):
        for shape in shapes.subjects(RDF.type, URIRef(SH + kind)):
            assert isinstance(shape, URIRef), f"a {kind} has no IRI"
            for name in required:
                assert len(list(shapes.objects(shape, URIRef(SH + name)))) == 1, f"{shape}: one sh:{name}"
            message = str(shapes.value(shape, URIRef(SH + "message")))
            assert message[0].isupper(), message
            assert message.endswith("."), message


def test_no_property_shape_is_a_blank_node(shapes: Graph) -> None:
    assert [s for s in shapes.subjects(URIRef(SH + "path")) if isinstance(s, BNode)] == []


def test_folders_are_severities() -> None:
    for path in sorted(data_dir("shapes").glob("*/*.ttl")):
        graph = read_graph([path])
        severities = {str(s).removeprefix(SH) for s in graph.objects(None, URIRef(SH + "severity"))}
        assert severities == {SEVERITY_OF[path.parent.name]}, path


def test_orders_of_one_shape_differ(shapes: Graph) -> None:
    for node in shapes.subjects(RDF.type, URIRef(SH + "NodeShape")):
        properties = list(shapes.objects(node, URIRef(SH + "property")))
        orders = sorted(int(str(shapes.value(p, URIRef(SH + "order")))) for p in properties)
        assert orders == list(range(1, len(properties) + 1)), node


def test_every_class_is_looked_at(shapes: Graph) -> None:
    """A class counts when a shape targets it or a class above it, beside the shape for all things."""
    targets = {
        str(target).removeprefix(NS)
        for shape, target in shapes.subject_objects(URIRef(SH + "targetClass"))
        if not str(shape).endswith("#ThingShape")
    }
    core = read_graph([data_dir("ontology") / "core.ttl"])
    sub_class_of = URIRef("http://www.w3.org/2000/01/rdf-schema#subClassOf")
    for name in CLASSES:
        above = {str(c).removeprefix(NS) for c in core.transitive_objects(URIRef(NS + name), sub_class_of)}
        assert above & (targets | NOTHING_TO_CHECK) or name in ONLY_SUBCLASSES, f"no shape looks at kg:{name}"
