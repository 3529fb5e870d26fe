"""Words a second of the extraction, beside spaCy's blank pipeline with a sentencizer in the same run.

    .venv/bin/python benchmarks/extraction.py                      the example articles, five rounds
    .venv/bin/python benchmarks/extraction.py FOLDER --rounds 9    other articles

The peer only splits text into tokens and sentences; what the ratio shows is the cost of everything
else: names, dates, amounts, clauses, events and their roles.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path

import spacy

from kgbuild.articles import read_articles
from kgbuild.model import Article
from kgbuild.ontology import load_ontology
from kgbuild.parallel import make_extractor
from kgbuild.resources import data_dir


def seconds(work: Callable[[], None]) -> float:
    """Return the CPU seconds of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def measure(articles: Sequence[Article], rounds: int) -> None:
    """Print a table of words a second; the two pipelines take turns, so that a busy machine hits both."""
    extractor = make_extractor(load_ontology())
    peer = spacy.blank("en")
    peer.add_pipe("sentencizer")
    words = sum(len(a.text.split()) for a in articles)

    def ours() -> None:
        for article in articles:
            extractor.extract(article)

    def theirs() -> None:
        for article in articles:
            list(peer(article.text).sents)

    for work in (ours, theirs):  # caches are warm in both
        work()
    times: dict[str, list[float]] = {"kgbuild": [], "spaCy": []}
    for _ in range(rounds):
        times["kgbuild"].append(seconds(ours))
        times["spaCy"].append(seconds(theirs))
    events = sum(len(extractor.extract(a).events) for a in articles)
    print(f"Python {platform.python_version()}, spaCy {metadata.version('spacy')}, {platform.machine()}")
    print(
        f"{len(articles)} articles, {words:,} words, {events} events; {rounds} rounds, CPU time of one core\n"
    )
    print(f"{'pipeline':<32}{'words/s, median':>18}{'words/s, best':>18}")
    for name, label in (("kgbuild", "kgbuild extract"), ("spaCy", "spacy.blank('en') + sentencizer")):
        middle, best = statistics.median(times[name]), min(times[name])
        print(f"{label:<32}{words / middle:>18,.0f}{words / best:>18,.0f}")
    ratio = statistics.median(times["kgbuild"]) / statistics.median(times["spaCy"])
    print(f"\nkgbuild takes {ratio:.1f} times the time of the peer")


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("articles", nargs="*", type=Path, default=[data_dir("examples") / "articles"])
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    measure(read_articles(given.articles), given.rounds)


if __name__ == "__main__":
    main()
