"""Negotiations told by a verb: "A met B in Geneva", "A and B spoke by telephone", "A raised it with B"."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.grammar import Grammar, VerbGroup, positions
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.negotiation_events import NegotiationEvents
from kgbuild.extract.negotiation_sides import ADJUNCT, Sides, standing
from kgbuild.extract.parties import Parties, due, enough, unique
from kgbuild.extract.stance import Stance, doubted, stance_of
from kgbuild.extract.units import FIRM, PLACES, Sentence
from kgbuild.model import Argument, Event

_CALLED: Final = Tag("meet.phone", "phone", "call", "past")
#: Words that may follow who is called: "called Xi on June 5 to discuss", not "called Xi a friend".
_AFTER_CALLED: Final = frozenset({"to", "about", "over", "again", "for", "after", "before", "and", "."})
_TELEPHONED: Final = frozenset({"telephoned", "phoned", "telephones", "phones"})
_AGENTS: Final = frozenset({"executives", "representatives", "managers", "bosses", "lawyers", "envoys"})
#: Verbs that tell talks as much as what came of them.
_BARGAINED: Final = frozenset({"work-out-deal", "hammer-out", "thrash-out-deal"})
_APART: Final = frozenset({"announce-deal", "unveil-deal", "extend-deal", "prolong-deal", "renew-deal"})
_DELEGATIONS: Final = frozenset({"delegation", "delegations", "negotiators", "envoys", "envoy"})
_TRAVELED: Final = frozenset(
    "travel travels traveled travelled traveling travelling fly flies flew flown flying go goes went going "
    "head heads headed heading sent sends dispatched dispatches".split()
)
_CALLED_OFF: Final = frozenset({"called off", "canceled", "cancelled", "postponed", "scrapped", "off"})
_TWO: Final = 2
_REASONS: Final = frozenset({"reason", "reasons", "need", "point", "chance", "invitation", "wish", "offer"})
#: Words that may stand before those met: "met his counterpart", "met Chinese officials".
_DIRECT: Final = frozenset({"his", "her", "their", "the", "chinese"})
_DISCUSSED: Final = frozenset({"discussing", "discussed"})


class Meetings:
    """Finds the meetings and calls of one article."""

    def __init__(self, grammar: Grammar, parties: Parties, events: NegotiationEvents, sides: Sides) -> None:
        self.grammar = grammar
        self.parties = parties
        self.sides = sides
        self.events = events

    def find(self, s: Sentence) -> list[Event]:
        """Return what verbs of meeting, calling and agreeing tell of negotiations."""
        told = [e for i in positions(s, "meet") if (e := self._met(s, i)) is not None]
        told += [
            e
            for i, u in enumerate(s.units)
            if u.low in self.grammar.words["phoned"] and not u.kind and (e := self._phoned(s, i)) is not None
        ]
        settling = sorted({*positions(s, "agree"), *positions(s, "settle")})
        told += [e for i in settling if (e := self._agreed_at(s, i)) is not None]
        told += [e for i in positions(s, "settle") if (e := self._worked_out(s, i)) is not None]
        if not told:
            told += [e for i, u in enumerate(s.units) if u.low in _DELEGATIONS and (e := self._sent(s, i))]
        return told

    def _sent(self, s: Sentence, i: int) -> Event | None:
        """Return the talks that "a Turkish delegation will travel to Niamey" takes for granted."""
        left, right = self.grammar.clause(s, i)
        for j in range(i + 1, min(right, i + 14)):
            unit, before = s.units[j], s.units[j - 1].low.rsplit(" ", 1)[-1]
            city, words = unit.reading({"City"}), {w for u in s.units[i:j] for w in u.low.split()}
            if not (city and unit.reading({"Government"}) and before == "to" and words & _TRAVELED):
                continue
            host = [standing(a, s.units[i], "the host") for a in self.parties.participant(s, j)]
            sent = [a for a in self.parties.within(s, left, j) if a.start != unit.start]
            who = unique([*sent, *host])
            hedged = {u.low for u in s.units[i:j] if u.has("negation") or u.has("possible")}
            off = any(u.low in _CALLED_OFF for u in s.units[j:])
            if len({a.name for a in who if a.role == "party"}) != _TWO or hedged - {"would"} or off:
                return None
            planned = any(u.has("planned") or u.low in {"will", "would", "due"} for u in s.units[i:j])
            stance = Stance(certainty="planned" if planned else "actual")
            place = Argument("place", city[0], unit.text, unit.start, unit.end, city[1])
            region = (left, right)
            return self.events.make(s, "talks", [*who, place], region, i, stance, "negotiation-delegation")
        return None

    def _met(self, s: Sentence, i: int) -> Event | None:
        """Return what "A met B in Geneva" and "A and B spoke by telephone" tell."""
        for tag in self.grammar.tags_at(s, i, "meet") or self._of_many(s, i):
            group = self.grammar.verb_group(s, i, tag)
            left, right = self.grammar.clause(s, i)
            progressive = group.first < i and any(
                u.low in self.grammar.words["be"] for u in s.units[group.first : i]
            )
            if group.passive or (tag.form == "ing" and tag.id == "meet" and not progressive):
                continue
            beside = group.first and (self.grammar.is_actor(s.units[group.first - 1]) or group.first < i)
            if tag.id == "talk" and tag.form in {"base", "third"} and not beside:
                continue  # "held talks"
            kind = self._kind(s, i, right, tag)
            who = (
                self._raised(s, i, left, right)
                if tag.cls == "meet.raise"
                else self._meeting(s, group, left, right)
            )
            runs = self.parties.of_firms([a for a in who if a.role == "person"])
            runs = runs and any(a.role == "party" for a in who)  # "its chief executive met Dutch ministers"
            if not self.parties.two_sides(who, s) and not runs and tag.cls in {"meet", "meet.speak"}:
                who = self._with_body(s, group, left, right)
                kind = kind or ("talks" if who else "")
            hosted = tag.cls != "meet.host" or self._received(s, group, who)
            if tag.id == "see-guest" and hosted:
                hosted = self._seen(s, i, right)
            if not kind or not hosted or not (runs or self.parties.two_sides(who, s)):
                continue
            if tag.cls == "meet.visit" and right > i + 2 and "to" in [u.low for u in s.units[i + 1 : i + 8]]:
                continue  # "called on Xi to lift the curbs"
            event = self._event(s, kind, who, group, f"negotiation-{tag.id}")
            if event is not None:
                return event
        return None

    @staticmethod
    def _of_many(s: Sentence, i: int) -> list[Tag]:
        """Return the reading of "meet" behind a plural: "the two ministers meet on Friday"."""
        plural = i and s.units[i - 1].low.endswith("s") and not s.units[i - 1].kind
        return [t for t in s.units[i].tags if plural and t.cls == "meet" and t.form == "base"]

    def _with_body(self, s: Sentence, group: VerbGroup, left: int, right: int) -> list[Argument]:
        """Return the sides of "the company has been negotiating with the ministry", "A talked to B"."""
        last = s.units[group.verb].low.split()[-1]
        following = s.units[group.verb + 1 : group.verb + 9]
        with_ = [u.low for u in following if u.low in {"with", "to"} and not u.kind][:1]
        near = following[0].low if following else ""
        if last != "with" and with_ != ["with"] and not (near == "to" and with_ == ["to"]):
            return self._together(s, group, left, right)
        at = group.verb - 1 if last == "with" else group.verb
        others = self.sides.listed(s, at, {s.units[group.verb].low if last == "with" else with_[0]}, right)
        own = self.sides.subject(s, left, group.first)
        found = unique([*own, *others])
        return found if own and others and self.sides.mixed(found) else []

    def _together(self, s: Sentence, group: VerbGroup, left: int, right: int) -> list[Argument]:
        """Return "A and the ministry are negotiating", "the minister met executives of A"."""
        joint = self.sides.joint(s, left, group.first)
        firms = all(a.kind == FIRM for a in joint)  # "A and B spoke of a breach": to others
        if self.sides.mixed(joint) and (not firms or group.tag.id == "negotiate"):
            return joint
        following = s.units[group.verb + 1 : group.verb + 2]
        if group.tag.id != "meet" or not following or following[0].kind == "Time":
            return []
        met = self.sides.listed(s, group.verb - 1, {s.units[group.verb].low}, right)
        if following[0].low in _AGENTS:
            met = self.sides.listed(s, group.verb, {"of", "from", "at"}, right)
        elif not (following[0].kind and any(u.low == "officials" for u in s.units[group.verb : right])):
            return []
        found = unique([*self.sides.subject(s, left, group.first), *met])
        return found if self.sides.mixed(found) else []

    @staticmethod
    def _seen(s: Sentence, i: int, right: int) -> bool:
        """Return whether one is said to have seen another somewhere: "saw him at the White House"."""
        seen = next((j for j in range(i + 1, right) if s.units[j].kind == "Person"), i)
        near = s.units[seen + 1 : seen + 4]
        return (
            bool(near)
            and near[0].low in {"at", "in"}
            and any(u.kind in PLACES | {"PublicBody", "Government"} for u in near)
        )

    @staticmethod
    def _received(s: Sentence, group: VerbGroup, who: list[Argument]) -> bool:
        """Return whether "received" is said of a person, not of a thing: "received a bid"."""
        behind = s.units[group.verb + 1 : group.verb + 9]
        noun = next((k for k, u in enumerate(behind) if u.kind == "Person"), None)
        plain = noun is not None and not any(
            u.low in {"from", "of", "by", "for", "and"} for u in behind[:noun]
        )
        return plain and any(a.role == "person" for a in who)

    def _kind(self, s: Sentence, i: int, right: int, tag: Tag) -> str:
        """Return which kind of negotiation a verb tells: speaking is a call where a telephone is named."""
        near = s.units[i + 1 : min(right, i + 9)]
        before = s.units[max(0, i - 6) : i] if tag.cls == "meet.speak" else []
        if any(u.has("phone") for u in (*before, *(near if tag.cls != "meet.raise" else s.units[i:right]))):
            return "call"
        if tag.cls != "meet.speak":
            return tag.action
        to = near[0].low if near else ""
        person = any(u.kind == "Person" or u.low in {"counterpart", "counterparts"} for u in near[1:6])
        alone = tag.id == "talk" and to in {"in", "about", "over", "for", "on"}  # "A and B talked in Delhi"
        return "talks" if alone or (to in {"to", "with"} and person) else ""

    def _event(
        self, s: Sentence, kind: str, who: list[Argument], group: VerbGroup, rule: str
    ) -> Event | None:
        people = [a for a in who if a.role == "person"]
        who = self.parties.with_firms(who, s)
        if not who:
            self.events.reject(s, rule, "one who takes part runs a firm")
            return None
        stance = self._stance(s, group)
        if stance.refused:
            self.events.reject(s, rule, stance.refused)
            return None
        if kind == "talks" and self.parties.led_by_leaders(people):
            kind = "summit"
        left, right = self.grammar.clause(s, group.verb)
        left = self._behind_adjunct(s, left, group.first)
        place = self.events.place(s, group.verb, right, group.verb, named=False)
        place = place or self.events.place(s, left, right, group.verb, named=False)
        city = s.units[left - 2].reading({"City"}) if left > 1 and s.units[left].low == "where" else None
        if city and not place:
            unit = s.units[left - 2]  # "in Beijing, where A met B"
            place = [Argument("place", city[0], unit.text, unit.start, unit.end, city[1])]
        return self.events.make(s, kind, [*who, *place], (left, right), group.verb, stance, rule)

    @staticmethod
    def _behind_adjunct(s: Sentence, left: int, verb: int) -> int:
        """Return where a clause goes on behind earlier talks: "After talks in Geneva in May, A and B met"."""
        comma = next((j for j in range(left, verb) if s.units[j].text == ","), left)
        earlier = any(u.has("negotiation") for u in s.units[left:comma])
        return comma + 1 if earlier and s.units[left].low in ADJUNCT else left

    def _phoned(self, s: Sentence, i: int) -> Event | None:
        """Return the call of "Donald Trump called Xi Jinping on June 5": no words after that name him so."""
        group = self.grammar.verb_group(s, i, _CALLED)
        left, right = self.grammar.clause(s, i)
        callee = next((j for j in range(i + 1, min(i + 6, right)) if s.units[j].kind == "Person"), None)
        if callee is None and s.units[i].low in _TELEPHONED and s.units[i + 1 : i + 2]:
            callee = i + 1 if s.units[i + 1].reading({"Government"}) else None  # "telephoned The Hague"
        between = s.units[i + 1 : callee] if callee is not None else []
        barred = self.grammar.words["prepositions"] | {"off", "out", "back", ",", '"', "“"}
        if callee is None or group.passive or any(u.low in barred or u.has("negotiation") for u in between):
            return None
        if self.grammar.possessive(s, callee):
            return None
        behind = s.units[callee + 1] if callee + 1 < len(s.units) else None
        phone = any(u.has("phone") for u in s.units[callee + 1 : callee + 4])
        dated = behind is not None and (
            behind.kind == "Time"
            or (behind.low == "on" and callee + 2 < len(s.units) and s.units[callee + 2].kind == "Time")
        )
        if not (behind is None or dated or phone or behind.low in _AFTER_CALLED):
            return None
        caller = self._before(s, group.first, left)
        who = unique([*caller, *self.parties.participant(s, callee)])
        if not caller or not self.parties.two_sides(who, s):
            return None
        return self._event(s, "call", who, group, "negotiation-phone")

    def _raised(self, s: Sentence, i: int, left: int, right: int) -> list[Argument]:
        """Return who takes part where a matter is raised with somebody from another government."""
        at = next((j for j in range(i + 1, min(right, i + 12)) if s.units[j].low == "with"), None)
        if at is None or s.units[i].kind:
            return []
        group = self.grammar.verb_group(s, i, self.grammar.tags_at(s, i, "meet.raise")[0])
        met = self.parties.listed_behind(s, at - 1, {"with"}, right)
        discussed = at == i + 1 and s.units[i].low in _DISCUSSED  # "is discussing with Beijing a system of"
        if not discussed and not any(a.role == "person" for a in met):
            return []
        own = self._before(s, group.first, left)
        if discussed and not own:
            own = self.sides.subject(s, left, group.first)  # "said it was discussing with Beijing"
        return unique([*own, *met]) if own else []

    def _before(self, s: Sentence, at: int, left: int) -> list[Argument]:
        """Return the participants before unit `at` that no verb of saying has as its speaker."""
        low = left
        for j in range(at - 1, left - 1, -1):
            if self.grammar.tags_at(s, j, "speech"):
                low = j + 1
                break
        return self.parties.within(s, low, at)

    def _meeting(self, s: Sentence, group: VerbGroup, left: int, right: int) -> list[Argument]:
        subject = self._before(s, group.first, left)
        following = s.units[group.verb + 1] if group.verb + 1 < len(s.units) else None
        if following is None:
            return subject
        last = s.units[group.verb].low.split()[-1]
        direct = (group.tag.id == "meet" or group.tag.cls == "meet.host" or last in {"on", "with"}) and (
            bool(following.kind and following.kind not in {"Time", "Quantity"})
            or following.text[:1].isupper()
            or following.low in _DIRECT
            or (
                following.low in {"a", "an"}
                and bool(s.units[group.verb + 2 : group.verb + 3])
                and s.units[group.verb + 2].kind in PLACES
            )
        )
        if direct:
            here = {s.units[group.verb].low}
            return unique([*subject, *self.parties.listed_behind(s, group.verb - 1, here, right)])
        others = self.parties.listed_behind(s, group.verb, {"with", "to"}, right) if subject else []
        bare = (
            following.low
            in self.grammar.words["prepositions"] | {",", ".", "here", "again", "face", "for", "soon"}
            or following.kind in {"Time", FIRM}
            or following.has("phone")
        )
        called = group.tag.cls == "meet.speak" and any(u.has("phone") for u in s.units[group.verb : right])
        return unique([*subject, *others]) if bare or called or group.tag.id == "negotiate" else []

    def _stance(self, s: Sentence, group: VerbGroup) -> Stance:
        """Return the stance of a verb of meeting; a meeting that is expected is a planned one."""
        stance = doubted(s, group, stance_of(self.grammar, s, group, self.grammar.subject(s, group)))
        left, _ = self.grammar.clause(s, group.verb)
        before = s.units[left : group.verb]
        if any(u.has("unreal") for u in before) or any(u.low in _REASONS for u in before[-3:]):
            return Stance(refused="a meeting that is only wished for")
        plain = group.first == group.verb and group.tag.form in {"base", "third"} and not group.infinitive
        hedged = stance.certainty == "possible" and not self._of_many(s, group.verb)
        opener = self.grammar.opener(s, group.verb)
        if opener is not None and opener.low == "when" and not any(u.has("possible") for u in before):
            hedged = False  # "may raise it when he meets Xi next week": only what he raises is open
        meant = opener is not None and opener.low == "when" and s.units[-1].text == "."
        if plain and (s.kind != "headline" or meant) and not hedged:
            behind = s.units[group.verb : self.grammar.clause(s, group.verb)[1]]
            if any(u.kind == "Time" for u in behind):
                return Stance(stance.polarity, "planned")  # "Delegates meet in Geneva on Tuesday"
        hedges = {u.low for u in before if u.has("possible")}
        planned = hedges <= {"expected to", "would"} if hedges else due(s, group)
        if stance.certainty == "possible" and planned:
            return Stance(stance.polarity, "planned")
        return stance

    def _worked_out(self, s: Sentence, i: int) -> Event | None:
        """Return the talks at which "the two countries worked out in London" a deal."""
        for tag in self.grammar.tags_at(s, i, "settle"):
            group = self.grammar.verb_group(s, i, tag)
            left, right = self.grammar.clause(s, i)
            place = self.events.place(s, i + 1, min(right, i + 8), i, named=False)
            who = self._before(s, group.first, left)
            if tag.id in _BARGAINED and place and not group.passive and self.parties.two_sides(who, s):
                return self._event(s, "talks", who, group, f"negotiation-{tag.id}")
        return None

    def _agreed_at(self, s: Sentence, i: int) -> Event | None:
        """Return the meeting that "Presidents A and B agreed in Busan to" takes for granted."""
        for tag in [t for cls in ("agree", "settle") for t in self.grammar.tags_at(s, i, cls)]:
            group = self.grammar.verb_group(s, i, tag)
            left, right = self.grammar.clause(s, i)
            reach = 4 if tag.cls == "agree" else 9  # "reached a truce on rare earths in Busan"
            place = self.events.place(s, i + 1, min(right, i + reach), i, named=False)
            people = [a for a in self._before(s, group.first, left) if a.role == "person"]
            if not place or not enough(people) or self.parties.of_firms(people) or group.passive:
                continue
            if tag.cls == "settle.sign" or tag.id in _APART:
                continue  # what is signed may have been settled elsewhere
            event = self._event(s, "talks", people, group, "negotiation-agreed-in")
            if event is not None:
                return event
        return None
