"""Nouns and states of disruption: production halts, shortages, stocks that dwindle, plants that stay shut."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kgbuild.extract.disruption_roles import DisruptionRoles, Trouble
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.phrase_words import Found, Readings
from kgbuild.extract.units import FIRM, Sentence

#: Verbs whose subject is a cause, whatever it is.
_PLAIN: Final = frozenset({"cause", "trigger", "lead-to", "result-in"})
_STOPS: Final = frozenset({",", ";", ".", ":", "—", "–"})


class TroubleNouns:
    """Reads nouns for troubles with the verb that makes them real."""

    def __init__(self, grammar: Grammar, roles: DisruptionRoles) -> None:
        self.grammar = grammar
        self.roles = roles

    def find(self, s: Sentence, words: Readings) -> Iterator[Trouble]:
        """Yield the disruptions that nouns and states of `s` tell."""
        for noun in words.of("trouble"):
            if self._longest(words, noun):
                yield from self._governed(s, noun, words)
                yield from self._lasting(s, noun, words)
        for found in words.of("dwindle"):
            yield from self._dwindled(s, found, words)
        for found in words.of("short-of"):
            yield from self._short(s, found)
        for found in words.of("strained"):
            yield from self._strained(s, found, words)
        for found in words.of("become"):
            yield from self._slower(s, found, words)
        for found in words.of("care"):
            yield from self._mothballed(s, found, words)
        for found in words.of("stay"):
            yield from self._shut(s, found, words)

    @staticmethod
    def _longest(words: Readings, noun: Found) -> bool:
        return not any(
            f is not noun
            and f.first <= noun.first
            and f.last >= noun.last
            and (f.last - f.first) > (noun.last - noun.first)
            for f in words.of("trouble")
        )

    # ---- nouns with a verb

    def _governed(self, s: Sentence, noun: Found, words: Readings) -> Iterator[Trouble]:
        """Read "experienced production halts", "have forced halts", "were hit by a shortage of magnets"."""
        verb = self._governor(s, noun, words)
        if verb is None or self._other_head(s, noun):
            return
        left, _ = self.grammar.clause(s, verb.first)
        end = self._end(s, noun.last)
        action, what = noun.tag.cls.split(".")[1], (noun.first, noun.last)
        if verb.has("undergo.by"):
            whose = self._firms_before(s, left, verb.first)
            yield Trouble(action, noun.first, what, left, end, "hit-by", None, whose)
            return
        group = self.grammar.verb_group(s, verb.first, verb.tag)
        if group.passive:
            return
        if verb.has("bring"):
            cause = self._bringer(s, noun, verb, left, group.first, words)
            if cause is not None:
                whose = tuple(
                    k
                    for k in range(noun.last, min(end, noun.last + 7))
                    if s.units[k].kind == FIRM and s.units[k - 1].low in {"at", "for"}
                )
                low = verb.last + 1
                yield Trouble(action, noun.first, what, low, end, "brought", group, whose, cause)
            return
        whose = self.roles.subject(s, group)
        if whose or verb.tag.id not in {"report", "see", "face"}:
            yield Trouble(action, noun.first, what, left, end, "undergone", group, whose)

    def _governor(self, s: Sentence, noun: Found, words: Readings) -> Found | None:
        """Return the verb in front of a noun that says the trouble is there."""
        closed = self.grammar.words["prepositions"] | self.grammar.words["clause_openers"]
        for j in range(noun.first - 1, max(-1, noun.first - 8), -1):
            verb = words.ending(j, "undergo") or words.ending(j, "bring")
            before = s.units[verb.first - 1] if verb is not None and verb.first else None
            modal = before is not None and (before.low == "to" or before.has("possible"))
            if verb is not None and (verb.tag.form != "base" or not modal):
                return verb
            unit = s.units[j]
            if unit.text in _STOPS or (unit.low in closed and not unit.kind) or unit.low in {"any", "no"}:
                return None
        return None

    def _bringer(
        self, s: Sentence, noun: Found, verb: Found, left: int, first: int, words: Readings
    ) -> tuple[int, int] | None:
        """Return what brought a trouble about: the subject of "caused", "led to"."""
        cause = self._subject_span(s, left, first)
        forced = verb.tag.id == "force"
        if cause is None or (forced and not (noun.has("trouble.halt") or noun.has("trouble.closure"))):
            return None
        plain = verb.tag.id in _PLAIN and not noun.has("trouble.strain")
        restricted = words.between(cause[0], cause[1] + 1, "restriction") or self._restricts(s, cause)
        return cause if plain or restricted else None

    @staticmethod
    def _other_head(s: Sentence, noun: Found) -> bool:
        """Return whether the noun only describes another: "shortage fears", "halt order"."""
        behind = s.units[noun.last + 1] if noun.last + 1 < len(s.units) else None
        return behind is not None and behind.low in {
            "fears",
            "risk",
            "risks",
            "order",
            "concerns",
            "warning",
            "threat",
        }

    @staticmethod
    def _restricts(s: Sentence, span: tuple[int, int]) -> bool:
        inner = s.units[span[0] : span[1] + 1]
        return any(u.has("control") or u.has("tariff") or u.has("stop") for u in inner) or inner[0].low in {
            "this", "these", "which", "that", "move",
        }  # fmt: skip

    def _firms_before(self, s: Sentence, left: int, first: int) -> tuple[int, ...]:
        return tuple(
            j
            for j in range(left, first)
            if s.units[j].kind == FIRM
            and not self.grammar.possessive(s, j)
            and not self.grammar.governed(s, j, left)
        )

    @staticmethod
    def _subject_span(s: Sentence, left: int, first: int) -> tuple[int, int] | None:
        low = left
        for j in range(first - 1, left - 1, -1):
            if s.units[j].text in {";", ":", "“"} or (s.units[j].low == "that" and j + 1 < first):
                low = j + 1
                break
        while low < first and s.units[low].low in {"and", ",", "while", "as", "after", "but"}:
            low += 1
        while low < first and s.units[first - 1].text == ",":
            first -= 1
        return (low, first - 1) if low < first else None

    @staticmethod
    def _end(s: Sentence, last: int) -> int:
        j = last + 1
        while (
            j < len(s.units) and s.units[j].text not in {";", ":"} and s.units[j].low not in {"while", "but"}
        ):
            j += 1
        return j

    def _lasting(self, s: Sentence, noun: Found, words: Readings) -> Iterator[Trouble]:
        """Read "supply pressures persisted after the curbs", "shortages of magnets have spread"."""
        for verb in words.between(noun.last + 1, min(noun.last + 9, len(s.units)), "last"):
            if verb.tag.form == "base" and not s.units[noun.last].low.endswith("s"):
                continue
            between = s.units[noun.last + 1 : verb.first]
            if any(u.text in _STOPS for u in between) or any(
                t.form for u in between if not u.kind for t in u.tags if t.form == "past"
            ):
                return
            group = self.grammar.verb_group(s, verb.first, verb.tag)
            left, _ = self.grammar.clause(s, noun.first)
            if group.first <= noun.last or self.grammar.governed(s, noun.first, left):
                return
            action = noun.tag.cls.split(".")[1]
            yield Trouble(action, noun.first, (noun.first, verb.last), left, len(s.units), "lasting", group)
            return

    # ---- stocks

    def _dwindled(self, s: Sentence, found: Found, words: Readings) -> Iterator[Trouble]:
        """Read "watched their buffer stocks dwindle to weeks", "inventories are running low"."""
        stocks = list(words.between(max(0, found.first - 10), found.first, "stock"))
        if not stocks:
            return
        noun = stocks[0]
        between = s.units[noun.last + 1 : found.first]
        low_supply = found.tag.id in {"dwindle", "shrink-stock", "deplete"}
        behind = s.units[found.last + 1 : found.last + 7]
        scarce = any(u.low in {"weeks", "days"} or u.kind == "Duration" for u in behind) or not low_supply
        if any(u.text in {";", ":"} for u in between) or not (
            scarce or found.tag.id in {"dwindle", "deplete"}
        ):
            return
        if any(
            u.has("possible") or u.has("planned") or u.has("hypothetical") for u in s.units[: found.first]
        ):
            return
        left = 0
        yield Trouble(
            "shortage",
            found.first,
            (noun.first, found.last),
            left,
            found.last + 1,
            "dwindled",
            None,
            self._firms_before(s, left, noun.first),
        )

    def _short(self, s: Sentence, found: Found) -> Iterator[Trouble]:
        if found.tag.form == "base":
            return
        group = self.grammar.verb_group(s, found.first, found.tag)
        whose = self.roles.subject(s, group)
        yield Trouble(
            "shortage",
            found.first,
            (found.first, found.last),
            found.first,
            self._end(s, found.last),
            "short-of",
            group,
            whose,
        )

    # ---- states

    def _strained(self, s: Sentence, found: Found, words: Readings) -> Iterator[Trouble]:
        """Read "strained global supply chains" as: they are strained."""
        for j in range(found.last + 1, min(found.last + 4, len(s.units))):
            noun = words.at(j, "object.chain")
            if noun is not None and "supply" in s.units[noun.first].low:
                before = s.units[found.first - 1] if found.first else None
                verbal = before is not None and (
                    self.grammar.is_auxiliary(before) or before.low in {"that", "which"}
                )
                subject = before is not None and (before.kind or before.has("control"))
                if not verbal and not subject:
                    yield Trouble(
                        "strain",
                        found.first,
                        (found.first, noun.last),
                        noun.first,
                        self._end(s, noun.last),
                        "strained",
                    )
                return
            if s.units[j].text in _STOPS:
                return

    def _slower(self, s: Sentence, found: Found, words: Readings) -> Iterator[Trouble]:
        """Read "the process for exporting X has become lengthier"."""
        slow = next((a for j in range(found.last + 1, found.last + 4) if (a := words.at(j, "slow"))), None)
        left, _ = self.grammar.clause(s, found.first)
        nouns = words.between(left, found.first, "process")
        if slow is None or not nouns or found.tag.form == "base":
            return
        group = self.grammar.verb_group(s, found.first, found.tag)
        if found.first > nouns[0].last:
            yield Trouble(
                "delay",
                found.first,
                (nouns[0].first, slow.last),
                left,
                self._end(s, slow.last),
                "slower",
                group,
            )

    def _mothballed(self, s: Sentence, found: Found, words: Readings) -> Iterator[Trouble]:
        """Read "put its nickel mine on care and maintenance"."""
        left, _ = self.grammar.clause(s, found.first)
        for verb in words.between(left, found.first, "put"):
            sites = words.between(verb.last + 1, found.first, "object.site")
            group = self.grammar.verb_group(s, verb.first, verb.tag)
            if sites and not group.passive:
                whose = self.roles.subject(s, group)
                yield Trouble(
                    "closure",
                    verb.first,
                    (verb.first, found.last),
                    verb.first,
                    found.last + 1,
                    "mothballed",
                    group,
                    whose,
                )
                return

    def _shut(self, s: Sentence, found: Found, words: Readings) -> Iterator[Trouble]:
        """Read "the pit will stay shut", "the smelter has been idle since May"."""
        state = words.at(found.last + 1, "state")
        if state is None:
            return
        left, _ = self.grammar.clause(s, found.first)
        sites = [
            n for n in words.between(left, found.first, "object.site")
            if not self.grammar.governed(s, n.first, left) and not words.at(n.last + 1, "no-head")
        ]  # fmt: skip
        behind = s.units[state.last + 1] if state.last + 1 < len(s.units) else None
        if behind is not None and behind.low == "down":
            return  # "have been shut down": a verb
        verbal = (
            behind is not None
            and behind.low in {"by", "to", "on"}
            and s.units[state.first].low in {"down", "closed"}
        )
        if (
            not sites
            or verbal
            or (s.units[state.first].low == "down" and behind is not None and behind.amount)
        ):
            return
        planned = any(u.has("possible") for u in s.units[left : found.first])
        if planned:
            return
        sites[-1]
        whose = self.roles.owners(s, left, found.first)
        yield Trouble(
            "closure",
            state.first,
            (found.first, state.last),
            left,
            self._end(s, state.last),
            "state",
            None,
            whose,
        )
