"""Extraction against gold facts: precision, recall and F1 by type, modality, dates, offsets, and every miss.

The gold format is one JSON file an article with `article` (metadata) and `facts` (typed, with
names, evidence and offsets). Facts marked `optional` count neither way. Where the article lists
`types`, only facts of these types were annotated, and only they are scored. *Strict* asks for the
same participants and the required roles; *relaxed* for the same kind of thing with a shared
participant or overlapping evidence. `worded` has the rules for relations, statistics,
disruptions and statements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kgbuild.disagreements import compare as compare_tellings
from kgbuild.evaluate import worded
from kgbuild.evaluate.gold import ACTS, GoldReader, read_gold, read_gold_articles
from kgbuild.evaluate.parts import UNNAMED, PartReader
from kgbuild.evaluate.scores import TYPES, Evaluation, Item, Score, compare, match, relaxed, strict
from kgbuild.evaluate.verdicts import judge, read_disagreements, read_topics
from kgbuild.happenings import Matcher
from kgbuild.link import LinkedEvent, Linker
from kgbuild.model import Event, Extraction, Span
from kgbuild.ontology import Ontology, load_ontology
from kgbuild.parallel import make_extractor
from kgbuild.terms import KG

__all__ = ["Evaluation", "Evaluator", "Score", "evaluate"]


class Evaluator:
    """Compares extractions with gold facts."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._parts = PartReader(ontology)

    def evaluate(
        self, extractions: Sequence[Extraction], gold: Mapping[str, Mapping[str, Any]]
    ) -> Evaluation:
        """Return the comparison; `gold` maps article ids to gold files."""
        linker = Linker(self._ontology)
        links = linker.link(extractions)
        found: defaultdict[str, list[Item]] = defaultdict(list)
        for event in links.events:
            found[event.article].extend(self._from_event(event))
        reader = GoldReader(self._ontology)
        out = Evaluation()
        for extraction in extractions:
            article = extraction.article
            found[article.id].extend(self._from_mentions(extraction, linker))
            wanted = [reader.item(fact) for fact in gold[article.id]["facts"]]
            self._offsets(extraction, out)
            annotated = gold[article.id]["article"].get("types") or TYPES
            for type_ in TYPES:
                if type_ not in annotated:
                    continue
                self._type(
                    article.id,
                    type_,
                    wanted,
                    [f for f in found[article.id] if f.type == type_],
                    out,
                )
        return out

    # ---- matching

    def _type(self, article: str, type_: str, gold: list[Item], found: list[Item], out: Evaluation) -> None:
        """Score the facts of one type; `gold` has those of all types."""
        wanted = [w for w in gold if w.type == type_]
        for how in ("strict", "relaxed"):
            pairs, extra = _paired(type_, wanted, found, loose=how == "relaxed")
            score = out.scores[article, type_, how]
            taken_w = {id(w) for w, _ in pairs}
            score.tp += sum(not w.optional for w, _ in pairs)
            missed = [w for w in wanted if id(w) not in taken_w and not w.optional]
            score.fn += len(missed)
            score.fp += len(extra)
            if how == "relaxed":
                out.misses += [f"{article}: {type_} {w.action}: {w.text}" for w in missed]
                out.false += [f"{article}: {type_} {f.action}: {f.text}" for f in extra]
                for w, f in pairs:
                    if f is not None and not w.optional:
                        compare(w, f, out)

    def _offsets(self, extraction: Extraction, out: Evaluation) -> None:
        text = extraction.article.text
        for event in extraction.events:
            for a in event.arguments:
                out.offsets_checked += 1
                out.offsets_wrong += text[a.start : a.end] != a.text

    # ---- the extraction's side

    def _from_event(self, linked: LinkedEvent) -> Iterable[Item]:
        event = linked.event
        spans = tuple(t.span for t in event.tellings)
        times = frozenset(a.value for role in ("date", "announced") for a in event.of(role) if a.value)
        made = Item(
            "",
            ACTS.get(event.action, event.action),
            frozenset(),
            frozenset(),
            spans,
            _modality(event),
            times,
            False,
            _text(event),
        )
        if event.type == "license":
            unnamed = {UNNAMED} if any(a.kind == "UnnamedFirm" for a in event.of("holder")) else set()
            holders = {i for i in linked.iris("holder") if "/unnamed-" not in i} | unnamed
            yield replace(
                made,
                type="license",
                actors=frozenset(holders),
                required=frozenset(linked.iris("destination")),
            )
        elif event.type == "control_measure":
            items = frozenset(linked.iris("item"))
            yield replace(made, type="control_measure", actors=frozenset(linked.iris("imposer")), loose=items)
        elif event.type in {"negotiation", "agreement"}:
            kind = "agreement" if event.type == "agreement" else event.action
            parties = set(linked.iris("party"))
            for person in linked.iris("person"):
                parties.update(o for o in self._ontology.objects(person, KG.holdsOffice))
            governments = frozenset(a for a in parties if self._ontology.kind(a) == "Government")
            yield replace(
                made,
                type="negotiation",
                action=kind,
                actors=governments or frozenset(parties),
                required=frozenset(linked.iris("place")),
            )
        elif event.type == "market_move":
            percent = frozenset(f"{float(a.value):g}" for a in event.of("percent") if a.value)
            yield replace(made, type="market_move", actors=frozenset(linked.iris("firm")), required=percent)
        elif event.type == "visit":
            yield replace(made, type="relation", action="visited_by", parts=self._parts.of_event(linked))
        elif event.action == "regulates":
            return  # annotated in the facts of regulators, which are compared by name
        elif (parts := self._parts.of_event(linked)) is not None:
            times |= {a.value for a in event.of("period") if a.value}
            yield replace(made, type=event.type, times=times, parts=parts)

    def _from_mentions(self, extraction: Extraction, linker: Linker) -> Iterable[Item]:
        context = self._ontology.countries_of(extraction.mentions)
        seen: defaultdict[tuple[str, str], list[Span]] = defaultdict(list)
        for m in extraction.mentions:
            if m.via.startswith("part of a name"):  # "Tesla motors" tells nothing of the firm
                continue
            type_ = {
                "Firm": "firm",
                "Regulator": "regulator",
                "RareEarthElement": "element",
                "Mineral": "element",
            }.get(m.kind)
            iri = linker.name(extraction.article.id, m.kind, m.name, m.text, context) if type_ else None
            if type_ and iri:
                seen[type_, iri].append(m.span)
        codes: defaultdict[str, set[str]] = defaultdict(set)
        for event in extraction.events:
            if event.type == "firm" and event.action == "listed":
                for a in event.of("firm"):
                    iri = linker.name(extraction.article.id, "Firm", a.name, a.text, context)
                    codes[iri or ""].update(t.value for t in event.of("ticker"))
        for (type_, iri), spans in sorted(seen.items()):
            required = frozenset(codes[iri]) if type_ == "firm" else frozenset()
            yield Item(
                type_,
                "",
                frozenset({iri}),
                required,
                tuple(spans),
                "asserted",
                frozenset(),
                False,
                iri.rsplit("/", 1)[-1],
            )


