"""The command `validate`: shapes and quotes, with places, for people and for CI."""

# ruff: noqa: D301, PLC0415 - click wants a real backspace before examples; --help must not load rdflib
from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kgbuild.cli.findings import show_report
from kgbuild.cli.showing import send
from kgbuild.cli.store import settle_earlier

if TYPE_CHECKING:  # heavy: loaded by the command that needs it
    from kgbuild.validation import Finding, ValidationReport

_PATH: Final = click.Path(path_type=Path)
_FORMATS: Final = ("text", "turtle", "json", "junit", "sarif", "github", "gitlab")
_SYNTAXES: Final = ("ttl", "trig", "nt", "nq", "jsonld", "rdf")
_STDIN: Final = Path("-")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--shapes", type=_PATH, multiple=True, help="SHACL shapes beside kgbuild's own: a file or folder of .ttl."
)
@click.option("--own-shapes/--no-own-shapes", default=True, help="Whether kgbuild's own shapes are applied.")
@click.option(
    "-f", "--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True, help="Report."
)
@click.option("-o", "--out", type=_PATH, help="File for the report; standard output by default.")
@click.option(
    "--fail-on",
    type=click.Choice(["violation", "warning", "info"]),
    default="violation",
    show_default=True,
    help="The least severity that makes the exit status 1.",
)
@click.option("--fail-on-vacuous", is_flag=True, help="Fail also where a shape has nothing to check.")
@click.option("--max-results", type=click.IntRange(0), help="Show no more; how many are left out is told.")
@click.option("--baseline", type=_PATH, help="An earlier JSON report: what it has does not fail any more.")
@click.option(
    "--syntax", type=click.Choice(_SYNTAXES), default="ttl", show_default=True, help="Of standard input (-)."
)
@click.option("--checks/--no-checks", default=True, help="Also ask the questions of queries/checks.")
@click.option(
    "--engine",
    type=click.Choice(["sets", "pyshacl"]),
    default="sets",
    show_default=True,
    help="Both find the same; pyshacl is the reference, and slow on large graphs.",
)
def validate(  # noqa: PLR0913 - click passes one argument an option
    files: tuple[Path, ...], shapes: tuple[Path, ...], form: str, out: Path | None, fail_on: str, *,
    own_shapes: bool, fail_on_vacuous: bool, max_results: int | None, baseline: Path | None, checks: bool,
    syntax: str, engine: str,
) -> None:  # fmt: skip
    """Check FILES (RDF files, or the output folder of a build) against shapes, and quotes against articles.

    Each finding has its line in the data file and the sentence of the article behind it. Exit status: 0
    nothing at or above --fail-on, 1 findings, 2 anything else.

    \b
    kgbuild validate out/
    kgbuild validate graph.ttl --shapes my-shapes/ --fail-on warning
    kgbuild validate graph.ttl --shapes my-shapes/ --no-own-shapes --no-checks
    kgbuild validate out/ -f sarif -o findings.sarif
    kgbuild validate out/ -f json -o baseline.json; kgbuild validate out/ --baseline baseline.json
    cat graph.nq | kgbuild validate - --syntax nq -f github
    """
    folders = [f for f in files if f.is_dir()]
    if len(folders) > 1:
        raise click.UsageError("one output folder at a time, for each has texts of its own")
    if not own_shapes and not shapes:
        raise click.UsageError("--no-own-shapes leaves nothing to validate; give --shapes too")
    from kgbuild import validation as v
    from kgbuild.resources import data_dir

    settle_earlier(folders[0] if folders else None)
    known = v.read_baseline(baseline) if baseline is not None else frozenset()
    with _inputs(files, syntax) as graphs:
        report, findings = v.find(
            graphs,
            shapes=(*((data_dir("shapes"),) if own_shapes else ()), *shapes),
            texts=folders[0] if folders else None,
            engine=engine,
            checks=checks,
            known=known,
            most=0 if form == "turtle" else max_results,
        )
        new = [r for r in report.results if form == "turtle" or v.fingerprint(r) not in known]
        _report(report, v.relative(findings, Path.cwd()), len(new), form, out)
    failing = any(v.at_least(r.severity, fail_on.capitalize()) for r in new)
    if failing or (fail_on_vacuous and report.vacuous):
        sys.exit(1)


@contextmanager
def _inputs(files: Sequence[Path], syntax: str) -> Iterator[list[Path]]:
    """Yield the files to read: graph.ttl of a folder, and standard input as a file of its own."""
    with tempfile.TemporaryDirectory(prefix="kgbuild-") as folder:
        graphs = []
        for path in files:
            if path == _STDIN:
                standard = Path(folder) / f"standard-input.{syntax}"
                standard.write_bytes(sys.stdin.buffer.read())
                graphs.append(standard)
            else:
                graphs.append(path / "graph.ttl" if path.is_dir() else path)
        yield graphs


def _report(
    report: ValidationReport, findings: Sequence[Finding], found: int, form: str, out: Path | None
) -> None:
    """Write the report: in colors to a terminal, else as text."""
    from importlib.metadata import version

    from kgbuild.validation import WRITERS

    if form == "text":
        show_report(report, findings, found, out)
    elif form == "turtle":
        send(report.to_turtle(), out)
    else:
        send(WRITERS[form](report, findings, version("kgbuild")), out)
        if len(findings) < found:
            click.echo(f"{found - len(findings)} of {found} results are left out", err=True)
