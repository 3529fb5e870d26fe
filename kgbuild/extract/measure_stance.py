"""How a text puts a measure forward: told, denied, planned, possible, or no measure at all."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Final

from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.parties import due
from kgbuild.extract.stance import Stance, stance_of
from kgbuild.extract.units import BODIES, Sentence, Unit

#: Prepositions before an -ing form that make it a matter of talk, not a deed.
_TALK: Final = frozenset({"of", "about", "against", "from", "without", "than", "for", "on", "between"})
#: Verbs that tell what is yet to come.
_AHEAD: Final = {"control.weigh": "possible", "control.plan": "planned", "control.revisit": "possible"}
_CUES: Final = ("possible", "planned", "negation", "unreal")
_AT_ONCE: Final = frozenset({"immediately", "immediate", "once", "now"})
_DECISIONS: Final = frozenset({"decision to", "decisions to"})
_SHUNNING: Final = frozenset({"refrain", "refrains", "refrained", "refraining", "abstain", "desist"})
_HELD_OFF: Final = tuple(
    f"{verb} off{on}" for verb in ("hold", "holds", "held", "holding") for on in ("", " on")
)
#: Words by which a deal is still to come: "nears an agreement imposing a tariff".
_NEARING: Final = frozenset(
    "near nears nearing nearer close closer toward towards seek seeks seeking negotiate negotiates "
    "negotiating discuss discusses discussing discussed weigh weighs weighing draft proposed possible "
    "potential".split()
)
_WANTING: Final = frozenset("want wants wanted wanting need needs needed prefer preferred like".split())
_CALLS: Final = frozenset({"call", "calls", "demand", "demands", "pressure", "appeals", "pleas"})
_EFFECTS: Final = frozenset(
    "cost hit hurt sent shook caused led prompted rattled roiled upended left forced".split()
)
#: What opens the object of a verb that nobody knows: "to put their truce back on track".
_OBJECTS: Final = frozenset("the a an its their his her this that these those all some any".split())
#: Verbs before "to" by which it is done: "moved to tighten the rules and ban exports".
_DOING: Final = frozenset("began begun started continued moved moves went used managed".split())
_PLANS: Final = frozenset({"plan", "plans", "proposal", "proposals", "draft"})


def measure_stance(grammar: Grammar, s: Sentence, group: VerbGroup, subject: list[int], noun: int) -> Stance:
    """Return polarity and certainty of a verb on the control noun at `noun`."""
    stance = stance_of(grammar, s, group, subject or _own_subject(s, group, noun))
    left, _ = grammar.clause(s, group.verb)
    refused = stance.refused or _refused(s, group, left, noun)
    if refused:
        return Stance(refused=refused)
    own = s.units[group.first : group.verb]
    if group.tag.cls == "control.unallowed":  # "in principle, exports shall not be permitted"
        return Stance(certainty="planned" if any(u.has("planned") for u in own) else "actual")
    relative = group.first > 0 and s.units[group.first - 1].low in {"that", "which"} and noun < group.first
    if (
        relative
        and group.passive
        and group.tag.cls not in _AHEAD
        and not any(u.has(c) for u in own for c in _CUES)
    ):
        return Stance()  # "would suspend curbs that were announced in May": announced they are
    if _decided(grammar, s, group):
        return Stance()
    ahead = _ahead(s, group)
    if ahead:
        return Stance(stance.polarity, ahead)
    denied = _denied_report(s, group.verb) or _shunned(s, group)
    polarity = "denied" if denied else stance.polarity
    return Stance(polarity, _certainty(s, group, stance.certainty, left, noun))


def _own_subject(s: Sentence, group: VerbGroup, noun: int) -> list[int]:
    """Return the noun where it opens its own clause: "takes no requests, and the freeze was prolonged"."""
    if not group.passive or noun > group.first:
        return []
    near = range(max(1, noun - 3), noun)
    joined = any(s.units[j].low in {"and", "but"} and s.units[j - 1].text == "," for j in near)
    return [noun] if joined else []


def _shunned(s: Sentence, group: VerbGroup) -> bool:
    """Return whether it is what somebody keeps from: "agreed to refrain from banning or capping exports"."""
    if group.tag.form != "ing":
        return False
    before = s.units[max(0, group.first - 6) : group.first]
    if " ".join(u.low for u in before[-3:]).endswith(_HELD_OFF):
        return True  # "is holding off on barring imports"
    return any(u.low in _SHUNNING for u in before) and any(u.low == "from" for u in before)


def _decided(grammar: Grammar, s: Sentence, group: VerbGroup) -> bool:
    """Return whether a decision taken is spoken of: "did not revoke the decision to ban exports"."""
    i = next((j for j in range(group.first - 1, group.verb) if s.units[j].low in _DECISIONS), group.first - 1)
    if i < 1 or not (s.units[i].low in _DECISIONS or (group.infinitive and s.units[i].has("move-noun.done"))):
        return False
    definite = grammar.words["definite"] - {"its", "their"}
    if any(u.text in {"'s", "’s"} for u in s.units[max(0, i - 2) : i]):
        # "Washington's decision to bar sales cost Nvidia billions": what has effects is taken
        behind = s.units[group.verb + 2 :]
        return any(u.low in {"has", "have", "had"} or _past(u) for u in behind if not u.kind)
    return any(u.low in definite for u in s.units[max(0, i - 2) : i])


def _past(unit: Unit) -> bool:
    forms = {t.form for t in unit.tags}
    return unit.low in _EFFECTS or ("past" in forms and "" not in forms and "base" not in forms)


def _refused(s: Sentence, group: VerbGroup, left: int, noun: int) -> str:
    """Return why a verb tells no measure: it is doubted, wished for, or only talked about; else ""."""
    before = s.units[left : group.verb]
    if _doubted(s, group.verb):
        return "doubted or feared, not said to be so"
    if any(u.has("unreal") for u in before) and group.tag.form in {"base", "ing"}:
        return "a wish, a demand or a prospect is no measure"
    unreal = _unreal(s, group, left, noun)
    if unreal:
        return unreal
    if _given_up(s, group, left):
        return "a plan that was given up"  # "has dropped a plan to ban exports"
    if group.tag.id == "consider-control" and group.tag.form != "ing":
        return "taken for something, not weighed"  # "considers export controls a breach of trust"
    return _described(s, group, left)


def _described(s: Sentence, group: VerbGroup, left: int) -> str:
    """Return why a verb that only describes a rule, or stands behind a preposition, tells none, or ""."""
    link = s.units[group.first - 1].low if group.first else ""
    if group.tag.form == "third" and group.first > 1 and link in {"that", "which"}:
        before = replace(group, first=group.first - 1)  # "shelved the rule that extends export curbs"
        return "only what is to end" if _in_what_ends(s, before, left) else ""
    if group.tag.form != "ing" or not group.first:
        return ""
    if link in _TALK and not _shunned(s, group):
        return "spoken of, not said to be done"
    return "only what is to end" if _in_what_ends(s, group, left) else ""


def _unreal(s: Sentence, group: VerbGroup, left: int, noun: int) -> str:
    """Return why a verb tells what somebody wishes, what would have been or what is only supposed, or ""."""
    wished = group.tag.form in {"past", "participle"} and group.first == group.verb and noun < group.verb
    if wished and any(u.low in _WANTING for u in s.units[max(left, noun - 4) : noun]):
        return "a wish is no measure"  # "wanted the ban scrapped"
    if group.infinitive and s.units[group.first - 1].low in _CALLS:
        return "a demand is no measure"  # "prompted calls to ban exports"
    own = [u.low for u in s.units[group.first : group.verb]]
    if "would" in own and "have" in own and group.tag.form in {"past", "participle"}:
        return "what would have been"  # "directives that would have tightened the duties"
    supposed = any(u.has("hypothetical") and " " in u.low for u in s.units[left : group.verb])
    if supposed and group.tag.cls == "control.happen":
        return "only supposed"  # "in case the license requirement returns"
    before = s.units[left : group.verb]
    if s.units[left].low in {"if", "unless"} and not any(u.has("agree") or u.text == "," for u in before):
        return "only supposed"  # "If Beijing bans exports, prices will soar"
    return ""


def _given_up(s: Sentence, group: VerbGroup, left: int) -> bool:
    """Return whether what an infinitive tells is a plan that is dropped, shelved or withdrawn."""
    around = range(group.first - 1, group.verb)
    i = next((j for j in around if s.units[j].low.startswith(("plan", "proposal", "threat", "bid to"))), None)
    if i is None:
        return False
    before = s.units[max(left, i - 5) : i]
    return any(
        t.form and t.cls == "control.set" and t.action in {"lifted", "suspended"}
        for u in before
        for t in u.tags
    )


def _ahead(s: Sentence, group: VerbGroup) -> str:
    """Return the certainty of what is weighed or planned: "considered imposing a tax on exports"."""
    beside = s.units[group.first - 1] if group.tag.form == "ing" and group.first else None
    for cls, certainty in _AHEAD.items():
        weighed = beside is not None and any(t.cls == cls and t.form for t in beside.tags)
        if weighed or group.tag.cls == cls:
            return certainty
    return ""


def _in_what_ends(s: Sentence, group: VerbGroup, left: int) -> bool:
    """Return whether an -ing form describes what is to end: "suspend its rule expanding export curbs"."""
    described = s.units[group.first - 1]
    if not (described.has("rule-word") or described.has("move-noun")):
        return False
    return any(
        t.cls == "control.set" and t.action in {"suspended", "lifted", "eased"}
        for u in s.units[left : group.first]
        for t in u.tags
    )


def _certainty(s: Sentence, group: VerbGroup, certainty: str, left: int, noun: int) -> str:
    before = s.units[left : group.verb]
    governor = s.units[group.first - 1].low if group.infinitive and group.first else ""
    earlier = {u.low for u in s.units[max(0, group.first - 3) : group.first]}
    if governor in {"moved", "moves"} or (governor == "used" and earlier & {"previously", "already", "once"}):
        return "actual"  # "moved to restrict exports", "the law he previously used to impose tariffs"
    if _brought_about(s, group, left):
        return "actual"
    if governor and s.units[group.first - 1].has("vow"):
        return "planned"
    happening = group.tag.cls == "control.happen" and noun < group.first and not group.infinitive
    bare = group.tag.form == "base" and group.first == group.verb
    # "The restrictions bar Nvidia from selling"
    ruling = any(u.has("rule-word") or (u.has("control") and not any(t.form for t in u.tags)) for u in before)
    ruled = bare and ruling  # "The rules also ban the export of antimony"
    supposing = any(u.has("hypothetical") for u in before)  # "in case the requirement returns"
    hedged = supposing or any(u.has("possible") for u in before)
    if certainty == "possible" and (happening or ruled) and not hedged:
        certainty = "actual"  # "the curbs begin in May" is no imperative
    if certainty == "possible":
        hedges = {u.low for u in before if u.has("possible")}
        supposed = any(u.has("hypothetical") for u in s.units)
        agreed = group.infinitive and any(u.has("agree") for u in before)  # "agreed in Busan to suspend"
        joined = group.infinitive and s.units[group.first - 1].low in {"and", "or"}
        if joined and any(u.has("planned") for u in s.units[left : group.first]):
            return "planned"  # "is to halve the tariff and to hold back its rule"
        if agreed or due(s, group) or (hedges == {"would"} and not supposed):
            return "planned"
    return _of_told(s, group, left, noun) if certainty == "actual" else certainty


def _brought_about(s: Sentence, group: VerbGroup, left: int) -> bool:
    """Return whether it is what something made a body do: "prompting Beijing to prohibit exports"."""
    if not group.infinitive or group.first < 2 or s.units[group.first - 1].kind not in {"Country", *BODIES}:
        return False
    made = any(u.has("causing") for u in s.units[max(left, group.first - 3) : group.first - 1])
    return made and not any(u.has(c) for u in s.units[left : group.first] for c in _CUES)


def _of_told(s: Sentence, group: VerbGroup, left: int, noun: int) -> str:
    """Return the certainty of what no cue beside the verb puts in doubt."""
    before = s.units[left : group.verb]
    trailing = group.tag.form == "ing" and group.first > 0 and s.units[group.first - 1].text == ","
    if trailing and any(u.has("agreement") for u in before) and any(u.has("settle") for u in before):
        return "planned"  # "the truce they concluded on Monday, cutting tariffs for 90 days"
    if group.tag.form == "ing" and _of_coming_deal(s, group, left):
        return "possible"
    if _of_coming_rule(s, group):
        return "planned"
    bare = group.tag.form == "base" and group.first == group.verb and group.tag.cls != "control.happen"
    if bare and any(u.has("possible") for u in before):
        return "possible"  # "the truce would see Washington halve its tariffs"
    if any(u.low in _PLANS for u in s.units[group.verb : noun]):
        return "planned"
    if bare and s.units[group.first - 1].low in {"and", "or"} and _shares_to(s, group, left):
        return "planned" if any(u.has("agree") or u.has("planned") for u in before) else "possible"
    present = group.first == group.verb and group.tag.form in {"base", "third"}
    dated = any(u.kind == "Time" for u in s.units[group.verb : group.verb + 4])
    written = s.kind == "text" or (s.units[-1].text == "." and (s.kind == "headline" or dated))
    at_once = any(u.low in _AT_ONCE for u in s.units[group.verb : group.verb + 4])
    happens = group.tag.cls == "control.happen" and written and present and not at_once
    return "planned" if happens else "actual"  # "The quotas take effect on Thursday"


def _shares_to(s: Sentence, group: VerbGroup, left: int) -> bool:
    """Return whether a bare verb goes on with an infinitive: "agreed to mend ties and lift curbs"."""
    for j in range(group.first - 2, left, -1):
        unit, following = s.units[j], s.units[j + 1]
        forms = {t.form for t in unit.tags}
        if forms & {"past", "third"} and not forms & {"", "base"}:
            return False
        if unit.low != "to" or following.kind or not following.text.islower():
            continue
        verbal = any(t.form == "base" for t in following.tags)
        plain = not following.tags and s.units[j + 2].low in _OBJECTS
        return (verbal or plain) and s.units[j - 1].low not in _DOING
    return False


def _of_coming_deal(s: Sentence, group: VerbGroup, left: int) -> bool:
    """Return whether an -ing form tells what a deal holds that is not made: "nears a pact imposing a tax"."""
    near = range(max(left, group.first - 6), group.first)
    deal = next((j for j in reversed(near) if s.units[j].has("agreement") and not s.units[j].kind), None)
    if deal is None or any(u.text in {",", ";"} for u in s.units[deal : group.first]):
        return False
    return any(u.low in _NEARING for u in s.units[max(left, deal - 5) : deal])


def _of_coming_rule(s: Sentence, group: VerbGroup) -> bool:
    """Return whether a rule that tells it is yet to come: "a rule that raises royalties will take effect"."""
    link = s.units[group.first - 1].low if group.first > 1 else ""
    if (
        group.tag.form != "third"
        or link not in {"that", "which"}
        or not s.units[group.first - 2].has("rule-word")
    ):
        return False
    ahead = {"will", "is to", "set to", "due to", "to"}
    return any(
        u.low in ahead and any(t.cls == "control.happen" for t in v.tags)
        for u, v in pairwise(s.units[group.verb :])
    )


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
