"""Lines and columns of triples in Turtle, TriG, N-Triples and N-Quads.

RDF parsers give no positions. This scanner does nothing else: it reads a file that a parser has
accepted, follows subjects, predicates and objects, and notes where each object begins. What it does
not understand it skips, so a position may be missing and is never of another triple. Statements about
other subjects than the wanted ones are passed over whole, and behind the last wanted triple it stops.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from urllib.parse import urljoin

from kgbuild.rdf_files import Key
from kgbuild.terms import RDF, RDF_TYPE, XSD

_TOKEN: Final = re.compile(
    r"""(?P<skip>\s+|\#[^\n\r]*)
    |(?P<iri><[^<>"{}|^`\s]*>)
    |(?P<text>\"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*\"\"\"|'''(?:'{0,2}(?:[^'\\]|\\.))*'''
             |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    |(?P<datatype>\^\^)
    |(?P<at>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<number>[+-]?(?:\d+\.\d*[eE][+-]?\d+|\.?\d+[eE][+-]?\d+|\d*\.\d+|\d+)(?![\w:]))
    |(?P<mark>[.;,\[\](){}])
    |(?P<name>(?:\\[_~.\-!$&'()*+,;=/?\#@%]|%[0-9A-Fa-f]{2}|[^\s<>"'\[\](){};,\#^\\@])+)""",
    re.VERBOSE | re.DOTALL,
)
#: A whole statement without brackets whose subject is named, up to its full stop.
_STATEMENT: Final = re.compile(
    r"""(?:\s++|\#[^\n\r]*+)*+
    (<[^<>"{}|^`\s]*+>|[^\s<>"'\[\](){};,.\#^\\@:]*+:(?:[^\s<>"'\[\](){};,.\#^\\@]++|\.(?=[\w:%-]))*+)(?=\s)
    (?:[^<>"'\#\[\](){}.\\]++
      |<[^<>"{}|^`\s]*+>
      |\"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*+\"\"\"
      |"(?!"")(?:[^"\\\n\r]++|\\.)*+"
      |(?<=[\w:%-])\.(?=[\w:%-])
      |\\.
      |\#[^\n\r]*+)*+\.""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPES: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_INTEGER: Final = re.compile(r"[+-]?\d+")
#: A triple, or with None the first triple of a subject and predicate, or of a subject.
Wanted: TypeAlias = tuple[Key, str | None, Key | None]


@dataclass(slots=True)
class Positions:
    """First offsets of subjects, of (subject, predicate) and of triples, as (line, column) from 1."""

    _text: str
    triples: dict[tuple[Key, str, Key], int] = field(default_factory=dict)  #: offset of each object
    _pairs: dict[tuple[Key, str], int] = field(default_factory=dict)
    _subjects: dict[Key, int] = field(default_factory=dict)
    _lines: list[int] = field(default_factory=list)  #: offsets at which lines begin, once they are needed

    def of(
        self, subject: Key, predicate: str | None = None, value: Key | None = None
    ) -> tuple[int, int] | None:
        """Return line and column (in code points) of the most special of these that the file has.

        The object of the triple, else the predicate's first object, else the subject; None where the file
        does not have the subject.
        """
        found: int | None = None
        if predicate is not None and value is not None:
            found = self.triples.get((subject, predicate, value))
        if found is None and predicate is not None:
            found = self._pairs.get((subject, predicate))
        if found is None:
            found = self._subjects.get(subject)
        if found is None:
            return None
        if not self._lines:
            self._lines = [0, *(m.end() for m in re.finditer(r"\n", self._text))]
        line = bisect_right(self._lines, found)
        return line, found - self._lines[line - 1] + 1

    def has(self, wanted: Wanted) -> bool:
        """Return whether the place of just this was found."""
        subject, predicate, value = wanted
        if predicate is None:
            return subject in self._subjects
        return (
            (subject, predicate) in self._pairs
            if value is None
            else (subject, predicate, value) in self.triples
        )

    def note(self, subject: Key, predicate: str, value: Key, offset: int) -> None:
        """Keep where a triple is first told."""
        self.triples.setdefault((subject, predicate, value), offset)
        self._pairs.setdefault((subject, predicate), offset)

    def note_subject(self, subject: Key, offset: int) -> None:
        """Keep where a subject first stands."""
        self._subjects.setdefault(subject, offset)


def positions_in(text: str, base: str = "", wanted: Iterable[Wanted] | None = None) -> Positions:
    """Return the positions in `text`, which is well-formed Turtle, TriG, N-Triples or N-Quads.

    `base` is the IRI against which relative ones are resolved. With `wanted` only what is told of these
    subjects is looked at, and no more of the text than it takes to find all that is wanted.
    """
    positions = Positions(text)
    _Scanner(text, base, positions, None if wanted is None else set(wanted)).scan()
    return positions


@dataclass(slots=True)
class _Frame:
    """Where in a statement the scanner is: at its subject, its predicate or an object."""

    subject: Key | None = None
    predicate: str | None = None
    listed: bool = False  #: inside round brackets, where everything is an item


class _Scanner:
    def __init__(self, text: str, base: str, positions: Positions, wanted: set[Wanted] | None) -> None:
        self._text = text
        self._base = base
        self._positions = positions
        self._missing = wanted
        self._subjects = frozenset(subject for subject, _, _ in wanted or ())
        self._prefixes: dict[str, str] = {}
        self._frames = [_Frame()]
        self._blanks = 0
        self._offset = 0

    def scan(self) -> None:
        """Go through the tokens."""
        tokens = self._tokens()
        while self._missing is None or self._missing:
            if self._missing and self._between_statements():
                self._pass_over()
            kind, text, offset = next(tokens, ("", "", 0))
            if not kind:
                break
            if kind == "mark":
                self._mark(text, offset)
            elif kind == "at" and text.lower() in {"@prefix", "@base"}:
                self._declare(text[1:].lower(), tokens)
            elif kind == "name" and text.lower() in {"prefix", "base"} and self._between_statements():
                self._declare(text.lower(), tokens, dot=False)
            elif kind == "name" and text.lower() == "graph" and self._between_statements():
                continue
            else:
                self._term(kind, text, offset)
        self._flush()

    def _pass_over(self) -> None:
        """Go on behind the statements that come next and are about other subjects."""
        while match := _STATEMENT.match(self._text, self._offset):
            subject = match[1]
            key = self._iri(subject) if subject[0] == "<" else self._name(subject) or subject
            if key in self._subjects:
                break
            self._offset = match.end()

    # ---- tokens, with literals put together

    def _tokens(self) -> Iterator[tuple[str, str, int]]:
        end = len(self._text)
        while self._offset < end:
            position = self._offset
            match = _TOKEN.match(self._text, position)
            if match is None:
                self._offset += 1
                continue
            kind = match.lastgroup or "skip"
            text = match.group()
            self._offset = match.end()
            if kind == "name" and text.endswith(".") and not text.endswith("\\."):
                text = text.rstrip(".")
                if not text:
                    yield "mark", ".", position
                    continue
                self._offset = position + len(text)
            if kind != "skip":
                yield kind, text, position

    def _between_statements(self) -> bool:
        frame = self._frames[-1]
        return len(self._frames) == 1 and frame.subject is None and self._pending is None

    _pending: tuple[str, int] | None = None  #: a string whose language or datatype may follow
    _typed: bool = False

    def _declare(self, what: str, tokens: Iterator[tuple[str, str, int]], *, dot: bool = True) -> None:
        if what == "prefix":
            _, name, _ = next(tokens, ("", "", 0))
            _, iri, _ = next(tokens, ("", "", 0))
            self._prefixes[name.removesuffix(":")] = self._iri(iri)
        else:
            _, iri, _ = next(tokens, ("", "", 0))
            self._base = self._iri(iri)
        if dot:
            next(tokens, None)

    # ---- structure

    def _mark(self, mark: str, offset: int) -> None:
        self._flush()
        frame = self._frames[-1]
        if mark == ".":
            frame.subject = frame.predicate = None
        elif mark == ";":
            frame.predicate = None
        elif mark in "[(":
            self._blanks += 1
            node = f"_:[{self._blanks}]"
            self._place(node, offset)
            self._frames.append(_Frame(subject=node if mark == "[" else None, listed=mark == "("))
        elif mark in "])" and len(self._frames) > 1:
            self._frames.pop()
        elif mark in "{}":
            del self._frames[1:]
            self._frames[0] = _Frame()

    def _term(self, kind: str, text: str, offset: int) -> None:
        if kind == "datatype":
            self._typed = True
            return
        if kind == "at":
            self._finish(text[1:].lower() and text[1:], RDF + "langString")
            return
        if self._typed and self._pending is not None:
            self._typed = False
            self._finish("", self._iri(text) if kind == "iri" else self._name(text) or "")
            return
        self._flush()
        if kind == "text":
            self._pending = (text, offset)
        elif kind == "iri":
            self._place(self._iri(text), offset)
        elif kind == "number":
            kinds = "integer" if _INTEGER.fullmatch(text) else "double" if "e" in text.lower() else "decimal"
            self._place((text, XSD + kinds, ""), offset)
        elif text in {"true", "false"}:
            self._place((text, XSD + "boolean", ""), offset)
        elif text.startswith("_:"):
            self._place(text, offset)
        else:
            name = RDF_TYPE if text == "a" and self._wants_predicate() else self._name(text)
            if name is not None:
                self._place(name, offset)

    def _wants_predicate(self) -> bool:
        frame = self._frames[-1]
        return not frame.listed and frame.subject is not None and frame.predicate is None

    def _flush(self) -> None:
        """Place a string behind which neither a language nor a datatype came."""
        if self._pending is not None:
            self._finish("", XSD + "string")

    def _finish(self, language: str, datatype: str) -> None:
        if self._pending is not None:
            text, offset = self._pending
            self._pending = None
            quotes = 3 if text[:3] in {'"""', "'''"} and len(text) >= 6 else 1
            self._place((_unescaped(text[quotes:-quotes]), datatype, language), offset)

    def _place(self, key: Key, offset: int) -> None:
        """Put a term where the statement wants one."""
        frame = self._frames[-1]
        if frame.listed:
            return
        if frame.subject is None:
            frame.subject = key
            self._positions.note_subject(key, offset)
            self._found((key, None, None))
        elif frame.predicate is None:
            frame.predicate = key if isinstance(key, str) else ""
        else:
            self._positions.note(frame.subject, frame.predicate, key, offset)
            self._found((frame.subject, frame.predicate, key))
            self._found((frame.subject, frame.predicate, None))

    def _found(self, place: Wanted) -> None:
        if self._missing is not None:
            self._missing.discard(place)

    # ---- names

    def _iri(self, written: str) -> str:
        inner = _unescaped(written[1:-1])
        return inner if ":" in inner.split("/")[0] or not self._base else urljoin(self._base, inner)

    def _name(self, written: str) -> str | None:
        prefix, colon, local = written.partition(":")
        if not colon or prefix not in self._prefixes:
            return None
        return self._prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text

    def one(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _ESCAPES.get(match[3], match[3])

    return _ESCAPE.sub(one, text)
