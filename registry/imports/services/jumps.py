"""Figures of a row that look odd beside the firm's others: row, column and likely cause, never a refusal."""

from __future__ import annotations

from decimal import Decimal

from registry.base.periods import Period
from registry.figures.rules import doubts
from registry.firms.models.firms import Firm
from registry.imports.services.rows import Reading
from registry.imports.services.stored import Stored


def note_jumps(reading: Reading, firm: Firm | None, stored: Stored, times: int) -> None:
    """Warn at each figure of the row that does not sit with those stored, or with the others of the row itself.

    `times`: what counts as a jump. A figure that equals the stored one says nothing new.
    """
    for key, given in reading.figures.items():
        held = _held(firm, given.kind, stored)
        if held.get(given.period) == given.amount:
            continue
        row = {d.period: d.amount for other, d in reading.figures.items() if other != key and d.kind == given.kind}
        for doubt in doubts.found(given.kind, given.period, given.amount, held | row, times=times):
            reading.notice(f"figure_{doubt.kind}", key, **doubts.values(doubt, given.kind))


def _held(firm: Firm | None, kind: str, stored: Stored) -> dict[Period, Decimal]:
    if firm is None:
        return {}
    return {Period(f.year, f.month): f.amount for f in stored.of_firm.get(firm.id, ()) if f.kind == kind}
