"""The license event itself: enough roles, its terms, and what is refused with a reason."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from kgbuild.extract.arguments import Arguments, named
from kgbuild.extract.license_buyers import buyers
from kgbuild.extract.license_headlines import HeadlineIssuers
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.license_terms import LicenseTerms
from kgbuild.extract.stance import Speech, Stance
from kgbuild.extract.units import FIRM, MATERIALS, Sentence
from kgbuild.model import Argument, Event, Rejection

#: Words that make an unnamed group or number of licenses definite enough to be told as an event.
_SOME: Final = frozenset(
    "several some many multiple certain numerous dozens scores most few handful number various hundreds "
    "thousands enough sufficient".split()
)
#: Certainties of what has not come about, so that its denial is a refusal to come.
_AHEAD: Final = frozenset({"possible", "planned"})
#: Words in the names of the bodies that license exports.
_LICENSING: Final = frozenset({"commerce", "trade", "industry", "economy"})
#: Words that single a shipment out.
_NEXT: Final = frozenset({"first", "second", "third", "further", "another"})
#: Words for the applications beside those that were told of.
_REST: Final = frozenset({"other", "further", "remaining", "more", "additional"})
_DECIDED: Final = frozenset({"granted", "renewed", "denied"})
#: What becomes of a license that somebody holds.
_OF_HELD: Final = frozenset({"revoked", "suspended", "expired", "renewed", "denied"})
#: Acts that issuer, goods and goal tell by themselves.
_TOLD_BY_ISSUER: Final = frozenset({"granted", "denied", "suspended", "revoked"})
_MENDING: Final = frozenset("correction corrections revision revisions completion clarification".split())
_FOR_NOW: Final = frozenset({"temporarily", "provisionally"})
#: Verbs that are a formal act even where only the exports are named, not the license.
_FORMAL: Final = (
    "approve",
    "authorize",
    "authorise",
    "clear",
    "license",
    "licence",
    "greenli",
    "okay",
    "oks",
    "green-l",
    "green l",
    "wave",
)


@dataclass(frozen=True, slots=True)
class Told:
    """How a sentence tells of a license: where, and how it is put forward."""

    noun: Noun | None
    verb: int
    region: tuple[int, int]  #: units [low, high) in which its terms stand
    stance: Stance
    speech: Speech | None


class LicenseEvents:
    """Makes license events of roles, and keeps what is too little for one."""

    def __init__(self, text: str, arguments: Arguments, terms: LicenseTerms) -> None:
        self._text = text
        self._arguments = arguments
        self._terms = terms
        self.rejections: list[Rejection] = []
        self.headed = HeadlineIssuers()

    def event(
        self,
        s: Sentence,
        rule: str,
        action: str,
        roles: list[Argument],
        told: Told,
    ) -> Event | None:
        """Return the event; None, and a rejection, where holders and issuers are too few."""
        own = not (rule.startswith("license-promise") or (told.speech is not None and told.speech.denies))
        action, told = _recast(s, action, told, own=own)
        noun, verb, stance = told.noun, told.verb, told.stance
        if not roles and stance == Stance() and action == "granted":
            roles = self._teller(s, told.speech)
        reason = _habit(s, roles, verb) or self._lacking(s, rule, roles, noun, verb)
        if reason and noun is not None and stance == Stance() and action in _TOLD_BY_ISSUER:
            reason = "" if self._issued_for(s, roles, noun, verb) else reason
        if reason:
            self.headed.keep(s, action, stance, noun, roles)
            self.reject(s, rule, reason)
            return None
        if action == "revoked" and any(u.low in _FOR_NOW for u in s.units[max(0, verb - 2) : verb]):
            action = "suspended"  # "temporarily withdrew"
        arguments = self._filled(s, rule, action, roles, told)
        speaker = self._arguments.speaker(s, told.speech)
        return Event(
            "license", action, s.start, s.end, tuple(sorted(set(arguments))),
            stance.polarity, stance.certainty, speaker, rule,
        )  # fmt: skip

    def _filled(
        self, s: Sentence, rule: str, action: str, roles: list[Argument], told: Told
    ) -> list[Argument]:
        """Return `roles` with the terms of the license and its kind."""
        noun, verb, region = told.noun, told.verb, told.region
        kind = noun.kind if noun is not None else "ExportLicense"
        arguments = [*roles, *self._terms.terms(s, region, verb, noun, told.speech)]
        if action in {"granted", "renewed"} and told.stance.polarity == "affirmed":
            arguments = self._terms.bound(s, region, verb, noun, arguments)
        if not any(a.role == "date" for a in arguments):
            arguments += self._terms.opening(s)
        if action == "renewed":  # "extended to January" tells its end
            ends = {u.start for k, u in enumerate(s.units) if k and s.units[k - 1].low == "to"}
            arguments = [a for a in arguments if a.role != "date" or a.start not in ends]
        if not kind.endswith("ExportLicense"):  # a mine stands somewhere, it reaches no destination
            nowhere = {"destination", "destination_words", "open_list"}
            arguments = [a for a in arguments if a.role not in nowhere]
        if rule == "license-possessive":  # a date beside it is that of something else
            arguments = [a for a in arguments if a.kind != "Time"]
        named_in = [a for a in roles if a.kind == FIRM]  # "Example Global Aluminium" tells no material
        arguments = [
            a for a in arguments
            if a.role not in {"material", "destination"}
            or not any(f.start <= a.start and a.end <= f.end for f in named_in)
        ]  # fmt: skip
        u = s.units[noun.at if noun else region[0]]
        inferred = noun is not None and noun.inferred
        step = "topic of the article" if inferred else ""
        of_kind = Argument(
            "kind", "Class", u.text, u.start, u.end, value=kind, inferred=inferred, derivation=step
        )
        return [*arguments, of_kind]

    def _lacking(self, s: Sentence, rule: str, roles: list[Argument], noun: Noun | None, verb: int) -> str:
        """Return why the roles are too few for an event, or ""."""
        holders = [a for a in roles if a.role == "holder"]
        issued = any(a.role == "issuer" for a in roles)
        if any(h.kind == FIRM for h in holders):
            return ""
        if holders:
            words = {w for h in holders for w in h.text.lower().split()}
            told = issued or any(h.value for h in holders) or any(a.role == "beneficiary" for a in roles)
            told = told or any(_quoted(s, h) for h in holders)
            parts = any(self._part(s, h) or self._owned(s, h) for h in holders)
            parts = parts or (rule == "license-deny-passive-noun" and any(_bound(s, h) for h in holders))
            nobody = bool(words & {"no", "not"}) and len(words) > 2
            nobody = nobody or any(self._single(s, h, verb) for h in holders)
            counted = noun is not None and (self._counted(s, noun) or rule == "license-part")
            if told or parts or nobody or words & (_SOME | {"one"}) or counted:
                return ""
            return "unnamed holders without a number or an issuer"
        if noun is None:
            return "no holder is named or described"
        phrase = s.units[noun.first : noun.at]
        projects = self._arguments.grammar.words["projects"]
        counted = self._counted(s, noun)
        if noun.shipment:
            formal = s.units[verb].low.startswith(_FORMAL)
            placed = bool(self._arguments.destinations(s, noun.at, len(s.units)))
            named = any(u.kind in MATERIALS for u in (*phrase, *s.units[noun.at : noun.at + 7]))
            placed = placed or any(a.role == "beneficiary" for a in roles)
            counted = counted or any(u.low in _NEXT for u in phrase)
            return (
                ""
                if formal and issued and (counted or placed or named)
                else "no holder is named or described"
            )
        if issued and not noun.kind.endswith("ExportLicense") and self._named(s, noun, projects):
            return ""
        none = noun.anaphor and s.units[noun.at].low == "none"
        if none and buyers(self._arguments.grammar, s, verb, len(s.units)):
            return ""  # "none has been issued for an American customer"
        waits = s.units[verb].has("pending") or (
            rule == "license-waiting" and s.units[verb].low in {"with", "before"}
        )
        counted = counted or (waits and any(u.low in _SOME for u in s.units[noun.at : verb]))
        counted = counted or (waits and any(u.low in _REST for u in s.units[noun.first : noun.at]))
        return "" if counted and (issued or waits) else "no holder is named or described"

    def _teller(self, s: Sentence, speech: Speech | None) -> list[Argument]:
        """Return the body that tells of licenses: "licenses were granted, the trade ministry said"."""
        if speech is None:
            return []
        at = speech.verb if speech.speaker is None else speech.speaker
        for unit in s.units[max(0, at - 3) : at + 8]:
            licensing = {*unit.name.lower().split()} & _LICENSING
            if unit.kind in {"Regulator", "PublicBody"} and licensing:
                step = "the body that tells of it"
                return [replace(named("issuer", unit), inferred=True, derivation=step)]
        return []

    def _issued_for(self, s: Sentence, roles: list[Argument], noun: Noun, verb: int) -> bool:
        """Return whether an act is told by issuer, goods and goal alone.

        "Japan granted its first permit for photoresist", "China issued licenses for magnets to Europe".
        """
        done = s.kind == "headline" or any(t.form in {"past", "participle"} for t in s.units[verb].tags)
        begun = self._arguments.grammar.words["begun"]
        done = done or any(u.low in begun for u in s.units[max(0, verb - 2) : verb])
        issued = any(a.role == "issuer" for a in roles)
        if noun.shipment or noun.anaphor or s.units[noun.at].has("quota"):
            return False
        if not (done and issued and noun.kind.endswith("ExportLicense")):
            return False
        if any(a.role == "holder" for a in roles):
            return False
        if any(a.role == "beneficiary" for a in roles):
            return True
        around = s.units[noun.first : noun.at + 8]
        first = any(u.low in _NEXT for u in s.units[max(0, noun.first - 2) : noun.at])
        placed = bool(self._arguments.destinations(s, noun.at, len(s.units)))
        named = any(u.kind in MATERIALS for u in around)
        if s.units[verb].has("license.revoke"):  # "suspended licenses for sales to Chinese customers"
            sold = any(u.has("role.customer") and b.demonym for b, u in pairwise(s.units[noun.at :]))
            return named and (placed or sold)
        return (named and (first or placed)) or (first and placed)

    @staticmethod
    def _single(s: Sentence, holder: Argument, verb: int) -> bool:
        """Return whether unnamed holders are one firm of flesh: "A Chinese exporter has received"."""
        done = any(t.form in {"past", "participle"} for t in s.units[verb].tags)
        behind = next((u.low for u in s.units if u.start >= holder.end), "")
        one = holder.text.lower().startswith(("a ", "an ")) and len(holder.text.split()) > 2
        return done and one and behind not in {"that", "which", "who"}

    @staticmethod
    def _counted(s: Sentence, noun: Noun) -> bool:
        """Return whether a number of licenses is told, be it "several"."""
        low = noun.first - 2
        if noun.first > 2 and s.units[noun.first - 1].low in {"and", "or"}:
            low -= 2  # "51 exploration and mining permits"
        return any(u.kind == "Quantity" or u.low in _SOME for u in s.units[max(0, low) : noun.at])

    @staticmethod
    def _named(s: Sentence, noun: Noun, projects: Collection[str]) -> bool:
        """Return whether a license is told by the name of its project: "the mining license for Ngualla"."""
        behind = s.units[noun.at + 1 : noun.at + 8]
        if len(behind) < 2 or behind[0].low not in {"for", "over", "of"}:
            return False
        if any(u.amount is not None and u.amount.kind == "count" for u in behind[1:2]):
            return any(u.low in projects for u in behind[2:5])  # "the permits of three nickel mines"
        if behind[0].low == "of":
            return False
        names = [k for k, u in enumerate(behind) if u.text[:1].isupper() and not u.kind and not u.tags]
        if not names or names[0] > 3:
            return False
        return names[0] == 1 or any(u.low in projects for u in behind[names[0] :])

    @staticmethod
    def _part(s: Sentence, holder: Argument) -> bool:
        """Return whether unnamed holders are told as a part of a group: "one of its suppliers"."""
        at = next((i for i, u in enumerate(s.units) if u.start >= holder.start), 0)
        return (
            at > 1
            and s.units[at - 1].low == "of"
            and (s.units[at - 2].low in _SOME | {"one", "none"} or bool(s.units[at - 2].amount))
        )

    @staticmethod
    def _owned(s: Sentence, holder: Argument) -> bool:
        """Return whether unnamed holders are told by a firm they belong to or supply: "JL MAG unit"."""
        at = next((i for i, u in enumerate(s.units) if u.end >= holder.end), 0)
        before = s.units[at - 1] if at else None
        told = s.units[at].has("role.unit") or s.units[at].has("role.supplier")
        behind = s.units[at + 1 : at + 7]
        supplied = bool(behind) and behind[0].low in {"of", "to"}
        if supplied and any(u.kind == FIRM or u.has("role") for u in behind):
            return told
        return told and before is not None and before.kind == FIRM

    def reject(self, s: Sentence, rule: str, reason: str) -> None:
        """Keep that `s` was looked at by `rule` and not taken."""
        self.rejections.append(Rejection(s.start, s.end, self._text[s.start : s.end], rule, reason))


def without_holding(s: Sentence, events: list[Event]) -> list[Event]:
    """Return `events` without "X held" where the sentence tells what became of that license."""
    held = any(t.id == "hold" for u in s.units for t in u.tags)
    lost = {k.start for e in events if e.action in _OF_HELD for k in e.of("kind")}
    if not held or not lost:
        return events
    return [e for e in events if e.action != "granted" or not lost & {k.start for k in e.of("kind")}]


def settled(events: list[Event]) -> list[Event]:
    """Return `events` without waiting that has ended: "the license that X had waited for came on Friday"."""
    done = [e for e in events if e.action in _DECIDED and (e.polarity, e.certainty) == ("affirmed", "actual")]
    over = {(k.start, h.name or h.text) for e in done for k in e.of("kind") for h in e.of("holder")}
    return [
        e for e in events
        if e.action != "pending"
        or not any((k.start, h.name or h.text) in over for k in e.of("kind") for h in e.of("holder"))
    ]  # fmt: skip


def undated(event: Event) -> Event:
    """Return an event without its date, where another verb of the sentence may own that."""
    return replace(event, arguments=tuple(a for a in event.arguments if a.role != "date"))


def _recast(s: Sentence, action: str, told: Told, *, own: bool) -> tuple[str, Told]:
    """Return the action and the telling that a denial or a delay comes down to.

    `own` tells that nobody else's promise or denial is reported.
    """
    verb, stance = told.verb, told.stance
    if action == "granted" and stance.polarity == "denied" and stance.certainty in _AHEAD and own:
        action, told = "denied", replace(told, stance=replace(stance, polarity="affirmed"))
        if _later(s, verb):  # "would not arrive before February"
            action, told = "pending", replace(told, stance=Stance(), region=(verb, verb))
    if action == "denied" and stance == Stance() and _to_mend(s, verb):
        action = "pending"  # "was returned for correction"
    if action == "granted" and stance == Stance("denied") and own:
        if _no_longer(s, verb):  # "no longer holds a license"
            action, told = "revoked", replace(told, stance=Stance())
        elif _yet_to_be(s, verb):  # "has yet to be issued"
            action, told = "pending", replace(told, stance=Stance())
    return action, told


def _yet_to_be(s: Sentence, verb: int) -> bool:
    """Return whether something still waits to be done: "has yet to be issued"."""
    before = s.units[max(0, verb - 4) : verb]
    words = " ".join(u.low for u in before)
    return words.endswith(("yet to be", "still to be")) or "yet to be formally" in words


def _bound(s: Sentence, holder: Argument) -> bool:
    """Return whether applicants are told by what they are bound to: "buyers linked to the army"."""
    behind = next((k for k, u in enumerate(s.units) if u.start >= holder.end), len(s.units))
    linked = {"linked", "tied", "connected", "close"}
    return behind + 1 < len(s.units) and s.units[behind].low in linked and s.units[behind + 1].low == "to"


def _quoted(s: Sentence, holder: Argument) -> bool:
    """Return whether a number in quotes stands before unnamed holders: '"some" companies'."""
    at = next((i for i, u in enumerate(s.units) if u.start >= holder.start), 0)
    return at > 2 and s.units[at - 1].text in {'"', "”"} and s.units[at - 2].low in _SOME


def _to_mend(s: Sentence, verb: int) -> bool:
    """Return whether papers go back only to be mended: "has been returned for correction"."""
    behind = s.units[verb + 1 : verb + 8]
    return any(u.low == "for" and b.low in _MENDING for u, b in pairwise(behind))


def _no_longer(s: Sentence, verb: int) -> bool:
    """Return whether "no longer" stands before a verb."""
    return any(u.low == "no longer" for u in s.units[max(0, verb - 3) : verb])


def _later(s: Sentence, verb: int) -> bool:
    """Return whether what a verb denies is only put off: "will not be issued before May"."""
    behind = s.units[verb + 1 : verb + 3]
    times = [u for u in behind if u.kind == "Time"]
    return bool(times) and behind[0].low.startswith(("before", "until", "till"))


def _habit(s: Sentence, roles: list[Argument], verb: int) -> str:
    """Return why a verb tells a custom and no act, or "": "licenses are granted for each customer"."""
    passive = verb > 0 and s.units[verb - 1].low in {"is", "are"} and s.kind == "text"
    done = passive and any(t.form == "participle" for t in s.units[verb].tags)
    named = any(a.role == "holder" and a.kind == FIRM for a in roles)
    lets = s.kind == "text" and not s.heading and s.units[verb].has("license.allow")
    if lets and any(t.form == "third" for t in s.units[verb].tags) and s.units[verb].low.endswith("s"):
        plain = any(a.role == "holder" and a.kind == FIRM and not a.inferred for a in roles)
        return "" if plain else "a habit is no event"  # "it is the ministry that allows its exporter to ship"
    return "a habit is no event" if done and not named and s.units[verb].has("license.give") else ""
