"""Who imposes a measure: the subject of its verb, who ordered or promised it, whose move it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.measure_roles import Found, MeasureRoles
from kgbuild.extract.stance import Stance, find_speech
from kgbuild.extract.units import BODIES, MATERIALS, Sentence, Unit
from kgbuild.model import Argument

#: Verbs whose subject is the measure or what it is on, not who imposes it.
#: Who signs or passes laws for a country: "Brazil's president", "the Philippines' Senate".
_RULERS: Final = frozenset(
    "president premier leader senate congress lawmakers legislature junta rulers chancellor minister "
    "deputies cabinet parliament".split()
)
_JOINED: Final = frozenset({"joined", "joins", "join", "joining"})
_TURNED: Final = frozenset({"control.come", "control.happen"})


class MeasureImposers:
    """Finds who does what a verb of control tells."""

    def __init__(self, grammar: Grammar, roles: MeasureRoles) -> None:
        self.grammar = grammar
        self.roles = roles

    def subject(self, s: Sentence, group: VerbGroup) -> list[int]:
        """Return the units that head the subject of a verb, also where it stands before another verb."""
        return (
            self._joining(s, group)
            or self.grammar.subject(s, group)
            or self._controller(s, group)
            or self._opening(s, group)
            or self.grammar.shared_subject(s, group)
            or self._before_stranger(s, group)
        )

    def _before_stranger(self, s: Sentence, group: VerbGroup) -> list[int]:
        """Return the body that opens a clause whose first verb nobody knows: "China answered ... and put"."""
        if group.passive or group.infinitive or group.tag.form not in {"past", "third"} or group.first < 3:
            return []
        joined = s.units[group.first - 1]
        if joined.low not in {"and", "but", "then"} or group.first != group.verb:
            return []
        left, _ = self.grammar.clause(s, group.verb)
        head = left
        while head < group.first and s.units[head].low in self.grammar.words["determiners"] | {"but", "and"}:
            head += 1
        unit, following = s.units[head], s.units[head + 1]
        acts = (unit.kind in BODIES or unit.kind == "Country") and not unit.demonym
        verbal = following.low.endswith("ed") and not following.kind and not following.tags
        return [head] if acts and verbal else []

    def _joining(self, s: Sentence, group: VerbGroup) -> list[int]:
        """Return all who act in "Japan has joined the United States in imposing curbs"."""
        if group.tag.form != "ing" or group.first < 3 or s.units[group.first - 1].low != "in":
            return []
        low = max(0, group.first - 9)
        at = next((j for j in range(group.first - 2, low, -1) if s.units[j].low in _JOINED), None)
        if at is None:
            return []
        met = [j for j in range(at + 1, group.first - 1) if s.units[j].kind in {"Country", *BODIES}]
        return [*self.grammar.subject(s, self.grammar.verb_group(s, at, group.tag)), *met]

    def ordered(self, s: Sentence, group: VerbGroup, stance: Stance) -> tuple[list[Argument], Stance]:
        """Return who orders or plans what an infinitive tells, and its stance; nobody where none does.

        "told the miner to stop exports", "China's move to impose curbs", "its pledge to suspend them".
        """
        if stance.refused:
            return [], stance
        move = self._move(s, group)
        if move is not None:
            return move[0], Stance("affirmed" if move[1] == "actual" else stance.polarity, move[1])
        directed = self._directed(s, group)
        return (directed, Stance(stance.polarity)) if directed else ([], stance)

    def find(
        self,
        s: Sentence,
        group: VerbGroup,
        subject: list[int],
        noun: int,
        earlier: tuple[Found, ...],
        stance: Stance,
    ) -> list[Argument]:
        """Return who does what the verb says: its subject, the owner of the noun, "by ...", who says so."""
        imposers = self._imposers(s, group, subject, noun, earlier)
        if not imposers and (stance.polarity, stance.certainty) == ("denied", "actual"):
            imposers = self._denier(s, group)
        beside = s.units[group.first - 1] if group.first else None
        if not imposers and not group.passive and beside is not None and beside.has("speech.say"):
            imposers = self._denier(s, group)  # "China says suspends curbs"
        if not imposers and noun > group.verb:
            imposers = self._deal_makers(s, group)
        if not imposers and noun > group.verb:
            imposers = self.roles.subjects(s, self._opening(s, group)) or self._lawmaker(s, group)
        if not imposers and group.tag.form == "ing" and beside is not None and beside.text in {",", "by"}:
            imposers = self._first_body(s, group.first - 1)  # "The ministry changed its rule, widening curbs"
        if not imposers and group.tag.form == "ing" and beside is not None and beside.low == "while":
            imposers = self._first_body(s, max(0, group.first - 2))  # "Brazil offered loans, while banning X"
        return imposers

    def _deal_makers(self, s: Sentence, group: VerbGroup) -> list[Argument]:
        """Return who made the deal that does it: "A and B have struck a deal that will slash tariffs"."""
        i = group.first - 1
        if i < 2 or s.units[i].low not in {"that", "which"} or not s.units[i - 1].has("agreement"):
            return []
        for j in range(i - 2, max(-1, i - 12), -1):
            for tag in (t for cls in ("settle", "agree") for t in self.grammar.tags_at(s, j, cls)):
                return self.roles.subjects(s, self.grammar.subject(s, self.grammar.verb_group(s, j, tag)))
        return []

    def _lawmaker(self, s: Sentence, group: VerbGroup) -> list[Argument]:
        """Return who made the law that forbids: "Vietnam's parliament passed a law that bans exports"."""
        i = group.first - 1
        if group.tag.form == "ing" and i > 1 and s.units[i].has("rule-word"):
            return self._first_body(s, i)  # "Brazil's president signed a decree banning mining"
        if i < 2 or s.units[i].low not in {"that", "which"} or not s.units[i - 1].has("rule-word"):
            return []
        return self.roles.possessor(s, i - 1) or self._first_body(s, i)  # "an Indonesian rule that lifts ..."

    def _imposers(
        self, s: Sentence, group: VerbGroup, subject: list[int], noun: int, earlier: tuple[Found, ...]
    ) -> list[Argument]:
        """Return who does what the verb says: its subject, the owner of the noun, "by ..."."""
        left, right = self.grammar.clause(s, group.verb)
        active = group.tag.cls not in _TURNED and not group.passive and noun > group.verb
        gapped = group.tag.cls not in _TURNED and not group.passive and group.tag.form != "participle"
        imposers: list[Argument] = []
        if active or gapped:
            imposers = (
                self.roles.subjects(s, subject) if subject else self.roles.subject_beside(s, group.first)
            )
        if not imposers:
            imposers = self._owners(s, group, noun, right)
        if (
            not imposers
            and group.passive
            and group.tag.cls in {"control.do", "control.unallowed", "control.set"}
        ):
            in_place = [] if group.tag.cls == "control.set" else self.roles.places_in(s, group.verb, right)
            imposers = in_place or self._ruling(s, group)
        if group.tag.form == "ing" and not imposers:
            imposers = self._answering(s, group)
        if imposers or subject or not active:
            return imposers
        if group.first and s.units[group.first - 1].low in {"and", "then", ","}:
            # "China lifted one ban and suspended another": the second verb has the subject of the first
            return [a for f in earlier if left <= f.verb < group.verb and f.verb < f.noun for a in f.imposers]
        if group.tag.form == "ing" and s.units[left].low in {"after", "while", "by"}:
            return [a for f in earlier[-1:] for a in f.imposers]
        return []

    def _owners(self, s: Sentence, group: VerbGroup, noun: int, right: int) -> list[Argument]:
        """Return who imposed it when the subject of the verb does not tell."""
        limit = group.first if noun < group.verb else right
        # "banning Russian aluminum imports", "barring Chinese chips": where they come from
        owners = [] if _brought(s.units[noun]) else self.roles.possessor(s, noun)
        owners = owners or self.roles.relative_owner(s, noun, limit)
        if not owners and noun < group.verb:
            owners = self.roles.agents(s, noun + 1, group.first)
        owners = owners or self.roles.agents(s, group.verb + 1, right)
        if not owners and group.tag.form == "ing":
            owners = self.roles.owner_behind(s, group.verb + 1, min(noun, group.verb + 6))
        return owners or self.roles.place_before(s, self.grammar.clause(s, group.verb)[0])

    def _ruling(self, s: Sentence, group: VerbGroup) -> list[Argument]:
        """Return the body that forbids by saying so: "exports are not permitted, the ministry said"."""
        speech = find_speech(self.grammar, s, group.verb)
        announced = speech is not None and any(t.id == "announce" for t in s.units[speech.verb].tags)
        behind = speech is not None and speech.verb > group.verb  # "will be raised, Conakry announced"
        if group.tag.cls == "control.set" and not behind:
            return []
        if group.tag.cls != "control.unallowed" and not announced:
            return []
        return [a for a in self._denier(s, group) if a.kind in BODIES]

    def _answering(self, s: Sentence, group: VerbGroup) -> list[Argument]:
        """Return who answers by doing it: "China retaliated by imposing curbs"."""
        i = group.first - 1
        for tag in self.grammar.tags_at(s, i, "control.retaliate") if i > 0 else ():
            answer = self.grammar.verb_group(s, i, tag)
            return self.roles.subjects(s, self.grammar.subject(s, answer))
        for j in range(i - 1, max(-1, i - 25), -1) if i > 0 and s.units[i].text == "," else ():
            for tag in self.grammar.tags_at(s, j, "settle"):
                # "the truce which Washington and Beijing concluded in Geneva, cutting tariffs"
                agreed = any(u.has("agreement") for u in s.units[max(0, j - 8) : j + 8])
                heads = self.grammar.subject(s, self.grammar.verb_group(s, j, tag))
                return self.roles.subjects(s, heads) if agreed else []
        return []

    def _denier(self, s: Sentence, group: VerbGroup) -> list[Argument]:
        """Return the body that denies its own deed: "China says shipments to Japan were not stopped"."""
        speech = find_speech(self.grammar, s, group.verb)
        if speech is None or speech.speaker is None or s.units[speech.speaker].kind == "Person":
            return []
        body = self.roles.body(s, speech.speaker)
        return [body] if body is not None else []

    def _directed(self, s: Sentence, group: VerbGroup) -> list[Argument]:
        """Return the body that tells somebody to do it: "India told the miner to stop exports"."""
        if not group.infinitive:
            return []
        left, _ = self.grammar.clause(s, group.verb)
        for j in range(group.first - 1, max(left, group.first - 8) - 1, -1):
            for tag in self.grammar.tags_at(s, j, "speech.say") if s.units[j].has("directing") else ():
                teller = self.grammar.verb_group(s, j, tag)
                if teller.passive:  # "was told by the ministry to stop exports"
                    return self.roles.agents(s, j + 1, group.first)
                return self.roles.subjects(s, self.grammar.subject(s, teller))
            if s.units[j].has("directing"):
                heads = self.grammar.subject(s, replace(group, first=j, verb=j, infinitive=False))
                return self.roles.subjects(s, heads)
        return []

    def _move(self, s: Sentence, group: VerbGroup) -> tuple[list[Argument], str] | None:
        """Return whose move it is, and its certainty: "China's move to impose", "its pledge to suspend"."""
        if not group.infinitive:
            return None
        i = group.first - 1
        while i > 0 and (s.units[i].kind == "Time" or s.units[i].low in {"in", "on"}):
            i -= 1
        tag = s.units[i].tag("move-noun") if i > 0 else None
        owner = (self.roles.possessor(s, i) or self._first_body(s, i)) if tag is not None else []
        if tag is None or not owner:
            return None
        certainty = tag.cls.rpartition(".")[2]
        left, _ = self.grammar.clause(s, i)
        hedged = any(u.has("possible") or u.has("unreal") for u in s.units[left:i])
        if hedged:
            return None
        if certainty == "done":  # "China will ban exports, its latest move to curb supplies"
            # "did not revoke the decision to ban exports"
            taken = s.units[i - 1].low in self.grammar.words["definite"]
            certainty = "planned" if not taken and any(u.has("planned") for u in s.units[:i]) else "actual"
        return owner, certainty

    def _first_body(self, s: Sentence, before: int) -> list[Argument]:
        """Return the body that opens a clause: "Malaysia will develop a policy to ban exports"."""
        left, _ = self.grammar.clause(s, before)
        for i in range(left, before):
            unit = s.units[i]
            ruling = i + 2 < before and (s.units[i + 2].has("authority") or s.units[i + 2].low in _RULERS)
            if self.grammar.possessive(s, i) and ruling:
                return self.roles.possessor(s, i + 2)
            if unit.kind in {"Country", "WorldRegion"} or unit.kind in BODIES:
                owner = unit.demonym or self.grammar.possessive(s, i)
                body = None if owner else self.roles.body(s, i)
                return [body] if body is not None else []
            if unit.low not in self.grammar.words["determiners"] and unit.kind != "Time":
                break
        return []

    def _controller(self, s: Sentence, group: VerbGroup) -> list[int]:
        """Return the subject of "agreed" for "agreed in principle to relax"."""
        left, _ = self.grammar.clause(s, group.verb)
        for i in range(group.first - 1, left - 1, -1):
            beside = i == group.first - 1
            for tag in (
                self.grammar.tags_at(s, i, "control.set") if beside and group.tag.form == "ing" else ()
            ):
                if tag.id.startswith("hold-off"):
                    return self.grammar.subject(s, self.grammar.verb_group(s, i, tag))
            for cls in ("control.weigh", "control.plan") if beside and group.tag.form == "ing" else ():
                for tag in self.grammar.tags_at(s, i, cls):
                    return self.grammar.subject(s, self.grammar.verb_group(s, i, tag))
            for tag in self.grammar.tags_at(s, i, "agree") if group.infinitive or beside else ():
                heads = self.grammar.subject(s, self.grammar.verb_group(s, i, tag))
                return heads or (self._main(s, left, i) if tag.form == "ing" else [])
        before = s.units[group.first - 1] if group.infinitive and group.first else None
        begun = before is not None and (before.low in self.grammar.words["begun"] or before.has("vow"))
        if before is not None and (begun or before.low in {"moved", "moves", "moving"}):
            first = group.first - 1
            while first > 1 and self.grammar.is_auxiliary(s.units[first - 1]):
                first -= 1  # "have begun to stop"
            heads = self.grammar.subject(s, replace(group, first=first, infinitive=False))
            actor = s.units[group.first - 2] if group.first > 1 else None
            if heads or actor is None or not (actor.kind == "Country" or actor.kind in BODIES):
                return heads
            return [group.first - 2]  # "In it Malaysia undertakes not to ban exports"
        return []

    def _main(self, s: Sentence, left: int, before: int) -> list[int]:
        """Return the subject of the first verb: "The two signaled an easing, agreeing to lower ..."."""
        for i in range(left, before):
            for cls in ("speech", "settle", "agree", "signaling"):
                for tag in self.grammar.tags_at(s, i, cls):
                    return self.grammar.subject(s, self.grammar.verb_group(s, i, tag))
            if s.units[i].has("signaling"):
                found = [h for h in range(left, i) if s.units[h].kind in {"Country", *BODIES}]
                return [h for h in found if not s.units[h].demonym and not self.grammar.possessive(s, h)]
        return []

    def _opening(self, s: Sentence, group: VerbGroup) -> list[int]:
        """Return a subject cut off by a date: "The bureau on Friday, December 18, put 77 names ..."."""
        left, _ = self.grammar.clause(s, group.verb)
        if group.passive or group.infinitive or (group.tag.form == "ing" and group.first == group.verb):
            return []
        between = s.units[left : group.first]
        head = next((k for k, u in enumerate(between) if u.kind in BODIES or u.kind == "Country"), None)
        if head is None or any(u.low not in self.grammar.words["determiners"] for u in between[:head]):
            return []
        rest = between[head + 1 :]
        plain = all(u.kind == "Time" or u.text == "," or u.low in {"on", "in"} for u in rest)
        verbs = any(t.form in {"past", "third"} and not u.kind for u in rest for t in u.tags)
        aside = bool(rest) and rest[0].text == "," and not verbs  # "Congo, the top producer is lifting"
        return [left + head] if rest and (plain or aside) else []


def _brought(unit: Unit) -> bool:
    """Return whether a noun names what comes from elsewhere: imports, a material, a good."""
    return unit.has("word.import") or unit.low == "imports" or unit.kind in MATERIALS
