"""The comparable parts of relations, trade statistics, disruptions and statements.

Their participants are words as often as names. A *party* is the set of forms under which one
participant may be met: the IRI of a known name (a government counts as the place it governs), or the
words in a normal form without articles and legal forms, the last one in the singular. Two parties are
one when they share a form. A participant that the text describes without naming ("(suppliers of Ford)")
is known by the words the text uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias

from kgbuild.link import LinkedEvent, firm_key
from kgbuild.model import Argument
from kgbuild.ontology import Ontology, name_key, phrase_key
from kgbuild.terms import KG

Party: TypeAlias = frozenset[str]
UNNAMED: Final = "(unnamed)"

#: Words of a measure -> the families of figures that count as it; the first row that fits wins.
MEASURES: Final[tuple[tuple[str, frozenset[str]], ...]] = tuple(
    (pattern, frozenset(families.split()))
    for pattern, families in (
        (r"quotas?", "quota"),
        (r"destinations?", "destinations exports"),
        (r"prices?", "price"),
        (r"reserves?", "reserves"),
        (r"resources?", "resources"),
        (r"consumption|demand", "consumption"),
        (r"capacit(?:y|ies)", "capacity"),
        (r"stocks?|stockpiles?|inventor(?:y|ies)", "stock"),
        (r"imports?", "imports"),
        (r"export revenue|export sales", "exports revenue sales"),
        (r"exports?", "exports"),
        (r"sales|revenue", "sales revenue"),
        (r"supply", "supply"),
        (r"outputs?|production", "production"),
    )
)
#: Words of a trouble -> the kinds of disruption that count as it; the first row that fits wins.
TROUBLES: Final[tuple[tuple[str, frozenset[str]], ...]] = tuple(
    (pattern, frozenset(families.split()))
    for pattern, families in (
        (r"force majeure", "force-majeure"),
        (r"price", "price-increase"),
        (r"halt\w*|stop\w*|suspen\w*|clos\w*|shut\w*", "halt closure"),
        (r"write-off|loss\w*|lost", "loss"),
        (r"delay\w*|lengthier|slow\w*|wait\w*|backlog", "delay"),
        (r"short\w*|stocks?|scarc\w*", "shortage"),
        (r"strain\w*|pressure|disrupt\w*", "strain"),
    )
)
_UNITS: Final = {
    "percent": "%", "per cent": "%", "percentage points": "%", "tons": "t", "tonnes": "t", "metric tons": "t",
    "ton": "t", "tonne": "t",
}  # fmt: skip
_INDUSTRY: Final = ("industry", "sector")
_EMPTY: Final = frozenset("a an the of in for and or to its their his her some".split())


@dataclass(frozen=True, slots=True)
class Parts:
    """The comparable parts of one fact."""

    #: relation: its subjects; statistic: what is counted; disruption: the firms; statement: the speaker
    subjects: frozenset[Party] = frozenset()
    objects: frozenset[Party] = frozenset()  #: relation: its objects; statistic: partners
    families: frozenset[str] = frozenset()  #: of the measure, or of the trouble
    values: frozenset[tuple[str, str]] = frozenset()  #: (number, unit)
    reporters: frozenset[Party] = frozenset()
    reporter_said: bool = True  #: whether the text names the reporter in the place of the figure
    words: frozenset[str] = frozenset()  #: of the objects, or of a speaker without a name


class PartReader:
    """Makes the parts of gold facts and of linked events, by the same rules."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology

    # ---- gold

    def of_gold(self, fact: Mapping[str, Any]) -> Parts:
        """Return the parts of a gold fact; none of the types without parts."""
        match fact["type"]:
            case "relation":
                objects = _listed(fact.get("object"))
                return Parts(
                    self._given(fact.get("subject")),
                    self._given(fact.get("object")),
                    words=_words(_name(o) for o in objects),
                )
            case "trade_stat":
                reporter = fact.get("reporter")
                named = not isinstance(reporter, Mapping) or bool(reporter.get("surface"))
                return Parts(
                    self._given([_counted(v) for v in _listed(fact.get("subject"))]),
                    self._given(fact.get("partner")),
                    families_of(fact.get("measure") or "", MEASURES),
                    _gold_values(fact),
                    self._given(reporter),
                    named,
                )
            case "disruption":
                return Parts(self._given(fact.get("firm")), families=families_of(fact["kind"], TROUBLES))
            case "statement":
                speaker = fact.get("speaker")
                unnamed = speaker is not None and _name(speaker).startswith("(")
                forms = [_name(speaker), *_surfaces(speaker)] if unnamed else []
                return Parts(self._given(speaker), words=_words(forms))
        return Parts()

    def _given(self, values: Any) -> frozenset[Party]:
        return frozenset(self._gold_party(v) for v in _listed(values))

    def _gold_party(self, value: Any) -> Party:
        name = _name(value)
        if name.startswith("("):
            return frozenset({UNNAMED, *map(_plain, _surfaces(value))} - {""})
        iri = self.iri(name)
        if iri:
            return frozenset({self.place(iri)})
        known = [found for s in _surfaces(value) if (found := self.iri(s))]
        return frozenset({_plain(name), *map(self.place, known), *map(_plain, _surfaces(value))} - {""})

    def iri(self, name: str) -> str:
        """Return the IRI of the one thing with the label `name` ("defense" is the industry), or ""."""
        for form in (name, phrase_key(name), *(f"{name} {word}" for word in _INDUSTRY)):
            entities = self._ontology.by_name(form)
            exact = [e for e in entities if name_key(e.label) == name_key(form)]
            chosen = exact or [e for e in entities if any(name_key(n) == name_key(form) for n in e.names)]
            iris = sorted({e.iri for e in chosen})
            if iris:
                return iris[0] if len(iris) == 1 else ""
        return ""

    def place(self, iri: str) -> str:
        """Return the place that a government governs, any other thing as it is."""
        if self._ontology.kind(iri) != "Government":
            return iri
        return next(iter(self._ontology.objects(iri, KG.governs)), iri)

    # ---- events

    def of_event(self, linked: LinkedEvent) -> Parts | None:
        """Return the parts of an extracted event, or None where its type has none."""
        event = linked.event
        match event.type:
            case "relation":
                objects = [a.name or a.text for a in event.of("object")]
                return Parts(
                    self._told(linked, "subject"), self._told(linked, "object"), words=_words(objects)
                )
            case "visit":
                return Parts(self._told(linked, "firm"), self._told(linked, "person"))
            case "trade_stat":
                signed = "-" if any(a.value == "down" for a in event.of("change")) else ""
                values = {
                    (number(f"{signed}{a.value}"), _UNITS.get(a.unit, a.unit))
                    for role in ("value", "also")
                    for a in event.of(role)
                    if a.value
                }
                return Parts(
                    self._told(linked, "subject"),
                    self._told(linked, "partner"),
                    frozenset({event.action}),
                    frozenset(values),
                    self._told(linked, "reporter"),
                )
            case "disruption":
                firms = self._told(linked, "firm", named_only=True)
                return Parts(firms, families=frozenset({event.action}))
            case "statement":
                unnamed = [a.text for a in event.of("speaker") if _unnamed(a)]
                return Parts(self._told(linked, "speaker"), words=_words(unnamed))
        return None

    def _told(self, linked: LinkedEvent, role: str, *, named_only: bool = False) -> frozenset[Party]:
        parties = set()
        for found in linked.linked:
            argument = found.argument
            if argument.role != role or (named_only and _unnamed(argument)):
                continue
            if found.iri and self._ontology.kind(found.iri):
                parties.add(frozenset({self.place(found.iri)}))
            elif _unnamed(argument):
                parties.add(frozenset({UNNAMED, _plain(argument.text)}))
            else:
                forms = [argument.name, argument.value, argument.text]
                iris = [self.place(i) for f in forms if f and (i := self.iri(f))]
                parties.add(frozenset({*iris[:1], *map(_plain, forms)} - {""}))
        return frozenset(parties)


