"""Agreements: deals reached, signed or agreed in principle, and those that a text only names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kgbuild.extract.agreement_effects import IN_EFFECT, AgreementEffects, Below
from kgbuild.extract.agreement_mentions import AgreementMentions, Mention
from kgbuild.extract.agreement_parties import AgreementParties, is_deal
from kgbuild.extract.agreement_talk import AgreementTalk
from kgbuild.extract.arguments import Arguments
from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.parties import Parties, due, unique
from kgbuild.extract.stance import Stance, doubted, find_speech, stance_of
from kgbuild.extract.units import Sentence, Unit
from kgbuild.model import Argument, Event, Rejection

#: Verbs by which parties settle something.
_SETTLING: Final = ("agree", "settle")
#: "a framework, following two days of talks in London": the talks at which it was settled.
_BEHIND: Final = frozenset({"following", "after", "at", "during"})
#: "agreed to hold talks", "agreed to remain in contact": no agreement on anything yet.
_TALKING: Final = frozenset(
    "hold continue resume keep remain maintain stay open start begin intensify".split()
)
_TALKED: Final = frozenset({"contact", "contacts", "touch", "communication", "talking", "talks", "dialogue"})
#: Kinds of parties of which one at least must take part.
#: Prepositions behind an object that is about a deal and is none: "concluded procedures for the deal".
_ABOUT: Final = frozenset({"for", "about", "toward", "towards"})
#: Steps toward a deal or under it: "securing approval of the accord" settles no accord.
_STEPS: Final = frozenset(
    {"approval", "ratification", "implementation", "passage", "support", "backing", "extension", "procedures"}
)
#: Verbs that are said of much else: the deal must be what they are said of.
_DIRECT: Final = frozenset(
    "extend-deal prolong-deal renew-deal exchange-deal come-to-deal arrive-at-deal unveil-deal "
    "settle-deal".split()
)
_QUARRELS: Final = frozenset({"dispute", "row", "standoff", "war", "battle", "fight", "feud", "talks"})
_DONE: Final = frozenset({"despite", "after", "following", "since", "upon"})
_PUBLIC: Final = frozenset({"Government", "Regulator", "PublicBody"})


class Agreements:
    """Finds the agreements of one article's sentences."""

    def __init__(
        self,
        text: str,
        grammar: Grammar,
        parties: Parties,
        arguments: Arguments,
        below: Below | None = None,
    ) -> None:
        self.text = text
        self.effects = AgreementEffects(grammar, parties, below)
        self.mentions = AgreementMentions(grammar, parties, self.effects.only_pair)
        self.talk = AgreementTalk(grammar, parties, self.effects.only_pair)
        self.grammar = grammar
        self.parties = parties
        self.sides = AgreementParties(grammar, parties)
        self.arguments = arguments
        self._told: set[frozenset[str]] = set()  #: whose agreements the text has told, not only named
        self.rejections: list[Rejection] = []

    def find(self, s: Sentence, talks: Sequence[Argument] = ()) -> list[Event]:
        """Return the agreements of `s`, which tells of talks between the sides `talks`, if of any.

        What is refused is added to `rejections`.
        """
        events = self._find(s)
        mention = self.mentions.find(s, talks)
        if mention is not None and events and (mention.place is None or _told_there(events, s, mention)):
            mention = (
                None  # beside what a verb tells only another deal, named by its place: "the Geneva truce"
            )
        if mention is not None:
            action, sides = "signed" if mention.signed else "agreed", list(mention.parties)
            event = self._event(s, action, sides, mention.stance, mention.rule, mention.at, mention.noun)
            events = [*events, _placed(event, s.units[mention.at], mention.place)]
        if not any(e.certainty == "possible" for e in events):
            for told in self.talk.find(s):
                sides = list(told.parties)
                events.append(self._event(s, "agreed", sides, told.stance, told.rule, told.at, told.noun))
        self.mentions.note(s, talks)
        return events

    def _find(self, s: Sentence) -> list[Event]:
        events = []
        for i, unit in enumerate(s.units):
            if unit.tags and (unit.has("agree") or unit.has("settle")):
                event = self._settled(s, i)
                if event is not None:
                    events.append(event)
        effect = self.effects.find(s)
        if effect is not None:
            parties, at, noun = list(effect.parties), effect.verb, effect.noun
            events.append(self._event(s, IN_EFFECT, parties, effect.stance, effect.rule, at, noun))
        if not events:
            for i, unit in enumerate(s.units):
                if unit.tags and unit.has("agreement") and not unit.kind:
                    event = self._named_deal(s, i)
                    if event is not None:
                        return [event]
        return events

    def _settled(self, s: Sentence, i: int) -> Event | None:
        """Return an agreement that a verb tells: "agreed in Geneva to a pause", "struck a deal"."""
        for tag in (t for cls in _SETTLING for t in self.grammar.tags_at(s, i, cls)):
            group = self.grammar.verb_group(s, i, tag)
            left, right = self.grammar.clause(s, i)
            noun = self._noun(s, group, left, right)
            present = tag.cls == "settle.sign" and tag.form in {"base", "third"}
            closes = present and [u.text for u in s.units[i + 1 : i + 2]] == ["."]
            if tag.cls != "agree" and noun is None and not closes:
                continue  # "A and B sign." needs no object
            plain = tag.cls == "agree" and tag.form in {"base", "third"} and group.first == i
            if plain and noun is None and not self._on_act(s, i):
                continue  # "A and B agree that": an opinion
            if tag.cls == "agree" and noun is None and self._to_talk(s, i):
                self._reject(s, f"agreement-{tag.id}", "agreed only to talk")
                continue
            if tag.id == "announce-deal" and noun is not None and self._only_says(s, i, noun):
                continue  # "announced that they have signed a deal"
            parties = self.sides.named(s, group, noun, left, right)
            if not parties and group.passive and noun is not None:
                parties = self.sides.told_before(s, noun)
            public = any(p.kind in _PUBLIC for p in parties)
            if len({p.name for p in parties}) < 2 or not (public or closes or self._of_firms(tag, noun)):
                self._reject(s, f"agreement-{tag.id}", "fewer than two parties are named")
                continue
            stance = self._stance(s, group, noun)
            if stance.refused:
                self._reject(s, f"agreement-{tag.id}", stance.refused)
                continue
            action = "signed" if tag.cls == "settle.sign" else "agreed"
            return self._event(s, action, parties, stance, f"agreement-{tag.id}", i, noun)
        return None

    def _noun(self, s: Sentence, group: VerbGroup, left: int, right: int) -> int | None:
        behind = next((j for j in range(group.verb + 1, min(right, group.verb + 12)) if is_deal(s, j)), None)
        if behind is not None and not group.passive:
            between = s.units[group.verb + 1 : behind]
            if any(u.low in _STEPS for u in between):
                return None
            apart = {"after", "despite", "before"} | (_ABOUT if group.tag.cls == "settle" else set())
            if group.tag.id in _DIRECT:
                apart |= self.grammar.words["prepositions"] | {"and"}
            if any(u.low in apart or u.text in {";", ":"} for u in between):
                behind = None
        before = next((j for j in range(group.first - 1, left - 1, -1) if is_deal(s, j)), None)
        relative = any(u.low in {"that", "which"} for u in s.units[max(0, left - 1) : left + 1])
        if behind is None and before is None and relative and not group.passive:
            # "the framework that the two countries worked out"
            return next((j for j in range(left - 1, max(-1, left - 3), -1) if is_deal(s, j)), None)
        if group.passive:
            return before
        reduced = group.first == group.verb and group.tag.form in {"past", "participle"}
        return behind if behind is not None else before if reduced else None

    def _only_says(self, s: Sentence, i: int, noun: int) -> bool:
        """Return whether another verb between unit `i` and the deal tells that it is settled."""
        return any(
            t.form in {"past", "participle"}
            for j in range(i + 1, noun)
            for t in self.grammar.tags_at(s, j, "settle")
        )

    @staticmethod
    def _of_firms(tag: Tag, noun: int | None) -> bool:
        """Return whether firms alone can settle it: a deal that is named."""
        return noun is not None and tag.cls in {"settle", "settle.sign", "agree"}

    @staticmethod
    def _on_act(s: Sentence, i: int) -> bool:
        """Return whether what is agreed is to be done: "agree to lift the curbs", "agree with B to"."""
        if s.units[i].low.split()[-1] == "to":
            return True
        behind = s.units[i + 1 : i + 9]
        if not behind or behind[0].low != "with":
            return False
        to = next((k for k, u in enumerate(behind) if u.low == "to" and not u.kind), 0)
        between = behind[1:to]
        return to > 1 and all(u.kind or u.low in {"the", "and", ","} for u in between)

    @staticmethod
    def _to_talk(s: Sentence, i: int) -> bool:
        """Return whether what is agreed is only to talk: "agreed to meet", "agreed to stay in touch"."""
        behind = s.units[i + 1 : i + 5]
        low = [u.low for u in behind]
        if s.units[i].low.split()[-1] != "to":
            if low[:1] != ["to"]:
                return False
            behind, low = behind[1:], low[1:]
        if not behind:
            return False
        met = behind[0].has("meet") and not behind[0].has("control")
        return met or (
            low[0] in _TALKING and any(u.has("negotiation") or u.low in _TALKED for u in behind[1:])
        )

    def _stance(self, s: Sentence, group: VerbGroup, noun: int | None) -> Stance:
        if noun is not None and noun < group.first == group.verb and self._definite(s, noun, 0):
            return Stance()  # "rejected claims that the deal signed on Sunday ...": the deal is there
        seen = group.tag.form == "base" and {u.low for u in s.units[max(0, group.first - 4) :][:4]} & {
            "saw",
            "seen",
        }
        despite = group.tag.form == "ing" and group.first and s.units[group.first - 1].low in _DONE
        if seen or despite:  # "saw both agree to a pause", "will keep its ban despite signing a deal"
            return Stance()
        stance = doubted(s, group, stance_of(self.grammar, s, group, self.grammar.subject(s, group)))
        left, _ = self.grammar.clause(s, group.verb)
        before = s.units[left : group.verb]
        if any(u.has("unreal") for u in before):
            return Stance(refused="an agreement that is only wished for")
        if (
            group.tag.form == "ing"
            and group.first
            and s.units[group.first - 1].low in {"of", "without", "for", "about", "to", "on"}
        ):
            return Stance(refused="spoken of, not said to be done")
        if noun is not None and any(u.low == "no" for u in s.units[max(0, noun - 3) : noun]):
            return Stance("denied", stance.certainty)
        hedges = {u.low for u in before if u.has("possible")}
        if stance.certainty == "possible" and not hedges and due(s, group):
            return Stance(stance.polarity, "planned")
        if stance.certainty == "possible" and hedges and hedges <= {"expected to", "would"}:
            return Stance(stance.polarity, "planned")
        return stance

    def _named_deal(self, s: Sentence, i: int) -> Event | None:
        """Return an agreement that is only named, with its parties: "the U.S.-China trade agreement"."""
        if not any(not t.form and t.cls == "agreement" for t in s.units[i].tags):
            return None
        left, right = self.grammar.clause(s, i)
        right = next((j for j in range(i + 1, right) if is_deal(s, j)), right)  # another deal's parties
        parties = self.sides.only(self.parties.listed_behind(s, i, {"between", "among"}, right))
        if len({p.name for p in parties}) < 2:
            named = self.sides.only(self.parties.named_by(s, i, left))
            others = self.sides.only(self.parties.listed_behind(s, i, {"with"}, right))
            own = self.sides.own(s, left) if not named and len(others) > 1 else []
            apart = bool(own) and own[0].name not in {p.name for p in others}
            if not named and len(others) > 1 and not apart and self.sides.only_with(s, i, right):
                return None  # the side of the signer is not told
            parties = unique([*named, *own, *others])
            if others and len({p.name for p in parties}) == 1:
                parties = unique([*parties, *self.sides.own(s, left)])[:2]
        if len({p.name for p in parties}) < 2 or not self._definite(s, i, left):
            return None
        if frozenset(p.name for p in parties) in self._told:
            return None  # the deal that the text has told, spoken of again: no less sure than it was
        window = s.units[max(left, i - 8) : i]
        if any(
            u.has("negation") or u.has("possible") or u.has("planned") or u.has("unreal") for u in window
        ) or any(u.low in {"toward", "towards"} for u in window[-3:]):
            self._reject(s, "agreement-named", "named beside a hedge or a denial")
            return None
        return self._event(s, "agreed", parties, Stance(), "agreement-named", i, i)

    def _definite(self, s: Sentence, i: int, left: int) -> bool:
        for j in range(i - 1, max(left, i - 9) - 1, -1):
            unit = s.units[j]
            if unit.low in {"a", "an", "any", "no", "new"}:
                return False
            if unit.low in self.grammar.words["definite"] or unit.text in {"'s", "’s"}:
                return True
        return s.kind == "headline" or any(u.low == "following" for u in s.units[left:i])

    def _event(
        self,
        s: Sentence,
        action: str,
        parties: list[Argument],
        stance: Stance,
        rule: str,
        at: int,
        noun: int | None,
    ) -> Event:
        if rule != "agreement-named":
            self._told.add(frozenset(p.name for p in parties))
        left, right = self.grammar.clause(s, at)
        right = self._ends(s, at, right)
        speech = find_speech(self.grammar, s, at)
        principle = [u for u in s.units if u.has("in-principle") or u.has("agreement.in-principle")]
        principle += [u for u in s.units[at:] if u.low in self.grammar.words["awaiting"]]
        if principle and stance.certainty == "actual":
            stance = Stance(stance.polarity, "in-principle")
        arguments = [
            *parties,
            *(self._place(s, left, right, noun) or self._place_of_talks(s, right)),
            *self.arguments.times(s, left, right, speech, at),
        ]
        for unit in principle:
            if unit.low.startswith(("subject", "pending", "await")):
                stop = self.grammar.clause(s, s.units.index(unit))[1]
                stop = max(right, stop) - (s.units[max(right, stop) - 1].text == ".")
                end = max(unit.end, s.units[stop - 1].end)
                text = self.text[unit.start : end]
                arguments.append(Argument("condition", "Text", text, unit.start, end, value=text.strip()))
        for duration in self.arguments.durations(s, at, right):
            behind = next((u for u in s.units if u.start >= duration.end), None)
            if behind is not None and behind.low in _QUARRELS:
                continue  # "ending a two-year dispute"
            value = duration.date.duration if duration.date is not None else ""
            arguments.append(
                Argument("validity", "Duration", duration.text, duration.start, duration.end, value=value)
            )
        if noun is not None:
            unit = s.units[noun]
            arguments.append(Argument("instrument", "Text", unit.text, unit.start, unit.end, value=unit.text))
        return Event(
            "agreement",
            action,
            s.start,
            s.end,
            tuple(sorted(set(arguments))),
            stance.polarity,
            stance.certainty,
            self.arguments.speaker(s, speech),
            rule,
        )

    def _ends(self, s: Sentence, at: int, right: int) -> int:
        """Return where what is said of it ends: at the next finite verb ("the truce reached expires")."""
        for j in range(at + 1, right):
            unit = s.units[j]
            auxiliary = self.grammar.is_auxiliary(unit)
            finite = any(t.form == "third" for t in unit.tags) and not any(not t.form for t in unit.tags)
            if not unit.kind and (auxiliary or finite) and not self.grammar.is_noun(s, j):
                return j
            described = any(t.form == "participle" for t in unit.tags) and not unit.kind
            before = s.units[j - 1]
            if described and j > at + 2 and (before.has("tariff") or before.has("control")):
                return j  # "agreed to suspend tariffs imposed in April"
        return right

    def _place(self, s: Sentence, low: int, high: int, noun: int | None = None) -> list[Argument]:
        """Return the city where it was settled, or whose name it bears: "the Geneva trade agreement"."""
        for i in range(low, high):
            unit = s.units[i]
            city = unit.reading({"City"})
            following = s.units[i + 1] if i + 1 < len(s.units) else None
            named = following is not None and (
                i + 1 == noun if following.has("agreement") else following.has("negotiation")
            )
            if city and (
                self.grammar.governed(s, i, max(0, i - 3)) in {"in", "at"}
                or (named and (not i or s.units[i - 1].text != "-"))
            ):
                return [Argument("place", city[0], unit.text, unit.start, unit.end, city[1])]
        return []

    def _place_of_talks(self, s: Sentence, low: int) -> list[Argument]:
        """Return the city of the talks at which it was settled: "... following talks in London"."""
        for i in range(low, len(s.units)):
            if not s.units[i].has("negotiation") or s.units[i].kind:
                continue
            opener = next(
                (u.low for u in reversed(s.units[low:i]) if u.low in _BEHIND | {"before", "ahead"}), ""
            )
            if opener in _BEHIND:
                note = f"settled at the {s.units[i].text} there"
                found = self._place(s, i + 1, min(len(s.units), i + 4))
                return [replace(a, inferred=True, derivation=note) for a in found]
        return []

    def _reject(self, s: Sentence, rule: str, reason: str) -> None:
        self.rejections.append(Rejection(s.start, s.end, self.text[s.start : s.end], rule, reason))


def _told_there(events: Sequence[Event], s: Sentence, mention: Mention) -> bool:
    """Return whether one of `events` tells the deal that is mentioned, or one of the same city."""
    noun = s.units[mention.noun if mention.noun is not None else mention.at]
    city = mention.place.reading({"City"}) if mention.place is not None else None
    told = {a.start for e in events for a in e.of("instrument")}
    places = {a.name for e in events for a in e.of("place")}
    return noun.start in told or (city is not None and city[1] in places)


def _placed(event: Event, at: Unit, city: Unit | None) -> Event:
    """Return the event of a deal named after a city, told at unit `at` without it, with that place."""
    reading = city.reading({"City"}) if city is not None else None
    if reading is None:
        return event
    note = f"{at.text} stands for what is named after it"
    place = Argument(
        "place", reading[0], at.text, at.start, at.end, reading[1], inferred=True, derivation=note
    )
    others = [a for a in event.arguments if a.role != "place"]
    return replace(event, arguments=tuple(sorted([*others, place])))
