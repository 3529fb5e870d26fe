"""Graph checks: each finds its example, and nothing in a sound graph."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from kgbuild.cli import run
from kgbuild.errors import ShapeError
from kgbuild.rdf_files import read_store
from kgbuild.resources import data_dir
from kgbuild.validation import validate
from kgbuild.validation.checks import Check, load_checks, run_checks
from kgbuild.validation.report import compact_node, to_ntriples

HERE: Final = Path(__file__).resolve().parent
EXAMPLES: Final = HERE / "checks"
CHECKS: Final = load_checks()


def shown(name: str, path: Path) -> list[str]:
    (check,) = [c for c in CHECKS if c.name == name]
    results, _ = run_checks(read_store([path]), [check])
    lines = []
    for r in results:
        value = r.value
        text = "" if value is None else value if isinstance(value, str) else to_ntriples(value)
        parts = (r.focus_node, r.path or "", text)
        lines.append(" ".join(short(p) for p in parts if p))
    return sorted(lines)


def short(term: str) -> str:
    return compact_node(term).replace("https://example.org/", "e:").strip("<>") if term[0] != '"' else term


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.name)
def test_a_check_finds_its_example(check: Check) -> None:
    path = EXAMPLES / f"{check.name}.ttl"
    expected = sorted(
        line.removeprefix("# expect: ")
        for line in path.read_text("utf-8").splitlines()
        if line.startswith("# expect: ")
    )
    assert expected
    assert shown(check.name, path) == expected


@pytest.mark.parametrize(
    "graph", [HERE / "graphs" / "example.ttl", HERE / "golden" / "examples" / "graph.ttl"]
)
def test_a_sound_graph_has_no_answer(graph: Path) -> None:
    results, asked = run_checks(read_store([graph]), CHECKS)
    assert [r for r in results if r.severity != "Info"] == []
    assert len(asked) == len(CHECKS)


def test_the_checks_are_all_there() -> None:
    assert len(CHECKS) >= 29
    assert {p.stem for p in EXAMPLES.glob("*.ttl")} == {c.name for c in CHECKS}
    assert len({c.message for c in CHECKS}) == len(CHECKS)


def test_no_check_uses_what_is_quadratic_on_oxigraph() -> None:
    for path in sorted((data_dir("queries") / "checks").glob("*.rq")):
        assert "NOT EXISTS" not in path.read_text("utf-8").upper(), path


def test_no_check_compares_all_that_one_thing_has(tmp_path: Path) -> None:
    """Thousands of licenses of one firm, meetings of one place, listings of one exchange take no time."""
    kg, status = "https://w3id.org/kgbuild/ontology#", "https://w3id.org/kgbuild/id/status/"
    lines = [f"@prefix kg: <{kg}> . @prefix status: <{status}> ."]
    for i in range(3000):
        lines.append(
            f"<urn:f> kg:holds <urn:l{i}> . <urn:l{i}> a kg:ExportLicense ; kg:issuedBy <urn:b> ; "
            f"kg:validForDestination <urn:us> ; kg:hasStatusRecord <urn:r{i}> . <urn:r{i}> "
            f"kg:hasTime <urn:t{i}> ; kg:statusValue status:granted . "
            f"<urn:m{i}> a kg:Talks ; kg:hasParty <urn:us> , <urn:cn> ; "
            f'kg:takesPlaceIn <urn:g> ; kg:hasTime <urn:t{i}> . <urn:a{i}> kg:textDigest "{i // 2999}" . '
            f'<urn:x{i}> kg:ticker "1" ; kg:onExchange <urn:e> ; kg:listingOf <urn:y{i}> .'
        )
    (tmp_path / "hub.ttl").write_text("\n".join(lines), "utf-8")
    store = read_store([tmp_path / "hub.ttl"])
    start = time.process_time()
    results, _ = run_checks(store, CHECKS)
    assert time.process_time() - start < 5
    found = Counter(r.source_shape.rpartition("#")[2] for r in results)
    assert found["code-of-two-firms"] == 3000
    assert found["article-twice"] == 2998
    assert found["license-told-twice"] == found["meeting-told-twice"] == 0


def test_checks_are_part_of_a_validation(capsys: pytest.CaptureFixture[str]) -> None:
    path = EXAMPLES / "denied-claim-became-fact.ttl"
    report = validate([path])
    assert any(r.source_shape.endswith("checks#denied-claim-became-fact") for r in report.results)
    assert not any("checks#" in r.source_shape for r in validate([path], checks=False).results)
    assert run(["validate", str(path)]) == 1
    assert "Violation: check:denied-claim-became-fact" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("#+ summary: a\nSELECT ?this WHERE { ?this a ?x }", "needs summary, severity, message"),
        ("#+ : [\nSELECT ?this WHERE { ?this a ?x }", "no YAML"),
        (
            "#+ summary: a\n#+ severity: Bad\n#+ message: b\nSELECT ?this WHERE { ?this a ?x }",
            "severity is one of Violation, Warning, Info, not Bad",
        ),
    ],
)
def test_a_malformed_check_is_named(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "odd.rq").write_text(text, "utf-8")
    with pytest.raises(ShapeError, match=message):
        load_checks(tmp_path)


@pytest.mark.parametrize("text", ["ASK { ?s ?p ?o }", "SELECT ?x WHERE { ?x a ?y }", "SELECT ?this WHERE {"])
def test_a_check_that_is_no_question_of_this_kind(text: str) -> None:
    with pytest.raises(ShapeError, match="check odd"):
        run_checks(read_store([EXAMPLES / "article-twice.ttl"]), [Check("odd", "", "Violation", "", text)])