def _paired(
    type_: str, wanted: list[Item], found: list[Item], *, loose: bool
) -> tuple[Sequence[tuple[Item, Item | None]], list[Item]]:
    """Return the gold facts that are found, each with what tells it, and what no gold fact accounts for."""
    if type_ == "relation":
        return worded.relations(wanted, found, loose=loose)
    exact, near = (worded.strict, worded.relaxed) if type_ in worded.WORDED else (strict, relaxed)
    pairs = match(wanted, found, near if loose else exact, prefer=exact)
    taken = {id(f) for _, f in pairs}
    return pairs, [f for f in found if id(f) not in taken]


def _modality(event: Event) -> str:
    if event.polarity == "denied":
        return "denied"
    named = {"in-principle": "in_principle", "planned": "planned", "possible": "possible"}
    if event.certainty in named:
        return named[event.certainty]
    told = any(t.speaker is not None for t in event.tellings)
    return "reported" if told or (event.type == "statement" and event.of("speaker")) else "asserted"


def _text(event: Event) -> str:
    return ", ".join(f"{a.role}={a.name or a.value or a.text}" for a in event.arguments)[:140]


def evaluate(
    gold_folder: Path,
    article_folder: Path,
    ontology_folder: Path | None = None,
    *,
    packs: Sequence[Path] = (),
    topics: Mapping[str, Sequence[str]] | None = None,
) -> Evaluation:
    """Return how well the extraction finds the facts of a gold folder in its articles.

    Where the folder has a `merged.json` with disagreements, those found are judged too; `topics` tells what
    each is about (see `kgbuild.evaluate.verdicts`).
    """
    gold = read_gold(gold_folder)
    articles = read_gold_articles(gold, article_folder)
    ontology = load_ontology(ontology_folder, packs)
    extractor = make_extractor(ontology, packs=packs)
    extractions = [extractor.extract(a) for a in articles]
    out = Evaluator(ontology).evaluate(extractions, gold)
    wanted = read_disagreements(gold_folder)
    if wanted:
        events = Linker(ontology).link(extractions).events
        happenings, _ = Matcher(ontology).match(events)
        told = topics if topics is not None else read_topics(gold_folder)
        out.verdicts = judge(compare_tellings(ontology, happenings, events), wanted, gold, told)
    return out
