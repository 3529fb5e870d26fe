"""Rows of delimited text (RFC 4180): commas, quotation marks where needed, one newline a row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_QUOTED: Final = re.compile(r'[",\r\n]')


def csv_row(cells: Iterable[str]) -> str:
    r"""Return one row. The csv module leaves a lone carriage return unquoted in some versions of Python.

    >>> csv_row(["a", "b,c", 'd"e', ""])
    'a,"b,c","d""e",\n'
    """
    return ",".join(map(_cell, cells)) + "\n"


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
