"""What the pages are made of: marks in a text, charts, statements with their sources."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

pytest.importorskip("starlette", reason="kgbuild[serve] is not installed")

from kgbuild.serve.pages.entities import EntityView, Row, ShowEntity
from kgbuild.serve.pages.findings import ShowFindings, read_report
from kgbuild.serve.pages.highlights import Range, cut
from kgbuild.serve.pages.kept_texts import KeptTexts
from kgbuild.serve.pages.links import article_of_id, article_url, claim_url, question_url, thing_url
from kgbuild.serve.pages.overview import ListThings, ShowOverview
from kgbuild.serve.pages.phrases import place_of, words
from kgbuild.serve.pages.things import time_words
from kgbuild.serve.pages.time_axes import axis_over
from kgbuild.store import load_store
from kgbuild.terms import ID, KG, NS, OBJECT_PROPERTIES

GRAPH = """
@prefix kg: <https://w3id.org/kgbuild/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix article: <https://w3id.org/kgbuild/id/article/> .
@prefix certainty: <https://w3id.org/kgbuild/id/certainty/> .
@prefix claim: <https://w3id.org/kgbuild/id/claim/> .
@prefix firm: <https://w3id.org/kgbuild/id/firm/> .
@prefix license: <https://w3id.org/kgbuild/id/license/> .
@prefix polarity: <https://w3id.org/kgbuild/id/polarity/> .
@prefix record: <https://w3id.org/kgbuild/id/record/> .
@prefix segment: <https://w3id.org/kgbuild/id/segment/> .
@prefix status: <https://w3id.org/kgbuild/id/status/> .
@prefix time: <https://w3id.org/kgbuild/id/time/> .
@prefix place: <https://w3id.org/kgbuild/id/place/> .

firm:example a kg:Firm ; rdfs:label "Example Magnets"@en ; kg:holds license:one , license:two .
firm:other a kg:Firm ; rdfs:label "Other Magnets"@en .
license:one a kg:ExportLicense ; rdfs:label "license one"@en ; kg:validForDestination place:DE , place:FR ;
  kg:hasStatusRecord record:granted , record:ended .
license:two a kg:ExportLicense ; rdfs:label "license two"@en .
record:granted a kg:StatusRecord ; rdfs:label "granted: license one"@en ; kg:statusValue status:granted ;
  kg:hasTime time:june .
record:ended a kg:StatusRecord ; rdfs:label "revoked: license one"@en ; kg:statusValue status:revoked ;
  kg:hasTime time:by .
time:june a kg:TimeExtent ; kg:edtf "2025-06" ; kg:earliestStart "2025-06-01T00:00:00Z"^^xsd:dateTime ;
  kg:latestStart "2025-06-30T23:59:59Z"^^xsd:dateTime .
time:by a kg:TimeExtent ; kg:edtf "[..2025-11-02]" ; kg:latestStart "2025-11-02T23:59:59Z"^^xsd:dateTime .

article:a a kg:Article ; rdfs:label "First"@en . article:b a kg:Article ; rdfs:label "Second"@en .
segment:a a kg:TextSegment ; kg:segmentOf article:a ; kg:startOffset 3 ; kg:endOffset 9 .
segment:a kg:exactText "it has" .
segment:b a kg:TextSegment ; kg:segmentOf article:b ; kg:startOffset 0 ; kg:endOffset 4 .
segment:b kg:exactText "says" .
claim:1 a kg:Claim ; kg:claimSubject firm:example ; kg:claimPredicate kg:holds ; kg:claimObject license:one ;
  kg:claimPolarity polarity:affirmed ; kg:claimCertainty certainty:actual ; kg:evidencedBy segment:a .
claim:2 a kg:Claim ; kg:claimSubject firm:example ; kg:claimPredicate kg:holds ; kg:claimObject license:one ;
  kg:claimPolarity polarity:affirmed ; kg:claimCertainty certainty:planned ; kg:evidencedBy segment:b ;
  kg:attributedTo firm:other ; kg:refines claim:1 .
claim:3 a kg:Claim ; kg:claimSubject firm:other ; kg:claimPredicate kg:holds ; kg:claimObject license:two ;
  kg:claimPolarity polarity:affirmed ; kg:claimCertainty certainty:actual ; kg:evidencedBy segment:a .
claim:4 a kg:Claim ; kg:claimSubject firm:other ; kg:claimPredicate kg:holds ; kg:claimObject license:two ;
  kg:claimPolarity polarity:denied ; kg:claimCertainty certainty:actual ; kg:evidencedBy segment:b .
claim:5 a kg:Claim ; kg:claimSubject firm:other ; kg:claimPredicate kg:holds ; kg:claimObject license:one ;
  kg:claimPolarity polarity:denied ; kg:claimCertainty certainty:actual ; kg:evidencedBy segment:b .
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    path = tmp_path_factory.mktemp("pages") / "graph.ttl"
    path.write_text(GRAPH, "utf-8")
    return load_store(path)


def view_of(store: ox.Store, name: str) -> EntityView:
    view = ShowEntity(ID + name)(store)
    assert view is not None
    return view


