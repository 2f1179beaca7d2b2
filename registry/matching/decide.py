"""Whether two records are one firm: what is certain by code or name is settled by rule, the rest is weighed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from registry.base.credit_code import organisation_code
from registry.matching import model, sentences
from registry.matching.certainty import ENGLISH_FORM
from registry.matching.evidence import ONE_UNIT, Fact, facts, is_written
from registry.matching.judgement import Band, Evidence, Judgement, Level, Link
from registry.matching.normalise import LONGEST_NAME
from registry.matching.places import Relation, relation
from registry.matching.records import FormerRecord, Record, Side
from registry.matching.sound import sound_alike

Rule = Callable[[Side, Side], Judgement | None]


def compare(a: Record, b: Record) -> Judgement:
    """Judge whether `a` and `b` are one firm. Symmetric but for `link`, which reads from `a` to `b`; never raises.

    Two different valid codes are two firms, however alike the names: then no band but *different* is possible. Equal
    names score 100 where no code speaks against them.
    """
    left, right = Side(a), Side(b)
    if left.too_long or right.too_long:
        return _same_code(left, right) or _too_long(left, right)
    settled = next((found for rule in _RULES if (found := rule(left, right)) is not None), None)
    evidence = _weighed(_facts(left, right))
    score = model.probable(sum(one.weight for one in evidence))
    judgement = settled or _by_weight(left, right, evidence, score)
    return replace(judgement, evidence=evidence, score=_fitting(judgement, score, left, right))


def _fitting(judgement: Judgement, score: float, a: Side, b: Side) -> float:
    """The score that goes with what a rule settled: certain where it is certain, never outside of its band."""
    if not a.named.key or not b.named.key:
        return model.EQUAL if judgement.level is Level.SAME_CODE else 0.0
    if judgement.level is Level.SAME_CODE or (a.named.key == b.named.key and not _codes_differ(a, b)):
        return model.EQUAL
    if judgement.band is Band.REVIEW and score > _NEARLY:  # what is not certain stays below, in its order
        score = _NEARLY + (score - _NEARLY) * (model.SAME - _JUST_BELOW - _NEARLY) / (model.EQUAL - _NEARLY)
    low, high = _RANGES[judgement.band]
    if judgement.band is Band.DIFFERENT and score >= model.REVIEW:  # what is ruled out stays behind, in its order
        return score * (model.REVIEW / 2) / model.EQUAL
    return min(max(score, low), high)


_JUST_BELOW, _NEARLY = 0.01, 97.0
_RANGES = {
    Band.SAME: (model.SAME, model.EQUAL),
    Band.REVIEW: (model.REVIEW, model.SAME - _JUST_BELOW),
    Band.DIFFERENT: (0.0, model.REVIEW - _JUST_BELOW),
}


def _facts(a: Side, b: Side) -> Iterator[Fact]:
    """Everything that is known of the two, names and all else."""
    yield from facts(a.named, b.named)
    if a.code and b.code:
        if a.code != b.code and organisation_code(a.code) == organisation_code(b.code):
            yield Fact("organisation_equal", a.code, b.code)
        else:
            yield Fact("code_equal" if a.code == b.code else "code_differs", a.code, b.code)
    if a.keys.name_key != b.keys.name_key and (former := _shared_former(a, b)):
        yield Fact("former_equal", former.name, "")
    for kind in a.shared_contacts(b):
        yield Fact(f"{kind}_equal")  # contacts are not told


def _weighed(found: Iterable[Fact]) -> tuple[Evidence, ...]:
    """The heaviest first, the intercept last; the order of equal weights is that of reading."""
    heavy = sorted((Evidence(*fact, model.weight(fact)) for fact in found), key=lambda one: -abs(one.weight))
    return (*heavy, Evidence(model.INTERCEPT, "", "", model.weight(Fact(model.INTERCEPT))))


def _by_weight(a: Side, b: Side, found: tuple[Evidence, ...], score: float) -> Judgement:
    """What the weights come to, where no rule had settled it before."""
    differ, nothing = _codes_differ(a, b), (not a.named.own or not b.named.own) and not _is_short(found)
    band = Band.DIFFERENT if differ or nothing or score < model.REVIEW else Band.REVIEW
    if band is not Band.DIFFERENT:
        return Judgement(_level(a, b, found), band, sentences.NEAR_REVIEW, {})
    if (core := a.keys.core_key) and core == b.keys.core_key:
        template = sentences.SAME_CORE_OTHER_CODE if differ else sentences.SAME_CORE_OTHER_PLACE
        return Judgement(Level.SAME_CORE, band, template, {"core": a.parts.own_text})
    if hint := _same_sound(a, b) or _same_control(a, b):
        return hint
    return Judgement(Level.NONE, band, sentences.UNLIKE if found[0].weight and not nothing else sentences.NOTHING)


def _is_short(found: tuple[Evidence, ...]) -> bool:
    """Whether what looks like a place alone is what the other is called (鄂尔多斯)."""
    return any(one.kind in ("short_start", "short_within") for one in found)


def _level(a: Side, b: Side, found: tuple[Evidence, ...]) -> Level:
    if a.keys.core_key and a.keys.core_key == b.keys.core_key:
        return Level.SAME_CORE
    return Level.SOUND if any(one.kind == "trade_sound" for one in found) else Level.NEAR


def _same_code(a: Side, b: Side) -> Judgement | None:
    """D0, and D1: the organisation code is kept when the digits before it are issued anew."""
    if not a.code or not b.code:
        return None
    if a.code == b.code:
        renamed = a.too_long or b.too_long or a.keys.name_key != b.keys.name_key
        template = sentences.SAME_CODE_OTHER_NAME if renamed else sentences.SAME_CODE
        return Judgement(Level.SAME_CODE, Band.SAME, template, _names(a, b) | {"code": a.code})
    organisation = organisation_code(a.code)
    if organisation == organisation_code(b.code):
        values = {"organisation": organisation}
        return Judgement(Level.SAME_ORGANISATION, Band.REVIEW, sentences.SAME_ORGANISATION, values)
    return None


def _too_long(a: Side, b: Side) -> Judgement:
    """No name of such length is compared; see `normalise.NameTooLong`."""
    longest = max(a.length, b.length)
    values = {"length": longest, "limit": LONGEST_NAME}
    return Judgement(Level.NONE, Band.DIFFERENT, sentences.NAME_TOO_LONG, values)


def _swapped_names(a: Side, b: Side) -> Judgement | None:
    """Each has today the name the other had until a known day: two firms, not one under two names."""
    left, right = a.former.get(b.keys.name_key), b.former.get(a.keys.name_key)
    if left is None or right is None or not left.valid_to or not right.valid_to:
        return None
    since = max(left.valid_to, right.valid_to) + timedelta(days=1)  # `valid_to` is the last day of the old name
    values = _names(a, b) | {"day": since.isoformat()}
    return Judgement(Level.NONE, Band.DIFFERENT, sentences.SWAPPED_NAMES, values)


def _same_name(a: Side, b: Side) -> Judgement | None:
    """D2 by current names."""
    if not a.keys.name_key or a.keys.name_key != b.keys.name_key:
        return None
    if _codes_differ(a, b):
        return _warned(Level.SAME_NAME, sentences.SAME_NAME_OTHER_CODE, a, b)
    formless = not a.parts.legal_forms and not ENGLISH_FORM.search(a.keys.name_key)
    if not a.parts.divisions and formless and not a.parts.is_branch:
        return Judgement(Level.SAME_NAME, Band.REVIEW, sentences.SAME_PLAIN_NAME, _names(a, b))
    return Judgement(Level.SAME_NAME, Band.SAME, sentences.SAME_NAME, _names(a, b))


def _certain(a: Side, b: Side) -> Judgement | None:
    """D2 in another writing: the two differ only in what no registrar hesitates over (`certainty`)."""
    if not is_written(facts(a.named, b.named)):
        return None
    if _codes_differ(a, b):
        return _warned(Level.SAME_PARTS, sentences.SAME_PARTS_OTHER_CODE, a, b)
    return Judgement(Level.SAME_PARTS, Band.SAME, sentences.WRITTEN, _names(a, b))


def _former_name(a: Side, b: Side) -> Judgement | None:
    """D2 by a former name of one or both."""
    former = _shared_former(a, b)
    if former is None:
        return None
    values = {"former": former.name}
    if _codes_differ(a, b):
        return _warned(Level.SAME_NAME, sentences.FORMER_NAME_OTHER_CODE, a, b, **values)
    return Judgement(Level.SAME_NAME, Band.REVIEW, sentences.FORMER_NAME, _names(a, b) | values)


def _shared_former(a: Side, b: Side) -> FormerRecord | None:
    if not a.former and not b.former:
        return None
    shared = sorted((a.former.keys() | {a.keys.name_key}) & (b.former.keys() | {b.keys.name_key}))
    found = (a.former.get(key) or b.former.get(key) for key in shared)
    return next((former for former in found if former), None)


def _branch(a: Side, b: Side) -> Judgement | None:
    """D5: a link between two units of one legal person, never a duplicate."""
    for link, branch, parent in ((Link.BRANCH_OF, a, b), (Link.PARENT_OF, b, a)):
        if _is_branch_of(branch, parent):
            values = {"branch": branch.record.name, "parent": parent.record.name}
            return Judgement(Level.BRANCH, Band.DIFFERENT, sentences.BRANCH, values, link)
    key = a.parts.parent_key
    if key and key == b.parts.parent_key and not any(fact.kind in ONE_UNIT for fact in facts(a.named, b.named)):
        return Judgement(Level.BRANCH, Band.DIFFERENT, sentences.SIBLINGS, {"parent": key}, Link.SIBLING)
    return None


def _is_branch_of(branch: Side, parent: Side) -> bool:
    """By the parent's whole name, or by what it has before the legal form where the branch leaves that out."""
    whole, own = branch.keys.name_key, parent.keys.name_key
    if not branch.parts.is_branch or not parent.parts.own_text or whole == own:
        return False
    if whole.startswith(own) and (parent.parts.legal_forms or parent.parts.is_branch):
        return True
    return whole == own.removesuffix(parent.parts.legal_form) + branch.parts.branch_tail


