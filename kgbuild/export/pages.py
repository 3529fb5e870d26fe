"""What a page about one thing tells: its facts, what is only claimed of it, what points to it, and quotes.

Read by the Markdown folder and the HTML report, which only differ in how it looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kgbuild.export.claims_behind import ClaimsBehind, Saying
from kgbuild.export.columns import LABELS, best_label, short_name
from kgbuild.export.quads import Codes, Quads
from kgbuild.export.views import CLAIM_LAYER
from kgbuild.model import Literal
from kgbuild.terms import KG, NS, RDF_TYPE, RDFS

#: Classes of things that are part of what they belong to; told there, without a page.
_PARTS: Final = (KG.StatusRecord, KG.TimeExtent, KG.Quantity, KG.Listing)
#: Classes of values of closed lists.
_LISTS: Final = (KG.StatusValue, KG.ValueQualifier, KG.MoveDirection, KG.StatementKind, KG.DisruptionKind)
#: What the place of a part tells already, and what only programs need.
_LEFT_OUT: Final = frozenset({KG.statusRecordOf, KG.listingOf, KG.textDigest, KG.textLength})
#: Numbers and bounds behind what a part is called.
_BEHIND: Final = frozenset(
    {
        KG.earliestStart,
        KG.latestStart,
        KG.earliestEnd,
        KG.latestEnd,
        KG.edtf,
        KG.quantityText,
        KG.numericValue,
        KG.unit,
        KG.quantityKind,
        KG.valueQualifier,
    }
)


@dataclass(frozen=True, slots=True)
class Value:
    """A value for people."""

    text: str
    page: int  #: number of the thing whose page tells more, or -1


@dataclass(frozen=True, slots=True)
class Quote:
    """One place of one article."""

    text: str
    article: Value
    date: str  #: EDTF, or ""
    speaker: str  #: label, or "" for the writer
    stance: str  #: "", or what makes it less than a plain statement: "denied", "planned", ...


@dataclass(frozen=True, slots=True)
class Line:
    """One statement: a property, its value, the quotes that tell it, and the parts of the value."""

    property: str  #: label
    value: Value
    quotes: Sequence[Quote]
    parts: Sequence[Line] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A thing."""

    number: int
    iri: str
    label: str
    kinds: Sequence[str]  #: labels of its classes, sorted
    names: Sequence[str]  #: other labels, sorted
    facts: Sequence[Line]
    claimed: Sequence[Line]  #: what no fact says: denied, planned, possible or contested
    pointing: Sequence[Line]  #: facts of other things that have this one as value; their subject as value
    quotes: Sequence[Quote]  #: of an article, in the order of its text


