"""Firms as subjects: named, spoken of before, or counted before ("all three companies")."""

from __future__ import annotations

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.units import FIRM, Sentence
from kgbuild.model import Argument


class CountedFirms:
    """Finds who a noun phrase stands for among the firms that earlier sentences count and name."""

    def __init__(self, arguments: Arguments, text: str) -> None:
        self._arguments = arguments
        self._text = text
        self._seen: list[Sentence] = []

    def note(self, s: Sentence) -> None:
        """Remember a sentence, for what later ones refer to."""
        self._seen.append(s)

    def _one(self, s: Sentence, i: int) -> Argument | None:
        found = self._arguments.actor("subject", s, i, firm=True)
        return found if found is not None and found.kind == FIRM else None

    def firms(self, s: Sentence, heads: list[int]) -> list[Argument]:
        """Return the firms that units `heads` stand for, as subjects."""
        out: list[Argument] = []
        for h in heads:
            one = self._one(s, h)
            out += [one] if one is not None else self._group(s, h)
        return out

    def _group(self, s: Sentence, h: int) -> list[Argument]:
        """Return who "all three companies" are: those that an earlier sentence counts and names."""
        described = self._arguments.grammar.describe(s, h) if s.units[h].has("role") else None
        if described is None or not described.plural or not described.definite:
            return []
        start, end = s.units[described.first].start, s.units[h].end
        for earlier in reversed(self._seen[-4:-1]):
            for k, unit in enumerate(earlier.units):
                if not unit.has("role"):
                    continue
                before = self._arguments.grammar.describe(earlier, k)
                if before.count is None or (described.count or before.count) != before.count:
                    continue
                members = self._arguments.holders("subject", earlier, k, self._text)
                if any(m.name for m in members):
                    how = f"coreference: {self._text[start:end]} = {unit.text} counted before"
                    return [
                        Argument("subject", m.kind, self._text[start:end], start, end, m.name, m.value,
                                 inferred=True, derivation=how)
                        for m in members
                    ]  # fmt: skip
        return []
