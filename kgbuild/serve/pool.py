"""Processes that answer: each holds the store open, and one that takes too long is ended and replaced.

They are those of `kgbuild.query.worker`, spoken to without threads: a thread that waits for the interpreter
while the server is busy costs more than most queries.
"""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeVar

import pyoxigraph as ox

from kgbuild.errors import LimitError
from kgbuild.query.worker import LENGTH, command, why_ended
from kgbuild.serve.refusals import Refusal

Result = TypeVar("Result")
_OPENING: Final = 60.0  #: seconds that a request waits for a store to be opened
_BUFFER: Final = 1 << 20


class PoolClosedError(Exception):
    """The pool takes no more tasks: another has its place."""


class Pool:
    """`workers` processes with the store of `source`. At most `waiting` tasks run and wait at one time."""

    def __init__(self, source: Path, *, workers: int, waiting: int, memory: int) -> None:
        self._source = source
        self._memory = memory
        self._count = workers
        self._waiting = waiting
        self._idle: asyncio.LifoQueue[_Process] = asyncio.LifoQueue()
        self._all: set[_Process] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._busy = 0
        self._closed = False

    @property
    def busy(self) -> int:
        """Return how many tasks run or wait."""
        return self._busy

    @property
    def process_ids(self) -> tuple[int, ...]:
        """Return the ids of the processes."""
        return tuple(sorted(process.id for process in self._all))

    async def start(self) -> None:
        """Start the processes; they open the store while this returns."""
        for _ in range(self._count):
            await self._start()

    async def wait_until_ready(self) -> None:
        """Return when every process has its store open. Raises what opening it raises."""
        for process in tuple(self._all):
            await process.wait_until_ready()

    async def ask(self, task: Callable[[ox.Store], Result], seconds: float) -> Result:
        """Return what `task` returns, called with the store in one of the processes.

        Raises what it raises, LimitError after `seconds` or for too much memory, Refusal where too many
        wait (429) or it waited too long (503), and PoolClosedError. Cancelling it ends the process.
        """
        if self._closed:
            raise PoolClosedError
        if self._busy >= self._waiting:
            raise Refusal(429, f"{self._busy} requests are being answered or wait; ask again later")
        self._busy += 1
        try:
            process = await self._take(seconds)
            try:
                answer: Result = await process.ask(task, seconds)
            finally:
                self._give_back(process)
        finally:
            self._busy -= 1
        return answer

    async def retire(self) -> None:
        """End the processes when the tasks that were taken are done."""
        self._closed = True
        while self._busy:
            await asyncio.sleep(0.05)
        await self.close()

    async def close(self) -> None:
        """End the processes, whatever they do."""
        self._closed = True
        for task in tuple(self._starting):
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        for process in tuple(self._all):
            await process.close()
        self._all.clear()

    async def _start(self) -> None:
        process = await _Process.start(self._source, self._memory)
        self._all.add(process)
        self._idle.put_nowait(process)

    async def _take(self, seconds: float) -> _Process:
        with suppress(asyncio.QueueEmpty):
            return self._idle.get_nowait()
        try:
            async with asyncio.timeout(seconds):
                return await self._idle.get()
        except TimeoutError as err:
            raise Refusal(503, f"waited {seconds:g} s for others; ask again later") from err

    def _give_back(self, process: _Process) -> None:
        if process.alive:
            self._idle.put_nowait(process)
            return
        self._all.discard(process)
        if not self._closed:
            starting = asyncio.ensure_future(self._start())
            self._starting.add(starting)
            starting.add_done_callback(self._starting.discard)


def _heed(opening: asyncio.Task[Any]) -> None:
    """Look at what came of it, though nobody may have asked for anything yet."""
    if not opening.cancelled():
        opening.exception()


class _Process:
    """One process, for one task at a time."""

    def __init__(self, process: asyncio.subprocess.Process, memory: int) -> None:
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - pipes
        self._process = process
        self._requests = process.stdin
        self._answers = process.stdout
        self._memory = memory
        self._opening: asyncio.Task[Any] | None = asyncio.ensure_future(self._read())
        self._opening.add_done_callback(_heed)
        self._late = False
        self.alive = True
        self.id = process.pid

    @classmethod
    async def start(cls, source: Path, memory: int) -> _Process:
        """Return a new process that opens the store."""
        pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(
            *command(), stdin=pipe, stdout=pipe, stderr=nothing, limit=_BUFFER
        )
        started = cls(process, memory)
        started._requests.write(pickle.dumps((str(source), memory), pickle.HIGHEST_PROTOCOL))
        return started

    async def wait_until_ready(self) -> None:
        """Return when the store is open; no limit holds for that. Raises what opening raises."""
        if self._opening is None:
            return
        try:
            await asyncio.shield(self._opening)
        except asyncio.IncompleteReadError as err:
            raise LimitError("the process that answers ended while it opened the store") from err
        self._opening = None

    async def ask(self, task: Callable[[ox.Store], Any], seconds: float) -> Any:
        """Return what `task` returns. Raises as `Pool.ask`; an unfinished process is dead then."""
        request = pickle.dumps((task, seconds), pickle.HIGHEST_PROTOCOL)
        try:
            if self._opening is not None:
                await self._open()
            timer = asyncio.get_running_loop().call_later(seconds, self._stop)
            try:
                self._requests.write(request)
                return await self._read()
            finally:
                timer.cancel()
                if self._late:  # even where the answer came at the last moment
                    self.alive = False
        except (asyncio.IncompleteReadError, ConnectionError) as err:
            self.alive = False
            status = await self._process.wait()
            raise LimitError(why_ended(status, self._memory, seconds if self._late else None)) from err
        except asyncio.CancelledError:
            if self._opening is None:
                self._kill()  # its answer would be taken for that of the next task
            raise

    async def _open(self) -> None:
        try:
            async with asyncio.timeout(_OPENING):
                await self.wait_until_ready()
        except TimeoutError as err:
            raise Refusal(503, "the graph is being opened; ask again later") from err
        except BaseException as err:
            self.alive = self.alive and isinstance(err, asyncio.CancelledError)
            raise

    async def close(self) -> None:
        """End it."""
        self._kill()
        if self._opening is not None:
            self._opening.cancel()
        await self._process.wait()
        self._requests.close()

    def _stop(self) -> None:
        self._late = True
        self._kill()

    def _kill(self) -> None:
        self.alive = False
        with suppress(ProcessLookupError):
            self._process.kill()

    async def _read(self) -> Any:
        head = await self._answers.readexactly(LENGTH.size)
        body = await self._answers.readexactly(LENGTH.unpack(head)[0])
        done, what = pickle.loads(body)  # noqa: S301 - from our own process
        if not done:
            raise what
        return what
