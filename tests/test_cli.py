"""The command line: what each command prints, its exit status, and errors in one line."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
import pyoxigraph as ox
import pytest
from rdflib import Graph

from kgbuild import cli
from kgbuild.export import FORMATS, VIEWS
from kgbuild.query import load_queries

COMMANDS: Final = tuple(
    "add build demo disagreements evaluate explain export extract lexicon mcp ontology query reason "
    "remove replace serve snapshots sparql status validate".split()
)
ASK: Final = ("query", "firms-holding-licenses", "-p", "destination=US")
GOOD: Final = "JL MAG Rare-Earth Co. received export licenses for the United States on June 11, 2025.\n"


@dataclass(frozen=True)
class Done:
    """What a run of the command line left."""

    status: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the command line in this process."""

    def runs(*arguments: str | Path) -> Done:
        capfd.readouterr()
        status = cli.run([str(a) for a in arguments])
        sys.stdout.flush()
        return Done(status, *capfd.readouterr())

    return runs


def complaint(done: Done) -> str:
    """Check that a run failed with one line on standard error; return it."""
    assert done.status == 2
    assert done.out == ""
    assert re.fullmatch(r"kgbuild[^\n]*\n", done.err), done.err
    assert "Traceback" not in done.err
    assert "internal error" not in done.err
    return done.err.removesuffix("\n")


def process(*arguments: str | Path, **environment: str) -> Done:
    """Run the command line in a process of its own."""
    env = {
        k: v for k, v in os.environ.items() if k not in {"PYTHONUNBUFFERED", "KGBUILD_DEBUG"}
    } | environment
    command: list[str | Path] = [sys.executable, "-m", "kgbuild", *arguments]
    done = subprocess.run(command, env=env, capture_output=True, encoding="utf-8", check=False)
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "news.md"
    path.write_text(GOOD, "utf-8")
    return path


# ---- help


@pytest.mark.parametrize("command", COMMANDS)
def test_help_tells_what_a_command_does(run: Run, command: str) -> None:
    done = run(command, "--help")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"Usage: kgbuild {command} ")
    if command != "demo":
        assert re.search(rf"^  kgbuild {command}\b", done.out, re.MULTILINE), "no example"
    assert run(command, "-h") == done


def test_help_lists_the_commands(run: Run) -> None:
    done = run("--help")
    assert done.status == 0
    assert re.findall(r"^  (\w+) {2,}\S", done.out.partition("Commands:")[2], re.MULTILINE) == sorted(
        COMMANDS
    )
    assert {c for c in COMMANDS if c in cli.cli.commands} == set(COMMANDS)


def test_examples_in_the_help_are_commands_that_exist() -> None:
    groups = {n: c for n, c in cli.cli.commands.items() if isinstance(c, click.Group)}
    inside = {f"{n} {m}": c for n, group in groups.items() for m, c in group.commands.items()}
    for name, command in {"": cli.cli, **cli.cli.commands, **inside}.items():
        for line in re.findall(r"^ *kgbuild (.*)$", command.help or "", re.MULTILINE):
            words = line.partition("   ")[0].split()
            assert words[0] in cli.cli.commands
            called = inside[" ".join(words[:2])] if words[0] in groups else cli.cli.commands[words[0]]
            known = {o for p in called.params for o in (*p.opts, *p.secondary_opts)} | {">", "-"}
            assert [w for w in words if w.startswith("-") and w not in known] == [], (name, line)


def test_version(run: Run) -> None:
    done = run("--version")
    assert done.status == 0
    assert re.fullmatch(r"kgbuild, version \d+\.\d+\.\d+\S*\n", done.out)


def test_nothing_to_do_shows_the_help(run: Run) -> None:
    done = run()
    assert done.status == 2
    assert "kgbuild build articles/ -o out/" in done.err


