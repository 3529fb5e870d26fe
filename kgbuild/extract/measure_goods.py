"""Measures told of goods: what may not leave a country or be sold, what everybody needs a license for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kgbuild.extract.arguments import named
from kgbuild.extract.grammar import VerbGroup
from kgbuild.extract.measure_reader import MeasureReader
from kgbuild.extract.measure_roles import Found
from kgbuild.extract.measure_stance import measure_stance
from kgbuild.extract.measure_words import is_license
from kgbuild.extract.stance import Stance
from kgbuild.extract.units import BODIES, FIRM, MATERIALS, PLACES, Sentence

_ALLOWED: Final = frozenset({"may", "allowed", "permitted", "must", "shall", "cannot", "can", "let", "allow"})
_NOT: Final = frozenset({"not", "no", "never", "cannot", "n't", "n’t", "longer"})
#: What can be dated by "of": "the regime of 4 April".
_REGIMES: Final = frozenset(
    "regime rule rules system order decree controls curbs restrictions law list".split()
)
_WORK: Final = frozenset({"digging", "quarrying", "extraction", "production", "operations"})
_TRADE: Final = frozenset(
    "buy buying purchase purchasing order ordering use using import importing let letting admit clear "
    "ship shipping export exporting sell selling supply supplying".split()
)
_TRADERS: Final = frozenset(
    {"company", "firm", "exporter", "trader", "producer", "american", "person", "miner"}
)
_AWAY: Final = frozenset({"not", "stop", "avoid", "halt", "cease", "refrain"})
_ACTIVITIES: Final = ("word.export", "word.import", "word.mining", "dig")


class MeasureGoods(MeasureReader):
    """Finds measures in what a text says goods may or must do."""

    def around(self, s: Sentence) -> Iterator[Found]:
        """Yield what units of `s` tell of goods that are kept in, licensed or not to be bought."""
        for i, unit in enumerate(s.units):
            if not unit.tags or unit.kind:
                continue
            if unit.has("measure.leave"):
                yield from self._kept_in(s, i)
            if unit.has("control.need"):
                yield from self._needed(s, i)
            if unit.has("control.unlicensed"):
                yield from self._unsold(s, i)
            if unit.has("stop"):
                yield from self._halted(s, i)
            if unit.has("directing"):
                yield from self._told_off(s, i)
            if unit.has("control.unallowed"):
                yield from self._allowed_again(s, i)
            if unit.has("measure.binding"):
                yield from self._mandatory(s, i)

    def _kept_in(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "raw lithium will not be allowed to leave the country", "no ore may leave Guinea"."""
        left, right = self._grammar.clause(s, i)
        window = s.units[left:i]
        lows = {w for u in window for w in u.low.split()}
        negated = lows & _NOT or any(u.has("negation") for u in window)
        if not negated or not lows & _ALLOWED or not any(u.kind in MATERIALS for u in window):
            return
        if any(u.kind == FIRM or is_license(u) or u.has("hypothetical") for u in window):
            return
        behind = range(i + 1, min(right, i + 2 + (s.units[i + 1].low == "the")))
        place = next((j for j in behind if s.units[j].kind in PLACES or s.units[j].low == "country"), None)
        if place is None:
            return
        says = [a for a in self._orders.saying(s, i) if a.kind in BODIES]
        owner = self._roles.body(s, place) if s.units[place].kind in PLACES else None
        imposers = says or ([owner] if owner is not None else [])
        time = self._orders.ruled_when(s, i)
        tag = s.units[i].tag("measure.leave")
        group = self._grammar.verb_group(s, i, tag) if tag is not None else None
        certainty = "planned" if lows & {"will", "would"} else "actual"
        yield Found(
            "measure-stay", "imposed", i, i, tuple(imposers), left, right, Stance(certainty=certainty),
            group=group, filled=True, when=time,
        )  # fmt: skip

    def _unsold(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "antimony may not be sold to the United States", "no gallium may be exported"."""
        group = self._orders.verb(s, i, i + 1, "control.unlicensed")
        if group is None or not group.passive:
            if group is not None:
                yield from self._unshipped(s, group)
            return
        left, right = self._grammar.clause(s, i)
        own, before = s.units[group.first : i], s.units[left : group.first]
        lows = {w for u in own for w in u.low.split()}
        no_things = any(u.low == "no" and before[k + 1].kind in MATERIALS for k, u in enumerate(before[:-1]))
        negated = bool(lows & _NOT) or any(u.has("negation") for u in own) or no_things
        ruled = lows & {"may", "must", "shall"} or ("longer" in lows and lows & {"can", "allowed"})
        if not negated or not ruled or not any(u.kind in MATERIALS for u in before):
            return
        licensed = any(is_license(u) or u.has("quota") for u in s.units[left:right])
        if licensed or any(u.kind == FIRM or u.has("hypothetical") for u in before):
            return
        says = [a for a in self._orders.saying(s, i) if a.kind in BODIES]
        reached = [
            named("target", u)
            for k, u in enumerate(before)
            if u.kind in PLACES and k and not u.demonym and {"to", "the"} & {before[k - 1].low}
        ]
        yield Found(
            "measure-unsold", "imposed", i, i, tuple(says), left, right, Stance(), group=group, filled=True,
            since=True, targets=tuple(reached),
        )  # fmt: skip

    def _unshipped(self, s: Sentence, group: VerbGroup) -> Iterator[Found]:
        """Read "under U.S. rules, no one may ship advanced chips to Russia"."""
        left, right = self._grammar.clause(s, group.verb)
        window = s.units[left : group.verb]
        lows = {w for u in window for w in u.low.split()}
        nobody = bool(lows & {"nobody"}) or "no one" in " ".join(u.low for u in window) or "longer" in lows
        nobody = nobody or any(
            u.low == "no" and k + 1 < len(window) and window[k + 1].low in _TRADERS
            for k, u in enumerate(window)
        )
        behind = s.units[group.verb + 1 : right]
        goods = [k for k, u in enumerate(behind[:6]) if u.kind in MATERIALS]
        licensed = any(is_license(u) or u.has("quota") or u.low in {"without", "unless"} for u in behind)
        if not nobody or not lows & {"may", "can", "cannot", "shall", "must"} or not goods or licensed:
            return
        if any(u.kind == FIRM or u.has("hypothetical") or u.has("possible.not") for u in window):
            return
        imposers = self._roles.agents(s, left, group.first) or self._roles.places_in(s, left, right)
        yield Found(
            "measure-unshipped-passive", "imposed", group.verb, group.verb, tuple(imposers), group.verb,
            right, Stance(), group=group, filled=True, since=True,
        )  # fmt: skip

    def _told_off(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "told companies not to buy H20 chips", "customs were told not to let the chips in"."""
        group = self._orders.verb(s, i, i + 1, "speech.say") or self._orders.verb(
            s, i, i + 1, "measure.direct"
        )
        if group is None:
            return
        _, right = self._grammar.clause(s, i)
        near = range(i + 1, min(right, i + 9))
        verb = next((j for j in near if s.units[j].low in _TRADE), None)
        if verb is None or not {u.low for u in s.units[i + 1 : verb]} & _AWAY:
            return
        if not any(u.low == "to" for u in s.units[i + 1 : verb]):
            return
        noun = next((j for j in range(verb + 1, min(right, verb + 7)) if s.units[j].kind in MATERIALS), None)
        if noun is None:
            return
        subject, imposers = self._orders.bodies(s, group, right)
        stance = measure_stance(self._grammar, s, group, subject, noun)
        if stance.refused or (not imposers and not group.passive):
            return
        yield Found(
            "measure-told-off-active",
            "imposed",
            verb,
            i,
            tuple(imposers),
            verb,
            right,
            stance,
            group=group,
            filled=True,
        )

    def _mandatory(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "export licenses will be mandatory for silver from January"."""
        left, right = self._grammar.clause(s, i)
        noun = next((j for j in range(i - 1, max(left - 1, i - 6), -1) if is_license(s.units[j])), None)
        window = s.units[left:i]
        named_things = any(u.kind in MATERIALS for u in (*window, *s.units[i:right]))
        hedged = any(u.has(c) for u in window for c in ("negation", "possible", "hypothetical", "unreal"))
        exports = self._about_exports or any(u.has("word.export") for u in s.units[left:right])
        if noun is None or not named_things or hedged or not exports:
            return
        ahead = any(u.has("planned") for u in window)
        says = [a for a in self._orders.saying(s, i) if a.kind in BODIES]
        yield Found(
            "measure-mandatory", "imposed", noun, i, tuple(says), left, right,
            Stance(certainty="planned" if ahead else "actual"), filled=True, since=True,
        )  # fmt: skip

    def _allowed_again(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "Jakarta allowed exports of copper concentrate again in March"."""
        group = self._orders.verb(s, i, i + 1, "control.unallowed")
        if group is None or group.passive:
            return
        _, right = self._grammar.clause(s, i)
        again = any(u.low == "again" for u in s.units[i + 1 : right])
        near = range(i + 1, min(right, i + 5))
        noun = next((j for j in near if s.units[j].has("word.export") and s.units[j].low.endswith("s")), None)
        if noun is None or not again or any(u.kind == FIRM or is_license(u) for u in s.units[i:noun]):
            return
        subject, imposers = self._orders.bodies(s, group, right)
        stance = measure_stance(self._grammar, s, group, subject, noun)
        if imposers and not stance.refused and not any(u.has("negation") for u in s.units[group.first : i]):
            yield Found(
                "measure-again", "eased", noun, i, tuple(imposers), i, right, stance, group=group, filled=True
            )

    def _needed(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "the regime of 4 April, under which seven rare earths, and magnets, need a license"."""
        group = self._orders.verb(s, i, i + 1, "control.need")
        if group is None or group.passive or not self._about_exports:
            return
        left, right = self._grammar.clause(s, i)
        noun = next((j for j in range(i + 1, min(right, i + 5)) if is_license(s.units[j])), None)
        before = s.units[left : group.first]
        items = [named("item", u) for u in before if u.kind in MATERIALS]
        if noun is None or not items or any(u.kind == FIRM or u.has("role") for u in before):
            return
        own = (*s.units[max(0, left - 1) : i], *s.units[i:noun])
        if any(u.has(c) for u in own for c in ("negation", "possible", "unreal", "hypothetical")):
            return
        if any(u.has("word.mining") for u in s.units[left:right]):
            return
        ahead = any(u.has("planned") for u in s.units[group.first : i])
        rule = next((k for k in range(max(0, left - 8), i) if s.units[k].low in _REGIMES), None)
        time = self._nouns.dated(s, rule) if rule is not None else None
        yield Found(
            "measure-needs", "imposed", noun, i, (), noun, noun,
            Stance(certainty="planned" if ahead else "actual"), group=group, filled=True, since=True,
            items=tuple(items),
            when=(rule + 2, rule + 3) if time is not None and rule is not None else None,
        )  # fmt: skip

    def _halted(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "ordered a halt to exports", "declared a moratorium on lithium mining"."""
        left, right = self._grammar.clause(s, i)
        group = self._orders.verb(s, max(left, i - 5), i, "control.set")
        if group is None or group.passive or group.tag.action not in {"imposed", "announced"}:
            return
        if self._nouns.is_control(s, i):
            return
        behind = s.units[i + 1 : min(right, i + 6)]
        behind = behind[
            : next((k for k, u in enumerate(behind) if u.text in {",", ";"} or u.low == "and"), 6)
        ]
        if not behind or behind[0].low not in {"to", "of", "on", "in"}:
            return
        stopped = [k for k, u in enumerate(behind) if u.low in _WORK or any(u.has(c) for c in _ACTIVITIES)]
        if not stopped or any(u.kind == FIRM for u in behind[: stopped[0]]):
            return
        noun = i + 1 + stopped[0]
        if s.units[noun].low in _WORK and group.tag.id != "order-control":
            return
        subject, imposers = self._orders.bodies(s, group, right)
        stance = measure_stance(self._grammar, s, group, subject, noun)
        if imposers and not stance.refused:
            traded = s.units[noun].has("word.export")
            yield Found(
                "measure-halt", "imposed", noun, group.verb, tuple(imposers), i, right, stance, group=group,
                kind="" if traded else "PolicyMeasure", filled=True,
            )  # fmt: skip
