"""The pages of the saved questions: the list, and a question with its form and its answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from kgbuild.errors import QueryError
from kgbuild.query import Parameter, SavedQuery, find_query, load_queries
from kgbuild.serve.pages.questions import PAGE, ShowAnswer
from kgbuild.serve.pages.rendering import render
from kgbuild.serve.reading import Parameters, url_parameters
from kgbuild.serve.refusals import Refusal
from kgbuild.serve.state import State
from kgbuild.terms import NS

#: What the page itself is asked; no question has a parameter of this name.
_OWN: Final = "page"
_DOWNLOADS: Final = (("CSV", "csv"), ("TSV", "tsv"), ("JSON", "json"))
_HINTS: Final = {
    "xsd:dateTime": "2025, 2025-06 or 2025-06-11", "xsd:integer": "a whole number",
    "xsd:decimal": "a number", "xsd:boolean": "true or false",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter in the form."""

    name: str
    label: str
    description: str
    value: str
    default: str
    required: bool
    class_: str  #: local name of the class of things that may be named; "" for other values
    hint: str


@cache
def _questions() -> tuple[SavedQuery, ...]:
    return load_queries()


async def listed(request: Request, _state: State) -> Response:
    """Return the list of questions, by their first tag."""
    groups: dict[str, list[SavedQuery]] = {}
    for query in _questions():
        groups.setdefault(query.tags[0] if query.tags else "other", []).append(query)
    return render(request, "questions.html", groups=sorted(groups.items()))


async def asked(request: Request, state: State) -> Response:
    """Return a question with its answer; what is wrong with a value stands beside the form."""
    name = request.path_params["name"]
    try:
        query = find_query(_questions(), name)
    except QueryError as err:
        raise Refusal(404, str(err)) from err
    parameters = url_parameters(request)
    number = parameters.number(_OWN, 1_000_000) or 1
    values, problem, answer = {}, "", None
    try:
        values = _values(query, parameters)
        task = ShowAnswer(query, values, state.settings.rows, (number - 1) * PAGE)
        answer = await state.ask(task, request=request)
    except QueryError as err:
        problem = str(err)
    link = urlencode(values)
    return render(
        request,
        "question.html",
        status=400 if problem and parameters.pairs else 200,
        query=query,
        fields=[_field(p, values) for p in query.parameters],
        answer=answer,
        problem=problem,
        number=number,
        size=PAGE,
        link=f"?{link}" if link else "",
        joined=f"{link}&" if link else "",
        downloads=_DOWNLOADS,
        most=state.settings.rows,
    )


def _values(query: SavedQuery, parameters: Parameters) -> dict[str, str]:
    """Return the values that are given, by the names of the parameters. Raises QueryError."""
    names = [name for name, _ in parameters.pairs if name != _OWN]
    return {query.parameter(name).name: parameters.one(name) or "" for name in names}


def _field(parameter: Parameter, values: dict[str, str]) -> Field:
    default = parameter.default or ""
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in parameter.name)
    return Field(
        parameter.name,
        words,
        parameter.description,
        values.get(parameter.name, default),
        default,
        parameter.required,
        (parameter.class_ or "").removeprefix(NS) if parameter.type == "iri" else "",
        _HINTS.get(parameter.type, ""),
    )
