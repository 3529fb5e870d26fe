"""The pages of `kgbuild serve`: what they show, where they lead, and that no text becomes markup."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

import pyoxigraph as ox
import pytest
from serve_process import Reply, Server, serving

from kgbuild.ontology import Ontology
from kgbuild.query import load_queries

pytest.importorskip("starlette", reason="kgbuild[serve] is not installed")

if TYPE_CHECKING:
    from kgbuild.pipeline import Build

FIRM = "/id/firm/jl-mag"
QUESTION = "/questions/firms-holding-licenses"
SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(2)>'
_EMPTY = frozenset("meta link input img br hr".split())


class Page(HTMLParser):
    """A page that was read: its elements, and the text of some of them. Raises where tags do not match."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.kept: list[str] = []  #: text inside of the element with the class "kept"
        self._kept_at = 0
        self.feed(source)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        self.elements.append((tag, about))
        if tag in _EMPTY or (self.open[-1:] == ["svg"] and tag in {"path", "rect", "circle", "line"}):
            return
        self.open.append(tag)
        if about.get("class") == "kept":
            self._kept_at = len(self.open)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1:] == [tag], (tag, self.open[-3:], self.getpos())
        if len(self.open) == self._kept_at:
            self._kept_at = 0
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self._kept_at:
            self.kept.append(data)

    def links(self) -> list[str]:
        return [about["href"] for tag, about in self.elements if tag in {"a", "link"} and "href" in about]

    def names(self) -> list[str]:
        return [about["id"] for _, about in self.elements if "id" in about]


@pytest.fixture(scope="module")
def server(example_server: Server) -> Server:
    return example_server


def read(server: Server, path: str, status: int = 200) -> tuple[Reply, Page]:
    reply = server.send(path, Accept="text/html")
    assert reply.status == status, (path, reply.status, reply.text[:500])
    assert reply.media_type == "text/html"
    return reply, Page(reply.text)


def first_link(page: Page, begin: str) -> str:
    return next(link for link in page.links() if link.startswith(begin))


# ---- walking


def test_every_page_can_be_reached_and_every_link_leads_somewhere(server: Server) -> None:
    """A walk over the site, two pages of each kind, and each address that they lead to."""
    todo, seen, walked = ["/"], {"/"}, dict[str, int]()
    while todo:
        path = todo.pop(0)
        kind = "/".join(urlsplit(path).path.split("/")[: 3 if path.startswith("/id/") else 2])
        walked[kind] = walked.get(kind, 0) + 1
        if walked[kind] > 2:
            continue
        reply = server.send(path, Accept="text/html")
        if reply.status == 303:
            todo.append(reply.headers["location"])
            continue
        assert reply.status == 200, (path, reply.status)
        if reply.media_type != "text/html":
            continue
        page = Page(reply.text)
        names = page.names()
        assert len(names) == len(set(names)), (path, "an id stands twice")
        for link in page.links():
            address = urlsplit(urljoin(path, link))
            if address.netloc or address.scheme:
                assert address.scheme in {"http", "https"}
                continue
            if link.startswith("#"):
                assert address.fragment in names, (path, link)
            there = address._replace(fragment="").geturl()
            if there not in seen:
                seen.add(there)
                todo.append(there)
    assert {"/questions", "/articles", "/things", "/disagreements", "/validation", "/ontology", "/id/firm",
            "/id/license"} <= set(walked)  # fmt: skip


def test_pages_need_nothing_from_elsewhere_and_have_no_script_of_their_own(server: Server) -> None:
    for path in ("/", "/questions", QUESTION, FIRM, "/articles", "/disagreements", "/validation", "/things"):
        reply, page = read(server, path)
        assert "script-src 'self'" in reply.headers["content-security-policy"]
        for tag, about in page.elements:
            assert not [name for name in about if name == "style" or name.startswith("on")], (path, tag)
            assert tag != "style"
            if tag == "script":
                assert about["src"].startswith("/static/")
            assert not about.get("src", "").startswith(("http", "//"))


# ---- things


def test_a_thing_has_its_facts_with_their_sources(server: Server) -> None:
    _, page = read(server, FIRM)
    text = server.send(FIRM, Accept="text/html").text
    assert "<h1>JL MAG Rare-Earth Co. Ltd.</h1>" in text
    assert re.search(r"<dt>holds</dt>.*?2 sources", text, re.DOTALL)
    assert "Only claimed" not in text
    assert any(re.fullmatch(r"/articles/[^?]+\?claim=([0-9a-f]+)#claim-\1", link) for link in page.links())


def test_from_a_fact_to_its_sentence_and_back(server: Server) -> None:
    _, page = read(server, FIRM)
    address = first_link(page, "/articles/")
    key = address.partition("#claim-")[2]
    _, article = read(server, address.partition("#")[0])
    assert f"claim-{key}" in article.names()
    chosen = [about for _, about in article.elements if "chosen" in about.get("class", "").split()]
    assert key in {about.get("data-claim") for about in chosen}
    asked = [about for _, about in article.elements if "asked" in about.get("class", "").split()]
    assert asked, "the sentence is marked without any script"
    assert FIRM in article.links()


