"""Explanations: nothing of an extraction is left out, and hostile text stays text."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from kgbuild.cli import run
from kgbuild.extract.explanation import explain
from kgbuild.model import Article
from kgbuild.ontology import load_ontology
from kgbuild.parallel import make_extractor

TEXT = (
    "China granted JL MAG an export license for Germany on June 11, 2025, Reuters reported.\n\n"
    "Read more: <script>alert('Lynas')</script> & “others” (opens in a new tab)\n\n"
    "Lynas has not applied for an export license. Its license may come later.\n\n"
    "Companies must obtain a license to export.\n"
)


@pytest.fixture(scope="module")
def article_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("explained") / "news.txt"
    path.write_text(TEXT, "utf-8")
    return path


def test_every_mention_telling_and_rejection_is_shown_once() -> None:
    article = Article("news", TEXT, hashlib.sha256(TEXT.encode()).hexdigest(), published="2025-06-12")
    extractor = make_extractor(load_ontology())
    extraction = extractor.extract(article)
    sentences = explain(extraction, extractor.sentences(article))
    assert [m for s in sentences for m in s.mentions] == sorted(extraction.mentions)
    told = sum(len(e.tellings) for e in extraction.events)
    assert told >= 2
    assert sum(len(s.tellings) for s in sentences) == told
    assert sum(len(s.rejections) for s in sentences) == len(extraction.rejections) >= 2
    assert all(TEXT[s.start : s.end] == s.text for s in sentences)
    assert "furniture" in {s.kind for s in sentences}


def test_the_terminal_shows_rule_roles_and_reasons(
    article_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["extract", str(article_file), "--explain"]) == 0
    out = capsys.readouterr().out
    assert "license granted [affirmed, actual] by rule license-give-active, says Reuters" in out
    assert "destination: “Germany”" in out
    assert "license applied [denied, actual]" in out
    assert re.search(r"- [a-z-]+: ", out), "a rejection with its rule"


def test_the_page_has_highlights_and_runs_nothing(article_file: Path, tmp_path: Path) -> None:
    page = tmp_path / "why.html"
    assert run(["extract", str(article_file), "--explain", "--html", "-o", str(page)]) == 0
    html = page.read_text("utf-8")
    assert '<mark class="firm" title="Firm: JL MAG Rare-Earth Co. Ltd.' in html
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "default-src 'none'" in html
    assert "http" not in re.sub(r"<p.*?</p>", "", html.replace("http-equiv", ""), flags=re.DOTALL)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--html"], "--html goes with --explain only"),
        (["--explain", "-o", "x.txt"], "write a page with --html"),
    ],
)
def test_options_that_do_not_go_together(
    article_file: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["extract", str(article_file), *arguments]) == 2
    assert message in capsys.readouterr().err
