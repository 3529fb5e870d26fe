"""The order of the stages: articles, extractions, links, happenings, claims, facts, graph, files."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

from kgbuild.articles import read_articles
from kgbuild.claims import Claims, Told
from kgbuild.disagreements import Disagreement, compare
from kgbuild.disagreements import to_record as disagreement_record
from kgbuild.errors import ExtractionError, OutputError
from kgbuild.facts import Comparison, to_facts
from kgbuild.graph import Graph, GraphBuilder, article_iri
from kgbuild.happenings import Matcher
from kgbuild.link import Decision, Linker, read_decisions
from kgbuild.model import Article, Extraction, Literal, Rejection
from kgbuild.ontology import Ontology, load_ontology
from kgbuild.parallel import extract_all, make_extractor
from kgbuild.records import to_record
from kgbuild.terms import KG
from kgbuild.validation import ValidationReport, validate

MANIFEST: Final = "manifest.json"
VALIDATION: Final = "validation.ttl"
_COMMENT: Final = (
    "Facts, claims and evidence. Built by kgbuild; the vocabulary is https://w3id.org/kgbuild/ontology#"
)


@dataclass(frozen=True, slots=True)
class Build:
    """What a build made, before it is written."""

    articles: tuple[Article, ...]
    extractions: tuple[Extraction, ...]
    graph: Graph
    decisions: tuple[Decision, ...]
    rejections: tuple[tuple[str, Rejection], ...]  #: article id and candidate, in order of article and place
    claims: int
    facts: int
    contradictions: int
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def rejected(self) -> Mapping[str, int]:
        """Return the number of rejected candidates for each reason."""
        return dict(sorted(Counter(r.reason for _, r in self.rejections).items()))


def version() -> str:
    """Return the version of kgbuild."""
    return metadata.version("kgbuild")


def build(
    paths: Sequence[Path],
    *,
    jobs: int = 1,
    decisions: Path | None = None,
    ontology_folder: Path | None = None,
    packs: Sequence[Path] = (),
    voter: str = "",
    on_article: Callable[[int, int], None] | None = None,
) -> Build:
    """Return the graph of the articles in `paths` (files and folders).

    `decisions` is a reviewed file of names (see kgbuild.link.read_decisions); `packs` are folders of
    words and names of the user's own (see kgbuild.packs); `voter` names an installed
    spaCy pipeline that reads license sentences a second time; `on_article` is called
    with the number of articles done and of all. Raises ArticleError, OntologyError, PackError,
    LexiconError or ResourceError on bad input, ExtractionError where a quote does not equal the text.
    """
    articles = read_articles(paths)
    decided = read_decisions(decisions) if decisions is not None else {}
    ontology = load_ontology(ontology_folder, packs)
    extractor = make_extractor(ontology, packs=packs, voter=voter)
    extractions = []
    for extraction in extract_all(
        articles, extractor, jobs=jobs, ontology_folder=ontology_folder, packs=packs, voter=voter
    ):
        extractions.append(extraction)
        if on_article is not None:
            on_article(len(extractions), len(articles))
    return assemble(articles, extractions, ontology, decided, extractor.rules_digest)


def assemble(
    articles: Sequence[Article],
    extractions: Sequence[Extraction],
    ontology: Ontology,
    decided: Mapping[str, str],
    rules_digest: str,
) -> Build:
    """Return the graph of `extractions`: everything behind the extraction, in one place."""
    linker = Linker(ontology, decided)
    links = linker.link(extractions)
    happenings, event_decisions = Matcher(ontology).match(links.events)
    maker = Claims(ontology, linker, articles)
    told = maker.to_claims(happenings, links.events)
    publishers = {a.id: iri for a in articles if a.publisher and (iri := linker.publisher(a.id, a.publisher))}
    published = {a.id: told.time_node(a.published) for a in articles if a.published}
    verify_quotes(articles, told)
    unconfirmed = frozenset(h.iri for h in happenings if not h.confirmed)
    facts = to_facts(told.claims, unconfirmed)
    relations = Comparison(ontology, *values_of(told)).relate(told.claims)
    minted = linker.minted
    for iri, (_, name) in minted.items():
        told.labels.setdefault(iri, name)
    graph = GraphBuilder(ontology, f"kgbuild {version()}", rules_digest).build(
        articles,
        told,
        facts,
        relations,
        unconfirmed=unconfirmed,
        kinds={iri: kind for iri, (kind, _) in minted.items()},
        publishers=publishers,
        published=published,
    )
    rejections = [(x.article.id, r) for x in extractions for r in x.rejections]
    for article, a, reason in told.unlinked:
        rejections.append(
            (article, Rejection(a.start, a.end, a.text, f"link-{a.role}", f"not linked: {reason}"))
        )
    return Build(
        tuple(articles),
        tuple(extractions),
        graph,
        tuple(sorted({*linker.decisions, *event_decisions})),
        tuple(sorted(set(rejections))),
        len(told.claims),
        len(facts),
        sum(r.kind == "contradicts" for r in relations),
        compare(ontology, happenings, links.events),
    )


def verify_quotes(articles: Sequence[Article], told: Told) -> None:
    """Check that every quote equals the text at its offsets. Raises ExtractionError for the first false."""
    texts = {a.id: a.text for a in articles}
    wrong = sorted(
        (e.article, e.start, e.end, claim.rule)
        for claim in told.claims
        if not (e := claim.evidence).quote or texts[e.article][e.start : e.end] != e.quote
    )
    if wrong:
        article, start, end, rule = wrong[0]
        raise ExtractionError(f"article {article!r}: quote at [{start}, {end}) is not the text (rule {rule})")


def values_of(told: Told) -> tuple[dict[str, str], dict[str, tuple[str, str, str]]]:
    """Return EDTF by time IRI, and (kind, number, qualifier) by quantity IRI."""
    edtf: dict[str, str] = {}
    numbers: dict[str, list[str]] = {}
    place = {KG.quantityKind: 0, KG.numericValue: 1, KG.valueQualifier: 2}
    for subject, predicate, value in told.values:
        if predicate == KG.edtf and isinstance(value, Literal):
            edtf[subject] = value.value
        elif predicate in place:
            shown = value.value if isinstance(value, Literal) else value.rsplit("/", 1)[-1]
            numbers.setdefault(subject, ["", "", ""])[place[predicate]] = shown
    return edtf, {iri: (k, n.removesuffix(".0"), q) for iri, (k, n, q) in numbers.items()}


# ---- files


def write(made: Build, out: Path) -> ValidationReport:
    """Write the files of a build into folder `out`, made if need be, and return what validation finds.

    Everything is written to a folder inside `out` first, validated there, and moved only when complete;
    where a move fails those before it are taken back, so earlier output stays as it was. Files that an
    earlier build wrote, by its manifest, and this one does not, are removed; no other file is touched.
    Raises OutputError.
    """
    files = _files(made)
    try:
        out.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".staging-", dir=out))
    except OSError as err:
        raise OutputError(
            f"{out}: cannot be written: {err.strerror}; choose another folder with --out"
        ) from err
    earlier = staging / "earlier"
    try:
        for name, content in files.items():
            target = staging / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        report = validate([staging / "graph.ttl"], texts=staging)
        files[VALIDATION] = report.to_turtle().encode()
        files[MANIFEST] = _manifest(made, files)
        for name in (VALIDATION, MANIFEST):
            (staging / name).write_bytes(files[name])
        _move(staging, out, sorted(files, key=lambda name: name == MANIFEST), earlier)
        shutil.rmtree(earlier, ignore_errors=True)
    except OSError as err:
        place = err.filename2 or err.filename or out
        state = f"is in {earlier}" if _has_files(earlier) else "is as it was"
        raise OutputError(f"{place}: cannot be written: {err.strerror}; earlier output {state}") from err
    finally:
        if not _has_files(earlier):
            shutil.rmtree(staging, ignore_errors=True)
    return report


def _has_files(folder: Path) -> bool:
    return any(path.is_file() for path in folder.rglob("*"))


def _move(staging: Path, out: Path, names: Sequence[str], earlier: Path) -> None:
    """Move files `names` from `staging` to `out`, earlier ones to `earlier`; undo all where a move fails."""
    moved: list[tuple[Path, Path]] = []  #: from, to
    try:
        for name in sorted({*_old_files(out), *names}):
            if (out / name).is_file():
                _rename(out / name, earlier / name, moved)
        for name in names:
            _rename(staging / name, out / name, moved)
    except BaseException:
        for source, target in reversed(moved):
            target.replace(source)
        for folder in sorted({target.parent for _, target in moved} - {out}):
            with suppress(OSError):  # a folder that was made for the files is empty now
                folder.rmdir()
        raise


def _rename(source: Path, target: Path, moved: list[tuple[Path, Path]]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)
    moved.append((source, target))


def _old_files(out: Path) -> set[str]:
    """Return the files that the last build wrote, by its manifest; only these are ever removed."""
    try:
        listed = json.loads((out / MANIFEST).read_text("utf-8"))["files"]
        names = [Path(name) for name in listed]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return set()
    return {str(name) for name in names if not name.is_absolute() and ".." not in name.parts}


def _files(made: Build) -> dict[str, bytes]:
    files: dict[str, str] = {
        "graph.ttl": made.graph.turtle(_COMMENT),
        "graph.trig": made.graph.trig(_COMMENT),
        "extractions.jsonl": "".join(to_record(x) + "\n" for x in made.extractions),
        "rejected.jsonl": "".join(_rejected(article, r) for article, r in made.rejections),
        "disagreements.jsonl": "".join(
            disagreement_record(d, {a.id: a.text for a in made.articles}) + "\n" for d in made.disagreements
        ),
        "decisions.jsonl": "".join(_decision(d) for d in made.decisions),
    }
    files |= {_text_file(a): a.text for a in made.articles}
    encoded = {name: text.encode() for name, text in sorted(files.items())}
    encoded[MANIFEST] = _manifest(made, encoded)
    return encoded


def _text_file(article: Article) -> str:
    return f"articles/{article_iri(article).rsplit('/', 1)[-1]}.txt"


def _manifest(made: Build, files: Mapping[str, bytes]) -> bytes:
    """Return the list of all other files with their digests, and of the articles, as JSON."""
    manifest = {
        "software": f"kgbuild {version()}",
        "articles": {article_iri(a): _text_file(a) for a in made.articles},
        "counts": {
            "articles": len(made.articles), "claims": made.claims, "facts": made.facts,
            "contradictions": made.contradictions, "rejected": len(made.rejections),
        },
        "rejected": made.rejected,
        "files": {n: hashlib.sha256(content).hexdigest() for n, content in files.items() if n != MANIFEST},
    }  # fmt: skip
    return (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()


def _rejected(article: str, r: Rejection) -> str:
    fields = {
        "article": article, "start": r.start, "end": r.end, "text": r.text, "rule": r.rule,
        "reason": r.reason,
    }  # fmt: skip
    return json.dumps(fields, ensure_ascii=False) + "\n"


def _decision(d: Decision) -> str:
    fields = {
        "subject": d.subject, "article": d.article, "text": d.text, "kind": d.kind, "verdict": d.verdict,
        "iri": d.iri, "reason": d.reason,
    }  # fmt: skip
    return json.dumps(fields, ensure_ascii=False) + "\n"
