"""Which statistic an amount belongs to: the measure, whether it is a share, a level or a change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kgbuild.extract.amounts import Amount
from kgbuild.extract.grammar import POSSESSIVES, Grammar, VerbGroup
from kgbuild.extract.phrase_words import Found, Readings
from kgbuild.extract.units import MATERIALS, PLACES, Sentence, Unit

#: Words that can stand between a verb and its figure.
_FILLERS: Final = frozenset(
    "to at by just only some a an the about around roughly nearly almost over as much little record high "
    "total further sharply steeply slightly modestly also another still even merely in all currently "
    "initially - more than less or".split()
)
#: Words that make a material part of a name: "Stainless Steel Exchange".
_NAMES: Final = frozenset({"Exchange", "Association", "Institute", "Council", "Study", "Forum", "Union"})
_DASHES: Final = frozenset({"—", "–", "--"})
_STOPS: Final = frozenset({",", ";", ".", ":", "(", ")", "!", "?", '"', "”"}) | _DASHES
#: Families whose figures are masses or money, and those that are money only.
MASSES: Final = frozenset({"mass"})
_LEVELS: Final = {
    "price": frozenset({"money"}), "revenue": frozenset({"money"}), "sales": frozenset({"money"}),
    "exports": frozenset({"mass", "money"}), "imports": frozenset({"mass", "money"}),
}  # fmt: skip
_BETWEEN: Final = frozenset(
    "from on the month before year earlier in prior previous same last period quarter week of for and".split()
)
#: Groups that stand for whatever was named before: "the critical metal".
GENERIC: Final = frozenset({"critical minerals", "minor metals", "strategic minerals", "battery minerals"})
#: How many rare earths there are: "the group of 17 minerals".
_RARE_EARTHS: Final = "17"
_ANY: Final = frozenset({"base", "third", "past", "participle", "ing"})
#: Words that are verbs and measures alike: "supply and exports".
_NOUNS: Final = frozenset(
    "supply supplies export exports import imports use price cost refining processing".split()
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A statistic before its arguments are looked for."""

    at: int  #: unit of the figure, or of the word "most"
    family: str
    measure: tuple[int, int]  #: first and last unit of the words for the measure
    low: int  #: units [low, high) hold the material, the economy and the partners
    high: int
    rule: str
    verb: VerbGroup | None = None
    owners: tuple[int, ...] = ()  #: units that may be whose trade or output it is
    share: tuple[int, int] | None = None  #: first and last unit of "of the world's output"
    change: str = ""  #: "up" or "down" where the figure is a change
    changed: tuple[int, int] | None = None  #: first and last unit of the words for the change
    partners: tuple[int, ...] = ()
    only: int | None = None  #: of "A and B fell 3 and 5 percent" the one that this figure is of
    certainty: str = ""
    price_of: tuple[int, int] | None = None  #: "a ton" behind a price


def amount_of(unit: Unit, *kinds: str) -> Amount | None:
    """Return the amount of a unit where it is of one of the kinds and has a number."""
    amount = unit.amount
    return amount if amount is not None and amount.kind in kinds and amount.value else None


