"""Cell by cell: as issued, now, in the file. What only the file changed is clean; what both changed is asked about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from registry.base import sentences
from registry.base.periods import Period
from registry.base.permissions import Actor, can
from registry.base.vocabulary import LISTED_STAGES, STAGE_LABELS, FigureKind, Stage
from registry.figures.queries import beside
from registry.figures.rules import doubts
from registry.figures.rules.doubts import Beside, Doubt
from registry.firms.models.firms import Firm
from registry.imports.services.plain import unpacked
from registry.imports.services.rows import Ground
from registry.imports.services.stored import current_figures
from registry.sheets.cells import parse
from registry.sheets.headings import RecognisedColumn
from registry.sheets.parsed import Cell
from registry.sheets.reader import UploadedRow
from registry.workbooks import queries, rules
from registry.workbooks.models import IssuedRow, IssuedWorkbook
from registry.workbooks.rules import CellKind
from registry.workbooks.services import firm_cells
from registry.workbooks.services.firm_cells import Read, Reader
from registry.workbooks.services.issuing import packed_values
from registry.workbooks.services.rows import match
from registry.workbooks.sheets import layout

_SHOWN = 200


@dataclass
class File:
    """A returned file, read: its rows, the columns it still has by key, the places of its formulas."""

    rows: list[UploadedRow]
    columns: Mapping[str, RecognisedColumn]
    formulas: frozenset[tuple[int, int]] = frozenset()
    unread: tuple[str, ...] = ()
    reading: dict[str, Any] = field(default_factory=dict)


@dataclass
class Compared:
    """What became of a file: cells as the columns of `ReturnedValue`, the counts by kind, and the rows of new firms."""

    cells: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    newcomers: list[UploadedRow] = field(default_factory=list)


@dataclass(frozen=True)
class ComparedRow:
    """A row of the file with the firm it is of, its cells read three times, and what may be changed of it now."""

    row: UploadedRow
    firm: Firm
    issued: Mapping[str, Read]
    now: Mapping[str, Read]
    given: Mapping[str, Read]
    raw: Mapping[str, Cell]
    open: set[str]
    because: Read


def compare(book: IssuedWorkbook, file: File, *, actor: Actor, on: date) -> Compared:
    """Compare every cell of the file; nothing is changed."""
    return _Comparing(book, file, actor, on).run()


class Present:
    """The cells of firms as they stand now, in canonical form."""

    def __init__(self, book: IssuedWorkbook, on: date) -> None:
        self.keys = (
            *layout.IDENTITY,
            *layout.figures(book.year, book.month),
            *layout.fields(contacts=book.contacts),
        )
        self.ground = Ground.of(book.office, year=book.year, on=on)
        self._year = book.year
        self._reader = Reader(firm_cells.in_order(self.keys), self.ground)

    def of(self, firms: Sequence[Firm]) -> dict[int, dict[str, Read]]:
        """Firm -> cell -> its value."""
        figures = current_figures(firm.id for firm in firms)
        return {
            firm.id: self.read(packed_values(firm_cells.values_of(firm, self.keys, figures, self._year)))
            for firm in firms
        }

    def read(self, values: Mapping[str, Any]) -> dict[str, Read]:
        """Cells as they were issued, in canonical form."""
        return self._reader.read(0, [unpacked(values.get(key)) for key in self.keys])


class _Comparing:
    """One file against one issued workbook."""

    def __init__(self, book: IssuedWorkbook, file: File, actor: Actor, on: date) -> None:
        self.book, self.file, self.actor = book, file, actor
        self.present = Present(book, on)
        self.columns = {key: file.columns[key] for key in self.present.keys if key in file.columns}
        self.closed = [key for key in layout.CONTACTS if key in file.columns and key not in self.columns]
        self.reader = Reader(self.columns, self.present.ground)
        self.limits, self.usual = beside.limits(on), beside.usual_ranges()
        self.issued = queries.rows_of(book)
        self.found = Compared()

    def run(self) -> Compared:
        matched = match(self.file.rows, self.issued, self.file.columns)
        firms = {
            firm.id: firm for firm in firm_cells.firms_of(self.book.office_id, [row.firm_id for row in self.issued])
        }
        now = self.present.of(list(firms.values()))
        same = 0
        for row, issued in matched.known:
            firm = firms.get(issued.firm_id)
            before = len(self.found.cells)
            if firm is None:
                self._lost(row, issued)
            else:
                self._row(self._line(row, issued, firm, now[firm.id]))
            same += len(self.found.cells) == before
        for row, issued, first in matched.twice:
            self._add(CellKind.REFUSED, row, issued.firm_id, reason=rules.TWICE, reason_values={"row": first})
        for row, issued in matched.moved:
            self._add(CellKind.REFUSED, row, issued.firm_id, reason=rules.ROW_MOVED, values=self._named(row))
        self.found.newcomers = matched.unknown
        for issued in matched.missing:
            self._missing(issued, firms.get(issued.firm_id))
        self._count(len(self.file.rows), same)
        return self.found

    def _count(self, rows: int, same: int) -> None:
        kinds = {kind.value: 0 for kind in CellKind}
        for cell in self.found.cells:
            kinds[cell["kind"]] += 1
        asked = sum(bool(cell["values"].get("withdraw")) for cell in self.found.cells)
        self.found.counts = {**kinds, "rows": rows, "same": same, "asked": asked}

    # -- one row -------------------------------------------------------------------------------------
    def _line(self, row: UploadedRow, issued: IssuedRow, firm: Firm, now: Mapping[str, Read]) -> ComparedRow:
        keys = list(self.columns)
        raw = {key: row.cells[self.columns[key].index] for key in keys}
        given = self.reader.read(row.number, row.cells)
        opened = firm_cells.open_to(self.actor, firm, self.present.keys)
        before = self.present.read(issued.values)
        return ComparedRow(row, firm, before, now, given, raw, opened, self._because(row))

    def _because(self, row: UploadedRow) -> Read:
        """The reason that stands in the row."""
        column = self.file.columns.get(layout.REASON)
        if column is None:
            return Read(None)
        parsed = parse(layout.column_of(layout.REASON), row.cells[column.index])
        if parsed.fault is not None:
            return Read(None, parsed.fault.template, parsed.fault.values)
        return Read(str(parsed.value) if parsed.value else None)

    def _row(self, line: ComparedRow) -> None:
        for key in self.columns:
            if key not in firm_cells.ALONG and not self._is_untouched(line, key):
                self._cell(line, key)
        for key in self.closed:
            self._closed_contact(line, key)

    def _closed_contact(self, line: ComparedRow, key: str) -> None:
        """A contact typed beside a held firm, in a book that went out without them: said, and not taken."""
        place = self.file.columns[key]
        typed = _shown(line.row.cells[place.index]).strip()
        if typed:
            said = {"heading": layout.column_of(key).heading}
            values = {"issued": None, "now": None, "given": typed}
            self.found.cells.append(
                _cell_of(CellKind.REFUSED, firm_id=line.firm.id, number=line.row.number, field=key, letter=place.letter,
                         values=values, reason=rules.CONTACT_CLOSED, reason_values=said)
            )  # fmt: skip

    def _is_untouched(self, line: ComparedRow, key: str) -> bool:
        issued, given = line.issued[key], line.given[key]
        if issued.is_sound and given.is_sound:
            return bool(issued.value == given.value)
        return issued.template == given.template and issued.values == given.values

    def _cell(self, line: ComparedRow, key: str) -> None:
        refusal = self._refusal(line, key)
        values = {
            "issued": line.issued[key].value,
            "now": line.now[key].value,
            "given": _shown(line.raw[key]) if refusal else line.given[key].value,
        }
        if refusal is None and line.now[key].value == line.given[key].value:
            self._note(CellKind.AGREED, line, key, values)
        elif refusal is not None:
            self._note(CellKind.REFUSED, line, key, values, *refusal)
        else:
            values["because"] = line.because.value
            reason = self._question(line, key)
            self._note(CellKind.CONFLICT if reason else CellKind.CLEAN, line, key, values, reason)

    def _question(self, line: ComparedRow, key: str) -> str:
        """Why somebody has to choose; '' where only the file changed the cell and nothing is odd about it."""
        if line.given[key].value is None:
            return rules.EMPTIED
        if line.now[key].value != line.issued[key].value:
            return rules.BOTH_CHANGED
        return rules.DOUBTFUL if any(self._warnings(line, key)) else ""

    def _refusal(self, line: ComparedRow, key: str) -> tuple[str, Mapping[str, Any]] | None:
        """Why a changed cell is not taken, as a template and its values."""
        given, heading = line.given[key], {"heading": layout.column_of(key).heading}
        if (line.row.number, self.columns[key].index + 1) in self.file.formulas:
            return rules.FORMULA, heading
        if key in layout.IDENTITY and key not in line.open and line.now[key].value != given.value:
            return (given.template, given.values or {}) if given.template else (rules.LOCKED, heading)
        if given.template:
            return given.template, given.values or {}
        if line.now[key].value == given.value:
            return None
        if key not in line.open:
            return self._closed(line.firm, key, heading)
        is_figure = layout.figure_of(key) is not None
        if is_figure and given.value is None:
            return rules.FIGURE_EMPTIED, {}
        return None if line.because.value else self._unreasoned(line, key, is_figure=is_figure)

    def _unreasoned(self, line: ComparedRow, key: str, *, is_figure: bool) -> tuple[str, Mapping[str, Any]] | None:
        """What a row without a reason may not say."""
        if needs_reason(line.firm, is_figure, line.now[key].value):
            unread = line.because.template
            return (unread, line.because.values or {}) if unread else (rules.REASON_NEEDED, {})
        return (rules.ASSURANCE_NEEDED, {}) if is_figure and any(self._warnings(line, key)) else None

    def _closed(self, firm: Firm, key: str, heading: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        if layout.figure_of(key) is not None:
            return rules.FIGURES_NOT_OPEN, heading
        if firm.stage == Stage.RETURNED:
            return rules.NOT_RETURNED, heading
        return rules.NOT_OPEN, {**heading, "stage": STAGE_LABELS[firm.stage]}

    def _note(
        self,
        kind: CellKind,
        line: ComparedRow,
        key: str,
        values: Mapping[str, Any],
        reason: str = "",
        reason_values: Mapping[str, Any] | None = None,
    ) -> None:
        doubted = kind in (CellKind.CLEAN, CellKind.CONFLICT) or reason == rules.ASSURANCE_NEEDED
        warnings = list(self._warnings(line, key)) if doubted else []
        self._add(
            kind, line.row, line.firm.id, key=key, values=values, reason=reason, reason_values=reason_values or {},
            warnings=warnings,
        )  # fmt: skip

    def _warnings(self, line: ComparedRow, key: str) -> Iterator[dict[str, Any]]:
        named = layout.figure_of(key)
        if named is None or line.given[key].value is None:
            return
        kind, period = named
        amount = firm_cells.amount_of(line.given[key].value)
        others, held = self._others(line, kind), self._beside(line, kind, period)
        for doubt in doubts.found(kind, period, amount, others, limits=self.limits, beside=held):
            yield _told(doubt, kind)

    def _beside(self, line: ComparedRow, kind: FigureKind, period: Period) -> Beside:
        """The firm as it is stored; the other paper's amount as the file would leave it."""
        if kind is FigureKind.EMPLOYEES:
            return Beside()
        firm, other = line.firm, beside.OTHER[kind]
        return Beside(
            line=beside.line_of(firm.industry, period),
            capital=firm.capital if firm.capital_currency == "CNY" else None,
            employees=firm.employees,
            other=self._others(line, other).get(period),
            usual=self.usual.get((firm.industry or "")[:2]),
        )

    def _others(self, line: ComparedRow, kind: FigureKind) -> dict[Period, Any]:
        """The firm's figures of this kind as the file would leave them."""
        found = {}
        for key in self.present.keys:
            named = layout.figure_of(key)
            if named is None or named[0] is not kind:
                continue
            typed = line.given[key].value if key in line.given and line.given[key].is_sound else None
            value = typed if typed is not None else line.now[key].value
            if value is not None:
                found[named[1]] = firm_cells.amount_of(value)
        return found

    # -- whole rows ----------------------------------------------------------------------------------
    def _lost(self, row: UploadedRow, issued: IssuedRow) -> None:
        """The firm is not the office's any more: what was typed for it goes back, and nothing of it is told."""
        before, given = self.present.read(issued.values), self.reader.read(row.number, row.cells)
        for key in self.columns:
            if key not in firm_cells.ALONG and before[key].value != given[key].value:
                values = {"issued": before[key].value, "now": None, "given": _shown(row.cells[self.columns[key].index])}
                self._add(CellKind.REFUSED, row, issued.firm_id, key=key, values=values, reason=rules.NOT_HELD)

    def _missing(self, issued: IssuedRow, firm: Firm | None) -> None:
        if firm is None:
            return
        withdraw = firm.stage == Stage.RETURNED and can(self.actor, "proposal.withdraw", firm)
        self.found.cells.append(
            _cell_of(
                CellKind.MISSING, firm_id=firm.id, number=None, values={"withdraw": withdraw, "row": issued.number}
            )
        )

    def _named(self, row: UploadedRow) -> dict[str, str]:
        """What a row that is none of ours says of itself."""
        return {
            key: _shown(row.cells[self.file.columns[key].index]) for key in layout.IDENTITY if key in self.file.columns
        }

    def _add(self, kind: CellKind, row: UploadedRow, firm_id: int | None, *, key: str = "", **given: Any) -> None:
        letter = self.columns[key].letter if key else ""
        self.found.cells.append(
            _cell_of(kind, firm_id=firm_id, number=row.number, field=key, letter=letter, **given)
        )  # fmt: skip


def needs_reason(firm: Firm, is_figure: bool, now: Any) -> bool:
    """A listed entry is corrected with a reason, and so is a figure that stands."""
    return now is not None if is_figure else firm.stage in LISTED_STAGES


def _cell_of(kind: CellKind, **given: Any) -> dict[str, Any]:
    blank: dict[str, Any] = {
        "field": "", "letter": "", "values": {}, "reason": "", "reason_values": {}, "warnings": [], "choice": "",
        "outcome": "",
    }  # fmt: skip
    plain = {name: str(value) for name, value in given.pop("reason_values", {}).items()}
    return {**blank, **given, "kind": kind.value, "reason_values": plain}


def _told(doubt: Doubt, kind: FigureKind) -> dict[str, Any]:
    noted = doubts.noted(doubt, kind)
    return {"template": sentences.SENTENCES[doubt.kind], "values": noted["values"], "noted": noted}


def _shown(cell: Cell) -> str:
    return "" if cell is None else str(cell)[:_SHOWN]
