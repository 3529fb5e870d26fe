"""The second reading on trees. No pipeline is needed: the trees are written by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import pytest
import spacy
from spacy.tokens import Doc, Span

from kgbuild.cli import run
from kgbuild.errors import ExtractionError
from kgbuild.extract import Extractor
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.lexicon import load_lexicon
from kgbuild.extract.licenses import Licenses
from kgbuild.extract.reader import Reader
from kgbuild.extract.voter import Voter, load_pipeline, parser_of
from kgbuild.model import Article, Event
from kgbuild.ontology import load_ontology
from kgbuild.parallel import make_extractor

VOCAB = spacy.blank("en").vocab
#: text -> the words that reach the parser, as "word/head/label"; names are masked.
TREES = {
    "Export licenses were granted to Lynas and Iluka Resources by the Ministry of Commerce.": (
        "Export/1/compound licenses/3/nsubjpass were/3/auxpass granted/3/ROOT to/3/dative Acme/4/pobj "
        "and/5/cc Acme/5/conj by/3/agent the/10/det Congress/8/pobj ./3/punct"
    ),
    "Lynas, which shut a plant in 2024, received an export license.": (
        "Acme/8/nsubj ,/0/punct which/3/nsubj shut/0/relcl a/5/det plant/3/dobj in/3/prep Monday/6/pobj "
        ",/0/punct received/9/ROOT an/12/det export/12/compound license/9/dobj ./9/punct"
    ),
    "Lynas applied for talks and was granted an export license by China.": (
        "Acme/1/nsubj applied/1/ROOT for/1/prep talks/2/pobj and/1/cc was/6/auxpass granted/1/conj an/9/det "
        "export/9/compound license/6/dobj by/6/agent China/10/pobj ./1/punct"
    ),
    "Zeta Widgets received an export license from China.": (
        "Zeta/1/compound Widgets/2/nsubj received/2/ROOT an/5/det export/5/compound license/2/dobj "
        "from/2/prep China/6/pobj ./2/punct"
    ),
    "The miner, Lynas, has received an export license.": (
        "The/1/det miner/6/nsubj ,/1/punct Acme/1/appos ,/1/punct has/6/aux received/6/ROOT an/9/det "
        "export/9/compound license/6/dobj ./6/punct"
    ),
    "Lynas has not received an export license.": (
        "Acme/3/nsubj has/3/aux not/3/neg received/3/ROOT an/6/det export/6/compound license/3/dobj ./3/punct"
    ),
    "The export license that Lynas received covers dysprosium.": (
        "The/2/det export/2/compound license/6/nsubj that/5/dobj Acme/5/nsubj received/2/relcl covers/6/ROOT "
        "copper/6/dobj ./6/punct"
    ),
    "Lynas received a letter about an export license.": (
        "Acme/1/nsubj received/1/ROOT a/3/det letter/1/dobj about/3/prep an/7/det export/7/compound "
        "license/4/pobj ./1/punct"
    ),
    "Has Lynas received an export license?": (
        "Has/2/aux Acme/2/nsubj received/2/ROOT an/5/det export/5/compound license/2/dobj ?/2/punct"
    ),
    "Officials received an export license.": (
        "Officials/1/nsubj received/1/ROOT an/4/det export/4/compound license/1/dobj ./1/punct"
    ),
}  # fmt: skip
ORGS = {"Zeta Widgets received an export license from China.": (0, 2)}


def _doc(text: str) -> Doc:
    parts = [p.rsplit("/", 2) for p in TREES[text].split()]
    heads = [int(head) for _, head, _ in parts]
    if text.startswith("Lynas, which"):
        heads[0] = 9
        heads[8] = 0
    doc = Doc(VOCAB, words=[w for w, _, _ in parts], heads=heads, deps=[d for _, _, d in parts])
    if text in ORGS:
        first, last = ORGS[text]
        doc.ents = (Span(doc, first, last, label="ORG"),)
    return doc


@pytest.fixture(scope="module")
def parts() -> tuple[Reader, Grammar]:
    lexicon = load_lexicon()
    return Reader(list(load_ontology().entities.values()), lexicon), Grammar(lexicon)


def _vote(parts: tuple[Reader, Grammar], text: str) -> list[Event]:
    reader, grammar = parts
    article = Article("case", text, hashlib.sha256(text.encode()).hexdigest())
    _, sentences = reader.read(article)
    coreference = Coreference(grammar, sentences, {"China": "Government of China"})
    licenses = Licenses(text, grammar, coreference, sentences=sentences, makers={})

    def parse(words: Sequence[str]) -> Doc:
        doc = _doc(text)
        assert [t.text for t in doc] == list(words), "the masked words are others than the tree was made for"
        return doc

    return [e for s in sentences for e in Voter(parse, licenses).find(s)]


def _roles(event: Event, role: str) -> set[str]:
    return {a.name for a in event.of(role)}


FOUND = {
    "Export licenses were granted to Lynas and Iluka Resources by the Ministry of Commerce.": (
        "granted", {"Lynas Rare Earths Ltd.", "Iluka Resources Ltd."}, "affirmed",
    ),
    "Lynas, which shut a plant in 2024, received an export license.": (
        "granted", {"Lynas Rare Earths Ltd."}, "affirmed",
    ),
    "Lynas applied for talks and was granted an export license by China.": (
        "granted", {"Lynas Rare Earths Ltd."}, "affirmed",
    ),
    "Zeta Widgets received an export license from China.": ("granted", {"Zeta Widgets"}, "affirmed"),
    "The miner, Lynas, has received an export license.": ("granted", {"Lynas Rare Earths Ltd."}, "affirmed"),
    "Lynas has not received an export license.": ("granted", {"Lynas Rare Earths Ltd."}, "denied"),
    "The export license that Lynas received covers dysprosium.": (
        "granted", {"Lynas Rare Earths Ltd."}, "affirmed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", FOUND)
def test_a_tree_shows_the_holder(parts: tuple[Reader, Grammar], text: str) -> None:
    action, holders, polarity = FOUND[text]
    (event,) = _vote(parts, text)
    assert (event.action, _roles(event, "holder"), event.polarity) == (action, holders, polarity)
    assert event.rule.startswith("voter:")
    for argument in event.arguments:
        assert text[argument.start : argument.end] == argument.text


def test_the_issuer_is_read_behind_by(parts: tuple[Reader, Grammar]) -> None:
    (event,) = _vote(parts, "Lynas applied for talks and was granted an export license by China.")
    assert _roles(event, "issuer") == {"Government of China"}


@pytest.mark.parametrize("text", sorted(TREES.keys() - FOUND.keys()))
def test_nothing_is_told_where_the_license_is_no_object_or_nobody_is_named(
    parts: tuple[Reader, Grammar], text: str
) -> None:
    assert _vote(parts, text) == []


class _Pipeline:
    """A pipeline that knows one tree."""

    vocab = VOCAB
    meta = {"version": "0.0"}  # noqa: RUF012 - as spaCy has it

    def __init__(self, text: str) -> None:
        self._text = text

    @property
    def pipeline(self) -> list[tuple[str, Any]]:
        return [("parser", lambda _doc_: _doc(self._text))]


def test_the_extractor_asks_the_voter_only_where_the_rules_found_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "Zeta Widgets received an export license from China."
    article = Article("case", text, hashlib.sha256(text.encode()).hexdigest())
    ontology = load_ontology()
    plain = make_extractor(ontology)
    monkeypatch.setattr("kgbuild.extract.extractor.load_pipeline", lambda _name: _Pipeline(text))
    voting = make_extractor(ontology, voter="any")
    assert isinstance(voting, Extractor)
    assert voting.rules_digest != plain.rules_digest
    by_rules = [e for e in plain.extract(article).events if e.type == "license"]
    with_voter = [e for e in voting.extract(article).events if e.type == "license"]
    assert with_voter
    assert by_rules in ([], with_voter)


def test_a_pipeline_that_is_not_installed_is_a_clear_error() -> None:
    with pytest.raises(ExtractionError, match="no spaCy pipeline 'no_such_pipeline' is installed"):
        load_pipeline("no_such_pipeline")


def test_the_command_line_says_so_too(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("Lynas received an export license.\n", "utf-8")
    assert run(["extract", str(tmp_path / "a.txt"), "--voter", "no_such_pipeline"]) == 2
    assert "kgbuild downloads none" in capsys.readouterr().err


def test_the_parser_of_a_pipeline_keeps_the_words() -> None:
    doc = parser_of(spacy.blank("en"))(["Acme", "won", "."])
    assert [t.text for t in doc] == ["Acme", "won", "."]
