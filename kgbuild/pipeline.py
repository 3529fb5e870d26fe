"""The order of the stages: articles, extractions, links, happenings, claims, facts, graph, files."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
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
from kgbuild.replacing import MANIFEST, files_of_manifest, has_files, replace_files
from kgbuild.store.extractions import KeptExtractions
from kgbuild.terms import KG
from kgbuild.validation import ValidationReport, rules_digest, validate

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
    rules: str = ""  #: digest of the rules that extracted

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

    `decisions` is a reviewed file of names (see kgbuild.link.read_decisions); for the rest see
    `build_articles`. Raises ArticleError or ResourceError too where a file cannot be read.
    """
    return build_articles(
        read_articles(paths),
        jobs=jobs,
        decided=read_decisions(decisions) if decisions is not None else {},
        ontology_folder=ontology_folder,
        packs=packs,
        voter=voter,
        on_article=on_article,
    )


def build_articles(
    articles: Sequence[Article],
    *,
    jobs: int = 1,
    decided: Mapping[str, str],
    ontology_folder: Path | None = None,
    packs: Sequence[Path] = (),
    voter: str = "",
    on_article: Callable[[int, int], None] | None = None,
    store: Path | None = None,
) -> Build:
    """Return the graph of `articles`, which are sorted by id.

    `decided` are reviewed names; `packs` are folders of words and names of the user's own (see
    kgbuild.packs); `voter` names an installed spaCy pipeline that reads license sentences a second time;
    `on_article` is called with the number of articles done and of all. With a `store`, a folder, what was
    extracted there from the same text by the same rules is taken, and what is new is kept. Raises
    OntologyError, PackError, LexiconError or ResourceError on bad input, ExtractionError where a quote
    does not equal the text, OSError where nothing can be kept.
    """
    ontology = load_ontology(ontology_folder, packs)
    extractor = make_extractor(ontology, packs=packs, voter=voter)
    kept = KeptExtractions(store, extractor.rules_digest) if store is not None else None
    found = {a.id: known for a in articles if kept is not None and (known := kept.get(a)) is not None}
    missing = [a for a in articles if a.id not in found]
    if on_article is not None and found:
        on_article(len(found), len(articles))
    for extraction in extract_all(
        missing, extractor, jobs=jobs, ontology_folder=ontology_folder, packs=packs, voter=voter
    ):
        if kept is not None:
            kept.put(extraction)
        found[extraction.article.id] = extraction
        if on_article is not None:
            on_article(len(found), len(articles))
    extractions = [found[a.id] for a in articles]
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
        rules_digest,
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
    try:
        out.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".staging-", dir=out))
    except OSError as err:
        raise OutputError(
            f"{out}: cannot be written: {err.strerror}; choose another folder with --out"
        ) from err
    earlier = staging / "earlier"
    try:
        report, digests = stage(made, staging, earlier=out)
        names = sorted(digests, key=lambda name: name == MANIFEST)
        replace_files(staging, out, names, gone=files_of_manifest(out), to=earlier)
        shutil.rmtree(earlier, ignore_errors=True)
    except OSError as err:
        place = err.filename2 or err.filename or out
        state = f"is in {earlier}" if has_files(earlier) else "is as it was"
        raise OutputError(f"{place}: cannot be written: {err.strerror}; earlier output {state}") from err
    finally:
        if not has_files(earlier):
            shutil.rmtree(staging, ignore_errors=True)
    return report


def stage(
    made: Build, folder: Path, *, earlier: Path | None = None
) -> tuple[ValidationReport, dict[str, str]]:
    """Write the files of a build into the empty `folder` and validate them there.

    Returns what validation finds, and the SHA-256 of each file by name. `earlier` is the folder of an earlier
    build: validation looks only at what changed since. Raises OSError.
    """
    files = _files(made)
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    report = validate([folder / "graph.ttl"], texts=folder, earlier=earlier)
    files[VALIDATION] = report.to_turtle().encode()
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    files[MANIFEST] = _manifest(made, digests)
    for name in (VALIDATION, MANIFEST):
        (folder / name).write_bytes(files[name])
    return report, digests | {MANIFEST: hashlib.sha256(files[MANIFEST]).hexdigest()}


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
    files |= {text_file(a): a.text for a in made.articles}
    encoded = {name: text.encode() for name, text in sorted(files.items())}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in encoded.items()}
    encoded[MANIFEST] = _manifest(made, digests)  # validation reads where the texts are
    return encoded


def text_file(article: Article) -> str:
    """Return the file of an article's text, relative to the output folder."""
    return f"articles/{article_iri(article).rsplit('/', 1)[-1]}.txt"


def _manifest(made: Build, digests: Mapping[str, str]) -> bytes:
    """Return the list of all other files with their digests, and of the articles, as JSON."""
    manifest = {
        "software": f"kgbuild {version()}",
        "articles": {article_iri(a): text_file(a) for a in made.articles},
        "counts": {
            "articles": len(made.articles), "claims": made.claims, "facts": made.facts,
            "contradictions": made.contradictions, "rejected": len(made.rejections),
        },
        "rejected": made.rejected,
        "validated_by": rules_digest(),
        "files": {name: digest for name, digest in digests.items() if name != MANIFEST},
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
