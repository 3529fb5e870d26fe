"""Reading the tables of tests/cases with an extractor: what the modules that have one share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from kgbuild.extract import Extractor
from kgbuild.model import Article, Event, Extraction
from kgbuild.ontology import load_ontology
from kgbuild.parallel import make_extractor

_FOLDER: Final = Path(__file__).with_name("cases")
PUBLISHED: Final = "2025-11-12"
Case = dict[str, Any]


@cache
def own_extractor() -> Extractor:
    """Return an extractor of kgbuild's own names and words, one for all modules of a run."""
    return make_extractor(load_ontology())


def read_cases(name: str) -> list[Case]:
    """Return the records of a table, in its order."""
    return [json.loads(line) for line in (_FOLDER / name).read_text("utf-8").splitlines()]


def plain(event: Case) -> bool:
    """Return whether an event is told as a fact."""
    return bool(event["polarity"] == "affirmed" and event["certainty"] == "actual")


def assert_enough(cases: Sequence[Case], least: int, *, without_events: int = 0, not_plain: int = 0) -> None:
    """Check the number of records, that no two are alike, and that enough of them hold no fact.

    Where `not_plain` is not given, it is a third.
    """
    assert len(cases) >= least
    assert len({c["id"] for c in cases}) == len({c["text"] for c in cases}) == len(cases)
    assert sum(not c["events"] for c in cases) >= without_events
    no_fact = sum(not any(plain(e) for e in c["events"]) for c in cases)
    assert no_fact >= (not_plain or len(cases) / 3)


def extract(text: str, published: str = PUBLISHED) -> Extraction:
    """Return what an article of this text says."""
    article = Article("case", text, hashlib.sha256(text.encode()).hexdigest(), published=published)
    return own_extractor().extract(article)


def values(event: Event, role: str) -> list[str]:
    """Return what fills a role: names, else values, else words."""
    return sorted({a.name or a.value or a.text for a in event.of(role)})


def figures(event: Event, role: str, as_written: Collection[str] = ()) -> list[str]:
    """Return what fills a role as `values` does, but figures as "70 % about"; `as_written` roles as words."""
    out = set()
    for a in event.of(role):
        if a.kind == "Quantity":
            out.add(" ".join(p for p in (a.value, a.unit, a.qualifier) if p and p != "exact"))
        else:
            out.add(a.text if role in as_written else a.name or a.value or a.text)
    return sorted(out)


@dataclass(frozen=True)
class Table:
    """One table, for events of some types."""

    name: str
    types: frozenset[str]
    words: frozenset[str] | None = None  #: roles compared as written, figures with units; None: plain values

    @property
    def cases(self) -> list[Case]:
        """Return its records."""
        return read_cases(self.name)

    def told(self, text: str) -> list[Event]:
        """Return the events of the types in a text."""
        return [e for e in extract(text).events if e.type in self.types]

    def values(self, event: Event, role: str) -> list[str]:
        """Return what fills a role, in the form of the records."""
        return values(event, role) if self.words is None else figures(event, role, self.words)

    def fits(self, event: Event, expected: Case) -> bool:
        """Return whether an event is the expected one: every role of the record must agree in full."""
        speaker = event.speaker.name if event.speaker else ""
        return (
            all(getattr(event, key) == expected[key] for key in ("type", "action", "polarity", "certainty"))
            and speaker == expected.get("speaker", speaker)
            and all(self.values(event, role) == found for role, found in expected["roles"].items())
        )

    def assert_record(self, case: Case) -> None:
        """Check that a text tells the events of its record and no others."""
        rest = self.told(case["text"])
        for expected in case["events"]:
            fitting = [e for e in rest if self.fits(e, expected)]
            assert fitting, f"{case['text']}\nwanted {expected}\ngot {rest}"
            rest.remove(fitting[0])
        assert not rest, f"{case['text']}\nnot wanted: {rest}"


def assert_spans(text: str, types: Collection[str] = ()) -> list[Event]:
    """Check that every span equals the text there, and return the events of `types`, else all.

    Without `types` the rejections are checked too.
    """
    found = extract(text)
    events = [e for e in found.events if not types or e.type in types]
    for event in events:
        assert all(0 <= t.start < t.end <= len(text) for t in event.tellings)
        speakers = [t.speaker for t in event.tellings if t.speaker is not None]
        for argument in (*event.arguments, *speakers):
            assert text[argument.start : argument.end] == argument.text
    for rejection in found.rejections if not types else ():
        assert text[rejection.start : rejection.end] == rejection.text
    return events
