"""What is wrong with a draft of rules: with a line, with settings, with the day it is to begin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from registry.base.errors import FieldError
from registry.reference.rules.settings import SETTINGS, Sense, starting
from registry.reference.rules.thresholds import Basis, RuleKind
from registry.reference.rules.versions import RuleSetKind, VersionLine
from registry.rulesets.texts.drafts import RULESET_ERRORS

_NUMBER = re.compile(r"(0|[1-9]\d{0,8})(\.\d{1,4})?", re.ASCII)
"""Digits and a point: Decimal would also read `1_0`, `1e3`, `NaN` and the digits of other scripts."""


def line_faults(line: VersionLine, kind: RuleKind, known: frozenset[str]) -> Iterator[FieldError]:
    """What is wrong with one line; `known` are the codes of the classification in force."""
    if not line.label:
        yield FieldError("label", RULESET_ERRORS["label"])
    if kind is RuleKind.STATUTORY and not line.prefixes:
        yield FieldError("prefixes", RULESET_ERRORS["prefixes"])
    for prefix in line.prefixes:
        if prefix not in known:
            yield FieldError("prefixes", RULESET_ERRORS["prefix"], code=prefix)
    if len(set(line.prefixes)) < len(line.prefixes):
        yield FieldError("prefixes", RULESET_ERRORS["prefix_twice"])
    if line.basis is Basis.QUALIFICATION:
        if line.amount_yuan is not None:
            yield FieldError("amount", RULESET_ERRORS["amount_unwanted"])
    elif line.amount_yuan is None or line.amount_yuan <= 0:
        yield FieldError("amount", RULESET_ERRORS["amount"])
    if line.or_employees is not None and line.or_employees <= 0:
        yield FieldError("or_employees", RULESET_ERRORS["employees"])


def overlap(lines: Sequence[VersionLine]) -> FieldError | None:
    """Two lines that name the same prefix: nobody could tell which of them judges."""
    holders: dict[str, str] = {}
    for line in lines:
        for prefix in () if line.ended else line.prefixes or ("",):
            if prefix in holders:
                return FieldError(
                    "lines", RULESET_ERRORS["overlap"], code=prefix, one=holders[prefix], other=line.rule_id
                )
            holders[prefix] = line.rule_id
    return None


def value_faults(values: Mapping[str, str]) -> Iterator[FieldError]:
    """What is wrong with settings: each by its own sense, the tiers also against each other."""
    wrong = [fault for key, text in values.items() if (fault := value_fault(key, text)) is not None]
    yield from wrong
    if not {fault.field for fault in wrong} & set(starting("tier.")) and not tiers_fall(values):
        yield FieldError("tier.b", RULESET_ERRORS["tiers"])


def value_fault(key: str, text: str) -> FieldError | None:
    """A value that is not what its setting means; a key that nobody reads means nothing."""
    known, number = SETTINGS.get(key), _number(text)
    if not text:
        return FieldError(key, RULESET_ERRORS["value"])
    if known is None or not known.sense.is_number:
        return None
    whole = known.sense is Sense.SHARE or "." not in text
    if number is not None and whole and known.least <= number <= known.most:
        return None
    if known.sense is Sense.SHARE:
        return FieldError(key, RULESET_ERRORS["share" if known.least else "share_or_none"])
    return FieldError(key, RULESET_ERRORS[known.sense], least=known.least, most=known.most)


def tiers_fall(values: Mapping[str, str]) -> bool:
    """Whether the lower edges fall from A to C; what is not there, or is no number, stands in nobody's way."""
    edges = [number for key in starting("tier.") if (number := _number(values.get(key, ""))) is not None]
    return edges == sorted(edges, reverse=True)


def same_form(before: str, after: str) -> bool:
    """A setting that was a number stays one, whole where it was whole."""
    was, now = _number(before), _number(after)
    if was is None:
        return True
    return now is not None and now >= 0 and (was != int(was) or "." in before or now == int(now))


def same_number(one: str, other: str) -> bool:
    """0.5 and 0.50 are one setting."""
    number = _number(one)
    return number is not None and number == _number(other)


def is_number(text: str) -> bool:
    """Whether a setting is written as a number."""
    return _number(text) is not None


def _number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def start_faults(
    kind: RuleSetKind, valid_from: date, annual_from: int | None, *, on: date, newest: date | None
) -> Iterator[FieldError]:
    """A version holds from the day of its publication at the earliest, and after every version already published.

    Cumulative figures are of whole months, so a statutory line begins with one: no month is judged by two rules.
    """
    if valid_from < on:
        yield FieldError("valid_from", RULESET_ERRORS["past"])
    elif newest is not None and valid_from <= newest:
        yield FieldError("valid_from", RULESET_ERRORS["used"], day=newest.isoformat())
    if kind is RuleSetKind.STATUTORY:
        if valid_from.day != 1:
            yield FieldError("valid_from", RULESET_ERRORS["month_start"])
        if annual_from is None:
            yield FieldError("annual_from", RULESET_ERRORS["annual"])
        elif not on.year <= annual_from <= valid_from.year + 1:
            yield FieldError("annual_from", RULESET_ERRORS["annual_used"], first=on.year, last=valid_from.year + 1)
