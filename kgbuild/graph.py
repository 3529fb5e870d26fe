"""Facts, claims and what they mention, as triples: facts and descriptions, and one graph an article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kgbuild.claims import Told, label_triple
from kgbuild.facts import Relation
from kgbuild.model import Article, Claim, Literal, Triple
from kgbuild.ontology import Ontology
from kgbuild.terms import (
    KG,
    NS,
    RDF_TYPE,
    SKOS,
    SKOS_PREF,
    compact,
    local_iri,
    mint,
    text_literal,
    typed_literal,
)
from kgbuild.turtle import to_trig, to_turtle

#: Reference data that travels with a thing that occurs, and leads to further things.
_FOLLOWED: Final = (
    KG.locatedIn, KG.partOfBody, KG.governs, KG.onExchange, KG.headquarteredIn, KG.containsElement,
    KG.containsMineral,
    KG.broaderGood, KG.madeBy, KG.hasGroupMember, KG.regulates, KG.holdsOffice,
)  # fmt: skip
#: Reference data that travels along and is a value.
_VALUES: Final = (
    KG.isoCode, KG.isoAlpha3, KG.membersByConvention, KG.ticker, KG.tickerSuffix, KG.marketIdentifierCode,
    KG.atomicNumber, KG.elementSymbol, KG.officeTitle, SKOS + "scopeNote",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Graph:
    """The graph of a build: sorted triples, without blank nodes."""

    facts: tuple[Triple, ...]  #: default graph: facts, and descriptions of all things that occur
    articles: Mapping[str, tuple[Triple, ...]]  #: article IRI -> its claims, segments and description

    def flat(self) -> Iterable[Triple]:
        """Yield all triples, without graphs; a triple of several graphs comes several times."""
        yield from self.facts
        for triples in self.articles.values():
            yield from triples

    def turtle(self, comment: str = "") -> str:
        """Return the graph as Turtle: the same bytes for the same graph."""
        return to_turtle(self.flat(), comment=comment)

    def trig(self, comment: str = "") -> str:
        """Return the graph as TriG, one named graph an article."""
        return to_trig(self.facts, self.articles, comment=comment)


def article_iri(article: Article) -> str:
    """Return the IRI of an article: minted from its id, so that a new reading does not rename it."""
    return mint("article", article.id, name=article.id)


class GraphBuilder:
    """Writes facts and claims as triples."""

    def __init__(self, ontology: Ontology, software: str, rules_digest: str) -> None:
        self._ontology = ontology
        self._software = software
        self._rules = rules_digest
        self._run = mint("run", software, rules_digest, name=software)

    def build(
        self,
        articles: Sequence[Article],
        told: Told,
        facts: frozenset[Triple],
        relations: Sequence[Relation],
        *,
        unconfirmed: frozenset[str],
        kinds: Mapping[str, str],
        publishers: Mapping[str, str],
        published: Mapping[str, str],
    ) -> Graph:
        """Return the graph.

        `unconfirmed`: things without facts; `kinds`: class of each minted agent; `publishers` and
        `published`: IRI of the publisher and of the time for each article id that has one.
        """
        by_id = {a.id: a for a in articles}
        claims = sorted(told.claims, key=_claim_key)
        iris = {c: claim_iri(c) for c in claims}
        graphs: defaultdict[str, set[Triple]] = defaultdict(set)
        for article in articles:
            graphs[article_iri(article)] = set(self._article(article, publishers, published))
        labels = dict(told.labels)
        for claim in claims:
            graphs[article_iri(by_id[claim.evidence.article])].update(
                self._claim(claim, iris[claim], by_id[claim.evidence.article], labels)
            )
        for relation in relations:
            predicate = KG.contradicts if relation.kind == "contradicts" else KG.refines
            left, right = relation.left, relation.right
            graphs[article_iri(by_id[left.evidence.article])].add((iris[left], predicate, iris[right]))
            if relation.kind == "contradicts":
                graphs[article_iri(by_id[right.evidence.article])].add((iris[right], predicate, iris[left]))
        front: set[Triple] = set(facts) | told.values
        front.update((iri, RDF_TYPE, KG.UnconfirmedThing) for iri in unconfirmed)
        for iri, kind in kinds.items():
            if kind in {"Firm", "UnnamedFirm"} or not kind:
                continue
            front.add((iri, RDF_TYPE, NS + kind))
        front.update(self._mentioned(front, graphs, labels))
        return Graph(
            tuple(sorted(front, key=_triple_key)),
            {iri: tuple(sorted(triples, key=_triple_key)) for iri, triples in sorted(graphs.items())},
        )

    def _article(
        self, article: Article, publishers: Mapping[str, str], published: Mapping[str, str]
    ) -> Iterable[Triple]:
        iri = article_iri(article)
        yield (iri, RDF_TYPE, KG.Article)
        yield label_triple(iri, article.title or article.id)
        yield (iri, KG.textDigest, text_literal(article.sha256))
        yield (iri, KG.textLength, typed_literal(str(len(article.text)), "nonNegativeInteger"))
        if article.url:
            yield (iri, KG.sourceUrl, typed_literal(article.url, "anyURI"))
        if article.language:
            yield (iri, KG.language, text_literal(article.language))
        if article.id in publishers:
            yield (iri, KG.publishedBy, publishers[article.id])
        if article.id in published:
            yield (iri, KG.publishedAt, published[article.id])
        yield (self._run, RDF_TYPE, KG.ExtractionRun)
        yield label_triple(self._run, self._software)
        yield (self._run, KG.softwareVersion, text_literal(self._software))
        yield (self._run, KG.rulesDigest, text_literal(self._rules))

    def _claim(self, claim: Claim, iri: str, article: Article, labels: Mapping[str, str]) -> Iterable[Triple]:
        evidence = claim.evidence
        segment = mint(
            "segment",
            evidence.article,
            str(evidence.start),
            str(evidence.end),
            name=f"{evidence.start}-{evidence.end}",
        )
        yield (iri, RDF_TYPE, KG.Claim)
        yield label_triple(iri, self._sentence(claim, labels))
        yield (iri, KG.claimSubject, claim.subject)
        yield (iri, KG.claimPredicate, claim.predicate)
        if isinstance(claim.object, Literal):
            yield (iri, KG.claimValue, claim.object)
        elif claim.predicate == RDF_TYPE:
            yield (iri, KG.claimedClass, claim.object)
        else:
            yield (iri, KG.claimObject, claim.object)
        yield (iri, KG.claimPolarity, local_iri("polarity", claim.polarity))
        yield (iri, KG.claimCertainty, local_iri("certainty", claim.certainty))
        yield (iri, KG.inferred, typed_literal("true" if claim.inferred else "false", "boolean"))
        if claim.derivation:
            yield (iri, KG.derivation, text_literal(claim.derivation))
        if claim.time:
            yield (iri, KG.claimTime, claim.time)
        if claim.speaker:
            yield (iri, KG.attributedTo, claim.speaker)
        yield (iri, KG.byRule, text_literal(claim.rule))
        yield (iri, KG.evidencedBy, segment)
        yield (iri, KG.extractedBy, self._run)
        yield (segment, RDF_TYPE, KG.TextSegment)
        yield label_triple(
            segment, f"characters {evidence.start} to {evidence.end} of {article.title or article.id}"
        )
        yield (segment, KG.segmentOf, article_iri(article))
        yield (segment, KG.startOffset, typed_literal(str(evidence.start), "nonNegativeInteger"))
        yield (segment, KG.endOffset, typed_literal(str(evidence.end), "nonNegativeInteger"))
        yield (segment, KG.exactText, text_literal(evidence.quote))

    def _sentence(self, claim: Claim, labels: Mapping[str, str]) -> str:
        def name(term: str) -> str:
            return labels.get(term) or self._ontology.label(term) or compact(term)

        value = claim.object.value if isinstance(claim.object, Literal) else name(claim.object)
        verb = "is a" if claim.predicate == RDF_TYPE else compact(claim.predicate)
        return f"{name(claim.subject)} — {verb} — {value}"

    def _mentioned(
        self, front: Iterable[Triple], graphs: Mapping[str, Iterable[Triple]], labels: Mapping[str, str]
    ) -> Iterable[Triple]:
        """Yield labels for all nodes, and the reference data of all known things that occur."""
        todo = sorted(
            {
                term
                for triples in (front, *graphs.values())
                for s, _, o in triples
                for term in (s, o)
                if isinstance(term, str)
            }
        )
        seen: set[str] = set()
        while todo:
            iri = todo.pop()
            if iri in seen:
                continue
            seen.add(iri)
            if iri in labels:
                yield label_triple(iri, labels[iri])
            if iri not in self._ontology.entities:
                continue
            for predicate, value in self._ontology.describe(iri):
                if predicate == RDF_TYPE or predicate in _VALUES:
                    yield (iri, predicate, value)
                elif (
                    predicate == SKOS_PREF
                    and isinstance(value, Literal)
                    and value.language == "en"
                    and iri not in labels
                ):
                    yield label_triple(iri, value.value)
                elif predicate in _FOLLOWED and isinstance(value, str):
                    yield (iri, predicate, value)
                    todo.append(value)


def claim_iri(claim: Claim) -> str:
    """Return the IRI of a claim: what is said, where, by whom, and how."""
    value = claim.object
    shown = [value.value, value.datatype, value.language] if isinstance(value, Literal) else [value]
    e = claim.evidence
    return mint(
        "claim", claim.subject, claim.predicate, *shown, "|", e.article, str(e.start), str(e.end),
        claim.polarity, claim.certainty,
        claim.speaker or "", claim.rule, str(claim.inferred), claim.derivation, *filter(None, [claim.time]),
    )  # fmt: skip


def _claim_key(claim: Claim) -> tuple[str, int, int, str, str, str, str]:
    e = claim.evidence
    return (e.article, e.start, e.end, claim.subject, claim.predicate, str(claim.object), claim_iri(claim))


def _triple_key(triple: Triple) -> tuple[str, str, bool, str, str, str]:
    s, p, o = triple
    if isinstance(o, Literal):
        return (s, p, True, o.value, o.datatype, o.language)
    return (s, p, False, o, "", "")
