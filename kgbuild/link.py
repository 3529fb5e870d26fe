"""Names to IRIs: through the labels of ontology/, through reviewed decisions, else a minted IRI.

Every choice is a Decision with its reason. A decisions file that a person keeps comes first;
spelling variants that only look alike are listed as unsure and never merged.
"""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rapidfuzz import fuzz, process

from kgbuild.errors import ResourceError
from kgbuild.model import Argument, Entity, Event, Extraction
from kgbuild.ontology import Ontology, name_key, phrase_key, without_determiners
from kgbuild.terms import ID, KG, expand, local_iri, mint

_GOODS: Final = frozenset(
    "RareEarthElement Mineral ElementGroup Good PermanentMagnet RareEarthCompound Alloy Component".split()
)
#: Kinds that may stand for one another when a name is looked up.
FAMILIES: Final = (
    frozenset({"Firm"}),
    frozenset({"Government", "Regulator", "PublicBody"}),
    frozenset({"Person"}),
    frozenset({"Country", "WorldRegion", "Subdivision", "City"}),
    _GOODS,
    frozenset({"StockExchange"}),
    frozenset({"Industry", "EndUse"}),
    frozenset({"NewsOrganization", "TradeAssociation", "Organization"}),
)
_MINTED_AS: Final = {
    "Firm": "firm",
    "Person": "person",
    "Regulator": "body",
    "PublicBody": "body",
    "NewsOrganization": "org",
    "TradeAssociation": "org",
    "Organization": "org",
    "Site": "site",
}
#: Kinds of which words without a name get an IRI by their normal form.
_WORDS_AS: Final = {
    "Site": "site",
    "EndUse": "use",
    "Industry": "industry",
    "Good": "good",
    "LegalInstrument": "instrument",
}
#: What words without a name are, by predicate or type of event, and by role.
_WORDED: Final[Mapping[tuple[str, str], str]] = {
    ("used_in", "subject"): "Good",
    ("used_in", "object"): "EndUse",
    ("supplies", "object"): "Good",
    ("depends_on", "subject"): "EndUse",
    ("depends_on", "object"): "Good",
    ("located_in", "subject"): "Site",
    ("operates", "object"): "Site",
    ("acquired", "object"): "Site",
    ("supplements", "subject"): "LegalInstrument",
    ("supplements", "object"): "LegalInstrument",
    ("trade_stat", "subject"): "Good",
    ("disruption", "site"): "Site",
    ("disruption", "industry"): "Industry",
    ("disruption", "material"): "Good",
}
_USES: Final = frozenset({"Industry", "EndUse"})
_LEGAL: Final = frozenset(
    "co ltd limited inc corp corporation plc ag gmbh se sa nv bv ab asa as oyj llc lp pty pte bhd berhad sdn "
    "kk spa tbk company group holdings holding the and".split()
)
_NOT_IN_IRI: Final = re.compile(r'[\x00-\x20<>"{}|^`\\\x7f\ud800-\udfff]')
#: Below this likeness (rapidfuzz, 0 to 100) two names are not even worth a look.
_ALIKE: Final = 92


@dataclass(frozen=True, slots=True, order=True)
class Decision:
    """Why a name in an article, or two events, were or were not taken as one thing."""

    subject: str  #: "name" or "event"
    article: str
    text: str
    kind: str
    verdict: str  #: "same", "new", "unsure" or "different"
    iri: str
    reason: str


@dataclass(frozen=True, slots=True)
class Linked:
    """An argument with the IRI of what it names; None for values and for what could not be linked."""

    argument: Argument
    iri: str | None


@dataclass(frozen=True, slots=True)
class LinkedEvent:
    """An event whose names are IRIs."""

    article: str
    event: Event
    linked: tuple[Linked, ...]
    speakers: tuple[str | None, ...]  #: IRI of who says so, for each of `event.tellings`
    published: str | None = None  #: EDTF, when the article came out

    def iris(self, role: str) -> tuple[str, ...]:
        """Return the IRIs that fill `role`, each once, sorted."""
        return tuple(sorted({x.iri for x in self.linked if x.argument.role == role and x.iri}))


@dataclass(frozen=True, slots=True)
class Links:
    """All events of all articles with their names linked, and the decisions on names."""

    events: tuple[LinkedEvent, ...]
    decisions: tuple[Decision, ...]


def firm_key(name: str) -> str:
    """Return the part of a firm's name that tells it from others, without legal form, case, punctuation."""
    words = name_key(name).split()
    kept = [w for w in words if w not in _LEGAL]
    return " ".join(kept or words)


