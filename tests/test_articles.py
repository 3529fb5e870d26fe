"""Article files: the text is kept character for character, and what is no article is refused in one line."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgbuild.articles import files, read_article, read_articles
from kgbuild.errors import ArticleError
from kgbuild.model import Article

#: Any text that UTF-8 can hold and that is no binary file.
TEXTS: Final = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)
VISIBLE: Final = TEXTS.filter(lambda t: bool(t.strip()) and not t.startswith(("---", "\ufeff")))
FRONT: Final = b"---\ntitle: A title\n---\n"


def article(folder: Path, raw: bytes | str, name: str = "news.md") -> Article:
    path = folder / name
    path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return read_article(path)


def refusal(folder: Path, raw: bytes | str, name: str = "news.md") -> str:
    """Return why an article is refused: one line that begins with its place."""
    with pytest.raises(ArticleError) as caught:
        article(folder, raw, name)
    message = str(caught.value)
    assert message.startswith(str(folder))
    assert "\n" not in message
    return message.removeprefix(f"{folder}{os.sep}")


# ---- the text


@pytest.mark.parametrize(
    "text",
    [
        "One line, no end",
        "Windows\r\nlines\r\n",
        "Old Mac\rlines\r",
        "mixed\r\n\n\r\rends",
        "no\u00a0break, narrow\u202fspace, zero\u200bwidth",
        "  white space in front and behind \t\n\n",
        "\u2028line\u2029separators\x0b\x0c\x85",
        "e\u0301 is not \u00e9",
        "𝔘nicode beyond 16 bits 🧲",
    ],
)
@pytest.mark.parametrize("front", [b"", FRONT, FRONT.replace(b"\n", b"\r\n"), FRONT.replace(b"\n", b"\r")])
def test_text_is_kept_as_it_is(tmp_path: Path, text: str, front: bytes) -> None:
    found = article(tmp_path, front + text.encode())
    assert found.text == text
    assert found.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert found.title == ("A title" if front else None)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    VISIBLE,
    st.sampled_from(["", "---\ntitle: t\n---\n", "---\r\ntitle: t\r\n---\r\n", "---\ntitle: t\n--- \t\n"]),
)
def test_any_text_comes_back_byte_for_byte(tmp_path: Path, text: str, front: str) -> None:
    assert article(tmp_path, front + text).text.encode() == text.encode()


def test_blank_lines_after_front_matter_are_text(tmp_path: Path) -> None:
    assert article(tmp_path, FRONT + b"\n\n Body\n").text == "\n\n Body\n"


def test_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    assert article(tmp_path, b"\xef\xbb\xbfBody").text == "Body"
    with_front = article(tmp_path, b"\xef\xbb\xbf" + FRONT + b"Body")
    assert (with_front.title, with_front.text) == ("A title", "Body")
    assert article(tmp_path, b"Body \xef\xbb\xbf more").text == "Body \ufeff more"


def test_ruled_line_is_no_front_matter(tmp_path: Path) -> None:
    assert article(tmp_path, "---\n\nOnce upon a time").text == "---\n\nOnce upon a time"
    assert article(tmp_path, "----\ntitle: x\n----\n").title is None
    assert article(tmp_path, "Text\n---\ntitle: x\n---\n").title is None


def test_body_may_hold_a_ruled_line(tmp_path: Path) -> None:
    assert article(tmp_path, FRONT + b"Body\n---\nMore").text == "Body\n---\nMore"


# ---- metadata

ALL: Final = {
    "title": "Permits: granted",
    "publisher": "The Paper",
    "published": "2025-06-11",
    "url": "https://example.org/a",
    "language": "en",
}


def metadata(found: Article) -> dict[str, str | None]:
    return {name: getattr(found, name) for name in ALL}


def test_front_matter_gives_all_fields(tmp_path: Path) -> None:
    lines = "".join(f"{key}: {json.dumps(value)}\n" for key, value in ALL.items())
    assert metadata(article(tmp_path, f"---\n{lines}---\nBody")) == ALL


@pytest.mark.parametrize("suffix", ["json", "yaml", "yml"])
def test_sidecar_gives_all_fields(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"news.{suffix}").write_text(json.dumps(ALL), "utf-8")  # JSON is YAML
    found = article(tmp_path, "Body\r\n", "news.txt")
    assert metadata(found) == ALL
    assert found.text == "Body\r\n"
    assert found.id == "news"


def test_article_without_metadata_has_none(tmp_path: Path) -> None:
    assert set(metadata(article(tmp_path, "Body")).values()) == {None}


def test_dates_are_kept_as_written_and_empty_fields_are_none(tmp_path: Path) -> None:
    for date in ("2025-06-11", "2025-06", "2025", "2024-02-29"):
        assert article(tmp_path, f"---\ntitle: 2025\npublished: {date}\n---\nBody").published == date
    found = article(tmp_path, "---\ntitle: ' spaced '\npublisher:\nurl: ''\n---\nBody")
    assert (found.title, found.publisher, found.url) == ("spaced", None, None)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("", "news.md: no text, the file ends there"),
        (b"\xef\xbb\xbf", "news.md: no text, the file ends there"),
        (" \n\t\u00a0\r\n", "news.md: no text, only white space"),
        (FRONT, "news.md: no text after the front matter, the file ends there"),
        (FRONT + b"\n \n", "news.md: no text after the front matter, only white space"),
        (b"text\0more", "news.md: binary, not text (a NUL byte at offset 4)"),
        (b"a" * 70_000 + b"\0", "news.md: binary, not text (a NUL byte at offset 70000)"),
        ("Text".encode("utf-16"), "news.md: UTF-16, not UTF-8; convert"),
        (b"one\ntwo\n\xe9t\xe9", "news.md:3: not UTF-8 (byte 0xe9 at offset 8)"),
        (b"one\r\ntwo\r\n\xff", "news.md:3: not UTF-8 (byte 0xff at offset 10)"),
        (b"one\rtwo\r\xff", "news.md:3: not UTF-8 (byte 0xff at offset 8)"),
        (b"\xef\xbb\xbfone\n\xff", "news.md:2: not UTF-8 (byte 0xff at offset 7)"),
        (b"\xed\xa0\x80", "news.md:1: not UTF-8"),
        ("---\ntitle: x\nBody", "news.md:1: front matter is not closed; end it with a line ---"),
        ("---\ntitle: [\n---\nBody", "news.md:3: metadata is not YAML"),
        ("---\r\ntitle: a\r\nurl: b: c\r\n---\r\nBody", "news.md:3: metadata is not YAML"),
        ("---\ntitle: \x07\n---\nBody", "news.md: metadata is not YAML"),
        ("---\ntitle: " + "[" * 5000 + "\n---\nBody", "news.md: metadata is not YAML"),
        ("---\n- a\n---\nBody", "news.md: metadata must be lines of `field: value`"),
        ("---\n---\nBody", "news.md: metadata must be lines of `field: value`"),
        (
            "---\ntitle: x\nauthor: y\n---\nBody",
            "news.md: unknown metadata field 'author'; known: title, publisher",
        ),
        ("---\nurl: x\n---\nBody", "news.md: metadata lacks a title; add a line `title: ...`"),
        ("---\ntitle: '  '\n---\nBody", "news.md: metadata lacks a title"),
        ("---\ntitle: {a: b}\n---\nBody", "news.md: title must be one line of text, not dict"),
        ('---\ntitle: "a\\0"\n---\nBody', "news.md: title holds a character that is no text"),
    ],
)
def test_what_is_no_article_is_refused(tmp_path: Path, raw: bytes | str, message: str) -> None:
    assert refusal(tmp_path, raw).startswith(message)


@pytest.mark.parametrize(
    "date",
    [
        "June 11",
        "2025-6-1",
        "2025-13",
        "2025-21",
        "2025-02-30",
        "2023-02-29",
        "0000",
        "11.06.2025",
        "２０２５",
        "2025-06-11T10:00Z",
    ],
)
def test_date_that_the_calendar_has_not_is_refused(tmp_path: Path, date: str) -> None:
    message = refusal(tmp_path, f"---\ntitle: x\npublished: '{date}'\n---\nBody")
    assert message == f"news.md: published is {date!r}; write YYYY-MM-DD, YYYY-MM or YYYY"


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("news.json", "{", "news.json: not JSON"),
        ("news.json", "[" * 200_000, "news.json: not JSON"),
        ("news.json", "[]", "news.json: metadata must be one JSON object"),
        (
            "news.json",
            '{"title": "x", "published": 2025}',
            "news.json: published must be one line of text, not int",
        ),
        ("news.json", '{"title": "\\ud800"}', "news.json: title holds a character that is no text"),
        ("news.json", '{"titel": "x"}', "news.json: unknown metadata field 'titel'"),
        ("news.yaml", "title: a\nurl: b: c", "news.yaml:2: metadata is not YAML"),
        ("news.yml", "", "news.yml: metadata must be lines of `field: value`"),
        ("news.yaml", b"title: \xff", "news.yaml:1: not UTF-8"),
    ],
)
def test_bad_sidecar_is_refused(tmp_path: Path, name: str, raw: bytes | str, message: str) -> None:
    (tmp_path / name).write_bytes(raw.encode() if isinstance(raw, str) else raw)
    assert refusal(tmp_path, "Body").startswith(message)


def test_metadata_stands_in_one_place(tmp_path: Path) -> None:
    (tmp_path / "news.json").write_text('{"title": "x"}', "utf-8")
    assert (
        refusal(tmp_path, FRONT + b"Body") == "news.md: has both front matter and news.json; keep one of them"
    )
    (tmp_path / "news.yaml").write_text("title: x", "utf-8")
    assert refusal(tmp_path, "Body") == "news.md: has both news.json and news.yaml; keep one of them"


def test_empty_text_beside_a_sidecar_is_called_empty(tmp_path: Path) -> None:
    (tmp_path / "news.json").write_text('{"title": "x"}', "utf-8")
    assert refusal(tmp_path, "\n") == "news.md: no text, only white space"


def test_huge_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 1000)
    assert article(tmp_path, "a" * 1000).text == "a" * 1000
    assert refusal(tmp_path, "a" * 1001) == "news.md: 1,001 bytes; an article has at most 1,000"
    (tmp_path / "short.yaml").write_text(f"title: {'x' * 1000}", "utf-8")
    assert refusal(tmp_path, "Body", "short.txt").startswith("short.yaml: 1,007 bytes")


def test_wrong_suffix_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "Body", "news.html").endswith("expected a name ending in .md or .txt")
    assert article(tmp_path, "Body", "NEWS.TXT").id == "NEWS"


# ---- files and folders


def test_folder_gives_its_articles_by_name(tmp_path: Path) -> None:
    for name in ("b.md", "a.txt", "README.md", "License.txt", ".hidden.md", "notes.html", "a.json"):
        (tmp_path / name).write_text('{"title": "Title"}' if name == "a.json" else "Body", "utf-8")
    (tmp_path / "deeper.md").mkdir()
    (tmp_path / "deeper.md" / "c.md").write_text("Body", "utf-8")
    found = read_articles([tmp_path])
    assert [(a.id, a.title) for a in found] == [("a", "Title"), ("b", None)]
    assert read_articles([tmp_path / "b.md", tmp_path / "a.txt"]) == found
    assert read_articles([tmp_path / "b.md", tmp_path, tmp_path / "." / "b.md"]) == found, "each file once"
    assert read_articles([tmp_path / "README.md"])[0].id == "README", "a file that is named is meant"


@pytest.mark.parametrize("inside", [[], ["README.md"], ["data.csv"], [".draft.md"]])
def test_folder_without_article_is_refused(tmp_path: Path, inside: list[str]) -> None:
    for name in inside:
        (tmp_path / name).write_text("Body", "utf-8")
    with pytest.raises(
        ArticleError, match=r"no article in this folder; articles are files ending in \.md or \.txt"
    ):
        read_articles([tmp_path])


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match=r"nowhere\.md: no such file or folder"):
        read_articles([tmp_path / "nowhere.md"])
    with pytest.raises(ArticleError, match=r"nowhere\.md: cannot be read: No such file"):
        read_article(tmp_path / "nowhere.md")


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "news.md").write_text("Body", "utf-8")
    (tmp_path / "news.txt").write_text("Body", "utf-8")
    with pytest.raises(ArticleError, match=r"news\.md has the same name; the name is the id of an article"):
        read_articles([tmp_path / "a", tmp_path])


def test_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.md")
    try:
        (tmp_path / name).write_text("Body", "utf-8")
    except OSError:
        pytest.skip("this file system takes only names in UTF-8")
    with pytest.raises(
        ArticleError, match=r"the name holds what is no text in UTF-8; rename the file"
    ) as caught:
        read_articles([tmp_path])
    assert str(caught.value).encode(), "can be shown"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
def test_unreadable_file_and_folder_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "news.md"
    path.write_text("Body", "utf-8")
    path.chmod(0)
    with pytest.raises(ArticleError, match=r"news\.md: cannot be read: Permission denied"):
        read_articles([path])
    tmp_path.chmod(0)
    try:
        with pytest.raises(ArticleError, match="cannot be read: Permission denied"):
            read_articles([tmp_path])
    finally:
        tmp_path.chmod(stat.S_IRWXU)


def test_file_that_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Path) -> bytes:
        raise OSError(5, "Input/output error")

    (tmp_path / "news.md").write_text("Body", "utf-8")
    monkeypatch.setattr(Path, "read_bytes", broken)
    with pytest.raises(ArticleError, match=r"news\.md: cannot be read: Input/output error"):
        read_articles([tmp_path])
    monkeypatch.setattr(Path, "iterdir", broken)
    with pytest.raises(ArticleError, match="cannot be read: Input/output error"):
        read_articles([tmp_path])
