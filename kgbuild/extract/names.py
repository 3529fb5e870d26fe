"""Names that the ontology does not know: firms by legal form or ticker, people by title, ministries, tickers.

The longer form found first ("Example Magnetics Co. Ltd.") lets its shorter forms be
found in the same article ("Example Magnetics").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from kgbuild.extract.lexicon import Lexicon

#: A capitalized word. Possessive and bounded: a text of thousands of hyphens takes no longer than another.
_CAP = r"[A-Z][\w&’'-]{0,40}+"
_ACCENTED = r"[A-ZÀ-Þ][\w&’'-]{0,40}+"
_CODE = r"(?:[A-Z0-9]{1,6}\.[A-Z]{1,2}|[A-Za-z][A-Za-z.–-]{0,8}(?: [A-Za-z]{1,10}){0,2}:\s?\$?[A-Z0-9.]{1,7})"
#: What stands between two codes: "NYSE: MP; FRA: 3AW", "TSX: CCO – NYSE: CCJ", "ASX: LYC and OTC: LYSDY".
_BETWEEN = r"(?:\s?[;,/|]\s?|\s?[–-]\s?|\s(?:and|&)\s)"
#: What a notice adds to the codes: "; “Example” or the “Company”".
_CALLED = r"[\"“”][^()]{0,60}?[\"“”]"
#: (300748.SZ), (300748.SZ; 6680.HK), (SZSE: 300748), (NYSE: MP), (ASX:LYC), (TSX-V: UCU)
TICKER = re.compile(
    rf"\((?:{_CALLED}[;,] )?{_CODE}(?:{_BETWEEN}{_CODE})*(?:[;,] {_CALLED})?\)"
    rf"|\[[A-Z]{{2,8}}(?:-[A-Z])?:\s?\$?[A-Z0-9.]{{1,7}}\]"
)
_ONE_CODE = re.compile(
    r"(?P<code>[A-Z0-9]{1,6})\.(?P<suffix>[A-Z]{1,2})(?![\w:])"
    r"|(?P<market>[A-Za-z][A-Za-z.-]{0,8}(?: [A-Za-z]{1,10}){0,2}):\s?\$?(?P<symbol>[A-Z0-9.]{1,7})"
)
#: Marks of markets, which some put behind the code.
_MARKETS = frozenset(
    "ASX NYSE NASDAQ TSX TSXV LSE AIM LON HKEX SEHK HKG JSE OTC CSE NSE BSE SGX KRX TYO".split()
)
_BEFORE_TICKER = re.compile(rf"\b(?:{_CAP}|&)(?: (?:{_CAP}|&|and(?= {_CAP})))*,? ?(?:Co\.?,? ?Ltd\.?)? $")
_PLACES = frozenset({"Country", "WorldRegion", "Subdivision", "City"})
_HYPHENED = re.compile(r"-(?:listed|based|traded|owned|backed|controlled|headquartered|born|funded)$")
#: What a ministry is for: "Industry", "Mineral Resources", "Foreign Affairs".
_FIELD = (
    r"[A-Z]\w+(?: (?:Resources|Affairs|Trade|Security|Technology|Development|Protection|Reform|Management"
    r"|Planning|Commerce|Services|Industry|Energy|Relations|Cooperation|Policy|Sustainability|Materials|Petroleum|Safety))*"
)
_OWNS = frozenset({"'s", "’s"})
_IN = re.compile(r"(?:^|[.;,:\n]\s|\b(?:and|while|but) )[Ii]n $")  #: "in" that opens a clause
_MINISTRY = re.compile(
    rf"\b(?:Ministry of (?:the )?{_FIELD}(?:(?:,| and|, and) {_FIELD})*"
    r"|(?!(?:The|This|That|Its|Their|Our|Each) )[A-Z]\w+ Ministry"
    rf"|Department of (?:the )?{_FIELD}(?:(?:,| and|, and) {_FIELD})*)\b"
)
#: What bodies that license and control are for.
_DOMAIN = (
    r"(?:Mines|Mining|Minerals?|Geology|Geological|Environment(?:al)?|Nuclear|Atomic|Radiation|Energy|Customs|Export"
    r"|Licensing|Regulatory|Securities|Competition|Cyberspace|Communications|Petroleum|Hydrocarbons|Forestry|Water"
    r"|Land|Industry|Foreign Trade|Natural Resources|Investment)"
)
#: "Atomic Energy Licensing Board", "Environmental Protection Agency"; no agency of several states.
_BODY = re.compile(
    rf"\b(?!(?:International|World|Global|The|European) )(?:[A-Z][a-z]+ ){{0,2}}{_DOMAIN}"
    r"(?: (?!News|Information|Development|Research|Company|Group|Inc|Corp|Ltd)"
    r"(?:[A-Z][a-z]+|and(?= [A-Z]))){0,3}"
    r" (?:Board|Agency|Authority|Commission|Administration|Bureau|Directorate|Inspectorate)\b(?! [A-Z])"
)
#: "General Directorate of Mines", "Bureau of Mines and Geology".
_BODY_OF = re.compile(
    r"\b(?:(?:General|National|State|Federal|Provincial) )?(?:Directorate|Bureau|Agency|Authority"
    rf"|Inspectorate|Commission|Office|Administration)(?:[ -]General)? (?:of|for) (?:the )?{_DOMAIN}"
    rf"(?:(?:,| and|, and)? (?:{_DOMAIN}|[A-Z][a-z]+))*"
)


#: "Société Minière de Kindia", "Compañía Minera San Cristóbal", "Mineração Serra Azul".
_ROMANCE = re.compile(
    r"\b(?:Soci[ée]t[ée]|Compagnie|Entreprise|Companhia|Compa[ñn][íi]a|Empresa|Sociedad|Minera|Minera[çc][ãa]o"
    r"|Grupo|Siderúrgica|Corporaci[óo]n|Exploitation)"
    r"(?: (?:d[eu]s?|del|d[ao]s?|la|las|les?|los|et|e|y))*(?: (?:d|l)['’])? ?"
    rf"{_ACCENTED}(?:(?: (?:d[eu]s?|del|d[ao]s?|la|les?|los|et|e|y|[dl]['’]))* ?{_ACCENTED}){{0,5}}"
)


def share_codes(bracket: str) -> list[tuple[str, str]]:
    """Return (code, mark of the market) for each share code in a bracket found by TICKER.

    >>> share_codes("(300748.SZ; 6680.HK)")
    [('300748', 'SZ'), ('6680', 'HK')]
    """
    pairs = [(m["code"] or m["symbol"], m["suffix"] or m["market"]) for m in _ONE_CODE.finditer(bracket)]
    return [(b, a) if a in _MARKETS and b not in _MARKETS else (a, b) for a, b in pairs]  # "(ILU:ASX)"


@dataclass(frozen=True, slots=True)
class FoundName:
    """A name found by its form."""

    start: int
    end: int
    text: str
    kind: str
    name: str
    via: str = ""
    short: str = ""  #: firms: the name without its legal form


@cache
def _patterns(
    lexicon_key: tuple[tuple[str, ...], ...],
) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    legal, prefixes, titles = (
        "|".join(re.escape(w) for w in sorted(ws, key=len, reverse=True)) for ws in lexicon_key
    )
    firm = re.compile(
        rf"\b(?P<core>{_CAP}(?: (?:{_CAP}|&|(?<!Group )(?<!Holdings )and(?= {_CAP}))){{0,6}}?)[ ,]{{1,3}}"
        rf"(?P<legal>(?:{legal})(?:[ ,]{{1,3}}(?:{legal})){{0,4}})(?![\w-])"
    )
    prefixed = re.compile(
        rf"\b(?:{prefixes}) (?P<core>{_CAP}(?: (?!(?:{prefixes})\b){_CAP}){{0,4}})(?P<legal>)(?![\w-])"
    )
    person = re.compile(rf"\b(?:{titles}) (?P<name>[A-Z][a-z]+(?:[ -][A-Z][A-Za-z]+){{1,3}})\b")
    return firm, prefixed, person


def find_unknown_names(text: str, lexicon: Lexicon) -> tuple[FoundName, ...]:
    """Return names found by their form, in order of place; they may overlap with known names."""
    lists = ("legal_forms", "legal_prefixes", "titles")
    firm, prefixed, person = _patterns(tuple(lexicon.cased[name] for name in lists))
    found = [*_firms(text, firm, lexicon), *_firms(text, prefixed, lexicon), *_with_ticker(text, lexicon)]
    for match in TICKER.finditer(text):
        found.append(FoundName(match.start(), match.end(), match.group(), "Ticker", match.group()))
    for match in person.finditer(text):
        found.append(
            FoundName(match.start("name"), match.end("name"), match["name"], "Person", match["name"], "title")
        )
    for match in _ROMANCE.finditer(text):
        written = match.group()
        if " " in written:
            end = match.end() - (2 if written[-2:] in _OWNS else 0)
            name = text[match.start() : end]
            found.append(FoundName(match.start(), end, name, "Firm", name, "name of a firm", name))
    for pattern, via in (
        (_MINISTRY, "ministry name"),
        (_BODY, "name of a body"),
        (_BODY_OF, "name of a body"),
    ):
        for match in pattern.finditer(text):
            found.append(
                FoundName(match.start(), match.end(), match.group(), "Regulator", match.group(), via)
            )
    return tuple(sorted(found, key=lambda n: (n.start, -n.end)))


def _openers(lexicon: Lexicon) -> frozenset[str]:
    """Return the words that open a sentence or a phrase and are no part of a name."""
    words = lexicon.words
    return words["determiners"] | words["prepositions"] | words["sentence_openers"]


def _describes(text: str, start: int, words: Sequence[str], lexicon: Lexicon) -> bool:
    """Return whether the first word only describes the firm: "London-listed X", "Peers X and Y"."""
    if len(words) < 2:
        return False
    if any(_HYPHENED.search(w) for w in words[:-1]):
        return True  # each word up to the last such one: "Example Stock Exchange-listed X"
    opens = (
        not start or text[start - 1] == "\n" or text[max(0, start - 2) : start] in {". ", "! ", "? ", ": "}
    )
    role = any(not t.form and t.cls.startswith("role") for t in lexicon.phrases.get(words[0].lower(), ()))
    return opens and role


def _firms(text: str, pattern: re.Pattern[str], lexicon: Lexicon) -> Iterator[FoundName]:
    openers = _openers(lexicon)
    for match in pattern.finditer(text):
        core, start = match["core"], match.start()
        words = core.split()
        # a sentence opener or an adjective of origin is no part of the name: "The Chinese Example Co."
        while words and (words[0].lower() in openers or _describes(text, start, words, lexicon)):
            start += len(words[0]) + 1
            words = words[1:]
        if words:
            end = match.end() - (2 if text[match.end() - 2 : match.end()] in _OWNS else 0)
            if end < match.end():
                words[-1] = words[-1].removesuffix("'s").removesuffix("’s")
            whole = text[start:end]
            yield FoundName(start, end, whole, "Firm", whole, "legal form", " ".join(words))


def _with_ticker(text: str, lexicon: Lexicon) -> Iterator[FoundName]:
    """Yield capitalized names right before a share code in brackets."""
    openers = _openers(lexicon)
    for match in TICKER.finditer(text):
        before = _BEFORE_TICKER.search(text[max(0, match.start() - 90) : match.start()])
        if not before:
            continue
        shift = max(0, match.start() - 90)
        start, end = shift + before.start(), shift + len(before.string.rstrip())
        words = text[start:end].split()
        while words and (words[0].lower() in openers or _describes(text, start, words, lexicon)):
            start += len(words[0]) + 1
            words = words[1:]
        if words and text[end - 2 : end] in _OWNS:
            end, words[-1] = end - 2, words[-1][:-2]
        elif words and words[-1].endswith(("s'", "s’")):
            end, words[-1] = end - 1, words[-1][:-1]
        if words and not all(w.isupper() and len(w) < 3 for w in words):
            yield FoundName(start, end, text[start:end], "Firm", text[start:end], "ticker", text[start:end])


def without_places(
    text: str, names: Sequence[FoundName], known: Mapping[str, Sequence[tuple[str, str, str, bool]]]
) -> tuple[FoundName, ...]:
    """Return `names` without the place before some: "In Amsterdam Example Holding NV lost 7 percent".

    `known` gives the readings of each known name in lower case, the kind first.
    """

    def is_place(words: Sequence[str]) -> bool:
        return any(kind in _PLACES for kind, *_ in known.get(" ".join(words).lower(), ()))

    out = []
    for name in names:
        opened = name.kind == "Firm" and _IN.search(text[max(0, name.start - 12) : name.start])
        words = name.text.split(" ")
        place = next((n for n in (2, 1) if opened and len(words) > n and is_place(words[:n])), 0)
        if place:
            cut = len(" ".join(words[:place])) + 1
            short = name.short.split(" ", place)[-1] if name.short else ""
            rest = name.text[cut:]
            out.append(replace(name, start=name.start + cut, text=rest, name=rest, short=short))
        else:
            out.append(name)
    return tuple(out)


def short_forms(text: str, names: Sequence[FoundName], *, known: frozenset[str]) -> Iterator[FoundName]:
    """Yield later mentions of firms by a shorter form of a name that `names` found in the same text."""
    longest: dict[str, str] = {}
    for name in names:
        if name.kind == "Firm" and name.short and name.name.lower() not in known:
            words = name.short.split()
            # "PT Nurham" is "Nurham" where that is never an ordinary word of the text
            alone = (
                len(words) == 1
                and len(words[0]) > 3
                and not re.search(rf"\b{re.escape(words[0].lower())}\b", text)
            )
            for size in range(len(words), 0 if alone else 1, -1):
                form = " ".join(words[:size])
                if form.lower() not in known:
                    longest.setdefault(form, name.name)
    for form in sorted(longest):
        for match in re.finditer(rf"\b{re.escape(form)}\b(?!-)", text):
            yield FoundName(
                match.start(), match.end(), form, "Firm", longest[form], f"short form of {longest[form]}"
            )
