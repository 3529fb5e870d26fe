"""Disagreements: told apart as contradiction, difference of precision, or a mere likeness."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgbuild.cli import run
from kgbuild.evaluate.verdicts import judge, read_disagreements, read_topics
from kgbuild.pipeline import build, write
from kgbuild.quantities import agree, fineness

GOLD = Path(__file__).parent / "gold"


def _articles(folder: Path, texts: Mapping[str, str]) -> list[Path]:
    paths = []
    for name, text in texts.items():
        path = folder / f"{name}.txt"
        published = "2025-12-12" if "December" in text else "2025-06-12"
        path.write_text(f"---\ntitle: Story {name}\npublished: {published}\n---\n{text}\n", "utf-8")
        paths.append(path)
    return paths


def _found(folder: Path, **texts: str) -> list[tuple[str, str]]:
    made = build(_articles(folder, texts))
    for d in made.disagreements:
        for value in d.values:
            assert value.places
    return [(d.verdict, d.topic) for d in made.disagreements]


GRANT = "On June 11, 2025, China granted JL MAG export licenses for {}."

CASES: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "a region and a country in it": (
        (GRANT.format("Europe"), GRANT.format("Germany")),
        ("precision", "license destination"),
    ),
    "a rounded figure": (
        (
            "JL MAG shares rose 7.89 percent in Shenzhen on June 11, 2025.",
            "JL MAG shares rose nearly 8 percent in Shenzhen on June 11, 2025.",
        ),
        ("precision", "market_move percent"),
    ),
    "another exchange": (
        (
            "JL MAG shares rose 7.9 percent in Shenzhen on June 11, 2025.",
            "JL MAG shares rose 1.96 percent in Hong Kong on June 11, 2025.",
        ),
        ("compatible", "market_move firm"),
    ),
    "a day in a week": (
        (
            "Donald Trump and Xi Jinping spoke by telephone on June 5, 2025.",
            "Donald Trump and Xi Jinping spoke by telephone in the first week of June 2025.",
        ),
        ("precision", "negotiation date"),
    ),
    "two acts for one holder": (
        (GRANT.format("Europe"), "On December 2, 2025, China granted JL MAG export licenses for Japan."),
        ("compatible", "license holder"),
    ),
    "a seat and the province around it": (
        ("Lynas Rare Earths is headquartered in Perth.", "Lynas Rare Earths is headquartered in Australia."),
        ("precision", "firm seat"),
    ),
    "one body under two names": (
        (
            "On June 11, 2025, Beijing granted JL MAG export licenses for Europe.",
            "On June 11, 2025, the Chinese government granted JL MAG export licenses for Europe.",
        ),
        ("precision", "license issuer"),
    ),
    "forms of a name": (
        (GRANT.format("Europe"), GRANT.format("Europe").replace("JL MAG", "JL Mag Rare-Earth Co.")),
        ("compatible", "firm name forms"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_differs_is_found_with_its_verdict(name: str, tmp_path: Path) -> None:
    (a, b), expected = CASES[name]
    assert expected in _found(tmp_path, a=a, b=b)


def test_the_cases_are_all_there() -> None:
    assert len(CASES) >= 8


def test_what_agrees_is_no_disagreement(tmp_path: Path) -> None:
    assert _found(tmp_path, a=GRANT.format("Europe"), b=GRANT.format("Europe")) == []


def test_things_that_have_nothing_in_common_are_not_compared(tmp_path: Path) -> None:
    other = "On June 3, 2025, Japan and Malaysia held talks in Tokyo."
    assert _found(tmp_path, a=GRANT.format("Europe"), b=other) == []


# ---- agreements: final, tentative, or not signed at all

SIGNED = "China and the United States signed a trade deal on June 11, 2025."
TENTATIVE = "China and the United States reached a tentative deal in London."
UNSETTLED = ("contradiction", "agreement certainty")

#: Texts of two articles (the second may be empty), and whether they contradict one another.
AGREEMENTS: dict[str, tuple[str, str, bool]] = {
    "signed, and tentative": (SIGNED, TENTATIVE, True),
    "signed, and denied": (SIGNED, "China and the United States have not signed any trade deal.", True),
    "in effect, and agreed in principle": (
        "The trade deal between China and the United States took effect on June 11, 2025.",
        "China and the United States agreed in principle on a trade deal this week.",
        True,
    ),
    "a headline, and the text below it": (
        f"Trade Deal Takes Effect\n\n{TENTATIVE}", "", True,
    ),
    "a headline, and another article's denial": (
        "Trade Deal Takes Effect\n\nChina and the United States held trade talks in London on June 11, 2025.",
        "China and the United States have not signed any trade deal.",
        True,
    ),
    "agreed in principle first, signed a month later": (
        SIGNED, "China and the United States agreed in principle on a trade deal on May 12, 2025.", False,
    ),
    "a draft and its signing in one text": (
        "China and the United States agreed in principle on a trade deal in May. They signed it in June.",
        "",
        False,
    ),
    "agreements of others": (SIGNED, "India and Japan reached a tentative deal in Tokyo.", False),
    "a headline that the text bears out": (
        "Trade Deal Takes Effect\n\nThe trade deal between India and Japan took effect on June 11, 2025.",
        "",
        False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", AGREEMENTS)
def test_an_agreement_is_final_or_it_is_not(name: str, tmp_path: Path) -> None:
    first, second, contradicts = AGREEMENTS[name]
    texts = {"a": first, **({"b": second} if second else {})}
    assert (UNSETTLED in _found(tmp_path, **texts)) == contradicts


def test_a_headline_does_not_make_an_agreement_take_effect(tmp_path: Path) -> None:
    made = build(_articles(tmp_path, {"a": f"Trade Deal Takes Effect\n\n{TENTATIVE}"}))
    told = [e for x in made.extractions for e in x.events if e.type == "agreement"]
    assert [(e.action, e.certainty) for e in told] == [("agreed", "in-principle")]
    assert "agreement-in-effect-headline" in {t.rule for t in told[0].tellings}
    assert ("contradiction", "agreement certainty") in [(d.verdict, d.topic) for d in made.disagreements]


# ---- as a file and on the command line


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("disagreements")
    made = build(_articles(folder, {"a": GRANT.format("Europe"), "b": GRANT.format("Germany")}))
    write(made, folder / "out")
    return folder / "out"


def test_the_file_quotes_every_place(built: Path) -> None:
    records = [json.loads(line) for line in (built / "disagreements.jsonl").read_text("utf-8").splitlines()]
    (record,) = [r for r in records if r["topic"] == "license destination"]
    quotes = {p["quote"] for value in record["values"] for p in value["places"]}
    assert quotes == {"Europe", "Germany"}


def test_the_command_shows_values_and_quotes(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["disagreements", "-d", str(built), "--verdict", "precision"]) == 0
    out = capsys.readouterr().out
    assert "precision: license destination" in out
    assert "“Germany”" in out
    assert "1 precision" in out


def test_the_command_filters_and_writes_json(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["disagreements", "-d", str(built), "-f", "json", "--verdict", "contradiction"]) == 0
    assert capsys.readouterr().out == ""
    assert run(["disagreements", "-d", str(built), "-f", "json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["verdict"] == "precision"


def test_a_folder_without_the_file_is_a_clear_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["disagreements", "-d", str(tmp_path)]) == 2
    assert "make it with: kgbuild build" in capsys.readouterr().err


# ---- the judge


def _gold(quote: str, text: str, verdict: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    start = text.index(quote)
    facts = {
        name: {"facts": [{"id": f"{name}-f1", "evidence": [{"start": start, "end": start + len(quote)}]}]}
        for name in ("a", "b")
    }
    wanted = [
        {"id": "D1", "verdict": verdict, "values": [{"facts": ["a-f1"]}, {"facts": ["b-f1"]}]},
        {"id": "D2", "verdict": verdict, "values": [{"facts": ["nowhere-f1", "a-f1"]}]},
    ]
    return wanted, facts


def test_a_verdict_is_right_wrong_or_missing(tmp_path: Path) -> None:
    made = build(_articles(tmp_path, {"a": GRANT.format("Europe"), "b": GRANT.format("Germany")}))
    text = made.articles[0].text
    wanted, gold = _gold("export licenses for Europe", text, "precision")
    topics = {"D1": ["license destination"], "D2": ["license issuer"]}
    right = judge(made.disagreements, wanted, gold, topics)
    assert (right.right, right.other_verdict, right.missed, right.false) == (("D1",), (), ("D2",), 0)
    wanted, _ = _gold("export licenses for Europe", text, "contradiction")
    assert judge(made.disagreements, wanted, gold, topics).other_verdict == ("D1",)


def test_disagreements_of_the_annotated_articles() -> None:
    shared = Path(__file__).resolve().parents[2] / "shared"
    if not (shared / "gold" / "merged.json").is_file():
        pytest.skip("the annotated articles are not beside this checkout")
    from kgbuild.evaluate import evaluate

    figures = evaluate(shared / "gold", shared / "articles", topics=read_topics(GOLD)).to_dict()
    counted = figures["disagreements"]
    assert len(read_disagreements(shared / "gold")) == 36
    assert counted["right"] >= 25
    assert counted["false"] <= 2


# ---- numbers


@given(st.decimals(0, 10_000, places=2), st.integers(0, 2))
def test_a_number_agrees_with_itself_rounded(number: Any, places: int) -> None:
    rounded = f"{number:.{places}f}"
    assert agree((f"{number}", ""), (rounded, ""))
    assert fineness(f"{number}", "") >= fineness(rounded, "about")


@pytest.mark.parametrize(
    ("a", "b", "fits"),
    [
        (("7.89", ""), ("8", "nearly"), True),
        (("12", ""), ("8", "nearly"), False),
        (("2650", ""), ("2600", "more-than"), True),
        (("5000", ""), ("2600", "more-than"), False),
        (("71", ""), ("70", "about"), True),
        (("80", ""), ("70", "about"), False),
    ],
)
def test_hedges_have_limits(a: tuple[str, str], b: tuple[str, str], fits: bool) -> None:
    assert agree(a, b) is agree(b, a) is fits
