"""The order of the stages: articles -> extractions -> links -> happenings -> claims -> facts -> graph -> files."""

from __future__ import annotations

import hashlib
import json
import os
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
from kgbuild.errors import ExtractionError, OutputError
from kgbuild.facts import Comparison, to_facts
from kgbuild.graph import Graph, GraphBuilder, article_iri
from kgbuild.happenings import Matcher
from kgbuild.link import Decision, Linker, read_decisions
from kgbuild.model import Article, Extraction, Literal
from kgbuild.ontology import Ontology, load_ontology
from kgbuild.parallel import extract_all, make_extractor
from kgbuild.records import to_record
from kgbuild.terms import KG

MANIFEST: Final = "manifest.json"
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
    rejected: Mapping[str, int]  #: reason -> number of rejected candidates
    claims: int
    facts: int
    contradictions: int


def version() -> str:
    """Return the version of kgbuild."""
    return metadata.version("kgbuild")


def build(
    paths: Sequence[Path],
    *,
    jobs: int = 1,
    decisions: Path | None = None,
    ontology_folder: Path | None = None,
    on_article: Callable[[int, int], None] | None = None,
) -> Build:
    """Return the graph of the articles in `paths` (files and folders).

    `decisions` is a reviewed file of names (see kgbuild.link.read_decisions); `on_article` is called
    with the number of articles done and of all. Raises ArticleError, OntologyError or ResourceError
    on bad input, ExtractionError where a quote does not equal the text.
    """
    articles = read_articles(paths)
    decided = read_decisions(decisions) if decisions is not None else {}
    ontology = load_ontology(ontology_folder)
    extractor = make_extractor(ontology)
    extractions = []
    for extraction in extract_all(articles, extractor, jobs=jobs, ontology_folder=ontology_folder):
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
    publishers = {a.id: linker.publisher(a.id, a.publisher) for a in articles if a.publisher}
    published = {a.id: maker.time_node(a.published) for a in articles if a.published}
    verify_quotes(articles, told)
    unconfirmed = frozenset(h.iri for h in happenings if not h.confirmed)
    facts = to_facts(told.claims, unconfirmed)
    relations = Comparison(ontology, *_values(told)).relate(told.claims)
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
    rejected = Counter(r.reason for x in extractions for r in x.rejections)
    rejected.update(f"not linked: {reason}" for _, _, reason in told.unlinked)
    return Build(
        tuple(articles),
        tuple(extractions),
        graph,
        tuple(sorted({*linker.decisions, *event_decisions})),
        dict(sorted(rejected.items())),
        len(told.claims),
        len(facts),
        sum(r.kind == "contradicts" for r in relations),
    )


def verify_quotes(articles: Sequence[Article], told: Told) -> None:
    """Check that every quote equals the text at its offsets. Raises ExtractionError naming the first that does not."""
    texts = {a.id: a.text for a in articles}
    for claim in told.claims:
        e = claim.evidence
        if not e.quote or texts[e.article][e.start : e.end] != e.quote:
            raise ExtractionError(
                f"article {e.article!r}: quote at [{e.start}, {e.end}) does not equal the text (rule {claim.rule})"
            )


def _values(told: Told) -> tuple[dict[str, str], dict[str, tuple[str, str, str]]]:
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


def write(made: Build, out: Path) -> None:
    """Write the files of a build into folder `out`, made if need be.

    Everything is written to a folder inside `out` first and moved only when complete, the manifest
    last, so that a failure leaves earlier output as it was. Raises OutputError.
    """
    files = _files(made)
    try:
        out.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".staging-", dir=out))
    except OSError as err:
        raise OutputError(
            f"{out}: cannot be written: {err.strerror}; choose another folder with --out"
        ) from err
    try:
        old = _old_files(out)
        for name, content in files.items():
            target = staging / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        for name in [n for n in files if n != MANIFEST] + [MANIFEST]:
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(staging / name, out / name)
        for name in old - files.keys():
            (out / name).unlink(missing_ok=True)
    except OSError as err:
        raise OutputError(f"{err.filename or out}: cannot be written: {err.strerror}") from err
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _old_files(out: Path) -> set[str]:
    """Return the files that the last build wrote, by its manifest; only these are ever removed."""
    try:
        listed = json.loads((out / MANIFEST).read_text("utf-8"))["files"]
    except (OSError, ValueError, KeyError):
        return set()
    return {name for name in listed if not Path(name).is_absolute() and ".." not in Path(name).parts}


def _files(made: Build) -> dict[str, bytes]:
    files: dict[str, str] = {
        "graph.ttl": made.graph.turtle(_COMMENT),
        "graph.trig": made.graph.trig(_COMMENT),
        "extractions.jsonl": "".join(to_record(x) + "\n" for x in made.extractions),
        "rejected.jsonl": "".join(_rejected(x) for x in made.extractions),
        "decisions.jsonl": "".join(_decision(d) for d in made.decisions),
    }
    names = {a.id: f"articles/{article_iri(a).rsplit('/', 1)[-1]}.txt" for a in made.articles}
    files |= {names[a.id]: a.text for a in made.articles}
    encoded = {name: text.encode() for name, text in sorted(files.items())}
    manifest = {
        "software": f"kgbuild {version()}",
        "articles": {article_iri(a): names[a.id] for a in made.articles},
        "counts": {
            "articles": len(made.articles), "claims": made.claims, "facts": made.facts, "contradictions": made.contradictions,
            "rejected": sum(made.rejected.values()),
        },
        "rejected": dict(made.rejected),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in encoded.items()},
    }  # fmt: skip
    encoded[MANIFEST] = (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()
    return encoded


def _rejected(extraction: Extraction) -> str:
    return "".join(
        json.dumps(
            {
                "article": extraction.article.id,
                "start": r.start,
                "end": r.end,
                "text": r.text,
                "rule": r.rule,
                "reason": r.reason,
            },
            ensure_ascii=False,
        )
        + "\n"
        for r in extraction.rejections
    )


def _decision(d: Decision) -> str:
    fields = {
        "subject": d.subject, "article": d.article, "text": d.text, "kind": d.kind, "verdict": d.verdict, "iri": d.iri, "reason": d.reason,
    }  # fmt: skip
    return json.dumps(fields, ensure_ascii=False) + "\n"
