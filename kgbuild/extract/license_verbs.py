"""Whether a word that can be a verb of licensing is one here, and governs a license."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.grammar import PRONOUNS, Grammar, VerbGroup
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.license_shipping import LETTING
from kgbuild.extract.stance import Stance
from kgbuild.extract.units import BODIES, FIRM, PLACES, Sentence, Unit

#: What can stand between a license and a clause about it: "a license is needed, which X will seek".
_OPENS_RELATIVE: Final = frozenset(
    {",", "that", "which", "is", "are", "was", "were", "needed", "required", "still", "also"}
)


_LOSING: Final = (
    "license.revoke",
    "license.deny",
    "license.apply",
    "license.lapse",
    "license.lose",
    "license.await",
)
#: Verbs of a firm that speaks of a license of its own.
_GLAD: Final = frozenset("welcomes welcomed hails hailed thanked thanks applauded regretted regrets".split())
WANTS: Final = frozenset({"want", "wants", "wanted"})
_WHEN: Final = frozenset({"after", "under", "by", "from", "upon"})
_ASIDE: Final = (["rather", "than"], ["instead", "of"])
_SLOW: Final = frozenset(
    "delay delays delayed slow slowness sluggish difficulty difficulties trouble problems reluctance "
    "hesitation interest backlog".split()
)
_ONCE: Final = frozenset({"when", "if", "once", "until", "unless"})
_MAY: Final = frozenset({"can", "could", "may", "might"})
_PAPERS: Final = frozenset(
    "document documents documentation dossier dossiers paperwork papers forms plans proposal".split()
)
#: Words in "-ed" that stand before a noun.
_DESCRIBING: Final = frozenset("limited required needed so-called related restricted unrestricted".split())
_MANNERS: Final = frozenset(
    "arbitrarily lightly blindly indiscriminately automatically unconditionally hastily carelessly".split()
)


def is_license_verb(s: Sentence, i: int, tag: Tag) -> bool:
    """Return whether a word that is a license noun or an adjective as well is a verb here."""
    before = s.units[i - 1] if i else None
    after = s.units[i + 1] if i + 1 < len(s.units) else None
    noun = any(not t.form and t.cls == "license" for t in s.units[i].tags)
    auxiliary = before is not None and before.low in {
        "to",
        "will",
        "would",
        "not",
        "may",
        "can",
        "could",
        "might",
    }
    if noun and tag.form in {"base", "third"}:
        receiver = after is not None and (
            after.kind not in {"", "Time", "Duration", "Ticker", "Quantity"} or after.low in {"it", "them"}
        )
        return auxiliary or (receiver and any(u.low == "to" for u in s.units[i + 2 : i + 9]))
    if before is not None and _not_done(s, i, tag):
        return False
    if tag.id == "take-license":
        return _takes_from(s, i)
    if tag.id in {"provide-license", "furnish-license"}:  # not "X provided the ministry with its license"
        return not any(u.kind in BODIES or u.has("authority") for u in s.units[i + 1 : i + 4])
    describes = tag.form == "ing" and tag.cls == "license.review" and after is not None
    if describes and after is not None and any(not t.form and t.cls == "license" for t in after.tags):
        return False  # "its processing license"
    if tag.id in {"license-allow", "licence-allow"}:
        if tag.form == "ing":
            return before is not None and before.low in {
                "is",
                "are",
                "was",
                "were",
                "began",
                "started",
                "be",
            }
        adjective = after is not None and after.has("role")
        return not adjective
    return True


def inserted(grammar: Grammar, s: Sentence, group: VerbGroup) -> list[int]:
    """Return the firm before an inserted participle: "X, having been granted a license, ships again"."""
    k = group.first - 2
    if k < 0 or s.units[k + 1].text != "," or group.tag.form not in {"past", "participle", "ing"}:
        return []
    given = group.tag.form != "past" or group.tag.cls in {"license.give", "license.deny"}
    having = s.units[group.first].low == "having"
    while k > 0 and s.units[k].kind == "Ticker":
        k -= 1
    actor = s.units[k].kind == FIRM or s.units[k].has("role")
    fits = having or (given and group.first == group.verb)
    return [k] if fits and actor and not grammar.governed(s, k, 0) else []


def across_aside(grammar: Grammar, s: Sentence, group: VerbGroup) -> list[int]:
    """Return the firm before a long aside: "The company, backed by A and B, applied for licenses"."""
    end = group.first - 1
    opened = next((k for k in range(1, end) if s.units[k].text == ","), 0)
    if end < 3 or s.units[end].text != "," or not opened or opened + 2 >= end:
        return []
    aside = s.units[opened + 1]
    described = (
        not aside.kind and aside.low.endswith(("ed", "ing", "wn", "ld")) and aside.low not in _DESCRIBING
    )
    head = s.units[opened - 1]
    actor = head.kind == FIRM or (head.has("role") and not head.low.endswith("s"))
    before = s.units[:opened]
    verb = any(
        grammar.is_auxiliary(u) or any(t.form in {"past", "third"} for t in u.tags)
        for u in before
        if not u.kind
    )
    return [opened - 1] if described and actor and not verb and not grammar.governed(s, opened - 1, 0) else []


def _takes_from(s: Sentence, i: int) -> bool:
    """Return whether "took" has a license as its object: "took the permit from X", not "took X a month"."""
    for k in range(i + 1, min(len(s.units) - 2, i + 7)):
        unit = s.units[k]
        if unit.kind in {"Duration", "Time", FIRM} or unit.low == "to":
            return False
        if unit.has("license"):
            away = s.units[k + 1].low == "from"
            return away and any(u.kind == FIRM or u.has("role") for u in s.units[k + 2 : k + 6])
    return False


def is_glad(s: Sentence, noun: Noun) -> bool:
    """Return whether somebody speaks of a license of its own: "X welcomed the renewal of the license"."""
    own = not noun.anaphor and noun.possessor is None
    return own and any(u.low in _GLAD for u in s.units[: noun.first])


def _not_done(s: Sentence, i: int, tag: Tag) -> bool:
    """Return whether the words before a verb say that it is slow, left aside, or ends something else.

    "delays in issuing the permit", "rather than seek approval", "has a license, ending months of waiting".
    """
    before = s.units[i - 1].low
    if tag.id == "end-license" and tag.form == "ing":
        return before not in {"is", "are", "was", "were"}
    following = s.units[i + 1] if i + 1 < len(s.units) else None
    if tag.id == "go-to" and following is not None and any(t.form == "base" for t in following.tags):
        return True  # "the waiver is going to expire"
    asks = s.units[i].has("license.apply")
    lets = asks and any(u.low in LETTING for u in s.units[max(0, i - 4) : i])
    instead = (
        lets
        or before in {"rather than", "instead of"}
        or [u.low for u in s.units[max(0, i - 2) : i]] in _ASIDE
    )
    slow = before in {"in", "to", "with"} and i > 1 and s.units[i - 2].low in _SLOW
    return instead or slow


def describes_lost(s: Sentence, i: int, nouns: Sequence[Noun]) -> bool:
    """Return whether an allowing verb only tells which license was lost, refused or asked for.

    "revoked licenses allowing X to buy chips", "licenses that had let X ship were withdrawn".
    """
    k = i - 1
    between = {"has", "had", "have", "that", "which", "previously", "once", ","}
    while k > 0 and (s.units[k].low in between or s.units[k].kind == "Time"):
        k -= 1
    if not any(n.at == k and not n.anaphor for n in nouns):
        return False
    return any(u.has(c) for j, u in enumerate(s.units) if j != i for c in _LOSING)


def decided(s: Sentence, group: VerbGroup) -> bool:
    """Return whether an infinitive tells a decision that was taken: "questioned the decision to renew"."""
    around = range(max(0, group.first - 2), group.verb)
    k = next((k for k in around if s.units[k].low in {"decision to", "decision", "move to"}), 0)
    if not k or (not group.infinitive and s.units[k].low == "decision"):
        return False
    own = s.units[k - 1].low in {"the", "its", "their", "'s", "’s", "this", "that"}
    open_ = any(u.has("possible") or u.has("planned") or u.has("pending") for u in s.units[:k])
    return own and not open_ and not any(u.low.startswith(("await", "expect")) for u in s.units[:k])


def demanded(grammar: Grammar, s: Sentence, left: int, group: VerbGroup) -> bool:
    """Return whether an infinitive is what somebody wants of another: "want the state to revoke it"."""
    whom = any(grammar.is_actor(u) for u in s.units[left + 1 : group.first][-3:])
    return group.infinitive and whom and any(u.low in WANTS for u in s.units[left : group.first - 1])


def seen_closer(
    s: Sentence, rule: str, stance: Stance, group: VerbGroup, clause: tuple[int, int], nouns: Sequence[Noun]
) -> Stance:
    """Return the stance of an act in the light of the words around it: a condition, a manner, an aim."""
    if stance.polarity == "denied":
        return replace(stance, refused=_no_denial(s, rule, stance, group, clause, nouns))
    modal = any(u.low in _MAY for u in s.units[group.first : group.verb])
    if rule == "license-apply-active" and stance.certainty == "possible" and modal:
        return replace(stance, refused="who may apply has not applied")
    if stance == Stance() and any(_to_get_done(s, group, n) for n in nouns):
        return Stance(certainty="planned")
    if stance == Stance() and any(_once_done(s, group, n) for n in nouns):
        return Stance(certainty="possible")
    return stance


def _once_done(s: Sentence, group: VerbGroup, noun: Noun) -> bool:
    """Return whether a license is got only in a time to come: "the day when X gets its license approved"."""
    if not 0 < group.verb - noun.at < 9 or group.first != group.verb:
        return False
    before = s.units[max(0, noun.first - 6) : noun.at]
    return any(u.low in {"gets", "get"} for u in before) and any(u.low in _ONCE for u in before)


def _to_get_done(s: Sentence, group: VerbGroup, noun: Noun) -> bool:
    """Return whether somebody only sets out to get a license changed: "works to get its permit renewed"."""
    if not 0 < group.verb - noun.at < 9 or group.first != group.verb:
        return False
    low = max(1, noun.first - 6)
    return any(
        s.units[k].low in {"get", "have"} and s.units[k - 1].low in {"to", "will", "would"}
        for k in range(low, noun.at)
    )


def _no_denial(
    s: Sentence, rule: str, stance: Stance, group: VerbGroup, clause: tuple[int, int], nouns: Sequence[Noun]
) -> str:
    """Return why a denial is none of a license, beside what refuses it already, or ""."""
    ahead = rule == "license-allow-passive" and stance.certainty == "planned"
    if ahead and _bound_by(s, clause[0], group, nouns):
        return "a condition of a license is no refusal"
    if any(u.low in _MANNERS for u in s.units[group.verb + 1 : clause[1]]):
        return "how it was given is denied, not that it was"  # "did not grant the permit arbitrarily"
    reasons = (k for k in range(group.verb + 1, len(s.units) - 2) if s.units[k].low == "because")
    if rule == "license-give-active" and any(s.units[k + 2].low in {"is", "are"} for k in reasons):
        return "why it was given is denied, not that it was"  # "did not give it to X because it is Russian"
    return stance.refused


def _bound_by(s: Sentence, left: int, group: VerbGroup, nouns: Sequence[Noun]) -> bool:
    """Return whether a license itself forbids something, which is a condition and no refusal.

    "under the license, X will not be allowed to import ore", "must move, after which it will not be allowed".
    """
    if any(not n.anaphor and n.at < group.first for n in nouns):
        return True
    opened = range(max(1, left - 1), group.first)
    return any(s.units[k].low == "which" and s.units[k - 1].low in _WHEN for k in opened)


def private(arguments: Arguments, s: Sentence, verbs: str, subject: Sequence[int], noun: Noun | None) -> bool:
    """Return whether a firm gives or takes a license, which then is none of a state's."""
    if verbs not in {"license.give", "license.revoke"} or not subject:
        return False
    if s.units[subject[-1] + 1].low == "and" or (noun is not None and noun.possessor is not None):
        return False  # "X has canceled its export license", "a decree cancels it and awards"
    if any(u.kind in BODIES | PLACES or u.has("authority") for u in s.units[: subject[0]]):
        return False  # "the department told X that it will grant"
    told = any(u.kind == FIRM for u in s.units[: subject[0]])
    if s.units[subject[0]].low in PRONOUNS and not told:
        return False  # "it" may be a ministry of the sentence before
    firms = [arguments.actor("issuer", s, h, firm=True) for h in subject]
    return all(f is not None and f.kind == FIRM for f in firms)


