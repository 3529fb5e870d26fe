"""Validation as a whole: what is refused, what is found, how it is reported."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
import rdflib
from rdflib import RDF, Graph, URIRef

from kgbuild.cli import run
from kgbuild.errors import GraphError, ShapeError
from kgbuild.model import Literal
from kgbuild.rdf_files import read_graph, read_keys
from kgbuild.resources import data_dir
from kgbuild.terms import XSD
from kgbuild.validation import Finding, ValidationReport, ValidationResult, validate
from kgbuild.validation.formats import headline
from kgbuild.validation.report import SH, SHAPES, path_to_turtle, sorted_report, to_ntriples
from kgbuild.validation.shapes import load_shapes, path_text

GRAPHS: Final = Path(__file__).resolve().parent / "graphs"
EXAMPLE: Final = GRAPHS / "example.ttl"
PREFIXES: Final = f"""@prefix sh: <{SH}> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix kg: <https://w3id.org/kgbuild/ontology#> .
@prefix e: <https://example.org/> .
"""
FIRM: Final = PREFIXES + 'e:f a kg:Firm ; rdfs:label "a firm"@en ; kg:basedIn e:p .\n'


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder with the example graph, its manifest and its articles."""
    return Path(shutil.copytree(GRAPHS, tmp_path / "graphs"))


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def quotes(report: ValidationReport) -> list[tuple[str, str]]:
    return [(r.source_shape.removeprefix(SHAPES), r.message) for r in report.results]


# ---- the example


def test_example_conforms_and_its_quotes_are_in_the_texts() -> None:
    report = validate([EXAMPLE])
    assert report.results == ()
    assert report.shapes[SHAPES + "TextSegment-quote-equals-text"] >= 10
    assert report.shapes[SHAPES + "Article-digest-equals-text"] == 2
    assert report.shapes[SHAPES + "LicenseShape"] == 3
    absent = ("ContestedClaim", "ControlledElement", "GoodWithControlledElement", "LicensedExporter")
    figures = {
        f"{name}{kind}"
        for name in ("TradeStatistic", "Disruption", "Statement")
        for kind in ("Shape", "Advice")
    }
    assert {shape.removeprefix(SHAPES) for shape in report.vacuous} == figures | {
        f"{name}Shape" for name in (*absent, "Mineral", "MiningLicense", "LegalInstrument", "RelatedThing")
    }


@pytest.mark.parametrize("suffix", ["trig", "nt", "nq", "jsonld", "rdf"])
def test_every_syntax_gives_the_same_report(suffix: str, copy: Path) -> None:
    graph = read_graph([EXAMPLE])
    dataset = rdflib.Dataset()
    for triple in graph:
        dataset.graph(URIRef("urn:a")).add(triple)
    source = dataset if suffix in {"trig", "nq"} else graph
    syntax = {"jsonld": "json-ld", "rdf": "xml", "nq": "nquads"}.get(suffix, suffix)
    path = copy / f"example.{suffix}"
    source.serialize(path, format=syntax, encoding="utf-8")
    assert validate([path]) == validate([EXAMPLE])


def test_several_files_are_one_graph(copy: Path) -> None:
    lines = EXAMPLE.read_text(encoding="utf-8")
    head, _, body = lines.partition("\n\n@prefix")
    prefixes, _, blocks = ("@prefix" + body).partition("\n\n")
    parts = blocks.split("\n\n")
    for name, some in (("one.ttl", parts[::2]), ("two.ttl", parts[1::2])):
        write(copy / name, prefixes + "\n\n" + "\n\n".join(some) + "\n")
    assert head.startswith("#")
    assert validate([copy / "one.ttl", copy / "two.ttl"]).results == ()
    assert validate([copy / "one.ttl"]).violations != ()


