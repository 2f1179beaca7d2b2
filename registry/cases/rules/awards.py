"""How much a case is awarded: rate of a basis up to a cap, or a lump sum; every step of it can be printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from registry.base.money import CENT
from registry.cases.rules.kinds import Award, Kind
from registry.cases.rules.verdicts import Rows, measured

ROUNDINGS = {"half_up": ROUND_HALF_UP, "down": ROUND_DOWN}


@dataclass(frozen=True, slots=True)
class Slip:
    """The arithmetic of an award in yuan. `exact`: before cap and rounding; `cap` is None where there is none.

    `headroom`: what the firm may still be given in the year, where the kind limits that; `amount` is what comes out.
    """

    basis: Decimal | None
    rate: Decimal | None
    lump: Decimal | None
    exact: Decimal
    cap: Decimal | None
    headroom: Decimal | None
    unit: Decimal
    rounding: str
    amount: Decimal

    @property
    def is_capped(self) -> bool:
        return self.cap is not None and self.exact > self.cap

    def as_json(self) -> dict[str, Any]:
        return {name: str(value) if isinstance(value, Decimal) else value for name, value in asdict(self).items()}


def slip(kind: Kind, values: Mapping[str, str], rows: Rows, on: date, headroom: Decimal | None = None) -> Slip | None:
    """What the kind awards; None where it awards nothing, or what it is reckoned from is missing."""
    award = award_of(kind, values)
    if award is None:
        return None
    unit = kind.number("rounding_unit") if kind.setting("rounding_unit") else CENT
    rounding = kind.line("rounding") if kind.setting("rounding") else "half_up"
    basis, rate = None, None
    if award.lump:
        exact = kind.number(award.lump)
    else:
        basis, _unit = measured(kind, award.basis, values, rows, on)
        if basis is None:
            return None
        rate = kind.number(award.rate)
        exact = basis * rate
    cap = kind.number(award.cap) if award.cap else None
    limits = [one for one in (cap, headroom) if one is not None]
    amount = round_to(min(exact, *limits) if limits else exact, unit, rounding)
    return Slip(
        basis, rate, kind.number(award.lump) if award.lump else None, exact, cap, headroom, unit, rounding, amount
    )


def round_to(amount: Decimal, unit: Decimal, rounding: str) -> Decimal:
    """To whole units (1 yuan, 0.01 yuan), as the setting says: half_up or down."""
    return ((amount / unit).quantize(Decimal(1), ROUNDINGS[rounding]) * unit).quantize(CENT)


def award_of(kind: Kind, values: Mapping[str, str]) -> Award | None:
    """The rule of the kind that the values fall under."""
    for one in kind.awards:
        field, word = one.when
        if not field or values.get(field) == word:
            return one
    return None


def slip_of(stored: Mapping[str, Any]) -> Slip:
    """The slip that was kept with a decision."""
    numbers = {"basis", "rate", "lump", "exact", "cap", "headroom", "unit", "amount"}
    read: dict[str, Any] = {
        name: Decimal(value) if name in numbers and value is not None else value for name, value in stored.items()
    }
    return Slip(**read)
