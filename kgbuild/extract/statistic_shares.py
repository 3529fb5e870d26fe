"""Shares: "70 percent of the world's output", "relies on China for", "comes from", "a 60 percent share"."""

from __future__ import annotations

from dataclasses import replace

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.phrase_words import Found, Readings
from kgbuild.extract.statistic_measures import Draft, Measures, places
from kgbuild.extract.statistic_roles import possessor
from kgbuild.extract.units import FIRM, PLACES, Sentence

_VERBS = ("share", "goods")


class Shares:
    """Reads a percentage as the share of a whole."""

    def __init__(self, grammar: Grammar, measures: Measures) -> None:
        self.grammar = grammar
        self.measures = measures

    def part(self, s: Sentence, i: int, words: Readings, last: Draft | None) -> Draft | None:
        """Return "PERCENT of the world's output" with the verb that gives it to somebody."""
        opened = i + 1
        if opened + 1 >= len(s.units) or s.units[opened].low != "of":
            return None
        low = opened + 1
        high = self.measures.phrase_end(s, low, words)
        family, noun = self.measures.zone_family(s, low, high, words)
        materials = self.measures.materials(s, low, high)
        if family and not materials and high + 1 < len(s.units) and s.units[high].low in {"for", "in"}:
            further = self.measures.phrase_end(s, high + 1, words)
            materials = self.measures.materials(s, high + 1, further)
            high = further if materials else high
        world = self.measures.world(low, high, words)
        aside = s.units[i - 1].low in {",", "or"} if i else False
        total = any(u.low == "total" for u in s.units[low:high])
        if not family and not materials and world is not None and total and aside and last is not None:
            family = last.family  # "270,000 tons of rare earths, 69 percent of the world total"
        amount = s.units[i].amount
        most = amount is None or not amount.value
        if high <= low or not (family or materials) or (most and world is None):
            return None
        if family in {"quota", "stock", "price"}:
            return None
        measure = (noun.first, noun.last) if noun is not None else (opened, high - 1)
        draft = Draft(
            i, family or "supply", measure, low, high, "share", share=(opened, high - 1),
            partners=(world,) if world is not None else (),
        )  # fmt: skip
        left, _ = self.grammar.clause(s, i)
        return (
            self._relied(s, draft, words, left)
            or self._used_by(s, draft, words, left)
            or self._held(s, draft, words, left, bool(family))
            or self._behind(s, draft, words, bool(family))
            or self._beside(s, draft, last)
        )

    # ---- who relies on whom

    def _relied(self, s: Sentence, draft: Draft, words: Readings, left: int) -> Draft | None:
        """Return "relies on PARTNER for PERCENT of its imports", "gets PERCENT of its ore from PARTNER"."""
        for found in reversed(words.between(0, draft.at, "rely")):
            between = s.units[found.last + 1 : draft.at]
            partners = places(s, found.last + 1, draft.at)
            if not partners or not any(u.low == "for" for u in between) or len(between) > 8:
                continue
            if draft.family in {"sales", "revenue"}:
                return None
            group = None if found.tag.form == "" else self.measures.group(s, found)
            owners = self._subject(s, found, group is None)
            return replace(
                draft, family="imports", rule="relies", verb=group, owners=owners, partners=tuple(partners)
            )
        verb = self.measures.verb_before(s, draft.at, words, "goods.imports", left)
        if verb is None:
            return None
        j = draft.high
        if j + 1 >= len(s.units) or s.units[j].low != "from":
            return None
        partners = places(s, j + 1, j + 4)
        if not partners:
            return None
        group = self.measures.group(s, verb)
        owners = tuple(self.grammar.subject(s, group))
        sold = draft.family in {"sales", "revenue"}
        if not sold and not self.measures.materials(s, draft.low, draft.high) and draft.family != "imports":
            return None
        return replace(
            draft,
            family=draft.family if sold else "imports",
            rule="imported-from",
            verb=group,
            owners=owners,
            partners=tuple(partners),
        )

    def _subject(self, s: Sentence, found: Found, noun: bool) -> tuple[int, ...]:
        if not noun:
            return tuple(self.grammar.subject(s, self.measures.group(s, found)))
        owned = possessor(s, max(0, found.first - 4), found.first)
        if owned:
            return tuple(owned[:1])
        j = found.first - 1
        skipped = self.grammar.words["adverbs"] | self.grammar.words["auxiliaries"] | {"heavily", "highly"}
        while j >= 0 and s.units[j].low in skipped:
            j -= 1
        return (j,) if j >= 0 else ()

    # ---- who holds it

    def _held(self, s: Sentence, draft: Draft, words: Readings, left: int, named: bool) -> Draft | None:
        """Return "SUBJECT accounts for PERCENT of ...": the subject's share, or that of a partner."""
        verb = next(
            (v for cls in _VERBS if (v := self.measures.verb_before(s, draft.at, words, cls, left))), None
        )
        if verb is None or verb.has("goods.imports"):
            return None
        whole = bool(draft.partners) or self.measures.whole(s, draft.low)
        holder = possessor(s, draft.low, draft.high)
        adjective = verb.has("share.adjective")
        group = None if adjective else self.measures.group(s, verb)
        owners = self._subject(s, verb, True) if group is None else self._owners(s, verb, group.first)
        goods = verb.has("goods")
        behind = s.units[draft.high] if draft.high < len(s.units) else None
        limited = behind is not None and behind.low in {
            "that",
            "used",
            "imported",
            "consumed",
            "needed",
            "it",
            "which",
        }
        if not (whole or named or goods) or (limited and not whole and not named):
            return None
        draft = replace(draft, verb=group, owners=owners, rule="share-held")
        if holder and not draft.partners:
            return self._part_of(s, draft, holder, named)
        into = next(
            (j for j in places(s, draft.high, draft.high + 3) if s.units[j - 1].low in {"into", "to"}), None
        )
        if draft.family == "imports" and not draft.partners and into is not None:
            return replace(draft, owners=(into,), partners=owners, rule="share-imported")
        if not whole and not draft.partners and not self._economies(s, owners):
            return None
        family = draft.family
        if not named:
            family = verb.tag.cls.split(".")[1] if "." in verb.tag.cls and not adjective else "supply"
            family = "reserves" if verb.has("share.adjective.reserves") else family
        if not owners:
            return None
        return replace(draft, family=family)

    def _used_by(self, s: Sentence, draft: Draft, words: Readings, left: int) -> Draft | None:
        """Return "supplied PERCENT of the uranium used by American reactors"."""
        behind = s.units[draft.high].low if draft.high < len(s.units) else ""
        user = places(s, draft.high, draft.high + 4) if behind == "used" else []
        verb = self.measures.verb_before(s, draft.at, words, "goods", left) if user else None
        if verb is None or draft.partners or verb.has("goods.imports"):
            return None
        group = self.measures.group(s, verb)
        owners = self._owners(s, verb, group.first)
        if not owners:
            return None
        return replace(draft, verb=group, owners=owners, rule="share-used", partners=tuple(user[:1]))

    def _owners(self, s: Sentence, verb: Found, first: int) -> tuple[int, ...]:
        """Return the subject of a verb; of "accounting for" or "and holds" that of what stands before."""
        heads = self.grammar.subject(s, self.measures.group(s, verb))
        heads = [h for h in heads if h < verb.first]
        if heads:
            return tuple(heads)
        before = s.units[first - 1].low if first else ""
        if before not in {",", "and", "but", "with", "—", "–"} and verb.tag.form != "ing":
            opener = [j for j in range(max(0, first - 3), first) if s.units[j].kind in PLACES | {FIRM}]
            return tuple(opener[-1:])
        named = [
            j for j in range(first) if s.units[j].kind in PLACES | {FIRM} and not s.units[j].demonym
            and self.grammar.governed(s, j, 0) in {"", "with"}
        ]  # fmt: skip
        free = [j for j in named if not self.grammar.possessive(s, j)]
        if verb.tag.form == "ing" and before == ",":
            return tuple((free or named)[-1:])
        return tuple((free or named)[:1])

    @staticmethod
    def _economies(s: Sentence, owners: tuple[int, ...]) -> bool:
        return any(s.units[j].kind in PLACES or s.units[j].low in {"it", "which", "country"} for j in owners)

    def _part_of(self, s: Sentence, draft: Draft, holder: list[int], named: bool) -> Draft | None:
        """Return a partner's share of what somebody sells or buys: "46 percent of Example's sales"."""
        unit = s.units[holder[0]]
        partners = [j for j in draft.owners if s.units[j].kind in PLACES and not s.units[j].demonym]
        if unit.low in {"its", "their"} or not named or not partners:
            return None
        if draft.family not in {"sales", "revenue", "exports", "imports"}:
            return None
        return replace(draft, owners=(holder[0],), partners=tuple(partners), rule="share-of-trade")

    # ---- where it comes from

    def _behind(self, s: Sentence, draft: Draft, words: Readings, named: bool) -> Draft | None:
        """Return "PERCENT of X comes from PLACE", "PERCENT of X are produced in PLACE"."""
        found = self._origin_at(s, draft.high, words)
        if found is None:
            return None
        verb, named_places = found
        whole = bool(draft.partners) or self.measures.whole(s, draft.low)
        group = self.measures.group(s, verb)
        holder = possessor(s, draft.low, draft.high)
        if draft.family == "imports" or (holder and not whole and s.units[holder[0]].kind in PLACES):
            owners = tuple(holder[:1])
            return replace(
                draft,
                family="imports",
                verb=group,
                owners=owners,
                partners=named_places,
                rule="import-origin",
            )
        if holder and not whole and s.units[holder[0]].kind != FIRM:
            return None
        if holder and not whole:  # "two fifths of Example's chips come from"
            return replace(draft, family="production", verb=group, owners=named_places, rule="share-made")
        family = draft.family
        if not named and verb.has("goods"):
            family = verb.tag.cls.split(".")[1]
        return replace(draft, family=family, verb=group, owners=named_places, rule="share-origin")

    def _origin_at(self, s: Sentence, j: int, words: Readings) -> tuple[Found, tuple[int, ...]] | None:
        """Return the verb of origin that starts at or near unit `j` and the places behind it."""
        skipped = self.grammar.words["auxiliaries"] | self.grammar.words["adverbs"] | {"that"}
        while j < len(s.units) and s.units[j].low in skipped and not s.units[j].kind:
            j += 1
        if j + 1 < len(s.units) and words.at(j, "goods") and words.at(j + 1, "world"):
            j += 2  # "the cobalt mined worldwide"
        made = words.at(j, "goods") if j + 2 < len(s.units) and s.units[j + 1].low in {"in", "by"} else None
        if made is not None and places(s, j + 2, j + 3) and s.units[j - 1].low not in skipped:
            j += 3  # "the chips made in Europe"
            while j < len(s.units) and s.units[j].low in skipped and not s.units[j].kind:
                j += 1
        if j >= len(s.units):
            return None
        verb = words.at(j, "origin")
        if verb is None:
            goods = words.at(j, "goods")
            if goods is None or goods.tag.form not in {"past", "participle"} or s.units[j - 1].low not in {
                "is", "are", "was", "were", "been", "being", "be",
            }:  # fmt: skip
                return None
            verb = goods
            k = verb.last + 1
            if k >= len(s.units) or s.units[k].low not in {"in", "by", "from"}:
                return None
            named = places(s, k + 1, k + 3)
        else:
            named = places(s, verb.last + 1, verb.last + 4)
        return (verb, tuple(named[:1])) if named else None

    def origin(self, s: Sentence, i: int, words: Readings, last: Draft | None) -> Draft | None:
        """Return "..., and PERCENT came from PLACE" behind a figure of imports."""
        found = self._origin_at(s, i + 1, words)
        if found is None or last is None or last.family != "imports" or not found[0].has("origin"):
            return None
        verb, partners = found
        return Draft(
            i, "imports", (verb.first, verb.last), last.low, last.high, "import-origin-shared",
            verb=self.measures.group(s, verb), owners=last.owners, share=(i, i), partners=partners,
        )  # fmt: skip

    def _beside(self, s: Sentence, draft: Draft, last: Draft | None) -> Draft | None:
        """Return ", some 3 percent of world output" behind a figure, "with 60 percent of world supply"."""
        before = s.units[draft.at - 1].low if draft.at else ""
        if before == "and" and last is not None and last.rule == "share-held" and last.verb is not None:
            partners = draft.partners or last.partners  # "70 percent of mining and 90 percent of refining"
            return replace(draft, owners=last.owners, verb=last.verb, partners=partners, rule="share-shared")
        if (
            before in {",", "(", "or", "—", "–"}
            and draft.partners
            and last is not None
            and last.share is None
        ):
            return replace(draft, owners=last.owners, rule="share-shared")
        whole = self.measures.whole(s, draft.low) and last is not None and last.family == draft.family
        if before == "or" and whole and last is not None and last.partners and not last.share:
            return replace(draft, owners=last.owners, partners=last.partners, rule="share-shared")
        if before == "with" and draft.partners and draft.at == 1:
            after = draft.high + 1
            behind = s.units[draft.high].text == "," if draft.high < len(s.units) else False
            near = [j for j in places(s, after, after + 1) if not s.units[j].demonym] if behind else []
            return replace(draft, owners=tuple(near), rule="share-with") if near else None
        if before == "with" and draft.partners:
            near = [j for j in places(s, max(0, draft.at - 6), draft.at) if not s.units[j].demonym]
            return replace(draft, owners=tuple(near[-1:]), rule="share-with") if near else None
        return None

    # ---- "a share of"

    def named(self, s: Sentence, i: int, words: Readings) -> Draft | None:
        """Return "a PERCENT share of world output" and "China's share of world output rose to PERCENT"."""
        noun = words.at(i + 1, "share-noun")
        left, _ = self.grammar.clause(s, i)
        if noun is not None and noun.last + 1 < len(s.units) and s.units[noun.last + 1].low in {"of", "in"}:
            verb = next(
                (v for cls in _VERBS if (v := self.measures.verb_before(s, i, words, cls, left))), None
            )
            owners = self._owners(s, verb, self.measures.group(s, verb).first) if verb is not None else ()
            return self._shared(s, i, noun, words, verb, owners)
        verb = self.measures.verb_before(s, i, words, "level", left) or self.measures.verb_before(
            s, i, words, "change", left
        )
        if verb is None or (verb.has("change") and s.units[i - 1].low not in {"to", "at"}):
            return None
        nouns = [n for n in words.between(left, verb.first, "share-noun") if s.units[n.last + 1].low == "of"]
        if not nouns:
            return None
        owners = tuple(possessor(s, left, nouns[-1].first)[:1])
        return self._shared(s, i, nouns[-1], words, verb, owners)

    def _shared(
        self, s: Sentence, i: int, noun: Found, words: Readings, verb: Found | None, owners: tuple[int, ...]
    ) -> Draft | None:
        low = noun.last + 2
        high = self.measures.phrase_end(s, low, words)
        family, measure = self.measures.zone_family(s, low, high, words)
        world = self.measures.world(low, high, words)
        if world is None or not owners or not (family or self.measures.materials(s, low, high)):
            return None
        span = (measure.first, measure.last) if measure is not None else (noun.first, noun.last)
        return Draft(
            i, family or "supply", span, low, high, "share-noun",
            verb=self.measures.group(s, verb) if verb is not None else None,
            owners=owners, share=(noun.first, high - 1), partners=(world,),
        )  # fmt: skip
