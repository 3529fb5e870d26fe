"""The command line. Exit status: 0 done, 1 findings (violations, inconsistency), 2 anything else."""

from kgbuild.cli.commands import cli
from kgbuild.cli.running import main, run

__all__ = ["cli", "main", "run"]