class Pages:
    """The pages of a graph: `facts` what is known, `evidence` the same with claims, numbered alike.

    `vocabulary` has labels of properties and classes. Without `quotes`, pages have facts only.
    """

    def __init__(self, facts: Quads, evidence: Quads, vocabulary: Quads, *, quotes: bool) -> None:
        self._facts, self._evidence = facts, evidence
        self._words = {
            vocabulary.iri(s): best_label([vocabulary.terms[o] for o in about[label]])
            for label in [vocabulary.number(RDFS + "label")]
            for s, about in vocabulary.subjects()
            if label in about
        }
        self._with_quotes = quotes
        self._claims = ClaimsBehind(evidence)
        self._type = evidence.number(RDF_TYPE)
        self._labels = [evidence.number(iri) for iri in LABELS]
        self._parts = facts.of_class(_PARTS)
        articles = evidence.of_class([KG.Article]) if quotes else set()
        unconfirmed = evidence.of_class([KG.UnconfirmedThing]) if quotes else set()
        hidden = evidence.of_class([*_PARTS, *_LISTS, *(CLAIM_LAYER - {KG.Article, KG.UnconfirmedThing})])
        known = {s for s, _ in facts.subjects()} | articles | unconfirmed
        self.things = sorted(known - hidden, key=lambda n: (self.kind(n), self.label(n).casefold(), n))
        self._has_page = set(self.things)
        self._pointing: dict[int, list[tuple[int, int]]] = {}
        for s, p, o in facts.codes():
            if o in self._has_page and p != self._type:
                self._pointing.setdefault(o, []).append((s, p))
        self._owner = {o: s for s, _, o in facts.codes() if o in self._parts and s not in self._parts}
        self._sayings: dict[int, list[Saying]] = {}
        for article in articles:
            self._sayings[article] = []
        self._collect_quotes()

    def pages(self) -> Iterator[Page]:
        """Yield the pages by class and label."""
        for number in self.things:
            yield self.page(number)

    def page(self, number: int) -> Page:
        """Return the page of one thing."""
        about = self._evidence.about(number)
        label = self.label(number)
        labels = {
            v.value
            for p in self._labels
            for o in about.get(p, ())
            if isinstance(v := self._evidence.terms[o], Literal)
        }
        facts = self._lines(number)
        return Page(
            number,
            self._evidence.iri(number),
            label,
            self._kinds(number),
            sorted(labels - {label, ""}),
            facts,
            self._claimed(number) if self._with_quotes else (),
            self._pointing_lines(number),
            self._article_quotes(number),
        )

    def iri(self, number: int) -> str:
        """Return the IRI of a thing."""
        return self._evidence.iri(number)

    def label(self, number: int) -> str:
        """Return the best label of a thing, or a short name."""
        about = self._evidence.about(number)
        found = best_label([self._evidence.terms[o] for p in self._labels for o in about.get(p, ())])
        iri = self._evidence.iri(number)
        return found or self._words.get(iri) or short_name(iri)

    def kind(self, number: int) -> str:
        """Return the label of the first of its classes by name, or "thing"."""
        return next(iter(self._kinds(number)), "thing")

    def _kinds(self, number: int) -> list[str]:
        kinds = [self._evidence.terms[o] for o in self._evidence.about(number).get(self._type, ())]
        return sorted({self._word(kind) for kind in kinds if isinstance(kind, str)})

    def _word(self, iri: str) -> str:
        return self._words.get(iri) or short_name(iri)

    def _lines(self, number: int, *, inside: bool = False) -> list[Line]:
        """Return the facts of a thing; with `inside`, as a part of another, without what its name says."""
        lines = []
        told = self._evidence if number in self._sayings else self._facts
        for p, values in told.about(number).items():
            iri = told.iri(p)
            if p == self._type or iri in _LEFT_OUT or (inside and iri in _BEHIND):
                continue
            for o in values:
                if p not in self._labels or not isinstance(told.terms[o], Literal):
                    parts = () if inside or o not in self._parts else self._lines(o, inside=True)
                    told_below = {quote for part in parts for quote in part.quotes}
                    quotes = [quote for quote in self._quotes((number, p, o)) if quote not in told_below]
                    lines.append(Line(self._word(iri), self._value(o), quotes, parts))
        return sorted(lines, key=_order)

    def _claimed(self, number: int) -> list[Line]:
        found = []
        facts = self._facts.about(number)
        for triple in self._claims.triples_of(number):
            _, p, o = triple
            if o not in facts.get(p, ()):
                found.append(Line(self._word(self._evidence.iri(p)), self._value(o), self._quotes(triple)))
        return sorted(found, key=_order)

    def _pointing_lines(self, number: int) -> list[Line]:
        lines = []
        for s, p in self._pointing.get(number, ()):
            owner = self._owner.get(s, s) if s in self._parts else s
            if owner in self._has_page and owner != number:
                lines.append(Line(self._word(self._facts.iri(p)), self._value(owner), ()))
        unique = {(line.property, line.value): line for line in lines}
        return sorted(unique.values(), key=_order)

    def _value(self, number: int) -> Value:
        term = self._evidence.terms[number]
        if isinstance(term, Literal):
            return Value(term.value, -1)
        text = self._word(term) if term.startswith(NS) else self.label(number)
        return Value(text, number if number in self._has_page else -1)

    def _quotes(self, triple: Codes) -> list[Quote]:
        if not self._with_quotes:
            return []
        found = dict.fromkeys(self._quote(saying) for saying in self._claims.sayings(triple))
        return sorted(found, key=lambda q: (q.date, q.article.text))

    def _quote(self, saying: Saying) -> Quote:
        stance = [self.label(n) for n in (saying.polarity, saying.certainty) if n >= 0]
        unusual = [word for word in stance if word not in {"affirmed", "actual"}]
        article = Value(self.label(saying.article), saying.article) if saying.article >= 0 else Value("", -1)
        if article.page not in self._has_page:
            article = Value(article.text, -1)
        speaker = self.label(saying.speaker) if saying.speaker >= 0 else ""
        return Quote(saying.quote, article, self._date(saying.article), speaker, ", ".join(unusual))

    def _date(self, article: int) -> str:
        if article < 0:
            return ""
        about = self._evidence.about(article)
        times = about.get(self._evidence.number(KG.publishedAt), [])
        return min((self.label(time) for time in times), default="")

    def _collect_quotes(self) -> None:
        if not self._sayings:
            return
        for subject, _ in self._evidence.subjects():
            for triple in self._claims.triples_of(subject):
                for saying in self._claims.sayings(triple):
                    if saying.article in self._sayings:
                        self._sayings[saying.article].append(saying)

    def _article_quotes(self, number: int) -> list[Quote]:
        sayings = sorted(self._sayings.get(number, ()), key=lambda s: (s.start, s.quote, s.claim))
        seen: dict[str, Quote] = {}
        for saying in sayings:
            seen.setdefault(saying.quote, self._quote(saying))
        return [*seen.values()]


def _order(line: Line) -> tuple[str, str, int]:
    return (line.property, line.value.text.casefold(), line.value.page)
