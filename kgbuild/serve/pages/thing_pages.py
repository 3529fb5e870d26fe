"""The page of a thing at the path of its IRI, or its description in RDF, as the request accepts it."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kgbuild.serve.graph_store import read_thing
from kgbuild.serve.negotiation import GRAPHS, Offer, choose
from kgbuild.serve.pages.entities import SHOWN, ShowEntity
from kgbuild.serve.pages.links import ARTICLE_BASE, CLAIM_BASE, article_url, place_url, thing_url
from kgbuild.serve.pages.rendering import render
from kgbuild.serve.pages.sayings import Sayings
from kgbuild.serve.pages.things import Things
from kgbuild.serve.reading import url_parameters
from kgbuild.serve.refusals import Refusal
from kgbuild.serve.state import State
from kgbuild.terms import ID, KG

__all__ = ["shown", "thing_url"]

HTML: Final = Offer("html", "text/html", ("application/xhtml+xml",))
_FORMATS: Final = (("Turtle", "turtle"), ("JSON-LD", "jsonld"), ("N-Triples", "ntriples"))
_SEGMENT_BASE: Final = f"{ID}segment/"
_PREFIX: Final = "/id/"


async def shown(request: Request, state: State) -> Response:
    """Return the page of a thing, or what the graph says of it. Raises Refusal 404 where that is nothing."""
    iri = asked_iri(request)
    if not Things(state.store).has(iri):
        iri = unquote(iri)
    forms = url_parameters(request).all("format")
    if choose((HTML, *GRAPHS), ", ".join(request.headers.getlist("accept")), forms) is not HTML:
        return await read_thing(request, state, iri)
    elsewhere = _text_of(state, iri)
    if elsewhere:
        return RedirectResponse(elsewhere, 303, {"Vary": "Accept"})
    view = await state.ask(ShowEntity(iri), request=request)
    if view is None:
        raise Refusal(404, f"the graph says nothing of {iri}")
    links = ", ".join(
        f'<{view.data}?format={name}>; rel="alternate"; type="{offer.media_type}"'
        for offer in GRAPHS
        for _, name in _FORMATS
        if offer.name == name
    )
    return render(request, "entity.html", headers={"Link": links}, view=view, formats=_FORMATS, most=SHOWN)


def asked_iri(request: Request) -> str:
    """Return the IRI whose path a request asks for, with its escapes as they are: they belong to the IRI."""
    raw = request.scope.get("raw_path") or request.scope["path"].encode("utf-8", "surrogateescape")
    path: str = raw.partition(b"?")[0].decode("ascii", "replace")
    return ID + path.partition(_PREFIX)[2]


def _text_of(state: State, iri: str) -> str:
    """Return where in the texts an article, claim or segment is, "" for other things."""
    if iri.startswith(ARTICLE_BASE):
        return article_url(iri)
    things = Things(state.store)
    if iri.startswith(CLAIM_BASE):
        return next((s.url for s in Sayings(things).read(iri)), "")
    if iri.startswith(_SEGMENT_BASE):
        start, end = things.text(iri, KG.startOffset), things.text(iri, KG.endOffset)
        for article in things.iris(iri, KG.segmentOf):
            return place_url(article, int(start or 0), int(end or 0))
    return ""
