"""Who holds and who gives a license: the roles around the verb of a frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from kgbuild.extract.arguments import Arguments, named
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.license_buyers import (
    imported,
    lets,
    listed_firms,
    owners_of_goods,
    settled,
    ships_own,
    teller,
)
from kgbuild.extract.license_groups import LicenseGroups
from kgbuild.extract.license_names import LicenseNames
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.license_projects import LicenseProjects, holder_behind, issuers_own
from kgbuild.extract.license_relatives import apposed
from kgbuild.extract.license_scenes import Scene, unique
from kgbuild.extract.license_shipping import LETTING, first_shipping, verb_let, verb_of_export
from kgbuild.extract.license_strangers import LicenseStrangers
from kgbuild.extract.license_subjects import LicenseSubjects
from kgbuild.extract.stance import find_speech
from kgbuild.extract.units import BODIES, FIRM, MATERIALS, PLACES, Sentence, Unit
from kgbuild.model import Argument, Event

_MODIFIED: Final = frozenset({"some", "certain", "new", "further", "the", "all", "several", "more", "any"})
_RELATIVE_PREPOSITIONS: Final = frozenset({"under", "with", "by", "through", "on"})


class LicenseRoles:
    """Fills the roles of a frame in one sentence."""

    def __init__(
        self, text: str, grammar: Grammar, arguments: Arguments, makers: Mapping[str, str],
        projects: LicenseProjects,
    ) -> None:  # fmt: skip
        self._text = text
        self._grammar = grammar
        self._arguments = arguments
        self._makers = makers  #: label of a branded good -> label of its maker
        self._projects = projects
        self.groups = LicenseGroups(grammar)
        self.subjects = LicenseSubjects(text, grammar, arguments)
        self._names = LicenseNames(text, grammar)
        self._strangers = LicenseStrangers(text, grammar, arguments.coreference, self._names)

    def find(self, scene: Scene, high: int) -> list[Argument]:
        """Return holders, issuers and beneficiaries.

        Names between the verb and unit `high` can be objects.
        """
        s, frame, noun, subject = scene.s, scene.frame, scene.noun, scene.subject
        low = scene.group.verb + 1
        out: list[Argument] = []
        served = self._grammar.served(s)
        if frame.subject and frame.noun != "subject":
            for h in subject:
                out.extend(self.fill(frame.subject, s, h))
            if frame.subject == "holder":
                out += self.unknown_members(s, subject)
        if frame.object:
            for i in range(low, high):
                if noun is not None and i == noun.possessor and s.units[i - 1].low in _MODIFIED:
                    continue  # "denied some Huawei licenses": whose is told below
                if self._grammar.possessive(s, i) and (noun is None or i != noun.possessor):
                    continue  # "granted X's subsidiary a license"
                if i not in served and self._nominal_actor(s, i) and self._receives(s, i, low):
                    out.extend(self.fill(frame.object, s, i, supplied="to"))
        out += self._slots(scene, out, served)
        left, right = self._grammar.clause(s, scene.group.verb)
        out += [
            named("beneficiary", s.units[i])
            for i in sorted(served)
            if s.units[i].kind == FIRM
            and left <= i < right
            and any(a.kind == "UnnamedFirm" for a in out)
            and not any(u.has("role.unit") for u in s.units[max(0, i - 4) : i + 2])
        ]
        if noun is None:
            return unique(out)
        if frame.subject == "holder" and not any(a.role == "issuer" for a in out):
            out += self._granting(s, noun)
        owned = noun.possessor is not None and (frame.subject != "holder" or frame.noun == "subject")
        if noun.possessor is not None and owned and not issuers_own(s, frame, scene.group, noun, subject):
            out.extend(self._owner(s, noun, noun.possessor, out))
        for step in (
            self._projected, self._enabled, self._shipped, self._branded, self._strangers.find,
            self._strangers.owner, self._assured, self._titled, self._strangers.fronted, self._strangers.saw,
            self._strangers.listed,
        ):  # fmt: skip
            if not any(a.role == "holder" for a in out):
                out.extend(step(scene, noun))
        found = settled(self._grammar, s, self._with_members(s, noun, out))
        return unique(apposed(self._text, scene, found))

    def _with_members(self, s: Sentence, noun: Noun, found: list[Argument]) -> list[Argument]:
        """Return `found` with the firms listed behind the license: "24 firms won quotas, including A"."""
        group = [a for a in found if a.role == "holder"]
        behind = s.units[noun.at + 1 : noun.at + 3]
        opened = len(behind) == 2 and behind[0].text == "," and behind[1].has("enumeration")
        if (
            not opened
            or len(group) != 1
            or group[0].kind != "UnnamedFirm"
            or group[0].start > behind[0].start
        ):
            return found
        members = self._arguments.members("holder", s, noun.at)
        if not any(m.kind == FIRM for m in members):
            return found
        count = int(group[0].value) - len(members) if group[0].value.isdigit() else 0
        rest = [replace(group[0], value=str(count))] if count > 0 else []
        return [*(a for a in found if a.role != "holder"), *members, *rest]

    def _owner(self, s: Sentence, noun: Noun, i: int, found: list[Argument]) -> list[Argument]:
        """Return who owns a license noun; a firm abroad is served: "the U.S. denied some Huawei licenses"."""
        if not self._grammar.possessive(s, i) and self._abroad(s.units[i], found, noun):
            return [named("beneficiary", s.units[i])]
        caused = self.subjects.caused(s, i)
        return self.fill("holder", s, i) if caused is None else caused

    def _granting(self, s: Sentence, noun: Noun) -> list[Argument]:
        """Return whose license it is that somebody got: "China's nod", "U.S. approval"."""
        low = noun.first if noun.possessor is None else noun.possessor
        for i in range(max(0, low - 1), noun.at):
            unit = s.units[i]
            body = unit.kind in BODIES or unit.reading({"Government"}) is not None
            owns = i == noun.possessor and self._grammar.possessive(s, i)
            beside = i + 1 in {noun.at, noun.first} and s.units[i - 1].low not in {"in", "to", "for", "of"}
            if (body or unit.kind in PLACES) and (owns or beside):
                return self.fill("issuer", s, i)
        return []

    def _slots(self, scene: Scene, found: list[Argument], served: set[int]) -> list[Argument]:
        """Return the roles that prepositions give: "to", "for", "by", "from", "of"."""
        s, frame, group, noun, right = scene.s, scene.frame, scene.group, scene.noun, scene.right
        out: list[Argument] = []
        listed = 0  #: the preposition that governs the holder found last, and the holders listed with it
        start = noun.first if noun is not None and noun.at < group.verb else group.verb + 1
        shipping = first_shipping(s, noun.at if noun is not None else group.verb, right)
        told = teller(s, find_speech(self._grammar, s, group.verb), group.verb)
        for i in range(start, right):
            if not (self._nominal_actor(s, i) or self._acting_place(s, i, noun)) or i in served or i in told:
                continue
            preposition = self._grammar.governed(s, i, start)
            role = frame.slots.get(preposition, "")
            if preposition == "for" and noun is not None and noun.shipment and imported(s, noun.at):
                role = "holder"  # "approved imports of the chips for X": X may import
            held = preposition == "by" and s.units[self._by(s, i) - 1].low in {"held", "owned"}
            asked = preposition == "from" and self._asked_by(s, i, "from")
            if (
                held
                or asked
                or (preposition == "by" and noun is not None and (noun.shipment or self._asked_by(s, i)))
            ):
                role = "holder"
            if role == "holder" and i > shipping and preposition != "by" and not shipping < group.verb < i:
                # "licenses allowing them to ship to X": X is served, X holds nothing
                if s.units[i].kind == FIRM and preposition in {"to", "for"}:
                    out.append(named("beneficiary", s.units[i]))
                continue
            abroad = role == "holder" and preposition == "for" and not lets(s, i)
            if abroad and self._abroad(s.units[i], found, noun):
                out.append(named("beneficiary", s.units[i]))  # "the U.S. revoked licenses for Huawei"
                continue
            same = listed and self._by(s, i, preposition) == listed
            if not role and preposition in {"to", "for"} and s.units[i].kind == FIRM and i > group.verb:
                goes = preposition == "for" or i > shipping or (noun is not None and noun.shipment)
                goes = goes and listed_firms(self._grammar, s, i)
                if goes and not self._grammar.possessive(s, i):
                    out.append(named("beneficiary", s.units[i]))  # "got a license for X"
                continue
            if role == "holder" and preposition == "for" and not same and self._held([*found, *out], noun):
                # "one of its licenses for X": a license that has a holder is for a customer
                if s.units[i].kind == FIRM:
                    out.append(named("beneficiary", s.units[i]))
                continue
            asks = role == "holder" and preposition in {"by", "from"}  # "applications by buyers"
            if role and (not self._grammar.possessive(s, i) or ships_own(s, i, role, preposition)):
                out.extend(self.fill(role, s, i, supplied="to" if asks else preposition))
                listed = self._by(s, i, preposition) if role == "holder" else listed
        return out

    @staticmethod
    def _acting_place(s: Sentence, i: int, noun: Noun | None) -> bool:
        """Return whether a country acts.

        "granted by China", "licenses from China", not "magnets from China".
        """
        unit = s.units[i]
        if unit.kind not in PLACES or unit.demonym or i == 0:
            return False
        before = s.units[i - 1].low
        return before == "by" or (before == "from" and noun is not None and noun.at == i - 2)

    def _asked_by(self, s: Sentence, i: int, preposition: str = "by") -> bool:
        """Return whether "by" or "from" before unit `i` follows an application: "an application by X"."""
        by = self._by(s, i, preposition)
        if by and (s.units[by - 1].has("word.export") or s.units[by - 1].has("word.import")):
            return preposition == "by"  # "exports by X"
        for unit in reversed(s.units[max(0, by - 5) : by]):
            if any(unit.has(c) for c in ("license.application", "license.request", "license.papers")):
                return True
            verb = any(t.form in {"past", "participle"} for t in unit.tags)
            if verb or unit.low in self._grammar.words["auxiliaries"]:
                return False
        return False

    @staticmethod
    def _by(s: Sentence, i: int, preposition: str = "by") -> int:
        """Return where the "by" or "from" before unit `i` stands, or 0."""
        return next((k for k in range(i - 1, max(0, i - 9), -1) if s.units[k].low == preposition), 0)

    def _receives(self, s: Sentence, i: int, low: int) -> bool:
        """Return whether a name behind the verb is its object.

        "granted X a license", "issued to X a license".
        """
        return not self._grammar.governed(s, i, low) or s.units[i - 1].low in {"to", "for"}

    def _abroad(self, unit: Unit, found: list[Argument], noun: Noun | None) -> bool:
        """Return whether an export license "for" a firm is one for deliveries to it.

        Its issuer governs elsewhere.
        """
        export = noun is not None and noun.kind.endswith("ExportLicense") and unit.kind == FIRM
        issuers = [a.name for a in found if a.role == "issuer"]
        return export and any(self._arguments.coreference.foreign(unit.name, i) for i in issuers)

    @staticmethod
    def _held(found: list[Argument], noun: Noun | None) -> bool:
        """Return whether a license already has a holder: one that was found, or its owner."""
        return any(a.role == "holder" for a in found) or (noun is not None and noun.possessor is not None)

    def _nominal_actor(self, s: Sentence, i: int) -> bool:
        unit = s.units[i]
        if unit.kind == FIRM or unit.kind in BODIES or unit.reading({"Government"}):
            return not unit.demonym
        following = s.units[i + 1] if i + 1 < len(s.units) else None
        if unit.has("role") and following is not None and following.kind == FIRM:
            return False  # "magnet makers A and B": the names are the heads
        return unit.has("role") or unit.has("authority") or (unit.low in {"it", "them"} and not unit.kind)

    def fill(self, role: str, s: Sentence, i: int, supplied: str = "") -> list[Argument]:
        """Return unit `i` in `role`.

        Nothing where it cannot fill it. `supplied` is the preposition before it.
        """
        unit = s.units[i]
        if role == "holder":
            if unit.has("role.customer") and supplied != "to":
                return []
            four = self.groups.members(s, 0, i) if unit.low == "their" else []
            if four:
                return four  # "should the four win, their permits"
            if unit.low in {"we", "our"} and not unit.kind:
                return self.subjects.stands_for(role, s, i)
            found = self.subjects.unit(role, s, i) or self._arguments.holders(role, s, i, self._text)
            return found or self.subjects.stands_for(role, s, i)
        if supplied in {"to", "for"} and unit.kind in PLACES:
            return []
        actor = self._arguments.actor(role, s, i)
        office = self._arguments.coreference.office(unit) if unit.kind == "Person" else None
        if actor is not None and office is not None:
            return [replace(actor, kind=office.kind, name=office.name, inferred=True, derivation=office.via)]
        if actor is None or actor.kind not in BODIES:
            return []
        return [actor]

    def unknown_members(self, s: Sentence, heads: list[int]) -> list[Argument]:
        """Return the names that nobody knows beside known firms of one list: "A, Unknown and B"."""
        return self._names.members(s, heads)

    def listed_names(self, s: Sentence, low: int) -> list[Argument]:
        """Return the firms, known or not, of a list that begins at unit `low`."""
        return self._names.list_from(s, low)

    def counted_names(self, s: Sentence, low: int, last: Event) -> list[Argument]:
        """Return the firms of a list at unit `low` that are as many as the unnamed holders of `last`."""
        counted = {h.value for h in last.of("holder")} - {""}
        found = self._names.list_from(s, low, closed=False) if counted else []
        return found if {str(len(found))} == counted else []

    # ---- holders that stand elsewhere

    def _projected(self, scene: Scene, noun: Noun) -> list[Argument]:
        """Return who a license or its project is told to belong to: "concessions that X held", "X's mine"."""
        if noun.possessor is not None and scene.s.units[noun.possessor].low == "whose":
            return self._projects.whose(scene.s, noun.possessor)
        owner = holder_behind(self._grammar, scene.s, noun)
        if owner is not None:
            return self.fill("holder", scene.s, owner)
        if noun.kind.endswith("ExportLicense") or noun.anaphor:
            return []
        asked = scene.frame.subject == "holder" and scene.frame.noun != "subject"
        return self._projects.around(scene.s, scene.group, noun.at, scene.right, before=asked)

    def _enabled(self, scene: Scene, noun: Noun) -> list[Argument]:
        """Return who a license lets export.

        "licenses allowing X to ship", "a license under which X was to ship".
        """
        s = scene.s
        ships = verb_of_export(s, noun.at)
        ships = verb_let(s, noun.at) if ships is None else ships
        if ships is None:
            return []
        between = range(noun.at + 1, ships)
        opened = [
            i for i in between
            if s.units[i].low in LETTING
            or (s.units[i].low == "which" and s.units[i - 1].low in _RELATIVE_PREPOSITIONS)
            or (s.units[i].low == "for" and i == noun.at + 1)
        ]  # fmt: skip
        if not opened:
            return []
        out: list[Argument] = []
        for i in range(opened[-1] + 1, ships):
            unit = s.units[i]
            if unit.kind == FIRM or unit.has("role"):
                if self._grammar.governed(s, i, opened[-1] + 1) or self._grammar.possessive(s, i):
                    continue
                out.extend(self.fill("holder", s, i))
        return out

    def _shipped(self, scene: Scene, noun: Noun) -> list[Argument]:
        """Return whose exports a license is for: "licenses for its shipments"."""
        s = scene.s
        if noun.at + 2 >= scene.right or s.units[noun.at + 1].low not in {"for", "on"}:
            return []
        for i in range(noun.at + 2, min(scene.right, noun.at + 8)):
            if s.units[i].has("word.export"):
                between = range(noun.at + 2, i)
                owner = next((k for k in between if s.units[k].low in {"its", "their"}), None)
                if owner is None:
                    owner = next((k for k in between if self._grammar.possessive(s, k)), None)
                return self.fill("holder", s, owner) if owner is not None else []
        return []

    def _branded(self, scene: Scene, noun: Noun) -> list[Argument]:
        """Return the makers of branded goods that a license is for: "licenses for the H20" are Nvidia's."""
        s = scene.s
        if any(imported(s, i) for i in range(min(noun.first, scene.group.verb), scene.right)):
            return []  # who may import is not who makes
        if noun.shipment and noun.at > scene.group.verb:
            found = owners_of_goods(self._arguments, s, noun.at + 1, scene.right)
            if found:
                return found
        return [
            replace(
                named("holder", u), kind=FIRM, name=self._makers[u.name], inferred=True,
                derivation=f"{u.text} stands for its maker",
            )
            for u in s.units[min(noun.first, scene.group.verb) : scene.right]
            if u.kind in MATERIALS and u.name in self._makers
        ]  # fmt: skip

    def _assured(self, scene: Scene, noun: Noun) -> list[Argument]:
        """Return whom a license is promised to: "X has been assured that the licenses will be granted"."""
        s, group = scene.s, scene.group
        if noun.anaphor or scene.frame.verbs not in {"license.give", "license.allow"}:
            return []
        for i in range(group.first - 1, -1, -1):
            for tag in self._grammar.tags_at(s, i, "assure"):
                told = self._grammar.verb_group(s, i, tag)
                if told.passive:
                    heads = self._grammar.subject(s, told) or self._grammar.shared_subject(s, told)
                else:
                    whom = range(i + 1, min(i + 5, group.first))
                    heads = [k for k in whom if s.units[k].kind == FIRM or self._nominal_actor(s, k)][:1]
                found = [a for h in heads for a in self.fill("holder", s, h)]
                return [
                    replace(a, inferred=True, derivation=a.derivation or f"{s.units[i].text} of it")
                    for a in found
                ]
        return []

    def _titled(self, scene: Scene, noun: Noun) -> list[Argument]:
        """Return a firm called the holder or owner right behind: "refused the license, its holder X said"."""
        s = scene.s
        for i in range(noun.at + 1, len(s.units) - 1):
            unit = s.units[i]
            titled = unit.has("role.licensed") or unit.low in {"owner", "owners"}
            if titled and s.units[i + 1].kind == FIRM and s.units[i - 1].low in {"its", "the", "their"}:
                return [named("holder", s.units[i + 1])]
        return []