# ---- errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["biuld"], "kgbuild: No such command 'biuld'.*--help shows more"),
        (["build"], "kgbuild build: Missing argument 'ARTICLES...'"),
        (["build", "nowhere.md"], "kgbuild: nowhere.md: no such file or folder"),
        (["build", "x", "--jobs", "0"], "kgbuild build: Invalid value for '-j' / '--jobs'"),
        (["extract"], "kgbuild extract: Missing argument 'ARTICLES...'"),
        (["extract", "nowhere.md"], "kgbuild: nowhere.md: no such file or folder"),
        (["validate"], "kgbuild validate: Missing argument"),
        (["validate", "nowhere.ttl"], "kgbuild: nowhere.ttl: "),
        (["validate", "{out}", "{out}"], "kgbuild validate: one output folder at a time"),
        (
            ["validate", "{out}", "-f", "html"],
            "kgbuild validate: Invalid value for '-f' / '--format': 'html' is not",
        ),
        (["validate", "{out}", "--shapes", "nowhere"], "kgbuild: nowhere"),
        (["reason", "nowhere.ttl"], "kgbuild: nowhere.ttl: "),
        (["reason", "{out}", "--timeout", "0"], "kgbuild reason: Invalid value for '--timeout'"),
        (
            ["query", "firms-holding-license", "-d", "{out}"],
            "kgbuild: no saved query .*; near: .*firms-holding-licenses",
        ),
        (["query", "zzz", "-d", "{out}"], "kgbuild: no saved query 'zzz'"),
        (["query", "nowhere.rq", "-d", "{out}"], "kgbuild: nowhere.rq: "),
        ([*ASK, "-d", "nowhere"], "kgbuild: nowhere does not exist; give an output folder"),
        (
            ["query", "firms-holding-licenses", "-p", "US", "-d", "{out}"],
            "'US': write a parameter as NAME=VALUE",
        ),
        (
            ["query", "firms-holding-licenses", "-p", "destinaton=US", "-d", "{out}"],
            "destinaton.*destination",
        ),
        (
            ["query", "firms-holding-licenses", "-p", "destination=Germny", "-d", "{out}"],
            "Germny.*near: .*Germany",
        ),
        ([*ASK, "-d", "{out}", "-f", "yaml"], "'yaml' is not one of 'table', 'csv', 'tsv', 'json', 'xml'"),
        ([*ASK, "-d", "{out}", "-f", "xml", "-e"], "kgbuild: format xml has no place for evidence"),
        (["explain"], "kgbuild explain: Missing argument 'THING'"),
        (["explain", "JL MAGG", "-d", "{out}"], "kgbuild: no thing is named 'JL MAGG'; near: .*JL MAG"),
        (["explain", "planet:mars", "-d", "{out}"], "kgbuild: .*out tells nothing of planet:mars"),
        (["export", "turtel", "-d", "{out}"], "kgbuild: there is no format 'turtel'; did you mean turtle"),
        (
            ["export", "gexf", "--view", "all", "-d", "{out}"],
            "kgbuild: the vocabulary has no place in gexf; formats with the view all: turtle, ",
        ),
        (
            ["export", "jsonld", "--owl", "-d", "{out}"],
            "kgbuild: OWL tools read turtle and rdfxml, not jsonld",
        ),
        (
            ["export", "csv", "--base", "urn:x", "-d", "{out}"],
            "--base and --file go with the formats dataset",
        ),
        (
            ["export", "csv", "-d", "{out}", "-o", "{out}"],
            "kgbuild: .*out holds a build; choose another folder",
        ),
        (["export", "turtle", "-d", "nowhere"], "kgbuild: nowhere"),
    ],
)
def test_error_is_one_line(run: Run, example_output: Path, arguments: Sequence[str], message: str) -> None:
    found = complaint(run(*(a.format(out=example_output) for a in arguments)))
    assert re.search(message, found), found


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "no text"),
        (b"\0", "binary, not text"),
        (b"caf\xe9", "news.md:1: not UTF-8"),
        (b"---\ntitle: [\n---\n", "news.md:3: metadata is not YAML"),
        (b"---\ntitle: x\npublished: 2025-02-30\n---\nBody", "published is '2025-02-30'"),
    ],
)
def test_bad_article_leaves_earlier_output(
    run: Run, article: Path, tmp_path: Path, raw: bytes, message: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "graph.ttl").write_text("earlier", "utf-8")
    article.write_bytes(raw)
    assert message in complaint(run("build", article, "-o", out))
    assert [(p.name, p.read_text("utf-8")) for p in out.iterdir()] == [("graph.ttl", "earlier")]
    assert message in complaint(run("extract", article, "-o", tmp_path / "lines.jsonl"))
    assert not (tmp_path / "lines.jsonl").exists()


