"""What single words say of control measures: families, lists and their keepers, rules on exports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kgbuild.extract.units import MATERIALS, PLACES, Sentence, Unit

#: Words of one family can mean one measure told before: "the curbs" = "export controls".
_FAMILIES: Final = {
    "quota": ("quota", "cap"),
    "ban": ("ban", "embargo", "prohibition", "moratorium", "stop", "halt", "freeze"),
}
#: Verbs of those who run measures day by day.
_RUNNING: Final = frozenset(
    "oversee oversees overseeing administer administers administering handle handles handling manage manages "
    "monitor monitors".split()
)
_REACHING: Final = frozenset("encompass cover include apply extend affect concern start begin".split())
_NEEDING: Final = frozenset({"require", "requires", "need", "needs"})
#: Words behind "rule" that can say that it is one on exports.
_RULED: Final = frozenset({"on", "for", "that", "which", "over", "to", "under"})


def family(unit: Unit) -> str:
    """Return "tariff", "royalty", "sanction", "ban", "quota" or "control".

    Measures of two families are never taken for one.
    """
    if unit.has("tariff.royalty"):
        return "royalty"
    if unit.has("tariff"):
        return "tariff"
    if unit.has("control.sanction"):
        return "sanction"
    for name, stems in sorted(_FAMILIES.items()):
        if any(word.startswith(stems) for word in unit.low.split()):
            return name
    return "control"


def is_license(unit: Unit) -> bool:
    """Return whether the unit is a noun for a license: "permits", not "permit somebody to"."""
    nouns = [t.cls for t in unit.tags if not t.form]
    return any(c.partition(".")[0] == "license" for c in nouns) and "control" not in nouns


def kept_by(unit: Unit) -> str:
    """Return the label of the place whose government keeps the list that `unit` names, or ""."""
    for tag in unit.tags:
        if tag.cls.startswith("control.list-noun."):
            return " ".join(w.capitalize() for w in tag.cls.rsplit(".", 1)[1].split("-"))
    return ""


def spoken_of_in_general(s: Sentence, noun: int) -> bool:
    """Return whether only how such measures are run is told, none of them.

    "the bureau, which oversees U.S. export controls"; "EU sanctions require the support of all".
    """
    if any(u.low in _RUNNING for u in s.units[max(0, noun - 5) : noun]):
        return True
    ahead = [u.low for u in s.units[noun + 1 : noun + 5]]
    if ahead[:1] in (["will"], ["would"]) and _REACHING & set(ahead):
        return True  # "the export controls will also encompass tools": they are to come
    behind = s.units[noun + 1 : noun + 2]
    return s.units[noun].has("control.sanction") and bool(behind) and behind[0].low in _NEEDING


def unit_words(s: Sentence, i: int) -> set[str]:
    """Return the words of a unit in lower case."""
    return set(s.units[i].low.split())


def scope_exports(s: Sentence, low: int) -> bool:
    """Return whether the words behind "curbs on" name exports or a material, not licenses to mine it."""
    for j in range(low, min(low + 6, len(s.units))):
        unit = s.units[j]
        if unit.has("word.export") or unit.kind in MATERIALS:
            return True
        following = s.units[j + 1] if j + 1 < len(s.units) else None
        if unit.text == "," and (following is None or following.kind not in MATERIALS):
            return False
        if is_license(unit):
            return False
    return False


def rules_exports(s: Sentence, i: int) -> bool:
    """Return whether "rule" at `i` is one on exports: "its rule that extends the Entity List"."""
    before = s.units[max(0, i - 2) : i]
    if any(u.has("word.export") or u.has("control.list-noun") for u in before):
        return True
    following = s.units[i + 1] if i + 1 < len(s.units) else None
    if following is None:
        return False
    aimed = following.low in {"aiming", "aimed", "meant", "designed", "intended"}
    capped = any(t.cls == "control.do" and t.form for t in following.tags)
    linked = following.low in _RULED or aimed or any(t.form == "ing" for t in following.tags)
    duty = "requirement" in s.units[i].low or following.has("control.require")
    for unit in s.units[i + 2 : i + 12] if linked else ():
        listed = unit.has("control.list-noun") or unit.has("control.blacklist")
        licensed = (
            duty
            and is_license(unit)
            and any(u.has("word.export") or u.has("export") for u in s.units[i : i + 16])
        )
        if licensed or (capped and unit.has("word.export")):
            return True  # "the requirement to hold a license", "a rule that capped shipments"
        capped = capped or any(t.cls == "control.do" and t.form for t in unit.tags)
        duty = duty or unit.has("control.require") or unit.has("control.need")
        if listed or (unit.has("word.export") and unit.low.startswith("export")):
            return True
        if unit.has("word.export") and _goods_near(s, unit):
            return True  # "approval rules for shipments of semiconductors"
        if unit.text in {",", ";", "."} or unit.has("speech"):
            break
    return False


def _goods_near(s: Sentence, unit: Unit) -> bool:
    """Return whether a word for exports is followed by "of" and goods."""
    i = s.units.index(unit)
    behind = s.units[i + 1 : i + 5]
    return bool(behind) and behind[0].low == "of" and any(u.kind in MATERIALS for u in behind)


def taxes(s: Sentence, i: int) -> bool:
    """Return whether "duty" at `i` is one on goods: "a 15 per cent duty", "a duty on American steel"."""
    before, behind = s.units[i - 1] if i else None, s.units[i + 1 : i + 6]
    if before is not None and before.kind == "Quantity" and before.text.endswith(("%", "cent", "percent")):
        return True
    if not behind or behind[0].low not in {"on", "of", "against"}:
        return False
    if behind[0].low == "of":
        return any(u.kind == "Quantity" and u.text.endswith(("%", "cent", "percent")) for u in behind[1:4])
    return any(u.kind in MATERIALS | PLACES or u.has("word.import") or u.low == "goods" for u in behind[1:4])


def before_noun(s: Sentence, i: int) -> bool:
    """Return whether the material at `i` only describes the word behind it: "gallium prices"."""
    following = s.units[i + 1] if i + 1 < len(s.units) else None
    if following is None or not following.is_word or following.low.startswith(("remain", "stay")):
        return False
    return not following.tags and not following.kind


def opens_use(s: Sentence, j: int, right: int, words: Mapping[str, frozenset[str]]) -> bool:
    """Return whether unit `j` opens what things are for: "used in batteries", "to reduce the glut"."""
    if j + 1 >= right:
        return False
    unit, following = s.units[j], s.units[j + 1]
    if unit.low in words["use_words"]:
        return following.low in {"in", "for", "to", "by", "as"}
    return unit.low == "to" and following.low in words["purposes"]