# ---- files that cannot be read


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.ttl", "", "is empty"),
        ("a.ttl", " \n\n", "is empty"),
        ("a.ttl", PREFIXES, "holds no triples"),
        ("a.ttl", PREFIXES + "e:a e:b e:c e:d .", "line 6, column"),
        (
            "a.ttl",
            PREFIXES + "\n\ne:a x:b e:c .",
            "line 8, column 5: bad syntax: The prefix x: has not been declared",
        ),
        ("a.trig", PREFIXES + "GRAPH e:g { e:a e:b }", "line 6, column"),
        (
            "a.nt",
            "<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> .\n",
            "line 2, column 17: bad syntax: The object",
        ),
        (
            "a.nq",
            "<urn:a> <urn:b> <urn:c> <urn:d> .\n\n<urn:a> 'b' <urn:c> .\n",
            "line 3, column 9: bad syntax",
        ),
        (
            "a.rdf",
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\n<a>\n",
            "line 3: not XML",
        ),
        (
            "a.rdf",
            "<?xml version='1.0'?>\n<!DOCTYPE r [<!ENTITY a 'b'>]>\n<r/>",
            "line 2: RDF/XML with a DTD",
        ),
        ("a.jsonld", '{"@id": "urn:a",\n "urn:b": }', "line 2: not JSON"),
        ("a.jsonld", '{"@context": "https://schema.org", "@id": "urn:a"}', "lies outside the file"),
        ("a.jsonld", '{"@context": [{"@import": "x.json"}], "@id": "urn:a"}', "lies outside the file"),
        ("a.jsonld", "[" * 100_000, "nested too deeply"),
        ("a.ttl", b"\x89PNG\0\0", "binary file"),
        ("a.ttl", PREFIXES.encode() + b"e:a e:b '\xff' .", "line 6: is no text in UTF-8"),
        ("a.csv", "a,b", "unknown kind of file"),
    ],
)
def test_bad_files_are_named_with_line_and_reason(
    name: str, content: str | bytes, expected: str, tmp_path: Path
) -> None:
    path = write(tmp_path / name, content)
    with pytest.raises(GraphError) as caught:
        validate([path])
    assert str(caught.value).startswith(str(path))
    assert expected in str(caught.value)


JUNK: Final = b"junk " + bytes(32 + (i * 7919 + i // 95) % 95 for i in range(1 << 16)) * 800
DEEP_JSON: Final = b'{"urn:a":' * 5_000_000
BOMB: Final = (
    '<?xml version="1.0"{}?>\n<!DOCTYPE r [<!ENTITY e0 "ha">'
    + "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))
    + ']>\n<r xmlns="urn:x:">&e9;</r>'
)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        *((f"junk.{s}", JUNK, ", line 1, column 1: ") for s in ("ttl", "trig", "nt", "nq")),
        ("junk.rdf", JUNK, ", line 1, column 1: not XML"),
        ("junk.jsonld", JUNK, ", line 1: not JSON"),
        ("binary.ttl", JUNK + b"\0", ": is a binary file"),
        ("text.ttl", b'<urn:a> <urn:b> "' + b"x" * 50_000_000, ": one name or text in it is longer than"),
        ("name.ttl", b"a" * 50_000_000, ": one name or text in it is longer than"),
        ("list.ttl", b"<urn:a> <urn:b> " + b"(" * 50_000_000, ": nested too deeply"),
        ("closed.ttl", b"<urn:a> <urn:b> " + b"(" * 9**6 + b")" * 9**6 + b" .", ": nested too deeply"),
        ("inner.trig", b"<urn:a> <urn:b> " + b"[ <urn:b> " * 5_000_000, ": nested too deeply"),
        ("deep.rdf", b"<a xmlns='urn:x:'>" + b"<a>" * 9**6 + b"</a>" * 9**6 + b"</a>", ": nested too deeply"),
        ("deep.jsonld", DEEP_JSON, ": nested too deeply"),
        ("some.jsonld", DEEP_JSON[: 9 * 600] + b"1" + b"}" * 600, ": nested too deeply"),
        ("bomb.rdf", BOMB.format("").encode(), ", line 2: RDF/XML with a DTD is refused"),
        ("bomb.owl", BOMB.format("").encode(), ", line 2: RDF/XML with a DTD is refused"),
        ("wide.rdf", BOMB.format(' encoding="UTF-16"').encode("utf-16"), ": is a binary file or not UTF-8"),
    ],
    ids=lambda x: x if isinstance(x, str) and "." in x else "",
)
def test_hostile_files_end_soon_with_one_line(
    name: str, content: bytes, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / name, content)
    start = time.process_time()
    assert run(["validate", str(path)]) == 2
    assert time.process_time() - start < 10
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"kgbuild: {path}{expected}")
    assert len(err.splitlines()) == 1
    assert len(err) < 400


