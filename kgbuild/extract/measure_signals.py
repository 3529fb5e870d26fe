"""Measures told without a verb on a control noun: lists, retaliation, eligibility, signs of easing."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.measure_nouns import MeasureNouns
from kgbuild.extract.measure_objects import REMAINS
from kgbuild.extract.measure_roles import Found, MeasureRoles
from kgbuild.extract.measure_stance import measure_stance
from kgbuild.extract.measure_tellings import KEEPER, LISTED, PRESUPPOSED
from kgbuild.extract.measure_words import is_license, kept_by
from kgbuild.extract.stance import Stance, stance_of
from kgbuild.extract.units import BODIES, FIRM, PLACES, Sentence
from kgbuild.model import Argument

#: Classes of verbs that are read here.
SIGNALS: Final = frozenset({"control.listed", "control.blacklist", "control.retaliate", "control.soften"})
_TOPIC: Final = ("word.export", "license", "control")
_LET: Final = frozenset(
    {"can apply for", "may apply for", "allowed to apply", "able to apply", "eligible for"}
)
_CHOSEN: Final = frozenset({"designated", "licensed", "approved", "authorized", "authorised", "accredited"})
_ENTITLED: Final = _LET | {"entitled to", "allowed", "permitted", "entitled", "may", "can"}
_WIDER: Final = {"extended": "eased", "eased": "eased", "imposed": "", "tightened": "tightened"}
_NEAR: Final = 14  #: units between the parts of one construction


class MeasureSignals:
    """Finds measures around words of lists, retaliation, eligibility and easing."""

    def __init__(self, grammar: Grammar, nouns: MeasureNouns, roles: MeasureRoles) -> None:
        self._grammar = grammar
        self._nouns = nouns
        self._roles = roles

    def find(self, s: Sentence, group: VerbGroup) -> Found | None:
        """Return the measure that a verb of one of the classes `SIGNALS` tells, or None."""
        if group.tag.cls == "control.blacklist":
            return self._blacklisted(s, group)
        if group.tag.cls == "control.retaliate":
            return self._retaliated(s, group)
        if group.tag.cls == "control.soften":
            return self._softened(s, group)
        return None

    def around(self, s: Sentence, taken: set[int]) -> list[Found]:
        """Return what nouns and phrases of `s` tell; `taken` are control nouns already told."""
        out = []
        for i, unit in enumerate(s.units):
            if not unit.tags or unit.kind:
                continue
            found = None
            if unit.has("control.list-noun") and "list" in unit.low and i not in taken:
                found = self._listed(s, i)
            elif unit.has("softening"):
                found = self._thaw(s, i)
            elif unit.has("comparison"):
                found = self._compared(s, i)
            elif unit.has("eligibility"):
                found = self._eligibility(s, i)
            elif unit.low == "only" or unit.has("limit"):
                found = self._only(s, i)
            if found is not None:
                out.append(found)
        return out

    # ---- lists

    def _listed(self, s: Sentence, i: int) -> Found | None:
        """Read "has been on the Entity List since 2019", "landed on the Entity List"."""
        j = i - 1
        inner = self._grammar.words["determiners"] | {"'s", "’s"}
        while j >= 0 and (s.units[j].low in inner or s.units[j].kind in PLACES | BODIES):
            j -= 1
        put = j > 0 and s.units[j].low == "put on" and self._grammar.is_auxiliary(s.units[j - 1])
        if j < 1 or not (put or s.units[j].low in {"on", "to", "onto", "in"}):
            return None
        verb = s.units[j - 1]
        stands = self._grammar.is_auxiliary(verb) or verb.low in REMAINS or verb.has("control.listed")
        left, _ = self._grammar.clause(s, j - 1)
        before = s.units[left : j - 1]
        if not stands or any(u.has("negation") or u.has("doubt") or u.has("unreal") for u in before):
            return None
        possible = any(u.has("possible") for u in before)
        stance = Stance(certainty="possible" if possible else "actual")
        rule = LISTED
        imposers = self.keeper(s, i) or tuple(self._roles.possessor(s, i))
        return Found(rule, "imposed", i, j - 1, imposers, left, i, stance, since=True)

    def owners(self, s: Sentence, i: int) -> list[Argument]:
        """Return whose list stands at unit `i`: as told ("Taiwan's entity list"), else its keeper."""
        if not s.units[i].has("control.list-noun"):
            return [*self.keeper(s, i)]
        j = i - 1
        while j > max(0, i - 7) and s.units[j].is_word and not (s.units[j].kind or s.units[j].has("speech")):
            if s.units[j].text in {"'s", "’s"}:
                break
            j -= 1
        return self._roles.possessor(s, i) or self._roles.possessor(s, j + 1) or [*self.keeper(s, i)]

    def keeper(self, s: Sentence, i: int) -> tuple[Argument, ...]:
        """Return the government that keeps the list at unit `i`, where only one keeps a list of that name."""
        unit = s.units[i]
        place = kept_by(unit)
        label = self._roles.government(place) if place else ""
        if not label:
            return ()
        note = f"{unit.text} {KEEPER} {place}"
        return (
            Argument(
                "imposer",
                "Government",
                unit.text,
                unit.start,
                unit.end,
                label,
                inferred=True,
                derivation=note,
            ),
        )

    def _blacklisted(self, s: Sentence, group: VerbGroup) -> Found | None:
        """Read "Washington blacklisted the chipmaker", "was blacklisted by Washington"."""
        left, right = self._grammar.clause(s, group.verb)
        if s.units[group.verb + 1 : group.verb + 2] and s.units[group.verb + 1].low in {"on", "against"}:
            return None  # "plans to lift sanctions on two firms": a noun
        if (
            group.first
            and s.units[group.first - 1].low in REMAINS
            and group.tag.form in {"past", "participle"}
        ):
            group = replace(group, first=group.first - 1, passive=True)  # "remains blacklisted by"
        subject = self._grammar.subject(s, group)
        before = s.units[group.first - 1].low if group.first else ""
        closed = self._grammar.words["prepositions"] | self._grammar.words["determiners"]
        if not group.passive and (before in closed or group.tag.form not in {"past", "third", "base"}):
            return None  # "affiliates of blacklisted companies"
        hit = s.units[left : group.first] if group.passive else s.units[group.verb + 1 : right]
        stance = stance_of(self._grammar, s, group, subject)
        if stance.refused or not any(u.kind == FIRM or u.has("role") for u in hit):
            return None
        imposers = (
            self._roles.agents(s, group.verb + 1, right)
            if group.passive
            else self._roles.subjects(s, subject)
        )
        if not imposers:
            return None
        return Found(
            "measure-blacklist", "imposed", group.verb, group.verb, tuple(imposers), left, right, stance,
            group=group, filled=True, kind="PolicyMeasure" if "sanction" in s.units[group.verb].low else "",
        )  # fmt: skip

    # ---- answers

    def _retaliated(self, s: Sentence, group: VerbGroup) -> Found | None:
        """Read "the U.S. retaliated by revoking visas"."""
        _, right = self._grammar.clause(s, group.verb)
        at = group.verb + 1
        if at >= right or not s.units[at].low.endswith("ing"):
            return None
        noun = next(
            (j for j in range(at + 1, min(right, at + 6)) if s.units[j].has("retaliation-object")), None
        )
        between = s.units[at : noun or at]
        if noun is None or any(u.has("control") and not any(t.form for t in u.tags) for u in between):
            return None
        subject = self._grammar.subject(s, group)
        imposers = self._roles.subjects(s, subject) or self._roles.subject_beside(s, group.first)
        stance = stance_of(self._grammar, s, group, subject)
        if stance.refused or not imposers:
            return None
        caused = any(u.has("causing") for u in s.units[max(0, group.first - 6) : group.first])
        if group.infinitive and caused:
            stance = Stance(stance.polarity)
        return Found(
            "measure-retaliation", "imposed", noun, at, tuple(imposers), at, right, stance, group=group,
            kind="PolicyMeasure",
        )  # fmt: skip

    # ---- signs of easing

    def _softened(self, s: Sentence, group: VerbGroup) -> Found | None:
        """Read "its stance on exports is softening", "signals that Beijing is willing to relent"."""
        left, right = self._grammar.clause(s, group.verb)
        if any(self._nouns.is_control(s, j) for j in range(group.verb + 1, min(right, group.verb + 8))):
            return None  # "softened its export controls" is told by the controls
        subject = self._grammar.subject(s, group)
        stance = stance_of(self._grammar, s, group, subject)
        if stance.refused or stance.polarity == "denied" or not self._on_topic(s):
            return None
        attitude = group.tag.id == "soften-stance"
        if attitude and not any(
            u.low in {"stance", "line", "position", "approach"} for u in s.units[left:right]
        ):
            return None
        imposers = (
            self._roles.subjects(s, subject) or self._roles.owner_behind(s, left, right) or self._only_body(s)
        )
        if not imposers:
            return None
        return Found(
            f"measure-{group.tag.id}", "eased", group.verb, group.verb, tuple(imposers), left, right,
            Stance(certainty="possible"),
        )  # fmt: skip

    def _thaw(self, s: Sentence, i: int) -> Found | None:
        """Read "the export licenses signal a de-escalation"."""
        left, right = self._grammar.clause(s, i)
        sign = next((j for j in range(i - 1, max(-1, i - 6), -1) if s.units[j].has("signaling")), None)
        if sign is None or (self._nouns.change(s, i) and self._linked(s, i)):
            return None
        before = s.units[left:sign]
        topic = any(u.has(c) for u in before for c in ("license", "control"))
        exports = any(u.has("word.export") or u.has("export") or u.has("control") for u in s.units[:right])
        if not topic or not exports or any(u.has("negation") for u in s.units[left:i]):
            return None
        imposers = self._roles.owner_behind(s, i + 1, right) or self._only_body(s)
        rule = "measure-thaw" if imposers else PRESUPPOSED
        return Found(
            rule, "eased", i, i, tuple(imposers), left, right, Stance(certainty="possible"), when=(i, i)
        )

    def _linked(self, s: Sentence, i: int) -> bool:
        return any(self._nouns.is_control(s, j) for j in range(i + 1, min(i + 10, len(s.units))))

    @staticmethod
    def _on_topic(s: Sentence) -> bool:
        return any(u.has(c) for u in s.units for c in _TOPIC)

    def _only_body(self, s: Sentence) -> list[Argument]:
        """Return the one government of a sentence that names no other."""
        found: dict[str, Argument] = {}
        for i, unit in enumerate(s.units):
            if unit.kind in PLACES | BODIES and not unit.demonym:
                actor = self._roles.body(s, i)
                if actor is not None:
                    found.setdefault(actor.name, actor)
        return list(found.values()) if len(found) == 1 else []

    # ---- quotas and who may apply

    def _compared(self, s: Sentence, i: int) -> Found | None:
        """Read "the quotas for 2010 are 40 percent smaller than those for 2009"."""
        left, _ = self._grammar.clause(s, i)
        noun = next(
            (
                j
                for j in range(i - 1, max(left - 1, i - _NEAR), -1)
                if any("quota" in w for w in s.units[j].low.split()) and self._nouns.is_short(s, j)
            ),
            None,
        )
        if noun is None:
            return None
        between = s.units[noun + 1 : i]
        if s.units[i].low in {"below", "above"} and s.units[i - 1].kind != "Quantity":
            return None
        copula = any(self._grammar.is_auxiliary(u) for u in between)
        if not copula or any(u.has("negation") or u.has("possible") for u in between):
            return None
        less = s.units[i].has("comparison.less")
        # the time of a comparison is that of the quotas: "for 2010", not "than those for 2009"
        when = noun + 1, i
        return Found(
            "measure-compared", "tightened" if less else "eased", noun, noun,
            tuple(self._roles.possessor(s, noun)), max(left, noun - 6), i, Stance(), when=when,
        )  # fmt: skip

    def _only(self, s: Sentence, i: int) -> Found | None:
        """Read "only large companies can apply for export licenses"."""
        _, right = self._grammar.clause(s, i)
        role = next((j for j in range(i + 1, min(right, i + 6)) if s.units[j].has("role")), None)
        if role is None or s.units[role].has("role.customer") or not s.units[role].low.endswith("s"):
            return None
        noun = next((j for j in range(role + 1, min(right, role + _NEAR)) if is_license(s.units[j])), None)
        if noun is None:
            return self._only_licensed(s, role, right)
        if s.units[noun].has("license.soft"):
            return None
        verbs = s.units[role + 1 : noun]
        allowed = any(u.low in _LET or u.has("license.get") or u.has("license.apply") for u in verbs)
        rule = any(u.has("rule-word") for u in s.units[max(0, i - 4) : i])
        present = any(u.low in _LET or u.low in {"can", "may"} for u in verbs)
        done = any(
            t.form in {"past", "participle"} for u in verbs for t in u.tags if t.cls.startswith("license.")
        )
        if not allowed or not (rule or present) or (done and not rule):
            return None
        imposers = self._roles.places_in(s, role, right)
        return Found(
            "measure-eligibility", "imposed", noun, noun, tuple(imposers), noun, right, Stance(),
            when=(noun, noun),
        )  # fmt: skip

    def _only_licensed(self, s: Sentence, role: int, right: int) -> Found | None:
        """Read "only enterprises designated or licensed by the state are entitled to extract"."""
        behind = s.units[role + 1 : min(right, role + _NEAR)]
        chosen = any(u.low in _CHOSEN for u in behind[:4])
        allowed = any(u.low in _ENTITLED for u in behind)
        works = any(
            u.has("word.export") or u.has("word.mining") or u.has("export") or u.has("dig") for u in behind
        )
        if not (chosen and allowed and works) or any(u.has("negation") for u in behind):
            return None
        return Found(
            "measure-eligibility", "imposed", role, role, (), role, right, Stance(), when=(role, role)
        )

    def _eligibility(self, s: Sentence, i: int) -> Found | None:
        """Read "eligibility for export permits will be widened"."""
        left, right = self._grammar.clause(s, i)
        linked = s.units[i + 1 : min(right, i + 6)]
        if not any(u.has("license") or u.has("word.export") for u in linked):
            return None
        for j in range(left, right):
            for tag in self._grammar.tags_at(s, j, "control.set"):
                action = _WIDER.get(tag.action, "")
                if not action or abs(j - i) > _NEAR:
                    continue
                group = self._grammar.verb_group(s, j, tag)
                stance = measure_stance(self._grammar, s, group, [], i)
                if stance.refused:
                    continue
                imposers = self._roles.agents(s, j + 1, right) or (
                    [] if group.passive else self._roles.subjects(s, self._grammar.subject(s, group))
                )
                return replace(
                    Found("measure-eligibility", action, i, j, tuple(imposers), left, right, stance),
                    group=group,
                )
        return None
