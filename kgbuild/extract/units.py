"""Units and sentences: names, word classes, dates and amounts as one step each.

Everything that reads an article works on units, so a firm, a date or "in principle" is one step wide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from kgbuild.extract.amounts import Amount
from kgbuild.extract.dates import DateMention
from kgbuild.extract.lexicon import Tag
from kgbuild.model import Span

FIRM: Final = "Firm"
PLACES: Final = frozenset({"Country", "WorldRegion", "Subdivision", "City"})
BODIES: Final = frozenset({"Government", "Regulator", "PublicBody"})
MATERIALS: Final = frozenset(
    "RareEarthElement Mineral ElementGroup Good PermanentMagnet RareEarthCompound Alloy Component".split()
)
_WORD_BREAK = re.compile(r"[^\W_]")

_NO_CLASSES: Final[frozenset[str]] = frozenset()


@cache
def _classes(tags: tuple[Tag, ...]) -> frozenset[str]:
    """Return the classes of `tags` and all classes above them: "license" for "license.soft"."""
    return frozenset(
        ".".join(parts[:n]) for parts in (t.cls.split(".") for t in tags) for n in range(1, len(parts) + 1)
    )


@dataclass(slots=True)
class Unit:
    """One step of a sentence."""

    start: int
    end: int
    text: str
    low: str
    kind: str = ""  #: ontology class, "Time", "Quantity", "Duration", "Ticker" or "" for words
    name: str = ""  #: preferred label of a known name, else the text
    readings: tuple[
        tuple[str, str], ...
    ] = ()  #: further (kind, label) of the same words, e.g. a city for a government
    demonym: bool = False  #: an adjective of the place ("Chinese")
    tags: tuple[Tag, ...] = ()
    date: DateMention | None = None
    amount: Amount | None = None
    via: str = ""
    _classes: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._classes = _classes(self.tags) if self.tags else _NO_CLASSES

    def has(self, cls: str) -> bool:
        """Return whether a reading is of this class or below it: "license" covers "license.soft"."""
        return cls in self._classes

    def tag(self, cls: str) -> Tag | None:
        """Return the first reading of this class or below it."""
        return next((t for t in self.tags if t.cls == cls or t.cls.startswith(cls + ".")), None)

    def reading(self, kinds: Iterable[str]) -> tuple[str, str] | None:
        """Return (kind, label) where the unit can be read as one of `kinds`."""
        wanted = set(kinds)
        for kind, label in ((self.kind, self.name), *self.readings):
            if kind in wanted:
                return kind, label
        return None

    @property
    def span(self) -> Span:
        """Return where it stands."""
        return Span(self.start, self.end)

    @property
    def is_word(self) -> bool:
        """Return whether it is a word and no punctuation."""
        return bool(_WORD_BREAK.search(self.text))


@dataclass(slots=True)
class Sentence:
    """Units between two sentence borders."""

    index: int
    units: list[Unit]
    kind: str  #: "headline", "text" or "item"
    heading: list[DateMention] = field(default_factory=list)  #: dates of the line above a list item
    uses: tuple[Unit, ...] = ()  #: industries and end uses named here; each lies over one or more of `units`

    @property
    def start(self) -> int:
        """Return where the first unit starts."""
        return self.units[0].start

    @property
    def end(self) -> int:
        """Return where the last unit ends."""
        return self.units[-1].end
