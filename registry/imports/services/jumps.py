"""Figures of a row that look odd beside the firm and its others: row, column and likely cause, never a refusal."""

from __future__ import annotations

from decimal import Decimal

from registry.base.periods import Period
from registry.figures.queries.beside import OTHER, line_of
from registry.figures.rules import doubts
from registry.figures.rules.doubts import Beside
from registry.firms.models.firms import Firm
from registry.imports.services.rows import Dated, Ground, Reading
from registry.imports.services.stored import Stored


def note_jumps(reading: Reading, firm: Firm | None, stored: Stored, ground: Ground) -> None:
    """Warn at each figure of the row that does not sit with the firm, with those stored, or with the row's others.

    A figure that equals the stored one says nothing new.
    """
    for key, given in reading.figures.items():
        held = _held(firm, given.kind, stored)
        if held.get(given.period) == given.amount:
            continue
        row = {d.period: d.amount for other, d in reading.figures.items() if other != key and d.kind == given.kind}
        beside = _beside(reading, firm, stored, given, ground)
        for doubt in doubts.found(
            given.kind, given.period, given.amount, held | row, limits=ground.limits, beside=beside
        ):
            reading.notice(f"figure_{doubt.kind}", key, **doubts.values(doubt, given.kind))


def _beside(reading: Reading, firm: Firm | None, stored: Stored, given: Dated, ground: Ground) -> Beside:
    """The firm as the row says it is, else as it is stored."""
    if given.kind not in OTHER:
        return Beside()

    def known(key: str) -> object:
        return reading.fields[key] if key in reading.fields else getattr(firm, key, None)

    kind, industry = OTHER[given.kind], str(known("industry") or "")
    others = _held(firm, kind, stored) | {d.period: d.amount for d in reading.figures.values() if d.kind == kind}
    capital, employees = known("capital"), known("employees")
    return Beside(
        line=line_of(industry, given.period),
        capital=capital if isinstance(capital, Decimal) and known("capital_currency") == "CNY" else None,
        employees=employees if isinstance(employees, int) else None,
        other=others.get(given.period),
        usual=ground.usual.get(industry[:2]),
    )


def _held(firm: Firm | None, kind: str, stored: Stored) -> dict[Period, Decimal]:
    if firm is None:
        return {}
    return {Period(f.year, f.month): f.amount for f in stored.of_firm.get(firm.id, ()) if f.kind == kind}
