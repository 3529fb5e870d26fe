"""Polarity, certainty and speaker of what a verb says, from the cues around it."""

from __future__ import annotations

from dataclasses import dataclass

from kgbuild.extract.grammar import Grammar, VerbGroup, positions
from kgbuild.extract.units import BODIES, FIRM, PLACES, Sentence, Unit
from kgbuild.model import Argument

_SPEAKERS = frozenset({FIRM, "Person", "TradeAssociation", "NewsOrganization", "Organization"}) | BODIES


@dataclass(frozen=True, slots=True)
class Stance:
    """How a text puts something forward."""

    polarity: str = "affirmed"
    certainty: str = "actual"
    refused: str = ""  #: the reason why this tells no event at all: a duty, a habit


@dataclass(frozen=True, slots=True)
class Speech:
    """A verb of saying that governs something, and the unit that says it."""

    verb: int
    speaker: int | None
    denies: bool


def find_speech(grammar: Grammar, s: Sentence, at: int) -> Speech | None:
    """Return the nearest verb of saying that governs unit `at`: before it, or behind a comma after it."""
    for i in range(at - 1, -1, -1):
        tags = grammar.tags_at(s, i, "speech")
        if tags and _takes_clause(s, i, at, grammar):
            group = grammar.verb_group(s, i, tags[0])
            if group.passive:
                return Speech(i, None, tags[0].cls == "speech.deny")
            heads = grammar.subject(s, group)
            return Speech(i, heads[0] if heads else None, tags[0].cls == "speech.deny")
    for i in range(at + 1, len(s.units)):
        tags = grammar.tags_at(s, i, "speech.say")
        if tags and tags[0].form in {"past", "third"}:
            group = grammar.verb_group(s, i, tags[0])
            low = group.first - 1
            while low > at and s.units[low].text not in {",", "”", '"', "–", "—"}:
                low -= 1
            heads = [h for h in grammar.subject(s, group) if h > low]
            tail = s.units[i + 1 :]
            complement = any(
                u.low in {"it", "that", "they"} or u.low in grammar.words["auxiliaries"] for u in tail
            )
            if low > at and heads and group.first - low <= 9 and not complement:
                return Speech(i, heads[0], False)
    for i in positions(s, "according"):
        for j in range(i + 1, min(i + 8, len(s.units))):
            if grammar.is_actor(s.units[j]) and not grammar.possessive(s, j):
                return Speech(i, j, False)
    return None


def _takes_clause(s: Sentence, verb: int, at: int, grammar: Grammar) -> bool:
    """Return whether the words between a verb of saying and `at` can be its complement."""
    between = s.units[verb + 1 : at]
    if any(u.text == ";" for u in between):
        return False
    if any(u.low == "that" for u in between[:8]):
        return True
    announced = s.units[verb].tag("speech.say")
    if (
        announced
        and announced.id in {"post", "write", "claim", "tell"}
        and not any(u.low == "that" for u in between)
    ):
        return any(u.low in {"it", "they", "he", "she", "has", "have", "had"} for u in between)
    starts = [u for u in between if u.is_word and u.kind != "Time" and u.low not in grammar.words["adverbs"]]
    if not starts:
        return True
    opener = starts[0]
    # "said it had obtained", "acknowledged receiving", "denied reports that", "announced a ban" is no clause
    return (
        opener.low
        in {"it", "they", "he", "she", "its", "their", "the", "both", "a", "an", "on", "in", "having"}
        or opener.kind != ""
        or bool(opener.tags)
        or opener.low in {"reports", "report", "rumors", "suggestions", "investors"}
    )


def stance_of(grammar: Grammar, s: Sentence, group: VerbGroup, subject: list[int]) -> Stance:
    """Return polarity and certainty of the verb group, looking from its subject to the verb and at its governors."""
    left, right = grammar.clause(s, group.verb)
    low = max([h + 1 for h in subject if h < group.verb] or [left])
    window = s.units[low : group.verb]
    opener = grammar.opener(s, group.verb)
    governors = [u for u in s.units[left : group.verb]]
    if any(u.has("duty") for u in window) or any(u.has("duty") for u in s.units[max(0, left - 1) : low]):
        return Stance(refused="a duty or a right to a license is no license")
    if any(u.has("general") for u in window):
        return Stance(refused="a habit is no event")
    negations = sum(u.has("negation") for u in window)
    speech = find_speech(grammar, s, group.verb)
    if speech is not None and speech.denies and speech.verb < group.verb:
        negations += 1
    refusing = [u for u in window if u.tag("license.deny") and u.low.startswith(("refus", "declin"))]
    negations += len(refusing)
    polarity = "denied" if negations % 2 else "affirmed"
    certainty = "actual"
    if any(u.has("in-principle") for u in (*window, *s.units[group.verb : right])):
        certainty = "in-principle"
    elif any(u.has("planned") for u in window):
        certainty = "planned"
    elif any(u.has("possible") for u in window) or (opener is not None and opener.has("hypothetical")):
        certainty = "possible"
    elif group.tag.form == "ing" and any(u.has("agree") for u in s.units[: group.verb]):
        certainty = "planned"  # "a pause was agreed upon, with China suspending ..."
    elif group.tag.form == "base" and group.first == group.verb and not subject:
        certainty = "possible"  # an imperative or an offer: "loosen the curbs and ..."
    elif group.infinitive and not any(u.has("export") for u in governors):
        # "to grant" without a governing fact: a purpose or an offer
        certainty = "possible"
    return Stance(polarity, certainty)


def speaker_argument(
    grammar: Grammar, s: Sentence, speech: Speech | None, resolve_name: object
) -> Argument | None:
    """Return the speaker as an argument; `resolve_name` maps (sentence, unit index) to a fuller (kind, name, via)."""
    if speech is None or speech.speaker is None:
        return None
    assert callable(resolve_name)
    unit: Unit = s.units[speech.speaker]
    kind, name, via = resolve_name(s, speech.speaker)
    if kind in _SPEAKERS or kind in PLACES:
        return Argument("speaker", kind, unit.text, unit.start, unit.end, name, derivation=via)
    if unit.has("source") or unit.has("authority") or unit.has("role"):
        described = grammar.describe(s, speech.speaker)
        first = s.units[described.first]
        text_end = unit.end
        return Argument(
            "speaker", "UnnamedSource", "", first.start, text_end, "", derivation="described, not named"
        )
    return None
