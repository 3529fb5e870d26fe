"""Findings: the line of the data, the sentence of the article, and reports for other programs."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from junitparser import Failure, JUnitXml, Skipped

from kgbuild.cli import run
from kgbuild.rdf_files import read_keys
from kgbuild.validation import ValidationResult, find
from kgbuild.validation.findings import fingerprint, locate
from kgbuild.validation.formats import headline
from kgbuild.validation.report import compact_shape
from kgbuild.validation.sets import CodedGraph

GRAPHS: Final = Path(__file__).resolve().parent / "graphs"
BAD_VALIDITY: Final = 'kg:validity "a year"'
LICENSE: Final = "general-export-license-of-jl-mag-b6d01c28e8"
SARIF_SCHEMA: Final = (
    Path(__file__).resolve().parents[2] / "shared" / "conformance" / "sarif" / "sarif-schema-2.1.0.json"
)


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    """Return an output folder whose license has a validity that is no duration."""
    folder = tmp_path / "out"
    shutil.copytree(GRAPHS, folder)
    graph = folder / "graph.ttl"
    (folder / "example.ttl").rename(graph)
    text = graph.read_text("utf-8")
    assert 'kg:validity "P1Y" .' in text
    graph.write_text(text.replace('kg:validity "P1Y" .', BAD_VALIDITY + " ."), "utf-8")
    return folder


Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ask(capfd: pytest.CaptureFixture[str]) -> Ask:
    """Return a function that runs `kgbuild validate` and returns status, output and errors."""

    def asks(*arguments: str | Path) -> tuple[int, str, str]:
        capfd.readouterr()
        status = run(["validate", *map(str, arguments)])
        return (status, *capfd.readouterr())

    return asks


def test_a_finding_has_the_line_of_the_value_and_the_sentence_behind_it(spoilt: Path) -> None:
    _, findings = find([spoilt / "graph.ttl"], texts=spoilt)
    (f,) = [f for f in findings if f.result.severity == "Violation"]
    lines = (spoilt / "graph.ttl").read_text("utf-8").splitlines()
    assert f.location is not None
    assert f.location.line is not None
    assert f.location.column is not None
    assert lines[f.location.line - 1][f.location.column - 1 :].startswith('"a year"')
    (source,) = f.sources
    article = Path(source.location.file).read_text("utf-8").splitlines()
    assert source.location.line is not None
    assert source.location.column is not None
    assert article[source.location.line - 1][source.location.column - 1 :].startswith(
        source.quote.splitlines()[0]
    )


def test_the_terminal_groups_by_shape_and_tells_places(spoilt: Path, ask: Ask) -> None:
    status, out, _ = ask(spoilt)
    assert status == 1
    assert "Violation: shape:StatusBearerShape-validity, 1 of" in out
    line = next(
        n
        for n, x in enumerate((spoilt / "graph.ttl").read_text("utf-8").splitlines(), 1)
        if BAD_VALIDITY in x
    )
    assert f"graph.ttl:{line}:17: license:{LICENSE} kg:validity" in out
    assert "magnet-license.txt:" in out
    assert "Nothing to check for" in out


def test_the_terminal_counts_focus_nodes_and_names_vacuous_shapes(spoilt: Path, ask: Ask) -> None:
    _, out, _ = ask(spoilt)
    assert "\x1b" not in out  # plain where nobody looks
    assert re.search(r"shape:StatusBearerShape-validity, 1 of \d+ focus nodes\n", out)
    report, _ = find([spoilt / "graph.ttl"], texts=spoilt)
    bearers = report.shapes["https://w3id.org/kgbuild/shapes#StatusBearerShape"]
    assert re.search(rf"shape:StatusBearerShape +{bearers} +1\n", out)
    named = re.search(r"Nothing to check for (\d+): (.*)\n", out)
    assert named is not None
    assert named[2].split(", ") == [compact_shape(s) for s in report.vacuous]
    assert int(named[1]) == len(report.vacuous) > 0
    assert out.rstrip().endswith(report.summary())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_severities_are_colored_on_a_terminal_only(spoilt: Path) -> None:
    import pty

    main, terminal = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "70"}
    environment.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "kgbuild", "validate", str(spoilt)]
    with subprocess.Popen(command, stdout=terminal, stderr=terminal, env=environment) as process:
        os.close(terminal)
        shown = b""
        with suppress(OSError):  # the terminal is closed at the end
            while part := os.read(main, 65536):
                shown += part
    os.close(main)
    assert process.returncode == 1
    assert b"\x1b[1;31mViolation\x1b[0m: " in shown
    plain = re.sub(r"\x1b\[[\d;]*m", "", shown.decode())
    assert max(len(line.rstrip()) for line in plain.splitlines()) <= 70


def test_what_a_terminal_would_obey_is_not_sent_to_it(spoilt: Path, ask: Ask) -> None:
    graph = spoilt / "graph.ttl"
    graph.write_text(graph.read_text("utf-8").replace('"a year"', '"a\\u001B[2Jyear"'), "utf-8")
    _, out, _ = ask(spoilt)
    assert "\x1b" not in out
    assert "a\ufffd[2Jyear" in out


BLANKS: Final = """@prefix kg: <https://w3id.org/kgbuild/ontology#> .
_:b1 a kg:Firm .
_:b0 a kg:City .
<urn:x> a kg:ExportLicense ;
    kg:hasStatusRecord [ a kg:StatusRecord ; kg:statusValue "granted" ] .
