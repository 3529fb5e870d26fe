"""Licenses told by lists of firms.

"X is among the firms cleared", "the companies to get the nod are A and B", "Approved so far: A, B".
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Final

from kgbuild.extract.arguments import named
from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.license_context import LicenseContext
from kgbuild.extract.license_counts import NUMBERS
from kgbuild.extract.license_events import LicenseEvents, Told
from kgbuild.extract.license_nouns import LicenseNouns, Noun
from kgbuild.extract.license_roles import LicenseRoles
from kgbuild.extract.license_scenes import unique
from kgbuild.extract.stance import Stance, find_speech
from kgbuild.extract.units import FIRM, PLACES, Sentence, Unit
from kgbuild.model import Argument, Event

_BE: Final = frozenset({"is", "are", "was", "were", "remain", "remains"})
_LIST_VERBS: Final = _BE | {"include", "includes", "included"}
_NAMING: Final = frozenset("named names naming listed lists identified identifies".split())
_VERBS: Final = ("license.get", "license.give", "license.allow", "license.deny", "license.revoke")
_HEDGES: Final = ("possible", "planned", "hypothetical", "duty", "doubt")
#: Units between a group of firms and the list of its members.
_SPAN: Final = 14


class LicenseLists:
    """Reads lists of firms that a license verb describes."""

    def __init__(
        self, grammar: Grammar, roles: LicenseRoles, context: LicenseContext, nouns: LicenseNouns,
        events: LicenseEvents,
    ) -> None:  # fmt: skip
        self._grammar = grammar
        self._roles = roles
        self._context = context
        self._nouns = nouns
        self._events = events

    def find(self, s: Sentence, nouns: list[Noun]) -> tuple[list[Event], set[int]]:
        """Return the events of `s` and the verbs that they have used."""
        told = self._among(s, nouns) or self._equated(s, nouns) or self._headed(s, nouns)
        if told is None:
            armed = self._armed(s, nouns)
            return ([armed] if armed is not None else []), set()
        event, verb = told
        return [event], {verb}

    # ---- membership: X is (not) among the firms cleared

    def _among(self, s: Sentence, nouns: list[Noun]) -> tuple[Event, int] | None:
        for i, unit in enumerate(s.units):
            if unit.low != "among" and not (unit.low == "of" and i and s.units[i - 1].low == "one"):
                continue
            head = self._group(s, i + 1)
            verb = self._describing(s, head) if head is not None else None
            if head is None or verb is None:
                continue
            opens = i if unit.low == "among" else i - 1
            firms, negated, hedged = self._placed(s, opens, verb[0])
            if firms and not hedged:
                denied = negated != (verb[1].action == "granted" and self._negated(s, head, verb[0]))
                stance = Stance("denied") if denied else Stance()
                event = self._event(s, nouns, verb, unique(firms), stance)
                if event is not None:
                    return event, verb[0]
        return None

    def _group(self, s: Sentence, low: int) -> int | None:
        """Return the word for a group of firms that begins at unit `low`: "the first firms", "those"."""
        for i in range(low, min(len(s.units), low + 7)):
            unit = s.units[i]
            if unit.low in {"those", "them"} or (unit.has("role") and not unit.kind):
                return i
            if unit.low in self._grammar.words["prepositions"] or not unit.is_word:
                return None
        return None

    def _describing(self, s: Sentence, head: int) -> tuple[int, Tag] | None:
        """Return the license verb that tells which firms are meant: "that won", "cleared", "to get"."""
        for i in range(head + 1, min(len(s.units), head + 8)):
            unit = s.units[i]
            if unit.text in {",", ";", ":", "."} or any(unit.has(h) for h in _HEDGES):
                return None
            for cls in _VERBS if not _noun(unit) else ():
                for tag in self._grammar.tags_at(s, i, cls)[:1]:
                    placed = s.units[head + 1].low in {"in", "from"} and s.units[head + 2].kind in PLACES
                    relative = s.units[head + 1 + 2 * placed].low in {"that", "which", "who", "to", "whose"}
                    bare = i <= head + 2 and tag.form in {"past", "participle", "ing"}
                    if relative or bare:
                        return i, tag
        return None

    def _placed(self, s: Sentence, among: int, verb: int) -> tuple[list[Argument], bool, bool]:
        """Return the firms that are put among a group, whether that is denied, and whether only supposed."""
        start = among
        while start and s.units[start - 1].low in self._grammar.words["adverbs"] | {"not", "also"}:
            start -= 1
        negated = any(u.has("negation") for u in s.units[start:among])
        if start and s.units[start - 1].low in _BE:
            be = VerbGroup(start - 1, start - 1, Tag("be", "be", "", "past"), False, False)
            left, _ = self._grammar.clause(s, start - 1)
            negated ^= any(u.has("negation") for u in s.units[left : left + 1])  # "neither A nor B is"
            heads = self._grammar.subject(s, be)
            known = [a for h in heads for a in self._roles.fill("holder", s, h) if a.name or a.value]
            hedged = any(u.has(h) for u in s.units[left:start] for h in _HEDGES)
            return [*known, *self._roles.unknown_members(s, heads)], negated, hedged
        if start > 1:
            return [], negated, False
        at = next(
            (k for k in range(verb + 1, min(len(s.units), verb + 10)) if s.units[k].low in _LIST_VERBS), 0
        )
        return (self.members(s, at + 1) if at else []), negated, False

    def _negated(self, s: Sentence, head: int, verb: int) -> bool:
        return any(u.has("negation") for u in s.units[head:verb])

    # ---- "the companies to get the nod are A, B and C"

    def _equated(self, s: Sentence, nouns: list[Noun]) -> tuple[Event, int] | None:
        for head, unit in enumerate(s.units):
            if not unit.has("role") or unit.kind or not unit.low.endswith("s"):
                continue
            verb = self._describing(s, head)
            if verb is None or self._grammar.governed(s, head, 0):
                continue
            for k in range(verb[0] + 1, min(len(s.units), head + _SPAN)):
                if s.units[k].text in {";", "."} or any(s.units[k].has(h) for h in _HEDGES):
                    break
                if s.units[k].low in _BE or s.units[k].text == ":":
                    firms = self.members(s, k + 1)
                    if firms:
                        stance = Stance("denied") if self._negated(s, head, verb[0]) else Stance()
                        event = self._event(s, nouns, verb, firms, stance)
                        return (event, verb[0]) if event is not None else None
                    break
        return None

    # ---- openers without a verb: "Armed with an export license, X ships"

    def _armed(self, s: Sentence, nouns: list[Noun]) -> Event | None:
        first = s.units[0].low
        if not nouns or not (
            first in {"armed", "equipped"} or (first == "with" and _in_hand(s, nouns[0].at))
            or (nouns[0].first <= 1 and _in_hand(s, nouns[0].at, 1))
        ):  # fmt: skip
            return None
        comma = next((i for i in range(nouns[0].at, len(s.units)) if s.units[i].text == ","), None)
        behind = range(comma + 1, min(len(s.units), comma + 6)) if comma is not None else range(0)
        head = next((i for i in behind if s.units[i].kind == FIRM or s.units[i].low in {"it", "they"}), None)
        if comma is None or head is None or self._grammar.possessive(s, head):
            return None
        firms = self._roles.fill("holder", s, head)
        told = Told(nouns[0], 0, (0, comma), Stance(), find_speech(self._grammar, s, head))
        return self._events.event(s, "license-armed", "granted", firms, told) if firms else None

    # ---- digests: a participle, a colon, a list

    def _headed(self, s: Sentence, nouns: list[Noun]) -> tuple[Event, int] | None:
        colon = next((i for i, u in enumerate(s.units[:9]) if u.text == ":"), None)
        if colon is None or any(u.kind == FIRM or u.has("speech") for u in s.units[:colon]):
            return None
        for i in range(min(colon, 4)):
            for cls in _VERBS:
                for tag in self._grammar.tags_at(s, i, cls)[:1]:
                    passive = tag.form in {"past", "participle"} and not cls.startswith("license.get")
                    alone = i == 0 or (i < 4 and s.units[i - 1].has("license"))
                    hedged = any(u.has(h) or u.has("negation") for u in s.units[:colon] for h in _HEDGES)
                    firms = self.members(s, colon + 1) if passive and alone and not hedged else []
                    event = self._event(s, nouns, (i, tag), firms, Stance()) if firms else None
                    if event is not None:
                        return event, i
        return None

    # ---- the names of firms that were told without

    def named(self, s: Sentence) -> Event | None:
        """Return a license told without names whose holders `s` names: "people named four: A, B, C and D"."""
        last = self._context.last(s, 2)
        if last is None or any(h.name for h in last.of("holder")) or not last.of("holder"):
            return None
        at = next((i for i, u in enumerate(s.units[:12]) if u.low in _NAMING), None)
        if at is None or any(u.has("negation") for u in s.units[:at]):
            return None
        behind = range(at + 1, min(len(s.units), at + 6))
        opened = next((k for k in behind if s.units[k].text == ":" or s.units[k].low == "as"), None)
        counted = any(u.kind == "Quantity" or u.low in {"them", *NUMBERS} for u in s.units[at : at + 4])
        if opened is None or not counted:
            return None
        firms = self.members(s, opened + 1)
        if len(firms) < 2:
            return None
        kept = [
            replace(a, inferred=True, derivation="told in the sentence before")
            for a in last.arguments
            if a.role != "holder"
        ]
        arguments = tuple(sorted({*kept, *firms}))
        return replace(
            last, start=s.start, end=s.end, arguments=arguments, rule="license-members", repeats=()
        )

    def members(self, s: Sentence, low: int) -> list[Argument]:
        """Return the firms of the list that begins at unit `low`; nobody where anything else opens it.

        Subsidiaries and suppliers of somebody are members without a name.
        """
        served = self._grammar.served(s)
        out: list[Argument] = []
        i = low
        while i < len(s.units):
            unit = s.units[i]
            if unit.kind == FIRM and i not in served and not self._grammar.possessive(s, i):
                out.append(named("holder", unit))
            elif self._grammar.belongs(unit) and not unit.has("role.customer"):
                out += self._roles.fill("holder", s, i)
            elif not (
                unit.text in {",", "(", ")", "&", "-"} or unit.kind in {"Ticker", "City"} or unit.demonym
                or unit.low in {"and", "the", "of", "local"} or i in served
            ) or (unit.text == "," and out and not self._goes_on(s, i)):  # fmt: skip
                break
            i += 1
        heads = [k for k in range(low, i) if s.units[k].kind == FIRM]
        return unique([*out, *self._roles.unknown_members(s, heads)])

    def _goes_on(self, s: Sentence, comma: int) -> bool:
        ahead = s.units[comma + 1 : comma + 6]
        return any(u.kind == FIRM or self._grammar.belongs(u) for u in ahead) and not any(
            u.has("speech") for u in ahead[:1]
        )

    def _event(
        self, s: Sentence, nouns: list[Noun], verb: tuple[int, Tag], firms: list[Argument], stance: Stance
    ) -> Event | None:
        at, tag = verb
        near = [n for n in nouns if n.at > at]
        noun = near[0] if near else None
        if noun is None:
            known = nouns[-1].kind if nouns else self._context.near(s, nouns)
            last = self._context.last(s, 6)
            if not known and not self._nouns.told and last is None:
                return None
            kind = (
                known or (next((k.value for k in last.of("kind")), "") if last else "") or self._nouns.usual
            )
            noun = Noun(at, at, kind, None, inferred=True)
        region = (min(at, noun.first), noun.at + 1)
        _, right = self._grammar.clause(s, max(at, noun.at))
        end = next(
            (k for k in range(noun.at, right) if s.units[k].low in _BE or s.units[k].text == ":"), right
        )
        told = Told(noun, at, (region[0], end), stance, find_speech(self._grammar, s, at))
        return self._events.event(s, "license-listed", tag.action, firms, told)


def _noun(unit: Unit) -> bool:
    return any(not t.form and t.cls.startswith("license") for t in unit.tags)


def _in_hand(s: Sentence, at: int, reach: int = 7) -> bool:
    behind = [u.low for u in s.units[at + 1 : at + 2 + reach]]
    return any(pair in {("in", "hand"), ("in", "place")} for pair in pairwise(behind))
