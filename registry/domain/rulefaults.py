"""What is wrong with a draft of rules: with a line, with settings, with the day it is to begin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from registry.domain.errors import FieldError
from registry.domain.rulesets import Line, RuleSetKind
from registry.domain.rulewords import RULESET_ERRORS as SAY
from registry.domain.thresholds import Basis, RuleKind

_WHOLE = frozenset({"years", "months", "days", "limit", "month", "review_month"})
_SHARES = frozenset({"share", "a", "b", "c"})


def line_faults(line: Line, kind: RuleKind, known: frozenset[str]) -> Iterator[FieldError]:
    """What is wrong with one line; `known` are the codes of the classification in force."""
    if not line.label:
        yield FieldError("label", SAY["label"])
    if kind is RuleKind.STATUTORY and not line.prefixes:
        yield FieldError("prefixes", SAY["prefixes"])
    for prefix in line.prefixes:
        if prefix not in known:
            yield FieldError("prefixes", SAY["prefix"], code=prefix)
    if len(set(line.prefixes)) < len(line.prefixes):
        yield FieldError("prefixes", SAY["prefix_twice"])
    if line.basis is Basis.QUALIFICATION:
        if line.amount_yuan is not None:
            yield FieldError("amount", SAY["amount_unwanted"])
    elif line.amount_yuan is None or line.amount_yuan <= 0:
        yield FieldError("amount", SAY["amount"])
    if line.or_employees is not None and line.or_employees <= 0:
        yield FieldError("or_employees", SAY["employees"])


def overlap(lines: Sequence[Line]) -> FieldError | None:
    """Two lines that name the same prefix: nobody could tell which of them judges."""
    holders: dict[str, str] = {}
    for line in lines:
        for prefix in () if line.ended else line.prefixes or ("",):
            if prefix in holders:
                return FieldError("lines", SAY["overlap"], code=prefix, one=holders[prefix], other=line.rule_id)
            holders[prefix] = line.rule_id
    return None


def value_faults(values: Mapping[str, str]) -> Iterator[FieldError]:
    """What is wrong with settings: each by the last word of its key, the tiers also against each other."""
    numbers = {}
    for key, text in values.items():
        if fault := _value_fault(key, text):
            yield FieldError(key, fault)
        elif _number(text) is not None:
            numbers[key] = Decimal(text)
    edges = [numbers.get(f"tier.{letter}") for letter in "abc"]
    known = [edge for edge in edges if edge is not None]
    if "tier.a" in values and len(known) == len(edges) and known != sorted(known, reverse=True):
        yield FieldError("tier.b", SAY["tiers"])


def _value_fault(key: str, text: str) -> str:
    word, number = key.rpartition(".")[2], _number(text)
    if not text:
        return SAY["value"]
    if word in _SHARES and (number is None or not 0 < number <= 10):
        return SAY["share"]
    if word in _WHOLE and (number is None or number != int(number) or not 0 < number <= 1000):
        return SAY["whole"]
    if word.endswith("month") and not (number is not None and 1 <= number <= 12):
        return SAY["month"]
    return ""


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
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def start_faults(
    kind: RuleSetKind, valid_from: date, annual_from: int | None, *, on: date, newest: date | None
) -> Iterator[FieldError]:
    """A version holds from the day of its publication at the earliest, and after every version already published.

    Cumulative figures are of whole months, so a statutory line begins with one: no month is judged by two rules.
    """
    if valid_from < on:
        yield FieldError("valid_from", SAY["past"])
    elif newest is not None and valid_from <= newest:
        yield FieldError("valid_from", SAY["used"], day=newest.isoformat())
    if kind is RuleSetKind.STATUTORY:
        if valid_from.day != 1:
            yield FieldError("valid_from", SAY["month_start"])
        if annual_from is None:
            yield FieldError("annual_from", SAY["annual"])
        elif not on.year <= annual_from <= valid_from.year + 1:
            yield FieldError("annual_from", SAY["annual_used"], first=on.year, last=valid_from.year + 1)
