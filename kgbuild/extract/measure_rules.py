"""Standing rules and what is done to them by halves: "is subject to a license", "put the curbs on hold"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kgbuild.extract.arguments import named
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.measure_reader import MeasureReader
from kgbuild.extract.measure_roles import Found
from kgbuild.extract.measure_stance import measure_stance
from kgbuild.extract.measure_words import is_license
from kgbuild.extract.stance import Stance
from kgbuild.extract.units import FIRM, MATERIALS, PLACES, Sentence

_HEDGES: Final = ("negation", "possible", "hypothetical", "unreal", "doubt")
_NEAR: Final = 9
#: Verbs that put a measure somewhere: "put the curbs on hold", "let the tariff lapse".
_PUTTING: Final = frozenset(
    "put puts putting place places placed placing hold holds held bring brings brought let lets letting "
    "allow allows allowed leave leaves left set sets keep keeps kept".split()
)
_PASSED: Final = frozenset({"put", "placed", "held", "brought", "set"})
_STILL: Final = frozenset({"now", "still", "currently", "already", "effectively", "again", "all"})
_COURTS: Final = frozenset({"court", "courts", "judge", "judges", "tribunal", "panel"})
_NEEDING: Final = frozenset({"need", "needs", "needed", "require", "requires", "required", "obtain", "get"})


class MeasureRules(MeasureReader):
    """Finds measures in what is said of rules, goods under a duty, and measures put aside."""

    def around(self, s: Sentence) -> Iterator[Found]:
        """Yield what units of `s` tell of standing duties, waivers, assets and measures put aside."""
        for i, unit in enumerate(s.units):
            if not unit.tags or unit.kind:
                continue
            if unit.low.startswith("subject to"):
                yield from self._subject_to(s, i)
            if unit.has("directing"):
                yield from self._told_need(s, i)
            if unit.has("license.exempt") or unit.has("change.eased"):
                yield from self._waived(s, i)
            if unit.has("measure.swap"):
                yield from self._replaced(s, i)
            if unit.has("measure.end"):
                yield from self._put(s, i)
            if unit.has("measure.hit"):
                yield from self._hit(s, i)
            if unit.has("measure.assets"):
                yield from self._assets(s, i)

    # ---- duties

    def _subject_to(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "exports of antimony have been subject to licensing since September 2024"."""
        left, right = self._grammar.clause(s, i)
        first = i if s.units[i].low != "subject to" else i + 1
        behind = range(first, min(right, first + 6))
        noun = next((j for j in behind if j == i or self._duty(s, j)), None)
        before = s.units[left:i]
        own = next((k for k in range(i - 1, left - 1, -1) if self._grammar.is_auxiliary(s.units[k])), None)
        goods = [u for u in before if u.kind in MATERIALS]
        moving = any(u.has("word.export") or u.has("word.import") for u in before)
        if noun is None or own is None or not (goods or moving):
            return
        ruled = self._grammar.words["determiners"] | {"any", "all"}
        if i - own > 2 and any(u.low in ruled for u in s.units[max(own, i - 3) : i - 1]):
            return  # "to export any item subject to the Regulations": which items, not what befalls them
        if (
            not moving
            and s.units[noun].has("license")
            and not (self._about_exports or s.units[noun].has("control"))
        ):
            return
        if any(u.kind == FIRM or any(u.has(c) for c in _HEDGES) or u.has("agreement") for u in before):
            return
        ahead = any(u.has("planned") for u in before)
        group = self._grammar.verb_group(s, i, Tag("control.subject", "subject-to", form="participle"))
        found = self._roles.agents(s, noun, right) or self._roles.possessor(s, noun)
        since = not any(u.low == "until" for u in s.units[noun:right])
        tariff = s.units[noun].has("tariff")
        yield Found(
            "measure-subject-passive", "imposed", noun, i, tuple(found), left, right,
            Stance(certainty="planned" if ahead else "actual"), group=group, filled=not tariff or bool(goods),
            since=since,
        )  # fmt: skip

    def _duty(self, s: Sentence, j: int) -> bool:
        unit = s.units[j]
        return is_license(unit) or self._nouns.is_control(s, j) or self._nouns.is_short(s, j)

    def _told_need(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "the firm was told in April that it would need a license to sell the chip in China"."""
        group = self._orders.verb(s, i, i + 1, "speech.say") or self._orders.verb(
            s, i, i + 1, "measure.direct"
        )
        if group is None or not group.passive:
            return
        that = next((j for j in range(i + 1, min(len(s.units), i + 8)) if s.units[j].low == "that"), None)
        if that is None or any(u.has(c) for u in s.units[group.first : i] for c in _HEDGES):
            return
        right = min(len(s.units), that + 22)
        noun = next((j for j in range(that + 1, right) if is_license(s.units[j])), None)
        if noun is None:
            return
        asked = s.units[that + 1 : right]
        needed = any(u.low.split()[0] in _NEEDING for u in asked if u.is_word)
        traded = any(u.has("export") or u.has("word.export") for u in asked)
        if not needed or not traded or any(u.has("negation") or u.has("hypothetical") for u in asked):
            return
        yield Found(
            "measure-told-need", "imposed", noun, i, tuple(self._roles.agents(s, i + 1, that)), that, right,
            Stance(), group=group, filled=True,
        )  # fmt: skip

    # ---- waivers

    def _waived(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "granted a one-year waiver from port fees", "won an exemption from the tariffs"."""
        left, right = self._grammar.clause(s, i)
        behind = s.units[i + 1 : i + 3]
        if not behind or behind[0].low not in {"from", "to", "on"}:
            return
        noun = next((j for j in range(i + 2, min(right, i + 7)) if self._nouns.is_control(s, j)), None)
        if noun is None or any(u.text in {",", ";"} for u in s.units[i + 1 : noun]):
            return
        group = self._orders.verb(s, max(left, i - _NEAR), i, "license.give")
        action = "eased"
        if group is None:
            group = self._orders.verb(s, max(left, i - _NEAR), i, "control.set")
            if group is None or group.tag.action not in {"extended", "announced", "imposed"}:
                return
        if group.passive:
            return
        subject, imposers = self._orders.bodies(s, group, right)
        stance = measure_stance(self._grammar, s, group, subject, noun)
        if imposers and not stance.refused and stance.polarity == "affirmed":
            yield Found(
                "measure-waiver", action, noun, group.verb, tuple(imposers), i, right, stance, group=group,
                filled=True,
            )  # fmt: skip

    # ---- one measure for another

    def _replaced(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "replaced its export ban with quotas": the one is lifted, the other imposed."""
        group = self._orders.verb(s, i, i + 1, "measure.swap")
        if group is None:
            return
        left, right = self._grammar.clause(s, i)
        link = next(
            (j for j in range(i + 1, min(right, i + 14)) if s.units[j].low in {"with", "by", "for"}), None
        )
        if link is None:
            return
        old_at = range(left, group.first) if group.passive else range(i + 1, link)
        old = next((j for j in old_at if self._named(s, j) or s.units[j].low in {"it", "them"}), None)
        new = next((j for j in range(link + 1, min(right, link + 8)) if self._named(s, j)), None)
        if old is None or new is None:
            return
        subject, imposers = self._orders.bodies(s, group, right)
        imposers = imposers or self._roles.possessor(s, old)
        stance = measure_stance(self._grammar, s, group, subject, old)
        if stance.refused or not imposers:
            return
        items = tuple(named("item", s.units[k]) for k in range(left, new) if s.units[k].kind in MATERIALS)
        for noun, action, low in ((old, "lifted", min(old_at)), (new, "imposed", link)):
            yield Found(
                "measure-replaced", action, noun, i, tuple(imposers), low, min(right, noun + 8), stance,
                group=group, items=items, filled=True,
            )  # fmt: skip

    def _named(self, s: Sentence, j: int) -> bool:
        return self._nouns.is_control(s, j) or self._nouns.is_short(s, j)

    # ---- put on hold, let lapse

    def _put(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "put its export rules on hold", "let the tariff on cells lapse"."""
        left, right = self._grammar.clause(s, i)
        tag = s.units[i].tag("measure.end")
        at = next((j for j in range(i - 1, max(left, i - 16) - 1, -1) if s.units[j].low in _PUTTING), None)
        if tag is not None and at is None and tag.cls.endswith("suspended"):
            yield from self._on_hold(s, i, left)
        if tag is None or at is None:
            return
        action = tag.cls.rpartition(".")[2]
        verb = s.units[at].low
        if (action == "lifted") != (verb in {"let", "lets", "letting", "allow", "allows", "allowed"}):
            return
        form = "participle" if verb in _PASSED else "past"
        group = self._grammar.verb_group(s, at, Tag("control.put", "put", action, form))
        if group.passive:
            noun = next(
                (j for j in range(group.first - 1, left - 1, -1) if self._nouns.is_control(s, j)), None
            )
        else:
            noun = next((j for j in range(at + 1, i) if self._nouns.is_control(s, j)), None)
        if noun is None or self._nouns.change_of(s, noun) is not None:
            return
        subject, imposers = self._orders.bodies(s, group, right)
        imposers = imposers or self._roles.possessor(s, noun)
        stance = measure_stance(self._grammar, s, group, subject, noun)
        if stance.refused or (not imposers and not group.passive):
            return
        voice = "passive" if group.passive else "active"
        yield Found(
            f"measure-put-{voice}", action, noun, at, tuple(imposers), min(noun, at), right, stance,
            group=group,
        )  # fmt: skip

    def _on_hold(self, s: Sentence, i: int, left: int) -> Iterator[Found]:
        """Read "Beijing's ban on exports is on hold"."""
        be = i - 1
        while be > left and not self._grammar.is_auxiliary(s.units[be]) and s.units[be].low in _STILL:
            be -= 1
        if not self._grammar.is_auxiliary(s.units[be]):
            return
        noun = next((j for j in range(be - 1, left - 1, -1) if self._nouns.is_control(s, j)), None)
        between = s.units[noun + 1 : be] if noun is not None else []
        window = s.units[left:i]
        if noun is None or any(any(u.has(c) for c in _HEDGES) for u in window):
            return
        if any(
            t.form in {"past", "third"} and not u.kind and not u.has("word.export")
            for u in between
            for t in u.tags
        ):
            return
        ahead = any(u.has("planned") for u in window)
        yield Found(
            "measure-on-hold-passive", "suspended", noun, i, tuple(self._roles.possessor(s, noun)), left, be,
            Stance(certainty="planned" if ahead else "actual"), filled=True,
        )  # fmt: skip

    # ---- hit with

    def _hit(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "hit Chinese electric cars with duties of up to 45.3%"."""
        group = self._orders.verb(s, i, i + 1, "measure.hit")
        if group is None:
            return
        left, right = self._grammar.clause(s, i)
        link = next((j for j in range(i + 1, min(right, i + 11)) if s.units[j].low == "with"), None)
        if link is None:
            return
        near = range(link + 1, min(right, link + 6))
        noun = next((j for j in near if self._nouns.is_control(s, j) or s.units[j].has("tariff.short")), None)
        if noun is None or any(u.text in {",", ";"} for u in s.units[i + 1 : link]):
            return
        subject, imposers = self._orders.bodies(s, group, right)
        stance = measure_stance(self._grammar, s, group, subject, noun)
        if stance.refused or (not imposers and not group.passive):
            return
        hit = s.units[left : group.first] if group.passive else s.units[i + 1 : link]
        places = [named("target", u) for u in hit if u.kind in PLACES]
        items = [named("item", u) for u in hit if u.kind in MATERIALS]
        if not places and not items:
            return
        yield Found(
            "measure-hit", "imposed", noun, i, tuple(imposers), link, right, stance, group=group,
            items=tuple(items), targets=tuple(places[:1]), filled=True,
        )  # fmt: skip

    # ---- assets

    def _assets(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "Britain froze the assets of X"."""
        left, right = self._grammar.clause(s, i)
        group = self._orders.verb(s, max(left, i - 5), i, "control.do") or self._orders.verb(
            s, i + 1, min(right, i + 5), "control.do"
        )
        if group is None or not group.tag.id.startswith("freeze"):
            return
        subject, imposers = self._orders.bodies(s, group, right)
        stance = measure_stance(self._grammar, s, group, subject, i)
        if imposers and not stance.refused:
            yield Found(
                "measure-assets", "imposed", i, group.verb, tuple(imposers), i, right, stance, group=group,
                kind="PolicyMeasure", filled=True,
            )  # fmt: skip


def by_court(s: Sentence, heads: list[int]) -> bool:
    """Return whether a court does it, which is no government: "a court struck down the tariffs"."""
    return any(s.units[h].low.split()[-1] in _COURTS for h in heads)
