"""The report of a validation for people: grouped by shape, in colors on a terminal."""

# ruff: noqa: PLC0415 - --help must not load rich and rdflib
from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kgbuild.cli.showing import new_table, send, visible

if TYPE_CHECKING:  # heavy: loaded by the command that needs it
    from kgbuild.validation import Finding, Location, Source, ValidationReport

_COLORS: Final = {"Violation": "bold red", "Warning": "bold yellow", "Info": "bold cyan"}
#: Columns of a table that no terminal cuts.
_WIDE: Final = 160
_QUOTE: Final = 110


def show_report(report: ValidationReport, findings: Sequence[Finding], found: int, out: Path | None) -> None:
    """Write findings, the severest first, and what shapes looked at; `found` counts those left out too."""
    from rich.console import Console
    from rich.padding import Padding

    plain = io.StringIO()
    seen = out is None and sys.stdout.isatty()
    options: dict[str, Any] = {"highlight": False, "markup": False, "emoji": False}
    console = Console(**options) if seen else Console(file=plain, width=_WIDE, no_color=True, **options)
    for indent, text in _lines(report, findings, found):
        if text is None:
            console.print(_table(report, findings))
        elif seen:  # a long line goes on below its beginning
            console.print(Padding(text, (0, 0, 0, indent)))
        else:
            console.print(" " * indent + text.plain, soft_wrap=True)
    if not seen:
        send("\n".join(line.rstrip() for line in plain.getvalue().splitlines()) + "\n", out)


def _lines(report: ValidationReport, findings: Sequence[Finding], found: int) -> Iterator[tuple[int, Any]]:
    """Yield indents and texts; None stands for the table."""
    from rich.text import Text

    from kgbuild.validation.report import SEVERITIES, compact_shape

    def shape_of(f: Finding) -> str:
        return f.result.source_shape

    ordered = sorted(findings, key=lambda f: (SEVERITIES.index(f.result.severity), shape_of(f)))
    for shape, group in groupby(ordered, key=shape_of):
        members = list(group)
        first = members[0].result
        nodes = _focus_nodes(report, shape)
        looked_at = "" if nodes is None else f" of {nodes:,} focus node{'' if nodes == 1 else 's'}"
        heading = Text.assemble(
            (first.severity, _COLORS[first.severity]), ": ", (compact_shape(shape), "bold")
        )
        yield 0, heading.append(f", {len({f.result.focus_node for f in members}):,}{looked_at}")
        yield 2, Text(visible(first.message))
        for f in sorted(members, key=_in_file):
            yield from _finding(f, "" if f.result.message == first.message else f.result.message)
        yield 0, Text()
    if findings:
        yield 0, None
    if len(findings) < found:
        yield 0, Text(f"{found - len(findings):,} of {found:,} results are left out (--max-results)")
    passed = [count for shape, count in report.shapes.items() if count and not _results(findings, shape)]
    if passed and len(findings) == found:
        yield 0, Text(f"{len(passed)} {'other ' if findings else ''}shapes found nothing wrong")
    if report.vacuous:
        named = ", ".join(compact_shape(shape) for shape in report.vacuous)
        yield 0, Text(f"Nothing to check for {len(report.vacuous)}: {named}", style="dim")
    worst = min((SEVERITIES.index(r.severity) for r in report.results), default=None)
    yield 0, Text(report.summary(), style="bold green" if worst is None else _COLORS[SEVERITIES[worst]])


def _in_file(f: Finding) -> tuple[str, int, int]:
    at = f.location
    return ("", 0, 0) if at is None else (at.file, at.line or 0, at.column or 0)


def _focus_nodes(report: ValidationReport, shape: str) -> int | None:
    """Return how many nodes a shape looked at; None for graph checks and for shapes inside other shapes."""
    from kgbuild.validation.report import CHECKS

    if shape.startswith(CHECKS):
        return None
    return report.shapes.get(shape, report.shapes.get(shape.rpartition("-")[0]))


def _results(findings: Sequence[Finding], shape: str) -> Counter[str]:
    """Return how many findings of each severity a shape and its property shapes have."""
    return Counter(
        f.result.severity
        for f in findings
        if f.result.source_shape == shape or f.result.source_shape.startswith(shape + "-")
    )


def _table(report: ValidationReport, findings: Sequence[Finding]) -> Any:
    """Return the shapes that found something, with their focus nodes."""
    from kgbuild.validation.report import SEVERITIES, compact_shape

    table = new_table("Shape", "Focus nodes", *(f"{s}s" if s != "Info" else s for s in SEVERITIES))
    for column in table.columns[1:]:
        column.justify = "right"
    for shape in report.shapes:
        counts = _results(findings, shape)
        if counts:
            nodes = _focus_nodes(report, shape)
            told = [f"{counts[s]:,}" if counts[s] else "" for s in SEVERITIES]
            table.add_row(compact_shape(shape), "" if nodes is None else f"{nodes:,}", *told)
    return table


def _finding(f: Finding, message: str) -> Iterator[tuple[int, Any]]:
    from rich.text import Text

    from kgbuild.validation.formats import headline

    place = "" if f.location is None else f"{_place(f.location)}: "
    yield 4, Text.assemble((visible(place), "cyan"), visible(headline(f)))
    if message:
        yield 6, Text(visible(message))
    for source in f.sources:
        yield 6, _quoted(source)


def _quoted(source: Source) -> Any:
    from rich.text import Text

    quote = " ".join(source.quote.split())
    quote = quote if len(quote) <= _QUOTE else quote[: _QUOTE - 2] + " …"
    return Text.assemble((visible(f"“{quote}” "), "italic"), (visible(_place(source.location)), "cyan"))


def _place(at: Location) -> str:
    return ":".join(str(x) for x in (at.file, at.line, at.column) if x is not None)
