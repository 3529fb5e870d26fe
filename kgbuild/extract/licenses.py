"""License events: who got, asked for, was refused or lost which license, from whom, for where and what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.frames import Frame, load_frames
from kgbuild.extract.grammar import Grammar, VerbGroup, positions
from kgbuild.extract.license_nouns import LicenseNouns, Noun
from kgbuild.extract.license_terms import LicenseTerms
from kgbuild.extract.stance import Speech, Stance, find_speech, stance_of
from kgbuild.extract.units import BODIES, FIRM, MATERIALS, PLACES, Sentence, Unit
from kgbuild.model import Argument, Event, Rejection

_ISSUERS = BODIES


class Licenses:
    """Finds license events in the sentences of one article."""

    def __init__(
        self,
        text: str,
        grammar: Grammar,
        coreference: Coreference,
        *,
        sentences: Sequence[Sentence],
        makers: Mapping[str, str],
    ) -> None:
        self.text = text
        self.grammar = grammar
        self.coreference = coreference
        self.arguments = Arguments(grammar, coreference, text)
        self.terms = LicenseTerms(grammar, self.arguments)
        self.makers = makers
        self.rejections: list[Rejection] = []
        self.nouns = LicenseNouns(grammar, sentences)
        self._last: Event | None = None

    def find(self, s: Sentence) -> list[Event]:
        """Return the license events of `s`; what is refused is added to `rejections`."""
        events = self._find(s)
        plain = [e for e in events if e.polarity == "affirmed" and e.certainty == "actual"]
        if plain:
            self._last = plain[-1]
        elif not events and self._last is not None:
            event = self.terms.later(s, self._last)
            return [event] if event is not None else []
        if any(e.action == "denied" and e.polarity == "affirmed" for e in events):
            # "refused to extend the license" is a refusal, not also a renewal that did not happen
            events = [e for e in events if e.polarity == "affirmed"]
        return events

    def _find(self, s: Sentence) -> list[Event]:
        nouns = [n for n in (self.nouns.noun(s, i) for i in positions(s, "license")) if n is not None]
        for i in positions(s, "license"):
            if (
                not s.units[i].kind
                and any(t.cls == "license" for t in s.units[i].tags)
                and self.nouns.other_kind(s, i)
            ):
                self._reject(s, i, "license-other-kind", "a license of another kind than this ontology knows")
        events: list[Event] = []
        used: set[int] = set()
        for i in positions(s, "license"):
            for tag in self.grammar.tags_at(s, i, "license"):
                group = self.grammar.verb_group(s, i, tag)
                for frame in load_frames():
                    if frame.verbs != tag.cls:
                        continue
                    event = self._match(s, frame, group, nouns)
                    if event is not None:
                        events.append(event)
                        used.update(n.at for n in nouns)
                        break
                else:
                    continue
                break
        for noun in nouns:
            if noun.at not in used and not events:
                event = self._nominal(s, noun)
                if event is not None:
                    events.append(event)
                    used.add(noun.at)
        for noun in nouns:
            if noun.at not in used and not events and not any(r.start == s.start for r in self.rejections):
                self._reject(s, noun.at, "license-none", "no frame names a holder or an issuer for it")
        return events

    # ---- frames

    def _match(self, s: Sentence, frame: Frame, group: VerbGroup, nouns: list[Noun]) -> Event | None:
        verb = group.verb
        left, right = self.grammar.clause(s, verb)
        subject = self._subject(s, group)
        noun = self._noun_for(frame, nouns, group, left, right)
        if noun is None and frame.noun != "infinitive":
            return None
        passive = group.passive or self._reduced(s, frame, group, noun, subject)
        if passive != (frame.voice == "passive"):
            return None
        object_low = verb + 1
        if frame.noun == "infinitive":
            opened = self._infinitive(s, verb, right)
            if opened is None:
                return None
            object_high, region = opened, (opened, right)
        else:
            assert noun is not None
            object_high = noun.at if noun.at > verb else verb
            region = (min(noun.first, verb), right)
        stance = stance_of(self.grammar, s, group, subject)
        if stance.refused:
            self._reject(s, verb, frame.id, stance.refused)
            return None
        speech = find_speech(self.grammar, s, verb)
        found = self._roles(s, frame, group, noun, subject, object_low, object_high, right)
        kind = noun.kind if noun is not None else "ExportLicense"
        return self._event(s, frame.id, group.tag.action, kind, found, region, stance, speech, noun, verb)

    def _subject(self, s: Sentence, group: VerbGroup) -> list[int]:
        """Return the subject; of "acknowledged receiving licenses" that of the verb of saying."""
        before = group.first - 1
        if group.tag.form == "ing" and before >= 0:
            for tag in self.grammar.tags_at(s, before, "speech"):
                return self.grammar.subject(s, self.grammar.verb_group(s, before, tag))
        return self.grammar.subject(s, group)

    def _reduced(
        self, s: Sentence, frame: Frame, group: VerbGroup, noun: Noun | None, subject: list[int]
    ) -> bool:
        """Return whether a bare past form is a passive: "permits granted to X", headline "X granted permits"."""
        if group.passive or group.tag.form not in {"past", "participle"} or group.first != group.verb:
            return False
        if noun is not None and noun.at < group.verb:
            return frame.verbs != "license.lapse"
        gives = frame.verbs in {"license.give", "license.deny"}
        if gives and subject and noun is not None:
            return all(s.units[h].kind == FIRM or s.units[h].has("role") for h in subject)
        return False

    def _noun_for(
        self, frame: Frame, nouns: list[Noun], group: VerbGroup, left: int, right: int
    ) -> Noun | None:
        if frame.noun == "object":
            behind = [n for n in nouns if group.verb < n.at < right]
            return behind[0] if behind else None
        if frame.noun == "subject":
            before = [n for n in nouns if left <= n.at < group.first]
            owned = [n for n in before if n.possessor is not None]
            return (owned or before)[-1] if before else None
        return None

    def _infinitive(self, s: Sentence, verb: int, right: int) -> int | None:
        """Return where "to export ..." opens behind an allowing verb."""
        for i in range(verb + 1, min(right, verb + 14)):
            if s.units[i].low != "to":
                continue
            j = i + 1
            while j < right and s.units[j].low in self.grammar.words["adverbs"] | {"directly", "once"}:
                j += 1
            if j < right and (s.units[j].has("export") and any(t.form == "base" for t in s.units[j].tags)):
                aspect = s.units[j].has("export.aspect")
                if not aspect or any(u.has("word.export") or u.has("export") for u in s.units[j + 1 : j + 5]):
                    return i
        return None

    def _roles(
        self,
        s: Sentence,
        frame: Frame,
        group: VerbGroup,
        noun: Noun | None,
        subject: list[int],
        low: int,
        high: int,
        right: int,
    ) -> list[Argument]:
        out: list[Argument] = []
        served = self.grammar.served(s)
        if frame.subject and not (frame.noun == "subject"):
            for h in subject:
                out.extend(self._fill(frame.subject, s, h))
        if frame.object:
            for i in range(low, high):
                if i in served:
                    continue
                if self._nominal_actor(s, i) and not self.grammar.governed(s, i, low):
                    out.extend(self._fill(frame.object, s, i))
                elif self._nominal_actor(s, i) and s.units[i - 1].low in {"to", "for"}:
                    out.extend(self._fill(frame.object, s, i))
        start = noun.first if noun is not None and noun.at < group.verb else low
        shipping = self._shipping(s, noun.at if noun is not None else group.verb, right)
        for i in range(start, right):
            if not self._nominal_actor(s, i) or i in served:
                continue
            preposition = self.grammar.governed(s, i, start)
            role = frame.slots.get(preposition, "")
            if role == "holder" and i > shipping:
                # "licenses allowing them to ship to X": X is served, X holds nothing
                if s.units[i].kind == FIRM and preposition in {"to", "for"}:
                    out.append(_named("beneficiary", s.units[i]))
                continue
            if role == "holder" and preposition == "for" and self._held(out, noun):
                # "one of its licenses for X": a license that has a holder is for a customer
                if s.units[i].kind == FIRM:
                    out.append(_named("beneficiary", s.units[i]))
                continue
            if role and not self.grammar.possessive(s, i):
                out.extend(self._fill(role, s, i, supplied=preposition))
        left, _ = self.grammar.clause(s, group.verb)
        out += [
            _named("beneficiary", s.units[i])
            for i in sorted(served)
            if s.units[i].kind == FIRM and left <= i < right and any(a.kind == "UnnamedFirm" for a in out)
        ]
        if noun is not None and not any(a.role == "holder" for a in out):
            out.extend(self._makers(s, min(noun.first, group.verb), right))
        if noun is not None and not any(a.role == "holder" for a in out):
            out.extend(self._unknown(s, frame, group, noun, subject))
        if noun is not None and noun.possessor is not None:
            role = "holder" if frame.subject != "holder" or frame.noun == "subject" else ""
            if role:
                out.extend(self._fill(role, s, noun.possessor))
        return _unique(out)

    @staticmethod
    def _held(found: list[Argument], noun: Noun | None) -> bool:
        """Return whether a license already has a holder: one that was found, or its owner."""
        return any(a.role == "holder" for a in found) or (noun is not None and noun.possessor is not None)

    def _makers(self, s: Sentence, low: int, right: int) -> list[Argument]:
        """Return the makers of branded goods that a license is for: "licenses for the H20" are Nvidia's."""
        return [
            replace(
                _named("holder", u),
                kind=FIRM,
                name=self.makers[u.name],
                inferred=True,
                derivation=f"{u.text} stands for its maker",
            )
            for u in s.units[low:right]
            if u.kind in MATERIALS and u.name in self.makers
        ]

    @staticmethod
    def _shipping(s: Sentence, start: int, right: int) -> int:
        """Return the first verb of exporting behind `start`, or a place behind all units."""
        for i in range(start + 1, right):
            forms = {t.form for t in s.units[i].tags if t.cls == "export"}
            if "ing" in forms or ("base" in forms and s.units[i - 1].low in {"to", "directly"}):
                return i
        return len(s.units)

    def _unknown(
        self, s: Sentence, frame: Frame, group: VerbGroup, noun: Noun, subject: list[int]
    ) -> list[Argument]:
        """Return a firm that only its place in the frame gives away: "Indonesia granted Example Indonesia a permit"."""
        if frame.subject == "holder" and frame.noun == "object" and not subject:
            left, _ = self.grammar.clause(s, group.verb)
            found = self.grammar.unknown_name(s, left, group.first - 1)
        elif frame.object == "holder" and noun.at > group.verb:
            high = noun.first - 1
            while high > group.verb and s.units[high].low in self.grammar.words["determiners"]:
                high -= 1
            found = self.grammar.unknown_name(s, group.verb + 1, high)
        else:
            found = None
        if found is None:
            return []
        start, end = s.units[found[0]].start, s.units[found[1]].end
        name = self.text[start:end]
        return [Argument("holder", FIRM, name, start, end, name, derivation="role in a license frame")]

    def _nominal_actor(self, s: Sentence, i: int) -> bool:
        unit = s.units[i]
        return (
            unit.kind == FIRM
            or unit.kind in BODIES
            or bool(unit.reading({"Government"}))
            or unit.has("role")
            or unit.has("authority")
            or (unit.low in {"it", "them"} and not unit.kind)
        )

    def _fill(self, role: str, s: Sentence, i: int, supplied: str = "") -> list[Argument]:
        unit = s.units[i]
        if role == "holder":
            if unit.has("role.customer"):
                return []
            return self.arguments.holders(role, s, i, self.text)
        if supplied in {"to", "for"} and unit.kind in PLACES:
            return []
        actor = self.arguments.actor(role, s, i)
        if actor is None or actor.kind not in _ISSUERS:
            return []
        return [actor]

    # ---- nominal mentions

    def _nominal(self, s: Sentence, noun: Noun) -> Event | None:
        """Return a license that a possessive takes for granted: "JL MAG's export license"."""
        if noun.possessor is None or noun.possessor < 0:
            return None
        following = s.units[noun.at + 1].low if noun.at + 1 < len(s.units) else ""
        if s.units[noun.at].has("license.application") or following in {
            "application",
            "applications",
            "bid",
            "request",
        }:
            return None
        if any(
            u.low in {"one", "part", "none", "some"}
            for u in s.units[max(0, noun.possessor - 2) : noun.possessor]
        ):
            return None
        left, right = self.grammar.clause(s, noun.at)
        hedged = [
            u
            for u in s.units[left:right]
            if u.has("possible") or u.has("planned") or u.has("negation") or u.has("duty")
        ]
        if hedged:
            self._reject(s, noun.at, "license-possessive", f"taken for granted beside {hedged[0].text!r}")
            return None
        holders = self._fill("holder", s, noun.possessor)
        if not holders or any(h.kind != FIRM for h in holders):
            return None
        return self._event(
            s,
            "license-possessive",
            "granted",
            noun.kind,
            holders,
            (noun.first, right),
            Stance(),
            find_speech(self.grammar, s, noun.at),
            noun,
            noun.at,
        )

    # ---- the event

    def _event(
        self, s: Sentence, rule: str, action: str, kind: str, roles: list[Argument], region: tuple[int, int],
        stance: Stance, speech: Speech | None, noun: Noun | None, verb: int,
    ) -> Event | None:  # fmt: skip
        low, high = region
        holders = [a for a in roles if a.role == "holder"]
        counted = noun is not None and any(u.kind == "Quantity" for u in s.units[noun.first : noun.at])
        if not holders and not (counted and any(a.role == "issuer" for a in roles)):
            self._reject(s, noun.at if noun else low, rule, "no holder is named or described")
            return None
        arguments = [*roles, *self.terms.terms(s, region, verb, noun, speech)]
        if rule == "license-possessive":  # a date beside it is that of something else
            arguments = [a for a in arguments if a.kind != "Time"]
        anchor = s.units[noun.at if noun else low]
        arguments.append(
            Argument("kind", "Class", anchor.text, anchor.start, anchor.end, value=kind,
                     inferred=bool(noun and noun.inferred), derivation="topic of the article" if noun and noun.inferred else "")
        )  # fmt: skip
        speaker = self.arguments.speaker(s, speech)
        return Event(
            "license",
            action,
            s.start,
            s.end,
            tuple(sorted(set(arguments))),
            stance.polarity,
            stance.certainty,
            speaker,
            rule,
        )

    def _reject(self, s: Sentence, i: int, rule: str, reason: str) -> None:
        self.rejections.append(Rejection(s.start, s.end, self.text[s.start : s.end], rule, reason))


def _named(role: str, unit: Unit) -> Argument:
    return Argument(role, unit.kind, unit.text, unit.start, unit.end, unit.name, derivation=unit.via)


def _unique(arguments: list[Argument]) -> list[Argument]:
    seen: dict[tuple[str, int, int, str], Argument] = {}
    for argument in arguments:
        seen.setdefault((argument.role, argument.start, argument.end, argument.name), argument)
    return list(seen.values())
