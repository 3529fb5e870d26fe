"""The pages in a real browser: the path of a researcher, access for all, and texts that are hostile."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from browsing import launched, open_editor, run_query, watched
from serve_process import Server, serving

from kgbuild.ontology import Ontology

pytest.importorskip("starlette", reason="needs kgbuild[serve]")
if os.environ.get("CI") != "true":
    pytest.importorskip("playwright", reason="playwright is not installed")

from playwright.sync_api import Browser, Page, expect

if TYPE_CHECKING:
    from kgbuild.pipeline import Build

AXE = Path(__file__).parent / "axe" / "axe.min.js"
QUESTION = "/questions/firms-holding-licenses"


@pytest.fixture(scope="module")
def browser(needs_program: Callable[..., str]) -> Iterator[Browser]:
    with launched(needs_program("chromium", "chromium")) as running:
        yield running


@pytest.fixture(scope="module")
def site(example_server: Server) -> str:
    """Return the address of the example articles' graph."""
    return example_server.url


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    with watched(browser, site) as opened:
        yield opened


# ---- the path of a researcher


def test_from_a_question_to_the_sentence_and_on_to_own_sparql(page: Page) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Questions").click()
    page.get_by_role("link", name="Which firms hold licenses that reach a destination?").click()
    answer = page.get_by_role("region", name="Answer")
    expect(page.get_by_label("destination", exact=True)).to_have_value("place:US")
    expect(answer.get_by_role("link", name=re.compile("^JL MAG")).first).to_be_visible()

    page.get_by_label("destination", exact=True).fill("Germ")
    page.get_by_role("option", name=re.compile("^Germany")).first.click()
    page.get_by_role("button", name="Ask").click()
    expect(page).to_have_url(re.compile(r"destination=(place%3ADE|Germany)"))
    expect(page.locator(".bar")).to_contain_text("destination: Germany")
    expect(answer.locator("tbody tr").filter(has_text="JL MAG").first).to_contain_text("Europe")
    question = page.url

    answer.get_by_role("link", name=re.compile("^JL MAG")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("JL MAG")
    held = page.locator("dl.facts > div").filter(has=page.get_by_text("holds", exact=True)).first
    held.locator("summary").first.click()
    sentence = held.locator("blockquote a.sentence").first
    words = sentence.inner_text()
    sentence.click()
    expect(page).to_have_url(re.compile(r"/articles/[^?]+\?claim="))
    marked = page.locator(".kept .asked")
    expect(marked.first).to_be_in_viewport()
    assert "".join(marked.all_inner_texts()).split() == words.split()
    expect(page.locator("aside .claim.chosen")).to_contain_text("JL MAG")
    expect(page.locator("aside .claim.chosen")).to_be_in_viewport()

    page.goto(question)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV", exact=True).click()
    rows = list(csv.DictReader(Path(waiting.value.path()).read_text("utf-8").splitlines()))
    assert waiting.value.suggested_filename == "firms-holding-licenses.csv"
    assert "JL MAG Rare-Earth Co. Ltd." in {row["firmLabel"] for row in rows}

    page.get_by_role("link", name="Open in editor").click()
    expect(page.locator("#editor-status")).to_contain_text(f"{len(rows)} row")
    run_query(page, "SELECT ?place { place:DE kg:locatedIn+ ?place }", re.compile(r"^\d+ rows in"))
    expect(
        page.locator("#editor-results").get_by_role("link", name="place:europe", exact=True)
    ).to_be_visible()


# ---- hostile texts

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(2)>'


@pytest.fixture(scope="module")
def hostile_site(
    news: SimpleNamespace, ontology: Ontology, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Return the address of a graph whose article has script in its title, its names and its text."""
    from kgbuild.pipeline import assemble, write

    told = news.draft(
        "license",
        "granted",
        holder=f"Example {SCRIPT} Magnets",
        destination="Germany",
        date="2025-06-11",
        condition=f"only {IMAGE} goods",
        speaker=("Person", f"Ann {IMAGE}"),
    )
    extraction = news.article("hostile", told, title=f"Title {SCRIPT} {IMAGE}", countries=["Germany"])
    made: Build = assemble([extraction.article], [extraction], ontology, {}, "")
    out = tmp_path_factory.mktemp("hostile") / "out"
    write(made, out)
    with serving(out, "--workers", "1") as running:
        yield running.url


def test_script_in_titles_names_and_quotes_does_not_run(browser: Browser, hostile_site: str) -> None:
    firms = "SELECT ?firm ?name { ?firm kg:holds ?license ; rdfs:label ?name }"
    with watched(browser, hostile_site) as page:
        for view in ("table", "graph"):
            open_editor(page, f"/editor#view={view}&query={quote(firms)}")
            expect(page.locator("#editor-results")).to_contain_text("Example <script>alert(1)</script>")
        firm = page.locator("#editor-results a").first.get_attribute("href")
        assert firm is not None
        for address in [
            "/",
            firm,
            "/articles",
            QUESTION + "?destination=",
            "/search?q=script",
            "/things?class=Firm",
        ]:
            page.goto(address)
            expect(page.locator("main")).to_contain_text(SCRIPT)
            assert page.locator("main img[src=x]").count() == 0
        page.goto("/articles")
        page.locator("main a[href^='/articles/']").first.click()
        expect(page.locator("main")).to_contain_text(f"only {IMAGE} goods")


# ---- access for all

PAGES = [
    "/",
    "/questions",
    QUESTION,
    QUESTION + "?destination=Nowhere",
    "/articles",
    "/disagreements",
    "/validation",
    "/things?class=Firm",
    "/search?q=magnet",
    "/ontology",
    "/editor",
    "/editor?question=licenses-by-status&view=graph",
    "/editor?question=licenses-by-status&view=timeline",
]

STYLES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"color_scheme": "light", "viewport": {"width": 360, "height": 740}, "has_touch": True},
}
#: What can differ from the first style; none is all that axe knows.
RULES = {"light": [], "dark": ["color-contrast"], "phone": ["scrollable-region-focusable", "target-size"]}


def findings(page: Page, rules: list[str]) -> list[str]:
    """Return what axe finds that is serious or critical."""
    page.evaluate(AXE.read_text("utf-8"))
    only = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    found = page.evaluate("options => axe.run(document, options)", only | {"resultTypes": ["violations"]})
    return [
        f"{v['id']}: {node['html'][:160]}: {node.get('failureSummary', '')}"
        for v in found["violations"]
        if v["impact"] in {"serious", "critical"}
        for node in v["nodes"]
    ]


def things(page: Page) -> list[str]:
    """Return the addresses of a firm, a license and an article."""
    page.goto(QUESTION)
    answer = page.get_by_role("region", name="Answer")
    hrefs = [
        answer.locator(f"a[href^='/id/{kind}/']").first.get_attribute("href") for kind in ("firm", "license")
    ]
    page.goto("/articles")
    hrefs.append(page.locator("main a[href^='/articles/']").first.get_attribute("href"))
    return [href for href in hrefs if href]


@pytest.mark.parametrize("style", STYLES)
def test_pages_have_nothing_that_seriously_keeps_people_out(browser: Browser, site: str, style: str) -> None:
    with watched(browser, site, refused=True, **STYLES[style]) as page:
        found = {}
        for address in [*PAGES, *things(page)]:
            page.goto(address)
            if "/editor?" in address:
                expect(page.locator("#editor-status")).to_contain_text("rows in")
            found[address] = findings(page, RULES[style])
            if style == "phone":
                wide = page.evaluate(
                    "document.documentElement.scrollWidth > document.documentElement.clientWidth"
                )
                found[address] += ["wider than the screen"] if wide else []
        assert {address: told for address, told in found.items() if told} == {}


def test_axe_finds_what_it_should(browser: Browser, site: str) -> None:
    """A check that finds nothing on any page would prove nothing."""
    with watched(browser, site) as page:
        page.goto("/questions")
        page.evaluate("document.querySelector('main').append(document.createElement('select'))")
        assert [told.partition(":")[0] for told in findings(page, [])] == ["select-name"]


def test_the_watch_sees_a_request_elsewhere_and_script_that_runs(browser: Browser, site: str) -> None:
    """So that the tests above would fail."""

    def misbehave(code: str) -> None:
        with watched(browser, site) as page:
            page.goto("/questions")
            page.evaluate(code)

    with pytest.raises(AssertionError, match=r"example\.org"):
        misbehave("fetch('https://example.org/').catch(() => {})")
    with pytest.raises(AssertionError, match="Content Security Policy"):
        misbehave(
            "document.head.append(Object.assign(document.createElement('script'), { text: 'alert(1)' }))"
        )
    with pytest.raises(AssertionError, match="dialog: 1"):
        misbehave("setTimeout(() => alert(1))")
