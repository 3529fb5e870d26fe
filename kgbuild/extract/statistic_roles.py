"""Roles of a statistic: whose it is, of what, and who says so."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import POSSESSIVES, Grammar
from kgbuild.extract.phrase_words import Readings
from kgbuild.extract.stance import Speech, find_speech
from kgbuild.extract.statistic_measures import GENERIC
from kgbuild.extract.units import BODIES, FIRM, MATERIALS, PLACES, Sentence, Unit
from kgbuild.model import Argument

_WHOLE_PLACES: Final = frozenset({"Country", "WorldRegion", "Subdivision"})
#: Kinds of material that a figure without one can be of.
RAW: Final = frozenset(
    "RareEarthElement Mineral ElementGroup PermanentMagnet RareEarthCompound Alloy".split()
)
_BACK: Final = 2  #: sentences that an unnamed material or economy may be named before
_ROWS: Final = 6  #: sentences over which figures of single partners go on
#: Families whose figures are those of a firm where the article is about one.
_OWN: Final = frozenset({"production", "revenue", "sales", "capacity", "stock", "price"})
_SPEAKERS: Final = (
    frozenset({FIRM, "Person", "TradeAssociation", "NewsOrganization", "Organization"}) | BODIES
)


@dataclass(slots=True)
class Memory:
    """What the statistics before this place of the article were about."""

    index: int = -9  #: sentence of the last statistic
    reporters: tuple[Argument, ...] = ()
    subjects: tuple[Argument, ...] = ()
    period: Argument | None = None
    family: str = ""
    topic: Unit | None = None  #: the one material that the opening names
    recent: list[tuple[int, Unit]] = field(default_factory=list)  #: (sentence, material)
    countries: list[tuple[int, Unit]] = field(default_factory=list)
    heads: dict[int, Unit] = field(default_factory=dict)  #: sentence -> the material that it opens with
    openers: dict[int, Unit] = field(default_factory=dict)  #: sentence -> the economy that it opens with
    firms: frozenset[str] = frozenset()  #: named in the sentence before
    told: dict[str, tuple[int, tuple[Argument, ...]]] = field(default_factory=dict)
    #: family -> sentence and subjects of its last figure
    lead: Unit | None = None  #: the one firm that the article is about, by its first line or sentence


class StatisticRoles:
    """Finds the arguments of a statistic."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference) -> None:
        self._text = text
        self.grammar = grammar
        self.coreference = coreference
        self.arguments = Arguments(grammar, coreference, text)
        self.memory = Memory()

    def note(self, s: Sentence) -> None:
        """Remember the materials and countries of a sentence for the sentences behind it."""
        named = [u for u in s.units if u.kind in MATERIALS and u.name not in GENERIC]
        raw = [u for u in named if u.kind in RAW]
        if s.index < 2 and self.memory.topic is None and len({u.name for u in raw}) == 1:
            self.memory.topic = raw[0]
        if s.index < 2 and self.memory.lead is None and not self.memory.recent and not self.memory.countries:
            firms = {u.name: u for u in s.units if u.kind == FIRM}
            self.memory.lead = next(iter(firms.values())) if len(firms) == 1 else None
        self.memory.firms = frozenset(u.name for u in s.units if u.kind == FIRM)
        self.memory.recent += [(s.index, u) for u in named]
        self.memory.countries += [(s.index, u) for u in s.units if u.kind == "Country"]
        head = next((u for u in s.units[:3] if u in raw), None)
        if head is not None:
            self.memory.heads[s.index] = head
        first = s.units[0]
        subject = not first.demonym and not self.grammar.possessive(s, 0)
        if first.kind in {"Country", "Government"} and subject:
            self.memory.openers[s.index] = first

    # ---- whose

    def owner(self, s: Sentence, i: int) -> tuple[Argument | None, Argument | None]:
        """Return unit `i` as (economy or government, firm), one of them None, or both."""
        unit = s.units[i]
        if unit.kind in PLACES:
            if unit.kind in _WHOLE_PLACES:
                return Argument("reporter", unit.kind, unit.text, unit.start, unit.end, unit.name), None
            place = self.arguments.actor("reporter", s, i)
            return place, None
        if unit.kind in BODIES:
            body = Argument("reporter", unit.kind, unit.text, unit.start, unit.end, unit.name)
            return self._economy(body), None
        if unit.low in {"it", "its", "they", "their", "which", "who", "country", "nation"} and not unit.kind:
            return self._pronoun(s, i)
        if unit.has("role") and not unit.has("role.customer"):
            described = self.grammar.describe(s, i)
            if described.country is not None:
                c = described.country
                return Argument("reporter", c.kind, c.text, c.start, c.end, c.name), None
        actor = self.arguments.actor("reporter", s, i)
        if actor is None or actor.kind in {"Person", "NewsOrganization", "TradeAssociation", "Organization"}:
            return None, None
        if actor.kind == FIRM:
            return None, replace(actor, role="subject")
        return self._economy(actor), None

    def _economy(self, body: Argument) -> Argument:
        """Return the economy that a ministry's figure is of: what it lets out is the country's trade."""
        place = self.coreference.economy_behind(body.name) if body.kind in {"Regulator", "PublicBody"} else ""
        if not place:
            return body
        note = f"{body.name} acts for it"
        return replace(body, kind="Country", name=place, inferred=True, derivation=note)

    def _pronoun(self, s: Sentence, i: int) -> tuple[Argument | None, Argument | None]:
        """Return what "it", "which" or "the country" stands for: a place or firm before it."""
        unit = s.units[i]
        if unit.low in {"which", "who"}:
            for j in range(i - 1, max(-1, i - 5), -1):
                if s.units[j].kind in PLACES | {FIRM}:
                    return self.owner(s, j)
                if s.units[j].has("role"):
                    break
            return None, None
        if unit.low in {"it", "its", "they", "their"}:
            for j in range(i):
                before = s.units[j]
                if before.kind in _WHOLE_PLACES and not before.demonym and self._leads(s, j):
                    found, firm = self.owner(s, j)
                    return self._through(found, unit), self._through(firm, unit)
                if before.kind == FIRM and self._leads(s, j):
                    break
            named = {u.name: j for j, u in enumerate(s.units[:i]) if u.kind == "Country" and not u.demonym}
            if len(named) == 1 and not any(u.kind == FIRM for u in s.units[:i]):
                economy, _ = self.owner(s, next(iter(named.values())))
                return self._through(economy, unit), None
            found = self.arguments.actor("reporter", s, i, firm=True)
            if found is not None and found.kind == FIRM:
                known = found.name in self.memory.firms or any(u.name == found.name for u in s.units[:i])
                return None, replace(found, role="subject") if known else None
        country = self._recent_country(s)
        if country is None:
            return None, None
        return (
            Argument(
                "reporter", country.kind, unit.text, unit.start, unit.end, country.name, inferred=True,
                derivation=f"coreference: {unit.text} = {country.text}",
            ),
            None,
        )  # fmt: skip

    def _leads(self, s: Sentence, j: int) -> bool:
        """Return whether the name at `j` can be the subject of its clause."""
        return self.grammar.governed(s, j, 0) == "" and not self.grammar.possessive(s, j)

    @staticmethod
    def _through(found: Argument | None, unit: Unit) -> Argument | None:
        if found is None:
            return None
        note = f"coreference: {unit.text} = {found.text}"
        return replace(found, text=unit.text, start=unit.start, end=unit.end, inferred=True, derivation=note)

    def _recent_country(self, s: Sentence) -> Unit | None:
        """Return the one country that the sentence before names; of several none."""
        for back in range(1, _BACK + 1):
            opener = self.memory.openers.get(s.index - back)
            if opener is not None:
                return opener  # "Tokyo vowed to fund Australian mines. Yet it still relies on ..."
            named = [u for index, u in self.memory.countries if index == s.index - back]
            if named:
                return named[0] if len({u.name for u in named}) == 1 else None
        return None

    def _row(self, s: Sentence, family: str) -> tuple[Argument, ...]:
        """Return subjects and reporters of the figures that one of a single partner goes on with."""
        index, told = self.memory.told.get(family, (-_ROWS - 1, ()))
        names = {a.name for a in told}
        since = (self.memory.heads.get(i) for i in range(index + 1, s.index))
        turned = any(u is not None and u.name not in names for u in since)  # "Germanium exports fell"
        return told if s.index - index <= _ROWS and not turned else ()

    def reporter_of_rows(self, s: Sentence, family: str) -> list[Argument]:
        """Return whose exports or imports those to or from a single partner are: of the figures before."""
        return [_of_before(a, s.units[0]) for a in self._row(s, family) if a.role == "reporter"]

    def lead_firm(self, s: Sentence, family: str) -> list[Argument]:
        """Return the firm that the article is about, for a figure of its own without a name."""
        lead, at = self.memory.lead, s.units[0]
        others = any(
            u.kind in PLACES | {FIRM}
            or (u.has("role") and (u.low.endswith("s") or not i or s.units[i - 1].low != "the"))
            for i, u in enumerate(s.units)
        )  # "the producer's revenue" is its own
        if lead is None or family not in _OWN or others:
            return []
        note = f"the article is about it: {lead.text}"
        return [
            Argument("subject", FIRM, at.text, at.start, at.end, lead.name, inferred=True, derivation=note)
        ]

    def inferred_reporter(self, s: Sentence, family: str) -> list[Argument]:
        """Return the economy of the statistic or sentence before, for a figure that names none."""
        if family == "price" or (self.memory.lead is not None and family in _OWN):
            return []
        at = s.units[0]
        same = family == self.memory.family or {family, self.memory.family} <= {"exports", "destinations"}
        if s.index - self.memory.index <= _BACK and self.memory.reporters and same:
            return [
                replace(a, text=at.text, start=at.start, end=at.end, inferred=True,
                        derivation=f"the figure before is that of {a.text}")
                for a in self.memory.reporters
            ]  # fmt: skip
        country = self._recent_country(s)
        if country is None or any(u.kind in PLACES for u in s.units):
            return []
        note = f"the only country named before: {country.text}"
        return [
            Argument(
                "reporter",
                country.kind,
                at.text,
                at.start,
                at.end,
                country.name,
                inferred=True,
                derivation=note,
            )
        ]

    # ---- of what

    def subjects(self, s: Sentence, units: list[int], at: int, *, row_of: str = "") -> list[Argument]:
        """Return the materials at `units`; where there are none that spoken of before, as inferred.

        `row_of`: the family of a figure of one partner, which goes on with the figures before.
        """
        if units:
            return [_material(s.units[i]) for i in units]
        near = [u for u in s.units[:at] if u.kind in RAW and u.name not in GENERIC]
        if near and not any(u.kind == FIRM for u in s.units):
            return [replace(_material(near[-1]), inferred=True, derivation="named before in the sentence")]
        place = s.units[at]
        topic = self.memory.topic
        counted = any(_seventeen(s, j) for j in range(len(s.units)))
        if counted and topic is not None and topic.name == "rare earths":
            return [self._carried(topic, place, "there are 17 of them")]
        carried = [a for a in self.memory.subjects if a.kind in MATERIALS]
        if s.index - self.memory.index <= 1 and carried:
            return [_of_before(a, place) for a in carried]
        row = [a for a in self._row(s, row_of) if a.role == "subject" and a.kind in MATERIALS]
        if row:
            return [_of_before(a, place) for a in row]
        for back in range(1, _BACK + 1):
            named = [u for index, u in self.memory.recent if index == s.index - back and u.kind in RAW]
            if named:
                if len({u.name for u in named}) > 1:
                    break
                return [self._carried(named[0], place, "spoken of before")]
        return [self._carried(topic, place, "the article is about it")] if topic is not None else []

    def good_before(self, s: Sentence, at: int) -> list[Argument]:
        """Return the material or good of any kind that the text named last, as what a market is of."""
        recent = self.memory.recent
        named = [u for _, u in recent[:1] if u.kind == "Good"] or [
            u for index, u in recent[-1:] if s.index - index <= _ROWS
        ]
        return [self._carried(named[-1], s.units[at], "spoken of before")] if named else []

    @staticmethod
    def _carried(unit: Unit, place: Unit, note: str) -> Argument:
        return Argument(
            "subject", unit.kind, place.text, place.start, place.end, unit.name, inferred=True,
            derivation=f"{note}: {unit.text}",
        )  # fmt: skip

    # ---- who says so

    def speaker(self, s: Sentence, at: int, words: Readings) -> tuple[Speech | None, Argument | None]:
        """Return who gives the number: a verb of saying, or "based on data of the survey"."""
        speech = find_speech(self.grammar, s, at)
        found = self.arguments.speaker(s, speech)
        if found is not None:
            return speech, found
        for data in words.of("data"):
            behind = s.units[data.last + 1].low if data.last + 1 < len(s.units) else "."
            if behind in {"center", "centers", "centre", "centres"}:
                continue
            named = [
                j for j in range(max(0, data.first - 4), min(len(s.units), data.last + 5))
                if s.units[j].kind in _SPEAKERS or s.units[j].reading(BODIES)
            ]  # fmt: skip
            if named and not any(
                u.text == "," for u in s.units[min(named[0], data.last) : max(named[0], data.last)]
            ):
                unit = s.units[named[0]]
                kind, name = unit.reading(_SPEAKERS) or (unit.kind, unit.name)
                return speech, Argument("speaker", kind, unit.text, unit.start, unit.end, name)
            if any(
                u.low in {"showed", "show", "shows", "indicate", "suggest"}
                for u in s.units[data.last + 1 : data.last + 3]
            ):
                first = data.first - 1 if data.first and s.units[data.first - 1].is_word else data.first
                start, end = s.units[first].start, s.units[data.last].end
                return speech, Argument(
                    "speaker",
                    "UnnamedSource",
                    self._text[start:end],
                    start,
                    end,
                    derivation="described, not named",
                )
        return speech, None