def rows(view: EntityView, kind: str) -> dict[str, Row]:
    return {row.value.label: row for group in getattr(view, kind) for row in group.rows}


# ---- statements


def test_a_fact_tells_how_many_sources_and_who_says_so(store: ox.Store) -> None:
    row = rows(view_of(store, "firm/example"), "groups")["license one"]
    assert (row.words, row.fact, row.stance) == ("holds", True, "actual")
    assert (row.articles, row.voices) == (2, ("First", "Other Magnets"))
    assert row.others == (("planned", 1),)
    assert [q.differs for q in row.quotes] == [(), ("refines",)]


def test_a_fact_without_an_article_is_reference_data(store: ox.Store) -> None:
    assert set(rows(view_of(store, "firm/example"), "reference")) == {"license two"}


def test_what_is_denied_or_contested_is_no_fact(store: ox.Store) -> None:
    view = view_of(store, "firm/other")
    assert view.groups == ()
    assert {g.title: [r.value.label for r in g.rows] for g in view.only_claimed} == {
        "Told as so, and denied": ["license two"],
        "Denied": ["license one"],
    }


def test_the_value_of_a_fact_has_it_the_other_way_round(store: ox.Store) -> None:
    row = rows(view_of(store, "license/one"), "groups")["Example Magnets"]
    assert row.words == "held by"
    assert row.value.url == "/id/firm/example"


def test_nothing_is_known_of_what_the_graph_does_not_have(store: ox.Store) -> None:
    assert ShowEntity(ID + "firm/nobody")(store) is None
    assert ShowEntity(ID + "firm/no iri")(store) is None


def test_all_properties_have_words_in_both_directions() -> None:
    for name in sorted(OBJECT_PROPERTIES):
        for inverse in (False, True):
            shown = words(NS + name, "has some label", inverse=inverse)
            assert shown
            assert not shown.startswith("has some")
            assert place_of(NS + name, inverse=inverse) >= (0, 0)


# ---- charts


def test_the_history_of_a_license_is_in_order_of_time(store: ox.Store) -> None:
    history = view_of(store, "license/one").history
    assert history is not None
    granted, revoked = history.lanes
    assert (granted.name, revoked.name) == ("granted", "revoked")
    assert (granted.marks[0].kind, revoked.marks[0].kind) == ("dated", "by")
    assert granted.marks[0].width > 20, "a month wide"
    assert revoked.marks[0].title == "revoked: by 2025-11-02"
    assert 0 < granted.marks[0].x < revoked.marks[0].x <= history.width
    assert {tick.label for tick in history.ticks} >= {"Jul 2025", "Oct 2025"}


def test_a_firm_has_the_stages_of_its_licenses(store: ox.Store) -> None:
    history = view_of(store, "firm/example").history
    assert history is not None
    assert [(lane.name, len(lane.marks)) for lane in history.lanes] == [("license one", 2)]


def test_the_neighborhood_is_the_same_each_time_and_no_boxes_overlap(store: ox.Store) -> None:
    for name in ("firm/example", "license/one", "place/DE"):
        drawn = view_of(store, name).neighborhood
        assert drawn is not None
        assert drawn == view_of(store, name).neighborhood
        places = [(b.x, b.y) for b in drawn.boxes]
        for x, y in places:
            assert 0 <= x <= drawn.width - 210
            assert 0 <= y <= drawn.height - 38
            assert sum(abs(x - a) < 210 and abs(y - b) < 38 for a, b in places) == 1
        assert [b.center for b in drawn.boxes].count(True) == 1
        assert all(b.url.startswith("/id/") for b in drawn.boxes)


@settings(deadline=None)
@given(st.lists(st.integers(1, 3_652_059), min_size=1, max_size=5))
@example([1])
@example([3_652_059])
def test_days_are_on_the_axis_in_their_order(days: list[int]) -> None:
    axis = axis_over(days, 10, 500)
    assert axis is not None
    xs = [axis.x(day) for day in sorted(days)]
    assert [10, *xs, 500] == sorted([10, *xs, 500])
    ticks = axis.ticks()
    assert len(ticks) <= 8
    assert [t.x for t in ticks] == sorted(t.x for t in ticks)


def test_an_axis_without_days_is_none() -> None:
    assert axis_over([], 0, 1) is None


# ---- the first page


def test_the_overview_counts_what_articles_tell_of(store: ox.Store) -> None:
    view = ShowOverview()(store)
    counts = {count.name: count.number for count in view.counts}
    assert (counts["articles"], counts["claims"], counts["firms"], counts["licenses"]) == (2, 5, 2, 2)
    assert view.matrix is not None
    assert [place.label for place in view.matrix.places] == ["France", "Germany"]
    firm, cells = view.matrix.rows[0]
    assert firm.label == "Example Magnets"
    assert [cell.number for cell in cells] == [1, 1, 1], "the last is the license without a destination"
    assert view.bars is not None
    assert sum(lane.number for lane in view.bars.lanes) == 2
    assert [entry.stage for entry in view.latest] == ["revoked", "granted"]


