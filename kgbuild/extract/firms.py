"""What articles say of firms beside licenses: listings, head offices, countries of origin, visits."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar, VerbGroup, positions
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.names import share_codes
from kgbuild.extract.stance import Stance, stance_of
from kgbuild.extract.units import FIRM, PLACES, Sentence, Unit
from kgbuild.model import Argument, Event, Rejection

_MADE: Final = frozenset(
    {"Good", "PermanentMagnet", "ElementGroup", "Mineral", "RareEarthElement", "Component"}
)
#: Words between a firm and where it is: "X, which has its headquarters in", "X is now based in".
#: Words behind a hyphen that tell whose a firm is or who pays for it, not where it is.
_HELD: Final = frozenset({"owned", "backed", "controlled", "funded", "led", "held", "invested", "born"})
_SEATED: Final = frozenset({"headquartered", "based", "headquarters", "head office"})


class Firms:
    """Finds listings, head offices, countries of origin and visits in the sentences of one article."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference) -> None:
        self.text = text
        self.grammar = grammar
        self.coreference = coreference
        self.arguments = Arguments(grammar, coreference, text)
        self.rejections: list[Rejection] = []

    def find(self, s: Sentence) -> list[Event]:
        """Return what `s` says of firms: where listed, where based, by whom visited."""
        events: list[Event] = []
        for i, unit in enumerate(s.units):
            if unit.kind == "Ticker" and i:
                at = i - 2 if s.units[i - 1].has("share") and i > 1 else i - 1  # "Example shares (300748.SZ)"
                at -= s.units[at].kind == "Ticker" and at > 0  # "(TSX: CCO) (NYSE: CCJ)"
                if s.units[at].kind == FIRM and share_codes(unit.text):
                    events.append(self._ticker(s, s.units[at], unit))
            elif unit.kind == FIRM:
                events.extend(self._origin(s, i))
                events.extend(self._copula(s, i))
            elif unit.kind:
                continue
            elif unit.low in _SEATED:
                events.extend(self._seat(s, i))
            elif unit.has("listed"):
                events.extend(self._listed(s, i))
        if s.units[-1].text == "?":
            return events
        for cls in ("visit", "visit.host"):
            for i in positions(s, cls):
                event = self._visit(s, i, cls)
                if event is not None:
                    events.append(event)
        for i in positions(s, "visit-noun"):
            event = self._visit_noun(s, i)
            if event is not None and not any(e.type == "visit" for e in events):
                events.append(event)
        return events

    def _fact(self, s: Sentence, action: str, firm: Argument, others: list[Argument], rule: str) -> Event:
        arguments = tuple(sorted((firm, *others)))
        return Event("firm", action, s.start, s.end, arguments, "affirmed", "actual", None, rule)

    # ---- listings

    def _ticker(self, s: Sentence, firm: Unit, ticker: Unit) -> Event:
        codes = [
            Argument("ticker", "Ticker", ticker.text, ticker.start, ticker.end, value=code, unit=market)
            for code, market in share_codes(ticker.text)
        ]
        return self._fact(s, "listed", _firm(firm), codes, "firm-ticker")

    def _listed(self, s: Sentence, i: int) -> list[Event]:
        """Read "Example is listed in Shenzhen and Hong Kong" and "Shenzhen-listed Example"."""
        if i >= 2 and s.units[i - 1].text == "-" and s.units[i].low in {"listed", "traded"}:
            exchanges = self._hyphenated(s, i)
            following = s.units[i + 1] if i + 1 < len(s.units) else None
            if exchanges and following is not None and (following.kind == FIRM or following.has("share")):
                at = i + 1 if following.kind == FIRM else self._owner(s, i)
                firm = self.arguments.actor("firm", s, at, firm=True) if at is not None else None
                if firm is not None and firm.kind == FIRM:
                    return [self._fact(s, "listed", firm, exchanges, "firm-hyphen-listed")]
            return []
        if i + 1 >= len(s.units) or s.units[i + 1].low not in {"in", "on", "at"}:
            return []
        exchanges = self._exchanges(s, i + 2)
        window = s.units[max(0, i - 4) : i]
        if not exchanges or any(u.has("possible") or u.has("planned") or u.has("negation") for u in window):
            return []
        j = i - 1
        skipped = self.grammar.words["auxiliaries"] | self.grammar.words["adverbs"] | {"dual", "dually", "-"}
        while j >= 0 and s.units[j].low in skipped:
            j -= 1
        said = s.units[i].low == "trades" or (s.units[i].low in {"listed", "traded"} and j < i - 1)
        if j >= 1 and s.units[j].text == "," and not said:  # "Example, listed in Shenzhen, ..."
            heads = [j - 1]
        elif said:
            tag = Tag("listed", "listed", form="third")
            heads = self.grammar.subject(s, VerbGroup(j + 1, i, tag, True, False))
        else:
            return []
        heads = [h - 1 if s.units[h].kind == "Ticker" else h for h in heads]
        for h in heads:
            firm = self.arguments.actor("firm", s, h, firm=True)
            if firm is not None and firm.kind == FIRM:
                return [self._fact(s, "listed", firm, exchanges, "firm-listed-in")]
        return []

    def _owner(self, s: Sentence, i: int) -> int | None:
        """Return the owner of "its Shenzhen-listed shares", "Example's Shenzhen-listed stock"."""
        for j in range(i - 1, max(-1, i - 7), -1):
            if s.units[j].low in {"its", "their"} or (
                s.units[j].kind == FIRM and self.grammar.possessive(s, j)
            ):
                return j
        return None

    @staticmethod
    def _hyphenated(s: Sentence, i: int) -> list[Argument]:
        out: list[Argument] = []
        j = i - 2
        while j >= 0 and (
            s.units[j].kind == "StockExchange" or s.units[j].reading(PLACES) or s.units[j].low in {"and", "-"}
        ):
            unit = s.units[j]
            read = unit.reading({"StockExchange"}) or unit.reading(PLACES)
            if read:
                out.append(Argument("exchange", read[0], unit.text, unit.start, unit.end, read[1]))
            j -= 1
        return out[::-1]

    @staticmethod
    def _exchanges(s: Sentence, low: int) -> list[Argument]:
        """Return the exchanges, or cities that exchanges are called after, listed from unit `low` on."""
        out: list[Argument] = []
        for unit in s.units[low : low + 12]:
            if unit.kind == "StockExchange" or unit.reading({"City"}) or unit.name == "Hong Kong":
                read = unit.reading({"StockExchange"}) or unit.reading(PLACES) or (unit.kind, unit.name)
                out.append(Argument("exchange", read[0], unit.text, unit.start, unit.end, read[1]))
            elif unit.low not in {
                "the",
                "and",
                ",",
                "in",
                "on",
                "both",
                "as",
                "well",
                "stock",
                "exchange",
                "exchanges",
                "bourse",
                "bourses",
            }:
                break
        return out

    # ---- where from

    def _origin(self, s: Sentence, i: int) -> list[Event]:
        """Read "Chinese magnet maker Example" as: the firm is based in the country."""
        j = i - 1
        role = False
        while j >= 0 and i - j <= 6:
            unit = s.units[j]
            if unit.low in _HELD:
                return []  # "the Chinese-owned chipmaker Example" is based elsewhere
            if unit.demonym and unit.kind == "Country":
                if not role:
                    return []
                other = Argument("place", unit.kind, unit.text, unit.start, unit.end, unit.name)
                return [self._fact(s, "based", _firm(s.units[i]), [other], "firm-demonym")]
            if unit.has("role") and not unit.has("role.customer"):
                described = self.grammar.describe(s, j)
                if described.plural or role:
                    return []
                role = True
            elif unit.low in self.grammar.words["prepositions"] or not (
                unit.text == "-" or unit.kind in _MADE or (unit.is_word and not unit.tags and not unit.kind)
            ):
                return []
            j -= 1
        return []

    def _copula(self, s: Sentence, i: int) -> list[Event]:
        """Read "Example is a Chinese maker of magnets" as: the firm is based in the country."""
        j = i + 1
        if j < len(s.units) and s.units[j].kind == "Ticker":
            j += 1
        opens = j + 1 < len(s.units) and s.units[j].low in {"is", "was", ","}
        if not opens or s.units[j + 1].low not in {"a", "an", "the", "one"}:
            return []
        for k in range(j + 2, min(j + 6, len(s.units))):
            unit = s.units[k]
            if unit.demonym and unit.kind == "Country":
                if any(u.has("role") and not u.has("role.customer") for u in s.units[k + 1 : k + 5]):
                    other = Argument("place", unit.kind, unit.text, unit.start, unit.end, unit.name)
                    return [self._fact(s, "based", _firm(s.units[i]), [other], "firm-copula")]
                return []
            if unit.kind or unit.low in self.grammar.words["prepositions"]:
                return []
        return []

    def _seat(self, s: Sentence, i: int) -> list[Event]:
        """Read "Headquartered in Ganzhou, Example ...", "Example, based in Fremont,", "the Jiangxi-based"."""
        word = s.units[i].low
        if word == "based" and i >= 2 and s.units[i - 1].text == "-" and s.units[i - 2].reading(PLACES):
            for j in range(i + 1, min(i + 7, len(s.units))):
                if s.units[j].kind == FIRM or s.units[j].has("role"):
                    firm = self.arguments.actor("firm", s, j, firm=True)
                    return self._seated(s, firm, s.units[i - 2], "based", "firm-hyphen-based")
                if s.units[j].low in self.grammar.words["prepositions"] or s.units[j].text in {",", "."}:
                    return []
            return []
        if (
            i + 2 >= len(s.units)
            or s.units[i + 1].low not in {"in", "at"}
            or not s.units[i + 2].reading(PLACES)
        ):
            return []
        at = self._seat_owner(s, i)
        if at is None:
            return []
        firm = self.arguments.actor("firm", s, at, firm=True)
        action = "based" if word == "based" else "headquartered"
        return self._seated(s, firm, s.units[i + 2], action, f"firm-{action}-in")

    def _seat_owner(self, s: Sentence, i: int) -> int | None:
        """Return the firm whose seat is told at `i`: right before it, or behind its opening phrase."""
        j = i - 1
        skipped = (
            self.grammar.words["auxiliaries"] | self.grammar.words["adverbs"] | {"which", "its", "a", ","}
        )
        while j >= 0 and (
            s.units[j].low in skipped or s.units[j].text in {"'s", "’s"} or s.units[j].kind == "Ticker"
        ):
            j -= 1
        if j >= 0:
            j = self._maker(s, j)
            unit = s.units[j]
            company = unit.kind == FIRM or (unit.has("role") and not self.grammar.describe(s, j).plural)
            # "a unit of Example based in Ganzhou": the unit is meant, not the firm
            return (
                j
                if company and self.grammar.governed(s, j, max(0, j - 2)) not in {"of", "by", "from", "with"}
                else None
            )
        for j in range(i + 3, min(i + 16, len(s.units))):
            unit = s.units[j]
            if unit.text == "," and j + 1 < len(s.units):
                for k in range(j + 1, min(j + 4, len(s.units))):
                    if s.units[k].kind == FIRM or s.units[k].has("role"):
                        return k
        return None

    def _maker(self, s: Sentence, j: int) -> int:
        """Return the role word before what is made: "maker" for "a maker of wafers based in"; else `j`."""
        k = j
        while k > 0 and j - k <= 4 and not s.units[k].has("role") and s.units[k].kind != FIRM:
            k -= 1
        made = any(u.low == "of" for u in s.units[k + 1 : j]) and s.units[k].has("role")
        return k if made and not any(u.text == "," for u in s.units[k:j]) else j

    def _seated(self, s: Sentence, firm: Argument | None, place: Unit, action: str, rule: str) -> list[Event]:
        if firm is None or firm.kind != FIRM:
            return []
        kind, label = place.reading(PLACES) or (place.kind, place.name)
        where = Argument("place", kind, place.text, place.start, place.end, label)
        return [self._fact(s, action, firm, [where], rule)]

    # ---- visits

    def _visit(self, s: Sentence, i: int, cls: str) -> Event | None:
        """Read "Xi Jinping toured its assembly lines" and "the firm hosted Xi Jinping"."""
        for tag in self.grammar.tags_at(s, i, cls):
            if tag.cls != cls:
                continue
            group = self.grammar.verb_group(s, i, tag)
            subject = self.grammar.subject(s, group)
            stance = stance_of(self.grammar, s, group, subject)
            if stance.refused:
                continue
            _, right = self.grammar.clause(s, i)
            behind = [
                j
                for j in range(i + 1, min(right, i + 8))
                if s.units[j].kind in {FIRM, "Person"} or s.units[j].low == "its"
            ]
            people, hosts = (subject, behind[:1]) if cls == "visit" else (behind, subject)
            if group.passive:
                people, hosts = behind, subject
            if cls == "visit" and any(
                u.low in self.grammar.words["prepositions"] or (u.kind in PLACES and not u.demonym)
                for u in s.units[i + 1 : (hosts or [i + 1])[0]]
            ):
                continue  # "visited Beijing with the head of Example"
            who = next((s.units[j] for j in people if s.units[j].kind == "Person"), None)
            host = next((a for j in hosts if (a := self._host(s, j)) is not None), None)
            if who is not None and host is not None:
                return self._visited(s, host, who, i, stance, f"visit-{tag.id}")
        return None

    def _host(self, s: Sentence, j: int) -> Argument | None:
        actor = self.arguments.actor("firm", s, j, firm=True)
        return actor if actor is not None and actor.kind == FIRM else None

    def _visit_noun(self, s: Sentence, i: int) -> Event | None:
        """Read "during his 2019 visit to Example's works, Xi Jinping ..." and "Xi's visit to Example"."""
        if i + 1 >= len(s.units) or s.units[i + 1].low not in {"to", "of", "at"}:
            return None
        left, _ = self.grammar.clause(s, i)
        if any(
            u.has("planned") or u.has("possible") or u.has("negation") or u.has("unreal")
            for u in s.units[left:i]
        ):
            return None
        host = None
        for j in range(i + 2, min(i + 6, len(s.units))):
            if s.units[j].kind == FIRM or s.units[j].low == "its":
                host = self._host(s, j)
                break
            if s.units[j].kind in PLACES and not s.units[j].demonym:
                return None
        who = next((u for u in reversed(s.units[max(0, i - 5) : i]) if u.kind == "Person"), None)
        if who is None and any(u.low in {"his", "her"} for u in s.units[max(0, i - 4) : i]):
            after = [u for u in s.units[i:] if u.kind == "Person"]
            who = after[0] if len({u.name for u in after}) == 1 else None
        if host is None or who is None:
            return None
        return self._visited(s, host, who, i, Stance(), "visit-noun")

    def _visited(self, s: Sentence, host: Argument, who: Unit, i: int, stance: Stance, rule: str) -> Event:
        person = Argument("person", "Person", who.text, who.start, who.end, who.name)
        arguments = [host, person, *self.arguments.times(s, *self.grammar.clause(s, i), None, i)]
        return Event(
            "visit",
            "visited",
            s.start,
            s.end,
            tuple(sorted(set(arguments))),
            stance.polarity,
            stance.certainty,
            None,
            rule,
        )


def _firm(unit: Unit) -> Argument:
    return Argument("firm", FIRM, unit.text, unit.start, unit.end, unit.name, derivation=unit.via)
