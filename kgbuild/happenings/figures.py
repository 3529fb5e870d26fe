"""When statistics and disruptions of several articles are one, and what tells one of them from another.

Statistics are one when reporter, subject, partner and what is measured are the same, and they are of the
same period, or both without a period, with the same figure, told in one year. Disruptions are one when the
same named firms are hit by the same kind of trouble at times that agree, or at one site, and no site speaks
against it. Statements are never matched: each is an act of its own.
"""

from __future__ import annotations

from typing import Final

from kgbuild.edtf import compatible
from kgbuild.happenings.happening import Happening, times_of
from kgbuild.link import LinkedEvent
from kgbuild.ontology import phrase_key

#: Words that every site has in common with others.
_GENERIC: Final = frozenset(
    "assembly facility factory mine pit plant project refinery site smelter works mill line operation".split()
)


def figure_key(event: LinkedEvent) -> tuple[str, ...]:
    """Return what, beside who acts and when, tells an event of the types treated here from others."""
    told = event.event
    if told.type == "trade_stat":
        return (*event.iris("partner"), *_measured(event), *sorted(_figures(event)))
    if told.type == "disruption":
        texts = sorted(phrase_key(a.text) for role in ("site", "industry", "material") for a in told.of(role))
        return (told.action, *texts)
    if told.type == "statement":
        return (told.action, event.article, str(told.start), *(a.text for a in told.of("content")))
    return ()


def figure_score(event: LinkedEvent, group: Happening) -> int:
    """Return how well a statistic fits one told before: 0 when anything excludes it."""
    other = group.tellings[0]
    if not event.iris("reporter") and not event.iris("subject"):
        return 0
    for role in ("reporter", "subject", "partner"):
        if event.iris(role) != other.iris(role):
            return 0
    if _measured(event) != _measured(other):
        return 0
    mine, theirs = times_of(event), times_of(other)
    if mine or theirs:
        return 4 if mine == theirs else 0
    same = bool(_figures(event) & _figures(other))
    return 2 if same and _year(event) == _year(other) else 0


def _measured(event: LinkedEvent) -> tuple[str, ...]:
    """Return what kind of figure it is: a share or a level, a change or a state, and in what unit."""
    told = event.event
    unit = next((a.unit for a in told.of("value") if a.unit), "")
    change = next((a.value for a in told.of("change") if a.value), "")
    return ("share" if told.of("share") else "", change, unit)


def _figures(event: LinkedEvent) -> frozenset[str]:
    return frozenset(
        f"{a.value} {a.unit}" for role in ("value", "also") for a in event.event.of(role) if a.value
    )


def _year(event: LinkedEvent) -> str:
    return (event.published or "")[:4]


def disruption_score(event: LinkedEvent, group: Happening) -> int:
    """Return how well a disruption fits one told before: 0 when anything excludes it."""
    firms = [_named(e) for e in (event, *group.tellings)]
    if not firms[0] or any(f != firms[0] for f in firms[1:]):
        return 0
    if any(_elsewhere(event, e) for e in group.tellings):
        return 0
    sites = {i for e in group.tellings for i in e.iris("site")} & set(event.iris("site"))
    mine, theirs = times_of(event), group.times
    if mine and theirs:
        return 3 if all(any(compatible(x, y) for x in mine) for y in theirs) else 0
    return 2 if sites else 0


def _named(event: LinkedEvent) -> frozenset[str]:
    return frozenset(i for i in event.iris("firm") if "/unnamed-" not in i)


def _elsewhere(a: LinkedEvent, b: LinkedEvent) -> bool:
    """Return whether both name a site and the names have nothing in common but what all sites have."""
    left, right = (
        {w for x in e.event.of("site") for w in phrase_key(x.name or x.text).split()} - _GENERIC
        for e in (a, b)
    )
    return bool(left and right and not left & right)