def test_lists_of_things_leave_out_reference_data_unless_asked(store: ox.Store) -> None:
    told, total, label = ListThings(KG.Firm, "", False, 0, 10)(store)
    assert ([r.label for r in told], total, label) == (["Example Magnets", "Other Magnets"], 2, "firm")
    _, everything, _ = ListThings(KG.Firm, "", True, 0, 10)(store)
    assert everything > 100
    found, _, _ = ListThings(KG.Firm, "oTHER m", False, 0, 10)(store)
    assert [r.label for r in found] == ["Other Magnets"]


# ---- texts

RANGES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6)


@settings(deadline=None)
@given(st.text(max_size=40), RANGES, RANGES, RANGES)
@example("", [(0, 3)], [], [])
@example("abc", [(0, 3), (1, 1), (1, 2)], [(0, 2), (1, 3)], [(2, 9)])
def test_pieces_are_the_text_and_know_what_they_lie_in(
    text: str, places: list[tuple[int, int]], mentions: list[tuple[int, int]], refused: list[tuple[int, int]]
) -> None:
    in_places, in_mentions, in_refused = (
        [Range(*r, n) for n, r in enumerate(ranges)] for ranges in (places, mentions, refused)
    )
    pieces = cut(text, in_places, in_mentions, in_refused, Range(1, 3, 0))
    assert "".join(p.text for p in pieces) == text
    at = 0
    for piece in pieces:
        assert piece.start == at
        assert piece.text
        for offset in range(at, at + len(piece.text)):
            assert set(piece.places) == {
                n for n, (s, e) in enumerate(places) if s <= offset < e and s < len(text)
            }
            inside = [(e - s, s, n) for n, (s, e) in enumerate(mentions) if s <= offset < e and s < len(text)]
            assert piece.mention == (min(inside)[2] if inside else -1)
            assert piece.asked == (1 <= offset < 3)
        at += len(piece.text)
    begun = [n for piece in pieces for n in piece.begins]
    assert sorted(begun) == [n for n, (s, _) in enumerate(places) if s < len(text)]


def test_a_text_that_has_changed_is_not_shown(tmp_path: Path) -> None:
    article = article_of_id("one")
    (tmp_path / "articles").mkdir()
    kept = tmp_path / "articles" / f"{article.rpartition('/')[2]}.txt"
    kept.write_text("It was so.\n", "utf-8")
    digest = hashlib.sha256(b"It was so.\n").hexdigest()
    texts = KeptTexts(tmp_path, tmp_path)
    assert texts.of(article, digest).text == "It was so.\n"
    kept.write_text("It was not so.\n", "utf-8")
    assert texts.of(article, digest).text is None
    assert texts.of(f"{ID}article/../../secret", digest).text is None


def test_times_in_words() -> None:
    told = ["2025-06", "[..2025-06-11]", "[2025-04-21..]", "../2026-11-10", "2025-01/..", "2024?"]
    assert [time_words(t) for t in told] == [
        "2025-06",
        "by 2025-06-11",
        "2025-04-21 or later",
        "until 2026-11-10",
        "from 2025-01 on",
        "perhaps 2024",
    ]


# ---- addresses


def test_addresses_keep_what_an_iri_says() -> None:
    assert thing_url(ID + "time/%5B..2025-06-11%5D") == "/id/time/%5B..2025-06-11%5D"
    assert thing_url("javascript:alert(1)") == ""
    assert thing_url(ID + 'x/"><b>') == "/id/x/%22%3E%3Cb%3E"
    article = ID + "article/one-1"
    assert thing_url(article) == article_url(article) == "/articles/one-1"
    assert claim_url(article, ID + "claim/ab") == "/articles/one-1?claim=ab#claim-ab"
    assert question_url("q", destination="a&b") == "/questions/q?destination=a%26b"


# ---- the validation


def test_a_report_is_read_as_it_was_written(store: ox.Store, tmp_path: Path) -> None:
    (tmp_path / "validation.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "[] a sh:ValidationReport ; sh:result [ a sh:ValidationResult ; sh:resultSeverity sh:Warning ;\n"
        f"  sh:focusNode <{ID}firm/example> ; sh:sourceShape <urn:s#Advice> ; sh:resultMessage 'Do it.' ] ,\n"
        f"  [ a sh:ValidationResult ; sh:resultSeverity sh:Violation ; sh:focusNode <{ID}firm/other> ;\n"
        "  sh:sourceShape <urn:s#Rule> ; sh:resultMessage 'Mend it.' ] .\n",
        "utf-8",
    )
    report = read_report(tmp_path)
    assert report.counts() == {"Violation": 1, "Warning": 1, "Info": 0}
    found = ShowFindings(report.results)(store)
    assert [(f.severity, f.shape, f.things[0].label) for f in found] == [
        ("Violation", "Rule", "Other Magnets"),
        ("Warning", "Advice", "Example Magnets"),
    ]
    (tmp_path / "validation.ttl").write_text("this is no Turtle", "utf-8")
    assert not read_report(tmp_path).known
