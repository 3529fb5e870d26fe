"""The command line. It parses options, calls one function a command, and shows what comes back.

Exit status: 0 done, 1 findings (violations, inconsistency), 2 anything else.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kgbuild.errors import KgbuildError, OutputError

if TYPE_CHECKING:  # heavy: loaded by the command that needs it
    from kgbuild.pipeline import Build
    from kgbuild.query import QueryResult, SavedQuery
    from kgbuild.validation import ValidationReport

_PATH: Final = click.Path(path_type=Path)
_DATA: Final = click.option(
    "-d",
    "--data",
    type=_PATH,
    default=Path("out"),
    show_default=True,
    help="Output folder of a build, or an RDF file.",
)


class _Commands(click.Group):
    """click would report a closed pipe as status 1, which stands for findings."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            done = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError as err:
            raise _ReaderGone from err
        return done


class _ReaderGone(Exception):  # noqa: N818 - nothing went wrong
    """The reader of standard output has read enough."""


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="kgbuild")
def cli() -> None:
    """Turn news articles about firms, regulators, rare earths and licenses into a knowledge graph with evidence.

    \b
    kgbuild build articles/ -o out/                            articles in, validated graph out
    kgbuild query                                              what can be asked
    kgbuild query firms-holding-licenses -p destination=US --evidence
    kgbuild explain "JL MAG"                                   what is known, and which quotes say so
    """


@cli.command()
@click.argument("articles", nargs=-1, required=True, type=_PATH)
@click.option(
    "-o", "--out", type=_PATH, default=Path("out"), show_default=True, help="Folder for the results."
)
@click.option(
    "-j", "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes for the extraction."
)
@click.option("--decisions", type=_PATH, help="Reviewed names: one JSON object a line, with name and iri.")
def build(articles: tuple[Path, ...], out: Path, jobs: int, decisions: Path | None) -> None:
    """Build the graph of ARTICLES (.txt or .md files, or folders of them) and validate it.

    \b
    kgbuild build articles/ -o out/
    kgbuild build one.txt two.md -o out/ --jobs 2
    """
    made = _build(articles, jobs, decisions)
    report = _write(made, out)
    _show_build(made, out, report)
    if report.violations:
        sys.exit(1)


def _build(articles: Sequence[Path], jobs: int, decisions: Path | None) -> Build:
    from kgbuild import pipeline

    with _progress("Reading articles") as advance:
        return pipeline.build(articles, jobs=jobs, decisions=decisions, on_article=advance)


def _write(made: Build, out: Path) -> ValidationReport:
    from kgbuild import pipeline

    return pipeline.write(made, out)


def _show_build(made: Build, out: Path, report: ValidationReport) -> None:
    click.echo(
        f"{len(made.articles)} articles: {made.claims} claims, {made.facts} facts, {made.contradictions} contradictions"
    )
    click.echo(
        f"{len(made.rejections)} candidates rejected, each with its reason in {out / 'rejected.jsonl'}"
    )
    warnings = len(report.results) - len(report.violations)
    click.echo(
        f"Validation: {len(report.violations)} violations, {warnings} warnings ({out / 'validation.ttl'})"
    )
    click.echo(f"Graph: {out / 'graph.ttl'}")


@cli.command()
@click.argument("articles", nargs=-1, type=_PATH)
@click.option("-o", "--out", type=_PATH, help="File for the JSON lines; standard output by default.")
@click.option("-j", "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of a line and stop.")
def extract(articles: tuple[Path, ...], out: Path | None, jobs: int, *, schema: bool) -> None:
    """Write what each article says as one JSON line: mentions, events with roles and spans, rejected candidates.

    \b
    kgbuild extract articles/ > extractions.jsonl
    kgbuild extract --schema
    """
    from kgbuild.articles import read_articles
    from kgbuild.ontology import load_ontology
    from kgbuild.parallel import extract_all, make_extractor
    from kgbuild.records import schema_text, to_record

    if schema:
        click.echo(schema_text(), nl=False)
        return
    if not articles:
        raise click.UsageError("Missing argument 'ARTICLES...'.")
    read = read_articles(articles)
    lines = []
    with _progress("Reading articles") as advance:
        for extraction in extract_all(read, make_extractor(load_ontology()), jobs=jobs):
            lines.append(to_record(extraction) + "\n")
            advance(len(lines), len(read))
    _send("".join(lines), out)


