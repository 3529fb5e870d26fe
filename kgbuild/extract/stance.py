"""Polarity, certainty and speaker of what a verb says, from the cues around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kgbuild.extract.grammar import Grammar, VerbGroup, positions
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.source_phrases import SourcePhrases
from kgbuild.extract.speech_words import SpeechWords, load_speech
from kgbuild.extract.units import BODIES, FIRM, Sentence, Unit

_SPEAKERS = frozenset({FIRM, "Person", "TradeAssociation", "NewsOrganization", "Organization"}) | BODIES

#: Auxiliaries that a base form follows: no past form or participle shares them.
_NEEDING_BASE = frozenset("will would can could may might shall should must do does did cannot".split())
#: Actions of verbs of saying that put their clause forward; those that only tell what somebody thinks.
_TELLING = frozenset({"said", "warned", "denied", "accused", "announced"})
_ATTITUDES = frozenset({"fear", "doubt", "suspect", "believe", "think", "reckon", "ask", "find-that"})
_PROMISES = frozenset(
    "assure assures assured promise promises promised pledge pledges pledged vow vows vowed".split()
)


@dataclass(frozen=True, slots=True)
class Stance:
    """How a text puts something forward."""

    polarity: str = "affirmed"
    certainty: str = "actual"
    refused: str = ""  #: the reason why this tells no event at all: a duty, a habit


@dataclass(frozen=True, slots=True)
class Speech:
    """A verb of saying that governs something, and the unit that says it."""

    verb: int
    speaker: int | None
    denies: bool


def find_speech(grammar: Grammar, s: Sentence, at: int) -> Speech | None:
    """Return the nearest verb of saying that governs unit `at`: before it, or behind a comma after it."""
    speech = load_speech(grammar.lexicon)
    phrases = SourcePhrases(grammar, speech)
    for i in range(at - 1, -1, -1):
        own = [t for t in grammar.tags_at(s, i, "speech") if t.cls != "speech.say.tail"]
        tags = own or _said_that(speech, s, i)
        k = i - (i > 1 and s.units[i - 1].low in grammar.words["determiners"])
        governor = {t.form for t in s.units[k - 1].tags}
        if i and s.units[i].has("report-noun") and governor & {"past", "third"}:
            continue  # "dismissed reports that": the verb is the one before
        if tags and _takes_clause(s, i, at, grammar):
            group = grammar.verb_group(s, i, tags[0])
            denies = tags[0].cls == "speech.deny" or tags[0].action == "denied"
            if group.passive:
                return Speech(i, None, denies)
            heads = grammar.subject(s, group) or _described(phrases, s, 0, group.first)
            return Speech(i, heads[0] if heads else None, denies)
    for i in range(at + 1, len(s.units)):
        tags = grammar.tags_at(s, i, "speech.say")
        if tags and tags[0].form in {"past", "third"}:
            group = grammar.verb_group(s, i, tags[0])
            low = group.first - 1
            while low > at and s.units[low].text not in {",", "”", '"', "–", "—"}:
                low -= 1
            heads = [h for h in grammar.subject(s, group) if h > low]
            heads = heads or (_described(phrases, s, low + 1, group.first) if low > at else [])
            tail = s.units[i + 1 :]
            complement = any(
                u.low in {"it", "that", "they"} or u.low in grammar.words["auxiliaries"] for u in tail
            )
            if low > at and heads and group.first - low <= 9 and not complement:
                return Speech(i, heads[0], False)
            inverted = _said_by(grammar, s, i) if low == group.first - 1 and low > at else None
            if inverted is not None:
                return Speech(i, inverted, False)
    return _according(grammar, phrases, s)


def _according(grammar: Grammar, phrases: SourcePhrases, s: Sentence) -> Speech | None:
    """Return who is named or described behind "according to"."""
    for i in positions(s, "according"):
        for j in range(i + 1, min(i + 8, len(s.units))):
            if s.units[j].text == "," and j > i + 1:
                break  # "According to the report, four firms were": the report says it
            if grammar.is_actor(s.units[j]) and not grammar.possessive(s, j):
                return Speech(i, j, False)
        phrase = phrases.after(s, i + 1, len(s.units))
        if phrase is not None and (
            phrases.personal(s.units[phrase.head]) or s.units[phrase.head].amount is not None
        ):
            return Speech(i, phrase.head, False)
    return None


def _said_that(speech: SpeechWords, s: Sentence, i: int) -> list[Tag]:
    """Return the reading of a verb of saying that "that" follows: "warned that", "pointed out that"."""
    if s.units[i].kind:
        return []
    said = speech.trigger_at(s, i)
    if said is None or said.tag.form not in {"past", "third", "base"} or said.tag.action not in _TELLING:
        return []
    follows = said.rest == "that" or (said.after < len(s.units) and s.units[said.after].low == "that")
    attitude = said.verbs[0].id in _ATTITUDES
    return [said.tag] if follows and not attitude and said.taking("that", "that!") is not None else []


def _described(phrases: SourcePhrases, s: Sentence, low: int, end: int) -> list[int]:
    """Return the head of a subject that is known only as one who speaks: "a lawyer in Geneva"."""
    phrase = phrases.before(s, low, end)
    if phrase is None or phrase.relative or not phrases.personal(s.units[phrase.head]):
        return []
    return [phrase.head]


def _said_by(grammar: Grammar, s: Sentence, verb: int) -> int | None:
    """Return who stands behind a verb of saying: "..., said the ministry", "..., said director X of Y"."""
    for j in range(verb + 1, min(verb + 6, len(s.units))):
        unit = s.units[j]
        if not unit.is_word or unit.low in {"it", "that", "they", "he", "she"}:
            return None
        behind = s.units[j + 1] if j + 1 < len(s.units) else None
        named = behind is not None and (behind.kind in _SPEAKERS or behind.has("source"))
        if grammar.is_actor(unit) and not grammar.possessive(s, j) and not unit.demonym and not named:
            return j
    return None


def _takes_clause(s: Sentence, verb: int, at: int, grammar: Grammar) -> bool:
    """Return whether the words between a verb of saying and `at` can be its complement."""
    between = s.units[verb + 1 : at]
    if any(u.text == ";" for u in between):
        return False
    left, _ = grammar.clause(s, verb)
    comma = next((k for k in range(verb + 1, at) if s.units[k].text == ","), at)
    opened = left <= 1 and s.units[left].low in {"after", "when", "once"} and comma < at
    if opened and not any(u.low == "that" for u in s.units[verb + 1 : comma]):
        return False  # "after the curbs were announced, X applied"
    if len(between) > 1 and between[0].low == "this" and between[1].low in grammar.words["prepositions"]:
        return False  # "confirmed this on Friday, two days after X had ...": no clause is governed
    if any(u.low == "that" for u in between[:8]):
        return True
    announced = s.units[verb].tag("speech.say")
    if (
        announced
        and announced.id in {"post", "write", "claim", "tell"}
        and not any(u.low == "that" for u in between)
    ):
        return any(u.low in {"it", "they", "he", "she", "has", "have", "had"} for u in between)
    starts = [u for u in between if u.is_word and u.kind != "Time" and u.low not in grammar.words["adverbs"]]
    if not starts:
        return True
    opener = starts[0]
    # "said it had obtained", "acknowledged receiving", "denied reports that", "announced a ban" is no clause
    return (
        opener.low
        in grammar.words["determiners"]
        | {"it", "they", "he", "she", "we", "one", "none", "neither", "on", "in", "having", "there"}
        or opener.kind != ""
        or bool(opener.tags)
        or opener.low in {"reports", "report", "rumors", "suggestions", "investors"}
    )


def stance_of(grammar: Grammar, s: Sentence, group: VerbGroup, subject: list[int]) -> Stance:
    """Return polarity and certainty of a verb group, from its subject to the verb and its governors."""
    left, right = grammar.clause(s, group.verb)
    low = max([h + 1 for h in subject if h < group.verb] or [left])
    if s.units[group.first - 1].low in {"and", "but"} and (
        group.first < group.verb or _own_past(grammar, s, group)
    ):
        low = max(low, group.first)  # "was refused a license and has applied again": its own auxiliary
    finite = group.tag.form in {"past", "participle", "third"}
    if finite and group.first > low and s.units[group.first - 1].text == ",":
        low = group.first  # "the permits, which would let X dig, were cancelled": the aside is no cue
    window = s.units[low : group.verb]
    if any(u.has("duty") for u in window) or any(u.has("duty") for u in s.units[max(0, left - 1) : low]):
        return Stance(refused="a duty or a right to a license is no license")
    if any(u.has("general") for u in window):
        return Stance(refused="a habit is no event")
    polarity = "denied" if _negations(grammar, s, group, subject, left, low) % 2 else "affirmed"
    asked = any(
        u.low == "whether" or (u.has("possible") and u.low.endswith(" that")) for u in s.units[left:low]
    )
    inverted = left == 0 and s.units[0].low in {"had", "should", "were"} and bool(subject)
    opened = group.first if not subject else min(subject[0], group.first)
    while opened > 1 and s.units[opened - 1].low in grammar.words["determiners"]:
        opened -= 1
    inverted = inverted or (
        opened > 1 and s.units[opened - 1].low == "should" and s.units[opened - 2].text == ","
    )
    if asked or inverted:  # "Had X received a license", "by 2028, should it obtain one"
        return Stance(polarity, "possible")
    if any(
        u.has("in-principle") and not _part_of_license(s, low + k) for k, u in enumerate(s.units[low:right])
    ):
        return Stance(polarity, "in-principle")
    return Stance(polarity, _certainty(grammar, s, group, subject, window))


def _part_of_license(s: Sentence, i: int) -> bool:
    """Return whether a word only tells the kind of a license: "a preliminary license" is one."""
    behind = s.units[i + 1 : i + 4]
    return s.units[i].low == "preliminary" and any(t.cls == "license" for u in behind for t in u.tags)


def _negations(
    grammar: Grammar, s: Sentence, group: VerbGroup, subject: list[int], left: int, low: int
) -> int:
    """Return how many words turn the verb round."""
    window = s.units[low : group.verb]
    count = sum(
        u.has("negation") and not _contrasts(s, low + k) and not _of_another(grammar, s, low + k, group)
        for k, u in enumerate(window)
    )
    count += any(u.low == "but not" and s.units[low + k + 1].low == "one" for k, u in enumerate(window))
    count += sum(_no_subject(grammar, s, h, left) for h in subject[:1])
    count += sum(bool(u.tag("license.deny")) and u.low.startswith(("refus", "declin")) for u in window)
    if group.tag.form == "ing" and group.first and s.units[group.first - 1].has("stopping"):
        count += 1  # "stopped issuing licenses"
    speech = find_speech(grammar, s, group.verb)
    if speech is not None and speech.denies and speech.verb < group.verb:
        count += 1
    if speech is None and _rejected_report(s, group.first):
        count += 1
    untrue = any(u.has("negation") and u.low.endswith(" that") for u in s.units[:low])
    return count + (untrue or _report_denied(s, left, low))


def _certainty(
    grammar: Grammar, s: Sentence, group: VerbGroup, subject: list[int], window: Sequence[Unit]
) -> str:
    left, _ = grammar.clause(s, group.verb)
    opener = grammar.opener(s, group.verb)
    actor = s.units[group.first - 1]  # "would be reviewed when it removed X": it did
    done = group.tag.form == "past" and bool(actor.kind or actor.low in {"it", "they", "he", "she"})
    if opener is not None and opener.low in {"when", "once"} and not done and _ahead(s, left):
        return "possible"  # "the day should come when X gets its license"
    if any(u.has("planned") for u in window) or _promised(s, window, group.first):
        return "planned"
    if (
        any(u.has("possible") for u in window)
        or (opener is not None and opener.has("hypothetical"))
        or any(u.has("hypothetical") and " " in u.low for u in s.units[left : group.first])
    ):
        return "possible"
    if group.tag.form == "ing" and any(u.has("agree") for u in s.units[: group.verb]):
        return "planned"  # "a pause was agreed upon, with China suspending ..."
    bare = group.tag.form == "base" and group.first == group.verb
    if bare and not (subject or s.units[group.first - 1].demonym or _of_licenses(s, group)):  # "Dutch cancel"
        return "possible"  # an imperative or an offer: "loosen the curbs and ..."
    if group.infinitive and not any(u.has("export") for u in s.units[left : group.verb]):
        # "to grant" without a governing fact: a purpose or an offer; in a headline a plan
        if _begun(grammar, s, group):
            return "actual"
        return "planned" if _headed(grammar, s, group, left) else "possible"
    return "actual"


def _ahead(s: Sentence, left: int) -> bool:
    """Return whether what stands before a clause is itself only wished for or planned."""
    return any(u.has("possible") or u.has("planned") or u.low == "should" for u in s.units[:left])


def _contrasts(s: Sentence, i: int) -> bool:
    """Return whether a negation only sets something aside: "four firms, not three, have been cleared".

    "Not only A" and "not one but two" affirm as well.
    """
    following = [u.low for u in s.units[i + 1 : i + 4]]
    if s.units[i].low == "not" and following and following[0] in {"only", "just", "merely", "in"}:
        return True
    opened = s.units[i].low == "not" and i > 0 and s.units[i - 1].text in {",", "(", "—", "–"}
    return opened and any(u.text in {",", ")", "—", "–"} for u in s.units[i + 1 : i + 5])


def _of_another(grammar: Grammar, s: Sentence, i: int, group: VerbGroup) -> bool:
    """Return whether a negation before the group belongs to a verb in between: "who never gave up has"."""
    return any(
        not u.kind
        and not grammar.is_auxiliary(u)
        and any(t.form in {"past", "third"} for t in u.tags)
        and all(t.form for t in u.tags)
        and s.units[k - 1].low not in grammar.words["determiners"]  # "no extension of the lapsed permit"
        for k, u in enumerate(s.units[i + 1 : group.first], i + 1)
    )


def _own_past(grammar: Grammar, s: Sentence, group: VerbGroup) -> bool:
    """Return whether a past form behind "and" shares no auxiliary: "could not wait, and obtained one"."""
    if group.tag.form not in {"past", "participle"}:
        return False
    for i in range(group.first - 2, -1, -1):
        if s.units[i].low in _NEEDING_BASE:
            return True
        if grammar.is_auxiliary(s.units[i]) or s.units[i].text == ";":
            return False
    return False


def _rejected_report(s: Sentence, first: int) -> bool:
    """Return whether a clause is the content of reports that somebody rejects: "rejected claims that"."""
    for i in range(first - 1, -1, -1):
        if s.units[i].has("report-noun"):
            before = s.units[max(0, i - 4) : i]
            return any(u.low.startswith("reject") and not u.kind for u in before)
    return False


def _promised(s: Sentence, window: Sequence[Unit], first: int) -> bool:
    """Return whether "would" stands in what somebody promises: "promised that it would grant licenses"."""
    if not any(u.low == "would" for u in window):
        return False
    governors = [u.low.partition(" ")[0] for u in s.units[:first] if not u.kind]
    return any(word in _PROMISES for word in governors)


def _begun(grammar: Grammar, s: Sentence, group: VerbGroup) -> bool:
    """Return whether the verb before "to" says that it is done: "has started to license exports"."""
    at = next((i for i in range(group.first, group.verb) if s.units[i].low == "to"), group.first)
    before = s.units[at - 1] if at else None
    return before is not None and before.low in grammar.words["begun"]


def _report_denied(s: Sentence, left: int, low: int) -> bool:
    """Return whether a clause is the content of a report called false.

    "reports that X got a license were denied".
    """
    reported = any(
        u.has("report-noun") and i + 1 < len(s.units) and s.units[i + 1].low == "that"
        for i, u in enumerate(s.units[:low])
        if i >= left - 1
    )
    if not reported:
        return False
    behind = s.units[low:]
    return any(
        (
            u.has("speech.deny")
            or u.low in {"false", "untrue", "wrong", "baseless", "unfounded", "rejected", "dismissed"}
        )
        and any(b.low in {"were", "was", "are", "is", "been"} for b in behind[max(0, k - 3) : k])
        for k, u in enumerate(behind)
    )


def _no_subject(grammar: Grammar, s: Sentence, head: int, left: int) -> bool:
    """Return whether the subject is nobody: "no exporter has", "none of the firms", "neither A nor B"."""
    for i in range(head - 1, left - 1, -1):
        unit = s.units[i]
        if unit.low in {"no", "none", "neither", "not one", "not a single"} or (
            unit.low == "not" and i == left and not _contrasts(s, i)
        ):
            return True  # "not one exporter has"
        stops = unit.low in grammar.words["prepositions"] - {"of"} or unit.low in grammar.words["auxiliaries"]
        if stops or unit.text in {",", ";", ":"}:
            break
    return False


def _of_licenses(s: Sentence, group: VerbGroup) -> bool:
    """Return whether the verb follows its subject that is no actor: "the permits allow X to ship"."""
    at = group.first - 1
    if at > 0 and s.units[at].low in {"that", "which"}:
        at -= 1  # "licenses that allow X to ship"
    before = s.units[at] if at >= 0 else None
    return before is not None and any(t.cls == "license" and not t.form for t in before.tags)


def _headed(grammar: Grammar, s: Sentence, group: VerbGroup, left: int) -> bool:
    """Return whether "to" follows the subject itself and no verb stands before it in the clause."""
    before = s.units[left : group.first]
    if not before or not grammar.is_actor(before[-1]):
        return False
    return not any(
        (u.low in grammar.words["auxiliaries"] or any(t.form in {"past", "third"} for t in u.tags))
        and not u.kind
        for u in before
    )


def doubted(s: Sentence, group: VerbGroup, stance: Stance) -> Stance:
    """Return the stance of a verb in what the text calls unproven or untrue.

    "no sign that X has received".
    """
    for i in range(group.first - 1, -1, -1):
        unit = s.units[i]
        if unit.text in {",", ";", ":"} and s.units[i + 1].low != "when":
            break
        if unit.has("doubt") and not stance.refused:
            if unit.low.endswith(("not true", "untrue", "false", "the case", "incorrect")):
                return replace(stance, polarity="affirmed" if stance.polarity == "denied" else "denied")
            return replace(stance, certainty="possible")
    return stance
