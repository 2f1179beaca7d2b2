"""What each row of a file that was brought would add, by what is on record now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from registry.base.extensions import db
from registry.base.periods import Period
from registry.firms.models.firms import Firm
from registry.qualifications.services.brought import counted
from registry.sheets.brought import BroughtRow, RowFinding
from registry.taxfigures import texts
from registry.taxfigures.queries import figures
from registry.taxfigures.sheets import AMOUNTS


class TaxOutcome(StrEnum):
    NEW = "new"
    CORRECTED = "corrected"
    SAME = "same"
    UNAUTHORISED = "unauthorised"
    REFUSED = "refused"


WRITES = (TaxOutcome.NEW, TaxOutcome.CORRECTED)


@dataclass(frozen=True)
class TaxAmount:
    """One amount of a row, beside what stood before (None: nothing)."""

    kind: str
    period: Period
    amount: Decimal
    before: Decimal | None = None

    @property
    def writes(self) -> bool:
        return self.amount != self.before


@dataclass(frozen=True)
class JudgedTaxRow:
    row: BroughtRow
    outcome: TaxOutcome
    firm: Firm | None = None
    amounts: tuple[TaxAmount, ...] = ()
    findings: tuple[RowFinding, ...] = ()

    @property
    def doubtful(self) -> bool:
        return any(one.odd for one in self.findings)


def judge(rows: Sequence[BroughtRow], on: date) -> list[JudgedTaxRow]:
    """Every row, in the order of the file; nothing is written."""
    judging = _Judging(rows, on)
    return [judging.judge(row) for row in rows]


def counts(judged: Iterable[JudgedTaxRow]) -> dict[str, int]:
    """By outcome; `doubtful` counts rows that are also in one of the others."""
    return counted(TaxOutcome, judged)


def digest(judged: Iterable[JudgedTaxRow]) -> str:
    """Of what a person was shown: it is done only if it is still so."""
    told = [(one.row.number, one.outcome, one.firm.id if one.firm else 0, one.amounts, one.doubtful) for one in judged]
    return hashlib.sha256(repr(told).encode()).hexdigest()


class _Refused(Exception):
    """A row that is not taken, and why."""

    def __init__(self, key: str, template: str, **values: Any) -> None:
        super().__init__(template)
        self.key, self.template, self.values = key, template, values


class _Judging:
    """Firms and figures that the rows may speak of are read in a few statements.

    The tax office has firms of its own to know: a code is looked up in the whole directory, and a row says no more than
    whether it is there.
    """

    def __init__(self, rows: Sequence[BroughtRow], on: date) -> None:
        self.on = on
        codes = {row.values["credit_code"] for row in rows if "credit_code" in row.values}
        known = select(Firm).where(Firm.voided_at.is_(None), Firm.credit_code.in_(codes)).order_by(Firm.id)
        self.coded = {firm.credit_code: firm for firm in db.session.scalars(known).unique()}
        self.standing = figures.standing({firm.id for firm in self.coded.values()})
        self.taken: dict[tuple[int, str, str], BroughtRow] = {}

    def judge(self, row: BroughtRow) -> JudgedTaxRow:
        if row.faults:
            findings = tuple(RowFinding(letter, template, values) for letter, template, values in row.faults)
            return JudgedTaxRow(row, TaxOutcome.REFUSED, findings=findings)
        if "consent" not in row.values:
            why = RowFinding(row.letters.get("consent", ""), texts.NO_CONSENT)
            return JudgedTaxRow(row, TaxOutcome.UNAUTHORISED, findings=(why,))
        try:
            firm, odd = self._firm(row)
            amounts = self._amounts(row, firm)
        except _Refused as refused:
            why = RowFinding(row.letters.get(refused.key, ""), refused.template, refused.values)
            return JudgedTaxRow(row, TaxOutcome.REFUSED, findings=(why,))
        outcome = TaxOutcome.SAME
        if any(one.writes for one in amounts):
            corrects = any(one.writes and one.before is not None for one in amounts)
            outcome = TaxOutcome.CORRECTED if corrects else TaxOutcome.NEW
        return JudgedTaxRow(row, outcome, firm, amounts, odd)

    def _firm(self, row: BroughtRow) -> tuple[Firm, tuple[RowFinding, ...]]:
        code, name = row.values.get("credit_code"), row.values.get("name")
        if code is None:
            raise _Refused("credit_code", texts.CODE_NEEDED)
        firm = self.coded.get(code)
        if firm is None:
            raise _Refused("credit_code", texts.FIRM_UNKNOWN, text=code)
        if firm.merged_into_id is not None:
            raise _Refused("credit_code", texts.FIRM_MERGED, name=firm.name)
        known = {firm.name, *(former.name for former in firm.former_names)}
        if name is None or name in known:
            return firm, ()
        return firm, (
            RowFinding(row.letters.get("name", ""), texts.FIRM_NAMED, {"name": firm.name, "text": name}, True),
        )

    def _amounts(self, row: BroughtRow, firm: Firm) -> tuple[TaxAmount, ...]:
        if "period" not in row.values:
            raise _Refused("period", texts.PERIOD_NEEDED)
        period = Period.parse(row.values["period"])
        if period.end > self.on:
            raise _Refused("period", texts.PERIOD_FUTURE, period=period.label)
        found = []
        for kind in (key for key in AMOUNTS if key in row.values):
            before = self.taken.setdefault((firm.id, kind, period.label), row)
            if before is not row:
                raise _Refused(kind, texts.TWICE, row=before.place)
            held = self.standing.get((firm.id, kind, period))
            found.append(TaxAmount(kind, period, Decimal(row.values[kind]), held.amount if held else None))
        if not found:
            raise _Refused("", texts.NO_AMOUNT)
        return tuple(found)
