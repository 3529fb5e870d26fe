"""From articles to an opened graph in one call."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from kgbuild.knowledge_graph.opened import GraphWarning, KnowledgeGraph
from kgbuild.model import Extraction


def build(
    paths: str | Path | Iterable[str | Path],
    *,
    out: str | Path = "out",
    jobs: int = 1,
    decisions: str | Path | None = None,
    packs: Sequence[str | Path] = (),
    voter: str = "",
    on_article: Callable[[int, int], None] | None = None,
) -> KnowledgeGraph:
    """Build the graph of the articles in `paths` (files and folders) in the folder `out`, and open it.

    Arguments are those of `kgbuild build`; `on_article` is called with the number of articles done and of
    all. An article that was extracted there before, by the same rules, is not extracted again. Warns with
    GraphWarning where the graph violates a shape; raises a KgbuildError where nothing is built.
    """
    from kgbuild import upkeep  # noqa: PLC0415 - loads spaCy

    kept = upkeep.build_store(
        Path(out),
        _paths(paths),
        doing="kgbuild.build",
        jobs=jobs,
        decisions=None if decisions is None else Path(decisions),
        packs=tuple(map(Path, packs)),
        voter=voter,
        on_article=on_article,
    )
    if kept.report.violations:
        number = len(kept.report.violations)
        told = f"{number} violation{'s' * (number != 1)}; the graph's validate() tells them"
        warnings.warn(told, GraphWarning, stacklevel=2)
    return KnowledgeGraph(Path(out))


def extract_articles(
    paths: str | Path | Iterable[str | Path],
    *,
    jobs: int = 1,
    packs: Sequence[str | Path] = (),
    voter: str = "",
) -> tuple[Extraction, ...]:
    """Return what each of the articles in `paths` says, before names become things, in order of article id.

    Raises ArticleError, PackError, LexiconError or ExtractionError.
    """
    from kgbuild.articles import read_articles  # noqa: PLC0415 - with the extractor, which loads spaCy
    from kgbuild.ontology import load_ontology  # noqa: PLC0415
    from kgbuild.parallel import extract_all, make_extractor  # noqa: PLC0415

    folders = tuple(map(Path, packs))
    articles = read_articles(_paths(paths))
    extractor = make_extractor(load_ontology(None, folders), packs=folders, voter=voter)
    return tuple(extract_all(articles, extractor, jobs=jobs, packs=folders, voter=voter))


def _paths(paths: str | Path | Iterable[str | Path]) -> tuple[Path, ...]:
    if isinstance(paths, str | Path):
        return (Path(paths),)
    return tuple(map(Path, paths))
