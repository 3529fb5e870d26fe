"""What follows a verb of saying: someone told, a channel, a time, and the content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.noun_phrases import ACTORS
from kgbuild.extract.sources import Sources
from kgbuild.extract.speech_words import SpeechVerb, SpeechWords, Trigger
from kgbuild.extract.statement_content import trimmed
from kgbuild.extract.statement_limits import Limits
from kgbuild.extract.statement_reach import QUOTES, Place, Reach, Reaches
from kgbuild.extract.units import PLACES, Sentence, Unit
from kgbuild.model import Argument

_INTO: Final = frozenset({"in", "on", "at", "via", "through", "during", "by", "to"})
#: What joins somebody who is urged, accused or blamed to what for.
_JOINTS: Final = {"whom-to": "to", "whom-of": "of", "whom-for": "for", "whom": "that"}
#: People who are told something; nouns that say nothing themselves.
_AUDIENCE: Final = frozenset(
    "reporters journalists investors shareholders customers members lawmakers parliament congress us nations "
    "countries".split()
)
#: Words behind a finite verb without an object.
_AFTER_VERB: Final = frozenset("significantly sharply by to in after from slightly steadily strongly".split())
_NOTHING: Final = frozenset({"nothing", "none", "nobody", "yes", "no", "so"})


@dataclass(slots=True)
class Complement:
    """What stands behind a verb of saying."""

    kind: str = ""  #: which construction; "" when nothing is said here
    action: str = ""
    content: tuple[int, int] | None = None
    addressee: Argument | None = None
    mutual: bool = False
    channel: tuple[int, int] | None = None
    times: list[int] = field(default_factory=list)
    certainty: str = ""
    closed: bool = False  #: nothing but times, channel and addressee up to the end or a comma


class Complements:
    """Reads what stands behind verbs of saying in one article."""

    def __init__(self, grammar: Grammar, sources: Sources, words: SpeechWords) -> None:
        self._grammar = grammar
        self._sources = sources
        self._words = words
        self.limits = Limits(grammar, sources)
        self._reaches = Reaches(grammar, sources.phrases, self.limits)
        skipped = grammar.words["adverbs"] | {"afterward", "afterwards"}
        self._skipped = skipped - {"both", "each", "all", "only"}

    def read(self, s: Sentence, t: Trigger, later: Sequence[Trigger]) -> Complement:
        """Return what follows trigger `t`; `later` are the triggers behind it."""
        c = Complement(action=t.verbs[0].action)
        p = Place(s, t, self._circumstances(s, t.after, c), later)
        c.closed = self._closed(s, p.i)
        if t.rest == "that":
            return self._finish(p, c, Reach(p.i, ("that", "that!", "that-bare")))
        whom = t.taking("whom-to", "whom-of", "whom-for", "whom")
        if whom is not None and not t.rest and p.i < len(s.units):
            told = self._whom(p, whom, c)
            if told is not None:
                return told
        return self._direct(p, c)

    def around(self, s: Sentence, i: int) -> Complement:
        """Return channel and times that stand behind an inverted speaker."""
        c = Complement()
        self._circumstances(s, i, c)
        return c

    def _closed(self, s: Sentence, i: int) -> bool:
        """Return whether nothing that could be said stands at unit `i`."""
        if i >= len(s.units) or s.units[i].text in {",", ".", ";", "!", ")", "—", "–"}:
            return True
        unit = s.units[i]
        if unit.has("according") or unit.low in {"as", "when", "after", "while", "and", "but"}:
            return True
        if unit.low not in self._grammar.words["prepositions"] or unit.kind:
            return False
        for later in s.units[i + 1 :]:  # "said on the sidelines of the forum."
            if later.text in {",", ";", "."}:
                return True
            if later.low == "that" or self._grammar.is_auxiliary(later):
                return False
        return True

    # ---- constructions

    def _direct(self, p: Place, c: Complement) -> Complement:
        """Return the first of the possible contents that the verb takes."""
        if p.i < len(p.s.units):
            for reach in self._reaches.at(p):
                self._finish(p, c, reach)
                if c.content is not None:
                    break
        return c

    def _whom(self, p: Place, verb: SpeechVerb, c: Complement) -> Complement | None:
        """Return what follows somebody who is told, urged or accused; None when nobody is."""
        if p.unit.low in {"each other", "one another"} or self._mutual(p):
            k = p.i + (1 if " " in p.unit.low else 2)
            if k < len(p.s.units) and p.s.units[k].low == "of" and p.t.taking("whom-of"):
                c.mutual = True
                return self._finish(p, c, Reach(k + 1, ("whom-of",)))
            return None
        joints = {_JOINTS[k] for k in verb.takes if k in _JOINTS}
        last = self._object(p.s, p.i, joints)
        if last is None:
            return None
        addressee = self._addressee(p.s, p.i, last)
        k = self._circumstances(p.s, last + 1, c)
        joint = p.s.units[k].low if k < len(p.s.units) else ""
        if joint in joints - {"that"} and k + 1 < len(p.s.units):
            kind = next(n for n, word in _JOINTS.items() if word == joint)
            if verb.action == "expected":  # "expect prices to rise": nobody is told
                return self._finish(p, c, Reach(p.i, (kind,), "possible"))
            c.addressee = addressee
            return self._finish(p, c, Reach(k + 1, (kind,)))
        return self._told(p, c, k, addressee) if "whom" in verb.takes else None

    def _told(self, p: Place, c: Complement, k: int, addressee: Argument) -> Complement | None:
        """Return what follows "told X" at unit `k`: a clause, a quotation or nothing more."""
        units = p.s.units
        c.addressee = addressee
        if k < len(units) and units[k].low == "that":
            return self._finish(p, c, Reach(k + 1, ("whom",)))
        if self._closed(p.s, k):
            c.closed = True
            quoted = k + 1 < len(units) and units[k].text == "," and units[k + 1].text in QUOTES
            return self._finish(p, c, Reach(k + 1, ("whom",))) if quoted else c
        subject = units[k].low in self._grammar.words["determiners"] and len(units) - k > 4
        if units[k].text == ":" or subject or self.limits.clause_ahead(p.s, k, p.later):
            return self._finish(p, c, Reach(k, ("whom",)))
        return None

    @staticmethod
    def _mutual(p: Place) -> bool:
        return (
            p.unit.low in {"each", "one"}
            and p.following is not None
            and p.following.low in {"other", "another"}
        )

    def _object(self, s: Sentence, i: int, joints: set[str]) -> int | None:
        """Return the last unit of the noun phrase at `i` that is told something."""
        unit = s.units[i]
        if not unit.is_word or unit.low in self._grammar.words["prepositions"] | {"that", "to"}:
            return None
        if unit.low in {"it", "them", "him", "her", "us", "me"}:
            clause = i + 1 < len(s.units) and self._grammar.is_auxiliary(s.units[i + 1])
            return None if unit.low == "it" and clause else i  # "warned it would need chips"
        head = None
        for k in range(i, min(i + 9, len(s.units))):
            here = s.units[k]
            preposition = here.low in self._grammar.words["prepositions"] and here.low != "of"
            if here.text in {",", ".", ";", ":", *QUOTES} or here.low in joints | {"it", "they"}:
                break
            another = preposition or here.low in self._grammar.words["determiners"]
            if self._grammar.is_auxiliary(here) or (head is not None and another):
                break
            if self._grammar.is_actor(here) or here.kind in PLACES or self._somebody(here):
                head = k
        if head is None:  # a plain noun: "urged members to", "asked exporters to"
            for k in range(i, min(i + 5, len(s.units) - 1)):
                if s.units[k + 1].low in joints - {"that", "for"} and s.units[k].low.endswith("s"):
                    return k
        return head

    def _somebody(self, unit: Unit) -> bool:
        noun = self._words.is_noun(unit.low, "human", "voice", "body", "media", "firm", "channel")
        return not unit.kind and (noun or unit.low in _AUDIENCE or unit.text[:1].isupper())

    def _addressee(self, s: Sentence, first: int, last: int) -> Argument:
        found = self._sources.after(s, first, last + 1)
        start, end = s.units[first].start, s.units[last].end
        if found is not None and found.argument.kind != "UnnamedSource" and found.sort != "pair":
            return replace(found.argument, role="addressee")
        unit = s.units[last]
        if unit.kind in PLACES and not unit.demonym:
            return Argument("addressee", unit.kind, unit.text, unit.start, unit.end, unit.name)
        text = self._sources.words(start, end)
        return Argument("addressee", "Text", text, start, end)

    def _finish(self, p: Place, c: Complement, reach: Reach) -> Complement:
        """Put the content that begins at `reach` into `c`, where the verb takes it and it says something."""
        s, kind = p.s, reach.kinds[0]
        verb = p.t.taking(*reach.kinds)
        if verb is None or reach.start >= len(s.units):
            return c
        low, high = trimmed(s, reach.start, self.limits.end(s, reach.start, p.later))
        phrase = kind.startswith(("noun", "to", "whom-")) or kind in {"of", "about"}
        if phrase or kind == "object":
            high = self.limits.phrase_end(s, low, high)
        # "voiced regret" says nothing of a thing
        least = 1 if phrase and verb.id not in {"voice", "express"} else 2
        words = [u for u in s.units[low:high] if u.is_word and u.amount is None and u.kind != "Time"]
        # "magnet projects increased sharply"
        headless = reach.kinds == ("that", "that-bare") and self._bare_verb(s, low)
        empty = headless or high - low < least or not words
        empty = empty or [u.low for u in s.units[low : low + 2]] == ["no", "more"]
        if not empty and not (s.units[low].low in _NOTHING and kind not in {"that", "quote"}):
            c.kind, c.action, c.content, c.certainty = kind, verb.action, (low, high), reach.certainty
        return c

    def _bare_verb(self, s: Sentence, low: int) -> bool:
        """Return whether unit `low` is a finite verb: no subject of a clause that is said."""
        behind = s.units[low + 1] if low + 1 < len(s.units) else None
        finite = any(t.form == "past" for t in s.units[low].tags) and not s.units[low].kind
        ends = behind is None or not behind.is_word or behind.kind in {"Time", "Quantity"}
        return finite and (ends or behind is None or behind.low in self._skipped | _AFTER_VERB)

    # ---- circumstances

    def _circumstances(self, s: Sentence, i: int, c: Complement) -> int:
        """Return the first unit from `i` on that is no time, adverb or channel; note those."""
        while i < len(s.units):
            unit = s.units[i]
            if unit.kind == "Time":
                c.times.append(i)
                i += 1
            elif (
                unit.low in {"on", "in", "at", "late", "early", "of"} and self._time_next(s, i)
            ) or unit.low in self._skipped:
                i += 1
            elif unit.text == "(" and self._time_next(s, i):
                i += 3
            elif unit.low in _INTO and not unit.kind:
                end = None if unit.low == "to" and not self._named_next(s, i) else self._channel(s, i)
                if end is None:
                    return i
                if c.channel is None and unit.low != "to":
                    c.channel = (i + 1, end)
                i = end
            else:
                return i
        return i

    def _named_next(self, s: Sentence, i: int) -> bool:
        """Return whether "to" is followed by somebody and no verb."""
        following = s.units[i + 1] if i + 1 < len(s.units) else None
        return following is not None and (
            following.low in self._grammar.words["determiners"] | {"reporters", "journalists", "investors"}
            or bool(following.kind)
        )

    def _time_next(self, s: Sentence, i: int) -> bool:
        """Return whether a time follows that owns nothing: "in Monday's statement" is a channel."""
        owning = i + 1 < len(s.units) and self._grammar.possessive(s, i + 1)
        return i + 1 < len(s.units) and s.units[i + 1].kind == "Time" and not owning

    def _channel(self, s: Sentence, i: int) -> int | None:
        """Return the end of "on Truth Social", "in a letter to Y", "at a briefing in Beijing"."""
        head = None
        for k in range(i + 1, min(i + 10, len(s.units))):
            unit = s.units[k]
            if not unit.is_word and unit.text not in {"'s", "’s", "-"}:
                break
            if unit.low == "that" or (self._grammar.is_auxiliary(unit) and unit.text not in {"'s", "’s"}):
                break
            time = unit.kind == "Time" and not self._grammar.possessive(s, k)
            if time or unit.low in {"it", "they", "he", "she"}:
                break
            if self._words.is_noun(unit.low, "channel") and not unit.kind:
                head = k
                continue
            reporters = unit.low in {"reporters", "journalists", "investors"}
            if reporters or unit.kind == "NewsOrganization" or unit.low == "television":
                head = k
        if head is None:
            return None
        end = head + 1
        if end < len(s.units) and s.units[end].low in {"in", "to", "with", "from"} and end + 1 < len(s.units):
            named = s.units[end + 1]
            if named.kind in PLACES | ACTORS and s.units[end].low != "from":
                behind = s.units[end + 2] if end + 2 < len(s.units) else None
                if behind is None or not behind.is_word or behind.low == "that" or behind.kind == "Time":
                    end += 2
        return end
