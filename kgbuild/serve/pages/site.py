"""The routes of the pages: each reads its request, asks the graph, and fills a template."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar, cast

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from kgbuild.errors import KgbuildError
from kgbuild.serve.autocompletion import Names
from kgbuild.serve.pages import reading_room, saved_questions, thing_pages
from kgbuild.serve.pages.disagreements import PAGE as CARDS
from kgbuild.serve.pages.disagreements import VERDICTS, ShowDisagreements, count_verdicts, read_disagreements
from kgbuild.serve.pages.findings import Report, ShowFindings, read_report
from kgbuild.serve.pages.kept_texts import read_lines
from kgbuild.serve.pages.overview import ListThings, Overview, ShowOverview
from kgbuild.serve.pages.rendering import render
from kgbuild.serve.pages.vocabulary import ShowVocabulary
from kgbuild.serve.reading import url_parameters
from kgbuild.serve.refusals import RETRY_AFTER, Refusal, status_of
from kgbuild.serve.settings import Settings
from kgbuild.serve.state import Opened, State
from kgbuild.terms import CLASSES, NS

_Handler = Callable[[Request, State], Awaitable[Response]]
Kept = TypeVar("Kept")
_LISTED: Final = 100  #: things of a page
_FOUND: Final = 50


def routes(state: State) -> list[BaseRoute]:
    """Return the routes of all pages but the editor; what the first of them shows is made beforehand."""
    state.preparations.append(_prepare)
    pages: tuple[tuple[str, _Handler, str], ...] = (
        ("/", _overview, "overview"),
        ("/questions", saved_questions.listed, "questions"),
        ("/questions/{name}", saved_questions.asked, "question"),
        ("/articles", reading_room.listed, "articles"),
        ("/articles/{name:path}", reading_room.shown, "article"),
        ("/things", _things, "things"),
        ("/search", _search, "search"),
        ("/id/{rest:path}", thing_pages.shown, "thing"),
        ("/disagreements", _disagreements, "disagreements"),
        ("/validation", _validation, "validation"),
        ("/ontology", _ontology, "ontology"),
    )
    return [
        Route(path, _answering(handler, state), methods=["GET"], name=name) for path, handler, name in pages
    ]


def _answering(handler: _Handler, state: State) -> Callable[[Request], Awaitable[Response]]:
    """Return a handler that tells what went wrong as a page."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request, state)
        except (KgbuildError, HTTPException) as err:
            status, text = status_of(err)
            headers = {"Retry-After": RETRY_AFTER} if status in {429, 503} else {}
            headers["Cache-Control"] = "no-store"
            return render(request, "error.html", status=status, headers=headers, code=status, text=text)

    return answer


async def overview_of(state: State) -> Overview:
    """Return the first page of the graph that is served; it is made once."""
    opened = state.opened
    known = opened.kept.get("overview")
    if isinstance(known, Overview):
        return known
    made = await state.ask(ShowOverview())
    opened.kept["overview"] = made
    return made


async def _prepare(opened: Opened, settings: Settings) -> None:
    """Make what takes long at the first request: the first page and the index of names."""
    opened.kept["overview"] = await opened.pool.ask(ShowOverview(), settings.seconds)
    opened.kept["names"] = await run_in_threadpool(Names, opened.store)


async def _overview(request: Request, state: State) -> Response:
    overview = await overview_of(state)
    opened = state.opened
    verdicts = await run_in_threadpool(_once, state, "verdicts", _verdicts)
    report = await run_in_threadpool(_once, state, "report", _report)
    return render(
        request,
        "overview.html",
        overview=overview,
        verdicts=[(name, title, verdicts[name]) for name, title, _ in VERDICTS] if verdicts else [],
        report=report,
        graph=opened.snapshot or state.source.name,
    )


def _once(state: State, name: str, read: Callable[[State], Kept]) -> Kept:
    """Return what `read` gives, read once for each state of the graph."""
    kept = state.opened.kept
    if name not in kept:
        kept[name] = read(state)
    return cast("Kept", kept[name])


def _verdicts(state: State) -> dict[str, int]:
    records = read_disagreements(state.opened.files)
    return count_verdicts(records)


def _report(state: State) -> Report:
    return read_report(state.opened.files)


async def _disagreements(request: Request, state: State) -> Response:
    asked = url_parameters(request)
    verdict = asked.one("verdict") or ""
    if verdict and verdict not in {name for name, _, _ in VERDICTS}:
        raise Refusal(400, f"verdict {verdict!r:.40}; there are: {', '.join(n for n, _, _ in VERDICTS)}")
    number = asked.number("page", 1_000_000) or 1
    records = await run_in_threadpool(read_disagreements, state.opened.files)
    counts = count_verdicts(records)
    shown = verdict or next((name for name, _, _ in VERDICTS if counts[name]), VERDICTS[0][0])
    kept = [r for r in records if r.get("verdict") == shown]
    part = tuple(kept[(number - 1) * CARDS : number * CARDS])
    cards = await state.ask(ShowDisagreements(part), request=request)
    return render(
        request,
        "disagreements.html",
        verdicts=[(*v, counts[v[0]]) for v in VERDICTS],
        shown=shown,
        cards=cards,
        number=number,
        more=number * CARDS < len(kept),
    )


async def _validation(request: Request, state: State) -> Response:
    shape = url_parameters(request).one("shape") or ""
    report = await run_in_threadpool(_once, state, "report", _report)
    findings = await state.ask(ShowFindings(report.results, shape), request=request)
    if shape and not findings:
        raise Refusal(404, f"the shape {shape!r:.80} found nothing, or there is none of this name")
    rejected = await run_in_threadpool(_once, state, "rejected", _rejected)
    return render(
        request, "validation.html", report=report, findings=findings, shape=shape, rejected=rejected
    )


def _rejected(state: State) -> int:
    return len(read_lines(state.opened.files / "rejected.jsonl"))


async def _things(request: Request, state: State) -> Response:
    asked = url_parameters(request)
    name = asked.one("class") or "Firm"
    if name not in CLASSES:
        raise Refusal(404, f"the ontology has no class {name!r:.60}")
    words = asked.one("q") or ""
    number = asked.number("page", 1_000_000) or 1
    everything = asked.flag("all")
    task = ListThings(NS + name, words, everything, (number - 1) * _LISTED, _LISTED)
    found, total, label = await state.ask(task, request=request)
    return render(
        request,
        "things.html",
        class_=name,
        label=label,
        words=words,
        found=found,
        total=total,
        number=number,
        everything=everything,
        more=number * _LISTED < total,
    )


async def _search(request: Request, state: State) -> Response:
    words = (url_parameters(request).one("q") or "").strip()[:200]
    found = await run_in_threadpool(lambda: _names(state).find(words, None, _FOUND)) if words else ()
    exact = [s for s in found if s.name.casefold() == words.casefold() or s.short == words]
    if len(exact) == 1:
        return RedirectResponse(thing_pages.thing_url(exact[0].iri), 303)
    return render(request, "search.html", words=words, found=found)


def _names(state: State) -> Names:
    kept = state.opened.kept
    names = kept.get("names")
    if not isinstance(names, Names):
        names = kept["names"] = Names(state.opened.store)
    return names


async def _ontology(request: Request, state: State) -> Response:
    kinds = await state.ask(ShowVocabulary(), request=request)
    return render(request, "ontology.html", kinds=kinds)