@cli.command()
@click.argument("files", nargs=-1, required=True, type=_PATH)
@click.option("--shapes", type=_PATH, help="Folder or file of SHACL shapes instead of kgbuild's own.")
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "turtle"]), default="text", show_default=True
)
def validate(files: tuple[Path, ...], shapes: Path | None, form: str) -> None:
    """Check FILES (RDF files, or the output folder of a build) against the shapes, and quotes against the articles.

    Exit status 1 when there is a violation; warnings alone give 0.

    \b
    kgbuild validate out/
    kgbuild validate graph.ttl --shapes my-shapes/
    """
    folders = [f for f in files if f.is_dir()]
    if len(folders) > 1:
        raise click.UsageError("one output folder at a time, for each has texts of its own")
    graphs = [f / "graph.ttl" if f.is_dir() else f for f in files]
    report = _validate(graphs, shapes, folders[0] if folders else None)
    click.echo(report.to_turtle() if form == "turtle" else "\n".join(report.to_lines()))
    if report.violations:
        sys.exit(1)


def _validate(files: Sequence[Path], shapes: Path | None, texts: Path | None) -> ValidationReport:
    from kgbuild.validation import validate as run

    return run(files, shapes=shapes, texts=texts)


@cli.command()
@click.argument("file", type=_PATH, required=False)
@click.option("--timeout", type=click.FloatRange(min=1), default=120, show_default=True, help="Seconds.")
def reason(file: Path | None, timeout: float) -> None:
    """Check with HermiT that the ontology and the facts of FILE (an RDF file or output folder) can all be true.

    \b
    kgbuild reason out/
    """
    from kgbuild.reasoning import check_consistency

    graph = file / "graph.ttl" if file is not None and file.is_dir() else file
    report = check_consistency(graph, timeout=timeout)
    click.echo(report.message)
    if not report.consistent or report.unsatisfiable:
        sys.exit(1)


@cli.command()
@click.argument("name", required=False)
@_DATA
@click.option(
    "-p",
    "--param",
    "params",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter; names of things will do.",
)
@click.option("-e", "--evidence", is_flag=True, help="Below each row: article, speaker and quote.")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["table", "csv", "tsv", "json", "markdown"]),
    default="table",
    show_default=True,
)
def query(name: str | None, data: Path, params: tuple[str, ...], form: str, *, evidence: bool) -> None:
    """Answer the saved question NAME, or a .rq file; without NAME list the questions.

    \b
    kgbuild query
    kgbuild query firms-holding-licenses -p destination=Germany --evidence
    kgbuild query licenses-in-force -p as_of=2025-12-31 -f csv
    """
    from kgbuild.query import find_query, load_queries, read_query, run_query
    from kgbuild.store import load_store

    if name is None:
        _list_questions(load_queries())
        return
    if evidence and form != "table":
        raise click.UsageError("--evidence goes with --format table only")
    path = Path(name)
    saved = read_query(path) if path.suffix == ".rq" else find_query(load_queries(), name)
    values = {}
    for item in params:
        key, equals, value = item.partition("=")
        if not equals:
            raise click.UsageError(f"{item!r}: write a parameter as NAME=VALUE")
        values[key] = value
    store = load_store(data)
    result = run_query(store, saved, values)
    if form == "table":
        _show_rows(saved, result, store if evidence else None)
    else:
        _send(_as_text(result, form), None)


