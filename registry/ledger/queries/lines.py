"""One firm as a line of the ledger: its stored columns in words, and what it still lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select

from registry.base import contacts
from registry.base.extensions import db
from registry.firms.models.firms import Firm
from registry.forecasts.queries import forecasts
from registry.ledger.queries.ahead import Seen
from registry.pathway.rules.shortfall import NOTHING_KNOWN, Ahead, Shortfall, shortfall
from registry.qualifications.queries import held
from registry.reference.queries import reference
from registry.reference.rules.industries import Classification

TO_DATE = "revenue_to_date"
_COLUMNS: tuple[Any, ...] = (
    Firm.id, Firm.name, Firm.credit_code, Firm.division, Firm.industry, Firm.revenue_last_year, Firm.revenue_to_date,
    Firm.standing_year, Firm.to_month, Firm.statutory_line, Firm.admission_line, Firm.rate, Firm.tier,
    Firm.lead_bureau_id, Firm.missing, Firm.unproven, Firm.doubted, Firm.stage, Firm.office_id, Firm.watch_reason,
    Firm.operating_state, *forecasts.COLUMNS,
)  # fmt: skip


def columns(on: date) -> tuple[Any, ...]:
    """What a statement of lines selects; the qualifications that are valid on a day come with the firm's own row."""
    return (*_COLUMNS, held.column(on))


@dataclass(frozen=True)
class LedgerLine:
    """One firm of the ledger; `values` are by column key as a sheet wants them: yuan, codes of choices, names.

    `shortfall` is what a sheet says; `shown` what a page says, with what is ahead of the firm, and `on_paper` the same
    without the forecast, which is printed nowhere. `year_end`: the foretold year over the line, for the screen.
    `unproven`: the keys of the amounts that no paper of their period proves; `doubted`: of those in doubt.
    """

    id: int
    values: Mapping[str, Any]
    industry_code: str
    industry_name: str
    admission_rate: Decimal | None
    shortfall: Shortfall
    shown: Shortfall
    on_paper: Shortfall
    watch_reason: str
    year_end: Decimal | None = None
    unproven: tuple[str, ...] = ()
    doubted: tuple[str, ...] = ()

    def __getitem__(self, key: str) -> Any:
        return self.values[key]


def of(statement: Select[Any]) -> Iterator[LedgerLine]:
    """The lines of a statement that selects `columns`, and perhaps `CONTACTS`, one by one."""
    return told(db.session.execute(statement))


def told(rows: Iterable[Any], seen: Seen = Seen()) -> Iterator[LedgerLine]:  # noqa: B008 - a value that never changes
    """The lines of rows that have `columns` by name; `seen`: what is ahead of them, where a page asked."""
    names = _Names(
        {office.id: office.short_name for office in reference.offices().values()},
        {row.code: row.short_name for row in reference.divisions()},
        reference.classification(),
    )
    return (_line(row, names, seen) for row in rows)


@dataclass(frozen=True)
class _Names:
    """The words for the codes of a line, looked up once for all lines."""

    offices: Mapping[int, str]
    divisions: Mapping[str, str]
    industries: Classification


def _lacks(row: Any, ahead: Ahead) -> Shortfall:
    return shortfall(
        stage=row.stage,
        missing=row.missing,
        line=row.statutory_line,
        revenue=row.revenue_to_date,
        admission=row.admission_line,
        last_year=row.revenue_last_year,
        watched=bool(row.watch_reason),
        to_month=row.to_month,
        doubted=TO_DATE in (row.doubted or ""),
        ahead=ahead,
    )


def _line(row: Any, names: _Names, seen: Seen) -> LedgerLine:
    ahead = seen.ahead.get(row.id, NOTHING_KNOWN)
    lacks, shown = _lacks(row, NOTHING_KNOWN), _lacks(row, ahead)
    on_paper = shown if ahead.coming is None else _lacks(row, replace(ahead, coming=None, month=None))
    industry = names.industries.name_of(row.industry) if row.industry else ""
    values = {
        "name": row.name,
        "credit_code": row.credit_code,
        "division": names.divisions.get(row.division or ""),
        "industry": f"{row.industry} {industry}".strip() if row.industry else None,
        "revenue_last_year": row.revenue_last_year,
        "revenue_to_date": row.revenue_to_date,
        "to_month": (row.standing_year, row.to_month) if row.to_month else None,
        "statutory_line": row.statutory_line,
        "rate": row.rate,
        "tier": row.tier,
        "operating_state": row.operating_state,
        "held_qualifications": held.told(row.held),
        "lead_bureau": names.offices.get(row.lead_bureau_id),
        "missing": lacks.text,
        "stage": row.stage,
        "proposer": names.offices[row.office_id],
        **{key: contacts.read(row, key) for key in contacts.RESTRICTED if key in row._fields},
    }
    marks = [tuple(filter(None, (keys or "").split(","))) for keys in (row.unproven, row.doubted)]
    share = row.admission_line / row.statutory_line if row.admission_line is not None and row.statutory_line else None
    return LedgerLine(
        row.id, values, row.industry or "", industry, share, lacks, shown, on_paper, row.watch_reason,
        seen.year_end.get(row.id), *marks,
    )  # fmt: skip
