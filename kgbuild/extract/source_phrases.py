"""The noun phrase of whoever says something: where it stands and what heads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.noun_phrases import ACTORS, POSSESSIVES
from kgbuild.extract.speech_words import SpeechWords
from kgbuild.extract.units import MATERIALS, PLACES, Sentence, Unit

#: Words that end a noun phrase when read from its end.
_BORDERS: Final = frozenset(
    "but or that which who whose while as after when because since if although though whereas so than what "
    "whether before until unless where how why".split()
)
#: What comes behind the head of a noun phrase and belongs to it.
_BEHIND: Final = frozenset(
    "familiar close briefed knowledgeable speaking representing involved contacted surveyed polled "
    "interviewed cited quoted who working based led near outside inside behind beyond".split()
)
_DASHES: Final = frozenset({"—", "–", "--"})
_QUOTES: Final = frozenset({'"', "“", "”"})
_AFTER_HEAD: Final = frozenset({"itself", "themselves", "alike", "there", "here", "himself", "herself"})

#: Words of a noun phrase that stand before its article: "all the ministers".
_BEFORE_ARTICLE: Final = frozenset("all both half many such quite only not".split())


@dataclass(frozen=True, slots=True)
class Phrase:
    """Units [first, last] of a noun phrase; `tail` is where what is behind its head begins."""

    first: int
    last: int
    head: int
    tail: int
    relative: bool = False  #: "who" or "which" stands for it


class SourcePhrases:
    """Reads noun phrases around verbs of saying."""

    def __init__(self, grammar: Grammar, words: SpeechWords) -> None:
        self._grammar = grammar
        self._words = words

    def before(self, s: Sentence, low: int, end: int) -> Phrase | None:
        """Return the noun phrase that ends right before unit `end`, asides and times left out."""
        j = self._back(s, low, end - 1)
        if j < low:
            return None
        if s.units[j].low in {"who", "which"} and j > low:
            k = j - 1
            while k > low and (s.units[k].text == "," or s.units[k].low in self._grammar.words["adverbs"]):
                k -= 1
            found = self._phrase(s, self._start(s, low, k), k)
            if found is None or found.head < k - 6:  # "on orders of the authorities, which": the last phrase
                inner = next(
                    (
                        q for q in range(k - 1, max(low, k - 7), -1)
                        if s.units[q].low in self._grammar.words["prepositions"] and not s.units[q].kind
                    ),
                    None,
                )  # fmt: skip
                found = found if inner is None else self._phrase(s, inner + 1, k)
            return None if found is None else Phrase(found.first, found.last, found.head, found.tail, True)
        start = self._start(s, low, j)
        for _ in range(3):  # "X, who runs Y, the unit of Z, said": out of the side clause
            if (
                start > low + 2
                and s.units[start - 1].low in {"who", "which"}
                and s.units[start - 2].text == ","
            ):
                j = start - 3
                start = self._start(s, low, j)
        found = self._phrase(s, start, j)
        if found is None:
            relative = next(
                (k for k in range(j, max(low, j - 10), -1) if s.units[k].low in {"who", "that"}), low
            )
            if relative > low and self.personal(s.units[relative - 1]):
                nested = self._phrase(s, self._start(s, low, relative - 1), relative - 1)
                return Phrase(nested.first, j, nested.head, nested.tail) if nested is not None else None
        return found

    def after(self, s: Sentence, start: int, high: int) -> Phrase | None:
        """Return the noun phrase that starts at unit `start`: "said X, who ...", "according to X"."""
        words = self._grammar.words
        j = start
        while j < high:
            unit = s.units[j]
            stop = unit.text in {",", ";", ":", "(", ".", *_DASHES, *_QUOTES} or unit.low in _BORDERS
            if stop or (self._grammar.is_auxiliary(unit) and unit.text not in POSSESSIVES):
                break
            if j > start and (unit.kind == "Time" or unit.low == "and"):
                break
            j += 1
        last = j - 1
        while last >= start and (s.units[last].low in words["prepositions"] or not s.units[last].is_word):
            last -= 1
        return self._phrase(s, start, last) if last >= start else None

    def opening(self, s: Sentence, low: int, high: int) -> Phrase | None:
        """Return the subject of the clause that opens at `low`: its first phrase under no preposition."""
        i = low
        while i < high:
            unit = s.units[i]
            if unit.low in self._grammar.words["prepositions"] and not unit.kind:
                while i < high and s.units[i].text != ",":
                    i += 1
            elif unit.kind == "Time" or unit.low in self._grammar.words["adverbs"] or unit.text == ",":
                i += 1
            else:
                break
        j, headed = i, False
        while j < high and not self.predicate(s, j) and s.units[j].text not in {",", ";", ":"}:
            unit = s.units[j]
            plain_past = headed and unit.low.endswith("ed") and not unit.kind and not unit.tags
            if (plain_past and unit.low not in _BEHIND) or unit.has("planned") or unit.has("possible"):
                break
            headed = headed or self.personal(unit)
            j += 1
        end = j - 1
        while end >= i:
            found = self._phrase(s, i, end)
            if found is not None:
                return found
            end -= 1  # a verb that no list knows stands behind the subject: "Analysts tweaked forecasts"
        return None

    def personal(self, unit: Unit) -> bool:
        """Return whether a unit names or describes someone who can say something."""
        return (
            unit.kind in ACTORS
            or unit.has("source")
            or unit.has("authority")
            or (not unit.kind and self._words.is_noun(unit.low, "voice", "human", "body", "media"))
        )

    # ---- inside

    def predicate(self, s: Sentence, i: int) -> bool:
        """Return whether unit `i` is a finite verb or an auxiliary, as far as the word lists know."""
        unit = s.units[i]
        if unit.kind:
            return False
        if self._grammar.is_auxiliary(unit):
            return True
        if any(not t.form for t in unit.tags) or (
            i and s.units[i - 1].low in self._grammar.words["determiners"]
        ):
            return False
        forms = {t.form for t in unit.tags}
        return "past" in forms or ("third" in forms and not self._grammar.is_noun(s, i))

    def _back(self, s: Sentence, low: int, j: int) -> int:
        """Return the last unit of the noun phrase itself, going back over times, adverbs and asides."""
        timed = False
        while j >= low:
            unit = s.units[j]
            if unit.kind == "Time":
                timed = True
            elif timed and unit.low in {"on", "in", "at", "late", "early", "of", "by", "during"}:
                pass
            elif unit.low in self._grammar.words["adverbs"] - {"both", "all", "each"}:
                timed = False
            elif unit.text in {",", ")", *_DASHES}:
                opened = self._aside(s, low, j)
                if opened is None:
                    return low - 1
                j, timed = opened, False
            else:
                break
            j -= 1
        return j

    def _aside(self, s: Sentence, low: int, close: int) -> int | None:
        """Return where the aside that ends at `close` opens."""
        closing = s.units[close].text
        wanted = {")": {"("}, ",": {","}}.get(closing, _DASHES)
        opened = 0
        for k in range(close - 1, low, -1):
            if s.units[k].text not in wanted:
                if s.units[k].text in {";", ":", *_QUOTES}:
                    return None
                continue
            if closing != "," or self._opens_aside(s, k):
                return k
            opened += 1
            if opened == 4:
                return None
        return None

    def _opens_aside(self, s: Sentence, comma: int) -> bool:
        head, before = s.units[comma + 1], s.units[comma - 1]
        words = self._grammar.words
        named = (
            before.kind in ACTORS | {"Ticker"} | PLACES
            or self.personal(before)
            or (before.text[:1].isupper() and comma > 1)
        )
        if not named and not before.has("role"):
            return False
        return (
            head.low in words["relative"] | words["determiners"]
            or head.low in {"based", "headquartered", "formerly", "citing", "quoting", "however", "meanwhile"}
            or head.low in {"speaking", "responding", "asked", "too", "for", "himself", "itself", "along"}
            or head.has("role")
            or head.demonym
            or head.kind == "Person"
            or (self.personal(before) and head.text[:1].isupper() and not head.kind)
            or any(t.form in {"ing", "participle"} for t in head.tags)
            or any(
                self._words.is_noun(u.low, "voice", "human", "body") and not u.kind
                for u in s.units[comma + 1 : comma + 5]
            )
        )

    def _start(self, s: Sentence, low: int, j: int) -> int:
        """Return where the noun phrase that ends at `j` starts."""
        a = j
        while a > low and not self._border(s, low, a - 1):
            a -= 1
        return a

    def _border(self, s: Sentence, low: int, b: int) -> bool:
        unit = s.units[b]
        if unit.text in {",", ";", ":", "(", *_DASHES, *_QUOTES} or (unit.low in _BORDERS and not unit.kind):
            return True
        if unit.low == "and":
            left = s.units[b - 1] if b > low else None
            joined = left is not None and (left.demonym or left.kind in ACTORS | PLACES)
            behind = s.units[b + 1]
            if left is not None and b - 1 > low and left.text[:1].isupper() and behind.text[:1].isupper():
                return False  # "Energy and Mineral Resources Minister"
            return not (joined and (b - 1 == low or self._border(s, low, b - 2)))
        if s.units[b + 1].low in {"a", "an", "the"} and unit.is_word and not unit.kind:
            before = self._grammar.words["prepositions"] | _BEFORE_ARTICLE
            return unit.low not in before  # "the first time an official": two phrases
        return self.predicate(s, b)

    def _phrase(self, s: Sentence, a: int, j: int) -> Phrase | None:
        """Return units [a, j] as a noun phrase whose head is the last word before what belongs to it."""
        words = self._grammar.words
        while a <= j and (
            s.units[a].low in {"yet", "however", "but", "and", "also"} or s.units[a].kind == "Time"
        ):
            a += 1
        if a <= j and s.units[a].low in words["prepositions"] and not s.units[a].kind:
            inner = next((k for k in range(a + 1, j) if s.units[k].kind in {"Time", *PLACES}), None)
            if inner is None:
                return None
            a = inner + 1
        if a > j:
            return None
        tail = next(
            (
                k
                for k in range(a + 1, j + 1)
                if not s.units[k].kind
                and (s.units[k].low in words["prepositions"] or s.units[k].low in _BEHIND)
            ),
            j + 1,
        )
        h = tail - 1
        while h > a and (
            s.units[h].kind in {"Ticker", "Time"}
            or s.units[h].text in {")", "(", '"', "”", "“", *POSSESSIVES}
            or s.units[h].low in words["adverbs"] | _AFTER_HEAD
        ):
            h -= 1
        unit = s.units[h]
        ok = (
            self._grammar.is_actor(unit)
            or self.personal(unit)
            or (not unit.kind and self._words.is_noun(unit.low, "firm", "message"))
            or unit.amount is not None
            or unit.low in words["parts"] | {"others", "sides", "countries", "nations", "governments"}
            or unit.low in {"he", "she", "it", "they", "we", "i"}
            or (unit.text[:1].isupper() and not unit.kind and unit.is_word)
            or (unit.kind in PLACES | MATERIALS and not unit.demonym and h > a)
        )
        return Phrase(a, j, h, tail) if ok else None
