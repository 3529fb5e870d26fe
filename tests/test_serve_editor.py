"""The editor in a real browser: it answers, completes and draws, and asks nobody but its server."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from browsing import launched, open_editor, run_query, watched, write_query
from serve_process import Server

pytest.importorskip("starlette", reason="needs kgbuild[serve]")
if os.environ.get("CI") != "true":
    pytest.importorskip("playwright", reason="playwright is not installed")

from playwright.sync_api import Browser, Page, expect


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


def test_the_editor_runs_a_query_and_leads_to_the_page_of_a_thing(page: Page) -> None:
    open_editor(page)
    run_query(
        page,
        'SELECT ?firm ?name WHERE { ?firm a kg:Firm ; rdfs:label ?name FILTER(CONTAINS(?name, "JL MAG")) }',
        re.compile(r"^\d+ rows? in \d+ ms$"),
    )
    table = page.get_by_role("region", name="Rows of the answer")
    expect(table.get_by_role("columnheader")).to_have_text(["firm", "name"])
    table.get_by_role("link", name="firm:jl-mag").first.click()
    expect(page).to_have_url(re.compile(r"/id/firm/jl-mag"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("JL MAG")


def test_the_answer_is_sorted_filtered_and_shown_in_parts(page: Page) -> None:
    open_editor(page)
    run_query(page, "SELECT ?n { VALUES ?n { 10 9 100 } }", "3 rows")
    cells = page.locator("#editor-results td")
    header = page.get_by_role("columnheader", name="n")
    header.get_by_role("button").click()
    expect(cells).to_have_text([re.compile(r"^9\b"), re.compile(r"^10\b"), re.compile(r"^100\b")])
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "descending")
    expect(cells.first).to_contain_text("100")
    page.get_by_label("Only rows with these words").fill("9")
    expect(cells).to_have_count(1)
    run_query(page, "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 250", "250 rows")
    expect(page.locator("#editor-results tbody tr")).to_have_count(100)
    page.get_by_role("button", name="Show more (150 rows left)").click()
    expect(page.locator("#editor-results tbody tr")).to_have_count(200)


def test_other_forms_of_query_and_errors_are_told(page: Page) -> None:
    open_editor(page)
    run_query(page, "ASK { ?x a kg:Firm }", re.compile(r"^Yes in"))
    run_query(page, "SELECT * { ?b a kg:Firm . ?b rdfs:label ?a } LIMIT 2", "2 rows")
    expect(page.get_by_role("columnheader")).to_have_text(
        ["b", "a"]
    )  # as the query has them, not as the alphabet
    run_query(page, "DESCRIBE place:US", re.compile(r"^\d+ triples"))
    expect(page.get_by_role("columnheader")).to_have_text(["subject", "predicate", "object"])


def test_a_query_that_is_wrong_says_what_is_wrong(browser: Browser, site: str) -> None:
    with watched(browser, site, refused=True) as page:
        open_editor(page)
        run_query(page, "SELECT ?x WHERE { ?x a }", "not SPARQL")
        expect(page.locator("#editor-status")).to_have_class("editor-error")
        run_query(page, "SELECT ?x { SERVICE <http://example.org/> { ?x ?y ?z } }", "SERVICE")
        expect(page.locator("#editor-results")).to_be_empty()


def test_a_query_that_runs_on_can_be_stopped(page: Page) -> None:
    open_editor(page)
    run_query(page, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "Running")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#editor-status")).to_have_text("Stopped.")
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    run_query(page, "ASK {}", "Yes")


def test_only_addresses_of_the_web_become_links(page: Page) -> None:
    open_editor(page)
    us = "https://w3id.org/kgbuild/id/place/US"
    iris = f'"javascript:alert(1)" "data:text/html,1" "https://example.org/a" "{us}"'
    run_query(page, f"SELECT ?x {{ VALUES ?text {{ {iris} }} BIND(IRI(?text) AS ?x) }}", "4 rows")
    links = page.locator("#editor-results a")
    hrefs = [link.get_attribute("href") for link in links.all()]
    assert hrefs == ["https://example.org/a", "/id/place/US"]
    expect(page.get_by_role("button", name="Graph")).to_be_disabled()  # one thing a row: nothing to join


def test_completion_comes_from_this_server_alone(page: Page) -> None:
    open_editor(page)
    hints = page.locator(".CodeMirror-hint")
    write_query(page, "SELECT * WHERE {\n  ?firm ")
    page.keyboard.type("kg:hol", delay=10)
    expect(hints.first).to_contain_text("kg:holds")
    page.keyboard.press("Enter")
    page.keyboard.type(" ?license . ?license a ExportL", delay=10)
    expect(hints.first).to_contain_text("kg:ExportLicense")
    page.keyboard.press("Enter")
    page.keyboard.type(" . ?license kg:validForDestination Germ", delay=10)
    page.keyboard.press("Control+Space")
    expect(hints.first).to_have_text(re.compile(r"^Germany"))
    page.keyboard.press("Enter")
    text = page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    assert "?firm kg:holds ?license" in text
    assert text.endswith("kg:validForDestination place:DE")
    declared = "PREFIX kg: <https://w3id.org/kgbuild/ontology#>"
    assert declared in text, "a prefix that is used declares itself"


def test_nothing_that_is_typed_stays_in_the_browser(page: Page) -> None:
    open_editor(page)
    run_query(page, 'SELECT ("kept-nowhere" AS ?x) {}', "1 row")
    page.locator("#editor-status").click()
    assert page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])") == '[{},{},""]'


def test_views_show_the_same_answer_as_graph_and_timeline(page: Page) -> None:
    open_editor(page, "/editor?question=licenses-by-status&view=graph")
    graph = page.locator("svg.editor-graph")
    expect(graph).to_be_visible()
    expect(graph.locator("title", has_text="Glencore").first).to_be_attached()
    before = graph.get_attribute("viewBox")
    page.get_by_role("button", name="Closer").click()
    assert graph.get_attribute("viewBox") != before
    page.get_by_role("button", name="Timeline").click()
    items = page.locator("svg.editor-timeline a")
    texts = items.locator("text").all_text_contents()
    assert len(texts) > 5
    expect(page).to_have_url(re.compile("view=timeline"))
    page.reload()
    expect(page.locator("svg.editor-timeline")).to_be_visible()
    assert items.locator("text").all_text_contents() == texts, "the same answer is drawn in the same way"


def test_a_link_brings_back_query_and_view(page: Page) -> None:
    query = "SELECT ?x { VALUES ?x { place:DE place:US } }  # ä & + %"
    open_editor(page, "/editor#query=" + quote(query))
    expect(page.locator("#editor-status")).to_contain_text("2 rows")
    assert page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()") == query
    page.get_by_role("button", name="Copy link").click()
    address = page.get_by_label("Link to this query").input_value()
    page.goto("/questions")
    open_editor(page, address)
    expect(page.locator("#editor-status")).to_contain_text("2 rows")
    assert page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()") == query


def test_a_link_cannot_send_a_query_elsewhere(page: Page) -> None:
    elsewhere = "endpoint=https%3A%2F%2Fexample.org%2Fsparql&requestMethod=GET"
    open_editor(page, "/editor#query=ASK%20%7B%7D&" + elsewhere)
    expect(page.locator("#editor-status")).to_contain_text("Yes")


@pytest.mark.parametrize(
    ("name", "query", "file", "begins"),
    [
        ("CSV", 'SELECT ("a,b" AS ?x) {}', "answer.csv", 'x\r\n"a,b"'),
        ("JSON", "SELECT ?x {}", "answer.json", "{"),
        ("Turtle", "CONSTRUCT { place:US a kg:Country } {}", "answer.ttl", "@prefix"),
    ],
)
def test_an_answer_is_downloaded(page: Page, name: str, query: str, file: str, begins: str) -> None:
    open_editor(page)
    run_query(page, query, re.compile(r"^\d+ (row|triple)"))
    with page.expect_download() as waiting:
        page.locator("#editor-downloads").get_by_role("button", name=name, exact=True).click()
    assert waiting.value.suggested_filename == file
    assert Path(waiting.value.path()).read_bytes().decode().startswith(begins)


def test_the_editor_can_be_left_with_the_keyboard(page: Page) -> None:
    open_editor(page)
    page.get_by_label("SPARQL query").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")  # to what scrolls the text
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_focused()


def test_without_script_the_editor_is_a_form(browser: Browser, site: str) -> None:
    with watched(browser, site, java_script_enabled=False) as page:
        page.goto("/editor?query=" + quote("ASK { ?x a kg:Firm }"))
        expect(page.get_by_label("SPARQL query")).to_have_value("ASK { ?x a kg:Firm }")
        with page.expect_request("**/sparql") as asked:
            page.get_by_role("button", name="Run", exact=True).click(no_wait_after=True)
        assert asked.value.method == "POST"