def test_brackets_in_texts_are_not_counted(tmp_path: Path) -> None:
    texts = " , ".join(f'"(see {i} of (the list"' for i in range(6000))
    data = write(tmp_path / "a.ttl", PREFIXES + f"e:a e:b {texts} .")
    assert sum(1 for _ in read_keys([data])) == 6000


def test_relative_names_and_blank_nodes_are_the_same_in_shapes_and_checks(tmp_path: Path) -> None:
    data = write(tmp_path / "a.ttl", PREFIXES + "[] kg:locatedIn _:x . _:x kg:locatedIn _:x ; a kg:Place .")
    first, second = (validate([data]) for _ in range(2))
    assert first == second
    circles = {r.focus_node for r in first.results if r.source_shape.endswith("place-inside-itself")}
    assert len(circles) == 1
    assert circles <= {r.focus_node for r in first.results if "checks#" not in r.source_shape}


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match=r"none\.ttl: no such file"):
        validate([tmp_path / "none.ttl"])
    (tmp_path / "folder.ttl").mkdir()
    with pytest.raises(GraphError, match=r"folder\.ttl: cannot be read"):
        validate([tmp_path / "folder.ttl"])


def test_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    path = write(tmp_path / "a.ttl", b"\xef\xbb\xbf" + FIRM.encode())
    assert len(read_graph([path])) == 3


def test_a_file_named_twice_counts_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.ttl", FIRM)
    assert len(read_graph([path, path])) == 3


def test_literals_stay_as_written(tmp_path: Path) -> None:
    path = write(tmp_path / "a.ttl", PREFIXES + "e:q kg:numericValue 1.50 .")
    before = rdflib.NORMALIZE_LITERALS
    values = [str(o) for o in read_graph([path]).objects()]
    assert values == ["1.50"]
    assert before == rdflib.NORMALIZE_LITERALS


def test_reading_leaves_the_network_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("opened an address")

    monkeypatch.setattr("urllib.request.urlopen", refuse)
    monkeypatch.setattr("socket.socket.connect", refuse)
    owl = "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    path = write(tmp_path / "a.ttl", owl + FIRM + "e:o owl:imports <https://example.org/other> .")
    validate([path])


# ---- terms that nothing knows


def test_misspelt_property_and_class_are_violations(tmp_path: Path) -> None:
    path = write(tmp_path / "a.ttl", PREFIXES + 'e:f a kg:Frim ; kg:holdz e:l ; rdfs:label "a"@en .')
    found = {r.message for r in validate([path]).violations}
    assert found == {
        "The ontology has no class kg:Frim: use kg:Firm, or add the term there first.",
        "The ontology has no property kg:holdz: use kg:holds, or add the term there first.",
    }


# ---- shapes that cannot work

