"""A figure so far from the others that its unit may be wrong: yuan typed where 万元 is asked, or the other way."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from registry.domain.position import in_wan
from registry.models import Firm
from registry.services.imports.rows import Reading
from registry.services.imports.stored import Stored, annual
from registry.sheets.columns import by_key

TIMES = 50
_CHECKED = ("revenue_to_date", "revenue_last_year", "revenue_same_period", "vat_sales")


def note_jumps(reading: Reading, firm: Firm | None, stored: Stored, year: int) -> None:
    """Warn at each figure of the row that is `TIMES` times what it can be held against."""
    for key in _CHECKED:
        if key not in reading.figures:
            continue
        given = reading.figures[key].amount
        for basis, held in _bases(key, reading, firm, stored, year):
            if held > 0 and given >= held * TIMES:
                values = {"given": in_wan(given), "held": in_wan(held), "times": int(given / held)}
                reading.notice("unit_jump", key, basis=by_key(basis).heading, **values)
                break


def _bases(key: str, reading: Reading, firm: Firm | None, stored: Stored, year: int) -> Iterator[tuple[str, Decimal]]:
    """What is stored of the same figure, then last year's, stored or in the row itself."""
    if firm is not None:
        same = getattr(firm, key) if firm.standing_year == year else None
        if same is not None:
            yield key, same
        last = annual(stored.figures, firm.id, year - 1)
        if last is not None:
            yield "revenue_last_year", last.amount
    if key != "revenue_last_year" and "revenue_last_year" in reading.figures:
        yield "revenue_last_year", reading.figures["revenue_last_year"].amount
