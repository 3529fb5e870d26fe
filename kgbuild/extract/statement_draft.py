"""A statement before its arguments are looked for, and which of several in one sentence stay."""

from __future__ import annotations

from dataclasses import dataclass, field

from kgbuild.extract.sources import Source
from kgbuild.model import Argument


@dataclass(slots=True)
class Draft:
    """A statement before its arguments are looked for."""

    action: str
    rule: str
    source: Source | None
    verb: int  #: unit of the verb or noun of saying
    content: tuple[int, int]  #: units [low, high)
    addressee: tuple[Argument, ...] = ()
    channel: tuple[int, int] | None = None
    times: list[int] = field(default_factory=list)
    certainty: str = ""  #: given by the verb: a promise is planned whatever is promised
    first: int = 0
    outer: Source | None = None
    shared: bool = False  #: the speaker is that of an earlier verb: "promised ... and denied ..."


def handed_on(drafts: list[Draft]) -> list[Draft]:
    """Return the drafts; one that only hands on another gives its speaker to it and goes.

    "Reuters reported that CLEPA warned of closures" is a warning of CLEPA, reported by Reuters; what
    somebody without a name told Reuters stays with Reuters, and "the firm hopes to dig more, the analyst
    said" with the analyst.
    """
    out = list(drafts)
    for outer in drafts:
        inside = [
            d for d in drafts
            if d is not outer
            and outer.content[0] <= d.first
            and outer.content[0] <= d.verb < outer.content[1]
        ]  # fmt: skip
        vouched = outer.source is not None and outer.source.argument.kind != "UnnamedSource"
        for d in inside:
            vague = d.source is not None and d.source.argument.kind == "UnnamedSource"
            if (d.rule == "statement-to-own" or (vague and vouched)) and d in out:
                out.remove(d)
            d.content = (d.content[0], max(min(d.content[1], outer.content[1]), d.content[0] + 1))
            own = outer.source is not None and d.source is not None and outer.source.argument.name
            if not own or d.source is None or own != d.source.argument.name:
                d.outer = d.outer or outer.source
        covered = sum(d.content[1] - d.first for d in inside if d in out)
        if covered and covered * 2 >= outer.content[1] - outer.content[0] and outer in out:
            out.remove(outer)
    return out
