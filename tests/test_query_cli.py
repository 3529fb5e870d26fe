"""`kgbuild query` and `kgbuild sparql`: sources, formats, files, limits, notes, and what is left behind."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq
import pytest

from kgbuild import cli
from kgbuild.query import named_query

GRAPH: Final = "".join(
    f"""<https://w3id.org/kgbuild/id/firm/f{n}> a <https://w3id.org/kgbuild/ontology#Firm> ;
    <http://www.w3.org/2000/01/rdf-schema#label> "Firm {n} [b] :smile:"@en .\n"""
    for n in range(30)
)
FIRMS: Final = "SELECT ?f { ?f a kg:Firm . FILTER(STRSTARTS(STR(?f), CONCAT(STR(firm:), 'f'))) } ORDER BY ?f"
OURS: Final = (
    "SELECT ?name { ?f a kg:Firm ; rdfs:label ?name . FILTER(CONTAINS(?name, ':smile:')) } ORDER BY ?name"
)
RUNAWAY: Final = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "graph.ttl"
    path.write_text(GRAPH, "utf-8")
    return path


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], data: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs the command line on a small graph: status, output, errors."""

    def runs(*arguments: str | Path, stdin: bytes = b"") -> tuple[int, str, str]:
        capfd.readouterr()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="latin-1"))
        status = cli.run([*map(str, arguments), "-d", str(data)])
        sys.stdout.flush()
        out, err = capfd.readouterr()
        return status, out, err

    return runs


def test_text_a_file_and_standard_input_give_the_same(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    path.write_text(OURS, "utf-8")
    first = run("sparql", OURS, "-f", "csv")
    assert first[0] == 0
    assert len(first[1].splitlines()) == 31
    assert run("sparql", path, "-f", "csv") == first
    assert run("sparql", "-", "-f", "csv", stdin=OURS.encode()) == first
    assert run("query", path, "-f", "csv") == first
    spaced = path.rename(tmp_path / "mine and yours")
    assert run("sparql", spaced, "-f", "csv") == first
    assert run("query", "-", "-f", "csv", stdin=OURS.encode()) == first


def test_a_saved_question_comes_from_standard_input_too(run: Run) -> None:
    text = named_query("firm-names").path.read_bytes()
    assert run("query", "-", "-f", "csv", stdin=text) == run("query", "firm-names", "-f", "csv")
    assert run("sparql", "-", "-f", "csv", "--limit", "0", stdin=text) == run(
        "query", "firm-names", "-f", "csv"
    )


def test_rows_are_cut_with_a_note(run: Run) -> None:
    status, out, err = run("sparql", OURS, "-f", "csv", "--limit", "3")
    assert (status, len(out.splitlines())) == (0, 4)
    assert err == "kgbuild: only the first 3 rows are here; --limit 0 gives all\n"
    assert json.loads(run("sparql", OURS, "-f", "json", "--limit", "3")[1])["kgbuild"] == {
        "cut": True,
        "rows": 3,
    }
    assert run("sparql", OURS, "-f", "csv", "--limit", "30")[2] == ""
    assert run("query", "-", "-f", "csv", "--limit", "1", stdin=OURS.encode())[2] != ""


def test_own_sparql_has_a_limit_and_a_saved_question_has_none(run: Run) -> None:
    pairs = "SELECT ?a ?b { ?a a kg:Firm . ?b a kg:Firm } LIMIT 10001"
    assert len(run("sparql", pairs, "-f", "csv")[1].splitlines()) == 10_001
    assert len(run("query", "-", "-f", "csv", stdin=pairs.encode())[1].splitlines()) == 10_002


def test_a_runaway_query_is_stopped(run: Run) -> None:
    begun = time.monotonic()
    status, out, err = run("sparql", RUNAWAY, "--timeout", "0.5")
    assert (status, out) == (2, "")
    assert err == "kgbuild: stopped after 0.5 s; ask for less, or allow more time (--timeout, --limit)\n"
    assert time.monotonic() - begun < 20


def test_nothing_is_left_when_the_reader_goes_away(data: Path) -> None:
    command = [sys.executable, "-m", "kgbuild", "sparql", RUNAWAY, "-d", str(data), "--timeout", "30"]
    asking = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(1.5)
    asking.terminate()
    asking.communicate(timeout=20)  # returns when no process holds the pipes any more
    assert asking.returncode != 0


def test_file_is_complete_or_not_there(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "answer.csv"
    assert run("sparql", OURS, "-f", "csv", "-o", target) == (0, "", "")
    assert target.read_text("utf-8") == run("sparql", OURS, "-f", "csv")[1]
    target.write_text("earlier", "utf-8")
    assert run("sparql", RUNAWAY, "--timeout", "0.3", "-f", "csv", "-o", target)[0] == 2
    assert run("sparql", OURS, "-f", "turtle", "-o", target)[0] == 2
    assert target.read_text("utf-8") == "earlier"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["answer.csv", "graph.ttl"]
    assert run("sparql", OURS, "-o", target) == (0, "", "")
    assert target.read_text("utf-8") == run("sparql", OURS)[1]


def test_table_shows_brackets_and_colons_as_they_are(run: Run) -> None:
    status, out, _ = run("sparql", OURS)
    assert status == 0
    assert "Firm 7 [b] :smile:" in out
    assert out.splitlines()[-1] == "30 rows"


def test_control_characters_do_not_reach_the_terminal(run: Run) -> None:
    for form in ((), ("--evidence",)):
        out = run("sparql", r'SELECT ("a\u001B[31mb" AS ?x) {}', *form)[1]
        assert "\x1b" not in out
        assert "a\ufffd[31mb" in out


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml", "markdown", "html", "parquet", "arrow"])
def test_every_format_of_rows_is_written(run: Run, tmp_path: Path, form: str) -> None:
    target = tmp_path / "answer"
    assert run("sparql", OURS, "-f", form, "-o", target) == (0, "", "")
    assert b"Firm 29" in target.read_bytes() or form in {"parquet", "arrow"}


def test_parquet_has_all_rows(run: Run, tmp_path: Path) -> None:
    assert run("sparql", OURS, "-f", "parquet", "-o", tmp_path / "a.parquet", "-e")[0] == 0
    table = pq.read_table(tmp_path / "a.parquet")
    assert (table.num_rows, table.column_names) == (30, ["name", "evidence"])


def test_graphs_are_written_as_turtle(run: Run) -> None:
    status, out, _ = run("sparql", "DESCRIBE firm:f1", "-f", "turtle")
    assert status == 0
    assert "firm:f1 a kg:Firm" in out
    assert run("sparql", "DESCRIBE firm:f1", "-f", "ntriples")[1].count("\n") == 2
    assert "kg:Firm" in run("sparql", "DESCRIBE firm:f1")[1]


def test_explained_query_can_be_asked_again(run: Run) -> None:
    status, out, _ = run("query", "firm-names", "--explain")
    assert status == 0
    again = run("sparql", "-", "-f", "json", "--limit", "0", stdin=out.encode())
    before = json.loads(run("query", "firm-names", "-f", "json")[1])
    assert json.loads(again[1])["results"] == before["results"]


def test_explained_query_tells_what_a_name_stands_for(run: Run) -> None:
    lines = run("query", "firms-holding-licenses", "-p", "destination=Germany", "--explain")[1].splitlines()
    assert lines[0] == "# destination = 'Germany' -> place:DE (Germany)"
    assert re.search(r"BIND\(<https://w3id\.org/kgbuild/id/place/DE> AS \?\w+\)", "\n".join(lines))


def test_unknown_things_are_noted(run: Run) -> None:
    asked = ("sparql", "SELECT ?x { BIND(?__it_iri AS ?x) }", "-f", "csv", "-p")
    assert run(*asked, "it=firm:f1") == (0, "x\nfirm:f1\n", "")
    status, out, err = run(*asked, "it=firm:none")
    assert (status, out) == (0, "x\nfirm:none\n")
    assert err == "kgbuild: note: it: the graph says nothing of firm:none\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sparql", "SELECT * {"], "kgbuild: not SPARQL: "),
        (["sparql", "nowhere.rq"], "kgbuild: nowhere.rq: cannot be read"),
        (["sparql", "SELECT * { SERVICE <http://127.0.0.1/> { } }"], "SERVICE is refused"),
        (["sparql", "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"], "FROM is refused"),
        (["sparql", "INSERT DATA { <urn:a> <urn:b> <urn:c> }"], "INSERT changes data"),
        (["sparql", "DROP ALL {"], "DROP changes data"),
        (["sparql", "ASK {" + "{" * 900 + "}" * 900 + "}"], "nest deeper than"),
        (["sparql", FIRMS, "-p", "x"], "write a parameter as NAME=VALUE"),
        (["sparql", FIRMS, "-p", "x=1", "-p", "x=2"], "parameter x is given twice"),
        (["sparql", FIRMS, "-p", "x=1"], "the query has no parameter 'x'"),
        (["sparql", FIRMS, "-f", "turtle"], "format turtle is for CONSTRUCT and DESCRIBE"),
        (["sparql", FIRMS, "--timeout", "0"], "Invalid value for '--timeout'"),
        (["sparql", FIRMS, "--limit", "-1"], "Invalid value for '--limit'"),
        (["sparql", FIRMS, "-f", "csv", "-o", "nowhere/at/all.csv"], "nowhere/at/all.csv: cannot be written"),
        (["sparql"], "Missing argument"),
    ],
)
def test_error_is_one_line(run: Run, arguments: list[str], message: str) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_input_that_is_no_text_is_refused(run: Run) -> None:
    assert "standard input is not UTF-8" in run("sparql", "-", stdin=b"SELECT \xff {")[2]


def test_asking_loads_nothing_heavy(data: Path) -> None:
    code = (
        "import sys; from kgbuild.cli import run; "
        f"run(['query', 'firm-names', '-d', {str(data)!r}, '-f', 'csv']); "
        "print([m for m in ('spacy', 'rdflib', 'pandas', 'pyarrow', 'rich', 'rapidfuzz', 'jsonschema')"
        " if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stderr == "[]\n"
