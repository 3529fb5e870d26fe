"""License events: who got, asked for, was refused or lost which license, from whom, for where and what."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kgbuild.extract.arguments import Arguments, quantity
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.frames import Frame, load_frames
from kgbuild.extract.grammar import Grammar, VerbGroup, positions
from kgbuild.extract.stance import Speech, Stance, find_speech, speaker_argument, stance_of
from kgbuild.extract.units import BODIES, FIRM, MATERIALS, PLACES, Sentence, Unit
from kgbuild.model import Argument, Event, Rejection

_ISSUERS = BODIES
#: Words that make a soft noun ("approval") one for a license of ours.
_KINDS = (
    ("word.mining", "MiningLicense"),
    ("word.operating", "OperatingLicense"),
    ("word.export", "ExportLicense"),
)


@dataclass(frozen=True, slots=True)
class Noun:
    """A license noun with the phrase around it: units [first, at]."""

    at: int
    first: int
    kind: str  #: local name of a license class
    possessor: int | None
    inferred: bool  #: the kind is taken from the topic of the article


class Licenses:
    """Finds license events in the sentences of one article."""

    def __init__(
        self,
        text: str,
        grammar: Grammar,
        coreference: Coreference,
        *,
        about_exports: bool,
        about_materials: bool,
    ) -> None:
        self.text = text
        self.grammar = grammar
        self.coreference = coreference
        self.arguments = Arguments(grammar, coreference)
        self.about_exports = about_exports
        self.about_materials = about_materials
        self.rejections: list[Rejection] = []

    def find(self, s: Sentence) -> list[Event]:
        """Return the license events of `s`; what is refused is added to `rejections`."""
        nouns = [n for n in (self.noun(s, i) for i in positions(s, "license")) if n is not None]
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

    # ---- nouns

    def noun(self, s: Sentence, i: int) -> Noun | None:
        """Return the license noun at unit `i`, or None when it is another thing ("driving license", "license fee")."""
        unit = s.units[i]
        nominal = next((t for t in unit.tags if not t.form and t.cls.startswith("license")), None)
        if nominal is None or unit.kind:
            return None
        words = self.grammar.words
        before = s.units[i - 1] if i else None
        after = s.units[i + 1] if i + 1 < len(s.units) else None
        if nominal.cls == "license" and unit.tag("license.allow") and after is not None and after.kind:
            return None  # "permit" as a verb: "permits Example to ship"
        phrase = s.units[max(0, i - 3) : i]
        if any(u.low in words["not_license_before"] for u in phrase if not u.kind):
            self._reject(s, i, "license-other-kind", "a license of another kind than this ontology knows")
            return None
        if after is not None and after.low in words["not_license_after"]:
            return None
        first, possessor = i, None
        j = i - 1
        while j >= 0 and i - j <= 8:
            here = s.units[j]
            if here.text in {"'s", "’s", "'", "’"}:
                possessor = j - 1
                break
            if here.low in {"its", "their"}:
                possessor = j
                break
            if not (
                here.kind in MATERIALS or here.kind in {"Quantity", "Duration"} or here.demonym or here.text == "-"
                or (here.is_word and not here.kind and not any(t.form and t.form != "ing" for t in here.tags)
                    and here.low not in words["prepositions"] | words["auxiliaries"] | words["clause_openers"] | {"and", "that", "to"})
            ):  # fmt: skip
                break
            first = j
            j -= 1
        if possessor is None and first and s.units[first - 1].kind == FIRM and before is not None:
            possessor = None
        kind, inferred = self._kind(s, first, i, nominal.cls)
        return Noun(i, first, kind, possessor, inferred) if kind else None

    def _kind(self, s: Sentence, first: int, at: int, cls: str) -> tuple[str, bool]:
        phrase = s.units[first:at]
        texts = {u.low for u in phrase}
        general = "General" if "general" in texts else ""
        for word, kind in _KINDS:
            if any(u.has(word) for u in phrase):
                return (general + kind if kind == "ExportLicense" else kind), False
        _, right = self.grammar.clause(s, at)
        behind = s.units[at + 1 : right]
        if any(u.has("export") or u.has("word.export") or u.has("destination-noun") for u in behind[:8]):
            return general + "ExportLicense", False
        if any(u.has("word.mining") for u in behind[:6]):
            return "MiningLicense", False
        if any(u.kind in MATERIALS for u in phrase) or (self.about_exports and cls != "license.application"):
            soft = cls == "license.soft" and not any(u.kind in MATERIALS for u in (*phrase, *behind[:5]))
            return ("" if soft else general + "ExportLicense"), True
        hard = cls == "license" and self.about_materials
        return ("License" if hard else ""), True

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
        return self._event(s, frame.id, group.tag.action, kind, found, region, stance, speech, noun)

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
            return before[-1] if before else None
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
        for i in range(start, right):
            if not self._nominal_actor(s, i) or i in served:
                continue
            preposition = self.grammar.governed(s, i, start)
            role = frame.slots.get(preposition, "")
            if role and not self.grammar.possessive(s, i):
                out.extend(self._fill(role, s, i, supplied=preposition))
        left, _ = self.grammar.clause(s, group.verb)
        out += [
            _named("beneficiary", s.units[i])
            for i in sorted(served)
            if s.units[i].kind == FIRM and left <= i < right and any(a.kind == "UnnamedFirm" for a in out)
        ]
        if noun is not None and not any(a.role == "holder" for a in out):
            out.extend(self._unknown(s, frame, group, noun, subject))
        if noun is not None and noun.possessor is not None:
            role = "holder" if frame.subject != "holder" or frame.noun == "subject" else ""
            if role:
                out.extend(self._fill(role, s, noun.possessor))
        return _unique(out)

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
        )

    # ---- the event

    def _event(
        self, s: Sentence, rule: str, action: str, kind: str, roles: list[Argument], region: tuple[int, int],
        stance: Stance, speech: Speech | None, noun: Noun | None,
    ) -> Event | None:  # fmt: skip
        low, high = region
        holders = [a for a in roles if a.role == "holder"]
        counted = noun is not None and any(u.kind == "Quantity" for u in s.units[noun.first : noun.at])
        if not holders and not (counted and any(a.role == "issuer" for a in roles)):
            self._reject(s, noun.at if noun else low, rule, "no holder is named or described")
            return None
        arguments = [*roles, *self._details(s, low, high, action, noun, speech)]
        anchor = s.units[noun.at if noun else low]
        arguments.append(
            Argument("kind", "Class", anchor.text, anchor.start, anchor.end, value=kind,
                     inferred=bool(noun and noun.inferred), derivation="topic of the article" if noun and noun.inferred else "")
        )  # fmt: skip
        speaker = speaker_argument(self.grammar, s, speech, self._named)
        if speaker is not None and speaker.kind == "UnnamedSource":
            speaker = replace(speaker, text=self.text[speaker.start : speaker.end])
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

    def _named(self, s: Sentence, i: int) -> tuple[str, str, str]:
        found = self.coreference.refer(s, i)
        return (found.kind, found.name, found.via) if found else ("", "", "")

    def _details(
        self, s: Sentence, low: int, high: int, action: str, noun: Noun | None, speech: Speech | None
    ) -> list[Argument]:
        out = self.arguments.destinations(s, low, high)
        out += self.arguments.materials("material", s, low, high)
        out += self.arguments.times(s, low, high, speech)
        if noun is not None:
            for unit in s.units[noun.first : noun.at + 1]:
                if unit.amount is not None and unit.amount.kind == "count":
                    out.append(replace(quantity("count", unit), unit="license"))
        for unit in self.arguments.durations(s, low, high):
            near = {u.low for u in s.units[max(0, low - 2) : high]}
            if (
                near
                & {"valid", "validity", "license", "licenses", "licence", "licences", "permit", "permits"}
                and unit.date is not None
            ):
                out.append(
                    Argument(
                        "validity", "Duration", unit.text, unit.start, unit.end, value=unit.date.duration
                    )
                )
        _, right = self.grammar.clause(s, low)
        for unit in s.units[low:]:
            if unit.has("undisclosed") and any(
                u.low in {"destinations", "destination", "countries", "markets"} for u in s.units[low:]
            ):
                out.append(Argument("undisclosed", "Text", unit.text, unit.start, unit.end, value="true"))
        open_list = [u for u in s.units[low:high] if u.has("enumeration")]
        places = [a for a in out if a.role == "destination"]
        if places and open_list and open_list[0].start < places[0].start:
            out.append(
                Argument(
                    "open_list", "Text", open_list[0].text, open_list[0].start, open_list[0].end, value="true"
                )
            )
        return out

    def _reject(self, s: Sentence, i: int, rule: str, reason: str) -> None:
        self.rejections.append(Rejection(s.start, s.end, self.text[s.start : s.end], rule, reason))


def _named(role: str, unit: Unit) -> Argument:
    return Argument(role, unit.kind, unit.text, unit.start, unit.end, unit.name, derivation=unit.via)


def _unique(arguments: list[Argument]) -> list[Argument]:
    seen: dict[tuple[str, int, int, str], Argument] = {}
    for argument in arguments:
        seen.setdefault((argument.role, argument.start, argument.end, argument.name), argument)
    return list(seen.values())
