"""A store changed article by article: the files of a fresh build, nothing read twice, snapshots."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgbuild import cli, pipeline
from kgbuild.errors import ArticleError, OutputError, StoreError
from kgbuild.extract import Extractor
from kgbuild.model import Article
from kgbuild.ontology import load_ontology
from kgbuild.parallel import make_extractor
from kgbuild.store import load_store, open_store
from kgbuild.store.condition import condition_of
from kgbuild.store.extractions import EXTRACTIONS, KeptExtractions
from kgbuild.store.locks import LOCK, holder, writing
from kgbuild.store.snapshots import current_snapshot, list_snapshots
from kgbuild.terms import ID, KG
from kgbuild.upkeep import add, build_store, remove, replace
from kgbuild.validation import ValidationReport

STORE = {"current", "extractions", "snapshots"}
NEWS = {
    "a": "JL MAG Rare-Earth Co. received export licenses for the United States on June 11, 2025.\n",
    "b": "Ningbo Yunsheng received an export license for Germany on June 12, 2025.\n",
    "c": "---\ntitle: Talks\npublished: 2025-07-01\n---\nTrade talks between China and India began.\n",
}


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    """Leave the validation out, and make one extractor for all: they are not what is tested here."""
    extractor = make_extractor(load_ontology())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "make_extractor", lambda *_, **__: extractor)
        patch.setattr(pipeline, "validate", lambda *_, **__: ValidationReport((), {}))
        yield


@pytest.fixture
def news(tmp_path: Path) -> dict[str, Path]:
    """Return the files of three articles."""
    folder = tmp_path / "news"
    folder.mkdir()
    paths = {name: folder / f"{name}.txt" for name in NEWS}
    for name, path in paths.items():
        path.write_text(NEWS[name], "utf-8")
    return paths


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Return the folder of a store that is still to be made."""
    return tmp_path / "out"


