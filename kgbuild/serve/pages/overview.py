"""The first page: how much there is, when it happened, and which firm may deliver where."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import pyoxigraph as ox

from kgbuild.query.names import instances
from kgbuild.serve.pages.links import class_url, question_url, thing_url
from kgbuild.serve.pages.things import Ref, Things, time_words, without_time
from kgbuild.serve.pages.time_axes import Tick, axis_over, day_number
from kgbuild.store import to_term
from kgbuild.terms import KG, RDF_TYPE

#: What is counted: class, and its name in the plural.
_COUNTED: Final = (
    (KG.Article, "articles"), (KG.Claim, "claims"), (KG.Firm, "firms"), (KG.PublicBody, "public bodies"),
    (KG.License, "licenses"), (KG.PolicyMeasure, "measures"), (KG.Negotiation, "negotiations"),
    (KG.Agreement, "agreements"), (KG.Disruption, "disruptions"), (KG.TradeStatistic, "trade statistics"),
    (KG.MarketMove, "share moves"), (KG.Statement, "statements"), (KG.UnconfirmedThing, "unconfirmed things"),
)  # fmt: skip
_LANES: Final = (
    ("Licenses", {KG.License}),
    ("Measures", {KG.PolicyMeasure}),
    ("Negotiations and agreements", {KG.Negotiation, KG.Agreement}),
)
_WIDTH: Final = 1180
_LANE: Final = 74
_BAR: Final = 44  #: pixels of the highest bar
_FIRMS: Final = 20
_PLACES: Final = 10
_LATEST: Final = 10
_MOST_BARS: Final = 72
_READ: Final = 50  #: claims that are read to learn when a stage was told


@dataclass(frozen=True, slots=True)
class Count:
    """How many things of a kind the articles tell of."""

    name: str
    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Bar:
    """What happened in some months."""

    x: float
    y: float
    width: float
    height: float
    told: float  #: height of the part that no text dates, at the foot of the bar
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class BarLane:
    """The bars of one kind of thing."""

    name: str
    y: int
    bars: tuple[Bar, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of what happened when; all numbers are pixels."""

    width: int
    height: int
    ticks: tuple[Tick, ...]
    lanes: tuple[BarLane, ...]
    months: int  #: of one bar
    undated: int  #: what has neither a time nor a dated article


