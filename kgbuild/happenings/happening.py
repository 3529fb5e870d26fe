"""One thing that happened, with all its tellings: its type, class, times and place in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from kgbuild.link import LinkedEvent

#: License statuses that belong to one act.
_ACT: Final = {
    "granted": "granted", "renewed": "renewed", "denied": "denied",
    "applied": "applied", "pending": "applied",
    "revoked": "ended", "suspended": "ended", "expired": "ended",
    "imposed": "imposed", "announced": "imposed",
}  # fmt: skip
#: Types of events that are happenings, with the roles of those who act in them.
ACTORS: Final = {
    "license": ("holder",),
    "control_measure": ("imposer",),
    "negotiation": ("party", "person"),
    "agreement": ("party",),
    "market_move": ("firm",),
    "visit": ("firm", "person"),
    "trade_stat": ("reporter", "subject"),
    "disruption": ("firm",),
    "statement": ("speaker",),
}


_CLASSES: Final = {
    "agreement": "Agreement",
    "market_move": "MarketMove",
    "visit": "Visit",
    "trade_stat": "TradeStatistic",
    "disruption": "Disruption",
    "statement": "Statement",
}


@dataclass(slots=True)
class Happening:
    """One thing with all its tellings."""

    type: str
    act: str
    kind: str  #: local name of its ontology class
    tellings: list[LinkedEvent] = field(default_factory=list)
    iri: str = ""
    confirmed: bool = True  #: told as actual somewhere, and nowhere denied

    @property
    def times(self) -> tuple[str, ...]:
        """Return the EDTF times told for it, sorted."""
        return tuple(sorted({t for e in self.tellings for t in times_of(e)}))


def times_of(event: LinkedEvent) -> tuple[str, ...]:
    """Return the EDTF times at which a telling says it was done or announced."""
    found = {a.value for role in ("date", "announced", "period") for a in event.event.of(role) if a.value}
    return tuple(sorted(found))


def class_of(event: LinkedEvent) -> str:
    """Return the local name of the ontology class that a telling puts its thing in."""
    kinds = sorted({a.value for a in event.event.of("kind") if a.value})
    if event.event.type == "license":
        return next((k for k in kinds if k != "ExportLicense"), kinds[0] if kinds else "License")
    if event.event.type == "control_measure":
        return kinds[0] if kinds else "ExportControlMeasure"
    if event.event.type == "negotiation":
        return {"talks": "Talks", "summit": "Summit", "call": "Call", "dispute": "Dispute"}.get(
            event.event.action, "Negotiation"
        )
    return _CLASSES[event.event.type]


def is_plain(event: LinkedEvent) -> bool:
    """Return whether a telling puts its thing forward as one that is so.

    That somebody said something is so, whatever they said; what was agreed in principle was agreed so.
    """
    if event.event.type == "statement":
        return True
    in_principle = event.event.type == "agreement" and event.event.certainty == "in-principle"
    return event.event.polarity == "affirmed" and (event.event.certainty == "actual" or in_principle)


def act_of(event: LinkedEvent) -> str:
    """Return what was done: actions of one act are one ("granted" and "renewed" are not)."""
    if event.event.type == "agreement":
        return "agreement"
    if event.event.type == "disruption":
        return {"closure": "halt"}.get(event.event.action, event.event.action)
    if event.event.type == "statement":
        return event.event.action
    return _ACT.get(event.event.action, event.event.action)


def order_key(event: LinkedEvent) -> tuple[bool, int, str, int, str, str]:
    """Return a key that puts tellings with a time and much detail first."""
    return (
        not times_of(event),
        -len(event.event.arguments),
        event.article,
        event.event.start,
        event.event.rule,
        repr(event.event),  # one clause may tell two events
    )
