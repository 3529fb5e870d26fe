"""The application: all routes over one graph."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute

from kgbuild.errors import KgbuildError
from kgbuild.serve import assets, editor, graph_store, pages, protocol, questions_api
from kgbuild.serve.headers import Guard
from kgbuild.serve.refusals import refused
from kgbuild.serve.settings import Settings
from kgbuild.serve.state import State


def create_app(data: Path, settings: Settings) -> Starlette:
    """Return an ASGI application that serves the graph of `data`, an output folder or an RDF file.

    Its lifespan ends the processes that answer. Raises what opening the graph raises, GraphError or
    StoreError.
    """
    state = State(data, settings)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await state.start()
        try:
            yield
        finally:
            await state.close()

    app = Starlette(
        routes=_routes(state),
        middleware=[Middleware(Guard, state=state), Middleware(GZipMiddleware, compresslevel=5)],
        exception_handlers={KgbuildError: refused, HTTPException: refused},
        lifespan=lifespan,
    )
    app.state.graph = state
    return app


def _routes(state: State) -> list[BaseRoute]:
    """Return all routes; the pages of things answer for RDF too, at the same IRIs."""
    routes: list[BaseRoute] = protocol.routes(state)
    routes += pages.routes(state)
    routes += assets.routes()
    routes += editor.routes(state)
    return [*routes, *questions_api.routes(state), *graph_store.routes(state)]
