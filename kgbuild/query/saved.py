"""Saved queries: .rq files whose header says what they ask, and how their parameters are set.

The header is grlc's: YAML in lines that begin with `#+`. Parameters are named as in BASIL: one written
`?_day_xsd_dateTime` must be set, one written `?__place_iri` may be left out. Each stands once in the query,
in a leading `BIND(?__place_iri AS ?place)`: where it is not set, its variable is unbound and limits nothing.
"""

from __future__ import annotations

import difflib
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from kgbuild.errors import QueryError
from kgbuild.model import Term
from kgbuild.query.patterns import triple_patterns
from kgbuild.query.tokens import Token, check_tokens, expand_escapes
from kgbuild.query.values import TYPES, term_text
from kgbuild.resources import data_dir
from kgbuild.terms import CLASSES, KG, expand

_HEADER: Final = re.compile(r"^#\+", re.MULTILINE)
NO_FILE: Final = Path()  #: where a query comes from the command line
_VARIABLE: Final = re.compile(r"[?$](__?)([A-Za-z][A-Za-z0-9]*)_(?:xsd_)?([A-Za-z]+)")
#: In the last place of an evidence pattern: claims with any value.
ANYTHING: Final = "*"
_HEADER_KEYS: Final = frozenset(
    "summary description tags params columns evidence competency-question endpoint_in_url".split()
)
_PARAMETER_KEYS: Final = frozenset("type class default description bound".split())


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that a saved query can be asked about."""

    name: str  #: as in the variable: "destination", "asOf"
    type: str  #: "iri", "literal" or an XSD type such as "xsd:dateTime"
    class_: str | None  #: for IRIs: the class of what may be named, a full IRI
    default: str | None  #: taken when no value is given, written as a user would write it
    required: bool
    description: str
    bound: str = "end"  #: for times: whether a date alone means the "start" or the "end" of that day
    variable: str = ""  #: the token in the query, such as "?__destination_iri"


@dataclass(frozen=True, slots=True)
class Column:
    """One column that is shown."""

    name: str
    meaning: str  #: one line


@dataclass(frozen=True)
class SavedQuery:
    """A question of the field with its SPARQL."""

    name: str  #: the name of the file, without suffix
    summary: str  #: the question in words
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]  #: none for SPARQL without a header, which shows all
    #: patterns of claims: ("?firm", "kg:holds", "?license") or ("?claim",)
    evidence: tuple[tuple[str, ...], ...]
    competency_question: str
    text: str  #: the whole file, codepoint escapes expanded
    path: Path

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Return the tokens of the query. Raises QueryError when it may not run (see `check_tokens`)."""
        try:
            # whether plain SPARQL may say GRAPH is known when its data is
            return check_tokens(self.text, graphs=self.is_plain)
        except QueryError as err:
            raise QueryError(f"{self.where}{err}") from err

    @property
    def is_plain(self) -> bool:
        """Return whether it is SPARQL without a header."""
        return not self.columns

    @property
    def where(self) -> str:
        """Return the beginning of a message about it: its file, or "" for text of a command line."""
        return "" if self.path == NO_FILE else f"{self.path}: "

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """Return the variables that SELECT names, in order, without their question marks."""
        found: list[str] = []
        depth = 0
        after_as = False
        begun = False
        for token in self.tokens:
            if not begun:
                begun = token.is_word("SELECT")
                continue
            if token.is_word("WHERE") or token.text == "{":
                break
            depth += (token.text == "(") - (token.text == ")")
            if token.kind == "variable" and (depth == 0 or after_as):
                found.append(token.text[1:])
            after_as = token.is_word("AS")
        return tuple(found)

    def parameter(self, name: str) -> Parameter:
        """Return the parameter of this name; as_of, as-of and asOf are the same.

        Raises QueryError, naming the parameters there are, if there is none.
        """
        for parameter in self.parameters:
            if _key(parameter.name) == _key(name):
                return parameter
        known = ", ".join(p.name for p in self.parameters) or "none"
        whose = f"query {self.name}" if self.name else "the query"
        hint = f", or one that stands as BIND(?__{_key(name)}_iri AS ?...)" if self.is_plain else ""
        raise QueryError(f"{whose} has no parameter {name!r}{hint}; its parameters: {known}")

    def bind(self, terms: Mapping[str, Term]) -> str:
        """Return the query with `terms` (by parameter name) in place of the variables of their parameters.

        A term replaces one token and is written as one term; no value can reach beyond it.
        """
        written = {self.parameter(name).variable: term_text(term) for name, term in terms.items()}
        parts: list[str] = []
        at = 0
        for token in self.tokens:
            if token.kind == "variable" and token.text in written:
                parts += [self.text[at : token.start], written[token.text]]
                at = token.start + len(token.text)
        return "".join([*parts, self.text[at:]])


