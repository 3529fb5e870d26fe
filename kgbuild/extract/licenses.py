"""License events: who got, asked for, was refused or lost which license, from whom, for where and what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.frames import Frame, load_frames
from kgbuild.extract.grammar import Grammar, VerbGroup, positions
from kgbuild.extract.license_acts import LicenseActs
from kgbuild.extract.license_anaphors import LicenseAnaphors
from kgbuild.extract.license_bare import LicenseBare
from kgbuild.extract.license_clearances import LicenseClearances
from kgbuild.extract.license_context import LicenseContext
from kgbuild.extract.license_events import LicenseEvents, Told, settled, undated, without_holding
from kgbuild.extract.license_intake import LicenseIntake
from kgbuild.extract.license_items import LicenseItems
from kgbuild.extract.license_likewise import likewise
from kgbuild.extract.license_lists import LicenseLists
from kgbuild.extract.license_mentions import LicenseMentions
from kgbuild.extract.license_nouns import LicenseNouns, Noun
from kgbuild.extract.license_parts import LicenseParts
from kgbuild.extract.license_projects import LicenseProjects
from kgbuild.extract.license_quotas import LicenseQuotas
from kgbuild.extract.license_roles import LicenseRoles
from kgbuild.extract.license_scenes import Scene
from kgbuild.extract.license_stance import stance_of_act
from kgbuild.extract.license_states import LicenseStates
from kgbuild.extract.license_terms import LicenseTerms
from kgbuild.extract.license_topics import LicenseTopics, given_away, unread
from kgbuild.extract.license_verbs import (
    WANTS,
    another_verb,
    demanded,
    describes_lost,
    does_another,
    is_glad,
    is_license_verb,
    opens_export,
    own_clause,
    papers_for,
    private,
    seen_closer,
)
from kgbuild.extract.license_words import asked_for, site_taken, suits
from kgbuild.extract.stance import Speech, find_speech
from kgbuild.extract.units import FIRM, Sentence
from kgbuild.model import Argument, Event, Rejection

_LOSES = frozenset(f"license.{act}" for act in ("deny", "revoke", "lapse", "await", "review"))


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
        self.projects = LicenseProjects(grammar, coreference, sentences)
        self.roles = LicenseRoles(text, grammar, self.arguments, makers, self.projects)
        self.roles.subjects.sentences = sentences
        self.context = LicenseContext(grammar, coreference, self.roles)
        self.anaphors = LicenseAnaphors(grammar, self.context)
        self.nouns = LicenseNouns(grammar, sentences)
        self.topics = LicenseTopics(grammar, sentences)
        self.events = LicenseEvents(text, self.arguments, self.terms)
        self.clearances = LicenseClearances(
            grammar, self.arguments, self.roles, self.context, self.nouns, self.events
        )
        self.lists = LicenseLists(grammar, self.roles, self.context, self.nouns, self.events)
        self.mentions = LicenseMentions(
            grammar, self.arguments, self.roles, self.context, self.nouns, self.events
        )
        self.mentions.topics = self.topics
        self.parts = LicenseParts(grammar, self.roles, self.events)
        self.bare = LicenseBare(grammar, self.roles, self.context, self.events)
        self.items = LicenseItems(grammar, coreference, self.roles, self.context, self.events)
        self.quotas = LicenseQuotas(grammar, self.events)
        self.intake = LicenseIntake(grammar, self.roles, self.events)
        self.states = LicenseStates(grammar, self.roles, self.context, self.events)
        self.acts = LicenseActs(grammar, self.arguments, self.roles, self.context, self.projects, self.events)

    @property
    def rejections(self) -> list[Rejection]:
        """Return what was looked at and refused so far."""
        return self.events.rejections

    def find(self, s: Sentence) -> list[Event]:
        """Return the license events of `s`; what is refused is added to `rejections`."""
        nouns = self.nouns.all(s)
        self.roles.subjects.last = self.context.last(s, 2)
        events = self.events.headed.add(self._find(s, nouns), self.coreference)
        if not events:
            named = self.context.members_named(s) or self.lists.named(s)
            if named is not None:
                events = [named]
        spoken = self.context.spoken(s) is not None
        self.context.remember(s, nouns, events)
        self.roles.groups.remember(events)
        told = self.context.told
        if told is not None and not any(e.polarity == "affirmed" and e.certainty == "actual" for e in events):
            later = self.terms.later(s, told, spoken=spoken)
            events = [*events, *([later] if later is not None else [])]
        events = self.quotas.shared_out(s, settled(without_holding(s, events)))
        if any(e.action == "denied" and e.polarity == "affirmed" for e in events):
            # "refused to extend the license" is a refusal, not also a renewal that did not happen
            events = [e for e in events if e.polarity == "affirmed"]
            actual = any(e.action == "denied" and e.certainty == "actual" for e in events)
            events = [e for e in events if not actual or e.action != "denied" or e.certainty == "actual"]
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
        reading = sorted([*nouns, *self.anaphors.find(s, nouns)], key=lambda n: n.at)
        listed, done = self.lists.find(s, nouns)
        for again in (False, True):  # "revoked licenses granted to X": the second verb tells who held them
            del self.events.rejections[seen:]
            for i in positions(s, "license"):
                found = self._at_verb(s, i, reading) if i not in done else []
                done.update([i] if found else [])
                events.extend([undated(e) for e in found] if again else found)
            if not events:
                break
        events.extend(listed)
        used = bool(events)
        events.extend(self.states.find(s, nouns))
        if not events:
            item = self.acts.item(s)
            events.extend([item] if item is not None else self.acts.find(s, nouns))
            events.extend(self.items.find(s, nouns) if not events else [])
            events.extend(self.quotas.find(s, nouns))
            events.extend(self.intake.find(s, nouns) if not events else [])
            used = bool(events)
        else:
            events.extend(self.acts.ended(s, nouns))
        events.extend(self.parts.find(s, nouns, events))
        events.extend(self.mentions.waiting(s, nouns))
        events.extend(self.mentions.among(s))
        events.extend(self.bare.find(s, nouns, events))
        if not events:
            events.extend(self.clearances.find(s))
            used = bool(events)
        for noun in reading:
            if not used or noun.anaphor:
                event = self.mentions.had(s, noun) or (
                    None
                    if events or noun.anaphor or self._doubtful(s, noun, seen)
                    else self.mentions.possessed(s, noun)
                )
                if event is not None:
                    events.append(event)
                    used = True
        if nouns and not events and len(self.events.rejections) == seen:
            self.events.reject(s, "license-none", "no frame names a holder or an issuer for it")
        return events

    def _doubtful(self, s: Sentence, noun: Noun, seen: int) -> bool:
        """Return whether "its license" is what a verb that found no holder tells of: whose it is is open."""
        own = noun.possessor is not None and s.units[noun.possessor].low in {"its", "their"}
        lacking = any("no holder" in r.reason for r in self.events.rejections[seen:])
        return own and lacking

    # ---- frames

    def _at_verb(self, s: Sentence, i: int, nouns: list[Noun]) -> list[Event]:
        """Return the events of the verb at unit `i`; the first frame that fits wins."""
        for tag in self.grammar.tags_at(s, i, "license"):
            if not is_license_verb(s, i, tag) or (tag.cls == "license.allow" and describes_lost(s, i, nouns)):
                continue
            group = self.grammar.verb_group(s, i, tag)
            for frame in load_frames(self.grammar.lexicon):
                if tag.cls != frame.verbs and not tag.cls.startswith(frame.verbs + "."):
                    continue
                event = self._match(s, frame, group, nouns)
                if event is not None:
                    same = likewise(self.grammar, s, i, event)
                    return [event, *self.context.gapped(s, i, event), *same]
        return []

    def _match(self, s: Sentence, frame: Frame, group: VerbGroup, nouns: list[Noun]) -> Event | None:
        verb = group.verb
        left, right = self.roles.subjects.clause(s, group)
        subject = self.mentions.subject(s, group)
        noun = self._noun_for(s, frame, nouns, group, left, right)
        if noun is None and frame.noun != "infinitive":
            return None
        if noun is not None and not suits(s, frame.verbs, group.tag.id, noun.at, anaphor=noun.anaphor):
            return None
        passive = group.passive or self._reduced(s, frame, group, noun, subject)
        if passive != (frame.voice == "passive"):
            return None
        told_before = noun is not None and noun.at < left  # in a clause with times of its own
        low = verb if noun is None or told_before else min(verb, noun.first)
        object_high, region = right, (low, right)
        if frame.noun == "infinitive":
            opened = opens_export(self.grammar, s, verb, right)
            if opened is None or any(verb < n.at < opened and not n.anaphor for n in nouns):
                return None  # "approved a license for X to ship": the license is the object
            object_high, region = opened, (opened, right)
        elif noun is not None and frame.noun != "subject":
            object_high = max(noun.at, verb)
        stands = noun.at if noun is not None and noun.anaphor and noun.at < verb else 0
        stands -= stands > 1 and s.units[stands - 1].low in {"not", "but not"}
        inside = [h for h in subject if h >= left or h > verb] or ([stands - 1] if stands else [])
        stance = stance_of_act(self.grammar, s, frame, group, inside)
        if group.infinitive and self.nouns.asked(s, left, group.first):
            stance = replace(stance, refused="what a request is for is not done")
        wanted = not group.passive and any(u.low in WANTS for u in s.units[left:verb])
        asked = wanted and demanded(self.grammar, s, left, group)
        if asked or (passive and (wanted or s.units[group.first].low == "be")):  # "demand that it be"
            stance = replace(stance, refused="what somebody wants is not done")
        stance = seen_closer(s, frame.id, stance, group, (left, right), nouns)
        if frame.subject == "issuer" and private(self.arguments, s, frame.verbs, subject, noun):
            stance = replace(stance, refused="a license that a firm gives or takes is none of a state")
        if stance.refused:
            self.events.reject(s, frame.id, stance.refused)
            return None
        speech = find_speech(self.grammar, s, verb)
        scene = Scene(s, frame, group, noun, subject, right)
        found = self.roles.find(scene, object_high)
        found += self._elsewhere(scene, found, speech)
        told = Told(noun, verb, region, stance, speech)
        action = group.tag.action
        if noun is not None and action == "granted" and frame.verbs in {"license.give", "license.get"}:
            action = "renewed" if self.nouns.renewed(s, noun, verb) else action
        return self.events.event(s, frame.id, action, found, told)

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
        among = self.context.among_whom(s, scene.group.verb) if frame.subject == "holder" else []
        if among and all(h.kind != FIRM for h in holders):
            found[:] = [a for a in found if a.role != "holder"]
            return among
        if all(h.kind != FIRM for h in holders):
            group = self._group(scene, holders)
            if group:
                found[:] = [a for a in found if a.role != "holder"]
                return group
        if holders or noun is None or frame.noun == "infinitive":
            return []
        if frame.subject == "holder" and frame.noun != "subject" and unread(self.grammar, s, scene):
            return []  # "his partner handed in the forms": a subject that no rule can name
        if given_away(self.grammar, scene):
            return []  # "was granted to the vendor"
        loses = frame.verbs in _LOSES
        none = frame.verbs == "license.give" and s.units[noun.at].low == "none"
        told = self.context.holders(
            s, noun, also_salient=none or loses or scene.group.tag.action == "renewed"
        )
        told_by = not noun.kind.endswith("ExportLicense") and frame.verbs == "license.give"
        issued = any(a.role == "issuer" for a in found)
        glad = is_glad(s, noun)
        if (glad or not told) and (loses or told_by or glad) and not (issued and not told_by and not glad):
            told = self.mentions.teller(s, speech, noun) or told
        if told or frame.subject == "holder":
            return told
        return self.topics.holder(s, noun, self.context.told_of)

    def _group(self, scene: Scene, holders: list[Argument]) -> list[Argument]:
        """Return the firms of a list told before that "the four" means as holder: it, or "their" permits."""
        s, frame, noun = scene.s, scene.frame, scene.noun
        left, _ = self.grammar.clause(s, scene.group.verb)
        if noun is not None and noun.possessor is not None and not holders:
            plural = s.units[noun.possessor].low == "their"
            return self.roles.groups.members(s, 0, noun.first) if plural else []
        if frame.subject == "holder" and frame.noun != "subject":
            return self.roles.groups.members(s, left, scene.group.first)
        return self.roles.groups.members(s, scene.group.verb, scene.right) if holders else []

    def _reduced(
        self, s: Sentence, frame: Frame, group: VerbGroup, noun: Noun | None, subject: list[int]
    ) -> bool:
        """Return whether a bare past form is a passive.

        "permits granted to X", headline "X granted permits".
        """
        if group.passive or group.tag.form not in {"past", "participle"} or group.first != group.verb:
            return False
        if noun is not None and noun.at < group.verb:
            if own_clause(self.grammar, s, noun, subject):
                return False  # "a license that X obtained"
            return frame.verbs not in {"license.lapse", "license.go", "license.come", "license.file"}
        gives = frame.verbs in {"license.give", "license.deny"}
        if gives and subject and noun is not None and not noun.shipment:
            return all(s.units[h].kind == FIRM or s.units[h].has("role") for h in subject)
        bare = frame.noun == "infinitive" and s.kind == "headline" and bool(subject)
        return bare and all(s.units[h].kind == FIRM for h in subject)

    def _noun_for(
        self, s: Sentence, frame: Frame, nouns: list[Noun], group: VerbGroup, left: int, right: int
    ) -> Noun | None:
        behind = [n for n in nouns if group.verb < n.at < right]
        before = [n for n in nouns if left <= n.at < (group.verb if n.anaphor else group.first)]
        if frame.noun == "object":
            outer = before or [n for n in nouns if left - 3 <= n.at < left]
            return None if does_another(s, group) else self._noun_of_object(s, frame, group, behind, outer)
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

    def _noun_of_object(
        self, s: Sentence, frame: Frame, group: VerbGroup, behind: list[Noun], outer: list[Noun]
    ) -> Noun | None:
        """Return the license that a verb governs, or that stands in front of its relative clause."""
        particle = group.tag.cls[len(frame.verbs) + 1 :]
        if not behind:
            digs = particle == "of" and "MiningLicense" in self.nouns.kinds
            site = site_taken(s, group.verb) if digs else 0
            if site:  # "was stripped of Imouraren"
                return Noun(site, site, "MiningLicense", None, inferred=True)
            return self._relative_object(s, frame, group, outer)
        opened = behind[0].first if behind[0].possessor is None else behind[0].possessor
        beside = s.units[opened].low == "it" and opened != group.verb + 1
        if beside or another_verb(self.grammar, s, group.verb, opened):
            return None  # "obtained a loan and expects its permit"
        one = not s.units[behind[0].at].low.endswith("s")
        own_that = one and opened == group.verb + 2  # "issued that permit"
        if any(u.low in {"that", "whether"} for u in s.units[group.verb + 1 : opened - own_that]):
            return None  # "received word that licenses had been granted"
        inner = [t.cls for u in s.units[group.verb + 1 : opened] for t in u.tags if t.form == "ing"]
        if any(c.startswith("license.") and not c.startswith(frame.verbs) for c in inner):
            return None  # "issued a decision rejecting the license application"
        apposed = any(u.text == "," for u in s.units[group.verb + 1 : opened])
        if apposed and self.nouns.shipment(s, group.verb + 1, opened) is not None:
            return None  # "approved exports to X, the first such license"
        governor = self.nouns.governor(s, behind[0], group.verb)
        through = {"", "with"} if frame.verbs == "license.give" else {""}  # "provided X with a license"
        if frame.verbs == "license.apply" and papers_for(s, behind[0], group.verb):
            through = {*through, "for"}
        fits = governor == particle if particle else governor in through
        return behind[0] if fits else None

    def _noun_of_subject(
        self, s: Sentence, nouns: list[Noun], before: list[Noun], group: VerbGroup, left: int
    ) -> Noun | None:
        """Return the license noun that heads what stands before a verb."""
        low = left if s.units[left].low in self.grammar.words["clause_openers"] else left - 1
        before = [
            n for n in before
            if not self.nouns.governor(s, n, low) and not self.nouns.aside(s, n, group.first)
        ]  # fmt: skip
        reported = [i for i in range(left, group.first) if s.units[i].has("report-noun")]
        asked = [i for i in range(left, group.first) if s.units[i].low.endswith("whether")]
        before = [n for n in before if not any(n.at < i for i in asked) and not asked_for(s, n.first, left)]
        if reported and s.units[reported[0] + 1].low == "that":
            return None  # "reports that X had obtained licenses were denied"
        if not before and left and s.units[left].low == "but" and group.first == left + 1:
            before = [n for n in nouns if n.at < left]  # "was to expire but has been renewed"
        if not before and left and s.units[left].low in {"which", "that"}:
            before = [n for n in nouns if left - 8 <= n.at < left]  # "its license, which was renewed"
        if not before and group.first > 2 and s.units[group.first - 1].text == ",":
            opened = next((k for k in range(group.first - 2, 0, -1) if s.units[k].text == ","), 0)
            before = [n for n in nouns if n.at == opened - 1]  # "the permit, as expected, was granted"
        owned = [n for n in before if n.possessor is not None]
        return (owned or before)[-1] if before else None

    def _relative_object(
        self, s: Sentence, frame: Frame, group: VerbGroup, before: list[Noun]
    ) -> Noun | None:
        """Return the license in front of its own clause.

        "the quotas they were given", "a permit that X received".
        """
        if not before or (frame.subject != "holder" and frame.verbs != "license.give"):
            return None
        return before[-1] if own_clause(self.grammar, s, before[-1], self.grammar.subject(s, group)) else None
