"""Disruptions: halted production, shut mines, shortages, strained supply, prices driven up, force majeure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kgbuild.extract.coreference import Coreference
from kgbuild.extract.disruption_costs import TroubleCosts
from kgbuild.extract.disruption_nouns import TroubleNouns
from kgbuild.extract.disruption_roles import DisruptionRoles, Trouble
from kgbuild.extract.disruption_verbs import TroubleVerbs
from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.phrase_words import Readings, load_phrase_words
from kgbuild.extract.stance import Speech, Stance, doubted, find_speech, stance_of
from kgbuild.extract.statistic_measures import Measures, report_denied
from kgbuild.extract.statistic_roles import StatisticRoles
from kgbuild.extract.units import Sentence
from kgbuild.model import Argument, Event, Rejection

#: The words for a trouble in one form, by what it is.
_NORMAL: Final = {
    "halt": "production halt", "closure": "closure", "shortage": "shortage", "strain": "strained supply",
    "delay": "delay", "price-increase": "price increase", "force-majeure": "force majeure",
    "loss": "write-off",
    "other": "production cut",
}  # fmt: skip
_STILL: Final = frozenset({"halt", "closure"})
_UNREAL: Final = frozenset(
    {
        "likely",
        "potentially",
        "possibly",
        "perhaps",
        "risk",
        "risks",
        "avoid",
        "avoided",
        "without",
        "from",
        "about",
        "before",
        "considering",
        "mulling",
    }
)
_WARNED: Final = frozenset({"warned", "warns", "warn", "warning", "cautioned", "feared", "fears", "fear"})


class Disruptions:
    """Finds the disruptions in the sentences of one article."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference) -> None:
        self.text = text
        self.grammar = grammar
        self.roles = DisruptionRoles(text, grammar, coreference)
        self.words = load_phrase_words(grammar.lexicon, "disruptions.jsonl")
        self._context = StatisticRoles(text, grammar, coreference)
        self._measures = Measures(grammar)
        self.verbs = TroubleVerbs(grammar, self.roles)
        self.costs = TroubleCosts(grammar, self.roles, self.verbs)
        self.nouns = TroubleNouns(grammar, self.roles)
        self.rejections: list[Rejection] = []
        self._last: tuple[int, list[Argument]] | None = None  #: sentence and firms of the last halt
        self._called: dict[str, str] = {}  #: firm -> halt or closure

    def find(self, s: Sentence) -> list[Event]:
        """Return the disruptions of `s`, one an action and firm."""
        if s.units[-1].text == "?":
            self._context.note(s)
            return []
        words = self.words.find(s)
        self._context.note(s)
        events: list[Event] = []
        seen: set[tuple[str, tuple[str, ...]]] = set()
        for trouble in self._troubles(s, words) if words.all else ():
            event = self._event(s, trouble, words)
            if event is None:
                continue
            key = (event.action, tuple(sorted(a.name for a in event.of("firm"))))
            if key not in seen:
                seen.add(key)
                events.append(event)
        return events

    def _troubles(self, s: Sentence, words: Readings) -> Iterator[Trouble]:
        yield from self.verbs.find(s, words)
        yield from self.costs.find(s, words)
        yield from self.nouns.find(s, words)

    # ---- events

    def _event(self, s: Sentence, trouble: Trouble, words: Readings) -> Event | None:
        stance = self._stance(s, trouble, words)
        if stance.refused:
            self._reject(s, trouble, stance.refused)
            return None
        speech = find_speech(self.grammar, s, trouble.at) or self._warning(s, trouble.at)
        cause = trouble.cause or self._forcing(s, trouble, words) or self.roles.cause(s, words, trouble.at)
        first, last = trouble.what
        start, end = s.units[first].start, s.units[last].end
        arguments = [
            Argument("what", "Text", self.text[start:end], start, end, value=_NORMAL[trouble.action])
        ]
        firms = self._firms(s, trouble)
        arguments += firms
        action = self._action(trouble.action, firms)
        at_work = trouble.action in {"halt", "closure", "other", "delay"}
        site = self.roles.site(s, words, trouble.low, trouble.high, named=bool(firms)) if at_work else None
        left, right = self.grammar.clause(s, trouble.at)
        right = self._next_clause(s, trouble.what[1], right)
        place = self.roles.place(s, trouble.at, cause, left, right)
        if place is None and left:
            place = self.roles.place(s, 3, cause, 0, 3)  # "In the U.S., ..."
        duration = self.roles.duration(s, trouble.low, len(s.units), cause)
        date = self.roles.date(s, trouble, speech, cause)
        if place is None and not firms and trouble.whose:
            place = self.roles.country(s, trouble.whose[0])
        arguments += [a for a in (site, place, duration, date) if a is not None]
        arguments += self.roles.materials(s, trouble.low, trouble.high, cause)
        industries = self.roles.industries(s, *self._hit_zone(s, trouble, words)) if not firms else []
        arguments += industries
        if cause is not None:
            start, end = s.units[cause[0]].start, s.units[cause[1]].end
            arguments.append(Argument("cause", "Text", self.text[start:end], start, end))
        if trouble.action in {"price-increase", "strain"} and not any(
            a.role in {"material", "industry"} for a in arguments
        ):
            arguments += self._spoken_of(s, cause, trouble)
        if not self._told(arguments):
            region = self.roles.region(s, left, trouble.at) or self.roles.region(s, 0, trouble.at)
            hit = trouble.action in {"shortage", "halt", "closure"}
            arguments += [region] if region is not None and hit else []
        if not self._told(arguments):
            self._reject(s, trouble, "nothing that is hit is named")
            return None
        return Event(
            "disruption", action, s.start, s.end, tuple(sorted(set(arguments))), stance.polarity,
            stance.certainty, self.roles.arguments.speaker(s, speech), f"disruption-{trouble.rule}",
        )  # fmt: skip

    def _next_clause(self, s: Sentence, last: int, right: int) -> int:
        """Return where another verb of the same subject takes over: "..., and said it would"."""
        for j in range(last + 1, right - 1):
            ahead = s.units[j + 1]
            if s.units[j].low in {"and", "but"} and ahead.has("speech.say") and not ahead.kind:
                return j
            whole = s.units[j].text == "," and ahead.low in {"and", "but", "while"}
            outcome = s.units[j].text == "," and ahead.low.endswith("ing") and ahead.low != "including"
            if outcome and not ahead.kind:
                return j  # "..., pushing firms to invest in Chile"
            if whole and any(self.grammar.is_auxiliary(u) and not u.kind for u in s.units[j + 2 : j + 9]):
                return j  # "..., and even in Europe, makers are watching"
        return right

    def _hit_zone(self, s: Sentence, trouble: Trouble, words: Readings) -> tuple[int, int]:
        """Return the units [low, high) that name an industry that is hit.

        Those of who is forced, or whose subject a relative clause has: "makers, which shut plants, ...".
        """
        low, high, group = trouble.low, len(s.units), trouble.verb
        if group is None:
            return low, high
        forced = self._forced(s, group, words)
        if forced is not None:
            return min(low, forced), high
        first = group.first
        if first > 1 and s.units[first - 1].low in {"which", "who", "that"}:
            comma = (j for j in range(trouble.what[1] + 1, high) if s.units[j].text == ",")
            return max(0, first - 5), next(comma, high)
        if trouble.whose and trouble.whose[0] < first:
            low = min(low, max(0, trouble.whose[0] - 2))
        return low, high

    def _firms(self, s: Sentence, trouble: Trouble) -> list[Argument]:
        """Return the firms that are hit; of "the pit", "the mine" those of the disruption before."""
        firms = self.roles.firms(s, trouble.whose)
        if not firms and not trouble.whose and trouble.verb is not None:
            unknown = self.roles.unknown(s, trouble.verb)
            firms = [unknown] if unknown is not None else []
        if not firms and trouble.rule == "state" and self._last is not None and s.index - self._last[0] <= 3:
            at = s.units[trouble.at]
            firms = [
                replace(
                    a,
                    text=at.text,
                    start=at.start,
                    end=at.end,
                    inferred=True,
                    derivation="that of the halt before",
                )
                for a in self._last[1]
            ]
        if firms and trouble.action in _STILL:
            self._last = (s.index, firms)
        return firms

    def _action(self, action: str, firms: list[Argument]) -> str:
        """Return halt or closure as this article first called it: "shut the mine", "stopped work there"."""
        if action not in _STILL or not firms:
            return action
        return self._called.setdefault(firms[0].name, action)

    def _spoken_of(self, s: Sentence, cause: tuple[int, int] | None, trouble: Trouble) -> list[Argument]:
        """Return the material whose price or supply is meant: that of the cause, else that of before."""
        units = self._measures.materials(s, cause[0], cause[1] + 1) if cause is not None else []
        found = (
            self._context.subjects(s, units, trouble.at)
            if trouble.action == "price-increase" or units
            else []
        )
        return [replace(a, role="material", inferred=True) for a in found]

    def _warning(self, s: Sentence, at: int) -> Speech | None:
        """Return "warned that" before unit `at` as a verb of saying."""
        for i in range(at - 1, 0, -1):
            if s.units[i].low in {"warned", "warns", "cautioned"} and any(
                u.low == "that" for u in s.units[i:at]
            ):
                heads = self.grammar.subject(
                    s, VerbGroup(i, i, Tag("speech.say", "warn", "warned", "past"), False, False)
                )
                return Speech(i, heads[0] if heads else None, False)
        return None

    @staticmethod
    def _told(arguments: list[Argument]) -> bool:
        """Return whether the text says who or what is hit."""
        return bool({a.role for a in arguments} & {"firm", "site", "place", "industry", "material"})

    def _stance(self, s: Sentence, trouble: Trouble, words: Readings) -> Stance:
        """Return polarity and certainty; a mere possibility or fear is refused."""
        group = trouble.verb
        if group is None:
            return self._noun_stance(s, trouble)
        before = s.units[group.first - 1] if group.first else None
        if group.tag.form == "ing" and before is not None and before.low in _UNREAL:
            return Stance(refused="only feared, avoided or considered")
        subject = [trouble.cause[0]] if trouble.cause is not None else self.grammar.subject(s, group)
        stance = doubted(s, group, stance_of(self.grammar, s, group, subject))
        window = s.units[subject[0] : group.verb] if trouble.cause is not None else []
        if stance.refused and window and not any(u.has("duty") or u.has("general") for u in window):
            stance = Stance()  # the duty is that of the words in front of the cause
        if any(u.low == "had to" for u in s.units[group.first : group.verb]):
            return Stance()  # "had to stop its lines": it did
        said = find_speech(self.grammar, s, trouble.at)
        would = any(u.low == "would" for u in s.units[group.first : group.verb])
        if stance.certainty == "possible" and would and said is not None and said.verb < group.verb:
            return Stance(stance.polarity, "planned")  # "said it would pause production"
        if self._forced(s, group, words) is not None:
            low = self.grammar.clause(s, group.verb)[0]
            hedged = any(u.has("possible") or u.has("planned") for u in s.units[low : group.verb])
            stance = Stance(refused="a possibility is no disruption") if hedged else Stance(stance.polarity)
        elif group.tag.form == "base" and not group.infinitive and group.first == group.verb:
            stance = Stance(stance.polarity) if stance.certainty == "possible" else stance
        if stance.certainty == "possible":
            return Stance(refused="a possibility is no disruption")
        if stance.polarity == "affirmed" and report_denied(s, group.first):
            return replace(stance, polarity="denied")
        return stance

    @staticmethod
    def _forced(s: Sentence, group: VerbGroup, words: Readings) -> int | None:
        """Return the unit of "forced", "led" before the verb: "forced Ford to halt production"."""
        first, verb = group.first, group.verb
        for j in range(max(0, first - 8), verb):
            unit = s.units[j]
            if unit.text in {",", ";"}:
                continue
            if unit.low == "forced to" or (
                words.at(j, "forced") and any(u.low == "to" for u in s.units[j:verb])
            ):
                return j
        return None

    def _forcing(self, s: Sentence, trouble: Trouble, words: Readings) -> tuple[int, int] | None:
        """Return what forced somebody: the words in front of "forced Ford to halt production"."""
        at = self._forced(s, trouble.verb, words) if trouble.verb is not None else None
        if at is None or s.units[at].low == "forced to":
            return None
        left, _ = self.grammar.clause(s, at)
        last = at - 1
        while last > left and (
            s.units[last].low in {"that", "which", ","} or self.grammar.is_auxiliary(s.units[last])
        ):
            last -= 1
        return (left, last) if last > left else None

    def _noun_stance(self, s: Sentence, trouble: Trouble) -> Stance:
        left, _right = self.grammar.clause(s, trouble.at)
        window = s.units[left : trouble.at]
        opener = self.grammar.opener(s, trouble.at)
        if opener is not None and opener.has("hypothetical"):
            return Stance(refused="a condition is no disruption")
        if any(u.has("possible") or u.has("unreal") or u.has("doubt") or u.low in _WARNED for u in window):
            return Stance(refused="a possibility is no disruption")
        polarity = "denied" if sum(u.has("negation") for u in window) % 2 else "affirmed"
        still = trouble.rule == "state" and s.units[trouble.what[0]].low in {"stay", "remain"}
        planned = any(u.has("planned") for u in window) and not still  # what will stay shut is shut
        return Stance(polarity, "planned" if planned else "actual")

    def _reject(self, s: Sentence, trouble: Trouble, reason: str) -> None:
        first, last = trouble.what
        start, end = s.units[first].start, s.units[last].end
        self.rejections.append(
            Rejection(start, end, self.text[start:end], f"disruption-{trouble.rule}", reason)
        )
