"""Print the tables of docs/quality.md: `.venv/bin/python docs/quality_tables.py GOLD ARTICLES`."""

from __future__ import annotations

import sys
from pathlib import Path

from kgbuild.evaluate import evaluate


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


if __name__ == "__main__":
    print(table(Path(sys.argv[1]), Path(sys.argv[2])))  # noqa: T201 - a script that prints