def load_queries(folder: Path | None = None) -> tuple[SavedQuery, ...]:
    """Return the saved queries of `folder`, else kgbuild's own, in order of name.

    Raises QueryError when a header is malformed or does not fit its query; the message names the file.
    """
    folder = data_dir("queries") if folder is None else folder
    paths = sorted(folder.glob("*.rq"))
    if not paths:
        raise QueryError(f"{folder} holds no .rq file")
    return tuple(read_query(path) for path in paths)


def named_query(name: str, folder: Path | None = None) -> SavedQuery:
    """Return the saved query of this name without reading the others, where the name is that of its file.

    Raises QueryError as `find_query` and `load_queries` do.
    """
    path = (data_dir("queries") if folder is None else folder) / f"{name}.rq"
    if re.fullmatch(r"[a-z0-9-]+", name) and path.is_file():
        return read_query(path)
    return find_query(load_queries(folder), name)


def find_query(queries: Iterable[SavedQuery], name: str) -> SavedQuery:
    """Return the query of this name. Raises QueryError, with the nearest names, if there is none."""
    by_key = {_key(query.name): query for query in queries}
    if _key(name) in by_key:
        return by_key[_key(name)]
    near = difflib.get_close_matches(_key(name), sorted(by_key), n=3, cutoff=0.5)
    hint = f"; near: {', '.join(by_key[key].name for key in near)}" if near else ""
    raise QueryError(f"no saved query {name!r}{hint}; kgbuild query lists all")


def read_query(path: Path) -> SavedQuery:
    """Return the saved query in the file `path`. Raises QueryError when it is malformed."""
    return parse_query(_read(path), path)


def read_question(source: str, text: str | None = None) -> SavedQuery:
    """Return the query in the file `source`, or in `text` that comes from `source`, with or without a header.

    A query without a header has the parameters that stand in it as in a saved one, each of which may be left
    out. Raises QueryError when it is malformed.
    """
    path = Path(source)
    text = _read(path) if text is None else expand_escapes(text)
    return parse_query(text, path) if _HEADER.search(text) else plain_query(text, path)


def plain_query(text: str, path: Path = Path()) -> SavedQuery:
    """Return SPARQL without a header as a query: it shows all columns.

    Its evidence are the claims for the triple patterns whose variables are in the answer. Raises QueryError
    where the text may not run (see `check_tokens`).
    """
    query = SavedQuery("", "", "", (), (), (), (), "", expand_escapes(text), path)
    variables = tuple((f"?{name}",) for name in query.variables)  # one that holds claims shows their places
    patterns = (*triple_patterns(query.tokens), *variables)
    return replace(query, parameters=tuple(_plain_parameters(query)), evidence=patterns)


def _plain_parameters(query: SavedQuery) -> Iterator[Parameter]:
    tokens = query.tokens
    for index, token in enumerate(tokens):
        match = _VARIABLE.fullmatch(token.text) if token.kind == "variable" else None
        if match is None or [t.text.upper() for t in tokens[index - 2 : index]] != ["BIND", "("]:
            continue
        kind = match[3] if match[3] in TYPES else f"xsd:{match[3]}"
        if kind in TYPES and sum(t.text == token.text for t in tokens) == 1:
            yield Parameter(match[2], kind, None, None, required=False, description="", variable=token.text)


