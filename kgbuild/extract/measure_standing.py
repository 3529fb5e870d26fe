"""Measures told as what holds: sold only under a license, on a list since, rates that rise, notices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kgbuild.extract.arguments import named
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.measure_reader import MeasureReader
from kgbuild.extract.measure_roles import Found
from kgbuild.extract.measure_stance import measure_stance
from kgbuild.extract.measure_words import family, is_license
from kgbuild.extract.stance import Stance
from kgbuild.extract.units import FIRM, MATERIALS, PLACES, Sentence

_UNDER: Final = frozenset({"under", "with", "against", "after", "if", "by"})
_STAYING: Final = frozenset(
    {"remain", "remains", "remained", "stay", "stays", "stayed", "come", "came", "comes"}
)
_ON_RATES: Final = frozenset({"on", "for", "of", "against"})
#: Nouns between "in" or "on" and goods that are listed: "on China's list of dual-use items".
_LISTS: Final = frozenset({"list", "catalog", "catalogue", "register"})
_NOTICES: Final = frozenset(
    "announcement announcements notice notices decree decrees order orders circular circulars no nos "
    "notification notifications regulation regulations resolution".split()
)
_LAID: Final = frozenset({"laid", "placed", "imposed", "introduced", "announced", "put", "set", "issued"})
_GOODS: Final = frozenset({"goods", "imports", "exports", "shipments", "products", "cargoes"})
_DEFINITE: Final = frozenset({"the", "its", "their", "these", "those"})
#: Nouns that are a measure where a month tells which: "the April requirements".
_DATED: Final = frozenset(
    {"requirements", "requirement", "rule", "rules", "measures", "regime", "curbs", "controls"}
)
_FORCE: Final = frozenset({"force", "in place", "effect", "place", "in force"})
_MONTHLY: Final = re.compile("jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec")
_UNDONE: Final = frozenset({"suspended", "lifted", "eased", "extended"})
_HEDGES: Final = ("negation", "possible", "hypothetical", "unreal", "doubt")


class MeasureStanding(MeasureReader):
    """Finds measures in sentences that say what holds for goods, rates and notices."""

    def around(self, s: Sentence) -> Iterator[Found]:
        """Yield what units of `s` tell of goods under a license or on a list, of rates and of notices."""
        for i, unit in enumerate(s.units):
            if not unit.tags or unit.kind:
                continue
            if unit.low == "only" or unit.has("limit"):
                yield from self._only_under(s, i)
            if unit.has("measure.shift"):
                yield from self._shifted(s, i)
            if i > 1 and s.units[i - 1].low == "under":
                yield from self._under(s, i)
            if unit.has("instrument.number"):
                yield from self._numbered(s, i)
            if unit.has("measure.apply") or (unit.has("cover") and unit.low.startswith("appl")):
                yield from self._applies(s, i)
            if unit.has("measure.bear"):
                yield from self._borne(s, i)
        for i, unit in enumerate(s.units):
            if unit.low in _LISTS and not unit.kind:
                yield from self._on_list(s, i)
            if unit.low in _FORCE and not unit.kind:
                yield from self._in_force(s, i)
            if unit.low in _DATED and not unit.kind:
                yield from self._of_month(s, i)

    # ---- goods

    def _only_under(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "uranium may be sold abroad only under export consents from the government"."""
        left, right = self._grammar.clause(s, i)
        group = self._orders.verb(s, max(left, i - 5), i, "control.unlicensed") or self._orders.verb(
            s, i + 1, min(right, i + 4), "control.unlicensed"
        )
        if group is None or not group.passive:
            return
        at = next((j for j in range(i + 1, min(right, i + 5)) if s.units[j].low in _UNDER), None)
        noun = (
            None
            if at is None
            else next((j for j in range(at, min(right, at + 6)) if is_license(s.units[j])), None)
        )
        before = s.units[left : group.first]
        if noun is None or any(u.kind == FIRM or u.has("hypothetical") for u in before):
            return
        things = [named("item", u) for u in before if u.kind in MATERIALS]
        if not things and not any(u.has("word.export") for u in before):
            return
        granting = [
            body
            for j in range(noun + 1, min(right, noun + 5))
            if (body := self._roles.body(s, j)) is not None
        ]
        yield Found(
            "measure-only-under", "imposed", noun, group.verb, tuple(granting[:1]), left, right, Stance(),
            group=group, items=tuple(things), filled=True, since=True,
        )  # fmt: skip

    def _on_list(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "the metals have been on China's list of dual-use items since 2023, antimony since 2024"."""
        behind = s.units[i + 1 : i + 4]
        listed = any(u.kind == "Good" or u.low in {"controlled", "restricted", "licensed"} for u in behind)
        if not listed and not any(
            u.has("control") or u.has("word.export") for u in s.units[max(0, i - 3) : i]
        ):
            return
        prep = next((j for j in range(i - 1, max(0, i - 6), -1) if s.units[j].low in {"on", "in"}), None)
        if prep is None or not self._grammar.is_auxiliary(s.units[prep - 1]):
            return
        left, _ = self._grammar.clause(s, i)
        before = s.units[left:prep]
        time = next((j for j in range(i + 1, min(len(s.units), i + 5)) if s.units[j].kind == "Time"), None)
        if time is None or any(u.kind == FIRM or any(u.has(c) for c in _HEDGES) for u in before):
            return
        owner = tuple(self._roles.possessor(s, i))
        yield Found(
            "measure-on-list", "imposed", i, prep, owner, left, prep, Stance(), when=(time, time + 1),
            since=True, filled=True,
        )  # fmt: skip
        for j in range(time + 1, len(s.units) - 1):
            if s.units[j].kind in MATERIALS and s.units[j + 1].kind == "Time":
                item = named("item", s.units[j])
                yield Found(
                    "measure-on-list", "imposed", j, j, owner, j, j, Stance(), when=(j + 1, j + 2),
                    since=True, items=(item,), filled=True,
                )  # fmt: skip

    def _under(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "gallium has been under export control in China since August 2023"."""
        controlled = self._nouns.is_control(s, i) or s.units[i].has("control.list-noun")
        verb = s.units[i - 2]
        if not controlled or not (self._grammar.is_auxiliary(verb) or verb.low in _STAYING):
            return
        left, right = self._grammar.clause(s, i)
        before = s.units[left : i - 1]
        goods = any(u.kind in MATERIALS or u.has("word.export") or u.has("word.import") for u in before)
        if not goods or any(u.kind == FIRM or any(u.has(c) for c in _HEDGES) for u in before):
            return
        ahead = any(u.has("planned") for u in before)
        imposers = self._roles.places_in(s, i, right) or self._roles.agents(s, i, right)
        yield Found(
            "measure-under", "imposed", i, i - 2, tuple(imposers), left, right,
            Stance(certainty="planned" if ahead else "actual"), filled=True, since=True,
        )  # fmt: skip

    # ---- rates

    def _shifted(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "the duty on palm oil rose to 10 percent", "tariffs will come down to 10%"."""
        group = self._orders.verb(s, i, i + 1, "measure.shift")
        if group is None or group.passive:
            return
        left, right = self._grammar.clause(s, i)
        noun = self._subject_noun(s, left, group.first)
        behind = s.units[i + 1 : right]
        to = any(
            u.low in {"to", "by", "from", "at"} and k + 1 < len(behind) and behind[k + 1].kind == "Quantity"
            for k, u in enumerate(behind[:6])
        ) or any(u.kind == "Quantity" for u in behind[:2])
        if noun is None or not to or family(s.units[noun]) not in {"tariff", "royalty", "control", "quota"}:
            return
        stance = measure_stance(self._grammar, s, group, [], noun)
        if stance.refused:
            return
        action = group.tag.action
        if family(s.units[noun]) == "quota":
            action = {"tightened": "eased", "eased": "tightened"}[action]
        imposers = self._roles.possessor(s, noun) or self._orders.saying(s, i)
        yield Found(
            "measure-shift-passive", action, noun, i, tuple(imposers), left, group.first, stance, group=group,
            filled=True,
        )  # fmt: skip

    def _subject_noun(self, s: Sentence, left: int, first: int) -> int | None:
        """Return the measure that heads the subject before `first`, not one behind "by" or "under"."""
        at = next(
            (
                j
                for j in range(left, first)
                if self._nouns.is_control(s, j) or (s.units[j].has("tariff.short") and self._on_goods(s, j))
            ),
            None,
        )
        if at is None:
            return None
        closed = self._grammar.words["prepositions"]
        for j in range(at - 1, left - 1, -1):
            if s.units[j].low == "that":
                break
            if s.units[j].low in closed and not s.units[j].kind:
                return None
            if any(t.form in {"past", "third"} for t in s.units[j].tags) and not s.units[j].kind:
                break
        between = s.units[at + 1 : first]
        plain = not between or between[0].low in _ON_RATES or between[0].low in _LAID
        verbs = any(
            not u.kind and not any(t.form in {"participle", ""} for t in u.tags)
            for u in between
            for t in u.tags
            if t.form in {"past", "third"}
        )
        return at if plain and not verbs else None

    @staticmethod
    def _on_goods(s: Sentence, j: int) -> bool:
        behind = s.units[j + 1 : j + 5]
        return (
            bool(behind)
            and behind[0].low in {"on", "for"}
            and any(u.kind in MATERIALS | PLACES for u in behind)
        )

    def _applies(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "an export duty of 7.5 percent applies", "a license duty has applied since 2023"."""
        group = self._orders.verb(s, i, i + 1, "measure.apply")
        if group is None and s.units[i].has("cover"):  # "apply to" is one unit
            group = self._grammar.verb_group(s, i, Tag("measure.apply", "rule-applies", "imposed", "base"))
        if group is None or group.passive or group.infinitive:
            return
        left, right = self._grammar.clause(s, i)
        noun = self._subject_noun(s, left, group.first)
        if noun is None and group.first and self._nouns.is_short(s, group.first - 1):
            noun = group.first - 1  # "From the day after, quotas apply"
        window, behind = s.units[left:i], s.units[i + 1 : right]
        over = {u.low for u in s.units[group.first : i]} & {"no longer", "longer"}
        if noun is None or any(u.has(c) for u in window for c in _HEDGES if not (over and c == "negation")):
            return
        if over:
            says = (
                self._roles.possessor(s, noun) or self._orders.told_by(s, noun) or self._orders.saying(s, i)
            )
            yield Found(
                "measure-applies", "lifted", noun, i, tuple(says), left, right, Stance(),
                skipped=(noun + 1, group.first), group=group,
                filled=True,
            )  # fmt: skip
            return
        spread = s.units[i].has("cover") or (bool(behind) and behind[0].low in {"to", "only"})
        lasts = any(u.kind == "Time" for u in (*window, *behind[:4])) or any(
            u.kind == "Quantity" for u in window
        )
        if not lasts and not spread and not (behind and behind[0].text == "."):
            return
        ahead = any(u.has("planned") for u in s.units[group.first : i])
        imposers = self._roles.possessor(s, noun)
        yield Found(
            "measure-applies", "imposed", noun, i, tuple(imposers), left, right,
            Stance(certainty="planned" if ahead else "actual"), group=group, since=True, filled=True,
        )  # fmt: skip

    def _borne(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "exporters must pay an export duty of 7.5 percent", "Chinese magnets face a 20% tariff"."""
        group = self._orders.verb(s, i, i + 1, "measure.bear")
        if group is None or group.passive:
            return
        left, right = self._grammar.clause(s, i)
        near = range(i + 1, min(right, i + 7))
        noun = next((j for j in near if self._nouns.is_control(s, j)), None)
        if noun is None or family(s.units[noun]) not in {"tariff", "royalty", "control"}:
            return
        around = (*s.units[left : group.first], *s.units[noun : min(right, noun + 6)])
        goods = any(u.kind in MATERIALS or u.low in _GOODS for u in around)
        rate = any(u.kind == "Quantity" for u in (*s.units[i:noun], *s.units[noun : noun + 4]))
        if (
            not rate
            or any(u.kind == FIRM for u in s.units[left:i])
            or not (goods or any(u.has("role") for u in around))
        ):
            return
        window = s.units[left:i]
        if any(u.has(c) for u in window for c in _HEDGES):
            return
        ahead = any(u.has("planned") for u in window)
        places = [named("target", u) for u in s.units[left : group.first] if u.kind in PLACES]
        owner = [a for a in self._roles.possessor(s, noun) if a.start > s.units[i].end]
        yield Found(
            "measure-borne-passive", "imposed", noun, i, tuple(owner), left, right,
            Stance(certainty="planned" if ahead else "actual"), group=group, filled=True, since=True,
            targets=tuple(places[:1]),
        )  # fmt: skip

    def _in_force(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "the export ban, in force since February 22 and prolonged in June, ends"."""
        time = i + 1
        if " " not in s.units[i].low and s.units[i - 1].low != "in":
            return
        if time >= len(s.units) or s.units[time].kind != "Time":
            return
        at = i - 1 - (" " not in s.units[i].low)
        while at > 0 and (s.units[at].text == "," or self._grammar.is_auxiliary(s.units[at])):
            at -= 1
        noun = next((j for j in range(at, max(-1, at - 5), -1) if self._nouns.is_control(s, j)), None)
        if noun is None or any(
            t.form and not u.kind for u in s.units[noun + 1 : at + 1] for t in u.tags if t.form == "past"
        ):
            return
        if not s.units[time].low.startswith(("since", "from")):
            return
        owner = self._roles.possessor(s, noun)
        yield Found(
            "measure-in-force", "imposed", noun, i, tuple(owner), max(0, noun - 4), i, Stance(),
            when=(time, time + 1), since=True, filled=True,
        )  # fmt: skip

    # ---- measures known by their month

    def _of_month(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "the April requirements live on", "its October 9 rare earth measures"."""
        at = next((j for j in range(i - 1, max(-1, i - 4), -1) if s.units[j].kind == "Time"), None)
        if (
            at is None
            or not at
            or any(u.kind not in MATERIALS and not u.has("word.export") for u in s.units[at + 1 : i])
        ):
            return
        time, before = s.units[at], s.units[at - 1]
        definite = (
            before.low in _DEFINITE or self._grammar.possessive(s, at - 2) or before.text in {"'s", "’s"}
        )
        if not definite or time.date is None or not _MONTHLY.search(time.low):
            return
        owner = self._roles.possessor(s, i)
        yield Found(
            "measure-of-month", "imposed", i, i, tuple(owner), at, i, Stance(), when=(at, at + 1),
            filled=True,
        )  # fmt: skip

    # ---- notices known by their number

    def _numbered(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "has put its Announcements Nos. 61 and 62 of 9 October on hold", "suspended Decree No. 5"."""
        if not i or s.units[i - 1].low not in _NOTICES:
            return
        left, right = self._grammar.clause(s, i)
        last = i
        while last + 2 < right and s.units[last + 1].low in {"and", ","} and s.units[last + 2].text.isdigit():
            last += 2
        group = self._orders.verb(s, max(left, i - 7), i, "control.set")
        action = group.tag.action if group is not None else ""
        if action not in _UNDONE:
            end = next(
                (j for j in range(last + 1, min(right, last + 8)) if s.units[j].has("measure.end")), None
            )
            tag = s.units[end].tag("measure.end") if end is not None else None
            group = self._orders.verb(s, max(left, i - 7), i, "control.list")
            action = tag.cls.rpartition(".")[2] if tag is not None else ""
        if group is None or group.passive or action not in _UNDONE:
            return
        subject, imposers = self._orders.bodies(s, group, right)
        stance = measure_stance(self._grammar, s, group, subject, i)
        if stance.refused or not imposers:
            return
        told = Found(
            "measure-numbered", action, i, group.verb, tuple(imposers), i, right, stance, group=group,
            skipped=(last + 1, last + 3), filled=True,
        )  # fmt: skip
        yield told
        time = s.units[last + 2] if last + 2 < right and s.units[last + 1].low == "of" else None
        if time is not None and time.kind == "Time":
            when = (last + 2, last + 3)
            yield replace(told, action="imposed", stance=Stance(), when=when, skipped=(0, 0), group=None)
