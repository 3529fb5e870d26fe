"""Share moves, listings, head offices and visits: what articles say of firms beside licenses."""

from __future__ import annotations

from dataclasses import replace

from kgbuild.extract.arguments import Arguments, quantity
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar, positions
from kgbuild.extract.names import share_codes
from kgbuild.extract.stance import find_speech, speaker_argument, stance_of
from kgbuild.extract.units import FIRM, PLACES, Sentence, Unit
from kgbuild.model import Argument, Event, Rejection

_WINDOWS = (
    "opening hour",
    "early trading",
    "morning trade",
    "morning trading",
    "pre-market",
    "premarket",
    "after-hours",
    "intraday",
)


class Markets:
    """Finds share moves in the sentences of one article."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference) -> None:
        self.text = text
        self.grammar = grammar
        self.coreference = coreference
        self.arguments = Arguments(grammar, coreference)
        self.rejections: list[Rejection] = []

    def find(self, s: Sentence) -> list[Event]:
        """Return the share moves of `s`, one a firm and verb."""
        events: list[Event] = []
        claimed: set[int] = set()
        for i in positions(s, "market"):
            for tag in self.grammar.tags_at(s, i, "market"):
                group = self.grammar.verb_group(s, i, tag)
                percent = self._percent(s, i)
                limit = any(u.has("trading-limit") for u in s.units[i + 1 : i + 6])
                if percent is None and not limit:
                    continue
                if tag.cls == "market.limit" and not limit:
                    continue
                movers = self._movers(s, group.first, claimed)
                subject = self.grammar.subject(s, group)
                stance = stance_of(self.grammar, s, group, subject)
                for mover in movers:
                    claimed.add(mover)
                    firm = self.arguments.actor("firm", s, mover)
                    if firm is not None and firm.kind == FIRM:
                        events.append(
                            self._event(
                                s, i, tag.action, firm, percent, tag.id, stance.polarity, stance.certainty
                            )
                        )
                break
        return events

    def _percent(self, s: Sentence, verb: int) -> Unit | None:
        for unit in s.units[verb + 1 : verb + 7]:
            if unit.amount is not None and unit.amount.kind == "percent":
                return unit
            if unit.text in {";"} or unit.has("market"):
                return None
        return None

    def _movers(self, s: Sentence, verb: int, claimed: set[int]) -> list[int]:
        """Return the firms whose shares move: owners of a share word, or a firm itself as the subject with no share word."""
        low = 0
        for j in range(verb - 1, -1, -1):
            if (
                s.units[j].has("market")
                and any(t.form for t in s.units[j].tags if t.cls.startswith("market"))
                and j not in claimed
            ):
                if any(u.amount is not None for u in s.units[j:verb]):
                    low = j + 1
                    break
        before = range(low, verb)
        share = [j for j in before if s.units[j].has("share") and not s.units[j].kind]
        firms = [j for j in before if s.units[j].kind == FIRM]
        if share:
            after = [j for j in firms if j > share[-1]]  # "shares of A and B"
            owned = [
                j
                for j in range(low, share[-1])
                if s.units[j].kind == FIRM or s.units[j].low in {"its", "their"} or s.units[j].has("role")
            ]
            if after and any(u.low in {"of", "in"} for u in s.units[share[-1] : after[0]]):
                return after
            named = [j for j in owned if s.units[j].kind == FIRM and self.grammar.possessive(s, j)]
            pronoun = [j for j in owned if s.units[j].low in {"its", "their"}]
            if pronoun and pronoun[-1] > (named[-1] if named else -1):
                return pronoun[-1:]
            return named[-1:] or ([j for j in owned if s.units[j].kind == FIRM][-1:])
        if any(u.has("license") for u in s.units[low:verb]) and not firms:
            return []
        return firms if self._listlike(s, firms, verb) else firms[-1:]

    def _listlike(self, s: Sentence, firms: list[int], verb: int) -> bool:
        if len(firms) < 2:
            return bool(firms)
        between = [u for j in range(firms[0], verb) for u in [s.units[j]] if j not in firms]
        allowed = {",", "and", "like", "such", "as", "including"}
        return all(
            u.low in allowed
            or u.kind in {"Ticker"}
            or u.low in self.grammar.words["adverbs"] | self.grammar.words["auxiliaries"]
            for u in between
        )

    def _event(
        self,
        s: Sentence,
        verb: int,
        direction: str,
        firm: Argument,
        percent: Unit | None,
        rule: str,
        polarity: str,
        certainty: str,
    ) -> Event:
        left, right = self.grammar.clause(s, verb)
        arguments = [firm]
        if percent is not None:
            arguments.append(quantity("percent", percent))
        exchange = self._exchange(s, verb)
        if exchange is not None:
            arguments.append(exchange)
        lowered = self.text[s.start : s.end].lower()
        for window in _WINDOWS:
            at = lowered.find(window)
            if at >= 0:
                arguments.append(
                    Argument(
                        "window",
                        "Text",
                        self.text[s.start + at : s.start + at + len(window)],
                        s.start + at,
                        s.start + at + len(window),
                        value=window,
                    )
                )
                break
        speech = find_speech(self.grammar, s, verb)
        times = self.arguments.times(s, 0, len(s.units), None)
        arguments += [replace(t, role="date") for t in times[:1]]
        speaker = speaker_argument(self.grammar, s, speech, self._named)
        return Event(
            "market_move",
            direction,
            s.start,
            s.end,
            tuple(sorted(set(arguments))),
            polarity,
            certainty,
            speaker if speaker and speaker.kind != "UnnamedSource" else None,
            f"market-{rule}",
        )

    def _exchange(self, s: Sentence, verb: int) -> Argument | None:
        """Return the exchange nearest to the verb: "its Hong Kong shares", "Shenzhen-listed", "on the Nasdaq"."""
        ahead = verb + 1
        while ahead < min(len(s.units), verb + 12) and not (
            s.units[ahead].has("market") or s.units[ahead].has("share")
        ):
            ahead += 1
        for i in (*range(verb - 1, -1, -1), *range(verb + 1, ahead)):
            unit = s.units[i]
            behind = s.units[i + 1 : i + 3]
            listed = len(behind) == 2 and behind[0].text == "-" and behind[1].low in {"listed", "traded"}
            shares = bool(behind) and behind[0].has("share")
            if unit.kind == "StockExchange" or (unit.reading(PLACES) and (listed or shares)):
                return Argument("exchange", unit.kind, unit.text, unit.start, unit.end, unit.name)
        return None

    def _named(self, s: Sentence, i: int) -> tuple[str, str, str]:
        found = self.coreference.refer(s, i)
        return (found.kind, found.name, found.via) if found else ("", "", "")


class Firms:
    """Finds listings, head offices, countries of origin and visits in the sentences of one article."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference) -> None:
        self.text = text
        self.grammar = grammar
        self.coreference = coreference
        self.arguments = Arguments(grammar, coreference)
        self.rejections: list[Rejection] = []

    def find(self, s: Sentence) -> list[Event]:
        """Return what `s` says of firms: where listed, where based, by whom visited."""
        events: list[Event] = []
        for i, unit in enumerate(s.units):
            if unit.kind == "Ticker" and i and s.units[i - 1].kind == FIRM:
                events.append(self._listing(s, s.units[i - 1], unit))
            if unit.kind == FIRM:
                events.extend(self._origin(s, i))
                events.extend(self._copula(s, i))
            if unit.low in {"headquartered", "based"} and not unit.kind:
                events.extend(self._headquarters(s, i))
        for cls in ("visit", "visit.host"):
            for i in positions(s, cls):
                event = self._visit(s, i, cls)
                if event is not None:
                    events.append(event)
        return events

    def _fact(self, s: Sentence, action: str, firm: Argument, other: Argument, rule: str) -> Event:
        return Event(
            "firm", action, s.start, s.end, tuple(sorted((firm, other))), "affirmed", "actual", None, rule
        )

    def _listing(self, s: Sentence, firm: Unit, ticker: Unit) -> Event:
        codes = [
            Argument("ticker", "Ticker", ticker.text, ticker.start, ticker.end, value=code, unit=market)
            for code, market in share_codes(ticker.text)
        ]
        return Event(
            "firm",
            "listed",
            s.start,
            s.end,
            tuple(sorted((_firm(firm), *codes))),
            "affirmed",
            "actual",
            None,
            "firm-ticker",
        )

    def _origin(self, s: Sentence, i: int) -> list[Event]:
        """Read "Chinese magnet maker Example" as: the firm is based in the country."""
        j = i - 1
        role = False
        while j >= 0 and i - j <= 6:
            unit = s.units[j]
            if unit.demonym and unit.kind == "Country":
                if not role:
                    return []
                other = Argument("place", unit.kind, unit.text, unit.start, unit.end, unit.name)
                return [self._fact(s, "based", _firm(s.units[i]), other, "firm-demonym")]
            if unit.has("role") and not unit.has("role.customer"):
                described = self.grammar.describe(s, j)
                if described.plural or role:
                    return []
                role = True
            elif unit.low in self.grammar.words["prepositions"] or not (
                unit.text == "-"
                or unit.kind
                in {"Good", "PermanentMagnet", "ElementGroup", "Mineral", "RareEarthElement", "Component"}
                or (unit.is_word and not unit.tags and not unit.kind)
            ):
                return []
            j -= 1
        return []

    def _copula(self, s: Sentence, i: int) -> list[Event]:
        """Read "Example is a Chinese maker of magnets" as: the firm is based in the country."""
        j = i + 1
        if j < len(s.units) and s.units[j].kind == "Ticker":
            j += 1
        if (
            j + 1 >= len(s.units)
            or s.units[j].low not in {"is", "was"}
            or s.units[j + 1].low not in {"a", "an", "the", "one"}
        ):
            return []
        for k in range(j + 2, min(j + 6, len(s.units))):
            unit = s.units[k]
            if unit.demonym and unit.kind == "Country":
                if any(u.has("role") for u in s.units[k + 1 : k + 5]):
                    other = Argument("place", unit.kind, unit.text, unit.start, unit.end, unit.name)
                    return [self._fact(s, "based", _firm(s.units[i]), other, "firm-copula")]
                return []
            if unit.kind or unit.low in self.grammar.words["prepositions"]:
                return []
        return []

    def _headquarters(self, s: Sentence, i: int) -> list[Event]:
        """Read "Headquartered in Ganzhou, the company ..." and "the Jiangxi-based magnet maker"."""
        if (
            s.units[i].low == "based"
            and i >= 2
            and s.units[i - 1].text == "-"
            and s.units[i - 2].reading(PLACES)
        ):
            place = s.units[i - 2]
            for j in range(i + 1, min(i + 6, len(s.units))):
                if s.units[j].kind == FIRM or s.units[j].has("role"):
                    firm = self.arguments.actor("firm", s, j)
                    return self._place_fact(s, firm, place, "based", "firm-hyphen-based")
            return []
        if i + 2 < len(s.units) and s.units[i + 1].low == "in" and s.units[i + 2].reading(PLACES):
            place = s.units[i + 2]
            for j in (*range(i + 3, min(i + 12, len(s.units))), *range(i - 1, max(-1, i - 6), -1)):
                if s.units[j].kind == FIRM or (s.units[j].has("role") and j > i):
                    firm = self.arguments.actor("firm", s, j)
                    action = "headquartered" if s.units[i].low == "headquartered" else "based"
                    return self._place_fact(s, firm, place, action, f"firm-{action}-in")
            if i == 0 or s.units[i - 1].text in {",", "."} or s.units[i - 1].low in {"is", "was"}:
                found = self.coreference.refer(s, i - 1) if i else None
                del found
        return []

    def _place_fact(
        self, s: Sentence, firm: Argument | None, place: Unit, action: str, rule: str
    ) -> list[Event]:
        if firm is None or firm.kind != FIRM:
            return []
        kind, label = place.reading(PLACES) or (place.kind, place.name)
        return [
            self._fact(
                s, action, firm, Argument("place", kind, place.text, place.start, place.end, label), rule
            )
        ]

    def _visit(self, s: Sentence, i: int, cls: str) -> Event | None:
        for tag in self.grammar.tags_at(s, i, cls):
            if tag.cls != cls:
                continue
            group = self.grammar.verb_group(s, i, tag)
            subject = self.grammar.subject(s, group)
            stance = stance_of(self.grammar, s, group, subject)
            _, right = self.grammar.clause(s, i)
            behind = [
                j
                for j in range(i + 1, min(right, i + 8))
                if s.units[j].kind in {FIRM, "Person"} or s.units[j].low == "its"
            ]
            people = [j for j in (subject if cls == "visit" else behind) if s.units[j].kind == "Person"]
            hosts = [
                a
                for j in (behind if cls == "visit" else subject)
                if (a := self.arguments.actor("firm", s, j)) and a.kind == FIRM
            ]
            if not people or not hosts or stance.refused:
                continue
            unit = s.units[people[0]]
            arguments = [hosts[0], Argument("person", "Person", unit.text, unit.start, unit.end, unit.name)]
            arguments += self.arguments.times(s, *self.grammar.clause(s, i), None)
            return Event(
                "visit",
                "visited",
                s.start,
                s.end,
                tuple(sorted(set(arguments))),
                stance.polarity,
                stance.certainty,
                None,
                f"visit-{tag.id}",
            )
        return None


def _firm(unit: Unit) -> Argument:
    return Argument("firm", FIRM, unit.text, unit.start, unit.end, unit.name, derivation=unit.via)
