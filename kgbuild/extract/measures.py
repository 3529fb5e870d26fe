"""Control measures and tariffs: who imposed, tightened, suspended, eased or lifted which, on what."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar, VerbGroup, positions
from kgbuild.extract.measure_contents import KINDS, lacking, sold_abroad
from kgbuild.extract.measure_duties import MeasureDuties
from kgbuild.extract.measure_goods import MeasureGoods
from kgbuild.extract.measure_imposers import MeasureImposers
from kgbuild.extract.measure_memory import MeasureMemory
from kgbuild.extract.measure_motives import MeasureMotives
from kgbuild.extract.measure_nouns import MeasureNouns
from kgbuild.extract.measure_objects import REMAINS
from kgbuild.extract.measure_offers import MeasureOffers
from kgbuild.extract.measure_orders import MeasureOrders
from kgbuild.extract.measure_policies import MeasurePolicies
from kgbuild.extract.measure_regimes import MeasureRegimes
from kgbuild.extract.measure_roles import Found, MeasureRoles
from kgbuild.extract.measure_rules import MeasureRules, by_court
from kgbuild.extract.measure_signals import SIGNALS, MeasureSignals
from kgbuild.extract.measure_stance import measure_stance
from kgbuild.extract.measure_standing import MeasureStanding
from kgbuild.extract.measure_states import OVER, STANDING, MeasureStates
from kgbuild.extract.measure_tellings import PRESUPPOSED
from kgbuild.extract.measure_times import MeasureTimes
from kgbuild.extract.measure_verbs import MeasureVerbs
from kgbuild.extract.stance import Speech, Stance, find_speech
from kgbuild.extract.units import FIRM, MATERIALS, Sentence
from kgbuild.model import Argument, Event, Rejection

#: Verbs that forbid by law; the others ("halted exports") tell a measure only of a body that is named.
_LEGAL: Final = frozenset({"ban", "prohibit", "forbid", "outlaw", "restrict", "bar"})
_DUTIES: Final = frozenset(
    {"control.require", "control.need", "control.unlicensed", "control.subject", "control.duty"}
)
#: What can be done to a measure only where there is one, and how it must be told to presuppose it.
_PUT_OFF: Final = frozenset("postpone delay hold-off-control hold-off-bare defer put-off shelve".split())
_UNDONE: Final = frozenset({"eased", "suspended", "lifted"})
#: Rules of measures taken for granted: only times of their own noun are theirs.
_GRANTED: Final = frozenset({PRESUPPOSED, "measure-possessive", "measure-absent", "measure-same"})
#: Rules whose imposer may stand anywhere in the article; without one their measures are dropped later.
_FILLED: Final = frozenset({
    PRESUPPOSED, "measure-compared", "measure-duty", "measure-eligibility", "measure-same",
    "measure-unlicensed", OVER, STANDING,
})  # fmt: skip
_AGAIN: Final = frozenset({"for", "on", "of", "to"})
#: Words that open what is told beside an announcement.
_BESIDE: Final = frozenset({"after", "before", "while", "as", "when"})
#: Verbs whose subject is the measure or what it is on, not who imposes it.
_TURNED: Final = frozenset({"control.come", "control.happen"})


class Measures:
    """Finds control measures and tariffs in the sentences of one article, which must be given in order."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference, *, about_exports: bool) -> None:
        self.text = text
        self.grammar = grammar
        self.coreference = coreference
        self.about_exports = about_exports
        self.roles = MeasureRoles(text, grammar, coreference)
        self.nouns = MeasureNouns(grammar, self.roles)
        self.memory = MeasureMemory(self.nouns, self.roles, about_exports)
        self.imposers = MeasureImposers(grammar, self.roles)
        self.verbs = MeasureVerbs(grammar, self.nouns, self.memory)
        self.duties = MeasureDuties(grammar, self.nouns, self.roles)
        self.signals = MeasureSignals(grammar, self.nouns, self.roles)
        self.states = MeasureStates(grammar, self.nouns, self.roles)
        self.orders = MeasureOrders(grammar, self.nouns, self.roles, self.imposers, self.memory)
        self.policies = MeasurePolicies(
            grammar, self.nouns, self.roles, self.imposers, self.orders, about_exports=about_exports
        )
        self.goods = MeasureGoods(
            grammar, self.nouns, self.roles, self.imposers, self.orders, about_exports=about_exports
        )
        self.rules = MeasureRules(
            grammar, self.nouns, self.roles, self.imposers, self.orders, about_exports=about_exports
        )
        self.standing = MeasureStanding(grammar, self.nouns, self.roles, self.imposers, self.orders)
        self.offers = MeasureOffers(grammar, self.roles)
        self.regimes = MeasureRegimes(grammar, self.nouns, self.roles)
        self.arguments = Arguments(grammar, coreference, text)
        self.times = MeasureTimes(grammar, self.arguments)
        self.motives = MeasureMotives(self.roles, self.arguments)
        self.rejections: list[Rejection] = []

    def find(self, s: Sentence) -> list[Event]:
        """Return the measures of `s`; what is refused is added to `rejections`."""
        self.memory.goods(s)
        if s.units[-1].text == "?":
            self.memory.mention(s)
            return []
        before = self.memory.just_told(s)
        found: dict[tuple[int, str], Found] = {}
        near: set[int] = set()  #: control nouns that are told or refused
        for i in positions(s, "control"):
            for tag in self.grammar.tags_at(s, i, "control"):
                group = self.grammar.verb_group(s, i, tag)
                if tag.cls in _DUTIES:
                    one = self.duties.find(s, group)
                elif tag.cls in SIGNALS:
                    one = self.signals.find(s, group)
                else:
                    one = self._verb(s, group, near, (*found.values(),))
                if one is not None:
                    found.setdefault((one.noun, one.action), one)
                    near.add(one.noun)
                    break
        for one in self.nouns.changes(s, near):
            found.setdefault((one.noun, one.action), one)
            near.add(one.noun)
        others = (
            *self.orders.around(s), *self.policies.around(s), *self.goods.around(s), *self.rules.around(s),
            *self.standing.around(s), *self.offers.around(s), *self.regimes.around(s),
        )  # fmt: skip
        for one in (*self.signals.around(s, near), *others):
            found.setdefault((one.noun, one.action), one)
            near.add(one.noun)
        for noun in self.nouns.controls(s, about_exports=self.about_exports):
            self.memory.name(s, noun)
            near_told = any(abs(noun - n) < 8 for n in near)
            granted = self.states.find(s, noun) or (None if near_told else self.nouns.granted(s, noun))
            if granted is not None:
                found.setdefault((noun, granted.action), granted)
                near.add(noun)
        events: list[Event] = []
        told = [*found.values(), *(again for f in found.values() if (again := self._again(s, f)) is not None)]
        for one in sorted(told, key=lambda f: (f.verb, f.noun, f.low)):
            event = self._event(s, one)
            if event is not None:
                events.append(event)
                if one.rule != PRESUPPOSED:
                    self.memory.add(s, one.noun, event)
                    events += self._presupposed(s, one, event)
        motive = self.motives.find(s, before)
        return [*events, motive] if motive is not None else events

    # ---- verbs

    def _verb(
        self, s: Sentence, group: VerbGroup, near: set[int], earlier: tuple[Found, ...]
    ) -> Found | None:
        """Return the measure that a verb tells; a control noun it is refused for is added to `near`."""
        if (
            group.first
            and s.units[group.first - 1].low in REMAINS
            and group.tag.form in {"past", "participle"}
        ):
            group = replace(group, first=group.first - 1, passive=True)  # "remain barred"
        noun = self.verbs.noun(s, group, earlier)
        if noun is None:
            return None
        subject = self.imposers.subject(s, group)
        stance = measure_stance(self.grammar, s, group, subject, noun)
        stance = self._own_stance(s, group, noun, stance)
        ordered, stance = self.imposers.ordered(s, group, stance)
        refused = stance.refused
        imposers = [] if refused else ordered or self.imposers.find(s, group, subject, noun, earlier, stance)
        imposers = imposers or self.signals.owners(s, noun)
        told = group.infinitive and s.units[group.first - 1].has("directing")  # "was told to stop exports"
        legal = group.tag.id in _LEGAL or group.tag.cls == "control.unallowed" or told
        capped = s.units[noun].low in {"output", "production"} and self._by_notice(s, group)
        allowed = imposers or capped or (legal and not self._of_firm(s, subject))
        if group.tag.cls in {"control.do", "control.unallowed"} and not refused and not allowed:
            refused = "a stop of exports by nobody that can forbid them"
        active = not group.passive and noun > group.verb and not imposers
        court = by_court(s, subject)
        imposers = [] if court else imposers  # a court is no government
        if (
            active
            and not refused
            and not court
            and (group.tag.cls == "control.weigh" or self._of_firm(s, subject))
        ):
            refused = "a measure of nobody that can impose it"
        if refused:
            near.add(noun)
            self._reject(s, f"measure-{group.tag.id}", refused)
            return None
        low, high = self._region(s, group, subject, noun)
        voice = "passive" if group.passive or noun < group.verb else "active"
        if voice == "active" and not imposers and self._by_notice(s, group):
            voice = "instrument"
        action = self.verbs.action(s, group, noun)
        skipped = self._skipped(s, group, noun)
        rule = f"measure-{group.tag.id}-{voice}"
        when = self._reduced(s, group, noun)
        listed = group.tag.cls == "control.list" and "list" in s.units[noun].low and bool(imposers)
        return Found(
            rule, action, noun, group.verb, tuple(imposers), low, high, stance, skipped, group, when,
            filled=listed,
        )  # fmt: skip

    @staticmethod
    def _own_stance(s: Sentence, group: VerbGroup, noun: int, stance: Stance) -> Stance:
        """Return the stance of "was scrapped" in "a rule that would have capped exports was scrapped"."""
        between = s.units[noun + 1 : group.first]
        own = s.units[group.first : group.verb]
        told = group.passive and group.tag.cls not in {"control.weigh", "control.plan"}
        relative = told and any(u.low in {"that", "which"} for u in between)
        cues = any(u.has(c) for u in own for c in ("possible", "planned", "negation"))
        # "could extend a ban introduced in February": introduced it was
        reduced = group.first == group.verb and noun < group.verb and group.tag.form in {"past", "participle"}
        acted = any(
            t.form == "base" and t.cls.startswith("control.set") for u in s.units[:noun] for t in u.tags
        )
        if (
            reduced
            and acted
            and group.tag.action in {"imposed", "announced"}
            and stance.polarity == "affirmed"
        ):
            return stance if stance.refused else Stance()
        return stance if stance.refused or not relative or cues else Stance()

    def _again(self, s: Sentence, found: Found) -> Found | None:
        """Return what a verb tells a second time: "licensing for X was introduced in May, for Y in June"."""
        group = found.group
        if group is None or found.noun > group.verb:
            return None
        _, right = self.grammar.clause(s, group.verb)
        for j in range(group.verb + 1, right - 3):
            behind = s.units[j + 1 : j + 8]
            if s.units[j].text == "," and behind[0].low in _AGAIN:
                items = any(u.kind in MATERIALS for u in behind[1:3])
                if items and any(u.kind == "Time" for u in behind):
                    return replace(found, low=j + 1, high=right, when=(j + 1, right))
        return None

    def _by_notice(self, s: Sentence, group: VerbGroup) -> bool:
        """Return whether a notice does it: "Announcement No. 1 of 2026 forbids sales"."""
        left, _ = self.grammar.clause(s, group.verb)
        return any(u.has("instrument") or u.has("rule-word") for u in s.units[left : group.first])

    def _reduced(self, s: Sentence, group: VerbGroup, noun: int) -> tuple[int, int] | None:
        """Return the units whose times are those of a participle: "tariffs imposed in May have hit trade"."""
        if group.passive or group.first != group.verb or noun != group.verb - 1:
            return None
        if group.tag.form not in {"past", "participle"} or group.tag.cls == "control.happen":
            return None
        _, right = self.grammar.clause(s, group.verb)
        ends = (
            j for j in range(group.verb + 1, right) if s.units[j].text == "," or s.units[j].tag("control")
        )
        return noun, next(ends, right)

    def _presupposed(self, s: Sentence, found: Found, event: Event) -> list[Event]:
        """Return the measure that must be there to be eased: "Washington may ease curbs on chip tools"."""
        if event.action not in _UNDONE or "ExportControlMeasure" not in {a.value for a in event.of("kind")}:
            return []
        noun = s.units[found.noun]
        dated = self.nouns.dated(s, found.noun)
        if dated is not None and noun.has("rule-word") and event.polarity == "affirmed":
            return [self._dated(event, dated)]
        if found.group is not None and found.group.tag.id in (_PUT_OFF - {"shelve"} if dated else _PUT_OFF):
            return []  # what is put off is not in force
        if found.group is None or not noun.has("control") or found.noun < found.group.verb:
            return []
        plain = (event.polarity, event.certainty) == ("affirmed", "actual")
        if dated is not None and event.polarity == "affirmed":
            return [self._dated(event, dated)]
        owned = bool(self.roles.possessor(s, found.noun))
        joint = not owned and any(u.has("agree") for u in s.units[: found.group.verb]) and _several(event)
        if plain or joint or not event.of("imposer") or not (owned or event.of("item")):
            return []  # "A and B agreed to remove curbs on ore": whose they are is not said
        kept = {"imposer", "item", "target", "instrument", "kind"}
        arguments = tuple(a for a in event.arguments if a.role in kept)
        return [
            replace(
                event, action="imposed", arguments=arguments, polarity="affirmed", certainty="actual",
                rule=PRESUPPOSED, speaker=None,
            )
        ]  # fmt: skip

    def _dated(self, event: Event, time: Argument) -> Event:
        """Return what is undone as imposed at its own time: "suspended its controls of 9 October"."""
        kept = {"imposer", "item", "target", "instrument", "kind"}
        arguments = tuple(sorted({*(a for a in event.arguments if a.role in kept), time}))
        return replace(
            event, action="imposed", arguments=arguments, polarity="affirmed", certainty="actual",
            rule=PRESUPPOSED, speaker=None,
        )  # fmt: skip

    def _region(self, s: Sentence, group: VerbGroup, subject: list[int], noun: int) -> tuple[int, int]:
        """Return the units [low, high) that hold what the measure is on and against whom."""
        left, right = self.grammar.clause(s, group.verb)
        cls = group.tag.cls
        if cls == "control.happen" and any(u.has("cover") for u in s.units[group.verb :]):
            return left, len(s.units)  # "the controls, which take effect today, apply to tungsten"
        high = group.first if cls == "control.happen" else self.nouns.reach(s, max(noun, group.verb), right)
        if cls == "control.come" or (cls == "control.list" and group.passive):
            return left, high
        low = min(noun, group.verb)
        if noun < group.verb:
            # "licensing for gallium was introduced in August, for antimony in September"
            ends = (
                j
                for j in range(group.verb + 1, high - 1)
                if s.units[j].text == "," and s.units[j + 1].low in _AGAIN
            )
            high = next(ends, high)
        if group.passive or noun < group.verb or cls in _TURNED:
            low = max(left, min([low, *(h for h in subject if h >= left)]) - 6)
        return low, high

    def _skipped(self, s: Sentence, group: VerbGroup, noun: int) -> tuple[int, int]:
        """Return the units whose times are not the verb's but the noun's or the main clause's."""
        _, right = self.grammar.clause(s, group.verb)
        if noun > group.verb:
            return self.nouns.own_times(s, noun, right)
        if group.passive or group.tag.cls == "control.happen":
            return noun + 1, group.first
        return self.nouns.reach(s, group.verb, right), right

    @staticmethod
    def _of_firm(s: Sentence, subject: list[int]) -> bool:
        return any(s.units[h].kind == FIRM or s.units[h].has("role") for h in subject)

    # ---- events

    def _event(self, s: Sentence, found: Found) -> Event | None:
        unit = s.units[found.noun]
        family = self.memory.family(s, found.noun)
        items = [*self.roles.items(s, found.low, found.high), *found.items]
        first = {a.name: a for a in reversed(found.imposers)}
        imposers = list(first.values())[::-1]
        items = items or self.memory.pointed(s, found)
        if found.rule != "measure-listed":
            imposers, items = self.memory.recall(s, found, imposers, items)
        targets = [*self.roles.targets(s, found.noun, found.low, found.high), *found.targets]
        missing = lacking(
            family,
            imposers,
            items,
            targets,
            about_exports=self.about_exports,
            exported=unit.has("word.export") or sold_abroad(s, found),
        )
        forbidden = found.group is not None and found.group.passive and found.group.tag.id in _LEGAL
        named = self.about_exports and unit.has("control") and not unit.has("control.short")
        named = named or unit.has("rule-word")
        taxed = family == "tariff" and not found.rule.endswith("-active")
        loose = self.about_exports and found.rule.endswith("-passive") and unit.has("control")
        filled = loose or named or found.filled or found.rule in _FILLED or taxed
        if missing and not filled and not (forbidden and targets and self.about_exports):
            self._reject(s, found.rule, missing)
            return None
        speech = find_speech(self.grammar, s, found.verb)
        dated_by = None if found.rule in _GRANTED else speech
        kind = found.kind or KINDS.get(family, "ExportControlMeasure")
        arguments = {
            *imposers,
            *items,
            *targets,
            *self.times.times(s, found, dated_by),
            *self.times.durations(s, found.noun, found.verb, found.high),
            *self.roles.instruments(s, found.noun, found.group, family),
            *self.roles.response(s, found.noun),
            Argument("kind", "Class", unit.text, unit.start, unit.end, value=kind),
        }
        return Event(
            "control_measure",
            found.action,
            s.start,
            s.end,
            tuple(sorted(arguments)),
            found.stance.polarity,
            found.stance.certainty,
            None if self._aside(s, found, speech) else self.arguments.speaker(s, speech),
            found.rule,
        )

    def _aside(self, s: Sentence, found: Found, speech: Speech | None) -> bool:
        """Return whether nobody is given as source: a measure taken for granted, or told beside what is said.

        "China's curbs have hurt us, X said" tells no curbs; "A announced a ban a day after B did" not B's.
        """
        if found.rule in _GRANTED - {"measure-absent"}:
            return True
        left, _ = self.grammar.clause(s, found.verb)
        if speech is None or speech.verb >= left or s.units[left].low not in _BESIDE:
            return False
        return s.units[speech.verb].has("control.set")

    def _reject(self, s: Sentence, rule: str, reason: str) -> None:
        self.rejections.append(Rejection(s.start, s.end, self.text[s.start : s.end], rule, reason))


def _several(event: Event) -> bool:
    """Return whether more than one imposes a measure."""
    imposers = event.of("imposer")
    return len({a.name for a in imposers}) > 1 or any(a.text.lower() == "they" for a in imposers)
