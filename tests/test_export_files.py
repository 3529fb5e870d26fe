"""Exports of several files: tables, folders that are replaced, Markdown pages; and the one HTML page."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from kgbuild.errors import GraphError, OutputError, ResourceError
from kgbuild.export import export, export_file
from kgbuild.terms import expand

FIRM = expand("firm:example-magnets-0a1b2c3d4e")


@pytest.fixture(scope="session")
def example(root: Path) -> Path:
    return root / "tests" / "graphs" / "export-example.trig"


def _csv(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# ---- tables


def test_a_table_a_class_with_a_row_a_thing(example: Path, tmp_path: Path) -> None:
    done = export_file(example, "csv", tmp_path / "t")
    names = {path.stem for path in (tmp_path / "t").glob("*.csv")}
    assert {"Firm", "ExportLicense", "License", "Country", "TimeExtent"} <= names
    assert not names & {"Claim", "Article", "TextSegment"}
    assert done.files == len(names)
    (firm, other) = _csv(tmp_path / "t", "Firm")
    assert firm["id"] == "firm:example-magnets-0a1b2c3d4e"
    assert firm["iri"] == FIRM
    assert firm["label"] == 'Example "Magnets" & Söhne <Ningbo>, Ltd.'
    assert (firm["basedIn"], firm["basedIn_label"]) == ("place:CN", "China")
    assert firm["holds_label"] == "export license of Example Magnets"
    assert (firm["claims"], firm["sources"]) == ("1", "a-1")
    assert (other["holds"], other["claims"]) == ("", "0")
    license_ = _csv(tmp_path / "t", "License")[0]
    assert license_["validForDestination"] == "place:US | place:europe"
    assert license_["validForDestination_label"] == "United States | Europe"
    assert license_["condition"] == "for cars only | none | few;\nsee the notice"


def test_tables_with_claims_have_tables_of_claims(example: Path, tmp_path: Path) -> None:
    export_file(example, "csv", tmp_path / "t", view="evidence")
    assert len(_csv(tmp_path / "t", "Claim")) == 2
    assert _csv(tmp_path / "t", "Claim")[0]["claimPredicate"] == "holds"


def test_parquet_has_types_and_lists(example: Path, tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    export_file(example, "parquet", tmp_path / "t")
    table = parquet.read_table(tmp_path / "t" / "Quantity.parquet")
    assert table.schema.field("numericValue").type == arrow.float64()
    assert sorted(table.column("numericValue").to_pylist()) == [2.0, 8.0]
    times = parquet.read_table(tmp_path / "t" / "TimeExtent.parquet")
    assert times.schema.field("earliestStart").type == arrow.timestamp("us", tz="UTC")
    license_ = parquet.read_table(tmp_path / "t" / "License.parquet").to_pylist()[0]
    assert license_["validForDestination"] == ["place:US", "place:europe"]
    assert license_["destinationsExhaustive"] is False
    firm = parquet.read_table(tmp_path / "t" / "Firm.parquet").to_pylist()[0]
    assert (firm["claims"], firm["sources"]) == (1, ["a-1"])


def test_parquet_has_the_rows_of_csv(example_output: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    export_file(example_output, "csv", tmp_path / "c")
    export_file(example_output, "parquet", tmp_path / "p")
    for path in sorted((tmp_path / "c").glob("*.csv")):
        rows = _csv(tmp_path / "c", path.stem)
        table = parquet.read_table(tmp_path / "p" / f"{path.stem}.parquet")
        assert table.column_names == list(rows[0])
        assert table.column("iri").to_pylist() == [row["iri"] for row in rows]
        assert table.column("claims").to_pylist() == [int(row["claims"]) for row in rows]


def test_parquet_without_pyarrow_says_what_to_install(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ResourceError, match=r"pip install 'kgbuild\[tables\]'"):
        export(example, "parquet", io.BytesIO())


def test_an_instant_that_is_none_is_left_out(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    source = tmp_path / "a.ttl"
    source.write_text(
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
        '<urn:a> <urn:t> "2025-02-30T00:00:00Z"^^xsd:dateTime . '
        '<urn:b> <urn:t> "2025-02-28T01:00:00+01:00"^^xsd:dateTime .',
        "utf-8",
    )
    export_file(source, "parquet", tmp_path / "t")
    times = parquet.read_table(tmp_path / "t" / "without_class.parquet").column("urn_t").to_pylist()
    assert [str(time) for time in times] == ["None", "2025-02-28 00:00:00+00:00"]


# ---- folders


def test_folder_and_zip_file_hold_the_same(example: Path, tmp_path: Path) -> None:
    export_file(example, "neo4j", tmp_path / "tables")
    export_file(example, "neo4j", tmp_path / "tables.zip")
    names = ["import.txt", "nodes.csv", "relationships.csv"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tables", "tables.zip"]
    assert sorted(p.name for p in (tmp_path / "tables").iterdir()) == sorted([*names, "manifest.json"])
    with zipfile.ZipFile(tmp_path / "tables.zip") as archive:
        for name in names:
            assert archive.read(name) == (tmp_path / "tables" / name).read_bytes()
    manifest = json.loads((tmp_path / "tables" / "manifest.json").read_text("utf-8"))
    assert (manifest["format"], manifest["view"]) == ("neo4j", "facts")
    assert (
        manifest["files"]["nodes.csv"]
        == hashlib.sha256((tmp_path / "tables" / "nodes.csv").read_bytes()).hexdigest()
    )


def _content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_second_export_replaces_what_the_first_wrote(example: Path, tmp_path: Path) -> None:
    export_file(example, "csv", tmp_path / "t", view="evidence")
    (tmp_path / "t" / "mine.txt").write_text("notes", "utf-8")
    export_file(example, "csv", tmp_path / "t")
    assert not (tmp_path / "t" / "Claim.csv").exists()
    assert (tmp_path / "t" / "mine.txt").read_text("utf-8") == "notes"
    export_file(example, "csv", tmp_path / "fresh")
    assert _content(tmp_path / "t") == {**_content(tmp_path / "fresh"), "mine.txt": b"notes"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fresh", "t"]


def test_pages_of_things_that_are_gone_go_with_their_folders(example: Path, tmp_path: Path) -> None:
    export_file(example, "markdown", tmp_path / "v")
    assert (tmp_path / "v" / "article").is_dir()
    export_file(example, "markdown", tmp_path / "v", view="facts")
    assert not (tmp_path / "v" / "article").exists()


@pytest.mark.parametrize("change", ["edited", "foreign"])
def test_what_a_person_wrote_is_never_replaced(example: Path, tmp_path: Path, change: str) -> None:
    target = tmp_path / "v"
    if change == "edited":
        export_file(example, "markdown", target)
        (target / "index.md").write_text("my own words", "utf-8")
        match = "index.md was changed after the export and would be lost"
    else:
        target.mkdir()
        (target / "index.md").write_text("my own words", "utf-8")
        match = "index.md was not written by an export and would be lost"
    before = _content(target)
    with pytest.raises(OutputError, match=match):
        export_file(example, "markdown", target, view="facts")
    assert _content(target) == before
    assert [path.name for path in tmp_path.iterdir()] == ["v"]


def test_a_build_is_never_replaced_by_an_export(example: Path, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"software": "kgbuild", "files": {}}', "utf-8")
    with pytest.raises(OutputError, match="holds a build; choose another folder"):
        export_file(example, "csv", tmp_path)
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(OutputError, match="is a file; this format writes a folder"):
        export_file(example, "csv", tmp_path / "file")


def test_a_failed_export_leaves_the_folder_as_it_was(
    example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_file(example, "csv", tmp_path / "t")
    before = _content(tmp_path / "t")

    def fail(*_: object) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kgbuild.export.formats.csv_lines", fail)
    with pytest.raises(OutputError, match="No space left on device"):
        export_file(example, "csv", tmp_path / "t", view="evidence")
    assert _content(tmp_path / "t") == before
    assert [path.name for path in tmp_path.iterdir()] == ["t"]


def test_unknown_views_are_refused(example: Path) -> None:
    with pytest.raises(GraphError, match="no view 'some'; views: facts, evidence, all"):
        export(example, "turtle", io.BytesIO(), view="some")


# ---- pages


def test_pages_link_to_one_another(example_output: Path, tmp_path: Path) -> None:
    done = export_file(example_output, "markdown", tmp_path / "v")
    pages = sorted((tmp_path / "v").rglob("*.md"))
    assert len(pages) == done.things + 1 > 300
    links = 0
    for page in pages:
        for target in re.findall(r"(?<!\\)\]\(([^)]*)\)", page.read_text("utf-8")):
            links += 1
            assert (page.parent / unquote(target)).is_file(), f"{page} links to {target}"
    assert links > 1000
    index = (tmp_path / "v" / "index.md").read_text("utf-8")
    assert index.count("](") == done.things


def test_a_page_tells_facts_with_their_quotes(example_output: Path, tmp_path: Path) -> None:
    export_file(example_output, "markdown", tmp_path / "v")
    page = (tmp_path / "v" / "firm" / "jl-mag.md").read_text("utf-8")
    assert page.startswith('---\niri: "https://w3id.org/kgbuild/id/firm/jl-mag"\nkinds:\n  - "firm"\n')
    holds = page[page.index("- holds: ") :]
    assert re.match(r"- holds: \[export license of JL MAG .*\.md\)\n    > .*\n    > — ", holds)
    assert "## Facts that point here" in page
    article = next((tmp_path / "v" / "article").glob("2025-06-jlmag-permits-close*.md"))
    assert "## Quotes\n\n> " in article.read_text("utf-8")
    assert "\n- published at: 2025-06-11\n" in article.read_text("utf-8")
    export_file(example_output, "markdown", tmp_path / "facts", view="facts")
    bare = (tmp_path / "facts" / "firm" / "jl-mag.md").read_text("utf-8")
    assert "- holds: [" in bare
    assert "> " not in bare


def test_what_no_fact_says_stands_apart(example: Path, tmp_path: Path) -> None:
    export_file(example, "markdown", tmp_path / "v")
    (page,) = (tmp_path / "v" / "unconfirmed-thing").glob("*.md")
    text = page.read_text("utf-8")
    facts, _, claimed = text.partition("## Only claimed")
    assert "License" in claimed or "license" in claimed
    assert "(planned" in claimed
    assert "## Facts\n" not in facts


def test_the_report_stands_alone(example_output: Path) -> None:
    out = io.BytesIO()
    done = export(example_output, "html", out)
    page = out.getvalue().decode()
    assert page.count("<article id=") == done.things > 300
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert "default-src 'none'" in page
    ids = set(re.findall(r' id="([^"]+)"', page))
    assert len(ids) == len(re.findall(r' id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids


def test_the_report_works_in_a_browser(
    example: Path, tmp_path: Path, needs_program: Callable[..., str]
) -> None:
    import subprocess

    chromium = needs_program("chromium")
    export_file(example, "html", tmp_path / "report.html")
    command = [
        chromium,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--dump-dom",
        (tmp_path / "report.html").as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert 'id="search"' in done.stdout
    assert 'type="search" hidden' not in re.sub(
        r"\s+", " ", done.stdout.split('id="search"')[1].split(">")[0]
    )
    assert 'Example "Magnets" &amp; Söhne &lt;Ningbo&gt;, Ltd.' in done.stdout
