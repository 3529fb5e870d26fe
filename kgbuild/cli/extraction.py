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
from kgbuild.cli.showing import progress, send, show_answered, show_figures

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
@click.option(
    "--questions", type=_PATH, help="Annotated questions: score the saved queries on a graph of the articles."
)
@click.option("--asks", type=_PATH, help="With --questions: which saved query answers which question.")
@PACK
def evaluate(
    gold: Path, articles: Path, form: str, questions: Path | None, asks: Path | None, packs: tuple[Path, ...]
) -> None:
    """Compare the extraction with gold facts: precision, recall and F1 by type, modality, dates, every miss.

    \b
    kgbuild evaluate --gold tests/gold/development/gold --articles tests/gold/development/articles
    kgbuild evaluate --gold gold/ --articles articles/ -f json
    kgbuild evaluate --gold gold/ --articles articles/ --pack mine/
    kgbuild evaluate --gold gold/ --articles articles/ --questions gold/questions.json --asks asks.json
    """
    from kgbuild.evaluate import evaluate as run

    if (questions is None) != (asks is None):
        raise click.UsageError("--questions and --asks go together")
    if questions is not None and asks is not None:
        _questions(gold, articles, form, questions, asks, packs)
        return

    figures = run(gold, articles, packs=packs).to_dict()
    if form == "json":
        click.echo(json.dumps(figures, ensure_ascii=False, indent=2))
    else:
        show_figures(figures)


def _questions(
    gold_folder: Path, folder: Path, form: str, questions: Path, asks: Path, packs: Sequence[Path]
) -> None:
    """Build the graph of annotated articles, ask the saved queries, and show which questions are right."""
    import tempfile

    from kgbuild import pipeline
    from kgbuild.evaluate.cells import Comparer
    from kgbuild.evaluate.gold import gold_places, read_gold, read_gold_articles
    from kgbuild.evaluate.questions import read_asks, read_questions, score
    from kgbuild.graph import article_iri
    from kgbuild.ontology import load_ontology
    from kgbuild.parallel import make_extractor
    from kgbuild.store import load_store

    gold = read_gold(gold_folder)
    articles = read_gold_articles(gold, folder)
    ontology = load_ontology(None, packs)
    extractor = make_extractor(ontology, packs=packs)
    extractions = [extractor.extract(article) for article in articles]
    made = pipeline.assemble(articles, extractions, ontology, {}, extractor.rules_digest)
    places = gold_places(gold, gold_folder, {a.id: article_iri(a) for a in articles})
    with tempfile.TemporaryDirectory() as temporary:
        graph = Path(temporary) / "graph.ttl"
        graph.write_text(made.graph.turtle(), "utf-8")
        answered = score(
            load_store(graph), Comparer(ontology, places), read_questions(questions), read_asks(asks)
        )
    if form == "json":
        click.echo(json.dumps([a.to_dict() for a in answered], ensure_ascii=False, indent=2))
    else:
        show_answered(answered)
