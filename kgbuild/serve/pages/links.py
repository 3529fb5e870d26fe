"""Where on the site a thing is shown: at the path of its IRI, but articles and claims in the texts."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlencode

from kgbuild.terms import ID, mint

ARTICLE_BASE: Final = f"{ID}article/"
CLAIM_BASE: Final = f"{ID}claim/"
#: Characters of an IRI that stand in a path as they are; % is one of them, so that paths and IRIs agree.
_KEPT: Final = "/%:@!$&'()*+,;=~-._"


def thing_url(iri: str) -> str:
    """Return the URL of the page of a thing, "" where the site has none.

    >>> thing_url("https://w3id.org/kgbuild/id/place/US"), thing_url("http://example.org/x")
    ('/id/place/US', '')
    """
    if iri.startswith(ARTICLE_BASE):
        return article_url(iri)
    if iri.startswith(ID):
        return "/id/" + quote(iri.removeprefix(ID), safe=_KEPT)
    return ""


def data_url(iri: str) -> str:
    """Return the URL at which a thing, also an article, is described in RDF."""
    return "/id/" + quote(iri.removeprefix(ID), safe=_KEPT) if iri.startswith(ID) else ""


def article_name(article: str) -> str:
    """Return what stands for an article in a URL: the last part of its IRI."""
    return article.removeprefix(ARTICLE_BASE)


def article_of_id(article_id: str) -> str:
    """Return the IRI of the article with this id."""
    return mint("article", article_id, name=article_id)


def article_url(article: str) -> str:
    """Return the URL of the text of an article."""
    return "/articles/" + quote(article_name(article), safe=_KEPT)


def claim_key(claim: str) -> str:
    """Return the name of a claim in anchors: the last part of its IRI."""
    return claim.removeprefix(CLAIM_BASE)


def claim_url(article: str, claim: str) -> str:
    """Return the URL of the sentence that makes a claim; it is marked there without any script."""
    key = quote(claim_key(claim), safe="")
    return f"{article_url(article)}?claim={key}#claim-{key}"


def place_url(article: str, start: int, end: int) -> str:
    """Return the URL of characters [start, end) of an article, marked."""
    return f"{article_url(article)}?from={start}&to={end}#asked"


def question_url(name: str, **values: str) -> str:
    """Return the URL of a saved question with values for its parameters."""
    return f"/questions/{name}" + (f"?{urlencode(values)}" if values else "")


def class_url(iri: str) -> str:
    """Return the URL of the list of all things of a class."""
    return "/things?" + urlencode({"class": iri.rpartition("#")[2]})
