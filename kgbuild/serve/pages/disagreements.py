"""The page of disagreements: values that texts give differently, each with its places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from kgbuild.serve.pages.kept_texts import read_lines
from kgbuild.serve.pages.links import article_of_id, place_url
from kgbuild.serve.pages.things import Ref, Things, time_words

#: Verdicts in the order of the page: name, heading, what it means.
VERDICTS: Final = (
    ("contradiction", "Contradictions", "The values cannot all be true of the same thing."),
    ("precision", "Differences of precision", "One value is coarser, finer, hedged or attributed otherwise."),
    ("compatible", "Look-alikes", "Different things that look alike and were kept apart, with the reason."),
)
PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class ToldPlace:
    """A place that gives a value."""

    quote: str
    url: str
    source: str


@dataclass(frozen=True, slots=True)
class ToldValue:
    """One of the values."""

    says: Ref
    places: tuple[ToldPlace, ...]


@dataclass(frozen=True, slots=True)
class DisagreementCard:
    """One disagreement."""

    topic: str
    about: Ref
    reason: str
    values: tuple[ToldValue, ...]


def read_disagreements(files: Path) -> list[dict[str, Any]]:
    """Return the disagreements of a state of the graph, as its build wrote them."""
    return read_lines(files / "disagreements.jsonl")


def count_verdicts(records: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Return how many disagreements there are of each verdict."""
    found = Counter(str(record.get("verdict")) for record in records)
    return {name: found[name] for name, _, _ in VERDICTS}


@dataclass(frozen=True, slots=True)
class ShowDisagreements:
    """Records to be shown with the labels of a store."""

    records: tuple[dict[str, Any], ...]

    def __call__(self, store: ox.Store) -> tuple[DisagreementCard, ...]:
        """Return the cards, in the order of the records."""
        things = Things(store)
        return tuple(_card(things, record) for record in self.records)


def _card(things: Things, record: dict[str, Any]) -> DisagreementCard:
    values = []
    for value in record.get("values") or ():
        places = []
        for place in value.get("places") or ():
            article = article_of_id(str(place.get("article")))
            start, end = int(place.get("start") or 0), int(place.get("end") or 0)
            places.append(
                ToldPlace(str(place.get("quote")), place_url(article, start, end), things.label(article))
            )
        values.append(ToldValue(_says(things, str(value.get("says"))), tuple(places)))
    about = str(record.get("about"))
    return DisagreementCard(
        str(record.get("topic")).replace("_", " "),
        things.ref(about),
        str(record.get("reason")),
        tuple(values),
    )


def _says(things: Things, text: str) -> Ref:
    """Return a value in words: things and times of it by their names."""
    if text.startswith("https://") and " " not in text:
        return things.ref(text)
    return Ref(time_words(text))
