"""What follows a verb of saying: someone told, a channel, a time, and the content, in one of its constructions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.noun_phrases import ACTORS
from kgbuild.extract.sources import Sources
from kgbuild.extract.speech_words import SpeechVerb, SpeechWords, Trigger
from kgbuild.extract.statement_content import trimmed
from kgbuild.extract.statement_limits import Limits
from kgbuild.extract.units import PLACES, Sentence
from kgbuild.model import Argument

_INTO: Final = frozenset({"in", "on", "at", "via", "through", "during", "by", "to"})
#: Verbs that a noun phrase follows only as the subject of what is said.
_CLAUSAL: Final = frozenset({"say", "insist", "believe", "think", "reckon", "admit", "concede"})
_NOTHING: Final = frozenset({"nothing", "none", "nobody", "yes", "no", "so"})
_QUOTES: Final = frozenset({'"', "“", "”"})


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
        self._skipped = (grammar.words["adverbs"] | {"afterward", "afterwards"}) - {
            "both",
            "each",
            "all",
            "only",
        }

    def read(self, s: Sentence, t: Trigger, later: Sequence[Trigger]) -> Complement:
        """Return what follows trigger `t`; `later` are the triggers behind it."""
        c = Complement(action=t.verbs[0].action)
        i = self._circumstances(s, t.after, c)
        c.closed = self._closed(s, i)
        if t.rest == "that":
            return self._finish(s, t, c, i, later, "that", "that!", "that-bare")
        whom = t.taking("whom-to", "whom-of", "whom-for", "whom")
        if whom is not None and not t.rest and i < len(s.units):
            told = self._whom(s, i, t, whom, c, later)
            if told is not None:
                return told
        return self._direct(s, t, c, i, later)

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

    def _direct(self, s: Sentence, t: Trigger, c: Complement, i: int, later: Sequence[Trigger]) -> Complement:
        if i >= len(s.units):
            return c
        unit = s.units[i]
        prepositions = self._grammar.words["prepositions"]
        for word, kind in (("of", "of"), ("about", "about")):
            if (t.rest == word or unit.low == word) and t.taking(kind):
                start = i if t.rest == word else i + 1
                risk = t.taking("noun-risk") is not None or t.verbs[0].action == "warned"
                return self._finish(s, t, c, start, later, kind, certainty="possible" if risk else "")
        if t.taking("to-own") and (t.rest == "to" or unit.low == "to"):
            start = i if t.rest == "to" else i + 1
            planned = "possible" if t.taking("to-own") and t.verbs[0].action == "warned" else "planned"
            return self._finish(s, t, c, start, later, "to-own", certainty=planned)
        if t.rest:
            return c
        opens = s.units[i + 1] if i + 1 < len(s.units) else None
        bare = opens is None or not opens.is_word
        denial = t.verbs[0].action == "denied"
        pointing = unit.low == "that" and denial and not self.limits.clause_ahead(s, i + 1, later)
        if pointing and not bare:  # "disputes that finding"
            return self._finish(s, t, c, i, later, "noun")
        if unit.low in {"that", "whether", "why", "how"} and not unit.kind and not bare:
            start = i + 1 if unit.low == "that" else i
            return self._finish(s, t, c, start, later, "that", "that!", "that-bare", "whom")
        if opens is not None and unit.text in {":", ","} and opens.text in _QUOTES:
            return self._finish(s, t, c, i + 1, later, "quote", "that")
        if unit.text == ":" and i + 3 < len(s.units):
            start = i + 2 if s.units[i + 1].low == "that" else i + 1
            return self._finish(s, t, c, start, later, "that", "that!", "quote")
        if unit.low in {"that", "this", "it"} and t.verbs[0].action == "denied":
            if bare:
                return self._finish(s, t, c, i, later, "noun")
        fragment = t.taking("quotenoun") and bool(opens) and opens is not None and opens.text in _QUOTES
        if unit.text in _QUOTES or (fragment and unit.low in self._grammar.words["determiners"]):
            return self._finish(
                s, t, c, i, later, "quote", "that", "quotenoun", "noun", "object", "noun-risk", "as"
            )
        timed = opens is not None and (opens.kind == "Time" or opens.low in {"on", "in", "at", "to"})
        if not unit.is_word or (unit.low in {"this", "that", "it"} and (bare or timed)):
            return c
        if self.limits.clause_ahead(s, i, later) or self._bare_clause(s, t, i):
            found = self._finish(s, t, c, i, later, "that", "that-bare")
            if found.content is not None:
                return found
        if t.taking("as") and any(u.low == "as" for u in s.units[i : i + 8]):
            return self._finish(s, t, c, i, later, "as")
        if unit.low in prepositions or unit.low in {"to", "not", "by", "up", "out", "off"}:
            return c
        if t.taking("noun-report"):
            near = s.units[i : i + 7]
            if any(
                u.has("report-noun") or u.low in {"reports", "account", "idea", "criticism"} for u in near
            ):
                return self._finish(s, t, c, i, later, "noun-report")
            return c
        if t.taking("object"):
            long = len(s.units) - i
            if self._described_object(s, t):  # "what the department calls evidence of ..."
                return self._finish(s, t, c, i, later, "object")
            named = (
                unit.low in self._grammar.words["determiners"] | {"it", "them"}
                or unit.kind
                or unit.has("role")
            )
            return self._finish(s, t, c, i, later, "object") if named and 3 <= long <= 24 else c
        risk = t.taking("noun-risk") is not None
        threat = t.verbs[0].id == "threaten"
        return self._finish(
            s,
            t,
            c,
            i,
            later,
            "noun",
            "noun-risk",
            "noun-doubt",
            certainty="possible" if risk or threat else "",
        )

    def _whom(
        self, s: Sentence, i: int, t: Trigger, verb: SpeechVerb, c: Complement, later: Sequence[Trigger]
    ) -> Complement | None:
        """Return what follows somebody who is told, urged or accused; None when nobody is."""
        if s.units[i].low == "each other" or (s.units[i].low in {"each", "one"} and self._mutual(s, i)):
            k = i + 1 if " " in s.units[i].low else i + 2
            if k < len(s.units) and s.units[k].low == "of" and t.taking("whom-of"):
                c.mutual = True
                return self._finish(s, t, c, k + 1, later, "whom-of")
            return None
        wanted = {"whom-to": "to", "whom-of": "of", "whom-for": "for"}
        joints = {wanted[k] for k in verb.takes if k in wanted} | (
            {"that"} if "whom" in verb.takes else set()
        )
        last = self._object(s, i, joints)
        if last is None:
            return None
        addressee = self._addressee(s, i, last)
        k = self._circumstances(s, last + 1, c)
        joint = s.units[k].low if k < len(s.units) else ""
        if joint in {"to", "of", "for"} and joint in joints and k + 1 < len(s.units):
            c.addressee = addressee
            kind = next(n for n in wanted if wanted[n] == joint)
            start, certainty = k + 1, ""
            if verb.action == "expected":
                c.addressee, start, certainty = None, i, "possible"
            return self._finish(s, t, c, start, later, kind, certainty=certainty)
        if "whom" not in verb.takes:
            return None
        c.addressee = addressee
        if joint == "that":
            return self._finish(s, t, c, k + 1, later, "whom")
        if self._closed(s, k):
            c.closed = True
            quoted = k + 1 < len(s.units) and s.units[k].text in {",", ":"} and s.units[k + 1].text in _QUOTES
            return self._finish(s, t, c, k + 1, later, "whom") if quoted else c
        if s.units[k].text == ":" or (addressee is not None and self.limits.clause_ahead(s, k, later)):
            return self._finish(s, t, c, k, later, "whom")
        return None

    def _described_object(self, s: Sentence, t: Trigger) -> bool:
        phrase = self._sources.phrases.before(s, 0, t.at)
        return phrase is not None and phrase.first > 0 and s.units[phrase.first - 1].low in {"what", "which"}

    def _bare_clause(self, s: Sentence, t: Trigger, i: int) -> bool:
        """Return whether "said" is followed by a noun phrase: the subject of a clause whose verb is on no list."""
        if t.verbs[0].id not in _CLAUSAL or len(s.units) - i < 5:
            return False
        unit = s.units[i]
        starts = unit.low in self._grammar.words["determiners"] or bool(unit.kind) or unit.has("role")
        return starts and not any(u.text in _QUOTES for u in s.units[i : i + 4])

    @staticmethod
    def _mutual(s: Sentence, i: int) -> bool:
        return i + 1 < len(s.units) and s.units[i + 1].low in {"other", "another"}

    def _object(self, s: Sentence, i: int, joints: set[str]) -> int | None:
        """Return the last unit of the noun phrase at `i` that is told something."""
        unit = s.units[i]
        if not unit.is_word or unit.low in self._grammar.words["prepositions"] or unit.low in {"that", "to"}:
            return None
        if unit.low in {"it", "them", "him", "her", "us", "me"}:
            return i
        head = None
        for k in range(i, min(i + 9, len(s.units))):
            here = s.units[k]
            if (
                here.text in {",", ".", ";", ":", *_QUOTES}
                or here.low in joints
                or here.low in {"it", "they"}
            ):
                break
            if self._grammar.is_auxiliary(here) and here.text not in {"'s", "’s", "'", "’"}:
                break
            if head is not None and here.low in self._grammar.words["prepositions"] and here.low != "of":
                break
            actor = (
                here.kind in ACTORS | PLACES
                or here.has("authority")
                or here.has("role")
                or here.has("source")
            )
            if (
                actor
                or self._words.is_noun(here.low, "human", "voice", "body", "media", "firm", "channel")
                or here.low
                in {
                    "reporters",
                    "journalists",
                "investors",
                "shareholders",
                "customers",
                "members",
                "lawmakers",
                    "parliament",
                    "congress",
                    "us",
                    "nations",
                    "countries",
                }
                or (here.text[:1].isupper() and not here.kind)
            ):
                head = k
        if head is None and "to" in joints | {"of"}:
            # "urged caution to" is none; a plain noun is: "urged members to", "asked exporters to"
            for k in range(i, min(i + 5, len(s.units) - 1)):
                if s.units[k + 1].low in joints - {"that", "for"} and s.units[k].low.endswith("s"):
                    return k
        return head

    def _addressee(self, s: Sentence, first: int, last: int) -> Argument | None:
        found = self._sources.after(s, first, last + 1)
        start, end = s.units[first].start, s.units[last].end
        if found is not None and found.argument.kind != "UnnamedSource" and found.sort != "pair":
            a = found.argument
            return Argument("addressee", a.kind, a.text, a.start, a.end, a.name, derivation=a.derivation)
        if s.units[last].kind in PLACES and not s.units[last].demonym:
            u = s.units[last]
            return Argument("addressee", u.kind, u.text, u.start, u.end, u.name)
        text = self._sources.words(start, end)
        return Argument("addressee", "Text", text, start, end)

    def _finish(
        self, s: Sentence, t: Trigger, c: Complement, start: int, later: Sequence[Trigger], *kinds: str,
        certainty: str = "",
    ) -> Complement:  # fmt: skip
        verb = t.taking(*kinds)
        if verb is None or start >= len(s.units):
            return c
        low, high = trimmed(s, start, self.limits.end(s, start, later))
        if kinds[0] in {"noun", "of", "about", "object"} or kinds[0].startswith(("noun", "to", "whom-")):
            cut = next(
                (k for k in range(low, high - 2) if s.units[k].text == "," and s.units[k + 1].low == "and"),
                high,
            )
            high = self.limits.ends_list(s, low, cut, high)
        if high - low < (1 if kinds[0] == "of" or kinds[0].startswith(("noun", "to", "whom-")) else 2):
            return c
        if s.units[low].low in _NOTHING and kinds[0] not in {"that", "quote"}:
            return c
        if not any(u.is_word and u.amount is None and u.kind != "Time" for u in s.units[low:high]):
            return c
        c.kind, c.action, c.content, c.certainty = kinds[0], verb.action, (low, high), certainty
        return c

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

    @staticmethod
    def _time_next(s: Sentence, i: int) -> bool:
        return i + 1 < len(s.units) and s.units[i + 1].kind == "Time"

    def _channel(self, s: Sentence, i: int) -> int | None:
        """Return the end of "on Truth Social", "in a letter to Y", "at a briefing in Beijing"."""
        head = None
        for k in range(i + 1, min(i + 10, len(s.units))):
            unit = s.units[k]
            if not unit.is_word and unit.text not in {"'s", "’s", "-"}:
                break
            if unit.low == "that" or (self._grammar.is_auxiliary(unit) and unit.text not in {"'s", "’s"}):
                break
            if unit.kind == "Time" or unit.low in {"it", "they", "he", "she"}:
                break
            if self._words.is_noun(unit.low, "channel") and not unit.kind:
                head = k
                continue
            reporters = unit.low in {"reporters", "journalists", "investors"}
            if reporters or unit.kind in {"NewsOrganization"} or unit.low in {"television"}:
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
