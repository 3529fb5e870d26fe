"""Which instrument supplements another: "the permit does not replace the quota but supplements it"."""

from __future__ import annotations

from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.relation_events import Context, RelationReader, normal
from kgbuild.extract.relation_words import Hit
from kgbuild.extract.units import MATERIALS, Sentence, Unit
from kgbuild.model import Argument, Event


class Supplements(RelationReader):
    """Finds `supplements`."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference) -> None:
        super().__init__(text, grammar, coreference)
        self._seen: list[Sentence] = []
        self._heads = {w for phrase in self.words.words("supplement.instrument") for w in phrase.split()[-1:]}

    def find(self, c: Context) -> list[Event]:
        """Return which permit, rule or system the sentence says supplements which."""
        self._seen.append(c.s)
        if c.s.units[-1].text == "?":
            return []
        found = [self._told(c, hit) for hit in c.all("supplement.verb", "supplement.noun")]
        return [e for e in found if e is not None]

    def _told(self, c: Context, hit: Hit) -> Event | None:
        s, at = c.s, hit.first
        low = c.s.units[at].low
        if low.endswith("ing") or (at and s.units[at - 1].low in {"a", "the", "as", "to"} - {"to"}):
            return None
        replaced = next((h for h in c.all("supplement.replace") if h.first < at), None)
        if hit.end < len(s.units) and s.units[hit.end].low == "it":
            given = self._forward(c, replaced.end) if replaced is not None else None
        else:
            given = self._forward(c, hit.end)
        verb = replaced.first if replaced is not None else at
        subject = self._back(c, verb)
        if given is None or subject is None or self.unreal(s, at):
            return None
        low_end = at if replaced is not None else subject[1]
        stance = self.stance(s, low_end, at)
        return self.event(s, "supplements", [subject[0]], [given], at, stance, hit.id)

    def _forward(self, c: Context, i: int) -> Argument | None:
        """Return the instrument whose noun phrase starts at unit `i`."""
        s, first = c.s, i
        while first < len(s.units) and s.units[first].low in self.grammar.words["determiners"]:
            first += 1
        last = None
        for k in range(first, min(first + 8, len(s.units))):
            if not self._inner(s.units[k]):
                break
            if s.units[k].low.split()[-1] in self._heads:
                last = k
        return self._instrument("object", s, first, last) if last is not None else None

    def _back(self, c: Context, at: int) -> tuple[Argument, int] | None:
        """Return the instrument in front of the verb at unit `at`, and the unit behind it."""
        s, j = c.s, at - 1
        while j >= 0 and not s.units[j].kind and (
            self.grammar.is_auxiliary(s.units[j]) or s.units[j].low in self.grammar.words["adverbs"]
            or s.units[j].has("negation") or s.units[j].has("planned") or s.units[j].has("possible")
            or s.units[j].low in {"to", "that", "which"}
        ):  # fmt: skip
            j -= 1
        if j < 0 or s.units[j].low.split()[-1] not in self._heads:
            return None
        first = j
        while first and self._inner(s.units[first - 1]) and not self._determiner(s.units[first - 1]):
            first -= 1
        return self._instrument("subject", s, first, j), j + 1

    def _determiner(self, unit: Unit) -> bool:
        return unit.low in self.grammar.words["determiners"]

    def _inner(self, unit: Unit) -> bool:
        """Return whether a unit can stand in the noun phrase of an instrument."""
        if unit.kind:
            return unit.kind in MATERIALS or unit.demonym
        if unit.has("duty") or unit.has("possible") or unit.has("planned"):
            return False
        closed = self.grammar.words["prepositions"] | self.grammar.words["clause_openers"]
        return (
            (unit.is_word or unit.text == "-")
            and unit.low not in closed
            and not self.grammar.is_auxiliary(unit)
        )

    def _instrument(self, role: str, s: Sentence, first: int, last: int) -> Argument:
        """Return units [first, last] as an instrument, under the fuller wording that the text has for it."""
        words = normal(s, first, last)
        head = s.units[last].low
        stem = head.rstrip("s")
        best = self._fuller(s, first, stem, head)
        if stem in best and best not in words:
            extra = words[: -len(head)].strip() if words.endswith(head) else ""
            words = f"{extra} {best}".strip() if extra and extra not in best else best
        start, end = s.units[first].start, s.units[last].end
        return Argument(role, "Instrument", self.text[start:end], start, end, "", words)

    def _fuller(self, s: Sentence, first: int, stem: str, head: str) -> str:
        """Return the last wording before units [first, ...) of `s` that says more than its head, or ""."""
        for earlier in reversed(self._seen):
            for k in range(len(earlier.units) - 1, -1, -1):
                unit = earlier.units[k]
                own = earlier is s and k >= first
                if own or unit.kind or (unit.low.rstrip("s") != stem and not unit.low.endswith(f" {head}")):
                    continue
                low = k
                while low and k - low < 6 and self._inner(earlier.units[low - 1]):
                    if self._verbal(earlier.units[low - 1]):
                        break
                    low -= 1
                if low < k:
                    return normal(earlier, low, k)
        return ""

    def _verbal(self, unit: Unit) -> bool:
        verb = any(t.form for t in unit.tags) and all(t.form for t in unit.tags)
        return self._determiner(unit) or verb or unit.low in {"and", "or", "existing", "not", "to"}
