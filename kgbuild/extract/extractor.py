"""The extractor.

Article in, extraction out. A pure function of the article, the ontology's names and the lexicon.
"""

from __future__ import annotations

import hashlib
from functools import cached_property

from kgbuild.extract.background import Background
from kgbuild.extract.contained_elements import contained_element
from kgbuild.extract.context_names import ContextNames
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.disruptions import Disruptions
from kgbuild.extract.documents import merge_events, name_parts, not_yet
from kgbuild.extract.firms import Firms
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.layout import Layout
from kgbuild.extract.lexicon import Lexicon
from kgbuild.extract.licenses import Licenses
from kgbuild.extract.markets import Markets
from kgbuild.extract.measures import Measures
from kgbuild.extract.negotiations import Negotiations
from kgbuild.extract.person_names import PersonNames
from kgbuild.extract.reader import Reader
from kgbuild.extract.relations import Relations
from kgbuild.extract.statements import Statements
from kgbuild.extract.trade_statistics import TradeStatistics
from kgbuild.extract.units import Sentence
from kgbuild.extract.voter import Voter, load_pipeline, parser_of
from kgbuild.model import Article, Event, Extraction, Mention, Rejection, Span

VERSION = "1"


class Extractor:
    """Reads articles. Getting ready for the first takes about a second; each then takes milliseconds."""

    def __init__(self, background: Background, lexicon: Lexicon, voter: str = "") -> None:
        self._background = background
        self._lexicon = lexicon
        self._grammar = Grammar(lexicon)
        pipeline = load_pipeline(voter) if voter else None
        self._parse = parser_of(pipeline) if pipeline is not None else None
        voted = f"\0{voter} {pipeline.meta['version']}" if pipeline is not None else ""
        made_of = f"{VERSION}\0{lexicon.digest}\0{background.digest}{voted}"
        rules = hashlib.sha256(made_of.encode()).hexdigest()
        self.rules_digest = rules  #: changes whenever another extraction could come out

    @cached_property
    def _reader(self) -> Reader:
        """Return the reader, made when the first article comes: where all are known already none does."""
        return Reader(self._background.entities, self._lexicon)

    def sentences(self, article: Article) -> tuple[tuple[Span, str], ...]:
        """Return where the sentences of `article` are, in order, each with its kind (see `Sentence.kind`)."""
        return tuple((Span(s.start, s.end), s.kind) for s in self._reader.read(article)[1])

    def extract(self, article: Article) -> Extraction:
        """Return what `article` says. Every span of the result equals the article's text there."""
        layout, sentences = self._reader.read(article)
        PersonNames(article.text, sentences, self._lexicon).join()
        ContextNames(article.text, sentences, self._lexicon).join()
        known = self._background
        coreference = Coreference(
            self._grammar, sentences, known.governments, known.bases, known.offices, known.governed
        )
        exports = _about_exports(sentences)
        events: list[Event] = []
        readers = (
            Licenses(article.text, self._grammar, coreference, sentences=sentences, makers=known.makers),
            Measures(article.text, self._grammar, coreference, about_exports=exports),
            Negotiations(article.text, self._grammar, coreference, sentences=sentences),
            Markets(article.text, self._grammar, coreference),
            Firms(article.text, self._grammar, coreference),
            Relations(article.text, self._grammar, coreference),
            TradeStatistics(article.text, self._grammar, coreference),
            Disruptions(article.text, self._grammar, coreference),
            Statements(  # last: it asks what the others told
                article.text, self._grammar, coreference, sentences=sentences, told=events
            ),
        )
        rejections: list[Rejection] = _noise(article.text, layout)
        for reader in readers:
            for sentence in sentences:
                events.extend(reader.find(sentence))
            rejections.extend(reader.rejections)
        events += self._voted(readers[0], sentences, events)
        rejections.extend(readers[0].rejections)
        told = merge_events(not_yet(events, article.published))
        return Extraction(
            article,
            f"kgbuild rules {self.rules_digest[:12]}",
            name_parts(_mentions(sentences, self._reader), told),
            told,
            tuple(sorted(set(rejections))),
        )

    def _voted(self, licenses: Licenses, sentences: list[Sentence], events: list[Event]) -> list[Event]:
        """Return what an installed pipeline finds in the sentences without a license event."""
        if self._parse is None:
            return []
        voter = Voter(self._parse, licenses)
        told = {t.start for e in events if e.type == "license" for t in e.tellings}
        return [e for s in sentences if s.start not in told for e in voter.find(s)]


def _about_exports(sentences: list[Sentence]) -> bool:
    """Return whether the article speaks of exports or their control anywhere."""
    return any(
        (unit.has("control") and not any(t.form for t in unit.tags))
        or (unit.has("word.export") and unit.low.startswith("export"))
        or unit.name == "dual-use items"
        for sentence in sentences
        for unit in sentence.units
    )


def _mentions(sentences: list[Sentence], reader: Reader) -> tuple[Mention, ...]:
    found = [
        Mention(u.start, u.end, u.text, u.kind, u.name or u.text, u.via)
        for s in sentences
        for u in s.units
        if u.kind and u.kind not in {"Quantity", "Duration", "Time"}
    ]
    for s in sentences:
        for u in s.units:
            element = contained_element(u, reader.element)
            if element is not None:
                found.append(element)
            if u.date is not None:
                found.append(
                    Mention(u.start, u.end, u.text, u.kind, u.date.edtf or u.date.duration, u.date.rule)
                )
            elif u.amount is not None:
                found.append(
                    Mention(
                        u.start,
                        u.end,
                        u.text,
                        "Quantity",
                        f"{u.amount.value} {u.amount.unit}".strip(),
                        u.amount.qualifier,
                    )
                )
    return tuple(sorted(found))


def _noise(text: str, layout: Layout) -> list[Rejection]:
    return [
        Rejection(span.start, span.end, text[span.start : span.end], rule, "page furniture")
        for span, rule in layout.noise
    ]