NODE: Final = PREFIXES + "e:S a sh:NodeShape ; sh:targetClass kg:Firm ; sh:property e:P .\n"
HOLDS: Final = NODE + "e:P sh:path kg:holds "
SHAPE_FAULTS: Final = [
    (
        HOLDS.replace("targetClass", "targetClas") + ".",
        "line 6: SHACL has no term sh:targetClas; did you mean",
    ),
    (HOLDS + ";\n sh:minCuont 1 .", "line 8: SHACL has no term sh:minCuont; did you mean sh:minCount?"),
    (
        NODE + "e:P sh:path kg:holdz .",
        "line 7: ontology/core.ttl has no term kg:holdz; did you mean kg:holds?",
    ),
    (HOLDS.replace("kg:Firm", "kg:Frim") + ".", "no term kg:Frim; did you mean kg:Firm?"),
    (HOLDS + "; sh:class kg:Licence .", "no term kg:Licence; did you mean kg:License?"),
    (NODE + "e:P sh:path [ sh:inversePath kg:hold ] .", "no term kg:hold; did you mean kg:holds?"),
    (HOLDS + "; sh:class kg:issuedBy .", "sh:class needs a class, and kg:issuedBy is a property"),
    (NODE + "e:P sh:path kg:License .", "sh:path needs a property, and kg:License is a class"),
    (HOLDS + "; sh:severity sh:Error .", "SHACL has no term sh:Error"),
    (HOLDS + "; sh:severity sh:Shape .", "sh:severity is one of sh:Violation, sh:Warning, sh:Info"),
    (HOLDS + "; sh:nodeKind sh:Uri .", "no term sh:Uri"),
    (NODE + "e:P sh:path kg:edtf ; sh:pattern '(' .", "is no regular expression"),
    (HOLDS + "; sh:sparql e:Q .", "sh:sparql is beyond SHACL Core"),
    (HOLDS + "; e:minCount 1 .", "is no term of SHACL"),
    (NODE, "sh:property of https://example.org/S is https://example.org/P, which no file describes"),
    (NODE + "e:P sh:name 'holds' .", "has no sh:path"),
    (
        HOLDS + "; sh:minCount 1 .\ne:Q a sh:PropertyShape ; sh:path kg:holds ; sh:minCount 1 .",
        "no shape uses https://example.org/Q",
    ),
    (HOLDS + "; sh:or ( e:X ) .", "sh:or of https://example.org/P is https://example.org/X, which no file"),
    (HOLDS.rstrip(), "line 7: ends in the middle of a statement"),
    (HOLDS, "line 7: bad syntax: EOF found after object"),
    (HOLDS + "e:b .", "line 7: bad syntax"),
]


@pytest.mark.parametrize(("text", "expected"), SHAPE_FAULTS)
def test_shapes_that_would_pass_over_everything_are_refused(text: str, expected: str, tmp_path: Path) -> None:
    folder = tmp_path / "shapes"
    folder.mkdir()
    path = write(folder / "firm.ttl", text)
    with pytest.raises(ShapeError) as caught:
        validate([write(tmp_path / "a.ttl", FIRM)], shapes=folder)
    assert expected in str(caught.value)
    assert str(path) in str(caught.value)


def test_folder_without_shapes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ShapeError, match="no shapes"):
        load_shapes(tmp_path)


def test_shapes_of_ones_own(tmp_path: Path) -> None:
    data = write(tmp_path / "a.ttl", FIRM)
    shapes = write(
        tmp_path / "own.ttl", NODE + "e:P sh:path kg:holds ; sh:minCount 1 ; sh:message 'no license' ."
    )
    report = validate([data], shapes=shapes)
    assert [(r.focus_node, r.message) for r in report.results] == [("https://example.org/f", "no license")]
    assert report.shapes["https://example.org/S"] == 1


def test_shape_that_looks_at_nothing_is_told(tmp_path: Path) -> None:
    data = write(tmp_path / "a.ttl", FIRM)
    text = NODE.replace("kg:Firm", "kg:Person") + "e:P sh:path kg:holdsOffice ; sh:minCount 1 ."
    report = validate([data], shapes=write(tmp_path / "own.ttl", text))
    assert report.results == ()
    assert "https://example.org/S" in report.vacuous


def test_result_of_an_unnamed_property_shape_names_the_shape_around_it(tmp_path: Path) -> None:
    text = (
        PREFIXES
        + "e:S a sh:NodeShape ; sh:targetClass kg:Firm ; sh:property [ sh:path kg:holds ; sh:minCount 1 ] ."
    )
    report = validate([write(tmp_path / "a.ttl", FIRM)], shapes=write(tmp_path / "own.ttl", text))
    assert [r.source_shape for r in report.results] == ["https://example.org/S"]


# ---- quotes and digests


def first_segment(text: str) -> tuple[str, str]:
    """Return a line with a quote of the graph, and the quote."""
    line = next(row for row in text.splitlines() if "kg:exactText" in row)
    return line, line.split('"')[1]


