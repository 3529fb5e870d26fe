"""Claims as pages show them: what is said, how surely, by whom, where; and which of it is a fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

import pyoxigraph as ox

from kgbuild.model import Literal, Term
from kgbuild.serve.pages.links import article_url, claim_key, claim_url
from kgbuild.serve.pages.things import Things, short_name, time_words
from kgbuild.store import to_term
from kgbuild.terms import KG

#: Stances in the order in which a reader meets them, the surest first.
STANCES: Final = ("actual", "in-principle", "planned", "possible", "denied")
_VALUES: Final = (KG.claimObject, KG.claimValue, KG.claimedClass)


@dataclass(frozen=True, slots=True)
class Saying:
    """One claim: a statement that one text makes in one place."""

    claim: str
    subject: str
    predicate: str
    value: Term
    polarity: str  #: "affirmed" or "denied"
    certainty: str  #: "actual", "in-principle", "planned" or "possible"
    speakers: tuple[str, ...]  #: IRIs of who says so, other than the writer
    article: str  #: IRI
    start: int
    end: int
    quote: str
    rule: str
    inferred: bool
    derivation: str
    time: str  #: IRI of when it holds, or ""
    differs: tuple[tuple[str, str], ...]  #: ("contradicts" or "refines", IRI of the other claim)

    @property
    def key(self) -> str:
        """Return its name in anchors."""
        return claim_key(self.claim)

    @property
    def url(self) -> str:
        """Return where its sentence is."""
        return claim_url(self.article, self.claim)

    @property
    def stance(self) -> str:
        """Return how it is told: one of STANCES."""
        return "denied" if self.polarity == "denied" else self.certainty

    @property
    def triple(self) -> tuple[str, str, Term]:
        """Return what is said."""
        return (self.subject, self.predicate, self.value)

    @property
    def place(self) -> tuple[str, int, int]:
        """Return where it is said."""
        return (self.article, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Source:
    """An article as the source of a claim."""

    title: str
    publisher: str
    published: str
    url: str


class Sayings:
    """Reads claims from a store."""

    def __init__(self, things: Things) -> None:
        self.things = things
        self._sources: dict[str, Source] = {}

    def read(self, claim: str) -> tuple[Saying, ...]:
        """Return a claim, once for each of its places; nothing where it is incomplete."""
        about = self.things.about(claim)
        subject, predicate = _iri(about, KG.claimSubject), _iri(about, KG.claimPredicate)
        value = next((v for name in _VALUES for v in about.get(name, ())), None)
        if not subject or not predicate or value is None:
            return ()
        differs = [
            (kind, str(other))
            for kind, name in (("contradicts", KG.contradicts), ("refines", KG.refines))
            for other in about.get(name, ())
        ]
        found = []
        for segment in sorted(map(str, about.get(KG.evidencedBy, ()))):
            place = self.things.about(segment)
            found.append(
                Saying(
                    claim, subject, predicate, value,
                    polarity=short_name(_iri(about, KG.claimPolarity)) or "affirmed",
                    certainty=short_name(_iri(about, KG.claimCertainty)) or "actual",
                    speakers=tuple(sorted(map(str, about.get(KG.attributedTo, ())))),
                    article=_iri(place, KG.segmentOf),
                    start=int(_text(place, KG.startOffset) or 0),
                    end=int(_text(place, KG.endOffset) or 0),
                    quote=_text(place, KG.exactText),
                    rule=_text(about, KG.byRule),
                    inferred=_text(about, KG.inferred) == "true",
                    derivation=_text(about, KG.derivation),
                    time=_iri(about, KG.claimTime),
                    differs=tuple(sorted(differs)),
                )
            )  # fmt: skip
        return tuple(found)

    def of(self, iri: str, role: str, most: int) -> tuple[Saying, ...]:
        """Return at most `most` claims that have a thing in a role, such as KG.claimSubject, in order."""
        found = [s for claim, _ in self.things.leading_to(iri, most, role) for s in self.read(claim)]
        return tuple(sorted(found, key=self.order))

    def of_article(self, article: str) -> tuple[Saying, ...]:
        """Return all claims of an article, by place."""
        store = self.things.store
        segments = [s for s, _ in self.things.leading_to(article, 1_000_000, KG.segmentOf)]
        claims = {
            str(to_term(quad.subject))
            for segment in segments
            for quad in store.quads_for_pattern(None, ox.NamedNode(KG.evidencedBy), ox.NamedNode(segment))
        }
        found = [s for claim in sorted(claims) for s in self.read(claim) if s.article == article]
        return tuple(sorted(found, key=lambda s: (s.start, -s.end, *self.order(s))))

    def order(self, saying: Saying) -> tuple[str, str, int, int, str]:
        """Return a key that puts the earliest articles first."""
        source = self.source(saying.article)
        return (source.published, saying.article, saying.start, saying.end, saying.claim)

    def source(self, article: str) -> Source:
        """Return title, publisher and day of an article."""
        known = self._sources.get(article)
        if known is None:
            t = self.things
            publisher = ", ".join(t.label(p) for p in t.iris(article, KG.publishedBy))
            published = ", ".join(t.text(p, KG.edtf) for p in t.iris(article, KG.publishedAt))
            known = Source(t.label(article), publisher, published, article_url(article))
            self._sources[article] = known
        return known

    def voices(self, saying: Saying) -> tuple[str, ...]:
        """Return the names of who says it: its speakers, else the publisher, else the title."""
        if saying.speakers:
            return tuple(self.things.label(s) for s in saying.speakers)
        source = self.source(saying.article)
        return (source.publisher or source.title,)

    def is_fact(self, saying: Saying) -> bool:
        """Return whether the graph holds what is said as a fact."""
        value = saying.value
        node = ox.NamedNode(value) if isinstance(value, str) else ox.Literal(
            value.value, language=value.language or None,
            datatype=None if value.language else ox.NamedNode(value.datatype),
        )  # fmt: skip
        quads = self.things.store.quads_for_pattern(
            ox.NamedNode(saying.subject), ox.NamedNode(saying.predicate), node
        )
        return next(iter(islice(quads, 1)), None) is not None

    def time(self, iri: str) -> str:
        """Return a time in words, "" for none."""
        return time_words(self.things.text(iri, KG.edtf)) if iri else ""


def by_triple(sayings: Iterable[Saying]) -> dict[tuple[str, str, Term], list[Saying]]:
    """Return the sayings grouped by what they say."""
    found: dict[tuple[str, str, Term], list[Saying]] = {}
    for saying in sayings:
        found.setdefault(saying.triple, []).append(saying)
    return found


def _iri(about: dict[str, list[Term]], name: str) -> str:
    return min((t for t in about.get(name, ()) if isinstance(t, str)), default="")


def _text(about: dict[str, list[Term]], name: str) -> str:
    return min((t.value for t in about.get(name, ()) if isinstance(t, Literal)), default="")
