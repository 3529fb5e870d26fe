"""Property paths over a coded graph."""

from __future__ import annotations

from collections.abc import Iterable

from kgbuild.validation.sets.coded_graph import CodedGraph
from kgbuild.validation.sets.shape_model import Path


def pairs(graph: CodedGraph, path: Path | None, focus: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Return focus node -> value nodes, those without any left out; without a path each is its own."""
    if path is None:
        return {f: (f,) for f in focus}
    if path.kind == "predicate":
        values = graph.forward(graph.intern(path.predicate))
        found = ((f, values.get(f)) for f in focus)
        return {f: (v,) if isinstance(v, int) else tuple(v) for f, v in found if v is not None}
    return {f: ends for f in focus if (ends := tuple(dict.fromkeys(_walk(graph, path, f))))}


def _walk(graph: CodedGraph, path: Path, start: int) -> list[int]:
    """Return where a path leads from one node, a node perhaps twice."""
    if path.kind == "predicate":
        return list(graph.values(graph.intern(path.predicate), start))
    if path.kind == "inverse":
        return _back(graph, path.parts[0], start)
    if path.kind == "sequence":
        here = [start]
        for part in path.parts:
            here = list(dict.fromkeys(end for node in here for end in _walk(graph, part, node)))
        return here
    if path.kind == "alternative":
        return [end for part in path.parts for end in _walk(graph, part, start)]
    if path.kind == "?":
        return [start, *_walk(graph, path.parts[0], start)]
    return _repeated(graph, path.parts[0], start, itself=path.kind == "*")


def _repeated(graph: CodedGraph, part: Path, start: int, *, itself: bool) -> list[int]:
    seen: dict[int, None] = {start: None} if itself else {}
    todo = [start]
    while todo:
        for end in _walk(graph, part, todo.pop()):
            if end not in seen:
                seen[end] = None
                todo.append(end)
    return list(seen)


def _back(graph: CodedGraph, path: Path, start: int) -> list[int]:
    """Return where the inverse of a path leads."""
    if path.kind == "predicate":
        return list(graph.inverse(graph.intern(path.predicate)).get(start, ()))
    return _walk(graph, _inverted(path), start)


def _inverted(path: Path) -> Path:
    if path.kind == "predicate":
        return Path("inverse", parts=(path,))
    if path.kind == "inverse":
        return path.parts[0]
    parts = tuple(_inverted(p) for p in path.parts)
    return Path(path.kind, parts=parts[::-1] if path.kind == "sequence" else parts)
