"""What is said: whether it is put forward as so, denied, planned or possible, and what it names."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.noun_phrases import ACTORS
from kgbuild.extract.stance import Stance
from kgbuild.extract.units import MATERIALS, PLACES, Sentence, Unit
from kgbuild.model import Argument

_NAMED: Final = ACTORS | PLACES | MATERIALS
_QUOTES: Final = frozenset({'"', "“", "”"})
#: Words that make what is said a mere possibility, besides the cues of the lexicon.
_POSSIBLE: Final = frozenset(
    "may might could probably likely unlikely perhaps possibly potentially possible looming considering "
    "weighing mulling uncertain unclear".split()
)
#: Verbs behind "do not" and nouns behind "no" that only tell what somebody thinks: no denial of a thing.
_EPISTEMIC: Final = frozenset(
    "know think believe expect mention contain cover say tell see "
    "mean understand comment say sign signs indication indications doubt need "
    "reason evidence idea surprise question power knowledge longer".split()
)
#: Planned cues of the lexicon that tell what something is for, or that it is agreed, and no plan.
_AIMS: Final = ("agree", "to be", "draft", "proposed", "aim", "mean", "decision", "proposal", "decided")
#: Predicates that call a report untrue.
_UNTRUE: Final = frozenset(
    "false untrue baseless groundless unfounded fabricated wrong nonsense foundation".split()
)
_PLANNED: Final = frozenset("will shall wo 'll ’ll".split())
_SIDE: Final = frozenset("if which who whose although though because while whereas until unless once".split())


def content_stance(grammar: Grammar, s: Sentence, low: int, high: int) -> Stance:
    """Return polarity and certainty of units [low, high) as their first clause puts them."""
    units = s.units
    region = main_clause(grammar, s, low, high)
    polarity = "denied" if _denied(grammar, s, region) else "affirmed"
    if any(units[i].has("in-principle") for i in range(low, high)):
        return Stance(polarity, "in-principle")
    if polarity == "denied" and any(units[i].low in _UNTRUE for i in region):
        return Stance(polarity)
    conditional = any(
        units[i].low in {"if", "unless"} or units[i].has("hypothetical") for i in range(low, high)
    ) or units[low].low in {"should", "were", "had"}
    if units[low].low == "whether":
        return Stance(polarity, "possible")
    for i in region:
        unit = units[i]
        if unit.kind:
            continue
        word = unit.low.split()[0]
        noun = i == low or units[i - 1].low in grammar.words["determiners"] | {"such"}  # "no plans to"
        if unit.low in _PLANNED or (unit.has("planned") and not noun and not unit.low.startswith(_AIMS)):
            return Stance("affirmed", "planned")
        wish = word in {"want", "wants", "hope", "hopes", "intend", "intends"} and i + 1 < high
        if wish and (unit.low.endswith(" to") or units[i + 1].low == "to"):
            return Stance(polarity, "planned")
        if word in {"would", "'d", "’d"}:
            return Stance("affirmed", "possible" if conditional else "planned")
        if word in _POSSIBLE or (
            unit.has("possible") and word not in {"can", "would", "suggests", "suggest", "whether"}
        ):
            return Stance("affirmed" if polarity == "affirmed" else polarity, "possible")
    return Stance(polarity)


def main_clause(grammar: Grammar, s: Sentence, low: int, high: int) -> list[int]:
    """Return the units of the main clause: without relative and other side clauses."""
    out: list[int] = []
    skipping = s.units[low].low in {"if", "unless", "once", "should", "after", "until", "although", "while"}
    since = high if skipping else low
    for i in range(low, high):
        unit = s.units[i]
        if skipping and i > since + 2 and grammar.is_auxiliary(unit):
            skipping = False  # "houses that charge for licenses may": the verb of the main clause
        if skipping:
            skipping = unit.text != ","
            continue
        relative = unit.low in _SIDE or (
            unit.low == "that" and i > low and not _verbal(grammar, s.units[i - 1])
        )
        if relative and i > low and not unit.kind:
            if unit.low in _SIDE - {"which", "who", "whose"}:
                break
            skipping, since = True, i
            continue
        if unit.text == ";" and out:
            break
        out.append(i)
    return out or list(range(low, high))


def _verbal(grammar: Grammar, unit: Unit) -> bool:
    """Return whether a unit is a verb behind which "that" opens a clause, no relative."""
    return grammar.is_auxiliary(unit) or any(
        t.form in {"past", "participle", "third", "ing"} for t in unit.tags
    )


def _denied(grammar: Grammar, s: Sentence, region: list[int]) -> bool:
    """Return whether a clause denies a thing: an act or an involvement, no mere judgment."""
    for n, i in enumerate(region):
        unit = s.units[i]
        if unit.kind:
            continue
        following = [
            s.units[k] for k in region[n + 1 : n + 6] if s.units[k].low not in grammar.words["adverbs"]
        ]
        before = s.units[region[n - 1]] if n else None
        first = following[0] if following else None
        if unit.low == "none" and before is not None and before.low in grammar.words["be"]:
            return True
        if unit.low in {"not", "n't", "n’t", "never"} and before is not None and first is not None:
            if (
                first.low in {"only", "just", "a", "an", "the", "yet"}
                or first.low in _EPISTEMIC
                or first.kind
            ):
                continue
            advice = n == 1 and before.low == "do"  # "Don't go half the way"
            if advice or (n >= 2 and s.units[region[n - 2]].low == "and"):
                continue  # "break the rules and are not excused": the first verb is affirmed
            if before.low in {"do", "does", "did"}:
                return True
            done = first.low.endswith(("ed", "en", "ing", "ught", "wn", "ne", "ade")) or any(
                t.form in {"participle", "past", "ing"} for t in first.tags
            )
            if before.low in grammar.words["be"] | {"has", "have", "had"} and (
                done or first.low == "involved"
            ):
                return True
        if unit.low in _UNTRUE and any(
            s.units[k].low in grammar.words["be"] for k in region[max(0, n - 4) : n]
        ):
            return True
        if unit.low == "no" and first is not None and first.low == "such":
            return True
        if unit.low == "no" and first is not None and first.low not in _EPISTEMIC:
            opens = n == 0 or (before is not None and (not before.is_word or before.low in {"that", "and"}))
            opens = opens or (before is not None and before.kind == "Time")
            ahead = {u.low for u in following}
            if before is not None and before.low in {"has", "have", "had"}:
                return True
            if (opens or n <= 4) and ahead & {"has", "have", "had", "was", "were", "been"}:
                return True
    return False


def topics(s: Sentence, low: int, high: int, speaker: str) -> list[Argument]:
    """Return the known things named in units [low, high), each once, but not who says it."""
    out: dict[str, Argument] = {}
    for i in range(low, high):
        unit = s.units[i]
        if unit.kind not in _NAMED or unit.kind == "":
            continue
        name, kind = unit.name, unit.kind
        if name != speaker:
            out.setdefault(
                name, Argument("topic", kind, unit.text, unit.start, unit.end, name, derivation=unit.via)
            )
    return list(out.values())


def trimmed(s: Sentence, low: int, high: int) -> tuple[int, int]:
    """Return units [low, high) without the punctuation, quotes and conjunctions around them."""
    while low < high and (
        not s.units[low].is_word or s.units[low].low in {"but", "and", "yet", "however", "still"}
    ):
        part = s.units[low].text in _QUOTES and any(u.text in _QUOTES for u in s.units[low + 1 : high - 1])
        if s.units[low].text in {"(", "$"} or part:
            break
        low += 1
    while high > low and _closes(s.units[high - 1], s, low, high):
        high -= 1
    return low, high


def _closes(unit: Unit, s: Sentence, low: int, high: int) -> bool:
    if unit.is_word or unit.text in {")", "%"}:
        return False
    if unit.text in _QUOTES:  # the closing quote of a part that is quoted belongs to it
        return not any(u.text in _QUOTES for u in s.units[low : high - 1])
    return True
