"""Which country an article speaks of where it says only "the government", and who "he" is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from kgbuild.extract.noun_phrases import POSSESSIVES
from kgbuild.extract.units import Sentence, Unit

#: Words for those who act for a state, where nothing else is said of which.
STATE_BODIES = frozenset({"government", "junta", "parliament", "cabinet", "lawmakers"})
_BACK = 2  #: sentences to look back for the person that a pronoun means


def country_spoken_of(
    sentences: Sequence[Sentence], s: Sentence, i: int, governments: Mapping[str, str]
) -> Unit | None:
    """Return the country that "the government" at unit `i` of `s` is that of; None where others come in.

    The text before names it alone, or names it last and more often than any other.
    """
    if i > 1 and s.units[i - 1].text in POSSESSIVES and s.units[i - 2].kind == "Country":
        return s.units[i - 2]  # "Vietnam's parliament"
    following = s.units[i + 1 : i + 4]
    if following and following[0].low == "of":  # "the government of Chile", "of Justin Trudeau"
        return next((u for u in following if u.kind == "Country"), None)
    if s.units[i].low not in {"government", "junta"}:
        return None
    named = [
        u
        for t in sentences[: s.index + 1]
        for k, u in enumerate(t.units)
        if u.kind == "Country" and u.name in governments and (t.index < s.index or k < i)
    ]
    ranks = Counter(u.name for u in named).most_common(2)
    if not ranks:
        return None
    alone = len(ranks) == 1
    leads = not alone and ranks[0][1] > ranks[1][1] and named[-1].name == ranks[0][0]
    return named[-1] if alone or leads else None


def people_spoken_of(sentences: Sequence[Sentence], s: Sentence, i: int) -> list[Unit]:
    """Return the people whom "he" at unit `i` of `s` can mean: those named last, in `s` or right before."""
    for back in range(min(s.index, _BACK) + 1):
        units = sentences[s.index - back].units
        people = [u for u in (units[:i] if not back else units) if u.kind == "Person"]
        if people:
            return people
    return []
