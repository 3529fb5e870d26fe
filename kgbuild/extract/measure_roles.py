"""Roles of a control measure: who imposes it, on what, against whom, for how long, in answer to what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.coreference import Coreference, Referent
from kgbuild.extract.grammar import Grammar, VerbGroup, positions
from kgbuild.extract.measure_stand_ins import named_before
from kgbuild.extract.measure_tellings import ACTS_FOR
from kgbuild.extract.stance import Stance
from kgbuild.extract.units import BODIES, FIRM, MATERIALS, PLACES, Sentence, Unit
from kgbuild.model import Argument

#: Nouns by which an adjective tells against whom: "tariffs on Chinese goods", "for American users".
_HIT: Final = frozenset("goods imports products users military components exports".split())
#: Bodies of a state that only its adjective tells apart.
_OFFICERS: Final = frozenset({"customs", "regulators", "censors", "watchdogs"})
_DEFINITE: Final = frozenset({"the", "this", "these", "those", "that", "such"})


@dataclass(frozen=True, slots=True)
class Found:
    """A measure before its arguments are looked for."""

    rule: str
    action: str
    noun: int
    verb: int
    imposers: tuple[Argument, ...]
    low: int  #: units [low, high) hold its arguments
    high: int
    stance: Stance
    skipped: tuple[int, int] = (0, 0)  #: units whose times belong to another clause
    group: VerbGroup | None = None
    when: tuple[int, int] | None = None  #: units whose times count; None for the whole clause
    since: bool = False  #: "since 2019" tells when it began
    items: tuple[Argument, ...] = ()  #: what it is on, where it stands elsewhere
    kind: str = ""  #: class of the measure where the noun does not tell it
    filled: bool = False  #: its imposer may stand anywhere in the article
    targets: tuple[Argument, ...] = ()  #: against whom, where that stands elsewhere


class MeasureRoles:
    """Finds the arguments of a measure around its noun and verb."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference) -> None:
        self._text = text
        self._grammar = grammar
        self._coreference = coreference
        self._arguments = Arguments(grammar, coreference, text)

    # ---- who

    def body(self, s: Sentence, i: int) -> Argument | None:
        """Return unit `i` as a government or public body that imposes; None when it is something else."""
        unit = s.units[i]
        if unit.kind == "Person" or unit.low in {"he", "she"}:
            return self._office(s, i)
        # "the Central African country" describes any there
        described = unit.demonym and s.units[i + 1 :][:1] and s.units[i + 1].low in {"country", "nation"}
        if (
            described
            or not (self._grammar.is_actor(unit) or unit.kind in PLACES)
            or unit.low in {"we", "who"}
        ):
            return None
        actor = self._arguments.actor("imposer", s, i)
        if actor is not None and actor.kind in BODIES:
            return self._speaking(actor)
        if actor is not None:
            return None
        if unit.low in {"it", "they"}:
            found = self._coreference.body_before(s)
        elif unit.low == "administration":
            found = self._coreference.administration(s)
        elif unit.has("authority") and i + 2 < len(s.units) and s.units[i + 1].low == "in":
            seat = s.units[i + 2]  # "the ministry in Beijing"
            found = self._coreference.refer(s, i + 2) if seat.kind in PLACES | BODIES else None
        elif unit.low in _OFFICERS and i and s.units[i - 1].kind == "Country" and s.units[i - 1].demonym:
            return self._owner_of(s, i - 1)
        else:
            return None
        if found is None:
            return None
        return Argument(
            "imposer", found.kind, unit.text, unit.start, unit.end, found.name,
            inferred=True, derivation=found.via,
        )  # fmt: skip

    def _owner_of(self, s: Sentence, j: int) -> Argument | None:
        """Return the government of "Chinese customs"."""
        found, unit = self._coreference.refer(s, j), s.units[j]
        if found is None or found.kind not in BODIES:
            return None
        return Argument(
            "imposer", found.kind, unit.text, unit.start, unit.end, found.name, derivation=found.via
        )

    def _speaking(self, actor: Argument) -> Argument:
        """Return a ministry or agency with the note for which government it acts."""
        government = self._coreference.government_behind(actor.name) if actor.kind != "Government" else ""
        if not government:
            return actor
        note = f"{actor.derivation}; " if actor.derivation else ""
        return replace(actor, derivation=f"{note}{actor.text} {ACTS_FOR} {government}")

    def _office(self, s: Sentence, i: int) -> Argument | None:
        """Return the government a person acts for: "U.S. President Donald Trump", "Trump"."""
        person = s.units[i]
        if not person.kind:
            return self._held(person, self._coreference.pronoun_office(s, i))
        for j in range(i - 1, max(-1, i - 5), -1):
            unit = s.units[j]
            if unit.kind == "Country" and not self._grammar.possessive(s, j):
                found = self._coreference.refer(s, j)
                if found is None or found.kind not in BODIES:
                    return None
                return Argument(
                    "imposer", found.kind, unit.text, unit.start, unit.end, found.name,
                    inferred=True, derivation=f"{person.text} acts for {unit.text}",
                )  # fmt: skip
            if unit.kind or not (unit.text[:1].isupper() or unit.text == "-"):
                break
        return self._held(person, self._coreference.office(person))

    @staticmethod
    def _held(unit: Unit, held: Referent | None) -> Argument | None:
        if held is None:
            return None
        at = (unit.text, unit.start, unit.end)
        return Argument("imposer", held.kind, *at, held.name, inferred=True, derivation=held.via)

    def subjects(self, s: Sentence, heads: list[int]) -> list[Argument]:
        """Return the bodies among the heads of a subject."""
        return [a for h in heads if (a := self.body(s, h)) is not None]

    def subject_beside(self, s: Sentence, first: int) -> list[Argument]:
        """Return the body right before a verb group: "In exchange China will suspend"."""
        i = first - 1
        if i < 1 or self._grammar.possessive(s, i) or s.units[i].low in {"it", "they", "its"}:
            return []
        before = s.units[i - 1]
        if before.low in self._grammar.words["determiners"] and i >= 2:
            before = s.units[i - 2]
        if before.low in self._grammar.words["prepositions"] or before.low in {"and", "or"}:
            return []
        actor = self.body(s, i) if s.units[i].kind or s.units[i].has("authority") else None
        return [actor] if actor is not None else []

    def possessor(self, s: Sentence, noun: int) -> list[Argument]:
        """Return who owns a control noun: "China's export controls", "U.S. tariffs", "Beijing's curbs"."""
        j = noun - 1
        while j >= 0 and noun - j <= 6:
            unit = s.units[j]
            if unit.kind in PLACES or unit.kind in BODIES or unit.has("authority"):
                return self._owner(s, j, noun)
            if unit.kind == "Person":
                owner = self._office(s, j) if self._grammar.possessive(s, j) else None
                return [owner] if owner else []
            if unit.low in {"its", "their"}:
                actor = self._accused(s, j) or self._arguments.actor("imposer", s, j)
                return [actor] if actor is not None and actor.kind in BODIES else []
            inner = (
                unit.text in {"'s", "’s", "-"}
                or unit.kind in MATERIALS | {"Time", "Duration", "Quantity"}
                or unit.low in {"planned", "proposed", "threatened"}
                or (
                    unit.is_word and not unit.kind and not any(t.form in {"past", "third"} for t in unit.tags)
                )
            )
            closed = self._grammar.words["prepositions"] | self._grammar.words["auxiliaries"] - {"'s", "’s"}
            if not inner or unit.low in closed | {"that", "which", "who", "whether"}:
                return []
            j -= 1
        return []

    def _accused(self, s: Sentence, j: int) -> Argument | None:
        """Return the body right before "over its curbs": it is at odds with others over what is its own."""
        if j < 2 or s.units[j - 1].low not in {"over", "for", "about"} or s.units[j - 2].demonym:
            return None
        blamed = s.units[j - 2].kind in PLACES | BODIES and s.units[j - 3 : j - 2]
        return self.body(s, j - 2) if blamed else None

    def _owner(self, s: Sentence, j: int, noun: int) -> list[Argument]:
        unit = s.units[j]
        possessive = self._grammar.possessive(s, j)
        before = s.units[j - 1].low if j else ""
        if unit.kind in PLACES and not unit.demonym and not possessive:
            following = s.units[j + 1]
            verbal = following.is_word and not following.kind and not following.has("word.export")
            if verbal and j + 1 != noun:
                return []  # "China maintains control": a subject, no owner
            sent = before == "to" and j > 1 and s.units[j - 2].has("word.export")
            if sent or before in {"on", "against", "for", "from", "in"}:
                return []  # "on China export controls": who is hit
        if not possessive and not unit.demonym and unit.has("authority"):
            return []
        found = self._coreference.refer(s, j)
        if found is None or found.kind not in BODIES:
            return []
        return [
            Argument("imposer", found.kind, unit.text, unit.start, unit.end, found.name, derivation=found.via)
        ]

    def agents(self, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return who is named by "by" in units [low, high)."""
        for j in range(low, high):
            if s.units[j].low in {"by", "under"} and not s.units[j].kind:
                for k in range(j + 1, min(j + 5, high)):
                    if s.units[k].low in {"through", "via", "to", "from", "in", "with", "at"}:
                        break  # "an export by air through Namibia"
                    actor = self.body(s, k) if self._acting(s, k) else None
                    if actor is not None:
                        rest = [a for h in self._joined(s, k, high) if (a := self.body(s, h)) is not None]
                        return [actor, *rest]
        return []

    @staticmethod
    def _acting(s: Sentence, k: int) -> bool:
        """Return whether unit `k` acts itself: "by Chinese regulators", not "by the Chinese military"."""
        following = s.units[k + 1] if k + 1 < len(s.units) else None
        if not s.units[k].demonym:
            return True
        return following is not None and (following.has("authority") or following.kind in BODIES)

    @staticmethod
    def _joined(s: Sentence, k: int, high: int) -> list[int]:
        if k + 2 < high and s.units[k + 1].low == "and":
            return [j for j in range(k + 2, min(k + 4, high)) if s.units[j].kind][:1]
        return []

    def owner_behind(self, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return whose stance it is that changes: "a softening in China's stance on export controls"."""
        for j in range(low, high):
            if self._grammar.possessive(s, j):
                if j + 2 < len(s.units) and s.units[j + 2].kind == FIRM:
                    continue  # "curbs on parts for China's Comac"
                actor = self.body(s, j)
                return [actor] if actor is not None else []
        return []

    def relative_owner(self, s: Sentence, noun: int, before: int) -> list[Argument]:
        """Return who imposed it in a relative clause: "the controls China announced are suspended"."""
        for j in range(noun + 1, min(before, noun + 4)):
            if s.units[j].low in {"that", "which"}:
                continue
            actor = self.body(s, j)
            verb = j + 1 < before and any(t.cls.startswith("control") and t.form for t in s.units[j + 1].tags)
            had = j + 2 < before and s.units[j + 1].low in {"had", "has"}
            return [actor] if actor is not None and (verb or had) else []
        return []

    def place_before(self, s: Sentence, left: int) -> list[Argument]:
        """Return the government of "Malawi, where exports of ... were halted"."""
        if left < 2 or s.units[left].low != "where" or s.units[left - 1].text != ",":
            return []
        actor = self.body(s, left - 2) if s.units[left - 2].kind in PLACES else None
        return [actor] if actor is not None else []

    def government(self, place: str) -> str:
        """Return the label of the government of a place, "" where none is known."""
        return self._coreference.government_of(place)

    def places_in(self, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return the government of "in China" in units [low, high)."""
        for j in range(low + 1, high):
            unit = s.units[j]
            if unit.kind == "Country" and not unit.demonym and not self._grammar.possessive(s, j):
                if self._grammar.governed(s, j, low) != "in":
                    continue
                actor = self.body(s, j)
                return [actor] if actor is not None else []
        return []

    # ---- what, against whom

    def items(self, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return the materials in units [low, high), up to what the measure answers."""
        for i in positions(s, "response"):
            if low < i < high:
                high = i
        found = self._arguments.materials("item", s, low, high)
        return named_before(s, [a for a in found if a.role == "item"])

    def targets(self, s: Sentence, noun: int, low: int, high: int) -> list[Argument]:
        """Return the places that the measure is aimed at, between the noun and `high`."""
        taxed = s.units[noun].has("tariff") or s.units[noun].kind == "Quantity"
        wanted = {"on", "against", "from"} if taxed else {"to", "against", "for"}
        for i in positions(s, "response"):
            if noun < i < high:
                high = i
        out = []
        for i in range(max(noun + 1, low), high):
            unit = s.units[i]
            reading = unit.reading(PLACES)
            governed = self._grammar.governed(s, i, noun) if reading is not None else ""
            served = governed == "in" and any(u.has("role.customer") for u in s.units[max(0, i - 3) : i])
            if reading is None or (governed not in wanted and not served):
                continue
            following = s.units[i + 1] if i + 1 < len(s.units) else None
            if following is not None and following.has("speech.say"):
                continue  # "... to Japan, China announced"
            if unit.demonym:
                material = following is not None and taxed and following.kind in MATERIALS
                if following is None or not (following.has("role") or following.low in _HIT or material):
                    continue
            elif s.units[i - 1].text == "-" or (following is not None and following.text == "-"):
                continue
            out.append(Argument("target", reading[0], unit.text, unit.start, unit.end, reading[1]))
        return out

    # ---- by what, in answer to what

    def instruments(self, s: Sentence, noun: int, group: VerbGroup | None, kind: str) -> list[Argument]:
        """Return what the text calls the measure ("it" is of the family `kind`), and its notice's number."""
        unit = s.units[noun]
        if unit.kind in MATERIALS and group is not None:
            unit = s.units[group.verb]  # "Blackwell chips remain barred"
        value = kind if unit.low in {"it", "them"} else unit.text
        out = [Argument("instrument", "Text", unit.text, unit.start, unit.end, value=value)]
        for i in positions(s, "instrument.number"):
            numbered = s.units[i]
            near = s.units[i - 1].low if i else ""
            if near in {"by", "under", "in", "of", "with", "through", "via", ","} or (
                group and i < group.first
            ):
                out.append(
                    Argument(
                        "instrument", "Text", numbered.text, numbered.start, numbered.end, value=numbered.text
                    )
                )
        return out

    def response(self, s: Sentence, noun: int) -> list[Argument]:
        """Return the measure that this one answers: "in response to U.S. tariffs"."""
        for i in positions(s, "response"):
            between = range(min(noun, i) + 1, max(noun, i))
            if i < noun or any(s.units[k].has("tariff") or s.units[k].has("control") for k in between):
                continue
            for j in range(i + 1, min(i + 10, len(s.units))):
                unit = s.units[j]
                if j == noun or unit.kind or not (unit.has("tariff") or _controls(unit)):
                    continue
                start = s.units[i + 1].start
                owner = self.possessor(s, j)
                kind = "TariffMeasure" if unit.has("tariff") else "ExportControlMeasure"
                name = owner[0].name if owner else ""
                text = self._text[start : unit.end]
                return [Argument("response_to", kind, text, start, unit.end, name)]
        return []

    def body_before(self, s: Sentence, i: int) -> list[Argument]:
        """Return the body that opens the sentence before, who does what unit `i` of `s` tells."""
        found, unit = self._coreference.body_before(s), s.units[i]
        if found is None or found.kind not in BODIES:
            return []
        note = "the body that the sentence before is about"
        return [
            Argument(
                "imposer",
                found.kind,
                unit.text,
                unit.start,
                unit.end,
                found.name,
                inferred=True,
                derivation=note,
            )
        ]

    # ---- told before

    def definite(self, s: Sentence, noun: int) -> bool:
        """Return whether the noun points back: "the ban", "these controls", "the quotas"."""
        j = noun - 1
        while j >= 0 and noun - j <= 3:
            unit = s.units[j]
            if unit.low in _DEFINITE:
                return True
            if unit.kind or not unit.is_word or unit.low in self._grammar.words["prepositions"]:
                return False
            j -= 1
        return False


def _controls(unit: Unit) -> bool:
    return any(not t.form and t.cls in {"control", "control.short"} for t in unit.tags)
