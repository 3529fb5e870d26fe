"""Who "it", "the company" or "a top exporter" is: the last fitting mention in rule-given range, or nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kgbuild.extract.grammar import PRONOUNS, Grammar
from kgbuild.extract.offices import Offices
from kgbuild.extract.spoken_of import STATE_BODIES, country_spoken_of, people_spoken_of
from kgbuild.extract.units import BODIES, FIRM, PLACES, Sentence, Unit

#: Sentences to look back for an antecedent.
_BACK = 3
#: Sentences to look ahead for the name of something that the opening only describes.
_AHEAD = 4
_BODY_WORDS = frozenset({"ministry", "department", "regulator", "agency", "authority", "bureau", "board"})


@dataclass(frozen=True, slots=True)
class Referent:
    """What a unit refers to."""

    kind: str
    name: str
    via: str = ""


class Coreference:
    """Resolves pronouns and descriptions inside one article."""

    def __init__(
        self,
        grammar: Grammar,
        sentences: list[Sentence],
        governments: Mapping[str, str],
        bases: Mapping[str, frozenset[str]] | None = None,
        offices: Offices | None = None,
        governed: Mapping[str, str] | None = None,
    ) -> None:
        self._grammar = grammar
        self._sentences = sentences
        self._governments = governments  #: label of a place -> label of its government
        self._bases = bases or {}  #: label of a firm -> labels of the places it is based in
        self._offices = offices or Offices()
        self._governed = governed or {}  #: label of a body -> label of the place it governs
        self._bodies = _sole_body(sentences)
        self._only_firm = _only_firms(sentences)

    def refer(self, s: Sentence, i: int, *, firm: bool = False) -> Referent | None:
        """Return what unit `i` of `s` refers to; None when no rule reaches a named thing.

        With `firm` a pronoun looks past governments and people for a firm.
        """
        unit = s.units[i]
        if unit.kind == FIRM or unit.kind in {
            "Person",
            "TradeAssociation",
            "NewsOrganization",
            "Organization",
        }:
            return Referent(unit.kind, unit.name, unit.via)
        if unit.kind in BODIES:
            return Referent(unit.kind, unit.name)
        if unit.kind in PLACES:
            return self._government(unit)
        if unit.low in {"it", "they", "we", "its", "their", "our"}:
            return self._pronoun(s, i, firm=firm)
        if unit.low in {"which", "who"} and i:
            return self._before_relative(s, i)
        if unit.has("authority"):
            return self._authority(s, i)
        if unit.has("role"):
            return self._description(s, i)
        return None

    def office(self, unit: Unit) -> Referent | None:
        """Return the government that the person `unit` holds office in, as far as the ontology knows."""
        label = self._offices.governments.get(unit.name)
        return Referent("Government", label, f"{unit.text} holds office there") if label else None

    def pronoun_office(self, s: Sentence, i: int) -> Referent | None:
        """Return the government that "he" at unit `i` of `s` acts for."""
        held = [self.office(p) for p in people_spoken_of(self._sentences, s, i)]
        alike = bool(held) and held[0] is not None and all(h and h.name == held[0].name for h in held)
        return held[0] if alike else None

    def leads(self, name: str) -> bool:
        """Return whether the ontology knows a person as head of a state or a government."""
        return name in self._offices.leaders

    def employer(self, name: str) -> str:
        """Return the firm that the ontology knows a person to run, or ""."""
        return self._offices.employers.get(name, "")

    def body_before(self, s: Sentence) -> Referent | None:
        """Return the public body that opens the sentence before `s`, which "it" can then mean."""
        if s.index == 0:
            return None
        before = self._sentences[s.index - 1]
        for i, unit in enumerate(before.units[:4]):
            owner = self._grammar.possessive(before, i) or unit.demonym
            place = self._government(unit) if unit.kind == "Country" and not owner else None
            found = Referent(unit.kind, unit.name) if unit.kind in BODIES and not owner else place
            if found is not None:
                note = f"coreference: it = {unit.text}, of the sentence before"
                return Referent(found.kind, found.name, note)
            if unit.low not in self._grammar.words["determiners"]:
                break
        return None

    def administration(self, s: Sentence) -> Referent | None:
        """Return the government of the administration or the president that was named last before `s`."""
        for earlier in reversed(self._sentences[: s.index + 1]):
            for unit in reversed(earlier.units):
                if unit.kind == "Government" and "administration" in unit.low:
                    return Referent("Government", unit.name, f"coreference: administration = {unit.text}")
                held = self.office(unit) if unit.kind == "Person" else None
                if held is not None:
                    return Referent(held.kind, held.name, f"coreference: administration of {unit.text}")
        return None

    def government_behind(self, body: str) -> str:
        """Return the label of the government that a body belongs to, "" where none is known."""
        return self._governments.get(self._governed.get(body, ""), "")

    def economy_behind(self, body: str) -> str:
        """Return the label of the place that a body governs, "" where none is known."""
        return self._governed.get(body, "")

    def government_of(self, place: str) -> str:
        """Return the label of the government of the place with this label, "" where none is known."""
        return self._governments.get(place, "")

    def home(self, firm: str) -> str:
        """Return the label of the one country with a known government that a firm is based in, or ""."""
        countries = sorted(p for p in self._bases.get(firm, ()) if p in self._governments)
        return countries[0] if len(countries) == 1 else ""

    def foreign(self, firm: str, body: str) -> bool:
        """Return whether a firm is known to be based outside the country of a body."""
        place, bases = self._governed.get(body), self._bases.get(firm)
        return place is not None and bases is not None and place not in bases

    def salient(self, s: Sentence, before: int) -> Unit | None:
        """Return the firm that the text in front of unit `before` of `s` is about.

        None when none stands out.
        """
        return self._salient_firm(s, before)

    def firms(self) -> list[Unit]:
        """Return every mention of a firm by a name, in order."""
        return [u for s in self._sentences for u in s.units if u.kind == FIRM]

    def known_as(self, name: str) -> str:
        """Return the firm of the article whose name begins with `name`, or ""; "" where there are several."""
        found = {
            u.name for s in self._sentences for u in s.units
            if u.kind == FIRM and u.text.startswith(name + " ")
        }  # fmt: skip
        return min(found) if len(found) == 1 else ""

    def _government(self, unit: Unit) -> Referent | None:
        reading = unit.reading({"Government"})
        if reading:
            return Referent("Government", reading[1], f"{unit.text} stands for the government")
        label = self._governments.get(unit.name)
        return Referent("Government", label, f"{unit.text} acts through its government") if label else None

    def _main_subject(self, s: Sentence, before: int) -> int | None:
        """Return the head of the first subject in front of a verb that can act, left of unit `before`."""
        for i in range(before):
            for cls in ("speech", "license", "control", "market", "visit"):
                tags = self._grammar.tags_at(s, i, cls)
                if tags and tags[0].form != "ing":
                    group = self._grammar.verb_group(s, i, tags[0])
                    heads = [h for h in self._grammar.subject(s, group) if s.units[h].low not in PRONOUNS]
                    if heads:
                        return heads[0]
        return None

    def _told_subject(self, s: Sentence, i: int) -> int | None:
        """Return who says or is told the clause of the pronoun at unit `i`.

        "AMD was told that it would get one".
        """
        for j in range(i - 1, max(-1, i - 5), -1):
            for cls in ("speech", "assure"):
                for tag in self._grammar.tags_at(s, j, cls)[:1]:
                    heads = self._grammar.subject(s, self._grammar.verb_group(s, j, tag))
                    if heads and s.units[heads[0]].kind == FIRM:
                        return heads[0]
        return None

    def _pronoun(self, s: Sentence, i: int, *, firm: bool) -> Referent | None:
        own = self._told_subject(s, i)
        if own is None:
            own = self._main_subject(s, i)
        if own is not None:
            found = self.refer(s, own)
            if found and (found.kind == FIRM or not firm):
                return Referent(
                    found.kind, found.name, f"coreference: {s.units[i].text} = {s.units[own].text}"
                )
        salient = self._salient_firm(s, i)
        if salient is None:
            return None
        return Referent(FIRM, salient.name, f"coreference: {s.units[i].text} = {salient.text}")

    def _salient_firm(self, s: Sentence, before: int) -> Unit | None:
        """Return the firm that the text before this place is about.

        Subject first, else the first firm named.
        """
        units = [u for u in s.units[:before] if u.kind == FIRM]
        if units:
            return units[0]
        described = [
            k
            for k, u in enumerate(s.units[:before])
            if u.has("role") and not u.kind and not u.has("role.customer")
        ]
        if described and not self._grammar.describe(s, described[-1]).definite:
            return None  # "an exporter": somebody new, not who was spoken of before
        for back in range(1, _BACK + 1):
            if s.index < back:
                break
            earlier = self._sentences[s.index - back]
            subject = self._main_subject(earlier, len(earlier.units))
            if subject is not None and earlier.units[subject].kind == FIRM:
                return earlier.units[subject]
            if subject is not None and earlier.units[subject].has("role"):
                told = self._description_of(earlier, subject)
                if told is not None:
                    return told
            served = self._grammar.served(earlier)  # "X, a subsidiary of Y": X is who is spoken of
            firms = [
                u
                for k, u in enumerate(earlier.units)
                if u.kind == FIRM and k not in served and not self._grammar.governed(earlier, k, 0)
            ]
            if firms:
                return firms[0]
            firms = [u for k, u in enumerate(earlier.units) if u.kind == FIRM and k not in served]
            if len(firms) == 1:
                return firms[0]
        return self._only_firm[s.index]

    def _description_of(self, s: Sentence, i: int) -> Unit | None:
        """Return the firm that "the company" stands for as subject of `s`."""
        described = self._grammar.describe(s, i)
        if described.plural or not described.definite or s.units[i].has("role.customer"):
            return None
        return self._salient_firm(s, described.first)

    def _before_relative(self, s: Sentence, i: int) -> Referent | None:
        for j in range(i - 1, max(-1, i - 5), -1):
            if s.units[j].text not in {",", ")"} and self._grammar.is_actor(s.units[j]):
                return self.refer(s, j)
        return None

    def _authority(self, s: Sentence, i: int) -> Referent | None:
        unit = s.units[i]
        described = self._grammar.describe(s, i)
        if described.country is not None and unit.low.split()[-1] in {
            "government",
            "officials",
            "authorities",
            "negotiators",
            "official",
        }:
            return self._government(described.country)
        if described.definite and described.country is None and unit.low in STATE_BODIES:
            place = country_spoken_of(self._sentences, s, i, self._governments)
            return self._government(place) if place is not None else None
        if described.definite and unit.low in _BODY_WORDS:
            same = self._so_called(s, i)
            if same is not None:
                return same
            for back in range(_BACK + 1):
                if s.index < back:
                    break
                earlier = self._sentences[s.index - back]
                limit = i if back == 0 else len(earlier.units)
                for j in range(limit - 1, -1, -1):
                    if earlier.units[j].kind in {"Regulator", "PublicBody"}:
                        name = earlier.units[j].name
                        return Referent(
                            earlier.units[j].kind, name, f"coreference: {unit.text} = {earlier.units[j].text}"
                        )
        general = unit.low in {"authorities", "authority", "regulators"} and described.country is None
        if self._bodies is not None and (general or (described.definite and unit.low in _BODY_WORDS)):
            note = f"coreference: {unit.text} = {self._bodies.text}, the only body named"
            return Referent(self._bodies.kind, self._bodies.name, note)
        return None

    def _so_called(self, s: Sentence, i: int) -> Referent | None:
        """Return the one body named before that has the word at unit `i`: "the department"."""
        unit = s.units[i]
        bodies = {
            (body.kind, body.name): body
            for k, earlier in enumerate(self._sentences[: s.index + 1])
            for body in (earlier.units[:i] if k == s.index else earlier.units)
            if body.kind in {"Regulator", "PublicBody"} and unit.low in body.low.split()
        }
        if len(bodies) != 1:
            return None
        ((kind, name), body) = next(iter(bodies.items()))
        return Referent(kind, name, f"coreference: {unit.text} = {body.text}")

    def _description(self, s: Sentence, i: int) -> Referent | None:
        described = self._grammar.describe(s, i)
        phrase = (
            f"{s.units[described.first].text} … {s.units[i].text}" if described.first < i else s.units[i].text
        )
        if described.plural or s.units[i].has("role.customer") or s.units[i].has("role.supplier"):
            return None
        near = self._apposition(s, i, described.first)
        if near is not None:
            return Referent(FIRM, near.name, f"apposition: {phrase} = {near.text}")
        if described.definite:
            salient = self._based(s, described.first, described.country)
            if salient is not None:
                return Referent(FIRM, salient.name, f"coreference: {phrase} = {salient.text}")
            return None
        if described.count is not None or s.units[described.first].low in {"one", "another", "some", "no"}:
            return None  # one of several, not the one that the article goes on to name
        return self._named_later(s, phrase)

    def _based(self, s: Sentence, before: int, place: Unit | None) -> Unit | None:
        """Return the salient firm; with a place ("the Ganzhou firm") the last one that is based there."""
        salient = self._salient_firm(s, before)
        if place is None or salient is None:
            return salient
        wanted = {place.name, *(label for _, label in place.readings)}
        if salient.name not in self._bases or wanted & self._bases[salient.name]:
            return salient
        for back in range(min(s.index, 2 * _BACK) + 1):
            earlier = self._sentences[s.index - back]
            for unit in reversed(earlier.units[:before] if back == 0 else earlier.units):
                if unit.kind == FIRM and wanted & self._bases.get(unit.name, frozenset()):
                    return unit
        return None

    @staticmethod
    def _apposition(s: Sentence, i: int, first: int) -> Unit | None:
        """Return the firm right beside a description: "JL MAG, a magnet maker", "magnet maker JL MAG"."""
        if i + 1 < len(s.units) and s.units[i + 1].kind == FIRM:
            return s.units[i + 1]
        if i + 2 < len(s.units) and s.units[i + 1].text == "," and s.units[i + 2].kind == FIRM:
            return s.units[i + 2]
        if first >= 2 and s.units[first - 1].text == "," and s.units[first - 2].kind == FIRM:
            return s.units[first - 2]
        return None

    def _named_later(self, s: Sentence, phrase: str) -> Referent | None:
        """Return the firm that the next sentences name, where the opening only describes one."""
        if s.index > 3 or any(u.kind == FIRM for e in self._sentences[: s.index + 1] for u in e.units):
            return None
        for later in self._sentences[s.index + 1 : s.index + 1 + _AHEAD]:
            subject = self._main_subject(later, len(later.units))
            if subject is not None and later.units[subject].kind == FIRM:
                firm = later.units[subject]
                return Referent(FIRM, firm.name, f"coreference: {phrase} = {firm.text}, named later")
        return None


def _only_firms(sentences: list[Sentence]) -> list[Unit | None]:
    """Return for each sentence the firm that the text before it names, where that is only one."""
    out: list[Unit | None] = []
    names: set[str] = set()
    last: Unit | None = None
    for s in sentences:
        out.append(last if len(names) == 1 else None)
        for unit in s.units:
            if unit.kind == FIRM:
                names.add(unit.name)
                last = unit
    return out


def _sole_body(sentences: list[Sentence]) -> Unit | None:
    """Return the regulator or ministry of an article that names only one, in its longest wording."""
    bodies = [u for s in sentences for u in s.units if u.kind in {"Regulator", "PublicBody"}]
    if not bodies:
        return None
    longest = max(bodies, key=lambda u: (len(u.name), -u.start))
    words = {w.lower() for w in longest.name.split()}
    same = all({w.lower() for w in u.name.split()} <= words for u in bodies)
    return longest if same else None
