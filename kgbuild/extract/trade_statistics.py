"""Trade statistics: shares of world output, exports, imports, reserves, quotas, capacities and prices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from kgbuild.extract.amounts import Amount
from kgbuild.extract.arguments import quantity
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.phrase_words import Readings, load_phrase_words
from kgbuild.extract.stance import Stance, doubted, stance_of
from kgbuild.extract.statistic_compared import Compared
from kgbuild.extract.statistic_figures import Figures
from kgbuild.extract.statistic_goods import Goods
from kgbuild.extract.statistic_lists import StatisticLists
from kgbuild.extract.statistic_measures import Draft, Measures, amount_of, report_denied
from kgbuild.extract.statistic_money import Money
from kgbuild.extract.statistic_phrases import Phrases
from kgbuild.extract.statistic_repeats import Repeats
from kgbuild.extract.statistic_roles import RAW, StatisticRoles
from kgbuild.extract.statistic_shares import Shares
from kgbuild.extract.statistic_times import StatisticTimes
from kgbuild.extract.units import FIRM, MATERIALS, PLACES, Sentence, Unit
from kgbuild.model import Argument, Event, Rejection

#: Families whose firm is a trader of its home country: what it sells abroad leaves from there.
_TRADED: Final = frozenset({"exports", "revenue", "sales"})
#: Words for the price that a firm gets for its goods.
_RECEIVED: Final = frozenset("sales selling realised realized received achieved".split())
_GROWTH: Final = {"2": "100", "3": "200", "4": "300", "5": "400", "6": "500", "10": "900", "0.5": "50"}
_FRACTIONS: Final = {"half": "50", "third": "33.3", "quarter": "25", "fifth": "20"}
_HEDGES: Final = {"": "exact", "a": "exact", "more than": "more-than", "almost": "nearly", "nearly": "nearly",
                  "about": "about", "over": "more-than", "around": "about", "roughly": "about"}  # fmt: skip
_PER: Final = {
    "ton": "t", "tonne": "t", "tons": "t", "t": "t", "kilogram": "kg", "kilo": "kg", "kg": "kg",
    "pound": "lb", "lb": "lb", "ounce": "oz", "gram": "g",
}  # fmt: skip
_PARTIAL: Final = frozenset({"needs", "share-used", "share-made"})  #: rules of shares of no world's whole
_SHARES: Final = {
    "production": "share of world production", "supply": "share of world supply",
    "reserves": "share of world reserves", "capacity": "share of world capacity",
    "consumption": "share of world consumption", "exports": "share of exports",
    "imports": "share of imports from partner", "sales": "share of sales", "revenue": "share of revenue",
    "resources": "share of world resources", "other": "share of the market",
}  # fmt: skip


class TradeStatistics:
    """Finds the statistics in the sentences of one article."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference) -> None:
        self.text = text
        self.grammar = grammar
        self.roles = StatisticRoles(text, grammar, coreference)
        self.times = StatisticTimes(grammar, self.roles.memory)
        self.coreference = coreference
        self.words = load_phrase_words(grammar.lexicon, "statistics.jsonl")
        measures = Measures(grammar)
        self.shares = Shares(grammar, measures)
        self.figures = Figures(grammar, measures)
        self.goods = Goods(grammar, measures)
        self.money = Money(grammar, measures, self.figures)
        self.lists = StatisticLists(grammar, measures)
        self.repeats = Repeats(grammar, measures, self.roles.memory)
        self.phrases = Phrases(grammar, measures, self.roles.memory)
        self.compared = Compared(text)
        self.rejections: list[Rejection] = []

    def find(self, s: Sentence) -> list[Event]:
        """Return the statistics of `s`, one a figure, in the order of the figures."""
        events: list[Event] = []
        if s.units[-1].text != "?":
            s = _with_halves(s)
            words = self.words.find(s)
            if words.all:
                events = self._events(s, words)
        self.roles.note(s)
        return events

    def _events(self, s: Sentence, words: Readings) -> list[Event]:
        events: list[Event] = []
        drafts: list[Draft] = []
        used: set[int] = set()
        most = {found.last - 1 for found in words.of("most")}
        for i, unit in enumerate(s.units):
            if i in used or (unit.amount is None and i not in most):
                continue
            draft = self._draft(s, i, words, drafts)
            if draft is None:
                continue
            event, covered = self._event(s, draft, words, events)
            if event is not None:
                drafts.append(draft)
                events += [event, *self.compared.find(s, draft, event, covered, words)]
                used |= covered
        for draft in self.lists.find(s, words, figures=bool(events)):
            event, _ = self._event(s, draft, words, events)
            if event is not None:
                drafts.append(draft)
                events.append(event)
        return events

    def _draft(self, s: Sentence, i: int, words: Readings, before: list[Draft]) -> Draft | None:
        """Return the statistic that the amount at `i` gives, by the first pattern that fits."""
        last = before[-1] if before else None
        unit = s.units[i]
        patterns: list[Callable[[], Draft | None]] = []
        if amount_of(unit, "percent") or unit.amount is None or unit.amount.words == "most":
            patterns = [
                lambda: self.shares.part(s, i, words, last),
                lambda: self.shares.named(s, i, words),
                lambda: self.shares.origin(s, i, words, last),
                lambda: self.repeats.again(s, i, words, last),
                lambda: self.phrases.share(s, i, words, last),
            ]
        if amount_of(unit, "percent", "ratio"):
            patterns.append(lambda: self.figures.change(s, i, words, last))
        if amount_of(unit, "mass", "money"):
            patterns = [
                lambda: self.money.price(s, i, words),
                lambda: self.money.earned(s, i, words, last),
                lambda: self.goods.goods(s, i, words),
                lambda: self.figures.level(s, i, words),
                lambda: self.lists.named(s, i, words),
                lambda: self.lists.fixed(s, i, words),
                lambda: self.lists.passive(s, i, words, last),
                lambda: self.repeats.reaching(s, i, words, last),
                lambda: self.repeats.again(s, i, words, last),
                lambda: self.repeats.taken(s, i, words),
                lambda: self.phrases.level(s, i, words),
            ]
        if self._barred(s, i, words):
            return None
        return next((draft for pattern in patterns if (draft := pattern()) is not None), None)

    def _barred(self, s: Sentence, i: int, words: Readings) -> bool:
        """Return whether the amount is that of a tariff, a stake, a profit: words beside it say so."""
        for found in words.between(max(0, i - 4), min(len(s.units), i + 4), "other-percent"):
            between = s.units[min(found.first, i) + 1 : max(found.last, i)]
            if not any(u.text in {",", ";"} or u.low in {"of", "and"} for u in between):
                return True
            if found.last < i and not any(u.text in {",", ";"} for u in between):
                return True
        near = s.units[max(0, i - 3) : i + 3]
        return any(u.has("tariff") or (u.has("share") and u.low not in {"share", "stocks"}) for u in near)

    # ---- events

    def _event(
        self, s: Sentence, draft: Draft, words: Readings, events: list[Event]
    ) -> tuple[Event | None, set[int]]:
        stance = self._stance(s, draft)
        if stance.refused:
            self._reject(s, stance.refused)
            return None, set()
        speech, speaker = self.roles.speaker(s, draft.at, words)
        arguments = self._figure(s, draft)
        whose, firms = self._owners(s, draft, events)
        arguments += whose
        materials = self.shares.measures.materials(s, draft.low, draft.high)
        materials = materials if draft.only is None else [draft.only]
        unknown = not materials and self.shares.measures.other_goods(s, draft, words)
        shared = draft.rule.endswith("-shared") and bool(events)
        subjects = (
            []
            if (firms and not materials and not shared) or unknown
            else self.roles.subjects(s, materials, draft.at, row_of=draft.family if draft.partners else "")
        )
        own = draft.family in {"revenue", "sales"} and bool(firms)
        if draft.rule == "market-share" and not any(a.kind in MATERIALS for a in subjects):
            subjects = self.roles.good_before(s, draft.at)
        if draft.family == "consumption" and draft.rule != "needs":
            subjects = [
                a for a in subjects if a.kind in RAW
            ]  # "demand for electric cars" is no trade in materials
        arguments += firms if own or not subjects else [*subjects, *firms]
        generic = draft.rule == "goods" and not whose and not firms and self._generic(s, draft)
        nobodys = draft.family in {"revenue", "sales"} and not (whose or firms) and not self._abroad(s, draft)
        if generic or nobodys or not any(a.role == "subject" for a in arguments):
            self._reject(s, "no material, good or firm that the figure is of")
            return None, set()
        arguments += [self._partner(s.units[j]) for j in draft.partners]
        against, covered = self._comparison(s, draft)
        further = draft.rule == "quota-shared"  # "and AMOUNT in each of the two years behind it"
        first, last = draft.changed or (0, -1)
        compared = covered - set(range(first, last + 1))
        period = None if further else self.times.period(s, draft, compared, speech)
        if period is not None:
            arguments.append(period)
        arguments += against
        memory = self.roles.memory
        memory.index, memory.family, memory.period = s.index, draft.family, period
        memory.reporters = tuple(a for a in arguments if a.role == "reporter")
        memory.subjects = tuple(a for a in arguments if a.role == "subject")
        memory.told[draft.family] = (s.index, (*memory.subjects, *memory.reporters))
        event = Event(
            "trade_stat", draft.family, s.start, s.end, tuple(sorted(set(arguments))), stance.polarity,
            draft.certainty or stance.certainty, speaker, f"statistic-{draft.rule}",
        )  # fmt: skip
        return event, covered

    def _stance(self, s: Sentence, draft: Draft) -> Stance:
        if draft.verb is None:
            return Stance()
        before = s.units[draft.verb.first - 1] if draft.verb.first else None
        if draft.verb.infinitive and before is not None and amount_of(before, "percent"):
            return Stance()  # "rose 1.2 percent to reach $16,980": what came of it
        subject = self.grammar.subject(s, draft.verb)
        stance = doubted(s, draft.verb, stance_of(self.grammar, s, draft.verb, subject))
        if stance.polarity == "affirmed" and report_denied(s, draft.verb.first):
            stance = replace(stance, polarity="denied")
        if draft.verb.infinitive and any(
            u.low in {"was", "were"} for u in s.units[draft.verb.first : draft.verb.verb]
        ):
            return Stance(stance.polarity, "planned")  # "was to yield"
        plain = draft.verb.tag.form in {"base", "ing", "participle"} and draft.verb.first == draft.verb.verb
        if plain and not draft.verb.infinitive and stance.certainty == "possible":
            return Stance(stance.polarity)  # "Mines in Chile produce": no imperative
        return stance

    @staticmethod
    def _abroad(s: Sentence, draft: Draft) -> bool:
        """Return whether revenue is that from exports."""
        return any("export" in u.low for u in s.units[draft.measure[0] : draft.measure[1] + 1])

    def _generic(self, s: Sentence, draft: Draft) -> bool:
        """Return whether a figure is nobody's in particular: "firms that exported less than 100 tons"."""
        for j in draft.owners:
            if s.units[j].has("role"):
                described = self.grammar.describe(s, j)
                if described.plural or not described.definite:
                    return True
        return False

    def _figure(self, s: Sentence, draft: Draft) -> list[Argument]:
        """Return the arguments of the figure itself: measure, value, share, change, another currency."""
        first, last = draft.measure
        start, end = s.units[first].start, s.units[last].end
        normal = draft.family
        if draft.share is not None:
            normal = _SHARES.get(draft.family, f"share of {draft.family}")
            normal = normal.replace("world ", "") if draft.rule in _PARTIAL else normal
        elif draft.change:
            normal = f"{draft.family}, change"
        elif draft.price_of is not None:
            normal = f"price per {_PER.get(s.units[draft.price_of[1]].low, 'unit')}"
        out = [Argument("measure", "Text", self.text[start:end], start, end, value=normal)]
        unit = s.units[draft.at]
        if unit.amount is None and draft.share is not None:
            note = "most: no number given"
            out.append(
                Argument("value", "Quantity", unit.text, unit.start, unit.end, unit="%", derivation=note)
            )
        if unit.amount is not None and (unit.amount.value or unit.amount.words == "most"):
            value = quantity("value", unit)
            if unit.amount.kind == "ratio":
                grown = _GROWTH.get(unit.amount.value, "")
                value = replace(value, value=grown, unit="%", derivation=f"{unit.amount.value} times as much")
            elif unit.amount.words == "most":
                value = replace(value, value="", unit="%", qualifier="", derivation="most: no number given")
            out.append(value)
        out += _also(s, draft.at)
        if draft.share is not None:
            low, high = s.units[draft.share[0]].start, s.units[draft.share[1]].end
            out.append(Argument("share", "Text", self.text[low:high], low, high, value=normal))
        if draft.changed is not None and draft.change:
            low, high = s.units[draft.changed[0]].start, s.units[draft.changed[1]].end
            out.append(Argument("change", "Text", self.text[low:high], low, high, value=draft.change))
        return out

    def _owners(
        self, s: Sentence, draft: Draft, events: list[Event]
    ) -> tuple[list[Argument], list[Argument]]:
        """Return the reporters and the firms of a figure; the figure before shares its own."""
        reporters: list[Argument] = []
        firms: list[Argument] = []
        for i in draft.owners:
            economy, firm = self.roles.owner(s, i)
            if economy is not None and economy.name not in {a.name for a in reporters}:
                reporters.append(economy)
            if firm is not None and firm.name not in {a.name for a in firms}:
                firms.append(firm)
        if not reporters and not firms and draft.rule.endswith("-shared") and events:
            return (
                [a for a in events[-1].arguments if a.role == "reporter"],
                [a for a in events[-1].arguments if a.role == "subject" and a.kind == FIRM],
            )
        if firms and not reporters and draft.family in _TRADED:
            reporters = [home for firm in firms if (home := self._home(firm)) is not None][:1]
        if not reporters and not firms and draft.share is None:
            own = draft.family != "price" or self._received(s, draft, events)
            firms = self.roles.lead_firm(s, draft.family) if own else []
            reporters = self.roles.reporter_of_rows(s, draft.family) if draft.partners else []
            reporters = reporters or ([] if firms else self.roles.inferred_reporter(s, draft.family))
        return reporters, firms

    def _received(self, s: Sentence, draft: Draft, events: list[Event]) -> bool:
        """Return whether a price is what a firm gets for what it sells: "the average selling price"."""
        if self.shares.measures.materials(s, draft.low, draft.high):
            return False
        first, last = draft.measure
        again = any(e.action == "price" and any(a.kind == FIRM for a in e.of("subject")) for e in events)
        return again or any(u.low in _RECEIVED for u in s.units[max(0, first - 3) : last + 3])

    def _home(self, firm: Argument) -> Argument | None:
        label = self.coreference.home(firm.name)
        if not label:
            return None
        return Argument(
            "reporter", "Country", firm.text, firm.start, firm.end, label, inferred=True,
            derivation=f"{firm.name} is based there",
        )  # fmt: skip

    @staticmethod
    def _partner(unit: Unit) -> Argument:
        found = unit.reading(PLACES)
        if found is None:
            note = "the whole world"
            return Argument(
                "partner", "WorldRegion", unit.text, unit.start, unit.end, "World", derivation=note
            )
        return Argument("partner", found[0], unit.text, unit.start, unit.end, found[1])

    def _comparison(self, s: Sentence, draft: Draft) -> tuple[list[Argument], set[int]]:
        spans = []
        if draft.changed is not None and not draft.change:
            spans.append(draft.changed)
        behind = self.times.comparison(s, draft.at)
        if behind is not None:
            spans.append(behind)
        out = []
        for first, last in spans[:1]:
            start, end = s.units[first].start, s.units[last].end
            out.append(Argument("comparison", "Text", self.text[start:end], start, end))
        covered = {draft.at}
        for first, last in spans:
            covered |= set(range(first, last + 1))
        return out, covered

    def _reject(self, s: Sentence, reason: str) -> None:
        text = self.text[s.start : s.end]
        self.rejections.append(Rejection(s.start, s.end, text, "statistic", reason))


