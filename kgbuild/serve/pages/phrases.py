"""How properties are put to a reader: the group that each belongs to, and its words in both directions."""

from __future__ import annotations

from typing import Final

from kgbuild.terms import KG, NS

#: Heading of a group, and the properties in it; ^ before a name: the thing of the page is the value.
_GROUPS: Final = (
    (
        "Names and codes",
        """
        alsoKnownAs officeTitle holdsOffice ^holdsOffice ticker tickerSuffix onExchange
        marketIdentifierCode isoCode isoAlpha3 elementSymbol atomicNumber membersByConvention
        hasListing ^listingOf listingOf
        """,
    ),
    (
        "Status",
        """
        hasStatusRecord statusRecordOf ^hasStatusRecord statusValue hasTime announcedAt lastsUntil
        validity duration
        """,
    ),
    (
        "Licenses",
        """
        holds ^heldBy heldBy ^holds appliesFor ^appliesFor issuedBy ^issuedBy issues ^issues
        benefits ^benefits licensedForDestination ^licensedForDestination
        """,
    ),
    (
        "What it covers",
        """
        coversMaterial coversGroup excludesMaterial validForDestination coversDestination
        destinationText itemText destinationsUndisclosed destinationsExhaustive condition instrument
        hasQuantity restrictsMaterial restrictsGroup controlsElement targetsPlace measureFamily
        measureText
        """,
    ),
    (
        "Licenses that cover it",
        """
        ^coversMaterial ^coversGroup ^excludesMaterial ^validForDestination ^coversDestination
        """,
    ),
    (
        "Measures",
        """
        imposedBy ^imposedBy ^restrictsMaterial ^restrictsGroup ^targetsPlace elementControlledBy
        ^controlsElement inResponseTo ^inResponseTo ^measureFamily
        """,
    ),
    (
        "Negotiations and agreements",
        """
        hasParticipant ^hasParticipant hasParty ^hasParty takesPlaceIn ^takesPlaceIn settledIn
        ^settledIn resultsIn ^resultsIn visits ^visits
        """,
    ),
    (
        "Business",
        """
        peerOf ^peerOf supplies ^supplies suppliesIndustry ^suppliesIndustry suppliesMaterial
        ^suppliesMaterial subsidiaryOf ^subsidiaryOf holdsStakeIn ^holdsStakeIn operates ^operates
        acquired ^acquired dependsOn ^dependsOn supplements ^supplements usedIn ^usedIn madeBy
        ^madeBy
        """,
    ),
    (
        "Shares",
        """
        moveOf ^moveOf moveDirection moveOn moveWindow
        """,
    ),
    (
        "Trade and disruptions",
        """
        statisticOf ^statisticOf reporter ^reporter partnerPlace ^partnerPlace changeDirection
        comparison reportedOn affects ^affects disruptionKind ^disruptionKind troubleText causeText
        """,
    ),
    (
        "Places",
        """
        headquarteredIn ^headquarteredIn basedIn ^basedIn hasSiteIn ^hasSiteIn hasSubsidiaryIn
        ^hasSubsidiaryIn hasCustomersIn ^hasCustomersIn locatedIn ^locatedIn containsPlace capital
        ^capital
        """,
    ),
    (
        "Offices and bodies",
        """
        governs ^governs regulates ^regulates partOfBody ^partOfBody
        """,
    ),
    (
        "Materials",
        """
        containsElement ^containsElement containsMineral ^containsMineral broaderGood ^broaderGood
        hasGroupMember ^hasGroupMember
        """,
    ),
    (
        "Statements",
        """
        ^statedBy statedBy statedThrough ^statedThrough addressee ^addressee statementText
        statementKind statementPolarity statementCertainty mentions ^mentions ^publishedBy
        """,
    ),
)
OTHER: Final = "Other"
_WORDS: Final = {
    "hasStatusRecord": "status", "hasTime": "time", "hasQuantity": "quantity", "hasParty": "party",
    "hasParticipant": "participant", "hasListing": "listing", "hasGroupMember": "member",
    "statusValue": "status", "measureFamily": "family", "moveDirection": "direction",
    "statementKind": "kind", "statementPolarity": "polarity", "statementCertainty": "certainty",
    "disruptionKind": "kind", "changeDirection": "direction", "broaderGood": "kind of",
    "validForDestination": "destination", "coversMaterial": "covers", "coversGroup": "covers",
    "restrictsMaterial": "restricts", "restrictsGroup": "restricts", "targetsPlace": "targets",
    "^hasStatusRecord": "status of", "^holds": "held by", "^heldBy": "holds",
    "^appliesFor": "applied for by", "^issuedBy": "issued", "^issues": "issued by",
    "^benefits": "benefits from", "^licensedForDestination": "reached by a license of",
    "^coversMaterial": "covered by", "^coversGroup": "covered by", "^excludesMaterial": "left out of",
    "^validForDestination": "destination of", "^coversDestination": "reached by", "^imposedBy": "imposed",
    "^restrictsMaterial": "restricted by", "^restrictsGroup": "restricted by",
    "^targetsPlace": "target of", "^controlsElement": "controlled by", "^inResponseTo": "answered by",
    "^measureFamily": "has member", "^hasParticipant": "took part in", "^hasParty": "party to",
    "^takesPlaceIn": "place of", "^settledIn": "place of the settlement of", "^resultsIn": "result of",
    "^visits": "visited by", "^peerOf": "peer of", "^supplies": "supplied by",
    "^suppliesIndustry": "supplied by", "^suppliesMaterial": "supplied by",
    "^subsidiaryOf": "has subsidiary", "^holdsStakeIn": "partly owned by", "^operates": "operated by",
    "^acquired": "acquired by", "^dependsOn": "needed by", "^supplements": "supplemented by",
    "^usedIn": "uses", "^madeBy": "makes", "^moveOf": "share price", "^statisticOf": "figure",
    "^reporter": "reported", "^partnerPlace": "partner in", "^affects": "affected by",
    "^disruptionKind": "is the kind of", "^headquarteredIn": "head office of", "^basedIn": "base of",
    "^hasSiteIn": "site of", "^hasSubsidiaryIn": "has a subsidiary of",
    "^hasCustomersIn": "has customers of", "^locatedIn": "contains", "^capital": "capital of",
    "^governs": "governed by", "^regulates": "regulated by", "^partOfBody": "has part",
    "^containsElement": "contained in", "^containsMineral": "contained in", "^broaderGood": "has kind",
    "^hasGroupMember": "member of", "^statedBy": "said", "^statedThrough": "carried",
    "^addressee": "was told", "^mentions": "mentioned in", "^publishedBy": "published",
    "^holdsOffice": "office held by", "^listingOf": "listing",
}  # fmt: skip
#: Properties of the claim layer and of values: they tell how something is known, or are told with the value.
APART: Final = frozenset(
    {
        KG.claimSubject, KG.claimObject, KG.claimPredicate, KG.claimedClass, KG.claimPolarity,
        KG.claimCertainty, KG.attributedTo, KG.evidencedBy, KG.segmentOf, KG.claimTime, KG.contradicts,
        KG.refines, KG.extractedBy, KG.valueQualifier, KG.demonym, KG.metonym,
    }
)  # fmt: skip


def _placed() -> dict[str, tuple[int, int]]:
    """Return for each property, with ^ where the thing is the value, its group and its rank there."""
    return {
        name: (group, rank)
        for group, (_, names) in enumerate(_GROUPS)
        for rank, name in enumerate(names.split())
    }


_PLACED: Final = _placed()
_LAST: Final = (len(_GROUPS), 0)


def place_of(predicate: str, *, inverse: bool) -> tuple[int, int]:
    """Return numbers that put a property into its group and its order there."""
    return _PLACED.get("^" * inverse + predicate.removeprefix(NS), _LAST)


def group_title(group: int) -> str:
    """Return the heading of the group with this number."""
    return _GROUPS[group][0] if group < len(_GROUPS) else OTHER


def words(predicate: str, label: str, *, inverse: bool) -> str:
    """Return how a page puts a property whose label in the ontology is `label`.

    >>> words(KG.holds, "holds", inverse=True), words(KG.unit, "unit", inverse=False)
    ('held by', 'unit')
    """
    name = "^" * inverse + predicate.removeprefix(NS)
    known = _WORDS.get(name)
    if known is not None:
        return known
    plain = label.removeprefix("has ")
    return f"{plain} of" if inverse else plain
