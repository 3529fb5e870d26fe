"""The claims of a graph: how many tell a triple, and which places of which articles say what of a thing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from kgbuild.export.quads import About, Codes, Quads
from kgbuild.model import Literal
from kgbuild.terms import KG

_VALUES: Final = (KG.claimObject, KG.claimValue, KG.claimedClass)


@dataclass(frozen=True, slots=True)
class Saying:
    """One claim with one place; all but the quote and its offset are numbers of terms, -1 where unknown."""

    claim: int
    triple: Codes
    article: int
    speaker: int
    polarity: int
    certainty: int
    start: int  #: offset of the quote in the article's text
    quote: str


class ClaimsBehind:
    """Finds the sayings of a graph by what they tell and by whom they speak of."""

    def __init__(self, quads: Quads) -> None:
        self._quads = quads
        self._names = {name: quads.number(getattr(KG, name)) for name in _PROPERTIES}
        self._values = [quads.number(iri) for iri in _VALUES]
        self._by_triple: dict[Codes, list[int]] = {}
        self._of_subject: dict[int, list[Codes]] = {}
        for claim in sorted(quads.of_class([KG.Claim])):
            for triple in self._told(quads.about(claim)):
                claims = self._by_triple.setdefault(triple, [])
                if not claims:
                    self._of_subject.setdefault(triple[0], []).append(triple)
                claims.append(claim)

    def triples_of(self, subject: int) -> list[Codes]:
        """Return what is claimed of a thing as the subject, as fact or not, sorted."""
        return sorted(self._of_subject.get(subject, ()))

    def claims_of(self, triple: Codes) -> list[int]:
        """Return the claims that tell a triple, sorted."""
        return self._by_triple.get(triple, [])

    def sayings(self, triple: Codes) -> list[Saying]:
        """Return the places that tell a triple, by article and offset."""
        found = [saying for claim in self.claims_of(triple) for saying in self._places(claim, triple)]
        return sorted(found, key=lambda s: (s.article, s.start, s.claim))

    def articles_of(self, triple: Codes) -> set[int]:
        """Return the articles that tell a triple."""
        return {saying.article for saying in self.sayings(triple)} - {-1}

    def _told(self, about: About) -> list[Codes]:
        subjects, predicates = (about.get(self._names[n], []) for n in ("claimSubject", "claimPredicate"))
        values = [o for p in self._values for o in about.get(p, [])]
        return [(s, p, o) for s in subjects for p in predicates for o in values]

    def _places(self, claim: int, triple: Codes) -> list[Saying]:
        about = self._quads.about(claim)
        found = []
        for segment in about.get(self._names["evidencedBy"], []):
            place = self._quads.about(segment)
            quote = self._text(place, "exactText")
            start = self._text(place, "startOffset")
            found.append(
                Saying(
                    claim,
                    triple,
                    self._one(place, "segmentOf"),
                    self._one(about, "attributedTo"),
                    self._one(about, "claimPolarity"),
                    self._one(about, "claimCertainty"),
                    int(start) if start.isdecimal() else 0,
                    quote,
                )
            )
        return found

    def _one(self, about: About, name: str) -> int:
        return min(about.get(self._names[name], [-1]))

    def _text(self, about: About, name: str) -> str:
        values = [self._quads.terms[o] for o in about.get(self._names[name], [])]
        return min((v.value for v in values if isinstance(v, Literal)), default="")


_PROPERTIES: Final = tuple(
    """claimSubject claimPredicate evidencedBy exactText startOffset segmentOf attributedTo claimPolarity
    claimCertainty""".split()
)


class ClaimCounts:
    """How many claims tell each triple, and how many speak of each thing as subject."""

    def __init__(self, quads: Quads) -> None:
        names = {quads.number(iri) for iri in (KG.claimSubject, KG.claimPredicate, *_VALUES)} - {-1}
        subject, predicate = quads.number(KG.claimSubject), quads.number(KG.claimPredicate)
        self._count: Counter[Codes] = Counter()
        if -1 in (subject, predicate):
            return
        values = names - {subject, predicate}
        for _, about in quads.subjects():
            if subject in about and predicate in about:
                told = [o for p in values for o in about.get(p, ())]
                self._count.update((s, p, o) for s in about[subject] for p in about[predicate] for o in told)

    def of(self, subject: int, predicate: int, value: int) -> int:
        """Return the number of claims that tell a triple, whatever their polarity and certainty."""
        return self._count[subject, predicate, value]
