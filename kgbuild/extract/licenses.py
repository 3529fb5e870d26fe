"""License events: who got, asked for, was refused or lost which license, from whom, for where and what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.frames import Frame, load_frames
from kgbuild.extract.grammar import Grammar, VerbGroup, positions
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.license_context import LicenseContext
from kgbuild.extract.license_events import LicenseEvents, Told
from kgbuild.extract.license_mentions import LicenseMentions, singled_out
from kgbuild.extract.license_nouns import LicenseNouns, Noun
from kgbuild.extract.license_roles import LicenseRoles, Scene
from kgbuild.extract.license_terms import LicenseTerms
from kgbuild.extract.stance import Speech, Stance, doubted, find_speech, stance_of
from kgbuild.extract.units import FIRM, Sentence
from kgbuild.model import Argument, Event, Rejection


class Licenses:
    """Finds license events in the sentences of one article."""

    def __init__(
        self, text: str, grammar: Grammar, coreference: Coreference, *,
        sentences: Sequence[Sentence], makers: Mapping[str, str],
    ) -> None:  # fmt: skip
        self.text = text
        self.grammar = grammar
        self.coreference = coreference
        self.arguments = Arguments(grammar, coreference, text)
        self.terms = LicenseTerms(grammar, self.arguments)
        self.roles = LicenseRoles(text, grammar, self.arguments, makers)
        self.context = LicenseContext(grammar, coreference, self.roles)
        self.nouns = LicenseNouns(grammar, sentences)
        self.events = LicenseEvents(text, self.arguments, self.terms)
        self.mentions = LicenseMentions(
            grammar, self.arguments, self.roles, self.context, self.nouns, self.events
        )

    @property
    def rejections(self) -> list[Rejection]:
        """Return what was looked at and refused so far."""
        return self.events.rejections

    def find(self, s: Sentence) -> list[Event]:
        """Return the license events of `s`; what is refused is added to `rejections`."""
        nouns = self.nouns.all(s)
        events = self._find(s, nouns)
        if not events:
            named = self.context.members_named(s)
            if named is not None:
                events = [named]
        self.context.remember(s, nouns, events)
        if not events:
            later = self.terms.later(s, self.context.told) if self.context.told is not None else None
            return [later] if later is not None else []
        if any(e.action == "denied" and e.polarity == "affirmed" for e in events):
            # "refused to extend the license" is a refusal, not also a renewal that did not happen
            events = [e for e in events if e.polarity == "affirmed"]
        return events

    def _find(self, s: Sentence, nouns: list[Noun]) -> list[Event]:
        for i in positions(s, "license"):
            plain = not s.units[i].kind and any(t.cls == "license" for t in s.units[i].tags)
            if plain and self.nouns.other_kind(s, i):
                self.events.reject(
                    s, "license-other-kind", "a license of another kind than this ontology knows"
                )
        events: list[Event] = []
        self.context.here = events
        seen = len(self.events.rejections)
        reading = sorted([*nouns, *self.context.anaphors(s, nouns)], key=lambda n: n.at)
        done: set[int] = set()
        for again in (False, True):  # "revoked licenses granted to X": the second verb tells who held them
            del self.events.rejections[seen:]
            for i in positions(s, "license"):
                found = self._at_verb(s, i, reading) if i not in done else []
                done.update([i] if found else [])
                events.extend([_undated(e) for e in found] if again else found)
            if not events:
                break
        used = bool(events)
        events.extend(self.mentions.waiting(s, nouns))
        events.extend(self.mentions.among(s))
        for noun in reading:
            if not used or noun.anaphor:
                event = self.mentions.had(s, noun) or (
                    None if events or noun.anaphor else self.mentions.possessed(s, noun)
                )
                if event is not None:
                    events.append(event)
                    used = True
        if nouns and not events and len(self.events.rejections) == seen:
            self.events.reject(s, "license-none", "no frame names a holder or an issuer for it")
        return events

    # ---- frames

    def _at_verb(self, s: Sentence, i: int, nouns: list[Noun]) -> list[Event]:
        """Return the events of the verb at unit `i`; the first frame that fits wins."""
        for tag in self.grammar.tags_at(s, i, "license"):
            if not self._is_verb(s, i, tag):
                continue
            group = self.grammar.verb_group(s, i, tag)
            for frame in load_frames():
                if tag.cls != frame.verbs and not tag.cls.startswith(frame.verbs + "."):
                    continue
                event = self._match(s, frame, group, nouns)
                if event is not None:
                    return [event, *self.context.gapped(s, i, event)]
        return []

    @staticmethod
    def _is_verb(s: Sentence, i: int, tag: Tag) -> bool:
        """Return whether a word that is a license noun or an adjective as well is a verb here."""
        before = s.units[i - 1] if i else None
        after = s.units[i + 1] if i + 1 < len(s.units) else None
        noun = any(not t.form and t.cls == "license" for t in s.units[i].tags)
        auxiliary = before is not None and before.low in {
            "to",
            "will",
            "would",
            "not",
            "may",
            "can",
            "could",
            "might",
        }
        if noun and tag.form in {"base", "third"}:
            receiver = after is not None and (
                after.kind not in {"", "Time", "Duration", "Ticker", "Quantity"}
                or after.low in {"it", "them"}
            )
            return auxiliary or (receiver and any(u.low == "to" for u in s.units[i + 2 : i + 9]))
        if tag.id in {"license-allow", "licence-allow"}:
            if tag.form == "ing":
                return before is not None and before.low in {
                    "is",
                    "are",
                    "was",
                    "were",
                    "began",
                    "started",
                    "be",
                }
            adjective = after is not None and after.has("role")
            return not adjective
        return True

    def _match(self, s: Sentence, frame: Frame, group: VerbGroup, nouns: list[Noun]) -> Event | None:
        verb = group.verb
        left, right = self.grammar.clause(s, verb)
        subject = self.mentions.subject(s, group)
        noun = self._noun_for(s, frame, nouns, group, left, right)
        if noun is None and frame.noun != "infinitive":
            return None
        passive = group.passive or self._reduced(s, frame, group, noun, subject)
        if passive != (frame.voice == "passive"):
            return None
        object_high, region = right, (min(verb, noun.first) if noun else verb, right)
        if frame.noun == "infinitive":
            opened = self._infinitive(s, verb, right)
            if opened is None:
                return None
            object_high, region = opened, (opened, right)
        elif noun is not None and frame.noun != "subject":
            object_high = max(noun.at, verb)
        stance = self._stance(s, frame, group, subject)
        if stance.refused:
            self.events.reject(s, frame.id, stance.refused)
            return None
        speech = find_speech(self.grammar, s, verb)
        scene = Scene(s, frame, group, noun, subject, right)
        found = self.roles.find(scene, object_high)
        found += self._elsewhere(scene, found, speech)
        told = Told(noun, verb, region, stance, speech)
        return self.events.event(s, frame.id, group.tag.action, found, told)

    def _stance(self, s: Sentence, frame: Frame, group: VerbGroup, subject: list[int]) -> Stance:
        stance = doubted(s, group, stance_of(self.grammar, s, group, subject))
        if frame.certainty == "actual" and not stance.refused:
            # an application that will be reviewed is pending today
            return replace(stance, certainty="actual") if stance.certainty != "in-principle" else stance
        if group.infinitive and stance.certainty in {"possible", "planned"} and singled_out(s, group):
            return replace(stance, certainty="actual")
        due = frame.verbs == "license.lapse" and group.tag.form in {"base", "third", "ing"}
        if due and s.kind != "headline" and stance.certainty == "actual":
            return replace(stance, certainty="planned")  # "its license expires in December"
        if frame.certainty and stance.certainty == "actual":
            return replace(stance, certainty=frame.certainty)
        return stance

    def _elsewhere(self, scene: Scene, found: list[Argument], speech: Speech | None) -> list[Argument]:
        """Return holders that stand outside the clause.

        Behind a colon, in an earlier sentence, or the speaker.
        """
        s, frame, noun = scene.s, scene.frame, scene.noun
        holders = [a for a in found if a.role == "holder"]
        listed = self.context.listed_behind(s, scene.right, holders)
        if listed:
            if all(h.value in {"", str(len(listed))} for h in holders):
                found[:] = [a for a in found if a.role != "holder"]
            return listed
        if holders or noun is None or frame.noun == "infinitive":
            return []
        loses = frame.verbs in {
            "license.deny",
            "license.revoke",
            "license.lapse",
            "license.await",
            "license.review",
        }
        told = self.context.holders(s, noun, also_salient=loses or scene.group.tag.action == "renewed")
        if told or not loses or any(a.role == "issuer" for a in found):
            return told
        return self.mentions.teller(s, speech, noun)

    def _reduced(
        self, s: Sentence, frame: Frame, group: VerbGroup, noun: Noun | None, subject: list[int]
    ) -> bool:
        """Return whether a bare past form is a passive.

        "permits granted to X", headline "X granted permits".
        """
        if group.passive or group.tag.form not in {"past", "participle"} or group.first != group.verb:
            return False
        if noun is not None and noun.at < group.verb:
            if self._own_clause(s, noun, subject):
                return False  # "a license that X obtained"
            return frame.verbs not in {"license.lapse", "license.go"}
        gives = frame.verbs in {"license.give", "license.deny"}
        if gives and subject and noun is not None and not noun.shipment:
            return all(s.units[h].kind == FIRM or s.units[h].has("role") for h in subject)
        bare = frame.noun == "infinitive" and s.kind == "headline" and bool(subject)
        return bare and all(s.units[h].kind == FIRM for h in subject)

    def _noun_for(
        self, s: Sentence, frame: Frame, nouns: list[Noun], group: VerbGroup, left: int, right: int
    ) -> Noun | None:
        behind = [n for n in nouns if group.verb < n.at < right]
        before = [n for n in nouns if left <= n.at < group.first]
        particle = group.tag.cls[len(frame.verbs) + 1 :]
        if frame.noun == "object":
            if self._does_another(s, group):
                return None
            if not behind:
                outer = before or [n for n in nouns if left - 3 <= n.at < left]
                return self._relative_object(s, frame, group, outer)
            governor = self.nouns.governor(s, behind[0], group.verb)
            through = {"", "with"} if frame.verbs == "license.give" else {""}  # "provided X with a license"
            fits = governor == particle if particle else governor in through
            return behind[0] if fits else None
        if frame.noun == "subject":
            return self._noun_of_subject(s, nouns, before, group, left)
        if frame.noun == "shipment":
            return self.nouns.shipment(s, group.verb + 1, min(right, group.verb + 9))
        if frame.noun == "shipment-subject":
            return self.nouns.shipment(s, max(left, group.first - 9), group.first)
        if frame.noun == "context" and self.context.near(s, nouns):
            kind = self.context.near(s, nouns)
            return Noun(group.verb, group.verb, kind, None, inferred=True, anaphor=True)
        return None

    def _noun_of_subject(
        self, s: Sentence, nouns: list[Noun], before: list[Noun], group: VerbGroup, left: int
    ) -> Noun | None:
        """Return the license noun that heads what stands before a verb."""
        before = [n for n in before if not self.nouns.governor(s, n, left - 1)]
        reported = [i for i in range(left, group.first) if s.units[i].has("report-noun")]
        if reported and s.units[reported[0] + 1].low == "that":
            return None  # "reports that X had obtained licenses were denied"
        if not before and left and s.units[left].low in {"which", "that"}:
            before = [n for n in nouns if left - 8 <= n.at < left]  # "its license, which was renewed"
        owned = [n for n in before if n.possessor is not None]
        return (owned or before)[-1] if before else None

    def _relative_object(
        self, s: Sentence, frame: Frame, group: VerbGroup, before: list[Noun]
    ) -> Noun | None:
        """Return the license in front of its own clause.

        "the quotas they were given", "a permit that X received".
        """
        if not before or frame.subject != "holder":
            return None
        return before[-1] if self._own_clause(s, before[-1], self.grammar.subject(s, group)) else None

    def _own_clause(self, s: Sentence, noun: Noun, subject: list[int]) -> bool:
        """Return whether a subject opens a clause right behind a license noun.

        "the permit (that) X received".
        """
        start = self.grammar.describe(s, subject[0]).first if subject else -1
        near = noun.at + 1
        while near < start and s.units[near].low in {",", "that", "which"}:
            near += 1
        return start == near

    @staticmethod
    def _does_another(s: Sentence, group: VerbGroup) -> bool:
        """Return whether a verb of refusing governs something else than a license.

        "declined to discuss its license".
        """
        if group.verb + 2 >= len(s.units):
            return False
        behind = s.units[group.verb + 1]
        if group.tag.cls.startswith("license.deny") and (
            behind.low in {"that", "having"} or behind.has("report-noun")
        ):
            return True  # "denied that it had granted licenses"
        if behind.low != "to":
            return False
        following = s.units[group.verb + 2]
        licenses = (
            following.has("license.give") or following.has("license.get") or following.has("license.allow")
        )
        return bool(any(t.form == "base" for t in following.tags) or not following.kind) and not licenses

    def _infinitive(self, s: Sentence, verb: int, right: int) -> int | None:
        """Return where "to export ..." opens behind an allowing verb."""
        for i in range(verb + 1, min(right, verb + 14)):
            if s.units[i].low == "for" and any(
                u.has("word.export") or u.has("word.import") for u in s.units[i + 1 : i + 3]
            ):
                return i  # "cleared for export"
            if s.units[i].low != "to":
                continue
            j = i + 1
            while j < right and s.units[j].low in self.grammar.words["adverbs"] | {"directly", "once"}:
                j += 1
            trades = s.units[j].has("export") or s.units[j].has("import") if j < right else False
            if trades and any(t.form == "base" for t in s.units[j].tags):
                aspect = s.units[j].has("export.aspect")
                if not aspect or any(u.has("word.export") or u.has("export") for u in s.units[j + 1 : j + 5]):
                    return i
        return None


def _undated(event: Event) -> Event:
    """Return an event without its date, where another verb of the sentence may own that."""
    return replace(event, arguments=tuple(a for a in event.arguments if a.role != "date"))