def _unnamed(argument: Argument) -> bool:
    return argument.kind in {"UnnamedFirm", "UnnamedSource"}


def _listed(values: Any) -> list[Any]:
    if values is None:
        return []
    return list(values) if isinstance(values, list | tuple) else [values]


def _name(value: Any) -> str:
    return str(value.get("name") or value.get("text") or "") if isinstance(value, Mapping) else str(value)


def _surfaces(value: Any) -> list[str]:
    return list(value.get("surface") or ()) if isinstance(value, Mapping) else []


def _counted(subject: Any) -> Any:
    """Return the subject of a statistic without a last word that is one of the measure: "cobalt output"."""
    name, _, last = _name(subject).rpartition(" ")
    return name if name and families_of(last, MEASURES) != {"other"} else subject


def _plain(text: str) -> str:
    """Return words without articles and legal forms, the last in the singular."""
    return phrase_key(firm_key(text)) if text else ""


def _words(texts: Iterable[str]) -> frozenset[str]:
    """Return the words that carry meaning, in the singular."""
    return frozenset(phrase_key(w) for t in texts for w in name_key(t).split()) - _EMPTY


def families_of(text: str, table: Iterable[tuple[str, frozenset[str]]]) -> frozenset[str]:
    """Return the families that a measure or a trouble in free words counts as; "other" where no row fits."""
    for pattern, families in table:
        if re.search(rf"\b(?:{pattern})\b", text.lower()):
            return families
    return frozenset({"other"})


def number(text: str) -> str:
    """Return a number in one form: "70.0" and "70" are one. What is no number stays as it is."""
    try:
        return f"{Decimal(text).normalize():f}"
    except InvalidOperation:
        return text


def _gold_values(fact: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    also = [v for v in _listed(fact.get("also_as")) if isinstance(v, Mapping)]
    given = [fact, *also]
    return frozenset(
        (number(str(v["value"])), _UNITS.get(v.get("unit") or "", v.get("unit") or ""))
        for v in given
        if v.get("value") is not None
    )
