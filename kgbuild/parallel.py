"""Extraction over one or several processes, in the order of the articles whatever the number of processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Final

from kgbuild.errors import ExtractionError
from kgbuild.extract import Extractor
from kgbuild.extract.background import Background
from kgbuild.extract.lexicon import load_lexicon
from kgbuild.extract.offices import Offices
from kgbuild.model import Article, Extraction, Literal
from kgbuild.ontology import Ontology, load_ontology
from kgbuild.terms import KG

#: Articles handed to a process at once: enough to make the hand-over cheap.
_CHUNK: Final = 16
_LEADERS: Final = frozenset({"President", "Prime Minister", "Premier", "Chancellor", "King", "Crown Prince"})
_WORKERS: dict[tuple[str, tuple[str, ...], str], Extractor] = {}


def make_extractor(ontology: Ontology, *, packs: Sequence[Path] = (), voter: str = "") -> Extractor:
    """Return an extractor for the names of `ontology` and the words of kgbuild and of `packs`.

    `voter` names an installed spaCy pipeline that reads license sentences a second time. Raises
    ExtractionError where there is no such pipeline, PackError and LexiconError as `load_lexicon`.
    """
    entities = list(ontology.entities.values())
    governments = {
        ontology.label(place): ontology.label(body)
        for body, entity in sorted(ontology.entities.items())
        if entity.kind == "Government"
        for place in ontology.objects(body, KG.governs)
    }
    makers = {
        ontology.label(good): ontology.label(makers[0])
        for good in ontology.entities
        if (makers := ontology.objects(good, KG.madeBy))
    }
    bases = {
        entity.label: frozenset(
            ontology.label(place)
            for seat in ontology.objects(firm, KG.headquarteredIn)
            for place in ontology.within(seat)
        )
        for firm, entity in ontology.entities.items()
        if entity.kind == "Firm" and ontology.objects(firm, KG.headquarteredIn)
    }
    offices = {
        entity.label: ontology.label(government)
        for person, entity in sorted(ontology.entities.items())
        if entity.kind == "Person" and (government := _government_of(ontology, person))
    }
    governed = {
        ontology.label(body): ontology.label(places[0])
        for body in ontology.entities
        if (places := ontology.objects(body, KG.governs))
    }
    employers = {
        entity.label: ontology.label(firms[0])
        for person, entity in sorted(ontology.entities.items())
        if entity.kind == "Person"
        and (firms := [o for o in ontology.objects(person, KG.holdsOffice) if ontology.kind(o) == "Firm"])
    }
    leaders = frozenset(
        entity.label
        for person, entity in ontology.entities.items()
        if entity.kind == "Person" and entity.label not in employers and _leads(ontology, person)
    )
    people = Offices(offices, employers, leaders)
    known = Background(entities, governments, makers, bases, people, governed, ontology.digest)
    return Extractor(known, load_lexicon(packs), voter)


def _leads(ontology: Ontology, person: str) -> bool:
    """Return whether a person is head of a state, a government or the European Union."""
    titles = {v.value for p, v in ontology.describe(person) if p == KG.officeTitle and isinstance(v, Literal)}
    return any(title in _LEADERS or title.startswith("President of the European") for title in titles)


def _government_of(ontology: Ontology, person: str) -> str:
    """Return the government that a person holds an office in, directly or in one of its bodies, or ""."""
    todo = list(ontology.objects(person, KG.holdsOffice))
    seen: set[str] = set()
    while todo:
        body = todo.pop(0)
        if ontology.kind(body) == "Government":
            return body
        if body not in seen:
            seen.add(body)
            todo.extend(ontology.objects(body, KG.partOfBody))
    return ""


def extract_all(
    articles: Sequence[Article],
    extractor: Extractor,
    *,
    jobs: int = 1,
    ontology_folder: Path | None = None,
    packs: Sequence[Path] = (),
    voter: str = "",
) -> Iterator[Extraction]:
    """Yield the extraction of each article, in their order.

    With `jobs` over 1 that many processes work; each builds its own extractor from `ontology_folder`,
    `packs` and `voter`. Raises ExtractionError when one of them is killed.
    """
    if jobs <= 1 or len(articles) < 2:
        for article in articles:
            yield extractor.extract(article)
        return
    chunks = [tuple(articles[i : i + _CHUNK]) for i in range(0, len(articles), _CHUNK)]
    if len(chunks) < jobs:  # few articles: spread them all the same
        size = -(-len(articles) // jobs)
        chunks = [tuple(articles[i : i + size]) for i in range(0, len(articles), size)]
    # spawn, not fork: the same on every platform, and safe with the threads of numeric libraries
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(chunks)), mp_context=context) as pool:
        try:
            made_of = (str(ontology_folder or ""), tuple(map(str, packs)), voter)
            for done in pool.map(_work, [(made_of, c) for c in chunks]):
                yield from done
        except BrokenProcessPool as err:
            raise ExtractionError(
                "a process of the extraction was killed, perhaps for want of memory; use fewer with --jobs"
            ) from err


def _work(task: tuple[tuple[str, tuple[str, ...], str], tuple[Article, ...]]) -> tuple[Extraction, ...]:
    made_of, chunk = task
    if made_of not in _WORKERS:
        folder, names, voter = made_of
        packs = tuple(map(Path, names))
        ontology = load_ontology(Path(folder) if folder else None, packs)
        _WORKERS[made_of] = make_extractor(ontology, packs=packs, voter=voter)
    return tuple(_WORKERS[made_of].extract(article) for article in chunk)
