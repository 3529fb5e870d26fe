"""Which triple of a graph is at fault in a result, so that its place can be looked up."""

from __future__ import annotations

import re
from typing import Final

from kgbuild.model import Literal
from kgbuild.rdf_files import Key
from kgbuild.validation.places.turtle_positions import Wanted
from kgbuild.validation.report import ValidationResult
from kgbuild.validation.sets.coded_graph import CodedGraph

_STEPS: Final = re.compile(r"\^?<[^<>]*>(?:/\^?<[^<>]*>)*")
#: What is written around several paths.
_CHOICE: Final = re.compile(r"\(([^()]*)\)|([^()]*)")
_STEP: Final = re.compile(r"(\^?)<([^<>]*)>")


def wanted_place(result: ValidationResult, data: CodedGraph) -> Wanted | None:
    """Return the triple that `result` is about, else the beginning of what the graph tells of its focus node.

    That is the last step of a path to the value, else the first triple with the path's property, else the
    subject. A node that is no subject, or has no name, is looked for where another one points to it. None
    where there is no such triple either.
    """
    focus = result.focus_node
    if focus.startswith('"'):
        return None
    value = result.value
    key: Key | None = (value.value, value.datatype, value.language) if isinstance(value, Literal) else value
    ways = _ways(result.path)
    for steps in ways:
        last = None if key is None else _last_step(focus, steps, key, data)
        if last is not None:
            return last
    for steps in ways:
        inverse, first = steps[0]
        if not inverse and not focus.startswith("_:") and data.has(focus, first):
            return focus, first, None
    if not focus.startswith("_:") and any(data.has(focus, str(data.keys[p])) for p in data.predicates()):
        return focus, None, None
    return _reference(focus, data)


def _ways(path: str | None) -> list[list[tuple[bool, str]]]:
    """Return the sequences of which a path allows one, each step with whether it is inverse.

    Paths with repeated steps or with choices inside others have none.
    """
    if path is None:
        return []
    if "<" not in path:
        return [[(False, path)]]
    choice = _CHOICE.fullmatch(path)
    ways = (choice[1] or choice[2]).split("|") if choice else []
    if not all(_STEPS.fullmatch(way) for way in ways):
        return []
    return [[(bool(m[1]), m[2]) for m in _STEP.finditer(way)] for way in ways]


def _last_step(focus: str, steps: list[tuple[bool, str]], value: Key, data: CodedGraph) -> Wanted | None:
    nodes: set[Key] = {focus}
    for inverse, predicate in steps[:-1]:
        ends = (data.subjects(predicate, n) if inverse else data.objects(n, predicate) for n in nodes)
        nodes = {end for found in ends for end in found}
    inverse, predicate = steps[-1]
    for node in sorted(nodes, key=repr):
        subject, last = (value, node) if inverse else (node, value)
        if isinstance(subject, str) and not subject.startswith("_:") and data.has(subject, predicate, last):
            # a blank node has another name in the file
            return subject, predicate, None if isinstance(last, str) and last.startswith("_:") else last
    return None


def _reference(node: str, data: CodedGraph) -> Wanted | None:
    found = [
        (subject, str(data.keys[p]))
        for p in data.predicates()
        for subject in data.subjects(str(data.keys[p]), node)
        if isinstance(subject, str) and not subject.startswith("_:")
    ]
    if not found:
        return None
    subject, predicate = min(found)
    return subject, predicate, None if node.startswith("_:") else node
