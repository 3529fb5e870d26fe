"""Extraction against gold facts: precision, recall and F1 by type, modality, dates, offsets, and every miss.

The gold format is one JSON file an article with `article` (metadata) and `facts` (typed, with
names, evidence and offsets). Facts marked `optional` count neither way. *Strict* asks for the
same participants and the required roles; *relaxed* for the same kind of thing with a shared
participant or overlapping evidence.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from kgbuild.articles import read_article
from kgbuild.errors import ArticleError
from kgbuild.link import LinkedEvent, Linker, firm_key
from kgbuild.model import Article, Event, Extraction, Span
from kgbuild.ontology import Ontology, load_ontology, name_key
from kgbuild.parallel import make_extractor

TYPES: Final = (
    "license", "control_measure", "negotiation", "market_move", "firm", "regulator", "relation", "trade_stat", "disruption",
    "statement", "element",
)  # fmt: skip
#: Actions that count as the same.
_ACTS: Final = {
    "received": "granted", "granted": "granted", "renewed": "granted", "pending": "applied", "announced": "imposed",
    "extended": "tightened",
}  # fmt: skip
_UNNAMED: Final = "(unnamed)"
_DRAWS: Final = 1000


@dataclass(frozen=True)
class Item:
    """A fact of the gold or of the extraction, in comparable form."""

    type: str
    action: str
    actors: frozenset[str]  #: who it is about; strict asks for the same
    required: frozenset[str]  #: further values that strict asks for: destinations, items, place, percent
    spans: tuple[Span, ...]
    modality: str
    times: frozenset[str]  #: EDTF
    optional: bool
    text: str
    loose: frozenset[str] = frozenset()  #: of `required`, what need only overlap
    outside: frozenset[str] = frozenset()  #: gold times, those included that the text alone does not give


@dataclass
class Score:
    """Counts of one type."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def figures(self) -> dict[str, float | int]:
        """Return precision, recall and F1 (0 where undefined) with the counts."""
        precision = self.tp / (self.tp + self.fp) if self.tp + self.fp else 0.0
        recall = self.tp / (self.tp + self.fn) if self.tp + self.fn else 0.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return {
            "precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4),
            "tp": self.tp, "fp": self.fp, "fn": self.fn,
        }  # fmt: skip