def spoil_quote(folder: Path) -> None:
    text = (folder / "example.ttl").read_text(encoding="utf-8")
    line, quote = first_segment(text)
    write(folder / "example.ttl", text.replace(line, line.replace(quote[:5], quote[:5].upper(), 1)))


def spoil_text(folder: Path) -> None:
    path = folder / "articles" / "doubts.txt"
    write(path, path.read_bytes().replace(b"2014", b"2015"))


def shift_text(folder: Path) -> None:
    path = folder / "articles" / "doubts.txt"
    write(path, b" " + path.read_bytes())


def change_line_ends(folder: Path) -> None:
    path = folder / "articles" / "doubts.txt"
    write(path, path.read_bytes().replace(b"\n", b"\r\n"))


def remove_text(folder: Path) -> None:
    (folder / "articles" / "doubts.txt").unlink()


def unlist_text(folder: Path) -> None:
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["articles"]
    kept = {iri: name for iri, name in listed.items() if "doubts" not in name}
    write(folder / "manifest.json", json.dumps({"articles": kept}))


def end_after_text(folder: Path) -> None:
    text = (folder / "example.ttl").read_text(encoding="utf-8")
    line = next(row for row in text.splitlines() if "kg:endOffset" in row)
    write(folder / "example.ttl", text.replace(line, '    kg:endOffset "99999"^^xsd:nonNegativeInteger ;', 1))


@pytest.mark.parametrize(
    ("spoil", "shapes", "advice"),
    [
        (spoil_quote, {"TextSegment-quote-equals-text"}, "Correct the quote or its offsets: the text has"),
        (spoil_text, {"Article-digest-equals-text", "TextSegment-quote-equals-text"}, "its SHA-256 is"),
        (
            shift_text,
            {"Article-digest-equals-text", "Article-length-equals-text", "TextSegment-quote-equals-text"},
            "code points",
        ),
        (
            change_line_ends,
            {"Article-digest-equals-text", "Article-length-equals-text", "TextSegment-quote-equals-text"},
            "Restore doubts.txt as it was read",
        ),
        (remove_text, {"Article-digest-equals-text", "TextSegment-quote-equals-text"}, "Restore the kept"),
        (unlist_text, {"Article-digest-equals-text", "TextSegment-quote-equals-text"}, "List the kept text"),
        (end_after_text, {"TextSegment-quote-equals-text"}, "Correct the offsets"),
    ],
)  # fmt: skip
def test_evidence_that_is_not_in_the_texts_is_found(
    spoil: Callable[[Path], None], shapes: set[str], advice: str, copy: Path
) -> None:
    spoil(copy)
    found = quotes(validate([copy / "example.ttl"], checks=False))
    assert {shape for shape, _ in found} == shapes
    assert any(advice in message for _, message in found)


def test_texts_may_lie_elsewhere(copy: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone.ttl"
    shutil.copy(EXAMPLE, alone)
    assert SHAPES + "TextSegment-quote-equals-text" in validate([alone]).vacuous
    assert SHAPES + "TextSegment-quote-equals-text" not in validate([alone], texts=copy).vacuous
    spoil_text(copy)
    assert validate([alone], texts=copy).violations != ()


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        (None, "no such file"),
        ("{", "line 1: not JSON"),
        ("[]", 'needs "articles"'),
        ('{"articles": {"urn:a": 1}}', 'needs "articles"'),
        ('{"articles": {"urn:a": "../../secret.txt"}}', "lies outside"),
        ('{"articles": {"urn:a": "/etc/hostname"}}', "lies outside"),
    ],
)
def test_bad_manifest_is_refused(manifest: str | None, expected: str, copy: Path) -> None:
    if manifest is None:
        (copy / "manifest.json").unlink()
    else:
        write(copy / "manifest.json", manifest)
    with pytest.raises(GraphError, match=r"manifest\.json") as caught:
        validate([copy / "example.ttl"], texts=copy)
    assert expected in str(caught.value)


# ---- reports


def result(**changes: object) -> ValidationResult:
    values = {
        "focus_node": "https://example.org/a",
        "path": None,
        "value": None,
        "source_shape": SHAPES + "FirmShape",
        "component": SH + "ClassConstraintComponent",
        "severity": "Violation",
        "message": "Do this.",
    } | changes
    return ValidationResult(**values)  # type: ignore[arg-type]  # the table above has every field


