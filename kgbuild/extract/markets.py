"""Share moves: whose shares rose or fell, by how much, to what price, where and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from kgbuild.extract.arguments import Arguments, quantity
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar, VerbGroup, positions
from kgbuild.extract.market_moves import Move, is_percent
from kgbuild.extract.market_nouns import MarketNouns
from kgbuild.extract.share_owners import ADVERBS, ShareOwners
from kgbuild.extract.stance import Stance, find_speech, stance_of
from kgbuild.extract.units import FIRM, PLACES, Sentence, Unit
from kgbuild.model import Argument, Event, Rejection

#: Parts of a trading day and longer spans that a percentage can be over.
_WINDOW: Final = re.compile(
    r"\b(?:(?:first|opening) (?:hour|minutes)"
    r"|(?:early|morning|late|afternoon|midday|extended|after-hours|pre-?market) (?:trading|trade|deals)"
    r"|pre-?market|after-hours|intraday|by midday|by mid-morning"
    r"|(?:over|in|during) (?:the )?(?:past|last|previous) (?:\w+ )?(?:days|weeks?|months?|years?)"
    r"|over \w+ (?:days|weeks|months|years)|(?:so far )?this (?:year|month|week)|year[- ]to[- ]date"
    r"|since (?:the (?:start|beginning) of the (?:year|month)|its (?:listing|debut|offering))"
    r"|(?:for|on|in) the (?:week|month|year))\b",
    re.IGNORECASE,
)

#: What stands before a share price.
_AT: Final = frozenset({"to", "at", "touched", "hit", "reached"})
_LIMIT_DOWN: Final = frozenset({"down", "limit-down", "lower", "lower circuit", "lower limit", "downward"})
#: "7 percent above Friday's close".
_LEVELS: Final = frozenset({"above", "below"})
_MARKS: Final = frozenset({"close", "closing", "level", "price"})


class Markets:
    """Finds share moves in the sentences of one article."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference) -> None:
        self.text = text
        self.grammar = grammar
        self.coreference = coreference
        self.arguments = Arguments(grammar, coreference, text)
        self.shares = ShareOwners(grammar, coreference, self.arguments)
        self.nouns = MarketNouns(grammar, self.arguments, self.shares)
        self.rejections: list[Rejection] = []

    def find(self, s: Sentence) -> list[Event]:
        """Return the share moves of `s`, one a firm and verb."""
        self.shares.note(s)
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
        moves += self._entries(s, used)
        moves += self.nouns.find(s, used)
        return [self._event(s, m, firm, percent) for m in moves for firm, percent in m.movers]

    # ---- verbs

    def _verb(self, s: Sentence, group: VerbGroup, used: set[int]) -> Move | None:
        i = group.verb
        if s.units[i].low in _LEVELS and not any(u.low in _MARKS for u in s.units[i + 1 : i + 6]):
            return None
        percents = [p for p in self._percents(s, i) if p.start not in used]
        limit = any(u.has("trading-limit") or _percent_limit(s, i, u) for u in s.units[i + 1 : i + 6])
        left, _ = self.grammar.clause(s, i)
        multiple = group.tag.cls == "market.up.multiple"
        if multiple and not any(self.shares.is_share(s, k) for k in range(left, group.first)):
            return None  # "output doubled"
        if multiple:
            percents = []
        if not (percents or limit or multiple) or (group.tag.cls == "market.limit" and not limit):
            return None
        low = self._after_last(s, left, group.first, used)
        firms = self.shares.movers(s, low, group, percents)
        if not firms:
            return None
        stance = stance_of(self.grammar, s, group, self.grammar.subject(s, group))
        if stance.refused or any(u.has("unreal") for u in s.units[low:i]):
            return None
        present = group.tag.form == "base" and group.first == group.verb and stance.certainty == "possible"
        if present:
            stance = Stance(stance.polarity)  # "The shares lose 5 percent" is no imperative
        if len(percents) > len(firms) == 1 and "and" in {
            u.low for u in s.units[i + 1 :] if u.start < percents[1].start
        }:
            return None  # "A (?) and B rose 3 and 5 percent": whose is which is not clear
        direction = group.tag.action
        if group.tag.cls == "market.limit" and any(u.low in _LIMIT_DOWN for u in s.units[i : i + 7]):
            direction = "down"
        pairs = zip(firms, self._shared_out(percents, len(firms)), strict=True)
        return Move(i, direction, group.tag.id, tuple(pairs), stance)

    @staticmethod
    def _after_last(s: Sentence, left: int, first: int, used: set[int]) -> int:
        """Return where the words on this verb start: behind the last percentage told, if a firm follows."""
        for j in range(first - 1, left - 1, -1):
            if s.units[j].start in used:
                # also a name that nobody knows: "Example's shares rose 3 percent and Sample gained 2 percent"
                named = any(
                    u.kind == FIRM or u.has("share") or (u.text[:1].isupper() and not u.kind and not u.tags)
                    for u in s.units[j + 1 : first]
                )
                return j + 1 if named else left
        return left

    @staticmethod
    def _shared_out(percents: Sequence[Unit], firms: int) -> list[Unit | None]:
        """Return one percentage a firm: of "A and B rose 3% and 5%" its own, one number for all otherwise."""
        if len(percents) == firms:
            return list(percents)
        return [percents[0] if percents else None] * firms

    def _percents(self, s: Sentence, i: int) -> list[Unit]:
        """Return the percentages that a verb or "up" at `i` tells."""
        if s.units[i].low in ADVERBS and i and is_percent(s.units[i - 1]):
            return [s.units[i - 1]]  # "closed 9.2 percent higher"
        reach = 5 if s.units[i].low in ADVERBS else 8
        out: list[Unit] = []
        for j in range(i + 1, min(len(s.units), i + reach)):
            unit = s.units[j]
            if is_percent(unit):
                bare = self._bare_numbers(s, j)
                out.append(unit)
                if bare:
                    return [*bare, unit]
                for k in range(j + 1, min(j + 5, len(s.units))):
                    if is_percent(s.units[k]):
                        out.append(s.units[k])
                    elif s.units[k].low not in {",", "and"}:
                        break
                return out
            if unit.text == ";" or unit.has("share") or unit.kind == FIRM:
                return out
            if any(t.form and t.cls.startswith("market") for t in unit.tags) and unit.low not in ADVERBS:
                return out
        return out

    @staticmethod
    def _bare_numbers(s: Sentence, j: int) -> list[Unit]:
        """Return the numbers of "3 and 5 percent" that stand before the last one, as percentages."""
        out: list[Unit] = []
        k = j - 1
        while (
            k >= 1 and s.units[k].low in {"and", ","} and re.fullmatch(r"\d+(?:\.\d+)?", s.units[k - 1].text)
        ):
            number, amount = s.units[k - 1], s.units[j].amount
            if amount is None:
                break
            given = replace(amount, start=number.start, end=number.end, text=number.text, value=number.text)
            out.insert(
                0,
                Unit(
                    number.start, number.end, number.text, number.low, "Quantity", number.text, amount=given
                ),
            )
            k -= 2
        return out

    def _ellipsis(self, s: Sentence, move: Move, used: set[int]) -> list[Move]:
        """Return what follows without a verb: "A rose 3 percent and B 5 percent"."""
        last = move.movers[-1][1]
        if last is None:
            return []
        at = next((j for j, u in enumerate(s.units) if u.start == last.start), None)
        out = []
        for j in range(at + 2, len(s.units) - 1) if at is not None else ():
            if s.units[j].text == ";" or any(t.form and t.cls.startswith("market.") for t in s.units[j].tags):
                break
            at_name = j - 2 if s.units[j - 1].low == "of" and s.units[j - 2].low == "those" else j
            joined = s.units[at_name - 1].low in {"and", ",", "while"}
            if not joined or s.units[j].kind != FIRM or not is_percent(s.units[j + 1]):
                continue
            firm = self.arguments.actor("firm", s, j)
            if firm is not None and s.units[j + 1].start not in used:
                used.add(s.units[j + 1].start)
                out.append(replace(move, movers=((firm, s.units[j + 1]),)))
        return out

    def _entries(self, s: Sentence, used: set[int]) -> list[Move]:
        """Read the entries of a list: "Example (600980.SH): daily limit", "Example: up 2.8%"."""
        out = []
        for i in range(1, len(s.units) - 1):
            if s.units[i].text != ":" and not (i == 1 and s.kind == "item" and s.units[i].kind == "Ticker"):
                continue
            before = s.units[i - 1]
            h = i - 2 if i >= 2 and (before.kind == "Ticker" or before.low == "itself") else i - 1
            tag = next((t for t in s.units[i + 1].tags if s.units[i + 1].low in ADVERBS and t.form), None)
            percent = s.units[i + 2] if i + 2 < len(s.units) and is_percent(s.units[i + 2]) else None
            limit = s.units[i + 1].has("trading-limit")
            if s.units[h].kind != FIRM or not (limit or (tag is not None and percent is not None)):
                continue
            firm = self.arguments.actor("firm", s, h)
            if firm is not None and (percent is None or percent.start not in used):
                used.update({percent.start} if percent is not None else ())
                direction = "up" if limit or tag is None else tag.action
                out.append(Move(i, direction, "entry", ((firm, None if limit else percent),), Stance()))
        return out

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
        apart = window.span() if window is not None else (0, 0)
        if window is not None and self._of_another(s, move, window.start()):
            window = None
        if window is not None:
            found = window.group()
            arguments.append(Argument("window", "Text", found, *window.span(), value=found.lower()))
        regions = [(left, right), (0, left), (right, len(s.units))]
        times = [
            t for low, high in regions for t in self.arguments.times(s, low, high, None, move.at)
            if t.role != "until" and not apart[0] <= t.start < apart[1]
            and not self._aside(s, move.at, t.start)
        ]  # fmt: skip
        arguments += [replace(t, role="date") for t in times[:1]]
        speech = find_speech(self.grammar, s, move.at)
        moving = speech is not None and s.units[speech.verb].has("market")  # "Example added 2 percent"
        speaker = None if moving else self.arguments.speaker(s, speech)
        return Event(
            "market_move",
            move.direction,
            s.start,
            s.end,
            tuple(sorted(set(arguments))),
            move.stance.polarity,
            move.stance.certainty,
            speaker,
            f"market-{move.rule}",
        )

    @staticmethod
    def _of_another(s: Sentence, move: Move, start: int) -> bool:
        """Return whether another firm's move stands between a move and a span of time."""
        here = s.units[move.at].start
        own = {p.start for _, p in move.movers if p is not None}
        between = [u for u in s.units if min(here, start) < u.start < max(here, start)]
        return any(is_percent(u) and u.start not in own for u in between)

    @staticmethod
    def _aside(s: Sentence, at: int, start: int) -> bool:
        """Return whether a time belongs to a relative clause that the verb at `at` is not in."""
        if start < s.units[at].start:
            before = [u for u in s.units[:at] if u.start < start]
            if any(u.text == ";" for u in s.units[:at] if u.start > start):
                return True
            closed = any(u.text == "," for u in s.units[:at] if u.start > start)
            return closed and any(u.low in {"which", "who", "whose"} for u in before)
        between = [u for u in s.units[at + 1 :] if u.start < start]
        # "rose 3 percent after losing 5 on Friday"
        counter = any(u.low in {"after", "before"} for u in between)
        if any(u.text == ";" for u in between) or (counter and sum(is_percent(u) for u in between) > 1):
            return True
        relative = any(u.low in {"which", "who", "whose"} for u in between)
        return relative and not any(u.has("share") for u in between)

    @staticmethod
    def _price(s: Sentence, at: int, right: int) -> list[Argument]:
        """Return the price a share moved to or closed at: "rose 2 percent to HK$19.78"."""
        for j in range(max(1, at - 8), min(right, at + 10)):
            unit = s.units[j]
            amount = unit.amount
            if amount is None or amount.kind != "money" or s.units[j - 1].low not in _AT:
                continue
            if amount.value and float(amount.value) < 100_000:
                return [quantity("price", unit)]
        return []

    @staticmethod
    def _exchange(s: Sentence, verb: int) -> Argument | None:
        """Return the exchange nearest to the verb: "its Hong Kong shares", "on the Nasdaq"."""
        ahead = verb + 1
        while ahead < min(len(s.units), verb + 12) and not (
            (
                any(t.form for t in s.units[ahead].tags if t.cls.startswith("market"))
                and s.units[ahead].low not in ADVERBS
            )
            or s.units[ahead].has("share")
        ):
            ahead += 1
        for i in (*range(verb - 1, -1, -1), *range(verb + 1, ahead)):
            unit = s.units[i]
            if _names_exchange(s, i, verb):
                return Argument("exchange", unit.kind, unit.text, unit.start, unit.end, unit.name)
            if is_percent(unit) and i < verb - 1:
                break
        return None


