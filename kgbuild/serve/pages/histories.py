"""How a thing came about, as a chart in time: the stages of a license, or what a firm had a part in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kgbuild.serve.pages.links import thing_url
from kgbuild.serve.pages.sayings import Saying, Sayings
from kgbuild.serve.pages.things import Things, shown_name, time_words, without_time
from kgbuild.serve.pages.time_axes import Tick, axis_over, day_number
from kgbuild.terms import KG

WIDTH: Final = 850  #: of the chart without the names of its lanes
_LEFT: Final = 32
_ROW: Final = 30
_TOP: Final = 30
_MOST: Final = 24  #: lanes
_READ: Final = 200  #: links and claims that are read for one lane
#: What leads from a thing to what has stages: property, and whether the thing is its value.
_TO_STAGES: Final = (
    (KG.holds, False), (KG.appliesFor, False), (KG.issuedBy, True), (KG.benefits, True),
    (KG.validForDestination, True), (KG.coversMaterial, True), (KG.imposedBy, True), (KG.targetsPlace, True),
    (KG.restrictsMaterial, True), (KG.restrictsGroup, True), (KG.hasParty, True), (KG.hasParticipant, True),
    (KG.resultsIn, False), (KG.moveOf, True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stage:
    """Something with a time: a status that was reached, an event."""

    label: str
    iri: str
    stance: str
    when: str  #: in words
    first: int | None  #: day before which it was certainly not
    last: int | None  #: day by which it certainly was
    told: bool  #: no text dates it; the days are those of the articles


@dataclass(frozen=True, slots=True)
class Mark:
    """A stage in the chart."""

    x: float
    width: float  #: 0 for a point
    label: str  #: beside the mark
    title: str  #: all that is known
    url: str
    kind: str  #: "dated", "by", "from" or "told"
    stance: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the chart."""

    y: int
    name: str
    title: str
    url: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class History:
    """A chart in time; all numbers are pixels."""

    title: str
    width: int
    height: int
    ticks: tuple[Tick, ...]
    lanes: tuple[Lane, ...]
    kinds: tuple[str, ...]  #: kinds of marks and stances in it, for the legend
    left_out: int  #: things for which there was no room
    undated: tuple[str, ...]  #: labels of what has no time at all


def history_of(sayings: Sayings, iri: str) -> History | None:
    """Return the chart of a thing; None where nothing about it has a time."""
    own = list(_stages(sayings, iri))
    if own:
        lanes = [(s.label, s.label, s.iri, [s]) for s in own]
        return _chart("History", lanes, 0)
    things = sayings.things
    related = sorted(_related(sayings, iri), key=lambda r: (-_last_day(things, r), things.label(r), r))
    lanes = []
    for thing in related[:_MOST]:
        label = sayings.things.label(thing)
        stages = [*_stages(sayings, thing), *_event(sayings, thing)]
        if stages:
            lanes.append((shown_name(without_time(label)), label, thing, stages))
    return _chart("Timeline", lanes, max(len(related) - _MOST, 0)) if lanes else None


def _last_day(things: Things, iri: str) -> int:
    """Return the last day that a fact gives for a thing or a stage of it, 0 where none does."""
    dated = (iri, *things.iris(iri, KG.hasStatusRecord))
    times = {t for x in dated for name in (KG.hasTime, KG.announcedAt) for t in things.iris(x, name)}
    return max((day_number(things.text(t, KG.latestStart)) or 0 for t in times), default=0)


def _related(sayings: Sayings, iri: str) -> set[str]:
    found: set[str] = set()
    for predicate, inverse in _TO_STAGES:
        if inverse:
            found |= {s for s, _ in sayings.things.leading_to(iri, _READ, predicate)}
        else:
            found |= set(sayings.things.iris(iri, predicate))
    told = sayings.of(iri, KG.claimSubject, _READ)
    wanted = {predicate for predicate, inverse in _TO_STAGES if not inverse}
    return found | {str(s.value) for s in told if s.predicate in wanted}


def _stages(sayings: Sayings, iri: str) -> Iterator[Stage]:
    """Yield the status records of a thing, also those that are only claimed."""
    told = sayings.of(iri, KG.claimSubject, _READ)
    own = [s for s in told if s.predicate == KG.statusValue]
    if own:  # a thing that is not confirmed has its status itself
        label = ", ".join(sorted({sayings.things.label(str(s.value)) for s in own}))
        yield _stage(sayings, iri, label, own[0].stance, told)
    records = {str(s.value): s.stance for s in told if s.predicate == KG.hasStatusRecord}
    records |= dict.fromkeys(sayings.things.iris(iri, KG.hasStatusRecord), "actual")
    for record in sorted(records):
        about = sayings.of(record, KG.claimSubject, _READ)
        values = [s for s in about if s.predicate == KG.statusValue]
        names = set(sayings.things.iris(record, KG.statusValue)) or {str(s.value) for s in values}
        label = ", ".join(sorted(map(sayings.things.label, names))) or sayings.things.label(record)
        stance = records[record] if records[record] != "actual" or not values else values[0].stance
        yield _stage(sayings, record, label, stance, about)


