"""The tellings of one thing, compared role by role."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final, TypeAlias

from kgbuild.disagreements.finality import FINAL, OPEN, finality
from kgbuild.disagreements.values import (
    COMPATIBLE,
    CONTRADICTION,
    PRECISION,
    Disagreement,
    Place,
    Value,
    by_value,
    merged,
    place_of,
    values_of,
)
from kgbuild.edtf import compatible, contains
from kgbuild.happenings import Happening
from kgbuild.link import LinkedEvent
from kgbuild.ontology import Ontology
from kgbuild.quantities import agree, fineness

#: Roles whose values are places, bodies or materials that can lie inside one another.
_NESTED: Final = ("destination", "place", "issuer", "imposer", "material", "item", "industry", "site")
_TIMES: Final = ("date", "announced", "until", "period")
_FIGURES: Final = ("percent", "price", "count", "quantity", "value")
#: Roles told in words, of which two can only be compared as more or less specific.
_WORDS: Final = ("cause", "response_to", "condition", "channel", "what")
_FIRM: Final = "Firm"

_ByArticle: TypeAlias = Mapping[str, Mapping[str, Sequence[Place]]]


class Tellings:
    """Compares the tellings of a happening, or of a firm."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology

    def compare(self, happening: Happening) -> Iterator[Disagreement]:
        """Yield what its tellings give in more than one way."""
        for role in _NESTED:
            yield from self._nested(happening, role)
        for role in _TIMES:
            yield from _times(happening, role)
        for role in _FIGURES:
            yield from _figures(happening, role)
        for role in _WORDS:
            yield from _words(happening, role)
        yield from _holders(happening)
        yield from _certainty(happening)
        yield from _attribution(happening)

    def _nested(self, happening: Happening, role: str) -> Iterator[Disagreement]:
        """Compare sets of places, bodies or materials, told apart by article."""
        by_article: defaultdict[str, dict[str, list[Place]]] = defaultdict(dict)
        words: dict[str, list[Place]] = {}
        open_lists = set()
        for event in happening.tellings:
            for linked in event.linked:
                if linked.argument.role == role and linked.iri:
                    place = place_of(event, linked.argument)
                    by_article[event.article].setdefault(linked.iri, []).append(place)
                    words.setdefault(linked.argument.text, []).append(place)
            if event.event.of("open_list"):
                open_lists.add(event.article)
        topic = f"{happening.type} {role}"
        only = {
            e.article for e in happening.tellings if role == "material" and e.event.of("excluded_material")
        }
        if self._beyond(by_article, only):
            told = self._sets(happening.iri, topic, by_article, closed=set())
            reason = "one text names all that is covered, and another names more"
            yield replace(told, verdict=CONTRADICTION, reason=reason)
            return
        if len({frozenset(values) for values in by_article.values()}) > 1:
            yield self._sets(happening.iri, topic, by_article, closed=set(by_article) - open_lists)
        elif role in {"issuer", "imposer"} and len(words) > 1 and len(by_article) > 1:
            reason = "one body under several names"
            yield Disagreement(PRECISION, happening.iri, topic, reason, values_of(words))

    def _beyond(self, by_article: _ByArticle, closed: set[str]) -> bool:
        """Return whether an article names something outside of what another says is all."""
        return any(
            not any(self._same_or_inside(x, y) for x in by_article[article])
            for article in closed & set(by_article)
            for other, values in by_article.items()
            for y in values
            if other != article
        )

    def seats(self, events: Iterable[LinkedEvent]) -> Iterator[Disagreement]:
        """Yield where the texts give more than one place for a firm's seat."""
        by_firm: defaultdict[str, defaultdict[str, dict[str, list[Place]]]] = defaultdict(
            lambda: defaultdict(dict)
        )
        for event in events:
            if event.event.type == "firm" and event.event.action in {"headquartered", "based"}:
                for firm in event.iris("firm"):
                    for linked in event.linked:
                        if linked.argument.role == "place" and linked.iri:
                            places = by_firm[firm][event.article].setdefault(linked.iri, [])
                            places.append(place_of(event, linked.argument))
        for firm, by_article in sorted(by_firm.items()):
            if len({frozenset(values) for values in by_article.values()}) > 1:
                yield self._sets(firm, "firm seat", by_article, closed=set(by_article))

    def _sets(self, about: str, topic: str, by_article: _ByArticle, closed: set[str]) -> Disagreement:
        """Return how sets of things told by several articles differ; `closed` lists name all there are."""
        sets = {article: frozenset(values) for article, values in by_article.items()}
        told = tuple(
            Value(", ".join(self._ontology.label(i) or i for i in sorted(values)), merged(values.values()))
            for _, values in sorted(by_article.items())
        )
        apart = any(
            not any(self._same_or_inside(x, y) for x in sets[a] for y in sets[b])
            for a, b in combinations(sorted(closed), 2)
        )
        single = topic in {"license destination", "firm seat", "negotiation place", "agreement place"}
        if apart and single:
            return Disagreement(CONTRADICTION, about, topic, "the texts name places apart", told)
        reason = "one is inside the other, or names more of the same"
        return Disagreement(PRECISION, about, topic, reason, told)

    def _same_or_inside(self, a: str, b: str) -> bool:
        within = self._ontology.within(a) | self._ontology.above(a)
        back = self._ontology.within(b) | self._ontology.above(b)
        return b in within or a in back


