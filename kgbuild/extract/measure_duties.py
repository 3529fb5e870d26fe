"""Licensing duties as control measures: "requires licenses for", "need a license", "nobody may export"."""

from __future__ import annotations

from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.measure_nouns import MeasureNouns
from kgbuild.extract.measure_roles import Found, MeasureRoles
from kgbuild.extract.stance import Stance, find_speech
from kgbuild.extract.units import FIRM, MATERIALS, Sentence, Unit

#: Words for everybody who exports, and words of duty.
_ALL = frozenset({"whoever", "anyone", "anybody", "exporters", "companies", "firms"})
_MUST = frozenset({"must", "have to", "has to", "need to", "needs to", "required to", "obliged to"})
_HEDGES = ("negation", "possible", "hypothetical", "unreal")


class MeasureDuties:
    """Finds duties to hold a license for exporting something."""

    def __init__(self, grammar: Grammar, nouns: MeasureNouns, roles: MeasureRoles) -> None:
        self._grammar = grammar
        self._nouns = nouns
        self._roles = roles

    def find(self, s: Sentence, group: VerbGroup) -> Found | None:
        """Return the duty that a verb of requiring, needing or exporting tells, None where it tells none."""
        if group.tag.cls == "control.unlicensed":
            return self._unlicensed(s, group)
        if group.tag.cls == "control.subject":
            return self._subjected(s, group)
        if group.tag.cls == "control.duty":
            return self._bound(s, group)
        return self._required(s, group)

    def _required(self, s: Sentence, group: VerbGroup) -> Found | None:
        left, right = self._grammar.clause(s, group.verb)
        noun = next(
            (j for j in range(group.verb + 1, min(right, group.verb + 9)) if s.units[j].has("license")), None
        )
        if group.passive or noun is None or s.units[noun].kind:
            return None
        window = s.units[max(left, group.first - 1) : group.verb]
        if any(u.has(cls) for u in window for cls in _HEDGES):
            return None
        stance = Stance(certainty="planned") if any(u.has("planned") for u in window) else Stance()
        imposers = self._roles.subjects(s, self._grammar.subject(s, group))
        low = group.verb
        if group.tag.cls == "control.require" and imposers:
            asked = s.units[group.verb + 1 : right]
            if not any(u.has("role") or u.has("export") or u.has("word.export") for u in asked):
                return None
        elif self._exported(s, left, group.first):
            low, imposers = left, self._roles.agents(s, group.verb + 1, right)
        else:
            return None
        high = self._nouns.reach(s, noun, right)
        return Found(
            f"measure-{group.tag.id}",
            "imposed",
            noun,
            group.verb,
            tuple(imposers),
            low,
            high,
            stance,
            group=group,
        )

    @staticmethod
    def _exported(s: Sentence, low: int, high: int) -> bool:
        """Return whether units [low, high) speak of exports of a material: "exports of gallium"."""
        units = s.units[low:high]
        exports = any(u.has("word.export") and u.low != "export" for u in units)
        return exports and any(u.kind in MATERIALS for u in units)

    def _subjected(self, s: Sentence, group: VerbGroup) -> Found | None:
        """Read "made exports of gallium subject to licensing"."""
        _, right = self._grammar.clause(s, group.verb)
        at = next((j for j in range(group.verb + 1, right) if s.units[j].low.startswith("subject to")), None)
        window = s.units[max(0, group.first - 1) : group.verb]
        if at is None or group.passive or any(u.has(cls) for u in window for cls in _HEDGES):
            return None
        # "subject to approval" is one unit
        first = at if s.units[at].low != "subject to" else at + 1
        noun = next((j for j in range(first, min(right, at + 6)) if j == at or _licensing(s.units[j])), None)
        between = s.units[group.verb + 1 : at]
        if noun is None or not any(u.kind in MATERIALS or u.has("word.export") for u in between):
            return None
        imposers = self._roles.subjects(s, self._grammar.subject(s, group))
        stance = Stance(certainty="planned") if any(u.has("planned") for u in window) else Stance()
        low = group.verb
        return Found("measure-subject", "imposed", noun, low, tuple(imposers), low, noun, stance, group=group)

    def _bound(self, s: Sentence, group: VerbGroup) -> Found | None:
        """Read "whoever exports gallium must hold a license, the ministry said": a duty of all exporters."""
        left, right = self._grammar.clause(s, group.verb)
        noun = next(
            (j for j in range(group.verb + 1, min(right, group.verb + 6)) if s.units[j].has("license")), None
        )
        if noun is None or not any(u.low in _MUST for u in s.units[group.first : group.verb]):
            return None
        subject = s.units[left : group.first]
        everybody = any(u.low in _ALL or (u.has("role") and u.low.endswith("s")) for u in subject)
        if not everybody or any(u.kind == FIRM for u in subject) or not any(_exporting(u) for u in subject):
            return None
        speech = find_speech(self._grammar, s, group.verb)
        speaker = speech.speaker if speech is not None else None
        imposer = (
            self._roles.body(s, speaker)
            if speaker is not None and s.units[speaker].kind != "Person"
            else None
        )
        if imposer is None:
            return None
        return Found(
            "measure-duty", "imposed", noun, group.verb, (imposer,), left, noun, Stance(), group=group
        )

    def _unlicensed(self, s: Sentence, group: VerbGroup) -> Found | None:
        """Read "nobody may export gallium without a license"."""
        left, right = self._grammar.clause(s, group.verb)
        noun = next(
            (
                j
                for j in range(group.verb + 1, right)
                if s.units[j].has("license") and s.units[j - 1].low in {"a", "an", "without"}
            ),
            None,
        )
        if noun is None or not any(u.low in {"without", "unless"} for u in s.units[group.verb : noun]):
            return None
        window = {u.low for u in s.units[left : group.verb]}
        if not window & {"nobody", "no", "not", "cannot"} or not window & {"may", "can", "cannot"}:
            return None
        low = left if group.passive else group.verb
        return Found("measure-unlicensed", "imposed", noun, group.verb, (), low, noun, Stance(), group=group)


def _exporting(unit: Unit) -> bool:
    return unit.has("export") or unit.has("word.export") or unit.low in {"exporter", "exporters"}


def _licensing(unit: Unit) -> bool:
    return unit.has("license") or unit.has("control")
