"""How ready firms are for an intake window: the statement it asks for, the papers, the door; what a filing rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.base import contacts
from registry.base.periods import Period
from registry.base.vocabulary import Door, TaxpayerKind, Verdict
from registry.figures.queries import on_record
from registry.figures.queries.on_record import Records
from registry.filings.queries import announced, checklists
from registry.filings.queries.checklists import ChecklistRow, Holdings
from registry.filings.rules import intake
from registry.filings.rules.intake import PaperCount, PaperStatus, Window
from registry.firms.models.firms import Firm
from registry.pathway.queries import positions
from registry.pathway.queries.facts import Grounds
from registry.pathway.rules.facts import ConditionCode, FirmFacts
from registry.pathway.rules.position import Position


@dataclass(frozen=True)
class Readiness:
    """What a firm has for a window (None: none is announced, so the last full month is looked at).

    `month`: the window's statement; `statement`: the one this firm can show for it. `position` is that of the last day
    of the statement: later figures do not speak for it.
    """

    window: Window | None
    month: Period
    statement: Period
    position: Position
    facts: FirmFacts
    entries: tuple[ChecklistRow, ...]
    is_open: bool
    fits: bool

    @property
    def lacking(self) -> tuple[ChecklistRow, ...]:
        return checklists.lacking(self.entries)

    @property
    def papers(self) -> PaperCount:
        return intake.counted(entry.item for entry in self.entries)

    @property
    def to_bring(self) -> tuple[ChecklistRow, ...]:
        """What is lacking and for the firm's own office to bring; the seals of the rest are for others to look at."""
        return tuple(entry for entry in self.lacking if entry.item.status is not PaperStatus.UNSEALED)

    @property
    def statement_known(self) -> bool:
        figure = self.position.year_to_date
        return figure is not None and figure.period == self.statement and figure.documented

    @property
    def statement_unproven(self) -> bool:
        """The figure of the statement is there, and no paper of its period proves it."""
        figure = self.position.year_to_date
        return figure is not None and figure.period == self.statement and not figure.documented

    @property
    def reaches_line(self) -> bool:
        figure = self.position.year_to_date
        return figure is not None and figure.period == self.statement and self.position.reached

    @property
    def agrees(self) -> bool:
        """Income statement and VAT return of the statement agree, or the difference is explained or waived."""
        waived = {e.item.material.code for e in self.entries if e.item.status is PaperStatus.WAIVED}
        verdict = self.position.condition(ConditionCode.CROSS_CHECK).verdict
        return {
            Verdict.MET: self.statement_known,
            Verdict.UNMET: "M07" in waived,
            Verdict.UNKNOWN: "M05" in waived,
        }[verdict]

    @property
    def grounds(self) -> Grounds:
        return Grounds(
            reaches_line=self.reaches_line,
            statement_known=self.statement_known,
            statement_agrees=self.agrees,
            materials_complete=not self.lacking,
            window_open=self.is_open,
            door_fits=self.fits,
        )

    @property
    def verdict(self) -> dict[str, Any]:
        """The position as a filing keeps it: plain values with the rule they rest on."""
        line, figure = self.position.condition(ConditionCode.STATUTORY_LINE), self.position.year_to_date
        return {
            "amount": str(figure.amount) if figure else None,
            "period": self.statement.label,
            "line": str(line.line) if line.line is not None else None,
            "rule_id": line.rule_id,
            "version": line.version,
            "conditions": [[c.code.value, c.verdict.value, c.note] for c in self.position.conditions],
        }


def of(firm: Firm, window: Window | None, *, on: date, records: Records | None = None) -> Readiness:
    """`records`: what the firm has on record, where it is read already."""
    months = {firm.id: _month(window, on)}
    return _all([firm], {firm.id: window}, months, on=on, known={firm.id: records} if records else None)[firm.id]


def for_month(firm: Firm, month: Period, *, on: date) -> Readiness:
    """As `of`, for a statement month of the reader's choice: the window that asks for it, if one is announced."""
    standing = [w for w in announced.all_of(month.year) if w.statement == month]
    fitting = [w for w in standing if intake.fits(w, announced.opened(firm), on)]
    window = next(iter(fitting or standing), None)
    return _all([firm], {firm.id: window}, {firm.id: month}, on=on)[firm.id]


def of_next(firms: Sequence[Firm], *, on: date) -> dict[int, Readiness]:
    """Firm id -> how ready it is for the window that closes first of those it may use."""
    coming = announced.coming(on)
    windows = {firm.id: intake.next_for(coming, announced.opened(firm), on) for firm in firms}
    return of_all(firms, windows, on=on)


def of_all(firms: Sequence[Firm], windows: Mapping[int, Window | None], *, on: date) -> dict[int, Readiness]:
    """Firm id -> how ready it is for its window; the number of statements does not grow with the firms."""
    months = {firm.id: _month(windows[firm.id], on) for firm in firms}
    return _all(firms, windows, months, on=on)


def _all(
    firms: Sequence[Firm], windows: Mapping[int, Window | None], months: Mapping[int, Period], *, on: date,
    known: Mapping[int, Records] | None = None,
) -> dict[int, Readiness]:  # fmt: skip
    held = checklists.holdings(firms)
    records = known or on_record.of_firms([firm.id for firm in firms])
    return {
        firm.id: _one(firm, windows[firm.id], months[firm.id], held[firm.id], records[firm.id], on) for firm in firms
    }


def _one(firm: Firm, window: Window | None, month: Period, held: Holdings, records: Records, on: date) -> Readiness:
    values = {field: getattr(firm, field) for field in positions.FACT_FIELDS}
    facts = positions.facts_of(values, records, has_contact=contacts.are_known(firm))
    kind = TaxpayerKind(firm.taxpayer_kind) if firm.taxpayer_kind else None
    statement = intake.statement_of(month, kind)
    position = positions.judged(facts, on=statement.end)
    cross = position.condition(ConditionCode.CROSS_CHECK)
    mismatch = cross.verdict is Verdict.UNMET or cross.note == "explained"
    door = window.door if window else None
    case = checklists.case_of(firm, held, month, Door(door) if door else None, mismatch=mismatch)
    return Readiness(
        window,
        month,
        statement,
        position,
        facts,
        checklists.checklist(facts, held, month, statement, case),
        is_open=window is not None and window.is_open(on),
        fits=window is not None and bool(intake.fits(window, announced.opened(firm), on)),
    )


def _month(window: Window | None, on: date) -> Period:
    if window is not None and window.statement is not None:
        return window.statement
    return Period.over_before(on)
