"""Which tellings are one happening: events of several articles matched into things with one IRI each.

Two events are one when their participants, kind, place and time agree, one time or place
containing the other, and nothing excludes it. What could be one of several stays apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from kgbuild.edtf import compatible
from kgbuild.happenings.figures import disruption_score, figure_key, figure_score
from kgbuild.happenings.happening import ACTORS, Happening, act_of, class_of, is_plain, order_key, times_of
from kgbuild.link import Decision, LinkedEvent
from kgbuild.ontology import Ontology
from kgbuild.terms import KG, mint

_PLACES: Final = {"license": "destination", "negotiation": "place", "agreement": "place"}
_MINT: Final = {
    "license": "license",
    "control_measure": "measure",
    "agreement": "agreement",
    "negotiation": "event",
    "market_move": "event",
    "visit": "event",
    "trade_stat": "statistic",
    "disruption": "disruption",
    "statement": "statement",
}

_OWN_RULES: Final = {
    "trade_stat": figure_score,
    "disruption": disruption_score,
}


class Matcher:
    """Groups linked events into happenings."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._decisions: list[Decision] = []

    def match(self, events: Iterable[LinkedEvent]) -> tuple[tuple[Happening, ...], tuple[Decision, ...]]:
        """Return the happenings in order of IRI, and the decisions on which tellings are one."""
        told = [e for e in events if e.event.type in ACTORS]
        plain = [e for e in told if is_plain(e)]
        other = [e for e in told if not is_plain(e)]
        by_act: defaultdict[tuple[str, str], list[Happening]] = defaultdict(list)
        # tellings with a time and much detail first: they are what vague ones are compared with
        for event in sorted(plain, key=order_key):
            self._place(event, by_act[event.event.type, act_of(event)])
        for event in sorted(other, key=order_key):
            groups = by_act[event.event.type, act_of(event)]
            if event.event.polarity == "denied" and self._place(event, groups, only_existing=True):
                continue
            groups.append(
                Happening(event.event.type, act_of(event), class_of(event), [event], confirmed=False)
            )
        happenings = [group for groups in by_act.values() for group in groups]
        self._name(happenings)
        return tuple(sorted(happenings, key=lambda g: g.iri)), tuple(sorted(self._decisions))

    def _place(self, event: LinkedEvent, groups: list[Happening], *, only_existing: bool = False) -> bool:
        """Put a telling into the one happening it fits, else into a new one; return whether it was put."""
        # to say something again is another act
        known = [] if event.event.type == "statement" else groups
        fits = [(self._score(event, g), g) for g in known if g.confirmed or event.event.polarity == "denied"]
        fits = [(score, g) for score, g in fits if score > 0]
        best = max((score for score, _ in fits), default=0)
        chosen = [g for score, g in fits if score == best]
        if len(chosen) == 1:
            group = chosen[0]
            self._decisions.append(
                Decision(
                    "event",
                    event.article,
                    event.event.rule,
                    group.kind,
                    "same",
                    group.tellings[0].article,
                    f"participants, kind, place and time agree ({best} points)",
                )
            )
            group.tellings.append(event)
            group.kind = _finer(group.kind, class_of(event))
            if event.event.polarity == "denied":
                group.confirmed = False
            return True
        if len(chosen) > 1:
            self._decisions.append(
                Decision(
                    "event",
                    event.article,
                    event.event.rule,
                    class_of(event),
                    "unsure",
                    "",
                    f"could be one of {len(chosen)}; kept apart",
                )
            )
        if only_existing:
            return False
        groups.append(Happening(event.event.type, act_of(event), class_of(event), [event]))
        return True

    def _score(self, event: LinkedEvent, group: Happening) -> int:
        """Return how well a telling fits a happening of the same act: 0 when anything excludes it."""
        if group.type in _OWN_RULES:
            return _OWN_RULES[group.type](event, group)
        if not _kinds_fit(class_of(event), group.kind) or not _moves_fit(event, group):
            return 0
        actors, places, items = (f(event, group) for f in (self._actors, self._places, self._items))
        times = _times(event, group, vague=places <= 0 and items <= 0)
        if not actors or min(places, items, times) < 0:
            return 0
        return actors + places + items + times

    def _actors(self, event: LinkedEvent, group: Happening) -> int:
        shared = 0
        for role in ACTORS[group.type]:
            mine = {i for i in event.iris(role) if "/unnamed-" not in i}
            theirs = {i for e in group.tellings for i in e.iris(role) if "/unnamed-" not in i}
            if not mine or not theirs:
                continue
            if group.type in {"license", "negotiation", "agreement"} and not (
                mine <= theirs or theirs <= mine
            ):
                return 0
            if not mine & theirs and not self._related(mine, theirs):
                return 0
            shared += max(1, len(mine & theirs))
        return shared

    def _related(self, mine: set[str], theirs: set[str]) -> bool:
        """Return whether one side names a ministry and the other its government."""
        from_up = {u for i in mine for u in self._ontology.above(i)}
        to_up = {u for i in theirs for u in self._ontology.above(i)}
        return bool(from_up & theirs or to_up & mine)

    def _places(self, event: LinkedEvent, group: Happening) -> int:
        """Return the number of places that agree; -1 when they exclude one another, 0 where one has none."""
        role = _PLACES.get(group.type)
        if role is None:
            return 0
        mine = set(event.iris(role))
        theirs = {i for e in group.tellings for i in e.iris(role)}
        if not mine or not theirs:
            return 0
        covered = sum(
            any(p in self._ontology.within(q) or q in self._ontology.within(p) for q in theirs) for p in mine
        )
        back = sum(
            any(p in self._ontology.within(q) or q in self._ontology.within(p) for p in mine) for q in theirs
        )
        if covered < len(mine) and back < len(theirs):
            return -1
        return max(1, len(mine & theirs))

    def _items(self, event: LinkedEvent, group: Happening) -> int:
        """Return the number of items that agree; -1 when two measures are about different things."""
        if group.type != "control_measure":
            return 0
        mine = set(event.iris("item"))
        theirs = {i for e in group.tellings for i in e.iris("item")}
        targets = set(event.iris("target")), {i for e in group.tellings for i in e.iris("target")}
        if targets[0] and targets[1] and not targets[0] & targets[1]:
            return -1
        if mine and theirs and not self._covers(mine) & self._covers(theirs):
            return -1
        if mine != theirs and not times_of(event) and not group.times and not _same_week(event, group):
            return -1  # August's antimony and December's gallium and antimony, both undated, stay apart
        return len(mine & theirs)

    def _covers(self, items: set[str]) -> set[str]:
        """Return the items with the members of their groups, so that a group meets its elements."""
        members = {m for i in items for m in self._ontology.objects(i, KG.hasGroupMember)}
        return items | members

    def _name(self, groups: Sequence[Happening]) -> None:
        """Mint the IRIs: from what the first telling says, so that a new article seldom renames a thing."""
        taken: dict[str, int] = {}
        for group in sorted(groups, key=lambda g: order_key(g.tellings[0])):
            first = group.tellings[0]
            actors = [i for role in ACTORS[group.type] for i in first.iris(role)]
            key = (
                group.type,
                group.act,
                *actors,
                "|",
                *times_of(first),
                "|",
                *first.iris(_PLACES.get(group.type, "item")),
                *figure_key(first),
            )
            if not group.confirmed and not any(is_plain(e) for e in group.tellings):
                key = (*key, first.event.polarity, first.event.certainty, first.article)
                kind = "unconfirmed"
            else:
                kind = _MINT[group.type]
            base = "\0".join(key)
            taken[base] = taken.get(base, 0) + 1
            if taken[base] > 1:
                key = (*key, first.article, str(taken[base]))
            names = dict.fromkeys(
                a.name or a.text for a in first.event.arguments if a.role in ACTORS[group.type]
            )
            readable = " ".join(names)
            group.iri = mint(kind, *key, name=f"{_slug_head(group)} {readable}")


