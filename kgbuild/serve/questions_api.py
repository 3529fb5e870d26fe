"""Saved questions, names of things and the state of the server as an API for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from kgbuild.errors import QueryError
from kgbuild.query import Question, SavedQuery, find_query, load_queries, write_answer
from kgbuild.query.answers import Binding
from kgbuild.query.values import iri_value
from kgbuild.serve.autocompletion import Names
from kgbuild.serve.headers import entity_tag, is_known, kept_headers, not_modified
from kgbuild.serve.negotiation import Offer, choose
from kgbuild.serve.openapi import open_api
from kgbuild.serve.reading import Parameters, url_parameters
from kgbuild.serve.refusals import Refusal
from kgbuild.serve.state import State
from kgbuild.terms import CLASSES, NS, PREFIXES, compact, expand

#: Formats of answers; "rq" is the SPARQL with its parameters, which can be asked anywhere.
OFFERS: Final = (
    Offer("json", "application/json", ("application/sparql-results+json", "text/json")),
    Offer("csv", "text/csv"),
    Offer("tsv", "text/tab-separated-values"),
    Offer("xml", "application/sparql-results+xml", ("application/xml", "text/xml")),
    Offer("markdown", "text/markdown", ("md",)),
    Offer("rq", "application/sparql-query"),
)
#: Parameters of the API itself; no question has one of these names.
OWN_PARAMETERS: Final = ("format", "rows", "evidence")
_SUGGESTIONS: Final = 50
_TYPED: Final = 200  #: characters of a name that are looked for


@dataclass(frozen=True, slots=True)
class Written:
    """An answer in a format."""

    body: bytes
    notes: tuple[str, ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class WriteAnswer:
    """A question answered and written where the store is; calling it raises as `Question` does."""

    question: Question
    form: str

    def __call__(self, store: ox.Store) -> Written:
        """Return the answer of `store`."""
        if self.form == "rq":
            return Written(str(Binding(self.question)(store)).encode(), (), cut=False)
        answer = self.question(store)
        body = write_answer(answer, self.form, title=self.question.query.summary)
        return Written(body, answer.notes, answer.result.cut)


def routes(state: State) -> list[BaseRoute]:
    """Return the routes of the API."""
    questions = load_queries()
    described = open_api(questions, OFFERS, state.settings)

    async def listed(request: Request) -> Response:
        if url_parameters(request).pairs:
            raise Refusal(400, "the list of questions takes no parameters")
        return JSONResponse({"questions": [_described(query) for query in questions]})

    async def asked(request: Request) -> Response:
        return await _asked(request, state, questions)

    async def names(request: Request) -> Response:
        return await _names(request, state)

    async def openapi(_request: Request) -> Response:
        return JSONResponse(described)

    async def health(_request: Request) -> Response:
        return JSONResponse(
            {
                "status": "ok",
                "graph": state.opened.snapshot or state.source.name,
                "answering": state.pool.busy,
            },
            headers={"Cache-Control": "no-store"},
        )

    return [
        Route("/api/questions", listed, name="api-questions"),
        Route("/api/questions/{name}", asked, name="api-question"),
        Route("/api/names", names, name="api-names"),
        Route("/api/openapi.json", openapi, name="api-description"),
        Route("/health", health, name="health"),
    ]


async def _asked(request: Request, state: State, questions: Sequence[SavedQuery]) -> Response:
    parameters = url_parameters(request)
    name, _, suffix = request.path_params["name"].partition(".")
    try:
        query = find_query(questions, name)
    except QueryError as err:
        raise Refusal(404, str(err)) from err
    forms = (suffix,) if suffix else parameters.all("format")
    offer = choose(OFFERS, ", ".join(request.headers.getlist("accept")), forms)
    rows = parameters.number("rows", state.settings.rows) or state.settings.rows
    evidence = parameters.flag("evidence")
    values = _values(query, parameters)
    tag = entity_tag(state, query.text, offer.name, str(rows), str(evidence), repr(sorted(values.items())))
    if is_known(request, tag):
        return not_modified(tag)
    opened = state.opened
    if (known := opened.answers.find(tag)) is not None:
        return known
    task = WriteAnswer(Question(query, values, rows, evidence), offer.name)
    written: Written = await state.ask(task, request=request)
    headers = kept_headers(tag) | {"Content-Type": offer.content_type}
    if offer.name != "json":
        headers["Content-Disposition"] = f'inline; filename="{query.name}.{_suffix(offer)}"'
    if written.cut:
        headers["Kgbuild-Cut"] = str(rows)
    if written.notes:
        headers["Kgbuild-Notes"] = json.dumps(written.notes)
    opened.answers.keep(tag, written.body, headers)
    return Response(written.body, headers=headers)


def _suffix(offer: Offer) -> str:
    return "md" if offer.name == "markdown" else offer.name


def _values(query: SavedQuery, parameters: Parameters) -> dict[str, str]:
    """Return the values of the parameters of a question. Raises QueryError and Refusal."""
    values = {}
    for name, _ in parameters.pairs:
        if name in OWN_PARAMETERS:
            continue
        query.parameter(name)
        values[name] = parameters.one(name) or ""
    return values


def _described(query: SavedQuery) -> dict[str, Any]:
    return {
        "name": query.name,
        "summary": query.summary,
        "description": query.description,
        "tags": list(query.tags),
        "parameters": [
            {
                "name": p.name,
                "type": p.type,
                "class": None if p.class_ is None else compact(p.class_),
                "default": p.default,
                "required": p.required,
                "description": p.description,
            }
            for p in query.parameters
        ],
        "columns": [asdict(column) for column in query.columns],
    }


async def _names(request: Request, state: State) -> Response:
    parameters = url_parameters(request)
    unknown = sorted({name for name, _ in parameters.pairs} - {"q", "class", "limit"})
    if unknown:
        raise Refusal(400, f"there is no parameter {unknown[0]!r:.60}; there are q, class and limit")
    text = parameters.one("q")
    if text is None:
        raise Refusal(400, "give what has been typed as q=")
    if len(text) > _TYPED:
        raise Refusal(400, f"q has {len(text):,} characters; at most {_TYPED} are looked for")
    most = parameters.number("limit", _SUGGESTIONS) or 20
    class_ = _class(parameters.one("class"))
    tag = entity_tag(state, "names", text, class_ or "", str(most))
    if is_known(request, tag):
        return not_modified(tag)
    found = await run_in_threadpool(_suggest, state, text, class_, most)
    return JSONResponse({"names": found}, headers=kept_headers(tag))


def _suggest(state: State, text: str, class_: str | None, most: int) -> list[dict[str, str]]:
    opened = state.opened
    names = opened.kept.get("names")
    if not isinstance(names, Names):
        names = opened.kept["names"] = Names(opened.store)
    return [asdict(suggestion) for suggestion in names.find(text, class_, most)]


def _class(written: str | None) -> str | None:
    """Return the IRI of a class: of its IRI, its prefixed name, or its local name. Raises Refusal."""
    if not written:
        return None
    if written in CLASSES:
        return NS + written
    try:
        return iri_value(expand(written) if written.partition(":")[0] in PREFIXES else written)
    except QueryError as err:
        raise Refusal(400, f"class: {err}; a class is written as Firm, kg:Firm, or an IRI") from err