@dataclass
class Evaluation:
    """All that one run found, by article and type."""

    scores: dict[tuple[str, str, str], Score] = field(default_factory=lambda: defaultdict(Score))
    modality: Counter[tuple[str, str]] = field(default_factory=Counter)  #: (gold, found)
    dates_right: int = 0
    dates_wrong: int = 0
    days_invented: int = 0
    offsets_checked: int = 0
    offsets_wrong: int = 0
    misses: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    def total(self, type_: str, how: str) -> Score:
        """Return the counts of a type over all articles; `how` is "strict" or "relaxed"."""
        parts = [s for (_, t, h), s in self.scores.items() if t == type_ and h == how]
        return Score(sum(s.tp for s in parts), sum(s.fp for s in parts), sum(s.fn for s in parts))

    def interval(self, type_: str, how: str) -> tuple[float, float]:
        """Return the 95 % interval of F1 over articles drawn with replacement (bootstrap, fixed seed)."""
        parts = [self.scores[key] for key in sorted(self.scores) if key[1] == type_ and key[2] == how]
        chance = random.Random(f"{type_} {how}")  # noqa: S311 - a fixed sequence is what is wanted
        draws = []
        for _ in range(_DRAWS):
            drawn = [parts[chance.randrange(len(parts))] for _ in parts] if parts else []
            total = Score(sum(s.tp for s in drawn), sum(s.fp for s in drawn), sum(s.fn for s in drawn))
            draws.append(float(total.figures()["f1"]))
        draws.sort()
        return draws[int(0.025 * _DRAWS)], draws[int(0.975 * _DRAWS) - 1]

    def modality_f1(self) -> float:
        """Return the mean F1 over the modalities that the gold has, among matched facts."""
        labels = sorted({g for g, _ in self.modality})
        values = []
        for label in labels:
            tp = self.modality[label, label]
            found = sum(n for (_, p), n in self.modality.items() if p == label)
            gold = sum(n for (g, _), n in self.modality.items() if g == label)
            values.append(2 * tp / (found + gold) if found + gold else 0.0)
        return sum(values) / len(values) if values else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain data, in fixed order."""
        types = {}
        for type_ in TYPES:
            if not any(key[1] == type_ for key in self.scores):
                continue
            types[type_] = {}
            for how in ("strict", "relaxed"):
                low, high = self.interval(type_, how)
                types[type_][how] = {**self.total(type_, how).figures(), "f1_95": [round(low, 4), round(high, 4)]}
        told = self.dates_right + self.dates_wrong
        return {
            "types": types,
            "modality_macro_f1": round(self.modality_f1(), 4),
            "dates": {
                "right": self.dates_right, "wrong": self.dates_wrong,
                "accuracy": round(self.dates_right / told, 4) if told else None, "invented_days": self.days_invented,
            },
            "offsets": {"checked": self.offsets_checked, "wrong": self.offsets_wrong},
            "misses": self.misses,
            "false": self.false,
        }  # fmt: skip


class Evaluator:
    """Compares extractions with gold facts."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology

    def evaluate(self, extractions: Sequence[Extraction], gold: Mapping[str, Mapping[str, Any]]) -> Evaluation:
        """Return the comparison; `gold` maps article ids to gold files."""
        linker = Linker(self._ontology)
        links = linker.link(extractions)
        found: defaultdict[str, list[Item]] = defaultdict(list)
        for event in links.events:
            found[event.article].extend(self._from_event(event))
        out = Evaluation()
        for extraction in extractions:
            article = extraction.article
            found[article.id].extend(self._from_mentions(extraction, linker))
            wanted = [self._from_gold(fact) for fact in gold[article.id]["facts"]]
            self._offsets(extraction, out)
            for type_ in TYPES:
                self._type(
                    article.id,
                    type_,
                    [w for w in wanted if w.type == type_],
                    [f for f in found[article.id] if f.type == type_],
                    out,
                )
        return out

    # ---- matching

    def _type(self, article: str, type_: str, wanted: list[Item], found: list[Item], out: Evaluation) -> None:
        for how, same in (("strict", _strict), ("relaxed", _relaxed)):
            pairs = _pairs(wanted, found, same, prefer=_strict)
            score = out.scores[article, type_, how]
            taken_w, taken_f = {id(w) for w, _ in pairs}, {id(f) for _, f in pairs}
            score.tp += sum(not w.optional for w, _ in pairs)
            missed = [w for w in wanted if id(w) not in taken_w and not w.optional]
            extra = [f for f in found if id(f) not in taken_f]
            score.fn += len(missed)
            score.fp += len(extra)
            if how == "relaxed":
                out.misses += [f"{article}: {type_} {w.action}: {w.text}" for w in missed]
                out.false += [f"{article}: {type_} {f.action}: {f.text}" for f in extra]
                for w, f in pairs:
                    if not w.optional:
                        _compare(w, f, out)

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
        made = Item("", _ACTS.get(event.action, event.action), frozenset(), frozenset(), spans, _modality(event), times, False, _text(event))
        if event.type == "license":
            unnamed = {_UNNAMED} if any(a.kind == "UnnamedFirm" for a in event.of("holder")) else set()
            holders = {i for i in linked.iris("holder") if "/unnamed-" not in i} | unnamed
            yield replace(made, type="license", actors=frozenset(holders), required=frozenset(linked.iris("destination")))
        elif event.type == "control_measure":
            items = frozenset(linked.iris("item"))
            yield replace(made, type="control_measure", actors=frozenset(linked.iris("imposer")), loose=items)
        elif event.type in {"negotiation", "agreement"}:
            kind = "agreement" if event.type == "agreement" else event.action
            actors = set(linked.iris("party"))
            for person in linked.iris("person"):
                actors.update(o for o in self._ontology.objects(person, "https://w3id.org/kgbuild/ontology#holdsOffice"))
            governments = frozenset(a for a in actors if self._ontology.kind(a) == "Government")
            yield replace(made, type="negotiation", action=kind, actors=governments or frozenset(actors), required=frozenset(linked.iris("place")))
        elif event.type == "market_move":
            percent = frozenset(f"{float(a.value):g}" for a in event.of("percent") if a.value)
            yield replace(made, type="market_move", actors=frozenset(linked.iris("firm")), required=percent)
        elif event.type == "visit":
            actors = frozenset((*linked.iris("firm"), *linked.iris("person")))
            yield replace(made, type="relation", action="visited_by", actors=actors)

    def _from_mentions(self, extraction: Extraction, linker: Linker) -> Iterable[Item]:
        context = Counter(
            e.iri for m in extraction.mentions if m.kind == "Country" for e in self._ontology.by_name(m.name) if e.kind == "Country"
        )
        seen: defaultdict[tuple[str, str], list[Span]] = defaultdict(list)
        for m in extraction.mentions:
            type_ = {"Firm": "firm", "Regulator": "regulator", "RareEarthElement": "element", "Mineral": "element"}.get(m.kind)
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
            yield Item(type_, "", frozenset({iri}), required, tuple(spans), "asserted", frozenset(), False, iri.rsplit("/", 1)[-1])

    # ---- the gold's side

    def _from_gold(self, fact: Mapping[str, Any]) -> Item:
        type_ = fact["type"]
        spans = tuple(Span(e["start"], e["end"]) for e in fact.get("evidence") or ())
        text = " | ".join(" ".join(e["quote"].split())[:90] for e in (fact.get("evidence") or ())[:1])
        action = fact.get("action") or fact.get("kind") or fact.get("direction") or fact.get("predicate") or ""
        times = _gold_times(fact) if fact.get("date_source") in {"explicit", "in-text"} else frozenset()
        item = Item(
            type_, _ACTS.get(action, action), frozenset(), frozenset(), spans, fact.get("modality") or "asserted", times,
            bool(fact.get("optional")), text, outside=_gold_times(fact),
        )  # fmt: skip
        if type_ == "license":
            return replace(item, actors=self._names(fact.get("holders")), required=self._names(fact.get("destinations"), known=True))
        if type_ == "control_measure":
            return replace(item, actors=self._names(fact.get("imposer")), loose=self._names(fact.get("items"), known=True))
        if type_ == "negotiation":
            place = [fact["place"]] if fact.get("place") else []
            return replace(item, action=fact["kind"], actors=self._names(fact.get("parties")), required=self._names(place, known=True))
        if type_ == "market_move":
            percent = fact.get("percent")
            return replace(
                item, action=fact["direction"], actors=self._names([fact["firm"]]),
                required=frozenset({f"{float(percent):g}"} if percent is not None else ()),
            )  # fmt: skip
        if type_ in {"firm", "regulator", "element"}:
            tickers = frozenset(t.partition(".")[0] for t in fact.get("tickers") or ())
            return replace(item, action="", actors=self._names([fact["name"]]), required=tickers if type_ == "firm" else frozenset())
        if type_ == "relation":
            return replace(item, action=fact["predicate"], actors=self._names([*(fact["subject"] or ()), *(fact["object"] or ())]))
        return item

    def _names(self, values: Iterable[Any] | None, *, known: bool = False) -> frozenset[str]:
        """Return the IRIs of gold names; names that nothing here knows as their key, or not at all with `known`."""
        out = set()
        for value in values or ():
            name = value["name"] if isinstance(value, Mapping) else str(value)
            if name.startswith("("):
                out.update(() if known else {_UNNAMED})
                continue
            surfaces = value.get("surface", ()) if isinstance(value, Mapping) else ()
            iri = next((found for n in (name, *surfaces) if (found := self._iri(n))), "")
            if iri:
                out.add(iri)
            elif not known:
                out.add(firm_key(name))
        return frozenset(out)

    def _iri(self, name: str) -> str:
        entities = self._ontology.by_name(name)
        exact = [e for e in entities if name_key(e.label) == name_key(name)]
        chosen = exact or [e for e in entities if any(name_key(n) == name_key(name) for n in e.names)]
        iris = sorted({e.iri for e in chosen})
        return iris[0] if len(iris) == 1 else ""