def read_decisions(path: Path) -> Mapping[str, str]:
    """Return name key -> IRI from a reviewed file: a JSON object a line with `name` and `iri`.

    The IRI may have a prefix. Empty lines and those that begin with # are skipped. Raises ResourceError when
    the file cannot be read, and naming the line where one is malformed or contradicts an earlier one.
    """
    decided: dict[str, str] = {}
    try:
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
    except OSError as err:
        raise ResourceError(f"{path}: cannot be read: {err.strerror}") from err
    except UnicodeDecodeError as err:
        raise ResourceError(f"{path}: not UTF-8 (offset {err.start}); convert the file to UTF-8") from err
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            key, iri = _decision(json.loads(line))
        except (ValueError, KeyError, TypeError, RecursionError) as err:
            example = '{"name": "Example Magnets", "iri": "firm:example"}'
            raise ResourceError(f"{path}:{number}: a decision is a line like {example} ({err})") from err
        if decided.setdefault(key, iri) != iri:
            raise ResourceError(
                f"{path}:{number}: an earlier line gives this name to {decided[key]}; keep one"
            )
    return decided


def _decision(entry: Mapping[str, object]) -> tuple[str, str]:
    name, iri = entry["name"], entry["iri"]
    if not isinstance(name, str) or not isinstance(iri, str):
        raise TypeError("name and iri are texts")
    key, full = name_key(name), iri if "://" in iri else expand(iri)
    if not key:
        raise ValueError(f"{name!r} has neither letter nor digit")
    if _NOT_IN_IRI.search(full):
        raise ValueError(f"{iri!r} is no IRI")
    return key, full


