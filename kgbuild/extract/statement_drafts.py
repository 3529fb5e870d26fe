"""Constructions of saying: which words of a sentence are the speaker, the verb and the content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.sources import Source, Sources
from kgbuild.extract.speech_words import SpeechWords, Trigger
from kgbuild.extract.statement_content import trimmed
from kgbuild.extract.statement_draft import Draft
from kgbuild.extract.statement_frame import Complement, Complements
from kgbuild.extract.units import Sentence
from kgbuild.model import Argument, Rejection

#: Cues before a verb of saying that make it no act of speech: "may say", "will announce", "did not say".
_UNSAID: Final = ("negation", "possible", "planned", "duty", "general", "undisclosed")
#: Nouns that stand for saying and take "that": action.
_NOUNS: Final = {
    "statement": "said", "remark": "said", "remarks": "said", "comment": "said", "comments": "said",
    "announcement": "announced", "claim": "said", "assertion": "said", "argument": "said",
    "warning": "warned", "warnings": "warned", "denial": "denied", "denials": "denied",
    "accusation": "accused", "accusations": "accused", "allegation": "accused", "allegations": "accused",
    "complaint": "accused", "complaints": "accused", "pledge": "pledged", "promise": "pledged",
    "assurance": "pledged", "assurances": "pledged", "forecast": "expected", "prediction": "expected",
}  # fmt: skip


class Drafts:
    """Finds who says what in the sentences of one article; to be asked in order of place."""

    def __init__(
        self,
        grammar: Grammar,
        coreference: Coreference,
        words: SpeechWords,
        sources: Sources,
        complements: Complements,
        quoted: Callable[[Sentence, int], bool],
    ) -> None:
        self.grammar = grammar
        self.coreference = coreference
        self._words = words
        self._sources = sources
        self._complements = complements
        self._quoted = quoted  #: whether a unit stands inside a direct quotation
        self.rejections: list[Rejection] = []

    def find(self, s: Sentence) -> list[Draft]:
        """Return the statements of `s` in order of their verbs, handed-on ones included."""
        triggers = [
            t for t in self._words.triggers(s)
            if not self._quoted(s, t.at) and (t.at == 0 or s.units[t.at].text[0].islower())
        ]  # fmt: skip
        drafts: list[Draft] = []
        for n, trigger in enumerate(triggers):
            later = triggers[n + 1 :]
            for draft in self._verb(s, trigger, drafts, later):
                drafts.append(draft)
                if draft.source is not None:
                    self._sources.remember(draft.source, s.index)
        drafts += self._according(s, drafts)
        drafts += self._noun(s, drafts)
        return drafts

    def _verb(self, s: Sentence, t: Trigger, before: list[Draft], later: list[Trigger]) -> list[Draft]:
        group = self.grammar.verb_group(s, t.at, t.tag)
        if self._unsaid(s, group, t):
            return []
        if group.passive:
            return self._passive(s, t, group)
        low = self._left(s, group.first, before)
        source = self._subject(s, t, group, low, before)
        if source is None:
            inverted = group.first > 0 and s.units[group.first - 1].text in {",", "”", '"'}
            if not inverted:
                self._reject(s, t, "nobody who can say something is the subject")
            return self._inverted(s, t, group) if inverted else []
        complement = self._complements.read(s, t, later)
        post = self._posted(s, t, source, complement, low)
        if post is not None:
            return [post, *self._goes_on(s, t, post, later)]
        if complement.content is None or self._object_relative(s, source, complement):
            return []
        hope = complement.action == "expected" and complement.kind == "to-own"
        if hope and source.argument.kind == "UnnamedSource":
            return []
        if source.phrase.relative:
            low, high = complement.content
            cut = next((k for k in range(low, high) if s.units[k].text == ","), high)
            complement.content = (low, max(cut, low + 1))
        return self._said(t, group, source, complement, shared=any(d.source is source for d in before))

    def _said(
        self, t: Trigger, group: VerbGroup, source: Source, c: Complement, *, shared: bool
    ) -> list[Draft]:
        """Return the statement of a verb with its complement; two of them where both sides say it."""
        if c.content is None:
            return []
        draft = Draft(
            c.action, f"statement-{c.kind}", source, t.at, c.content, _addressees(c), c.channel, c.times,
            c.certainty, group.first if shared else min(source.phrase.first, t.at), shared=shared,
        )  # fmt: skip
        if source.other is None or not c.mutual:
            return [draft]
        other = replace(source, argument=source.other, other=None)
        return [
            replace(draft, addressee=(replace(source.other, role="addressee"),)),
            replace(draft, source=other, addressee=(replace(source.argument, role="addressee"),)),
        ]

    def _subject(
        self, s: Sentence, t: Trigger, group: VerbGroup, low: int, before: list[Draft]
    ) -> Source | None:
        """Return who is the subject of a verb of saying, of its own or of the verb before."""
        if not group.first:
            return None
        previous = s.units[group.first - 1]
        last = before[-1].source if before else None
        if t.tag.form == "ing":
            return self._of_participle(s, t, group, last)
        if previous.low not in {"and", "but", "then", "or"}:
            return self._sources.before(s, low, group.first)
        told = before[-1].content if before else (0, 0)
        inner = any(u.low in {"which", "who"} for u in s.units[told[0] : group.first])
        if t.tag.form == "base" or (inner and previous.low == "and" and told[0] < group.first <= told[1] + 1):
            return None  # "said that the militia, which backs the junta and welcomed ...": its own subject
        return last or self._sources.opening(s, self._clause_start(s, group.first), group.first - 1)

    def _of_participle(self, s: Sentence, t: Trigger, group: VerbGroup, last: Source | None) -> Source | None:
        """Return who says what a participle tells: ", adding that", "a letter warning of"."""
        i = group.first - 1
        if t.verbs[0].id == "threaten" and s.units[i].low in {",", "and"}:
            return None  # ", threatening a shortage": what an act brings about
        if s.units[i].low in {"further", "also"} and i:
            i -= 1
        turned = last is not None and self._clause_start(s, group.first) > last.phrase.last
        if s.units[i].text in {",", "and"} and not turned and last is not None:
            return last  # not that of ", but others refused, fearing that ..."
        loose = s.units[i].text == "," or s.units[i].low in {"and", "while", "by", "after", "in"}
        near = s.units[max(0, t.at - 10) : t.at]
        if not loose and not any(self._words.is_noun(u.low, "message", "channel") for u in near):
            return None
        return self._sources.opening(s, self._clause_start(s, group.first), group.first)

    @staticmethod
    def _object_relative(s: Sentence, source: Source, c: Complement) -> bool:
        """Return whether the verb has its object before it: "the truce which A and B concluded"."""
        first = source.phrase.first
        before = s.units[first - 1].low if first else ""
        told = c.content is not None and s.units[c.content[0] - 1].low == "that"
        if before == "that" and first > 1:  # "reported that the lobby had warned": no relative
            verb = s.units[first - 2]
            told = told or verb.kind == "Time" or any(t.form for t in verb.tags) or verb.low.endswith("ed")
        return before in {"which", "that"} and c.kind != "object" and not told and not source.phrase.relative

    def _posted(self, s: Sentence, t: Trigger, source: Source, c: Complement, low: int) -> Draft | None:
        """Return a statement whose content stands before "..., X said"."""
        verb = t.taking("post", "quote", "post-denial")
        start = source.phrase.first
        border = s.units[start - 1] if start else None
        if verb is None or border is None or border.text not in {",", "”", '"', "—", "–"} or not c.closed:
            return None
        if source.phrase.relative:
            return None
        content = trimmed(s, low, start)
        if content[1] - content[0] < 2 or t.tag.form == "ing":
            return None
        content = self._over_insertion(s, t, content)
        return Draft(
            verb.action, "statement-post", source, t.at, content, _addressees(c), c.channel, c.times,
            "", content[0],
        )  # fmt: skip

    def _goes_on(self, s: Sentence, t: Trigger, post: Draft, later: list[Trigger]) -> list[Draft]:
        """Return what the speaker says behind the insertion: "..., it said, and its units will sue"."""
        start = t.after
        while start < len(s.units) and s.units[start].kind == "Time":
            start += 1
        if later or start + 4 >= len(s.units) or post.content[1] > t.at:
            return []
        if s.units[start].text != "," or s.units[start + 1].low != "and":
            return []
        content = trimmed(s, start + 2, self._complements.limits.end(s, start + 2, []))
        verbs = [i for i in range(*content) if self._sources.phrases.predicate(s, i)]
        if not verbs or verbs[0] == content[0]:
            return []
        return [replace(post, rule="statement-post-on", content=content, first=content[0], times=[])]

    def _over_insertion(self, s: Sentence, t: Trigger, content: tuple[int, int]) -> tuple[int, int]:
        """Return the whole of a sentence that "X said" only interrupts: "The cut, he added, was planned"."""
        ends = range(t.after, min(t.after + 4, len(s.units) - 1))
        comma = next((k for k in ends if s.units[k].text == ","), None)  # "he told investors, ..."
        quoted = any(u.text in {"”", '"'} for u in s.units[content[1] - 1 : t.at])
        if comma is None or quoted:
            return content  # "...,” he added, speaking from the plant": the quotation is whole
        following = s.units[comma + 1]
        verbs = any(self._sources.phrases.predicate(s, i) for i in range(*content))
        goes_on = following.low in {"unless", "if", "because", "once", "until"}
        if goes_on or (not verbs and following.low not in {"adding", "citing", "and", "but", "who", "which"}):
            return trimmed(s, content[0], self._complements.limits.end(s, comma + 1, []))
        return content

    def _inverted(self, s: Sentence, t: Trigger, group: VerbGroup) -> list[Draft]:
        """Return the statement of "..., said X"."""
        verb = t.taking("post", "quote")
        if verb is None or t.tag.form not in {"past", "third"} or group.first != t.at or t.rest:
            return []
        if t.taking("whom") is not None:
            return []  # nobody writes "..., told X"
        source = self._sources.after(s, t.after, len(s.units))
        content = trimmed(s, self._left(s, t.at, []), t.at)
        if source is None or content[1] - content[0] < 2:
            return []
        behind = source.phrase.last + 1
        if behind < len(s.units) and self._sources.phrases.predicate(s, behind):
            return []  # ", said nickel smelters are coming": what is said, not who
        complement = self._complements.around(s, source.phrase.last + 1)
        return [
            Draft(
                verb.action, "statement-inverted", source, t.at, content, (), complement.channel,
                complement.times, "", content[0],
            )
        ]  # fmt: skip

    def _passive(self, s: Sentence, t: Trigger, group: VerbGroup) -> list[Draft]:
        """Return the statement of "X was accused by Y of ..."."""
        verb = t.taking("whom-of")
        if verb is None or t.after >= len(s.units) or s.units[t.after].low != "by":
            return []
        of = next((k for k in range(t.after + 2, len(s.units)) if s.units[k].low == "of"), 0)
        source = self._sources.after(s, t.after + 1, of) if of else None
        if source is None:
            return []
        content = trimmed(s, of + 1, self._complements.limits.end(s, of + 1, []))
        return [Draft(verb.action, "statement-accused-by", source, t.at, content, first=group.first)]

    def _according(self, s: Sentence, drafts: list[Draft]) -> list[Draft]:
        """Return what is told "according to X"; where somebody else says it, X only reports it."""
        out = []
        for i, unit in enumerate(s.units):
            if unit.kind or unit.low not in {"according to", "per", "in the words of"}:
                continue
            if unit.low == "per" and (i == 0 or s.units[i - 1].text != ","):
                continue
            source = self._sources.after(s, i + 1, len(s.units))
            if source is None:
                continue
            inner = [d for d in drafts if d.source is not None and d.outer is None and d.verb < i]
            if inner:
                for draft in inner:
                    draft.outer = source
                    draft.content = (draft.content[0], min(draft.content[1], i - 1))
                continue
            end = source.phrase.last + 1
            if i == 0 and end < len(s.units) and s.units[end].text == ",":
                content = trimmed(s, end + 1, self._complements.limits.end(s, end + 1, []))
            else:
                content = trimmed(s, self._left(s, i, []), i)
            if content[1] - content[0] >= 3 and not self._data(s, source):
                out.append(Draft("said", "statement-according", source, i, content, first=min(i, content[0])))
        return out

    def _data(self, s: Sentence, source: Source) -> bool:
        """Return whether a source is figures: they are told as statistics."""
        words = {u.low for u in s.units[source.phrase.first : source.phrase.last + 1]}
        return bool(words & {"data", "figures", "statistics", "survey", "estimates", "customs", "index"})

    def _noun(self, s: Sentence, drafts: list[Draft]) -> list[Draft]:
        """Return the statement of "X's warning that ...", "a statement from X that ..."."""
        out = []
        for i in range(1, len(s.units) - 2):
            unit = s.units[i]
            if unit.kind or unit.low not in _NOUNS:
                continue
            that = next((k for k in range(i + 1, min(i + 5, len(s.units))) if s.units[k].low == "that"), None)
            if that is None or any(
                u.kind != "Time" and u.low not in {"on", "in", "last"} for u in s.units[i + 1 : that]
            ):
                continue
            owner = next((k for k in range(i - 1, max(-1, i - 4), -1) if self.grammar.possessive(s, k)), None)
            source = None if owner is None else self._possessor(s, owner)
            if source is None or any(d.verb == i for d in drafts):
                continue
            content = trimmed(s, that + 1, self._complements.limits.end(s, that + 1, []))
            out.append(
                Draft(_NOUNS[unit.low], "statement-noun", source, i, content, first=source.phrase.first)
            )
        return out

    def _possessor(self, s: Sentence, owner: int) -> Source | None:
        """Return who owns the statement: the name before the possessive ending."""
        found = self.coreference.refer(s, owner)
        phrase = self._sources.phrases.after(s, owner, owner + 1)
        if found is None or phrase is None:
            return None
        unit = s.units[owner]
        who = Argument(
            "speaker", found.kind, unit.text, unit.start, unit.end, found.name, derivation=found.via
        )
        return Source(who, phrase, "person" if found.kind == "Person" else "body")

    # ---- what is no act of speech

    def _unsaid(self, s: Sentence, group: VerbGroup, t: Trigger) -> bool:
        window = s.units[group.first : t.at]
        if group.infinitive or any(u.has(c) for u in window for c in _UNSAID):
            return True
        if any(u.low in {"would", "will", "may", "might", "could", "should", "can", "to"} for u in window):
            return True
        before = s.units[group.first - 1] if group.first else None
        if before is not None and (
            before.low in self.grammar.words["determiners"] - {"that", "all", "both", "each", "some"}
            or before.text in {"'s", "’s"}
            or before.kind == "Duration"
        ):
            return True  # "its claims", "a report": a noun
        if t.tag.form in {"base", "third"} and before is not None and self._disagrees(s, t, group):
            return True
        left, _ = self.grammar.clause(s, t.at)
        conditional = s.units[left].low in {"if", "unless", "until"}
        return conditional and not any(u.text == "," for u in s.units[left : t.at])

    def _disagrees(self, s: Sentence, t: Trigger, group: VerbGroup) -> bool:
        """Return whether subject and verb differ in number: "analysts ... forecasts", "the firm report"."""
        phrase = self._sources.phrases.before(s, 0, group.first)
        if phrase is None or group.first < t.at:
            return False
        unit = s.units[phrase.head]
        plural = unit.low in {"people", "they", "both", "many", "some", "others", "police", "we"} or (
            unit.low.endswith("s") and not unit.low.endswith("ss") and not unit.kind
            and (unit.text[0].islower() or phrase.head == 0)
        )  # fmt: skip
        plural = plural or any(u.low == "and" for u in s.units[phrase.first : phrase.last])
        plural = plural or (unit.amount is not None and unit.low != "one")
        return (
            plural == (t.tag.form == "third") and not phrase.relative and unit.low not in {"media", "police"}
        )

    def _left(self, s: Sentence, i: int, before: list[Draft]) -> int:
        """Return where the words on the verb group that starts at `i` begin."""
        low = max([d.content[1] for d in before if d.content[1] <= i and d.verb < i] or [0])
        for k in range(i - 1, low - 1, -1):
            if s.units[k].text == ";" or (s.units[k].text == ":" and k > 0):
                return k + 1
        return low

    def _clause_start(self, s: Sentence, i: int) -> int:
        for k in range(i - 1, -1, -1):
            joint = k and s.units[k].low in {"but", "while", "whereas"} and s.units[k - 1].text == ","
            if s.units[k].text == ";" or (joint and i - k > 2):
                return k + 1
        return 0

    def _reject(self, s: Sentence, t: Trigger, reason: str) -> None:
        unit = s.units[t.at]
        self.rejections.append(Rejection(unit.start, unit.end, unit.text, "statement", reason))


def _addressees(c: Complement) -> tuple[Argument, ...]:
    return () if c.addressee is None else (c.addressee,)
