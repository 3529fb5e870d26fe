"""The process that answers for an opened graph: begun when first asked, anew after a broken limit."""

from __future__ import annotations

import os
import threading
import weakref
from pathlib import Path

from kgbuild.errors import QueryError
from kgbuild.query.worker import Result, Task, Worker


class Session:
    """Tasks on the store of `source`, from any thread, one after another."""

    def __init__(self, source: Path, *, memory: int) -> None:
        self._source, self._memory = source, memory
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        self._owner = os.getpid()
        self._finalizer: weakref.finalize[..., Session] | None = None
        self._closed = False

    def ask(self, task: Task[Result], *, seconds: float) -> Result:
        """Return what `task` returns. Raises what it raises, LimitError, and QueryError once it is closed."""
        with self._lock:
            return self._ready().ask(task, seconds=seconds)

    def refresh(self) -> None:
        """Let the next task see the graph as it is then."""
        with self._lock:
            self._end()

    def close(self) -> None:
        """End the process; no further task is taken."""
        with self._lock:
            self._closed = True
            self._end()

    def _ready(self) -> Worker:
        if self._closed:
            raise QueryError(f"{self._source}: the graph has been closed; open it again")
        if self._owner != os.getpid():  # a fork of the process: the worker goes on with the one that began it
            self._worker, self._owner = None, os.getpid()
            if self._finalizer is not None:
                self._finalizer.detach()
        if self._worker is None or not self._worker.alive:
            worker = Worker(self._source, memory=self._memory)
            try:
                worker.wait_until_ready()
            except BaseException:
                worker.close()
                raise
            self._worker = worker
            self._finalizer = weakref.finalize(self, _close, worker, self._owner)
        return self._worker

    def _end(self) -> None:
        if self._finalizer is not None:
            self._finalizer()
        self._worker, self._finalizer = None, None


def _close(worker: Worker, owner: int) -> None:
    if owner == os.getpid():
        worker.close()