def _strict(w: Item, f: Item) -> bool:
    items = not w.loose or not f.loose or bool(w.loose & f.loose)
    return w.action == f.action and _same_actors(w, f) and w.required == f.required and items


def _same_actors(w: Item, f: Item) -> bool:
    def keys(item: Item) -> set[str]:
        return {firm_key(a.rsplit("/", 1)[-1]) if "://" not in a else a for a in item.actors}

    return keys(w) == keys(f) or {_tail(a) for a in w.actors} == {_tail(a) for a in f.actors}


def _tail(actor: str) -> str:
    """Return a form in which a minted IRI and the key it was minted from are equal."""
    local = actor.rsplit("/", 1)[-1]
    stem, _, digest = local.rpartition("-")
    minted = "://" in actor and len(digest) == 10 and all(c in "0123456789abcdef" for c in digest)
    return (stem if minted else local).replace(" ", "-")


def _relaxed(w: Item, f: Item) -> bool:
    shared = bool({_tail(a) for a in w.actors} & {_tail(a) for a in f.actors})
    if w.type in {"firm", "regulator", "element"}:
        return shared
    overlap = any(a.overlaps(b) for a in w.spans for b in f.spans)
    return w.action == f.action and (shared or not w.actors or not f.actors) and overlap


def _pairs(
    wanted: list[Item], found: list[Item], same: Callable[[Item, Item], bool], *, prefer: Callable[[Item, Item], bool]
) -> list[tuple[Item, Item]]:
    """Return one-to-one pairs; the preferred ones first, those with overlapping evidence before others."""
    ranked = [
        (not prefer(w, f), not any(a.overlaps(b) for a in w.spans for b in f.spans), w.optional, i, j)
        for i, w in enumerate(wanted)
        for j, f in enumerate(found)
        if same(w, f)
    ]
    used_w: set[int] = set()
    used_f: set[int] = set()
    out = []
    for _, _, _, i, j in sorted(ranked):
        if i not in used_w and j not in used_f:
            used_w.add(i)
            used_f.add(j)
            out.append((wanted[i], found[j]))
    return out


