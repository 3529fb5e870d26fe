"""Control measures told by nouns: "China's export controls", "the suspension of the ban", "no ban"."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Final

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.measure_regions import MeasureRegions
from kgbuild.extract.measure_roles import Found, MeasureRoles
from kgbuild.extract.measure_tellings import PRESUPPOSED
from kgbuild.extract.measure_words import rules_exports, scope_exports, spoken_of_in_general, taxes
from kgbuild.extract.stance import Stance, find_speech
from kgbuild.extract.units import FIRM, MATERIALS, Sentence
from kgbuild.model import Argument

_CONTROL: Final = frozenset({"control", "control.short", "control.sanction", "tariff", "tariff.royalty"})
#: Words that join a noun of change to what is changed.
_LINKS: Final = frozenset({"of", "in", "on", "to", "from", "for"})
#: Verbs of saying that make a noun of change a fact: "announced an easing".
_SCOPE: Final = frozenset({"on", "of", "for", "over", "against", "to", "concerning", "imposed"})
_AIMED: Final = frozenset({"aimed", "aiming", "designed", "meant", "intended"})
_TELLING: Final = frozenset({"speech.say", "control.set"})
#: What lets one applicant off a measure that stays, and verbs of those who get it.
_EXCUSED: Final = frozenset({"exemption", "exemptions", "waiver", "waivers"})
_GOT: Final = frozenset("obtained received secured won got obtain receive secure win".split())


class MeasureNouns(MeasureRegions):
    """Finds control nouns and what nouns say of them."""

    def __init__(self, grammar: Grammar, roles: MeasureRoles) -> None:
        super().__init__(grammar)
        self._roles = roles

    def is_control(self, s: Sentence, i: int) -> bool:
        """Return whether unit `i` names a measure: "export ban", "tariffs", "curbs" near exports."""
        unit = s.units[i]
        nominal = {t.cls for t in unit.tags if not t.form}
        if "tariff.short" in nominal and not unit.kind:
            return taxes(s, i)
        if not unit.kind and "rule-word" in nominal:
            return rules_exports(s, i)
        if unit.kind or not nominal & _CONTROL or (i and s.units[i - 1].low == "price"):
            return False
        if nominal & {"control", "tariff", "control.sanction", "tariff.royalty"}:
            return True
        if unit.low in {"control", "cap", "limits"} and i and s.units[i - 1].low in {"took", "take", "under"}:
            return False
        return self._on_exports(s, i)

    def _on_exports(self, s: Sentence, i: int) -> bool:
        """Return whether "curbs" at `i` are on exports or a material: "graphite curbs", "curbs on chips"."""
        for j in range(i - 1, max(-1, i - 5), -1):
            unit = s.units[j]
            if unit.has("word.export") or unit.kind in MATERIALS:
                return True
            if unit.has("word.mining") and s.units[i].low in {"quota", "quotas", "ban", "moratorium", "cap"}:
                return True
            if unit.low in self._grammar.words["controlled_words"] and not unit.kind:
                return True
            if unit.kind or unit.low in self._grammar.words["prepositions"] or unit.low in {"and", ","}:
                break
            if any(t.form in {"past", "third"} for t in unit.tags):
                break
        at = i + 1
        if at + 1 < len(s.units) and s.units[at].low.endswith("ly") and not s.units[at].kind:
            at += 1  # "a ban specifically on exports"
        if at + 1 < len(s.units) and s.units[at].low in _AIMED:
            return scope_exports(s, at + 1) or scope_exports(s, at + 5)  # "controls aimed at curbing exports"
        return at < len(s.units) and s.units[at].low in _SCOPE and scope_exports(s, at + 1)

    def controls(self, s: Sentence, *, about_exports: bool) -> Iterator[int]:
        """Yield the units that name a measure; where exports are the topic, also the "ban" of "no ban"."""
        for i, unit in enumerate(s.units):
            if not unit.tags:
                continue
            bare = about_exports and self.is_short(s, i) and (self._absent(s, i, 0) or self._bare(s, i))
            if bare or self.is_control(s, i):
                yield i

    def is_short(self, s: Sentence, i: int) -> bool:
        """Return whether unit `i` can name a measure told before: "the ban", "the curbs"."""
        unit = s.units[i]
        return not unit.kind and any(not t.form and t.cls in _CONTROL for t in unit.tags)

    # ---- nouns of change

    def changes(self, s: Sentence, taken: AbstractSet[int]) -> list[Found]:
        """Return what nouns of change tell: "the suspension of the export ban", "a 90-day tariff pause"."""
        out = []
        for i, unit in enumerate(s.units):
            if not unit.tags or unit.kind:
                continue
            action = self.change(s, i)
            if action:
                noun = self.changed(s, i)
                if noun is not None and noun not in taken:
                    found = self._found_change(s, i, noun, action)
                    if found is not None:
                        out.append(found)
                    continue
            if unit.has("stop"):
                found = self._stop(s, i)
                if found is not None and found.noun not in taken:
                    out.append(found)
        return out

    def change(self, s: Sentence, i: int) -> str:
        """Return what a noun of change at unit `i` does to a measure ("suspended"), or ""."""
        unit = s.units[i]
        before = s.units[i - 1] if i else None
        tag = next((t for t in unit.tags if not t.form and t.cls.startswith("change.")), None)
        if tag is not None:
            if (before is not None and before.low == "to") or (
                any(t.form for t in unit.tags) and before is None
            ):
                return ""
            return tag.cls.removeprefix("change.")
        gerund = next((t for t in unit.tags if t.form == "ing" and t.cls == "control.set"), None)
        nominal = before is not None and (
            before.low in self._grammar.words["determiners"] or before.text in {"'s", "’s"}
        )
        linked = i + 1 < len(s.units) and s.units[i + 1].low in {"of", "in"}
        return gerund.action if gerund is not None and nominal and linked else ""

    def changed(self, s: Sentence, i: int) -> int | None:
        """Return the control noun that the noun of change at `i` is about."""
        if i and self.is_control(s, i - 1):
            return i - 1  # "tariff pause"
        linked = i + 1 < len(s.units) and s.units[i + 1].low in _LINKS
        if not linked and s.units[i].low != "an end to":
            return None
        for j in range(i + 1, min(i + 10, len(s.units))):
            unit = s.units[j]
            if self.is_control(s, j):
                return j
            finite = any(t.form in {"past", "third"} for t in unit.tags) and not any(
                not t.form for t in unit.tags
            )
            auxiliary = unit.low in self._grammar.words["auxiliaries"] and unit.text not in {"'s", "’s"}
            if unit.text in {",", ";", ".", ":"} or (not unit.kind and (finite or auxiliary)):
                return None
        return None

    def change_of(self, s: Sentence, noun: int) -> int | None:
        """Return the noun of change about a control noun: "suspension" in "the suspension of the ban"."""
        places: list[int] = [*range(noun - 1, max(-1, noun - 10), -1), noun + 1]
        for i in places:
            if i < len(s.units) and s.units[i].tags and self.change(s, i) and self.changed(s, i) == noun:
                return i
        return None

    def _found_change(self, s: Sentence, i: int, noun: int, action: str) -> Found | None:
        left, right = self._grammar.clause(s, i)
        at = min(i, noun)
        certainty = self._certainty(s, at, left)
        if certainty is None or self._for_one(s, i, left):
            return None
        imposers = (
            self._roles.possessor(s, at) or self._roles.possessor(s, noun)
            or self._roles.owner_behind(s, i + 1, noun) or self._roles.agents(s, i, min(right, noun + 11))
            or self._teller(s, left, at)
        )  # fmt: skip
        high = self.reach(s, max(i, noun), right)
        behind = range(max(i, noun) + 2, high)  # "a cut in tariffs and a delay of its controls"
        high = next(
            (j for j in behind if s.units[j].low in {"a", "an"} and s.units[j - 1].low == "and"), high
        )
        undone = self._undone(s, i, noun, right) if action == "imposed" else ""
        action = undone or action
        further = self._prolonged(s, left, at)
        if further is not None and action in {"suspended", "eased"}:
            # "prolonged their tariff pause": what goes on is the pause
            action, imposers = "extended", further or imposers
        return Found(
            f"measure-change-{action}", action, noun, i, tuple(imposers), max(left, at - 3), high, certainty,
            self.own_times(s, noun, right),
        )  # fmt: skip

    def _for_one(self, s: Sentence, i: int, left: int) -> bool:
        """Return whether one applicant gets an exemption: "had been granted a waiver from the ban"."""
        if s.units[i].low not in _EXCUSED or i - 1 <= left or s.units[i - 1].low not in {"a", "an", "its"}:
            return False
        given = self._grammar.tags_at(s, i - 2, "license.give")
        got = s.units[i - 2].has("license.get") or s.units[i - 2].low in _GOT
        return got or any(self._grammar.verb_group(s, i - 2, t).passive for t in given)

    def _undone(self, s: Sentence, i: int, noun: int, right: int) -> str:
        """Return what happens to it in "the implementation of the rules has been postponed"."""
        for j in range(noun + 1, min(right, noun + 9)) if i < noun else ():
            for tag in self._grammar.tags_at(s, j, "control.set"):
                put_off = tag.action in {"suspended", "lifted", "eased"}
                return tag.action if put_off and self._grammar.verb_group(s, j, tag).passive else ""
        return ""

    def _prolonged(self, s: Sentence, left: int, at: int) -> list[Argument] | None:
        """Return who extends what the noun of change at `at` tells; None where nobody does."""
        for j in range(at - 1, max(left, at - 7) - 1, -1):
            for tag in self._grammar.tags_at(s, j, "control.set"):
                if tag.action == "extended":
                    group = self._grammar.verb_group(s, j, tag)
                    return [] if group.passive else self._roles.subjects(s, self._grammar.subject(s, group))
        return None

    def _teller(self, s: Sentence, left: int, at: int) -> list[Argument]:
        """Return the body that announces or orders the change."""
        for j in range(at - 1, left - 1, -1):
            for tag in (
                *self._grammar.tags_at(s, j, "control.set"),
                *self._grammar.tags_at(s, j, "speech.say"),
                *self._grammar.tags_at(s, j, "agree"),
            ):
                group = self._grammar.verb_group(s, j, tag)
                if not group.passive:
                    return self._roles.subjects(s, self._grammar.subject(s, group))
        return []

    def _certainty(self, s: Sentence, at: int, left: int) -> Stance | None:
        """Return how a noun of change is put forward, None when it is only wished for or talked about."""
        left = next((j for j in range(at - 1, left, -1) if s.units[j].low == "that"), left)
        window = s.units[left:at]
        opener = self._grammar.opener(s, at)
        if any(u.has("unreal") or u.has("general") or u.has("doubt") for u in window):
            return None
        polarity = "denied" if sum(u.has("negation") for u in window) % 2 else "affirmed"
        if any(u.has("in-principle") for u in window):
            return Stance(polarity, "in-principle")
        if any(u.has("planned") or u.has("agree") for u in (*window, *s.units[at:][:10])) or any(
            u.has("agree") for u in s.units[:at][-8:]
        ):
            return Stance(polarity, "planned")
        if any(u.has("possible") for u in window) or (opener is not None and opener.has("hypothetical")):
            return Stance(polarity, "possible")
        if polarity == "denied" or self._definite(s, at):
            return Stance(polarity)
        _, right = self._grammar.clause(s, at)
        around = (*window, *s.units[at + 3 : right])
        told = any(t.cls in _TELLING and t.form in {"past", "third"} for u in around for t in u.tags)
        return Stance() if told or (opener is not None and opener.low in {"after", "following"}) else None

    def _definite(self, s: Sentence, at: int) -> bool:
        for j in range(at - 1, max(-1, at - 6), -1):
            unit = s.units[j]
            if unit.low in self._grammar.words["definite"] or unit.text in {"'s", "’s"}:
                return True
            if unit.low in {"a", "an"} or unit.low in self._grammar.words["prepositions"]:
                return False
            if any(t.form in {"past", "third"} for t in unit.tags):
                return False
        return False

    def _stop(self, s: Sentence, i: int) -> Found | None:
        """Read "China's halt of rare earth exports": forbidding told by a noun with its owner."""
        if (
            i + 1 >= len(s.units)
            or s.units[i + 1].low not in {"of", "to", "on", "in"}
            or self.is_control(s, i)
        ):
            return None
        noun = next(
            (
                j
                for j in range(i + 2, min(i + 9, len(s.units)))
                if s.units[j].has("word.export") and s.units[j].low != "export"
            ),
            None,
        )
        left, right = self._grammar.clause(s, i)
        imposers = self._roles.possessor(s, i)
        if noun is None or noun >= right or not imposers:
            return None
        certainty = self._certainty(s, i, left)
        if certainty is None:
            return None
        action = "imposed" if self._prolonged(s, left, i) is None else "extended"
        return Found(
            "measure-stop", action, noun, i, tuple(imposers), i, self.reach(s, noun, right), certainty,
            self.own_times(s, noun, right),
        )  # fmt: skip

    # ---- measures taken for granted or said not to be

    def granted(self, s: Sentence, noun: int) -> Found | None:
        """Return a measure that a possessive takes for granted, as "China's curbs", or one denied."""
        left, right = self._grammar.clause(s, noun)
        if not self.is_control(s, noun) and not self._absent(s, noun, left) and not self._bare(s, noun):
            return None
        absent = self._absent(s, noun, left)
        if spoken_of_in_general(s, noun):
            return None
        near = range(max(0, noun - 4), noun)
        if any(s.units[j].kind == FIRM and self._grammar.possessive(s, j) for j in near):
            return None  # "Example's export controls" are those it must keep
        imposers = self._roles.possessor(s, noun)
        if absent:
            imposers = imposers or self._speaker(s, noun)
        else:
            imposers = imposers or self._roles.agents(s, noun + 1, min(right, noun + 4))
        if not imposers and (absent or not self._specific(s, noun)):
            return None
        window = s.units[max(left, noun - 8) : noun]
        if not absent and any(
            u.has("possible")
            or u.has("planned")
            or u.has("negation")
            or u.has("hypothetical")
            or u.has("unreal")
            for u in window
        ):
            return None
        stance = Stance("denied") if absent else Stance()
        rule = "measure-absent" if absent else "measure-possessive" if imposers else PRESUPPOSED
        if rule == PRESUPPOSED and self._of_the_same(s, noun):
            rule = "measure-same"
        high = min(right, noun + 9)
        when = self._own_when(s, noun)
        low, high = max(left, noun - 6), self.reach(s, noun, high)
        return Found(rule, "imposed", noun, noun, tuple(imposers), low, high, stance, when=when)

    def _bare(self, s: Sentence, i: int) -> bool:
        """Return whether "curbs" is owned by a government and not on anything: "Beijing's curbs"."""
        if s.units[i].low not in {"controls", "curbs", "restrictions"} or not self._roles.possessor(s, i):
            return False
        following = s.units[i + 1] if i + 1 < len(s.units) else None
        dated = i + 2 < len(s.units) and s.units[i + 2].kind == "Time"
        return following is None or following.low not in self._grammar.words["prepositions"] or dated

    def dated(self, s: Sentence, noun: int) -> Argument | None:
        """Return the time of "controls of 9 October", None where the noun has none of its own."""
        if noun + 2 >= len(s.units) or s.units[noun + 1].low != "of":
            return None
        unit = s.units[noun + 2]
        if unit.kind != "Time" or unit.date is None:
            return None
        return Argument(
            "date", "Time", unit.text, unit.start, unit.end, value=unit.date.edtf, derivation=unit.date.rule
        )

    @staticmethod
    def _own_when(s: Sentence, noun: int) -> tuple[int, int]:
        """Return the units of a noun's own time: "controls of April 2025", "curbs on X, announced in May"."""
        for j in range(noun + 1, min(noun + 12, len(s.units))):
            unit = s.units[j]
            if unit.kind == "Time":
                before = s.units[j - 1]
                by_verb = any(
                    t.form == "participle" and t.cls == "control.set"
                    for u in s.units[j - 3 : j]
                    for t in u.tags
                )
                in_place = any(u.low in {"place", "force", "effect"} for u in s.units[j - 2 : j])
                own = by_verb or in_place or (before.low == "of" and j == noun + 2)
                return (j, j + 1) if own else (noun, noun)
            finite = any(t.form == "past" and not t.cls.startswith("control.set") for t in unit.tags)
            if unit.text in {";", "."} or (finite and not unit.kind):
                break
        return noun, noun

    @staticmethod
    def _of_the_same(s: Sentence, noun: int) -> bool:
        """Return whether the noun is on what was told before: "export duties on the same metals"."""
        return [u.low for u in s.units[noun + 1 : noun + 4]] == ["on", "the", "same"]

    def _specific(self, s: Sentence, noun: int) -> bool:
        """Return whether a noun that nobody owns is a measure of its own: it says on what, or of when."""
        if s.units[noun].has("tariff") or not s.units[noun].has("control"):
            return False
        if self._own_when(s, noun) != (noun, noun):
            return True
        if self._of_the_same(s, noun):
            return True
        low, high = max(0, noun - 3), self.reach(s, noun, min(self.clause_end(s, noun), noun + 7))
        return bool(self._roles.items(s, low, high))

    @staticmethod
    def _absent(s: Sentence, noun: int, left: int) -> bool:
        """Return whether the noun stands in "there is no ban"."""
        for j in range(noun - 1, max(left, noun - 4) - 1, -1):
            if s.units[j].low == "no":
                return j >= 2 and s.units[j - 2].low == "there"
        return False

    def _speaker(self, s: Sentence, noun: int) -> list[Argument]:
        """Return the body that says so itself: "Beijing says there is no ban"."""
        speech = find_speech(self._grammar, s, noun)
        heads = [speech.speaker] if speech and speech.speaker is not None else []
        for i in range(noun - 1, -1, -1):
            for tag in self._grammar.tags_at(s, i, "speech.say") if not heads else ():
                heads = self._grammar.subject(s, self._grammar.verb_group(s, i, tag))
        return self._roles.subjects(s, heads)[:1]