@pytest.fixture
def extracted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list to which the id of each article is added when it is extracted."""
    ids: list[str] = []
    real = Extractor.extract

    def extract(self: Extractor, article: Article) -> object:
        ids.append(article.id)
        return real(self, article)

    monkeypatch.setattr(Extractor, "extract", extract)
    return ids


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files of a build."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] not in STORE
    }


def fresh(tmp_path: Path, *paths: Path) -> dict[str, bytes]:
    """Return the files of a build without a store."""
    folder = tmp_path / "fresh"
    shutil.rmtree(folder, ignore_errors=True)
    pipeline.write(pipeline.build(paths), folder)
    return contents(folder)


def test_every_change_gives_the_files_of_a_fresh_build(
    news: dict[str, Path], out: Path, tmp_path: Path, extracted: list[str]
) -> None:
    build_store(out, [news["a"], news["b"]])
    assert extracted == ["a", "b"]
    add(out, [news["c"]])
    assert extracted == ["a", "b", "c"]
    everything = contents(out)
    remove(out, ["a"])
    removed = contents(out)
    news["b"].write_text(NEWS["b"].replace("Germany", "Japan"), "utf-8")
    replace(out, [news["b"]])
    assert extracted == ["a", "b", "c", "b"]
    replaced = contents(out)
    assert replaced == fresh(tmp_path, news["b"], news["c"])
    news["b"].write_text(NEWS["b"], "utf-8")
    assert everything == fresh(tmp_path, *news.values())
    assert removed == fresh(tmp_path, news["b"], news["c"])
    assert b"Germany" in removed["graph.ttl"]
    assert b"Germany" not in replaced["graph.ttl"]
    assert [s.number for s in list_snapshots(out)] == [2, 3, 4]
    assert not (out / LOCK).exists()


def test_article_with_other_metadata_is_another_article(
    news: dict[str, Path], out: Path, extracted: list[str]
) -> None:
    build_store(out, [news["a"], news["c"]])
    news["c"].write_text(NEWS["c"].replace("2025-07-01", "2025-07-02"), "utf-8")
    build_store(out, [news["a"], news["c"]])
    assert extracted == ["a", "c", "c"]
    assert "2025-07-02" in (out / "extractions.jsonl").read_text("utf-8")


def test_same_build_again_makes_no_snapshot_and_heals_the_files(
    news: dict[str, Path], out: Path, extracted: list[str]
) -> None:
    build_store(out, [*news.values()])
    before = contents(out)
    (out / "graph.trig").unlink()
    (out / "manifest.json").write_bytes(b"{}")  # linked with the one of the snapshot
    (out / "decisions.jsonl").unlink()
    (out / "decisions.jsonl").write_text("mine", "utf-8")
    text = next((out / "articles").iterdir())
    text.write_text("changed", "utf-8")
    build_store(out, [*news.values()])
    assert contents(out) == before
    build_store(out, [*news.values()])
    assert len(list_snapshots(out)) == 2
    assert len(extracted) == 3


def test_added_article_is_read_with_the_settings_of_the_build(
    news: dict[str, Path], out: Path, tmp_path: Path
) -> None:
    decisions = tmp_path / "reviewed.jsonl"
    decisions.write_text('{"name": "Ningbo Yunsheng", "iri": "firm:lynas"}\n', "utf-8")
    build_store(out, [news["a"]], decisions=decisions)
    decisions.unlink()
    made = add(out, [news["b"]]).build
    assert f"{ID}firm/lynas" in {s for s, p, _ in made.graph.facts if p == KG.holds}


def test_wrong_ids_are_told_and_change_nothing(news: dict[str, Path], out: Path) -> None:
    with pytest.raises(StoreError, match="holds no store; make one with: kgbuild build ARTICLES --store"):
        add(out, [news["a"]])
    assert not out.exists()
    build_store(out, [news["a"]])
    pointer = (out / "current").read_bytes()
    with pytest.raises(StoreError, match="holds an article a already; use kgbuild replace"):
        add(out, [news["a"]])
    with pytest.raises(StoreError, match="holds no article b; kgbuild status DIR --articles lists them"):
        replace(out, [news["b"]])
    with pytest.raises(StoreError, match="holds no article aa; near: a"):
        remove(out, ["aa"])
    with pytest.raises(StoreError, match="no article would be left"):
        remove(out, ["a"])
    with pytest.raises(ArticleError, match="no such file"):
        add(out, [news["a"].with_name("z.txt")])
    assert (out / "current").read_bytes() == pointer
    assert not (out / LOCK).exists()


def test_second_writer_is_told_who_writes(news: dict[str, Path], out: Path) -> None:
    build_store(out, [news["a"]])
    assert holder(out) == ""
    with writing(out, "kgbuild build, begun at noon"):
        assert holder(out) == f"kgbuild build, begun at noon, process {os.getpid()}"
        message = (
            rf"being written by kgbuild build, begun at noon, process {os.getpid()}; wait until it is done"
        )
        with pytest.raises(StoreError, match=message):
            add(out, [news["b"]])
        assert condition_of(out).writer.startswith("kgbuild build")
        with open_store(out) as store:
            assert len(store) > 0
    (out / LOCK).write_text("killed, process 1", "utf-8")  # left by a kill: nobody holds it
    assert holder(out) == ""
    add(out, [news["b"]])
    assert not (out / LOCK).exists()


def test_removed_article_leaves_nothing_behind_when_snapshots_go(
    run: Callable[..., int], news: dict[str, Path], out: Path
) -> None:
    build_store(out, [*news.values()])
    remove(out, ["b"])
    assert run("snapshots", out, "--keep", "0") == 0
    held = b"".join(path.read_bytes() for path in out.rglob("*") if path.is_file())
    assert b"Yunsheng received" not in held
    assert b"JL MAG" in held
    assert len(list_snapshots(out)) == 1
    assert len(list((out / EXTRACTIONS).iterdir())) == 2


def test_snapshot_is_restored(run: Callable[..., int], news: dict[str, Path], out: Path) -> None:
    build_store(out, [*news.values()])
    first = contents(out)
    remove(out, ["b"])
    second = contents(out)
    assert run("snapshots", out, "--restore", "1") == 0
    assert contents(out) == first
    assert condition_of(out).files == ()
    with open_store(out) as store:
        assert set(store) >= set(load_store(out, ontology=False))
    assert run("snapshots", out, "--restore", current_snapshot(out).name.replace("1-", "2-")) == 2
    assert run("snapshots", out, "--restore", "2") == 0
    assert contents(out) == second
    (list_snapshots(out)[0].files / "graph.ttl").write_text("", "utf-8")
    assert run("snapshots", out, "--restore", "1") == 2
    assert contents(out) == second


# ---- asked


def asked(out: Path) -> int:
    """Return how many licenses the store in `out` knows."""
    with open_store(out) as store:
        return sum(1 for _ in store.quads_for_pattern(None, ox.NamedNode(KG.holds), None))


@pytest.fixture
def no_load(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return a list to which each graph file that is loaded into memory is added."""
    from kgbuild.store import opening

    loaded: list[Path] = []

    def load(path: Path) -> ox.Store:
        loaded.append(path)
        return load_store(path)

    monkeypatch.setattr(opening, "load_store", load)
    return loaded


