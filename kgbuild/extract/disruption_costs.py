"""Costs of disruption: prices driven up, contracts under force majeure, stocks written off."""

from __future__ import annotations

from collections.abc import Iterator

from kgbuild.extract.disruption_roles import DisruptionRoles, Trouble
from kgbuild.extract.disruption_verbs import STOPS, TroubleVerbs
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.phrase_words import Found, Readings
from kgbuild.extract.units import FIRM, Sentence


class TroubleCosts:
    """Reads verbs with the prices, contracts or money that they hit."""

    def __init__(self, grammar: Grammar, roles: DisruptionRoles, verbs: TroubleVerbs) -> None:
        self.grammar = grammar
        self.roles = roles
        self.verbs = verbs

    def find(self, s: Sentence, words: Readings) -> Iterator[Trouble]:
        """Yield the rises of prices, the declarations and the losses that `s` tells."""
        for found in words.of("price-up"):
            yield from self._price(s, found, words)
        for found in words.of("price-rise"):
            yield from self._risen(s, found, words)
        for found in words.of("declare"):
            yield from self._declared(s, found, words)
        for found in words.of("loss"):
            yield from self._written_off(s, found, words)

    def _price(self, s: Sentence, found: Found, words: Readings) -> Iterator[Trouble]:
        """Read "have driven up rare-earth prices", "sent prices soaring"."""
        if not self.verbs.first_form(words, found) or (
            found.tag.form == "base" and s.units[found.first].kind
        ):
            return
        nouns = words.between(found.last + 1, min(found.last + 7, len(s.units)), "price")
        if not nouns or any(u.text in STOPS for u in s.units[found.last : nouns[0].first]):
            return
        noun = nouns[0]
        if s.units[noun.last].has("share") or any(
            u.has("share") or u.kind == FIRM for u in s.units[found.last : noun.last]
        ):
            return
        last = noun.last
        if found.has("price-up.part"):
            higher = next(
                (h for j in range(noun.last + 1, noun.last + 6) if (h := words.at(j, "higher"))), None
            )
            if higher is None:
                return
            last = higher.last
        group = self.verbs.group(s, found)
        left, _ = self.grammar.clause(s, group.verb)
        cause = self.verbs.cause_subject(s, left, group.first, words) if group.first > left else None
        if cause is None and not (found.tag.form == "ing" and words.between(0, found.first, "restriction")):
            return
        yield Trouble(
            "price-increase",
            found.first,
            (found.first, last),
            found.last + 1,
            self.verbs.end(s, last),
            "price",
            group,
            (),
            cause,
        )

    def _risen(self, s: Sentence, found: Found, words: Readings) -> Iterator[Trouble]:
        """Read "prices have soared since the ban" where no figure is given."""
        if not self.verbs.first_form(words, found) or self.grammar.is_noun(s, found.first):
            return
        if any(u.amount is not None and u.amount.kind != "count" for u in s.units):
            return
        group = self.verbs.group(s, found)
        noun = self.verbs.subject_noun(s, group, words, "price")
        left, _right = self.grammar.clause(s, group.verb)
        if noun is None or any(u.has("share") or u.kind == FIRM for u in s.units[left : group.first]):
            return
        causes = [
            c for c in words.between(found.last, len(s.units), "cause")
            if words.between(c.last + 1, min(c.last + 8, len(s.units)), "restriction")
        ]  # fmt: skip
        if causes:
            yield Trouble(
                "price-increase", found.first, (noun.first, found.last), left, found.last + 1, "risen", group
            )

    def _declared(self, s: Sentence, found: Found, words: Readings) -> Iterator[Trouble]:
        if not self.verbs.first_form(words, found):
            return
        noun = next((m for j in range(found.last + 1, found.last + 4) if (m := words.at(j, "majeure"))), None)
        group = self.verbs.group(s, found)
        left, _ = self.grammar.clause(s, group.verb)
        low = found.last
        whose = self.roles.subject(s, group)
        if noun is None and group.passive:
            noun = next((m for j in range(left, group.first) if (m := words.at(j, "majeure"))), None)
            whose, low = (), left
        if noun is not None:
            what = (min(found.first, noun.first), max(found.last, noun.last))
            yield Trouble(
                "force-majeure", found.first, what, low, self.verbs.end(s, what[1]), "declare", group, whose
            )

    def _written_off(self, s: Sentence, found: Found, words: Readings) -> Iterator[Trouble]:
        """Read "wrote off $4.5 billion", "took a $5.5 billion charge"."""
        if not self.verbs.first_form(words, found):
            return
        behind = range(found.last + 1, min(found.last + 9, len(s.units)))
        money = [j for j in behind if (a := s.units[j].amount) is not None and a.kind == "money"]
        group = self.verbs.group(s, found)
        if not money or group.passive:
            return
        last = money[0]
        if found.has("loss.part"):
            noun = next((n for j in behind if (n := words.at(j, "loss-noun"))), None)
            if noun is None:
                return
            last = max(last, noun.last)
        whose = self.roles.subject(s, group)
        if whose:
            yield Trouble(
                "loss",
                found.first,
                (found.first, last),
                found.first,
                self.verbs.end(s, last),
                "loss",
                group,
                whose,
            )
