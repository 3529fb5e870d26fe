"""What the readers of relations share: the words of a sentence, how it puts things forward, events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import POSSESSIVES, Grammar
from kgbuild.extract.relation_words import Hit, load_relation_words
from kgbuild.extract.stance import Stance, find_speech
from kgbuild.extract.units import FIRM, MATERIALS, PLACES, Sentence, Unit
from kgbuild.model import Argument, Event

#: Abilities: "can be used in" says what a thing is used for.
_ABLE: Final = frozenset({"can"})
#: "is said to be used" plans nothing.
_HELD: Final = frozenset({"said", "known", "believed", "thought", "understood", "considered", "reported"})


@dataclass(slots=True)
class Context:
    """A sentence and the phrases of relations in it."""

    s: Sentence
    hits: dict[int, list[Hit]] = field(default_factory=dict)
    _classes: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self._classes = frozenset(h.cls for found in self.hits.values() for h in found)

    def at(self, i: int, *classes: str) -> Hit | None:
        """Return the longest phrase of one of `classes` that starts at unit `i`."""
        return next((h for h in self.hits.get(i, ()) if h.cls in classes), None)

    def all(self, *classes: str) -> list[Hit]:
        """Return the longest phrases of `classes`, in order, none inside another."""
        out: list[Hit] = []
        if self._classes.isdisjoint(classes):
            return out
        reached = 0
        for i in sorted(self.hits):
            hit = self.at(i, *classes)
            if hit is not None and i >= reached:
                out.append(hit)
                reached = hit.end
        return out


class RelationReader:
    """Base of the readers of one family of relations."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference) -> None:
        self.text = text
        self.grammar = grammar
        self.coreference = coreference
        self.arguments = Arguments(grammar, coreference, text)
        self.words = load_relation_words(grammar.lexicon)

    # ---- arguments

    def firm(self, role: str, s: Sentence, i: int) -> Argument | None:
        """Return unit `i` as a firm: named, or a pronoun or description that stands for one."""
        found = self.arguments.actor(role, s, i, firm=True)
        return found if found is not None and found.kind == FIRM else None

    def name_at(self, role: str, s: Sentence, low: int, high: int) -> Argument | None:
        """Return a firm, or a capitalized name that nobody knows, that ends at unit `high`."""
        if high < low:
            return None
        if s.units[high].kind == "Ticker" and high > low:
            high -= 1
        if s.units[high].kind == FIRM:
            return self.firm(role, s, high)
        if s.units[high].kind and s.units[high].kind not in {"Mineral", "RareEarthElement", "ElementGroup"}:
            return None
        span = self.grammar.unknown_name(s, low, high)
        if span is None and (low == high or not s.units[high - 1].text[:1].isupper()):
            return self.first_word(role, s, high)
        if span is None or span[1] != high:
            return None
        if span[0] == high and (known := self.first_word(role, s, high)) is not None:
            return known
        return self.named_span(role, FIRM, s, *span)

    def firm_like(self, role: str, s: Sentence, low: int, high: int) -> Argument | None:
        """Return as `name_at` a name that has a word or the look of a firm in it: no person, no place."""
        found = self.name_at(role, s, low, high)
        if found is None or found.derivation or found.name != " ".join(found.text.split()):
            return found
        words = found.name.lower().split()
        marks = self.grammar.words["firm_words"] | self.grammar.words["legal_forms"]
        return found if set(words) & marks or found.name.isupper() else None

    def first_word(self, role: str, s: Sentence, i: int, *, place: bool = False) -> Argument | None:
        """Return the firm whose name starts with the word at `i`: "Example" for "Example Metals Ltd.".

        With `place` the word may be a place as well: "Ningbo" for "Ningbo Example".
        """
        unit = s.units[i]
        known = unit.kind and not (place and unit.kind in PLACES)
        if known or not unit.text[:1].isupper() or unit.tags or len(unit.text) < 2:
            return None
        fuller = sorted({u.name for u in self.coreference.firms() if u.text.startswith(unit.text + " ")})
        if len(fuller) != 1 and unit.text.isupper() and len(unit.text) > 2 and not place:
            return self.named_span(role, FIRM, s, i, i)  # "IXM": no ordinary word
        if len(fuller) != 1 or (len(unit.text) == 2 and not unit.text.isupper()):
            return None
        how = f"first word of {fuller[0]}"
        return Argument(role, FIRM, unit.text, unit.start, unit.end, fuller[0], derivation=how)

    def name_from(self, role: str, s: Sentence, i: int) -> Argument | None:
        """Return a firm, or a capitalized name that nobody knows, that starts at unit `i`."""
        if i >= len(s.units):
            return None
        if s.units[i].kind == FIRM:
            return self.firm(role, s, i)
        j = i
        while j < len(s.units) and self.grammar.name_word(s.units[j]) and s.units[j].text not in {"&", "-"}:
            j += 1
        span = self.grammar.unknown_name(s, i, j - 1) if j > i else None
        return self.named_span(role, FIRM, s, *span) if span is not None and span[0] == i else None

    @staticmethod
    def joined(s: Sentence, heads: Sequence[int], last: int) -> list[int]:
        """Return those of `heads` that are listed up to unit `last`: not "A reopened and B built"."""
        out: list[int] = []
        for h in sorted(heads, reverse=True):
            between = s.units[h + 1 : (out[-1] if out else last + 1)]
            if any(u.text not in {",", "and", "&"} and u.kind != "Ticker" for u in between):
                break
            out.append(h)
        return out[::-1]

    def named_span(self, role: str, kind: str, s: Sentence, first: int, last: int) -> Argument:
        """Return units [first, last] as a name of its own."""
        start, end = s.units[first].start, s.units[last].end
        words = " ".join(self.text[start:end].split())
        return Argument(role, kind, self.text[start:end], start, end, words)

    def phrase(self, role: str, kind: str, s: Sentence, first: int, last: int, value: str = "") -> Argument:
        """Return units [first, last] as words without a name; `value` is their normal form."""
        start, end = s.units[first].start, s.units[last].end
        return Argument(role, kind, self.text[start:end], start, end, "", value or normal(s, first, last))

    def owner(self, role: str, s: Sentence, i: int, low: int) -> tuple[Argument, int] | None:
        """Return the firm whose possessive stands in the phrase before unit `i`, and where that is.

        "Example's new plant", "its plant".
        """
        j = i - 1
        while j >= low and i - j <= 8:
            unit = s.units[j]
            if unit.low in {"its", "their"} and not unit.kind:
                found = self.firm(role, s, j)
                return (found, j) if found is not None else None
            if unit.text in POSSESSIVES and j > low:
                if s.units[j - 1].kind == FIRM and s.units[j - 1].end == unit.start:
                    found = self.firm(role, s, j - 1)
                    return (found, j - 1) if found is not None else None
                return None
            if unit.text in {",", ";", ":", "(", ")"} or unit.low in self.grammar.words["prepositions"]:
                return None
            if self.grammar.is_auxiliary(unit) or unit.low in {"and", "or", "the", "a", "an"}:
                return None
            j -= 1
        return None

    def salient(self, role: str, s: Sentence, i: int, at: int, *, besides: Iterable[str]) -> Argument | None:
        """Return the firm that the text before unit `i` is about, told at unit `at`, none of `besides`."""
        unit = self.coreference.salient(s, i)
        if unit is None or unit.name in set(besides):
            return None
        place = s.units[at]
        how = f"coreference: {place.text} = of {unit.text}"
        return Argument(role, FIRM, place.text, place.start, place.end, unit.name, "", "", "", True, how)

    def firms_from(self, role: str, s: Sentence, i: int) -> tuple[list[Argument], int]:
        """Return the firms of a list that starts at unit `i`, "A, B and C", and the unit behind it."""
        out: list[Argument] = []
        end = i
        joined = True
        while i < len(s.units):
            unit = s.units[i]
            if unit.kind == FIRM and not self.grammar.possessive(s, i):
                if not joined:
                    break
                found = self.firm(role, s, i)
                if found is not None:
                    out.append(found)
                end, joined = i + 1, False
            elif unit.kind == "Ticker":
                end = i + 1
            elif unit.text in {",", "and", "or", "&"} or unit.low in {"and", "or", "as well as"}:
                joined = True
            elif not (joined and self._before_name(s, i)):
                break
            i += 1
        return out, end

    def places(self, role: str, s: Sentence, i: int) -> tuple[list[Argument], int]:
        """Return the places listed from unit `i` on, and the unit behind: "eastern Uganda", "A, near B"."""
        out: list[Argument] = []
        end, first = i, i
        directions = self.words.words("site.direction")
        while i < len(s.units) and i - end <= 4:
            unit = s.units[i]
            reading = unit.reading(PLACES)
            if reading is not None and not unit.demonym:
                if self.grammar.possessive(s, i):
                    i += 2  # "Malaysia's Pahang state": the place behind it is closer
                    continue
                if i + 1 < len(s.units) and s.units[i + 1].text == "-" and s.units[i + 1].start == unit.end:
                    break
                following = s.units[i + 1] if i + 1 < len(s.units) else None
                verb = following is not None and (
                    self.grammar.is_auxiliary(following)
                    or any(t.form in {"past", "third"} for t in following.tags)
                )
                if out and verb:
                    break  # "a unit in Europe, and Japan has ...": the subject of the next clause
                out.append(Argument(role, reading[0], unit.text, unit.start, unit.end, reading[1]))
                end = i + 1
            elif (out and unit.text in {",", "and", "or"}) or (out and unit.low == "near"):
                pass
            elif not (unit.low in directions or unit.demonym or self._two_words(s, i, directions)):
                break
            i += 1
        return out, max(end, first)

    @staticmethod
    def _two_words(s: Sentence, i: int, directions: frozenset[str]) -> bool:
        """Return whether unit `i` belongs to "the state of" and the like."""
        return any(f" {s.units[i].low} " in f" {d} " and len(d.split()) > 1 for d in directions) or s.units[
            i
        ].low in {"province", "region", "county", "prefecture"}

    def _before_name(self, s: Sentence, i: int) -> bool:
        """Return whether unit `i` only introduces the firm behind it: "chipmaker", "Germany's"."""
        unit = s.units[i]
        makes = i + 1 < len(s.units) and s.units[i + 1].has("role")
        return (
            unit.demonym
            or (makes and (unit.kind in MATERIALS or unit.text[:1].isupper()))  # "Jeep maker Example"
            or unit.text in {*POSSESSIVES, "-"}
            or unit.has("role")
            or unit.low in {"the", "listed", "based", "owned", "state", "giant", "group", "steel"}
            or bool(unit.reading({"Country", "Subdivision", "City"}) and self.grammar.possessive(s, i))
        )

    # ---- how it is told

    def stance(self, s: Sentence, low: int, high: int) -> Stance:
        """Return how the units [low, high) between a subject and what is said of it put it forward."""
        polarity, certainty = "affirmed", "actual"
        for k in range(max(0, low), high):
            unit = s.units[k]
            if unit.kind or not unit.tags:
                continue
            if unit.has("negation") and not _not_only(s, k):
                polarity = "denied" if polarity == "affirmed" else "affirmed"
            told = unit.low == "would" and any(u.has("speech") for u in s.units[:k])
            if told or (unit.has("planned") and not (k and s.units[k - 1].low in _HELD)):
                certainty = "planned"
            elif unit.has("possible") and unit.low not in _ABLE and certainty == "actual":
                certainty = "possible"
            elif unit.has("in-principle"):
                certainty = "in-principle"
        return Stance(polarity, certainty)

    def unreal(self, s: Sentence, at: int) -> bool:
        """Return whether unit `at` stands in a question or a condition."""
        if s.units[-1].text == "?":
            return True
        left, _ = self.grammar.clause(s, at)
        if any(u.low == "whether" for u in s.units[left:at]):
            return True
        opener = self.grammar.opener(s, at)
        return opener is not None and opener.has("hypothetical")

    def event(
        self,
        s: Sentence,
        action: str,
        subjects: Sequence[Argument],
        objects: Sequence[Argument],
        at: int,
        stance: Stance,
        rule: str,
    ) -> Event:
        """Return the relation told at unit `at`, from its first to its last word."""
        arguments = [replace(a, role="subject") for a in subjects]
        arguments += [replace(a, role="object") for a in objects]
        own = [a for a in arguments if s.start <= a.start and a.end <= s.end]
        start = min([s.units[at].start, *(a.start for a in own)])
        end = max([s.units[at].end, *(a.end for a in own)])
        speech = find_speech(self.grammar, s, at)
        speaker = self.arguments.speaker(s, speech)
        polarity = stance.polarity
        if speech is not None and speech.denies and speech.verb < at:
            polarity = "denied" if polarity == "affirmed" else "affirmed"
        return Event(
            "relation", action, start, end, tuple(sorted(set(arguments))), polarity, stance.certainty,
            speaker, f"relation-{rule}",
        )  # fmt: skip


def by_writer(event: Event) -> Event:
    """Return `event` as the writer's own words: a mere description is said by nobody else."""
    return replace(event, speaker=None)


def _not_only(s: Sentence, k: int) -> bool:
    return k + 1 < len(s.units) and s.units[k + 1].low in {"only", "just", "merely"}


def normal(s: Sentence, first: int, last: int) -> str:
    """Return the words of units [first, last], lower case, joined as they are written."""
    out = ""
    for i in range(first, last + 1):
        unit = s.units[i]
        gap = " " if i > first and unit.start > s.units[i - 1].end else ""
        out += gap + " ".join(_lower(unit).split())
    return out


def _lower(unit: Unit) -> str:
    """Return the text of a unit in lower case, but for names and abbreviations."""
    kept = unit.kind in {FIRM, "Person"} or unit.text.isupper()
    return unit.text if kept or any(c.isdigit() for c in unit.text) else unit.text.lower()
