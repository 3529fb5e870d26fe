"""Statistics without a verb of their own: quotas of so many tons, cargoes sent, top destinations."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.phrase_words import Found, Readings
from kgbuild.extract.stance import stance_of
from kgbuild.extract.statistic_measures import Draft, Measures, amount_of, places
from kgbuild.extract.statistic_roles import possessor
from kgbuild.extract.units import FIRM, PLACES, Sentence

_BE: Final = frozenset({"is", "are", "was", "were", "be", "been", "being"})
_LISTED: Final = frozenset({"are", "were", "include", "included", "is", "was"})
#: Words behind a measure that make it a hope: "its production target".
_AIMS: Final = frozenset({"target", "targets", "forecast", "guidance", "goal", "outlook", "estimate"})
_OF_LEVEL: Final = frozenset({"quota", "capacity", "reserves", "resources", "stock", "production"})


class StatisticLists:
    """Reads figures that stand behind a noun, and lists of trading partners."""

    def __init__(self, grammar: Grammar, measures: Measures) -> None:
        self.grammar = grammar
        self.measures = measures

    def named(self, s: Sentence, i: int, words: Readings) -> Draft | None:
        """Return "an export quota of AMOUNT", "capacity of AMOUNT", "reserves of AMOUNT"."""
        if i < 2 or s.units[i - 1].low != "of" or amount_of(s.units[i], "mass") is None:
            return None
        noun = words.ending(i - 2, "measure")
        if noun is None:
            return None
        family = noun.tag.cls.split(".")[1]
        if family not in _OF_LEVEL or noun.has("measure.production.share"):
            return None
        left, _ = self.grammar.clause(s, i)
        owners = possessor(s, left, noun.first)
        if not owners:
            owners = [
                j for j in range(left, noun.first)
                if s.units[j].kind in PLACES | {FIRM} and not s.units[j].demonym
                and self.grammar.governed(s, j, left) == "" and not self.grammar.possessive(s, j)
            ][:1]  # fmt: skip
        if family == "quota" and (any(s.units[j].kind == FIRM for j in owners) or not owners):
            return None  # a license that a firm holds, told elsewhere
        window = s.units[left : noun.first]
        if any(u.has("negation") or u.has("unreal") for u in window):
            return None
        hedged = "planned" if any(u.has("planned") for u in window) else ""
        hedged = hedged or ("possible" if any(u.has("possible") for u in window) else "")
        high = self.measures.phrase_end(s, i + 2, words) if s.units[i + 1].low in {"of", "for"} else i + 1
        materials = self.measures.materials(s, left, noun.first) or self.measures.materials(s, i, high)
        low = materials[0] if materials else i
        return Draft(
            i, family, (noun.first, noun.last), low, max(high, noun.last), "of-amount", owners=tuple(owners),
            certainty=hedged,
        )  # fmt: skip

    def fixed(self, s: Sentence, i: int, words: Readings) -> Draft | None:
        """Return "set the export quota for 2011 at AMOUNT", "cut its quota to AMOUNT"."""
        if i < 3 or s.units[i - 1].low not in {"at", "to"} or amount_of(s.units[i], "mass") is None:
            return None
        left, _ = self.grammar.clause(s, i)
        for verb in reversed(words.between(left, i, "fix")):
            nouns = [
                n
                for n in words.between(verb.last + 1, i, "measure")
                if n.tag.cls.split(".")[1] in _OF_LEVEL
                and not n.has("measure.production.share")
                and s.units[n.last + 1].low not in _AIMS
            ]
            if not nouns or any(u.text in {",", ";"} for u in s.units[verb.last : i]):
                continue
            group = self.measures.group(s, verb)
            owners = tuple(possessor(s, verb.last, nouns[0].first)) or self.measures.actor(s, group)
            return Draft(
                i, nouns[0].tag.cls.split(".")[1], (nouns[0].first, nouns[0].last), verb.last + 1, i, "fixed",
                verb=group, owners=owners,
            )  # fmt: skip
        return None

    def passive(self, s: Sentence, i: int, words: Readings, last: Draft | None) -> Draft | None:
        """Return "AMOUNT of gallium were exported", "AMOUNT may leave the country", more years of a quota."""
        if amount_of(s.units[i], "mass") is None:
            return None
        of = i + 1 < len(s.units) and s.units[i + 1].low == "of"
        end = self.measures.phrase_end(s, i + 2, words) if of else i + 1
        j, modal, be = end, False, False
        while j + 3 < len(s.units) and s.units[j].low in {"and", ","} and amount_of(s.units[j + 1], "mass"):
            j = self.measures.phrase_end(s, j + 3, words)  # "AMOUNT of A and AMOUNT of B were exported"
        start = j
        while j < len(s.units) and j - start < 4:
            unit = s.units[j]
            modal = modal or unit.low in {"may", "can", "could"}
            be = be or unit.low in _BE
            leave, goods = words.at(j, "leave"), words.at(j, "goods")
            if leave is not None and modal:
                owners = [
                    k for k in range(j, min(j + 4, len(s.units))) if s.units[k].low in {"country", "nation"}
                ]
                owners += places(s, j, j + 4)
                if not owners:
                    return None
                return Draft(
                    i, "quota", (leave.first, leave.last), i, end, "may-leave", owners=tuple(owners[:1]),
                    certainty="planned",
                )  # fmt: skip
            if goods is not None and be and goods.tag.form in {"past", "participle"}:
                return self._shipped(s, i, end, goods, modal=modal, of=of)
            if not (
                unit.low in self.grammar.words["auxiliaries"] or unit.low in self.grammar.words["adverbs"]
            ):
                break
            j += 1
        further = last is not None and last.family == "quota" and s.units[i - 1].low == "and"
        if (
            further
            and last is not None
            and end < len(s.units)
            and s.units[end].low in {"in", "for", "a", "per"}
        ):
            return Draft(
                i, "quota", last.measure, last.low, last.high, "quota-shared", owners=last.owners,
                certainty=last.certainty,
            )  # fmt: skip
        return None

    def _shipped(self, s: Sentence, i: int, end: int, goods: Found, *, modal: bool, of: bool) -> Draft | None:
        """Return "AMOUNT of gallium were exported from X"; None without the good and a place."""
        family = goods.tag.cls.split(".")[1]
        behind = places(s, goods.last + 1, goods.last + 4)
        named = [k for k in behind if s.units[k - 1].low in {"from", "by", "in"}]
        if not of and not named:
            return None
        return Draft(
            i, "quota" if modal and family == "exports" else family, (goods.first, goods.last), i, end,
            "passive", verb=None if modal else self.measures.group(s, goods), owners=tuple(named[:1]),
            certainty="planned" if modal else "",
        )  # fmt: skip

    def find(self, s: Sentence, words: Readings, *, figures: bool) -> list[Draft]:
        """Return the lists of partners of a sentence, and the growth of exports that it expects."""
        out = self._destinations(s, words)
        if not figures and not any(u.amount is not None and u.amount.value for u in s.units):
            out += self._expected(s, words)
        return out

    def _destinations(self, s: Sentence, words: Readings) -> list[Draft]:
        """Return "the top destinations were A, B and C" and "A, B and C were the largest buyers"."""
        for noun in words.of("destinations"):
            ranks = words.between(max(0, noun.first - 4), noun.first, "rank")
            if not ranks:
                continue
            be = next(
                (
                    j
                    for j in range(noun.last + 1, len(s.units))
                    if s.units[j].low in _LISTED and not s.units[j].kind
                ),
                None,
            )
            listed = self._list(s, be + 1, len(s.units)) if be is not None else []
            if len(listed) < 2:
                before = ranks[0].first - 1
                while before >= 0 and s.units[before].low in {"the", "its", "their"}:
                    before -= 1
                if before < 3 or s.units[before].low not in _LISTED:
                    continue
                listed = self._list(s, 0, before)
            if len(listed) < 2:
                continue
            low = noun.last + 1
            high = be if be is not None and be < listed[0] else len(s.units)
            owners = [
                j for j in places(s, low, high)
                if j not in listed and (s.units[j].demonym or s.units[j - 1].low in {"from", "of"})
            ]  # fmt: skip
            owners = owners or possessor(s, max(0, ranks[0].first - 3), ranks[0].first)
            return [
                Draft(
                    noun.first, "destinations", (ranks[0].first, noun.last), low, high, "destinations",
                    owners=tuple(owners[:1]), partners=tuple(listed),
                )
            ]  # fmt: skip
        return []

    @staticmethod
    def _list(s: Sentence, low: int, high: int) -> list[int]:
        """Return the places of one list in units [low, high); none where other words stand between."""
        out: list[int] = []
        if low < high and s.units[low].low == "by":  # "By value, ..."
            low = next((j + 1 for j in range(low, min(low + 4, high)) if s.units[j].text == ","), low)
        for j in range(low, high):
            unit = s.units[j]
            if unit.reading(PLACES) and not unit.demonym:
                out.append(j)
            elif out and not (unit.text in {",", "and"} or unit.low == "the"):
                break
            elif not out and unit.low not in {",", "the", "by", "country"}:
                return []
        return out

    def _expected(self, s: Sentence, words: Readings) -> list[Draft]:
        """Return the growth of exports that a text expects without a figure."""
        for found in words.of("raise"):
            noun = next((n for n in words.between(found.last + 1, found.last + 4, "measure.exports")), None)
            if noun is None or noun.tag.id != "exports" or found.tag.form == "past":
                continue
            group = self.measures.group(s, found)
            subject = self.grammar.subject(s, group)
            certainty = stance_of(self.grammar, s, group, subject).certainty
            cued = any(u.has("planned") for u in s.units[max(0, group.first - 4) : group.verb])
            if certainty != "planned" or (group.infinitive and not cued):
                continue  # "agreed to deals to increase shipments": an aim
            _left, _ = self.grammar.clause(s, found.first)
            owners = tuple(possessor(s, found.last, noun.first)) or tuple(
                h for h in subject if s.units[h].kind in PLACES | {FIRM}
            )
            return [
                Draft(
                    noun.first, "exports", (noun.first, noun.last), noun.first - 1, noun.last + 3, "expected",
                    verb=group, owners=owners, change="up", changed=(found.first, found.last),
                )
            ]  # fmt: skip
        return []