def test_bad_decisions_are_refused(run: Run, article: Path, tmp_path: Path) -> None:
    (tmp_path / "decisions.jsonl").write_text("{}", "utf-8")
    message = complaint(
        run("build", article, "-o", tmp_path / "out", "--decisions", tmp_path / "decisions.jsonl")
    )
    assert "decisions.jsonl:1: a decision is a line like" in message
    assert "cannot be read" in complaint(run("build", article, "--decisions", tmp_path / "nowhere"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", ["no turtle", "<urn:a> <urn:b> .", "", b"\xff\xfe"])
@pytest.mark.parametrize(
    "command", [("validate",), ("reason",), (*ASK, "-d"), ("explain", "x", "-d"), ("export", "nquads", "-d")]
)
def test_broken_graph_is_refused(
    run: Run, tmp_path: Path, command: Sequence[str], content: str | bytes
) -> None:
    path = tmp_path / "graph.ttl"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    if content == "" and command[0] == "export":
        assert run(*command, path) == Done(0, "", ""), "an empty graph is a graph"
    else:
        assert "graph.ttl" in complaint(run(*command, path))


def test_line_breaks_in_an_error_are_taken_out(run: Run) -> None:
    assert complaint(run("build", "two\nlines.md")) == "kgbuild: two lines.md: no such file or folder"


def test_unforeseen_error_is_one_line_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Any) -> None:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setattr(cli.cli, "invoke", fail)
    done = run("query")
    assert done.status == 2
    assert done.err == (
        "kgbuild: internal error: ZeroDivisionError: division by zero; set KGBUILD_DEBUG=1 to see where\n"
    )
    monkeypatch.setenv("KGBUILD_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run("query")


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (click.Abort(), 2, "kgbuild: stopped\n"),
        (KeyboardInterrupt(), 2, "\nkgbuild: stopped\n"),
        (OSError(5, "Input/output error", "x.ttl"), 2, "kgbuild: [Errno 5] Input/output error: 'x.ttl'\n"),
        (click.ClickException("not so"), 2, "kgbuild: not so\n"),
        (SystemExit(1), 1, ""),
        (SystemExit("no number"), 2, ""),
    ],
)
def test_ways_to_end(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int, message: str
) -> None:
    def fail(_: Any) -> None:
        raise error

    monkeypatch.setattr(cli.cli, "invoke", fail)
    assert run("query") == Done(status, "", message)
    with pytest.raises(SystemExit) as caught:
        cli.main(["query"])
    assert caught.value.code == status


# ---- build