def _as_text(result: QueryResult, form: str) -> str:
    from kgbuild import query as q

    writers: dict[str, Callable[[QueryResult], str]] = {
        "csv": q.to_csv, "tsv": q.to_tsv, "json": q.to_json, "markdown": q.to_markdown,
    }  # fmt: skip
    return writers[form](result)


def _list_questions(queries: Sequence[SavedQuery]) -> None:
    table = _table("Question", "Name", "Parameters")
    for saved in queries:
        shown = ", ".join(f"{p.name}={p.default}" if p.default else p.name for p in saved.parameters)
        table.add_row(saved.summary, saved.name, shown)
    _print(table)


def _show_rows(saved: SavedQuery, result: QueryResult, store: Any) -> None:
    from kgbuild.query import display, evidence_of

    click.echo(saved.summary)
    if not result.rows:
        click.echo("No answer in this graph.")
        return
    if store is None:
        table = _table(*map(_heading, result.columns))
        for row in result.rows:
            table.add_row(*(display(term) for term in row))
        _print(table)
    else:
        for number, (row, binding) in enumerate(zip(result.rows, result.bindings, strict=True), 1):
            cells = [
                f"{_heading(c)}: {display(t)}"
                for c, t in zip(result.columns, row, strict=True)
                if t is not None
            ]
            click.echo(f"\n{number}. " + "\n   ".join(cells))
            _show_evidence(evidence_of(store, saved, binding), "   ")
    click.echo(f"{len(result.rows)} row{'s' * (len(result.rows) != 1)}")


def _show_evidence(rows: Sequence[Any], indent: str) -> None:
    seen = set()
    for e in rows:
        key = (e.article_iri, e.start, e.end, e.speaker, e.polarity, e.certainty)
        if key in seen:
            continue  # one sentence shows several facts of the row
        seen.add(key)
        source = ", ".join(x for x in (e.article_title, e.publisher, e.published) if x)
        said = f", says {e.speaker}" if e.speaker else ""
        stance = (
            "" if (e.polarity, e.certainty) == ("affirmed", "actual") else f" [{e.polarity}, {e.certainty}]"
        )
        click.echo(f"{indent}- “{' '.join(e.quote.split())}”")
        click.echo(f"{indent}  {source}{said}; characters {e.start}-{e.end}{stance}")


@cli.command()
@click.argument("thing")
@_DATA
def explain(thing: str, data: Path) -> None:
    """Show what is known of THING (a name, prefixed name or IRI), and for each fact the quotes behind it.

    \b
    kgbuild explain "JL MAG"
    kgbuild explain body:cn-mofcom
    """
    from kgbuild.query import explain as run
    from kgbuild.query import resolve_name
    from kgbuild.store import load_store

    store = load_store(data)
    found = run(store, resolve_name(store, thing))
    click.echo(f"{found.label} ({', '.join(found.classes) or 'no class'})\n{found.iri}")
    for fact, heading in (
        (True, "Known:"),
        (False, "Only claimed (denied, planned, possible or contested):"),
    ):
        statements = [s for s in found.statements if s.fact == fact]
        if statements:
            click.echo(f"\n{heading}")
        for s in statements:
            source = "" if s.evidence else "  (reference data)"
            click.echo(f"  {s.subject} — {s.predicate} — {s.value}{source}")
            _show_evidence(s.evidence, "      ")


