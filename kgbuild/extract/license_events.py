"""The license event itself: enough roles, its terms, and what is refused with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.license_terms import LicenseTerms
from kgbuild.extract.stance import Speech, Stance
from kgbuild.extract.units import FIRM, MATERIALS, Sentence
from kgbuild.model import Argument, Event, Rejection

#: Words that make an unnamed group or number of licenses definite enough to be told as an event.
_SOME: Final = frozenset(
    "several some many multiple certain numerous dozens scores most few handful number various hundreds "
    "thousands".split()
)
#: Verbs that are a formal act even where only the exports are named, not the license.
_FORMAL: Final = (
    "approve",
    "authorize",
    "authorise",
    "clear",
    "license",
    "licence",
    "greenli",
    "green-l",
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

    def event(
        self,
        s: Sentence,
        rule: str,
        action: str,
        roles: list[Argument],
        told: Told,
    ) -> Event | None:
        """Return the event; None, and a rejection, where holders and issuers are too few."""
        noun, verb, speech, stance, region = told.noun, told.verb, told.speech, told.stance, told.region
        kind = noun.kind if noun is not None else "ExportLicense"
        low = region[0]
        reason = self._lacking(s, roles, noun, verb)
        if reason:
            self.reject(s, rule, reason)
            return None
        arguments = [*roles, *self._terms.terms(s, region, verb, noun, speech)]
        if rule == "license-possessive":  # a date beside it is that of something else
            arguments = [a for a in arguments if a.kind != "Time"]
        anchor = s.units[noun.at if noun else low]
        inferred = noun is not None and noun.inferred
        step = "topic of the article" if inferred else ""
        arguments.append(
            Argument(
                "kind",
                "Class",
                anchor.text,
                anchor.start,
                anchor.end,
                value=kind,
                inferred=inferred,
                derivation=step,
            )
        )
        speaker = self._arguments.speaker(s, speech)
        return Event(
            "license", action, s.start, s.end, tuple(sorted(set(arguments))),
            stance.polarity, stance.certainty, speaker, rule,
        )  # fmt: skip

    def _lacking(self, s: Sentence, roles: list[Argument], noun: Noun | None, verb: int) -> str:
        """Return why the roles are too few for an event, or ""."""
        holders = [a for a in roles if a.role == "holder"]
        issued = any(a.role == "issuer" for a in roles)
        if any(h.kind == FIRM for h in holders):
            return ""
        if holders:
            words = {w for h in holders for w in h.text.lower().split()}
            told = issued or any(h.value for h in holders) or any(a.role == "beneficiary" for a in roles)
            parts = any(self._part(s, h) for h in holders)
            if told or parts or words & (_SOME | {"one"}) or (noun is not None and self._counted(s, noun)):
                return ""
            return "unnamed holders without a number or an issuer"
        if noun is None:
            return "no holder is named or described"
        phrase = s.units[noun.first : noun.at]
        counted = self._counted(s, noun)
        if noun.shipment:
            formal = s.units[verb].low.startswith(_FORMAL)
            placed = bool(self._arguments.destinations(s, noun.at, len(s.units)))
            named = any(u.kind in MATERIALS for u in phrase)
            return (
                ""
                if formal and issued and (counted or placed or named)
                else "no holder is named or described"
            )
        waits = s.units[verb].has("pending")
        counted = counted or (waits and any(u.low in _SOME for u in s.units[noun.at : verb]))
        return "" if counted and (issued or waits) else "no holder is named or described"

    @staticmethod
    def _counted(s: Sentence, noun: Noun) -> bool:
        """Return whether a number of licenses is told, be it "several"."""
        return any(u.kind == "Quantity" or u.low in _SOME for u in s.units[max(0, noun.first - 2) : noun.at])

    @staticmethod
    def _part(s: Sentence, holder: Argument) -> bool:
        """Return whether unnamed holders are told as a part of a group: "one of its suppliers"."""
        at = next((i for i, u in enumerate(s.units) if u.start >= holder.start), 0)
        return (
            at > 1
            and s.units[at - 1].low == "of"
            and (s.units[at - 2].low in _SOME | {"one"} or bool(s.units[at - 2].amount))
        )

    def reject(self, s: Sentence, rule: str, reason: str) -> None:
        """Keep that `s` was looked at by `rule` and not taken."""
        self.rejections.append(Rejection(s.start, s.end, self._text[s.start : s.end], rule, reason))
