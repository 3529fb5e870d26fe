"""Licensing duties as control measures: "requires licenses for", "need a license", "nobody may export"."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.arguments import named
from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.measure_nouns import MeasureNouns
from kgbuild.extract.measure_roles import Found, MeasureRoles
from kgbuild.extract.measure_words import is_license
from kgbuild.extract.stance import Stance, find_speech
from kgbuild.extract.units import BODIES, FIRM, MATERIALS, PLACES, Sentence, Unit
from kgbuild.model import Argument

#: Words for everybody who exports, and words of duty.
_ALL: Final = frozenset(
    {"whoever", "anyone", "anybody", "exporters", "companies", "firms", "entities", "organizations"}
    | {"organisations", "individuals", "businesses", "shippers"}
)
_ANY: Final = frozenset({"a", "an", "any", "every", "each"})  #: "a foreign producer will need a license"
_WITHOUT: Final = frozenset({"without", "unless"})
_MUST: Final = frozenset(
    {"must", "have to", "has to", "need to", "needs to", "required to", "obliged to", "will", "required"}
)
_FORBIDDEN: Final = frozenset({"nobody", "no", "not", "cannot", "n't", "n’t"})
_MAY: Final = frozenset({"may", "can", "cannot", "must", "could", "should"})
_HEDGES: Final = ("negation", "possible", "hypothetical", "unreal")
#: Verbs of shipping behind a license: "a license before they may ship", "licenses to sell abroad".
_GOODS: Final = frozenset({"machines", "systems", "tools", "equipment", "goods", "products", "items"})
_METALS: Final = frozenset({"metals", "minerals", "elements", "materials", "ores", "chips", "magnets"})
_ABROAD: Final = frozenset({"abroad", "overseas", "outbound", "out"})


class MeasureDuties:
    """Finds duties to hold a license for exporting something."""

    def __init__(self, grammar: Grammar, nouns: MeasureNouns, roles: MeasureRoles) -> None:
        self._grammar = grammar
        self._nouns = nouns
        self._roles = roles

    def find(self, s: Sentence, group: VerbGroup) -> Found | None:
        """Return the duty that a verb of requiring, needing or exporting tells, None where it tells none."""
        if group.tag.cls == "control.unlicensed":
            return self._unlicensed(s, group)
        if group.tag.cls == "control.subject":
            return self._subjected(s, group)
        if group.tag.cls == "control.duty":
            return self._bound(s, group)
        if group.tag.cls in {"control.require", "control.need"} and group.passive:
            return self._is_required(s, group)
        return self._required(s, group) or (
            self._bound(s, group) if group.tag.cls == "control.need" else None
        )

    # ---- requires, needs

    def _required(self, s: Sentence, group: VerbGroup) -> Found | None:
        left, right = self._grammar.clause(s, group.verb)
        noun = self._license(s, group.verb + 1, min(right, group.verb + 9))
        if group.passive or noun is None or s.units[noun].kind:
            return None
        window = s.units[max(left, group.first - 1) : group.verb]
        told = any(u.low == "would" for u in window) and find_speech(self._grammar, s, group.verb) is not None
        dropped = any(u.low == "no longer" for u in window)
        hedges = [c for c in _HEDGES if not (dropped and c == "negation")]
        if any(u.has(cls) for u in window for cls in hedges if not (told and u.low == "would")):
            return None
        began = group.infinitive and s.units[group.first - 1].low in self._grammar.words["begun"]
        asking = replace(group, first=group.first - 1, infinitive=False) if began else group
        heads = self._grammar.subject(s, asking)
        imposers = self._roles.subjects(s, heads) or self._roles.subject_beside(s, asking.first)
        low = group.verb
        if group.tag.cls == "control.require" and imposers:
            asked = s.units[group.verb + 1 : right]
            if any(u.has("role.customer") for u in s.units[group.verb + 1 : noun]):
                return None  # what a buyer must have
            if not any(u.has("role") or u.has("export") or u.has("word.export") for u in asked):
                return None
        elif self._exported(s, left, group.first):
            low, imposers = left, self._roles.agents(s, group.verb + 1, right)
            imposers = imposers or self._of_license(s, group.verb, noun)
        else:
            imposers = self._of_license(s, group.verb, noun)
            if not imposers or not any(
                u.kind in MATERIALS or u.low in _GOODS for u in s.units[: group.first]
            ):
                return None
            low = 0
        stance = Stance(certainty="planned") if told else self._planned(window)
        found = self._found(s, f"measure-{group.tag.id}", noun, group, imposers, low, stance)
        return replace(found, action="lifted") if dropped else found

    def _is_required(self, s: Sentence, group: VerbGroup) -> Found | None:
        """Read "a license is required for every consignment"; "exporters are required to obtain licenses"."""
        left, right = self._grammar.clause(s, group.verb)
        noun = next((j for j in range(group.first - 1, left - 1, -1) if is_license(s.units[j])), None)
        window = s.units[left : group.verb]
        behind = s.units[group.verb + 1 : right]
        if noun is None or s.units[noun].kind or any(u.has(cls) for u in window for cls in _HEDGES):
            return None
        things = any(u.kind in MATERIALS for u in behind) and not any(u.has("word.mining") for u in s.units)
        if not things and not any(_exporting(u) or u.has("word.cargo") for u in (*window, *behind)):
            return None
        if any(u.has("role.customer") for u in behind):
            return None
        imposers = self._roles.agents(s, group.verb + 1, right) or self._of_license(s, left - 1, noun)
        imposers = imposers or self._granting(s, noun, group.first)
        return self._found(s, "measure-duty", noun, group, imposers, left, self._planned(window))

    def _found(
        self,
        s: Sentence,
        rule: str,
        noun: int,
        group: VerbGroup,
        imposers: list[Argument],
        low: int,
        stance: Stance,
    ) -> Found:
        _, right = self._grammar.clause(s, group.verb)
        high = self._nouns.reach(s, max(noun, group.verb), right)
        return Found(rule, "imposed", noun, group.verb, tuple(imposers), low, high, stance, group=group)

    @staticmethod
    def _planned(window: list[Unit]) -> Stance:
        return Stance(certainty="planned") if any(u.has("planned") for u in window) else Stance()

    @staticmethod
    def _license(s: Sentence, low: int, high: int) -> int | None:
        return next((j for j in range(low, high) if is_license(s.units[j])), None)

    def _of_license(self, s: Sentence, low: int, noun: int) -> list[Argument]:
        """Return the government of "a Dutch permit", the body of "a MOFCOM license"."""
        for j in range(noun - 1, max(low, noun - 4), -1):
            if s.units[j].kind in BODIES:
                body = self._roles.body(s, j)
                return [body] if body is not None else []
            if s.units[j].kind in PLACES and s.units[j].demonym:
                actor = self._roles.body(s, j)
                return [actor] if actor is not None and actor.kind == "Government" else []
        return []

    @staticmethod
    def _exported(s: Sentence, low: int, high: int) -> bool:
        """Return whether units [low, high) speak of exports of a material, or of goods that move."""
        units = s.units[low:high]
        exports = any((u.has("word.export") and u.low != "export") or u.has("word.cargo") for u in units)
        return (exports or any(u.low in _GOODS for u in units)) and any(
            u.kind in MATERIALS or u.has("word.cargo") or (exports and u.low in _METALS) for u in units
        )

    def _subjected(self, s: Sentence, group: VerbGroup) -> Found | None:
        """Read "made exports of gallium subject to licensing"."""
        _, right = self._grammar.clause(s, group.verb)
        at = next((j for j in range(group.verb + 1, right) if s.units[j].low.startswith("subject to")), None)
        window = s.units[max(0, group.first - 1) : group.verb]
        if at is None or group.passive or any(u.has(cls) for u in window for cls in _HEDGES):
            return None
        # "subject to approval" is one unit
        first = at if s.units[at].low != "subject to" else at + 1
        noun = next((j for j in range(first, min(right, at + 6)) if j == at or _licensing(s.units[j])), None)
        between = s.units[group.verb + 1 : at]
        if noun is None or not any(u.kind in MATERIALS or u.has("word.export") for u in between):
            return None
        imposers = self._roles.subjects(s, self._grammar.subject(s, group))
        low, stance = group.verb, self._planned(window)
        return Found("measure-subject", "imposed", noun, low, tuple(imposers), low, noun, stance, group=group)

    # ---- everybody must

    def _bound(self, s: Sentence, group: VerbGroup) -> Found | None:
        """Read "whoever exports gallium must hold a license", "Chinese producers must obtain permits"."""
        left, right = self._grammar.clause(s, group.verb)
        noun = self._license(s, group.verb + 1, min(right, group.verb + 7))
        window = s.units[group.first : group.verb]
        needs = group.tag.cls == "control.need"
        if noun is None or not (needs or self._must(window)):
            return None
        if any(u.has(cls) for u in window for cls in ("negation", "possible", "unreal", "hypothetical")):
            return None
        subject = s.units[left : group.first]
        everybody = any(u.low in _ALL or (u.has("role") and u.low.endswith("s")) for u in subject) or any(
            u.has("role") and any(b.low in _ANY for b in subject[max(0, k - 3) : k])
            for k, u in enumerate(subject)
        )
        barred = any(u.kind == FIRM or u.has("role.customer") for u in subject)
        told = self._told(s, left, group) if self._shipped(s, noun) else []
        if (not everybody or barred) and not told:
            return None
        owners = told or self._owners(s, left, group.first) or self._granting(s, noun, right)
        exports = any(_exporting(u) for u in (*subject, *s.units[group.verb + 1 : noun + 1]))
        if (
            not exports
            and not self._shipped(s, noun)
            and not (owners and any(u.kind in MATERIALS for u in subject))
        ):
            return None
        imposers = self._saying(s, group) or owners
        if not imposers and not any(u.kind in MATERIALS for u in s.units):
            return None
        stance = self._planned(window)
        high = max(noun + 1, right if any(u.kind in MATERIALS for u in s.units[noun:right]) else noun)
        end = min(len(s.units), noun + 12)
        high = end if self._shipped(s, noun) else high
        items = tuple(named("item", u) for u in subject if u.kind in MATERIALS)
        return Found(
            "measure-duty", "imposed", noun, group.verb, tuple(imposers), left, high, stance, group=group,
            items=items,
        )  # fmt: skip

    def _told(self, s: Sentence, left: int, group: VerbGroup) -> list[Argument]:
        """Return the body that puts a duty on one firm: "was told by the ministry that it must"."""
        active = self._directing(s, left, group.first)
        at = next((j for j in range(group.first - 1, -1, -1) if s.units[j].has("directing")), None)
        return active or ([] if at is None else self._roles.agents(s, at + 1, group.first))

    @staticmethod
    def _must(window: list[Unit]) -> bool:
        lows = {u.low for u in window}
        return bool(lows & (_MUST - {"will", "required"})) or ("required" in lows)

    def _saying(self, s: Sentence, group: VerbGroup) -> list[Argument]:
        speech = find_speech(self._grammar, s, group.verb)
        if speech is None or speech.speaker is None or s.units[speech.speaker].kind == "Person":
            return []
        body = self._roles.body(s, speech.speaker)
        return [body] if body is not None else []

    def _owners(self, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return the government of those who must obey: "American firms", "exporters in China"."""
        for j in range(low, high):
            unit = s.units[j]
            if unit.kind not in PLACES:
                continue
            if unit.demonym and any(u.has("role") for u in s.units[j + 1 : min(high, j + 5)]):
                actor = self._roles.body(s, j)
                return [actor] if actor is not None and actor.kind == "Government" else []
        return self._roles.places_in(s, low, high)

    def _granting(self, s: Sentence, noun: int, right: int) -> list[Argument]:
        """Return the body that grants the license: "permits from the Chinese government"."""
        owner = self._roles.possessor(s, noun)  # "must obtain China's approval"
        if owner and (self._grammar.possessive(s, noun - 2) or s.units[noun - 1].kind in BODIES):
            return owner
        for j in range(noun + 1, min(right, noun + 6)):
            if s.units[j].low == "from":
                for k in range(j + 1, min(right, j + 5)):
                    actor = self._roles.body(s, k)
                    if actor is not None and actor.kind in BODIES:
                        return [actor]
        return []

    @staticmethod
    def _shipped(s: Sentence, noun: int) -> bool:
        """Return whether the license is one to export: "before they may ship goods", "to sell abroad"."""
        behind = s.units[noun + 1 : noun + 8]
        verb = next((k for k, u in enumerate(behind) if u.has("export")), None)
        if verb is None:
            return False
        leads = any(u.low in {"to", "before", "for", "without"} for u in behind[:verb])
        far = s.units[noun + 1 : noun + 14]
        exported = behind[verb].low.startswith(("export", "ship"))
        return leads and (exported or any(u.low in _ABROAD or u.kind == "Country" for u in far))

    def _unlicensed(self, s: Sentence, group: VerbGroup) -> Found | None:
        """Read "nobody may export gallium without a license", "told it not to sell the chip without one"."""
        left, right = self._grammar.clause(s, group.verb)
        noun = next(
            (
                j
                for j in range(group.verb + 1, right)
                if _quota_or_license(s.units[j])
                and any(u.low in _WITHOUT for u in s.units[group.verb + 1 : j])
            ),
            None,
        )
        if noun is None or not any(u.low in {"without", "unless"} for u in s.units[group.verb : noun]):
            return None
        window = {u.low for u in s.units[left : group.verb]}
        if not window & _FORBIDDEN or not window & _MAY:
            return None
        low = left
        imposers = self._directing(s, left, group.first)
        sold = group.tag.id == "sell-unlicensed"
        if sold and not imposers and not any(u.kind == "Country" for u in s.units[group.verb : noun]):
            return None
        return Found(
            "measure-unlicensed", "imposed", noun, group.verb, tuple(imposers), low, noun, Stance(),
            group=group,
        )  # fmt: skip

    def _directing(self, s: Sentence, left: int, first: int) -> list[Argument]:
        """Return who says that it must not be: "the administration told the firm that it must not"."""
        for j in range(first - 1, max(-1, left - 8), -1):
            if s.units[j].has("directing"):
                for tag in self._grammar.tags_at(s, j, "speech.say"):
                    group = self._grammar.verb_group(s, j, tag)
                    if group.passive:
                        return []
                    heads = self._grammar.subject(s, group)
                    return self._roles.subjects(s, heads) or self._roles.subject_beside(s, group.first)
        return []


def _quota_or_license(unit: Unit) -> bool:
    return is_license(unit) or unit.low in {"quota", "export quota"}


def _exporting(unit: Unit) -> bool:
    return unit.has("export") or unit.has("word.export") or unit.low in {"exporter", "exporters"}


def _licensing(unit: Unit) -> bool:
    return unit.has("license") or unit.has("control")
