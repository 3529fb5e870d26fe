"""The page of a thing: facts in groups, each with its sources; what is only claimed; timeline; neighbors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kgbuild.model import Term
from kgbuild.serve.pages.histories import History, history_of
from kgbuild.serve.pages.links import class_url, data_url
from kgbuild.serve.pages.neighborhoods import Neighborhood, neighborhood
from kgbuild.serve.pages.phrases import APART, group_title, place_of, words
from kgbuild.serve.pages.sayings import STANCES, Saying, Sayings, by_triple
from kgbuild.serve.pages.things import Ref, Things
from kgbuild.terms import KG, NS, RDF_TYPE

MOST: Final = 400  #: triples and claims that a page reads in each direction
SHOWN: Final = 8  #: statements of one property that are shown before the rest is folded away
_CLAIM_ROLES: Final = (KG.claimSubject, KG.claimObject)


@dataclass(frozen=True, slots=True)
class Quote:
    """One place that says so."""

    text: str
    url: str
    title: str
    publisher: str
    published: str
    voices: tuple[str, ...]
    stance: str
    derivation: str
    differs: tuple[str, ...]  #: "contradicts" or "refines"


@dataclass(frozen=True, slots=True)
class Row:
    """One statement with what is known of how it is told."""

    words: str
    value: Ref
    fact: bool
    stance: str  #: the surest way in which it is told; "contested" where it is told as so and denied
    others: tuple[tuple[str, int], ...]  #: further stances and how many places have them
    articles: int
    voices: tuple[str, ...]
    quotes: tuple[Quote, ...]
    order: tuple[int, int, str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """Statements under one heading."""

    title: str
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """Return its name in anchors."""
        return self.title.lower().replace(" ", "-")

    @property
    def properties(self) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        """Return the rows by the words of their properties, in the order of the rows."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.words, []).append(row)
        return tuple((words, tuple(rows)) for words, rows in found.items())


@dataclass(frozen=True, slots=True)
class EntityView:
    """All that the page of a thing shows."""

    iri: str
    label: str
    classes: tuple[Ref, ...]
    unconfirmed: bool
    groups: tuple[Group, ...]  #: facts that articles tell
    reference: tuple[Group, ...]
    only_claimed: tuple[Group, ...]  #: by stance
    differing: int  #: statements that contradict or refine others
    history: History | None
    neighborhood: Neighborhood | None
    cut: bool  #: whether there is more than was read
    data: str


@dataclass(frozen=True, slots=True)
class ShowEntity:
    """A thing to be shown; calling it with a store returns its page, None where the store has nothing."""

    iri: str

    def __call__(self, store: ox.Store) -> EntityView | None:
        """Return what the page shows."""
        things = Things(store)
        if not things.has(self.iri):
            return None
        return _View(things, self.iri).make()


