"""License events: kgbuild.extract.licenses and the frames of the lexicon, on sentences in our own words."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from kgbuild.extract import Extractor
from kgbuild.extract.frames import load_frames
from kgbuild.model import Article, Event
from kgbuild.ontology import load_ontology
from kgbuild.parallel import make_extractor

CASES = Path(__file__).with_name("cases") / "licenses.jsonl"
PERMITS = Path(__file__).with_name("cases") / "permits.jsonl"
PUBLISHED = "2025-06-11"
#: Every text is read as the second paragraph of an article on this topic.
TOPIC = "Export controls on rare earths apply in China.\n\n"
#: So are the records on mines, plants, projects and quotas.
MINES = "Mines for rare earths and lithium are planned.\n\n"


def read_cases(path: Path = CASES) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def plain(event: dict[str, Any]) -> bool:
    return bool(event["polarity"] == "affirmed" and event["certainty"] == "actual")


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return make_extractor(load_ontology())


def article(text: str) -> Article:
    return Article("case", text, hashlib.sha256(text.encode()).hexdigest(), published=PUBLISHED)


def licenses(extractor: Extractor, text: str) -> list[Event]:
    return [e for e in extractor.extract(article(text)).events if e.type == "license"]


def names(event: Event, role: str) -> list[str]:
    return sorted({a.name or a.value or a.text for a in event.of(role)})


def told(event: Event) -> dict[str, Any]:
    """Return an event in the form of the records."""
    speaker = event.speaker
    return {
        "action": event.action,
        "polarity": event.polarity,
        "certainty": event.certainty,
        "holders": sorted({h.name or f"unnamed {h.value}".strip() for h in event.of("holder")}),
        "issuer": names(event, "issuer"),
        "destinations": names(event, "destination"),
        "materials": names(event, "material"),
        "beneficiaries": names(event, "beneficiary"),
        "validity": "".join(names(event, "validity")),
        "kind": "".join(names(event, "kind")),
        "date": "".join(names(event, "date")),
        "speaker": (speaker.name or speaker.text) if speaker else "",
    }


def test_there_are_records_enough() -> None:
    cases = read_cases()
    assert len(cases) >= 200
    assert len({c["id"] for c in cases}) == len({c["text"] for c in cases}) == len(cases)
    assert sum(not any(plain(e) for e in c["events"]) for c in cases) >= 80
    assert sum(not c["events"] for c in cases) >= 45
    told_actions = {e["action"] for c in cases for e in c["events"]}
    assert told_actions == {
        "granted", "renewed", "applied", "pending", "denied", "revoked", "suspended", "expired",
    }  # fmt: skip


def test_there_are_records_of_permits_enough() -> None:
    cases = read_cases(PERMITS)
    assert len(cases) >= 200
    assert len({c["id"] for c in cases}) == len({c["text"] for c in cases}) == len(cases)
    assert sum(not any(plain(e) for e in c["events"]) for c in cases) >= len(cases) / 3
    told_actions = {e["action"] for c in cases for e in c["events"]}
    assert told_actions == {
        "granted", "renewed", "applied", "pending", "denied", "revoked", "suspended", "expired",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("topic", "case"),
    [*((TOPIC, c) for c in read_cases()), *((MINES, c) for c in read_cases(PERMITS))],
    ids=lambda c: c["id"] if isinstance(c, dict) else "",
)
def test_record(extractor: Extractor, topic: str, case: dict[str, Any]) -> None:
    rest = [told(e) for e in licenses(extractor, topic + case["text"])]
    for expected in case["events"]:
        fits = [e for e in rest if all(e[key] == value for key, value in expected.items())]
        assert fits, f"{case['text']}\nwanted {expected}\ngot {rest}"
        rest.remove(fits[0])
    assert not rest, f"{case['text']}\nnot wanted: {rest}"


@pytest.mark.parametrize("frame", load_frames(), ids=lambda f: f.id)
def test_example_of_the_frame(extractor: Extractor, frame: Any) -> None:
    found = [told(e) for e in licenses(extractor, TOPIC + frame.example)]
    keys = {"holder": "holders", "issuer": "issuer", "destination": "destinations"}
    fits = [
        e
        for e in found
        if e["action"] == frame.expect["action"]
        and all(sorted(frame.expect[role]) == e[key] for role, key in keys.items() if role in frame.expect)
    ]
    assert fits, f"{frame.example}\ngot {found}"


def test_what_is_not_taken_has_a_reason(extractor: Extractor) -> None:
    text = TOPIC + "JL MAG must obtain a license before it can export magnets."
    refused = [r for r in extractor.extract(article(text)).rejections if r.rule == "license-get-active"]
    assert [r.reason for r in refused] == ["a duty or a right to a license is no license"]
    assert text[refused[0].start : refused[0].end] == refused[0].text


def test_repeated_tellings_are_one_event(extractor: Extractor) -> None:
    text = (
        "JL MAG wins licenses\n\nJL MAG has obtained export licenses for Germany, it said on Monday.\n\n"
        "The magnet maker received the export licenses from the Ministry of Commerce."
    )
    events = licenses(extractor, text)
    assert [told(e)["holders"] for e in events] == [["JL MAG Rare-Earth Co. Ltd."]]
    assert len(events[0].tellings) == 3
    assert told(events[0])["destinations"] == ["Germany"]
    assert told(events[0])["issuer"] == ["Ministry of Commerce"]


def test_the_country_of_a_firm_decides_who_is_meant(extractor: Extractor) -> None:
    opening = TOPIC + "Lynas and JL MAG met in Sydney. "
    ganzhou = licenses(extractor, opening + "Beijing granted the Ganzhou firm export licenses.")
    australian = licenses(
        extractor, opening + "Malaysia renewed the operating license of the Australian miner."
    )
    assert [told(e)["holders"] for e in ganzhou] == [["JL MAG Rare-Earth Co. Ltd."]]
    assert [told(e)["holders"] for e in australian] == [["Lynas Rare Earths Ltd."]]


def test_a_maker_stands_behind_its_product(extractor: Extractor) -> None:
    [event] = licenses(extractor, TOPIC + "Washington has granted export licenses for the H20.")
    [holder] = event.of("holder")
    assert (holder.name, holder.inferred) == ("Nvidia Corp.", True)
    assert "maker" in holder.derivation
