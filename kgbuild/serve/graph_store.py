"""Reads of the SPARQL 1.1 Graph Store HTTP Protocol at /store, and what is known of one thing as RDF."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from kgbuild.serve.answering import GraphRead, ThingRead
from kgbuild.serve.headers import entity_tag, is_known, kept_headers, not_modified
from kgbuild.serve.negotiation import GRAPHS, choose
from kgbuild.serve.protocol import absolute_iri
from kgbuild.serve.reading import url_parameters
from kgbuild.serve.refusals import Refusal
from kgbuild.serve.state import State

_PART: Final = 1 << 18  #: bytes that are sent at a time


def routes(state: State) -> list[BaseRoute]:
    """Return the route of the graph store."""

    async def store(request: Request) -> Response:
        return await _read_graph(request, state)

    return [Route("/store", store, methods=["GET"], name="store")]


async def read_thing(request: Request, state: State, iri: str, form: str = "") -> Response:
    """Return what the graph says of a thing, in the format `form` or as the request accepts it.

    Raises Refusal: 404 where the graph says nothing, 406 where no format will do.
    """
    absolute_iri("of the thing", iri)
    accept = ", ".join(request.headers.getlist("accept"))
    offer = choose(tuple(GRAPHS), accept, (form,) if form else url_parameters(request).all("format"))
    tag = entity_tag(state, "thing", iri, offer.name)
    if is_known(request, tag):
        return not_modified(tag)
    body = await state.ask(ThingRead(iri, offer, state.settings.answer_bytes), request=request)
    if not body:
        raise Refusal(404, f"the graph says nothing of {iri}")
    return Response(body, headers=kept_headers(tag) | {"Content-Type": offer.content_type})


async def _read_graph(request: Request, state: State) -> Response:
    parameters = url_parameters(request)
    graph, default = parameters.one("graph"), parameters.one("default")
    if (graph is None) == (default is None):
        raise Refusal(400, "name one graph: /store?default, or /store?graph=IRI")
    if graph is not None:
        absolute_iri("graph", graph)
    offer = choose(tuple(GRAPHS), ", ".join(request.headers.getlist("accept")), parameters.all("format"))
    tag = entity_tag(state, "graph", graph or "", offer.name)
    if is_known(request, tag):
        return not_modified(tag)
    headers = kept_headers(tag) | {"Content-Type": offer.content_type}
    read = GraphRead(graph or "", state.opened.graphs, offer, None)
    if request.method == "HEAD":
        if not await state.ask(read, request=request):
            raise _no_graph(graph)
        return Response(headers=headers)
    descriptor, name = tempfile.mkstemp(prefix="kgbuild-graph-")
    try:
        task = GraphRead(graph or "", state.opened.graphs, offer, Path(name))
        if not await state.ask(task, request=request):
            raise _no_graph(graph)
        size = Path(name).stat().st_size
        file = Path(name).open("rb")  # noqa: SIM115 - closed when it has been sent
    finally:
        os.close(descriptor)
        Path(name).unlink()  # it can be read to the end while it is open
    return StreamingResponse(_parts(file), headers=headers | {"Content-Length": str(size)})


def _no_graph(graph: str | None) -> Refusal:
    return Refusal(404, f"there is no graph {graph}; each article has one, named by its IRI")


async def _parts(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while part := await run_in_threadpool(file.read, _PART):
            yield part
