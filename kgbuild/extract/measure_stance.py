"""How a text puts a measure forward: told, denied, planned, possible, or no measure at all."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.parties import due
from kgbuild.extract.stance import Stance, stance_of
from kgbuild.extract.units import Sentence

#: Prepositions before an -ing form that make it a matter of talk, not a deed.
_TALK: Final = frozenset({"of", "about", "against", "from", "without", "than", "for", "on", "between"})
_PLANS: Final = frozenset({"plan", "plans", "proposal", "proposals", "draft"})


def measure_stance(grammar: Grammar, s: Sentence, group: VerbGroup, subject: list[int], noun: int) -> Stance:
    """Return polarity and certainty of a verb on the control noun at `noun`."""
    stance = stance_of(grammar, s, group, subject)
    left, _ = grammar.clause(s, group.verb)
    before = s.units[left : group.verb]
    if stance.refused:
        return stance
    if _doubted(s, group.verb):
        return Stance(refused="doubted or feared, not said to be so")
    if any(u.has("unreal") for u in before) and group.tag.form in {"base", "ing"}:
        return Stance(refused="a wish, a demand or a prospect is no measure")
    if group.tag.form == "ing" and group.first and s.units[group.first - 1].low in _TALK:
        return Stance(refused="spoken of, not said to be done")
    polarity = "denied" if _denied_report(s, group.verb) else stance.polarity
    return Stance(polarity, _certainty(s, group, stance.certainty, left, noun))


def _certainty(s: Sentence, group: VerbGroup, certainty: str, left: int, noun: int) -> str:
    before = s.units[left : group.verb]
    governor = s.units[group.first - 1].low if group.infinitive and group.first else ""
    if governor in {"moved", "moves"}:
        return "actual"  # "moved to restrict exports" is done
    if certainty == "possible":
        hedges = {u.low for u in before if u.has("possible")}
        supposed = any(u.has("hypothetical") for u in s.units)
        agreed = group.infinitive and any(u.has("agree") for u in before)  # "agreed in Busan to suspend"
        if agreed or due(s, group) or (hedges == {"would"} and not supposed):
            return "planned"
    elif certainty == "actual":
        if any(u.low in _PLANS for u in s.units[group.verb : noun]):
            return "planned"
        present = group.first == group.verb and group.tag.form in {"base", "third"}
        dated = any(u.kind == "Time" for u in s.units[group.verb : group.verb + 4])
        written = s.kind == "text" or (s.units[-1].text == "." and (s.kind == "headline" or dated))
        if group.tag.cls == "control.happen" and written and present:
            return "planned"  # "The quotas take effect on Thursday"
    return certainty


def _doubted(s: Sentence, verb: int) -> bool:
    """Return whether "no evidence that", "fears that" or the like stands over the verb."""
    return any(
        unit.has("doubt") and not any(u.text in {",", ";"} for u in s.units[i + 1 : verb])
        for i, unit in enumerate(s.units[:verb])
    )


def _denied_report(s: Sentence, verb: int) -> bool:
    """Return whether the verb stands in a denied report: "rejected accounts that it banned exports"."""
    return any(
        (unit.has("denial") or unit.has("speech.deny"))
        and any(u.has("report-noun") for u in s.units[i + 1 : min(verb, i + 7)])
        for i, unit in enumerate(s.units[:verb])
    )
