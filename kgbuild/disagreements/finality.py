"""Agreements that one text tells as signed or in effect, and another as tentative or not signed at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import Final

from kgbuild.disagreements.values import CONTRADICTION, Disagreement, Place, values_of
from kgbuild.edtf import compatible
from kgbuild.extract.agreement_effects import HEADLINE
from kgbuild.happenings import Happening
from kgbuild.link import LinkedEvent
from kgbuild.model import Event

FINAL: Final = "final"  #: told as signed or in effect
OPEN: Final = "open"  #: told as tentative, agreed in principle only, or denied
TOPIC: Final = "agreement certainty"
_DAYS: Final = 7  #: between two articles that can tell of one undated agreement
_DAY: Final = len("2025-06-11")


def finality(event: Event) -> str:
    """Return FINAL or OPEN for what a telling says of an agreement, "" where it says neither."""
    if event.type != "agreement":
        return ""
    if event.polarity == "denied":
        return OPEN
    closed = event.action in {"signed", "in-effect"}
    if closed and (event.certainty == "actual" or event.rule == HEADLINE):
        return FINAL
    return OPEN if event.certainty == "in-principle" else ""


def unsettled(happenings: Sequence[Happening]) -> Iterator[Disagreement]:
    """Yield agreements of the same parties that are final in one telling and open in another.

    The two may be happenings of their own: what is denied, or only a headline tells, is never merged.
    """
    by_parties: defaultdict[tuple[str, ...], list[tuple[Happening, LinkedEvent]]] = defaultdict(list)
    for h in happenings:
        for event in h.tellings if h.type == "agreement" else ():
            by_parties[event.iris("party")].append((h, event))
            yield from _overstated(h, event)
    for parties, told in sorted(by_parties.items(), key=lambda item: item[0]):
        if len(parties) < 2:
            continue
        found: defaultdict[str, dict[str, list[Place]]] = defaultdict(dict)
        for (h, a), (other, b) in combinations(told, 2):
            if h is other or {finality(a.event), finality(b.event)} != {FINAL, OPEN} or not _meet(a, b):
                continue
            about = min(h.iri, other.iri)
            for event in (a, b):
                places = found[about].setdefault(_says(event.event), [])
                places += [Place(event.article, t.start, t.end) for t in event.event.tellings]
        for about, values in sorted(found.items()):
            reason = "told as signed or in effect, and as not signed or not final"
            yield Disagreement(CONTRADICTION, about, TOPIC, reason, values_of(values))


def _overstated(h: Happening, event: LinkedEvent) -> Iterator[Disagreement]:
    """Yield where the headline of an article says more than its text and other articles."""
    heads = [t for t in event.event.tellings if t.rule == HEADLINE]
    below = [
        Place(e.article, t.start, t.end)
        for e in h.tellings
        for t in e.event.tellings
        if t.rule != HEADLINE and e.event.certainty == "in-principle"
    ]
    if heads and below:
        places = {"in effect": [Place(event.article, t.start, t.end) for t in heads], "in principle": below}
        reason = "a headline tells as in effect what the texts tell as not final"
        yield Disagreement(CONTRADICTION, h.iri, TOPIC, reason, values_of(places))


def _says(event: Event) -> str:
    action = event.action.replace("-", " ")
    if event.polarity == "denied":
        return f"not {action}"
    return action if finality(event) == FINAL else "in principle"


def _meet(a: LinkedEvent, b: LinkedEvent) -> bool:
    """Return whether two tellings can be of one agreement at one time: what is signed later is no denial."""
    times = [{x.value for x in e.event.of("date") if x.value} for e in (a, b)]
    if times[0] and times[1]:
        return any(compatible(x, y) for x in times[0] for y in times[1])
    if a.article == b.article:
        # one text may tell of a draft and of its signing; a headline or a denial is about the same
        doubted = any(e.event.rule == HEADLINE or e.event.polarity == "denied" for e in (a, b))
        return doubted or a.speakers != b.speakers
    days = [e.published for e in (a, b) if e.published and len(e.published) == _DAY]
    if len(days) < 2:
        return False
    first, second = (date.fromisoformat(d) for d in days)
    return abs((first - second).days) <= _DAYS
