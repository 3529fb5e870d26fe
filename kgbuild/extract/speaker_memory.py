"""Who an article has spoken of so far: for pronouns, surnames, "the spokesman" and "both sides"."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.coreference import Coreference
from kgbuild.extract.speech_words import SpeechWords
from kgbuild.extract.units import FIRM, PLACES, Sentence
from kgbuild.model import Argument

#: Sentences that a pronoun looks back over.
_BACK: Final = 4


class SpeakerMemory:
    """Notes people, bodies and governments in the sentences of one article, in order."""

    def __init__(self, coreference: Coreference, text: str, words: SpeechWords) -> None:
        self._coreference = coreference
        self._text = text
        self._words = words
        self._last: dict[str, tuple[Argument, int]] = {}  #: sort or noun -> who was last said to be it
        self.surnames: dict[str, str] = {}  #: last word of a person's name -> the name
        self.short: dict[str, tuple[str, str]] = {}  #: first word of a firm's or body's name -> (kind, name)
        self.governments: list[tuple[str, str]] = []  #: (name, kind) of governments in order of mention

    def note(self, s: Sentence) -> None:
        """Note the people, firms and governments of `s`."""
        for i, unit in enumerate(s.units):
            if unit.kind == "Person":
                self.person(s, i, Argument("speaker", "Person", unit.text, unit.start, unit.end, unit.name))
            elif unit.kind in PLACES or unit.reading({"Government"}):
                found = self._coreference.refer(s, i)
                if found is not None and found.kind == "Government":
                    self.governments.append((found.name, found.kind))
            elif unit.kind in {FIRM, "TradeAssociation", "Organization"} and " " in unit.text:
                self.short.setdefault(unit.text.split()[0], (unit.kind, unit.name))
            elif unit.kind == "NewsOrganization":
                named = Argument("speaker", unit.kind, unit.text, unit.start, unit.end, unit.name)
                self._last["media"] = (named, s.index)

    def person(self, s: Sentence, i: int, who: Argument) -> None:
        """Note a person named at unit `i`, with the nouns beside the name: "spokesman", "minister"."""
        words = who.text.split()
        self.surnames.setdefault(who.name.split()[-1], who.name)
        if len(words) == 2 and len(words[0]) <= 4:
            self.surnames.setdefault(words[0], who.name)  # "Wang Wenbin", later "Wang"
        for word in words[1:-1]:
            self.surnames.setdefault(word, who.name)  # "Louis Watum Kabamba", later "Watum"
        self._last["mentioned"] = (who, s.index)
        for unit in (*s.units[max(0, i - 4) : i], *s.units[i + 1 : i + 7]):
            if unit.kind == "Person":
                break
            word = unit.low.rpartition(" ")[2]
            if self._words.is_noun(word, "voice", "human") and not unit.kind:
                self._last[word] = (who, s.index)
        # titles are part of no unit: "Minister X"
        title = self._text[max(0, who.start - 60) : who.start].rstrip().rpartition(" ")[2].lower()
        if self._words.is_noun(title, "voice", "human"):
            self._last[title] = (who, s.index)

    def remember(self, who: Argument, sort: str, index: int) -> None:
        """Note who was the last to say something."""
        self._last[sort] = self._last["any"] = (who, index)
        if sort in {"firm", "body", "media"}:
            self._last["organization"] = (who, index)
        if who.kind == "UnnamedSource":
            nouns = [w for w in who.text.lower().split()[:8] if self._described(w)]
            for word in nouns[:1]:
                self._last[word] = (who, index)

    def _described(self, word: str) -> bool:
        return self._words.is_noun(word, "voice", "human", "body", "media")

    def last(self, index: int, *keys: str, back: int = _BACK) -> Argument | None:
        """Return who was last noted under one of `keys` in the sentences before `index`."""
        found = [self._last[k] for k in keys if k in self._last and index - self._last[k][1] <= back]
        return max(found, key=lambda f: (f[1], f[0].start))[0] if found else None

    def he(self, index: int) -> Argument | None:
        """Return who "he" or "she" is: the last person to speak, else the last one named."""
        return self.last(index, "person") or self.last(index, "mentioned", back=1)
