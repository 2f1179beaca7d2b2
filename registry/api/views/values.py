"""Values of the registry as the shapes want them: yuan as text, days as ISO, codes with their words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from flask_babel import gettext as _

from registry.api.rules.shapes import CodedValue, MoneyValue
from registry.base.extensions import SHANGHAI


def money(amount: Decimal | None) -> MoneyValue | None:
    return None if amount is None else MoneyValue(amount=f"{amount:.2f}")


def ratio(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def day_of(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).date().isoformat()


def moment(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(SHANGHAI).isoformat(timespec="seconds")


def coded(code: str | None, labels: Mapping[str, str]) -> CodedValue | None:
    return CodedValue(code=code, text=_(labels[code]) if code in labels else code) if code else None


def period(year: int | None, month: int | None) -> str | None:
    """`2021-09`, of a full year `2021`."""
    if year is None:
        return None
    return f"{year:04}-{month:02}" if month else f"{year:04}"
