"""Share moves: whose shares rose or fell, by how much, to what price, where and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from kgbuild.extract.arguments import Arguments, quantity
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar, VerbGroup, positions
from kgbuild.extract.stance import Stance, find_speech, speaker_argument, stance_of
from kgbuild.extract.units import FIRM, MATERIALS, PLACES, Sentence, Unit
from kgbuild.model import Argument, Event, Rejection

#: Parts of a trading day and longer spans that a percentage can be over.
_WINDOW: Final = re.compile(
    r"\b(?:(?:first|opening) (?:hour|minutes)|(?:early|morning|late|afternoon|midday|extended|after-hours|premarket|"
    r"pre-market) (?:trading|trade|deals)|pre-?market|after-hours|intraday|by midday|by mid-morning|"
    r"(?:over|in|during) (?:the )?(?:past|last|previous) (?:\w+ )?(?:days|week|weeks|month|months|year|years)|"
    r"over \w+ (?:days|weeks|months|years)|(?:so far )?this (?:year|month|week)|year[- ]to[- ]date|"
    r"since the (?:start|beginning) of the (?:year|month)|(?:for|on|in) the (?:week|month|year))\b",
    re.IGNORECASE,
)
#: Words behind a percentage that make it one of business, not of shares, where no share word is there.
_BUSINESS: Final = frozenset(
    "sales revenue revenues profit profits output production exports stake income earnings volume volumes of "
    "year-on-year prices price market".split()
)
#: Verbs that "up 5 percent" goes with: "closed at 24 yuan, up 7.9 percent".
_TRADED: Final = frozenset("closed ended finished traded trading settled opened stood was were closes ends trades".split())
_ADVERBS: Final = frozenset({"up", "higher", "down", "lower"})


@dataclass(frozen=True, slots=True)
class Move:
    """A move before its arguments are looked for."""

    at: int  #: unit of the verb or noun
    direction: str
    rule: str
    movers: tuple[tuple[Argument, Unit | None], ...]  #: firm and percentage
    stance: Stance


class Markets:
    """Finds share moves in the sentences of one article."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference) -> None:
        self.text = text
        self.grammar = grammar
        self.coreference = coreference
        self.arguments = Arguments(grammar, coreference)
        self.firms: dict[str, Unit] = {}  #: the firms named so far
        self.rejections: list[Rejection] = []

    def find(self, s: Sentence) -> list[Event]:
        """Return the share moves of `s`, one a firm and verb."""
        for unit in s.units:
            if unit.kind == FIRM:
                self.firms.setdefault(unit.name, unit)
        if s.units[-1].text == "?":
            return []
        moves: list[Move] = []
        used: set[int] = set()  #: percentages told already
        for i in positions(s, "market"):
            for tag in self.grammar.tags_at(s, i, "market"):
                move = self._verb(s, self.grammar.verb_group(s, i, tag), used)
                if move is not None:
                    moves.append(move)
                    used.update(p.start for _, p in move.movers if p is not None)
                    moves += self._ellipsis(s, move, used)
                    break
        for i in positions(s, "move"):
            noun = self._noun(s, i, used)
            if noun is not None:
                moves.append(noun)
                used.update(p.start for _, p in noun.movers if p is not None)
        return [self._event(s, m, firm, percent) for m in moves for firm, percent in m.movers]

    # ---- verbs

    def _verb(self, s: Sentence, group: VerbGroup, used: set[int]) -> Move | None:
        i = group.verb
        percents = [p for p in self._percents(s, i) if p.start not in used]
        limit = any(u.has("trading-limit") for u in s.units[i + 1 : i + 6])
        if not percents and not limit or group.tag.cls == "market.limit" and not limit:
            return None
        left, _ = self.grammar.clause(s, i)
        low = self._after_last(s, left, group.first, used)
        firms = self._movers(s, low, group, percents)
        if not firms:
            return None
        stance = stance_of(self.grammar, s, group, self.grammar.subject(s, group))
        if stance.refused or any(u.has("unreal") for u in s.units[low:i]):
            return None
        present = group.tag.form == "base" and group.first == group.verb and stance.certainty == "possible"
        if present:
            stance = Stance(stance.polarity)  # "The shares lose 5 percent" is no imperative
        direction = group.tag.action
        if group.tag.cls == "market.limit" and any(u.low in {"down", "limit-down", "lower"} for u in s.units[i : i + 7]):
            direction = "down"
        pairs = zip(firms, self._shared_out(percents, len(firms)), strict=True)
        return Move(i, direction, group.tag.id, tuple(pairs), stance)

    @staticmethod
    def _after_last(s: Sentence, left: int, first: int, used: set[int]) -> int:
        """Return where the stretch of this verb starts: behind the last percentage told, if a firm is named since."""
        for j in range(first - 1, left - 1, -1):
            if s.units[j].start in used:
                return j + 1 if any(u.kind == FIRM or u.has("share") for u in s.units[j + 1 : first]) else left
        return left

    @staticmethod
    def _shared_out(percents: Sequence[Unit], firms: int) -> list[Unit | None]:
        """Return one percentage a firm: "A and B rose 3% and 5%" gives each its own, one number is everybody's."""
        if len(percents) == firms:
            return list(percents)
        return [percents[0] if percents else None] * firms

    def _percents(self, s: Sentence, i: int) -> list[Unit]:
        """Return the percentages that a verb or "up" at `i` tells."""
        if s.units[i].low in _ADVERBS and i and _is_percent(s.units[i - 1]):
            return [s.units[i - 1]]  # "closed 9.2 percent higher"
        reach = 5 if s.units[i].low in _ADVERBS else 8
        out: list[Unit] = []
        for j in range(i + 1, min(len(s.units), i + reach)):
            unit = s.units[j]
            if _is_percent(unit):
                bare = self._bare_numbers(s, j)
                out.append(unit)
                if bare:
                    return [*bare, unit]
                for k in range(j + 1, min(j + 5, len(s.units))):
                    if _is_percent(s.units[k]):
                        out.append(s.units[k])
                    elif s.units[k].low not in {",", "and"}:
                        break
                return out
            if unit.text == ";" or unit.has("share") or unit.kind == FIRM:
                return out
            if any(t.form and t.cls.startswith("market") for t in unit.tags) and unit.low not in _ADVERBS:
                return out
        return out

    @staticmethod
    def _bare_numbers(s: Sentence, j: int) -> list[Unit]:
        """Return the numbers of "3 and 5 percent" that stand before the last one, as percentages."""
        out: list[Unit] = []
        k = j - 1
        while k >= 1 and s.units[k].low in {"and", ","} and re.fullmatch(r"\d+(?:\.\d+)?", s.units[k - 1].text):
            number, amount = s.units[k - 1], s.units[j].amount
            assert amount is not None
            given = replace(amount, start=number.start, end=number.end, text=number.text, value=number.text)
            out.insert(0, Unit(number.start, number.end, number.text, number.low, "Quantity", number.text, amount=given))
            k -= 2
        return out

    def _ellipsis(self, s: Sentence, move: Move, used: set[int]) -> list[Move]:
        """Return what follows without a verb: "A rose 3 percent and B 5 percent"."""
        last = move.movers[-1][1]
        if last is None:
            return []
        at = next((j for j, u in enumerate(s.units) if u.start == last.start), None)
        out = []
        while at is not None and at + 3 < len(s.units) and s.units[at + 1].low in {"and", ",", "while", ";"}:
            j = at + 2 if s.units[at + 2].kind == FIRM else at + 3
            if j + 1 >= len(s.units) or s.units[j].kind != FIRM or not _is_percent(s.units[j + 1]):
                break
            firm = self.arguments.actor("firm", s, j)
            if firm is None or s.units[j + 1].start in used:
                break
            used.add(s.units[j + 1].start)
            out.append(replace(move, movers=((firm, s.units[j + 1]),)))
            at = j + 1
        return out

    # ---- whose shares

    def _movers(self, s: Sentence, low: int, group: VerbGroup, percents: Sequence[Unit]) -> list[Argument]:
        """Return the firms whose shares move."""
        share = next((k for k in range(group.first - 1, low - 1, -1) if self._is_share(s, k)), None)
        if share is not None:
            return self._owners(s, share, low, group.first)
        if s.units[group.verb].low in _ADVERBS:
            traded = next((j for j in range(group.first - 1, low, -1) if s.units[j].low in _TRADED), None)
            if traded is not None:
                group = VerbGroup(traded, traded, group.tag, False, False)
        heads = [h for h in self.grammar.subject(s, group) if s.units[h].kind == FIRM and h >= low]
        if not heads or self._other_head(s, max(heads), group.first):
            return self._line(s, low, group.first)
        behind = {p.start for p in percents}
        for j in range(group.verb, len(s.units)):
            if s.units[j].start in behind and any(
                u.low in _BUSINESS or u.has("word.export") for u in s.units[j + 1 : j + 4]
            ):
                return []
        return [a for h in heads if (a := self.arguments.actor("firm", s, h)) is not None and a.kind == FIRM]

    @staticmethod
    def _is_share(s: Sentence, k: int) -> bool:
        unit = s.units[k]
        if not unit.has("share") or unit.kind:
            return False
        before = s.units[k - 1] if k else None
        behind = s.units[k + 1] if k + 1 < len(s.units) else None
        if before is not None and (before.low in {"market", "per", "a"} or before.kind == "Quantity" or before.kind in MATERIALS):
            return False
        return not (behind is not None and unit.low in {"share", "stocks"} and behind.low in {"of", "index", "market"}) and not (
            behind is not None and behind.low in {"index", "exchange", "market", "indexes", "indices"}
        )

    def _owners(self, s: Sentence, k: int, low: int, high: int) -> list[Argument]:
        """Return the firms whose shares unit `k` names: "shares of A and B", "A's stock", "its shares", "the stock"."""
        if k + 1 < high and s.units[k + 1].low in {"of", "in"}:
            firms = self._listed(s, k + 2, high)
            if firms:
                return firms
            return self._described(s, k + 2, high)
        firms = []
        for j in range(k - 1, low - 1, -1):
            unit = s.units[j]
            if unit.kind == FIRM:
                firms.insert(0, j)
            elif unit.low in {"its", "their"} or (unit.has("role") and not unit.kind and not firms):
                actor = self.arguments.actor("firm", s, j, firm=unit.low in {"its", "their"})
                return [actor] if actor is not None and actor.kind == FIRM else []
            elif unit.low == "the" and not firms:
                return self._spoken_of(s, k)
            elif not (
                unit.text in {"'s", "’s", "-", "’", "'"} or unit.kind in PLACES | {"StockExchange", "Ticker"}
                or unit.low in {"listed", "traded", "and", ",", "class", "a", "h", "b"}
            ):  # fmt: skip
                break
        if not firms and (k == low or k == 0) and s.units[k].low in {"shares", "stock"} and high <= k + 2:
            return self._spoken_of(s, k)
        return [a for j in firms if (a := self.arguments.actor("firm", s, j)) is not None]

    def _listed(self, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return the firms of a list that starts at `low`: "A, B (ticker) and the carmaker C"."""
        out = []
        for j in range(low, high):
            unit = s.units[j]
            if unit.kind == FIRM and not self.grammar.possessive(s, j):
                actor = self.arguments.actor("firm", s, j)
                out += [actor] if actor is not None else []
            elif unit.low in self.grammar.words["prepositions"] - {"as", "like"} or (
                out and unit.text == "," and not self._goes_on(s, j, high)
            ):
                break
        return out

    @staticmethod
    def _goes_on(s: Sentence, j: int, high: int) -> bool:
        following = s.units[j + 1 : min(j + 4, high)]
        return any(u.kind == FIRM for u in following) and not (following[0].low in {"which", "who", "a", "an", "the"})

    def _described(self, s: Sentence, low: int, high: int) -> list[Argument]:
        for j in range(low, min(low + 5, high)):
            if s.units[j].has("role") and not s.units[j].kind:
                actor = self.arguments.actor("firm", s, j)
                return [actor] if actor is not None and actor.kind == FIRM else []
        return []

    def _spoken_of(self, s: Sentence, k: int) -> list[Argument]:
        """Return the firm that the article speaks of, for "the stock", "the shares"."""
        unit = s.units[k]
        if len(self.firms) == 1:
            (only,) = self.firms.values()
            note = f"coreference: {unit.text} = {only.text}, the only firm named"
            return [Argument("firm", FIRM, unit.text, unit.start, unit.end, only.name, inferred=True, derivation=note)]
        found = self.coreference.firm_spoken_of(s, k)
        if found is None:
            return []
        return [
            Argument("firm", FIRM, unit.text, unit.start, unit.end, found.name, inferred=True, derivation=found.via)
        ]

    def _line(self, s: Sentence, low: int, first: int) -> list[Argument]:
        """Read "the Hong Kong line gained 2 percent": the listing there of the firm spoken of."""
        if first >= 3 and s.units[first - 1].low in {"line", "listing"} and s.units[first - 2].reading(PLACES):
            return self._spoken_of(s, first - 1)
        return []

    def _other_head(self, s: Sentence, head: int, first: int) -> bool:
        """Return whether another noun behind the firm is what moves: "Lynas output rose 5 percent"."""
        between = s.units[head + 1 : first]
        words = [u for u in between if u.is_word and u.kind != "Ticker"]
        return bool(words) and between[0].text not in {",", "(", "—", "–"} and between[0].kind != "Ticker"

    # ---- nouns

    def _noun(self, s: Sentence, i: int, used: set[int]) -> Move | None:
        """Read "a 5 percent gain in Example shares" and "Example's 12 percent jump"."""
        unit = s.units[i]
        tag = next((t for t in unit.tags if not t.form and t.cls.startswith("move.")), None)
        if tag is None or unit.kind:
            return None
        percent = next((u for u in s.units[max(0, i - 2) : i] if _is_percent(u)), None)
        if percent is None and i + 2 < len(s.units) and s.units[i + 1].low in {"of", "at"} and _is_percent(s.units[i + 2]):
            percent = s.units[i + 2]
        if percent is None or percent.start in used:
            return None
        left, right = self.grammar.clause(s, i)
        behind = s.units[i + 1].low if i + 1 < len(s.units) else ""
        if behind in {"in", "for"}:
            share = next((k for k in range(i + 2, min(i + 8, right)) if self._is_share(s, k)), None)
            firms = self._owners(s, share, i + 2, right) if share is not None else []
        else:
            firms = []
            for j in range(i - 1, max(left, i - 6) - 1, -1):
                if s.units[j].kind == FIRM and self.grammar.possessive(s, j):
                    actor = self.arguments.actor("firm", s, j)
                    firms = [actor] if actor is not None else []
        window = s.units[left:i]
        hedged = any(u.has("possible") or u.has("planned") or u.has("negation") or u.has("unreal") for u in window)
        if len(firms) != 1 or hedged:
            return None
        return Move(i, tag.cls.removeprefix("move."), "move-noun", ((firms[0], percent),), Stance())

    # ---- events

    def _event(self, s: Sentence, move: Move, firm: Argument, percent: Unit | None) -> Event:
        left, right = self.grammar.clause(s, move.at)
        arguments = [firm]
        if percent is not None:
            arguments.append(quantity("percent", percent))
        exchange = self._exchange(s, move.at)
        if exchange is not None:
            arguments.append(exchange)
        arguments += self._price(s, move.at, right) if len(move.movers) == 1 else []
        start, end = s.units[left].start, s.units[right - 1].end
        window = _WINDOW.search(self.text, start, end) or _WINDOW.search(self.text, s.start, s.end)
        if window is not None:
            found = window.group()
            arguments.append(Argument("window", "Text", found, *window.span(), value=found.lower()))
        apart = window.span() if window is not None else (0, 0)
        regions = [(left, right), (0, left), (right, len(s.units))]
        times = [
            t for low, high in regions for t in self.arguments.times(s, low, high, None, move.at)
            if t.role != "until" and not apart[0] <= t.start < apart[1]
        ]  # fmt: skip
        arguments += [replace(t, role="date") for t in times[:1]]
        speech = find_speech(self.grammar, s, move.at)
        speaker = speaker_argument(self.grammar, s, speech, self._named)
        return Event(
            "market_move", move.direction, s.start, s.end, tuple(sorted(set(arguments))), move.stance.polarity,
            move.stance.certainty, speaker if speaker and speaker.kind != "UnnamedSource" else None, f"market-{move.rule}",
        )  # fmt: skip

    @staticmethod
    def _price(s: Sentence, at: int, right: int) -> list[Argument]:
        """Return the price a share moved to or closed at: "rose 2 percent to HK$19.78"."""
        for j in range(max(1, at - 8), min(right, at + 10)):
            unit = s.units[j]
            money = unit.amount is not None and unit.amount.kind == "money"
            if money and s.units[j - 1].low in {"to", "at"} and j - 1 > at - 8:
                amount = unit.amount
                if amount is not None and amount.value and float(amount.value) < 100_000:
                    return [quantity("price", unit)]
        return []

    @staticmethod
    def _exchange(s: Sentence, verb: int) -> Argument | None:
        """Return the exchange nearest to the verb: "its Hong Kong shares", "Shenzhen-listed", "on the Nasdaq"."""
        ahead = verb + 1
        while ahead < min(len(s.units), verb + 12) and not (
            any(t.form for t in s.units[ahead].tags if t.cls.startswith("market")) and s.units[ahead].low not in _ADVERBS
            or s.units[ahead].has("share")
        ):
            ahead += 1
        for i in (*range(verb - 1, -1, -1), *range(verb + 1, ahead)):
            unit = s.units[i]
            behind = s.units[i + 1 : i + 3]
            listed = len(behind) == 2 and behind[0].text == "-" and behind[1].low in {"listed", "traded"}
            shares = bool(behind) and (behind[0].has("share") or behind[0].low in {"line", "listing"})
            opening = i == 1 and s.units[0].low == "in" and bool(behind) and behind[0].low in {"the", "its", ","}
            if unit.kind == "StockExchange" or (unit.reading(PLACES) and not unit.demonym and (listed or shares or opening)):
                return Argument("exchange", unit.kind, unit.text, unit.start, unit.end, unit.name)
            traded = behind[0].low if behind else "."
            if i > verb and s.units[i - 1].low == "in" and (unit.reading({"City"}) or unit.name == "Hong Kong") and (
                traded in {".", ",", "trading", "trade", "on", "at", "while", "after"} or behind[0].kind == "Time"
            ):
                return Argument("exchange", unit.kind, unit.text, unit.start, unit.end, unit.name)
            if _is_percent(unit) and i < verb - 1:
                break
        return None

    def _named(self, s: Sentence, i: int) -> tuple[str, str, str]:
        found = self.coreference.refer(s, i)
        return (found.kind, found.name, found.via) if found else ("", "", "")


def _is_percent(unit: Unit) -> bool:
    return unit.amount is not None and unit.amount.kind == "percent"
