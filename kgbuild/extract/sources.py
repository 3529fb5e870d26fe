"""Who says something: a name, a description, a pronoun, a body through its spokesman, a sender."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.noun_phrases import ACTORS
from kgbuild.extract.source_phrases import Phrase, SourcePhrases
from kgbuild.extract.speaker_memory import SpeakerMemory
from kgbuild.extract.speech_words import SpeechWords
from kgbuild.extract.units import BODIES, FIRM, MATERIALS, PLACES, Sentence, Unit
from kgbuild.model import Argument

_BODIES: Final = BODIES | {FIRM, "TradeAssociation", "Organization", "NewsOrganization"}
_ORGANIZATION = re.compile(
    r"(?:^[A-Z]{3,}$|\b(?:Group|Institute|Association|Union|Bank|Council|Chamber|Research|Securities|Capital|"
    r"Partners|Consulting|Analytics|Intelligence|Alliance|Federation|Society|Greenpeace|News|Times|Daily|Post|"
    r"Journal|Agency|Party|Committee|Commission|Office|University|Organization|Foundation|Network|Center|Centre)\b)"
)
_PRONOUNS: Final = frozenset({"he", "she", "it", "they", "we", "i", "who", "which"})
_PAIRED: Final = frozenset({"sides", "countries", "nations", "governments", "capitals", "powers"})


@dataclass(frozen=True, slots=True)
class Source:
    """Someone who says something, and the noun phrase that names them."""

    argument: Argument
    phrase: Phrase
    sort: str  #: "person", "people", "body", "firm", "media" or "pair"
    other: Argument | None = None  #: the second of "both sides"


class Sources:
    """Resolves noun phrases of speakers in the sentences of one article, read in order."""

    def __init__(self, grammar: Grammar, coreference: Coreference, text: str, words: SpeechWords) -> None:
        self._grammar = grammar
        self._coreference = coreference
        self._text = text
        self._words = words
        self.phrases = SourcePhrases(grammar, words)
        self._memory = SpeakerMemory(coreference, text, words)

    def note(self, s: Sentence) -> None:
        """Note the people, firms and governments of `s` for what refers to them later."""
        self._memory.note(s)

    def remember(self, source: Source, index: int) -> None:
        """Note who was the last to say something."""
        self._memory.remember(source.argument, source.sort, index)

    def words(self, start: int, end: int) -> str:
        """Return the text from `start` to `end`."""
        return self._text[start:end]

    # ---- resolving

    def before(self, s: Sentence, low: int, end: int) -> Source | None:
        """Return who is the subject of the verb group that starts at unit `end`."""
        phrase = self.phrases.before(s, low, end)
        if phrase is None:
            return None
        named = self._beside(s, phrase, end)
        return named if named is not None else self.resolve(s, phrase)

    def _beside(self, s: Sentence, phrase: Phrase, end: int) -> Source | None:
        """Return the person named behind a description: "a ministry spokesman, Chen Rongkai, said"."""
        start = phrase.last + 2
        unit = s.units[phrase.head]
        if unit.kind or start >= end or s.units[phrase.last + 1].text != ",":
            return None
        if not self._words.is_noun(unit.low, "voice", "human"):
            return None
        close = next((k for k in range(start, min(start + 5, end)) if s.units[k].text == ","), None)
        if close is None:
            return None
        inner = self.phrases.after(s, start, close)
        found = None if inner is None or inner.head != close - 1 else self.resolve(s, inner)
        return found if found is not None and found.sort == "person" and found.argument.name else None

    def after(self, s: Sentence, start: int, high: int) -> Source | None:
        """Return who is named from unit `start` on."""
        phrase = self.phrases.after(s, start, high)
        return None if phrase is None else self.resolve(s, phrase)

    def opening(self, s: Sentence, low: int, high: int) -> Source | None:
        """Return who is the subject of the clause that opens at `low`."""
        phrase = self.phrases.opening(s, low, high)
        return None if phrase is None else self.resolve(s, phrase)

    def resolve(self, s: Sentence, phrase: Phrase) -> Source | None:
        """Return who a noun phrase stands for; None when it is nobody who can say something."""
        h = phrase.head
        unit = s.units[h]
        if self._grammar.possessive(s, h):
            return None
        if not unit.kind and unit.low in _PRONOUNS:
            return self._pronoun(s, phrase, unit)
        if unit.low in _PAIRED:
            return self._pair(s, phrase)
        if unit.kind in ACTORS | PLACES or unit.reading(BODIES):
            stranger = unit.kind in PLACES and h > phrase.first and _stranger(s.units[h - 1])
            return self._unknown(s, phrase) if stranger else self._named(s, phrase)  # "Greenpeace Indonesia"
        return self._noun(s, phrase, unit)

    def _noun(self, s: Sentence, phrase: Phrase, unit: Unit) -> Source | None:
        parts = self._grammar.words["parts"] | {"others"}
        part = unit.low in parts and not self._words.is_noun(unit.low, "body")
        if unit.amount is not None or part:
            return self._counted(s, phrase)
        if self._words.is_noun(unit.low, "message") and not unit.kind:
            return self._message(s, phrase)
        named = unit.kind in MATERIALS and phrase.head > phrase.first and _stranger(s.units[phrase.head - 1])
        capital = unit.text[:1].isupper() and (not unit.kind or named)  # "Atlantic Lithium"
        unknown = self._unknown(s, phrase) if capital else None
        return unknown or self._described(s, phrase)

    def _pronoun(self, s: Sentence, phrase: Phrase, unit: Unit) -> Source | None:
        if unit.low in {"he", "she"}:
            return self._earlier(phrase, self._memory.he(s.index), unit, "person")
        if unit.low == "it":
            return self._it(s, phrase, unit)
        if unit.low != "they":
            return None  # "we" and "who" are nobody that could be named
        subject = self.opening(s, 0, phrase.first - 1) if phrase.first > 2 else None
        if subject is not None and subject.sort == "people" and subject.phrase.head < phrase.first:
            return self._earlier(phrase, subject.argument, unit, "people")
        return self._earlier(phrase, self._memory.last(s.index, "people", back=2), unit, "people")

    def _earlier(self, phrase: Phrase, who: Argument | None, unit: Unit, sort: str) -> Source | None:
        if who is None:
            return None
        how = f"coreference: {unit.text} = {who.name or who.text}"
        if who.kind != "UnnamedSource":
            who = replace(who, text=unit.text, start=unit.start, end=unit.end)
        return Source(replace(who, inferred=True, derivation=how), phrase, sort)

    def _it(self, s: Sentence, phrase: Phrase, unit: Unit) -> Source | None:
        if phrase.first > 2:
            subject = self.opening(s, 0, phrase.first - 1)
            if (
                subject is not None
                and subject.sort in {"body", "firm"}
                and subject.phrase.head < phrase.first
            ):
                return self._earlier(phrase, subject.argument, unit, subject.sort)
        own = next((u for u in s.units[: phrase.head] if u.kind in {FIRM, "Regulator", "PublicBody"}), None)
        said = self._memory.last(s.index, "organization", back=2)
        if own is None and said is not None and said.kind in BODIES:
            return self._earlier(phrase, said, unit, "body")
        found = self._coreference.refer(s, phrase.head)
        if found is not None:
            named = Argument(
                "speaker", found.kind, unit.text, unit.start, unit.end, found.name, "",
                inferred=True, derivation=found.via,
            )  # fmt: skip
            return Source(named, phrase, "firm" if found.kind == FIRM else "body")
        return self._earlier(phrase, said, unit, "body")

    def _pair(self, s: Sentence, phrase: Phrase) -> Source | None:
        unit = s.units[phrase.head]
        names = list(dict.fromkeys(reversed(self._memory.governments)))[:2]
        if len(names) < 2 or s.units[phrase.first].low not in {"both", "the", "two"}:
            return None
        both = [
            Argument(
                "speaker", kind, unit.text, unit.start, unit.end, name, inferred=True,
                derivation=f"coreference: {unit.text} = the two governments named last",
            )
            for name, kind in sorted(names)
        ]  # fmt: skip
        return Source(both[0], phrase, "pair", both[1])

    def _named(self, s: Sentence, phrase: Phrase) -> Source | None:
        unit = s.units[phrase.head]
        if unit.kind in PLACES and unit.demonym:
            return None
        found = self._coreference.refer(s, phrase.head)
        if found is None:
            return None
        named = Argument(
            "speaker", found.kind, unit.text, unit.start, unit.end, found.name,
            inferred=found.via.startswith("coreference"), derivation=found.via,
        )  # fmt: skip
        sort = {"Person": "person", FIRM: "firm", "NewsOrganization": "media"}.get(found.kind, "body")
        if phrase.tail <= phrase.last and s.units[phrase.tail].low == "and" and sort != "person":
            return None
        return Source(named, phrase, sort)

    def _unknown(self, s: Sentence, phrase: Phrase) -> Source | None:
        """Return a capitalized name that nobody knows."""
        found = self._grammar.unknown_name(s, phrase.first, phrase.head)
        if found is None or found[1] != phrase.head:
            single = s.units[phrase.head]
            known = self._memory.short.get(single.text)
            if known is not None and phrase.head == phrase.first:
                who = Argument(
                    "speaker",
                    known[0],
                    single.text,
                    single.start,
                    single.end,
                    known[1],
                    derivation="short name",
                )
                return Source(who, phrase, "firm" if known[0] == FIRM else "body")
            if single.text not in self._memory.surnames and not _ORGANIZATION.search(single.text):
                return None
            found = (phrase.head, phrase.head)
        first, last = found
        if first > phrase.first and s.units[first - 1].kind == "Person":
            first -= 1  # "Andres Manuel Lopez" is known, "Andres Manuel Lopez Obrador" is the name
        while first < last and self._titled(s.units[first]):
            first += 1  # "Chief Executive Officer Simon Hay"
        start, end = s.units[first].start, s.units[last].end
        words = self._text[start:end]
        if self._words.is_noun(words.lower(), "voice", "human", "message"):
            return None
        before = s.units[first - 1] if first > phrase.first else None
        titled = before is not None and self._titled(before)
        group = before is not None and self._words.is_noun(before.low, "body", "media", "firm")
        count = len(words.split())
        if words in self._memory.surnames:
            who = Argument(
                "speaker", "Person", words, start, end, self._memory.surnames[words], derivation="surname"
            )
            return Source(who, phrase, "person")
        person = titled or (2 <= count <= 4 and not group and not _ORGANIZATION.search(words))
        parts = s.units[first : last + 1]
        if not titled and (
            any(u.kind in PLACES | MATERIALS for u in parts)
            or parts[-1].low in self._grammar.words["firm_words"]
        ):
            person = False  # "Greenpeace Indonesia", "Atlantic Lithium"
        if not person and count == 1 and not group and not _ORGANIZATION.search(words):
            return None
        kind = "Person" if person else "Organization"
        who = Argument("speaker", kind, words, start, end, words, derivation="capitalized name")
        if person:
            self._memory.person(s, first, who)
        media = before is not None and self._words.is_noun(before.low, "media")
        return Source(who, phrase, "person" if person else "media" if media else "body")

    def _titled(self, unit: Unit) -> bool:
        return not unit.kind and (
            self._words.is_noun(unit.low, "voice", "human") or unit.low in {"officer", "general"}
        )

    def _counted(self, s: Sentence, phrase: Phrase) -> Source | None:
        """Return "two", "one of the two", "others": some of the people spoken of, or described here."""
        unit = s.units[phrase.head]
        described = any(
            self.phrases.personal(u) or self._words.is_noun(u.low, "firm") or u.low == "them"
            for u in s.units[phrase.head : phrase.last + 1]
        )
        known = self._memory.last(s.index, "people", back=3)
        if not described and known is None:
            return None
        bare = unit.amount is None or unit.amount.kind in {"count", ""}
        if not bare:
            return None
        return Source(self._text_of(s, phrase), phrase, "people")

    def _message(self, s: Sentence, phrase: Phrase) -> Source | None:
        """Return the sender of a letter or notice that says something."""
        for k in range(phrase.first, phrase.head):
            if self._grammar.possessive(s, k) and self._grammar.is_actor(s.units[k]):
                found = self._coreference.refer(s, k)
                if found is not None:
                    unit = s.units[k]
                    who = Argument(
                        "speaker",
                        found.kind,
                        unit.text,
                        unit.start,
                        unit.end,
                        found.name,
                        derivation=found.via,
                    )
                    return Source(who, phrase, "firm" if found.kind == FIRM else "body")
        if phrase.tail <= phrase.last and s.units[phrase.tail].low in {"from", "by", "of"}:
            sender = self.after(s, phrase.tail + 1, phrase.last + 1)
            if sender is not None:
                return sender
        definite = s.units[phrase.first].low in {"the", "its", "their", "this", "that"}
        if definite:
            earlier = self._memory.last(s.index, "any", back=2)
            return (
                self._earlier(phrase, earlier, s.units[phrase.head], "body") if earlier is not None else None
            )
        return Source(self._text_of(s, phrase), phrase, "body")

    def _described(self, s: Sentence, phrase: Phrase) -> Source | None:
        h, unit = phrase.head, s.units[phrase.head]
        noun = unit.low.rpartition(" ")[2]
        body = self._voice_of(s, phrase)
        if body is not None:
            return body
        said = self._memory.last(s.index, "organization", back=2)
        definite = self._grammar.describe(s, h).definite or unit.has("authority")
        if unit.has("role") and definite and said is not None and said.kind == "Organization":
            return self._earlier(phrase, said, unit, "body")  # "the company" is the one that spoke last
        if (
            (unit.has("authority") or unit.has("role"))
            and definite
            and not self._words.is_noun(noun, "voice")
        ):
            found = self._coreference.refer(s, h)
            if found is not None and (unit.has("role") or found.kind in BODIES):
                who = Argument(
                    "speaker", found.kind, unit.text, unit.start, unit.end, found.name,
                    inferred=True, derivation=found.via,
                )  # fmt: skip
                return Source(who, phrase, "firm" if found.kind == FIRM else "body")
        human = self._words.is_noun(noun, "voice", "human") or unit.has("source")
        bare = phrase.last == h and h - phrase.first == 1 and s.units[phrase.first].low == "the"
        if bare:
            keys = (noun, "media") if self._words.is_noun(noun, "media") else (noun,)
            known = self._memory.last(s.index, *keys, back=12)
            if known is None and self._words.is_noun(noun, "body"):
                known = self._memory.last(s.index, "body", back=3)
            if known is not None:
                return self._earlier(phrase, known, unit, "person" if human else "body")
        known_noun = human or unit.has("role") or unit.has("authority")
        if not known_noun and not self._words.is_noun(noun, "body", "media", "firm"):
            return None
        plural = noun.endswith("s") or noun in {"people", "media"}
        sort = ("people" if plural else "person") if human else "body"
        return Source(self._text_of(s, phrase), phrase, sort)

    def _voice_of(self, s: Sentence, phrase: Phrase) -> Source | None:
        """Return the body that a spokesman or an official of it speaks for."""
        h = phrase.head
        if not self._words.is_noun(s.units[h].low, "voice"):
            return None
        k = h - 1
        while k > phrase.first and s.units[k].low in {
            "senior",
            "trade",
            "top",
            "local",
            "government",
            "chief",
        }:
            k -= 1
        near = [k] if k >= phrase.first and s.units[k].kind in _BODIES and not s.units[k].demonym else []
        if phrase.tail <= phrase.last and s.units[phrase.tail].low in {"of", "for", "at", "from", "with"}:
            near += range(phrase.tail + 1, min(phrase.tail + 5, phrase.last + 1))
        spokes = s.units[h].low.startswith(("spokes", "representative"))
        for q in near:
            unit = s.units[q]
            named = unit.kind in _BODIES and not unit.demonym and (spokes or unit.kind != "Government")
            if not named and not (q > h and (unit.has("role") or unit.has("authority"))):
                continue
            found = self._coreference.refer(s, q)
            if found is not None and found.kind in _BODIES:
                how = f"{s.units[h].text} speaks for {unit.text}"
                who = Argument(
                    "speaker", found.kind, unit.text, unit.start, unit.end, found.name, derivation=how
                )
                self._memory.remember(who, s.units[h].low, s.index)
                return Source(who, phrase, "firm" if found.kind == FIRM else "body")
        return None

    def _text_of(self, s: Sentence, phrase: Phrase) -> Argument:
        """Return the words of a phrase that describes somebody without a name."""
        first = phrase.first
        while first < phrase.head and (
            s.units[first].low in self._grammar.words["adverbs"] or not s.units[first].is_word
        ):
            first += 1
        last = phrase.last
        while last > phrase.head and (
            s.units[last].kind == "Time"
            or not s.units[last].is_word
            or s.units[last].low in self._grammar.words["prepositions"]
        ):
            last -= 1
        start, end = s.units[first].start, s.units[last].end
        return Argument(
            "speaker", "UnnamedSource", self._text[start:end], start, end, derivation="described, not named"
        )


def _stranger(unit: Unit) -> bool:
    """Return whether a unit is a capitalized word of no known name."""
    return unit.text[:1].isupper() and not unit.kind and not unit.tags
