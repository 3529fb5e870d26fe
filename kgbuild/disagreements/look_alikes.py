"""Different things that look alike, and states that exclude one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from kgbuild.disagreements.finality import unsettled
from kgbuild.disagreements.values import (
    COMPATIBLE,
    CONTRADICTION,
    PRECISION,
    Disagreement,
    Place,
    place_of,
    summary,
    values_of,
)
from kgbuild.edtf import compatible, contains
from kgbuild.happenings import Happening
from kgbuild.link import LinkedEvent
from kgbuild.ontology import Ontology
from kgbuild.terms import KG


class LookAlikes:
    """Compares happenings that share their participants."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology

    def compare(self, happenings: Sequence[Happening]) -> Iterator[Disagreement]:
        """Yield happenings of the same participants that could be taken for one another."""
        for type_, role, reason in (
            ("market_move", "firm", "another exchange, or another part of the day"),
            ("license", "holder", "another act: time, destinations or terms differ"),
            ("negotiation", "party", "another meeting: time, place or form differs"),
            ("statement", "speaker", "the same speaker may have said both"),
        ):
            groups: defaultdict[tuple[str, ...], list[Happening]] = defaultdict(list)
            for h in happenings:
                actors = {i for e in h.tellings for i in e.iris(role) if "/unnamed-" not in i}
                if h.type == type_ and h.confirmed:
                    for key in _keys(type_, actors):
                        groups[(*key, h.act if type_ == "license" else "")].append(h)
            for key, group in sorted(groups.items()):
                apart = [h for h in group if _alike(h, group)]
                if len(apart) > 1:
                    yield Disagreement(
                        COMPATIBLE, key[0], f"{type_} {role}", reason, tuple(summary(h) for h in apart)
                    )
        yield from _same_figures(happenings)
        yield from _told_twice(happenings)
        yield from unsettled(happenings)
        yield from self._voices(happenings)

    def _voices(self, happenings: Sequence[Happening]) -> Iterator[Disagreement]:
        """Yield what several voices of one government say in several articles about the same things."""
        by_government: defaultdict[str, list[Happening]] = defaultdict(list)
        for h in happenings:
            speakers = {i for e in h.tellings for i in e.iris("speaker")} if h.type == "statement" else set()
            for government in sorted({g for s in speakers for g in self._governments(s)}):
                by_government[government].append(h)
        for government, group in sorted(by_government.items()):
            meeting = [
                h for h in group if any(_shared_topics(h, o) for o in group if _speakers(o) != _speakers(h))
            ]
            if len({e.article for h in meeting for e in h.tellings}) > 1:
                reason = "several voices of one government; none excludes another"
                values = tuple(summary(h) for h in meeting)
                yield Disagreement(COMPATIBLE, government, "statement voices", reason, values)

    def _governments(self, speaker: str) -> set[str]:
        """Return the governments that a person or body speaks for."""
        bodies = {speaker, *self._ontology.objects(speaker, KG.holdsOffice)}
        above = {u for b in bodies for u in self._ontology.above(b)}
        return {b for b in above if self._ontology.kind(b) == "Government"}

    def states(self, happenings: Sequence[Happening]) -> Iterator[Disagreement]:
        """Compare what is said of a measure's end with what goes on under it, and hedged judgements."""
        measures = [h for h in happenings if h.type == "control_measure"]
        grants = [h for h in happenings if h.type == "license" and h.act == "granted" and h.confirmed]
        for ended in (h for h in measures if _said_over(h)):
            imposers = {i for e in ended.tellings for i in e.iris("imposer")}
            later = [g for g in grants if self._issued_by(g, imposers) and _same_article(g, ended)]
            if later:
                reason = "said by another to be over, and licenses under it are granted"
                values = (summary(ended), *(summary(g) for g in later))
                yield Disagreement(CONTRADICTION, ended.iri, "control_measure status", reason, values)
        hedged: defaultdict[tuple[str, ...], list[Happening]] = defaultdict(list)
        for h in measures:
            if h.act in {"eased", "lifted", "ended", "suspended"} and not h.confirmed:
                hedged[(h.act, *sorted({i for e in h.tellings for i in e.iris("imposer")}))].append(h)
        for key, group in sorted(hedged.items()):
            if len({e.article for h in group for e in h.tellings}) > 1 and len(key) > 1:
                reason = "hedged judgements of what may come; none excludes another"
                values = tuple(summary(h) for h in group)
                yield Disagreement(COMPATIBLE, key[1], f"control_measure {key[0]}", reason, values)

    def _issued_by(self, grant: Happening, imposers: set[str]) -> bool:
        issuers = {u for e in grant.tellings for i in e.iris("issuer") for u in self._ontology.above(i)}
        return bool(issuers & {u for i in imposers for u in self._ontology.above(i)})


