"""A graph as one HTML file: all things with facts and quotes, with a search, without the network."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from kgbuild.export.pages import Line, Page, Pages, Quote, Value

_STYLE: Final = """
:root{color-scheme:light dark}
:root{--ink:#1c2430;--paper:#fff;--line:#c5ccd6;--soft:#f2f5f9;--link:#0b5394;--mute:#5a6675}
@media (prefers-color-scheme:dark){
:root{--ink:#e4e9f0;--paper:#12161c;--line:#465060;--soft:#1c232d;--link:#8ab8f0;--mute:#a3afbf}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
body{margin:0 auto;max-width:64rem;padding:0 1rem 4rem;overflow-wrap:anywhere}
a{color:var(--link)}
header p,.kinds,.source,.property{color:var(--mute)}
search{display:block;position:sticky;top:0;z-index:1;background:var(--paper);padding:.6rem 0}
input{font:inherit;color:inherit;background:var(--soft);border:1px solid var(--line);border-radius:.3rem}
input{padding:.35rem .6rem;width:100%}
nav a{display:inline-block;margin:.1rem .8rem .1rem 0}
h2{margin:2.5rem 0 .5rem;scroll-margin-top:4rem}
article{border-top:1px solid var(--line);padding:.8rem 0;scroll-margin-top:4rem}
article:target{background:var(--soft);outline:.5rem solid var(--soft)}
h3{margin:0;font-size:1.15rem}
h4{margin:.7rem 0 .2rem;font-size:.95rem}
.kinds{margin:0}
ul{margin:.2rem 0;padding-left:1.2rem}
li{margin:.15rem 0}
details{margin:.1rem 0}
summary{cursor:pointer;color:var(--link)}
blockquote{margin:.4rem 0;padding:.1rem .8rem;border-left:3px solid var(--line)}
blockquote p{margin:.1rem 0}
.source{font-size:.9rem}
.stance{font-weight:600}
[hidden]{display:none}
@media print{search{display:none}}
"""
_SCRIPT: Final = """
const box=document.getElementById('search'),count=document.getElementById('count');
const things=[...document.querySelectorAll('article')].map(a=>[a,a.textContent.toLowerCase()]);
box.hidden=false;
box.addEventListener('input',()=>{const wanted=box.value.toLowerCase().split(/\\s+/).filter(Boolean);let n=0;
for(const [a,text] of things){a.hidden=!wanted.every(w=>text.includes(w));n+=!a.hidden}
for(const s of document.querySelectorAll('section'))
s.hidden=![...s.querySelectorAll('article')].some(a=>!a.hidden);
count.textContent=wanted.length?n+' of '+things.length:''});
"""
#: What HTML and its parsers drop or change.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def report_html(pages: Pages, title: str) -> Iterator[str]:
    """Yield the pieces of the file; characters that HTML cannot hold become U+FFFD."""
    policy = f"default-src 'none'; style-src {_digest(_STYLE)}; script-src {_digest(_SCRIPT)}"
    kinds: dict[str, int] = {}
    for number in pages.things:
        kinds[pages.kind(number)] = kinds.get(pages.kind(number), 0) + 1
    slugs = {kind: f"kind-{n}" for n, kind in enumerate(kinds, 1)}
    yield '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<title>{html_text(title)}</title>\n<style>{_STYLE}</style></head>\n<body>\n"
    yield f"<header><h1>{html_text(title)}</h1><p>{len(pages.things)} things. "
    yield "Every quote stands in the article named below it, character for character.</p></header>\n"
    yield '<search><input id="search" type="search" hidden aria-label="Search" '
    yield 'placeholder="Search names, facts and quotes"><span id="count" role="status"></span></search>\n'
    links = (f'<a href="#{slugs[kind]}">{html_text(kind)} ({n})</a>' for kind, n in kinds.items())
    yield f'<nav aria-label="Kinds of things">{"".join(links)}</nav>\n<main>\n'
    last = ""
    for page in pages.pages():
        kind = pages.kind(page.number)
        if kind != last:
            yield (
                "</section>\n" if last else ""
            ) + f'<section><h2 id="{slugs[kind]}">{html_text(kind)}</h2>\n'
            last = kind
        yield from _article(page)
    yield ("</section>\n" if last else "") + f"</main>\n<script>{_SCRIPT}</script>\n</body>\n</html>\n"


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def html_text(text: str) -> str:
    """Return `text` as HTML, in content or in a quoted attribute."""
    return escape(_FORBIDDEN.sub("\ufffd", text).replace("\r", " "))


def _article(page: Page) -> Iterator[str]:
    yield f'<article id="t{page.number}"><h3>{html_text(page.label)}</h3>'
    kinds = ", ".join(page.kinds)
    names = f" · also: {html_text('; '.join(page.names))}" if page.names else ""
    yield f'<p class="kinds">{html_text(kinds)}{names} · <code>{html_text(page.iri)}</code></p>\n'
    claimed = "Only claimed: denied, planned, possible or contested"
    for heading, lines in (("Facts", page.facts), (claimed, page.claimed)):
        if lines:
            yield f"<h4>{heading}</h4>{_list(lines)}\n"
    if page.pointing:
        items = "".join(f"<li>{_pointing(line)}</li>" for line in page.pointing)
        yield f"<h4>Facts that point here</h4><ul>{items}</ul>\n"
    if page.quotes:
        quotes = "".join(f"<blockquote><p>{html_text(quote.text)}</p></blockquote>" for quote in page.quotes)
        yield f"<details><summary>{_count(len(page.quotes))}</summary>{quotes}</details>\n"
    yield "</article>\n"


def _list(lines: Sequence[Line]) -> str:
    return "<ul>" + "".join(f"<li>{_line(line)}</li>" for line in lines) + "</ul>"


def _line(line: Line) -> str:
    parts = _list(line.parts) if line.parts else ""
    quotes = ""
    if line.quotes:
        inside = "".join(map(_quote, line.quotes))
        quotes = f"<details><summary>{_count(len(line.quotes))}</summary>{inside}</details>"
    return f'<span class="property">{html_text(line.property)}</span> {_link(line.value)}{quotes}{parts}'


def _pointing(line: Line) -> str:
    return f'{_link(line.value)} — <span class="property">{html_text(line.property)}</span>'


def _count(number: int) -> str:
    return f"{number} quote{'s' * (number != 1)}"


def _quote(quote: Quote) -> str:
    said = f"{html_text(quote.speaker)}, in " if quote.speaker else ""
    date = f", {html_text(quote.date)}" if quote.date else ""
    stance = f' <span class="stance">{html_text(quote.stance)}</span>' if quote.stance else ""
    source = f'<p class="source">{said}{_link(quote.article)}{date}{stance}</p>'
    return f"<blockquote><p>{html_text(quote.text)}</p>{source}</blockquote>"


def _link(value: Value) -> str:
    text = html_text(value.text)
    return f'<a href="#t{value.page}">{text}</a>' if value.page >= 0 else text
