"""License nouns: which "license", "permit" or "approval" is one of ours, of which kind, and whose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from kgbuild.extract.grammar import POSSESSIVES, Grammar, positions
from kgbuild.extract.license_private import about_foreign_licenses, about_private_licenses
from kgbuild.extract.license_purposes import no_head, other_purpose, shared_owner
from kgbuild.extract.license_words import (
    ASKED,
    PLANTS,
    actor_to,
    allotted,
    begins_with_number,
    bracket,
    exported,
    goes_abroad,
    kind_of_title,
    lets_run,
    license_codes,
    same_clause,
    ships,
    verb_before,
)
from kgbuild.extract.units import MATERIALS, Sentence, Unit

#: Words that tell the kind of a license.
KINDS: Final = (
    ("word.mining", "MiningLicense"),
    ("word.operating", "OperatingLicense"),
    ("word.export", "ExportLicense"),
    ("word.import", "ExportLicense"),
)
#: Words that tell that a "green light" is one for exports.
_TRADE: Final = frozenset("orders customers buyers contracts deliveries".split())
#: Words before a quota that is one to dig or make, not to export.
_OUTPUT: Final = frozenset({"production", "output", "smelting", "refining", "separation", "extraction"})
_PERSONS: Final = frozenset({"his", "her", "my", "your"})
_FEW: Final = frozenset({"one", "two", "three", "four", "nine"})
_RENEWALS: Final = frozenset("renewal extension prolongation issuance issue variation amendment".split())
#: Nouns before "to export".
_LEAVE: Final = frozenset({"right", "leave", "recommendation", "extension", "relaxation"})


@dataclass(frozen=True, slots=True)
class Noun:
    """A license noun with the phrase around it: units [first, at]."""

    at: int
    first: int
    kind: str  #: local name of a license class
    possessor: int | None
    inferred: bool  #: the kind is taken from the topic of the article
    anaphor: bool = False  #: "one" or "none" for a license told before
    shipment: bool = False  #: what is allowed itself: "approved exports by Example Magnets"


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
        self._digs = any(u.has("word.mining") and not u.kind for u in units)
        self._about_exports |= not self._digs and any(ships(u) for u in units)
        self._about_materials = any(
            u.kind in MATERIALS or u.low in {"mining", "mine", "mines"} for u in units
        )
        quotas = [u for u in units if u.has("quota")]
        self._about_quotas = len(quotas) > 1 or any(u.low.startswith("export") for u in quotas)
        self._told: list[str] = []
        self._named = False  #: whether the words around a license tell its kind anywhere
        self._told = self._kinds_told(sentences)
        self._short = license_codes(sentences)
        self._private = not self._named and about_private_licenses(sentences)
        ours = {"ExportLicense", "MiningLicense"} & {*(self._told if self._named else ())}
        self._foreign = not ours and about_foreign_licenses(sentences)

    @property
    def told(self) -> bool:
        """Return whether the article names an export, mining or operating license in full anywhere."""
        return bool(self._told)

    @property
    def kinds(self) -> list[str]:
        """Return the kinds of license that the article tells of, the most frequent first."""
        return self._told

    @property
    def about_exports(self) -> bool:
        """Return whether the article speaks of exports or their control."""
        return self._about_exports

    @property
    def usual(self) -> str:
        """Return the kind of license that the article speaks of most."""
        return self._told[0] if self._told else "License"

    def _kinds_told(self, sentences: Sequence[Sentence]) -> list[str]:
        """Return the kinds of license that the article names in full, the most frequent first."""
        found: Counter[str] = Counter()
        hinted: Counter[str] = Counter()  # by the goods alone: "licenses for the H20"
        for s in sentences:
            for i in positions(s, "license"):
                unit = s.units[i]
                cls = next((t.cls for t in unit.tags if t.cls in {"license", "license.title"}), "")
                if not unit.kind and cls and not self.other_kind(s, i):
                    kind, inferred = self._kind(s, self._phrase(s, i)[0], i, cls)
                    (hinted if inferred else found).update([kind] if kind and kind != "License" else [])
                elif unit.has("license.allow") and any(u.low == "to" for u in s.units[i + 1 : i + 3]):
                    trades = any(
                        goes_abroad(s.units[i + 2 :], k) for k in range(min(2, len(s.units) - i - 2))
                    )
                    found.update(["ExportLicense"] if trades else [])
        told, self._named = found or hinted, bool(found)
        return [kind for kind, _ in sorted(told.items(), key=lambda item: (-item[1], item[0]))]

    def other_kind(self, s: Sentence, i: int) -> bool:
        """Return whether the words before say that it is a license of another world: "driving license"."""
        for j in range(i - 1, max(-1, i - 4), -1):
            unit = s.units[j]
            if not unit.kind and unit.low in self._grammar.words["not_license_before"]:
                return True
            if unit.has("role") or not self._modifies(unit):
                return (
                    False  # "technology companies permission": what the company does is not what is licensed
                )
        return False

    def all(self, s: Sentence) -> list[Noun]:
        """Return the license nouns of `s` in order."""
        found = (
            self.noun(s, i)
            for i, u in enumerate(s.units)
            if u.has("license") or u.has("quota") or u.amount or u.text in self._short or u.low in _LEAVE
        )
        return [n for n in found if n is not None]

    def noun(self, s: Sentence, i: int) -> Noun | None:
        """Return the license noun at unit `i`.

        None where it is a verb, another thing, or of no kind of ours.
        """
        unit = s.units[i]
        counted = unit.has("quota") or unit.amount is not None
        if counted or (unit.low in _LEAVE and not unit.kind):
            return self._quota(s, i) if counted else self._right(s, i)
        nominal = next((t for t in unit.tags if not t.form and t.cls.startswith("license")), None)
        coded = unit.text in self._short and not (i and s.units[i - 1].has("license"))
        short = unit.text.rstrip("s").isupper()
        if coded and (short or (i and s.units[i - 1].low in self._grammar.words["definite"])):
            first, possessor = self._phrase(s, i)
            return Noun(i, first, self._short[unit.text] or self.usual, possessor, True)
        if nominal is None or unit.kind or self.other_kind(s, i):
            return None
        if nominal.cls == "license" and unit.tag("license.allow") and actor_to(s, i):
            return None  # "permit" as a verb: "permits Example to ship"
        if no_head(self._grammar, s, i) or other_purpose(self._grammar, s, i, nominal.cls):
            return None
        first, possessor = self._phrase(s, i)
        if _PERSONS & {u.low for u in s.units[max(0, first - 1) : i]}:
            return None  # "a driver had his license taken away"
        kind, inferred = self._kind(s, first, i, nominal.cls)
        ours = bool(kind) and not (self._private and inferred) and not self._foreign
        return Noun(i, first, kind, possessor, inferred) if ours else None

    def _right(self, s: Sentence, i: int) -> Noun | None:
        """Return the right to export or to dig, which a license gives: "lost the right to sell ore"."""
        verb = s.units[i + 2] if i + 2 < len(s.units) and s.units[i + 1].low == "to" else exported(s, i)
        if verb is None or not (self._told or self._about_exports):
            return None
        if s.units[i].low not in {"right", "leave"} and verb.low not in {"export", "ship"}:
            return None  # "a recommendation to sell" is a broker's
        digs = verb.low in {"mine", "dig", "explore", "prospect"}
        if not (digs or any(t.form == "base" and t.cls == "export" for t in verb.tags)):
            return None
        first, possessor = self._phrase(s, i)
        return Noun(i, first, "MiningLicense" if digs else "ExportLicense", possessor, True)

    def _quota(self, s: Sentence, i: int) -> Noun | None:
        """Return a quota of a firm, or the tons it was allotted: both allow exports up to an amount."""
        unit = s.units[i]
        first, possessor = self._phrase(s, i) if unit.amount is None else (i, None)
        digs = any(u.has("word.mining") or u.low in _OUTPUT for u in s.units[first:i])
        if digs and self._about_materials:
            return Noun(i, first, "MiningLicense", possessor, False)
        if not self._about_exports:
            return None
        if unit.amount is not None:
            allots = allotted(s, i, quotas=self._about_quotas)
            return Noun(i, i, "ExportLicense", None, True) if allots and unit.amount.kind == "mass" else None
        return Noun(i, first, "ExportLicense", possessor, False)

    def shipment(self, s: Sentence, low: int, high: int) -> Noun | None:
        """Return the exports that are allowed as such in units [low, high).

        "approved the export of magnets".
        """
        for i in range(low, high):
            unit = s.units[i]
            if unit.kind or not (unit.has("word.export") or unit.has("word.import")):
                if (
                    unit.low in {"by", "from", "that", "after", "which"}
                    or unit.has("license")
                    or unit.low == "to"
                ):
                    return None
                continue
            if i + 1 < len(s.units) and any(not t.form for t in s.units[i + 1].tags if t.cls == "license"):
                return None  # "an export license": the license is named
            first, possessor = self._phrase(s, i)
            material = any(u.kind in MATERIALS for u in s.units[first : i + 6])
            known = bool(self._told) or material or self._about_exports
            return Noun(i, first, "ExportLicense", possessor, False, shipment=True) if known else None
        return None

    def governor(self, s: Sentence, noun: Noun, verb: int) -> str:
        """Return the preposition that keeps a noun from being object or subject ("details of the license").

        Only units behind `verb` count. Returns "" for "one of the licenses" and "the renewal of its license".
        """
        start = noun.first
        if noun.possessor is not None and s.units[noun.possessor].low == "whose":
            return ""
        if noun.possessor is not None:
            start = noun.possessor
            while start - 1 > verb and self._owner(s.units[start - 1]):
                start -= 1
        j = start - 1
        if j <= verb or s.units[j].low not in self._grammar.words["prepositions"] or s.units[j].kind:
            return ""
        preposition, before = s.units[j].low, s.units[j - 1]
        if preposition == "in" and s.units[j + 1].amount and (before.amount or before.low in _FEW):
            return ""  # "struck two in five licenses"
        heads = self._grammar.words["parts"] | _RENEWALS
        through = preposition == "of" or (preposition in {"for", "to"} and before.low in _RENEWALS)
        if through and j - 1 > verb and (before.amount is not None or {*before.low.split()} & heads):
            outer = replace(noun, first=self._phrase(s, j - 1)[0], at=j - 1, possessor=None)
            return self.governor(s, outer, verb)
        return preposition

    def renewed(self, s: Sentence, noun: Noun, verb: int) -> bool:
        """Return whether what a verb gives is only more time: "won a renewal of its license"."""
        low = noun.first if noun.possessor is None else min(noun.possessor, noun.first)
        renewals = self._grammar.words["act_renewed"]
        opened = verb + 1 if noun.at > verb else low - 3  # "the variation of the license, granted by"
        before = any(u.low in renewals for u in s.units[max(0, opened, low - 6) : low])
        after = s.units[noun.at + 1] if noun.at + 1 < len(s.units) else None
        return before or s.units[noun.at].low in renewals or (after is not None and after.low in renewals)

    @staticmethod
    def aside(s: Sentence, noun: Noun, verb: int) -> bool:
        """Return whether a license belongs to an aside before a verb: "X, whose permit was lost, went"."""
        whose = noun.possessor is not None and s.units[noun.possessor].low == "whose"
        return whose and any(u.text == "," for u in s.units[noun.at : verb])

    def asked(self, s: Sentence, low: int, to: int) -> bool:
        """Return whether "to" at unit `to` tells what a request is for: "the request of X to extend"."""
        for k in range(to - 1, max(low, to - 6) - 1, -1):
            unit = s.units[k]
            if any(unit.has(c) for c in ASKED - {"license.papers"}) or (unit.low == "right" and k == to - 1):
                return True
            if not (unit.kind or unit.low in self._grammar.words["prepositions"] or unit.has("role")):
                return False
        return False

    def _owner(self, unit: Unit) -> bool:
        words = self._grammar.words
        return bool(unit.kind) or unit.has("role") or unit.low in words["determiners"] or unit.text == "-"

    def _phrase(self, s: Sentence, i: int) -> tuple[int, int | None]:
        """Return where the noun phrase begins, and the unit that owns it."""
        first, j = i, i - 1
        while j >= 0 and i - j <= 8:
            here = s.units[j]
            if here.text in POSSESSIVES:
                return first, j - 1 if j else None
            opened = bracket(s, j)
            if opened > 1 and s.units[opened - 1].text in POSSESSIVES:
                return first, opened - 2  # "Example's (EXM) license"
            if here.low in {"its", "their", "whose"}:
                return first, j
            if here.kind == "Firm" and not any(u.has("word.export") for u in s.units[j:i]):
                return first, j  # "Lynas license renewed"
            if not self._modifies(here) or begins_with_number(s, j, first):
                break
            first = j
            j -= 1
        return first, shared_owner(s, first)

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
        """Return the kind that a license noun is of, and whether that comes from the article.

        "" for none of ours.
        """
        phrase = s.units[first:at]
        _, right = self._grammar.clause(s, at)
        behind = s.units[at + 1 : right]
        general = "General" if any(u.low == "general" for u in phrase) else ""
        if cls == "license.title":
            return kind_of_title(self._grammar, phrase, behind, self._told, digs=self._digs)
        if any(u.low in self._grammar.words["environment_words"] for u in phrase):
            return ("License" if self._about_materials else ""), False
        told = self._kind_told_here(phrase, behind, cls)
        wanted = self._wanted(s, at) if cls in ASKED else None
        if wanted is not None:
            return self._kind(s, self._phrase(s, wanted)[0], wanted, "license")
        waits = cls == "license.request" and bool(self._told)
        waits = waits and any(u.has("pending") or u.has("license.review") for u in behind)
        bare = cls == "license.request" and bool(self._told) and self._bare(phrase, behind)
        waits = waits or (bare and any(t.cls == "license.apply" for t in verb_before(s, first).tags))
        traded = cls == "license.soft" and self._told and any(u.low in _TRADE for u in behind[:6])
        if waits or (traded and not told):
            return self._told[0], True
        others = self._grammar.words["exempt_from_others"]
        if cls == "license.exempt" and not told:
            # "a waiver from the import duty" is none of ours
            other = any(others & {*u.low.split()} for u in (*phrase, *behind[:8]))
            exports = "ExportLicense" if self._about_exports else ""
            return ("", False) if other else ([*self._told, exports][0], True)
        if told or cls in {"license.exempt", "license.request"}:  # a request can be for anything
            return (general + told if told == "ExportLicense" else told), False
        return self._kind_of_article(phrase, behind, cls, general)

    def _kind_of_article(
        self, phrase: Sequence[Unit], behind: Sequence[Unit], cls: str, general: str
    ) -> tuple[str, bool]:
        """Return the kind of a license that only the article gives away; "" for none of ours."""
        named = any(u.kind in MATERIALS for u in (*phrase, *behind[:5]))
        vague = cls == "license.soft" or (cls in {"license.application", "license.papers"} and not self._told)
        plain = cls == "license.soft" and self._told[:1] == ["ExportLicense"] and self._bare(phrase, behind)
        if (vague and not named and not plain) or (cls == "license.papers" and not self._told):
            return "", True  # "approval" alone can be of anything
        if self._told and not general:
            return self._told[0], True
        digs = self._digs or any(u.low in {"project", "mine", "deposit"} for u in behind[:9])
        if named and digs and not (self._about_exports or general):
            return "MiningLicense", True  # "bauxite licenses" where nobody exports
        if self._about_exports or named or general:
            return general + "ExportLicense", True
        return ("License" if self._about_materials else ""), True

    def _wanted(self, s: Sentence, at: int) -> int | None:
        """Return the license that an application at unit `at` is for: "an application for a license"."""
        for i in range(at + 2, min(len(s.units), at + 8)):
            unit = s.units[i]
            if any(t.cls == "license" for t in unit.tags) and not unit.kind and not self.other_kind(s, i):
                return i if s.units[at + 1].low == "for" else None
            if not self._modifies(unit) and unit.low not in self._grammar.words["determiners"]:
                return None
        return None

    def _bare(self, phrase: Sequence[Unit], behind: Sequence[Unit]) -> bool:
        """Return whether nothing tells what an approval is for, so that it is the license spoken of."""
        plain = self._grammar.words["determiners"] | {"such", "first", "new", "similar", "further", "initial"}
        own = all(u.low in plain or u.kind == "Quantity" or u.demonym for u in phrase)
        return own and not (behind and behind[0].low in {"for", "of", "to", "by", "in"})

    @staticmethod
    def _kind_told_here(phrase: Sequence[Unit], behind: Sequence[Unit], cls: str) -> str:
        """Return the kind that the words around a license noun tell, or ""."""
        for word, kind in KINDS:
            if any(u.has(word) for u in phrase):
                return kind
        behind = same_clause(behind)
        if cls == "license.exempt":  # "an exemption from China's export stop"
            controls = any(u.has("control") or u.has("word.export") or u.has("stop") for u in behind[:6])
            return "ExportLicense" if controls and any(u.low in {"from", "to"} for u in behind[:1]) else ""
        if any(goes_abroad(behind, k) for k in range(min(8, len(behind)))):
            return "ExportLicense"
        if any(u.has("destination-noun") for u in behind[:8]) and cls != "license.request":
            return "ExportLicense"
        digs = any(u.has("word.mining") or u.low in {"explore", "dig"} for u in behind[:6])
        plant = any(u.low in PLANTS for u in behind[:6])
        runs = (plant and cls == "license" and behind[0].low == "for") or lets_run(behind)
        return "MiningLicense" if digs else "OperatingLicense" if runs else ""
