"""Labels of happenings in English: what it is, of whom, where and when."""

from __future__ import annotations

from kgbuild.happenings import Happening
from kgbuild.link import Linker
from kgbuild.model import Argument
from kgbuild.ontology import Ontology


class Labels:
    """Makes labels of happenings."""

    def __init__(self, ontology: Ontology, linker: Linker) -> None:
        self._ontology = ontology
        self._linker = linker

    def _names(self, happening: Happening, role: str) -> list[str]:
        iris = sorted({i for e in happening.tellings for i in e.iris(role)})
        return [self._ontology.label(i) or self._linker.minted_as(i)[1] or i.rsplit("/", 1)[-1] for i in iris]

    def _holders(self, happening: Happening) -> list[str]:
        """Return the names of the holders, those without a name as "others"."""
        iris = sorted({i for e in happening.tellings for i in e.iris("holder")})
        unnamed = [i for i in iris if self._linker.minted_as(i)[0] == "UnnamedFirm"]
        named = [self._ontology.label(i) or self._linker.minted_as(i)[1] for i in iris if i not in unnamed]
        return named + ["unnamed others" if named else "unnamed firms"] * bool(unnamed)

    def of(self, happening: Happening) -> str:
        """Return the label of a happening."""
        when = _when(happening)
        if happening.type == "license":
            kind = _words(happening.kind)
            return (
                f"{kind} of {', '.join(self._holders(happening)) or 'nobody named'} ({happening.act} {when})"
            )
        if happening.type == "control_measure":
            items = self._names(happening, "item")
            who = self._names(happening, "imposer")
            on = f" on {', '.join(items)}" if items else ""
            by = f" by {', '.join(who)}" if who else ""
            return f"{_words(happening.kind)}{on}{by} ({happening.act} {when})"
        if happening.type in {"trade_stat", "disruption", "statement"}:
            return self._of_figure(happening, when)
        who, place = self._names(happening, "party"), ", ".join(self._names(happening, "place"))
        where = f" in {place}" if place else ""
        people, firms = self._names(happening, "person"), ", ".join(self._names(happening, "firm"))
        if happening.type == "negotiation":
            parties = " and ".join(people if len(people) > len(who) else who) or "nobody named"
            return f"{_words(happening.kind)} of {parties}{where} ({when})"
        if happening.type == "agreement":
            return f"agreement of {' and '.join(who)}{where} ({when})"
        if happening.type == "market_move":
            return f"share of {firms} {happening.act} ({when})"
        return f"visit of {', '.join(people)} to {firms} ({when})"

    def _of_figure(self, happening: Happening, when: str) -> str:
        """Return the label of a statistic, a disruption or a statement."""
        if happening.type == "trade_stat":
            what, who = self._names(happening, "subject"), self._names(happening, "reporter")
            figures = sorted({_figure(a) for e in happening.tellings for a in e.event.of("value")})
            of = f" of {', '.join(what)}" if what else ""
            by = f", {', '.join(who)}" if who else ""
            return f"{happening.act}{of}{by}: {' or '.join(figures) or 'no figure'} ({when})"
        if happening.type == "disruption":
            hit = next(
                (n for r in ("firm", "site", "industry", "material") if (n := self._names(happening, r))), []
            )
            return f"{happening.act.replace('-', ' ')} at {', '.join(hit) or 'nobody named'} ({when})"
        who = self._names(happening, "speaker")
        return f"{', '.join(who) or 'the writer'} {happening.act} ({when})"


def _figure(argument: Argument) -> str:
    """Return a figure with its unit, in words where the text has no number."""
    return f"{argument.value} {argument.unit}".strip() if argument.value else argument.text


def _when(happening: Happening) -> str:
    """Return the first time told for a happening as words: when it was done, or by when it was made known."""
    told = [a for e in happening.tellings for role in ("date", "period") for a in e.event.of(role)]
    dates = sorted({a.value for a in told if a.value})
    if dates:
        return dates[0]
    announced = sorted({a.value for e in happening.tellings for a in e.event.of("announced") if a.value})
    if announced:
        return f"by {announced[0]}"
    published = sorted({e.published for e in happening.tellings if e.published})
    return f"told {published[0]}" if published else "undated"


def _words(name: str) -> str:
    """Return a class name as words: "ExportLicense" -> "export license"."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
