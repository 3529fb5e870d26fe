"""Explanations of an extraction, for a terminal and as a page with highlights."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from kgbuild.extract.explanation import SentenceExplanation
    from kgbuild.model import Argument, Event, Mention

#: Groups of mention kinds that share a color: name, kinds, terminal style. What is in no group is a "thing".
GROUPS: Final = (
    ("firm", {"Firm", "UnnamedFirm", "Organization", "TradeAssociation", "NewsOrganization"}, "bold green"),
    ("body", {"Government", "Regulator", "PublicBody", "StockExchange"}, "bold blue"),
    ("place", {"Country", "WorldRegion", "Subdivision", "City"}, "cyan"),
    ("person", {"Person"}, "bold yellow"),
    ("time", {"Time", "Duration"}, "magenta"),
    ("number", {"Quantity", "Ticker"}, "yellow"),
)
_THING: Final = "thing"
_STYLES: Final = {_THING: "red"} | {name: style for name, _, style in GROUPS}
_CSS: Final = """
:root{color-scheme:light dark;--line:#8886}
body{font:16px/1.55 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem}
h2{font-size:1.15rem;margin-top:2.5rem;border-bottom:1px solid var(--line)}
section{margin:0 0 1.1rem;padding:.5rem .8rem;border-left:3px solid var(--line)}
section.told{border-color:#2a7}
p{margin:.2rem 0}
mark{color:inherit;background:#8882;border-radius:3px;padding:0 .15em;border-bottom:2px solid}
mark.firm{border-color:#197a3e;background:#2a72}
mark.body{border-color:#2456b5;background:#36c2}
mark.place{border-color:#087a8c;background:#0aa2}
mark.person{border-color:#96710a;background:#c902}
mark.time{border-color:#8a2f8a;background:#a4a2}
mark.number{border-color:#777}
mark.thing{border-color:#b03030;background:#c332}
.event{font-size:.92rem;margin:.45rem 0 0 .3rem}
.event b{font-weight:650}
.roles{margin:.1rem 0 0 1rem;font-size:.88rem}
.refused{font-size:.88rem;opacity:.75;margin:.3rem 0 0 .3rem}
.legend mark{margin-right:.6em}
"""


def to_lines(sentences: Sequence[SentenceExplanation], title: str) -> Iterator[Any]:
    """Yield rich texts: each sentence with its mentions in color, what it tells below, what was refused."""
    from rich.text import Text  # noqa: PLC0415 - --help must not load what only some commands need

    yield Text(title, style="bold underline")
    for s in sentences:
        line = Text(f"{s.start:>6}  ", style="dim")
        for piece, mention in _pieces(s):
            line.append(re.sub(r"\s+", " ", piece), style=_STYLES[_group(mention)] if mention else "")
        yield Text("")
        yield line
        for heading, roles in _events(s):
            yield Text(f"        + {heading}", style="green")
            for role in roles:
                yield Text(f"            {role}")
        for refused in _rejections(s):
            yield Text(f"        - {refused}", style="dim")


def to_page(explained: Iterable[tuple[str, Sequence[SentenceExplanation]]]) -> str:
    """Return an HTML page for (title, sentences) of each article: no script, nothing from elsewhere."""
    legend = " ".join(f'<mark class="{name}">{name}</mark>' for name in [g for g, _, _ in GROUPS] + [_THING])
    body = [f'<h1>What was read, and why</h1>\n<p class="legend">{legend}</p>']
    for title, sentences in explained:
        body.append(f"<h2>{escape(title)}</h2>")
        body.extend(_section(s) for s in sentences)
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width">\n<title>Explanation of an extraction</title>\n'
        f"<style>{_CSS}</style>\n" + "\n".join(body) + "\n</html>\n"
    )


def _section(s: SentenceExplanation) -> str:
    marked = []
    for piece, mention in _pieces(s):
        if mention is None:
            marked.append(escape(piece))
        else:
            title = escape(_tooltip(mention))
            marked.append(f'<mark class="{_group(mention)}" title="{title}">{escape(piece)}</mark>')
    out = [
        f'<section class="{"told" if s.tellings else "plain"}" id="c{s.start}">',
        f"<p>{''.join(marked)}</p>",
    ]
    for heading, roles in _events(s):
        out.append(f'<p class="event"><b>+</b> {escape(heading)}</p>')
        out.extend(f'<p class="roles">{escape(role)}</p>' for role in roles)
    out.extend(f'<p class="refused">− {escape(refused)}</p>' for refused in _rejections(s))
    return "\n".join([*out, "</section>"])


def _pieces(s: SentenceExplanation) -> Iterator[tuple[str, Mention | None]]:
    """Yield the text of a sentence in pieces, each with its mention; of nested ones the outer."""
    position = s.start
    for mention in sorted(s.mentions, key=lambda m: (m.start, -m.end)):
        if mention.start < position or mention.end > s.end:
            continue
        if mention.start > position:
            yield s.text[position - s.start : mention.start - s.start], None
        yield s.text[mention.start - s.start : mention.end - s.start], mention
        position = mention.end
    if position < s.end:
        yield s.text[position - s.start :], None


def _group(mention: Mention) -> str:
    return next((name for name, kinds, _ in GROUPS if mention.kind in kinds), _THING)


def _tooltip(mention: Mention) -> str:
    via = f", via {mention.via}" if mention.via else ""
    return f"{mention.kind}: {mention.name}{via}"


def _events(s: SentenceExplanation) -> Iterator[tuple[str, list[str]]]:
    for telling, event in s.tellings:
        again = "" if telling == event.tellings[0] else " (told again)"
        speaker = f", says {telling.speaker.name or telling.speaker.text}" if telling.speaker else ""
        stance = f"[{event.polarity}, {event.certainty}]"
        heading = f"{event.type} {event.action} {stance} by rule {telling.rule}{speaker}{again}"
        yield heading, [] if again else [_role(a) for a in _arguments(event)]


def _arguments(event: Event) -> Iterator[Argument]:
    yield from sorted(event.arguments, key=lambda a: (a.role, a.start))


def _role(a: Argument) -> str:
    value = " ".join(x for x in (a.qualifier, a.value, a.unit) if x)
    shown = a.name if a.name and a.name != a.text else value
    means = f" = {shown}" if shown and shown != a.text else ""
    how = f" ({a.derivation})" if a.derivation else " (inferred)" if a.inferred else ""
    return f"{a.role}: “{' '.join(a.text.split())}”{means}, {a.kind}, characters {a.start}-{a.end}{how}"


def _rejections(s: SentenceExplanation) -> Iterator[str]:
    for r in s.rejections:
        shown = " ".join(r.text.split())
        shown = shown if len(shown) <= 90 else shown[:88] + " …"
        yield f"{r.rule}: {r.reason}: “{shown}”"
