"""Polarity and certainty of a verb of licensing: what begins, what runs out, what is only supposed."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.frames import Frame
from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.license_mentions import singled_out
from kgbuild.extract.license_refusals import refusal
from kgbuild.extract.license_verbs import decided
from kgbuild.extract.stance import Stance, doubted, stance_of
from kgbuild.extract.units import Sentence

_SUPPOSING: Final = frozenset({"would", "could", "might", "may", "can"})
_ANY: Final = frozenset({"a", "an", "any", "such"})


def stance_of_act(
    grammar: Grammar, s: Sentence, frame: Frame, group: VerbGroup, subject: list[int]
) -> Stance:
    """Return the stance of the verb of `group` in `frame`, with what is told around it."""
    stance = doubted(s, group, stance_of(grammar, s, group, subject))
    reason = refusal(grammar, s, frame, group)
    if reason and not stance.refused:
        return replace(stance, refused=reason)
    if frame.certainty == "actual" and not stance.refused:
        # an application that will be reviewed is pending today; "has not been processed" as well
        if stance.polarity == "denied":
            ahead = stance.certainty in {"possible", "planned"} or group.tag.form == "base"
            return replace(stance, refused="what will not be looked at") if ahead else Stance()
        return replace(stance, certainty="actual") if stance.certainty != "in-principle" else stance
    ahead = stance.certainty in {"possible", "planned"}
    if ahead and ((group.infinitive and (singled_out(s, group) or _took(s, group))) or decided(s, group)):
        return replace(stance, certainty="actual")
    if stance == Stance() and _supposed(grammar, s, group):
        return replace(stance, certainty="possible")
    begins = any(u.low in grammar.words["begun"] for u in s.units[group.first - 1 : group.verb])
    if frame.verbs == "license.revoke" and begins and stance.certainty == "actual":
        return replace(stance, certainty="planned")  # "has begun to revoke": it takes time
    return _running_out(s, frame, group, stance)


def _running_out(s: Sentence, frame: Frame, group: VerbGroup, stance: Stance) -> Stance:
    """Return the stance of "has let the permit lapse" and of "its license expires in December"."""
    let = group.tag.form == "base" and any(u.low in {"let", "lets"} for u in s.units[: group.verb])
    cued = any(u.has("possible") or u.has("planned") or u.low == "to" for u in s.units[: group.verb])
    if let and frame.verbs == "license.lapse":  # "threatens to let it lapse"
        return replace(stance, certainty="possible" if cued else "actual")
    due = frame.verbs == "license.lapse" and group.tag.form in {"base", "third", "ing"}
    if due and s.kind != "headline" and not s.heading and stance.certainty == "actual":
        return replace(stance, certainty="planned")
    if frame.certainty and stance.certainty == "actual":
        return replace(stance, certainty=frame.certainty)
    return stance


def _took(s: Sentence, group: VerbGroup) -> bool:
    """Return whether a time was needed for what was done: "it took X 45 days to get its permit"."""
    before = s.units[max(0, group.first - 6) : group.first]
    return any(u.kind == "Duration" for u in before) and any(u.low == "took" for u in before)


def _supposed(grammar: Grammar, s: Sentence, group: VerbGroup) -> bool:
    """Return whether an act is only the subject of "would": "Granting X a license would set a precedent"."""
    left, right = grammar.clause(s, group.verb)
    if group.first != group.verb:
        return False
    if group.tag.form == "ing":
        if group.first != left or (left and s.units[left - 1].text == ","):
            return False
    elif group.tag.form in {"past", "participle"}:
        phrase = s.units[left : group.first]
        if not phrase or phrase[0].low not in _ANY or not any(u.has("license") for u in phrase):
            return False
    else:
        return False
    verbs = (u for u in s.units[group.verb + 1 : right] if grammar.is_auxiliary(u) or u.has("possible"))
    first = next(verbs, None)
    return first is not None and first.low in _SUPPOSING
