"""Where the content of a verb of saying begins: behind "that", "of", a colon, or at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.source_phrases import SourcePhrases
from kgbuild.extract.speech_words import Trigger
from kgbuild.extract.statement_limits import Limits
from kgbuild.extract.units import Sentence, Unit

QUOTES: Final = frozenset({'"', "“", "”"})
#: Verbs that a noun phrase follows only as the subject of what is said.
_CLAUSAL: Final = frozenset({"say", "insist", "believe", "think", "reckon", "admit", "concede"})
_PARTICLES: Final = frozenset({"to", "not", "by", "up", "out", "off"})
_REPORTS: Final = frozenset({"reports", "account", "idea", "criticism"})


@dataclass(frozen=True, slots=True)
class Place:
    """A place behind a verb of saying where its content may begin."""

    s: Sentence
    t: Trigger
    i: int
    later: Sequence[Trigger]  #: verbs of saying behind it

    @property
    def unit(self) -> Unit:
        """Return the unit there."""
        return self.s.units[self.i]

    @property
    def following(self) -> Unit | None:
        """Return the unit behind it."""
        return self.s.units[self.i + 1] if self.i + 1 < len(self.s.units) else None

    @property
    def bare(self) -> bool:
        """Return whether no word follows."""
        return self.following is None or not self.following.is_word

    @property
    def quoting(self) -> bool:
        """Return whether a quotation mark follows."""
        return self.following is not None and self.following.text in QUOTES

    @property
    def verb(self) -> str:
        """Return the id of the verb."""
        return self.t.verbs[0].id


@dataclass(frozen=True, slots=True)
class Reach:
    """A content that begins at unit `start`, if the verb takes one of `kinds`."""

    start: int
    kinds: tuple[str, ...]
    certainty: str = ""


class Reaches:
    """Finds where contents can begin in the sentences of one article."""

    def __init__(self, grammar: Grammar, phrases: SourcePhrases, limits: Limits) -> None:
        self._grammar = grammar
        self._phrases = phrases
        self._limits = limits

    def at(self, p: Place) -> Iterator[Reach]:
        """Yield the possible contents of the verb, the likeliest first."""
        yield from self._behind_preposition(p)
        if p.t.rest:
            return
        yield from self._clause(p)
        yield from self._quotation(p)
        timed = p.following is not None and (
            p.following.kind == "Time" or p.following.low in {"on", "in", "at", "to"}
        )
        if not p.unit.is_word or (p.unit.low in {"this", "that", "it"} and (p.bare or timed)):
            return
        if self._limits.clause_ahead(p.s, p.i, p.later) or self._bare_clause(p):
            yield Reach(p.i, ("that", "that-bare"))
        yield from self._noun(p)

    def _behind_preposition(self, p: Place) -> Iterator[Reach]:
        for word in ("of", "about"):
            if word in {p.t.rest, p.unit.low} and p.t.taking(word):
                risk = p.t.taking("noun-risk") is not None or p.t.verbs[0].action == "warned"
                yield Reach(p.i if p.t.rest == word else p.i + 1, (word,), "possible" if risk else "")
        if p.t.taking("to-own") and "to" in {p.t.rest, p.unit.low}:
            certainty = "possible" if p.t.verbs[0].action == "warned" else "planned"
            yield Reach(p.i if p.t.rest == "to" else p.i + 1, ("to-own",), certainty)

    def _clause(self, p: Place) -> Iterator[Reach]:
        if p.t.verbs[0].action == "denied" and p.unit.low in {"that", "this", "it"}:
            ahead = p.unit.low == "that" and self._limits.clause_ahead(p.s, p.i + 1, p.later)
            if p.bare or (p.unit.low == "that" and not ahead):
                yield Reach(p.i, ("noun",))  # "disputes that", "disputes that finding"
        if p.unit.low in {"that", "whether", "why", "how"} and not p.unit.kind and not p.bare:
            start = p.i + 1 if p.unit.low == "that" else p.i
            yield Reach(start, ("that", "that!", "that-bare", "whom"))

    def _quotation(self, p: Place) -> Iterator[Reach]:
        if p.unit.text in {":", ","} and p.quoting:
            yield Reach(p.i + 1, ("quote", "that"))
        elif p.unit.text == ":" and p.i + 3 < len(p.s.units):
            start = p.i + 2 if p.s.units[p.i + 1].low == "that" else p.i + 1
            yield Reach(start, ("that", "that!", "quote"))
        fragment = p.t.taking("quotenoun") is not None and p.quoting
        if p.unit.text in QUOTES or (fragment and p.unit.low in self._grammar.words["determiners"]):
            kinds = ("quote", "that", "quotenoun", "noun", "object", "noun-risk", "as")
            yield Reach(p.i, kinds, self._danger(p))

    def _noun(self, p: Place) -> Iterator[Reach]:
        units = p.s.units
        if p.t.taking("as") and any(u.low == "as" for u in units[p.i : p.i + 8]):
            yield Reach(p.i, ("as",))
        if p.unit.low in self._grammar.words["prepositions"] | _PARTICLES:
            return
        if p.t.taking("noun-report"):
            if any(u.has("report-noun") or u.low in _REPORTS for u in units[p.i : p.i + 7]):
                yield Reach(p.i, ("noun-report",))
        elif p.t.taking("object"):
            opener = p.unit.low in self._grammar.words["determiners"] | {"it", "them"}
            named = opener or bool(p.unit.kind) or p.unit.has("role")
            if self._object_before(p) or (named and 3 <= len(units) - p.i <= 24):
                yield Reach(p.i, ("object",))
        else:
            yield Reach(p.i, ("noun", "noun-risk", "noun-doubt"), self._danger(p))

    @staticmethod
    def _danger(p: Place) -> str:
        return "possible" if p.verb == "threaten" or p.t.taking("noun-risk") is not None else ""

    def _object_before(self, p: Place) -> bool:
        """Return whether what is called something stands before: "what the department calls evidence"."""
        phrase = self._phrases.before(p.s, 0, p.t.at)
        return (
            phrase is not None and phrase.first > 0 and p.s.units[phrase.first - 1].low in {"what", "which"}
        )

    def _bare_clause(self, p: Place) -> bool:
        """Return whether a noun phrase follows "said": the subject of a clause whose verb is on no list."""
        if p.verb not in _CLAUSAL or len(p.s.units) - p.i < 5:
            return False
        starts = p.unit.low in self._grammar.words["determiners"] or bool(p.unit.kind) or p.unit.has("role")
        return starts and not any(u.text in QUOTES for u in p.s.units[p.i : p.i + 4])
