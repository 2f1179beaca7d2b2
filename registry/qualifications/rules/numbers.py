"""Numbers of certificates: how they are compared, when one is none, and what looks odd about a certificate."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from registry.base import credit_code
from registry.base.errors import FieldError
from registry.qualifications import texts

LONGEST = 60
_DROPPED = re.compile(r"[\s\-‐-―－·•_]+")
_TELLING = re.compile(r"[0-9A-Z]")


class KindOfNumber(Protocol):
    """What a kind says of its certificates; years of validity and pattern may be unknown."""

    @property
    def name(self) -> str: ...
    @property
    def number_pattern(self) -> str: ...
    @property
    def number_form(self) -> str: ...
    @property
    def years_valid(self) -> int | None: ...


@dataclass(frozen=True)
class OddPoint:
    """Something that looks unlike its kind: a sentence, and what fills it."""

    template: str
    values: dict[str, object]


def folded(number: str) -> str:
    """The number as it is compared: width, case, spaces and dashes say nothing."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", number)).upper()


def refuse_impossible(number: str) -> None:
    """Raise FieldError('number') for what is no number of a certificate, whatever its kind."""
    key = folded(number)
    if not key:
        raise FieldError("number", texts.NUMBER_NEEDED)
    if max(len(number), len(key)) > LONGEST:
        raise FieldError("number", texts.NUMBER_LONG, limit=LONGEST)
    if "*" in key:
        raise FieldError("number", texts.NUMBER_MASKED)
    if not _TELLING.search(key):
        raise FieldError("number", texts.NUMBER_EMPTY, text=number)
    if credit_code.check(key).valid:
        raise FieldError("number", texts.NUMBER_IS_CODE, text=number)


def odd_points(
    kind: KindOfNumber, number: str, valid_from: date, valid_to: date | None, on: date
) -> Iterator[OddPoint]:
    """What a person has to look at again, though nothing of it is impossible."""
    if kind.number_pattern and not re.fullmatch(kind.number_pattern, folded(number)):
        yield OddPoint(texts.DOUBT_NUMBER, {"text": number, "kind": kind.name, "form": kind.number_form or "--"})
    if kind.years_valid and valid_to is not None and valid_to > _years_after(valid_from, kind.years_valid):
        yield OddPoint(texts.DOUBT_TERM, {"years": kind.years_valid, "kind": kind.name})
    if valid_to is not None and valid_to < on:
        yield OddPoint(texts.DOUBT_PAST, {})


def _years_after(day: date, years: int) -> date:
    """The same day of a later year; some issuers count it in, some do not."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
