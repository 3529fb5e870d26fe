"""A process that holds a store open and does one task after another on it, each within limits.

Oxigraph cannot be told to stop, so a query that takes too long is ended with its process. A task is a value
that can be pickled and called with the store, such as `kgbuild.query.answers.Question`; what it returns, or
the KgbuildError that it raises, comes back. Both ends of the pipe are this module.
"""

from __future__ import annotations

import faulthandler
import os
import pickle
import signal
import struct
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Protocol, Self, TypeVar

import pyoxigraph as ox

from kgbuild.errors import KgbuildError, LimitError, QueryError

Result = TypeVar("Result")
Task = Callable[[ox.Store], Result]

SECONDS: Final = 60.0  #: that a task may take, if nothing else is said
MEMORY: Final = 4 << 30  #: bytes that tasks may take beside the opened store
LENGTH: Final = struct.Struct("!Q")  #: before each answer
_GRACE: Final = 2.0  #: seconds after which a worker whose owner has died ends itself


class Worker:
    """A process with the store of `source` (see `kgbuild.store.open_store`), for one thread at a time.

    It is ended by leaving the `with` block, by `close`, and by a task that breaks a limit; it ends itself
    when its owner is gone. Raises what opening the store raises.
    """

    def __init__(self, source: Path, *, memory: int = MEMORY) -> None:
        self._memory = memory
        self._process: _Process = _Fork() if _has_one_thread() else _Spawn()
        self._late = False  #: it was ended because of the time
        self._ready = False
        self._status = 0
        try:
            self._send((str(source), memory))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def process_id(self) -> int:
        """Return the id of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Return whether it can take a task."""
        return not self._process.requests.closed

    def wait_until_ready(self) -> None:
        """Return when the store is open; no limit holds for that. Raises what opening raises."""
        if not self._ready:
            self._receive()
            self._ready = True

    def ask(self, task: Task[Result], *, seconds: float = SECONDS) -> Result:
        """Return what `task` returns. Raises what it raises, and LimitError for too much time or memory."""
        if not self.alive:
            raise QueryError("the process that answers has ended; start another")
        self.wait_until_ready()
        timer = threading.Timer(seconds, self._stop)
        try:
            self._send((task, seconds))
            timer.start()
            answer: Result = self._receive()
        except _Ended as err:
            raise LimitError(self._why(seconds)) from err
        except BaseException as err:
            if not isinstance(err, Exception):
                self.close()  # interrupted: the answer that comes would be taken for that of the next task
            raise
        finally:
            timer.cancel()
        if self._late:  # the answer came at the last moment
            self._end()
        return answer

    def close(self) -> None:
        """End the process, whatever it does."""
        if self.alive:
            self._process.kill()
            self._end()

    def _stop(self) -> None:
        self._late = True
        self._process.kill()

    def _send(self, what: object) -> None:
        request = pickle.dumps(what, pickle.HIGHEST_PROTOCOL)  # what cannot be pickled leaves nothing behind
        try:
            self._process.requests.write(request)
            self._process.requests.flush()
        except BrokenPipeError as err:
            self._end()
            raise _Ended from err

    def _receive(self) -> Any:
        try:
            head = self._process.answers.read(LENGTH.size)
            body = self._process.answers.read(LENGTH.unpack(head)[0])
            done, what = pickle.loads(body)  # noqa: S301 - from our own process
        except (EOFError, struct.error, pickle.UnpicklingError, OSError) as err:
            self._end()
            raise _Ended from err
        if not done:
            raise what
        return what

    def _end(self) -> None:
        with suppress(OSError):
            self._process.requests.close()
        self._process.answers.close()
        self._status = self._process.wait()

    def _why(self, seconds: float) -> str:
        return why_ended(self._status, self._memory, seconds if self._late else None)


def why_ended(status: int, memory: int, late: float | None) -> str:
    """Return in words why a process ended before it answered; `late` are the seconds that were too few."""
    if late is not None:
        return f"stopped after {late:g} s; ask for less, or allow more time"
    return (
        f"the process that answers has ended (status {status}), most likely because it needs more "
        f"than {memory / (1 << 20):,.0f} MiB of memory; ask for less"
    )


class _Ended(QueryError):  # noqa: N818 - it is told, or caught here
    """The process has ended before its answer was complete."""

    def __init__(self) -> None:
        super().__init__("the process that answers ended while it opened the store")


