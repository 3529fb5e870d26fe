"""A folder of Markdown pages, one a thing, with links between them: for Obsidian, or any viewer of Markdown.

Source: CommonMark 0.31, sections 2.4 (backslash escapes) and 6.3 (links); YAML 1.2, section 5.7 (escapes).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote as percent

from kgbuild.export.columns import short_name, unique_name
from kgbuild.export.pages import Line, Page, Pages, Quote, Value

INDEX: Final = "index.md"
#: Mark-up of CommonMark, of tables, and of Obsidian: tags, comments, formulas, highlights, marks of blocks.
_SPECIAL: Final = re.compile(r"[\\`*_\[\]#|<>~=^$%]")
_LIST: Final = re.compile(r"^([0-9]+(?=[.)])|(?=[-+]))")  # the beginning of a line that would be a list
_UNPRINTED: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_FORBIDDEN: Final = re.compile("[\x00-\x1f\x7f]")


class Vault:
    """The files of the folder."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        used = {INDEX.casefold()}
        self._paths: dict[int, str] = {}
        for number in pages.things:
            folder = folder_name(pages.kind(number))
            name = short_name(pages.iri(number)).partition(":")[2] or pages.label(number)
            name = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-") or "thing"
            path = unique_name(f"{folder}.{name}", used)
            self._paths[number] = f"{folder}/{path[len(folder) + 1 :]}.md"

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield path and text of each file."""
        yield INDEX, self._index()
        for page in self._pages.pages():
            yield self._paths[page.number], "\n".join(self._page(page)) + "\n"

    def _index(self) -> str:
        lines = ["# Index"]
        last = ""
        for number in self._pages.things:
            kind = self._pages.kind(number)
            if kind != last:
                lines += ["", f"## {markdown(kind)}", ""]
                last = kind
            lines.append(f"- [{markdown(self._pages.label(number))}]({percent(self._paths[number])})")
        return "\n".join(lines) + "\n"

    def _page(self, page: Page) -> Iterator[str]:
        yield "---"
        yield f"iri: {yaml_text(page.iri)}"
        yield "kinds:" + _yaml_list(page.kinds)
        yield "aliases:" + _yaml_list([page.label, *page.names])
        yield "---"
        yield f"# {markdown(page.label)}"
        yield ""
        yield f"*{markdown(', '.join(page.kinds) or 'thing')}*"
        for heading, lines in (("Facts", page.facts), ("Only claimed", page.claimed)):
            if lines:
                yield from ("", f"## {heading}", "")
                for line in lines:
                    yield from self._line(line, "")
        if page.pointing:
            yield from ("", "## Facts that point here", "")
            for line in page.pointing:
                yield f"- {self._link(line.value)} — {markdown(line.property)}"
        if page.quotes:
            yield ""
            yield "## Quotes"
            for quote in page.quotes:
                yield ""
                yield f"> {markdown(quote.text)}"

    def _line(self, line: Line, indent: str) -> Iterator[str]:
        yield f"{indent}- {markdown(line.property)}: {self._link(line.value)}"
        for part in line.parts:
            yield from self._line(part, indent + "    ")
        for quote in line.quotes:
            yield f"{indent}    > {markdown(quote.text)}"
            yield f"{indent}    > — {self._source(quote)}"
            yield ""

    def _source(self, quote: Quote) -> str:
        said = f"{markdown(quote.speaker)}, in " if quote.speaker else ""
        date = f", {markdown(quote.date)}" if quote.date else ""
        stance = f" ({markdown(quote.stance)})" if quote.stance else ""
        return f"{said}{self._link(quote.article)}{date}{stance}"

    def _link(self, value: Value) -> str:
        text = markdown(value.text)
        return f"[{text}](../{percent(self._paths[value.page])})" if value.page in self._paths else text


def folder_name(kind: str) -> str:
    """Return a class's label as the name of a folder."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", kind).strip("-") or "thing"


def markdown(text: str) -> str:
    r"""Return `text` as one line of Markdown that shows these characters, and starts no mark-up.

    >>> print(markdown("a [b](c)\n# *d* <i> AT&T"))
    a \[b\](c) \# \*d\* \<i\> AT&amp;T
    """
    line = " ".join(_FORBIDDEN.sub(" ", text).split())
    line = _SPECIAL.sub(r"\\\g<0>", line).replace("&", "&amp;")
    return _LIST.sub(r"\1\\", line)


def yaml_text(text: str) -> str:
    """Return `text` as a YAML scalar in double quotation marks, on one line."""
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + _UNPRINTED.sub(lambda match: f"\\u{ord(match[0]):04X}", text) + '"'


def _yaml_list(texts: Sequence[str]) -> str:
    return "".join(f"\n  - {yaml_text(text)}" for text in texts) or " []"
