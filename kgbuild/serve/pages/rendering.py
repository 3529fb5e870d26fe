"""Templates into answers; everything that comes from a graph or a text is escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import jinja2
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kgbuild.serve.pages.links import thing_url

FOLDER: Final = Path(__file__).parent.parent / "templates"
_NO_NUMBER: Final = "not known"


@cache
def environment() -> jinja2.Environment:
    """Return the environment of all templates: all is escaped, and a missing name is an error."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["thing_url"] = thing_url
    made.filters["exact"] = exact
    made.filters["grouped"] = grouped
    made.filters["plural"] = plural
    made.filters["web"] = web_address
    return made


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **context: object,
) -> HTMLResponse:
    """Return a page made of `template`, a file of the folder, with `context` as its names."""
    page = environment().get_template(template)
    text = page.render(path=request.url.path, **context)
    sent = {"Cache-Control": "no-cache", "Vary": "Accept"} | (headers or {})
    # surrogates that a broken text may hold cannot be sent
    return HTMLResponse(text.encode("utf-8", "replace"), status, sent)


def grouped(number: int | None) -> str:
    """Return a number with commas.

    >>> grouped(12345), grouped(None)
    ('12,345', 'not known')
    """
    return _NO_NUMBER if number is None else f"{number:,}"


def plural(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun.

    >>> plural(1, "article"), plural(2, "article"), plural(2, "country", "countries")
    ('1 article', '2 articles', '2 countries')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def web_address(url: str) -> str:
    """Return an address of the web, "" for any other: a browser would run some of them.

    >>> web_address("https://example.org/a"), web_address("javascript:alert(1)")
    ('https://example.org/a', '')
    """
    return url if url.lower().startswith(("https://", "http://")) else ""


def exact(text: str) -> Markup:
    """Return text as HTML that a browser reads back unchanged: it would make a line feed of a plain CR.

    >>> str(exact("a<b" + chr(13)))
    'a&lt;b&#13;'
    """
    return Markup(str(escape(text)).replace("\r", "&#13;"))  # noqa: S704 - what is put in is escaped
