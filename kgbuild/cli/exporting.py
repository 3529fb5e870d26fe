"""The command that writes a graph for other tools."""

# ruff: noqa: D301, PLC0415 - click wants a real backspace before examples; --help must not load Oxigraph
from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kgbuild.cli.showing import new_table, show
from kgbuild.cli.store import settle_earlier

if TYPE_CHECKING:
    from kgbuild.export import Exported

_PATH: Final = click.Path(path_type=Path)


@click.command()
@click.argument("form", metavar="FORMAT", required=False)
@click.option(
    "-d",
    "--data",
    type=_PATH,
    default=Path("out"),
    show_default=True,
    help="Output folder of a build, or an RDF file.",
)
@click.option(
    "-o",
    "--out",
    type=_PATH,
    help="File to write, standard output by default; formats of several files write a folder or a .zip file.",
)
@click.option(
    "--view",
    type=click.Choice(["facts", "evidence", "all"]),
    help="Facts alone, with claims and quotes, or with the vocabulary too; each format has its own default.",
)
@click.option(
    "--owl", is_flag=True, help="Turtle and RDF/XML: as one OWL ontology, every property declared (Protégé)."
)
@click.option("--license", "license_", metavar="IRI", help="dataset, rocrate: license, CC BY 4.0 by default.")
@click.option("--base", metavar="IRI", default="", help="dataset: where the files are published.")
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="dataset, rocrate: a further file to list with size and digest.",
)
def export(
    form: str | None,
    data: Path,
    out: Path | None,
    view: str | None,
    license_: str | None,
    base: str,
    files: tuple[Path, ...],
    *,
    owl: bool,
) -> None:
    """Write the graph in FORMAT for other tools; without FORMAT list the formats.

    \b
    kgbuild export nquads > graph.nq
    kgbuild export html -o report.html                 all facts with their quotes in one page
    kgbuild export csv -o tables/                      a table a class
    kgbuild export graphml --view evidence -o all.graphml
    kgbuild export rdfxml --owl -o graph.owl           opens in Protégé
    kgbuild export dataset --file report.html -o dataset.ttl
    """
    from kgbuild.export import LICENSE, Description, export_file, find_format
    from kgbuild.export import export as run

    if form is None:
        _list_formats()
        return
    known = find_format(form)
    if known.kind != "description" and (license_ or base or files):
        raise click.UsageError("--license, --base and --file go with the formats dataset and rocrate only")
    described = Description(license_ or LICENSE, base, files)
    settle_earlier(data)
    if out is None:
        if known.folder and sys.stdout.isatty():
            raise click.UsageError(f"{form} has several files; name a folder with --out")
        run(data, form, sys.stdout.buffer, view=view, owl=owl, description=described)
    else:
        done = export_file(data, form, out, view=view, owl=owl, description=described)
        click.echo(f"{out}: {_size(done)}", err=True)


def _list_formats() -> None:
    from kgbuild.export import FORMATS, VIEWS

    table = new_table("Format", "Writes", "View", "For")
    for known in FORMATS.values():
        table.add_row(known.name, "a folder" if known.folder else known.suffix, known.view, known.description)
    show(table)
    for name, description in VIEWS.items():
        click.echo(f"--view {name}: {description}")


def _size(done: Exported) -> str:
    counts = (
        (done.triples, "triple"),
        (done.nodes, "node"),
        (done.edges, "edge"),
        (done.things, "thing"),
        (done.files if done.format.folder else 0, "file"),
    )
    shown = [f"{number} {noun}{'s' * (number != 1)}" for number, noun in counts if number]
    if done.replaced:
        shown.append(f"{done.replaced} characters that XML cannot hold written as U+FFFD")
    return ", ".join(shown) or "nothing: the graph is empty"
