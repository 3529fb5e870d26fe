"""Acts on licenses that a sentence does not tell as such.

What others ask for, the end of a review, an application that is sent off.
"""

from __future__ import annotations

from typing import Final

from kgbuild.extract.frames import Frame
from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.units import Sentence

#: Verbs by which somebody who decides nothing wants a license taken or kept back.
_ASKING: Final = frozenset(
    "ask asks asked asking urge urges urged urging petition petitions petitioned petitioning press presses "
    "pressed pressing beg begs begged lobby lobbies lobbied lobbying implore implored".split()
)
_CALLING: Final = frozenset({"call", "calls", "called", "calling", "appeal", "appeals", "appealed"})
_AGAINST: Final = frozenset({"license.deny", "license.revoke"})
_ENDING: Final = ("end", "ends", "ended", "ending")
_OPENING: Final = frozenset("a an the its their that any years months weeks all".split())
#: What a license can end on without having an object: "ended the year before".
_SPANS: Final = frozenset("year month week day moment minute quarter same next following previous".split())


def refusal(grammar: Grammar, s: Sentence, frame: Frame, group: VerbGroup) -> str:
    """Return why the verb of `group` in `frame` tells no act on a license, or ""."""
    if frame.verbs in _AGAINST and group.infinitive and _asked_of_another(grammar, s, group):
        return "what somebody asks a body to do is not done"
    if frame.verbs == "license.lapse" and _ends_another(s, group):
        return "what a license ends is another thing"
    if frame.verbs == "license.go" and _sent_off(s, group):
        return "an application that is sent off is no license"
    return ""


def _asked_of_another(grammar: Grammar, s: Sentence, group: VerbGroup) -> bool:
    """Return whether an infinitive is what a body is asked for: "asked the court to refuse the permit"."""
    left, _ = grammar.clause(s, group.verb)
    for i in range(group.first - 1, max(left, group.first - 12) - 1, -1):
        unit = s.units[i]
        if unit.low in _ASKING or unit.low.startswith(("call on", "calls on", "called on", "calling on")):
            return i < group.first - 2  # "asked to revoke": nobody is asked
        if unit.low in _CALLING and i + 1 < len(s.units) and s.units[i + 1].low in {"on", "upon", "to"}:
            return i < group.first - 2
        if unit.text in {",", ";", ":"}:
            return False
    return False


def _ends_another(s: Sentence, group: VerbGroup) -> bool:
    """Return whether "end" has an object: "the permit ends a review that took eight years"."""
    if s.units[group.verb].low not in _ENDING or group.passive:
        return False
    behind = s.units[group.verb + 1 : group.verb + 4]
    timed = any(u.kind == "Time" or u.low in _SPANS for u in behind)
    return bool(behind) and behind[0].low in _OPENING and not timed


def _sent_off(s: Sentence, group: VerbGroup) -> bool:
    """Return whether what goes to somebody is an application: "the application will go to the council"."""
    before = s.units[max(0, group.first - 8) : group.first]
    return any(u.has(c) for u in before for c in ("license.application", "license.request", "license.papers"))