def _percent_limit(s: Sentence, at: int, unit: Unit) -> bool:
    """Return whether a unit is the limit of "hit its 20 percent limit"."""
    if unit.low not in {"limit", "ceiling", "cap"}:
        return False
    return any(is_percent(u) and v is unit for u, v in pairwise(s.units[at:]))


def _names_exchange(s: Sentence, i: int, verb: int) -> bool:
    """Return whether unit `i` is an exchange or the city it is called after: "Shenzhen-listed"."""
    unit = s.units[i]
    if unit.kind == "StockExchange":
        return True
    if not unit.reading(PLACES) or unit.demonym:
        return False
    behind = [u.low for u in s.units[i + 1 : i + 3]] or ["."]
    if behind[0] == "-":
        return behind[-1] in {"listed", "traded"}
    if s.units[min(i + 1, len(s.units) - 1)].has("share") or behind[0] in {"line", "listing"}:
        return True
    city = unit.reading({"City"}) is not None or unit.name == "Hong Kong"
    if not city or not i or s.units[i - 1].low != "in":
        return False
    if i == 1:
        return behind[0] in {"the", "its", ","}
    timed = s.units[min(i + 1, len(s.units) - 1)].kind == "Time"
    return i > verb and (timed or behind[0] in {".", ",", "trading", "trade", "on", "at", "while", "after"})