def _times(happening: Happening, role: str) -> Iterator[Disagreement]:
    told = by_value(happening, role)
    if len(told) < 2:
        return
    pairs = list(combinations(sorted(told), 2))
    if any(not compatible(a, b) for a, b in pairs):
        # one thing may be announced on several days, by several voices
        verdict = COMPATIBLE if role == "announced" else CONTRADICTION
        reason = "announced on several days" if role == "announced" else "the times exclude one another"
    else:
        finer = any(contains(a, b) != contains(b, a) for a, b in pairs)
        verdict, reason = PRECISION, "one time is inside the other" if finer else "the times overlap"
    yield Disagreement(verdict, happening.iri, f"{happening.type} {role}", reason, values_of(told))


def _figures(happening: Happening, role: str) -> Iterator[Disagreement]:
    by_unit: defaultdict[str, dict[tuple[str, str], list[Place]]] = defaultdict(dict)
    for event in happening.tellings:
        for a in event.event.of(role):
            if a.value.replace(".", "", 1).isdigit():
                by_unit[a.unit].setdefault((a.value, a.qualifier), []).append(place_of(event, a))
    for unit, told in sorted(by_unit.items()):
        if len(told) < 2:
            continue
        fits = all(agree(a, b) for a, b in combinations(sorted(told), 2))
        verdict = PRECISION if fits else CONTRADICTION
        finest = max(told, key=lambda v: fineness(*v))
        reason = (
            f"rounded or hedged; {finest[0]} is the finest" if fits else "the numbers exclude one another"
        )
        shown = {f"{q} {n} {unit}".strip(): places for (n, q), places in told.items()}
        yield Disagreement(verdict, happening.iri, f"{happening.type} {role}", reason, values_of(shown))


def _words(happening: Happening, role: str) -> Iterator[Disagreement]:
    told: dict[str, list[Place]] = {}
    for event in happening.tellings:
        for a in event.event.of(role):
            key = " ".join(a.text.lower().split())
            told.setdefault(key, []).append(place_of(event, a))
    keys = [k for k in told if not any(k != other and k in other for other in told)]
    if len(told) > 1:
        reason = "told in other words" if len(keys) > 1 else "one says it more fully"
        yield Disagreement(PRECISION, happening.iri, f"{happening.type} {role}", reason, values_of(told))


def _holders(happening: Happening) -> Iterator[Disagreement]:
    """Tell that some of those who took part are named and others are not."""
    if happening.type != "license":
        return
    arguments = [(e, a) for e in happening.tellings for a in e.event.of("holder")]
    named = [(e, a) for e, a in arguments if a.kind == _FIRM]
    unnamed = [(e, a) for e, a in arguments if a.kind == "UnnamedFirm"]
    if named and unnamed:
        values = values_of(
            {
                "named": [place_of(e, a) for e, a in named],
                "not named": [place_of(e, a) for e, a in unnamed],
            }
        )
        reason = "only some of the holders are named"
        yield Disagreement(PRECISION, happening.iri, "license holder named", reason, values)


def _certainty(happening: Happening) -> Iterator[Disagreement]:
    told: defaultdict[str, list[Place]] = defaultdict(list)
    for event in happening.tellings:
        stance = event.event.certainty if event.event.polarity == "affirmed" else "denied"
        if finality(event.event) == FINAL:
            stance = event.event.action.replace("-", " ")
        told[stance] += [Place(event.article, t.start, t.end) for t in event.event.tellings]
    if len(told) < 2:
        return
    stages = {finality(e.event) for e in happening.tellings}
    final = happening.type == "agreement" and "in-principle" in told and ("actual" in told or FINAL in stages)
    final = final or {FINAL, OPEN} <= stages
    if "denied" in told or final:
        reason = "told as done, and as not done or not final"
        verdict = CONTRADICTION
    else:
        reason, verdict = "one text hedges what another asserts", PRECISION
    yield Disagreement(verdict, happening.iri, f"{happening.type} certainty", reason, values_of(told))


def _attribution(happening: Happening) -> Iterator[Disagreement]:
    """Tell where one article gives the same news to different speakers."""
    if happening.type not in {"license", "control_measure", "agreement"}:
        return
    by_article: defaultdict[str, dict[str, list[Place]]] = defaultdict(dict)
    for event in happening.tellings:
        for telling, speaker in zip(event.event.tellings, event.speakers, strict=True):
            said_by = telling.speaker
            if said_by is not None:
                who = speaker or said_by.name or said_by.text
                place = Place(event.article, telling.start, telling.end)
                by_article[event.article].setdefault(who, []).append(place)
    for _, told in sorted(by_article.items()):
        if len(told) > 1:
            reason = "one article gives it to different speakers"
            yield Disagreement(PRECISION, happening.iri, f"{happening.type} speaker", reason, values_of(told))
