"""What people see, and how data is sent to a file or standard output."""

# ruff: noqa: PLC0415 - --help must not load what only some commands need
from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgbuild.errors import GraphError, OutputError

if TYPE_CHECKING:
    from kgbuild.evaluate.questions import Answered
    from kgbuild.pipeline import Build
    from kgbuild.validation import ValidationReport


def show_build(made: Build, out: Path, report: ValidationReport) -> None:
    """Print what a build made and where it is."""
    click.echo(
        f"{len(made.articles)} articles: {made.claims} claims, {made.facts} facts, "
        f"{made.contradictions} contradictions"
    )
    click.echo(
        f"{len(made.rejections)} candidates rejected, each with its reason in {out / 'rejected.jsonl'}"
    )
    warnings = len(report.results) - len(report.violations)
    click.echo(
        f"Validation: {len(report.violations)} violations, {warnings} warnings ({out / 'validation.ttl'})"
    )
    click.echo(f"Graph: {out / 'graph.ttl'}")


def show_figures(figures: Mapping[str, Any]) -> None:
    """Print the figures of an evaluation, then what was missed and what was found in excess."""
    counted = ("Right", "False", "Missed")
    table = new_table("Type", "Match", "Precision", "Recall", "F1", "95 % interval", *counted)
    for name, by_match in figures["types"].items():
        for match, f in by_match.items():
            low, high = f["f1_95"]
            shares = (f"{f[key]:.2f}" for key in ("precision", "recall", "f1"))
            counts = (str(f[key]) for key in ("tp", "fp", "fn"))
            table.add_row(name, match, *shares, f"{low:.2f}-{high:.2f}", *counts)
    show(table)
    dates, offsets = figures["dates"], figures["offsets"]
    click.echo(f"Modality: macro F1 {figures['modality_macro_f1']:.2f} among matched facts")
    days = f"{dates['invented_days']} invented days"
    click.echo(f"Dates: {dates['right']} right, {dates['wrong']} wrong, {days}")
    click.echo(f"Offsets: {offsets['wrong']} of {offsets['checked']} wrong")
    if "disagreements" in figures:
        d = figures["disagreements"]
        click.echo(f"Disagreements: {d['right']} right, {d['false']} false, {d['missed']} not found")
    for heading, key in (("Missed:", "misses"), ("Found in excess:", "false")):
        click.echo("\n".join([heading, *(f"  {line}" for line in figures[key])]))


def show_answered(answered: Sequence[Answered]) -> None:
    """Print gold questions with their verdicts, then what was missed and what was answered in excess."""
    table = new_table("Id", "Question", "Verdict", "Rows wanted", "Answered", "Missed", "In excess")
    for a in answered:
        counts = (a.wanted, a.found, len(a.missed), len(a.extra))
        table.add_row(a.id, a.question, a.verdict, *map(str, counts))
    show(table)
    for a in answered:
        for word, lines in (("missed", a.missed), ("in excess", a.extra)):
            click.echo("".join(f"{a.id} {word}: {line}\n" for line in lines), nl=False)
    click.echo(f"{sum(a.verdict == 'right' for a in answered)} of {len(answered)} questions answered right")


def read_disagreements(data: Path, verdict: str | None) -> list[tuple[str, dict[str, Any]]]:
    """Return the disagreements of a build's folder, each as line and record. Raises GraphError."""
    path = data / "disagreements.jsonl"
    try:
        lines = path.read_text("utf-8").splitlines()
        found = [(line, json.loads(line)) for line in lines]
    except FileNotFoundError as err:
        raise GraphError(f"{path} is not there; make it with: kgbuild build ARTICLES -o {data}") from err
    except (OSError, ValueError) as err:
        raise GraphError(f"{path}: cannot be read: {err}") from err
    return [(line, record) for line, record in found if verdict in {None, record["verdict"]}]


def show_disagreements(found: Sequence[Mapping[str, Any]]) -> None:
    """Print disagreements: what is compared, the verdict with its reason, and each value with its quotes."""
    for number, d in enumerate(found, 1):
        about = d["about"].rsplit("/", 1)[-1]
        click.echo(f"\n{number}. {d['verdict']}: {d['topic']} ({about})\n   {d['reason']}")
        for value in d["values"]:
            click.echo(f"   - {value['says']}")
            for place in value["places"]:
                quote = " ".join(place["quote"].split())
                quote = quote if len(quote) <= 100 else quote[:98] + " …"
                click.echo(f"       {place['article']} {place['start']}-{place['end']}: “{quote}”")
    counts = Counter(d["verdict"] for d in found)
    click.echo(", ".join(f"{n} {verdict}" for verdict, n in sorted(counts.items())) or "No disagreement.")


def show_evidence(rows: Sequence[Any], indent: str) -> None:
    """Print quotes, each place once, with article, speaker and stance."""
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
        click.echo(visible(f"{indent}- “{' '.join(e.quote.split())}”"))
        click.echo(visible(f"{indent}  {source}{said}; characters {e.start}-{e.end}{stance}"))


def visible(text: str) -> str:
    """Return `text` without what a terminal would obey instead of showing it."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "\ufffd", text)


def new_table(*columns: str) -> Any:
    """Return an empty table with these headings."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def show(table: Any) -> None:
    """Print a table; in a pipe in a width that cuts nothing."""
    from rich.console import Console

    # in a pipe nothing is cut to a width that nobody has
    Console(
        width=None if sys.stdout.isatty() else 160,
        highlight=False,
        soft_wrap=False,
        markup=False,
        emoji=False,
    ).print(table)


@contextmanager
def progress(text: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that shows how many of how many are done; silent where nobody looks."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(text, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def send(data: str | bytes, out: Path | None) -> None:
    """Write `data` to a file, complete or not at all, or to standard output; text in UTF-8 everywhere."""
    content = data.encode() if isinstance(data, str) else data
    if out is None:
        click.echo(content, nl=False)
        return
    part = out.with_name(out.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(out)
    except OSError as err:
        with suppress(OSError):  # the error that is on its way says more
            part.unlink(missing_ok=True)
        raise OutputError(f"{out}: cannot be written: {err.strerror}") from err
