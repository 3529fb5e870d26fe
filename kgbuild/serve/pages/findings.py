"""The page of the validation: what the shapes found, by shape, as the report of the build says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kgbuild.serve.pages.things import Ref, Things, short_name

_SH: Final = "http://www.w3.org/ns/shacl#"
_SEVERITIES: Final = ("Violation", "Warning", "Info")
SHOWN: Final = 25  #: things of one shape


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """One result of the report."""

    severity: str
    shape: str  #: IRI
    message: str
    focus: str
    path: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report that was read; `known` is false where the build has none."""

    known: bool
    results: tuple[Result, ...]

    def counts(self) -> dict[str, int]:
        """Return the number of results of each severity."""
        found = Counter(r.severity for r in self.results)
        return {severity: found[severity] for severity in _SEVERITIES}


@dataclass(frozen=True, slots=True)
class ShapeFindings:
    """What one shape found."""

    severity: str
    shape: str
    message: str
    things: tuple[Ref, ...]
    number: int


def read_report(files: Path) -> Report:
    """Return the report beside the graph (SHACL, section 3.6)."""
    path = files / "validation.ttl"
    about: dict[str, dict[str, str]] = {}
    try:
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            name = quad.predicate.value
            if name.startswith(_SH) and not isinstance(quad.object, ox.Triple):
                about.setdefault(str(quad.subject), {})[name.removeprefix(_SH)] = quad.object.value
    except (OSError, SyntaxError, ValueError):
        return Report(known=False, results=())
    found = [
        Result(
            short_name(r.get("resultSeverity", "Violation")), r.get("sourceShape", ""),
            r.get("resultMessage", ""), r["focusNode"], r.get("resultPath", ""),
        )
        for r in about.values()
        if "focusNode" in r
    ]  # fmt: skip
    return Report(known=True, results=tuple(sorted(found)))


@dataclass(frozen=True, slots=True)
class ShowFindings:
    """Results to be shown with the labels of a store, by shape."""

    results: tuple[Result, ...]
    shape: str = ""  #: only this one, with all its things

    def __call__(self, store: ox.Store) -> tuple[ShapeFindings, ...]:
        """Return what each shape found, the severest and most frequent first."""
        things = Things(store)
        by_shape: dict[tuple[str, str, str], list[str]] = {}
        for r in self.results:
            if not self.shape or short_name(r.shape) == self.shape:
                by_shape.setdefault((r.severity, r.shape, r.message), []).append(r.focus)
        order = sorted(by_shape, key=lambda k: (_rank(k[0]), -len(by_shape[k]), k))
        most = None if self.shape else SHOWN
        return tuple(
            ShapeFindings(
                key[0],
                short_name(key[1]),
                key[2],
                tuple(sorted(things.ref(f) for f in sorted(set(by_shape[key]))[:most])),
                len(by_shape[key]),
            )
            for key in order
        )


def _rank(severity: str) -> int:
    return _SEVERITIES.index(severity) if severity in _SEVERITIES else len(_SEVERITIES)
