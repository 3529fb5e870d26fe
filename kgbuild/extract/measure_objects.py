"""What verbs of forbidding and of listing act on: exports, goods as such, the list something is put on."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.measure_nouns import MeasureNouns
from kgbuild.extract.measure_words import before_noun, is_license, kept_by, unit_words
from kgbuild.extract.units import FIRM, MATERIALS, Sentence

#: Words for things that a list or a control can be on.
_THINGS: Final = frozenset("materials items goods chemicals metals products technologies minerals".split())
_FORBIDDING: Final = frozenset({"ban", "prohibit", "forbid", "outlaw", "bar", "block", "restrict"})
#: Verbs by which a government keeps goods in: "held back jet engine parts".
_WITHHOLDING: Final = frozenset({"hold-back-exports", "withhold-exports", "sit-on-goods", "cut-off"})
_CAPPING: Final = frozenset(
    {"cap-export", "limit-export", "restrict", "curb-export", "curtail-export", "cap", "limit", "curb"}
)
#: What can follow the object of a verb of forbidding.
_BEHIND_OBJECT: Final = frozenset(
    "from to in on for and as after since until over where that which when unless without at by".split()
)
_SHIPPED: Final = frozenset({"exported", "shipped", "sold", "export", "exporting", "leaving"})
#: Verbs that say of a ban that it is in force: "remains barred".
REMAINS: Final = frozenset({"remain", "remains", "remained", "stay", "stays", "stayed"})


class MeasureObjects:
    """Finds what is forbidden, and the lists and controls that something is put under."""

    def __init__(self, grammar: Grammar, nouns: MeasureNouns) -> None:
        self._grammar = grammar
        self._nouns = nouns

    def exports(self, s: Sentence, group: VerbGroup, left: int, right: int) -> int | None:
        """Return the word "exports" that a verb of forbidding acts on."""
        if group.passive and group.first and s.units[group.first - 1].low == "it":
            # "It is forbidden to export raw chromite"
            behind = range(group.verb + 2, min(right, group.verb + 4))
            to = group.verb + 1 < right and s.units[group.verb + 1].low == "to"
            return next((j for j in behind if to and s.units[j].has("export")), None) or (
                group.verb + 2 if to and s.units[min(right - 1, group.verb + 2)].has("export") else None
            )
        if group.passive:
            remains = s.units[group.first].low in REMAINS
            for j in range(group.first - 1, left - 1, -1):
                unit = s.units[j]
                if _exported(s, j) or (remains and unit.kind in MATERIALS and not before_noun(s, j)):
                    return j
                if unit.low in {"that", "and", "but", ","} or unit.has("license"):
                    break
            # "dual-use items are prohibited from being exported"
            behind = range(group.verb + 1, min(right, group.verb + 5))
            barred = s.units[group.verb + 1].low == "from" if group.verb + 1 < right else False
            return next((j for j in behind if barred and s.units[j].low in _SHIPPED), None)
        for j in range(group.verb + 1, min(right, group.verb + 8)):
            unit = s.units[j]
            if _exported(s, j) or (unit.has("export") and any(t.form == "ing" for t in unit.tags)):
                return j
            if group.tag.id in _FORBIDDING and unit.has("export") and s.units[j - 1].low == "to":
                return j  # "forbade the firm to ship parts"
            if self._nouns.is_control(s, j) or unit.text in {",", ";"} or is_license(unit):
                return self._bare_object(s, group, j)
        return self._bare_object(s, group, min(right, group.verb + 8))

    @staticmethod
    def _bare_object(s: Sentence, group: VerbGroup, high: int) -> int | None:
        """Return what is forbidden as such: "bars chips from Japan's army", "stopped imports of seafood"."""
        for j in range(group.verb + 1, min(high, group.verb + 6)):
            unit = s.units[j]
            following = s.units[j + 1] if j + 1 < len(s.units) else None
            last = following is None or not following.is_word or following.low in _BEHIND_OBJECT
            if unit.has("word.import") and unit.low.endswith("s"):
                return j
            if (
                unit.low in {"output", "production"}
                and group.tag.id in _CAPPING
                and s.units[j - 1].kind in MATERIALS
            ):
                return j
            legal = (group.tag.id in _FORBIDDING and not group.infinitive) or group.tag.id in _WITHHOLDING
            if legal and last and (unit.kind in MATERIALS or (unit.has("word.mining") and not unit.kind)):
                return j
            if unit.low in _BEHIND_OBJECT - {"and"} or unit.has("license"):
                return None
        return None

    def unallowed(self, s: Sentence, group: VerbGroup, left: int) -> int | None:
        """Return the exports that "shall not be permitted"."""
        window = s.units[group.first : group.verb]
        if not any(u.low in {"not", "n't", "n’t", "never"} or u.low.endswith("longer") for u in window):
            return None
        if not group.passive:  # "China will not allow exports of gallium"
            behind = range(group.verb + 1, min(len(s.units), group.verb + 6))
            noun = next((j for j in behind if _exported(s, j)), None)
            return noun if noun and not any(u.kind == FIRM for u in s.units[group.verb : noun]) else None
        for j in range(group.first - 1, left - 1, -1):
            unit = s.units[j]
            if unit.has("word.export") and not unit.kind:
                return j
            if unit.low in {"that", "but", ";"} or unit.has("license"):
                return None
        return None

    def listed(self, s: Sentence, group: VerbGroup, left: int, right: int) -> int | None:
        """Return the list, control or license that a verb puts something under."""
        turned = group.passive or group.tag.cls == "control.come"
        for j in range(group.verb + 1, min(right, group.verb + 24)):
            if not self._lists(s, group, j):
                continue
            listed = s.units[left : group.first] if turned else s.units[group.verb + 1 : j]
            if kept_by(s.units[j]):
                return j
            traded = any(u.has("word.export") or u.has("word.import") for u in listed)
            if traded or any(u.kind in MATERIALS or u.low in _THINGS for u in listed):
                return j
            if [u.low for u in listed] in (["it", "under"], ["them", "under"]) and not turned:
                return j  # "after placing it under licensing"
            blacklist = unit_words(s, j) & {"entity", "blacklist", "unverified", "sanctions"}
            firms = bool(blacklist) or ("list" in s.units[j].low and not s.units[j].kind)
            strange = not turned and any(
                self._grammar.unknown_name(s, group.verb + 1, k) for k in range(group.verb + 1, j)
            )
            if firms and (strange or any(u.kind == FIRM or u.has("role") for u in listed)):
                return j
        return None

    @staticmethod
    def _lists(s: Sentence, group: VerbGroup, j: int) -> bool:
        """Return whether unit `j` is what something is put under: "under export control", "to its list"."""
        unit = s.units[j]
        near = range(max(group.verb, j - 8), j)
        before = {s.units[k].low for k in near if s.units[k + 1].kind != "Quantity"}  # not "from 145% to 30%"
        if group.tag.cls != "control.come" and not before & {"under", "to", "onto", "on", "export"}:
            return False
        licensed = unit.has("license") and not unit.has("license.soft")
        if licensed and s.units[j - 1].low.split()[-1] in {"under", "export"}:
            return True
        return unit.has("control.list-noun") or (unit.has("control") and not unit.kind)


def _exported(s: Sentence, i: int) -> bool:
    """Return whether unit `i` is "exports", or the "export" of "the export of gallium"."""
    unit = s.units[i]
    if unit.kind or not unit.has("word.export"):
        return False
    if unit.low != "export":
        return True
    return (
        0 < i < len(s.units) - 1
        and s.units[i - 1].low in {"the", "its", "their"}
        and s.units[i + 1].low == "of"
    )