def _keys(type_: str, actors: set[str]) -> Iterator[tuple[str, ...]]:
    """Yield what must be shared: every actor alone, or for meetings all of them."""
    if type_ == "negotiation":
        if len(actors) > 1:
            yield tuple(sorted(actors))
    else:
        yield from ((a,) for a in sorted(actors))


def _alike(h: Happening, group: Sequence[Happening]) -> bool:
    """Return whether a happening could be taken for another one of its group."""
    if h.type == "market_move":
        return any(h is not o and h.act == o.act and _times_meet(h, o) for o in group)
    if h.type == "statement":
        return any(h is not o and bool(h.times) and bool(o.times) and _times_meet(h, o) for o in group)
    return True


def _times_meet(a: Happening, b: Happening) -> bool:
    return not a.times or not b.times or any(compatible(x, y) for x in a.times for y in b.times)


def _same_article(a: Happening, b: Happening) -> bool:
    """Return whether one article tells both."""
    return bool({e.article for e in a.tellings} & {e.article for e in b.tellings})


def _said_over(h: Happening) -> bool:
    """Return whether somebody else than who imposed a measure says that it has been lifted."""
    return any(
        e.event.action == "lifted"
        and e.event.polarity == "affirmed"
        and any(t.speaker is not None for t in e.event.tellings)
        and not set(e.speakers) & set(e.iris("imposer"))
        for e in h.tellings
    )


def _speakers(h: Happening) -> set[str]:
    return {i for e in h.tellings for i in e.iris("speaker")}


def _shared_topics(a: Happening, b: Happening) -> set[str]:
    """Return the things that two statements both name, places left out."""
    mine, theirs = (
        {x.iri for e in h.tellings for x in e.linked if x.argument.role == "topic" and x.iri} for h in (a, b)
    )
    return {t for t in mine & theirs if "/place/" not in t}


def _told_twice(happenings: Sequence[Happening]) -> Iterator[Disagreement]:
    """Yield pairs of statements that are probably one, told in one article with more and with less detail."""
    said = [h for h in happenings if h.type == "statement" and h.times and _speakers(h)]
    for a, b in combinations(said, 2):
        same_place = {e.article for e in a.tellings} & {e.article for e in b.tellings}
        nested = any(contains(x, y) != contains(y, x) for x in a.times for y in b.times)
        if same_place and nested and _speakers(a) == _speakers(b) and _times_meet(a, b):
            reason = "perhaps one statement, told with more and with less detail"
            yield Disagreement(PRECISION, a.iri, "statement date", reason, (summary(a), summary(b)))


def _same_figures(happenings: Sequence[Happening]) -> Iterator[Disagreement]:
    """Tell where one number stands for different statistics."""
    by_figure: defaultdict[tuple[str, str], list[Happening]] = defaultdict(list)
    for h in happenings:
        if h.type == "trade_stat":
            for value in sorted(
                {(a.value, a.unit) for e in h.tellings for a in e.event.of("value") if a.value}
            ):
                by_figure[value].append(h)
    for (number, unit), group in sorted(by_figure.items()):
        if len(group) > 1:
            reason = f"{number} {unit} of different things: measure, reporter or partner differ"
            values = tuple(summary(h) for h in group)
            yield Disagreement(COMPATIBLE, group[0].iri, "trade_stat value", reason, values)


def name_forms(events: Sequence[LinkedEvent]) -> Iterator[Disagreement]:
    """Yield the forms of one name, and the firms whose short names could be mixed up."""
    forms: defaultdict[str, dict[str, list[Place]]] = defaultdict(dict)
    openings: defaultdict[str, dict[str, list[Place]]] = defaultdict(dict)
    for event in events:
        for linked in event.linked:
            a, iri = linked.argument, linked.iri
            if a.kind == "Firm" and iri and a.text[:1].isupper() and not a.derivation.startswith("coref"):
                place = place_of(event, a)
                forms[iri].setdefault(a.text, []).append(place)
                if " " in a.name:
                    openings[a.text.split()[0]].setdefault(iri, []).append(place)
    for iri, told in sorted(forms.items()):
        if len(told) > 1 and len({p.article for places in told.values() for p in places}) > 1:
            yield Disagreement(COMPATIBLE, iri, "firm name forms", "forms of one name", values_of(told))
    for word, firms in sorted(openings.items()):
        if len(firms) > 1:
            reason = f"different firms whose names begin with {word!r}"
            yield Disagreement(COMPATIBLE, min(firms), "firm name shared", reason, values_of(firms))
