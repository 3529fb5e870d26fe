"""Licenses told by the noun of an act: "stands by the cancellation of X's concessions"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.license_context import LicenseContext
from kgbuild.extract.license_events import LicenseEvents, Told
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.license_projects import LicenseProjects
from kgbuild.extract.license_roles import LicenseRoles
from kgbuild.extract.license_scenes import unique
from kgbuild.extract.stance import Stance, find_speech
from kgbuild.extract.units import BODIES, FIRM, Sentence
from kgbuild.model import Argument, Event

_ACTS: Final = ("revoked", "suspended", "renewed", "granted", "expired", "denied")
_HEDGES: Final = ("possible", "planned", "hypothetical", "duty", "unreal", "negation", "doubt", "general")
#: Verbs that say of an act that it was done.
_BEHIND: Final = frozenset("was were came follows followed comes ended took".split())
_OF: Final = frozenset({"of", "to", "for"})


@dataclass(frozen=True, slots=True)
class Act:
    """The noun of an act at unit `at`, the license it is done to, and the unit that opens its phrase."""

    action: str
    at: int
    first: int
    noun: Noun


class LicenseActs:
    """Reads nouns of acts on licenses."""

    def __init__(
        self, grammar: Grammar, arguments: Arguments, roles: LicenseRoles, context: LicenseContext,
        projects: LicenseProjects, events: LicenseEvents,
    ) -> None:  # fmt: skip
        self._grammar = grammar
        self._arguments = arguments
        self._roles = roles
        self._context = context
        self._projects = projects
        self._events = events

    def find(self, s: Sentence, nouns: list[Noun]) -> list[Event]:
        """Return the events of `s`."""
        out = []
        for noun in nouns:
            act = self._act(s, noun)
            if act is None:
                continue
            left, right = self._grammar.clause(s, act.at)
            hedged = [u for u in s.units[left:right] if any(u.has(h) for h in _HEDGES)]
            opener = self._opener(s, act, left)
            if hedged or opener is None:
                continue
            roles = self._holders(s, act, opener, right)
            if not any(a.role == "holder" for a in roles):
                continue
            begun = self._begun(s, act, opener, right)
            stance = Stance(certainty="planned") if begun else Stance()
            end = self._end(s, act, right) if opener == act.at else right
            told = Told(noun, act.at, (act.first, end), stance, find_speech(self._grammar, s, act.at))
            event = self._events.event(s, "license-act", act.action, unique(roles), told)
            if event is not None:
                out.append(event)
        return out

    def ended(self, s: Sentence, nouns: list[Noun]) -> list[Event]:
        """Return licenses that ended before what else `s` tells: "after the expiry of its last permit"."""
        left = [n for n in nouns if self._follows(s, n)]
        return [e for e in self.find(s, left) if e.action == "expired"]

    def _follows(self, s: Sentence, noun: Noun) -> bool:
        act = self._act(s, noun)
        return act is not None and act.first > 0 and s.units[act.first - 1].low in {"after", "following"}

    def item(self, s: Sentence) -> Event | None:
        """Return an act that a line of a list under a date tells of the license of the article.

        "February 2020 - Renewal for three years".
        """
        at = next((i for i, u in enumerate(s.units[:3]) if self._action(u.low)), None)
        last = self._context.sole
        following = s.units[at + 1].low if at is not None and at + 1 < len(s.units) else ""
        if (
            at is None
            or last is None
            or not s.heading
            or following not in {"", ".", "for", "until", "by", "granted"}
        ):
            return None
        unit = s.units[at]
        step = f"coreference: {unit.text}, the license of the article"
        kept = [
            replace(a, start=unit.start, end=unit.end, text=unit.text, inferred=True, derivation=step)
            for a in last.of("holder")
        ]  # fmt: skip
        kind = next((k.value for k in last.of("kind")), "License")
        noun = Noun(at, at, kind, None, inferred=True, anaphor=True)
        told = Told(noun, at, (at, len(s.units)), Stance(), None)
        event = self._events.event(s, "license-item", self._action(unit.low), kept, told)
        if event is None:
            return None
        lengths = self._arguments.durations(s, at, len(s.units))
        valid = [
            Argument("validity", "Duration", u.text, u.start, u.end, value=u.date.duration if u.date else "")
            for u in lengths[:1]
        ]  # fmt: skip
        return replace(event, arguments=tuple(sorted({*event.arguments, *valid})))

    def _action(self, word: str) -> str:
        return next((a for a in _ACTS if word in self._grammar.words[f"act_{a}"]), "")

    def _act(self, s: Sentence, noun: Noun) -> Act | None:
        """Return the act whose object a license is: "the revocation of its license", "license renewal"."""
        low = noun.first
        if noun.possessor is not None:
            low = min(low, self._grammar.describe(s, noun.possessor).first)
        while low and s.units[low - 1].low in self._grammar.words["determiners"]:
            low -= 1
        k = low - 1
        if k >= 1 and s.units[k].low in _OF and self._action(s.units[k - 1].low):
            at = k - 1
        elif noun.at + 1 < len(s.units) and self._action(s.units[noun.at + 1].low):
            at = noun.at + 1
        else:
            return None
        action = self._action(s.units[at].low)
        if s.units[at].kind or (at < noun.at and k >= 1 and s.units[k].low != "of" and action != "renewed"):
            return None  # "the extension to its license", but not "a grant for"
        first = at if at < noun.at else low
        while first and self._inside(s, first - 1):
            first -= 1
        return Act(action, at, first, noun)

    def _inside(self, s: Sentence, i: int) -> bool:
        unit = s.units[i]
        words = self._grammar.words
        if unit.low in words["determiners"] or unit.kind in {"Duration", "Quantity"}:
            return True
        closed = words["act_openers"] | words["act_starters"] | words["prepositions"] | words["auxiliaries"]
        plain = unit.is_word and not unit.kind and not unit.tags
        return plain and unit.low not in closed | words["adverbs"] | {"and"}

    def _opener(self, s: Sentence, act: Act, left: int) -> int | None:
        """Return the unit that puts an act forward as done: "announced", "after", "stands by".

        The act's own unit where it opens the sentence; None where nothing says that it was done.
        """
        i = act.first - 1
        if i < left:
            return act.at if act.first == 0 and self._verb_behind(s, act) else None
        while i > left and s.units[i].low in self._grammar.words["adverbs"]:
            i -= 1
        unit = s.units[i]
        if unit.low == "by" and i and s.units[i - 1].low in {"stands", "stood", "stand"}:
            return i - 1
        openers = self._grammar.words["act_openers"] | self._grammar.words["act_starters"]
        return i if unit.low in openers - {"by", "with", "over"} else None

    def _begun(self, s: Sentence, act: Act, opener: int, right: int) -> bool:
        """Return whether an act has only begun: "has initiated the withdrawal", "was set in motion"."""
        starters = self._grammar.words["act_starters"]
        behind = s.units[max(act.at, act.noun.at) + 1 : right]
        return s.units[opener].low in starters or any(u.low in starters for u in behind)

    def _end(self, s: Sentence, act: Act, right: int) -> int:
        """Return where the phrase of an act that is a subject ends: at its verb, with times of its own."""
        behind = range(max(act.at, act.noun.at) + 1, right)
        verbs = (
            i for i in behind if s.units[i].low in _BEHIND or s.units[i].low in self._grammar.words["be"]
        )
        return next(verbs, right)

    @staticmethod
    def _verb_behind(s: Sentence, act: Act) -> bool:
        """Return whether a past tense says that an act was done: "the revocation followed"."""
        return any(u.low in _BEHIND for u in s.units[max(act.at, act.noun.at) + 1 :])

    def _holders(self, s: Sentence, act: Act, opener: int, right: int) -> list[Argument]:
        noun = act.noun
        out: list[Argument] = []
        if noun.possessor is not None:
            out = self._roles.fill("holder", s, noun.possessor)
        end = max(act.at, noun.at) + 1
        for i in range(end, right):
            unit = s.units[i]
            actor = unit.kind == FIRM or unit.has("role")
            if out or not actor or self._grammar.possessive(s, i):
                continue
            if self._grammar.governed(s, i, end) in {"of", "for", "from", "to", "by"}:
                described = self._grammar.describe(s, i)
                if unit.has("role.unit") and i + 1 < right and s.units[i + 1].kind == FIRM:
                    continue  # "its subsidiary X": X is the holder
                own = unit.has("role.unit") and s.units[described.first].low in {"its", "their"}
                out = self._roles.fill("holder", s, described.first if own else i)
        low = 0 if s.kind == "headline" else end
        out = out or self._projects.holders(s, low, right)
        speaker = self._subject(s, opener) if opener < act.first else []
        firms = [h for h in speaker if s.units[h].kind == FIRM]
        if (
            not out
            and firms
            and s.units[opener].low.startswith(("announc", "confirm", "hail", "welcom", "complet"))
        ):
            out = [a for h in firms for a in self._roles.fill("holder", s, h)]
        out = out or self._context.holders(s, noun, also_salient=True)
        bodies = [h for h in speaker if s.units[h].kind in BODIES or s.units[h].kind == "Country"]
        return [*out, *(a for h in bodies for a in self._roles.fill("issuer", s, h))]

    def _subject(self, s: Sentence, verb: int) -> list[int]:
        group = VerbGroup(verb, verb, Tag("announce", "announce", "", "past"), False, False)
        return self._grammar.subject(s, group)