class _View:
    """Gathers what is known of one thing."""

    def __init__(self, things: Things, iri: str) -> None:
        self.things, self.iri = things, iri
        self.sayings = Sayings(things)
        self.told = [s for role in _CLAIM_ROLES for s in self.sayings.of(iri, role, MOST)]
        into = things.leading_to(iri, MOST)
        self.cut = len(into) >= MOST or len(self.told) >= MOST
        self.facts: set[tuple[str, str, Term]] = {
            (iri, p, v) for p, values in things.about(iri).items() for v in values if _is_told(p)
        }
        self.facts |= {(s, p, iri) for s, p in into if _is_told(p)}
        self.behind = by_triple(self.told)

    def make(self) -> EntityView:
        """Return the page."""
        things, iri = self.things, self.iri
        rows = [self._row(t, fact=True) for t in self.facts]
        told = [row for row in rows if row.articles]
        reference = [row for row in rows if not row.articles]
        claimed = [
            self._row(t, fact=False)
            for t in self.behind
            if t not in self.facts and not self._is_value_fact(t)
        ]
        classes = [c for c in things.classes(iri) if c.startswith(NS)]
        return EntityView(
            iri=iri,
            label=things.label(iri),
            classes=tuple(Ref(things.label(c), class_url(c), c) for c in classes),
            unconfirmed=KG.UnconfirmedThing in classes,
            groups=_groups(told),
            reference=_groups(reference),
            only_claimed=_by_stance(claimed),
            differing=sum(bool(s.differs) for s in self.told),
            history=history_of(self.sayings, iri),
            neighborhood=neighborhood(things, iri),
            cut=self.cut,
            data=data_url(iri),
        )

    def _is_value_fact(self, triple: tuple[str, str, Term]) -> bool:
        """Return whether it is a fact although its triple differs: the store writes numbers its own way."""
        saying = self.behind[triple][0]
        return self.sayings.is_fact(saying)

    def _row(self, triple: tuple[str, str, Term], *, fact: bool) -> Row:
        subject, predicate, value = triple
        inverse = subject != self.iri
        shown = self._value(subject if inverse else value)
        told = [*self.behind.get(triple, ()), *self._of_record(triple)]
        stances = [s.stance for s in told]
        best = min(stances, key=STANCES.index, default="actual")
        contested = best == "actual" and "denied" in stances
        label = "is a" if predicate == RDF_TYPE else self.things.label(predicate)
        group, rank = place_of(predicate, inverse=inverse) if predicate != RDF_TYPE else (-1, 0)
        return Row(
            words=words(predicate, label, inverse=inverse) if predicate != RDF_TYPE else label,
            value=shown,
            fact=fact,
            stance="contested" if contested else best,
            others=tuple((n, stances.count(n)) for n in STANCES if n != best and n in stances),
            articles=len({s.article for s in told}),
            voices=tuple(sorted({voice for s in told for voice in self.sayings.voices(s)})),
            quotes=self._quotes(told),
            order=(group, rank, shown.note if shown.kind == "status record" else "", shown.label.casefold()),
        )

    def _of_record(self, triple: tuple[str, str, Term]) -> Iterable[Saying]:
        """Yield what is said of the status record that a triple leads to: it belongs to the same row."""
        if triple[0] == self.iri and triple[1] == KG.hasStatusRecord and isinstance(triple[2], str):
            yield from self.sayings.of(triple[2], KG.claimSubject, MOST)

    def _quotes(self, told: Sequence[Saying]) -> tuple[Quote, ...]:
        found: dict[tuple[object, ...], Quote] = {}
        for s in sorted(told, key=self.sayings.order):
            source = self.sayings.source(s.article)
            quote = Quote(
                s.quote, s.url, source.title, source.publisher, source.published, self.sayings.voices(s),
                s.stance, s.derivation, tuple(kind for kind, _ in s.differs),
            )  # fmt: skip
            found.setdefault((*s.place, quote.voices, s.stance), quote)
        return tuple(found.values())

    def _value(self, term: Term) -> Ref:
        things = self.things
        if isinstance(term, str) and KG.StatusRecord in things.classes(term):
            return record_ref(self.sayings, term)
        return things.value_ref(term)


def record_ref(sayings: Sayings, record: str) -> Ref:
    """Return a status record as its status and time; also one that is only claimed."""
    things = sayings.things
    values = things.iris(record, KG.statusValue)
    times = [time for name in (KG.hasTime, KG.announcedAt) for time in things.iris(record, name)]
    if not values:
        told = sayings.of(record, KG.claimSubject, MOST)
        values = sorted({str(s.value) for s in told if s.predicate == KG.statusValue})
        times = sorted({str(s.value) for s in told if s.predicate in {KG.hasTime, KG.announcedAt}})
    ref = things.ref(record)
    status = ", ".join(things.label(v) for v in values) or ref.label
    return Ref(status, ref.url, record, "status record", ", ".join(dict.fromkeys(map(sayings.time, times))))


def _is_told(predicate: str) -> bool:
    return predicate.startswith(NS) and predicate not in APART


def _groups(rows: Iterable[Row]) -> tuple[Group, ...]:
    found: dict[int, list[Row]] = {}
    for row in sorted(rows, key=lambda r: (r.order, r.words)):
        found.setdefault(row.order[0], []).append(row)
    return tuple(Group(group_title(g), tuple(found[g])) for g in sorted(found))


def _by_stance(rows: Iterable[Row]) -> tuple[Group, ...]:
    titles = {
        "actual": "Told as so, but no fact", "contested": "Told as so, and denied",
        "in-principle": "In principle", "planned": "Planned", "possible": "Possible", "denied": "Denied",
    }  # fmt: skip
    found: dict[str, list[Row]] = {stance: [] for stance in titles}
    for row in sorted(rows, key=lambda r: (r.order, r.words)):
        found[row.stance].append(row)
    return tuple(Group(titles[stance], tuple(kept)) for stance, kept in found.items() if kept)
