"""Gold files: read, with their articles, and put into comparable form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from kgbuild.articles import read_article
from kgbuild.errors import ArticleError
from kgbuild.evaluate.cells import GoldPlaces
from kgbuild.evaluate.parts import UNNAMED, PartReader
from kgbuild.evaluate.scores import Item
from kgbuild.link import firm_key
from kgbuild.model import Article, Span
from kgbuild.ontology import Ontology

MERGED: Final = "merged.json"
#: Actions that count as the same.
ACTS: Final = {
    "received": "granted", "granted": "granted", "renewed": "granted", "pending": "applied",
    "announced": "imposed", "planned": "imposed", "extended": "tightened",
}  # fmt: skip


class GoldReader:
    """Turns gold facts into items, names into IRIs."""

    def __init__(self, ontology: Ontology) -> None:
        self._parts = PartReader(ontology)

    def item(self, fact: Mapping[str, Any]) -> Item:
        """Return a gold fact in comparable form."""
        type_ = fact["type"]
        spans = tuple(Span(e["start"], e["end"]) for e in fact.get("evidence") or ())
        text = " | ".join(" ".join(e["quote"].split())[:90] for e in (fact.get("evidence") or ())[:1])
        action = (
            fact.get("action") or fact.get("kind") or fact.get("direction") or fact.get("predicate") or ""
        )
        times = _gold_times(fact) if fact.get("date_source") in {"explicit", "in-text"} else frozenset()
        item = Item(
            type_, ACTS.get(action, action), frozenset(), frozenset(), spans,
            fact.get("modality") or "asserted", times, bool(fact.get("optional")), text,
            outside=_gold_times(fact), parts=self._parts.of_gold(fact),
        )  # fmt: skip
        if type_ == "license":
            return replace(
                item,
                actors=self._names(fact.get("holders")),
                required=self._names(fact.get("destinations"), known=True),
            )
        if type_ == "control_measure":
            return replace(
                item,
                actors=self._names(fact.get("imposer")),
                loose=self._names(fact.get("items"), known=True),
            )
        if type_ == "negotiation":
            place = [fact["place"]] if fact.get("place") else []
            return replace(
                item,
                action=fact["kind"],
                actors=self._names(fact.get("parties")),
                required=self._names(place, known=True),
            )
        if type_ == "market_move":
            percent = fact.get("percent")
            return replace(
                item, action=fact["direction"], actors=self._names([fact["firm"]]),
                required=frozenset({f"{float(percent):g}"} if percent is not None else ()),
            )  # fmt: skip
        if type_ in {"firm", "regulator", "element"}:
            tickers = frozenset(share_code(t) for t in fact.get("tickers") or ())
            return replace(
                item,
                action="",
                actors=self._names([fact["name"]]),
                required=tickers if type_ == "firm" else frozenset(),
            )
        if type_ == "trade_stat":
            return replace(item, action=fact["measure"] or "")
        return item

    def _names(self, values: Iterable[Any] | None, *, known: bool = False) -> frozenset[str]:
        """Return the IRIs of gold names; unknown names as their key, or not at all with `known`."""
        out: set[str] = set()
        for value in values or ():
            name = value["name"] if isinstance(value, Mapping) else str(value)
            if name.startswith("("):
                out.update(() if known else {UNNAMED})
                continue
            surfaces = value.get("surface", ()) if isinstance(value, Mapping) else ()
            iri = next((found for n in (name, *surfaces) if (found := self._parts.iri(n))), "")
            if iri:
                out.add(iri)
            elif not known:
                out.add(firm_key(name))
        return frozenset(out)


def share_code(written: str) -> str:
    """Return the code of a listing without its exchange.

    >>> share_code("300748.SZ"), share_code("ASX: LYC")
    ('300748', 'LYC')
    """
    return written.rpartition(":")[2].strip().partition(".")[0]


def _gold_times(fact: Mapping[str, Any]) -> frozenset[str]:
    """Return the EDTF times of a gold fact: its date or period, or the stretch from start to end."""
    start, end = fact.get("start"), fact.get("end")
    told = {fact.get("date"), fact.get("period"), start}
    if start and end and start != end and "/" not in f"{start}{end}":
        told.add(f"{start}/{end}")
    return frozenset(t for t in told if t)


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
            raise ArticleError(
                f"{folder / about['file']}: not the text that was annotated: its SHA-256 differs"
            )
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


def gold_places(gold: Mapping[str, Mapping[str, Any]], folder: Path, iris: Mapping[str, str]) -> GoldPlaces:
    """Return where the facts of `gold` stand, and the facts of the events in `merged.json` of `folder`.

    `iris` maps article ids to IRIs. Raises ArticleError on a bad `merged.json`.
    """
    facts = {
        fact["id"]: (iris[key], [(e["start"], e["end"]) for e in fact.get("evidence") or ()])
        for key, entry in gold.items()
        for fact in entry["facts"]
    }
    path = folder / MERGED
    try:
        events = json.loads(path.read_text("utf-8"))["events"] if path.is_file() else []
        by_event = {event["id"]: list(event["facts"]) for event in events}
    except (ValueError, KeyError, TypeError) as err:
        raise ArticleError(f"{path}: no object with a list `events`: {err}") from err
    optional = {f["id"] for entry in gold.values() for f in entry["facts"] if f.get("optional")}
    return GoldPlaces(facts, by_event, iris, frozenset(optional))
