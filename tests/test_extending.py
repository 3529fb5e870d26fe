"""docs/extending.md: the pack that the page makes, step by step, with what the page shows for each."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any, Final

import pytest

from kgbuild.cli import run

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "extending.md"
BLOCK: Final = re.compile(r"^```(\w*) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> list[tuple[str, str, str]]:
    """Return the blocks of the page in order: language, file to write or "", text."""
    found = [(m[1], m[2], m[3]) for m in BLOCK.finditer(PAGE.read_text("utf-8"))]
    return [b for b in found if b[1] or b[0] == "console"]


def sessions(text: str) -> list[tuple[str, list[str]]]:
    """Return the commands of a block, each with the lines that it prints."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ kgbuild "):
            found.append((line.removeprefix("$ kgbuild "), []))
        else:
            found[-1][1].append(line)
    return found


def assert_printed(shown: list[str], printed: list[str], command: str) -> None:
    assert len(shown) == len(printed), f"{command}\n" + "\n".join(printed)
    for wanted, line in zip(shown, printed, strict=True):
        pattern = ".+".join(map(re.escape, wanted.split("…")))
        assert re.fullmatch(pattern, line.rstrip()), f"{command}\nwanted {wanted}\ngot {line}"


def events(out: Path) -> list[dict[str, Any]]:
    lines = (out / "extractions.jsonl").read_text("utf-8").splitlines()
    return [e for line in lines for e in json.loads(line)["events"]]


def names(event: dict[str, Any]) -> dict[str, str]:
    return {a["role"]: a["name"] for a in event["arguments"] if a.get("name")}


def test_the_page_step_by_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    steps = blocks()
    assert [b[1] for b in steps if b[1]] == [
        "articles/kemi.txt", "mine/lexicon/verbs.jsonl", "mine/lexicon/frames.jsonl",
        "mine/lexicon/cues.jsonl", "mine/ontology/firms.ttl", "mine/ontology/firms.ttl",
        "mine/ontology/bodies.ttl", "mine/ontology/minerals.ttl",
    ]  # fmt: skip
    commands = 0
    for _, name, text in steps:
        if name:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
            continue
        for command, shown in sessions(text):
            status = run(shlex.split(command))
            printed = capsys.readouterr()
            assert_printed(shown, (printed.out + printed.err).splitlines(), command)
            assert status == int(any(line.startswith("mine/") for line in shown)), command
            commands += 1
    assert commands == 7
    assert events(tmp_path / "before") == []
    license_, waiting, move = events(tmp_path / "after")
    assert names(license_) == {
        "holder": "Kemi Magnetics Oyj", "issuer": "Finnish Strategic Goods Agency",
        "destination": "Germany", "material": "pollucite",
    }  # fmt: skip
    assert (license_["action"], license_["certainty"]) == ("granted", "actual")
    assert (names(waiting)["holder"], waiting["certainty"]) == ("Lynas Rare Earths Ltd.", "planned")
    assert names(move)["firm"] == "Kemi Magnetics Oyj"


def test_what_the_page_says_of_files_and_words_is_so() -> None:
    from kgbuild.extract.lexicon import load_lexicon
    from kgbuild.extract.lexicon_files import SLOTS

    page = PAGE.read_text("utf-8")
    classes = {e["class"] for e in load_lexicon().entries("cues.jsonl")}
    assert {"negation", "planned", "possible", "in-principle", "doubt"} <= classes
    assert all(f"`{slot}`" in page for slot in SLOTS if slot != "held by")
    assert "legal_forms" in load_lexicon().words