def test_results_are_sorted_and_single() -> None:
    a, b, c = result(severity="Warning"), result(focus_node="https://example.org/b"), result()
    report = sorted_report([a, b, c, a], {"urn:z": 1, "urn:a": 0})
    assert report.results == (c, b, a)
    assert report.violations == (c, b)
    assert list(report.shapes) == ["urn:a", "urn:z"]
    assert report.vacuous == ("urn:a",)


def test_lines_tell_node_path_value_and_advice() -> None:
    kg = "https://w3id.org/kgbuild/ontology#"
    report = sorted_report(
        [
            result(
                focus_node="https://w3id.org/kgbuild/id/firm/jl-mag",
                path=f"^<{kg}holds>/<{kg}validity>",
                value=Literal("x" * 80, XSD + "string"),
            ),
            result(severity="Info", value=Literal("5", XSD + "integer"), path=kg + "validity"),
        ],
        {SHAPES + "FirmShape": 2},
    )
    lines = [headline(Finding(r, None, (), "")) for r in report.results]
    assert lines == [
        f'firm:jl-mag ^kg:holds/kg:validity "{"x" * 57}..."',
        '<https://example.org/a> kg:validity "5"^^xsd:integer',
    ]
    assert report.summary() == "1 violation, 0 warnings, 1 info; 1 of 1 shapes had something to check"


def test_turtle_report_says_the_same(tmp_path: Path) -> None:
    data = write(
        tmp_path / "a.ttl", FIRM + 'e:l a kg:License ; rdfs:label "quote \\" and\\nline"@en ; kg:validity 5 .'
    )
    report = validate([data])
    graph = Graph().parse(data=report.to_turtle(), format="turtle")
    sh = rdflib.Namespace(SH)
    assert [str(o) for o in graph.objects(None, sh.conforms)] == ["false"]
    found = set()
    for node in graph.objects(None, sh.result):
        path, value = graph.value(node, sh.resultPath), graph.value(node, sh.value)
        found.add(
            (
                str(graph.value(node, sh.focusNode)),
                None if path is None else path_text(graph, path),
                None if value is None else value.n3(),
                str(graph.value(node, sh.sourceShape)),
                str(graph.value(node, sh.resultSeverity)).removeprefix(SH),
                str(graph.value(node, sh.resultMessage)),
            )
        )
    assert len(found) >= 5
    assert any(path is not None and "|" in path for _, path, *_ in found)
    assert found == {
        (r.focus_node, r.path, r.value and to_ntriples(r.value), r.source_shape, r.severity, r.message)
        for r in report.results
    }


def test_report_without_results_conforms() -> None:
    graph = Graph().parse(data=sorted_report([], {}).to_turtle(), format="turtle")
    assert (None, URIRef(SH + "conforms"), rdflib.Literal(True)) in graph
    assert len(list(graph.subjects(RDF.type, URIRef(SH + "ValidationReport")))) == 1


@pytest.mark.parametrize(
    "path",
    [
        "^<urn:a>",
        "(<urn:a>|<urn:b>)",
        "<urn:a>/<urn:b>/<urn:c>",
        "^(<urn:a>/<urn:b>)",
        "(<urn:a>|^<urn:b>)*",
        "<urn:a>+/<urn:b>?",
    ],
)
def test_paths_survive_turtle(path: str) -> None:
    text = f"@prefix sh: <{SH}> . <urn:s> sh:resultPath {path_to_turtle(path)} ."
    graph = Graph().parse(data=text, format="turtle")
    node = graph.value(URIRef("urn:s"), URIRef(SH + "resultPath"))
    assert node is not None
    assert path_text(graph, node) == path


def test_own_shapes_are_shacl_core_and_load() -> None:
    shapes = load_shapes(data_dir("shapes"))
    assert len(set(shapes.subjects(RDF.type, URIRef(SH + "NodeShape")))) >= 70
    assert not list(shapes.triples((None, URIRef(SH + "sparql"), None)))
