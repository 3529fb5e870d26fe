"""Verbs of disruption: work halted, plants shut, supply strained, deliveries delayed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kgbuild.extract.disruption_roles import DisruptionRoles, Trouble
from kgbuild.extract.grammar import POSSESSIVES, Grammar, VerbGroup
from kgbuild.extract.phrase_words import Found, Readings
from kgbuild.extract.units import BODIES, FIRM, PLACES, Sentence

_ADVERBS: Final = frozenset({"and", "again", "almost", "completely", "entirely", "altogether", "temporarily"})
#: Verbs and nouns that tell a disruption whatever its cause: "the fighting has disrupted the supply of".
_PLAIN: Final = frozenset({"disrupt", "cripple", "snarl", "choke", "squeeze"})
_PRONOUNS: Final = frozenset({"this", "these", "they", "it", "move"})
STOPS: Final = frozenset({",", ";", ".", ":", "—", "–", "(", ")"})
_REACH: Final = 10


class TroubleVerbs:
    """Reads verbs with the work, the plant or the supply that they hit."""

    def __init__(self, grammar: Grammar, roles: DisruptionRoles) -> None:
        self.grammar = grammar
        self.roles = roles

    def find(self, s: Sentence, words: Readings) -> Iterator[Trouble]:
        """Yield the disruptions that verbs of `s` tell."""
        for found in words.of("work"):
            yield from self._work(s, found, words)
        for found in words.of("delay"):
            yield from self._hit(s, found, words, "object.delivery", "delay", "delay")
        for found in words.of("strain"):
            yield from self._hit(s, found, words, "object.chain", "strain", "strain")

    def group(self, s: Sentence, found: Found) -> VerbGroup:
        """Return the verb group of a found verb; a participle behind "has" or "was" in its own form."""
        return self.grammar.verb_group(s, found.first, found.tag)

    @staticmethod
    def first_form(words: Readings, found: Found) -> bool:
        """Return whether this is the longest verb that starts here, in the first of forms that look alike."""
        same = [
            f for f in words.between(found.first, found.first + 1, found.tag.cls.split(".")[0]) if f.tag.form
        ]
        longest = max(f.last for f in same)
        finite = [f for f in same if f.last == longest]
        order = ("past", "third", "participle", "base", "ing")
        best = min(finite, key=lambda f: (order.index(f.tag.form), f.tag.id))
        return best is found

    # ---- objects

    def object_of(self, s: Sentence, found: Found, words: Readings, *classes: str) -> Found | None:
        """Return the noun that heads the object of a verb: "halted [lithium extraction]"."""
        j = found.last + 1
        best: Found | None = None
        while j < len(s.units) and j - found.last <= _REACH:
            s.units[j]
            noun = next((n for cls in classes if (n := words.at(j, cls)) is not None), None)
            if noun is not None and not (
                words.at(noun.last + 1, "no-head") and not s.units[noun.last + 1].kind
            ):
                best = noun
                j = noun.last + 1
                continue
            if best is not None or self._ends_object(s, j, found):
                break
            j += 1
        return best

    def _ends_object(self, s: Sentence, j: int, found: Found) -> bool:
        unit = s.units[j]
        if unit.text in STOPS or unit.kind in {"Time", "Duration"}:
            return True
        if unit.kind or unit.text in POSSESSIVES or unit.text == "-":
            return False
        closed = self.grammar.words
        if unit.low in closed["prepositions"] - {"of"} or unit.low in closed["clause_openers"]:
            return not (unit.low in {"all", "in"} and j == found.last + 1)
        return self.grammar.is_auxiliary(unit) or unit.low in {"that", "which", "who", "to", "it"}

    def subject_noun(self, s: Sentence, group: VerbGroup, words: Readings, *classes: str) -> Found | None:
        """Return the noun that heads the subject of a verb: "[production] was suspended"."""
        left, _ = self.grammar.clause(s, group.verb)
        for j in range(group.first - 1, left - 1, -1):
            unit = s.units[j]
            noun = next((f for cls in classes for f in words.between(left, j + 1, cls) if f.last == j), None)
            if noun is not None and self._heads(s, noun, left, group.first, words):
                return noun
            if unit.text in {";", ":"} or (self.grammar.is_auxiliary(unit) and not unit.kind):
                return None
        return None

    def _heads(self, s: Sentence, noun: Found, left: int, first: int, words: Readings) -> bool:
        if words.at(noun.last + 1, "no-head") and noun.last + 1 < first:
            return False
        j = noun.first - 1
        while j >= left:
            unit = s.units[j]
            if unit.low in self.grammar.words["prepositions"] and not unit.kind:
                return (
                    unit.low == "of" and j > left and s.units[j - 1].low in {"most", "all", "lines", "some"}
                )
            if (
                unit.text in STOPS
                or unit.low in self.grammar.words["determiners"]
                or unit.text in POSSESSIVES
            ):
                return not (
                    j > left
                    and s.units[j - 1].low in self.grammar.words["prepositions"]
                    and not s.units[j - 1].kind
                )
            j -= 1
        return True

    # ---- work and plants

    def _work(self, s: Sentence, found: Found, words: Readings) -> Iterator[Trouble]:
        if (
            not self.first_form(words, found)
            or s.units[found.first].kind
            or self.grammar.is_noun(s, found.first)
        ):
            return
        group = self.group(s, found)
        cut = found.has("work.cut")
        wanted = ("object.work",) if cut else ("object.work", "object.site")
        noun = self.object_of(s, found, words, *wanted) if not group.passive else None
        whose = self.roles.subject(s, group)
        if noun is None and (group.passive or found.tag.form in {"past", "third"}):
            noun = (
                self.subject_noun(s, group, words, *wanted)
                if self._alone(s, found) or group.passive
                else None
            )
            left, _ = self.grammar.clause(s, group.verb)
            whose = self.roles.owners(s, left, group.first)
            low = left
            if found.tag.form == "third" and words.ending(found.last, "trouble"):
                noun = None  # "production halts": the noun
        else:
            low = group.first
        if noun is None or (cut and not self._restricted(s, found, words)):
            return
        if noun.tag.id == "production" and s.units[noun.first].low in {"supply", "processing"} and not whose:
            return
        site = noun.has("object.site")
        action = "other" if cut else "closure" if site and found.has("work.close") else "halt"
        firm = self._is_firm(s, whose)
        if not firm:
            owners = self.roles.owners(s, found.last, min(len(s.units), found.last + 12))
            acting = bool(whose)  # somebody who is no firm acts: "its" is not that of a firm
            named = tuple(j for j in owners if s.units[j].kind == FIRM or not acting)
            whose = named or whose
        high = self.end(s, max(found.last, noun.last))
        owned = any(j < group.first and self.grammar.possessive(s, j) for j in whose)
        if not group.passive and low == group.first and (owned or not firm):
            left, _ = self.grammar.clause(s, group.verb)
            low = left
        first, last = min((found.first, noun.first)), max(found.last, noun.last)
        if noun.last < group.first:
            first, last = noun.first, found.last
        start, _ = self.grammar.clause(s, group.verb)
        caused = not group.passive and noun.first > group.first
        caused = caused and not self._named_firm(s, start, group.first)
        cause = self.cause_subject(s, start, group.first, words) if caused else None
        if cause is not None and s.units[cause[0]].low in _PRONOUNS:
            cause = None
        rule = f"{found.tag.id}"
        yield Trouble(action, found.first, (first, last), low, high, rule, group, whose, cause)

    @staticmethod
    def _named_firm(s: Sentence, low: int, high: int) -> bool:
        return any(u.kind in PLACES | BODIES | {FIRM} or u.has("role") for u in s.units[low:high])

    def _alone(self, s: Sentence, found: Found) -> bool:
        """Return whether a verb has no object: "production stopped on Monday"."""
        behind = s.units[found.last + 1] if found.last + 1 < len(s.units) else None
        return behind is None or behind.text in STOPS or behind.kind in {"Time", "Duration"} or (
            behind.low in self.grammar.words["prepositions"] | self.grammar.words["clause_openers"] | _ADVERBS
        )  # fmt: skip

    def _restricted(self, s: Sentence, found: Found, words: Readings) -> bool:
        """Return whether a cut of production is laid to a shortage or to restrictions."""
        return any(
            words.between(cause.last + 1, min(cause.last + 9, len(s.units)), "restriction")
            or any(u.low in {"lack", "want", "lacking"} for u in s.units[cause.first : cause.last + 6])
            for cause in words.between(found.last, len(s.units), "cause")
        )

    @staticmethod
    def _is_firm(s: Sentence, whose: tuple[int, ...]) -> bool:
        if not whose:
            return False
        unit = s.units[whose[0]]
        return unit.kind not in PLACES | BODIES and not unit.has("authority")

    def end(self, s: Sentence, last: int) -> int:
        """Return the end of what a verb hits: up to the next sentence part."""
        j = last + 1
        while (
            j < len(s.units) and s.units[j].text not in {";", ":"} and s.units[j].low not in {"while", "but"}
        ):
            j += 1
        return j

    # ---- supply

    def _hit(
        self, s: Sentence, found: Found, words: Readings, wanted: str, action: str, rule: str
    ) -> Iterator[Trouble]:
        """Read "have disrupted supply chains", "has delayed shipments", "deliveries were held up"."""
        before = s.units[found.first - 1] if found.first else None
        described = before is not None and (
            (before.low in self.grammar.words["prepositions"] and not before.kind)
            or words.ending(found.first - 1, "ended") is not None
        )
        if not self.first_form(words, found) or self.grammar.is_noun(s, found.first) or described:
            return
        group = self.group(s, found)
        left, _ = self.grammar.clause(s, group.verb)
        if group.passive:
            noun = self.subject_noun(s, group, words, wanted)
            if noun is not None and self._about_supply(s, found, noun):
                whose = self.roles.owners(s, left, group.first)
                what = (min(found.first, noun.first), max(found.last, noun.last))
                high = self.end(s, found.last)
                yield Trouble(action, found.first, what, left, high, rule, group, whose)
            return
        noun = self.object_of(s, found, words, wanted)
        if noun is None:
            industry = self._industry(s, found) if action == "strain" and group.first > left else None
            cause = self.cause_subject(s, left, group.first, words) if industry is not None else None
            if industry is not None and cause is not None:
                what = (found.first, industry)
                low, high = found.last + 1, industry + 1
                yield Trouble(action, found.first, what, low, high, rule, group, (), cause)
            return
        subject = self.grammar.subject(s, group)
        firm = bool(subject) and s.units[subject[0]].kind == FIRM
        whose = tuple(subject) if firm and action == "delay" else ()
        cause = self._hitting(s, found, noun, left, group.first, words) if not firm else None
        named = firm or cause is not None or found.tag.form == "ing"
        if named and self._about_supply(s, found, noun):
            what = (min(found.first, noun.first), max(found.last, noun.last))
            low, high = found.last + 1, self.end(s, noun.last)
            yield Trouble(action, found.first, what, low, high, rule, group, whose, cause)

    def _hitting(
        self, s: Sentence, found: Found, noun: Found, left: int, first: int, words: Readings
    ) -> tuple[int, int] | None:
        """Return the subject that strains or delays: a cause by its words, or anything that cuts supply."""
        if first <= left:
            return None
        supply = "suppl" in s.units[noun.last].low + s.units[noun.first].low
        cause = self.cause_subject(s, left, first, words)
        return (left, first - 1) if cause is None and supply and found.tag.id in _PLAIN else cause

    @staticmethod
    def _about_supply(s: Sentence, found: Found, noun: Found) -> bool:
        """Return whether what is hit can be: "tighten", "slow" and "weigh on" need a supply or shipments."""
        if found.tag.id not in {"tighten", "slow", "weigh"} or noun.has("object.delivery"):
            return True
        return s.units[noun.first].low in {"supply", "supplies", "supply chain", "supply chains"}

    @staticmethod
    def _industry(s: Sentence, found: Found) -> int | None:
        """Return the last unit of an industry right behind a verb: "disrupting the automotive industry"."""
        start = s.units[found.last].end
        for use in s.uses:
            if use.kind == "Industry" and 0 <= use.start - start <= 24:
                return max(j for j, u in enumerate(s.units) if u.start < use.end)
        return None

    def cause_subject(self, s: Sentence, left: int, first: int, words: Readings) -> tuple[int, int] | None:
        """Return the subject of a verb where it can be a cause: curbs, a shortage, "these restrictions"."""
        low = left
        for j in range(first - 1, left - 1, -1):
            joined = (
                s.units[j].text == "," and s.units[j + 1].low in {"and", "but"} and self._told(s, left, j)
            )
            if (
                joined
                or s.units[j].text in {";", ":", "”", "“"}
                or (s.units[j].low == "that" and j + 1 < first)
            ):
                low = j + 1
                break
        while low < first and s.units[low].low in {"and", ",", "while", "that", "as", "after", "said"}:
            low += 1
        if low >= first:
            return None
        caused = words.between(low, first, "restriction") or words.between(low, first, "trouble")
        caused = caused or words.between(low, first, "process")
        unit = s.units[low]
        shared = any(u.has("control") or u.has("tariff") or u.has("stop") for u in s.units[low:first])
        if not (caused or shared or unit.low in {"this", "these", "they", "move", "it"}):
            return None
        last = first - 1
        while last > low and s.units[last].text in {",", "("}:
            last -= 1
        return (low, last)

    def _told(self, s: Sentence, low: int, high: int) -> bool:
        """Return whether units [low, high) hold a verb of their own."""
        return any(
            not u.kind
            and (
                self.grammar.is_auxiliary(u)
                or u.has("duty")
                or any(t.form in {"past", "third"} for t in u.tags)
            )
            for u in s.units[low:high]
        )
