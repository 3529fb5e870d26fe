"""Relations, statistics, disruptions and statements against hand-made gold: kgbuild.evaluate.worded."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from kgbuild.evaluate import Evaluation, Evaluator
from kgbuild.evaluate.parts import MEASURES, TROUBLES, families_of, number
from kgbuild.ontology import Ontology


def name(label: str, *surface: str) -> dict[str, Any]:
    return {"id": None, "name": label, "surface": list(surface)}


def fact(type_: str, line: int | None = 0, **fields: Any) -> dict[str, Any]:
    """Return a gold fact whose evidence is the line of the event with this number, or another line."""
    return {"type": type_, "modality": "asserted", "optional": False, "line": line, **fields}


@pytest.fixture(scope="module")
def judge(news: SimpleNamespace, ontology: Ontology) -> Any:
    def run(drafts: list[Any], facts: list[dict[str, Any]], types: list[str] | None = None) -> Evaluation:
        extraction = news.article("a", *drafts)
        text = extraction.article.text + "Nothing of the kind.\n"
        gold = []
        for given in facts:
            line = given.pop("line")
            e = extraction.events[line] if line is not None else None
            span = (e.start, e.end) if e else (len(text) - 20, len(text))
            gold.append({**given, "evidence": [{"quote": "", "start": span[0], "end": span[1]}]})
        about: dict[str, Any] = {"id": "a", **({"types": types} if types else {})}
        return Evaluator(ontology).evaluate([extraction], {"a": {"article": about, "facts": gold}})

    return run


def counts(found: Evaluation, type_: str, how: str = "strict") -> tuple[int, int, int]:
    score = found.total(type_, how)
    return score.tp, score.fp, score.fn


# ---- relations


def test_a_relation_told_in_parts_is_found_and_no_part_is_false(news: SimpleNamespace, judge: Any) -> None:
    parts = [
        news.draft("relation", "supplies", subject="Alpha Magnets", object=("Firm", "Beta Motors")),
        news.draft("relation", "supplies", subject="Alpha Magnets", object=("Firm", "Gamma Drives")),
    ]
    gold = [
        fact(
            "relation",
            subject=[name("Alpha Magnets Co. Ltd.")],
            predicate="supplies",
            object=[name("Beta Motors"), name("Gamma Drives")],
        )
    ]
    assert counts(judge(parts, gold), "relation") == (1, 0, 0)


def test_gold_that_splits_what_the_text_lists_is_found(news: SimpleNamespace, judge: Any) -> None:
    whole = [
        news.draft(
            "relation",
            "peer_of",
            subject="Alpha Magnets",
            object=[("Firm", "Beta Motors"), ("Firm", "Gamma Drives")],
        )
    ]
    gold = [
        fact("relation", subject=[name(other)], predicate="peer_of", object=[name("Alpha Magnets")])
        for other in ("Beta Motors", "Gamma Drives")
    ]
    assert counts(judge(whole, gold), "relation") == (2, 0, 0)


@pytest.mark.parametrize(
    ("gold", "strict", "relaxed"),
    [
        pytest.param({"object": ["wind turbines", "loudspeakers"]}, (0, 0, 1), (1, 0, 0), id="one of two"),
        pytest.param({"object": ["phones"]}, (0, 1, 1), (1, 0, 0), id="another use"),
        pytest.param({"predicate": "depends_on"}, (0, 1, 1), (0, 1, 1), id="another predicate"),
        pytest.param({"line": None}, (1, 0, 0), (0, 1, 1), id="another place"),
        pytest.param({"optional": True}, (0, 0, 0), (0, 0, 0), id="optional"),
        pytest.param({"object": ["a wind turbine"]}, (1, 0, 0), (1, 0, 0), id="in the singular"),
    ],
)
def test_relations_that_differ(
    news: SimpleNamespace,
    judge: Any,
    gold: dict[str, Any],
    strict: tuple[int, int, int],
    relaxed: tuple[int, int, int],
) -> None:
    event = news.draft(
        "relation", "used_in", subject=("RareEarthElement", "neodymium"), object=("Good", "wind turbines")
    )
    given = {"subject": [name("neodymium")], "predicate": "used_in", "object": ["wind turbines"], **gold}
    found = judge([event], [fact("relation", **given)])
    assert (counts(found, "relation"), counts(found, "relation", "relaxed")) == (strict, relaxed)


@pytest.mark.parametrize(("office", "expected"), [("president of Lynas", 1), ("finance minister", 0)])
def test_an_office_needs_one_word_of_it(
    news: SimpleNamespace, judge: Any, office: str, expected: int
) -> None:
    event = news.draft("relation", "holds_office", subject=("Person", "Ann Example"), object="the president")
    gold = fact("relation", subject=[name("Ann Example")], predicate="holds_office", object=[office])
    assert counts(judge([event], [gold]), "relation")[0] == expected


def test_an_industry_is_known_without_the_word_and_a_described_firm_by_its_words(
    news: SimpleNamespace, judge: Any
) -> None:
    events = [
        news.draft(
            "relation", "depends_on", subject=("Industry", "defence sector"), object=("Good", "magnets")
        ),
        news.draft(
            "relation", "supplies", subject=("UnnamedFirm", "two mills"), object=("Firm", "Beta Motors")
        ),
    ]
    gold = [
        fact("relation", subject=["defense"], predicate="depends_on", object=["permanent magnets"]),
        fact(
            "relation",
            1,
            subject=[name("(mills in the north)", "two mills")],
            predicate="supplies",
            object=[name("Beta Motors")],
        ),
    ]
    assert counts(judge(events, gold), "relation") == (2, 0, 0)


def test_visits_are_relations(news: SimpleNamespace, judge: Any) -> None:
    event = news.draft("visit", "visit", firm="Alpha Magnets", person=("Person", "Ann Example"))
    gold = fact(
        "relation", subject=[name("Alpha Magnets")], predicate="visited_by", object=[name("Ann Example")]
    )
    assert counts(judge([event], [gold]), "relation") == (1, 0, 0)


# ---- statistics

SHARE = {
    "subject": name("rare earths"),
    "measure": "share of world output (production)",
    "value": 70,
    "unit": "percent",
    "reporter": name("China", "China"),
    "partner": [name("World")],
}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({}, 1, id="the same"),
        pytest.param({"value": 70.0}, 1, id="the number in another form"),
        pytest.param({"value": 60, "also_as": {"value": 70, "unit": "percent"}}, 1, id="the other figure"),
        pytest.param({"subject": None}, 1, id="no subject in the gold"),
        pytest.param({"value": 71}, 0, id="another number"),
        pytest.param({"value": None}, 0, id="a number where the gold has none"),
        pytest.param({"unit": "tons"}, 0, id="another unit"),
        pytest.param({"measure": "share of world reserves"}, 0, id="another measure"),
        pytest.param({"reporter": name("Vietnam", "Vietnam")}, 0, id="another reporter"),
        pytest.param({"subject": name("gallium")}, 0, id="another subject"),
        pytest.param(
            {"reporter": name("Government of China", "Beijing")}, 1, id="the government for the country"
        ),
    ],
)
def test_statistics(news: SimpleNamespace, judge: Any, changed: dict[str, Any], expected: int) -> None:
    event = news.draft(
        "trade_stat",
        "production",
        reporter="China",
        subject=("ElementGroup", "rare earths"),
        measure="output",
        value=("Quantity", "70", {"unit": "%"}),
        partner=("WorldRegion", "world", {"name": "World"}),
    )
    found = judge([event], [fact("trade_stat", **{**SHARE, **changed})])
    assert counts(found, "trade_stat")[0] == expected


def test_a_reporter_that_the_gold_infers_may_be_missing_or_be_its_subject(
    news: SimpleNamespace, judge: Any
) -> None:
    events = [
        news.draft(
            "trade_stat", "exports", reporter=who, measure="exports", value=("Quantity", n, {"unit": "CNY"})
        )
        for who, n in ((("Firm", "Alpha Magnets"), "312000000"), ([], "122000000"))
    ]
    gold = [
        fact(
            "trade_stat",
            i,
            subject=name("Alpha Magnets"),
            measure="export revenue",
            value=n,
            unit="CNY",
            reporter=name("China"),
        )
        for i, n in enumerate((312000000, 122000000))
    ]
    assert counts(judge(events, gold), "trade_stat") == (2, 0, 0)


def test_a_fall_is_a_negative_change(news: SimpleNamespace, judge: Any) -> None:
    event = news.draft(
        "trade_stat",
        "price",
        subject=("Mineral", "antimony"),
        measure="price",
        change=("Text", "fell", {"value": "down"}),
        value=("Quantity", "12", {"unit": "%"}),
    )
    for value, expected in ((-12, 1), (12, 0)):
        gold = fact(
            "trade_stat",
            subject=name("antimony"),
            measure="price change",
            value=value,
            unit="percent",
            reporter=None,
        )
        assert counts(judge([event], [gold]), "trade_stat")[0] == expected


@pytest.mark.parametrize(("partners", "expected"), [(["Germany", "Italy"], 1), (["Germany"], 0)])
def test_destinations_are_one_list(
    news: SimpleNamespace, judge: Any, partners: list[str], expected: int
) -> None:
    event = news.draft(
        "trade_stat", "destinations", reporter="China", measure="destinations", partner=["Germany", "Italy"]
    )
    gold = fact(
        "trade_stat",
        subject=None,
        measure="top export destinations",
        value=None,
        unit=None,
        reporter=name("China"),
        partner=[name(p) for p in partners],
    )
    assert counts(judge([event], [gold]), "trade_stat")[0] == expected


@pytest.mark.parametrize(
    ("text", "table", "family"),
    [
        ("export quota, change on the year", MEASURES, "quota"),
        ("share of imports coming from partner", MEASURES, "imports"),
        ("export revenue", MEASURES, "revenue"),
        ("mineral resource", MEASURES, "resources"),
        ("number of patents", MEASURES, "other"),
        ("production halts", TROUBLES, "halt"),
        ("mine closed", TROUBLES, "halt"),
        ("buffer stocks down to weeks of supply", TROUBLES, "shortage"),
        ("supply pressure", TROUBLES, "strain"),
        ("schedule risk lifted", TROUBLES, "other"),
    ],
)
def test_families(text: str, table: Any, family: str) -> None:
    assert family in families_of(text, table)


@pytest.mark.parametrize(
    ("text", "form"), [("70.0", "70"), ("-12", "-12"), ("1000000", "1000000"), ("n/a", "n/a")]
)
def test_numbers_have_one_form(text: str, form: str) -> None:
    assert number(text) == form


# ---- disruptions


@pytest.mark.parametrize(
    ("changed", "strict", "relaxed"),
    [
        pytest.param({}, 1, 1, id="the same"),
        pytest.param({"kind": "plant closed"}, 1, 1, id="a kind of the same family"),
        pytest.param({"kind": "price increase"}, 0, 1, id="another kind"),
        pytest.param({"firm": name("Beta Motors")}, 0, 0, id="another firm"),
        pytest.param({"firm": None}, 0, 1, id="no firm in the gold"),
        pytest.param({"line": None}, 0, 0, id="another place"),
    ],
)
def test_disruptions(
    news: SimpleNamespace, judge: Any, changed: dict[str, Any], strict: int, relaxed: int
) -> None:
    event = news.draft("disruption", "halt", firm="Alpha Magnets", site="mill", what="stopped work")
    found = judge(
        [event], [fact("disruption", **{"firm": name("Alpha Magnets"), "kind": "work halted", **changed})]
    )
    assert (counts(found, "disruption")[0], counts(found, "disruption", "relaxed")[0]) == (strict, relaxed)


# ---- statements


@pytest.mark.parametrize(
    ("speaker", "gold", "expected"),
    [
        pytest.param(("Firm", "Alpha Magnets"), name("Alpha Magnets Co."), 1, id="a firm"),
        pytest.param(("Firm", "Alpha Magnets"), name("Beta Motors"), 0, id="another firm"),
        pytest.param(
            ("Government", "Beijing"), name("Government of China"), 1, id="a capital for a government"
        ),
        pytest.param(("UnnamedSource", "two dealers"), name("(dealers)", "Two dealers"), 1, id="unnamed"),
        pytest.param(
            ("UnnamedSource", "an official"), name("(dealers)", "Two dealers"), 0, id="another unnamed"
        ),
        pytest.param(("Firm", "Alpha Magnets"), name("(dealers)", "Two dealers"), 0, id="a name for no name"),
        pytest.param([], None, 1, id="the writer"),
    ],
)
def test_statements(
    news: SimpleNamespace, judge: Any, speaker: Any, gold: dict[str, Any] | None, expected: int
) -> None:
    event = news.draft("statement", "said", speaker=speaker, content="prices will fall")
    assert counts(judge([event], [fact("statement", speaker=gold)]), "statement")[0] == expected


def test_a_second_statement_in_the_place_of_one_is_false(news: SimpleNamespace, judge: Any) -> None:
    said = [
        news.draft("statement", "said", speaker=("Firm", "Alpha Magnets"), content=c) for c in ("one", "two")
    ]
    gold = [fact("statement", speaker=name("Alpha Magnets"), modality="reported")]
    found = judge(said, gold)
    assert counts(found, "statement") == (1, 1, 0)
    assert found.to_dict()["modality_by_type"] == {"statement": 1.0}


# ---- types


def test_only_annotated_types_are_scored(news: SimpleNamespace, judge: Any) -> None:
    events = [
        news.draft("statement", "said", speaker=("Firm", "Alpha Magnets"), content="one"),
        news.draft("disruption", "halt", firm="Alpha Magnets", what="stopped"),
    ]
    found = judge(events, [fact("statement", speaker=name("Alpha Magnets"))], types=["statement"])
    assert set(found.to_dict()["types"]) == {"statement"}
    assert counts(found, "statement") == (1, 0, 0)


@pytest.mark.parametrize("attributed", ["Alpha Magnets", "the ministry", None])
def test_a_statement_that_the_gold_has_as_another_fact_only_is_false(
    news: SimpleNamespace, judge: Any, attributed: str | None
) -> None:
    said = news.draft("statement", "said", speaker=("Firm", "Alpha Magnets"), content="we have the license")
    gold = fact("license", action="granted", holders=[name("Alpha Magnets")], attributed_to=attributed)
    assert counts(judge([said], [gold]), "statement") == (0, 1, 0)
