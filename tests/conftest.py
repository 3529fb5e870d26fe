"""Fixtures for all tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import pytest
from kept_build import copy_files, kept_build, read_build
from serve_process import Server, serving

from kgbuild.claims import Claims, Told
from kgbuild.facts import Comparison, Relation, to_facts
from kgbuild.happenings import Happening, Matcher
from kgbuild.link import Decision, Linker
from kgbuild.model import Argument, Article, Event, Extraction, Mention, Triple
from kgbuild.ontology import Ontology, load_ontology
from kgbuild.resources import data_dir

if TYPE_CHECKING:
    from kgbuild.pipeline import Build

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the top folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Return the folder `shared` beside the checkout; skip where there is none."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("there is no folder `shared` beside the checkout")
    return folder


def find_program(name: str, package: str | None = None) -> str:
    """Return the path of the program `name`; where it is missing skip, or fail in CI (CI=true)."""
    path = shutil.which(name)
    if path is not None:
        return path
    reason = f"{name} is not installed" + (f" (Debian package {package})" if package else "")
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}; .ci/run installs what the tests need", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def needs_program() -> Callable[..., str]:
    """Return `find_program`: `rapper = needs_program("rapper")`."""
    return find_program


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write tests/golden/ anew instead of comparing with it"
    )


# ---- the example articles, built once


@pytest.fixture(scope="session")
def ontology() -> Ontology:
    """Return the ontology that ships."""
    return load_ontology()


@pytest.fixture(scope="session")
def examples() -> Path:
    """Return the folder of the example articles."""
    return data_dir("examples") / "articles"


@pytest.fixture(scope="session")
def kept_examples(
    examples: Path, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return the folder that keeps the build of the example articles; see kept_build.py."""
    cache: pytest.Cache | None = getattr(request.config, "cache", None)
    folder = tmp_path_factory.mktemp("kept") if cache is None else cache.mkdir("example-articles")
    return kept_build(folder, examples)


@pytest.fixture(scope="session")
def example_build(kept_examples: Path) -> Build:
    """Return the build of the example articles."""
    return read_build(kept_examples)


@pytest.fixture(scope="session")
def example_output(kept_examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the output folder of a build of the example articles; tests only read it."""
    return copy_files(kept_examples, tmp_path_factory.mktemp("examples") / "out")


@pytest.fixture(scope="session")
def example_server(example_output: Path) -> Iterator[Server]:
    """Return a server of the example articles' graph, one for all tests of what it shows."""
    with serving(example_output) as running:
        yield running


# ---- articles made up for a test

#: Kind of what fills a role, where a test does not say.
_KINDS: Final = {
    role: kind
    for kind, roles in {
        "Firm": "holder firm beneficiary subject",
        "Government": "issuer imposer party response_to",
        "Country": "destination target reporter partner",
        "Good": "material item excluded_material",
        "Person": "person speaker addressee",
        "Industry": "industry",
        "Site": "site",
        "City": "place",
        "StockExchange": "exchange",
        "Quantity": "percent count quantity price value also",
        "Time": "date announced until period",
        "Duration": "validity duration",
        "Class": "kind",
        "Ticker": "ticker",
        "Text": "window condition undisclosed open_list instrument object measure share change comparison "
        "what cause content topic channel",
    }.items()
    for role in roles.split()
}
#: Kinds of fillers that are values and no names.
_VALUES: Final = frozenset({"Quantity", "Time", "Duration", "Class", "Ticker", "Text"})
#: A filler: its text, or (kind, text), or (kind, text, further fields of the argument).
Filler = str | tuple[str, str] | tuple[str, str, dict[str, Any]]


@dataclass(frozen=True)
class Draft:
    """An event of an article that a test makes up."""

    type: str
    action: str
    roles: dict[str, Filler | list[Filler]]
    polarity: str = "affirmed"
    certainty: str = "actual"
    speaker: Filler | None = None


def draft(type_: str, action: str, **roles: Any) -> Draft:
    """Return an event: `draft("license", "granted", holder="Example Magnets", date="2025-06-11")`."""
    keys = ["polarity", "certainty", *(() if type_ == "statement" else ("speaker",))]
    stance = {key: roles.pop(key) for key in keys if key in roles}
    return Draft(type_, action, roles, **stance)


def write_article(id_: str, *drafts: Draft, countries: Sequence[str] = (), **metadata: str) -> Extraction:
    """Return the extraction of an article that says what `drafts` say, a line each, with true offsets."""
    text = ""
    events = []
    for told in drafts:
        start = len(text)
        text += f"{told.type} {told.action}:"
        arguments = []
        for role, fillers in told.roles.items():
            for filler in fillers if isinstance(fillers, list) else [fillers]:
                text += " "
                arguments.append(_argument(role, filler, len(text)))
                text += arguments[-1].text
        speaker = None
        if told.speaker is not None:
            text += " says "
            speaker = _argument("speaker", told.speaker, len(text))
            text += speaker.text
        events.append(
            Event(
                told.type,
                told.action,
                start,
                len(text),
                tuple(arguments),
                told.polarity,
                told.certainty,
                speaker,
                f"rule-{told.type}",
            )
        )
        text += ".\n"
    mentions = []
    for name in countries:
        mentions.append(Mention(len(text), len(text) + len(name), name, "Country", name))
        text += f"{name}\n"
    article = Article(id_, text, sha256(text.encode()).hexdigest(), **metadata)
    return Extraction(article, "made for a test", tuple(mentions), tuple(events), ())


def _argument(role: str, filler: Filler, start: int) -> Argument:
    kind, text, *more = ("", filler) if isinstance(filler, str) else filler
    kind = kind or _KINDS.get(role, "Firm")
    fields: dict[str, Any] = {"value" if kind in _VALUES else "name": text}
    if kind in {"UnnamedFirm", "UnnamedSource"}:
        fields = {}
    fields |= more[0] if more else {}
    return Argument(role, kind, text, start, start + len(text), **fields)


@dataclass(frozen=True)
class Understood:
    """What becomes of extractions, stage by stage."""

    linker: Linker
    happenings: tuple[Happening, ...]
    told: Told
    facts: frozenset[Triple]
    relations: tuple[Relation, ...]
    decisions: tuple[Decision, ...]


@pytest.fixture(scope="session")
def news(ontology: Ontology) -> SimpleNamespace:
    """Return `draft`, `article` and `understand`, to make up articles and see what becomes of them."""

    def understand(*extractions: Extraction, decided: dict[str, str] | None = None) -> Understood:
        from kgbuild.pipeline import values_of, verify_quotes

        linker = Linker(ontology, decided)
        links = linker.link(extractions)
        happenings, decisions = Matcher(ontology).match(links.events)
        articles = [x.article for x in extractions]
        told = Claims(ontology, linker, articles).to_claims(happenings, links.events)
        verify_quotes(articles, told)
        facts = to_facts(told.claims, frozenset(h.iri for h in happenings if not h.confirmed))
        relations = Comparison(ontology, *values_of(told)).relate(told.claims)
        return Understood(linker, happenings, told, facts, relations, (*linker.decisions, *decisions))

    return SimpleNamespace(draft=draft, article=write_article, understand=understand)
