"""Words by which the parties of talks and agreements are known."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.units import FIRM, PLACES

EXECUTIVE: Final = frozenset({"chief", "ceo", "chairman", "chairwoman", "founder", "co-founder", "executive"})
LEADER: Final = frozenset(
    "president presidents premier chancellor king leader leaders prince emir sultan".split()
)
OFFICE: Final = frozenset(
    "president premier minister ministers chancellor secretary envoy envoys diplomat diplomats ambassador "
    "counterpart counterparts leader leaders side sides delegation delegations team teams teams' negotiator "
    "negotiators representative representatives commissioner trade commerce finance foreign treasury prime "
    "vice economy economic officials official".split()
)
#: Prepositions behind which a place is where something happens or what it is about, no party.
ELSEWHERE: Final = frozenset(
    "in on at into from to against across within over about of for under through via despite by".split()
)
STATES: Final = frozenset({"government", "governments", "state", "states"})  #: "the governments of A and B"
NAMED: Final = PLACES | {"Person", "Government", "Regulator", "PublicBody", FIRM}
JOINTS: Final = frozenset({"and", "'s", "’s"})
PAIR: Final = frozenset(
    {"sides", "countries", "nations", "governments", "leaders", "presidents", "powers", "parties", "men"}
    | {"ministers", "economies", "superpowers", "rivals", "neighbors", "neighbours", "capitals"}
)
