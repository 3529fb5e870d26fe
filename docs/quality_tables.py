"""Print the tables of docs/quality.md: `.venv/bin/python docs/quality_tables.py GOLD ARTICLES`.

With two more paths, QUESTIONS and ASKS, the table of the questions.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from kgbuild import pipeline
from kgbuild.evaluate import evaluate
from kgbuild.evaluate.cells import Comparer
from kgbuild.evaluate.gold import gold_places, read_gold, read_gold_articles
from kgbuild.evaluate.questions import RIGHT, read_asks, read_questions, score
from kgbuild.graph import article_iri
from kgbuild.ontology import load_ontology
from kgbuild.parallel import make_extractor
from kgbuild.store import load_store


def table(gold: Path, articles: Path) -> str:
    """Return the figures of one annotated set as Markdown."""
    figures = evaluate(gold, articles).to_dict()
    lines = [
        "| type | match | precision | recall | F1 | 95 % interval | right / false / missed |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, by_match in figures["types"].items():
        for match, f in by_match.items():
            low, high = f["f1_95"]
            shares = " | ".join(f"{f[key]:.2f}" for key in ("precision", "recall", "f1"))
            counts = f"{f['tp']} / {f['fp']} / {f['fn']}"
            lines.append(f"| {name} | {match} | {shares} | {low:.2f}-{high:.2f} | {counts} |")
    dates, offsets = figures["dates"], figures["offsets"]
    modality = f"Modality: macro F1 {figures['modality_macro_f1']:.2f} among matched facts."
    right, wrong, invented = dates["right"], dates["wrong"], dates["invented_days"]
    told = f"Dates that the text determines: {right} right, {wrong} wrong; invented days: {invented}."
    checked = f"Offsets: {offsets['wrong']} of {offsets['checked']} wrong."
    lines += ["", f"{modality} {told} {checked}"]
    return "\n".join(lines)


def questions_table(gold_folder: Path, folder: Path, questions: Path, asks: Path) -> str:
    """Return how the saved queries answer the annotated questions of a set, as Markdown."""
    gold = read_gold(gold_folder)
    articles = read_gold_articles(gold, folder)
    ontology = load_ontology()
    extractor = make_extractor(ontology)
    extractions = [extractor.extract(article) for article in articles]
    made = pipeline.assemble(articles, extractions, ontology, {}, extractor.rules_digest)
    places = gold_places(gold, gold_folder, {a.id: article_iri(a) for a in articles})
    with tempfile.TemporaryDirectory() as temporary:
        graph = Path(temporary) / "graph.ttl"
        graph.write_text(made.graph.turtle(), "utf-8")
        comparer = Comparer(ontology, places)
        answered = score(load_store(graph), comparer, read_questions(questions), read_asks(asks))
    lines = [
        "| id | verdict | rows wanted | rows answered | missed | in excess |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {a.id} | {a.verdict} | {a.wanted} | {a.found} | {len(a.missed)} | {len(a.extra)} |"
        for a in answered
    ]
    right = sum(a.verdict == RIGHT for a in answered)
    return "\n".join([*lines, "", f"{right} of {len(answered)} questions answered right."])


if __name__ == "__main__":
    given = [Path(word) for word in sys.argv[1:]]
    shown = questions_table(*given) if len(given) == 4 else table(*given)
    print(shown)  # noqa: T201 - a script that prints