def _seventeen(s: Sentence, i: int) -> bool:
    amount = s.units[i].amount
    counted = amount is not None and amount.kind == "count" and amount.value == "17"
    return counted and i + 1 < len(s.units) and s.units[i + 1].low in {"minerals", "elements", "metals"}


def _of_before(a: Argument, place: Unit) -> Argument:
    note = f"the figure before is of {a.text}"
    return replace(a, text=place.text, start=place.start, end=place.end, inferred=True, derivation=note)


def _material(unit: Unit) -> Argument:
    return Argument("subject", unit.kind, unit.text, unit.start, unit.end, unit.name)


def possessor(s: Sentence, low: int, noun: int) -> list[int]:
    """Return the units in [low, noun) that own what the noun names: "China's", "Chinese", "its"."""
    out = []
    for j in range(noun - 1, low - 1, -1):
        unit = s.units[j]
        behind = s.units[j + 1]
        owned = behind.text in POSSESSIVES and behind.start == unit.end
        if (
            (unit.kind in PLACES and (unit.demonym or owned or behind.kind in MATERIALS or j + 1 == noun))
            or (unit.kind in BODIES and unit.reading(PLACES) and owned)
            or (unit.kind == FIRM and owned)
            or unit.low in {"its", "their"}
            or (unit.low in {"country", "nation"} and owned)
        ):
            out.append(j)
        elif unit.kind == "Time" or unit.text in {",", ";", ":"}:
            break
    return out
