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
from kgbuild.terms import ID

_PART: Final = 1 << 18  #: bytes that are sent at a time


def routes(state: State) -> list[BaseRoute]:
    """Return the route of the graph store."""

    async def store(request: Request) -> Response:
        return await _read_graph(request, state)

    async def named_by_address(request: Request) -> Response:
        return await _read_graph(request, state, _names_of_address(request))

    return [
        Route("/store", store, methods=["GET"], name="store"),
        Route("/store/{name:path}", named_by_address, methods=["GET"], include_in_schema=False),
    ]


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
    task = ThingRead(iri, offer, state.settings.answer_bytes, state.opened.turtle)
    body = await state.ask(task, request=request)
    if not body:
        raise Refusal(404, f"the graph says nothing of {iri}")
    return Response(body, headers=kept_headers(tag) | {"Content-Type": offer.content_type})


async def _read_graph(request: Request, state: State, names: tuple[str, ...] = ()) -> Response:
    parameters = url_parameters(request)
    graph, default = parameters.one("graph"), parameters.one("default")
    if names and (graph is not None or default is not None):
        raise Refusal(400, "the address names the graph already; graph= and default go with /store")
    if not names and (graph is None) == (default is None):
        raise Refusal(400, "name one graph: /store?default, or /store?graph=IRI")
    if graph is not None:
        names = (absolute_iri("graph", graph),)
    offer = choose(tuple(GRAPHS), ", ".join(request.headers.getlist("accept")), parameters.all("format"))
    tag = entity_tag(state, "graph", *names, "as", offer.name)
    if is_known(request, tag):
        return not_modified(tag)
    headers = kept_headers(tag) | {"Content-Type": offer.content_type}
    graphs = state.opened.graphs
    if request.method == "HEAD":
        if not await state.ask(GraphRead(names, graphs, offer, None), request=request):
            raise _no_graph(names)
        return Response(headers=headers)
    descriptor, name = tempfile.mkstemp(prefix="kgbuild-graph-")
    try:
        if not await state.ask(GraphRead(names, graphs, offer, Path(name)), request=request):
            raise _no_graph(names)
        size = Path(name).stat().st_size
        file = Path(name).open("rb")  # noqa: SIM115 - closed when it has been sent
    finally:
        os.close(descriptor)
        Path(name).unlink()  # it can be read to the end while it is open
    return StreamingResponse(_parts(file), headers=headers | {"Content-Length": str(size)})


def _names_of_address(request: Request) -> tuple[str, ...]:
    """Return the IRIs that an address below /store may name (Graph Store Protocol, section 4.1).

    These are the address itself, and the IRI of kgbuild with the same path: /store/article/NAME.
    """
    raw = request.scope.get("raw_path") or request.scope["path"].encode("utf-8", "surrogateescape")
    path = raw.partition(b"?")[0].decode("ascii", "replace")
    address = f"{request.scope['scheme']}://{request.headers.get('host', 'localhost')}{path}"
    below = ID + path.removeprefix("/store/")
    return (absolute_iri("of the graph", address), absolute_iri("of the graph", below))


def _no_graph(names: tuple[str, ...]) -> Refusal:
    return Refusal(404, f"there is no graph {names[-1]}; each article has one, named by its IRI")


async def _parts(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while part := await run_in_threadpool(file.read, _PART):
            yield part
