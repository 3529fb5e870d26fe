"""Claims to facts, and how claims stand to one another.

A statement is a fact when some text puts it forward as actual and no text denies it, and
when the thing it is about is one that no text denies. Everything else stays a claim.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kgbuild.edtf import compatible, contains
from kgbuild.model import Claim, Term, Triple
from kgbuild.ontology import Ontology
from kgbuild.terms import KG

#: Properties of which two different values, of one thing, cannot both be right.
_SINGLE: Final = frozenset({KG.hasTime, KG.announcedAt, KG.validity, KG.moveDirection, KG.hasQuantity})
_NESTED: Final = frozenset(
    {
        KG.validForDestination,
        KG.issuedBy,
        KG.imposedBy,
        KG.headquarteredIn,
        KG.takesPlaceIn,
        KG.settledIn,
        KG.hasSiteIn,
        KG.hasSubsidiaryIn,
        KG.hasCustomersIn,
    }
)


@dataclass(frozen=True, slots=True)
class Relation:
    """How one claim stands to another: "contradicts" or "refines" (says it more precisely)."""

    kind: str
    left: Claim
    right: Claim


def to_facts(claims: Iterable[Claim], denied_things: frozenset[str]) -> frozenset[Triple]:
    """Return the triples that hold as facts; `denied_things` are things that a text denies or only plans."""
    plain: set[Triple] = set()
    denied: set[Triple] = set()
    for claim in claims:
        if claim.plain:
            plain.add(claim.triple)
        elif claim.polarity == "denied":
            denied.add(claim.triple)
    return frozenset(
        t
        for t in plain - denied
        if t[0] not in denied_things and not (isinstance(t[2], str) and t[2] in denied_things)
    )


class Comparison:
    """Compares claims about one thing and one property."""

    def __init__(
        self, ontology: Ontology, edtf_of: Mapping[str, str], numbers: Mapping[str, tuple[str, str, str]]
    ) -> None:
        self._ontology = ontology
        self._edtf_of = edtf_of  #: time IRI -> EDTF
        self._numbers = numbers  #: quantity IRI -> (kind, number, qualifier)

    def relate(self, claims: Iterable[Claim]) -> tuple[Relation, ...]:
        """Return contradictions and differences of precision, one a pair of articles and values."""
        grouped: defaultdict[tuple[str, str], list[Claim]] = defaultdict(list)
        for claim in claims:
            grouped[claim.subject, claim.predicate].append(claim)
        found: list[Relation] = []
        for (_, predicate), group in sorted(grouped.items()):
            found.extend(_polarity(group))
            if predicate in _SINGLE or predicate in _NESTED:
                found.extend(self._values(predicate, [c for c in group if c.plain]))
        return tuple(sorted(found, key=lambda r: (r.kind, _key(r.left), _key(r.right))))

    def _values(self, predicate: str, group: Sequence[Claim]) -> Iterable[Relation]:
        firsts: dict[tuple[str, str], Claim] = {}
        for claim in sorted(group, key=_key):
            firsts.setdefault((claim.evidence.article, str(claim.object)), claim)
        representatives = list(firsts.values())
        for i, left in enumerate(representatives):
            for right in representatives[i + 1 :]:
                if left.object != right.object:
                    yield from self._pair(predicate, left, right)

    def _pair(self, predicate: str, left: Claim, right: Claim) -> Iterable[Relation]:
        if predicate in {KG.hasTime, KG.announcedAt}:
            yield from self._times(left, right)
        elif predicate == KG.hasQuantity:
            yield from self._quantities(left, right)
        elif predicate in _NESTED:
            if self._inside(left.object, right.object):
                yield Relation("refines", left, right)
            elif self._inside(right.object, left.object):
                yield Relation("refines", right, left)
        elif left.evidence.article != right.evidence.article:
            yield Relation("contradicts", left, right)

    def _times(self, left: Claim, right: Claim) -> Iterable[Relation]:
        a, b = self._edtf_of.get(str(left.object), ""), self._edtf_of.get(str(right.object), "")
        if not compatible(a, b):
            yield Relation("contradicts", left, right)
        elif contains(b, a) and not contains(a, b):
            yield Relation("refines", left, right)
        elif contains(a, b) and not contains(b, a):
            yield Relation("refines", right, left)

    def _quantities(self, left: Claim, right: Claim) -> Iterable[Relation]:
        a, b = self._numbers.get(str(left.object)), self._numbers.get(str(right.object))
        if a is None or b is None or a[0] != b[0] or not a[1] or not b[1]:
            return
        finer, coarser = (left, right) if _precision(*a[1:]) >= _precision(*b[1:]) else (right, left)
        if Decimal(a[1]) == Decimal(b[1]) and a[2] == b[2]:
            return
        if _agree(a, b):
            yield Relation("refines", finer, coarser)
        else:
            yield Relation("contradicts", left, right)

    def _inside(self, inner: Term, outer: Term) -> bool:
        if not isinstance(inner, str) or not isinstance(outer, str):
            return False
        return outer in self._ontology.within(inner) or outer in self._ontology.above(inner)


def _polarity(group: Sequence[Claim]) -> Iterable[Relation]:
    """Yield one contradiction for each pair of articles of which one affirms what the other denies."""
    denials = sorted((c for c in group if c.polarity == "denied"), key=_key)
    if not denials:
        return
    seen: set[tuple[str, str, Term]] = set()
    for left in sorted((c for c in group if c.plain), key=_key):
        for right in denials:
            pair = (left.evidence.article, right.evidence.article, left.object)
            if left.object == right.object and pair not in seen:
                seen.add(pair)
                yield Relation("contradicts", left, right)


def _precision(number: str, qualifier: str) -> tuple[int, bool]:
    """Return a key by which 7.89 is finer than 7.9, and 8 finer than "nearly 8"."""
    return len(number.partition(".")[2]), qualifier in {"", "exact"}


def _agree(a: tuple[str, str, str], b: tuple[str, str, str]) -> bool:
    """Return whether two numbers can be one, rounded or hedged: 7.89, 7.9 and "nearly 8"."""
    x, y = Decimal(a[1]), Decimal(b[1])
    places = min(len(n.partition(".")[2]) for n in (a[1], b[1]))
    if abs(x - y) * 2 <= Decimal(1).scaleb(-places):
        return True
    for (_, hedged, qualifier), other in ((a, y), (b, x)):
        value = Decimal(hedged)
        if qualifier in {"nearly", "less-than", "at-most"} and value * 9 <= other * 10 and other <= value:
            return True
        if qualifier in {"more-than", "at-least"} and value <= other and other * 4 <= value * 5:
            return True
        if qualifier == "about" and abs(value - other) * 20 <= abs(value):
            return True
    return False


def _key(claim: Claim) -> tuple[str, int, int, str, str, str, str]:
    e = claim.evidence
    return (e.article, e.start, e.end, claim.subject, claim.predicate, str(claim.object), claim.rule)
