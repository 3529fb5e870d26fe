"""Licenses told without a verb of licensing: applications that wait, lists, possession, possessives."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.arguments import Arguments, quantity
from kgbuild.extract.grammar import POSSESSIVES, Grammar, VerbGroup
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.license_context import LicenseContext
from kgbuild.extract.license_events import LicenseEvents, Told
from kgbuild.extract.license_nouns import LicenseNouns, Noun
from kgbuild.extract.license_roles import LicenseRoles
from kgbuild.extract.license_scenes import unique
from kgbuild.extract.license_topics import LicenseTopics
from kgbuild.extract.license_words import asked_for
from kgbuild.extract.stance import Speech, Stance, find_speech, stance_of
from kgbuild.extract.units import BODIES, FIRM, Sentence
from kgbuild.model import Argument, Event

#: How words begin that tell that an application is not filed yet.
_PREPARING: Final = ("prepar", "draft", "plan", "complet", "work", "finaliz", "finalis", "ready")
_COPULAS: Final = frozenset(
    "is are was were be been remain remains remained lie lies lay lain lying sit sits sat sitting stay stays "
    "stayed rest rests rested gone".split()
)
#: What is said of a license that somebody calls into question.
_ARGUED: Final = frozenset(
    "dispute disputed undisputed contested valid lawful legal secure doubt question".split()
)
_BESIDE: Final = frozenset({"application", "applications", "bid", "request", "requests", "papers"})
_ASKED: Final = ("license.application", "license.request", "license.papers", "license.exempt")
_HEDGES: Final = (
    "possible",
    "planned",
    "negation",
    "duty",
    "license.apply",
    "license.await",
    "hypothetical",
    "doubt",
)


class LicenseMentions:
    """Reads what a sentence tells of licenses beside the frames."""

    def __init__(
        self, grammar: Grammar, arguments: Arguments, roles: LicenseRoles, context: LicenseContext,
        nouns: LicenseNouns, events: LicenseEvents,
    ) -> None:  # fmt: skip
        self._grammar = grammar
        self._arguments = arguments
        self._roles = roles
        self._context = context
        self._nouns = nouns
        self._events = events
        self.topics: LicenseTopics | None = None

    def subject(self, s: Sentence, group: VerbGroup) -> list[int]:
        """Return the subject; of "acknowledged receiving licenses" that of the verb of saying."""
        before = group.first - 1
        told = s.kind == "headline" and group.tag.form in {"third", "past"}
        if (group.tag.form == "ing" or told) and before >= 0:
            for tag in self._grammar.tags_at(s, before, "speech"):
                return self._grammar.subject(s, self._grammar.verb_group(s, before, tag))
        if group.infinitive and singled_out(s, group):
            return self._of_copula(s, group) or self._roles.subjects.first(s, group)
        if group.infinitive and group.first and s.units[group.first - 1].low in self._grammar.words["begun"]:
            begun = self._grammar.verb_group(s, group.first - 1, Tag("begin", "begin", "", "past"))
            return self._grammar.subject(s, begun) or self._grammar.shared_subject(s, begun)
        heads = self._roles.subjects.find(s, group) or _named_beside(s, group.first)
        return self._equated(s, heads) or heads

    def _equated(self, s: Sentence, heads: list[int]) -> list[int]:
        """Return A and B for the firms of "A and B are the firms that received licenses"."""
        if len(heads) != 1 or not s.units[heads[0]].has("role") or heads[0] + 1 >= len(s.units):
            return []
        first = self._grammar.describe(s, heads[0]).first
        relative = s.units[heads[0] + 1].low in {"that", "which", "who"}
        if not relative or first < 1 or s.units[first - 1].low not in {"is", "are", "was", "were"}:
            return []
        be = VerbGroup(first - 1, first - 1, Tag("be", "be", "", "past"), False, False)
        return self._grammar.subject(s, be)

    def _of_copula(self, s: Sentence, group: VerbGroup) -> list[int]:
        """Return the subject of "X is among the first firms to receive", "X became the only one to hold"."""
        for i in range(group.first - 1, -1, -1):
            if s.units[i].low in {"is", "are", "was", "were", "became", "becomes", "become"}:
                return self._grammar.subject(s, VerbGroup(i, i, Tag("be", "be", "", "past"), False, False))
            if s.units[i].text in {",", ";"}:
                break
        return []

    def teller(self, s: Sentence, speech: Speech | None, noun: Noun) -> list[Argument]:
        """Return the firm that tells of a license without saying whose.

        "X said permission to export was withdrawn".
        """
        if speech is None or speech.speaker is None:
            return []
        unit = s.units[speech.speaker]
        if unit.kind != FIRM and not unit.has("role"):
            return []
        others = [
            i for i, u in enumerate(s.units)
            if i != speech.speaker and (u.kind == FIRM or u.has("role")) and noun.first <= i <= noun.at
        ]  # fmt: skip
        told = self._arguments.actor("holder", s, speech.speaker, firm=True)
        if told is None or told.kind != FIRM or others:
            return []
        return [replace(told, inferred=True, derivation=told.derivation or "who tells it")]

    def waiting(self, s: Sentence, nouns: list[Noun]) -> list[Event]:
        """Return applications that wait: "its applications are still under review"."""
        out = []
        for noun, cue in self._waiting(s, nouns):
            between = s.units[noun.at : cue]
            if any(u.has("negation") or u.has("duty") for u in between):
                continue
            _, right = self._grammar.clause(s, noun.at)
            holders = self._roles.fill("holder", s, noun.possessor) if noun.possessor is not None else []
            for i in range(noun.at + 1, cue):
                owner = self._grammar.governed(s, i, noun.at) in {"of", "from", "by"}
                firm = s.units[i].kind == FIRM or s.units[i].has("role")
                if owner and firm and not self._grammar.possessive(s, i):
                    holders += self._roles.fill("holder", s, i)
            speech = find_speech(self._grammar, s, noun.at)
            holders = (
                holders or self._context.holders(s, noun, also_salient=True) or self.teller(s, speech, noun)
            )
            one = not s.units[noun.at].low.endswith("s") and not any(u.kind == FIRM for u in s.units)
            if not holders and one:
                holders = self._context.of_sole(s.units[noun.at])
            if not holders and self.topics is not None:
                holders = self.topics.holder(s, noun, self._context.told_of)
            stance = Stance(certainty="possible") if any(u.has("possible") for u in between) else Stance()
            told = Told(noun, cue, (noun.first, right), stance, speech)
            event = self._events.event(s, "license-waiting", "pending", unique(holders), told)
            if event is not None:
                more = [*self._of_which(s, noun, cue), *([] if holders else self._applicants(s, cue))]
                out.append(replace(event, arguments=tuple(sorted({*event.arguments, *more}))))
        return out

    @staticmethod
    def _of_which(s: Sentence, noun: Noun, cue: int) -> list[Argument]:
        """Return how many licenses a clause behind them counts: "applications, of which many are pending"."""
        for i in range(noun.at + 1, cue - 2):
            counted = s.units[i + 2].amount
            if [u.low for u in s.units[i : i + 2]] == ["of", "which"] and counted is not None:
                return [replace(quantity("count", s.units[i + 2]), unit="license")]
        return []

    def _applicants(self, s: Sentence, cue: int) -> list[Argument]:
        """Return the applicants of whom `s` or the next sentence speaks."""
        follow = self._roles.subjects.sentences[s.index + 1 : s.index + 2]
        for where, low in ((s, cue + 1), *((n, 0) for n in follow)):
            for i in range(low, len(where.units)):
                unit = where.units[i]
                if unit.has("role.asked") and not unit.kind and unit.low.endswith("s"):
                    first = where.units[self._grammar.describe(where, i).first]
                    text = self._arguments.written(first.start, unit.end)
                    step = "those who applied, not named"
                    return [
                        Argument(
                            "holder", "UnnamedFirm", text, first.start, unit.end, inferred=True,
                            derivation=step,
                        )
                    ]  # fmt: skip
        return []

    def _waiting(self, s: Sentence, nouns: list[Noun]) -> list[tuple[Noun, int]]:
        """Return (noun, cue) of applications and licenses that are said to wait: "is still under review"."""
        out: list[tuple[Noun, int]] = []
        for noun in nouns:
            _, right = self._grammar.clause(s, noun.at)
            for i in range(noun.at + 1, right):
                unit = s.units[i]
                if unit.low == "that" and i > noun.at + 1:
                    break  # "its approval is a sign that applications are pending"
                if unit.has("pending") or self._lies_with(s, i):
                    if _asks(s, noun) and out and out[-1][1] == i and not _asks(s, out[-1][0]):
                        out.pop()  # "X's approval is a sign that applications are pending": these wait
                    told = any(cue == i for _, cue in out)  # "requests for licenses": the request waits
                    linked = unit.low.startswith(("await", "not ", "yet ", "gone ")) or any(
                        u.low in _COPULAS for u in s.units[noun.at + 1 : i]
                    )
                    if linked and not told:
                        out.append((noun, i))
                    break
                if (
                    any(t.form in {"third", "past"} for t in unit.tags)
                    and not any(t.cls == "license" for t in unit.tags)
                    and unit.low not in _COPULAS | {"has", "have", "had"}
                    and not unit.kind
                    and not (unit.has("license.apply") and s.units[i - 1].text == ",")
                ):
                    break  # but "a water permit, lodged in June, is pending"
        return out

    def _lies_with(self, s: Sentence, i: int) -> bool:
        """Return whether unit `i` tells where an application lies: "is before the ministry"."""
        if s.units[i].low not in {"with", "before"} or s.units[i - 1].low not in _COPULAS:
            return False
        return any(u.kind in BODIES or u.has("authority") for u in s.units[i + 1 : i + 4])

    def among(self, s: Sentence) -> list[Event]:
        """Return who is named among applicants or holders."""
        out = []
        for action, holders, i in self._context.among(s, self._nouns.told):
            noun = Noun(i, i, self._nouns.usual, None, inferred=True)
            speech = find_speech(self._grammar, s, i)
            stance = Stance("denied") if any(u.has("negation") for u in s.units[:i]) else Stance()
            told = Told(noun, i, (i, len(s.units)), stance, speech)
            event = self._events.event(s, "license-among", action, holders, told)
            if event is not None:
                out.append(event)
        return out

    def had(self, s: Sentence, noun: Noun) -> Event | None:
        """Return a license that somebody has: "X has had a mining license since 2020"."""
        i = noun.first - 1
        own = noun.possessor is not None and s.units[noun.possessor].low in {"its", "their"}
        if own and noun.possessor is not None:
            i = noun.possessor - 1
            while i > 0 and s.units[i].low in {"all", "both", "now", "already"}:
                i -= 1
        if s.units[noun.first].low in {"has", "have", "had"}:
            i = noun.first
        lacks = i > 0 and s.units[i].low in {"a", "an", "any"} and s.units[i - 1].low == "without"
        lacks = lacks or (i > 0 and s.units[i].low == "without")
        if lacks:  # "is still without an export license"
            i -= s.units[i].low != "without"
            k = i - 1
            while k > 0 and s.units[k].low in self._grammar.words["adverbs"]:
                k -= 1
            i = k if s.units[k].low in self._grammar.words["be"] | {"remains", "remained"} else -1
        plain = {"has", "have", "had"}
        if i < 0 or not (lacks or s.units[i].low in plain) or (noun.possessor is not None and not own):
            return None
        following = s.units[noun.at + 1] if noun.at + 1 < len(s.units) else None
        if following is not None and any(t.form in {"past", "participle"} for t in following.tags):
            return None  # "had its license revoked"
        if any(s.units[noun.at].has(c) for c in _ASKED[:3]) or s.units[noun.at].low == "right":
            return None  # "has had 290 requests", "has the right to sell"
        group = self._grammar.verb_group(s, i, Tag("license.get", "have", "granted", "past"))
        subject = self.subject(s, group)
        stance = stance_of(self._grammar, s, group, subject)
        denied = any(u.has("negation") for u in s.units[i + 1 : noun.at])
        if stance.refused:
            return None
        if denied:
            stance = replace(stance, polarity="denied" if stance.polarity == "affirmed" else "affirmed")
        holders = [a for h in subject for a in self._roles.fill("holder", s, h)]
        holders = holders or self._roles.groups.members(s, self._grammar.clause(s, i)[0], i)
        if not holders:
            return None
        _, right = self._grammar.clause(s, noun.at)
        told = Told(noun, i, (noun.first, right), stance, find_speech(self._grammar, s, i))
        return self._events.event(s, "license-have", "granted", unique(holders), told)

    def possessed(self, s: Sentence, noun: Noun) -> Event | None:
        """Return a license that a possessive takes for granted: "JL MAG's export license"."""
        if noun.possessor is None or noun.possessor < 0:
            return None
        owner = s.units[noun.possessor]
        if owner.kind and not self._grammar.possessive(s, noun.possessor):
            return None  # "Nvidia licenses its designs"
        unit = s.units[noun.at]
        following = s.units[noun.at + 1].low if noun.at + 1 < len(s.units) else ""
        asks = following == "for" and any(unit.has(c) for c in _ASKED[:2])
        if not asks and (any(unit.has(c) for c in _ASKED) or following in _BESIDE or unit.has("quota")):
            return None
        if not asks and not noun.kind.endswith("ExportLicense") and self._nouns.governor(s, noun, -1):
            return None  # "a fight over its water permit": whether it was granted is not told
        before = s.units[max(0, noun.possessor - 2) : noun.possessor]
        expected = any(u.low in {"expects", "expected", "needs", "needed", "wants"} for u in before)
        part = any(u.low in {"one", "part", "none", "some"} for u in before)
        if expected or part or asked_for(s, noun.first, 0):
            return None
        left, right = self._grammar.clause(s, noun.at)
        around = s.units[left : noun.at + 1] if asks else s.units[left:right]
        hedged = [u for u in around if any(u.has(c) for c in (*_HEDGES, "pending"))]
        hedged += [u for u in around if asks and u.low.startswith(_PREPARING)]
        reason = f"taken for granted beside {hedged[0].text!r}" if hedged else ""
        if not asks and (_claimed(s, noun.at, right) or _without_verb(self._grammar, s)):
            reason = "whether the license is held is not told"
        if reason:
            self._events.reject(s, "license-possessive", reason)
            return None
        holders = self._roles.fill("holder", s, noun.possessor)
        if not holders or any(h.kind != FIRM for h in holders):
            return None
        told = Told(noun, noun.at, (noun.first, right), Stance(), find_speech(self._grammar, s, noun.at))
        return self._events.event(s, "license-possessive", "applied" if asks else "granted", holders, told)


def _named_beside(s: Sentence, first: int) -> list[int]:
    """Return the firm of "another deposit on the island, X, has had a license", whose verb is at `first`."""
    if first < 4 or s.units[first - 1].text != "," or s.units[first - 3].text != ",":
        return []
    opened = s.units[0].low in {"a", "an", "another", "the", "one", "its"}
    led = opened and not any(u.kind == FIRM or u.text == "," for u in s.units[: first - 3])
    return [first - 2] if led and s.units[first - 2].kind == FIRM else []


def _claimed(s: Sentence, at: int, right: int) -> bool:
    """Return whether a license is argued about: "says its title is beyond dispute"."""
    behind = s.units[at + 1 : right]
    linked = any(u.low in _COPULAS for u in behind[:2])
    return linked and any(u.low in _ARGUED for u in behind[1:6])


def _without_verb(grammar: Grammar, s: Sentence) -> bool:
    """Return whether a sentence is a scrap of talk: "And X's license at the mine, different story..."."""
    if s.kind != "text" or s.heading or s.units[-1].text not in {"...", "…", ".", "?", "!"}:
        return False
    spoken = next((k + 1 for k, u in enumerate(s.units[:4]) if u.text == ":"), 0)  # "HOST: And ..."
    return not any(
        grammar.is_auxiliary(u)
        or (u.low.endswith(("ed", "s", "n't", "n’t")) and u.text.islower() and u.text not in POSSESSIVES)
        or (any(t.form not in {"", "ing"} for t in u.tags) and not any(t.cls == "license" for t in u.tags))
        for u in s.units[spoken:] if not u.kind
    )  # fmt: skip


def _asks(s: Sentence, noun: Noun) -> bool:
    """Return whether a license noun is an application."""
    return any(s.units[noun.at].has(c) for c in ("license.application", "license.request", "license.papers"))


def singled_out(s: Sentence, group: VerbGroup) -> bool:
    """Return whether an infinitive tells what somebody was the first or only one to do."""
    before = s.units[max(0, group.first - 6) : group.first]
    named = any(u.low in {"first", "second", "third", "only", "latest", "last"} for u in before)
    headed = s.kind == "headline" and bool(before) and before[-1].low in {"first", "second", "third"}
    return named and (headed or any(u.has("role") or u.low == "one" for u in before))
