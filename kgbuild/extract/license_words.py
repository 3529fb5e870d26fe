"""Words around a license noun: short forms that an article explains, verbs that hand out tons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kgbuild.extract.grammar import positions
from kgbuild.extract.units import Sentence, Unit

#: What is run under a license: "its license for the refinery".
PLANTS: Final = frozenset({"refinery", "plant", "smelter", "refineries", "plants", "smelters"})


def license_codes(sentences: Sequence[Sentence]) -> dict[str, str]:
    """Return the short forms of licenses that an article explains, with the kind where they tell it.

    "Special Mining Licence SML 550/2015", "a special mining licence (IUPK)".
    """
    out: dict[str, str] = {}
    for s in sentences:
        for i in positions(s, "license"):
            behind = s.units[i + 1 : i + 3]
            if s.units[i].low.endswith(" status"):
                out["status"] = "ExportLicense"  # "that status" later on
            if s.units[i].kind or not any(t.cls == "license" and not t.form for t in s.units[i].tags):
                continue
            opened = bool(behind) and behind[0].text == "("
            code = behind[1] if opened and len(behind) > 1 else behind[0] if behind else None
            if code is None or code.tags or not (code.text.isupper() and code.text.isalpha()):
                continue
            words = [u.low[:1].upper() for u in s.units[max(0, i - 4) : i + 1]]
            fits = "".join(words).endswith(code.text) or (opened and len(code.text) > 2)
            digs = any(u.has("word.mining") for u in s.units[max(0, i - 3) : i])
            if fits and 1 < len(code.text) < 6:
                out[code.text] = "MiningLicense" if digs else ""
    return out


def gets(s: Sentence, i: int) -> bool:
    """Return whether tons are what a verb right before hands out: "gets 3,925 tons", no "tons of ore"."""
    before = s.units[i - 1] if i else None
    if before is not None and before.kind == "Firm" and i > 1:
        before = s.units[i - 2]
    following = s.units[i + 1].low if i + 1 < len(s.units) else ""
    hands = before is not None and (before.has("license.get") or before.has("license.give"))
    return hands and following not in {"of", "from", "a", "per"}


def actor_to(s: Sentence, i: int) -> bool:
    """Return whether behind unit `i` somebody is told to be allowed something: "permits Example to ship"."""
    behind = s.units[i + 1 : i + 9]
    if not behind:
        return False
    named = behind[0].kind not in {"", "Time", "Duration", "Ticker"}
    return (named or behind[0].low in {"it", "them"}) and any(u.low == "to" for u in behind[1:])


def bracket(s: Sentence, j: int) -> int:
    """Return where a short bracket that ends at unit `j` opens, or 0."""
    if s.units[j].kind == "Ticker":
        return j
    if s.units[j].text != ")":
        return 0
    return next((k for k in range(j - 1, max(0, j - 4), -1) if s.units[k].text == "("), 0)


def ships(unit: Unit) -> bool:
    """Return whether a verb tells that goods go abroad."""
    return unit.has("export") and unit.low.startswith(("ship", "export", "deliver"))


def asked_for(s: Sentence, first: int, low: int) -> bool:
    """Return whether a license at unit `first` is what a request is for: "its application to renew it"."""
    for k in range(low, first - 2):
        asks = any(s.units[k].has(c) for c in ("license.application", "license.request"))
        if asks and s.units[k + 1].low == "to" and any(t.form == "base" for t in s.units[k + 2].tags):
            return True
    return False