def test_build_tells_what_it_made(run: Run, article: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("build", article, "-o", out)
    assert done.status in {0, 1}
    assert done.err == ""
    lines = done.out.splitlines()
    assert re.fullmatch(r"1 articles: \d+ claims, \d+ facts, 0 contradictions", lines[0])
    counts = json.loads((out / "manifest.json").read_text("utf-8"))["counts"]
    assert lines[0].startswith(f"1 articles: {counts['claims']} claims, {counts['facts']} facts")
    assert lines[1].startswith(f"{counts['rejected']} candidates rejected")
    assert lines[-1] == f"Graph: {out / 'graph.ttl'}"
    found = re.search(r"Validation: (\d+) violations", done.out)
    assert found is not None
    assert done.status == (1 if int(found[1]) else 0)
    assert run("validate", out).status == done.status


def test_build_with_violations_ends_with_status_1(
    run: Run, article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kgbuild import pipeline
    from kgbuild.validation import ValidationReport, ValidationResult

    bad = ValidationResult("urn:a", None, None, "urn:shape", "urn:component", "Violation", "message")
    monkeypatch.setattr(pipeline, "validate", lambda files, texts, earlier=None: ValidationReport((bad,)))
    done = run("build", article, "-o", tmp_path / "out")
    assert done.status == 1
    assert "Validation: 1 violations, 0 warnings" in done.out
    assert "urn:shape" in (tmp_path / "out" / "validation.ttl").read_text("utf-8")
    monkeypatch.setattr(pipeline, "validate", lambda files, texts, earlier=None: ValidationReport(()))
    assert run("build", article, "-o", tmp_path / "out").status == 0


def test_output_that_cannot_be_written_is_told(run: Run, article: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    message = complaint(run("build", article, "-o", tmp_path / "file"))
    assert message.endswith("file: cannot be written: File exists; choose another folder with --out")
    assert (tmp_path / "file").read_text("utf-8") == "mine"


# ---- extract


def test_extract_prints_lines_or_writes_a_file(run: Run, article: Path, tmp_path: Path) -> None:
    printed = run("extract", article)
    assert (printed.status, printed.err) == (0, "")
    assert json.loads(printed.out)["article"]["id"] == "news"
    assert run("extract", article, "-o", tmp_path / "lines.jsonl") == Done(0, "", "")
    assert (tmp_path / "lines.jsonl").read_text("utf-8") == printed.out
    (tmp_path / "folder").mkdir()
    assert "folder: cannot be written: Is a directory" in complaint(
        run("extract", article, "-o", tmp_path / "folder")
    )
    assert "cannot be written" in complaint(run("extract", article, "-o", tmp_path / "no" / "where"))
    assert not list(tmp_path.rglob("*.part"))


def test_extract_prints_the_schema(run: Run) -> None:
    done = run("extract", "--schema")
    assert done.status == 0
    assert json.loads(done.out)["title"] == "kgbuild extraction record"


# ---- validate and reason


def test_validate_compares_quotes_with_the_kept_texts(run: Run, article: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("build", article, "-o", out).status == 0
    before = run("validate", out)
    assert (before.status, before.err) == (0, "")
    assert re.search(
        r"^0 violations, \d+ warnings?; \d+ of \d+ shapes had something to check$", before.out, re.MULTILINE
    )
    (text,) = (out / "articles").iterdir()
    text.write_text("X" + text.read_text("utf-8"), "utf-8")
    after = run("validate", out, "-f", "turtle")
    assert after.status == 1
    report = Graph().parse(data=after.out, format="turtle")
    quotes = {str(o) for p, o in report.predicate_objects() if str(p).endswith("#sourceShape")}
    assert "https://w3id.org/kgbuild/shapes#TextSegment-quote-equals-text" in quotes


def test_validate_takes_other_shapes(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shapes.ttl").write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix kg: <https://w3id.org/kgbuild/ontology#> .
        <urn:shape> a sh:NodeShape ; sh:targetClass kg:Firm ; sh:property <urn:shape-p> .
        <urn:shape-p> sh:path kg:basedIn ; sh:minCount 1 ; sh:message "Say where." .""",
        "utf-8",
    )
    firm = "@prefix kg: <https://w3id.org/kgbuild/ontology#> . <urn:f> a kg:Firm"
    (tmp_path / "bad.ttl").write_text(f"{firm} .", "utf-8")
    (tmp_path / "good.ttl").write_text(f"{firm} ; kg:basedIn <urn:p> . <urn:p> a kg:Place .", "utf-8")
    only = ("--shapes", tmp_path / "shapes.ttl", "--no-own-shapes")
    bad = run("validate", tmp_path / "bad.ttl", *only)
    assert bad.status == 1
    assert "Say where." in bad.out
    assert run("validate", tmp_path / "good.ttl", *only).status == 0
    both = run("validate", tmp_path / "good.ttl", "--shapes", tmp_path / "shapes.ttl")
    assert both.status == 1, "the firm has no label"
    assert "shape:ThingShape-label" in both.out


def test_reason_finds_a_contradiction(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text(
        "@prefix kg: <https://w3id.org/kgbuild/ontology#> . <urn:a> a kg:Firm , kg:Place .", "utf-8"
    )
    done = run("reason", tmp_path / "bad.ttl")
    assert done.status == 1
    assert done.out.startswith("inconsistent: ")


# ---- query


def test_query_without_name_lists_the_questions(run: Run) -> None:
    done = run("query")
    assert done.status == 0
    for saved in load_queries():
        assert re.search(rf"\b{re.escape(saved.name)}\b", done.out), saved.name


def parsed(text: str, form: str) -> tuple[list[str], int]:
    """Return the columns and the number of rows of an answer."""
    if form == "json":
        document = json.loads(text)
        return document["head"]["vars"], len(document["results"]["bindings"])
    if form == "markdown":
        lines = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines()]
        assert len({len(line) for line in lines}) == 1
        return lines[0], len(lines) - 2
    rows = list(csv.reader(io.StringIO(text), delimiter="\t" if form == "tsv" else ",", strict=True))
    assert len({len(row) for row in rows}) == 1
    return rows[0], len(rows) - 1


def test_all_formats_give_the_same_rows(run: Run, example_output: Path) -> None:
    table = run(*ASK, "-d", example_output)
    assert table.status == 0
    count = int(re.findall(r"^(\d+) rows?$", table.out, re.MULTILINE)[0])
    assert count > 0
    for form in ("csv", "tsv", "json", "markdown"):
        done = run(*ASK, "-d", example_output, "-f", form)
        assert (done.status, done.err) == (0, "")
        columns, rows = parsed(done.out, form)
        assert rows == count, form
        assert columns[0] == "firmLabel"


def test_evidence_shows_quotes_that_are_in_the_texts(run: Run, example_output: Path) -> None:
    done = run(*ASK, "-d", example_output, "--evidence")
    assert done.status == 0
    texts = [" ".join(p.read_text("utf-8").split()) for p in (example_output / "articles").iterdir()]
    quotes = re.findall(r"^ +- “(.*)”$", done.out, re.MULTILINE)
    assert quotes
    assert [q for q in quotes if not any(q in text for text in texts)] == []
    assert len(re.findall(r"; characters \d+-\d+", done.out)) == len(quotes)


def test_question_without_answer_says_so(run: Run, example_output: Path) -> None:
    done = run("query", "firms-holding-licenses", "-p", "destination=Tuvalu", "-d", example_output)
    assert done.status == 0
    assert done.out.endswith("No answer in this graph.\n")
    in_csv = run(
        "query", "firms-holding-licenses", "-p", "destination=Tuvalu", "-d", example_output, "-f", "csv"
    )
    assert len(in_csv.out.splitlines()) == 1


def test_query_file_is_asked(run: Run, example_output: Path, tmp_path: Path) -> None:
    source = next(q for q in load_queries() if q.name == "firms-holding-licenses")
    path = tmp_path / "own.rq"
    path.write_text(source.text, "utf-8")
    own = run("query", path, "-p", "destination=US", "-d", example_output, "-f", "csv")
    assert own.out == run(*ASK, "-d", example_output, "-f", "csv").out
    assert own.status == 0


# ---- explain


def test_explain_by_name_prefixed_name_and_iri(run: Run, example_output: Path) -> None:
    by_name = run("explain", "JL MAG", "-d", example_output)
    assert by_name.status == 0
    first, iri, *rest = by_name.out.splitlines()
    assert first.startswith("JL MAG Rare-Earth Co. Ltd. (")
    assert iri == "https://w3id.org/kgbuild/id/firm/jl-mag"
    assert "Known:" in rest
    assert re.search(r" — holds — .*export license", by_name.out)
    assert re.search(r"^      - “.*”$", by_name.out, re.MULTILINE)
    for name in ("firm:jl-mag", iri, f"<{iri}>", "jl mag rare-earth co., ltd"):
        assert run("explain", name, "-d", example_output) == by_name, name


def test_explain_tells_claims_from_facts(run: Run, example_output: Path) -> None:
    graph = Graph().parse(example_output / "graph.ttl")
    found = graph.query(
        "PREFIX kg: <https://w3id.org/kgbuild/ontology#> "
        "SELECT ?s WHERE { ?s a kg:UnconfirmedThing } ORDER BY ?s LIMIT 1"
    )
    (thing,) = (str(row[0]) for row in found)  # type: ignore[index]
    done = run("explain", thing, "-d", example_output)
    assert done.status == 0
    assert "Only claimed (denied, planned, possible or contested):" in done.out
    assert re.search(
        r"\[(denied|affirmed), (actual|planned|possible|in.principle)\]$", done.out, re.MULTILINE
    )


# ---- export


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_format_is_written(run: Run, example_output: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / f"graph{FORMATS[form].suffix}"
    done = run("export", form, "-d", example_output, "-o", target)
    assert (done.status, done.out) == (0, "")
    size = r"\d+ triples|\d+ nodes, \d+ edges(, 3 files)?|\d+ things(, \d+ files)?"
    assert re.fullmatch(rf"{re.escape(str(target))}: ({size})\n", done.err)
    assert target.stat().st_size > 1000
    if form in {"turtle", "ntriples", "nquads", "trig"}:
        printed = run("export", form, "-d", example_output)
        assert printed.out.encode() == target.read_bytes()
    if form == "ntriples":
        lines = target.read_text("utf-8").splitlines()
        assert done.err.endswith(f": {len(lines)} triples\n")
        assert len(lines) == len(Graph().parse(example_output / "graph.ttl"))


def test_export_lists_the_formats(run: Run) -> None:
    done = run("export")
    assert done.status == 0
    assert re.findall(r"^ (\w+) +(?:\.\w+|a folder) ", done.out, re.MULTILINE) == list(FORMATS)
    assert re.findall(r"^--view (\w+): ", done.out, re.MULTILINE) == list(VIEWS)


def test_views_differ_in_claims_and_vocabulary(run: Run, example_output: Path) -> None:
    def triples(*more: str) -> int:
        text = run("export", "ntriples", "-d", example_output, *more).out
        return sum(1 for _ in ox.parse(text, format=ox.RdfFormat.N_TRIPLES))

    facts, evidence, everything = (triples("--view", name) for name in VIEWS)
    assert facts < evidence == triples() < everything


def test_formats_of_several_files_go_into_a_folder_or_a_pipe(
    run: Run, example_output: Path, tmp_path: Path
) -> None:
    done = run("export", "csv", "-d", example_output, "-o", tmp_path / "tables")
    assert done.status == 0
    files = len(list((tmp_path / "tables").glob("*.csv")))
    assert done.err.endswith(f" things, {files} files\n")
    command = [sys.executable, "-m", "kgbuild", "export", "csv", "-d", str(example_output)]
    piped = subprocess.run(command, capture_output=True, check=True)
    with zipfile.ZipFile(io.BytesIO(piped.stdout)) as archive:
        assert len(archive.namelist()) == files


def test_description_lists_files(run: Run, example_output: Path) -> None:
    more = ("--license", "https://example.org/l", "--base", "https://example.org/d", "--file")
    text = run("export", "dataset", "-d", example_output, *more, example_output / "manifest.json").out
    assert "dcat:downloadURL <https://example.org/d/manifest.json>" in text
    assert "dct:license <https://example.org/l>" in text


# ---- processes and pipes


def test_whole_way_in_processes_of_their_own(article: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    built = process("build", article, "-o", out, NO_COLOR="", TERM="dumb")
    assert built.status in {0, 1}
    assert built.err == "", "no progress in a pipe"
    assert "\x1b" not in built.out
    assert "\r" not in built.out
    reasoned = process("reason", out)
    assert reasoned.status == 0
    assert reasoned.out.startswith("consistent: ")
    asked = process(*ASK, "-d", out, "-f", "csv", PYTHONIOENCODING="ascii")
    assert asked.status == 0
    assert "JL MAG Rare-Earth Co. Ltd." in asked.out
    wrong = process("build", tmp_path / "nowhere.md")
    assert (wrong.status, wrong.out) == (2, "")
    assert wrong.err == f"kgbuild: {tmp_path / 'nowhere.md'}: no such file or folder\n"


def test_data_is_utf8_in_every_locale(article: Path) -> None:
    article.write_text("Größe: 稀土 – “quoted”.\n" + GOOD, "utf-8")
    for arguments in (("extract", article), ("extract", "--schema")):
        plain = process(*arguments)
        assert plain == process(*arguments, PYTHONIOENCODING="latin-1", LC_ALL="C")
        assert plain.status == 0


def test_reader_that_has_enough_is_no_finding(example_output: Path) -> None:
    env = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    command = [sys.executable, "-m", "kgbuild", "export", "nquads", "-d", str(example_output)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.read(5)
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 2


def test_progress_is_shown_to_people(article: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    done = run("extract", article)
    assert done.status == 0
    assert json.loads(done.out)
    assert "Reading articles" in done.err


def test_demo_builds_reasons_and_asks(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, article: Path
) -> None:
    from kgbuild import resources

    (tmp_path / "examples" / "articles").mkdir(parents=True)
    shutil.copy(article, tmp_path / "examples" / "articles")
    real = resources.data_dir
    monkeypatch.setattr(
        resources, "data_dir", lambda kind: tmp_path / kind if kind == "examples" else real(kind)
    )
    monkeypatch.chdir(tmp_path)
    done = run("demo", "-o", tmp_path / "out")
    assert (done.status, done.err) == (0, "")
    steps = re.findall(r"^\$ (.*)$", done.out, re.MULTILINE)
    assert steps[0] == f"kgbuild build {Path('examples') / 'articles'} -o {tmp_path / 'out'}"
    assert [s.split()[1] for s in steps] == ["build", "reason", "query"]
    assert "JL MAG Rare-Earth Co. Ltd." in done.out
