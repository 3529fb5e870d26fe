"""License nouns: which "license", "permit" or "approval" is one of ours, of which kind, and whose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kgbuild.extract.grammar import POSSESSIVES, Grammar, positions
from kgbuild.extract.units import MATERIALS, Sentence, Unit

#: Words that tell the kind of a license.
KINDS: Final = (
    ("word.mining", "MiningLicense"),
    ("word.operating", "OperatingLicense"),
    ("word.export", "ExportLicense"),
)


@dataclass(frozen=True, slots=True)
class Noun:
    """A license noun with the phrase around it: units [first, at]."""

    at: int
    first: int
    kind: str  #: local name of a license class
    possessor: int | None
    inferred: bool  #: the kind is taken from the topic of the article


class LicenseNouns:
    """Reads license nouns in the light of the whole article."""

    def __init__(self, grammar: Grammar, sentences: Sequence[Sentence]) -> None:
        self._grammar = grammar
        units = [u for s in sentences for u in s.units]
        self._about_exports = any(
            (u.has("control") and not any(t.form for t in u.tags))
            or (u.has("word.export") and u.low.startswith("export"))
            for u in units
        )
        self._about_materials = any(
            u.kind in MATERIALS or u.low in {"mining", "mine", "mines"} for u in units
        )
        self._told = self._kinds_told(sentences)

    def _kinds_told(self, sentences: Sequence[Sentence]) -> list[str]:
        """Return the kinds of license that the article names in full, the most frequent first."""
        found: Counter[str] = Counter()
        for s in sentences:
            for i in positions(s, "license"):
                if not s.units[i].kind and any(t.cls == "license" for t in s.units[i].tags):
                    before = s.units[max(0, i - 3) : i]
                    found.update([kind for word, kind in KINDS if any(u.has(word) for u in before)][:1])
        return [kind for kind, _ in sorted(found.items(), key=lambda item: (-item[1], item[0]))]

    def other_kind(self, s: Sentence, i: int) -> bool:
        """Return whether the words before say that it is a license of another world: "driving license"."""
        before = s.units[max(0, i - 3) : i]
        return any(u.low in self._grammar.words["not_license_before"] for u in before if not u.kind)

    def noun(self, s: Sentence, i: int) -> Noun | None:
        """Return the license noun at unit `i`; None where it is a verb, another thing, or of no kind of ours."""
        unit = s.units[i]
        nominal = next((t for t in unit.tags if not t.form and t.cls.startswith("license")), None)
        if nominal is None or unit.kind or self.other_kind(s, i):
            return None
        after = s.units[i + 1] if i + 1 < len(s.units) else None
        if nominal.cls == "license" and unit.tag("license.allow") and after is not None and after.kind:
            return None  # "permit" as a verb: "permits Example to ship"
        if after is not None and after.low in self._grammar.words["not_license_after"]:
            return None
        first, possessor = self._phrase(s, i)
        kind, inferred = self._kind(s, first, i, nominal.cls)
        return Noun(i, first, kind, possessor, inferred) if kind else None

    def _phrase(self, s: Sentence, i: int) -> tuple[int, int | None]:
        """Return where the noun phrase begins, and the unit that owns it."""
        first, j = i, i - 1
        while j >= 0 and i - j <= 8:
            here = s.units[j]
            if here.text in POSSESSIVES:
                return first, j - 1 if j else None
            if here.low in {"its", "their"}:
                return first, j
            if not self._modifies(here):
                break
            first = j
            j -= 1
        return first, None

    def _modifies(self, unit: Unit) -> bool:
        """Return whether a unit can stand between the owner and the head of a license phrase."""
        if unit.kind:
            return unit.kind in MATERIALS or unit.kind in {"Quantity", "Duration"} or unit.demonym
        words = self._grammar.words
        if unit.text == "-":
            return True
        closed = (
            words["prepositions"] | words["auxiliaries"] | words["clause_openers"] | {"and", "that", "to"}
        )
        verb = any(t.form and t.form != "ing" for t in unit.tags) and all(t.form for t in unit.tags)
        return unit.is_word and not verb and unit.low not in closed

    def _kind(self, s: Sentence, first: int, at: int, cls: str) -> tuple[str, bool]:
        phrase = s.units[first:at]
        general = "General" if any(u.low == "general" for u in phrase) else ""
        for word, kind in KINDS:
            if any(u.has(word) for u in phrase):
                return (general + kind if kind == "ExportLicense" else kind), False
        _, right = self._grammar.clause(s, at)
        behind = s.units[at + 1 : right]
        if any(u.has("export") or u.has("word.export") or u.has("destination-noun") for u in behind[:8]):
            return general + "ExportLicense", False
        if any(u.has("word.mining") for u in behind[:6]):
            return "MiningLicense", False
        named = any(u.kind in MATERIALS for u in (*phrase, *behind[:5]))
        if cls == "license.soft" and not named:
            return "", True  # "approval" alone can be of anything
        if cls == "license.application" and not named and not self._told:
            return "", True
        if self._told and not general:
            return self._told[0], True
        if self._about_exports or named or general:
            return general + "ExportLicense", True
        return ("License" if self._about_materials else ""), True
