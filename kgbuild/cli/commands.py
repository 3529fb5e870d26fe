"""The commands: each parses its options, calls one function, and shows what comes back."""

# ruff: noqa: D301, PLC0415 - click wants a real backspace before examples; --help must not load spaCy
from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

import click

from kgbuild.cli.querying import query
from kgbuild.cli.reasoning import reason
from kgbuild.cli.showing import (
    progress,
    read_disagreements,
    send,
    show_disagreements,
    show_evidence,
)
from kgbuild.cli.store import doing, finish, settle_earlier
from kgbuild.errors import QueryError

_PATH: Final = click.Path(path_type=Path)
_DATA: Final = click.option(
    "-d",
    "--data",
    type=_PATH,
    default=Path("out"),
    show_default=True,
    help="Output folder of a build, or an RDF file.",
)


VOTER: Final = click.option(
    "--voter",
    default="",
    metavar="PIPELINE",
    help="An installed spaCy pipeline that reads license sentences a second time.",
)
PACK: Final = click.option(
    "--pack",
    "packs",
    multiple=True,
    type=_PATH,
    metavar="DIR",
    help="A folder of your own: words in DIR/lexicon, names in DIR/ontology (docs/extending.md).",
)


class _Commands(click.Group):
    """click would report a closed pipe as status 1, which stands for findings."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            done = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError as err:
            raise ReaderGone from err
        return done


class ReaderGone(Exception):  # noqa: N818 - nothing went wrong
    """The reader of standard output has read enough."""


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="kgbuild")
def cli() -> None:
    """Turn news about firms, regulators, rare earths and licenses into a knowledge graph with evidence.

    \b
    kgbuild build articles/ -o out/                            articles in, validated graph out
    kgbuild query                                              what can be asked
    kgbuild query firms-holding-licenses -p destination=US --evidence
    kgbuild explain "JL MAG"                                   what is known, and which quotes say so
    """


@cli.command()
@click.argument("articles", nargs=-1, required=True, type=_PATH)
@click.option(
    "-o",
    "--out",
    "--store",
    "out",
    type=_PATH,
    default=Path("out"),
    show_default=True,
    help="Folder for the results, kept ready for kgbuild query, add, remove and replace.",
)
@click.option(
    "-j", "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes for the extraction."
)
@click.option("--decisions", type=_PATH, help="Reviewed names: one JSON object a line, with name and iri.")
@PACK
@VOTER
def build(
    articles: tuple[Path, ...],
    out: Path,
    jobs: int,
    decisions: Path | None,
    packs: tuple[Path, ...],
    voter: str,
) -> None:
    """Build the graph of ARTICLES (.txt or .md files, or folders of them) and validate it.

    An article that was read into the same folder before, by the same rules, is not read again.

    \b
    kgbuild build articles/ -o out/
    kgbuild build one.txt two.md -o out/ --jobs 2
    kgbuild build articles/ -o out/ --pack mine/
    """
    from kgbuild import upkeep

    with progress("Reading articles") as advance:
        kept = upkeep.build_store(
            out,
            articles,
            doing=doing("build"),
            jobs=jobs,
            decisions=decisions,
            packs=packs,
            voter=voter,
            on_article=advance,
        )
    finish(kept, out)


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
    from kgbuild.store import open_store

    with open_store(data) as store:
        found = run(store, resolve_name(store, thing))
    if not found.statements and not found.classes:
        raise QueryError(f"{data} tells nothing of {found.iri}")
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
            show_evidence(s.evidence, "      ")


@cli.command()
@_DATA
@click.option(
    "--verdict",
    type=click.Choice(["contradiction", "precision", "compatible"]),
    help="Only these: what cannot all be true, what is coarser or finer, what only looks alike.",
)
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def disagreements(data: Path, verdict: str | None, form: str) -> None:
    """Show where the articles of a build tell something in more than one way, each value with its quotes.

    \b
    kgbuild disagreements
    kgbuild disagreements --verdict contradiction -f json
    """
    settle_earlier(data)
    found = read_disagreements(data, verdict)
    if form == "json":
        send("".join(line + "\n" for line, _ in found), None)
    else:
        show_disagreements([record for _, record in found])


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
    context.invoke(build, articles=(articles,), out=out, jobs=1, decisions=None, packs=(), voter="")
    _step(f"kgbuild reason {out}")
    context.invoke(reason, file=out, timeout=120.0)
    _step(f"kgbuild query firms-holding-licenses -p destination=US --evidence -d {out}")
    context.invoke(
        query,
        name="firms-holding-licenses",
        data=out,
        params=("destination=US",),
        evidence=True,
    )


def _step(command: str) -> None:
    click.echo(f"\n$ {command}")


def _relative(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
