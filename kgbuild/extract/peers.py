"""Which firms are peers, rivals or competitors of one another."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.grammar import POSSESSIVES
from kgbuild.extract.relation_events import Context, RelationReader
from kgbuild.extract.relation_words import Hit
from kgbuild.extract.units import FIRM, MATERIALS
from kgbuild.model import Argument, Event

_TO: Final = frozenset({"of", "to", "for"})
_MODIFIERS: Final = frozenset(
    "smaller bigger larger main chief biggest closest nearest local domestic foreign western major close "
    "fellow "
    "leading other key regional global industry longtime arch top direct fierce new former".split()
)


class Peers(RelationReader):
    """Finds `peer_of`."""

    def find(self, c: Context) -> list[Event]:
        """Return which firms the sentence calls peers of which."""
        s = c.s
        if s.units[-1].text == "?":
            return []
        events = []
        for hit in c.all("peer.noun", "peer.verb", "peer.fellow"):
            if hit.cls == "peer.fellow":
                event = self._fellow(c, hit)
            else:
                event = self._competes(c, hit) if hit.cls == "peer.verb" else self._noun(c, hit)
            if event is not None and not self.unreal(s, hit.first):
                events.append(event)
        return events

    def _competes(self, c: Context, hit: Hit) -> Event | None:
        """Read "Example competes with A and B"."""
        s, j = c.s, hit.first - 1
        while j >= 0 and (self.grammar.is_auxiliary(s.units[j]) or _light(self, c, j)):
            j -= 1
        if j > 0 and s.units[j].low in {"which", "that"}:
            j -= 2 if s.units[j - 1].text == "," else 1
        subject = self.name_at("subject", s, max(0, j - 5), j) if j >= 0 else None
        objects, _ = self.firms_from("object", s, hit.end)
        return self._peers(c, [subject] if subject else [], objects, hit, j + 1)

    def _fellow(self, c: Context, hit: Hit) -> Event | None:
        """Read "fellow magnet makers A and B" as peers of the firm that the text is about."""
        s, k = c.s, hit.end
        while k < len(s.units) and (
            s.units[k].demonym
            or s.units[k].kind in MATERIALS
            or s.units[k].text == "-"
            or s.units[k].low == "earth"
        ):
            k += 1
        if k >= len(s.units) or not s.units[k].has("role"):
            return None
        subjects, _ = self.firms_from("subject", s, k + 1)
        told = self.salient("object", s, hit.first, hit.first, besides=(a.name for a in subjects))
        return self._peers(c, subjects, [told] if told else [], hit, hit.first)

    def _noun(self, c: Context, hit: Hit) -> Event | None:
        s, i = c.s, hit.first
        after = s.units[i + 1].low if i + 1 < len(s.units) else ""
        low, determiner = self._phrase(c, i)
        if after in _TO:
            objects, end = self.firms_from("object", s, i + 2)
            if objects:
                return self._of(c, hit, low, objects, end)
        opener = i + 2 if after == "," else i + 1
        listed = s.units[opener].low if opener < len(s.units) else ""
        if listed in {
            "like",
            "such as",
            "including",
            "namely",
            "include",
            "includes",
            "among them",
            "are",
            "is",
        }:
            subjects, _ = self.firms_from("subject", s, opener + 1)
        elif after == ":" or (after == "," and determiner):
            subjects, _ = self.firms_from("subject", s, i + 2)
        else:
            subjects, _ = self.firms_from("subject", s, i + 1)
        if not subjects:
            return None
        return self._owned(c, hit, low, determiner, subjects)

    def _owned(
        self, c: Context, hit: Hit, low: int, determiner: str, subjects: list[Argument]
    ) -> Event | None:
        """Return the peers `subjects` of the firm whose they are: "its rival A", "rivals such as A"."""
        s, i = c.s, hit.first
        owner = self.owner("object", s, i, max(0, low - 2))
        if owner is not None:
            return self._peers(c, subjects, [owner[0]], hit, i)
        if determiner in {"a", "an", "the", *POSSESSIVES} or any(
            u.text in POSSESSIVES for u in s.units[max(0, low - 1) : i]
        ):
            return None
        if i > 1 and s.units[i - 1].kind == FIRM:
            found = self.firm("object", s, i - 1)  # "Example rival A"
            return self._peers(c, subjects, [found] if found else [], hit, i)
        one = not s.units[i].low.endswith("s")
        if one and not any(u.kind == FIRM for u in s.units[:low]):
            return None  # a single "rival A" is that of a firm in its own sentence
        told = self.salient("object", s, low, i, besides=(a.name for a in subjects))
        return self._peers(c, subjects, [told] if told else [], hit, i)

    def _of(self, c: Context, hit: Hit, low: int, objects: list[Argument], end: int) -> Event | None:
        """Read "A is a Chinese peer of B", "A, a rival of B, ..." and "rivals of B such as A"."""
        s = c.s
        if end < len(s.units) and s.units[end].low in {"like", "such as", "including"}:
            subjects, _ = self.firms_from("subject", s, end + 1)
            return self._peers(c, subjects, objects, hit, hit.first)
        j = low - 1
        while j >= 0 and (self.grammar.is_auxiliary(s.units[j]) or _light(self, c, j)):
            j -= 1
        said = j < low - 1
        if j >= 0 and s.units[j].text == "," and not said:
            j -= 1
            said = True
        if j < 0 or not said:
            return None
        subjects = self._listed_back(c, j)
        return self._peers(c, subjects, objects, hit, j + 1)

    def _listed_back(self, c: Context, j: int) -> list[Argument]:
        """Return the firms of a list that ends at unit `j`."""
        s = c.s
        out: list[Argument] = []
        while j >= 0:
            if s.units[j].kind == "Ticker":
                j -= 1
            found = self.name_at("subject", s, max(0, j - 5), j) if j >= 0 else None
            if found is None and j >= 0 and s.units[j].low in {"it", "which"} and not out:
                found = self.firm("subject", s, j)
            if found is None:
                break
            out.append(found)
            j = next((k for k in range(j, -1, -1) if s.units[k].start == found.start), 0) - 1
            if j < 0 or s.units[j].text not in {",", "and"}:
                break
            while j >= 0 and s.units[j].text in {",", "and"}:
                j -= 1
        return out[::-1]

    def _phrase(self, c: Context, i: int) -> tuple[int, str]:
        """Return where the noun phrase of the noun at `i` starts, and its article or possessive."""
        s, j = c.s, i - 1
        while j >= 0:
            unit = s.units[j]
            if unit.low in self.grammar.words["determiners"] or unit.low == "one of its":
                return j, unit.low
            if unit.text in POSSESSIVES:
                return j, unit.text
            plain = unit.demonym or unit.low in _MODIFIERS or unit.text == "-"
            word = unit.is_word and not unit.kind and not unit.tags and unit.low.islower()
            if not plain and not (
                word and unit.low not in self.grammar.words["prepositions"] | {"and", "or"}
            ):
                break
            if self.grammar.is_auxiliary(unit) or unit.low in self.grammar.words["clause_openers"]:
                break
            j -= 1
        return j + 1, ""

    def _peers(
        self, c: Context, subjects: list[Argument], objects: list[Argument], hit: Hit, low: int
    ) -> Event | None:
        names = {a.name for a in objects}
        subjects = [a for a in subjects if a.name not in names]
        if not subjects or not objects:
            return None
        high = max(hit.first, low)
        return self.event(c.s, "peer_of", subjects, objects, hit.first, self.stance(c.s, low, high), hit.id)


def _light(reader: RelationReader, c: Context, j: int) -> bool:
    """Return whether unit `j` is an adverb or a cue between a subject and its verb."""
    unit = c.s.units[j]
    if unit.kind:
        return False
    cue = unit.has("negation") or unit.has("possible") or unit.has("planned")
    return cue or unit.low in reader.grammar.words["adverbs"] or unit.low in {"remains", "became", "directly"}