def _compare(w: Item, f: Item, out: Evaluation) -> None:
    if w.type not in {"firm", "regulator", "element"}:
        out.modality[w.modality, f.modality] += 1
    days = [t for t in f.times if len(t) == len("2025-06-11") and t[:4].isdigit()]
    if w.times:
        if f.times & w.times:
            out.dates_right += 1
        elif f.times:
            out.dates_wrong += 1
    else:
        out.days_invented += len([day for day in days if day not in w.outside])


def _gold_times(fact: Mapping[str, Any]) -> frozenset[str]:
    """Return the EDTF times of a gold fact: its date, or the stretch from start to end."""
    start, end = fact.get("start"), fact.get("end")
    stretch = {start} if start == end else {start, f"{start}/{end}"}
    return frozenset(t for t in {fact.get("date"), *stretch} if t and "None" not in t)


def _modality(event: Event) -> str:
    if event.polarity == "denied":
        return "denied"
    named = {"in-principle": "in_principle", "planned": "planned", "possible": "possible"}
    if event.certainty in named:
        return named[event.certainty]
    return "reported" if any(t.speaker is not None for t in event.tellings) else "asserted"


def _text(event: Event) -> str:
    return ", ".join(f"{a.role}={a.name or a.value or a.text}" for a in event.arguments)[:140]


def read_gold(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the gold files of `folder` by article id. Raises ArticleError naming a file that is none."""
    gold = {}
    for path in sorted(folder.glob("*.json")):
        try:
            loaded = json.loads(path.read_text("utf-8"))
        except ValueError as err:
            raise ArticleError(f"{path}: not JSON: {err}") from err
        if isinstance(loaded, dict) and {"article", "facts"} <= loaded.keys():
            gold[loaded["article"]["id"]] = loaded
    if not gold:
        raise ArticleError(f"{folder}: no gold file; each is a JSON object with `article` and `facts`")
    return gold


def read_gold_articles(gold: Mapping[str, Mapping[str, Any]], folder: Path) -> list[Article]:
    """Return the articles of the gold, with its metadata where the file has none.

    Raises ArticleError where an article is missing or is not the text that was annotated.
    """
    articles = []
    for key, entry in sorted(gold.items()):
        about = entry["article"]
        article = read_article(folder / about.get("file", f"{key}.txt"))
        if about.get("sha256") not in {None, article.sha256}:
            raise ArticleError(f"{folder / about['file']}: not the text that was annotated: its SHA-256 differs")
        articles.append(
            replace(
                article,
                id=key,
                title=article.title or about.get("title"),
                publisher=article.publisher or about.get("publisher"),
                published=article.published or about.get("published"),
            )
        )
    return articles


def evaluate(gold_folder: Path, article_folder: Path, ontology_folder: Path | None = None) -> Evaluation:
    """Return how well the extraction finds the facts of a gold folder in its articles."""
    gold = read_gold(gold_folder)
    articles = read_gold_articles(gold, article_folder)
    ontology = load_ontology(ontology_folder)
    extractor = make_extractor(ontology)
    return Evaluator(ontology).evaluate([extractor.extract(a) for a in articles], gold)
