"""Labels of happenings in English: what it is, of whom, where and when."""

from __future__ import annotations

from kgbuild.happenings import Happening
from kgbuild.link import Linker
from kgbuild.ontology import Ontology


class Labels:
    """Makes labels of happenings."""

    def __init__(self, ontology: Ontology, linker: Linker) -> None:
        self._ontology = ontology
        self._linker = linker

    def _names(self, happening: Happening, role: str) -> list[str]:
        iris = sorted({i for e in happening.tellings for i in e.iris(role)})
        minted = self._linker.minted
        return [self._ontology.label(i) or minted.get(i, ("", i.rsplit("/", 1)[-1]))[1] for i in iris]

    def _holders(self, happening: Happening) -> list[str]:
        """Return the names of the holders, those without a name as "others"."""
        iris = sorted({i for e in happening.tellings for i in e.iris("holder")})
        unnamed = [i for i in iris if self._linker.minted.get(i, ("", ""))[0] == "UnnamedFirm"]
        named = [self._ontology.label(i) or self._linker.minted[i][1] for i in iris if i not in unnamed]
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


def _when(happening: Happening) -> str:
    """Return the first time told for a happening as words: when it was done, or by when it was made known."""
    dates = sorted({a.value for e in happening.tellings for a in e.event.of("date") if a.value})
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
