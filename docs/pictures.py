"""Draw the pictures of the README from real output: `.venv/bin/python docs/pictures.py`."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
COMMAND = ["query", "firms-holding-licenses", "-p", "destination=US", "--evidence"]


def run(*arguments: str) -> str:
    """Return what `kgbuild` prints for these arguments."""
    done = subprocess.run(  # noqa: S603 - our own program with fixed arguments
        [sys.executable, "-m", "kgbuild", *arguments], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return done.stdout


def draw(command: str, output: str, target: Path) -> None:
    """Write a picture of a terminal that shows `command` and `output`."""
    console = Console(record=True, width=118, file=io.StringIO())
    console.print(Text(f"$ kgbuild {command}", style="bold green"))
    for line in output.splitlines():
        style = "cyan" if "“" in line else "dim" if "characters" in line else ""
        console.print(Text(line, style=style))
    svg = console.export_svg(title="kgbuild", unique_id="answer")
    # the fonts would come from another host; the reader's own monospace font will do
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    target.write_text(svg, "utf-8")


def main() -> None:
    """Build the example graph and draw the answer to the first question."""
    with tempfile.TemporaryDirectory() as folder:
        run("build", "examples/articles", "-o", folder)
        draw(" ".join(COMMAND), run(*COMMAND, "-d", folder), ROOT / "docs" / "images" / "answer.svg")


if __name__ == "__main__":
    main()
