"""SPARQL in notebooks: `%load_ext kgbuild` adds the magics %sparql and %%sparql."""

# ruff: noqa: PLC0415 - IPython is there when this is called, and only then

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from kgbuild.errors import KgbuildError, QueryError
from kgbuild.knowledge_graph import KnowledgeGraph, Rows, open_graph
from kgbuild.knowledge_graph.opened import ROWS
from kgbuild.query.worker import SECONDS

_OPTION: Final = re.compile(
    r"\s*(--?[A-Za-z][A-Za-z-]*)(?=[=\s]|$)(?:[=\s]\s*((?:\"[^\"]*\"|'[^']*'|[^\s\"'])+))?", re.ASCII
)
_NAMES: Final = {
    "-d": "data", "--data": "data", "--as": "name", "-p": "param", "--param": "param",
    "--limit": "limit", "--timeout": "timeout", "-e": "evidence", "--evidence": "evidence",
}  # fmt: skip
_HELP: Final = """Answer a query in SPARQL, on the graph of a build or of an RDF file.

%sparql [options] SELECT ...        in one line
%%sparql [options]                  the query in the lines below

-d, --data DATA       folder of a build, RDF file, or a variable that holds an opened graph; by default the
                      one of the magic before, else out
--as NAME             put the rows into this variable too
-p, --param N=VALUE   a parameter, for BIND(?__n_iri AS ?x); may be repeated
-e, --evidence        each row with its places
--limit ROWS          10000 by default, 0 for all
--timeout SECONDS     60 by default
"""


@dataclass(frozen=True, slots=True)
class Options:
    """What stands before the query."""

    data: str = ""
    name: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    evidence: bool = False
    limit: int = ROWS
    timeout: float = SECONDS


def read_options(line: str) -> tuple[Options, str]:
    """Return the options at the beginning of `line`, and the rest. Raises QueryError for a wrong one.

    >>> read_options("--as firms --limit 5 SELECT ?f { ?f a kg:Firm }")[1]
    'SELECT ?f { ?f a kg:Firm }'
    """
    options = Options()
    at = 0
    while match := _OPTION.match(line, at):
        name = _NAMES.get(match[1])
        if name is None:
            raise QueryError(f"there is no option {match[1]}; options: {', '.join(_NAMES)}")
        if name == "evidence":
            options = replace(options, evidence=True)
            at = match.end(1)
            continue
        if match[2] is None:
            raise QueryError(f"{match[1]} needs a value")
        options = _with(options, match[1], name, _unquoted(match[2]))
        at = match.end()
    return options, line[at:].strip()


def _with(options: Options, written: str, name: str, value: str) -> Options:
    match name:
        case "data":
            return replace(options, data=value)
        case "name":
            if not value.isidentifier():
                raise QueryError(f"--as {value}: is no name of a variable")
            return replace(options, name=value)
        case "param":
            key, equals, given = value.partition("=")
            if not equals or key in options.parameters:
                raise QueryError(f"{written} {value}: write each parameter once, as NAME=VALUE")
            return replace(options, parameters={**options.parameters, key: given})
        case "limit":
            if not value.isdecimal():
                raise QueryError(f"--limit {value}: is no number of rows; 0 gives all")
            return replace(options, limit=int(value))
        case _:
            try:
                seconds = float(value)
            except ValueError:
                seconds = 0.0
            if not 0 < seconds < float("inf"):
                raise QueryError(f"--timeout {value}: is no number of seconds above 0")
            return replace(options, timeout=seconds)


def _unquoted(value: str) -> str:
    if not re.search("[\"']", value):
        return value
    try:
        return "".join(shlex.split(value, posix=True))
    except ValueError as err:
        raise QueryError(f"{value}: a quotation mark is missing") from err


class Magic:
    """The magic of one shell; it keeps the graphs that it has opened."""

    def __init__(self, shell: Any) -> None:
        self.__doc__ = _HELP  # is what %sparql? shows
        self._shell = shell
        self._opened: dict[Path, KnowledgeGraph] = {}
        self._last: KnowledgeGraph | None = None

    def __call__(self, line: str, cell: str | None = None) -> Rows:
        """Return what `answer` returns. Raises UsageError, of which IPython shows one line."""
        from IPython.core.error import UsageError

        try:
            return self.answer(line, cell)
        except (KgbuildError, OSError) as err:
            raise UsageError(" ".join(str(err).split())) from err

    def answer(self, line: str, cell: str | None = None) -> Rows:
        """Return the answer to the query after the options of `line`, or in `cell`. Raises KgbuildError."""
        options, rest = read_options(line)
        if cell is not None and rest:
            raise QueryError(
                f"{rest.split()[0]!r} is no option; in %%sparql the query begins in the next line"
            )
        text = rest if cell is None else cell
        if not text.strip():
            raise QueryError("there is no query; %sparql? shows how to write one")
        kg = self._graph(options.data)
        rows = kg.sparql(
            text, options.parameters, evidence=options.evidence, limit=options.limit, seconds=options.timeout
        )
        self._last = kg
        if options.name:
            self._shell.user_ns[options.name] = rows
        return rows

    def close(self) -> None:
        """Close the graphs that it has opened."""
        for kg in self._opened.values():
            kg.close()
        self._opened.clear()
        self._last = None

    def _graph(self, data: str) -> KnowledgeGraph:
        if not data and self._last is not None:
            return self._last
        known = self._shell.user_ns.get(data)
        if isinstance(known, KnowledgeGraph):
            return known
        path = Path(data or "out").resolve()
        if path not in self._opened:
            self._opened[path] = open_graph(Path(data or "out"))
        return self._opened[path]


def add_magics(shell: Any) -> None:
    """Add %sparql and %%sparql to the IPython `shell`; errors are told in one line, without a traceback."""
    from IPython.core.magic import no_var_expand

    # IPython would look for Python in the braces of a query
    shell.register_magic_function(no_var_expand(Magic(shell)), "line_cell", "sparql")


def remove_magics(shell: Any) -> None:
    """Take them away again, and close the graphs that they have opened."""
    for magics in shell.magics_manager.magics.values():
        magic = magics.pop("sparql", None)
        if isinstance(magic, Magic):
            magic.close()
