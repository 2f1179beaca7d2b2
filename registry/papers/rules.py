"""How a paper writes a date."""

from __future__ import annotations

from datetime import date

from registry.papers import texts


def day_of(day: date) -> str:
    """`2021年10月20日`, without zeros before a figure (GB/T 9704-2012, 7.3.5.4)."""
    return texts.DAY_FORM.format(year=day.year, month=day.month, day=day.day)
