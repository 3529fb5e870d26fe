"""The commands about a folder that a build keeps: add, remove, replace, status, snapshots."""

# ruff: noqa: D301, PLC0415 - click wants a real backspace before examples; --help must not load spaCy
from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kgbuild.cli.showing import new_table, progress, show, show_build

if TYPE_CHECKING:  # heavy: loaded by the command that needs it
    from kgbuild.upkeep import KeptBuild

_PATH: Final = click.Path(path_type=Path)
_STORE: Final = click.argument("store", metavar="DIR", type=_PATH)
_JOBS: Final = click.option(
    "-j", "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes for the extraction."
)


def doing(command: str) -> str:
    """Return what another writer is told: the command and when it began."""
    from datetime import UTC, datetime

    return f"kgbuild {command}, begun {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"


def settle_earlier(data: Path | None) -> None:
    """Finish what a killed build began in a folder whose files are to be read."""
    if data is not None and (data / "current").is_file():
        from kgbuild.store import settle_if_idle

        settle_if_idle(data)


@click.command()
@_STORE
@click.argument("articles", nargs=-1, required=True, type=_PATH)
@_JOBS
def add(store: Path, articles: tuple[Path, ...], jobs: int) -> None:
    """Add ARTICLES (files or folders) to the build in DIR.

    The result is that of a build of all articles; those that are there already are not read again.

    \b
    kgbuild add out/ news/2026-03-01.txt
    kgbuild add out/ news/
    """
    from kgbuild import upkeep

    with progress("Reading articles") as advance:
        kept = upkeep.add(store, articles, doing=doing("add"), jobs=jobs, on_article=advance)
    finish(kept, store)


@click.command()
@_STORE
@click.argument("articles", nargs=-1, required=True, type=_PATH)
@_JOBS
def replace(store: Path, articles: tuple[Path, ...], jobs: int) -> None:
    """Replace articles of the build in DIR by ARTICLES, files with the same names.

    \b
    kgbuild replace out/ news/2026-03-01.txt
    """
    from kgbuild import upkeep

    with progress("Reading articles") as advance:
        kept = upkeep.replace(store, articles, doing=doing("replace"), jobs=jobs, on_article=advance)
    finish(kept, store)


@click.command()
@_STORE
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@_JOBS
def remove(store: Path, ids: tuple[str, ...], jobs: int) -> None:
    """Remove the articles of these IDs, their file names without suffix, from the build in DIR.

    Earlier snapshots still hold them; kgbuild snapshots DIR --keep 0 removes those.

    \b
    kgbuild remove out/ 2026-03-01
    """
    from kgbuild import upkeep

    with progress("Reading articles") as advance:
        kept = upkeep.remove(store, ids, doing=doing("remove"), jobs=jobs, on_article=advance)
    finish(kept, store)


def finish(kept: KeptBuild, folder: Path) -> None:
    """Print what a build made, and exit with 1 where it breaks a shape."""
    show_build(kept.build, folder, kept.report)
    if kept.report.violations:
        sys.exit(1)


@click.command()
@_STORE
@click.option("--articles", is_flag=True, help="List the articles too.")
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def status(store: Path, form: str, *, articles: bool) -> None:
    """Show what the build in DIR holds, whether its files are as built, and who writes to it now.

    \b
    kgbuild status out/
    kgbuild status out/ --articles
    kgbuild status out/ -f json
    """
    from kgbuild.store.condition import condition_of

    condition = condition_of(store)
    record = condition.to_dict()
    if not articles:
        del record["article_ids"]
    if form == "json":
        click.echo(json.dumps(record, ensure_ascii=False, indent=2))
        return
    show(_as_table(record))
    for id_ in record.get("article_ids", ()):
        click.echo(f"  {id_}")


def _as_table(record: dict[str, Any]) -> Any:
    table = new_table("", "")
    shown: dict[str, Callable[[Any], str]] = {
        "size": lambda n: f"{n / 1e6:,.1f} MB",
        "files": lambda wrong: "as built" if not wrong else f"changed since: {', '.join(wrong)}",
        "packs": ", ".join,
        "ontology": lambda same: "as in the store" if same else "newer than the store; build again",
        "snapshots": ", ".join,
        "writer": lambda who: who or "nobody",
    }
    for key, value in record.items():
        if key != "article_ids" and (value or key not in {"packs", "voter"}):
            table.add_row(key.replace("_", " "), shown.get(key, str)(value))
    return table


@click.command()
@_STORE
@click.option("--keep", type=click.IntRange(0), metavar="N", help="Remove all but the newest N earlier ones.")
@click.option("--restore", metavar="N", help="Let the snapshot of this number or name hold again.")
def snapshots(store: Path, keep: int | None, restore: str | None) -> None:
    """List the snapshots of the build in DIR; restore or remove earlier ones.

    A snapshot that somebody reads is not removed.

    \b
    kgbuild snapshots out/
    kgbuild snapshots out/ --restore 3
    kgbuild snapshots out/ --keep 0
    """
    from kgbuild.errors import StoreError
    from kgbuild.store import settle_if_idle
    from kgbuild.store.locks import writing
    from kgbuild.store.pruning import prune
    from kgbuild.store.publishing import restore as run
    from kgbuild.store.publishing import settle
    from kgbuild.store.snapshots import current_snapshot, find_snapshot, list_snapshots

    settle_if_idle(store)
    current = current_snapshot(store)
    if restore is not None or keep is not None:
        with writing(store, doing("snapshots")):
            settle(store)
            if restore is not None:
                run(store, find_snapshot(store, restore))
            if keep is not None:
                prune(store, keep)
        current = current_snapshot(store)
    table = new_table("", "Number", "Articles", "Claims", "Facts", "Violations", "SHA-256 of graph.ttl")
    for snapshot in list_snapshots(store):
        mark = "*" if snapshot == current else ""
        try:
            state = snapshot.state()
        except StoreError as err:
            table.add_row(mark, str(snapshot.number), *[""] * 4, str(err))
            continue
        counts = (str(state.counts[key]) for key in ("articles", "claims", "facts"))
        table.add_row(mark, str(snapshot.number), *counts, str(state.violations), state.digest)
    show(table)