def _read(path: Path) -> str:
    try:
        return expand_escapes(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as err:
        raise QueryError(f"{path}: cannot be read: {err}") from err


def parse_query(text: str, path: Path) -> SavedQuery:
    """Return the saved query that a file `path` with this text is. Raises QueryError when it is malformed."""
    header = _header(path, text)
    summary, description, question = (
        _text(path, header, key) for key in ("summary", "description", "competency-question")
    )
    query = SavedQuery(
        name=path.stem,
        summary=summary,
        description=description,
        tags=tuple(str(tag) for tag in header.get("tags") or ()),
        parameters=tuple(_parameter(path, name, spec) for name, spec in (header.get("params") or {}).items()),
        columns=tuple(
            Column(str(name), str(meaning)) for name, meaning in (header.get("columns") or {}).items()
        ),
        evidence=tuple(tuple(str(pattern).split()) for pattern in header.get("evidence") or ()),
        competency_question=question,
        text=text,
        path=path,
    )
    return _check(query)


def _header(path: Path, text: str) -> dict[str, Any]:
    lines = text.splitlines()
    start = next((number for number, line in enumerate(lines) if line.startswith("#+")), None)
    if start is None:
        raise QueryError(f"{path}: no header; the first lines begin with #+ and say summary, params, columns")
    import yaml  # noqa: PLC0415 - SPARQL without a header does without

    body = textwrap.dedent("\n".join(line[2:] for line in lines if line.startswith("#+")))
    try:
        header = yaml.safe_load(body)
    except yaml.MarkedYAMLError as err:
        line = start + 1 + (err.problem_mark.line if err.problem_mark else 0)
        raise QueryError(f"{path}:{line}: header is not YAML: {err.problem}") from err
    if not isinstance(header, dict):
        raise QueryError(f"{path}:{start + 1}: header is not a list of `key: value`")
    unknown = sorted(map(str, set(header) - _HEADER_KEYS))
    if unknown:
        raise QueryError(
            f"{path}: unknown header key {unknown[0]!r}; keys: {', '.join(sorted(_HEADER_KEYS))}"
        )
    for key, kind in (("params", dict), ("columns", dict), ("tags", list), ("evidence", list)):
        if not isinstance(header.get(key) or kind(), kind):
            raise QueryError(f"{path}: header key {key!r} is not a {'mapping' if kind is dict else 'list'}")
    return header


def _text(path: Path, header: Mapping[str, Any], key: str) -> str:
    value = header.get(key)
    if not isinstance(value, str) or not value.strip():
        raise QueryError(f"{path}: header lacks {key!r}, a text")
    return value.strip()


def _parameter(path: Path, name: str, spec: object) -> Parameter:
    if not isinstance(spec, dict) or not set(spec) <= _PARAMETER_KEYS:
        raise QueryError(f"{path}: parameter {name!r} takes {', '.join(sorted(_PARAMETER_KEYS))}")
    kind = str(spec.get("type"))
    if kind not in TYPES:
        raise QueryError(f"{path}: parameter {name!r} has type {kind!r}; types: {', '.join(sorted(TYPES))}")
    class_name = spec.get("class")
    if class_name is not None and str(class_name).removeprefix("kg:") not in CLASSES:
        raise QueryError(
            f"{path}: parameter {name!r} has class {class_name!r}, which ontology/core.ttl does not have"
        )
    default = spec.get("default")
    return Parameter(
        name=name,
        type=kind,
        class_=None if class_name is None else str(getattr(KG, str(class_name).removeprefix("kg:"))),
        default=None if default is None else str(default),
        required=False,
        description=str(spec.get("description", "")),
        bound=str(spec.get("bound", "end")),
    )


def _check(query: SavedQuery) -> SavedQuery:
    """Return `query` with the variables of its parameters, if header and SPARQL fit each other."""
    where: dict[str, tuple[str, bool]] = {}
    for index, token in enumerate(query.tokens):
        if token.kind != "variable" or not token.text[1:].startswith("_"):
            continue
        match = _VARIABLE.fullmatch(token.text)
        if match is None:
            raise QueryError(f"{query.path}: {token.text} does not name its type, as ?__place_iri does")
        if match[2] in where:
            raise QueryError(
                f"{query.path}: {token.text} stands twice; bind it once to a variable, use that one"
            )
        if [t.text.upper() for t in query.tokens[index - 2 : index]] != ["BIND", "("]:
            raise QueryError(f"{query.path}: {token.text} must stand alone in a BIND({token.text} AS ?...)")
        where[match[2]] = (token.text, match[1] == "_")
        declared = next((p.type for p in query.parameters if p.name == match[2]), None)
        if declared is None or declared.removeprefix("xsd:") != match[3]:
            raise QueryError(f"{query.path}: {token.text} is no parameter of the header with its type")
    missing = [p.name for p in query.parameters if p.name not in where]
    if missing:
        raise QueryError(f"{query.path}: the query has no variable for parameter {missing[0]!r}")
    used = {c.name for c in query.columns} | {
        word[1:] for pattern in query.evidence for word in pattern if word.startswith("?")
    }
    lost = sorted(used - set(query.variables))
    if lost or not query.columns:
        raise QueryError(
            f"{query.path}: SELECT does not name {lost[0] if lost else 'any column of the header'}"
        )
    for pattern in query.evidence:
        _check_pattern(query, pattern)
    found = tuple(replace(p, variable=where[p.name][0], required=where[p.name][1]) for p in query.parameters)
    return replace(query, parameters=found)


def _check_pattern(query: SavedQuery, pattern: tuple[str, ...]) -> None:
    if len(pattern) not in (1, 3) or (len(pattern) == 1 and not pattern[0].startswith("?")):
        raise QueryError(
            f"{query.path}: evidence {' '.join(pattern)!r} is neither a triple pattern nor one variable"
        )
    for word in pattern if pattern[-1] != ANYTHING else pattern[:-1]:
        if not word.startswith("?"):
            try:
                expand(word)
            except ValueError as err:
                raise QueryError(f"{query.path}: evidence {' '.join(pattern)!r}: {err}") from err


def _key(name: str) -> str:
    return re.sub(r"[-_ ]", "", name).casefold()
