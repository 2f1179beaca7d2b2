"""The settings that the program reads: every key, in what sense its value is meant, and what cannot be without it.

This list is the only one. A key outside it is read by nobody, whatever a file or an older database says.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType


class Sense(StrEnum):
    """What a value is: a part of 1, a whole number, a month of the year, codes of reasons, or families of fonts."""

    SHARE = "share"
    WHOLE = "whole"
    MONTH = "month"
    CODES = "codes"
    FAMILIES = "families"

    @property
    def is_number(self) -> bool:
        return self not in (Sense.CODES, Sense.FAMILIES)


@dataclass(frozen=True, slots=True)
class Setting:
    """`least`..`most`, both included. `required`: read without a fallback, so no database may be without it."""

    sense: Sense
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(0)
    required: bool = True


_SMALLEST = Decimal("0.0001")
"""Of what a setting can say: four places."""
_PART = Setting(Sense.SHARE, _SMALLEST, Decimal(1))
_PART_OR_NONE = Setting(Sense.SHARE, Decimal(0), Decimal(1))
_SOME = Setting(Sense.WHOLE, Decimal(1), Decimal(1000))
_SOME_OR_NONE = Setting(Sense.WHOLE, Decimal(0), Decimal(1000))
_PERCENT = Setting(Sense.WHOLE, Decimal(0), Decimal(100))
_MONTH = Setting(Sense.MONTH, Decimal(1), Decimal(12))
_FAMILIES = Setting(Sense.FAMILIES)
_AIM = Setting(Sense.WHOLE, Decimal(0), Decimal(100_000), required=False)

SETTINGS: Mapping[str, Setting] = MappingProxyType(
    {
        "tier.a": _PART,
        "tier.b": _PART,
        "tier.c": _PART,
        "review.days": _SOME,
        "mend.days": _SOME,
        "claim.days": _SOME,
        "nudge.days": _SOME,
        "certify.days": _SOME,
        "return.limit": _SOME,
        "review.look_share": _PERCENT,
        "revenue.jump": _SOME,
        "doubt.line_times": _SOME,
        "doubt.capital_times": _SOME,
        "doubt.head_wan": _SOME,
        "doubt.sales_times": _SOME,
        "doubt.usual_times": _SOME,
        "crosscheck.confirm_share": _PART_OR_NONE,
        "crosscheck.tolerance": _PART_OR_NONE,
        "exit.bar_reasons": Setting(Sense.CODES),
        "exit.bar_months": _SOME,
        "window.warn_days": _SOME_OR_NONE,
        "qualification.first_warning": _SOME,
        "qualification.last_warning": _SOME,
        "tax.difference": _PART_OR_NONE,
        "figures.due_day": Setting(Sense.WHOLE, Decimal(1), Decimal(28), required=False),
        "forecast.weak_until": _MONTH,
        "forecast.window_days": _SOME_OR_NONE,
        "removal.years": _SOME,
        "removal.share": _PART,
        "delisting.review_month": _MONTH,
        "delisting.month": Setting(Sense.MONTH, Decimal(1), Decimal(12), required=False),  # told, and read by no rule
        "payments.sample_share": _PART,
        "bulletin.length": Setting(Sense.WHOLE, Decimal(500), Decimal(100_000)),
        **{f"bulletin.font.{use}": _FAMILIES for use in ("title", "text", "heading1", "heading2", "number")},
        "target.T1": _AIM,
        "target.T2": _AIM,
        "target.T3": _AIM,
        "target.T4": _AIM,
    }
)


def starting(prefix: str) -> tuple[str, ...]:
    """The known keys of a family, in the order of their names."""
    return tuple(sorted(key for key in SETTINGS if key.startswith(prefix)))


def required() -> tuple[str, ...]:
    return tuple(key for key, setting in SETTINGS.items() if setting.required)


def nearest(key: str) -> str:
    """The known key that `key` was most likely meant to be."""
    return difflib.get_close_matches(key, SETTINGS, n=1, cutoff=0)[0]
