"""How deeply a file is nested: parsers of JSON-LD and RDF/XML take hours for what is very deep.

Names of syntaxes are those of rdflib, which is not loaded here.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

from kgbuild.errors import GraphError

#: Brackets and elements inside one another; graphs have a few, and parsers take very long for many.
_DEEPEST: Final = 500
_PASSES: Final = 100
_OPEN: Final = 10_000
_QUOTED: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|<[^<>\s]*>|#[^\n]*', re.DOTALL
)
_NO_BRACKETS: Final = bytes(sorted(set(range(256)) - set(b"()[]")))
_TAG: Final = re.compile(r"<(?:(/)|[^!?/])[^<>]*?(/)?>")
_NESTED_SYNTAXES: Final = {".jsonld": "json-ld", ".rdf": "xml", ".owl": "xml"}


def refuse_deep(path: Path) -> None:
    """Raise GraphError where JSON-LD or RDF/XML is too deep; what is no text is left to its parser."""
    syntax = _NESTED_SYNTAXES.get(path.suffix.lower())
    if syntax is None:
        return
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return
    if is_deep(text, syntax):
        raise GraphError(f"{path}: nested too deeply")


def is_deep(text: str, syntax: str) -> bool:
    """Return whether brackets or elements are inside one another so often that this is no graph."""
    if syntax == "xml":
        depth = 0
        for tag in _TAG.finditer(text):
            depth += -1 if tag[1] else 0 if tag[2] else 1
            if depth > _DEEPEST:
                return True
        return False
    if syntax == "json-ld":
        try:
            document = json.loads(text)
        except RecursionError:
            return True
        except ValueError:
            return False
        return is_deep_document(document)
    if syntax not in {"turtle", "trig"}:
        return False
    return _left_open(text) > _OPEN and _left_open(_QUOTED.sub("", text)) > _OPEN


def is_deep_document(document: object) -> bool:
    """Return whether a value of JSON has too many others inside one another."""
    level: list[object] = [document]
    for _ in range(_DEEPEST):
        level = [
            inner
            for value in level
            for inner in (
                value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
            )
        ]
        if not level:
            return False
    return True


def _left_open(text: str) -> int:
    """Return how many brackets are left open, or are closed only around many others."""
    brackets = text.encode().translate(None, _NO_BRACKETS)
    for _ in range(_PASSES):
        inner = brackets.replace(b"()", b"").replace(b"[]", b"")
        if len(inner) == len(brackets):
            break
        brackets = inner
    return brackets.count(b"(") + brackets.count(b"[")
