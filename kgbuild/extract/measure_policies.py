"""Measures told by what happens to applications and goods: refusals, freezes, what may not leave, denied talk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kgbuild.extract.arguments import named
from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.measure_imposers import MeasureImposers
from kgbuild.extract.measure_nouns import MeasureNouns
from kgbuild.extract.measure_orders import MeasureOrders
from kgbuild.extract.measure_roles import Found, MeasureRoles
from kgbuild.extract.measure_stance import measure_stance
from kgbuild.extract.measure_words import is_license
from kgbuild.extract.stance import Stance
from kgbuild.extract.units import BODIES, FIRM, MATERIALS, PLACES, Sentence, Unit
from kgbuild.model import Argument

_NEAR: Final = 8
_AHEAD: Final = frozenset({"will", "would", "shall"})
_POLICY: Final = frozenset({"policy", "routinely", "automatically", "default", "principle"})
_ALLOWED: Final = frozenset({"may", "allowed", "permitted", "must", "shall", "cannot", "can"})
_NOT: Final = frozenset({"not", "no", "never", "cannot", "n't", "n’t", "longer"})
_HELD: Final = frozenset({"stop-export", "halt", "suspend-export", "freeze-export", "pause-export"})
#: What can be dated by "of": "the regime of 4 April".
_REGIMES: Final = frozenset("regime rule rules system order decree controls curbs restrictions law list".split())
_WORK: Final = frozenset({"digging", "quarrying", "extraction", "production", "operations"})
_TRADE: Final = frozenset(
    "buy buying purchase purchasing order ordering use using import importing let letting admit clear".split()
)
_AWAY: Final = frozenset({"not", "stop", "avoid", "halt", "cease", "refrain"})
_OFFICES: Final = frozenset(
    "minister president premier secretary spokesman spokeswoman spokesperson chancellor governor".split()
)
_ACTIVITIES: Final = ("word.export", "word.import", "word.mining", "dig")
_BEFORE_REFUSAL: Final = frozenset(
    "apply applies applied face faces faced facing adopt adopts adopted put puts subject subjected under with "
    "impose imposes imposed set sets".split()
)


class MeasurePolicies:
    """Finds measures that show in how applications are treated, or in what goods may do."""

    def __init__(
        self,
        grammar: Grammar,
        nouns: MeasureNouns,
        roles: MeasureRoles,
        imposers: MeasureImposers,
        orders: MeasureOrders,
        *,
        about_exports: bool,
    ) -> None:
        self._grammar = grammar
        self._nouns = nouns
        self._roles = roles
        self._imposers = imposers
        self._orders = orders
        self._about_exports = about_exports

    def around(self, s: Sentence) -> Iterator[Found]:
        """Yield what units of `s` tell of applications, goods and talk of measures."""
        for i, unit in enumerate(s.units):
            if not unit.tags or unit.kind:
                continue
            if unit.has("license.deny"):
                yield from self._refused(s, i)
            if unit.has("measure.refusal"):
                yield from self._presumed(s, i)
            if unit.has("license") and not unit.has("license.deny"):
                yield from self._none_new(s, i)
            if unit.has("stopping") or unit.has("measure.issuance"):
                yield from self._stopped(s, i)
            if unit.has("license.application") or unit.low == "licensing":
                yield from self._frozen(s, i)
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
            if unit.has("measure.binding"):
                yield from self._mandatory(s, i)
            if unit.has("measure.speed") or unit.has("measure.look"):
                yield from self._sped_up(s, i)
            if unit.has("measure.dismiss"):
                yield from self._dismissed(s, i)

    # ---- applications that are refused

    def _refused(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "applications for military users will be turned down, the ministry said"."""
        group = self._orders.verb(s, i, i + 1, "license.deny")
        if group is None or not group.passive:
            return
        left, right = self._grammar.clause(s, i)
        before = s.units[left : group.first]
        asked = next((k for k, u in enumerate(before) if _asking(u)), None)
        if asked is None:
            return
        about = before[max(0, asked - 4) :]
        if any(u.kind == FIRM for u in about):
            return
        every = before[asked].low.endswith("s") or (
            asked > 0 and before[asked - 1].low in {"such", "any", "every", "a", "another"}
        )
        own = s.units[group.first : i]
        behind = s.units[i + 1 : right]
        ruled = any(u.low in _POLICY for u in (*own, *behind[:6]))
        ahead = any(u.low in _AHEAD for u in own)
        says = self._orders.saying(s, i)
        if not every or any(u.has("negation") or u.has("hypothetical") for u in (*about[3:], *own)):
            return
        if not (ruled or (ahead and says)):
            return
        stance = Stance(certainty="planned" if ahead else "actual")
        agents = self._roles.agents(s, i + 1, right) or says
        if not agents and not self._orders.told(s, i):
            agents = self._roles.body_before(s, i)
        yield Found(
            "measure-refusal", "imposed", i, i, tuple(agents), left, right, stance, group=group, filled=True
        )

    def _presumed(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "put under a presumption of denial", "replaced a presumption of denial with a review"."""
        left, right = self._grammar.clause(s, i)
        low = max(left, i - 2 * _NEAR)
        group = self._orders.verb(s, low, i, "measure.replace")
        action = "eased"
        if group is not None:
            swapped = any(u.low in {"with", "by", "to"} for u in s.units[group.verb + 1 : i])
            shifted = any(u.low == "from" for u in s.units[group.verb + 1 : i])
            action = "tightened" if swapped and not shifted else "eased"
        else:
            group = self._orders.verb(s, low, i, "control.set")
            if group is not None and group.tag.action in {"eased", "lifted", "suspended"}:
                action = "eased"
            elif any(u.low in _BEFORE_REFUSAL for u in s.units[low:i]):
                action = "imposed"
            else:
                return
        _, imposers = self._orders.bodies(s, group, right) if group is not None else ([], [])
        before = s.units[left:i]
        if any(u.has(c) for u in before for c in ("negation", "unreal", "hypothetical", "doubt")):
            return
        own = s.units[group.first : group.verb] if group is not None else []
        ahead = "planned" if any(u.has("planned") for u in own) else "actual"
        stance = Stance(certainty="possible" if any(u.has("possible") for u in own) else ahead)
        verb = group.verb if group is not None else i
        yield Found(
            "measure-presumption", action, i, verb, tuple(imposers), low, right, stance, group=group, filled=True
        )

    # ---- licenses that nobody gets any more

    def _none_new(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "has accepted no new applications since 2010", "no new licenses have been issued since"."""
        left, right = self._grammar.clause(s, i)
        before = [u.low for u in s.units[max(left, i - 5) : i]]
        if "no" not in before or not {"new", "further"} & set(before):
            return
        group = self._giving(s, left, i)
        if group is None or group.passive:
            behind = self._giving(s, i + 1, right)
            group = behind if behind is not None and behind.passive else None
        if group is None:
            return
        times = [u for u in s.units[left:right] if u.kind == "Time" and u.date is not None]
        lasting = any("/" in u.date.edtf or u.low.startswith(("since", "until")) for u in times if u.date)
        lasting = lasting or any(u.low in {"since", "until"} for u in s.units[left:right])
        subject, imposers = self._orders.bodies(s, group, right)
        ahead = any(u.has("planned") for u in s.units[group.first : group.verb])
        if not (lasting or ahead) or (not group.passive and not imposers):
            return
        yield self._freeze(s, i, group, imposers, Stance(certainty="planned" if ahead else "actual"))

    def _giving(self, s: Sentence, low: int, high: int) -> VerbGroup | None:
        return self._orders.verb(s, low, high, "license.give") or self._orders.verb(
            s, low, high, "measure.accept"
        )

    def _freeze(
        self, s: Sentence, noun: int, group: VerbGroup, imposers: list[Argument], stance: Stance,
        action: str = "imposed",
    ) -> Found:  # fmt: skip
        left, right = self._grammar.clause(s, group.verb)
        units = s.units[left:right]
        mining = any(u.has("word.mining") for u in units) and not any(u.has("word.export") for u in units)
        return Found(
            "measure-freeze", action, noun, group.verb, tuple(imposers), left, right, stance, group=group,
            since=True, kind="PolicyMeasure" if mining else "", filled=True,
        )  # fmt: skip

    def _stopped(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "stopped issuing permits", "suspended the issuance of licenses", "reviews have been halted"."""
        left, right = self._grammar.clause(s, i)
        if s.units[i].has("measure.issuance"):
            noun = next((j for j in range(i + 1, min(right, i + 6)) if s.units[j].has("license")), None)
            stop = self._stop(s, left, i, noun, right) if noun is not None else None
        else:
            giving = self._giving(s, i + 1, min(right, i + 3))
            behind = range(giving.verb + 1, min(right, giving.verb + 6)) if giving is not None else ()
            noun = next((j for j in behind if s.units[j].has("license")), None)
            stop = self._orders.verb(s, i, i + 1, "control.do") if giving is not None else None
            if giving is None or giving.tag.form != "ing":
                return
        if noun is None or stop is None:
            return
        subject, imposers = self._orders.bodies(s, stop, right)
        imposers = imposers or self._roles.possessor(s, i)
        stance = measure_stance(self._grammar, s, stop, subject, noun)
        if stance.refused or (not stop.passive and not imposers):
            return
        action = "tightened" if s.units[i].has("measure.issuance.review") else "imposed"
        yield self._freeze(s, noun, stop, imposers, stance, action)

    def _frozen(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "has frozen applications for the export of antimony", "licensing has been suspended"."""
        left, right = self._grammar.clause(s, i)
        stop = self._stop(s, left, i, i, right)
        export = any(u.has("word.export") or u.has("export") for u in s.units[left:right])
        several = s.units[i].low.endswith(("s", "licensing"))
        if stop is None or not export or not several or not _adjoins(s, stop, i):
            return
        subject, imposers = self._orders.bodies(s, stop, right)
        stance = measure_stance(self._grammar, s, stop, subject, i)
        if not stance.refused and (stop.passive or imposers):
            yield self._freeze(s, i, stop, imposers, stance)

    def _stop(self, s: Sentence, left: int, i: int, noun: int, right: int) -> VerbGroup | None:
        """Return the verb that stops the issuance at `i`: before it, or passive behind its licenses."""
        for low, high, passive in ((max(left, i - 4), i, False), (noun + 1, min(right, noun + 8), True)):
            for cls in ("control.do", "control.set"):
                group = self._orders.verb(s, low, high, cls)
                held = group is not None and (cls == "control.do" or group.tag.action == "suspended")
                if group is not None and held and group.passive == passive:
                    return group
        return None

    # ---- goods that must stay

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
        behind = range(i + 1, min(right, i + 4))
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
            return
        left, right = self._grammar.clause(s, i)
        own, before = s.units[group.first : i], s.units[left : group.first]
        lows = {w for u in own for w in u.low.split()}
        no_things = any(
            u.low == "no" and before[k + 1].kind in MATERIALS for k, u in enumerate(before[:-1])
        )
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

    def _told_off(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "told companies not to buy H20 chips", "customs were told not to let the chips in"."""
        group = self._orders.verb(s, i, i + 1, "speech.say") or self._orders.verb(s, i, i + 1, "measure.direct")
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
            "measure-told-off", "imposed", verb, i, tuple(imposers), verb, right, stance, group=group, filled=True
        )

    def _mandatory(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "export licenses will be mandatory for silver from January"."""
        left, right = self._grammar.clause(s, i)
        noun = next((j for j in range(i - 1, max(left - 1, i - 6), -1) if is_license(s.units[j])), None)
        window = s.units[left:i]
        named_things = any(u.kind in MATERIALS for u in (*window, *s.units[i:right]))
        hedged = any(u.has(c) for u in window for c in ("negation", "possible", "hypothetical", "unreal"))
        exports = any(u.has("word.export") for u in s.units[left:right])
        if noun is None or not named_things or hedged or not exports:
            return
        ahead = any(u.has("planned") for u in window)
        says = [a for a in self._orders.saying(s, i) if a.kind in BODIES]
        yield Found(
            "measure-mandatory", "imposed", noun, i, tuple(says), left, right,
            Stance(certainty="planned" if ahead else "actual"), filled=True, since=True,
        )  # fmt: skip

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
            "measure-needs", "imposed", noun, i, (), noun, noun, Stance(certainty="planned" if ahead else "actual"),
            group=group, filled=True, items=tuple(items), since=True,
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

    # ---- procedures that get faster

    def _sped_up(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "agreed to speed up approvals of exports", "promised to look at applications"."""
        fast = s.units[i].has("measure.speed")
        group = self._orders.verb(s, i, i + 1, "measure.speed" if fast else "measure.look")
        if group is None or group.passive:
            return
        left, right = self._grammar.clause(s, i)
        noun = next((j for j in range(i + 1, min(right, i + 7)) if s.units[j].has("license")), None)
        if noun is None or any(u.low in {"to", ","} or u.kind == FIRM for u in s.units[i + 1 : noun]):
            return
        own = s.units[max(left, group.first - 2) : i]
        pledged = any(u.has(c) for u in own for c in ("planned", "vow", "agree"))
        topic = any(u.has("word.export") or u.has("export") for u in s.units[left:right]) or (
            self._about_exports and not any(u.has("word.mining") for u in s.units[left:right])
        )
        several = s.units[noun].low.endswith("s") or s.units[noun].low == "licensing"
        if not topic or not several or not (fast or pledged):
            return
        subject, imposers = self._orders.bodies(s, group, right)
        stance = measure_stance(self._grammar, s, group, subject, noun)
        if stance.refused or not imposers or stance.polarity == "denied":
            return
        certainty = "planned" if pledged and stance.certainty != "possible" else stance.certainty
        if pledged and any(u.has("vow") or u.has("agree") for u in own):
            certainty = "planned"
        yield Found(
            "measure-faster", "eased", noun, i, tuple(imposers), i, right, Stance(certainty=certainty),
            group=group, filled=True,
        )  # fmt: skip

    # ---- talk that is denied

    def _dismissed(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "dismissed talk of an export ban", "ruled out an export ban"."""
        group = self._orders.verb(s, i, i + 1, "measure.dismiss")
        if group is None or group.passive:
            return
        _, right = self._grammar.clause(s, i)
        behind = range(i + 1, min(right, i + _NEAR))
        noun = next((j for j in behind if self._nouns.is_control(s, j)), None)
        if noun is None:
            return
        between = s.units[i + 1 : noun]
        talk = any(u.has("report-noun") or u.has("measure.talk") or u.has("unreal") for u in between)
        plain = group.tag.action == "ruled" and all(u.low in {"a", "an", "any", "new"} for u in between)
        if not (talk or plain) or any(t.form in {"past", "third"} for u in between for t in u.tags):
            return
        _, imposers = self._orders.bodies(s, group, right)
        if not imposers and not any(u.low in _OFFICES for u in s.units[max(0, group.first - 7) : group.first]):
            return  # analysts deny nothing of their own
        yield Found(
            "measure-dismissed", "imposed", noun, i, tuple(imposers), noun - 1,
            self._nouns.reach(s, noun, right), Stance("denied"), group=group, filled=True,
        )  # fmt: skip


def _adjoins(s: Sentence, group: VerbGroup, noun: int) -> bool:
    """Return whether only describing words stand between a verb and a noun."""
    between = s.units[min(group.verb, noun) + 1 : max(group.first if noun < group.verb else noun, noun)]
    plain = {"new", "all", "some", "any", "export", "further", "the", "its"}
    if noun < group.verb:
        return not any(u.text in {",", ";"} or u.low in {"and", "that", "which"} for u in between)
    return all(u.low in plain or u.kind in MATERIALS for u in between)


def _asking(unit: Unit) -> bool:
    return unit.has("license.application") or unit.has("license.request")
