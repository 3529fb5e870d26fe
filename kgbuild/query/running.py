"""Queries on a store: saved ones with values for their parameters, and free SPARQL text."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

import pyoxigraph as ox

from kgbuild.errors import QueryError
from kgbuild.model import Literal, Term
from kgbuild.query.names import resolve_name
from kgbuild.query.results import QueryResult
from kgbuild.query.saved import SavedQuery, plain_query
from kgbuild.query.tokens import check_tokens
from kgbuild.query.values import literal_value
from kgbuild.store import to_term
from kgbuild.terms import PREFIXES, XSD


def run_query(
    store: ox.Store, query: SavedQuery, values: Mapping[str, str], *, limit: int | None = None
) -> QueryResult:
    """Return the answer to `query`, with `values` for its parameters as a user writes them.

    A parameter without a value has its default; an empty value lifts its limit. At most `limit` rows come
    back; `cut` tells of more. Raises QueryError for a parameter the query does not have, a missing or wrong
    value, or a name that is unknown or ambiguous.
    """
    return run_bound(store, query, parameter_terms(store, query, values), limit=limit)


def run_sparql(store: ox.Store, text: str, *, limit: int | None = None) -> QueryResult:
    """Return the answer to a query in SPARQL 1.1; the prefixes of kgbuild need no PREFIX line.

    ASK gives one column `answer`; CONSTRUCT and DESCRIBE give `subject`, `predicate`, `object`. Raises
    QueryError for updates, SERVICE, LOAD, FROM, text beyond the limits, syntax errors, and for GRAPH where
    the store has no named graphs.
    """
    return run_bound(store, plain_query(text), {}, limit=limit)


def run_bound(
    store: ox.Store, query: SavedQuery, terms: Mapping[str, Term], *, limit: int | None = None
) -> QueryResult:
    """Return the answer to `query` with `terms` for its parameters; see `run_query`."""
    text = query.bind(terms)
    if query.is_plain:
        check_tokens(text, graphs=next(iter(store.named_graphs()), None) is not None)
    try:
        return _ask(store, query, text, limit)
    except SyntaxError as err:
        raise QueryError(f"{query.where}not SPARQL: {err}") from err
    except (OSError, RuntimeError) as err:
        raise QueryError(f"{query.where}the query cannot be answered: {err}") from err


def parameter_terms(store: ox.Store, query: SavedQuery, values: Mapping[str, str]) -> dict[str, Term]:
    """Return the term of each parameter that is set, by name. Raises QueryError as `run_query` does."""
    given = written_values(query, values)
    terms: dict[str, Term] = {}
    for parameter in query.parameters:
        value = given[parameter.name]
        if not value:
            if parameter.required:
                raise QueryError(
                    f"query {query.name} needs a value for {parameter.name}: {parameter.description}"
                )
            continue
        try:
            if parameter.type == "iri":
                terms[parameter.name] = resolve_name(store, value, parameter.class_)
            else:
                terms[parameter.name] = literal_value(parameter.type, value, bound=parameter.bound)
        except QueryError as err:
            raise QueryError(f"parameter {parameter.name}: {err}") from err
    return terms


def written_values(query: SavedQuery, values: Mapping[str, str]) -> dict[str, str]:
    """Return what stands for each parameter, as a user writes it: the value given, else the default, else "".

    Raises QueryError for a parameter that the query does not have, or has twice.
    """
    given = {parameter.name: parameter.default or "" for parameter in query.parameters}
    seen: set[str] = set()
    for name, value in values.items():
        parameter = query.parameter(name)
        if parameter.name in seen:
            raise QueryError(f"parameter {parameter.name} is given twice")
        seen.add(parameter.name)
        given[parameter.name] = value if parameter.type == "literal" else value.strip()
    return given


def _ask(store: ox.Store, query: SavedQuery, text: str, limit: int | None) -> QueryResult:
    answer = store.query(text, prefixes=PREFIXES if query.is_plain else None)
    if isinstance(answer, ox.QueryBoolean):
        verdict = Literal(str(bool(answer)).lower(), XSD + "boolean")
        return _result("ask", [{"answer": verdict}], ("answer",))
    most = None if limit is None else limit + 1  # one more tells whether there are more
    if isinstance(answer, ox.QueryTriples):
        names = ("subject", "predicate", "object")
        triples = sorted(islice(answer, most), key=str)
        found = [dict(zip(names, map(to_term, triple), strict=True)) for triple in triples]
        return _result("graph", found, names, limit=limit)
    variables = tuple(variable.value for variable in answer.variables)
    rows = [_row(solution, variables) for solution in islice(answer, most)]
    shown = tuple(column.name for column in query.columns) or _as_written(query, variables)
    return _result("rows", rows, variables, shown, limit=limit)


def _as_written(query: SavedQuery, variables: tuple[str, ...]) -> tuple[str, ...]:
    """Return the variables of the answer to `SELECT *` in the order of the text; the engine sorts them."""
    if query.variables:
        return variables
    named = [token.text[1:] for token in query.tokens if token.kind == "variable"]
    return tuple(sorted(variables, key=named.index))


def _row(solution: ox.QuerySolution, variables: tuple[str, ...]) -> dict[str, Term]:
    return {name: to_term(value) for name in variables if (value := solution[name]) is not None}


def _result(
    kind: str,
    rows: list[dict[str, Term]],
    variables: tuple[str, ...],
    columns: tuple[str, ...] = (),
    *,
    limit: int | None = None,
) -> QueryResult:
    columns = columns or variables
    cut = limit is not None and len(rows) > limit
    kept = rows[:limit]
    return QueryResult(
        columns,
        tuple(tuple(row.get(name) for name in columns) for row in kept),
        tuple(kept),
        (*columns, *(name for name in variables if name not in columns)),
        kind,
        cut=cut,
    )