def another_verb(grammar: Grammar, s: Sentence, verb: int, opened: int) -> bool:
    """Return whether "and" and one more verb stand between a verb and a license."""
    for k in range(verb + 1, opened - 1):
        unit = s.units[k + 1]
        finite = grammar.is_auxiliary(unit) or any(t.form in {"third", "past"} for t in unit.tags)
        ends = unit.low in {"expects", "hopes", "needs", "wants"}
        if s.units[k].low in {"and", "but"} and not unit.kind and (finite or ends):
            return True
        if s.units[k].low == "and" and any(_done(u) for u in s.units[k + 1 : opened]):
            return True  # "prolonged the stop and on Monday replaced it with quotas"
    return False


def _done(unit: Unit) -> bool:
    """Return whether a word looks like a verb in the past that no word class tells."""
    if unit.kind or not unit.text.islower() or unit.low in _DESCRIBING:
        return False
    told = bool(unit.tags) and all(t.form for t in unit.tags) and any(t.form == "past" for t in unit.tags)
    return told or (not unit.tags and len(unit.text) > 5 and unit.low.endswith("ed"))


def papers_for(s: Sentence, noun: Noun, verb: int) -> bool:
    """Return whether the papers for a license are handed in: "submitted all documents for a license"."""
    return any(u.low in _PAPERS for u in s.units[verb + 1 : noun.first])


