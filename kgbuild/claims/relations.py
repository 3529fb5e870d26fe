"""Relations to claims: a property between two things, said directly, without a node in between."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.claims.maker import Maker
from kgbuild.link import Linked, LinkedEvent
from kgbuild.model import Span, Triple
from kgbuild.ontology import Ontology
from kgbuild.terms import KG, text_literal

#: predicate -> (class of the subject, class of the object, property); the first that fits is taken.
_THINGS: Final = {
    "peer_of": (("Firm", "Firm", "peerOf"),),
    "used_in": tuple((m, u, "usedIn") for m in ("Material", "ElementGroup") for u in ("EndUse", "Good")),
    "supplies": (
        ("Firm", "Organization", "supplies"),
        ("Firm", "Industry", "suppliesIndustry"),
        ("Firm", "Material", "suppliesMaterial"),
    ),
    "subsidiary_of": (("Firm", "Organization", "subsidiaryOf"),),
    "subsidiary_in": (("Organization", "Place", "hasSubsidiaryIn"),),
    "customer_in": (("Organization", "Place", "hasCustomersIn"),),
    "located_in": (("Place", "Place", "locatedIn"), ("Organization", "Place", "hasSiteIn")),
    "supplements": (("LegalInstrument", "LegalInstrument", "supplements"),),
    "depends_on": tuple(
        (who, what, "dependsOn")
        for who in ("EndUse", "Material", "Place", "Organization")
        for what in ("Material", "ElementGroup", "Place", "Organization")
    ),
    "holds_office": (("Person", "Organization", "holdsOffice"),),
    "regulates": (("Regulator", "RegulatedActivity", "regulates"),),
    "holds_stake_in": (("Agent", "Organization", "holdsStakeIn"),),
    "operates": (("Organization", "Site", "operates"),),
    "acquired": (("Organization", "Organization", "acquired"), ("Organization", "Site", "acquired")),
}
#: predicate -> (class of the subject or "" for any, property), for objects that stay words.
_WORDS: Final = {
    "holds_office": ("Person", "officeTitle"),
    "also_called": ("", "alsoKnownAs"),
    "reported_on": ("Organization", "reportedOn"),
}


class Relations:
    """Makes the claims of relations."""

    def __init__(self, ontology: Ontology, maker: Maker) -> None:
        self._ontology = ontology
        self._maker = maker

    def claim(self, event: LinkedEvent) -> None:
        """Claim each subject's relation to each object; what a property cannot link is listed as unlinked."""
        subjects = [x for x in event.linked if x.argument.role == "subject"]
        objects = [x for x in event.linked if x.argument.role == "object"]
        dates = sorted({a.value for a in event.event.of("date") if a.value})
        when = self._maker.told.time_node(dates[0]) if len(dates) == 1 else ""
        for subject, value in _told_together(event, subjects, objects):
            reason = self._pair(event, subject, value, when)
            if reason:
                self._maker.told.unlinked.append((event.article, value.argument, reason))

    def _pair(self, event: LinkedEvent, subject: Linked, value: Linked, when: str) -> str:
        """Claim one relation, with its time; return "" or why there is none."""
        action, words = event.event.action, value.argument.kind == "Text" and value.iri is None
        if subject.iri is None:
            return f"{subject.argument.text!r} is no known thing"
        if not words and value.iri is None:
            return "no such name in the ontology, or several"
        if words:
            wanted, name = _WORDS.get(action, ("", ""))
            if not name or (wanted and not self._ontology.is_a(self._maker.kind(subject.iri), wanted)):
                return f"words cannot be what {subject.argument.text!r} {action.replace('_', ' ')}"
            text = " ".join(value.argument.text.split())
            self._claim(event, value, when, (subject.iri, KG.__getattr__(name), text_literal(text)))
        else:
            found = self._property(action, subject.iri, value.iri or "")
            if found is None:
                kinds = f"a {self._maker.kind(subject.iri)} and a {self._maker.kind(value.iri or '')}"
                return f"no property {action.replace('_', ' ')} links {kinds}"
            left, name, right = found
            self._claim(event, value, when, (left, KG.__getattr__(name), right))
            self._firm(event, value)
        self._firm(event, subject)
        return ""

    def _claim(self, event: LinkedEvent, value: Linked, when: str, triple: Triple) -> None:
        place = self._maker.place(event, value.argument)
        claim = self._maker.made(event, place, *triple, value.argument)
        self._maker.told.claims.add(replace(claim, time=when))

    def _property(self, action: str, subject: str, value: str) -> tuple[str, str, str] | None:
        """Return subject, property and object; a government stands for its place where need be."""
        for wanted_subject, wanted_object, name in _THINGS.get(action, ()):
            left, right = self._as(subject, wanted_subject), self._as(value, wanted_object)
            if left and right and left != right:
                return left, name, right
        return None

    def _as(self, iri: str, wanted: str) -> str:
        """Return the thing if it is of class `wanted`, or the place that a government governs, else ""."""
        kind = self._maker.kind(iri)
        if self._ontology.is_a(kind, wanted):
            return iri
        if wanted == "Place" and kind == "Government":
            return next(iter(self._ontology.objects(iri, KG.governs)), "")
        return ""

    def _firm(self, event: LinkedEvent, linked: Linked) -> None:
        if linked.iri and self._maker.kind(linked.iri) == "Firm":
            self._maker.known_as(event, linked.argument, linked.iri)


def _told_together(
    event: LinkedEvent, subjects: list[Linked], objects: list[Linked]
) -> list[tuple[Linked, Linked]]:
    """Return the pairs of a subject and an object that one place tells, or all where none tells both."""
    pairs = []
    for telling in event.event.tellings:
        here = [
            [x for x in side if telling.span.contains(Span(x.argument.start, x.argument.end))]
            for side in (subjects, objects)
        ]
        # what is named elsewhere ("its customers") holds for every telling
        left, right = here[0] or subjects, here[1] or objects
        if here[0] or here[1] or not event.event.repeats:
            pairs += [(s, o) for s in left for o in right]
    return list(dict.fromkeys(pairs))
