"""Packs: words and names of one's own, and what is said of those that are malformed."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest
from case_tables import own_extractor

from kgbuild.cli import run
from kgbuild.errors import KgbuildError, LexiconError, OntologyError, PackError
from kgbuild.evaluate import evaluate
from kgbuild.evaluate.lexicon_check import check_lexicon
from kgbuild.evaluate.lexicon_examples import Examples
from kgbuild.evaluate.pack_reference import check_reference, read_reference
from kgbuild.extract import Extractor
from kgbuild.extract.lexicon import load_lexicon
from kgbuild.extract.lexicon_files import FILES
from kgbuild.model import Article
from kgbuild.ontology import load_ontology
from kgbuild.packs import reference_files
from kgbuild.parallel import extract_all, make_extractor
from kgbuild.resources import lexicon_dir

PREFIXES: Final = """@prefix kg: <https://w3id.org/kgbuild/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix firm: <https://w3id.org/kgbuild/id/firm/> .
@prefix body: <https://w3id.org/kgbuild/id/body/> .
@prefix place: <https://w3id.org/kgbuild/id/place/> .
@prefix my: <https://example.org/things/> .
"""
FIRM: Final = 'my:quellgraf a kg:Firm ; skos:prefLabel "Quellgraf"@en .\n'
VERB: Final[dict[str, Any]] = {
    "id": "rubber-stamp-it", "class": "license.give", "action": "granted", "example": "China wugged JL MAG "
    "an export license.", "forms": ["wug", "wugs", "wugged", "wugged", "wugging"],
}  # fmt: skip
NEWS: Final = "Export controls apply.\n\nChina wugged Quellgraf an export license on June 2, 2025.\n"
Make = Callable[..., Path]


@pytest.fixture
def pack(tmp_path: Path) -> Make:
    """Return a function that writes a pack: names of files and what is in them."""

    def make(files: dict[str, object], name: str = "mine") -> Path:
        folder = tmp_path / name
        for path, content in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            lines = content if isinstance(content, list) else [content]
            text = content if isinstance(content, str) else "".join(json.dumps(x) + "\n" for x in lines)
            target.write_text(PREFIXES + text if path.endswith(".ttl") else text, encoding="utf-8")
        return folder

    return make


@pytest.fixture
def whole(pack: Make) -> Path:
    return pack({"lexicon/verbs.jsonl": [VERB], "ontology/firms.ttl": FIRM})


def article(text: str = NEWS, id_: str = "case") -> Article:
    return Article(id_, text, sha256(text.encode()).hexdigest(), published="2025-06-03")


def holders(extractor: Extractor, text: str = NEWS) -> list[str]:
    events = extractor.extract(article(text)).events
    return [a.name for e in events if e.type == "license" for a in e.of("holder")]


def findings(*packs: Path) -> list[str]:
    """Return the findings in packs, with paths from the name of the pack on."""
    found = [f for f in check_lexicon(packs).findings if f.path.parent != lexicon_dir()]
    return [str(f).replace(f"{packs[0].parent}/", "") for f in found]


def thing_findings(*packs: Path) -> list[str]:
    """Return the findings in the reference data of packs, as `findings` does, without reading examples."""
    files, broken = read_reference(reference_files(packs))
    found = broken or check_reference(files, load_ontology(), load_ontology(None, packs))
    return [str(f).replace(f"{packs[0].parent}/", "") for f in found]


# ---- what a pack does


def test_words_and_names_of_a_pack_are_read(whole: Path) -> None:
    extractor = make_extractor(load_ontology(None, [whole]), packs=[whole])
    assert holders(extractor) == ["Quellgraf"]
    assert findings(whole) == []


def test_without_the_pack_nothing_is_left_of_it(whole: Path) -> None:
    before = own_extractor()
    with_pack = make_extractor(load_ontology(None, [whole]), packs=[whole])
    after = make_extractor(load_ontology())
    assert holders(with_pack)
    assert before.extract(article()) == after.extract(article())
    assert not holders(before)
    assert "wugged" not in load_lexicon().phrases
    assert load_ontology().by_name("Quellgraf") == ()


@pytest.mark.parametrize("part", ["lexicon/verbs.jsonl", "lexicon/words.json", "ontology/firms.ttl"])
def test_each_part_changes_the_digest_of_the_rules(pack: Make, part: str) -> None:
    content = {"lexicon/verbs.jsonl": [VERB], "lexicon/words.json": {"saw": ["spied"]}}.get(part, FIRM)
    mine = [pack({part: content})]
    own = own_extractor().rules_digest
    changed = make_extractor(load_ontology(None, mine), packs=mine).rules_digest
    again = make_extractor(load_ontology(None, mine), packs=mine).rules_digest
    assert own != changed == again


def test_two_packs_are_read_together(pack: Make) -> None:
    packs = [pack({"lexicon/verbs.jsonl": [VERB]}, "a"), pack({"ontology/firms.ttl": FIRM}, "b")]
    assert holders(make_extractor(load_ontology(None, packs), packs=packs)) == ["Quellgraf"]
    lexicon = load_lexicon(packs)
    assert lexicon.folders == (lexicon_dir(), packs[0] / "lexicon")
    assert lexicon.entries("verbs.jsonl")[-1]["id"] == VERB["id"]


def test_processes_read_the_pack_too(whole: Path) -> None:
    articles = [article(NEWS, id_) for id_ in ("one", "two", "three")]
    extractor = make_extractor(load_ontology(None, [whole]), packs=[whole])
    found = list(extract_all(articles, extractor, jobs=2, packs=[whole]))
    assert found == [extractor.extract(a) for a in articles]
    assert all(any(e.type == "license" for e in x.events) for x in found)


@pytest.mark.parametrize(
    ("name", "entry", "text", "type_", "action"),
    [
        ("nouns.jsonl", {"id": "wuglet", "class": "license", "forms": ["wuglet"]},
         "China granted JL MAG an export wuglet.", "license", "granted"),
        ("speech_verbs.jsonl", {"id": "burble", "action": "warned", "takes": ["that"], "forms":
         ["burble", "burbles", "burbled", "burbled", "burbling"]},
         "Lynas burbled that terbium is scarce.", "statement", "warned"),
        ("statistics.jsonl", {"id": "wugput", "class": "measure.production", "action": "production",
         "forms": ["wugput"]}, "Wugput of cobalt reached 5,000 tons in 2024.", "trade_stat", "production"),
        ("disruptions.jsonl", {"id": "wug", "class": "work.halt", "action": "halt", "verb":
         ["wug", "wugs", "wugged", "wugged", "wugging"]},
         "Ford wugged production at its Chicago plant in May.", "disruption", "halt"),
        ("relations.jsonl", {"id": "wugged-in", "class": "use.told", "forms": ["wugged in"]},
         "Gallium is wugged in lasers.", "relation", "used_in"),
    ],
)  # fmt: skip
def test_every_reader_takes_the_words_of_the_pack(
    pack: Make, name: str, entry: dict[str, Any], text: str, type_: str, action: str
) -> None:
    mine = pack({f"lexicon/{name}": [entry | {"example": text}]})

    def told(extractor: Extractor) -> set[tuple[str, str]]:
        return {(e.type, e.action) for e in extractor.extract(article(f"Rare earths.\n\n{text}")).events}

    extractor = make_extractor(load_ontology(), packs=[mine])
    assert (type_, action) in told(extractor)
    assert (type_, action) not in told(own_extractor())
    added = load_lexicon([mine]).entries(name)[-1]
    assert (added["id"], Examples(extractor).problem(name, added)) == (entry["id"], "")


def test_furniture_and_legal_forms_of_a_pack(pack: Make) -> None:
    line = {"id": "wug-line", "scope": "line", "pattern": "wug me up.*", "example": "Wug me up, Scotty"}
    mine = pack({"lexicon/boilerplate.jsonl": [line], "lexicon/words.json": {"legal_forms": ["Wugco"]}})
    extractor = make_extractor(load_ontology(), packs=[mine])
    found = extractor.extract(article("Magnets\n\nSabor Metals Wugco rose.\n\nWug me up now\n"))
    assert "wug-line" in {r.rule for r in found.rejections}
    assert "Sabor Metals Wugco" in {m.name for m in found.mentions if m.kind == "Firm"}
    assert findings(mine) == []


# ---- what is no pack


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"words/verbs.jsonl": "", }, r"mine: is no pack: it has neither lexicon/ nor ontology/"),
        ({"ontology/firms.xml": ""}, r"firms\.xml: is not read; the ontology/ of a pack holds Turtle"),
    ],
)  # fmt: skip
def test_a_folder_that_is_no_pack_is_named(pack: Make, files: dict[str, str], message: str) -> None:
    folder = pack(files)
    with pytest.raises(PackError, match=message):
        check_lexicon([folder])
    with pytest.raises(PackError, match=message):
        load_ontology(None, [folder])


def test_a_missing_folder_a_file_and_a_pack_given_twice_are_named(pack: Make, tmp_path: Path) -> None:
    with pytest.raises(PackError, match="nowhere: does not exist; a pack is a folder"):
        load_lexicon([tmp_path / "nowhere"])
    (tmp_path / "file").write_text("")
    with pytest.raises(PackError, match="file: is a file; a pack is a folder"):
        load_lexicon([tmp_path / "file"])
    mine = pack({"lexicon/verbs.jsonl": [VERB]})
    with pytest.raises(PackError, match="mine: is given twice"):
        load_lexicon([mine, mine])
    (tmp_path / "empty" / "ontology").mkdir(parents=True)
    with pytest.raises(PackError, match="is empty; put a Turtle file there"):
        load_ontology(None, [tmp_path / "empty"])


# ---- malformed entries


def entry(**fields: Any) -> dict[str, Any]:
    return {k: v for k, v in (VERB | fields).items() if v is not None}


@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        ("verb.jsonl", "", "verb.jsonl: no file of the lexicon; is it verbs.jsonl?"),
        ("dates.json", "{}", "dates.json: no pack adds to this file of kgbuild; the files are boiler"),
        ("verbs.jsonl", "{\n", "verbs.jsonl:1: not JSON: Expecting property name"),
        ("verbs.jsonl", "\n[1]\n", "verbs.jsonl:2: no entry; write {"),
        ("verbs.jsonl", [entry(action=None)], "verbs.jsonl:1: rubber-stamp-it: lacks action; an entry of ve"),
        ("verbs.jsonl", [entry(forms=["wug"])], "rubber-stamp-it: has 1 forms; give five: base, third, past"),
        ("verbs.jsonl", [entry(forms="wug")], "forms: give a list of words, such as"),
        ("verbs.jsonl", [entry(forms=["Wug", *"bcde"])], "form 'Wug': write it in lower case"),
        ("verbs.jsonl", [entry(forms=[" wug", *"bcde"])], "forms: ' wug' has spaces too many"),
        ("verbs.jsonl", [entry(exmaple="A.")], "has a field 'exmaple' that nothing reads; fields are id, cl"),
        ("verbs.jsonl", [entry(id=7)], "id: give a text in quotes"),
        ("verbs.jsonl", [entry(**{"class": "licence.give"})], "no rule reads class 'licence.give'; is it 'l"),
        ("verbs.jsonl", [entry(action="grantd")], "action 'grantd' is not one of such verbs: applied, denie"),
        ("verbs.jsonl", [entry(), entry()], "verbs.jsonl:2: rubber-stamp-it: the id is taken: mine/lexicon/"),
        ("verbs.jsonl", [entry(id="grant")], "verbs.jsonl:1: grant: the id is taken: "),
        ("nouns.jsonl", [{"id": "n", "class": "license"}], "nouns.jsonl:1: n: lacks forms, example; an entr"),
        ("frames.jsonl", [{"id": "f", "type": "license", "verbs": "license.wug", "voice": "activ", "noun":
         "object", "to": "holder", "example": "A.", "expect": {"action": "granted"}}],
         "frames.jsonl:1: f: voice 'activ' is none of active, passive"),
        ("frames.jsonl", [{"id": "f", "type": "license", "verbs": "license.wug", "voice": "active", "noun":
         "object", "to": "owner", "example": "A.", "expect": {"holdr": "x"}}],
         "to 'owner' is none of holder, issuer, destination, beneficiary, material"),
        ("frames.jsonl", [{"id": "f", "type": "license", "verbs": "license.wug", "voice": "active", "noun":
         "object", "to": "holder", "example": "A.", "expect": {"holdr": "x", "holder": "y"}}],
         'f: expect: lacks action, such as "granted"'),
        ("frames.jsonl", [{"id": "f", "type": "license", "verbs": "license.wug", "voice": "active", "noun":
         "object", "to": "holder", "example": "China is big.", "expect": {"action": "granted"}}],
         "frames.jsonl:1: f: no verb is of class 'license.wug'; add one to verbs.jsonl"),
        ("boilerplate.jsonl", [{"id": "b", "scope": "line", "pattern": "(", "example": "A."}],
         "boilerplate.jsonl:1: b: pattern: no regular expression: missing )"),
        ("statistics.jsonl", [{"id": "s", "class": "level", "example": "A."}],
         "s: lacks forms; give `forms`, or `verb` with the five of a verb"),
        ("speech_verbs.jsonl", [{"id": "s", "action": "said", "forms": list("abcde"), "takes": ["air"],
         "example": "A."}], "s: takes: no such complement: air; they are about, as,"),
        ("speech_nouns.jsonl", [{"id": "s", "class": "animal", "forms": ["wug"], "example": "A wug."}],
         "s: class 'animal' is none of body, channel, firm"),
        ("words.json", '{\n"legal_form": ["X"]}', "words.json:2: legal_form: no rule reads such a list; lis"),
        ("words.json", '{\n\n"legal_forms": "X", "titles": [1]}', "words.json:3: titles: give a list of wor"),
        ("words.json", '{\n"legal_forms": ["X"],\n}', "words.json:3: not JSON: "),
        ("words.json", "[]", "words.json:1: no word lists; write {"),
    ],
)  # fmt: skip
def test_a_malformed_file_is_named_with_line_and_remedy(
    pack: Make, name: str, content: object, wanted: str
) -> None:
    mine = pack({f"lexicon/{name}": content})
    assert any(f"lexicon/{wanted}" in f or wanted in f for f in findings(mine)), findings(mine)
    assert all(f.startswith("mine/lexicon/") for f in findings(mine))
    with pytest.raises(LexiconError, match=r"mine/lexicon/"):
        load_lexicon([mine])


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine" / "lexicon" / "cues.jsonl"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\n\xff\n")
    assert findings(tmp_path / "mine") == [
        "mine/lexicon/cues.jsonl:2: not UTF-8; save the file in that encoding"
    ]


def test_hidden_files_are_left_alone(pack: Make) -> None:
    assert findings(pack({"lexicon/.DS_Store": "", "lexicon/words.json": {"saw": ["spied"]}})) == []


def test_the_same_id_is_free_in_another_class_of_statistics(pack: Make) -> None:
    lines = [
        {"id": "wug", "class": cls, "action": cls.partition(".")[2], "verb": list(forms), "example": text}
        for cls, forms, text in (
            ("change.up", ("wug", "wugs", "wugged", "wugged", "wugging"), "Exports of tin wugged 5 percent."),
            (
                "change.down",
                ("wag", "wags", "wagged", "wagged", "wagging"),
                "Exports of tin wagged 5 percent.",
            ),
        )
    ]
    told = findings(pack({"lexicon/statistics.jsonl": lines}))
    assert not [f for f in told if "taken" in f]
    doubled = findings(pack({"lexicon/statistics.jsonl": [lines[0], lines[0]]}, "again"))
    assert [f for f in doubled if "the id in class 'change.up' is taken: " in f]


def test_a_class_below_a_known_one_is_read(pack: Make) -> None:
    below = {"class": "market.up.wug", "action": "up", "example": "Shares of JL MAG wugged 5 percent."}
    assert findings(pack({"lexicon/verbs.jsonl": [entry(**below)]})) == []


def test_several_findings_are_all_shown_and_the_first_is_raised(pack: Make) -> None:
    mine = pack({"lexicon/verbs.jsonl": [entry(action=None), entry(id="b", forms=["x"])]})
    assert len(findings(mine)) == 2
    with pytest.raises(LexiconError, match=r"verbs\.jsonl:1: .*\(1 more: kgbuild lexicon check shows all\)"):
        load_lexicon([mine])


def test_an_example_that_tells_nothing_is_a_finding(pack: Make) -> None:
    mine = pack({"lexicon/verbs.jsonl": [entry(example="China wugged all day.")]})
    [told] = findings(mine)
    assert told == (
        "mine/lexicon/verbs.jsonl:1: rubber-stamp-it: "
        "example: does not tell license granted; it tells nothing"
    )
    silent = entry(example="China wugged all day.", silent="it stands without an object")
    assert findings(pack({"lexicon/verbs.jsonl": [silent]})) == []


# ---- reference data


@pytest.mark.parametrize(
    ("turtle", "wanted"),
    [
        ("my:a skos:prefLabel 'Quellgraf'@en .", [":7: <https://example.org/things/a>: has no class"]),
        ("my:a a kg:Firm .", [":7: <https://example.org/things/a>: has no preferred Engl"]),
        ('\nmy:a a kg:Firm ; skos:prefLabel "A1"@en , "A2"@en .', [":8: ", "has several preferred English"]),
        ('my:a a kg:Frim ; skos:prefLabel "Quell"@en .', ["class kg:Frim is not in the ontology; is it kg:"]),
        ('my:a a kg:Firm , kg:City ; skos:prefLabel "Quell"@en .', ["has the classes kg:City, kg:Firm; giv"]),
        (FIRM + "my:quellgraf kg:hasHome place:CN .", [":8: ", "the ontology has no property kg:hasHome"]),
        (FIRM + 'my:quellgraf kg:headquarteredIn "Ganzhou" .', ["kg:headquarteredIn takes a thing, such as"]),
        (FIRM + "my:quellgraf kg:headquarteredIn place:ganzhu .", [
            "kg:headquarteredIn: nothing is said of place:ganzhu; is it place:ganzhou?"]),
        (FIRM + 'my:quellgraf skos:altLabel\n "JL-MAG"@en .', [
            ":9: ", "the name 'JL-MAG' is ambiguous: firm:jl-mag (JL MAG Rare-Earth Co. Ltd.) has it too"]),
        ("firm:jl-mag a kg:City .", ["firm:jl-mag: is kg:Firm in kgbuild's own data; give it no other clas"]),
        ('firm:jl-mag skos:prefLabel "JL"@en .', ["is called 'JL MAG Rare-Earth Co. Ltd.' in kgbuild's own"]),
        ('my:b a kg:Regulator ; skos:prefLabel "Ministry of Commerce"@en ; kg:governs place:CN .', [
            "the name 'Ministry of Commerce' is ambiguous: body:cn-mofcom"]),
        ("my:a my:b", [":8:", "not Turtle"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_thing_is_named(pack: Make, turtle: str, wanted: list[str]) -> None:
    told = thing_findings(pack({"ontology/things.ttl": turtle + "\n"}))
    assert told
    assert all(f.startswith("mine/ontology/things.ttl") for f in told)
    assert all(any(part in f for f in told) for part in wanted), told


@pytest.mark.parametrize(
    "turtle",
    [
        FIRM,
        'firm:jl-mag skos:altLabel "Ganzhou wonder"@en .',
        'my:b a kg:Regulator ; skos:prefLabel "Ministry of Commerce"@en ; kg:governs place:FI .',
        'my:c a kg:City ; skos:prefLabel "Lynas"@en ; kg:locatedIn place:AU .',
    ],
)
def test_what_is_right_is_not_found(pack: Make, turtle: str) -> None:
    assert thing_findings(pack({"ontology/things.ttl": turtle})) == []


def test_two_things_of_one_pack_with_one_name(pack: Make) -> None:
    second = 'my:second a kg:Firm ; skos:prefLabel "Second"@en ; skos:altLabel "quellgraf"@en .\n'
    told = thing_findings(pack({"ontology/things.ttl": FIRM + second}))
    assert [t.split(": ")[0] for t in told] == ["mine/ontology/things.ttl:7", "mine/ontology/things.ttl:8"]


def test_a_name_added_to_a_known_firm_is_read(pack: Make) -> None:
    mine = [pack({"ontology/more.ttl": 'firm:jl-mag skos:altLabel "Wugworks"@en .'})]
    text = "Export controls apply.\n\nChina granted Wugworks an export license."
    assert holders(make_extractor(load_ontology(None, mine), packs=mine), text) == [
        "JL MAG Rare-Earth Co. Ltd."
    ]


def test_turtle_that_cannot_be_read_stops_everything_else(pack: Make) -> None:
    mine = pack({"ontology/things.ttl": "my:a my:b"})
    with pytest.raises(OntologyError, match=r"things\.ttl:\d+:\d+: not Turtle"):
        load_ontology(None, [mine])


# ---- the commands


def test_build_extract_and_evaluate_take_a_pack(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], root: Path
) -> None:
    (tmp_path / "a.txt").write_text(NEWS, encoding="utf-8")
    graphs = {}
    for name, options in (("plain", []), ("packed", ["--pack", str(whole)])):
        assert run(["build", str(tmp_path / "a.txt"), "-o", str(tmp_path / name), *options]) == 0
        graphs[name] = (tmp_path / name / "graph.ttl").read_text("utf-8")
    assert "Quellgraf" not in graphs["plain"]
    assert "<https://example.org/things/quellgraf> a kg:Firm" in graphs["packed"]
    digests = [json.loads((tmp_path / n / "manifest.json").read_text())["files"]["graph.ttl"] for n in graphs]
    assert digests[0] != digests[1]
    capsys.readouterr()
    assert run(["extract", str(tmp_path / "a.txt"), "--pack", str(whole)]) == 0
    assert '"Quellgraf"' in capsys.readouterr().out
    assert run(["extract", str(tmp_path / "a.txt"), "--explain", "--pack", str(whole)]) == 0
    assert "license granted" in capsys.readouterr().out
    gold = {
        "article": {"id": "a", "types": ["license"], "published": "2025-06-03"},
        "facts": [],
    }
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "a.json").write_text(json.dumps(gold))
    extra = [
        evaluate(tmp_path / "gold", tmp_path / "texts", packs=packs).scores
        for packs in ([], [whole])
        if _copy(tmp_path)
    ]
    assert [sum(s.fp for s in scores.values()) > 0 for scores in extra] == [False, True]


def _copy(folder: Path) -> bool:
    (folder / "texts").mkdir(exist_ok=True)
    (folder / "texts" / "a.txt").write_text(NEWS, encoding="utf-8")
    return True


@pytest.mark.parametrize("command", ["build", "extract", "evaluate"])
def test_a_bad_pack_stops_a_command_with_one_line(
    pack: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (tmp_path / "a.txt").write_text(NEWS, encoding="utf-8")
    mine = pack({"lexicon/verbs.jsonl": [entry(action=None)]})
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "a.json").write_text(json.dumps({"article": {"id": "a"}, "facts": []}))
    options = {
        "build": [str(tmp_path / "a.txt"), "-o", str(tmp_path / "out")],
        "extract": [str(tmp_path / "a.txt")],
        "evaluate": ["--gold", str(tmp_path / "gold"), "--articles", str(tmp_path)],
    }[command]
    assert run([command, *options, "--pack", str(mine)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "mine/lexicon/verbs.jsonl:1: rubber-stamp-it: lacks action" in error
    assert not (tmp_path / "out").exists()


def test_check_says_what_it_looked_at(whole: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lexicon", "check"]) == 0
    assert capsys.readouterr().out.endswith("; 0 findings\n")
    assert run(["lexicon", "check", "--pack", str(whole)]) == 0
    *_, summary = capsys.readouterr().out.splitlines()
    total = sum(len(load_lexicon([whole]).entries(name)) for name in FILES)
    assert summary.startswith(f"{total} entries, 1 of packs; ")
    assert summary.endswith(" examples read; 1 things of packs; 0 findings")


def test_check_has_three_ends(pack: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = pack({"lexicon/verbs.jsonl": [entry(action=None)]})
    assert run(["lexicon", "check", "--pack", str(mine)]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith(f"{mine}/lexicon/verbs.jsonl:1: rubber-stamp-it: lacks action")
    assert out[-1].endswith("no example read: mend the files first; 1 findings")
    assert run(["lexicon", "check", "--pack", str(tmp_path / "nowhere")]) == 2
    assert "does not exist" in capsys.readouterr().err


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["lexicon"], ["lexicon", "check"]):
        assert run([*command, "--help"]) == 0
        assert "kgbuild lexicon check --pack mine/" in capsys.readouterr().out
    for one in ("build", "extract", "evaluate"):
        assert run([one, "--help"]) == 0
        assert "--pack" in capsys.readouterr().out


def test_errors_of_packs_are_errors_of_kgbuild() -> None:
    assert issubclass(PackError, KgbuildError)