def _same_parts(a: Side, b: Side) -> Judgement | None:
    """D3."""
    if not a.keys.parts_key or a.keys.parts_key != b.keys.parts_key:
        return None
    if _codes_differ(a, b):
        return _warned(Level.SAME_PARTS, sentences.SAME_PARTS_OTHER_CODE, a, b)
    return Judgement(Level.SAME_PARTS, Band.REVIEW, sentences.SAME_PARTS, _names(a, b))


def _same_sound(a: Side, b: Side) -> Judgement | None:
    """D6: trade names that sound alike or hold one another, in one industry and not in two places (4.2, 4.3)."""
    left, right = a.parts, b.parts
    comparable = left.trade_name and right.trade_name and left.industry_words == right.industry_words
    if not comparable or left.is_branch or right.is_branch or _codes_differ(a, b):
        return None
    if relation(left.divisions, right.divisions) is Relation.CONFLICT:
        return None
    values = {"trade_a": left.trade_name, "trade_b": right.trade_name}
    if left.trade_name in right.trade_name or right.trade_name in left.trade_name:
        return Judgement(Level.SOUND, Band.DIFFERENT, sentences.TRADE_NAME_WITHIN, values)
    if sound_alike(left.trade_name, right.trade_name):
        return Judgement(Level.SOUND, Band.DIFFERENT, sentences.SAME_SOUND, values)
    return None


def _same_control(a: Side, b: Side) -> Judgement | None:
    """D7: two of phone, address and legal representative are the same."""
    shared = a.shared_contacts(b)
    if len(shared) < 2:
        return None
    return Judgement(Level.CONTROL, Band.DIFFERENT, sentences.SAME_CONTROL["+".join(shared)])


_RULES: tuple[Rule, ...] = (
    _same_code,
    _swapped_names,
    _same_name,
    _former_name,
    _certain,
    _branch,
    _same_parts,
)


def _codes_differ(a: Side, b: Side) -> bool:
    """Both codes are there, valid and not the same: this outweighs any name."""
    return bool(a.code and b.code and a.code != b.code)


def _warned(level: Level, template: str, a: Side, b: Side, **values: Any) -> Judgement:
    codes = {"code_a": a.code, "code_b": b.code}
    return Judgement(level, Band.DIFFERENT, template, _names(a, b) | codes | values, warning=True)


def _names(a: Side, b: Side) -> dict[str, Any]:
    return {"name_a": a.record.name, "name_b": b.record.name}
