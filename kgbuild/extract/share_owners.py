"""Whose shares moved: "shares of A and B", "its Shenzhen-listed stock", "the stock", or a firm itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.units import FIRM, MATERIALS, PLACES, Sentence, Unit
from kgbuild.model import Argument

#: "up", "higher" and the like, which tell a move beside another verb.
ADVERBS: Final = frozenset({"up", "higher", "down", "lower", "above", "below"})
#: Words behind a percentage that make it one of business, not of shares, where no share word is there.
_BUSINESS: Final = frozenset(
    "sales revenue revenues profit profits output production exports stake income earnings volume volumes of "
    "year-on-year prices price market".split()
)
#: Verbs that "up 5 percent" goes with: "closed at 24 yuan, up 7.9 percent".
_TRADED: Final = frozenset(
    "closed ended finished traded trading settled opened stood was were closes ends trades touched "
    "hit".split()
)
_ASIDE: Final = PLACES | {"StockExchange", "Time", "Government"}
#: Words that may stand between a firm and its shares.
_INNER: Final = frozenset({"listed", "traded", "and", ",", "class", "a", "h", "b"})


class ShareOwners:
    """Finds the firms whose shares a verb or noun of moving is about, in the sentences of one article."""

    def __init__(self, grammar: Grammar, coreference: Coreference, arguments: Arguments) -> None:
        self._grammar = grammar
        self._coreference = coreference
        self._arguments = arguments
        self._firms: dict[str, Unit] = {}  #: the firms named so far
        self._times: Counter[str] = Counter()  #: how often each was named

    def note(self, s: Sentence) -> None:
        """Note the firms that a sentence names."""
        for unit in s.units:
            if unit.kind == FIRM:
                self._firms.setdefault(unit.name, unit)
                self._times[unit.name] += 1

    def movers(self, s: Sentence, low: int, group: VerbGroup, percents: Sequence[Unit]) -> list[Argument]:
        """Return the firms whose shares move."""
        share = next((k for k in range(group.first - 1, low - 1, -1) if self.is_share(s, k)), None)
        if share is not None:
            return self.owners(s, share, low, group.first)
        if s.units[group.verb].low in ADVERBS:
            traded = next((j for j in range(group.first - 1, low, -1) if s.units[j].low in _TRADED), None)
            if traded is not None:
                group = VerbGroup(traded, traded, group.tag, False, False)
        # behind "Example, which ...," the clause of the verb begins with the name
        begin = 0 if s.units[low].low in {"which", "who", "whose", "where"} else low
        if group.first > low and group.first < group.verb and s.units[group.first].text in {"'s", "’s"}:
            # "Example shares dipped 1 percent, Sample's fell 2 percent"
            return self._firm(s, group.first - 1) if s.units[group.first - 1].kind == FIRM else []
        heads = [
            h
            for h in self._grammar.subject(s, group)
            if h >= begin and (s.units[h].kind == FIRM or s.units[h].low == "which")
        ]
        beside = group.first - 1
        if not heads and s.units[group.verb].low in ADVERBS and beside > 0 and s.units[beside].text == ",":
            # "Example, up 8 percent, led the gainers"
            aside = any(u.text == "," for u in s.units[group.verb + 1 : group.verb + 4])
            heads = [beside - 1] if aside and s.units[beside - 1].kind == FIRM else []
            if heads:
                return self._firm(s, heads[0])
        if not heads and beside > low and s.units[beside].kind == FIRM and s.units[beside - 1].kind in _ASIDE:
            heads = [beside]  # "In Amsterdam Example gained 3 percent"
        if not heads or self._other_head(s, max(heads), group.first):
            return self._line(s, group.first)
        behind = {p.start for p in percents}
        for j in range(group.verb, len(s.units)):
            if s.units[j].start in behind and any(
                u.low in _BUSINESS or u.has("word.export") for u in s.units[j + 1 : j + 4]
            ):
                return []
        return [a for h in heads for a in self._firm(s, h)]

    @staticmethod
    def is_share(s: Sentence, k: int) -> bool:
        """Return whether unit `k` means shares: not "market share", "stocks of magnets"."""
        unit = s.units[k]
        if not unit.has("share") or unit.kind:
            return False
        before = s.units[k - 1] if k else None
        part = before is not None and before.low in {"market", "per", "a"}
        if part or (before is not None and before.kind in MATERIALS | {"Quantity"}):
            return False
        behind = s.units[k + 1].low if k + 1 < len(s.units) else ""
        if behind in {"index", "exchange", "market", "indexes", "indices"}:
            return False
        return not (behind == "of" and unit.low in {"share", "stocks"})

    def owners(self, s: Sentence, k: int, low: int, high: int) -> list[Argument]:
        """Return the firms whose shares unit `k` names: "shares of A and B", "A's stock", "its shares"."""
        if k + 1 < high and s.units[k + 1].low in {"of", "in"}:
            return self._listed(s, k + 2, high) or self._described(s, k + 2, high)
        firms: list[int] = []
        for j in range(k - 1, low - 1, -1):
            unit = s.units[j]
            if unit.kind == FIRM:
                firms.insert(0, j)
            elif unit.low == "the" and not firms:
                return self._spoken_of(s, k)
            elif unit.low in {"its", "their"} or (unit.has("role") and not unit.kind and not firms):
                return self._firm(s, j, pronoun=unit.low in {"its", "their"})
            elif not self._inside(unit):
                break
        if not firms and k == low and s.units[k].low in {"shares", "stock"} and high <= k + 2:
            return self._spoken_of(s, k)
        return [a for j in firms for a in self._firm(s, j)]

    @staticmethod
    def _inside(unit: Unit) -> bool:
        """Return whether a unit may stand between a firm and its shares: "Example's Hong Kong shares"."""
        if unit.kind in PLACES | {"StockExchange", "Ticker"}:
            return True
        return unit.text in {"'s", "’s", "-", "’", "'"} or unit.low in _INNER

    def _firm(self, s: Sentence, j: int, *, pronoun: bool = False) -> list[Argument]:
        actor = self._arguments.actor("firm", s, j, firm=pronoun)
        return [actor] if actor is not None and actor.kind == FIRM else []

    def _listed(self, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return the firms of a list that starts at `low`: "A, B (ticker) and the carmaker C"."""
        out: list[Argument] = []
        for j in range(low, high):
            unit = s.units[j]
            if unit.kind == FIRM and not self._grammar.possessive(s, j):
                out += self._firm(s, j)
            elif unit.low in self._grammar.words["prepositions"] - {"as", "like"} or (
                out and unit.text == "," and not self._goes_on(s, j, high)
            ):
                break
        return out

    @staticmethod
    def _goes_on(s: Sentence, j: int, high: int) -> bool:
        following = s.units[j + 1 : min(j + 4, high)]
        aside = following and following[0].low in {"which", "who", "a", "an", "the"}
        return not aside and any(u.kind == FIRM for u in following)

    def _described(self, s: Sentence, low: int, high: int) -> list[Argument]:
        for j in range(low, min(low + 5, high)):
            if s.units[j].has("role") and not s.units[j].kind:
                return self._firm(s, j)
        return []

    def _spoken_of(self, s: Sentence, k: int) -> list[Argument]:
        """Return the firm that the article speaks of, for "the stock", "the shares"."""
        unit = s.units[k]
        if len(self._firms) == 1:
            (found,) = self._firms.values()
        elif (salient := self._coreference.salient(s, k)) is not None:
            # a firm named in passing is not the one that "the stock" without a word for it means
            main, often = self._times.most_common(1)[0]
            found = self._firms[main] if self._times[salient.name] == 1 < often else salient
        else:
            return []
        note = f"coreference: {unit.text} = {found.text}"
        here = Argument(
            "firm", FIRM, unit.text, unit.start, unit.end, found.name, inferred=True, derivation=note
        )
        return [here]

    def _line(self, s: Sentence, first: int) -> list[Argument]:
        """Read "the Hong Kong line gained 2 percent": the listing there of the firm spoken of."""
        if (
            first >= 3
            and s.units[first - 1].low in {"line", "listing"}
            and s.units[first - 2].reading(PLACES)
        ):
            return self._spoken_of(s, first - 1)
        return []

    @staticmethod
    def _other_head(s: Sentence, head: int, first: int) -> bool:
        """Return whether another noun behind the firm is what moves: "Lynas output rose 5 percent"."""
        between = s.units[head + 1 : first]
        words = [u for u in between if u.is_word and u.kind != "Ticker"]
        return bool(words) and between[0].text not in {",", "(", "—", "–"} and between[0].kind != "Ticker"