# ---- two ways to start ---------------------------------------------------------------------------


class _Process(Protocol):
    pid: int
    requests: IO[bytes]
    answers: IO[bytes]

    def kill(self) -> None: ...
    def wait(self) -> int: ...


def _has_one_thread() -> bool:
    """Return whether this process may be forked: locks that other threads hold would stay held for ever."""
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - names are counted
    except OSError:
        return False


class _Fork:
    """A copy of this process, at hand 50 ms sooner than a new one."""

    def __init__(self) -> None:
        ask_end, requests = os.pipe()
        answers, answer_end = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.close(requests)
                os.close(answers)
                nothing = os.open(os.devnull, os.O_RDWR)
                for standard in (0, 1, 2):
                    os.dup2(nothing, standard)
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                faulthandler.disable()  # an engine without memory aborts; the owner tells it
                _work(os.fdopen(ask_end, "rb"), os.fdopen(answer_end, "wb"))
            finally:
                os._exit(1)  # nothing of the copied process may run on
        os.close(ask_end)
        os.close(answer_end)
        self.requests: IO[bytes] = os.fdopen(requests, "wb")
        self.answers: IO[bytes] = os.fdopen(answers, "rb")
        self._status: int | None = None

    def kill(self) -> None:
        if self._status is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        if self._status is None:
            self._status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._status


class _Spawn:
    """A new process."""

    def __init__(self) -> None:
        import subprocess  # noqa: PLC0415 - most are forked

        self._process = subprocess.Popen(  # noqa: S603 - our own module
            command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101, PT018 - pipes
        self.pid = self._process.pid
        self.requests: IO[bytes] = self._process.stdin
        self.answers: IO[bytes] = self._process.stdout

    def kill(self) -> None:
        self._process.kill()

    def wait(self) -> int:
        return self._process.wait()


def command() -> list[str]:
    """Return the command of a new process: on its input it takes what `Worker` sends, pickled.

    First (source, bytes of memory), then (task, seconds) again and again. It answers each with the length of
    what follows (LENGTH) and pickled (True, result) or (False, exception).
    """
    # -P and the path of this process: no module of the current folder is taken for one of ours
    code = f"import sys; sys.path[:] = {sys.path!r}; from kgbuild.query import worker; worker.main()"
    return [sys.executable, "-P", "-c", code]


# ---- in the worker -------------------------------------------------------------------------------


def main() -> None:
    """Work for the process at the other end of standard input and output."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    _work(sys.stdin.buffer, answers)


def _work(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Open the store and do tasks until there are no more requests."""
    from kgbuild.store import open_store  # noqa: PLC0415 - the owner does not open it

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the owner decides
    try:
        source, memory = pickle.load(requests)  # noqa: S301 - from our owner
    except EOFError:
        return
    try:
        with open_store(Path(source)) as store:
            _limit_memory(memory)
            _answer(answers, done=True, what=None)
            while _do(store, requests, answers):
                pass
    except (KgbuildError, OSError) as err:
        _answer(answers, done=False, what=err)


def _do(store: ox.Store, requests: IO[bytes], answers: IO[bytes]) -> bool:
    try:
        task, seconds = pickle.load(requests)  # noqa: S301 - from our owner
    except EOFError:
        return False
    _end_after(seconds + _GRACE)
    try:
        done, what = True, task(store)
    except KgbuildError as err:
        done, what = False, err
    except MemoryError:
        done, what = False, LimitError("it needs more memory than a query may take; ask for less")
    except Exception as err:  # noqa: BLE001 - the owner tells it
        done, what = False, RuntimeError(f"{type(err).__name__}: {err}")
    _answer(answers, done=done, what=what)
    _end_after(0)
    return True


def _answer(answers: IO[bytes], *, done: bool, what: object) -> None:
    body = pickle.dumps((done, what), pickle.HIGHEST_PROTOCOL)
    answers.write(LENGTH.pack(len(body)))
    answers.write(body)
    answers.flush()


def _end_after(seconds: float) -> None:
    """Let the system end this process, should its owner have died without ending it; 0 takes that back."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _limit_memory(more: int) -> None:
    """Allow `more` bytes beside those that are taken, where the system can count them."""
    try:
        import resource  # noqa: PLC0415 - not on every platform

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (ImportError, OSError):
        return
    taken = pages * resource.getpagesize()
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    soft = taken + more if hard == resource.RLIM_INFINITY else min(taken + more, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
