"""Measures told by what happens to applications: refusals, freezes, faster approvals; and denied talk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kgbuild.extract.grammar import VerbGroup
from kgbuild.extract.measure_reader import MeasureReader
from kgbuild.extract.measure_roles import Found
from kgbuild.extract.measure_stance import measure_stance
from kgbuild.extract.stance import Stance
from kgbuild.extract.units import FIRM, MATERIALS, Sentence, Unit
from kgbuild.model import Argument

_NEAR: Final = 8
_AHEAD: Final = frozenset({"will", "would", "shall"})
_POLICY: Final = frozenset({"policy", "routinely", "automatically", "default", "principle"})
_OFFICES: Final = frozenset(
    "minister president premier secretary spokesman spokeswoman spokesperson chancellor governor".split()
)
_BEFORE_REFUSAL: Final = frozenset(
    "apply applies applied face faces faced facing adopt adopts adopted put puts subject subjected under "
    "with impose imposes imposed set sets".split()
)


class MeasurePolicies(MeasureReader):
    """Finds measures that show in how applications are treated, or in what goods may do."""

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
            group = self._orders.verb(s, low, i, "control.set") or self._orders.verb(
                s, low, i, "control.list"
            )
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
            "measure-presumption",
            action,
            i,
            verb,
            tuple(imposers),
            low,
            right,
            stance,
            group=group,
            filled=True,
        )

    # ---- licenses that nobody gets any more

    def _none_new(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "has accepted no new applications since 2010", "no new licenses have been issued since"."""
        left, right = self._grammar.clause(s, i)
        before = [u.low for u in s.units[max(left, i - 5) : i]]
        none_new = "no" in before and bool({"new", "further"} & set(before))
        if not none_new and not (s.units[i].low.endswith("s") and _no_longer(s, left, right)):
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
        if not none_new:  # "licenses are no longer being issued"
            lasting = _no_longer(s, group.first, group.verb)
            if not lasting or any(u.kind == FIRM for u in s.units[left:right]):
                return
        _, imposers = self._orders.bodies(s, group, right)
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
        """Read "stopped issuing permits", "suspended the issuance of licenses", "reviews were halted"."""
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
        if not imposers and not any(
            u.low in _OFFICES for u in s.units[max(0, group.first - 7) : group.first]
        ):
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


def _no_longer(s: Sentence, low: int, high: int) -> bool:
    return any(u.low.endswith("longer") for u in s.units[low:high])


def _asking(unit: Unit) -> bool:
    return unit.has("license.application") or unit.has("license.request")
