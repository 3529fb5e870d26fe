"""Names known by their form: kgbuild.extract.names."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgbuild.extract.lexicon import load_lexicon
from kgbuild.extract.names import FoundName, find_unknown_names, share_codes, short_forms


def found(text: str) -> list[tuple[str, str]]:
    return [(n.kind, n.text) for n in find_unknown_names(text, load_lexicon())]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Wuxi Example Magnet Co., Ltd. said so.", "Wuxi Example Magnet Co., Ltd."),
        ("The Example Metals Inc. said so.", "Example Metals Inc."),
        ("Yesterday Sample Resources Limited fell.", "Sample Resources Limited"),
        ("It met Example & Sons PLC there.", "Example & Sons PLC"),
        ("It met Sample Chemie GmbH there.", "Sample Chemie GmbH"),
        ("Shares of Example Mining NV rose.", "Example Mining NV"),
        ("Sample Oyj rose.", "Sample Oyj"),
        ("Sample Refining Sdn. Bhd. rose.", "Sample Refining Sdn. Bhd."),
        ("PT Contoh Nikel Raya lost its permit.", "PT Contoh Nikel Raya"),
        ("A permit of PT Contoh lapsed.", "PT Contoh"),
    ],
)
def test_a_legal_form_tells_a_firm(text: str, name: str) -> None:
    assert ("Firm", name) in found(text)


def test_a_list_of_firms_with_a_form_in_front() -> None:
    text = "Affected are PT Satu Raya, PT Dua, PT Tiga Emas and PT Empat Mining."
    assert [n for _, n in found(text)] == ["PT Satu Raya", "PT Dua", "PT Tiga Emas", "PT Empat Mining"]


@pytest.mark.parametrize(
    "text", ["The company said so.", "Limited supply hurts.", "Co. of the week", "PT said"]
)
def test_a_word_alone_is_no_firm(text: str) -> None:
    assert not [n for n in found(text) if n[0] == "Firm"]


@pytest.mark.parametrize(
    ("bracket", "codes"),
    [
        ("(300748.SZ)", [("300748", "SZ")]),
        ("(300748.SZ; 6680.HK)", [("300748", "SZ"), ("6680", "HK")]),
        ("(NYSE: MP)", [("MP", "NYSE")]),
        ("(ASX:LYC)", [("LYC", "ASX")]),
        ("(TSX-V: UCU)", [("UCU", "TSX-V")]),
        ("(SZSE: 300748)", [("300748", "SZSE")]),
        ("(ILU:ASX)", [("ILU", "ASX")]),
        ("(TSX.V: NDM)", [("NDM", "TSX.V")]),
        ("(TSX: CCO – NYSE: CCJ)", [("CCO", "TSX"), ("CCJ", "NYSE")]),
        ("(ASX: $MEI)", [("MEI", "ASX")]),
        ('(ASX: DYL; "Example" or the "Company")', [("DYL", "ASX")]),
    ],
)
def test_share_codes(bracket: str, codes: list[tuple[str, str]]) -> None:
    assert share_codes(bracket) == codes
    text = f"Example Magnetics {bracket} rose."
    assert ("Ticker", bracket) in found(text)
    assert ("Firm", "Example Magnetics") in found(text)


def test_a_bracket_is_not_always_a_share_code() -> None:
    assert found("Example (see below) rose (7.9 percent).") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("President Maria Example spoke.", "Maria Example"),
        ("Trade Minister Jean-Luc Sample spoke.", "Jean-Luc Sample"),
        ("It was Chief Executive Ann Lee Example who spoke.", "Ann Lee Example"),
    ],
)
def test_a_title_tells_a_person(text: str, name: str) -> None:
    assert ("Person", name) in found(text)


@pytest.mark.parametrize(
    "name", ["Ministry of Mines", "Ministry of Industry and Trade", "Department of Energy", "Trade Ministry"]
)
def test_ministries(name: str) -> None:
    assert ("Regulator", name) in found(f"In May the {name} agreed.")


def test_short_forms_stand_for_the_full_name() -> None:
    text = "Wuxi Example Magnet Co., Ltd. rose. Wuxi Example fell. Wuxi-Example is another word."
    names = find_unknown_names(text, load_lexicon())
    shorter = list(short_forms(text, names, known=frozenset()))
    assert {n.name for n in shorter} == {"Wuxi Example Magnet Co., Ltd."}
    assert "Wuxi Example" in {n.text for n in shorter if n.start > 30}
    assert all(text[n.start : n.end] == n.text for n in shorter)


def test_a_known_name_is_no_short_form() -> None:
    text = "Wuxi Example Magnet Co., Ltd. rose. Wuxi Example fell."
    names = find_unknown_names(text, load_lexicon())
    assert not [
        n for n in short_forms(text, names, known=frozenset({"wuxi example"})) if n.text == "Wuxi Example"
    ]


def in_text(text: str, names: tuple[FoundName, ...]) -> bool:
    return all(text[n.start : n.end] == n.text and n.start < n.end for n in names)


_WORDS = st.sampled_from(
    [
        "Example",
        "Magnet",
        "Co., Ltd.",
        "Inc.",
        "PT",
        "(300748.SZ)",
        "&",
        "and",
        "President",
        "Ministry of",
        "Trade",
        "the",
        ",",
        "\n",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(_WORDS, max_size=40).map(" ".join)))
def test_names_are_pieces_of_the_text(text: str) -> None:
    names = find_unknown_names(text, load_lexicon())
    assert in_text(text, names)
    assert in_text(text, tuple(short_forms(text, names, known=frozenset())))


@pytest.mark.parametrize("piece", ["Aa ", "Aa-", "A&", "PT Aa ", "Department of Aa and ", "(A.B; ", "A.B "])
def test_time_grows_with_the_length_only(piece: str) -> None:
    text = piece * 10_000
    start = time.perf_counter()
    find_unknown_names(text, load_lexicon())
    assert time.perf_counter() - start < 10
