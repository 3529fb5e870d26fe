"""The evaluation: figures by hand-made gold, and a floor under the project's own development set."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from kgbuild.cli import run
from kgbuild.evaluate import Evaluation, Score, evaluate

GOLD = Path(__file__).parent / "gold"
#: Texts of each set.
SETS = {
    "development": 24, "second": 20, "third": 20, "fourth": 20, "sealed-1": 26, "sealed-2": 26,
    "sealed-3": 26,
}  # fmt: skip
TEXT = (
    "China granted JL MAG export licenses for Germany and Japan on June 11, 2025.\n\n"
    "Lynas Rare Earths applied for an export license.\n"
)


def _fact(type_: str, quote: str, **fields: Any) -> dict[str, Any]:
    start = TEXT.index(quote)
    evidence = [{"quote": quote, "start": start, "end": start + len(quote)}]
    return {"type": type_, "modality": "asserted", "optional": False, "evidence": evidence, **fields}


def _names(*names: str) -> list[dict[str, Any]]:
    return [{"id": None, "name": name, "surface": []} for name in names]


def _write(folder: Path, facts: list[dict[str, Any]]) -> tuple[Path, Path]:
    (folder / "articles").mkdir()
    (folder / "gold").mkdir()
    (folder / "articles" / "a.txt").write_text(TEXT, "utf-8")
    about = {"id": "a", "file": "a.txt", "sha256": hashlib.sha256(TEXT.encode()).hexdigest()}
    (folder / "gold" / "a.json").write_text(json.dumps({"article": about, "facts": facts}), "utf-8")
    return folder / "gold", folder / "articles"


def _grant(**changed: Any) -> dict[str, Any]:
    fields = {
        "action": "received", "holders": _names("JL MAG Rare-Earth Co. Ltd."), "date": "2025-06-11",
        "destinations": _names("Germany", "Japan"), "date_source": "explicit",
    }  # fmt: skip
    return _fact("license", TEXT.splitlines()[0], **{**fields, **changed})


def _figures(folder: Path, facts: list[dict[str, Any]]) -> dict[str, Any]:
    return evaluate(*_write(folder, facts)).to_dict()


def test_a_fact_that_agrees_is_right_in_both_ways(tmp_path: Path) -> None:
    figures = _figures(tmp_path, [_grant()])
    license_ = figures["types"]["license"]
    assert license_["strict"]["tp"] == license_["relaxed"]["tp"] == 1
    assert license_["strict"]["fp"] == 1  # the application of Lynas is not in this gold
    assert figures["dates"] == {"right": 1, "wrong": 0, "invented_days": 0, "accuracy": 1.0}
    assert figures["offsets"]["checked"] > 5
    assert figures["offsets"]["wrong"] == 0


def test_another_destination_is_right_only_when_relaxed(tmp_path: Path) -> None:
    license_ = _figures(tmp_path, [_grant(destinations=_names("Germany"))])["types"]["license"]
    assert (license_["strict"]["tp"], license_["relaxed"]["tp"]) == (0, 1)


def test_another_holder_is_a_miss(tmp_path: Path) -> None:
    figures = _figures(tmp_path, [_grant(holders=_names("Ningbo Yunsheng Co. Ltd."))])
    assert figures["types"]["license"]["relaxed"]["fn"] == 1
    assert any(m.startswith("a: license granted") for m in figures["misses"])


def test_an_optional_fact_counts_neither_way(tmp_path: Path) -> None:
    license_ = _figures(tmp_path, [_grant(optional=True)])["types"]["license"]
    assert (license_["strict"]["tp"], license_["strict"]["fn"], license_["strict"]["fp"]) == (0, 0, 1)


def test_a_day_that_the_gold_does_not_know_is_invented(tmp_path: Path) -> None:
    assert _figures(tmp_path, [_grant(date=None, date_source=None)])["dates"]["invented_days"] == 1


def test_modality_is_compared_among_matched_facts(tmp_path: Path) -> None:
    assert _figures(tmp_path, [_grant(modality="planned")])["modality_macro_f1"] == 0.0


@pytest.mark.parametrize(
    ("score", "expected"),
    [(Score(3, 1, 2), (0.75, 0.6, 0.6667)), (Score(), (0.0, 0.0, 0.0)), (Score(2, 0, 0), (1.0, 1.0, 1.0))],
)
def test_figures(score: Score, expected: tuple[float, float, float]) -> None:
    figures = score.figures()
    assert (figures["precision"], figures["recall"], figures["f1"]) == expected


def test_interval_is_the_same_each_time() -> None:
    found = Evaluation()
    for i in range(9):
        found.scores[f"a{i}", "license", "strict"] = Score(i, 1, 2)
    low, high = found.interval("license", "strict")
    assert (low, high) == found.interval("license", "strict")
    assert 0 < low < high < 1


def test_changed_text_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold, articles = _write(tmp_path, [_grant()])
    (articles / "a.txt").write_text("Another text.", "utf-8")
    assert run(["evaluate", "--gold", str(gold), "--articles", str(articles)]) == 2
    assert "SHA-256" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["{", "[]", "{}"])
def test_a_folder_without_gold_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.json").write_text(content, "utf-8")
    assert run(["evaluate", "--gold", str(tmp_path), "--articles", str(tmp_path)]) == 2


def test_all_sets_are_complete() -> None:
    assert {p.name for p in GOLD.iterdir() if p.is_dir()} == set(SETS)
    for half, texts in SETS.items():
        gold = sorted(p.stem for p in (GOLD / half / "gold").glob("*.json"))
        assert gold == sorted(p.stem for p in (GOLD / half / "articles").glob("*.txt"))
        assert len(gold) == texts


def test_gold_quotes_equal_the_texts() -> None:
    checked = 0
    for path in sorted(GOLD.glob("*/gold/*.json")):
        loaded = json.loads(path.read_text("utf-8"))
        text = (path.parent.parent / "articles" / loaded["article"]["file"]).read_bytes().decode()
        for fact in loaded["facts"]:
            for e in fact["evidence"]:
                assert text[e["start"] : e["end"]] == e["quote"], (path.name, e)
                checked += 1
    assert checked > 2400


@pytest.mark.parametrize(
    ("half", "types"), [("development", 11), ("second", 8), ("third", 5), ("fourth", 5), ("sealed-3", 6)]
)
def test_figures_do_not_drop(half: str, types: int, capsys: pytest.CaptureFixture[str]) -> None:
    folder = GOLD / half
    options = ["--gold", str(folder / "gold"), "--articles", str(folder / "articles"), "--format", "json"]
    assert run(["evaluate", *options]) == 0
    figures = json.loads(capsys.readouterr().out)
    floors = json.loads((GOLD / "floors.json").read_text("utf-8"))[half]
    assert len(floors) == types
    for type_, floor in floors.items():
        relaxed = figures["types"][type_]["relaxed"]
        assert relaxed["precision"] >= floor["precision"], (type_, relaxed)
        assert relaxed["recall"] >= floor["recall"], (type_, relaxed)
    assert figures["offsets"]["wrong"] == 0
    assert run(["evaluate", *options[:-2]]) == 0
    assert "Modality: macro F1" in capsys.readouterr().out
