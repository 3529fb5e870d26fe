"""From article files to output files: the same bytes everywhere, true quotes, and all files or none."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, Self

import pyoxigraph as ox
import pytest
from rdflib import RDF, RDFS, Dataset, Graph, URIRef

from kgbuild import pipeline
from kgbuild.claims import Told
from kgbuild.errors import ArticleError, ExtractionError, OutputError, ResourceError
from kgbuild.model import Article, Claim, Evidence
from kgbuild.pipeline import Build, build, verify_quotes, write
from kgbuild.reasoning import check_consistency
from kgbuild.replacing import MANIFEST
from kgbuild.terms import ID, KG, NS
from kgbuild.validation import ValidationReport

#: A few of the examples, on one subject, for builds that are made again.
FEW: Final = (
    "2025-06-jlmag-permits-close.md",
    "2025-06-jlmag-permits-open.md",
    "2025-06-london-framework.md",
    "2025-12-general-licenses.md",
)
DATA: Final = (
    "graph.ttl",
    "graph.trig",
    "extractions.jsonl",
    "rejected.jsonl",
    "decisions.jsonl",
    "validation.ttl",
)


#: What the command line keeps beside the files of a build, for the next one.
STORE = {"current", "extractions", "snapshots"}


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder by relative name, without what is kept for the next build."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] not in STORE
    }


def check_manifest(out: Path) -> dict[str, str]:
    """Check that the manifest lists every kgbuild file with its digest; return what it lists."""
    listed: dict[str, str] = json.loads((out / MANIFEST).read_text("utf-8"))["files"]
    for name, digest in listed.items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest, name
    return listed


@pytest.fixture(scope="module")
def few(examples: Path) -> list[Path]:
    return [examples / name for name in FEW]


@pytest.fixture(scope="module")
def small(few: list[Path]) -> Build:
    return build(few)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make writing quick: what is validated is the subject of other tests."""
    monkeypatch.setattr(pipeline, "validate", lambda files, texts, earlier=None: ValidationReport(()))


# ---- the same bytes


def test_output_is_the_same_in_every_process_and_order(few: list[Path], small: Build, tmp_path: Path) -> None:
    write(small, tmp_path / "here")
    expected = contents(tmp_path / "here")
    runs = {
        "1": few,
        "4242": [few[2], few[0], few[3], few[1]],
        "random": [*reversed(few), few[0].parent / ".." / few[0].parent.name / few[0].name],
    }
    for seed, paths in runs.items():
        out = tmp_path / seed
        command: list[str | Path] = [
            sys.executable,
            "-m",
            "kgbuild",
            "build",
            *paths,
            "-o",
            out,
            *(["-j", "2"] if seed == "1" else []),
        ]
        done = subprocess.run(
            command, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=False
        )
        assert done.stderr == ""
        assert done.returncode in {0, 1}
        assert contents(out) == expected, seed


def test_two_builds_in_one_process_are_the_same(few: list[Path], small: Build) -> None:
    assert build(list(reversed(few))) == small


