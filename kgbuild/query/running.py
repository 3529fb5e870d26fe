"""Queries on a store: saved ones with values for their parameters, and free SPARQL text."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from kgbuild.errors import QueryError
from kgbuild.model import Literal, Term
from kgbuild.query.names import resolve_name
from kgbuild.query.results import QueryResult
from kgbuild.query.saved import SavedQuery
from kgbuild.query.tokens import check_tokens, expand_escapes
from kgbuild.query.values import literal_value
from kgbuild.store import to_term
from kgbuild.terms import PREFIXES, XSD


def run_query(store: ox.Store, query: SavedQuery, values: Mapping[str, str]) -> QueryResult:
    """Return the answer to `query`, with `values` for its parameters as a user writes them.

    A parameter without a value has its default; an empty value lifts its limit. Raises QueryError for a
    parameter the query does not have, a missing or wrong value, or a name that is unknown or ambiguous.
    """
    text = query.bind(parameter_terms(store, query, values))
    return _select(store, text, shown=tuple(column.name for column in query.columns), where=str(query.path))


def parameter_terms(store: ox.Store, query: SavedQuery, values: Mapping[str, str]) -> dict[str, Term]:
    """Return the term of each parameter that is set, by name. Raises QueryError as `run_query` does."""
    given = {parameter.name: parameter.default or "" for parameter in query.parameters}
    seen: set[str] = set()
    for name, value in values.items():
        parameter = query.parameter(name)
        if parameter.name in seen:
            raise QueryError(f"parameter {parameter.name} is given twice")
        seen.add(parameter.name)
        given[parameter.name] = value
    terms: dict[str, Term] = {}
    for parameter in query.parameters:
        value = given[parameter.name].strip() if parameter.type != "literal" else given[parameter.name]
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


def run_sparql(store: ox.Store, text: str) -> QueryResult:
    """Return the answer to a query in SPARQL 1.1; the prefixes of kgbuild need no PREFIX line.

    ASK gives one column `answer`; CONSTRUCT and DESCRIBE give `subject`, `predicate`, `object`. Raises
    QueryError for updates, SERVICE, LOAD, FROM, GRAPH, text beyond the limits, and syntax errors.
    """
    expanded = expand_escapes(text)
    check_tokens(expanded)
    return _select(store, expanded, shown=None, where="")


def _select(store: ox.Store, text: str, *, shown: tuple[str, ...] | None, where: str) -> QueryResult:
    try:
        answer = store.query(text, prefixes=None if shown else PREFIXES)
        if isinstance(answer, ox.QueryBoolean):
            verdict = Literal(str(bool(answer)).lower(), XSD + "boolean")
            return _result([{"answer": verdict}], ("answer",), None)
        if isinstance(answer, ox.QueryTriples):
            triples = sorted(answer, key=str)
            names = ("subject", "predicate", "object")
            found = [dict(zip(names, map(to_term, triple), strict=True)) for triple in triples]
            return _result(found, names, None)
        variables = tuple(variable.value for variable in answer.variables)
        rows = [_row(solution, variables) for solution in answer]
    except SyntaxError as err:
        raise QueryError(f"{where + ': ' if where else ''}not SPARQL: {err}") from err
    except (OSError, RuntimeError) as err:
        raise QueryError(f"{where + ': ' if where else ''}the query cannot be answered: {err}") from err
    return _result(rows, variables, shown)


def _row(solution: ox.QuerySolution, variables: tuple[str, ...]) -> dict[str, Term]:
    return {name: to_term(value) for name in variables if (value := solution[name]) is not None}


def _result(
    rows: list[dict[str, Term]], variables: tuple[str, ...], shown: tuple[str, ...] | None
) -> QueryResult:
    columns = variables if shown is None else shown
    return QueryResult(
        columns,
        tuple(tuple(row.get(name) for name in columns) for row in rows),
        tuple(rows),
        (*columns, *(name for name in variables if name not in columns)),
    )
