"""Who grants licenses by a headline alone: "China Grants Export Licenses", then "X received licenses"."""

from __future__ import annotations

from dataclasses import replace

from kgbuild.extract.coreference import Coreference
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.stance import Stance
from kgbuild.extract.units import FIRM, Sentence
from kgbuild.model import Argument, Event


class HeadlineIssuers:
    """Keeps the issuer of a headline that names no holder for the first license granted in the text."""

    def __init__(self) -> None:
        self._issuers: list[Argument] = []

    def keep(
        self, s: Sentence, action: str, stance: Stance, noun: Noun | None, roles: list[Argument]
    ) -> None:
        """Keep the issuer that sentence `s` names, if it is the headline and tells of a grant as a fact."""
        opens = s.kind == "headline" and s.index == 0 and action == "granted" and stance == Stance()
        if opens and noun is not None and noun.kind.endswith("ExportLicense"):
            self._issuers = [a for a in roles if a.role == "issuer"]

    def add(self, events: list[Event], coreference: Coreference) -> list[Event]:
        """Return `events`; the first license granted to a named firm takes the kept issuer.

        Not where the text names another, or where the firm is known to be of another country.
        """
        for i, event in enumerate(events if self._issuers else []):
            plain = (event.action, event.polarity, event.certainty) == ("granted", "affirmed", "actual")
            firms = [h.name for h in event.of("holder") if h.kind == FIRM]
            export = any(k.value.endswith("ExportLicense") for k in event.of("kind"))
            if not (plain and firms and export):
                continue
            issuers, self._issuers = self._issuers, []
            abroad = any(coreference.foreign(f, x.name) for f in firms for x in issuers)
            if not event.of("issuer") and not abroad:
                step = "the headline names who grants it"
                added = (replace(x, inferred=True, derivation=step) for x in issuers)
                events[i] = replace(event, arguments=tuple(sorted({*event.arguments, *added})))
            break
        return events