def test_processes_give_what_one_gives(few: list[Path], small: Build) -> None:
    seen: list[tuple[int, int]] = []
    assert build(few, jobs=3, on_article=lambda done, total: seen.append((done, total))) == small
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_killed_process_is_told(few: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    from concurrent.futures.process import BrokenProcessPool

    from kgbuild import parallel

    class Killed:
        def __init__(self, workers: int, **_: object) -> None:
            assert workers == 2

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def map(self, *_: object) -> None:
            raise BrokenProcessPool("a child process terminated abruptly")

    monkeypatch.setattr(parallel, "ProcessPoolExecutor", Killed)
    with pytest.raises(
        ExtractionError, match=r"a process of the extraction was killed, .*; use fewer with --jobs"
    ):
        build(few, jobs=2)


def test_worker_extracts_like_the_process_that_asks(small: Build) -> None:
    from kgbuild import parallel

    own = ("", (), "")  # folder of the ontology, packs, voter
    assert parallel._work((own, small.articles)) == small.extractions  # noqa: SLF001 - in other processes
    assert parallel._work((own, small.articles[:1])) == small.extractions[:1]  # noqa: SLF001


# ---- true to the texts


@pytest.fixture(scope="module")
def graph(example_output: Path) -> Graph:
    return Graph().parse(example_output / "graph.ttl")


def test_quotes_equal_the_texts_at_their_offsets(graph: Graph, example_output: Path, examples: Path) -> None:
    manifest = json.loads((example_output / MANIFEST).read_text("utf-8"))
    texts = {iri: (example_output / name).read_bytes().decode() for iri, name in manifest["articles"].items()}
    assert len(texts) == len(list(examples.iterdir()))
    segments = set(graph.subjects(RDF.type, URIRef(KG.TextSegment)))
    assert len(segments) > 50
    for segment in segments:
        article, start, end, quote = (
            str(graph.value(segment, URIRef(p)))
            for p in (KG.segmentOf, KG.startOffset, KG.endOffset, KG.exactText)
        )
        assert quote
        assert texts[article][int(start) : int(end)] == quote


def test_kept_texts_are_the_ends_of_the_article_files(example_output: Path, examples: Path) -> None:
    originals = [p.read_bytes() for p in examples.iterdir()]
    for path in (example_output / "articles").iterdir():
        assert any(original.endswith(path.read_bytes()) for original in originals), path.name


def test_digests_and_lengths_are_those_of_the_kept_texts(graph: Graph, example_output: Path) -> None:
    for iri, name in json.loads((example_output / MANIFEST).read_text("utf-8"))["articles"].items():
        raw = (example_output / name).read_bytes()
        assert str(graph.value(URIRef(iri), URIRef(KG.textDigest))) == hashlib.sha256(raw).hexdigest()
        assert str(graph.value(URIRef(iri), URIRef(KG.textLength))) == str(len(raw.decode()))


def test_false_quote_stops_the_build() -> None:
    article = Article("a", "The text", "0" * 64)

    def told(*quotes: tuple[int, str]) -> Told:
        return Told(
            {
                Claim("s", "p", "o", Evidence("a", n, n + 3, q), "affirmed", "actual", None, "r")
                for n, q in quotes
            }
        )

    verify_quotes([article], told((0, "The")))
    with pytest.raises(ExtractionError, match=r"^article 'a': quote at \[2, 5\) is not the text \(rule r\)$"):
        verify_quotes([article], told((4, "tax"), (0, "The"), (2, "xxx")))
    with pytest.raises(ExtractionError, match=r"at \[9, 12\)"):
        verify_quotes([article], told((9, "")))


# ---- the graph


def test_every_fact_about_a_thing_from_the_texts_has_a_claim(graph: Graph) -> None:
    claimed = {
        (graph.value(c, URIRef(KG.claimSubject)), graph.value(c, URIRef(KG.claimPredicate)), value)
        for c in graph.subjects(RDF.type, URIRef(KG.Claim))
        for p in (KG.claimObject, KG.claimValue, KG.claimedClass)
        for value in graph.objects(c, URIRef(p))
    }
    kinds = ("license", "measure", "agreement", "event", "record", "unconfirmed")
    minted = tuple(f"{ID}{kind}/" for kind in kinds)
    facts = [(s, p, o) for s, p, o in graph if str(s).startswith(minted) and str(p).startswith(NS)]
    facts += [(s, p, o) for s, p, o in graph if str(p) in {KG.holds, KG.appliesFor}]
    assert len(facts) > 50
    assert [f for f in facts if f not in claimed] == []


def test_every_claim_has_subject_evidence_and_stance_once(graph: Graph) -> None:
    for claim in graph.subjects(RDF.type, URIRef(KG.Claim)):
        for p in (
            KG.claimSubject,
            KG.claimPredicate,
            KG.claimPolarity,
            KG.claimCertainty,
            KG.byRule,
            KG.extractedBy,
        ):
            assert len(list(graph.objects(claim, URIRef(p)))) == 1, p
        assert len(list(graph.objects(claim, URIRef(KG.evidencedBy)))) >= 1


def test_unconfirmed_things_have_no_facts(graph: Graph) -> None:
    unconfirmed = set(graph.subjects(RDF.type, URIRef(KG.UnconfirmedThing)))
    assert unconfirmed
    in_claims = {URIRef(KG.claimSubject), URIRef(KG.claimObject)}
    for thing in unconfirmed:
        assert set(graph.predicates(thing)) == {RDF.type, RDFS.label}
        assert set(graph.predicates(None, thing)) <= in_claims


def test_every_node_has_a_type_and_one_english_label(graph: Graph) -> None:
    nodes = {n for s, p, o in graph for n in (s, o) if str(n).startswith(ID)}
    assert {n for n in nodes if len(list(graph.objects(n, RDFS.label))) != 1} == set()
    assert {n for n in nodes if (n, RDF.type, None) not in graph} == set()
    assert {label.language for label in graph.objects(None, RDFS.label)} == {"en"}  # type: ignore[attr-defined]


def test_no_thing_stands_alone(graph: Graph) -> None:
    mentioned = set(graph.objects())
    described = {s for s, p in graph.subject_predicates() if p not in {RDF.type, RDFS.label}}
    assert set(graph.subjects()) - mentioned - described == set()


def test_article_graphs_and_facts_are_the_flat_graph(graph: Graph, example_output: Path) -> None:
    dataset = Dataset()
    dataset.parse(example_output / "graph.trig")
    assert {(s, p, o) for s, p, o, _ in dataset.quads()} == set(graph)
    articles = set(graph.subjects(RDF.type, URIRef(KG.Article)))
    assert {c.identifier for c in dataset.graphs() if len(c)} - {dataset.default_graph.identifier} == articles
    front = dataset.default_graph
    assert not set(front.subjects(RDF.type, URIRef(KG.Claim)))
    assert set(front.subject_objects(URIRef(KG.holds))) == set(graph.subject_objects(URIRef(KG.holds)))


def test_three_parsers_read_the_same_number_of_triples(
    graph: Graph, example_output: Path, needs_program: Callable[..., str]
) -> None:
    path = example_output / "graph.ttl"
    oxigraph = {
        (q.subject, q.predicate, q.object) for q in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
    }
    assert len(graph) == len(oxigraph) > 500
    rapper = needs_program("rapper", "raptor2-utils")
    done = subprocess.run([rapper, "-c", "-i", "turtle", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"Parsing returned {len(graph)} triples" in done.stderr


def test_reasoner_finds_the_facts_consistent(example_output: Path) -> None:
    report = check_consistency(example_output / "graph.ttl")
    assert report.consistent, report.message
    assert report.unsatisfiable == ()


# ---- files


def test_manifest_lists_every_file_and_counts(example_output: Path, example_build: Build) -> None:
    listed = check_manifest(example_output)
    assert set(listed) == set(contents(example_output)) - {MANIFEST}
    assert set(DATA) < set(listed)
    manifest = json.loads((example_output / MANIFEST).read_text("utf-8"))
    lines = {
        name: (example_output / name).read_text("utf-8").split("\n")[:-1]
        for name in DATA
        if name.endswith("l")
    }
    counts = manifest["counts"]
    assert counts["articles"] == len(lines["extractions.jsonl"]) == len(example_build.articles)
    assert counts["rejected"] == len(lines["rejected.jsonl"]) == sum(manifest["rejected"].values()) > 0
    assert {json.loads(x)["reason"] for x in lines["rejected.jsonl"]} == set(manifest["rejected"])
    assert len(lines["decisions.jsonl"]) == len(example_build.decisions) > 0
    assert counts["claims"] == example_build.claims
    assert counts["facts"] == example_build.facts


def test_rejected_candidates_are_where_they_are_said_to_be(example_build: Build) -> None:
    texts = {a.id: a.text for a in example_build.articles}
    for article, rejection in example_build.rejections:
        assert texts[article][rejection.start : rejection.end] == rejection.text


@pytest.mark.usefixtures("quick")
def test_stale_files_go_and_foreign_files_stay(few: list[Path], small: Build, tmp_path: Path) -> None:
    write(small, tmp_path)
    foreign = {"notes.txt": b"mine", "articles/mine.txt": b"mine too", ".hidden": b""}
    for name, content in foreign.items():
        (tmp_path / name).write_bytes(content)
    fewer = build(few[:2])
    write(fewer, tmp_path)
    fresh = tmp_path / "fresh"
    write(fewer, fresh)
    expected = contents(fresh)
    shutil.rmtree(fresh)
    assert contents(tmp_path) == expected | foreign
    check_manifest(tmp_path)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "[]",
        "{}",
        '{"files": 5}',
        '{"files": [5]}',
        "\ud800",
        '{"files": {"../secret": "", "/etc/passwd": "", ".": ""}}',
    ],
)
def test_manifest_of_others_removes_nothing(small: Build, tmp_path: Path, manifest: str) -> None:
    (tmp_path / "secret").write_text("mine", "utf-8")
    out = tmp_path / "out"
    out.mkdir()
    (out / MANIFEST).write_bytes(manifest.encode("utf-8", "surrogatepass"))
    write(small, out)
    assert (tmp_path / "secret").read_text("utf-8") == "mine"
    assert set(contents(out)) == {*check_manifest(out), MANIFEST}


@pytest.mark.usefixtures("quick")
def test_failure_in_the_middle_leaves_earlier_output(
    few: list[Path], small: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(small, tmp_path)
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    before = contents(tmp_path)
    fewer = build(few[:1])
    real, moves = os.replace, 0

    def count(source: Path, target: Path) -> None:
        nonlocal moves
        moves += 1
        real(source, target)

    monkeypatch.setattr(os, "replace", count)
    write(fewer, tmp_path / "other")
    write(small, tmp_path / "other")
    write(fewer, tmp_path / "other")
    shutil.rmtree(tmp_path / "other")
    assert moves > 20
    for failing in range(1, 16):
        calls = 0

        def fail(source: Path, target: Path, failing: int = failing) -> None:
            nonlocal calls
            calls += 1
            if calls == failing:
                raise OSError(28, "No space left on device", str(source), None, str(target))
            real(source, target)

        monkeypatch.setattr(os, "replace", fail)
        with pytest.raises(
            OutputError, match="cannot be written: No space left on device; earlier output is as it was"
        ):
            write(fewer, tmp_path)
        assert calls >= failing
        assert contents(tmp_path) == before, f"move {failing}"


@pytest.mark.usefixtures("quick")
def test_failure_that_cannot_be_undone_keeps_the_earlier_files(
    small: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(small, tmp_path)
    before = contents(tmp_path)
    real, calls = os.replace, 0

    def fail(source: Path, target: Path) -> None:
        nonlocal calls
        calls += 1
        if calls > 3:
            raise OSError(5, "Input/output error", str(source), None, str(target))
        real(source, target)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OutputError, match=r"earlier output is in .*\.staging-.*earlier"):
        write(small, tmp_path)
    left = contents(tmp_path)
    assert sorted(before.values()) == sorted(v for k, v in left.items() if k in before or "/earlier/" in k)
    assert MANIFEST in left or any(k.endswith(f"/earlier/{MANIFEST}") for k in left)


@pytest.mark.usefixtures("quick")
def test_interruption_leaves_earlier_output(
    small: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(small, tmp_path)
    before = contents(tmp_path)
    real, calls = os.replace, 0

    def interrupt(source: Path, target: Path) -> None:
        nonlocal calls
        calls += 1
        if calls == 5:
            raise KeyboardInterrupt
        real(source, target)

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write(small, tmp_path)
    assert contents(tmp_path) == before


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("name", ["graph.ttl", MANIFEST, "articles"])
def test_something_in_the_way_is_told_and_left(small: Build, tmp_path: Path, name: str) -> None:
    if name == "articles":
        (tmp_path / name).write_text("a file", "utf-8")
    else:
        (tmp_path / name / "deeper").mkdir(parents=True)
    (tmp_path / "decisions.jsonl").write_text("of another time", "utf-8")
    before = contents(tmp_path)
    with pytest.raises(
        OutputError, match=rf"{name}.*: cannot be written: .*; earlier output is as it was"
    ) as caught:
        write(small, tmp_path)
    assert ".staging-" not in str(caught.value)
    assert contents(tmp_path) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["decisions.jsonl", name])


def test_output_folder_that_is_a_file_is_refused(small: Build, tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("mine", "utf-8")
    for out in (path, path / "deeper"):
        with pytest.raises(OutputError, match=r"cannot be written: .*; choose another folder with --out"):
            write(small, out)
    assert path.read_text("utf-8") == "mine"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_unwritable_folder_is_refused(small: Build, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutputError, match="cannot be written: Permission denied; choose another folder"):
            write(small, tmp_path)
        assert list(tmp_path.iterdir()) == []
    finally:
        tmp_path.chmod(0o700)


def test_failing_validation_leaves_earlier_output(
    small: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(files: object, texts: object, earlier: object = None) -> ValidationReport:
        raise ResourceError("no shapes/ folder")

    monkeypatch.setattr(pipeline, "validate", broken)
    (tmp_path / "graph.ttl").write_text("earlier", "utf-8")
    with pytest.raises(ResourceError):
        write(small, tmp_path)
    assert contents(tmp_path) == {"graph.ttl": b"earlier"}


# ---- input


def test_build_refuses_bad_input(few: list[Path], tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="no article in this folder"):
        build([tmp_path])
    (tmp_path / "decisions.jsonl").write_text("{", "utf-8")
    with pytest.raises(ResourceError, match=r"decisions\.jsonl:1"):
        build(few, decisions=tmp_path / "decisions.jsonl")


def test_decisions_change_the_graph(few: list[Path], small: Build, tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    path.write_text('{"name": "JL MAG Rare-Earth Co. Ltd.", "iri": "firm:lynas"}\n', "utf-8")
    decided = build(few, decisions=path)
    assert any(d.reason == "decisions file" for d in decided.decisions)

    def subjects(made: Build) -> set[str]:
        return {s for s, p, _ in made.graph.facts if p == KG.holds}

    assert f"{ID}firm/jl-mag" in subjects(small)
    assert f"{ID}firm/jl-mag" not in subjects(decided)
    assert f"{ID}firm/lynas" in subjects(decided)


def test_publisher_that_cannot_be_told_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kgbuild.link import Linker

    monkeypatch.setattr(Linker, "publisher", lambda *_: "")
    (tmp_path / "a.md").write_text("---\ntitle: t\npublisher: Reuters\n---\nNothing happened.\n", "utf-8")
    made = build([tmp_path])
    assert not [t for t in made.graph.flat() if t[1] == KG.publishedBy]
    assert KG.textLength in {p for _, p, _ in made.graph.flat()}