def test_what_is_denied_or_planned_stands_apart(server: Server) -> None:
    query = """SELECT ?x { ?x a kg:UnconfirmedThing .
        ?c kg:claimSubject ?x ; kg:claimPolarity polarity:denied } ORDER BY ?x"""
    denied = [row["x"]["value"] for row in json.loads(server.query(query).body)["results"]["bindings"]]
    assert denied
    text = server.send(denied[0].removeprefix("https://w3id.org/kgbuild"), Accept="text/html").text
    assert "none of it is a fact" in text
    before, claimed = text.split('id="claimed"', 1)
    assert 'class="stance st-denied"' in claimed
    assert "Denied" in claimed
    assert '<li class="fact' not in before


def test_a_thing_is_described_in_rdf_at_the_same_address(server: Server) -> None:
    for accept, media, form in (
        ("text/turtle", "text/turtle", ox.RdfFormat.TURTLE),
        ("application/ld+json", "application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/n-triples, text/html;q=0.5", "application/n-triples", ox.RdfFormat.N_TRIPLES),
    ):
        reply = server.send(FIRM, Accept=accept)
        assert (reply.status, reply.media_type) == (200, media)
        assert "accept" in reply.headers["vary"].lower()
        found = {
            str(q.subject.value) for q in ox.parse(reply.body, form) if isinstance(q.subject, ox.NamedNode)
        }
        assert "https://w3id.org/kgbuild/id/firm/jl-mag" in found
    assert server.send(FIRM + "?format=turtle", Accept="text/html").media_type == "text/turtle"
    reply = server.send(FIRM, Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert reply.media_type == "text/html"
    assert 'type="text/turtle"' in reply.headers["link"]


def test_an_iri_with_escapes_is_found_at_its_own_path(server: Server) -> None:
    _, page = read(server, "/things?class=TimeExtent&all=true")
    address = next(link for link in page.links() if link.startswith("/id/time/%5B"))
    assert server.send(address, Accept="text/html").status == 200
    assert server.send(address, Accept="text/turtle").status == 200


def test_claims_and_segments_lead_into_the_text(server: Server) -> None:
    _, page = read(server, FIRM)
    key = first_link(page, "/articles/").partition("#claim-")[2]
    reply = server.send(f"/id/claim/{key}", Accept="text/html")
    assert reply.status == 303
    assert reply.headers["location"].endswith(f"#claim-{key}")
    assert server.send(f"/id/claim/{key}", Accept="text/turtle").status == 200


@pytest.mark.parametrize(
    "path",
    ["/id/firm/nobody", "/id/", "/id/x", "/id/firm/%00", "/id/firm/%ff", "/id/firm/a%3Cb", "/articles/none",
     "/articles/..%2f..%2fmanifest", "/questions/none", "/things?class=Nonsense", "/validation?shape=none"],
)  # fmt: skip
def test_what_there_is_not_is_told_as_a_page(server: Server, path: str) -> None:
    reply, _ = read(server, path, 404)
    assert "Not found" in reply.text


@pytest.mark.parametrize(
    "path",
    ["/things?page=0", "/articles?page=x", "/disagreements?verdict=x", "/things?all=maybe", "/things?q=a&q=b",
     QUESTION + "?destination=Nowhereland", QUESTION + "?nonsense=1", QUESTION + "?page=-1",
     QUESTION + "?asOf=yesterday"],
)  # fmt: skip
def test_what_cannot_be_asked_is_told_as_a_page(server: Server, path: str) -> None:
    read(server, path, 400)


# ---- articles


def article_paths(server: Server) -> list[str]:
    _, page = read(server, "/articles")
    return sorted({link for link in page.links() if link.startswith("/articles/")})


def test_the_text_is_there_character_for_character(server: Server, example_build: Build) -> None:
    texts = {article.title: article.text for article in example_build.articles}
    for path in article_paths(server):
        reply, page = read(server, path + "?rejected=1&from=20&to=90")
        found = re.search(r"<h1>(.*?)</h1>", reply.text)
        assert found
        assert "".join(page.kept) == texts[html.unescape(found[1])]


def test_every_claim_of_the_graph_has_an_anchor_and_a_card(server: Server, example_build: Build) -> None:
    cards, anchors = 0, 0
    for path in article_paths(server):
        _, page = read(server, path)
        claims = {about["data-claim"] for _, about in page.elements if "data-claim" in about}
        names = {name.removeprefix("claim-") for name in page.names() if name.startswith("claim-")}
        assert claims == names
        cards, anchors = cards + len(claims), anchors + len(names)
    assert cards == anchors == example_build.claims


def test_refused_candidates_are_shown_on_request(server: Server, example_build: Build) -> None:
    extraction = next(e for e in example_build.extractions if e.rejections)
    path = f"/articles/{extraction.article.id}"
    reply = server.send(path, Accept="text/html")
    assert reply.status == 303
    path = reply.headers["location"]
    reason = html.escape(extraction.rejections[0].reason)
    assert reason not in server.send(path).text
    text = server.send(path + "?rejected=1").text
    assert reason in text
    assert 'id="refused-0"' in text


# ---- questions


def test_every_question_has_a_page(server: Server) -> None:
    for query in load_queries():
        reply, page = read(server, f"/questions/{query.name}")
        assert html.escape(query.summary) in reply.text or query.summary in html.unescape(reply.text)
        fields = {
            about["name"] for tag, about in page.elements if tag == "input" and about.get("name") != "q"
        }
        assert {p.name for p in query.parameters} <= fields


def test_the_answer_has_links_evidence_downloads_and_its_sparql(server: Server) -> None:
    reply, page = read(server, QUESTION + "?destination=Germany")
    assert "destination: Germany" in reply.text
    assert FIRM in page.links()
    assert any(re.fullmatch(r"/articles/[^?]+\?from=\d+&to=\d+#asked", link) for link in page.links())
    assert "/api/questions/firms-holding-licenses.csv?destination=Germany" in page.links()
    csv = server.send("/api/questions/firms-holding-licenses.csv?destination=Germany")
    assert (csv.status, csv.media_type) == (200, "text/csv")
    assert "place/DE" in html.unescape(reply.text)
    assert 'value="Germany"' in reply.text


def test_a_field_that_is_empty_lifts_the_limit(server: Server) -> None:
    few = server.send(QUESTION).text
    many = server.send(QUESTION + "?destination=&asOf=&reach=&named=").text
    count = re.compile(r"<strong>(\d+) rows?</strong>")
    assert int(count.findall(many)[0]) > int(count.findall(few)[0])


def test_a_wrong_value_stays_in_the_form(server: Server) -> None:
    reply, _ = read(server, QUESTION + "?destination=" + quote("Germny<b>"), 400)
    assert 'value="Germny&lt;b&gt;"' in reply.text
    assert "Germany" in reply.text, "the nearest names are told"


# ---- hostile texts


@pytest.fixture(scope="module")
def hostile(
    news: SimpleNamespace, ontology: Ontology, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Serve a graph with script in the title, the address, the names and the text of its article."""
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
    apart = news.draft("license", "granted", holder="Ex\r&amp;\u202eample", polarity="denied")
    extraction = news.article(
        "hostile", told, apart, title=f"Title {SCRIPT} {IMAGE}", publisher=f"Daily {IMAGE}",
        url="javascript:alert(3)", published="2025-06-12", countries=["Germany"],
    )  # fmt: skip
    made = assemble([extraction.article], [extraction], ontology, {}, "")
    out = tmp_path_factory.mktemp("hostile") / "out"
    write(made, out)
    with serving(out) as running:
        yield running


def test_nothing_of_a_text_becomes_markup(hostile: Server) -> None:
    paths = ["/", "/articles", "/things?class=Firm", "/things?class=License", "/search?q=script",
             QUESTION + "?destination=Germany", QUESTION + "?named=" + quote(IMAGE), "/validation",
             "/things?q=" + quote(SCRIPT), "/search?q=" + quote(IMAGE)]  # fmt: skip
    for path in list(paths):
        _, page = read(hostile, path)
        paths += [link for link in page.links() if link.startswith(("/id/", "/articles/"))][:8]
    shown = 0
    for path in dict.fromkeys(paths):
        reply = hostile.send(path, Accept="text/html")
        if reply.status == 303:
            continue
        shown += html.escape(SCRIPT) in reply.text or html.escape(IMAGE, quote=False) in reply.text
        assert SCRIPT not in reply.text, path
        assert "<img" not in reply.text, path
        page = Page(reply.text)
        assert not [a for _, a in page.elements if any(n.startswith("on") for n in a)], path
        assert not [link for link in page.links() if link.lower().startswith("javascript")], path
    assert shown > 5


def test_a_text_with_a_carriage_return_stays_as_it_is(hostile: Server) -> None:
    path = first_link(read(hostile, "/articles")[1], "/articles/")
    reply, page = read(hostile, path)
    assert "Ex\r&amp;\u202eample" in "".join(page.kept)
    assert "Ex&#13;&amp;amp;" in reply.text, "a browser makes a line feed of a plain carriage return"


def test_a_graph_file_without_texts_is_shown_by_its_quotes(example_output: Path, tmp_path: Path) -> None:
    graph = tmp_path / "graph.ttl"
    graph.write_bytes((example_output / "graph.ttl").read_bytes())
    with serving(graph) as server:
        path = first_link(read(server, "/articles")[1], "/articles/")
        reply, page = read(server, path)
        assert "is not kept here" in reply.text
        assert [name for name in page.names() if name.startswith("claim-")]
        assert "no validation report" in server.send("/validation").text
        assert read(server, "/disagreements")
