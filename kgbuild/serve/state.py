"""The graph as it is served: one snapshot at a time, changed when a build has published another."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final, Self, TypeVar

import pyoxigraph as ox
from starlette.requests import Request

from kgbuild.errors import GraphError, KgbuildError, StoreError
from kgbuild.serve.pool import Pool, PoolClosedError
from kgbuild.serve.refusals import Refusal
from kgbuild.serve.remembered import Remembered
from kgbuild.serve.settings import Settings
from kgbuild.store import GRAPH_FILE, open_store
from kgbuild.store.snapshots import CURRENT, FILES, SNAPSHOTS, read_pointer

Result = TypeVar("Result")
_LOG: Final = logging.getLogger("kgbuild.serve")
_WATCHED_AFTER: Final = 1.0  #: seconds after which a client is watched for having gone
_DATASETS: Final = (".trig", ".nq", ".jsonld")
_TRIES: Final = 3


class Opened:
    """One state of a graph, open in this process; `start` opens it in others too."""

    def __init__(self, source: Path, settings: Settings) -> None:
        self.mark = _mark(source)
        self.snapshot = _snapshot(source)
        #: Names this state; the same files have the same.
        self.digest = _digest(repr((self.snapshot or self.mark, str(source))))
        #: Folder of the files that a build makes, such as graph.ttl; of an RDF file the folder it is in.
        self.files = _files(source, self.snapshot)
        #: File that has the named graphs, where there is one.
        self.graphs = _graphs(source, self.files)
        #: Turtle of the whole graph, where there is one.
        self.turtle = _turtle(source, self.files)
        #: What others keep for as long as this state holds, such as an index of names, by a name of theirs.
        self.kept: dict[str, object] = {}
        self.answers = Remembered()
        self.pool = Pool(source, workers=settings.workers, waiting=settings.waiting, memory=settings.memory)
        self._stack = ExitStack()
        self.store: ox.Store = self._stack.enter_context(open_store(source))

    async def retire(self) -> None:
        """Close when what runs in the pool is done."""
        await self.pool.retire()
        self._stack.close()

    async def close(self) -> None:
        """Close now."""
        await self.pool.close()
        self._stack.close()


class State:
    """What the routes share: the settings, the pool of processes, and the store for small trusted look-ups.

    Take `opened` once where several of its parts must belong together. Raises what opening the store raises.
    """

    def __init__(self, source: Path, settings: Settings) -> None:
        self.source = source
        self.settings = settings
        self.opened = Opened(source, settings)
        self._tried = self.opened.mark
        self._replacing: asyncio.Task[None] | None = None
        #: What is done with a state of the graph before it is served: what the first request would wait for.
        self.preparations: list[Callable[[Opened, Settings], Awaitable[None]]] = []
        self._preparing: asyncio.Task[None] | None = None

    @property
    def store(self) -> ox.Store:
        """Return the store, in this process and to be read only."""
        return self.opened.store

    @property
    def pool(self) -> Pool:
        """Return the processes that answer."""
        return self.opened.pool

    @property
    def digest(self) -> str:
        """Return what names the state of the graph."""
        return self.opened.digest

    async def start(self) -> None:
        """Start the processes that answer."""
        await self.pool.start()
        self._preparing = asyncio.ensure_future(self._prepare(self.opened))

    async def _prepare(self, opened: Opened) -> None:
        for prepare in self.preparations:
            try:
                await prepare(opened, self.settings)
            except (KgbuildError, PoolClosedError) as err:
                _LOG.warning("%s: not prepared: %s", self.source, err)

    async def ask(
        self,
        task: Callable[[ox.Store], Result],
        *,
        request: Request | None = None,
        seconds: float | None = None,
    ) -> Result:
        """Return what `task` returns, called with the store in a process of its own, under the limits.

        With `request`, a task whose client has gone is ended. Raises what the task raises, LimitError and
        Refusal as `Pool.ask` does.
        """
        seconds = self.settings.seconds if seconds is None else seconds
        for _ in range(_TRIES):
            try:
                asking = self.pool.ask(task, seconds)
                return await asking if request is None else await _unless_gone(asking, request)
            except PoolClosedError:
                continue
        raise Refusal(503, "the graph is being replaced; ask again")

    def look(self) -> None:
        """Begin to open what a build has published since, if it has; what was open serves until then."""
        mark = _mark(self.source)
        if mark == self._tried or self._replacing is not None:
            return
        self._tried = mark
        self._replacing = asyncio.ensure_future(self._replace())

    async def close(self) -> None:
        """Close all."""
        for task in (self._replacing, self._preparing):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        await self.opened.close()

    async def _replace(self) -> None:
        try:
            if self.opened.snapshot and _snapshot(self.source) in {"", self.opened.snapshot}:
                return  # something is being published: the pointer changes once more
            new = await asyncio.to_thread(Opened, self.source, self.settings)
            try:
                await new.pool.start()
                await new.pool.wait_until_ready()
                await self._prepare(new)
            except BaseException:
                await new.close()
                raise
            old, self.opened = self.opened, new
            await old.retire()
        except (KgbuildError, OSError) as err:
            _LOG.warning("%s: what was open before is served on: %s", self.source, err)
        finally:
            self._replacing = None


class _Watch:
    """Cancels the task that it is made in when the client of a request has gone; it begins after a second."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._task = asyncio.current_task()
        self._watching: asyncio.Task[None] | None = None
        self.gone = False

    def __enter__(self) -> Self:
        self._timer = asyncio.get_running_loop().call_later(_WATCHED_AFTER, self._begin)
        return self

    def __exit__(self, kind: object, value: object, trace: object) -> None:
        self._timer.cancel()
        if self._watching is not None:
            self._watching.cancel()

    def _begin(self) -> None:
        self._watching = asyncio.ensure_future(self._wait())

    async def _wait(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        if self._task is not None:
            self._task.cancel()


async def _unless_gone(asking: Awaitable[Result], request: Request) -> Result:
    with _Watch(request) as watch:
        try:
            return await asking
        except asyncio.CancelledError as err:
            task = asyncio.current_task()
            if not watch.gone or task is None:
                raise
            task.uncancel()
            raise Refusal(499, "the client has gone") from err


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _mark(source: Path) -> tuple[int, ...]:
    """Return what is another when the files of the graph are: cheap enough for every request."""
    for path in (source / CURRENT, source / GRAPH_FILE, source):
        with suppress(OSError):
            known = path.stat()
            return (known.st_mtime_ns, known.st_size, known.st_ino)
    return ()


def _snapshot(source: Path) -> str:
    """Return the name of the snapshot that holds, "" where the source is no store."""
    with suppress(StoreError):
        pointer = read_pointer(source)
        return pointer.current if pointer is not None else ""
    return ""


def _files(source: Path, snapshot: str) -> Path:
    if not source.is_dir():
        return source.parent
    folder = source / SNAPSHOTS / snapshot / FILES
    return folder if snapshot and folder.is_dir() else source


def _turtle(source: Path, files: Path) -> Path | None:
    path = files / GRAPH_FILE if source.is_dir() else source
    return path if path.suffix == ".ttl" else None


def _graphs(source: Path, files: Path) -> Path | None:
    if source.is_dir():
        path = files / "graph.trig"
        return path if path.is_file() else None
    if not source.exists():
        raise GraphError(f"{source} does not exist; give an output folder or an RDF file")
    return source if source.suffix.lower() in _DATASETS else None
