"""The pages of the articles: the list, and a text with what is marked in it."""

from __future__ import annotations

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kgbuild.serve.pages.articles import ListArticles, ResolveMentions, ShowArticle, mark, names_of
from kgbuild.serve.pages.kept_texts import KeptTexts
from kgbuild.serve.pages.links import article_url
from kgbuild.serve.pages.rendering import render
from kgbuild.serve.reading import Parameters, url_parameters
from kgbuild.serve.refusals import Refusal
from kgbuild.serve.state import State

_PAGE: Final = 100
_MOST: Final = 100_000_000  #: offsets


async def listed(request: Request, state: State) -> Response:
    """Return the list of articles, the newest first."""
    asked = url_parameters(request)
    number = asked.number("page", 1_000_000) or 1
    words = asked.one("q") or ""
    task = ListArticles(words, (number - 1) * _PAGE, _PAGE)
    articles, total = await state.ask(task, request=request)
    return render(
        request,
        "articles.html",
        articles=articles,
        total=total,
        number=number,
        words=words,
        more=number * _PAGE < total,
    )


async def shown(request: Request, state: State) -> Response:
    """Return an article. Raises Refusal 404 where there is none of this name."""
    name = request.path_params["name"]
    asked = url_parameters(request)
    claim = asked.one("claim") or ""
    rejected = asked.one("rejected") not in {None, "", "0", "false"}
    article = await state.ask(ShowArticle(name), request=request)
    texts = await run_in_threadpool(_texts, state)
    if article is None:
        other = texts.iri(name)
        if other:
            return RedirectResponse(article_url(other), 303)
        raise Refusal(404, f"there is no article {name!r:.120}; /articles lists all")
    head = article.head
    kept = await run_in_threadpool(texts.of, head.iri, head.digest)
    urls = await state.ask(ResolveMentions(names_of(kept)), request=request) if kept.mentions else {}
    place = next((p for p in article.places if claim in {c.key for c in p.claims}), None) if claim else None
    marked = mark(
        kept,
        article,
        urls,
        asked=(place.start, place.end) if place else _asked_range(asked),
        rejected=rejected,
    )
    return render(
        request,
        "article.html",
        article=article,
        head=head,
        marked=marked,
        has_text=kept.text is not None,
        refused=len(kept.rejections),
        rejected=rejected,
        claim=claim,
        asked_place=place.number if place else -1,
    )


def _asked_range(asked: Parameters) -> tuple[int, int] | None:
    """Return the characters that from= and to= name, None without them."""
    first, last = asked.one("from"), asked.one("to")
    if first is None or last is None:
        return None
    if not all(t.isascii() and t.isdigit() and len(t) < 12 for t in (first, last)):
        raise Refusal(400, "from= and to= are offsets of characters, whole numbers from 0")
    return (int(first), int(last)) if int(first) < int(last) <= _MOST else None


def _texts(state: State) -> KeptTexts:
    opened = state.opened
    known = opened.kept.get("texts")
    if not isinstance(known, KeptTexts):
        known = KeptTexts(state.source, opened.files)
        opened.kept["texts"] = known
    return known