@dataclass(frozen=True, slots=True)
class Cell:
    """Licenses of a firm that reach a place."""

    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Licenses by firm and destination."""

    places: tuple[Ref, ...]
    rows: tuple[tuple[Ref, tuple[Cell, ...]], ...]
    more_firms: int
    more_places: int


@dataclass(frozen=True, slots=True)
class Latest:
    """What was reached last."""

    when: str
    stage: str  #: the status that was reached, or the kind of event
    what: Ref


@dataclass(frozen=True, slots=True)
class Overview:
    """All of the first page that comes from the graph."""

    counts: tuple[Count, ...]
    bars: Bars | None
    matrix: Matrix | None
    latest: tuple[Latest, ...]


@dataclass(frozen=True, slots=True)
class ShowOverview:
    """The first page; calling it with a store makes it."""

    def __call__(self, store: ox.Store) -> Overview:
        """Return the overview of `store`."""
        things = Things(store)
        happened = _happened(things)
        return Overview(_counts(things), _bars(happened), _matrix(things), _latest(things, happened))


def _counts(things: Things) -> tuple[Count, ...]:
    # reference data of what no article speaks of is not counted
    told = {
        quad.object.value
        for name in (KG.claimSubject, KG.claimObject)
        for quad in things.store.quads_for_pattern(None, ox.NamedNode(name), None)
        if isinstance(quad.object, ox.NamedNode)
    }
    found = Counter(class_ for iri in told for class_ in things.classes(iri))
    for class_ in (KG.Article, KG.Claim):
        quads = things.store.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), ox.NamedNode(class_))
        found[class_] = sum(1 for _ in quads)
    totals: Counter[str] = Counter()
    for class_, number in found.items():
        for above in things.above(class_):
            totals[above] += number
    return tuple(Count(name, totals[c], _count_url(c)) for c, name in _COUNTED if totals[c])


def _count_url(class_: str) -> str:
    if class_ == KG.Article:
        return "/articles"
    return "" if class_ == KG.Claim else class_url(class_)


@dataclass(frozen=True, slots=True)
class _Happening:
    """A stage or an event with its time."""

    iri: str
    lane: int
    day: int | None
    told: bool
    when: str
    bearer: str


def _happened(things: Things) -> list[_Happening]:
    """Return the stages of licenses and measures, and events that have no stages, each once."""
    stages = _pairs(things, KG.hasStatusRecord)
    staged = {bearer for bearer, _ in stages}
    events = {s for name in (KG.hasParty, KG.hasParticipant) for s, _ in _pairs(things, name)} - staged
    found = {}
    for bearer, iri in (*stages, *((event, event) for event in sorted(events))):
        lane = _lane(things, bearer)
        if lane is not None:
            times = [t for name in (KG.hasTime, KG.announcedAt) for t in things.iris(iri, name)]
            days = [d for t in times if (d := _day(things, t)) is not None]
            day = min(days) if days else _told_on(things, iri)
            when = time_words(things.text(times[0], KG.edtf)) if times else ""
            found[iri] = _Happening(iri, lane, day, not days, when, bearer)
    return [found[iri] for iri in sorted(found)]


def _lane(things: Things, iri: str) -> int | None:
    above = {a for c in things.classes(iri) for a in things.above(c)}
    return next((n for n, (_, classes) in enumerate(_LANES) if above & classes), None)


def _day(things: Things, time: str) -> int | None:
    texts = (things.text(time, name) for name in (KG.latestStart, KG.latestEnd, KG.earliestStart))
    return next((d for text in texts if (d := day_number(text)) is not None), None)


def _told_on(things: Things, iri: str) -> int | None:
    """Return the day of the first dated article that tells of a thing."""
    claims = [claim for claim, _ in things.leading_to(iri, _READ, KG.claimSubject)]
    segments = {s for claim in claims for s in things.iris(claim, KG.evidencedBy)}
    articles = {a for s in segments for a in things.iris(s, KG.segmentOf)}
    times = {t for a in articles for t in things.iris(a, KG.publishedAt)}
    return min((d for t in times if (d := _day(things, t)) is not None), default=None)


def _bars(happened: Iterable[_Happening]) -> Bars | None:
    dated = [h for h in happened if h.day is not None]
    undated = sum(h.day is None for h in happened)
    days = [h.day for h in dated if h.day is not None]
    axis = axis_over(days, 8, _WIDTH - 8)
    if axis is None:
        return None
    months = _bucket_months(min(days), max(days))
    counts: Counter[tuple[int, int]] = Counter()
    told: Counter[tuple[int, int]] = Counter()
    for h in dated:
        bucket = _bucket(h.day or 1, months)
        counts[h.lane, bucket] += 1
        told[h.lane, bucket] += h.told
    highest = max(counts.values())
    lanes = []
    for lane, (name, _) in enumerate(_LANES):
        foot = 22 + _LANE * (lane + 1) - 8
        bars = []
        for (of_lane, bucket), number in sorted(counts.items()):
            if of_lane != lane:
                continue
            first, last = _bounds(bucket, months)
            x1, x2 = axis.x(first.toordinal()), axis.x(last.toordinal() + 1)
            height = round(max(_BAR * number / highest, 4), 1)
            part = round(height * told[lane, bucket] / number, 1)
            period = f"{first:%Y-%m}" if months == 1 else f"{first:%Y-%m} to {last:%Y-%m}"
            note = f", {told[lane, bucket]} of them told then, without a time" if told[lane, bucket] else ""
            bars.append(
                Bar(x1, foot - height, round(max(x2 - x1 - 1.5, 3), 1), height, part,
                    f"{name}, {period}: {number}{note}",
                    question_url("timeline", **{"from": f"{first}", "until": f"{last}"}))
            )  # fmt: skip
        lanes.append(BarLane(name, foot, tuple(bars), sum(n for (k, _), n in counts.items() if k == lane)))
    return Bars(_WIDTH, 22 + _LANE * len(_LANES) + 4, axis.ticks(), tuple(lanes), months, undated)


def _bucket_months(first: int, last: int) -> int:
    span = (last - first) / 30.4
    return next((m for m in (1, 3, 6, 12, 60, 120) if span / m <= _MOST_BARS), 1200)


def _bucket(day: int, months: int) -> int:
    date = dt.date.fromordinal(day)
    return (date.year * 12 + date.month - 1) // months * months


def _bounds(bucket: int, months: int) -> tuple[dt.date, dt.date]:
    end = bucket + months - 1
    first = dt.date(min(max(bucket // 12, 1), 9999), bucket % 12 + 1, 1)
    year, month = min(max(end // 12, 1), 9999), end % 12 + 1
    return first, dt.date(year, month, calendar.monthrange(year, month)[1])


def _matrix(things: Things) -> Matrix | None:
    reached: dict[str, list[str]] = {}
    for license_, place in _pairs(things, KG.validForDestination):
        reached.setdefault(license_, []).append(place)
    cells = Counter(
        (firm, place)
        for firm, license_ in _pairs(things, KG.holds)
        for place in reached.get(license_) or [""]
    )
    firms: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for (firm, place), number in cells.items():
        firms[firm] += 1000 * number if place else number  # where a license reaches tells more
        places[place] += number
    if not firms:
        return None
    unnamed = {f for f in firms if things.label(f).startswith("(unnamed")}
    shown = sorted(firms, key=lambda f: (f in unnamed, -firms[f], things.label(f), f))[:_FIRMS]
    columns = sorted((p for p in places if p), key=lambda p: (-places[p], things.label(p), p))[:_PLACES]
    lines = []
    for firm in shown:
        name = things.label(firm)
        row = [Cell(cells[firm, p], _cell_url(name, p)) for p in columns]
        row.append(Cell(cells[firm, ""], thing_url(firm)))
        lines.append((things.ref(firm), tuple(row)))
    return Matrix(
        tuple(things.ref(p) for p in columns),
        tuple(lines),
        max(len(firms) - _FIRMS, 0),
        max(sum(1 for p in places if p) - _PLACES, 0),
    )


def _cell_url(firm: str, place: str) -> str:
    return question_url("firms-holding-licenses", destination=place, named=firm)


def _latest(things: Things, happened: Iterable[_Happening]) -> tuple[Latest, ...]:
    dated = sorted((h for h in happened if h.day and not h.told), key=lambda h: (-(h.day or 0), h.iri))
    found = []
    for h in dated[:_LATEST]:
        status = ", ".join(things.label(v) for v in things.iris(h.iri, KG.statusValue))
        ref = things.ref(h.bearer)
        ref = replace(ref, label=without_time(ref.label))
        found.append(Latest(h.when, status or things.kind(h.iri), ref))
    return tuple(found)


def _pairs(things: Things, predicate: str) -> list[tuple[str, str]]:
    """Return subject and value of all triples with a property, where both are things, sorted."""
    quads = things.store.quads_for_pattern(None, ox.NamedNode(predicate), None)
    pairs = ((to_term(quad.subject), to_term(quad.object)) for quad in quads)
    return sorted((s, o) for s, o in pairs if isinstance(s, str) and isinstance(o, str))


# ---- lists of things -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListThings:
    """The things of a class that articles tell of, by label; all things with `everything`."""

    class_: str
    words: str
    everything: bool
    offset: int
    size: int

    def __call__(self, store: ox.Store) -> tuple[tuple[Ref, ...], int, str]:
        """Return a page of things, how many there are in all, and the label of the class."""
        things = Things(store)
        found = set(instances(store, self.class_))
        if not self.everything:
            found = {
                iri
                for iri in found
                if any(things.leading_to(iri, 1, p) for p in (KG.claimSubject, KG.claimObject))
            }
        wanted = self.words.casefold()
        labels = [(things.label(iri).casefold(), iri) for iri in found]
        kept = sorted((label, iri) for label, iri in labels if wanted in label)
        shown = kept[self.offset : self.offset + self.size]
        return tuple(things.ref(iri) for _, iri in shown), len(kept), things.label(self.class_)
