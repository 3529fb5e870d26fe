"""Which regulator decides on what: "the ministry, which oversees the licensing of exports"."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.relation_events import Context, RelationReader
from kgbuild.extract.relation_words import Hit
from kgbuild.extract.units import FIRM, Sentence
from kgbuild.model import Argument, Event

_REGULATORS: Final = frozenset({"Regulator"})
#: Units between a regulator and its verb, and between the verb and what is decided on.
_REACH: Final = 9
#: Classes of words -> the activity they tell, by its name in the ontology; the first that occurs counts.
_ACTIVITIES: Final = (
    ("regulate.export", "export of controlled goods"),
    ("regulate.mining", "mining"),
)


class Regulating(RelationReader):
    """Finds `regulates`: a regulator that issues, reviews or refuses permission for an activity."""

    def find(self, c: Context) -> list[Event]:
        """Return the regulators that the sentence gives a say in an activity that it names."""
        s = c.s
        activity = self._activity(c)
        if activity is None or s.units[-1].text == "?":
            return []
        out: list[Event] = []
        for i, unit in enumerate(s.units):
            if unit.kind not in _REGULATORS:
                continue
            hit = self._verb(c, i) or self._noun(c, i)
            if hit is None or self.unreal(s, hit.first):
                continue
            stance = self.stance(s, i + 1, hit.first)
            if stance.polarity == "denied" or stance.certainty != "actual":
                continue  # who does not decide this time may well be the one who decides
            regulator = Argument("subject", unit.kind, unit.text, unit.start, unit.end, unit.name)
            out.append(self.event(s, "regulates", [regulator], [activity], hit.first, stance, hit.id))
        return out

    def _activity(self, c: Context) -> Argument | None:
        """Return the activity that words of the sentence tell."""
        for cls, name in _ACTIVITIES:
            for hit in c.all(cls):
                told = self.phrase("object", "RegulatedActivity", c.s, hit.first, hit.end - 1)
                return Argument(
                    "object", "RegulatedActivity", told.text, told.start, told.end, name, "", "", "", True,
                    f"word of the activity: {told.text}",
                )  # fmt: skip
        return None

    def _verb(self, c: Context, i: int) -> Hit | None:
        """Return the verb of deciding whose subject is the regulator at unit `i`, with what it decides on."""
        s = c.s
        for hit in c.all("regulate.verb"):
            if not i < hit.first <= i + _REACH or self._taken(s, i + 1, hit.first):
                continue
            if any(hit.end <= n.first <= hit.end + _REACH for n in c.all("regulate.permission")):
                return hit
        return None

    def _noun(self, c: Context, i: int) -> Hit | None:
        """Return the permission that is the regulator's: "a ministry approval process", "a permit from"."""
        s = c.s
        for hit in c.all("regulate.permission"):
            if hit.first == i + 1:
                return hit
            back = s.units[hit.end : i]
            from_it = bool(back) and back[0].low in {"from", "by", "of"}
            if hit.end < i <= hit.end + 3 and from_it and not self._taken(s, hit.end, i):
                return hit
        return None

    @staticmethod
    def _taken(s: Sentence, low: int, high: int) -> bool:
        """Return whether units [low, high) have another actor, or end the clause."""
        return any(u.kind in {FIRM, *_REGULATORS} or u.text in {";", ":"} for u in s.units[low:high])