<urn:y> kg:heldBy <urn:z> .
"""


def test_a_node_without_a_name_is_where_something_points_to_it(tmp_path: Path) -> None:
    """Parsers number blank nodes anew: _:b0 of a result is not _:b0 of the file."""
    path = tmp_path / "blank.ttl"
    path.write_text(BLANKS, "utf-8")
    _, findings = find([path], checks=False)
    places: dict[str, set[int | None]] = {}
    for f in findings:
        assert f.location is not None
        places.setdefault(f.result.focus_node, set()).add(f.location.line)
    assert places["_:b0"] == {None}
    assert places["_:b1"] == {None}
    (record,) = [node for node in places if node.startswith("_:") and node not in {"_:b0", "_:b1"}]
    assert places[record] == {5}


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("<urn:p>/<urn:q>", "urn:c", 2),
        ("^<urn:q>", "urn:b", 2),
        ("(^<urn:q>|<urn:r>)", "urn:b", 2),
        ("^<urn:q>|<urn:r>", "urn:d", 3),
        ("(<urn:p>)*", "urn:b", 1),
        ("<urn:p>/<urn:missing>", "urn:c", 1),
    ],
)
def test_the_last_step_of_a_path_is_at_fault(path: str, value: str, line: int, tmp_path: Path) -> None:
    data = tmp_path / "x.nt"
    data.write_text(
        "<urn:a> <urn:p> <urn:b> .\n<urn:b> <urn:q> <urn:c> .\n<urn:c> <urn:r> <urn:d> .\n", "utf-8"
    )
    focus = "urn:a" if path.startswith(("<", "(<")) else "urn:c"
    result = ValidationResult(focus, path, value, "urn:s", "urn:component", "Violation", "")
    (finding,) = locate([result], [data], CodedGraph.from_triples(read_keys([data])))
    assert finding.location is not None
    assert finding.location.line == line


def test_only_what_is_reported_is_looked_up(spoilt: Path) -> None:
    graph = spoilt / "graph.ttl"
    graph.write_text(graph.read_text("utf-8").replace("a kg:Firm ", "a kg:Firmm "), "utf-8")
    report, every = find([spoilt / "graph.ttl"], texts=spoilt)
    assert len(every) == len(report.results) > 2
    assert find([spoilt / "graph.ttl"], texts=spoilt, most=0)[1] == ()
    assert find([spoilt / "graph.ttl"], texts=spoilt, most=2)[1] == every[:2]
    known = frozenset(f.fingerprint for f in every[1:])
    assert find([spoilt / "graph.ttl"], texts=spoilt, known=known)[1] == every[:1]


def test_json_is_a_baseline(spoilt: Path, tmp_path: Path, ask: Ask) -> None:
    baseline = tmp_path / "baseline.json"
    assert ask(spoilt, "-f", "json", "-o", baseline)[0] == 1
    report = json.loads(baseline.read_text("utf-8"))
    assert report["conforms"] is False
    assert report["counts"]["violation"] == 1
    assert {s["shape"] for s in report["shapes"] if s["results"]} >= {
        "https://w3id.org/kgbuild/shapes#StatusBearerShape"
    }
    status, out, _ = ask(spoilt, "--baseline", baseline)
    assert status == 0
    assert "a year" not in out
    # moved to other lines it is still the same finding, and a new one fails
    graph = spoilt / "graph.ttl"
    text = graph.read_text("utf-8")
    graph.write_text("# one more line\n\n" + text, "utf-8")
    assert ask(spoilt, "--baseline", baseline)[0] == 0
    graph.write_text(text.replace(BAD_VALIDITY, 'kg:validity "two years"'), "utf-8")
    assert ask(spoilt, "--baseline", baseline)[0] == 1


def test_a_file_that_is_no_baseline_is_a_clear_error(spoilt: Path, tmp_path: Path, ask: Ask) -> None:
    (tmp_path / "no.json").write_text("{}", "utf-8")
    status, _, err = ask(spoilt, "--baseline", tmp_path / "no.json")
    assert status == 2
    assert "no report of `kgbuild validate -f json`" in err


def test_junit_has_a_case_for_every_shape(spoilt: Path, ask: Ask) -> None:
    _, out, _ = ask(spoilt, "-f", "junit")
    suite = ET.fromstring(out).find("testsuite")  # noqa: S314 - our own output
    assert suite is not None
    cases = suite.findall("testcase")
    assert len(cases) == int(suite.attrib["tests"]) >= 70
    failed = [c for c in cases if c.find("failure") is not None]
    assert [c.attrib["name"] for c in failed] == ["shape:StatusBearerShape-validity"]
    assert suite.attrib["failures"] == "1"
    skipped = [c for c in cases if c.find("skipped") is not None]
    assert len(skipped) == int(suite.attrib["skipped"]) > 0


def test_a_reader_of_junit_sees_every_finding(spoilt: Path, tmp_path: Path, ask: Ask) -> None:
    graph = spoilt / "graph.ttl"
    text = graph.read_text("utf-8").replace("    kg:issuedBy body:cn-mofcom ;\n", "")
    graph.write_text(text.replace("a kg:Firm ", "a kg:Firmm "), "utf-8")
    out = tmp_path / "junit.xml"
    assert ask(spoilt, "-f", "junit", "-o", out)[0] == 1
    report, findings = find([graph], texts=spoilt)
    xml = JUnitXml.fromfile(str(out))
    (suite,) = list(xml)
    cases = list(suite)
    shapes = {f.result.source_shape for f in findings if f.result.severity == "Violation"}
    failed = {case.name: case for case in cases if any(isinstance(r, Failure) for r in case.result)}
    assert failed.keys() == {compact_shape(s) for s in shapes}
    assert (
        (suite.tests, suite.failures, suite.errors)
        == (len(cases), len(failed), 0)
        == (xml.tests, xml.failures, 0)
    )
    assert {c.name for c in cases} == {
        compact_shape(s) for s in {*report.shapes, *(f.result.source_shape for f in findings)}
    }
    assert (
        sum(any(isinstance(r, Skipped) for r in c.result) for c in cases)
        == suite.skipped
        == len(report.vacuous)
    )
    told = "\n".join(
        [r.text for c in failed.values() for r in c.result] + [c.system_out or "" for c in cases]
    )
    for f in findings:
        assert headline(f) in told
        assert f.location is not None
        assert f"{f.location.line}:{f.location.column}" in told
        if f.result.severity == "Violation":
            (failure,) = failed[compact_shape(f.result.source_shape)].result
            assert failure.type == "violation"


def test_rules_of_sarif_have_the_texts_that_github_asks_for(spoilt: Path, ask: Ask) -> None:
    _, out, _ = ask(spoilt, "-f", "sarif")
    (sarif,) = json.loads(out)["runs"]
    for rule in sarif["tool"]["driver"]["rules"]:
        assert rule["shortDescription"]["text"] == rule["id"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
    (result,) = [r for r in sarif["results"] if r["level"] == "error"]
    assert sarif["tool"]["driver"]["rules"][result["ruleIndex"]]["help"]["text"].startswith("Write how long")


def test_sarif_fits_its_schema_and_points_to_both_texts(spoilt: Path, ask: Ask) -> None:
    _, out, _ = ask(spoilt, "-f", "sarif")
    report = json.loads(out)
    if SARIF_SCHEMA.is_file():
        jsonschema.Draft7Validator(json.loads(SARIF_SCHEMA.read_text("utf-8"))).validate(report)
    (sarif,) = report["runs"]
    (error,) = [r for r in sarif["results"] if r["level"] == "error"]
    assert sarif["tool"]["driver"]["rules"][error["ruleIndex"]]["id"] == error["ruleId"]
    assert error["locations"][0]["physicalLocation"]["region"]["startColumn"] == 17
    related = error["relatedLocations"][0]["physicalLocation"]
    assert related["artifactLocation"]["uri"].endswith("articles/magnet-license.txt")
    assert related["region"]["startLine"] >= 1


def test_github_annotations_are_one_line_each_and_escaped(spoilt: Path, ask: Ask) -> None:
    graph = spoilt / "graph.ttl"
    graph.write_text(graph.read_text("utf-8").replace('"a year"', '"""100 %\n::error::, x"""'), "utf-8")
    _, out, _ = ask(spoilt, "-f", "github")
    errors = [line for line in out.splitlines() if line.startswith("::error ")]
    assert len(errors) == 1
    assert "100 %25%0A" in errors[0] or "100 %25\\n" in errors[0]
    head = errors[0].split("::")[1]
    assert "line=" in head
    assert "title=shape%3AStatusBearerShape-validity" in head
    assert not any(line.startswith("::error::") for line in out.splitlines())


def test_gitlab_has_a_fingerprint_a_path_and_a_line(spoilt: Path, ask: Ask) -> None:
    _, out, _ = ask(spoilt, "-f", "gitlab")
    entries = json.loads(out)
    assert len({e["fingerprint"] for e in entries}) == len(entries)
    (major,) = [e for e in entries if e["severity"] == "major"]
    assert major["location"]["path"].endswith("graph.ttl")
    assert major["location"]["lines"]["begin"] > 1000


def test_thresholds_and_limits(spoilt: Path, ask: Ask) -> None:
    graph = spoilt / "graph.ttl"
    graph.write_text(graph.read_text("utf-8").replace(BAD_VALIDITY, 'kg:validity "P1Y"'), "utf-8")
    assert ask(spoilt)[0] == 0
    assert ask(spoilt, "--fail-on-vacuous")[0] == 1
    text = graph.read_text("utf-8").replace("    kg:issuedBy body:cn-mofcom ;\n", "")
    graph.write_text(text, "utf-8")
    warned = ask(spoilt, "--fail-on", "warning")
    assert warned[0] == 1
    assert ask(spoilt)[0] == 0
    _, out, _ = ask(spoilt, "--max-results", "0")
    assert "are left out (--max-results)" in out


def test_standard_input_is_read(spoilt: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (spoilt / "graph.ttl").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text), "utf-8"))
    status, out, _ = ask("-", "-f", "json")
    assert status == 1
    assert json.loads(out)["counts"]["violation"] >= 1


def test_more_shapes_can_be_given_together(spoilt: Path, tmp_path: Path, ask: Ask) -> None:
    head = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix kg: <https://w3id.org/kgbuild/ontology#> . "
    for name, path in (("a", "basedIn"), ("b", "hasListing")):
        (tmp_path / f"{name}.ttl").write_text(
            f"{head}<urn:{name}> a sh:NodeShape ; sh:targetClass kg:Firm ; sh:property <urn:{name}-p> . "
            f'<urn:{name}-p> a sh:PropertyShape ; sh:path kg:{path} ; sh:minCount 9 ; sh:message "{name}!" .',
            "utf-8",
        )
    _, out, _ = ask(spoilt, "--shapes", tmp_path / "a.ttl", "--shapes", tmp_path / "b.ttl")
    assert "a!" in out
    assert "b!" in out


def test_a_fingerprint_depends_on_what_is_found_and_not_on_its_text(spoilt: Path) -> None:
    from dataclasses import replace

    _, findings = find([spoilt / "graph.ttl"], texts=spoilt)
    result: Any = findings[0].result
    assert fingerprint(replace(result, message="other words")) == findings[0].fingerprint
    assert fingerprint(replace(result, path="urn:other")) != findings[0].fingerprint
    assert len({f.fingerprint for f in findings}) == len({f.result for f in findings})
