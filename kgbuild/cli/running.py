"""Running the command line: exit status, and errors in one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from kgbuild.cli.agents import mcp
from kgbuild.cli.commands import ReaderGone, cli
from kgbuild.cli.exporting import export
from kgbuild.cli.extraction import evaluate, extract
from kgbuild.cli.lexicon import lexicon
from kgbuild.cli.querying import query, sparql
from kgbuild.cli.reasoning import ontology, reason
from kgbuild.cli.serving import serve
from kgbuild.cli.store import add, remove, replace, snapshots, status
from kgbuild.cli.validation import validate
from kgbuild.errors import KgbuildError

for _command in (
    add,
    remove,
    replace,
    status,
    snapshots,
    extract,
    lexicon,
    evaluate,
    validate,
    reason,
    ontology,
    query,
    sparql,
    export,
    mcp,
    serve,
):
    cli.add_command(_command)


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
    except (ReaderGone, BrokenPipeError):
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
