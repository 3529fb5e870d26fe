"""The command `lexicon`: the words that come with kgbuild, and those of packs."""

# ruff: noqa: D301, PLC0415 - click wants a real backspace before examples; --help must not load spaCy
from __future__ import annotations

import sys
from pathlib import Path

import click

from kgbuild.cli.commands import PACK
from kgbuild.cli.showing import send


@click.group()
def lexicon() -> None:
    """Words, frames and names as data: check those that come with kgbuild and those of your own.

    \b
    kgbuild lexicon check
    kgbuild lexicon check --pack mine/
    """


@lexicon.command()
@PACK
def check(packs: tuple[Path, ...]) -> None:
    """Check every entry and read its example; with --pack those of your own folders too.

    One line a finding: file, line, id, what is wrong, what would be right. Exit status 0: nothing is
    wrong, 1: findings, 2: a folder is no pack.

    \b
    kgbuild lexicon check
    kgbuild lexicon check --pack mine/ --pack theirs/
    """
    from kgbuild.evaluate.lexicon_check import check_lexicon

    report = check_lexicon(packs)
    read = f"{report.examples} examples read" if report.was_read else "no example read: mend the files first"
    added = f", {report.added} of packs" if packs else ""
    things = f"; {report.things} things of packs" if report.things else ""
    summary = f"{report.entries} entries{added}; {read}{things}; {len(report.findings)} findings"
    send("".join(f"{finding}\n" for finding in report.findings) + summary + "\n", None)
    if report.findings:
        sys.exit(1)