@cli.command()
@click.argument("form", metavar="FORMAT", required=False)
@_DATA
@click.option("-o", "--out", type=_PATH, help="File to write; standard output by default.")
@click.option("--claims/--no-claims", default=None, help="With or without claims and evidence.")
@click.option("--ontology", is_flag=True, help="Add the vocabulary, as OWL tools need it.")
def export(form: str | None, data: Path, out: Path | None, *, claims: bool | None, ontology: bool) -> None:
    """Write the graph in FORMAT; without FORMAT list the formats.

    \b
    kgbuild export rdfxml --ontology -o graph.rdf
    kgbuild export nquads > graph.nq
    """
    from kgbuild.export import FORMATS, export_file
    from kgbuild.export import export as run

    if form is None:
        table = _table("Format", "Suffix", "For")
        for known in FORMATS.values():
            table.add_row(known.name, known.suffix, known.description)
        _print(table)
        return
    if out is None:
        run(data, form, sys.stdout.buffer, claims=claims, ontology=ontology)
    else:
        done = export_file(data, form, out, claims=claims, ontology=ontology)
        size = f"{done.triples} triples" if done.triples else f"{done.nodes} nodes, {done.edges} edges"
        click.echo(f"{out}: {size}", err=True)


@cli.command()
@click.option(
    "-o", "--out", type=_PATH, default=Path("out"), show_default=True, help="Folder for the results."
)
@click.pass_context
def demo(context: click.Context, out: Path) -> None:
    """Build the graph of the example articles, reason, validate, and ask which firms hold US licenses."""
    from kgbuild.resources import data_dir

    articles = data_dir("examples") / "articles"
    _step(f"kgbuild build {_relative(articles)} -o {out}")
    context.invoke(build, articles=(articles,), out=out, jobs=1, decisions=None)
    _step(f"kgbuild reason {out}")
    context.invoke(reason, file=out, timeout=120.0)
    _step(f"kgbuild query firms-holding-licenses -p destination=US --evidence -d {out}")
    context.invoke(
        query,
        name="firms-holding-licenses",
        data=out,
        params=("destination=US",),
        form="table",
        evidence=True,
    )


def _step(command: str) -> None:
    click.echo(f"\n$ {command}")


def _relative(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


# ---- showing


def _heading(column: str) -> str:
    """Return the name of a column as words: "firmLabel" -> "firm", "grantedBy" -> "granted by"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column.removesuffix("Label"))
    return words.lower()


def _table(*columns: str) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _print(table: Any) -> None:
    from rich.console import Console

    # in a pipe nothing is cut to a width that nobody has
    Console(width=None if sys.stdout.isatty() else 160, highlight=False, soft_wrap=False).print(table)


@contextmanager
def _progress(text: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that shows how many of how many are done; silent where nobody looks."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(text, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _send(text: str, out: Path | None) -> None:
    """Write `text` to a file, complete or not at all, or to standard output."""
    content = text.encode()  # data is UTF-8 in every locale
    if out is None:
        click.echo(content, nl=False)
        return
    part = out.with_name(out.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(out)
    except OSError as err:
        part.unlink(missing_ok=True)
        raise OutputError(f"{out}: cannot be written: {err.strerror}") from err


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 findings, 2 anything else."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status; errors are one line on standard error."""
    try:
        cli.main(arguments, prog_name="kgbuild", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as err:
        err.show()
        return 2
    except click.ClickException as err:
        context = err.ctx if isinstance(err, click.UsageError) else None
        where = context.command_path if context is not None else "kgbuild"
        hint = f" ({where} --help shows more)" if context is not None else ""
        _complain(where, err.format_message() + hint)
        return 2
    except click.Abort:
        click.echo("kgbuild: stopped", err=True)
        return 2
    except SystemExit as err:
        return err.code if isinstance(err.code, int) else 2
    except (_ReaderGone, BrokenPipeError):
        # the reader of the pipe has gone ("| head"); nothing more can be said to it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except (KgbuildError, OSError) as err:
        _complain("kgbuild", str(err))
        return 2
    except Exception as err:
        if os.environ.get("KGBUILD_DEBUG"):
            raise
        what = f"internal error: {type(err).__name__}: {err}; set KGBUILD_DEBUG=1 to see where"
        _complain("kgbuild", what)
        return 2
    return 0


def _complain(who: str, what: str) -> None:
    click.echo(f"{who}: {' '.join(what.split())}", err=True)
