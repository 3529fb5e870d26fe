"""What a disagreement is made of: verdicts, values, and their places in the texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from kgbuild.happenings import Happening
from kgbuild.link import LinkedEvent
from kgbuild.model import Argument

CONTRADICTION: Final = "contradiction"
PRECISION: Final = "precision"
COMPATIBLE: Final = "compatible"
#: Roles by which a summary tells one happening from another.
_TELLING: Final = frozenset(
    "exchange window percent destination validity place measure reporter content".split()
)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a text says it."""

    article: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, order=True)
class Value:
    """One value with all places that tell it."""

    says: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, order=True)
class Disagreement:
    """What is told in more than one way."""

    verdict: str
    about: str  #: IRI of the happening or thing
    topic: str  #: its type and what is compared: "license destination"
    reason: str
    values: tuple[Value, ...]

    @property
    def articles(self) -> tuple[str, ...]:
        """Return the articles that take part, sorted."""
        return tuple(sorted({p.article for v in self.values for p in v.places}))


def place_of(event: LinkedEvent, a: Argument) -> Place:
    """Return where an argument stands."""
    return Place(event.article, a.start, a.end)


def by_value(happening: Happening, role: str) -> dict[str, list[Place]]:
    """Return the values of a role with the places that tell them."""
    told: dict[str, list[Place]] = {}
    for event in happening.tellings:
        for a in event.event.of(role):
            if a.value:
                told.setdefault(a.value, []).append(place_of(event, a))
    return told


def values_of(told: Mapping[str, Iterable[Place]]) -> tuple[Value, ...]:
    """Return values in order, each place once."""
    return tuple(Value(says, tuple(sorted(set(places)))) for says, places in sorted(told.items()))


def merged(places: Iterable[Iterable[Place]]) -> tuple[Place, ...]:
    """Return all places in order, each once."""
    return tuple(sorted({p for some in places for p in some}))


def summary(h: Happening) -> Value:
    """Return a happening as one value: what it is, and all places that tell it."""
    detail = sorted(
        {
            f"{a.role} {a.name or a.value or a.text}"
            for e in h.tellings
            for a in e.event.arguments
            if a.role in _TELLING
        }
    )
    head = " ".join((h.act, *h.times))
    places = {Place(e.article, t.start, t.end) for e in h.tellings for t in e.event.tellings}
    return Value("; ".join([head, *detail]), tuple(sorted(places)))