def test_database_is_asked_where_it_says_what_the_file_says(
    news: dict[str, Path], out: Path, tmp_path: Path, no_load: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    build_store(out, [news["a"], news["b"]])
    known = asked(out)
    assert known > 0
    copy = tmp_path / "copy"
    shutil.copytree(out, copy, copy_function=shutil.copyfile)
    assert asked(copy) == known
    assert no_load == []
    text = (copy / "graph.ttl").read_text("utf-8")
    (copy / "graph.ttl").write_text(text.replace("kg:holds", "kg:heldd"), "utf-8")
    assert asked(copy) == 0
    assert no_load == [copy]
    no_load.clear()
    for path in current_snapshot(out).database.glob("*.sst"):
        path.write_bytes(b"")
    assert asked(out) == known
    assert len(no_load) == 1
    from kgbuild.store import opening

    no_load.clear()
    monkeypatch.setattr(opening, "ontology_digest", lambda: "another version")
    assert asked(out) == known
    assert no_load == [out]


def test_files_alone_are_asked_as_they_are(news: dict[str, Path], out: Path, no_load: list[Path]) -> None:
    pipeline.write(pipeline.build([news["a"]]), out)
    assert asked(out) > 0
    assert asked(out / "graph.ttl") > 0
    assert no_load == [out, out / "graph.ttl"]


# ---- trouble


def test_kept_extraction_is_the_extraction(news: dict[str, Path], out: Path) -> None:
    made = build_store(out, [*news.values()]).build
    kept = KeptExtractions(out, made.rules)
    for extraction in made.extractions:
        assert kept.get(extraction.article) == extraction
    other = KeptExtractions(out, "other rules")
    assert other.get(made.articles[0]) is None


def test_damaged_extraction_is_made_again_where_the_article_is_at_hand(
    news: dict[str, Path], out: Path, extracted: list[str]
) -> None:
    build_store(out, [news["a"], news["b"]])
    before = contents(out)
    key = current_snapshot(out).state().articles["a"]
    path = out / EXTRACTIONS / f"{key}.jsonl"
    path.write_bytes(path.read_bytes().replace(b"JL MAG", b"JM MAG"))
    with pytest.raises(StoreError, match="is damaged; build the store again"):
        add(out, [news["c"]])
    assert contents(out) == before
    build_store(out, [news["a"], news["b"]])
    assert extracted == ["a", "b", "a"]
    assert contents(out) == before


def test_failure_in_the_middle_leaves_everything_as_it_was(
    news: dict[str, Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_store(out, [news["a"], news["b"]])
    before, pointer = contents(out), (out / "current").read_bytes()
    _changed(news["b"])
    real = os.replace
    for failing in (1, 2, 8, 9, 14, 20, 26):
        calls = 0

        def fail(source: Path, target: Path, failing: int = failing) -> None:
            nonlocal calls
            calls += 1
            if calls == failing:
                raise OSError(28, "No space left on device", str(source), None, str(target))
            real(source, target)

        monkeypatch.setattr(os, "replace", fail)
        with pytest.raises(OutputError, match="No space left on device; earlier output is as it was"):
            replace(out, [news["b"]])
        assert calls >= failing
        assert contents(out) == before, f"change {failing}"
        assert (out / "current").read_bytes() == pointer
        assert [s.number for s in list_snapshots(out)] == [1]


def _changed(path: Path) -> Path:
    path.write_text(NEWS["b"].replace("Germany", "Japan"), "utf-8")
    return path


def test_something_in_the_way_is_told_and_left(news: dict[str, Path], out: Path) -> None:
    (out / "graph.ttl" / "deeper").mkdir(parents=True)
    with pytest.raises(
        OutputError, match=r"graph\.ttl.*: cannot be written: .*; earlier output is as it was"
    ):
        build_store(out, [news["a"]])
    assert contents(out) == {}
    assert not (out / "current").exists()
    assert list_snapshots(out) == ()


def test_pointer_of_others_is_refused(news: dict[str, Path], out: Path) -> None:
    out.mkdir()
    (out / "current").write_text("mine", "utf-8")
    with pytest.raises(StoreError, match="is no pointer to a snapshot"):
        build_store(out, [news["a"]])
    assert contents(out) == {}


# ---- command line


@pytest.fixture
def run() -> Callable[..., int]:
    """Return a function that runs the command line in this process and returns its status."""
    return lambda *arguments: cli.run([str(a) for a in arguments])


def test_commands(
    run: Callable[..., int], news: dict[str, Path], out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("build", news["a"], "--store", out) == 0
    assert "1 articles: " in capsys.readouterr().out
    assert run("add", out, news["b"], news["c"]) == 0
    assert "3 articles: " in capsys.readouterr().out
    assert run("replace", out, _changed(news["b"])) == 0
    assert run("remove", out, "a", "c") == 0
    capsys.readouterr()
    assert run("status", out, "--articles", "-f", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["article_ids"] == ["b"]
    assert (told["articles"], told["files"], told["writer"], told["ontology"]) == (1, [], "", True)
    assert told["current"] == told["snapshots"][-1] == f"4-{told['digest'][:12]}"
    assert run("status", out) == 0
    shown = capsys.readouterr().out
    assert "nobody" in shown
    assert "as built" in shown
    assert run("snapshots", out) == 0
    assert capsys.readouterr().out.count("*") == 1
    (out / "graph.trig").write_text("", "utf-8")
    assert run("status", out) == 0
    assert "graph.trig" in capsys.readouterr().out


def test_second_writer_ends_with_one_line(
    run: Callable[..., int], news: dict[str, Path], out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build_store(out, [news["a"]])
    with writing(out, "kgbuild build, begun 2026-01-01 12:00:00 UTC"):
        assert run("add", out, news["b"]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "is being written by kgbuild build, begun 2026-01-01 12:00:00 UTC, process " in err


def test_asking_loads_nothing_that_writes(news: dict[str, Path], out: Path) -> None:
    import subprocess

    build_store(out, [news["a"]])
    code = (
        "import sys; from pathlib import Path; from kgbuild.store import open_store\n"
        f"with open_store(Path({str(out)!r})) as store: assert len(store)\n"
        "print(sorted({'spacy', 'rdflib', 'tempfile', 'shutil', 'jsonschema'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8")
    assert done.stdout == "[]\n"
