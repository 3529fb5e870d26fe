"""Misspelt shapes: each is refused with its file, its line and what would have been right."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from kgbuild.cli import run
from kgbuild.errors import ShapeError
from kgbuild.validation.shapes import load_shapes

GRAPH: Final = Path(__file__).resolve().parent / "graphs" / "example.ttl"
SHAPE: Final = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix kg: <https://w3id.org/kgbuild/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix status: <https://w3id.org/kgbuild/id/status/> .
<urn:s> a sh:NodeShape ;
    sh:targetClass kg:Firm ;
    sh:property <urn:p> .
<urn:p> a sh:PropertyShape ;
    sh:path kg:basedIn ;
    sh:minCount 1 ;
    sh:severity sh:Warning ;
    sh:message "m" .
"""
#: What is written instead of what, the line, and part of the message.
MISSPELT: Final = [
    ("sh:targetClass", "sh:targetClas", 7, "SHACL has no term sh:targetClas; did you mean sh:targetClass?"),
    ("kg:Firm", "kg:Frim", 7, "ontology/core.ttl has no term kg:Frim; did you mean kg:Firm?"),
    ("kg:Firm", "kg:holds", 7, "sh:targetClass needs a class, and kg:holds is a property"),
    ("kg:Firm", '"Firm"', 7, 'sh:targetClass is an IRI, not "Firm"'),
    ("sh:NodeShape", "sh:Nodeshape", 6, "did you mean sh:NodeShape?"),
    ("sh:property", "sh:properties", 8, "did you mean sh:property?"),
    ("sh:property <", 'sh:closed "yes" ; sh:property <', 8, "sh:closed is true or false"),
    ("sh:property <", 'sh:deactivated "yes" ; sh:property <', 8, "sh:deactivated is true or false"),
    ("sh:property <", "sh:maxCount 1 ; sh:property <", 8, "sh:maxCount needs a property shape"),
    ("kg:basedIn", "kg:basedin", 10, "did you mean kg:basedIn?"),
    ("kg:basedIn", "kg:Firm", 10, "sh:path needs a property, and kg:Firm is a class"),
    ("kg:basedIn", '"kg:basedIn"', 10, "sh:path is an IRI, or a path in brackets"),
    ("kg:basedIn", "kg:basedIn , kg:holds", 10, "a shape has one sh:path, not 2"),
    ("kg:basedIn", "skos:preflabel", 10, "has no term skos:preflabel; did you mean skos:prefLabel?"),
    ("kg:basedIn", "[ sh:inversePaht kg:basedIn ]", 10, "did you mean sh:inversePath?"),
    ("kg:basedIn", "( kg:basedIn )", 10, "a sequence path has two steps at least"),
    ("kg:basedIn", "[ sh:alternativePath ( kg:holds ) ]", 10, "sh:alternativePath is a list of two paths"),
    ("kg:basedIn", "( kg:holds [ sh:zeroOrMorePath kg:issues ; sh:inversePath kg:holds ] )", 10, "one of"),
    ("kg:basedIn", '( kg:holds "x" )', 10, 'a step of a path is an IRI or a path, not "x"'),
    ("sh:minCount", "sh:mincount", 11, "did you mean sh:minCount?"),
    ("sh:minCount 1", 'sh:minCount "one"', 11, "sh:minCount is a whole number from 0"),
    ("sh:minCount 1", "sh:minCount -1", 11, "sh:minCount is a whole number from 0"),
    ("sh:minCount 1", "sh:minCount 1 , 2", 11, "a shape has one sh:minCount, not 2"),
    ("sh:minCount 1", "sh:minCount 2 ; sh:maxCount 1", 11, "sh:minCount 2 is more than sh:maxCount 1"),
    ("sh:minCount 1", "sh:datatype xsd:strng", 11, "did you mean xsd:string?"),
    ("sh:minCount 1", "sh:datatype kg:Firm", 11, "sh:datatype needs a datatype"),
    ("sh:minCount 1", "sh:nodeKind sh:Iri", 11, "SHACL has no term sh:Iri"),
    ("sh:minCount 1", 'sh:nodeKind "IRI"', 11, 'sh:nodeKind is an IRI, not "IRI"'),
    ("sh:minCount 1", 'sh:pattern "(["', 11, "is no regular expression"),
    ("sh:minCount 1", 'sh:pattern "a"@en', 11, "sh:pattern is text without a language"),
    ("sh:minCount 1", 'sh:minCount 1 ; sh:flags "i"', 11, "sh:flags says nothing without sh:pattern"),
    ("sh:minCount 1", "sh:class kg:Plcae", 11, "did you mean kg:Place?"),
    ("sh:minCount 1", "sh:class kg:holds", 11, "sh:class needs a class"),
    ("sh:minCount 1", "sh:in kg:Firm", 11, "sh:in is a list in round brackets"),
    ("sh:minCount 1", "sh:in ()", 11, "the list of sh:in is empty"),
    ("sh:minCount 1", "sh:in ( kg:Frm )", 11, "did you mean kg:Firm?"),
    ("sh:minCount 1", 'sh:languageIn "en"', 11, "sh:languageIn is a list"),
    ("sh:minCount 1", 'sh:uniqueLang "yes"', 11, "sh:uniqueLang is true or false"),
    ("sh:minCount 1", "sh:or <urn:s>", 11, "sh:or is a list"),
    ("sh:minCount 1", "sh:qualifiedValueShape <urn:s>", 11, "sh:qualifiedValueShape says nothing without"),
    ("sh:minCount 1", "sh:hasValue status:grantd", 11, "did you mean status:granted?"),
    ("sh:minCount 1", "sh:lessThan [ ]", 11, "sh:lessThan is an IRI, not a blank node"),
    ("sh:minCount 1", 'sh:maxInclusive "much"^^xsd:decimal', 11, "sh:maxInclusive is a literal that"),
    ("sh:minCount 1 ;", "", 10, "the property shape has no constraint"),
    ("sh:Warning", "sh:Warnung", 12, "did you mean sh:Warning?"),
    ("sh:Warning", "sh:Error", 12, "SHACL has no term sh:Error"),
    ("sh:Warning", '"Warning"', 12, 'sh:severity is an IRI, not "Warning"'),
    ("sh:Warning", "sh:Warning , sh:Info", 12, "a shape has one sh:severity, not 2"),
    ("sh:Warning", "sh:Literal", 12, "sh:severity is one of sh:Violation, sh:Warning, sh:Info"),
    ("ontology#>", "ontology/>", 7, "ontology/Firm lies in no namespace of kgbuild"),
    ("www.w3.org/ns/shacl#>", "www.w3.org/ns/shacl/>", 7, "is no term of SHACL"),
]  # fmt: skip


def test_the_shape_is_sound_without_the_mistakes(tmp_path: Path) -> None:
    (tmp_path / "s.ttl").write_text(SHAPE, "utf-8")
    assert len(load_shapes(tmp_path)) > 5


@pytest.mark.parametrize(("right", "wrong", "line", "message"), MISSPELT)
def test_a_misspelt_shape_is_refused(right: str, wrong: str, line: int, message: str, tmp_path: Path) -> None:
    assert right in SHAPE
    path = tmp_path / "s.ttl"
    path.write_text(SHAPE.replace(right, wrong, 1), "utf-8")
    with pytest.raises(ShapeError) as caught:
        load_shapes(path)
    assert str(caught.value).startswith(f"{path}, line {line}: ")
    assert message in str(caught.value)


def test_the_command_ends_with_2_and_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "s.ttl").write_text(SHAPE.replace("sh:targetClass", "sh:targetClas"), "utf-8")
    assert run(["validate", str(GRAPH), "--shapes", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "sh:targetClas" in err


def test_nothing_to_validate_is_an_error_of_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", str(GRAPH), "--no-own-shapes"]) == 2
    assert "give --shapes too" in capsys.readouterr().err
