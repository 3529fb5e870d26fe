"""How far what is said reaches in its sentence, and when it was said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.sources import Source, Sources
from kgbuild.extract.speech_words import Trigger
from kgbuild.extract.units import Sentence, Unit
from kgbuild.model import Argument

_QUOTES: Final = frozenset({'"', "“", "”"})
_STOPS: Final = frozenset({"although", "though"})
_AGO: Final = frozenset({"after", "before", "since", "until", "following", "as"})


class Limits:
    """Finds the end of what is said and its time in the sentences of one article."""

    def __init__(self, grammar: Grammar, sources: Sources) -> None:
        self._grammar = grammar
        self._sources = sources

    def phrase_end(self, s: Sentence, low: int, high: int) -> int:
        """Return where a noun phrase that is said ends: before "and" with a further predicate or clause."""
        for k in range(low + 1, high - 1):  # "spoke of missing parts and gives no cause"
            behind = s.units[k + 1]
            finite = any(t.form == "third" for t in behind.tags) and not behind.kind
            if s.units[k].low == "and" and (finite or self._grammar.is_auxiliary(behind)):
                return k
        for k in range(low + 1, high - 2):
            if s.units[k].text != "," or s.units[k + 1].low != "and":
                continue
            ahead = s.units[k + 2 : high]
            finite = any(t.form in {"past", "third"} for u in ahead[:6] for t in u.tags if not u.kind)
            return k if finite or any(self._grammar.is_auxiliary(u) for u in ahead[:8]) else high
        return high

    def end(self, s: Sentence, start: int, later: Sequence[Trigger]) -> int:
        """Return where the content that starts at `start` ends."""
        borders = [b for t in later if t.at > start for b in self.own_start(s, t)]
        quoted = s.units[start].text in _QUOTES
        for k in range(start + 1, len(s.units)):
            unit = s.units[k]
            if quoted and unit.text in _QUOTES:
                behind = s.units[k + 1] if k + 1 < len(s.units) else None
                if behind is None or not behind.is_word or k - start > 8:
                    return k
                quoted = False
            if unit.text == ";" or k in borders:
                return k
            following = s.units[k + 1] if k + 1 < len(s.units) else None
            if unit.text == "," and following is not None and not quoted:
                if following.has("according") or following.low in _STOPS:
                    return k
                turn = k + 2 < len(s.units) and s.units[k + 2].low in {"it", "they", "he", "she"}
                if following.low == "but" and (k - start > 3 or turn):
                    return k
            if unit.has("according") and k - start > 2:
                return k
        return len(s.units)

    def own_start(self, s: Sentence, t: Trigger) -> list[int]:
        """Return where a later verb of saying beside this one starts: ", adding that", "and denied"."""
        group = self._grammar.verb_group(s, t.at, t.tag)
        before = s.units[group.first - 1] if group.first else None
        if before is None or group.infinitive:
            return []
        if t.tag.form == "ing" and before.text == ",":
            return [group.first - 1]
        if before.low in {"and", "but"} and t.tag.form in {"past", "third"}:
            return [group.first - 1]
        phrase = self._sources.phrases.before(s, 0, group.first)
        if phrase is not None and phrase.first > 1:
            if s.units[phrase.first - 1].text == "," and not phrase.relative:
                return [phrase.first - 1]
            joint = s.units[phrase.first - 1].low
            comma = s.units[phrase.first - 2].text == ","
            if joint in {"while", "whereas", ";"} or (joint in {"and", "but"} and comma):
                return [phrase.first - 2 if comma else phrase.first - 1]
        return []

    def clause_ahead(self, s: Sentence, i: int, later: Sequence[Trigger]) -> bool:
        """Return whether the words from `i` on are a clause: a subject and a finite verb."""
        high = self.end(s, i, later)
        starts = s.units[i].low
        if starts in self._grammar.words["prepositions"] - {"after", "for", "since", "under", "with"}:
            return False
        if starts in {"it", "they", "he", "she", "we", "there"} and high - i > 2:
            return True
        for k in range(i + 1, min(high, i + 26)):
            unit = s.units[k]
            if unit.kind or unit.low in {"which", "who", "that"}:
                if not unit.kind:
                    return False
                continue
            if self._grammar.is_auxiliary(unit):
                return True
            verb = any(x.form in {"past", "third"} for x in unit.tags) and all(x.form for x in unit.tags)
            if verb and not self._grammar.is_noun(s, k):
                return True
            if unit.low.endswith("n't") or unit.low in {
                "will",
                "are",
                "fell",
                "rose",
                "remain",
                "remains",
                "knew",
            }:
                return True
        return False

    def _beside(self, s: Sentence, verb: int) -> list[int]:
        """Return the time right before a verb: "the ministry on Monday said"."""
        for i in range(verb - 1, max(-1, verb - 6), -1):
            unit = s.units[i]
            if unit.kind == "Time":
                return [i]
            if not (
                self._grammar.is_auxiliary(unit)
                or unit.low in self._grammar.words["adverbs"]
                or unit.text == ","
            ):
                break
        return []

    def dates(
        self, s: Sentence, verb: int, source: Source | None, content: tuple[int, int], near: Sequence[int]
    ) -> list[Argument]:
        """Return when something was said: beside the verb, before the speaker, or above an item."""
        found = [i for i in near if not content[0] <= i < content[1]]
        if source is not None:
            found += [i for i in self._beside(s, verb) if not content[0] <= i < content[1]]
            opening = range(min(source.phrase.first, content[0]) if content[0] > verb else 0)
            if not found and s.units[0].low not in _AGO:
                found += [i for i in opening if s.units[i].kind == "Time"][:1]
        if not found and content[0] > verb and s.units[0].low not in _AGO:
            found += [
                i for i in range(source.phrase.last + 1 if source else 0, verb) if s.units[i].kind == "Time"
            ][:1]
        out = [_date(s.units[i]) for i in found[:1]]
        if not out:
            out = [
                Argument(
                    "date", "Time", d.text, d.start, d.end, value=d.edtf,
                    derivation=f"{d.rule}, from {d.anchor}" if d.anchor else d.rule,
                )
                for d in s.heading
            ]  # fmt: skip
        return [a for a in out if a.value]


def _date(unit: Unit) -> Argument:
    date = unit.date
    value, how = (
        ("", "")
        if date is None
        else (date.edtf, f"{date.rule}, from {date.anchor}" if date.anchor else date.rule)
    )
    return Argument("date", "Time", unit.text, unit.start, unit.end, value=value, derivation=how)
