"""Who the subject of a license verb is, where plain grammar does not reach.

Openers, copulas, "One", "each", "the other three", "they" for firms that nobody named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kgbuild.extract.arguments import Arguments, named
from kgbuild.extract.grammar import POSSESSIVES, PRONOUNS, Grammar, VerbGroup, positions
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.license_counts import counted, pits
from kgbuild.extract.license_verbs import across_aside, inserted
from kgbuild.extract.stance import find_speech
from kgbuild.extract.units import FIRM, Sentence, Unit
from kgbuild.model import Argument, Event

_BE: Final = frozenset({"is", "are", "was", "were", "became", "becomes", "become"})
#: Words that stand alone for a part of a group of firms told before, with how many they are.
_PARTS: Final = {
    "one": "1",
    "another": "1",
    "a second": "2",
    "a third": "1",
    "latter": "1",
    "others": "",
    "some": "",
}
#: Words that stand alone for all firms told before.
_ALL: Final = frozenset({"each", "both", "all"})
#: Words before "receiving a license" that tell that it was received.
_OPENERS: Final = frozenset({"after", "since", "following", "upon", "on"})
#: Sentences around a subsidiary without a name in which the text may name it.
_NEAR: Final = 8
_CAUSING: Final = frozenset({"had", "has", "have", "having", "saw", "sees", "seen", "see", "got"})
#: Words between a part and its verb: "One of them said", "another one had".
_OF: Final = frozenset({"of", "them", "these", "those", "the", "other", "one"})


class LicenseSubjects:
    """Finds the subject of a license verb and what an unnamed subject stands for."""

    def __init__(self, text: str, grammar: Grammar, arguments: Arguments) -> None:
        self._text = text
        self._grammar = grammar
        self._arguments = arguments
        self.sentences: Sequence[Sentence] = ()
        self.last: Event | None = None  #: the license told right before the sentence that is being read

    # ---- where the subject stands

    def find(self, s: Sentence, group: VerbGroup) -> list[int]:
        """Return the units that head the subject of `group`, be it in another clause of the sentence."""
        if group.first and s.units[group.first - 1].text in {"“", '"', "‘"}:
            group = replace(group, first=group.first - 1)  # the company said it “received an exemption”
        heads = self._grammar.subject(s, group) or self._grammar.shared_subject(s, group)
        served = self._grammar.served(s)
        heads = [h for h in heads if h not in served] or self._part(s, group)
        heads = heads or self._begun(s, group) or self._opening(s, group) or self._after(s, group)
        heads = heads or inserted(self._grammar, s, group) or across_aside(self._grammar, s, group)
        return sorted({*heads, *self._joined(s, group, heads)})

    def _after(self, s: Sentence, group: VerbGroup) -> list[int]:
        """Return the main subject of "X ships again after winning a license"."""
        i = group.first - 1
        if group.tag.form != "ing" or i < 1 or s.units[i].low not in _OPENERS | {"by"}:
            return []
        for k in range(i):
            unit = s.units[k]
            if unit.kind == FIRM and not self._grammar.possessive(s, k):
                return [] if self._grammar.governed(s, k, 0) else [k]
            if self._grammar.is_auxiliary(unit) or any(t.form in {"past", "third"} for t in unit.tags):
                return []
        return []

    @staticmethod
    def first(s: Sentence, group: VerbGroup) -> list[int]:
        """Return the firm that opens a headline: "X first to win a license"."""
        opens = s.kind == "headline" and s.units[0].kind == FIRM and group.first > 0
        return [0] if opens else []

    def _joined(self, s: Sentence, group: VerbGroup, heads: list[int]) -> list[int]:
        """Return the firms that "along with" or "as well as" joins to the subject `heads`."""
        if not heads or s.units[heads[0]].kind != FIRM:
            return []
        out = []
        for i in range(max(0, heads[0] - 6), group.first - 2):
            joins = s.units[i].low in {"along", "together"} and s.units[i + 1].low == "with"
            well = [u.low for u in s.units[i : i + 3]] == ["as", "well", "as"]
            if joins or well:
                ends = range(i + 2, min(group.first, i + 6))
                out += [k for k in (i - 1, *ends) if k >= 0 and s.units[k].kind == FIRM]
        return out

    def _begun(self, s: Sentence, group: VerbGroup) -> list[int]:
        """Return the subject of "has begun issuing licenses"."""
        i = group.first - 1
        if group.tag.form != "ing" or i < 1 or s.units[i].low not in self._grammar.words["begun"]:
            return []
        begun = self._grammar.verb_group(s, i, Tag("begin", "begin", "", "past"))
        return self._grammar.subject(s, begun) or self._grammar.shared_subject(s, begun)

    def _opening(self, s: Sentence, group: VerbGroup) -> list[int]:
        """Return the main subject behind an opener: "Granted a license in May, X ships again"."""
        opens = group.first == 0 or (
            group.first == 1 and group.tag.form == "ing" and s.units[0].low in _OPENERS
        )
        if (
            not opens
            or s.units[group.first].low == "without"
            or group.tag.form not in {"past", "participle", "ing"}
            or s.kind == "headline"
        ):
            return []
        bare = group.tag.form == "ing" or s.units[group.first].low == "having" or group.first == group.verb
        comma = next((i for i in range(group.verb + 1, len(s.units)) if self._ends_opener(s, i)), None)
        if not bare or comma is None or comma - group.verb > 20:
            return []
        for i in range(comma + 1, min(comma + 8, len(s.units))):
            unit = s.units[i]
            following = s.units[i + 1] if i + 1 < len(s.units) else None
            if unit.has("role") and following is not None and following.kind == FIRM:
                continue
            if unit.kind == FIRM or unit.has("role") or unit.low in {"it", "they"}:
                return [] if self._grammar.possessive(s, i) else [i]
            if unit.low in self._grammar.words["prepositions"] or any(t.form for t in unit.tags):
                return []
        return []

    def clause(self, s: Sentence, group: VerbGroup) -> tuple[int, int]:
        """Return the units [left, right) of the clause of `group`: an opener and an inserted clause end."""
        left, right = self._grammar.clause(s, group.verb)
        inserted = s.units[left].low in {"which", "who", "whose"}
        for i in range(group.verb + 1, right):
            if s.units[i].text == "," and (
                (inserted and self._goes_on(s, i + 1))
                or (not inserted and self._ends_opener(s, i) and self._opening(s, group))
            ):
                return left, i
        return left, right

    def _goes_on(self, s: Sentence, i: int) -> bool:
        """Return whether the main verb follows at unit `i`: "X, which has a license, will ship"."""
        while i < len(s.units) and s.units[i].low in self._grammar.words["adverbs"]:
            i += 1
        if i >= len(s.units) or s.units[i].kind:
            return False
        finite = any(t.form in {"third", "past"} for t in s.units[i].tags)
        return self._grammar.is_auxiliary(s.units[i]) or finite

    @staticmethod
    def _ends_opener(s: Sentence, i: int) -> bool:
        """Return whether the comma at `i` ends an opener and does not join a list of places."""
        if s.units[i].text != ",":
            return False
        behind = s.units[i + 1 : i + 3]
        return bool(behind) and behind[0].kind not in {"Country", "WorldRegion"} and behind[0].low != "and"

    def _part(self, s: Sentence, group: VerbGroup) -> list[int]:
        """Return "One", "Each" or "The other three" that stand alone before a verb."""
        i = group.first - 1
        while i > 0 and s.units[i].low in _OF:
            i -= 1
        if i < 0 or i > 5:
            return []
        unit = s.units[i]
        alone = unit.low in _PARTS or unit.low in _ALL or bool(counted(unit))
        opened = 2 if len(s.units) > 2 and s.units[1].kind == "Time" else 0  # "On Friday both lost"
        starts = all(u.low in {"the", "other", "all", "but", "and", "only", ","} for u in s.units[opened:i])
        return [i] if alone and starts and not (unit.kind and unit.amount is None) else []

    def caused(self, s: Sentence, own: int) -> list[Argument] | None:
        """Return whose license "its" at unit `own` is in "X had its license renewed": the subject's.

        None where no such verb stands before it; nobody where the subject has a name that nobody knows.
        """
        k = own - 1
        if k < 1 or s.units[own].low not in {"its", "their"} or s.units[k].low not in _CAUSING:
            return None
        end = k
        while end > 1 and s.units[end - 1].low in self._grammar.words["adverbs"] | {"either"}:
            end -= 1
        heads = self._grammar.subject(s, VerbGroup(end, k, Tag("have", "have", "", "past"), False, False))
        firms = [h for h in heads if s.units[h].kind == FIRM and end - h < 12]
        if firms and firms[-1] == end - 1:
            return [named("holder", s.units[h]) for h in firms]
        first = end
        while first > 0 and _in_name(s.units[first - 1]):
            first -= 1
        while first < end and not s.units[first].text[:1].isupper():
            first += 1
        words = [u for u in s.units[first:end] if u.text[:1].isupper() and not u.tags]
        if len(words) > 1 and not any(u.kind == FIRM for u in words):
            start, stop = s.units[first].start, s.units[end - 1].end
            name = self._text[start:stop]
            return [
                Argument("holder", FIRM, name, start, stop, name, derivation="subject of a license frame")
            ]
        return pits(self._text, self._grammar, s, end)

    # ---- what it stands for

    def _of_owner(self, role: str, s: Sentence, i: int) -> list[Argument]:
        """Return the subsidiary without a name that is told by its owner: "the local arm of X", "X unit"."""
        start, end = s.units[self._grammar.describe(s, i).first].start, s.units[i].end
        owned = False
        if i and s.units[i - 1].kind == FIRM:
            start, owned = s.units[i - 1].start, True
        elif self._owned_by(s, self._grammar.describe(s, i).first):
            owned = True
        elif i + 2 < len(s.units) and s.units[i + 1].low == "of" and s.units[i + 2].kind == FIRM:
            end, owned = s.units[i + 2].end, True
        if not owned:
            return []
        value = "" if s.units[i].low.endswith("s") else "1"
        text = self._text[start:end]
        return [Argument(role, "UnnamedFirm", text, start, end, "", value, derivation="told by its owner")]

    def _apposed_name(self, role: str, s: Sentence, i: int) -> list[Argument]:
        """Return the name between commas behind a subsidiary: "X's subsidiary, Example Grande, a license"."""
        if i + 3 >= len(s.units) or s.units[i + 1].text != ",":
            return []
        last = i + 1
        while last + 1 < len(s.units) and self._grammar.name_word(s.units[last + 1]):
            last += 1
        closed = last + 1 < len(s.units) and s.units[last + 1].text == ","
        found = self._grammar.unknown_name(s, i + 2, last) if closed and last > i + 1 else None
        if found is None:
            return []
        start, end = s.units[found[0]].start, s.units[found[1]].end
        name = self._text[start:end]
        return [Argument(role, FIRM, name, start, end, name, derivation="names a subsidiary")]

    def _owned_by(self, s: Sentence, first: int) -> bool:
        """Return whether a firm owns the phrase at unit `first`: "its Nanjing unit", "X's Nanjing unit"."""
        if s.units[first].low in {"its", "their"}:
            owner = self._arguments.coreference.refer(s, first, firm=True)
            return owner is not None and owner.kind == FIRM
        before = s.units[first - 1]
        firm = before.kind == FIRM or before.text == "Company"
        return first > 0 and s.units[first].text in POSSESSIVES and firm

    def unit(self, role: str, s: Sentence, i: int) -> list[Argument]:
        """Return the subsidiary that the word at unit `i` describes, by the only name the text gives one."""
        unit = s.units[i]
        opener = s.units[self._grammar.describe(s, i).first]
        if unit.has("role") and opener.low in {"his", "her", "my"}:  # a person's partner: no firm told before
            start, text = opener.start, self._text[opener.start : unit.end]
            return [Argument(role, "UnnamedFirm", text, start, unit.end, "", "1", derivation="unnamed")]
        if unit.text == "Company" and i and s.units[i - 1].low == "the" and not unit.kind:
            firm = next((u for b in self.sentences[: s.index] for u in b.units if u.kind == FIRM), None)
            step = "coreference: the Company of a notice is who gives it"
            return [replace(named(role, firm), inferred=True, derivation=step)] if firm is not None else []
        if not unit.has("role.unit") or unit.kind:
            return []
        named_units = {}
        for other in self.sentences[max(0, s.index - _NEAR) : s.index + _NEAR + 1]:
            for k in positions(other, "role.unit"):
                firm = _beside(other, k)
                if firm is not None:
                    named_units[firm.name] = firm
        if len(named_units) != 1:
            return self._apposed_name(role, s, i) or self._of_owner(role, s, i)
        [firm] = named_units.values()
        step = f"coreference: {unit.text} = {firm.text}, the only one named"
        return [
            replace(
                named(role, firm), start=unit.start, end=unit.end, text=unit.text, inferred=True,
                derivation=step,
            )
        ]  # fmt: skip

    def stands_for(self, role: str, s: Sentence, i: int) -> list[Argument]:
        """Return what the unit `i` stands for that names no firm."""
        unit = s.units[i]
        if unit.low in {"we", "our"}:
            return self._speaking(role, s, i)
        if unit.low in PRONOUNS or unit.low in {"their", "its"}:
            return self._described(role, s, i)
        if unit.kind and unit.kind != "Quantity":
            return []
        return self._of_group(role, s, i)

    def _of_group(self, role: str, s: Sentence, i: int) -> list[Argument]:
        unit, last = s.units[i], self.last
        if unit.low == "latter":
            before = self.sentences[s.index - 1 : s.index] if s.index else ()
            firms = [u for b in (*before, s) for u in b.units if u.kind == FIRM and u.end <= unit.start]
            step = "coreference: the latter"
            return [replace(named(role, u), inferred=True, derivation=step) for u in firms[-1:]]
        holders = last.of("holder") if last is not None else ()
        counts = unit.low in _PARTS or counted(unit)
        if not holders or not (counts or unit.low in _ALL):
            return []
        step = f"coreference: {unit.text} of those told before"
        if unit.low in _ALL:
            return [
                replace(
                    a, start=unit.start, end=unit.end, text=unit.text, inferred=True, derivation=step
                )
                for a in holders
            ]  # fmt: skip
        unnamed = [a for a in holders if a.kind == "UnnamedFirm"]
        if not unnamed:
            return []
        value = _PARTS.get(unit.low, counted(unit))
        return [
            Argument(
                role, "UnnamedFirm", unit.text, unit.start, unit.end, "", value, inferred=True,
                derivation=step,
            )
        ]  # fmt: skip

    def _described(self, role: str, s: Sentence, i: int) -> list[Argument]:
        """Return the firms, not named, that "they" are: "three makers said they had received"."""
        first = next((k for k, u in enumerate(s.units[:6]) if u.has("role") and not u.kind), None)
        counted = first is not None and first < i and self._grammar.describe(s, first).count
        theirs = s.units[i].low == "their" and not any(u.kind == FIRM for u in s.units[:i])
        theirs = theirs and first is not None and not self._grammar.describe(s, first).first
        if theirs and first is not None and counted and first < i - 2:
            return self._arguments.holders(role, s, first, self._text)
        for j in range(i - 1, max(-1, i - 30), -1):
            for tag in self._grammar.tags_at(s, j, "speech")[:1]:
                heads = self._grammar.subject(s, self._grammar.verb_group(s, j, tag))
                described = [h for h in heads if s.units[h].has("role") and not s.units[h].kind]
                if described and not s.units[described[0]].has("role.customer"):
                    found = self._arguments.holders(role, s, described[0], self._text)
                    step = f"coreference: {s.units[i].text} = {s.units[described[0]].text}"
                    return [replace(a, inferred=True, derivation=step) for a in found]
                if heads:
                    return []
        return []

    def _speaking(self, role: str, s: Sentence, i: int) -> list[Argument]:
        """Return the firm whose officer says "we": "we obtained permits, X chief executive Y said"."""
        speech = find_speech(self._grammar, s, i)
        at = speech.speaker if speech is not None and speech.speaker is not None else None
        if at is None:
            said = [k for k in range(i + 1, len(s.units)) if self._grammar.tags_at(s, k, "speech.say")]
            at = said[-1] + 2 if said and len(s.units) - said[-1] <= 14 else None
        if at is None:
            return []
        low, high = max(0, at - 4), min(len(s.units), at + 8)
        firms = [u for u in s.units[low:high] if u.kind == FIRM and not (low <= i < high and u is s.units[i])]
        unit = s.units[i]
        if not firms and (s.units[at].low == "it" or s.units[at].has("role")):
            told = self._arguments.actor(role, s, at, firm=True)
            if told is None or told.kind != FIRM:
                return []
            step = f"coreference: {unit.text} = {told.name}"
            return [
                replace(
                    told, start=unit.start, end=unit.end, text=unit.text, inferred=True, derivation=step
                )
            ]  # fmt: skip
        if len({u.name for u in firms}) != 1:
            return []
        step = f"coreference: {unit.text} = {firms[0].text}"
        return [
            replace(
                named(role, firms[0]), start=unit.start, end=unit.end, text=unit.text, inferred=True,
                derivation=step,
            )
        ]  # fmt: skip


def _beside(s: Sentence, k: int) -> Unit | None:
    """Return the firm that names the subsidiary at unit `k`: "its unit, X", "X, a unit of"."""
    behind = s.units[k + 1 : k + 3]
    if behind and behind[0].kind == FIRM:
        return behind[0]
    if len(behind) == 2 and behind[0].text == "," and behind[1].kind == FIRM:
        return behind[1]
    for j in range(k - 1, max(0, k - 6), -1):
        if s.units[j].text == ",":
            return s.units[j - 1] if s.units[j - 1].kind == FIRM else None
        if s.units[j].kind == FIRM:
            return None
    return None


def _in_name(unit: Unit) -> bool:
    """Return whether a unit can stand inside a name: a capitalized word, or "de" between two."""
    particle = unit.low in {"de", "des", "du", "da", "do", "la", "le", "&", "-"}
    return particle or (unit.text[:1].isupper() and unit.kind in {"", "City", "Province", "Country"})