def _with_halves(s: Sentence) -> Sentence:
    """Return the sentence with "by half", "by a third" as percentages; elsewhere the words are no amounts."""
    units = list(s.units)
    for i in range(2, len(units)):
        value = _FRACTIONS.get(units[i].low) if units[i].amount is None else None
        hedge = (
            " ".join(u.low for u in units[max(0, i - 3) : i]).partition("by ")[2].removesuffix(" a").strip()
        )
        qualifier = _HEDGES.get(hedge)
        if value is not None and qualifier is not None and any(u.low == "by" for u in units[i - 3 : i]):
            unit = units[i]
            amount = Amount(unit.start, unit.end, unit.text, "percent", value, "%", qualifier)
            units[i] = replace(unit, amount=amount, tags=())
    return replace(s, units=units) if units != s.units else s


def _also(s: Sentence, at: int) -> list[Argument]:
    """Return the figure in brackets: "312 million yuan (US$43.4 million)"."""
    amount = s.units[at].amount
    for j in range(at + 1, min(at + 5, len(s.units) - 1)):
        inner = s.units[j + 1].amount
        if s.units[j].text == "(" and inner is not None and amount is not None:
            other = inner.kind == amount.kind and inner.unit != amount.unit
            return [quantity("also", s.units[j + 1])] if other and inner.value else []
        if s.units[j].text in {",", ".", ";"}:
            break
    return []
