"""The terms of a license: destinations, materials, dates, number, validity, what is kept undisclosed."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.arguments import Arguments, quantity
from kgbuild.extract.grammar import Grammar, positions
from kgbuild.extract.license_buyers import buyers
from kgbuild.extract.license_conditions import LicenseConditions, first_since, lengths_until
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.stance import Speech, find_speech
from kgbuild.extract.units import Sentence, Unit
from kgbuild.model import Argument, Event

#: What a time behind them belongs to, not to the license: "extended after the fire in October".
_ELSEWHERE: Final = frozenset({"following", "after", "before", "instead", "rather"})
#: Words behind a length of time that only places what is told: "seven weeks after the ban".
_PLACING: Final = frozenset({"after", "before", "since", "ago", "later", "earlier", "from"})
#: Words between "valid" or "runs" and a length of time.
_BETWEEN: Final = frozenset(
    "for of a an period only just at least up to another in force effect is term".split()
)
_STARTS: Final = frozenset({"starting", "effective", "beginning", "commencing", "from"})
#: Words between a time and a verb that open a clause of their own.
_OPENERS: Final = frozenset({"that", "which", "who", "after", "before", "when", "while", "since", "if"})
_FRONT: Final = 16  #: units before a verb in which its time can stand
_WITHHELD: Final = frozenset("destination destinations country countries market markets".split())


class LicenseTerms:
    """Finds the terms of licenses in a stretch of a sentence."""

    def __init__(self, grammar: Grammar, arguments: Arguments) -> None:
        self._grammar = grammar
        self._arguments = arguments
        self._conditions = LicenseConditions(grammar, arguments.written)

    def bound(
        self, s: Sentence, region: tuple[int, int], verb: int, noun: Noun | None, found: list[Argument]
    ) -> list[Argument]:
        """Return `found` with conditions and worded destinations; firms named in a condition are none."""
        low = min(region[0], verb)
        placed = any(a.role == "destination" for a in found)
        told = self._conditions.with_act(s, low, noun.at if noun is not None else verb, placed=placed)
        ruled = [c for c in told if c.role == "condition"]
        kept = [
            a for a in found
            if a.role not in {"holder", "destination"} or not any(c.start < a.start < c.end for c in ruled)
        ]  # fmt: skip
        since = first_since(s, verb) if not any(a.role == "date" for a in kept) else None
        return [*kept, *told, *([since] if since is not None else [])]

    def terms(
        self, s: Sentence, region: tuple[int, int], verb: int, noun: Noun | None, speech: Speech | None
    ) -> list[Argument]:
        """Return the terms told in units [low, high) of `s`."""
        low, high = region
        out = self._arguments.destinations(s, low, high)
        goods = noun is not None and noun.shipment
        out = out or buyers(self._grammar, s, low, high, goods=goods)
        if out and any(u.has("enumeration") and u.start < out[0].start for u in s.units[low:high]):
            opener = next(u for u in s.units[low:high] if u.has("enumeration"))
            out.append(_text("open_list", opener))
        out += self._arguments.materials("material", s, low, high)
        parts = (k for k in range(verb + 1, high) if s.units[k].low in _ELSEWHERE or _demands(s, k))
        ends = next(parts, high)
        times = self._arguments.times(s, low, ends, speech, verb)
        dated = [a for a in times if a.role != "date" or not _of_participle(s, a.start, verb)]
        if not any(a.role == "date" for a in dated):
            dated += self._fronted(s, min(low, verb))
        out += dated
        if noun is not None:
            counts = [u for u in s.units[noun.first : noun.at + 1] if u.amount and u.amount.kind == "count"]
            counts = [u for u in counts if s.units[max(0, s.units.index(u) - 1)].low != "in"]
            part = s.units[noun.first - 2] if noun.first > 1 and s.units[noun.first - 1].low == "of" else None
            if counts and part is not None and part.amount and part.amount.kind == "count":
                counts = [part]  # "four of the five licenses"
            out += [replace(quantity("count", u), unit="license") for u in counts]
            if s.units[noun.at].has("quota") or s.units[noun.at].amount is not None:
                start = verb if verb < noun.at else noun.first
                tons = [u for u in s.units[start:high] if u.amount is not None and u.amount.kind == "mass"]
                out += [quantity("quantity", u) for u in tons[:1]]
        end = high
        if high < len(s.units) and s.units[high].low in {
            "which",
            "that",
        }:  # "licenses, which are valid for a year"
            _, end = self._grammar.clause(s, high)
        lengths = self._arguments.durations(s, low, end)
        valid = self._grammar.words["validity_words"]
        if not valid & {u.low for u in s.units[max(0, low - 2) : end]}:
            prolonged = s.units[verb].tag("license.give")  # "but has been renewed for ten years"
            named = noun is not None and prolonged is not None and prolonged.action == "renewed"
            at = {u.start: k for k, u in enumerate(s.units)}
            lengths = [u for u in lengths if named and s.units[at[u.start] - 1].low in {"for", "by"}]
        elif noun is not None:
            lengths = [u for u in lengths if self._of_license(s, u, noun)]
        out += [_validity(u) for u in lengths]
        behind = s.units[low:]
        if any(u.low in _WITHHELD for u in behind):
            out += [_text("undisclosed", u) for u in behind if u.has("undisclosed")]
        return out

    def _fronted(self, s: Sentence, verb: int) -> list[Argument]:
        """Return the time before a verb: "On Tuesday, X was granted", "X on Tuesday received"."""
        for i in range(verb - 1, max(-1, verb - _FRONT), -1):
            unit = s.units[i]
            if unit.kind == "Time":
                before = s.units[i - 1] if i else None
                if before is not None and before.low in {"on", "in"}:
                    before = s.units[i - 2] if i > 1 else None
                opens = before is None or before.text in {",", ";", "“", '"', "–", "—"} or bool(before.kind)
                told = self._arguments.times(s, i, i + 1, None, i) if opens else []
                return [a for a in told if a.role == "date"]
            finite = any(t.form in {"past", "third"} for t in unit.tags) and not unit.kind
            if finite or unit.text in {";", ":"} or unit.low in _OPENERS:
                return []
        return []

    def opening(self, s: Sentence) -> list[Argument]:
        """Return the date of a line that opens with one: "21 December 2018: X obtains a license"."""
        opened = len(s.units) > 3 and s.units[0].kind == "Time" and s.units[1].text in {":", "–", "—"}
        return self._arguments.times(s, 0, 1, None, 2)[:1] if opened else []

    def _of_license(self, s: Sentence, length: Unit, noun: Noun) -> bool:
        """Return whether a length of time is how long a license is valid: not "within two weeks"."""
        at = s.units.index(length)
        if at + 1 < len(s.units) and s.units[at + 1].low in _PLACING:
            return False
        if noun.first <= at <= noun.at:
            return True
        k = at - 1
        while k > 0 and (s.units[k].low in {"a", "an", "another", "the", "next", "only", "just", "further"}):
            k -= 1
        return s.units[k].low not in {
            "in",
            "within",
            "after",
            "every",
            "over",
            "ago",
            "than",
            "before",
            "since",
        }

    def later(self, s: Sentence, last: Event, *, spoken: bool) -> Event | None:
        """Return what a later sentence adds to the license told last.

        "The permits are valid for one year", "they cover only magnets". `spoken` tells whether the sentence
        before speaks of licenses, so that "they" can be these.
        """
        if not last.of("holder"):
            return None
        for at in self._told_before(s, spoken):
            added = self._added(s, at)
            if added:
                break
        else:
            at, added = 0, self._conditions.beside(s) if spoken else []
        if not added:
            return None
        word = s.units[at].text
        step = f"coreference: {word if s.units[at].low == 'they' else f'the {word}'}"
        kept = [
            replace(a, inferred=True, derivation=step) for a in last.arguments if a.role in {"holder", "kind"}
        ]
        speaker = self._arguments.speaker(s, find_speech(self._grammar, s, at))
        arguments = tuple(sorted({*kept, *added}))
        return Event(
            "license", last.action, s.start, s.end, arguments, "affirmed", "actual", speaker, "license-terms"
        )

    def _told_before(self, s: Sentence, spoken: bool) -> list[int]:
        """Return the words of `s` for a license told before: "the permits", "these licenses", "they"."""
        nouns = [i for i in positions(s, "license") if any(t.cls == "license" for t in s.units[i].tags)]
        definite = [i for i in nouns if i and s.units[i - 1].low in self._grammar.words["definite"]]
        out = definite[:1]
        for i, unit in enumerate(s.units[:-1]):
            known = any(n < i and s.units[n].low.endswith("s") for n in definite) or (spoken and not i)
            if unit.low == "they" and known and s.units[self._verb(s, i)].has("cover"):
                out.append(i)
        if spoken and not out and len(s.units) > 2:
            moved = s.units[0].low in {"the", "this"} and s.units[1].has("move-noun")
            plural = s.units[0].low in {"they", "these"} and not s.units[1].kind
            out = [1] if moved else [0] if plural else []
        return out

    def _verb(self, s: Sentence, at: int) -> int:
        """Return the first unit behind unit `at` that is no adverb, auxiliary or negation, or the last."""
        k = at + 1
        while k < len(s.units) - 1 and (
            s.units[k].low in {"do", "does", "did", "only", "not"} | self._grammar.words["adverbs"]
            or s.units[k].has("negation")
        ):
            k += 1
        return min(k, len(s.units) - 1)

    def _added(self, s: Sentence, at: int) -> list[Argument]:
        """Return the validity, the places and the goods that a sentence tells of the license word at `at`."""
        _, right = self._grammar.clause(s, at)
        verb = self._verb(s, at)
        before = s.units[at + 1 : verb]
        left, _ = self._grammar.clause(s, at)
        if s.units[at + 1].low == "to" or _unsure(s, left, at):
            return []  # "would like the licenses to be valid for longer"
        added = [*self._conditions.of_license(s, at), *self._lasting(s, at)]
        if _unsure(s, at + 1, right) or any(u.has("duty") for u in s.units[at + 1 : right]):
            return added
        negated = any(u.has("negation") for u in before)
        if s.units[verb].has("cover") and verb < right:
            goods = self._arguments.materials("material", s, verb + 1, right)
            # "do not cover oxides": what a license leaves out is told as much as what it covers
            added += [replace(a, role="excluded_material") for a in goods] if negated else goods
        if negated or any(u.has("negation") for u in s.units[verb:right] if u.low != "not"):
            return added
        if s.units[verb].has("cover") or s.units[verb].low in {"are", "is"}:
            added += self._arguments.destinations(s, at + 1, right)
        return added

    def _lasting(self, s: Sentence, at: int) -> list[Argument]:
        """Return how long the license at `at` runs: "has a one-year validity", "is good for six months"."""
        ends = (k for k in range(at + 1, len(s.units)) if _unsure(s, k, k + 1) or s.units[k].has("negation"))
        right = next((k for k in ends if not self._conditions.supplements(s, k)), len(s.units))
        words = [i for i in range(at + 1, right) if s.units[i].low in self._grammar.words["lasting_words"]]
        lengths = self._arguments.durations(s, at, right)
        near = [u for u in lengths if any(_measures(s, i, s.units.index(u)) for i in words)]
        return [*([_validity(near[0])] if len(near) == 1 else []), *lengths_until(s, at, right)]


def _of_participle(s: Sentence, start: int, verb: int) -> bool:
    """Return whether a time belongs to something else: "the halts feared last month"."""
    at = next((k for k, u in enumerate(s.units) if u.start == start), 0)
    before = s.units[at - 1] if at else None
    if before is not None and (before.low in _STARTS or s.units[at].low.startswith("from ")):
        return True  # "renewed for three years starting from March 3": it is valid from then on
    exports = any(u.has("export") or u.has("import") for u in s.units[verb + 1 : at] if _base(u))
    let = any(u.has("license.allow") and any(t.form == "ing" for t in u.tags) for u in s.units[verb:at])
    if exports and let and len(s.units[at].text) == 4:
        return True  # "licenses allowing X to import tools in 2026"
    if before is None or at - 1 <= verb or before.kind or before.has("license"):
        return False
    noun = s.units[at - 2]
    return before.low.endswith("ed") and (noun.low.endswith("s") or bool(noun.kind))


def _unsure(s: Sentence, low: int, high: int) -> bool:
    return any(u.has("possible") or u.has("planned") for u in s.units[low:high])


def _measures(s: Sentence, word: int, length: int) -> bool:
    """Return whether a length of time is that of a word: "valid for a year", "one-year validity"."""
    if length < word:
        return word - length == 1 or s.units[word - 1].low in {"term", "license", "permit", "-"}
    return all(u.low in _BETWEEN for u in s.units[word + 1 : length])


def _base(unit: Unit) -> bool:
    return any(t.form == "base" and t.cls in {"export", "import"} for t in unit.tags)


def _validity(unit: Unit) -> Argument:
    length = unit.date.duration if unit.date is not None else ""
    return Argument("validity", "Duration", unit.text, unit.start, unit.end, value=length)


def _text(role: str, unit: Unit) -> Argument:
    return Argument(role, "Text", unit.text, unit.start, unit.end, value="true")


def _demands(s: Sentence, k: int) -> bool:
    """Return whether a clause with a term of its own opens there: "conditions that must be met by May"."""
    behind = s.units[k + 1].low if k + 1 < len(s.units) else ""
    return s.units[k].low in {"that", "which"} and behind in {"must", "should", "need", "have to", "has to"}
