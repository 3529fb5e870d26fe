"""Words around a license noun: short forms that an article explains, verbs that hand out tons."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final

from kgbuild.extract.grammar import Grammar, positions
from kgbuild.extract.units import FIRM, MATERIALS, Sentence, Unit

_DUG: Final = frozenset("mine mines deposit deposits pit ore block blocks perimeter perimeters".split())
_SPANS: Final = frozenset("period month year quarter week half time same".split())
_NAMED: Final = frozenset({"license", "license.soft"})
_RUNS: Final = frozenset({"to", "continue", "keep"})
_CAUSED: Final = frozenset("renewed extended prolonged approved revoked suspended canceled cancelled".split())
#: What asks for a license.
ASKED: Final = frozenset({"license.application", "license.papers", "license.request"})
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
            if s.units[i].kind or not any(t.cls in _NAMED and not t.form for t in s.units[i].tags):
                continue
            opened = bool(behind) and behind[0].text == "("
            code = behind[1] if opened and len(behind) > 1 else behind[0] if behind else None
            many = code is not None and code.text.endswith("s") and code.text[:-1].isupper()
            if code is None or code.tags or not ((code.text.isupper() or many) and code.text.isalpha()):
                continue
            words = [u.low[:1].upper() for u in s.units[max(0, i - 4) : i + 1]]
            fits = "".join(words).endswith(code.text.rstrip("s")) or (opened and len(code.text) > 2)
            soft = not any(t.cls == "license" for t in s.units[i].tags)
            fits = fits and not (soft and not s.units[i].low.startswith("certificate"))
            digs = any(u.has("word.mining") for u in s.units[max(0, i - 3) : i])
            if fits and 1 < len(code.text) < 6:
                kind = "MiningLicense" if digs else "License" if soft else ""
                out |= {code.text: kind, code.text.rstrip("s"): kind, f"{code.text.rstrip('s')}s": kind}
    return out


def asks_else(grammar: Grammar, behind: Sequence[Unit]) -> bool:
    """Return whether an application is for what no word class knows: "for an injunction"."""
    if len(behind) < 2 or behind[0].low != "for":
        return False
    words = grammar.words
    first = next((u for u in behind[1:5] if u.low not in words["determiners"]), None)
    known = words["projects"] | words["act_renewed"] | {"approval", "this", "that", "use"}
    if first is None or first.low in known or first.kind or first.tags or not first.text.islower():
        return False
    following = behind[behind.index(first) + 1] if behind.index(first) + 1 < len(behind) else None
    ends = following is None or not following.is_word or grammar.is_auxiliary(following)
    return first.is_word and ends


def site_taken(s: Sentence, verb: int) -> int:
    """Return the name of no known thing behind "stripped (X) of", or 0."""
    for k in range(verb + 1, min(len(s.units) - 1, verb + 5)):
        if s.units[k].low == "of":
            site = s.units[k + 1]
            return k + 1 if site.text[:1].isupper() and not site.kind and not site.tags else 0
    return 0


def verb_before(s: Sentence, first: int) -> Unit:
    """Return the unit before a noun phrase at unit `first` and its article."""
    k = first - 1
    while k > 0 and s.units[k].low in {"a", "an", "its", "their", "the"}:
        k -= 1
    return s.units[max(k, 0)]


def goes_abroad(behind: Sequence[Unit], k: int) -> bool:
    """Return whether unit `k` behind a license is a word of trade across a border.

    Who buys must buy goods: "to buy the chips", not "the cores it got with the purchase of a start-up".
    """
    unit = behind[k]
    if unit.has("import") and not unit.low.startswith("import"):
        return any(u.kind in MATERIALS for u in behind[k + 1 : k + 6])
    aspect = unit.has("export.aspect") and not any(t.cls == "export" for t in unit.tags)
    if aspect:  # "to continue operating the mine" sends nothing abroad
        behind = behind[k + 1 : k + 4]
        return any(u.has("word.export") or u.low.startswith(("sell", "ship", "sale")) for u in behind)
    return unit.has("export") or unit.has("word.export") or unit.has("import")


def same_clause(behind: Sequence[Unit]) -> Sequence[Unit]:
    """Return `behind` up to another clause of its sentence: ", and the navy sent two ships"."""
    for k, unit in enumerate(behind[:-1]):
        ahead = behind[k + 1].low
        joined = unit.text == "," and ahead in {"and", "but", "while", "whereas"}
        if joined and k + 2 < len(behind) and behind[k + 2].low in {"the", "its", "a", "an", "it", "they"}:
            return behind[:k]
    return behind


def exported(s: Sentence, i: int) -> Unit | None:
    """Return the word for exports behind "recommendation for the" at unit `i`."""
    if s.units[i].low != "recommendation" or i + 3 >= len(s.units) or s.units[i + 1].low != "for":
        return None
    return next((u for u in s.units[i + 2 : i + 4] if u.has("word.export") and u.low == "export"), None)


def lets_run(behind: Sequence[Unit]) -> bool:
    """Return whether a license is one to run something: "a license to operate", "that allows X to run"."""
    pairs = [(b.low, u.low) for b, u in pairwise(behind[:9])]
    return any(b in _RUNS and u in {"operate", "operating", "run", "running"} for b, u in pairs)


def names_place(units: Sequence[Unit]) -> bool:
    """Return whether a name of no known thing opens there: "rights to Madaouela", "the N perimeter"."""
    first = next((u for u in units if u.low != "the"), None)
    return first is not None and first.text[:1].isupper() and not first.kind and not first.tags


def allotted(s: Sentence, i: int, *, quotas: bool) -> bool:
    """Return whether tons at unit `i` are what somebody was allotted, or got where `quotas` are spoken of."""
    if any(u.low.startswith(("allot", "allocat")) for u in s.units[max(0, i - 4) : i]):
        return True
    return quotas and gets(s, i)


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


def begins_with_number(s: Sentence, before: int, first: int) -> bool:
    """Return whether a phrase begins with its number: "in the same period 38 licenses", not "some 38"."""
    return s.units[first].kind == "Quantity" and s.units[before].low in _SPANS


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


def kind_of_title(
    grammar: Grammar, phrase: Sequence[Unit], behind: Sequence[Unit], told: Sequence[str], *, digs: bool
) -> tuple[str, bool]:
    """Return the kind of a concession, lease or tenement: one to mine, or none of ours.

    "lithium concessions", not "trade concessions"; "the concessions" where they were told in full.
    """
    if titled(behind, digs=digs):
        return "MiningLicense", True
    words = grammar.words["title_words"]
    if any(u.kind in MATERIALS or u.has("word.mining") or u.low in words for u in phrase):
        return "MiningLicense", False
    plain = grammar.words["determiners"]
    counted = [u for u in phrase if u.kind in {"Quantity", "Duration"} or u.text.isdigit()]
    bare = all(u.low in plain or u in counted for u in phrase)
    timed = bool(counted) and digs
    return ("MiningLicense" if (timed or "MiningLicense" in told) and bare else ""), True


def of_another(s: Sentence, at: int) -> bool:
    """Return whether a name behind a license at unit `at` tells that it is not the one told before."""
    behind = s.units[at + 1 : at + 3]
    if len(behind) < 2 or behind[0].low not in {"for", "of", "at"}:
        return False
    other = behind[1].low in {"a", "an", "another"}  # "the permit for a mine in the south"
    return (behind[1].text[:1].isupper() and not behind[1].kind) or other


def asks_for_told(s: Sentence, first: int, at: int, projects: Collection[str]) -> bool:
    """Return whether an application is one for what is spoken of, be it opened by "a".

    "No application was filed", "an application for a license for the deposit was rejected".
    """
    if not s.units[at].has("license.application"):
        return False
    if first and s.units[first].low == "no":
        return True
    behind = s.units[at + 1 : at + 10]
    return any(
        a.low in {"for", "at", "over"} and b.low == "the" and c.low in projects
        for a, b, c in zip(behind, behind[1:], behind[2:], strict=False)
    )


def titled(behind: Sequence[Unit], *, digs: bool) -> bool:
    """Return whether what stands behind a title tells that it is one to dig: "the concession of X"."""
    of_firm = digs and len(behind) > 1 and behind[0].low == "of" and behind[1].kind == FIRM
    over = bool(behind) and behind[0].low in {"for", "over", "on", "to"}
    dug = over and any(u.kind in MATERIALS or u.low in _DUG for u in behind[:6])
    return of_firm or dug or (over and digs and names_place(behind[1:3]))


def suits(s: Sentence, verbs: str, verb_id: str, at: int, *, anaphor: bool) -> bool:
    """Return whether a verb can have a license noun.

    What is returned or made is an application; who receives one, or has papers approved, holds nothing.
    """
    asked = any(s.units[at].has(c) for c in ASKED - {"license.papers"})
    behind = s.units[at + 1 : at + 2]
    if verbs == "license.get" and any(u.low in _CAUSED for u in behind):
        return False  # "gets its license renewed"
    letting = any(u.low in {"that", "allowing", "letting"} for u in s.units[at + 1 : at + 2])
    if verbs == "license.get" or (verbs == "license.give" and s.units[at].has("license.papers")):
        return (verbs == "license.get" or letting) and not asked
    if verbs == "license.review":
        return not s.units[at].has("license.soft")  # an approval is given, not processed
    asked = asked or anaphor or s.units[at].has("license.papers")
    return asked or not verb_id.endswith("-application")
