"""Draw docs/images/site-*.png, pictures of the site in Chromium: `.venv/bin/python docs/screenshots.py`."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
QUESTION = "/questions/firms-holding-licenses?destination=Germany"
SIZE: ViewportSize = {"width": 1200, "height": 800}
PROGRAM = [sys.executable, "-m", "kgbuild"]


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Yield the address of a server of `folder`."""
    command = [*PROGRAM, "serve", str(folder), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own program
        told = server.stderr.readline() if server.stderr else ""
        try:
            yield re.findall(r"http://127\.0\.0\.1:\d+", told)[0]
        finally:
            server.terminate()


def overview(page: Page) -> None:
    """Go to the first page."""
    page.goto("/")


def question(page: Page) -> None:
    """Ask a question and open the evidence of a row."""
    page.goto(QUESTION)
    row = page.locator("table.answer tbody tr").filter(has_text="JL MAG").first
    row.locator("td.evidence summary").click()
    page.locator(".bar").evaluate("bar => bar.scrollIntoView()")


def firm(page: Page) -> None:
    """Go to the page of a firm."""
    page.goto(QUESTION)
    page.get_by_role("region", name="Answer").get_by_role("link", name=re.compile("^JL MAG")).first.click()


def article(page: Page) -> None:
    """Go from a fact of the firm to its sentence."""
    firm(page)
    held = page.locator("dl.facts > div").filter(has=page.get_by_text("holds", exact=True)).first
    held.locator("summary").first.click()
    held.locator("blockquote a.sentence").first.click()
    expect(page.locator(".kept .asked").first).to_be_in_viewport()


def editor(page: Page) -> None:
    """Run a saved question in the editor, as a timeline."""
    page.goto("/editor?question=licenses-by-status&view=timeline")
    expect(page.locator("svg.editor-timeline")).to_be_visible()
    # how long it took is another time each time
    page.locator("#editor-status").evaluate(
        "line => line.textContent = line.textContent.replace(/ in .*/, '')"
    )
    page.get_by_role("heading", level=1).click()


PICTURES: dict[str, Callable[[Page], None]] = {
    "overview": overview,
    "question": question,
    "firm": firm,
    "article": article,
    "editor": editor,
}


def main() -> None:
    """Build the example graph, serve it, and take a picture of each page."""
    with tempfile.TemporaryDirectory() as folder:
        command = [*PROGRAM, "build", "examples/articles", "-o", folder]
        subprocess.run(command, capture_output=True, check=True, cwd=ROOT)  # noqa: S603 - our own program
        with served(Path(folder)) as address, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--hide-scrollbars"]
            )
            for name, visit in PICTURES.items():
                context = chromium.new_context(base_url=address, viewport=SIZE, color_scheme="light")
                page = context.new_page()
                visit(page)
                page.wait_for_load_state("networkidle")
                page.screenshot(path=IMAGES / f"site-{name}.png", animations="disabled", caret="hide")
                context.close()
            chromium.close()


if __name__ == "__main__":
    main()