class Measures:
    """Reads the words around an amount."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar

    # ---- phrases

    def phrase_end(self, s: Sentence, i: int, words: Readings) -> int:
        """Return the unit behind the noun phrase that starts at `i`, over "of" and lists of materials."""
        j = i
        while j < len(s.units):
            unit = s.units[j]
            if unit.text == "," and self._goes_on(s, j):
                j += 1
                continue
            if unit.text in _STOPS or self._ends_phrase(s, j, words):
                break
            j += 1
        while j - 1 > i and s.units[j - 1].low in {"and", ","}:
            j -= 1
        return j

    @staticmethod
    def _goes_on(s: Sentence, j: int) -> bool:
        """Return whether a comma stands in a list of materials: "gallium, germanium and antimony"."""
        behind = s.units[j + 1 : j + 3]
        named = [u for u in behind if u.kind in MATERIALS]
        return bool(named) and s.units[j - 1].kind in MATERIALS

    def _ends_phrase(self, s: Sentence, j: int, words: Readings) -> bool:
        unit = s.units[j]
        if unit.kind in {"Time", "Duration"} or (unit.amount is not None and unit.amount.kind != "count"):
            return True
        if unit.kind or unit.text in POSSESSIVES:
            return False
        closed = self.grammar.words
        if unit.low in closed["prepositions"] - {"of"} or unit.low in closed["clause_openers"]:
            return True
        if unit.low in closed["auxiliaries"] or unit.low in {"which", "who", "that", "where", "it", "they"}:
            return True
        behind = s.units[j + 1] if j + 1 < len(s.units) else None
        if unit.low == "and" and behind is not None:
            return self.verb_at(j + 1, words, _ANY) is not None and behind.low not in _NOUNS
        if behind is not None and (behind.kind in MATERIALS or words.at(j + 1, "measure")):
            return False  # "refined nickel", "processed rare earths"
        return self.verb_at(j, words) is not None and words.at(j, "measure") is None

    @staticmethod
    def verb_at(
        i: int,
        words: Readings,
        forms: frozenset[str] = frozenset({"third", "past", "participle"}),
    ) -> Found | None:
        """Return the verb of the lexicon file that starts at unit `i` in one of the forms."""
        for cls in ("share", "goods", "level", "change", "rely", "origin", "earn", "raise"):
            found = words.at(i, cls)
            if found is not None and found.tag.form in forms:
                return found
        return None

    def verb_before(self, s: Sentence, i: int, words: Readings, cls: str, left: int) -> Found | None:
        """Return the verb of the class that governs the figure at `i` from the left, over fillers."""
        j = i - 1
        while j >= left and i - j <= (14 if cls == "change" else 9):
            found = words.ending(j, cls)
            if found is not None and found.first >= left:
                return found
            unit = s.units[j]
            skipped = unit.low in _FILLERS or unit.low in self.grammar.words["adverbs"]
            if cls == "change" and (unit.kind == "Time" or unit.low in _BETWEEN):
                skipped = True  # "fell 22 percent in April from the month before to"
            elif unit.low == "of" and s.units[j - 1].low in {"total", "record", "high"}:
                skipped = True
            elif unit.kind == "Duration" and s.units[j + 1].low in {"high", "low", "peak"}:
                skipped = True  # "hit a five-year high of"
            elif unit.low in {"from", "or"} or unit.amount is not None or (unit.low == "," and i - j <= 2):
                skipped = unit.amount is None or unit.amount.kind in {"percent", "ratio", "mass", "money"}
            if not skipped or (unit.low == "," and cls != "change"):
                return None
            j -= 1
        return None

    def group(self, s: Sentence, found: Found) -> VerbGroup:
        """Return the verb group of a found verb, in the form that fits there."""
        tag = found.tag
        before = s.units[found.first - 1].low if found.first else ""
        if tag.form == "base" and before in {"has", "have", "had"}:
            tag = type(tag)(tag.cls, tag.id, tag.action, "participle")
        return self.grammar.verb_group(s, found.first, tag)

    # ---- nouns

    def head_noun(self, s: Sentence, low: int, verb: int, words: Readings) -> Found | None:
        """Return the measure that heads the subject of a verb: "exports of gallium to Japan [rose]"."""
        best: Found | None = None
        for j in range(verb - 1, low - 1, -1):
            unit = s.units[j]
            found = words.ending(j, "measure")
            if found is not None and not found.has("measure.production.share"):
                governor = self._governor(s, found.first, low, words)
                if governor == "" or (governor == "of" and self._value_of(s, found.first, low)):
                    best = self._longest(words, found)
                    break
            if unit.text in {";", ":"}:
                break
            finite = self.verb_at(j, words)
            auxiliary = self.grammar.is_auxiliary(unit) and j < verb - 4
            if (finite is not None and words.at(j, "measure") is None) or auxiliary:
                break
        return best

    @staticmethod
    def _longest(words: Readings, found: Found) -> Found:
        same = [f for f in words.of("measure") if f.last == found.last]
        return min(same, key=lambda f: f.first)

    def _governor(self, s: Sentence, i: int, low: int, words: Readings) -> str:
        """Return the preposition that governs the noun phrase ending with unit `i`, or ""."""
        j = i - 1
        while j >= low:
            unit = s.units[j]
            if unit.low in self.grammar.words["prepositions"] and not unit.kind:
                return unit.low
            if unit.text in _STOPS or unit.kind == "Time" or self.verb_at(j, words) is not None:
                return ""
            if unit.low in self.grammar.words["determiners"] and unit.low not in {"its", "their"}:
                j -= 1
                if j >= low and s.units[j].low in self.grammar.words["prepositions"] and not s.units[j].kind:
                    return s.units[j].low
                return ""
            j -= 1
        return ""

    @staticmethod
    def _value_of(s: Sentence, i: int, low: int) -> bool:
        """Return whether the words before "of" only measure: "the volume of exports"."""
        names = {
            "batch",
            "round",
            "tranche",
            "value",
            "volume",
            "volumes",
            "amount",
            "level",
            "total",
            "price",
            "prices",
            "pace",
        }
        return any(u.low in names for u in s.units[max(low, i - 6) : i])

    def zone_family(self, s: Sentence, low: int, high: int, words: Readings) -> tuple[str, Found | None]:
        """Return the family and noun of "of the world's rare-earth output"; "" where none is named."""
        for found in reversed(words.between(low, high, "measure")):
            if found.last >= high:
                continue
            after = s.units[found.last + 1].low if found.last + 1 < len(s.units) else "."
            if found.tag.id == "imports" and found.tag.cls.endswith("imports"):
                return "imports", found
            if found.has("measure.production.share") and after in {"capacity", "license", "licenses"}:
                continue
            return found.tag.cls.split(".")[1], found
        return "", None

    @staticmethod
    def world(low: int, high: int, words: Readings) -> int | None:
        """Return the unit that says "the world's", "global" in units [low, high)."""
        return next((f.first for f in words.between(low, high, "world")), None)

    @staticmethod
    def whole(s: Sentence, low: int) -> bool:
        """Return whether a phrase means all there is: "of all rare earth magnets", "of total output"."""
        return any(u.low in {"all", "total", "primary"} for u in s.units[low : low + 3])

    @staticmethod
    def materials(s: Sentence, low: int, high: int) -> list[int]:
        """Return the units of [low, high) that name a material or good and do not describe a firm."""
        out = []
        for i in range(max(0, low), min(high, len(s.units))):
            if s.units[i].kind not in MATERIALS or s.units[i].name in GENERIC:
                continue
            behind = s.units[i + 1 : i + 3]
            if behind and (behind[0].has("role") or behind[0].kind == "Firm" or behind[0].text in _NAMES):
                continue
            out.append(i)
        return out

    def actor(self, s: Sentence, verb: VerbGroup) -> tuple[int, ...]:
        """Return the subject of a verb; where the grammar sees none, the first actor of its clause."""
        heads = tuple(h for h in self.grammar.subject(s, verb) if h < verb.first)
        if heads:
            return heads
        left, _ = self.grammar.clause(s, verb.first)
        for j in range(left, verb.first):
            unit = s.units[j]
            named = unit.kind in {"Firm", "Country"} or unit.has("role")
            owned = self.grammar.possessive(s, j) and unit.kind == "Firm" and j + 3 >= verb.first - 1
            if named and not unit.demonym and (owned or not self.grammar.possessive(s, j)):
                return (j,) if not self.grammar.governed(s, j, left) else ()
        return ()

    def other_goods(self, s: Sentence, draft: Draft, words: Readings) -> bool:
        """Return whether a measure is of goods that no list knows: "mineral exports", "exports of cars"."""
        first, last = draft.measure
        if first and words.ending(first - 1, "other-goods"):
            return True
        behind = s.units[last + 1 : last + 5]
        for j in range(last + 2, min(last + 8, len(s.units) - 1)):
            count = amount_of(s.units[j], "count")
            if count is not None and words.at(j + 1, "other-goods"):
                return count.value != _RARE_EARTHS  # "exports of a group of 12 minerals"
        if len(behind) < 2 or behind[0].low != "of" or draft.share is not None:
            return False
        goods = words.between(last + 2, last + 5, "other-goods")
        named = any(u.kind in PLACES or u.kind == "Firm" for u in behind[1:])
        return bool(goods) and not named and behind[1].low not in {"the", "these", "those", "this", "that"}

    @staticmethod
    def fits(family: str, amount: Amount) -> bool:
        """Return whether an amount can be a level of the family: tons for output, money for prices."""
        return amount.kind in _LEVELS.get(family, MASSES)


def report_denied(s: Sentence, at: int) -> bool:
    """Return whether unit `at` stands in a report called false: "rejected reports that it had stopped"."""
    return any(
        s.units[j].has("denial") and any(u.has("report-noun") for u in s.units[j + 1 : j + 3])
        for j in range(at)
    )


def places(s: Sentence, low: int, high: int) -> list[int]:
    """Return the units of [low, high) that name a country, a region of the world or a part of a country."""
    return [i for i in range(max(0, low), min(high, len(s.units))) if s.units[i].reading(PLACES)]
