"""The endpoint /sparql: queries of the SPARQL 1.1 Protocol, section 2.1; it is read-only."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, NoMatchFound, Route

from kgbuild.serve.answering import Dataset, ProtocolQuery, RowsQuery, Served
from kgbuild.serve.headers import entity_tag, is_known, kept_headers, not_modified
from kgbuild.serve.negotiation import GRAPHS, choose, read_accept
from kgbuild.serve.reading import (
    Parameters,
    content_type,
    decoded,
    form_parameters,
    read_body,
    url_parameters,
)
from kgbuild.serve.refusals import Refusal
from kgbuild.serve.service_description import service_description
from kgbuild.serve.state import State

_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
#: Functions that give another value each time.
_FICKLE: Final = re.compile(r"\b(?:RAND|NOW|UUID|STRUUID|BNODE)\b", re.IGNORECASE)


def routes(state: State) -> list[BaseRoute]:
    """Return the routes of the endpoint."""

    async def sparql(request: Request) -> Response:
        parameters = url_parameters(request)
        text = parameters.one("query")
        if request.method == "POST":
            parameters, text = await _posted(request, state, parameters)
        if parameters.one("update") is not None:
            raise Refusal(403, "this endpoint is read-only: there is no update")
        parameters.number("rows", state.settings.rows)
        parameters.flag("evidence")
        if text is None:
            return _describe(request, parameters)
        return await _answer(request, state, parameters, text)

    return [
        Route("/sparql", sparql, methods=["GET", "POST"], name="sparql"),
        Route("/sparql/", sparql, methods=["GET", "POST"], include_in_schema=False),
    ]


async def _posted(request: Request, state: State, url: Parameters) -> tuple[Parameters, str | None]:
    """Return all parameters of a POST, and the query."""
    media = content_type(request)
    if media == _UPDATE:
        raise Refusal(403, "this endpoint is read-only: there is no update")
    if media not in {_FORM, _QUERY}:
        given = f"Content-Type {media!r:.80}" if media else "no Content-Type"
        raise Refusal(415, f"{given}; a query is posted as {_QUERY} or {_FORM}")
    body = await read_body(request, state.settings)
    if media == _FORM:
        parameters = Parameters([*url.pairs, *form_parameters(body).pairs])
        text = parameters.one("query")
    else:
        parameters = url
        text = decoded(body)
        if url.one("query") is not None:
            raise Refusal(400, "the query is given twice: in the URL and in the body")
    if text is None and parameters.one("update") is None:
        raise Refusal(400, "no query in the form; give it as query=")
    return parameters, text


async def _answer(request: Request, state: State, parameters: Parameters, text: str) -> Response:
    accept = ", ".join(request.headers.getlist("accept"))
    forms = (*parameters.all("format"), *parameters.all("output"))
    dataset = Dataset(_graphs(parameters, "default-graph-uri"), _graphs(parameters, "named-graph-uri"))
    rows = parameters.number("rows", state.settings.rows)
    evidence = parameters.flag("evidence")
    opened = state.opened
    base = endpoint_of(request)
    asked = (base, text, accept, *forms, "|", *dataset.default, "|", *dataset.named, str(rows), str(evidence))
    tag = entity_tag(state, *asked) if _FICKLE.search(text) is None else ""
    if tag and request.method != "POST" and is_known(request, tag):
        return not_modified(tag)
    if tag and (known := opened.answers.find(tag)) is not None:
        return known
    task: ProtocolQuery | RowsQuery
    if rows is not None or evidence:
        if dataset:
            raise Refusal(400, "rows= and evidence= ask the whole graph, without graph parameters")
        task = RowsQuery(text, accept, forms, rows or state.settings.rows, evidence)
    else:
        most = state.settings.answer_bytes
        task = ProtocolQuery(text, accept, forms, base, most, opened.graphs, dataset)
    served: Served = await state.ask(task, request=request)
    headers = kept_headers(tag) if tag else {"Cache-Control": "no-store", "Vary": "Accept"}
    if served.cut:
        headers["Kgbuild-Cut"] = str(rows or state.settings.rows)
    headers["Content-Type"] = served.content_type
    if tag:
        opened.answers.keep(tag, served.body, headers)
    return Response(served.body, headers=headers)


def _graphs(parameters: Parameters, name: str) -> tuple[str, ...]:
    names = parameters.all(name)
    for graph in names:
        absolute_iri(name, graph)
    return names


def absolute_iri(name: str, value: str) -> str:
    """Return the value of the parameter `name`, an IRI with a scheme. Raises Refusal."""
    try:
        return ox.NamedNode(value).value
    except ValueError as err:
        raise Refusal(400, f"parameter {name} is {value!r:.100}, which is no absolute IRI") from err


def _describe(request: Request, parameters: Parameters) -> Response:
    accept = ", ".join(request.headers.getlist("accept"))
    forms = parameters.all("format")
    if not forms and read_accept(accept).get("text/html", 0.0) == 1.0:  # a browser
        try:
            return RedirectResponse(request.url_for("editor").path, 303, {"Vary": "Accept"})
        except NoMatchFound:
            accept = ""
    offer = choose(tuple(GRAPHS), accept, forms)
    headers = {"Content-Type": offer.content_type, "Vary": "Accept", "Cache-Control": "no-cache"}
    return Response(service_description(endpoint_of(request), offer), headers=headers)


def endpoint_of(request: Request) -> str:
    """Return the IRI that was asked, without its query; by the Host header, if that makes an IRI."""
    scheme, path = request.scope["scheme"], request.scope["path"]
    return _endpoint(f"{scheme}://{request.headers.get('host', 'localhost')}{path}")


@lru_cache(maxsize=64)
def _endpoint(written: str) -> str:
    try:
        return ox.NamedNode(written).value
    except ValueError:
        return "http://localhost/sparql"
