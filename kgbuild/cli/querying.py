"""The commands that ask: saved questions and SPARQL, with their limits and formats."""

# ruff: noqa: D301, PLC0415 - click wants a real backspace before examples; --help must not load the engine
from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kgbuild.cli.showing import new_table, send, show, show_evidence, visible
from kgbuild.errors import LimitError, QueryError

if TYPE_CHECKING:
    from kgbuild.query import Answer, SavedQuery

_PATH: Final = click.Path(path_type=Path)
_BINARY: Final = ("parquet", "arrow")
_FORMATS: Final = ("table", "csv", "tsv", "json", "xml", "markdown", "html", "turtle", "ntriples", *_BINARY)
_ROWS: Final = 10_000  #: of own SPARQL, if nothing else is said


@dataclass(frozen=True, slots=True)
class _Options:
    """How an answer is wanted."""

    data: Path
    params: tuple[str, ...]
    form: str
    output: Path | None
    limit: int  #: rows; 0 for all
    timeout: float
    evidence: bool
    explain: bool


def _with_options(rows: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a decorator that adds the options of a command that asks."""
    options = (
        click.option(
            "-d", "--data", type=_PATH, default=Path("out"), show_default=True,
            help="Output folder of a build, or an RDF file.",
        ),
        click.option(
            "-p", "--param", "params", multiple=True, metavar="NAME=VALUE",
            help="A parameter; names of things will do. An empty value lifts a default.",
        ),
        click.option("-e", "--evidence", is_flag=True, help="With article, speaker and quote of each row."),
        click.option(
            "-f", "--format", "form", type=click.Choice(_FORMATS), default="table", show_default=True,
            help="table is for people; turtle and ntriples for CONSTRUCT and DESCRIBE.",
        ),
        click.option("-o", "--output", type=_PATH, help="File to write; standard output by default."),
        click.option(
            "--limit", type=click.IntRange(0), default=rows, show_default=bool(rows), metavar="ROWS",
            help="At most so many rows; 0 for all.",
        ),
        click.option(
            "--timeout", type=click.FloatRange(0, min_open=True), default=60.0, show_default=True,
            metavar="SECONDS", help="The query is stopped then.",
        ),
        click.option("--explain", is_flag=True, help="Show the SPARQL with its parameters, do not run it."),
    )  # fmt: skip

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


@click.command()
@click.argument("name", metavar="[NAME | FILE.rq | -]", required=False)
@_with_options(0)
def query(name: str | None, **options: Any) -> None:
    """Answer the saved question NAME, or the one in a .rq file or on standard input.

    Without NAME the questions are listed. A table is as wide as the terminal, 160 characters elsewhere;
    programs take another format.

    \b
    kgbuild query
    kgbuild query firms-holding-licenses -p destination=Germany --evidence
    kgbuild query licenses-in-force -p as_of=2025-12-31 -f csv
    kgbuild query my.rq -f parquet -o answer.parquet
    """
    from kgbuild.query import load_queries, named_query, read_question

    if name is None:
        list_questions(load_queries())
    elif name == "-" or name.endswith(".rq"):
        _answer(lambda: read_question(name, _standard_input() if name == "-" else None), **options)
    else:
        _answer(lambda: named_query(name), **options)


@click.command()
@click.argument("text", metavar="SPARQL | FILE | -")
@_with_options(_ROWS)
def sparql(text: str, **options: Any) -> None:
    """Answer a query in SPARQL 1.1, given as text, in a file, or on standard input.

    The prefixes of kgbuild need no PREFIX line. Updates, SERVICE and FROM are refused. A variable that
    stands as BIND(?__place_iri AS ?place) is a parameter: -p place=Germany. With --evidence a row shows the
    quotes for the triple patterns whose variables are selected.

    \b
    kgbuild sparql "SELECT ?firm ?license { ?firm kg:holds ?license }" --evidence
    kgbuild sparql mine.rq -f json
    kgbuild sparql - -f turtle -o firms.ttl
    """
    from kgbuild.query import plain_query, read_question

    if text == "-":
        _answer(lambda: read_question(text, _standard_input()), **options)
    elif _is_file(text):
        _answer(lambda: read_question(text), **options)
    else:
        _answer(lambda: plain_query(text), **options)


def _is_file(text: str) -> bool:
    """Return whether `text` names a file: one that is there, or it is one word and so no SPARQL."""
    if len(text.split()) == 1 and "{" not in text:
        return True
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # too long for a name, or with a NUL
        return False


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as err:
        raise QueryError(f"standard input is not UTF-8: {err}") from err


def _answer(read: Callable[[], SavedQuery], **given: Any) -> None:
    from kgbuild.query import Binding, Question, Worker

    options = _Options(**given)
    if options.form in _BINARY and options.output is None and sys.stdout.isatty():
        raise click.UsageError(f"{options.form} is no text; give a file with --output")
    values = _values(options.params)
    with Worker(options.data) as worker:
        saved = read()  # while the store is being opened
        if options.form == "table" and not options.evidence:
            new_table()  # loads what shows tables
        question = Question(saved, values, options.limit or None, options.evidence)
        try:
            if options.explain:
                send(str(worker.ask(Binding(question), seconds=options.timeout)), options.output)
                return
            answer = worker.ask(question, seconds=options.timeout)
        except LimitError as err:
            raise LimitError(f"{saved.where}{err} (--timeout, --limit)") from err
    _write(saved, answer, options)
    for note in answer.notes:
        click.echo(f"kgbuild: note: {note}", err=True)
    if answer.result.cut:
        rows = len(answer.result.rows)
        click.echo(f"kgbuild: only the first {rows} rows are here; --limit 0 gives all", err=True)


def _values(params: Sequence[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for item in params:
        key, equals, value = item.partition("=")
        if not equals:
            raise click.UsageError(f"{item!r}: write a parameter as NAME=VALUE")
        if key in values:
            raise click.UsageError(f"parameter {key} is given twice")
        values[key] = value
    return values


def _write(saved: SavedQuery, answer: Answer, options: _Options) -> None:
    if options.form != "table":
        from kgbuild.query import write_answer

        send(write_answer(answer, options.form, title=saved.summary), options.output)
    elif options.output is None:
        show_answer(saved, answer)
    else:
        with redirect_stdout(io.StringIO()) as text:
            show_answer(saved, answer)
        send(text.getvalue(), options.output)


# ---- what people see -----------------------------------------------------------------------------


def list_questions(queries: Sequence[SavedQuery]) -> None:
    """Print the saved questions with their parameters."""
    table = new_table("Question", "Name", "Parameters")
    for saved in queries:
        shown = ", ".join(f"{p.name}={p.default}" if p.default else p.name for p in saved.parameters)
        table.add_row(saved.summary, saved.name, shown)
    show(table)


def show_answer(saved: SavedQuery, answer: Answer) -> None:
    """Print an answer: as a table, or where evidence was asked for each row with its places below."""
    from kgbuild.query import display, heading

    result = answer.result
    if saved.summary:
        click.echo(saved.summary)
    if not result.rows:
        click.echo("No answer in this graph.")
        return
    if answer.evidence is None:
        table = new_table(*map(heading, result.columns))
        for row in result.rows:
            table.add_row(*(visible(display(term)) for term in row))
        show(table)
    else:
        for number, (row, places) in enumerate(zip(result.rows, answer.evidence, strict=True), 1):
            cells = [
                f"{heading(c)}: {visible(display(t))}"
                for c, t in zip(result.columns, row, strict=True)
                if t is not None
            ]
            click.echo(f"\n{number}. " + "\n   ".join(cells))
            show_evidence(places, "   ")
    click.echo(f"{len(result.rows)} row{'s' * (len(result.rows) != 1)}")
