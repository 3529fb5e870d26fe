"""The page of an article: its text with mentions and claims marked in place, and the claims beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kgbuild.errors import QueryError
from kgbuild.model import Mention
from kgbuild.query import resolve_name
from kgbuild.serve.pages.highlights import Piece, Range, cut
from kgbuild.serve.pages.kept_texts import KeptText
from kgbuild.serve.pages.links import ARTICLE_BASE, article_url, data_url, thing_url
from kgbuild.serve.pages.phrases import place_of, words
from kgbuild.serve.pages.sayings import STANCES, Saying, Sayings
from kgbuild.serve.pages.things import Ref, Things, short_name
from kgbuild.store import to_term
from kgbuild.terms import ID, KG, NS, RDF_TYPE

_VALUES_ONLY = frozenset({"Time", "Quantity", "Text", "Class"})


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """A claim beside the text."""

    key: str
    words: str
    value: Ref
    stance: str
    fact: bool
    speakers: tuple[Ref, ...]
    inferred: bool
    derivation: str
    time: str
    rule: str
    differs: tuple[tuple[str, str], ...]  #: kind, URL of the other claim


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """A place of the text with its claims."""

    number: int
    start: int
    end: int
    quote: str
    stance: str  #: the least sure of its claims
    subjects: tuple[tuple[Ref, tuple[ClaimCard, ...]], ...]  #: its claims by what they are about

    @property
    def claims(self) -> tuple[ClaimCard, ...]:
        """Return all claims."""
        return tuple(card for _, cards in self.subjects for card in cards)


@dataclass(frozen=True, slots=True)
class ArticleHead:
    """What is known of an article."""

    iri: str
    title: str
    publisher: Ref | None
    published: str
    source_url: str
    language: str
    digest: str
    url: str
    data: str


@dataclass(frozen=True, slots=True)
class ArticleClaims:
    """An article with its claims by place, as the graph has them."""

    head: ArticleHead
    places: tuple[PlaceCard, ...]


@dataclass(frozen=True, slots=True)
class ShowArticle:
    """An article to be shown, by its name in URLs; None where the store has none."""

    name: str

    def __call__(self, store: ox.Store) -> ArticleClaims | None:
        """Return the article of `store` with its claims."""
        things = Things(store)
        iri = ARTICLE_BASE + self.name
        if KG.Article not in things.classes(iri):
            return None
        sayings = Sayings(things)
        by_place: dict[tuple[int, int], list[Saying]] = {}
        for saying in sayings.of_article(iri):
            by_place.setdefault((saying.start, saying.end), []).append(saying)
        places = tuple(
            _place(sayings, number, start, end, by_place[start, end])
            for number, (start, end) in enumerate(sorted(by_place, key=lambda p: (p[0], -p[1])))
        )
        return ArticleClaims(_head(things, iri), places)


@dataclass(frozen=True, slots=True)
class ResolveMentions:
    """The things that mentions of a text name: by (name, class), the URL of the page."""

    names: tuple[tuple[str, str], ...]

    def __call__(self, store: ox.Store) -> dict[tuple[str, str], str]:
        """Return the URLs of those that `store` knows by that very name."""
        found: dict[tuple[str, str], str] = {}
        for name, kind in self.names:
            try:
                literal = ox.Literal(name, language="en")
            except ValueError:
                continue
            things = Things(store)
            subjects = sorted({str(to_term(q.subject)) for q in store.quads_for_pattern(None, None, literal)})
            named = [s for s in subjects if thing_url(s) and (kind == "" or things.is_a(s, NS + kind))]
            if len(named) == 1:
                found[name, kind] = thing_url(named[0])
            elif not named:
                try:
                    found[name, kind] = thing_url(resolve_name(store, name, NS + kind))
                except (QueryError, ValueError):
                    continue
        return found


@dataclass(frozen=True, slots=True)
class MarkedMention:
    """A mention as the page shows it."""

    kind: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class RejectionCard:
    """A candidate that was looked at and not taken."""

    number: int
    text: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text ready for the page."""

    pieces: tuple[Piece, ...]
    mentions: tuple[MarkedMention, ...]
    rejections: tuple[RejectionCard, ...]


def mark(
    kept: KeptText,
    article: ArticleClaims,
    urls: Mapping[tuple[str, str], str],
    *,
    asked: tuple[int, int] | None = None,
    rejected: bool = False,
) -> MarkedText:
    """Return the text with its marks; `asked` are characters to be pointed out."""
    text = kept.text or ""
    refused = kept.rejections if rejected else ()
    pieces = cut(
        text,
        [Range(p.start, p.end, p.number) for p in article.places],
        [Range(m.start, m.end, number) for number, m in enumerate(kept.mentions)],
        [Range(r.start, r.end, number) for number, r in enumerate(refused)],
        Range(*asked, 0) if asked else None,
    )
    mentions = tuple(_mention(m, urls.get((m.name, m.kind), "")) for m in kept.mentions)
    cards = tuple(RejectionCard(n, r.text, r.rule, r.reason) for n, r in enumerate(refused))
    return MarkedText(pieces, mentions, cards)


