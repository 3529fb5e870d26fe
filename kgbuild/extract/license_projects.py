"""Whose a mine, plant or project is: a license for it is its owner's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kgbuild.extract.arguments import named
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.frames import Frame
from kgbuild.extract.grammar import POSSESSIVES, Grammar, VerbGroup
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.units import FIRM, MATERIALS, PLACES, Sentence, Unit
from kgbuild.model import Argument

#: Units to look back from "project" for its name and its owner.
_WIDE: Final = 9
_HELD: Final = frozenset({"held", "holds", "hold", "had", "owned", "owns", "has"})


@dataclass(frozen=True, slots=True)
class Project:
    """A noun phrase for a project: units [first, at], its name, and the unit that owns it."""

    first: int
    at: int
    name: str  #: lower case, "" for "its mine"
    owner: int | None


class LicenseProjects:
    """Knows whose the projects of one article are, as far as the article says so."""

    def __init__(self, grammar: Grammar, coreference: Coreference, sentences: Sequence[Sentence]) -> None:
        self._grammar = grammar
        self._coreference = coreference
        found: dict[str, set[str]] = {}
        for s in sentences:
            for i, unit in enumerate(s.units):
                if unit.low in grammar.words["projects"] and not unit.kind:
                    project = self.project(s, i)
                    firm = self._firm(s, project) or self._told_owner(s, project)
                    if project.name and firm:
                        found.setdefault(project.name, set()).add(firm)
        #: name of a project -> label of its only owner
        self._owners = {name: min(firms) for name, firms in found.items() if len(firms) == 1}

    def project(self, s: Sentence, i: int) -> Project:
        """Return the project whose noun is unit `i`: "Lynas's Kalgoorlie plant", "the Sonora project"."""
        names: list[Unit] = []
        j = i - 1
        while j >= 0 and i - j <= _WIDE:
            unit = s.units[j]
            if unit.text in POSSESSIVES:
                return Project(j + 1, i, _name(names), j - 1 if j else None)
            if unit.kind == FIRM or unit.low in {"its", "their", "whose"}:
                return Project(j + 1, i, _name(names), j)
            if not self._inside(unit):
                break
            if unit.text[:1].isupper() and (not unit.kind or unit.kind in PLACES) and not unit.demonym:
                names.insert(0, unit)
            j -= 1
        owner = None
        if i + 2 < len(s.units) and s.units[i + 1].low in {"of", "by"} and s.units[i + 2].kind == FIRM:
            owner = i + 2
        return Project(j + 1, i, _name(names), owner)

    def _inside(self, unit: Unit) -> bool:
        words = self._grammar.words
        if unit.kind:
            return unit.kind in MATERIALS | PLACES or unit.kind == "Quantity"
        closed = words["prepositions"] | words["auxiliaries"] | words["clause_openers"] | words["determiners"]
        verb = any(t.form and t.form != "ing" for t in unit.tags) and all(t.form for t in unit.tags)
        verb = verb and unit.text[:1].islower()  # "Thacker Pass"
        return unit.text == "-" or (unit.is_word and not verb and unit.low not in closed | {"and", "that"})

    def _firm(self, s: Sentence, project: Project) -> str:
        """Return the firm that the possessive before a project means, or ""."""
        if project.owner is None:
            return ""
        unit = s.units[project.owner]
        if unit.kind == FIRM:
            return unit.name if project.owner not in self._grammar.served(s) else ""
        if unit.low in {"its", "their"} or unit.has("role"):
            found = self._coreference.refer(s, project.owner, firm=True)
            return found.name if found is not None and found.kind == FIRM else ""
        return ""

    def _only_owner(self, s: Sentence, project: Project) -> str:
        """Return who owns "the project" where all projects of the article are of one firm, or ""."""
        bare = not project.name and project.owner is None and project.first == project.at
        the = project.at > 0 and s.units[project.at - 1].low == "the"
        ended = s.units[project.at].low.endswith("s")
        firms = set(self._owners.values())
        return min(firms) if bare and the and not ended and len(firms) == 1 else ""

    def _told_owner(self, s: Sentence, project: Project) -> str:
        """Return who is told to own or run a project: "X, which owns the N mine", "the N mine, run by X"."""
        running = self._grammar.words["running"]
        before = s.units[max(0, project.first - 5) : project.first]
        if any(u.low in running for u in before):
            firms = [
                u for k, u in enumerate(s.units[: project.first])
                if u.kind == FIRM and not self._grammar.possessive(s, k)
            ]  # fmt: skip
            return firms[-1].name if firms else ""
        behind = s.units[project.at + 1 : project.at + 7]
        for k, unit in enumerate(behind[:-1]):
            if unit.low in {"by", "to"} and behind[k + 1].kind == FIRM:
                told = any(u.low in running | {"held", "controlled", "belongs"} for u in behind[:k])
                return behind[k + 1].name if told else ""
        return ""

    # ---- holders

    def around(self, s: Sentence, group: VerbGroup, noun: int, right: int, *, before: bool) -> list[Argument]:
        """Return the owner of the project that a license is for, or that stands `before` its verb."""
        if before:
            left, _ = self._grammar.clause(s, group.verb)
            return self.holders(s, max(left, group.first - 2), group.first)
        found = self.holders(s, min(group.verb, noun) + 1, right)
        if not found and s.kind == "headline" and noun < group.verb:
            return self.holders(s, 0, noun)  # "X shuts mine after permit lapses"
        return found

    def whose(self, s: Sentence, at: int) -> list[Argument]:
        """Return the holder before "whose" at unit `at`: a firm, or the owner of a project."""
        for i in range(at - 1, max(-1, at - 11), -1):
            unit = s.units[i]
            if unit.low in self._grammar.words["projects"] and not unit.kind:
                return self.holders(s, i, i + 1)
            if unit.kind == FIRM and i >= at - 3:
                return [named("holder", unit)]
            if i == at - 1 and unit.has("role.supplier") and not unit.kind:
                return [Argument("holder", "UnnamedFirm", unit.text, unit.start, unit.end)]
            if any(t.form in {"past", "third"} for t in unit.tags) and not unit.kind:
                break
        return []

    def holders(self, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return the owner of the first project in units [low, high), where the article tells one."""
        for i in range(low, high):
            unit = s.units[i]
            if unit.low in self._grammar.words["projects"] and not unit.kind:
                following = s.units[i + 1] if i + 1 < len(s.units) else None
                if following is not None and following.low in self._grammar.words["projects"]:
                    continue  # "the mine project"
                found = self._holder(s, self.project(s, i))
                if found is not None:
                    return [found]
        return self._by_name(s, low, high)

    def _holder(self, s: Sentence, project: Project) -> Argument | None:
        unit = s.units[project.owner] if project.owner is not None else s.units[project.at]
        firm = self._firm(s, project) or self._owners.get(project.name, "") or self._told_owner(s, project)
        firm = firm or self._only_owner(s, project)
        if not firm:
            return None
        noun = s.units[project.at].text
        step = f"the {project.name.title()} {noun} stands for its owner" if project.name else f"its {noun}"
        return Argument(
            "holder", FIRM, unit.text, unit.start, unit.end, firm, inferred=True, derivation=step
        )  # fmt: skip

    def _by_name(self, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return the owner of a project that is only named: "a license for Ngualla"."""
        for i in range(low, high - 1):
            if s.units[i].low not in {"for", "at", "to"} or s.units[i].kind:
                continue
            words: list[Unit] = []
            for unit in s.units[i + 1 : min(high, i + 4)]:
                if not unit.text[:1].isupper() or unit.kind not in {"", *PLACES}:
                    break
                words.append(unit)
                firm = self._owners.get(_name(words), "")
                if firm:
                    step = f"{unit.text} stands for its owner"
                    at = (words[0].text, words[0].start, words[0].end)
                    return [Argument("holder", FIRM, *at, firm, inferred=True, derivation=step)]
        return []


def holder_behind(grammar: Grammar, s: Sentence, noun: Noun) -> int | None:
    """Return the firm that a clause behind a license says it belongs to: "concessions that X held"."""
    i = noun.at + 1
    while i < len(s.units) and (s.units[i].low in {"that", "which", "the"} or s.units[i].has("role")):
        i += 1
    if i == noun.at + 1 or i + 1 >= len(s.units) or s.units[i].kind != FIRM or grammar.possessive(s, i):
        return None
    return i if any(u.low in _HELD for u in s.units[i + 1 : i + 4]) else None


def owned_name(s: Sentence, low: int, high: int) -> tuple[int, int] | None:
    """Return a name before "wholly owned by X," or "a subsidiary of X," in front of unit `high`: a firm's."""
    comma = next((i for i in range(low + 1, high) if s.units[i].text == ","), None)
    if comma is None or high < comma + 4:
        return None
    aside = s.units[comma + 1 : comma + 4]
    owned = any(u.low in {"owned", "controlled", "backed"} or u.has("role.unit") for u in aside)
    first = comma
    while first > low and s.units[first - 1].text[:1].isupper() and s.units[first - 1].kind != "Time":
        first -= 1
    return (first, comma - 1) if owned and comma - first > 1 else None


def modifies(grammar: Grammar, s: Sentence, name: tuple[int, int], noun: Noun) -> bool:
    """Return whether a name only tells the kind of a license: "the Clean Water Act permit"."""
    first, last = name
    words = grammar.words["determiners"]
    opened = first > 0 and s.units[first - 1].low in words
    return opened and last < noun.at and not any(u.low in words for u in s.units[last + 1 : noun.at])


def issuers_own(s: Sentence, frame: Frame, group: VerbGroup, noun: Noun, subject: Sequence[int]) -> bool:
    """Return whether "its" before a license means who gives it: "Congo has allotted its first quotas"."""
    own = noun.possessor is not None and s.units[noun.possessor].low in {"its", "their"}
    gives = frame.verbs == "license.give" and group.tag.action == "granted" and not group.passive
    bodies = any(h < group.first and s.units[h].kind != FIRM for h in subject)
    return own and gives and noun.at > group.verb and bodies


def _name(units: Sequence[Unit]) -> str:
    return " ".join(u.low for u in units)
