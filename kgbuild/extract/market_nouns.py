"""Share moves told by a noun ("a 5 percent gain in Example shares") or a state ("was little changed")."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.grammar import Grammar, VerbGroup, positions
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.market_moves import Move, is_percent
from kgbuild.extract.share_owners import ShareOwners
from kgbuild.extract.stance import Stance, stance_of
from kgbuild.extract.units import FIRM, Sentence, Unit
from kgbuild.model import Argument

_STATE: Final = Tag("market.state", "state", form="past")
#: Words that tell that a move is one of a share, where no share word is there.
_TRADING: Final = frozenset(
    {"intraday", "trading", "session", "close", "bell", "premarket", "pre-market", "after-hours"}
)
_BEHIND_STATE: Final = frozenset(
    {".", ",", ";", "on", "at", "after", "while", "as", "and", "by", "before", "but"}
)


class MarketNouns:
    """Finds share moves that no verb of rising or falling tells."""

    def __init__(self, grammar: Grammar, arguments: Arguments, shares: ShareOwners) -> None:
        self.grammar = grammar
        self.arguments = arguments
        self.shares = shares

    def find(self, s: Sentence, used: set[int]) -> list[Move]:
        """Return the moves; percentages in `used` are told already, those told here are added."""
        moves = []
        for i in positions(s, "move"):
            moves.append(self._noun(s, i, used))
        for i, unit in enumerate(s.units):
            if unit.low in self.grammar.words["shaved"] and not unit.kind:
                moves.append(self._shaved(s, i, used))
            elif unit.has("market-flat") and not unit.kind:
                moves.append(self._state(s, i, "unchanged", used))
            elif unit.has("trading-limit") and not unit.kind:
                moves.append(self._at_limit(s, i, used))
            elif is_percent(unit) and unit.start not in used:
                moves.append(self._bracketed(s, i, used))
        return [m for m in moves if m is not None]

    # ---- nouns

    def _noun(self, s: Sentence, i: int, used: set[int]) -> Move | None:
        """Read "a 5 percent gain in Example shares" and "Example's 12 percent jump"."""
        unit = s.units[i]
        tag = next((t for t in unit.tags if not t.form and t.cls.startswith("move.")), None)
        percent = self._percent(s, i) if tag is not None and not unit.kind else None
        if tag is None or percent is None or percent.start in used:
            return None
        left, right = self.grammar.clause(s, i)
        behind = s.units[i + 1].low if i + 1 < len(s.units) else ""
        if behind in {"in", "for"}:
            share = next((k for k in range(i + 2, min(i + 8, right)) if self.shares.is_share(s, k)), None)
            firms = self.shares.owners(s, share, i + 2, right) if share is not None else []
        else:
            firms = self._possessor(s, i, left) or self._beside(s, i, left, tag)
        window = s.units[left:i]
        hedged = any(
            u.has("possible") or u.has("planned") or u.has("negation") or u.has("unreal") for u in window
        )
        if len(firms) != 1 or hedged:
            return None
        used.add(percent.start)
        return Move(i, tag.cls.removeprefix("move."), "move-noun", ((firms[0], percent),), Stance())

    @staticmethod
    def _percent(s: Sentence, i: int) -> Unit | None:
        before = next((u for u in reversed(s.units[max(0, i - 3) : i]) if is_percent(u)), None)
        if before is not None:
            return before
        behind = s.units[i + 1 : i + 3]
        if len(behind) == 2 and behind[0].low in {"of", "at"} and is_percent(behind[1]):
            return behind[1]
        return None

    def _possessor(self, s: Sentence, i: int, left: int) -> list[Argument]:
        for j in range(i - 1, max(left, i - 6) - 1, -1):
            if s.units[j].kind == FIRM and self.grammar.possessive(s, j):
                actor = self.arguments.actor("firm", s, j)
                return [actor] if actor is not None else []
        return []

    def _beside(self, s: Sentence, i: int, left: int, tag: Tag) -> list[Argument]:
        """Return whose move it is: "X fell to $104, a decline of 7 percent", "X saw a 5 percent jump"."""
        for j in range(i - 1, -1, -1):
            unit = s.units[j]
            if unit.text == ";":
                return []
            if unit.kind:
                continue
            same = next(
                (
                    t
                    for t in self.grammar.tags_at(s, j, "market")
                    if t.action == tag.cls.removeprefix("move.")
                ),
                None,
            )
            if same is not None and self._explains(s, j, i):
                low, _ = self.grammar.clause(s, j)
                return self.shares.movers(s, low, self.grammar.verb_group(s, j, same), [])
            if unit.low in self.grammar.words["saw"] and i - j <= 6:
                traded = any(u.has("share") or u.low in _TRADING for u in s.units)
                return (
                    self.shares.movers(s, left, VerbGroup(j, j, _STATE, False, False), []) if traded else []
                )
        return []

    @staticmethod
    def _explains(s: Sentence, j: int, i: int) -> bool:
        """Return whether ", a decline of" at `i` tells the move of the verb at `j` again."""
        comma = next((k for k in range(i - 1, j, -1) if s.units[k].text == ","), None)
        if comma is None or any(
            u.kind == FIRM or u.low in {"and", "while", "but"} for u in s.units[j + 1 : i]
        ):
            return False
        return s.units[comma + 1].low in {"a", "an", "its", "their"} and i - comma <= 6

    def _shaved(self, s: Sentence, i: int, used: set[int]) -> Move | None:
        """Read "the news knocked 6 percent off Example's shares"."""
        percent = next((u for u in s.units[i + 1 : i + 5] if is_percent(u)), None)
        _, right = self.grammar.clause(s, i)
        off = next((j for j in range(i + 2, min(i + 7, right)) if s.units[j].low in {"off", "from"}), None)
        if percent is None or off is None or percent.start in used:
            return None
        share = next((k for k in range(off + 1, min(off + 8, right)) if self.shares.is_share(s, k)), None)
        firms = self.shares.owners(s, share, off + 1, right) if share is not None else []
        stance = stance_of(self.grammar, s, self.grammar.verb_group(s, i, _STATE), [])
        if len(firms) != 1 or stance.refused:
            return None
        used.add(percent.start)
        return Move(i, "down", "shaved", ((firms[0], percent),), stance)

    def _bracketed(self, s: Sentence, i: int, used: set[int]) -> Move | None:
        """Read "Example (-3.2%)" and "Example (+3.2%)"."""
        if i < 2 or i + 1 >= len(s.units) or s.units[i - 1].text != "(" or s.units[i + 1].text != ")":
            return None
        signed = s.units[i].text[:1] in "-−–" or s.units[i].start == s.units[i - 1].end + 1
        if s.units[i - 2].kind != FIRM or not signed:
            return None
        actor, amount = self.arguments.actor("firm", s, i - 2), s.units[i].amount
        if actor is None or amount is None:
            return None
        used.add(s.units[i].start)
        direction = "down" if s.units[i].text[:1] in "-−–" else "up"
        size = replace(s.units[i], amount=replace(amount, value=amount.value.lstrip("-−–")))
        return Move(i, direction, "bracket", ((actor, size),), Stance())

    # ---- states

    def _state(self, s: Sentence, i: int, direction: str, used: set[int]) -> Move | None:
        """Read "Example was little changed", "Example shares closed flat"."""
        traded = self.grammar.words["traded"]
        j = next((k for k in range(i - 1, max(-1, i - 4), -1) if s.units[k].low in traded), None)
        if j is None or any(u.has("negation") or u.has("possible") for u in s.units[j:i]):
            return None
        left, _ = self.grammar.clause(s, j)
        told = [k for k in range(left, j) if s.units[k].start in used]
        if told and any(u.kind == FIRM for u in s.units[told[-1] : j]):
            left = told[-1] + 1  # "A gained 1 percent and B was little changed"
        group = VerbGroup(j, j, _STATE, False, False)
        if s.units[left].low in {"which", "who"} and left > 1 and s.units[left - 2].kind == FIRM:
            # "Example, which had dipped on Tuesday, was little changed"
            actor = self.arguments.actor("firm", s, left - 2)
            firms = [actor] if actor is not None else []
        else:
            firms = self.shares.movers(s, left, group, [])
        shares = any(self.shares.is_share(s, k) for k in range(left, j))
        whole = {u.low for u in s.units[j + 1 : i]} <= {"the", "day", "session", "week"}
        plain = whole and self._ends(s, i + 1)
        if not firms or not (shares or plain):
            return None
        return Move(i, direction, direction, tuple((firm, None) for firm in firms), Stance())

    @staticmethod
    def _ends(s: Sentence, i: int) -> bool:
        """Return whether nothing but a time or place of trading stands behind a state."""
        behind = s.units[i : i + 2]
        if not behind or behind[0].kind == "Time" or behind[0].low in _BEHIND_STATE:
            return True
        return (
            behind[0].low == "in" and len(behind) == 2 and (bool(behind[1].kind) or behind[1].low in _TRADING)
        )

    def _at_limit(self, s: Sentence, i: int, used: set[int]) -> Move | None:
        """Read "Example was limit-up"."""
        if s.units[i].low not in {"limit-up", "limit up", "limit-down", "limit down"}:
            return None
        return self._state(s, i, "down" if "down" in s.units[i].low else "up", used)
