"""Measures told by verbs of their own: exempting, seizing a firm, opening a trade inquiry, delisting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kgbuild.extract.arguments import named
from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.measure_imposers import MeasureImposers
from kgbuild.extract.measure_memory import MeasureMemory
from kgbuild.extract.measure_nouns import MeasureNouns
from kgbuild.extract.measure_roles import Found, MeasureRoles
from kgbuild.extract.measure_stance import measure_stance
from kgbuild.extract.measure_tellings import ACTS_FOR
from kgbuild.extract.stance import Stance, find_speech
from kgbuild.extract.units import FIRM, MATERIALS, PLACES, Sentence
from kgbuild.model import Argument

_POLICY: Final = "PolicyMeasure"
_NEAR: Final = 9  #: units between the parts of one construction
_RULED: Final = frozenset(
    "decreed ruled ordered announced promised pledged vowed said says warned confirmed stressed".split()
)
_HAVING: Final = frozenset({"has", "had", "have"})
_LINKS: Final = frozenset({",", "and", "with", "-"})


class MeasureOrders:
    """Finds what bodies order by verbs that need no noun for a control."""

    def __init__(
        self,
        grammar: Grammar,
        nouns: MeasureNouns,
        roles: MeasureRoles,
        imposers: MeasureImposers,
        memory: MeasureMemory,
    ) -> None:
        self._memory = memory
        self._grammar = grammar
        self._nouns = nouns
        self._roles = roles
        self._imposers = imposers
        self._readers = {
            "measure.exempt": self._exempt,
            "measure.seize": self._seized,
            "measure.probe": self._probe,
            "measure.friends": self._delisted,
            "measure.hand": self._handed,
            "measure.controlled": self._controlled,
        }

    def around(self, s: Sentence) -> Iterator[Found]:
        """Yield what the verbs and nouns of class "measure" tell in `s`."""
        for i, unit in enumerate(s.units):
            if unit.tags and unit.has("measure") and (not unit.kind or unit.kind == "Good"):
                for cls, reader in self._readers.items():
                    if unit.has(cls):
                        yield from reader(s, i)
            elif unit.tags and unit.has("control.list-noun") and "list" in unit.low:
                yield from self._struck(s, i)
            elif unit.kind == "Quantity" and unit.text.endswith(("%", "percent", "per cent")):
                yield from self._levied(s, i)

    # ---- parts

    def verb(self, s: Sentence, low: int, high: int, cls: str) -> VerbGroup | None:
        """Return the verb of a class in units [low, high) that is nearest to `high`."""
        for j in range(high - 1, low - 1, -1):
            if s.units[j].tags:
                for tag in self._grammar.tags_at(s, j, cls):
                    return self._grammar.verb_group(s, j, tag)
        return None

    def bodies(self, s: Sentence, group: VerbGroup, right: int) -> tuple[list[int], list[Argument]]:
        """Return the heads of a verb's subject, and the bodies that act: its subject, or who "by" names."""
        subject = self._imposers.subject(s, group)
        if group.passive:
            return subject, self._roles.agents(s, group.verb + 1, right)
        found = self._roles.subjects(s, subject) or (
            [] if subject else self._roles.subject_beside(s, group.first)
        )
        before = self._memory.just_told(s)
        pointing = group.first > 0 and s.units[group.first - 1].low in {"it", "they"}
        if not found and pointing and before is not None:  # "On Friday it opened an inquiry"
            unit = s.units[group.first - 1]
            note = f"coreference: {unit.text} = who imposed what was told before"
            found = [
                replace(a, text=unit.text, start=unit.start, end=unit.end, inferred=True, derivation=note)
                for a in before.of("imposer")
            ]
        return subject, found

    def saying(self, s: Sentence, at: int) -> list[Argument]:
        """Return the body that says what stands at unit `at`, also one for which a minister speaks."""
        speech = find_speech(self._grammar, s, at)
        found: Argument | None = None
        if speech is not None and speech.speaker is not None and not speech.denies:
            found = self._roles.body(s, speech.speaker)
        found = found or self._ruling(s, at)
        if found is None:
            return []
        behind = found.derivation.partition(f"{ACTS_FOR} ")[2] if found.kind == "PublicBody" else ""
        # a spokesman of a head of government speaks for the government
        return [replace(found, kind="Government", name=behind) if behind else found]

    def told_by(self, s: Sentence, at: int) -> list[Argument]:
        """Return the body that tells what stands at unit `at`: "they had been told by the ministry that"."""
        for j in range(at - 1, max(-1, at - 12), -1):
            if s.units[j].has("directing"):
                return self._roles.agents(s, j + 1, at)
        return []

    def told(self, s: Sentence, at: int) -> bool:
        """Return whether somebody says what stands at unit `at`, known or not."""
        ruled = any(u.low in _RULED for u in s.units[at + 1 :])
        return ruled or find_speech(self._grammar, s, at) is not None

    @staticmethod
    def ruled_when(s: Sentence, at: int) -> tuple[int, int] | None:
        """Return the unit of the time in "..., the ministry decreed on Tuesday"."""
        for j in range(at + 1, len(s.units)):
            if s.units[j].low in _RULED:
                times = [k for k in range(j + 1, min(j + 4, len(s.units))) if s.units[k].kind == "Time"]
                return (times[0], times[0] + 1) if times else None
        return None

    def _ruling(self, s: Sentence, at: int) -> Argument | None:
        """Return who rules behind a comma: "..., the ministry decreed", "..., Minister X has promised"."""
        for j in range(at + 2, len(s.units)):
            low = j - 1 if s.units[j].low not in _HAVING else -1
            if s.units[j].low not in _RULED or low < 0:
                continue
            while low > at and s.units[low].low in _HAVING:
                low -= 1
            comma = next((k for k in range(low, at, -1) if s.units[k].text == ","), None)
            if comma is None or low - comma > 8:
                return None
            return self._roles.body(s, low)
        return None

    # ---- exemptions

    def _exempt(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "exempted graphite from its controls", "X is now exempt from China's export controls"."""
        left, right = self._grammar.clause(s, i)
        behind = range(i + 1, min(right, i + _NEAR + 3))
        noun = next((j for j in behind if self._nouns.is_short(s, j) or self._nouns.is_control(s, j)), None)
        if noun is None or not any(u.low == "from" for u in s.units[i:noun]):
            return
        tag = s.units[i].tag("measure.exempt")
        if tag is None:
            return
        group = self._grammar.verb_group(s, i, tag)
        be = any(u.low in self._grammar.words["be"] for u in s.units[group.first : i])
        subject, imposers = self.bodies(s, group, right)
        stance = measure_stance(self._grammar, s, group, subject, noun)
        if stance.refused:
            return
        turned = be or group.passive
        owners = self._roles.possessor(s, noun) or self.saying(s, i)
        low, high = (left, group.first) if turned else (i, noun)
        certainty = stance.certainty
        if tag.form == "base" and be and not any(u.has("possible") for u in s.units[left:i]):
            certainty = "planned" if any(u.has("planned") for u in s.units[left:i]) else "actual"
        yield Found(
            "measure-exempt", "eased", noun, i, tuple(owners if turned else imposers or owners), low, high,
            Stance(stance.polarity, certainty), group=group, filled=True,
        )  # fmt: skip

    # ---- firms

    def _seized(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "the government took control of the chipmaker", "the junta nationalized X"."""
        _, right = self._grammar.clause(s, i)
        group = self.verb(s, i, i + 1, "measure.seize")
        if group is None:
            return
        hit = s.units[group.first - 4 : group.first] if group.passive else s.units[i + 1 : i + 9]
        project = any(u.low in self._grammar.words["projects"] for u in hit)
        mineral = group.tag.id.startswith("national") and (
            project or any(u.kind in MATERIALS for u in hit[:3])
        )
        if not mineral and not any(u.kind == FIRM for u in hit):
            return
        subject, imposers = self.bodies(s, group, right)
        stance = measure_stance(self._grammar, s, group, subject, i)
        ordered, stance = self._imposers.ordered(s, group, stance)  # "its move to seize control of X"
        imposers = ordered or imposers
        if imposers and not stance.refused:
            yield Found(
                "measure-seizure", "imposed", i, i, tuple(imposers), i, right, stance, group=group,
                kind=_POLICY, filled=True,
            )  # fmt: skip

    def _probe(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "opened an anti-dumping inquiry into X", "an inquiry into X was opened by Brazil"."""
        left, right = self._grammar.clause(s, i)
        group = self.verb(s, max(left, i - _NEAR), i, "measure.open")
        if group is None or group.passive:
            behind = self.verb(s, i + 1, min(right, i + _NEAR + 4), "measure.open")
            group = behind if behind is not None and behind.passive else None
        if group is None:
            return
        subject, imposers = self.bodies(s, group, right)
        imposers = imposers or self._roles.possessor(s, i)
        stance = measure_stance(self._grammar, s, group, subject, i)
        if imposers and not stance.refused:
            yield Found(
                "measure-probe", "imposed", i, group.verb, tuple(imposers), i, right, stance, group=group,
                kind=_POLICY, filled=True,
            )  # fmt: skip

    # ---- lists of friends

    def _delisted(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "struck South Korea from its list of trusted partners", "returned Japan to its white list"."""
        left, right = self._grammar.clause(s, i)
        group = self.verb(s, max(left, i - 2 * _NEAR), i, "measure.delist")
        action = "tightened"
        if group is None:
            group, action = self.verb(s, max(left, i - 2 * _NEAR), i, "measure.relist"), "eased"
        if group is None:
            return
        hit = s.units[left : group.first] if group.passive else s.units[group.verb + 1 : i]
        places = [u for u in hit if u.kind in PLACES and not u.demonym]
        link = {u.low for u in s.units[group.verb + 1 : i]}
        fits = bool(link & ({"from", "off", "of"} if action == "tightened" else {"to", "on", "onto"}))
        if not places or not fits:
            return
        subject, imposers = self.bodies(s, group, right)
        imposers = imposers or self._roles.possessor(s, i)
        stance = measure_stance(self._grammar, s, group, subject, i)
        if stance.refused or not imposers:
            return
        yield Found(
            "measure-delisted", action, i, group.verb, tuple(imposers), i, i, stance, group=group,
            filled=True, targets=tuple(named("target", u) for u in places[-1:]),
        )  # fmt: skip

    def _struck(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "removed 27 firms from its unverified list", "X was taken off the Entity List"."""
        left, right = self._grammar.clause(s, i)
        group = self.verb(s, max(left, i - 2 * _NEAR), i, "measure.delist")
        if group is None or not any(u.low in {"from", "off"} for u in s.units[group.verb + 1 : i]):
            return
        hit = s.units[left : group.first] if group.passive else s.units[group.verb + 1 : i]
        if not any(u.kind == FIRM or u.has("role") for u in hit):
            return
        subject, imposers = self.bodies(s, group, right)
        imposers = imposers or self._roles.possessor(s, i)
        stance = measure_stance(self._grammar, s, group, subject, i)
        if imposers and not stance.refused:
            yield Found(
                "measure-struck",
                "lifted",
                i,
                group.verb,
                tuple(imposers),
                i,
                i,
                stance,
                group=group,
                filled=True,
            )

    # ---- quotas

    def _handed(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "handed out the second batch of this year's quota", "allocated export quotas"."""
        group = self.verb(s, i, i + 1, "measure.hand")
        if group is None:
            return
        left, right = self._grammar.clause(s, i)
        near = (
            range(i + 1, min(right, i + _NEAR)) if not group.passive else range(group.first - 1, left - 1, -1)
        )
        noun = next((j for j in near if _quota(s, j)), None)
        between = s.units[min(i, noun or i) + 1 : max(i, noun or i)]
        others = any(u.has("license") or u.kind == FIRM or u.low in {"to", "under"} for u in between)
        if noun is None or others:  # "assigned Example a quota" licenses one firm
            return
        subject, imposers = self.bodies(s, group, right)
        imposers = imposers or self._roles.possessor(s, noun)
        stance = measure_stance(self._grammar, s, group, subject, noun)
        if imposers and not stance.refused:
            yield Found(
                "measure-quota", "imposed", noun, i, tuple(imposers), min(i, noun), right, stance,
                group=group, filled=True,
            )  # fmt: skip

    # ---- what has been controlled for some time

    def _controlled(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "gallium and germanium, controlled since August 2023, graphite from December"."""
        time = self._time_behind(s, i)
        items = self._run(s, i - 1)
        if time is None or not items:
            return
        right = time
        yield self._since(i, time, items)
        for j in range(right + 1, len(s.units) - 1):
            unit = s.units[j]
            if unit.kind in MATERIALS:
                time = self._time_behind(s, j)
                if time is not None:
                    yield self._since(j, time, self._run(s, j))
            elif unit.text in {";", "."} or any(t.form in {"past", "third"} for t in unit.tags):
                return

    @staticmethod
    def _time_behind(s: Sentence, i: int) -> int | None:
        for j in range(i + 1, min(i + 5, len(s.units))):
            if s.units[j].kind == "Time":
                return j
            placed = s.units[j].kind in PLACES and s.units[j - 1].low in {"from", "in"}
            if s.units[j].low not in {"since", "from", "in", "as of", ","} and not placed:
                return None
        return None

    @staticmethod
    def _run(s: Sentence, i: int) -> list[Argument]:
        """Return the materials joined as a list that ends at unit `i`."""
        out: list[Argument] = []
        be = {"been", "are", "is", "were", "was", "have", "has"}
        while i >= 0:
            unit = s.units[i]
            if unit.kind in MATERIALS:
                out.append(named("item", unit))
            elif not (unit.low in _LINKS or unit.low in {"both", "all"}):
                # "gallium sales to America, banned since December"
                traded = (
                    unit.has("word.export") or unit.low in {"to", "of", "from", "the"} or unit.kind in PLACES
                )
                if out or not (unit.low in be or traded):
                    break
            i -= 1
        return out

    @staticmethod
    def _since(noun: int, time: int, items: list[Argument]) -> Found:
        return Found(
            "measure-controlled", "imposed", noun, noun, (), noun, noun, Stance(), when=(time, time + 1),
            since=True, items=tuple(items), filled=True,
        )  # fmt: skip

    # ---- tariffs without a noun

    def _levied(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "will levy 15 per cent on American coal", "slapped 34 percent on all Chinese goods"."""
        left, right = self._grammar.clause(s, i)
        group = self.verb(s, max(left, i - 4), i, "measure.levy")
        behind = s.units[i + 1 : i + 6]
        on = bool(behind) and behind[0].low == "on"
        if group is None or group.passive or not on or not any(u.kind in PLACES | MATERIALS for u in behind):
            return
        subject, imposers = self.bodies(s, group, right)
        stance = measure_stance(self._grammar, s, group, subject, i)
        if imposers and not stance.refused:
            yield Found(
                "measure-levy", "imposed", i, group.verb, tuple(imposers), i, right, stance, group=group,
                kind="TariffMeasure", filled=True,
            )  # fmt: skip


def _quota(s: Sentence, i: int) -> bool:
    unit = s.units[i]
    return not unit.kind and (unit.has("quota") or unit.low.endswith(("quota", "quotas")))
