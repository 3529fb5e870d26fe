"""Where mines, plants and premises are, and who runs them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import POSSESSIVES, Grammar
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.relation_events import Context, RelationReader, by_writer
from kgbuild.extract.relation_words import Hit
from kgbuild.extract.stance import Stance
from kgbuild.extract.units import BODIES, FIRM, MATERIALS, PLACES, Unit
from kgbuild.model import Argument, Event

_BASE: Final = frozenset({"build", "operate", "run", "own", "open", "have"})
_PAST: Final = frozenset(
    {
        "built",
        "operated",
        "ran",
        "owned",
        "opened",
        "had",
        "constructed",
        "completed",
        "inaugurated",
        "commissioned",
    }
)
_HELD: Final = frozenset({"has", "have", "had", "owns", "own", "owned"})
#: What stands before a site and is no part of its name.
_KINDS: Final = frozenset(
    "rare earth lithium nickel graphite cobalt copper tungsten antimony gallium magnet battery chip".split()
)
#: Sites that are known by where they are: "the plant at Gebeng".
_FIXED: Final = frozenset({"plant", "refinery", "smelter", "mine", "factory"})
_DUG: Final = frozenset({"mine", "project", "deposit"})
#: Words of mining that let a name without "mine" be a place of mining: "a license for Makuutu in Uganda".
_MINING: Final = ("word.mining",)
_BEFORE_NAME: Final = frozenset({"at", "for", "of", "from", "the"})


class Sites(RelationReader):
    """Finds `located_in` and `operates`."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference) -> None:
        super().__init__(text, grammar, coreference)
        self._kinds = self.words.words("site.word")
        self._named: dict[str, tuple[str, int]] = {}  #: "mine" -> the one named last, and its sentence

    def find(self, c: Context) -> list[Event]:
        """Return where the sentence says sites are, and which firm runs a named one."""
        if c.s.units[-1].text == "?":
            return []
        out: list[Event] = []
        for hit in c.all("site.noun"):
            if c.s.units[hit.first].kind not in {"", *MATERIALS}:
                continue
            out += self._site(c, hit)
        out += self._bare(c)
        return out

    # ---- a site noun

    def _site(self, c: Context, hit: Hit) -> list[Event]:
        s, i = c.s, hit.first
        name = self._name(c, hit)
        low = name[0] if name is not None else self._kind_start(c, i)
        place, low = self._place_before(c, low)
        places, _ = self._places_behind(c, hit.end)
        if hit.end < len(s.units) and s.units[hit.end].text == "-":
            return []  # "a plant-based"
        event = self._of_firm(c, hit, low, name, places or place)
        events = [event] if event is not None else []
        if name is not None:
            site = self._named_site(c, name, hit)
            if places and not self.unreal(s, i):
                located = self.event(s, "located_in", [site], places, i, Stance(), "site-in")
                events.append(by_writer(located))
            runs = self._runs(c, hit, low, site)
            return events + ([runs] if runs is not None else [])
        if not events and self._fixed(places) and self._definite(c, low) and s.units[i].low in _FIXED:
            words = self.phrase("subject", "Site", s, max(0, low - 1), hit.end - 1, s.units[i].low)
            before, index = self._named.get(s.units[i].low, ("", -9))
            if before and s.index - index <= 4:
                how = f"coreference: {words.text} = {before}"
                words = replace(words, name=before, value="", inferred=True, derivation=how)
            if not self.unreal(s, i):
                located = self.event(s, "located_in", [words], places, i, Stance(), "the-site-in")
                events.append(by_writer(located))
        return events

    @staticmethod
    def _fixed(places: list[Argument]) -> bool:
        """Return whether the first of `places` is small enough to tell one plant from another."""
        return bool(places) and places[0].kind in {"City", "Subdivision"}

    def _definite(self, c: Context, low: int) -> bool:
        return low > 0 and c.s.units[low - 1].low in {"the", "this", "that"}

    def _name(self, c: Context, hit: Hit) -> tuple[int, int] | None:
        """Return the units of the name of a site: "Jianxiawo" for "the Jianxiawo mine"."""
        s, j = c.s, hit.first - 1
        while j >= 0 and self._kind_word(c, j):
            j -= 1
        last = j
        if j > 0 and s.units[j].kind == FIRM and s.units[hit.first].low in _DUG:
            whose = s.units[j - 1].low in {"its", "their"} or s.units[j - 1].text in POSSESSIVES
            return (j, j) if whose else None  # "its Tanbreez project": the firm is called after it
        while j >= 0 and self._name_word(s.units[j]) and j > last - 5:
            j -= 1
        first = j + 1
        while first <= last and s.units[first].low in self.grammar.words["determiners"]:
            first += 1
        noun = s.units[hit.first].low
        if noun.endswith("s") and noun not in {"premises", "works"}:
            return None  # "the A and B mines"
        if first > last or (first == 0 and first == last and not s.units[first].kind):
            return None
        known = all(u.kind in PLACES or u.kind in MATERIALS for u in s.units[first : last + 1])
        called = noun in _DUG and s.units[first].kind == "City"  # "the Norra Karr deposit"
        if known and not called and not self._site_place(s.units[first]):
            return None
        return first, last

    @staticmethod
    def _name_word(unit: Unit) -> bool:
        if unit.kind and unit.kind not in {*PLACES, "Mineral"}:
            return False
        return (
            unit.text[:1].isupper() and unit.text[:1].isalpha() and not unit.demonym and not unit.tags
            and unit.kind != "Mineral" and unit.low not in {"million", "billion"}
        )  # fmt: skip

    @staticmethod
    def _site_place(unit: Unit) -> bool:
        """Return whether a known place is a mine or deposit: "Mount Weld", "Bayan Obo"."""
        return unit.kind == "City" and unit.name.startswith(
            ("Mount ", "Mountain ", "Bayan Obo", "Kvanefjeld")
        )

    def _kind_word(self, c: Context, j: int) -> bool:
        unit = c.s.units[j]
        if unit.kind in MATERIALS:
            return not unit.text[:1].isupper() or unit.low in _KINDS
        return not unit.kind and unit.low in self._kinds and not unit.text[:1].isupper()

    def _kind_start(self, c: Context, i: int) -> int:
        while i > 0 and self._kind_word(c, i - 1):
            i -= 1
        return i

    def _place_before(self, c: Context, low: int) -> tuple[list[Argument], int]:
        """Return the place right before a site, "Example's Jiangxi premises", and where the phrase starts."""
        if low <= 0:
            return [], low
        unit = c.s.units[low - 1]
        reading = unit.reading(PLACES)
        if reading is None or unit.demonym or not unit.text[:1].isupper():
            return [], low
        return [Argument("object", reading[0], unit.text, unit.start, unit.end, reading[1])], low - 1

    def _places_behind(self, c: Context, end: int) -> tuple[list[Argument], int]:
        s = c.s
        if end < len(s.units) and s.units[end].text == ",":
            end += 1
        if end < len(s.units) and s.units[end].low == "which":
            end += 1
        lies = c.at(end, "site.lies")
        end = lies.end if lies is not None else end
        if end + 1 < len(s.units) and s.units[end].low in {"in", "at", "near", "outside"}:
            return self.places("object", s, end + 1)
        return [], end

    def _named_site(self, c: Context, name: tuple[int, int], hit: Hit) -> Argument:
        s = c.s
        whole = self.phrase("subject", "Site", s, name[0], hit.end - 1)
        kept = [
            u for k, u in enumerate(s.units[name[0] : hit.end])
            if k + name[0] <= name[1] or not (u.kind in MATERIALS or u.low in {"rare", "earth", "-"})
        ]  # fmt: skip
        words = " ".join(" ".join(u.text.split()) for u in kept)
        self._named[s.units[hit.first].low] = (words, s.index)
        return Argument("subject", "Site", whole.text, whole.start, whole.end, words)

    # ---- whose it is

    def _of_firm(
        self, c: Context, hit: Hit, low: int, name: tuple[int, int] | None, places: list[Argument]
    ) -> Event | None:
        """Read "Example's Jiangxi premises", "its plant in Malaysia", "Example built a plant in Malaysia"."""
        s, i = c.s, hit.first
        if not places or name is not None or self.unreal(s, i):
            return None
        owner = self._owner(c, low)
        if owner is not None and self._in_passing(c, owner):
            return None
        if owner is not None:
            event = self.event(s, "located_in", [owner], places, i, Stance(), "site-of")
            return by_writer(event)
        j = low - 1
        while j >= 0 and i - j <= 7 and c.at(j, "site.verb") is None:
            unit = s.units[j]
            plain = (
                unit.low in self.grammar.words["determiners"]
                or unit.demonym
                or unit.kind in {"Quantity", *MATERIALS}
            )
            done = any(t.form in {"past", "participle", "ing"} for t in unit.tags)
            if not plain and (done or unit.kind or not unit.is_word or unit.low in self._stops()):
                return None
            j -= 1
        verb = c.at(j, "site.verb") if j >= 0 else None
        if verb is not None and s.units[j].low in _HELD and not self._has_one(c, j + 1):
            return None
        told = self._doer(c, j) if verb is not None and j >= i - 8 else None
        if told is None:
            return None
        firms, stance = told
        if any(u.low == "no" for u in s.units[j + 1 : i]):
            stance = Stance("denied", stance.certainty)
        return self.event(s, "located_in", firms, places, i, stance, "site-built")

    def _has_one(self, c: Context, j: int) -> bool:
        """Return whether unit `j` opens what somebody has: "a plant", "two plants", but not "had closed"."""
        unit = c.s.units[j]
        article = unit.low in self.grammar.words["determiners"] and unit.low != "the"
        return article or unit.kind == "Quantity" or unit.demonym or unit.low in self._kinds

    def _in_passing(self, c: Context, owner: Argument) -> bool:
        """Return whether a site only tells where something else happens: "halted work at its plant"."""
        j = next(k for k, u in enumerate(c.s.units) if u.start == owner.start)
        before = c.s.units[j - 1] if j else None
        if before is None or before.low in {"and", "that", "but"} or not before.is_word:
            return False
        if owner.text.lower() != "its":
            return before.low == "at"
        return c.at(j - 1, "site.verb") is None or before.low in {"run", "runs", "operate"}

    def _stops(self) -> frozenset[str]:
        words = self.grammar.words
        return words["prepositions"] | words["clause_openers"] | words["relative"] | {"and", "or", "to"}

    def _owner(self, c: Context, low: int) -> Argument | None:
        """Return the firm right before the phrase of a site: "Example's", "its"."""
        s, j = c.s, low - 1
        while j >= 0 and c.at(j, "site.word") is not None and not s.units[j].kind:
            j -= 1
        if j >= 1 and s.units[j].text in POSSESSIVES and s.units[j - 1].kind == FIRM:
            return self.firm("subject", s, j - 1)
        if j >= 0 and s.units[j].low == "its" and not s.units[j].kind:
            return self.firm("subject", s, j)
        if j >= 0 and s.units[j].kind == FIRM and j == low - 1:
            return self.firm("subject", s, j)
        return None

    def _doer(self, c: Context, j: int) -> tuple[list[Argument], Stance] | None:
        """Return the firms that build or run something by the verb at unit `j`, and how that is told."""
        s, low = c.s, c.s.units[j].low
        if low.endswith("ing") or self.grammar.is_noun(s, j):
            return None
        form = "base" if low in _BASE else "past" if low in _PAST else "third"
        group = self.grammar.verb_group(s, j, Tag("site", "site", "", form))
        heads = self.grammar.subject(s, group) or self.grammar.shared_subject(s, group)
        if group.first and s.units[group.first - 1].kind == FIRM:
            heads = self.joined(s, heads, group.first - 1) or [group.first - 1]
        if group.passive or any(s.units[h].kind in BODIES | PLACES for h in heads):
            return None
        firms = [f for h in heads if (f := self.firm("subject", s, h)) is not None]
        if not firms and group.first:
            named = self.firm_like("subject", s, max(0, group.first - 6), group.first - 1)
            firms = [named] if named is not None else []
        stance = self.stance(s, max((h + 1 for h in heads if h < j), default=group.first), j)
        window = s.units[max(0, group.first - 3) : j]
        barred = any(u.has("duty") or u.has("unreal") or u.has("license") for u in window)
        if not firms or barred or (group.infinitive and stance.certainty == "actual"):
            return None
        return firms, stance

    def _runs(self, c: Context, hit: Hit, low: int, site: Argument) -> Event | None:
        """Read "Example operates the Mountain Pass mine"."""
        s, j = c.s, low - 1
        while j >= 0 and (
            s.units[j].low in self.grammar.words["determiners"] | {"giant", "big", "huge", "large", "vast"}
            or s.units[j].kind in MATERIALS
        ):
            j -= 1
        first = next(
            (k for k in (j - 2, j - 1, j) if k >= 0 and (v := c.at(k, "site.operate")) and v.end == j + 1),
            None,
        )
        told = self._doer(c, first) if first is not None else self._run_by(c, hit.end)
        if told is None or self.unreal(s, hit.first):
            return None
        return self.event(s, "operates", told[0], [site], hit.first, told[1], "operates")

    def _run_by(self, c: Context, i: int) -> tuple[list[Argument], Stance] | None:
        """Read "is run by Example" behind a site, from unit `i` on, also behind where the site is."""
        s = c.s
        places, behind = self._places_behind(c, i)
        k = start = behind if places else i
        k += k < len(s.units) and s.units[k].text == ","
        while k < len(s.units) and (self.grammar.is_auxiliary(s.units[k]) or s.units[k].has("negation")):
            k += 1
        ran = k + 1 < len(s.units) and s.units[k].low in {"run", "operated"}
        if not ran or s.units[k + 1].low != "by":
            return None
        firms, _ = self.firms_from("subject", s, k + 2)
        return (firms, self.stance(s, start, k)) if firms else None

    # ---- names of mines without a noun

    def _bare(self, c: Context) -> list[Event]:
        """Read "to mine rare earths at Makuutu in eastern Uganda"."""
        s = c.s
        if not any(u.has(cls) for u in s.units for cls in _MINING):
            return []
        out = []
        for i in range(1, len(s.units) - 2):
            unit = s.units[i]
            if s.units[i - 1].low not in _BEFORE_NAME or unit.kind or not self._name_word(unit):
                continue
            last = i
            while (
                last + 1 < len(s.units) and self._name_word(s.units[last + 1]) and not s.units[last + 1].kind
            ):
                last += 1
            lies = c.at(last + 1, "site.lies")
            end = lies.end if lies is not None else last + 1
            if end + 1 >= len(s.units) or s.units[end].low not in {"in", "near"} or last - i > 2:
                continue
            places, _ = self.places("object", s, end + 1)
            if places and not self.unreal(s, i):
                named = self.named_span("subject", "Site", s, i, last)
                out.append(by_writer(self.event(s, "located_in", [named], places, i, Stance(), "name-in")))
        return out
