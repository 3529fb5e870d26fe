"""The commands about the extraction alone: extract, evaluate."""

# ruff: noqa: D301, PLC0415 - click wants a real backspace before examples; --help must not load spaCy
from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kgbuild.cli.commands import PACK, VOTER
from kgbuild.cli.showing import progress, send, show_figures

if TYPE_CHECKING:  # heavy: loaded by the command that needs it
    from kgbuild.model import Article

_PATH: Final = click.Path(path_type=Path)


@click.command()
@click.argument("articles", nargs=-1, type=_PATH)
@click.option("-o", "--out", type=_PATH, help="File to write; standard output by default.")
@click.option("-j", "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes.")
@click.option(
    "--explain", is_flag=True, help="Show by sentence what matched, by which rule, and what was refused."
)
@click.option("--html", is_flag=True, help="With --explain: a page with highlights.")
@PACK
@VOTER
@click.option("--schema", is_flag=True, help="Print the JSON Schema of a line and stop.")
def extract(
    articles: tuple[Path, ...],
    out: Path | None,
    jobs: int,
    packs: tuple[Path, ...],
    voter: str,
    *,
    explain: bool,
    html: bool,
    schema: bool,
) -> None:
    """Write what each article says as one JSON line: mentions, events with roles and spans, rejections.

    \b
    kgbuild extract articles/ > extractions.jsonl
    kgbuild extract article.txt --explain
    kgbuild extract articles/ --pack mine/
    kgbuild extract articles/ --explain --html -o why.html
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
    if html and not explain:
        raise click.UsageError("--html goes with --explain only")
    read = read_articles(articles)
    if explain:
        _explain(read, out, packs, voter, html=html)
        return
    lines = []
    with progress("Reading articles") as advance:
        extractor = make_extractor(load_ontology(None, packs), packs=packs, voter=voter)
        for extraction in extract_all(read, extractor, jobs=jobs, packs=packs, voter=voter):
            lines.append(to_record(extraction) + "\n")
            advance(len(lines), len(read))
    send("".join(lines), out)


def _explain(
    articles: Sequence[Article], out: Path | None, packs: Sequence[Path], voter: str, *, html: bool
) -> None:
    from kgbuild.cli.explanations import to_lines, to_page
    from kgbuild.extract.explanation import explain
    from kgbuild.ontology import load_ontology
    from kgbuild.parallel import make_extractor

    extractor = make_extractor(load_ontology(None, packs), packs=packs, voter=voter)
    explained = [
        (f"{a.id}: {a.title}" if a.title else a.id, explain(extractor.extract(a), extractor.sentences(a)))
        for a in articles
    ]
    if html:
        send(to_page(explained), out)
        return
    from rich.console import Console

    if out is not None:
        raise click.UsageError(
            "--explain without --html goes to the terminal; write a page with --html -o FILE"
        )
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    for title, sentences in explained:
        for line in to_lines(sentences, title):
            console.print(line)
        console.print()


@click.command()
@click.option("--gold", type=_PATH, required=True, help="Folder of gold files, one JSON file an article.")
@click.option("--articles", type=_PATH, required=True, help="Folder of the articles that were annotated.")
@click.option(
    "-f", "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True
)
@PACK
def evaluate(gold: Path, articles: Path, form: str, packs: tuple[Path, ...]) -> None:
    """Compare the extraction with gold facts: precision, recall and F1 by type, modality, dates, every miss.

    \b
    kgbuild evaluate --gold tests/gold/development/gold --articles tests/gold/development/articles
    kgbuild evaluate --gold gold/ --articles articles/ -f json
    kgbuild evaluate --gold gold/ --articles articles/ --pack mine/
    """
    from kgbuild.evaluate import evaluate as run

    figures = run(gold, articles, packs=packs).to_dict()
    if form == "json":
        click.echo(json.dumps(figures, ensure_ascii=False, indent=2))
    else:
        show_figures(figures)
