"""A build that is kept in a folder: made of articles, then changed by single articles.

Whatever the way, the files are those of a fresh build of the same articles.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from kgbuild.articles import read_articles
from kgbuild.errors import OutputError, StoreError
from kgbuild.link import read_decisions
from kgbuild.model import Article
from kgbuild.pipeline import Build, build_articles, stage, text_file, version
from kgbuild.store.database import ontology_digest
from kgbuild.store.extractions import KeptExtractions, kept_article
from kgbuild.store.locks import writing
from kgbuild.store.publishing import publish, settle, staging_folder
from kgbuild.store.snapshots import KEPT_DEFAULT, Settings, Snapshot, State, current_snapshot
from kgbuild.validation import ValidationReport

#: Is called with the number of articles done and of all.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class KeptBuild:
    """A build, what validation finds in it, and the snapshot that holds it."""

    build: Build
    report: ValidationReport
    snapshot: Snapshot


def build_store(
    folder: Path,
    paths: Sequence[Path],
    *,
    doing: str = "kgbuild build",
    jobs: int = 1,
    decisions: Path | None = None,
    packs: Sequence[Path] = (),
    voter: str = "",
    on_article: Progress | None = None,
) -> KeptBuild:
    """Build the articles in `paths` and keep everything in `folder`; see `pipeline.build`.

    An article that was extracted there before, by the same rules, is not extracted again. `doing` is what
    another writer is told. Raises StoreError when another process writes there, OutputError when nothing can
    be written, and what `pipeline.build` raises; then the folder is as it was.
    """
    articles = read_articles(paths)
    decided = read_decisions(decisions) if decisions is not None else {}
    settings = Settings(decided, tuple(str(pack.resolve()) for pack in packs), voter)
    with writing(folder, doing):
        settle(folder)
        return _keep(folder, articles, settings, jobs, on_article, check_texts=True)


def add(
    folder: Path,
    paths: Sequence[Path],
    *,
    doing: str = "kgbuild add",
    jobs: int = 1,
    on_article: Progress | None = None,
) -> KeptBuild:
    """Add the articles in `paths` to the store in `folder`, read with the settings of its last build.

    Raises StoreError where one has the id of an article of the store, else as `build_store`.
    """
    return _change(folder, doing, jobs, on_article, added=read_articles(paths))


def replace(
    folder: Path,
    paths: Sequence[Path],
    *,
    doing: str = "kgbuild replace",
    jobs: int = 1,
    on_article: Progress | None = None,
) -> KeptBuild:
    """Replace articles of the store in `folder` by those in `paths` that have their ids.

    Raises StoreError where one has the id of no article of the store, else as `build_store`.
    """
    return _change(folder, doing, jobs, on_article, replaced=read_articles(paths))


def remove(
    folder: Path,
    ids: Sequence[str],
    *,
    doing: str = "kgbuild remove",
    jobs: int = 1,
    on_article: Progress | None = None,
) -> KeptBuild:
    """Remove the articles of `ids` from the store in `folder`.

    Raises StoreError where there is no such article or none would be left, else as `build_store`.
    """
    return _change(folder, doing, jobs, on_article, removed=ids)


def _change(
    folder: Path,
    doing: str,
    jobs: int,
    on_article: Progress | None,
    *,
    added: Sequence[Article] = (),
    replaced: Sequence[Article] = (),
    removed: Sequence[str] = (),
) -> KeptBuild:
    current_snapshot(folder)  # a folder that holds no store is refused before it is touched
    with writing(folder, doing):
        settle(folder)
        state = current_snapshot(folder).state()
        _check_ids(folder, state.articles, added, [*removed, *(a.id for a in replaced)])
        new = {a.id: a for a in (*added, *replaced)}
        gone = {*removed, *new}
        kept = {id_: kept_article(folder, key) for id_, key in state.articles.items() if id_ not in gone}
        if not kept and not new:
            raise StoreError(f"{folder}: no article would be left; a store holds at least one")
        articles = [article for _, article in sorted((kept | new).items())]
        return _keep(folder, articles, state.settings, jobs, on_article, check_texts=False)


def _check_ids(folder: Path, held: Mapping[str, str], added: Iterable[Article], named: Iterable[str]) -> None:
    for article in added:
        if article.id in held:
            raise StoreError(f"{folder}: holds an article {article.id} already; use kgbuild replace")
    for id_ in named:
        if id_ not in held:
            near = get_close_matches(id_, sorted(held), n=3, cutoff=0.5)
            hint = f"; near: {', '.join(near)}" if near else "; kgbuild status DIR --articles lists them"
            raise StoreError(f"{folder}: holds no article {id_}{hint}")


def _keep(
    folder: Path,
    articles: Sequence[Article],
    settings: Settings,
    jobs: int,
    on_article: Progress | None,
    *,
    check_texts: bool,
) -> KeptBuild:
    with _staging(folder) as staging:
        made = build_articles(
            articles,
            jobs=jobs,
            decided=settings.decided,
            packs=tuple(map(Path, settings.packs)),
            voter=settings.voter,
            on_article=on_article,
            store=folder,
        )
        report, digests = stage(made, staging, earlier=folder)
        state = _state(folder, made, report, digests, settings)
        snapshot = publish(folder, staging, state, keep=KEPT_DEFAULT, check_texts=check_texts)
        return KeptBuild(made, report, snapshot)


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """Yield a new folder inside a store, removed afterwards; errors of the file system become OutputError."""
    staging: Path | None = None
    try:
        staging = staging_folder(folder)
        yield staging
    except OSError as err:
        place = err.filename2 or err.filename or folder
        raise OutputError(f"{place}: cannot be written: {err.strerror}; earlier output is as it was") from err
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)
            _drop_empty(staging.parent)


def _drop_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return  # it holds snapshots


def _state(
    folder: Path, made: Build, report: ValidationReport, digests: Mapping[str, str], settings: Settings
) -> State:
    kept = KeptExtractions(folder, made.rules)
    return State(
        digest=digests["graph.ttl"],
        size=0,
        changed=0,
        software=f"kgbuild {version()}",
        rules=made.rules,
        ontology=ontology_digest(),
        settings=settings,
        counts={
            "articles": len(made.articles),
            "claims": made.claims,
            "facts": made.facts,
            "contradictions": made.contradictions,
            "rejected": len(made.rejections),
        },
        violations=len(report.violations),
        warnings=len(report.results) - len(report.violations),
        files=dict(digests),
        articles={a.id: kept.key(a) for a in made.articles},
        texts={text_file(a): a.id for a in made.articles},
    )