def does_another(s: Sentence, group: VerbGroup) -> bool:
    """Return whether a verb of refusing governs something else than a license.

    "declined to discuss its license".
    """
    if group.verb + 2 >= len(s.units):
        return False
    behind = s.units[group.verb + 1]
    if any(u.low == "to" and s.units[k + 1].has("license.apply") for k, u in _ahead(s, group.verb)):
        return True  # "was given six months to apply for a license"
    if group.tag.cls.startswith("license.deny") and (
        behind.low in {"that", "having"} or behind.has("report-noun")
    ):
        return True  # "denied that it had granted licenses"
    if behind.low != "to":
        return False
    following = s.units[group.verb + 2]
    licenses = following.has("license.give") or following.has("license.get") or following.has("license.allow")
    return bool(any(t.form == "base" for t in following.tags) or not following.kind) and not licenses


def _ahead(s: Sentence, verb: int) -> list[tuple[int, Unit]]:
    """Return the units right behind a verb, up to the end of what it can govern, with their places."""
    return [(k, s.units[k]) for k in range(verb + 1, min(len(s.units) - 1, verb + 8))]


def own_clause(grammar: Grammar, s: Sentence, noun: Noun, subject: list[int]) -> bool:
    """Return whether a subject opens a clause right behind a license noun.

    "the permit (that) X received".
    """
    pronoun = bool(subject) and s.units[subject[0]].low in PRONOUNS
    start = subject[0] if pronoun else grammar.describe(s, subject[0]).first if subject else -1
    near = noun.at + 1
    while near < start and (
        s.units[near].low in _OPENS_RELATIVE or s.units[near].has("duty") or s.units[near + 1].low == "which"
    ):
        near += 1
    return start == near


def opens_export(grammar: Grammar, s: Sentence, verb: int, right: int) -> int | None:
    """Return where "to export ..." opens behind an allowing verb."""
    for i in range(verb + 1, min(right, verb + 14)):
        if s.units[i].low == "for" and any(
            u.has("word.export") or u.has("word.import") for u in s.units[i + 1 : i + 3]
        ):
            return i  # "cleared for export"
        if s.units[i].low != "to":
            continue
        j = i + 1
        while j < right and s.units[j].low in grammar.words["adverbs"] | {"directly", "once"}:
            j += 1
        trades = s.units[j].has("export") or s.units[j].has("import") if j < right else False
        if trades and any(t.form == "base" for t in s.units[j].tags):
            aspect = s.units[j].has("export.aspect")
            if not aspect or any(u.has("word.export") or u.has("export") for u in s.units[j + 1 : j + 5]):
                return i
    return None