def names_of(kept: KeptText) -> tuple[tuple[str, str], ...]:
    """Return name and class of all things that a text mentions, each once."""
    return tuple(sorted({(m.name, m.kind) for m in kept.mentions if m.kind not in _VALUES_ONLY}))


def _mention(mention: Mention, url: str) -> MarkedMention:
    via = f" ({mention.via})" if mention.via else ""
    kind = "".join(f" {c.lower()}" if c.isupper() else c for c in mention.kind).strip()
    return MarkedMention(mention.kind, f"{kind}: {mention.name}{via}", url)


def _place(sayings: Sayings, number: int, start: int, end: int, told: list[Saying]) -> PlaceCard:
    stance = max((s.stance for s in told), key=STANCES.index)
    by_subject: dict[str, list[Saying]] = {}
    for saying in sorted(told, key=_reading_order):
        by_subject.setdefault(saying.subject, []).append(saying)
    subjects = tuple(
        (sayings.things.ref(iri), tuple(_card(sayings, s) for s in about))
        for iri, about in by_subject.items()
    )
    return PlaceCard(number, start, end, told[0].quote, stance, subjects)


def _reading_order(saying: Saying) -> tuple[bool, str, bool, tuple[int, int], str]:
    """Return a key that puts status records last, and of one thing first what it is."""
    record = saying.subject.startswith(f"{ID}record/")
    place = place_of(saying.predicate, inverse=False)
    return (record, saying.subject, saying.predicate != RDF_TYPE, place, saying.claim)


def _card(sayings: Sayings, saying: Saying) -> ClaimCard:
    things = sayings.things
    predicate = saying.predicate
    label = "is a" if predicate == RDF_TYPE else words(predicate, things.label(predicate), inverse=False)
    return ClaimCard(
        saying.key,
        label,
        things.value_ref(saying.value),
        saying.stance,
        sayings.is_fact(saying),
        tuple(things.ref(s) for s in saying.speakers),
        saying.inferred,
        saying.derivation,
        sayings.time(saying.time),
        saying.rule,
        tuple((kind, other.url) for kind, claim in saying.differs for other in sayings.read(claim)[:1]),
    )


def _head(things: Things, iri: str) -> ArticleHead:
    publishers = things.iris(iri, KG.publishedBy)
    times = things.iris(iri, KG.publishedAt)
    return ArticleHead(
        iri,
        things.label(iri),
        things.ref(publishers[0]) if publishers else None,
        ", ".join(things.text(t, KG.edtf) for t in times),
        things.text(iri, KG.sourceUrl),
        things.text(iri, KG.language),
        things.text(iri, KG.textDigest),
        article_url(iri),
        data_url(iri),
    )


# ---- the list ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article in the list."""

    published: str
    title: str
    url: str
    publisher: Ref | None
    claims: int


@dataclass(frozen=True, slots=True)
class ListArticles:
    """The articles of a store, the newest first: `size` of them from `offset`, and how many there are."""

    words: str
    offset: int
    size: int

    def __call__(self, store: ox.Store) -> tuple[tuple[ListedArticle, ...], int]:
        """Return the page and how many articles there are in all."""
        things = Things(store)
        iris = [iri for iri, _ in things.leading_to(KG.Article, 10_000_000, RDF_TYPE)]
        heads = [(self._day(things, iri), things.label(iri), iri) for iri in iris]
        wanted = self.words.casefold()
        heads = [h for h in heads if wanted in h[1].casefold()]
        heads.sort(key=lambda h: (h[1], h[2]))
        heads.sort(key=lambda h: h[0], reverse=True)
        shown = []
        for day, title, iri in heads[self.offset : self.offset + self.size]:
            publishers = things.iris(iri, KG.publishedBy)
            publisher = things.ref(publishers[0]) if publishers else None
            shown.append(ListedArticle(day, title, article_url(iri), publisher, _count_claims(things, iri)))
        return tuple(shown), len(heads)

    @staticmethod
    def _day(things: Things, iri: str) -> str:
        return ", ".join(things.text(t, KG.edtf) or short_name(t) for t in things.iris(iri, KG.publishedAt))


def _count_claims(things: Things, article: str) -> int:
    segments = things.leading_to(article, 1_000_000, KG.segmentOf)
    return sum(len(things.leading_to(segment, 1_000_000, KG.evidencedBy)) for segment, _ in segments)
