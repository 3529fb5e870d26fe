"""A browser for the tests of the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

WAIT = 10_000  # milliseconds; an element that is not there by then is missing


@contextmanager
def launched(chromium: str) -> Iterator[Browser]:
    """Yield the browser at the path `chromium`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # the sandbox of the browser wants rights that root in a container does not have
        running = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        running.close()


@dataclass
class Watch:
    """What a page did that it must not do."""

    host: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def begin(self, page: Page) -> None:
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))

    def _request(self, request: Request) -> None:
        self.asked.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    @property
    def elsewhere(self) -> list[str]:
        """Return what was asked of other hosts."""
        asked = [url for url in self.asked if urlsplit(url).scheme not in {"blob", "data"}]
        return [url for url in asked if not url.startswith(f"{self.host}/")]


@contextmanager
def watched(browser: Browser, host: str, *, refused: bool = False, **options: Any) -> Iterator[Page]:
    """Yield a page; afterwards it must have asked no other host, and the browser complained of nothing.

    With `refused`, the server may refuse what the page asks: the browser tells each answer of status 400.
    """
    context = browser.new_context(base_url=host, **options)
    context.set_default_timeout(WAIT)
    page = context.new_page()
    watch = Watch(host)
    watch.begin(page)
    context.on("page", watch.begin)
    try:
        yield page
        page.wait_for_timeout(50)  # for what is told a moment later
        assert watch.asked, "nothing was loaded"
        assert not watch.elsewhere, f"asked of other hosts: {watch.elsewhere}"
        told = [text for text in watch.complaints if not (refused and "status of 400" in text)]
        assert not told, f"told by the browser: {told}"
    finally:
        context.close()


def open_editor(page: Page, address: str = "/editor") -> None:
    """Open the editor and wait until it can be used."""
    from playwright.sync_api import expect

    page.goto(address)
    expect(page.locator("#editor-form[data-ready]")).to_be_visible()


def write_query(page: Page, text: str) -> None:
    """Type `text` in place of what stands in the editor."""
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def run_query(page: Page, text: str, answer: str | re.Pattern[str]) -> None:
    """Run `text` and wait for `answer` in the line that tells how it went."""
    from playwright.sync_api import expect

    write_query(page, text)
    page.keyboard.press("Escape")  # closes what completion offers
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#editor-status")).to_contain_text(answer)
