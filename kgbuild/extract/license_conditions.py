"""What a license is bound to and, in words that name no place, where it is for.

Conditions are kept in the words of the text: "subject to an end-use check", "volumes remain capped",
"for almost all customers", "supplements the existing system", "covers a single shipment".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.units import PLACES, Sentence, Unit
from kgbuild.model import Argument

_STOPS: Final = frozenset({",", ";", ":", "—", "–", ".", "!", "?", '"', "“", "”", ")", "(", "but", "while"})
_ONE: Final = frozenset({"one", "a single", "single"})
_LOADS: Final = frozenset({"shipment", "shipments", "cargo", "cargoes", "consignment", "consignments", "lot"})
_JOINS: Final = frozenset({"or", "and"})
_UNSURE: Final = ("possible", "planned", "hypothetical", "unreal", "doubt")
_STRINGS: Final = frozenset({"conditions", "strings", "restrictions", "caveats", "limits", "provisos"})
_NP: Final = 8  #: units that a phrase may have


class LicenseConditions:
    """Finds conditions and destinations in words."""

    def __init__(self, grammar: Grammar, written: Callable[[int, int], str]) -> None:
        self._words = grammar.words
        self._written = written
        self._openers = frozenset(w.split()[0] for w in self._words["condition_openers"])

    def with_act(self, s: Sentence, low: int, noun: int, *, placed: bool) -> list[Argument]:
        """Return what is told in the clause of an act behind unit `low`; `placed` if it names places."""
        end = self._reach(s, max(low, noun))
        out = [*self._opened(s, low, end), *self._customers(s, low, end), *self._supplement(s, noun, end)]
        out += [] if placed else self._goals(s, low, end)
        return [*out, *self._loads(s, noun, end), *self._limits(s, noun, self._sure(s, noun))]

    def of_license(self, s: Sentence, at: int) -> list[Argument]:
        """Return the conditions that a sentence tells of the license word at unit `at`."""
        end = self._sure(s, at)
        out = [*self._opened(s, at, end), *self._customers(s, at, end), *self._supplement(s, at, end)]
        return [*out, *self._loads(s, at, end), *self._limits(s, at, end)]

    def beside(self, s: Sentence) -> list[Argument]:
        """Return the limits that a sentence right behind one on a license tells without naming it."""
        return self._limits(s, 0, self._sure(s, 0))

    # ---- kinds of conditions

    def _opened(self, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return phrases behind an opener: "on condition that it is not resold", "only for civilian use"."""
        for i in range(low + 1, high):
            opened = self._opener(s, i, high)
            before = s.units[i - 1]
            free = before.text in {",", ";", "—", "–", "and", "but"} or before.has("license")
            free = free or before.low in self._words["be"] or before.low in {"only", "strictly", "but"}
            free = free or s.units[i].low in {
                "on",
                "only",
                "strictly",
                "solely",
                "exclusively",
                "with",
                "provided",
            }
            if s.units[i].low == "provided" and before.text != ",":
                continue  # "licenses were provided to X"
            if opened and (free or s.units[i].low in {"as", "so", "under"}):
                stop = self._phrase(s, i + opened, high)
                placed = s.units[i + opened - 1].low == "for" and any(
                    u.kind in PLACES and not u.demonym for u in s.units[i:stop]
                )
                if stop > i + opened and not placed:
                    return [self._argument("condition", s, i, stop)]
        return []

    def _opener(self, s: Sentence, i: int, high: int) -> int:
        """Return of how many units the opener of a condition at unit `i` is, or 0."""
        if s.units[i].kind or s.units[i].low.split()[0] not in self._openers:
            return 0
        for size in range(4, 0, -1):
            words = " ".join(u.low for u in s.units[i : i + size])
            if i + size < high and words in self._words["condition_openers"]:
                return size
        return 0

    def _customers(self, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return for which part of its customers a license is: "for almost all customers or for some"."""
        for i in range(low + 1, high - 1):
            stop = self._buyers(s, i, high)
            if not stop:
                continue
            if stop + 1 < high and s.units[stop].low in _JOINS:
                stop = self._buyers(s, stop + 1, high) or stop
            return [self._argument("condition", s, i, stop)]
        return []

    def _buyers(self, s: Sentence, i: int, high: int) -> int:
        """Return the end of "for some customers" that begins at unit `i`, or 0."""
        if s.units[i].low != "for":
            return 0
        k = i + 1
        while k < high and (s.units[k].low in self._words["some_customers"] or s.units[k].kind == "Quantity"):
            k += 1
        partly = [u.low for u in s.units[i + 1 : k] if u.low not in {"its", "their", "the", "of", "a"}]
        named = k < high and s.units[k].low in self._words["customer_nouns"]
        return k + 1 if partly and named else 0

    def _goals(self, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return destinations that no name tells: "for other markets", "for its overseas customers"."""
        words = self._words["goal_adjectives"] | self._words["abroad_adjectives"]
        for i in range(low, high - 1):
            if s.units[i].low not in {"for", "to"}:
                continue
            k = i + 1
            while k < high and (s.units[k].low in words or s.units[k].kind == "Quantity"):
                k += 1
            if k == i + 1 or k >= high:
                continue
            abroad = any(u.low in self._words["abroad_adjectives"] for u in s.units[i + 1 : k])
            goal = s.units[k].low in self._words["goal_nouns"]
            listed = any(u.has("enumeration") or u.low == "in" for u in s.units[k + 1 : k + 3])
            if (goal or (abroad and s.units[k].low in self._words["customer_nouns"])) and not listed:
                return [self._argument("destination_words", s, i + 1, k + 1)]
        return []

    def _supplement(self, s: Sentence, at: int, high: int) -> list[Argument]:
        """Return that a license stands beside the rules there are: "supplements the existing system"."""
        for i in range(at + 1, high - 1):
            unit = s.units[i]
            noun = unit.low in self._words["complement_nouns"] and s.units[i + 1].low == "to"
            noun = noun and s.units[i - 1].low in {"a", "an", "in", "as"}
            verb = unit.low in self._words["supplement_verbs"] and not noun
            if not (noun or verb):
                continue
            start = i - 1 if noun else self._negated(s, i)
            if noun and s.units[start - 1].low == "as":
                start -= 1
            stop = self._phrase(s, i + 1, high)
            told = {word for u in s.units[i + 1 : stop] for word in u.low.split()}
            if told & self._words["licensing_rules"]:
                return [self._argument("condition", s, start, stop)]
        return []

    @staticmethod
    def _negated(s: Sentence, verb: int) -> int:
        """Return where "does not replace" begins."""
        if s.units[verb - 1].has("negation"):
            return verb - 2 if s.units[verb - 2].low in {"do", "does", "did", "would"} else verb - 1
        return verb

    def supplements(self, s: Sentence, negation: int) -> bool:
        """Return whether a negation only tells what a license leaves alone: "does not replace the rules"."""
        return any(u.low in self._words["supplement_verbs"] for u in s.units[negation + 1 : negation + 3])

    def _loads(self, s: Sentence, at: int, high: int) -> list[Argument]:
        """Return for how many shipments a license is, or what it asks for: "cover a single shipment"."""
        for i in range(at + 1, high - 1):
            unit = s.units[i]
            stop = self._phrase(s, i + 1, high)
            phrase = s.units[i + 1 : stop]
            counted = any(u.low in _ONE or (u.amount and u.amount.kind == "count") for u in phrase)
            loads = any(u.low in _LOADS for u in phrase) and len(phrase) < 5
            if unit.has("cover") and counted and loads:
                return [self._argument("condition", s, i, stop)]
            comes = unit.low in {"come", "comes", "came"} and bool(_STRINGS & {u.low for u in phrase})
            needs = unit.low in {"require", "requires"} and any(
                u.low in self._words["paper_nouns"] for u in phrase
            )
            if comes or needs:
                return [self._argument("condition", s, i, stop)]
        return []

    def _limits(self, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return limits told as clauses: "volumes remain capped", "end-use certificates still required"."""
        out: list[Argument] = []
        floor = low
        for i in range(low, high):
            unit = s.units[i]
            capped = unit.low in self._words["limit_states"]
            if not capped and unit.low not in self._words["required_states"]:
                continue
            wanted = self._words["limit_nouns" if capped else "paper_nouns"]
            head = self._head(s, i, max(floor, i - 5))
            if head is None or s.units[head].low not in wanted:
                continue
            first = head
            while first > low and _describes(s.units[first - 1]) and head - first < 5:
                first -= 1
            out.append(self._argument("condition", s, first, i + 1))
            floor = i + 1
        return out

    def _head(self, s: Sentence, state: int, low: int) -> int | None:
        """Return the noun that a state is told of: only adverbs, "be" and "remain" stand between."""
        k = state - 1
        while k >= low:
            unit = s.units[k]
            linking = unit.low in self._words["be"] or unit.low in {
                "remain",
                "remains",
                "stay",
                "stays",
                "still",
            }
            if not linking and unit.low not in self._words["adverbs"]:
                return k
            k -= 1
        return None

    # ---- reach

    def _reach(self, s: Sentence, at: int) -> int:
        """Return where what is told of the act ends: at a clause of somebody else, or a later doubt."""
        for k in range(at + 1, len(s.units)):
            unit = s.units[k]
            other = unit.low in {"while", "whereas", "although"} or unit.text == ";"
            if other or any(unit.has(c) for c in _UNSURE):
                return k
        return len(s.units)

    def _sure(self, s: Sentence, at: int) -> int:
        """Return the first unit behind unit `at` that makes what follows no fact, or the end."""
        ends = (k for k in range(at + 1, len(s.units)) if any(s.units[k].has(c) for c in _UNSURE))
        return next(ends, len(s.units))

    @staticmethod
    def _phrase(s: Sentence, low: int, high: int) -> int:
        """Return the end of the phrase that begins at unit `low`."""
        k = low
        while (
            k < high and s.units[k].text not in _STOPS and s.units[k].low not in _STOPS and k - low < 2 * _NP
        ):
            if s.units[k].low == "and" and k + 1 < high and _finite(s.units[k + 1 : k + 3]):
                break
            k += 1
        return k

    def _argument(self, role: str, s: Sentence, first: int, stop: int) -> Argument:
        start, end = s.units[first].start, s.units[stop - 1].end
        words = self._written(start, end)
        return Argument(role, "Text", words, start, end, value=" ".join(words.split()))


def _describes(unit: Unit) -> bool:
    return unit.text == "-" or (unit.is_word and unit.low not in {"and", "or", "but", "that", "which"})


def _finite(units: tuple[Unit, ...] | list[Unit]) -> bool:
    return any(t.form in {"past", "third"} for u in units if not u.kind for t in u.tags)


def lengths_until(s: Sentence, at: int, high: int) -> Iterator[Argument]:
    """Yield until when the license at unit `at` runs: "valid through March 2027", "runs until June"."""
    for k in range(at + 1, high):
        unit = s.units[k]
        if unit.kind != "Time" or unit.date is None or not unit.date.edtf:
            continue
        before = [u.low for u in s.units[max(at, k - 3) : k]]
        running = {"valid", "runs", "run", "good", "force", "effect", "expires", "expire"} & set(before)
        edtf = unit.date.edtf
        until = edtf.startswith("../") or bool({"through", "until", "till"} & set(before))
        until = until or ("on" in before[-1:] and bool({"expires", "expire"} & set(before)))
        if running and until and not edtf.endswith("/.."):
            value = edtf if edtf.startswith("../") else f"../{edtf}"
            yield Argument(
                "until", "Time", unit.text, unit.start, unit.end, value=value, derivation=unit.date.rule
            )
            return


def first_since(s: Sentence, verb: int) -> Argument | None:
    """Return the time before which it was not: "granted for the first time since the summit in October"."""
    opened = next((k for k, u in enumerate(s.units) if u.low.split()[0] == "since"), None)
    near = range(max(0, verb - 8), len(s.units))
    first = [k for k, u in enumerate(s.units) if u.low in {"first", "first time"} and k in near]
    if opened is None or not first or first[0] > opened:
        return None
    for unit in s.units[opened:]:
        if unit.text in {",", ";", ":"}:
            return None
        if unit.kind == "Time" and unit.date is not None and unit.date.edtf:
            value = unit.date.edtf.strip("[]").replace("..", "/").partition("/")[0]  # the first of a range
            how = "the first since then"
            return (
                Argument("since", "Time", unit.text, unit.start, unit.end, value=value, derivation=how)
                if value
                else None
            )
    return None
