"""Which property a role of an event becomes, and what its action says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from kgbuild.model import Argument, Event
from kgbuild.terms import KG, local_iri

#: role -> property, for arguments that name things, by type of event.
THINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "license": {
        "holder": "holds", "issuer": "issuedBy", "destination": "validForDestination",
        "material": "coversMaterial", "excluded_material": "excludesMaterial", "beneficiary": "benefits",
    },
    "control_measure": {"imposer": "imposedBy", "item": "restrictsMaterial", "target": "targetsPlace"},
    "negotiation": {"party": "hasParty", "person": "hasParticipant", "place": "takesPlaceIn"},
    "agreement": {"party": "hasParty", "place": "settledIn"},
    "market_move": {"firm": "moveOf", "exchange": "moveOn"},
    "visit": {"person": "hasParticipant", "firm": "visits"},
    "trade_stat": {"reporter": "reporter", "subject": "statisticOf", "partner": "partnerPlace"},
    "disruption": {
        "firm": "affects", "site": "affects", "industry": "affects", "material": "affects",
        "place": "takesPlaceIn",
    },
    "statement": {
        "speaker": "statedBy", "addressee": "addressee", "topic": "mentions", "place": "takesPlaceIn",
    },
}  # fmt: skip
#: role -> data property, for arguments of which the value counts.
VALUES: Final = {
    "validity": "validity",
    "condition": "condition",
    "instrument": "instrument",
    "undisclosed": "destinationsUndisclosed",
    "open_list": "destinationsExhaustive",
    "window": "moveWindow",
    "duration": "duration",
}
#: role -> data property, for arguments that are kept in the words of the text.
WORDS: Final = {
    "measure": "measureText",
    "share": "measureText",
    "comparison": "comparison",
    "what": "troubleText",
    "cause": "causeText",
    "destination_words": "destinationText",
    "content": "statementText",
    "channel": "statedThrough",
}
QUANTITIES: Final = {
    "count": "license count",
    "quantity": "licensed amount",
    "percent": "share price change",
    "price": "share price",
    "value": "",
    "also": "",
}
#: property -> class of which its value has to be.
RANGES: Final = {
    "issuedBy": "PublicBody",
    "imposedBy": "PublicBody",
    "hasParty": "Agent",
    "moveOn": "StockExchange",
    "partnerPlace": "Place",
    "takesPlaceIn": "Place",
    "statedBy": "Agent",
    "addressee": "Agent",
}
#: Properties whose value may be a firm that only this text tells of.
OF_FIRMS: Final = frozenset("moveOf visits affects reporter statisticOf statedBy addressee mentions".split())


def kinds_of(event: Event) -> Iterable[tuple[str, str]]:
    """Yield what an event says by its action: pairs of property and listed value."""
    if event.type == "market_move":
        yield KG.moveDirection, local_iri("direction", event.action)
    elif event.type == "trade_stat":
        yield KG.measureFamily, local_iri("family", event.action)
        for direction in sorted({a.value for a in event.of("change") if a.value in {"up", "down"}}):
            yield KG.changeDirection, local_iri("direction", direction)
    elif event.type == "disruption":
        yield KG.disruptionKind, local_iri("trouble", event.action)
    elif event.type == "statement":
        yield KG.statementKind, local_iri("speech", event.action)
        yield KG.statementPolarity, local_iri("polarity", event.polarity)
        yield KG.statementCertainty, local_iri("certainty", event.certainty)


def quantity_kind(event: Event, argument: Argument) -> str:
    """Return what a quantity measures, with its unit: only quantities of one kind are compared."""
    named = QUANTITIES[argument.role]
    if named:
        return named
    what = event.action
    if event.of("change"):
        what = f"change of {what}"
    elif event.of("share") or argument.unit == "%":
        what = f"share of {what}"
    return what if argument.unit in {"", "%"} else f"{what} in {argument.unit}"