def _event(sayings: Sayings, iri: str) -> Iterator[Stage]:
    """Yield an event as its own stage."""
    if sayings.things.iris(iri, KG.hasTime):
        yield _stage(
            sayings, iri, sayings.things.kind(iri), "actual", sayings.of(iri, KG.claimSubject, _READ)
        )


def _stage(sayings: Sayings, iri: str, label: str, stance: str, about: Iterable[Saying]) -> Stage:
    things = sayings.things
    about = tuple(about)
    times = sorted(
        {t for name in (KG.hasTime, KG.announcedAt) for t in things.iris(iri, name)}
        | {str(s.value) for s in about if s.predicate in {KG.hasTime, KG.announcedAt}}
    )
    announced = not things.iris(iri, KG.hasTime) and any(
        s.predicate == KG.announcedAt for s in about if s.predicate in {KG.hasTime, KG.announcedAt}
    )
    firsts = [d for t in times if (d := day_number(things.text(t, KG.earliestStart))) is not None]
    lasts = [
        d
        for t in times
        if (d := day_number(things.text(t, KG.latestStart) or things.text(t, KG.latestEnd))) is not None
    ]
    if firsts or lasts:
        told = list(dict.fromkeys(things.text(t, KG.edtf) for t in times))
        exact = [t for t in told if not t.startswith("[")]  # says all that a time with bounds says
        when = ", ".join(map(time_words, exact or told))
        first = None if announced else max(firsts, default=None)
        last = min(lasts, default=None)
        if first is not None and last is not None and first > last:  # two texts, two times
            first, last = min(firsts), max(lasts)
        return Stage(label, iri, stance, f"announced {when}" if announced else when, first, last, told=False)
    days = sorted(d for s in about if (d := day_number(sayings.source(s.article).published)) is not None)
    if not days:
        return Stage(label, iri, stance, "", None, None, told=True)
    published = min(sayings.source(s.article).published for s in about if sayings.source(s.article).published)
    return Stage(label, iri, stance, f"time unknown; told {published}", None, days[0], told=True)


def _chart(title: str, rows: list[tuple[str, str, str, list[Stage]]], left_out: int) -> History | None:
    days = [d for _, _, _, stages in rows for s in stages for d in (s.first, s.last) if d is not None]
    axis = axis_over(days, _LEFT, WIDTH - 150)
    if axis is None:
        return None
    lanes: list[Lane] = []
    undated: list[str] = []
    kinds: set[str] = set()
    rows.sort(key=lambda row: (min(s.last or s.first or 10**7 for s in row[3]), row[0], row[2]))
    for name, label, iri, stages in rows:
        marks = []
        for s in sorted(stages, key=lambda s: (s.last or s.first or 0, s.label)):
            mark = _mark(s, axis.x(axis.first) if s.first is None else axis.x(s.first),
                         axis.x(axis.last) if s.last is None else axis.x(s.last))  # fmt: skip
            if mark is None:
                undated.append(f"{s.label}: {label}" if s.label != label else s.label)
                continue
            marks.append(mark)
            kinds |= {mark.kind, mark.stance}
        if marks:
            y = _TOP + _ROW * len(lanes)
            lanes.append(Lane(y, name, label, thing_url(iri), tuple(_without_overlap(marks))))
    height = _TOP + _ROW * len(lanes) + 8
    return History(title, WIDTH, height, axis.ticks(), tuple(lanes), tuple(sorted(kinds)), left_out,
                   tuple(undated))  # fmt: skip


def _mark(stage: Stage, x1: float, x2: float) -> Mark | None:
    title = f"{stage.label}: {stage.when or 'time unknown'}" + (
        f" ({stage.stance})" if stage.stance != "actual" else ""
    )
    url = thing_url(stage.iri)
    label = stage.label if stage.told else f"{stage.label} {stage.when}"
    if stage.stance != "actual":
        label += f" ({stage.stance.replace('-', ' ')})"
    if stage.first is None and stage.last is None:
        return None
    if stage.told:
        return Mark(x2, 0, label, title, url, "told", stage.stance)
    if stage.first is None:
        return Mark(x2, 0, label, title, url, "by", stage.stance)
    if stage.last is None:
        return Mark(x1, 0, label, title, url, "from", stage.stance)
    width = round(x2 - x1, 1)
    return Mark(x1, width if width >= 6 else 0, label, title, url, "dated", stage.stance)


def _without_overlap(marks: list[Mark]) -> Iterator[Mark]:
    """Yield the marks of a lane; a label that would run into the next mark is left to the title."""
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        end = mark.x + mark.width + 14 + 6.4 * len(mark.label)
        if (after is not None and end > after.x) or end > WIDTH:
            label = mark.label.partition(" ")[0]
            end = mark.x + mark.width + 14 + 6.4 * len(label)
            fits = (after is None or end <= after.x) and end <= WIDTH
            yield Mark(
                mark.x, mark.width, label if fits else "", mark.title, mark.url, mark.kind, mark.stance
            )
        else:
            yield mark
