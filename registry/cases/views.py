"""Cases as their pages show them: fields and rows with their names, the strip of steps, the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.base.errors import RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.base.vocabulary import UnitKind
from registry.cases.models import Case, CasePaper
from registry.cases.queries import cases
from registry.cases.rules import values as reading
from registry.cases.rules.kinds import Kind, KindField, KindPaper, RowList, StateKind
from registry.cases.services.bookdiff import BookCell, BookLine, CellKind, ComparedBook, LineKind
from registry.cases.sheets.bookread import Said
from registry.cases.sheets.layout import NUMBER
from registry.documents.views import Beside, KeptFile, beside_of
from registry.firms.models.firms import Firm
from registry.pathway.models import PathwayEvent
from registry.pathway.rules.deadlines import Wait, until
from registry.reference.queries import reference
from registry.site.display import day
from registry.site.locale import sentence
from registry.site.sections import PanelTable
from registry.site.walks import rows_of, walk_of


@dataclass(frozen=True)
class ShownList:
    """A list of a case: its columns, its rows as they are said, and what their amounts add up to ("" for others)."""

    of: RowList
    columns: tuple[KindField, ...]
    rows: list[list[str]]
    sums: list[str]


def of_firm(actor: Actor, firm: Firm) -> list[PanelTable]:
    """The cases of a firm, on its dossier."""
    return [table_of(cases.of_firm(actor, firm))]


def table_of(rows: Iterable[Case]) -> PanelTable:
    """Cases on the page of whoever they are for."""
    shown = [
        (
            (case.number, url_for("cases.show", case_id=case.id)),
            case.edition.name,
            day(case.at.date()),
            case.kind.state(case.state).name,
        )
        for case in rows
    ]
    return PanelTable(_("事项"), (_("编号"), _("事项"), _("登记日期"), _("状态")), shown)


def fields(case: Case) -> list[tuple[KindField, str]]:
    return [(field, reading.shown(field, case.values.get(field.code, ""))) for field in case.kind.of_case]


def lists(case: Case, *, filled: bool = False) -> list[ShownList]:
    """`filled`: without columns in which nothing stands, as on paper."""
    found = []
    for one in case.kind.lists:
        columns, held = case.kind.columns(one.code), case.rows.get(one.code, [])
        if filled:
            columns = tuple(column for column in columns if any(row.get(column.code) for row in held))
        rows = [[reading.shown(column, row.get(column.code, "")) for column in columns] for row in held]
        sums = [_sum(column, held) for column in columns]
        found.append(ShownList(one, columns, rows, sums))
    return found


def _sum(column: KindField, rows: list[dict[str, str]]) -> str:
    if not column.is_amount:
        return ""
    amounts = [reading.value(column, row.get(column.code, "")) for row in rows]
    return f"{sum(amount for amount in amounts if amount is not None):,}{column.unit}" if amounts else ""


def papers(case: Case) -> list[tuple[KindPaper, int | None, list[CasePaper]]]:
    """Each paper of the kind, the year it must be of, and what the case holds of it, voided ones too."""
    return [
        (one, cases.paper_year(case, one), [held for held in case.papers if held.paper == one.code])
        for one in case.kind.papers
    ]


@dataclass(frozen=True)
class WaitingLine:
    """A case of the list beside, as `components/case_queue.html` wants it."""

    id: int
    title: str
    office: str
    days: str
    note: str
    wait: Wait | None


def going(actor: Actor, case: Case, on: date) -> dict[str, Any]:
    """The cases that wait for the reader, beside the one that is looked at."""
    waiting = cases.waiting_for(actor)
    walk = walk_of(waiting, Case.id, case.id)
    beside = []
    for row in rows_of(waiting, Case.id, walk):
        due = until(row.due_on, row.at.date(), on, reference.calendar()) if row.due_on else None
        beside.append(WaitingLine(row.id, row.applicant, row.office.short_name, "", row.number, due))
    return {"walk": walk, "lines": beside, "leads": lambda number: url_for("cases.show", case_id=number)}


def kept(paper: CasePaper, name: str) -> KeptFile:
    where: dict[str, Any] = {"case_id": paper.case_id, "paper_id": paper.id}
    return KeptFile(
        paper.id, name, paper.filename, paper.stored_name, paper.media_type, url_for("cases.download", **where),
        lambda number: url_for("cases.page", number=number, **where),
    )  # fmt: skip


def beside(case: Case, withheld: frozenset[int]) -> Beside | None:
    """A paper of the case beside it; none that is sealed."""
    files = [
        kept(one, paper.name)
        for paper, _year, held in papers(case)
        for one in held
        if one.voided_at is None and one.id not in withheld
    ]
    return beside_of(files)


def strip(case: Case) -> list[dict[str, str]]:
    """The states on the road, and where the case stands; an end for the worse replaces what would have come."""
    kind, reached = case.kind, {event.end: event.on for event in case.events}
    now = kind.state(case.state)
    road = [one for one in kind.states if one.kind is not StateKind.BAD and not one.aside]
    found = []
    for one in road if now in road else [*(s for s in road if s.code in reached or s is road[0]), now]:
        label, when = one.name, reached.get(one.code)
        state = "done" if when and one is not now else "todo"
        if one is now:
            state = "off" if one.kind is StateKind.BAD else "now"
        found.append({"label": label, "state": state, "note": day(when) if when else ""})
    return found


def events(case: Case) -> list[dict[str, Any]]:
    """The newest first, as `components/timeline.html` wants them."""
    labels, cells = case.kind.labels(), case.cells
    found: list[dict[str, Any]] = [
        {"title": _("登记"), "by": f"{case.office.short_name} {case.by_name}", "at": day(case.at), "cells": []}
    ]
    for event in case.events:
        sent = (
            [one for one in cells if one.round == event.round] if event.end in case.kind.codes(StateKind.DRAFT) else []
        )
        office = event.office.short_name if event.office else ""
        found.append(
            {
                "title": event.step, "by": f"{office} {event.by_name}", "at": day(event.on),
                "opinion": event.reason or None,
                "detail": _("限 %(day)s 前办理", day=day(event.due_on)) if event.due_on else None,
                "tone": _TONES.get(case.kind.state(event.end).kind),
                "cells": [{"label": labels.get(one.cell, one.cell), "note": one.reason} for one in sent],
            }
        )  # fmt: skip
    return found[::-1]


_TONES: Mapping[StateKind, str] = {StateKind.BAD: "bad"}


def known_before(case: Case) -> date | None:
    """Since when the directory knows the firm that the case led to, where that is before the case was entered."""
    if case.firm_id is None or case.kind.outcome != "registration" or not case.body:
        return None
    first = db.session.scalar(select(func.min(PathwayEvent.on)).where(PathwayEvent.firm_id == case.firm_id))
    return first if first is not None and first < case.at.date() else None


def is_branch(case: Case) -> bool:
    """Whether what the case led to is a branch, which never counts as four-above."""
    firm = db.session.get(Firm, case.firm_id) if case.firm_id else None
    return firm is not None and firm.unit_kind == UnitKind.BRANCH


# -- the workbook of many cases -------------------------------------------------------------------
@dataclass(frozen=True)
class ShownCell:
    """A cell that differs, in words; `name` under which it is asked about."""

    name: str
    place: str
    number: str
    applicant: str
    label: str
    base: list[str]
    now: list[str]
    given: list[str]
    said: str
    is_amount: bool


@dataclass(frozen=True)
class ShownLine:
    """A case of the file: what stands in it, what is wrong with it, what is to be looked at."""

    place: str
    number: str
    applicant: str
    facts: list[tuple[str, str]]
    lists: list[tuple[str, int, str]]
    faults: list[tuple[str, str]]
    doubts: list[tuple[str, str]]


@dataclass(frozen=True)
class ShownBook:
    asks: list[ShownCell]
    changed: list[ShownCell]
    theirs: list[ShownCell]
    faulty: list[ShownLine]
    loose: list[tuple[str, str]]
    new: list[ShownLine]
    doubted: list[ShownLine]
    same: int
    gone: list[str]
    notes: list[str]

    @property
    def counts(self) -> list[dict[str, Any]]:
        asking = len({cell.place for cell in self.asks})
        refused = len(self.faulty) + len(self.loose)
        return [
            {"label": _("新登记"), "count": len(self.new), "href": "#new" if self.new else None},
            {"label": _("修改的单元格"), "count": len(self.changed), "href": "#changed" if self.changed else None},
            {"label": _("待选定"), "count": asking, "tone": "warn", "href": "#asks" if asking else None},
            {"label": _("不写入的行"), "count": refused, "tone": "bad", "href": "#faulty" if refused else None},
            {"label": _("没有改动的行"), "count": self.same, "href": None},
        ]


def book(kind: Kind, found: ComparedBook) -> ShownBook:
    """What a file would do, in words."""
    held = found.of(LineKind.CHANGED, LineKind.ASKS, LineKind.SAME)
    return ShownBook(
        asks=[_cell(line, cell) for line in found.writable for cell in line.asking],
        changed=[_cell(line, cell) for line in held for cell in line.cells if cell.kind is CellKind.OURS],
        theirs=[_cell(line, cell) for line in held for cell in line.cells if cell.kind is CellKind.THEIRS],
        faulty=[_line(kind, line) for line in found.of(LineKind.FAULTY)],
        loose=[(one.place, _said(one.said)) for one in found.loose],
        new=[_line(kind, line) for line in found.of(LineKind.NEW)],
        doubted=[_line(kind, line) for line in held if line.doubts],
        same=len(found.of(LineKind.SAME)),
        gone=found.gone,
        notes=[_said(one) for one in found.notes],
    )


def _said(said: Said) -> str:
    template, values = said
    return sentence(RegistryError(template, **values))


def _line(kind: Kind, line: BookLine) -> ShownLine:
    facts = [(one.name, reading.shown(one, line.values[one.code])) for one in kind.of_case if line.values.get(one.code)]
    lists = []
    for one in kind.lists:
        rows = line.rows.get(one.code, [])
        if rows and not line.faults:
            sums = (_sum(column, rows) for column in kind.columns(one.code))
            lists.append((one.name, len(rows), _("、").join(filter(None, sums))))
    faults, doubts = ([(one.place, _said(one.said)) for one in part] for part in (line.faults, line.doubts))
    number = line.case.number if line.case is not None else line.row.text(NUMBER)
    return ShownLine(line.row.words, number, line.applicant, facts, lists, faults, doubts)


def _cell(line: BookLine, cell: BookCell) -> ShownCell:
    number = line.case.number if line.case is not None else ""
    base, now, given = (_value(line, cell.of, value) for value in (cell.base, cell.now, cell.given))
    is_amount = isinstance(cell.of, KindField) and cell.of.is_amount
    return ShownCell(
        line.name_of(cell), cell.place, number, line.applicant, cell.of.name, base, now, given,
        _said(cell.why) if cell.why else "", is_amount,
    )  # fmt: skip


def _value(line: BookLine, of: KindField | RowList, value: Any) -> list[str]:
    """Lines of text; of a list one for each row."""
    if isinstance(of, KindField):
        return [reading.shown(of, value)] if value else []
    columns = line.case.kind.columns(of.code) if line.case is not None else ()
    return [
        " ".join(filter(None, (reading.shown(one, row.get(one.code, "")) for one in columns))) for row in value or ()
    ]