class Linker:
    """Links the names of extractions."""

    def __init__(self, ontology: Ontology, decided: Mapping[str, str] | None = None) -> None:
        self._ontology = ontology
        self._decided = decided or {}
        self._minted: dict[str, tuple[str, str]] = {}
        self._decisions: set[Decision] = set()
        self._firm_keys: dict[str, list[Entity]] = {}
        for entity in ontology.entities.values():
            if entity.kind == "Firm":
                for name in entity.names:
                    self._firm_keys.setdefault(firm_key(name), []).append(entity)

    def link(self, extractions: Iterable[Extraction]) -> Links:
        """Return the events of `extractions` with every name linked, in order of article and place."""
        events = [e for x in sorted(extractions, key=lambda x: x.article.id) for e in self._article(x)]
        return Links(tuple(events), self.decisions)

    def _article(self, extraction: Extraction) -> list[LinkedEvent]:
        context = self._ontology.countries_of(extraction.mentions)
        out = []
        for event in extraction.events:
            linked = tuple(
                Linked(a, self._argument(extraction.article.id, event, a, context)) for a in event.arguments
            )
            speakers = tuple(
                self._speaker(extraction.article.id, t.speaker, context) if t.speaker else None
                for t in event.tellings
            )
            out.append(
                LinkedEvent(extraction.article.id, event, linked, speakers, extraction.article.published)
            )
        return out

    def _argument(self, article: str, event: Event, a: Argument, context: Mapping[str, int]) -> str | None:
        if a.kind == "UnnamedFirm":
            # the same words in another place may mean another firm
            iri = mint("firm", "unnamed", article, a.text, str(a.start), name="unnamed")
            self._minted[iri] = ("UnnamedFirm", f"(unnamed: {a.text}; {a.derivation}; article {article})")
            return iri
        if a.kind == "Ticker":
            return None
        kind = _WORDED.get((event.action if event.type == "relation" else event.type, a.role), "")
        if a.kind in {"Text", "Instrument"} or (a.kind in _WORDS_AS and not a.name):
            return self._words(article, kind, a)
        if a.role == "partner" and name_key(a.name or a.text) == "world":
            return local_iri("place", "world")
        if a.role == "exchange" and a.kind != "StockExchange":
            # "its Shenzhen shares": the exchange that is called after the city
            found = [
                e for e in self._ontology.by_name(f"{a.name} Stock Exchange") if e.kind == "StockExchange"
            ]
            return found[0].iri if len(found) == 1 else None
        if a.role == "response_to" and a.name:
            # the kind of a response is that of the measure answered, the name that of its author
            return self.name(article, "Government", a.name, a.text, context)
        return self._speaker(article, a, context)

    def _words(self, article: str, kind: str, a: Argument) -> str | None:
        """Return the IRI for words: of the thing that they name after all, else of their normal form.

        A site without a name ("its plant") is another one in every article.
        """
        if not kind:
            return None
        text = a.name or a.value or a.text
        key = phrase_key(text)
        family = next((f for f in FAMILIES if kind in f), frozenset({kind}))
        wanted = _USES | _GOODS if kind == "EndUse" else family
        of_industry = (f"{key} industry",) if kind in _USES else ()  # "defense" alone is the industry
        for form in (text, key, *of_industry):
            found = {e.iri for e in self._ontology.by_name(form) if e.kind in wanted}
            if len(found) == 1:
                return found.pop()
        if not key:
            return None
        where = (article,) if kind == "Site" and not a.name else ()
        iri = mint(_WORDS_AS[kind], *where, key, name=key)
        self._remember(iri, kind, without_determiners(a.text))
        return iri

    def _speaker(self, article: str, a: Argument, context: Mapping[str, int]) -> str | None:
        if a.kind == "UnnamedSource":
            iri = mint("source", article, a.text, name=a.text)
            self._minted[iri] = ("UnnamedSource", a.text)
            return iri
        return self.name(article, a.kind, a.name, a.text, context) if a.name else None

    def publisher(self, article: str, name: str) -> str:
        """Return the IRI of a publisher named in an article's metadata."""
        return self.name(article, "NewsOrganization", name, name, {}) or ""

    @property
    def minted(self) -> Mapping[str, tuple[str, str]]:
        """Return what was minted so far: IRI -> (kind, name)."""
        return dict(sorted(self._minted.items()))

    def minted_as(self, iri: str) -> tuple[str, str]:
        """Return (kind, name) of what was minted as `iri`, or two empty texts."""
        return self._minted.get(iri, ("", ""))

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Return the decisions on names taken so far, sorted."""
        return tuple(sorted(self._decisions))

    def name(self, article: str, kind: str, name: str, text: str, context: Mapping[str, int]) -> str | None:
        """Return the IRI for a name of this kind; one is minted for firms, people and bodies nobody knows."""
        family = next((f for f in FAMILIES if kind in f), frozenset({kind}))
        decided = self._decided.get(name_key(name)) or self._decided.get(name_key(text))
        if decided and self._fits(decided, kind, family, name):
            self._decide(article, text, kind, "same", decided, "decisions file")
            return decided
        found = [e for e in self._ontology.by_name(name) if e.kind in family]
        reason = "name in the ontology"
        if not found and kind == "Firm":
            found, reason = self._firm_keys.get(firm_key(name), []), "same name without legal form"
        found = list({e.iri: e for e in found}.values())
        if len(found) > 1:
            found, reason = self._narrow(found, kind, name, context)
        if len(found) == 1:
            if name_key(text) != name_key(found[0].label):
                self._decide(article, text, kind, "same", found[0].iri, reason)
            return found[0].iri
        if found:
            names = ", ".join(e.label for e in found[:4])
            self._decide(article, text, kind, "unsure", "", f"{len(found)} things have this name: {names}")
            return None
        return self._mint(article, kind, name, text)

    def _fits(self, iri: str, kind: str, family: frozenset[str], name: str) -> bool:
        """Return whether a decided IRI can be a thing of this kind; one that nobody knows is a new thing."""
        known = self._ontology.kind(iri)
        if known:
            return known in family
        if kind not in _MINTED_AS or not iri.startswith(f"{ID}{_MINTED_AS[kind]}/"):
            return False
        self._remember(iri, kind, name)
        return True

    def _remember(self, iri: str, kind: str, name: str) -> None:
        # the longest spelling becomes the label, whatever the order of the articles
        known = self._minted.get(iri)
        if known is None or (len(name), name) > (len(known[1]), known[1]):
            self._minted[iri] = (kind, name)

    def _narrow(
        self, found: list[Entity], kind: str, name: str, context: Mapping[str, int]
    ) -> tuple[list[Entity], str]:
        exact = [e for e in found if e.kind == kind and e.label == name]
        if len(exact) == 1:
            return exact, "exact label"
        same = [e for e in found if e.kind == kind] or found
        weights = {
            e.iri: sum(context.get(p, 0) for p in self._ontology.objects(e.iri, KG.governs)) for e in same
        }
        best = max(weights.values())
        if best:
            chosen = [e for e in same if weights[e.iri] == best]
            return chosen, "the country the article speaks of most"
        return same, "several"

    def _mint(self, article: str, kind: str, name: str, text: str) -> str | None:
        if kind not in _MINTED_AS:
            self._decide(article, text, kind, "unsure", "", "no such name in the ontology")
            return None
        key = (firm_key(name) if kind == "Firm" else name_key(name)) or name
        iri = mint(_MINTED_AS[kind], key, name=key)
        self._remember(iri, kind, name)
        near = (
            process.extractOne(key, sorted(self._firm_keys), scorer=fuzz.ratio, score_cutoff=_ALIKE)
            if kind == "Firm"
            else None
        )
        if near:
            other = self._firm_keys[near[0]][0]
            self._decide(
                article,
                text,
                kind,
                "unsure",
                iri,
                f"kept apart from {other.label}, {near[1]:.0f} of 100 alike",
            )
        else:
            self._decide(article, text, kind, "new", iri, "no such name in the ontology")
        return iri

    def _decide(self, article: str, text: str, kind: str, verdict: str, iri: str, reason: str) -> None:
        self._decisions.add(Decision("name", article, text, kind, verdict, iri, reason))

    # ---- listings

    def listing(self, code: str, market: str) -> tuple[str, str | None]:
        """Return (listing IRI, exchange IRI or None) for a share code and market mark: ("300748", "SZ")."""
        exchange = next(
            (
                e.iri
                for e in self._ontology.entities.values()
                if e.kind == "StockExchange"
                and (market in self._suffixes(e.iri) or name_key(market) in map(name_key, e.names))
            ),
            None,
        )
        place = exchange.rsplit("/", 1)[1] if exchange else market
        return local_iri("listing", urllib.parse.quote(f"{place}-{code}", safe="")), exchange

    def _suffixes(self, exchange: str) -> set[str]:
        return {
            o.value
            for p, o in self._ontology.describe(exchange)
            if p == KG.tickerSuffix and not isinstance(o, str)
        }
