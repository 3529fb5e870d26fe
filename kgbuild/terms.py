"""Namespaces, the vocabulary of ontology/core.ttl, and the one function that mints IRIs."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kgbuild.model import Literal

NS: Final = "https://w3id.org/kgbuild/ontology#"
ID: Final = "https://w3id.org/kgbuild/id/"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"

RDF_TYPE: Final = RDF + "type"
RDFS_LABEL: Final = RDFS + "label"
SKOS_PREF: Final = SKOS + "prefLabel"
SKOS_ALT: Final = SKOS + "altLabel"

CLASSES: Final = frozenset(
    """Agent Organization Person Firm PublicBody Government Regulator TradeAssociation NewsOrganization
    StockExchange UnnamedSource Place Country WorldRegion Subdivision City RegulatedActivity Material
    EndUse Industry Site LegalInstrument TradeStatistic MeasureFamily Disruption DisruptionKind Statement
    StatementKind
    RareEarthElement Mineral ElementGroup Good PermanentMagnet RareEarthCompound Alloy Component
    ControlledElement GoodWithControlledElement StatusBearer License ExportLicense GeneralExportLicense
    SingleExportLicense MiningLicense OperatingLicense PolicyMeasure ExportControlMeasure TariffMeasure
    Agreement StatusRecord StatusValue Event Negotiation Talks Summit Call Dispute Visit MarketMove
    MoveDirection Listing Quantity ValueQualifier TimeExtent Article TextSegment Claim ContestedClaim
    UnconfirmedThing ClaimPolarity ClaimCertainty ExtractionRun LicensedExporter""".split()
)
OBJECT_PROPERTIES: Final = frozenset(
    """holds heldBy appliesFor issues issuedBy benefits coversMaterial excludesMaterial coversGroup
    validForDestination coversDestination licensedForDestination imposedBy restrictsMaterial
    restrictsGroup controlsElement elementControlledBy targetsPlace inResponseTo hasStatusRecord
    statusRecordOf statusValue announcedAt lastsUntil locatedIn containsPlace capital headquarteredIn
    basedIn governs regulates partOfBody holdsOffice listingOf hasListing onExchange containsElement
    containsMineral broaderGood madeBy hasGroupMember hasParticipant hasParty takesPlaceIn settledIn
    resultsIn visits moveOf moveOn moveDirection hasTime hasQuantity valueQualifier claimSubject
    claimObject attributedTo evidencedBy segmentOf publishedBy publishedAt contradicts refines
    claimPolarity claimCertainty extractedBy peerOf supplies suppliesIndustry suppliesMaterial
    subsidiaryOf hasSubsidiaryIn hasCustomersIn hasSiteIn holdsStakeIn operates acquired dependsOn
    supplements usedIn measureFamily statisticOf reporter partnerPlace changeDirection affects
    disruptionKind statedBy addressee mentions statementKind statementPolarity
    statementCertainty claimTime""".split()
)
DATA_PROPERTIES: Final = frozenset(
    """atomicNumber elementSymbol isoCode isoAlpha3 ticker tickerSuffix marketIdentifierCode officeTitle
    membersByConvention destinationsUndisclosed destinationsExhaustive validity condition instrument
    itemText destinationText moveWindow
    earliestStart latestStart earliestEnd latestEnd edtf numericValue quantityText unit quantityKind
    claimValue inferred derivation byRule startOffset endOffset exactText textDigest textLength
    sourceUrl language softwareVersion rulesDigest alsoKnownAs reportedOn measureText comparison
    troubleText causeText duration statementText statedThrough""".split()
)
ANNOTATION_PROPERTIES: Final = frozenset("claimPredicate claimedClass demonym metonym".split())
TERMS: Final = CLASSES | OBJECT_PROPERTIES | DATA_PROPERTIES | ANNOTATION_PROPERTIES


class _Vocabulary:
    """`KG.License` is the IRI of kg:License; a misspelt name raises at once."""

    def __getattr__(self, name: str) -> str:
        if name in TERMS:
            return NS + name
        near = difflib.get_close_matches(name, sorted(TERMS), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise AttributeError(f"ontology/core.ttl has no term {name!r}{hint}")


KG: Final = _Vocabulary()

#: Kinds of individuals; each is a path segment of its IRI and a prefix in Turtle.
KINDS: Final = tuple(
    """activity agreement article body certainty claim direction disruption element event exchange family
    firm good group industry instrument license listing measure mineral org person place polarity
    qualifier quantity record run segment site source speech statement statistic status time trouble
    unconfirmed use""".split()
)
PREFIXES: Final[dict[str, str]] = {
    "kg": NS,
    "owl": OWL,
    "rdf": RDF,
    "rdfs": RDFS,
    "skos": SKOS,
    "xsd": XSD,
    **{kind: f"{ID}{kind}/" for kind in KINDS},
}
_BY_NAMESPACE: Final = {base: prefix for prefix, base in PREFIXES.items()}
_LOCAL: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?<!\.)")


def slug(text: str, limit: int = 40) -> str:
    """Return `text` as lower-case ASCII words joined by hyphens, in at most `limit` characters; "" if none.

    >>> slug("Lynas Rare Earths Ltd.")
    'lynas-rare-earths-ltd'
    """
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_text.lower())
    out = ""
    for word in words:
        if out and len(out) + 1 + len(word) > limit:
            break
        out = f"{out}-{word}" if out else word[:limit]
    return out


def mint(kind: str, *key: str, name: str = "") -> str:
    """Return the IRI of the thing of this `kind` that `key` identifies.

    The same key gives the same IRI in every run and on every machine. The key is hashed as a
    JSON array, so ("a", "b.c") and ("a.b", "c") stay two things. `name` only makes the IRI readable.

    >>> mint("license", "article-1", "jl-mag", name="JL MAG")
    'https://w3id.org/kgbuild/id/license/jl-mag-c83be2330c'
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}; use one of {', '.join(KINDS)}")
    digest = hashlib.sha256(json.dumps([kind, *key], ensure_ascii=True).encode()).hexdigest()[:10]
    readable = slug(name)
    return f"{ID}{kind}/{readable}-{digest}" if readable else f"{ID}{kind}/{digest}"


def local_iri(kind: str, local: str) -> str:
    """Return the IRI with a readable local name, e.g. of a listed value: `local_iri("status", "granted")`."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}; use one of {', '.join(KINDS)}")
    return f"{ID}{kind}/{local}"


def text_literal(value: str, language: str = "") -> Literal:
    """Return `value` as xsd:string, or as rdf:langString when a language is given."""
    return Literal(value, RDF + "langString" if language else XSD + "string", language)


def typed_literal(value: str, datatype: str) -> Literal:
    """Return a literal of the XSD datatype with this local name, e.g. "dateTime"."""
    return Literal(value, XSD + datatype)


def compact(iri: str, more: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return `iri` as a prefixed name where a prefix of kgbuild or of `more` fits, else in brackets."""
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    prefix = _BY_NAMESPACE.get(iri[:cut]) or next((p for p, base in more.items() if base == iri[:cut]), None)
    if prefix and _LOCAL.fullmatch(iri, cut):
        return f"{prefix}:{iri[cut:]}"
    return f"<{iri}>"


def expand(name: str) -> str:
    """Return the IRI of a prefixed name such as `place:US`; raise ValueError when the prefix is unknown."""
    prefix, colon, local = name.partition(":")
    if not colon or prefix not in PREFIXES:
        raise ValueError(f"{name!r} has no known prefix; prefixes: {', '.join(sorted(PREFIXES))}")
    return PREFIXES[prefix] + local