def _slug_head(group: Happening) -> str:
    return {"control_measure": "control", "market_move": "move"}.get(
        group.type, "" if group.type == "license" else group.act
    )


def _moves_fit(event: LinkedEvent, group: Happening) -> bool:
    """Return whether nothing but the time can tell two moves of a share apart; else True."""
    if group.type != "market_move":
        return True
    mine = {a.value for a in event.event.of("window")}
    theirs = {a.value for e in group.tellings for a in e.event.of("window")}
    return mine == theirs and all(_exchanges_fit(event, e) for e in group.tellings)


def _times(event: LinkedEvent, group: Happening, *, vague: bool) -> int:
    """Return 2 when the times agree, -1 when they exclude one another, else 0.

    `vague`: neither place nor items agree. Then, without a time on one side, the week of the news has to.
    """
    mine, theirs = times_of(event), group.times
    if mine and theirs:
        # with each telling: a vague one ("in 2025") must not join June and December
        dated = [told for e in group.tellings if (told := times_of(e))]
        return 2 if all(any(compatible(x, y) for x in mine for y in told) for told in dated) else -1
    latest = _latest([event]) if not mine else _latest(group.tellings)
    if (mine or theirs) and latest and not any(compatible(x, y) for x in latest for y in (mine or theirs)):
        return -1  # what came out in August does not tell of December
    if group.type == "market_move":
        same_article = event.article == group.tellings[0].article
        return 0 if same_article or _same_percent(event, group) else -1
    return -1 if vague and not _same_week(event, group) else 0


def _same_week(event: LinkedEvent, group: Happening) -> bool:
    """Return whether an undated telling came out in the week of the happening, or of the news of it."""
    weeks = group.times or _news_weeks(group.tellings)
    return any(compatible(x, y) for x in _news_weeks([event]) for y in weeks)


def _latest(events: Iterable[LinkedEvent]) -> list[str]:
    """Return the time by which an undated telling must have been: its publication."""
    return [f"[..{e.published}]" for e in events if e.published and len(e.published) == len("2025-06-11")]


def _news_weeks(events: Iterable[LinkedEvent]) -> list[str]:
    """Return the week up to publication for each telling whose article came out on a known day."""
    weeks = []
    for event in events:
        if event.published and len(event.published) == len("2025-06-11"):
            day = date.fromisoformat(event.published)
            weeks.append(f"[{day - timedelta(days=6)}..{day}]")
    return weeks


def _kinds_fit(a: str, b: str) -> bool:
    broad = {"ExportLicense": {"GeneralExportLicense", "SingleExportLicense"}}
    return a == b or b in broad.get(a, set()) or a in broad.get(b, set())


def _finer(a: str, b: str) -> str:
    return b if a == "ExportLicense" and b.endswith("ExportLicense") else a


def _exchanges_fit(a: LinkedEvent, b: LinkedEvent) -> bool:
    mine, theirs = ({x.name for x in e.event.of("exchange")} for e in (a, b))
    return not mine or not theirs or bool(mine & theirs)


def _percents(events: Iterable[LinkedEvent]) -> set[str]:
    return {a.value for e in events for a in e.event.of("percent") if a.value}


def _same_percent(event: LinkedEvent, group: Happening) -> bool:
    """Return whether two undated moves tell the same figure, one perhaps rounded."""
    mine, theirs = _percents([event]), _percents(group.tellings)
    return any(round(float(x), 1) == round(float(y), 1) for x in mine for y in theirs)
