"""Findings: results with the place in the data file and the sentences of the articles behind them."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kgbuild.errors import GraphError
from kgbuild.rdf_files import Key
from kgbuild.terms import KG
from kgbuild.validation.evidence import article_files
from kgbuild.validation.places import Positions, Wanted, positions_in, wanted_place
from kgbuild.validation.report import SEVERITIES, ValidationResult, to_ntriples
from kgbuild.validation.sets.coded_graph import CodedGraph

#: Syntaxes in which positions are known.
_POSITIONED: Final = frozenset({".ttl", ".trig", ".nt", ".nq"})
#: Sources shown for one finding.
_SOURCES: Final = 3


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file. Lines and columns count from 1, columns in code points; None where unknown."""

    file: str
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """The sentence of an article that the finding's claim quotes."""

    location: Location
    quote: str
    article: str  #: IRI


@dataclass(frozen=True, slots=True)
class Finding:
    """A result, where it is, and what to recognize it by in another run."""

    result: ValidationResult
    location: Location | None
    sources: tuple[Source, ...]
    fingerprint: str  #: of shape, component, focus node, path and value; the line does not count


def fingerprint(result: ValidationResult) -> str:
    """Return 32 hexadecimal digits that stay the same while the finding does, wherever it moves."""
    parts = (
        result.source_shape,
        result.component,
        result.focus_node,
        result.path or "",
        "" if result.value is None else to_ntriples(result.value),
    )
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def locate(
    results: Sequence[ValidationResult], files: Sequence[Path], data: CodedGraph, texts: Path | None = None
) -> tuple[Finding, ...]:
    """Return `results` with their places, in their order.

    `files` are what was validated and `data` its triples; `texts` is the folder of the kept articles.
    """
    if not results:
        return ()
    wanted = [wanted_place(r, data) for r in results]
    positions = _positions(files, {w for w in wanted if w is not None})
    fallback = Location(str(files[0])) if files else None
    sources = _Sources(data, texts)
    return tuple(
        Finding(r, _where(w, positions) or fallback, sources.of(r), fingerprint(r))
        for r, w in zip(results, wanted, strict=True)
    )


def _positions(files: Sequence[Path], wanted: set[Wanted]) -> list[tuple[str, Positions]]:
    """Return each file's positions of what none before it has; a file that need not be read is left out."""
    found = []
    for path in files:
        if wanted and path.suffix.lower() in _POSITIONED:
            known = positions_in(path.read_text("utf-8-sig"), wanted=wanted)
            wanted = {w for w in wanted if not known.has(w)}
            found.append((str(path), known))
    return found


def _where(wanted: Wanted | None, positions: Sequence[tuple[str, Positions]]) -> Location | None:
    best: Location | None = None
    if wanted is None:
        return None
    for file, known in positions:
        place = known.of(*wanted)
        if place is not None and (best is None or known.has(wanted)):
            best = Location(file, *place)
            if known.has(wanted):
                return best
    return best


class _Sources:
    """Finds the sentences behind the triples of a graph."""

    def __init__(self, data: CodedGraph, texts: Path | None) -> None:
        self._data = data
        self._files = article_files(texts) if texts is not None else {}
        self._newlines: dict[str, list[int]] = {}

    def of(self, result: ValidationResult) -> tuple[Source, ...]:
        """Return the segments of claims about the finding's triple, else about its focus node."""
        if result.focus_node.startswith(("_:", '"')):
            return ()
        focus = result.focus_node
        claims = set(self._data.subjects(KG.claimSubject, focus))
        if self._data.has(focus, KG.evidencedBy):
            claims.add(focus)
        segments = {s for c in self._narrowed(claims, result) for s in self._data.objects(c, KG.evidencedBy)}
        if self._data.has(focus, KG.segmentOf):
            segments.add(focus)
        return tuple(sorted(s for s in map(self._source, segments) if s is not None))[:_SOURCES]

    def _narrowed(self, claims: set[Key], result: ValidationResult) -> Iterable[Key]:
        """Return the claims that tell the very triple, or all where none does."""
        if result.path is None or "<" in result.path:
            return claims
        predicate = result.path
        same = {c for c in claims if self._data.has(c, KG.claimPredicate, predicate)}
        if isinstance(result.value, str):
            exact = {c for c in same if self._data.has(c, KG.claimObject, result.value)}
            return exact or same or claims
        return same or claims

    def _source(self, segment: Key) -> Source | None:
        article = self._value(segment, KG.segmentOf)
        quote = self._value(segment, KG.exactText)
        start = self._value(segment, KG.startOffset)
        if article is None or quote is None:
            return None
        file = self._files.get(article)
        if file is None or start is None or not start.isdecimal():
            return Source(Location(article), quote, article)
        return Source(Location(str(file), *self._line(file, int(start))), quote, article)

    def _line(self, file: Path, offset: int) -> tuple[int, int] | tuple[()]:
        key = str(file)
        if key not in self._newlines:
            try:
                text = file.read_bytes().decode("utf-8")
            except (OSError, UnicodeDecodeError):
                return ()
            self._newlines[key] = [0, *(i + 1 for i, c in enumerate(text) if c == "\n")]
        starts = self._newlines[key]
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def _value(self, node: Key, predicate: str) -> str | None:
        found = self._data.objects(node, predicate)
        return min((v[0] if isinstance(v, tuple) else v for v in found), default=None)


def relative(findings: Iterable[Finding], base: Path) -> tuple[Finding, ...]:
    """Return findings whose files are told relative to `base` where they lie below it, with slashes."""

    def short(location: Location) -> Location:
        path = Path(location.file)
        try:
            return replace(location, file=path.resolve().relative_to(base.resolve()).as_posix())
        except ValueError:
            return location

    return tuple(
        replace(
            f,
            location=None if f.location is None else short(f.location),
            sources=tuple(
                replace(s, location=short(s.location)) if not s.location.file.startswith("http") else s
                for s in f.sources
            ),
        )
        for f in findings
    )


def read_baseline(path: Path) -> frozenset[str]:
    """Return the fingerprints of an earlier JSON report. Raises GraphError when it is none."""
    try:
        report = json.loads(path.read_text("utf-8"))
        return frozenset(str(r["fingerprint"]) for r in report["results"])
    except OSError as err:
        raise GraphError(f"{path}: cannot be read: {err.strerror}") from err
    except (ValueError, KeyError, TypeError) as err:
        raise GraphError(f"{path}: no report of `kgbuild validate -f json`; a baseline is one") from err


def at_least(severity: str, threshold: str) -> bool:
    """Return whether a severity is as bad as `threshold` or worse."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(threshold)
