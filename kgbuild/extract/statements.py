"""Statements: who said, warned, denied, urged, promised or expected what, to whom, where and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.quotations import Quotations
from kgbuild.extract.sources import Source, Sources
from kgbuild.extract.speech_words import load_speech
from kgbuild.extract.stance import Stance
from kgbuild.extract.statement_content import content_stance, main_clause, topics, trimmed
from kgbuild.extract.statement_draft import Draft, handed_on
from kgbuild.extract.statement_drafts import Drafts
from kgbuild.extract.statement_frame import Complements
from kgbuild.extract.statement_voice import told_by_writer
from kgbuild.extract.units import MATERIALS, Sentence, Unit
from kgbuild.model import Argument, Event, Rejection, Span

#: Types of other readers and the verbs that tell them; none where the overlap alone decides.
_TELLING: Final[dict[str, tuple[str, ...]]] = {
    "license": ("license", "export"), "control_measure": ("control",),
    "negotiation": ("meet", "agree", "settle"), "agreement": ("meet", "agree", "settle"),
    "market_move": (), "trade_stat": (), "relation": (), "disruption": (), "visit": (),
}  # fmt: skip

#: What somebody who says nothing refuses to give, and words of refusing; such an answer is short.
_ANSWERS: Final = frozenset({"comment", "comments", "commenting"})
_SILENT: Final = frozenset({"not", "n't", "n’t", "no", "declined", "unable", "nothing"})
_SHORT: Final = 10


class Statements:
    """Finds statements in the sentences of one article; to be asked sentence by sentence, in order."""

    def __init__(
        self,
        text: str,
        grammar: Grammar,
        coreference: Coreference,
        *,
        sentences: Sequence[Sentence],
        told: Sequence[Event] = (),
    ) -> None:
        self.text = text
        self.grammar = grammar
        self.coreference = coreference
        self._told = told  #: events that other readers found: what they tell is not told twice
        self._words = load_speech(grammar.lexicon)
        self._sources = Sources(grammar, coreference, text, self._words)
        self._complements = Complements(grammar, self._sources, self._words)
        self._quotations = Quotations(text)
        self._speaking: tuple[Source, str, Span, int] | None = (
            None  #: who is quoted, where the quotation ends
        )
        self._waiting: list[Sentence] = []  #: quoted sentences whose speaker comes later
        self._topical = any(_topical(u.kind) for s in sentences for u in s.units)
        self._drafts = Drafts(
            grammar, coreference, self._words, self._sources, self._complements, self._inside_quote
        )
        self.rejections: list[Rejection] = self._drafts.rejections

    def find(self, s: Sentence) -> list[Event]:
        """Return the statements of `s`; those quoted before it whose speaker it names as well."""
        around = self._quotations.around(s)
        if around is not None and self._quotations.full(around):
            return self._quoted(s, around)
        self._sources.note(s)
        if s.units[-1].text == "?" or not self._topical:
            self._speaking = None
            return []
        drafts = self._drafts.find(s)
        out = [self._event(s, d) for d in handed_on(drafts)]
        out += [e for d in drafts for e in self._earlier_quotes(s, d)]
        self._remember_quote(s, drafts)
        self._waiting = []
        if s.kind != "headline":
            out += self._by_writer(s)
        return [e for e in out if not (self._told_already(s, e) or self._no_comment(s, e))]

    # ---- direct quotations

    def _quoted(self, s: Sentence, around: Span) -> list[Event]:
        """Return a wholly quoted sentence as a statement of whoever is quoted, if that is known already."""
        if self._speaking is not None:
            source, action, quotation, end = self._speaking
            if around == quotation or self._quotations.follows(around, end):
                self._speaking = (source, action, around, s.end)
                return [e for e in (self._quote_event(s, source, action),) if e is not None]
        self._waiting.append(s)
        return []

    def _earlier_quotes(self, s: Sentence, d: Draft) -> list[Event]:
        """Return the sentences of a quotation that stand before the one that names its speaker."""
        if not self._waiting or d.source is None or d.rule not in {"statement-post", "statement-inverted"}:
            return []
        quotation = self._quotations.at(s.units[d.content[0]].start)
        events = [
            self._quote_event(w, d.source, d.action)
            for w in self._waiting
            if quotation is not None and quotation == self._quotations.around(w)
        ]
        return [e for e in events if e is not None]

    def _remember_quote(self, s: Sentence, drafts: list[Draft]) -> None:
        self._speaking = None
        for d in drafts:
            low, high = d.content
            quotation = self._quotations.at(s.units[low].start) or self._quotations.at(
                s.units[high - 1].start
            )
            if d.source is not None and quotation is not None and self._quotations.full(quotation):
                self._speaking = (d.source, d.action, quotation, s.end)

    def _quote_event(self, s: Sentence, source: Source, action: str) -> Event | None:
        low, high = trimmed(s, 0, len(s.units))
        if high - low < 3 or s.units[-1].text == "?":
            return None
        who = replace(source.argument, inferred=True, derivation="goes on in the same quotation")
        event = self._event(s, Draft(action, "statement-quoted-on", None, low, (low, high), first=low))
        return replace(event, arguments=tuple(sorted((*event.arguments, who))))

    def _inside_quote(self, s: Sentence, i: int) -> bool:
        quotation = self._quotations.at(s.units[i].start)
        return quotation is not None and self._quotations.full(quotation)

    # ---- the event

    def _event(self, s: Sentence, d: Draft) -> Event:
        low, high = d.content
        units = s.units
        stance = content_stance(self.grammar, s, low, high)
        if d.action == "denied":
            stance = Stance("denied", "actual" if stance.certainty == "planned" else stance.certainty)
        elif d.certainty and stance.certainty not in {"in-principle", "possible"}:
            stance = Stance(stance.polarity, d.certainty)
        speaker = () if d.source is None else (d.source.argument,)
        name = d.source.argument.name if d.source is not None else ""
        start, end = units[low].start, units[high - 1].end
        content = Argument("content", "Text", self.text[start:end], start, end)
        arguments = [*speaker, content, *d.addressee, *topics(s, low, high, name)]
        if d.channel is not None:
            c, e = units[d.channel[0]].start, units[d.channel[1] - 1].end
            arguments.append(Argument("channel", "Text", self.text[c:e], c, e))
        arguments += self._times(s, d)
        own = () if d.shared else speaker
        first = min(units[d.first].start, start, *(a.start for a in own if a.start >= s.start))
        last = max(
            end, units[d.verb].end, *(a.end for a in speaker if s.start <= a.start and a.end <= s.end), 0
        )
        outer = None if d.outer is None else d.outer.argument
        return Event(
            "statement", d.action, first, last, tuple(sorted(set(arguments))), stance.polarity,
            stance.certainty, outer, d.rule,
        )  # fmt: skip

    def _times(self, s: Sentence, d: Draft) -> list[Argument]:
        return self._complements.limits.dates(s, d.verb, d.source, d.content, d.times)

    def _by_writer(self, s: Sentence) -> list[Event]:
        out = []
        for action, start, end in told_by_writer(self.grammar, s):
            low, high = trimmed(s, start, end)
            out.append(self._event(s, Draft(action, "statement-writer", None, low, (low, high), first=low)))
        return out

    # ---- what is no statement

    def _told_already(self, s: Sentence, event: Event) -> bool:
        """Return whether other readers tell what is said: its main verb, or nearly all of its words."""
        content = event.of("content")[0]
        if event.action not in {"said", "announced", "asked"} or "writer" in event.rule:
            return False
        size = content.end - content.start
        for told in self._told:
            classes = _TELLING.get(told.type)
            if classes is None or not any(
                (min(t.end, content.end) - max(t.start, content.start)) * 2 >= size for t in told.tellings
            ):
                continue
            if told.type == "disruption" and told.certainty != event.certainty:
                continue
            if told.type == "disruption" and event.of("date") and any(a.name for a in event.of("speaker")):
                continue  # a stop that somebody named told on a day of its own is told twice
            if not classes or self._main_verb(s, content, classes, noun="noun" in event.rule):
                return True
        return False

    @staticmethod
    def _no_comment(s: Sentence, event: Event) -> bool:
        """Return whether somebody only says that there is nothing to say: "could not comment at once"."""
        content = event.of("content")[0]
        said = [u for u in s.units if content.start <= u.start < content.end]
        silent = any(u.has("negation") or u.low in _SILENT for u in said)
        return silent and len(said) <= _SHORT and any(u.low in _ANSWERS for u in said)

    def _main_verb(self, s: Sentence, content: Argument, classes: tuple[str, ...], *, noun: bool) -> bool:
        """Return whether the first verb of what is said is of one of `classes`; `noun` where it has none."""
        low = next((i for i, u in enumerate(s.units) if u.start >= content.start), 0)
        high = next((i for i, u in enumerate(s.units) if u.end >= content.end), len(s.units) - 1) + 1
        region = main_clause(self.grammar, s, low, high)
        first = next((n for n, i in enumerate(region) if self._sources.phrases.predicate(s, i)), None)
        if first is None:
            return noun
        if "license" in classes and any(
            t.cls.partition(".")[0] == "license" and not t.form
            for i in region[:first]
            for t in s.units[i].tags
        ):
            return True  # "Requests from 30 firms are pending": the subject is what the other event tells
        return any(
            tag.form not in {"base", "third"} or (i > 0 and self._verbal(s.units[i - 1]))
            for i in region[max(0, first - 2) : first + 5]
            for cls in classes
            for tag in self.grammar.tags_at(s, i, cls)
        )

    def _verbal(self, before: Unit) -> bool:
        """Return whether a word is a verb and no noun behind `before`: "China curbs", "to curb"."""
        return before.low == "to" or self.grammar.is_auxiliary(before) or self.grammar.is_actor(before)


def _topical(kind: str) -> bool:
    return kind in MATERIALS or kind == "Firm"
