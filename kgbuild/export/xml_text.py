"""Text for XML 1.0 files: escapes, and a count of the characters that had to be replaced."""

from __future__ import annotations

import re
from typing import Final

#: What is not a Char of XML 1.0, section 2.2; no escape makes these legal.
_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT: Final = "\ufffd"
_CONTENT: Final = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("\r"): "&#13;"}
#: A reader turns bare tabs and line ends of an attribute into spaces.
_ATTRIBUTE: Final = {**_CONTENT, ord('"'): "&quot;", ord("\t"): "&#9;", ord("\n"): "&#10;"}


class XmlText:
    """Escapes text for one file.

    >>> xml = XmlText()
    >>> xml.attribute("AT&T" + chr(0)), xml.replaced
    ('"AT&amp;T�"', 1)
    """

    def __init__(self) -> None:
        self.replaced = 0  #: characters that XML cannot hold, written as U+FFFD

    def content(self, text: str) -> str:
        """Return `text` as the content of an element."""
        return self._clean(text).translate(_CONTENT)

    def attribute(self, text: str) -> str:
        """Return `text` as the value of an attribute, in quotation marks."""
        return f'"{self._clean(text).translate(_ATTRIBUTE)}"'

    def _clean(self, text: str) -> str:
        if _FORBIDDEN.search(text) is None:
            return text
        text, count = _FORBIDDEN.subn(_REPLACEMENT, text)
        self.replaced += count
        return text
