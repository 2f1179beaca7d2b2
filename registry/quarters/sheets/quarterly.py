"""The quarterly book: directory by county, three summaries, changes by firm, notes; made to be printed and signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from registry.base.vocabulary import NO_DATA, NOTICE, STAGE_LABELS
from registry.quarters.sheets.certified import WIDTHS, write_certified
from registry.quarters.sheets.summaries import (
    Change,
    ChangeKind,
    CountyGroup,
    QuarterBook,
    RuleNote,
    SummaryLine,
    by_county,
    by_industry,
    by_stage,
    by_tier,
    canonical_digest,
    movement,
    printed_digest,
    summary,
)
from registry.sheets import styles, wording
from registry.sheets.columns import SERIAL_HEADING, Column, ColumnKind
from registry.sheets.ledger import printed_heading, total_cells
from registry.sheets.printing import PrintedBook, PrintedSheet, printed_book
from registry.sheets.steady import Target
from registry.sheets.styles import Look
from registry.sheets.values import YUAN_PER_UNIT, CellValue, add_row, stated, totals, visible

__all__ = [
    "Change",
    "ChangeKind",
    "CountyGroup",
    "QuarterBook",
    "RuleNote",
    "canonical_digest",
    "write_quarterly",
]

_PRINT_WIDTHS = {
    ColumnKind.NAME: 23,
    ColumnKind.CODE: 20,
    ColumnKind.DIVISION: 8.5,
    ColumnKind.TEXT: 17,
    ColumnKind.NAMES: 11,
    ColumnKind.INDUSTRY: 11,
    ColumnKind.CHOICE: 9,
    ColumnKind.DATE: 11,
    ColumnKind.MONEY: 12.5,
    ColumnKind.RATIO: 9,
    ColumnKind.INTEGER: 6,
    ColumnKind.MONTH: 8.5,
}
"""Widths on paper, in characters: narrower than on the screen, so that A3 shows the type at 8 points."""
_NARROW = {"tier": 4.5, "statutory_line": 10}
_CHANGE_WIDTHS = (6, 12, 12, 28, 22, 12, 16, 22, 22, 24)


def write_quarterly(target: Target, book: QuarterBook) -> str:
    """Write the sheets of the book and return the digest of its rows. The same book gives the same bytes.

    Raises CellTooLong; nothing is written to `target` then.
    """
    digest = printed_digest(book)
    with printed_book(target, title=_title(book, wording.DIRECTORY_SHEET)) as file:
        _write_directory(file, book)
        _write_crosstab(file, book, wording.BY_COUNTY_SHEET, wording.COUNTY_HEADING, by_county(book))
        _write_crosstab(file, book, wording.BY_INDUSTRY_SHEET, wording.INDUSTRY_HEADING, by_industry(book))
        _write_stages(file, book)
        _write_tiers(file, book)
        _write_movement(file, book)
        _write_changes(file, book)
        if book.certified is not None:
            write_certified(_open(file, book, wording.CERTIFIED_SHEET, WIDTHS, styles.A4), book.certified)
        _write_notes(file, book, digest)
    return digest


def quarter_label(quarter: str) -> str:
    """`2021Q3` -> 2021年第三季度; another text as it is."""
    year, mark, number = quarter.partition("Q")
    if not mark or number not in {"1", "2", "3", "4"}:
        return quarter
    return wording.QUARTER_LABEL % {"year": year, "number": wording.QUARTER_NUMBERS[int(number) - 1]}


def _title(book: QuarterBook, sheet: str) -> str:
    words = {"city": book.city, "quarter": quarter_label(book.quarter), "previous": quarter_label(book.compared_with)}
    return wording.QUARTER_TITLES[sheet] % words + (wording.DRAFT_MARK if book.draft else "")


def _open(
    file: PrintedBook,
    book: QuarterBook,
    name: str,
    widths: Sequence[float],
    paper: int,
    left: str = "",
) -> PrintedSheet:
    """A sheet with its title, the notice, the as-of date and the unit."""
    sheet = file.sheet(name, widths, paper=paper)
    sheet.title(_title(book, name))
    as_of = wording.AS_OF_LINE % {"as_of": book.as_of.isoformat()}
    sheet.line(NOTICE, f"{as_of}    {wording.UNIT_LINE}")
    if left:
        sheet.line(left)
    return sheet


# -- the directory --------------------------------------------------------------------------------
def _write_directory(file: PrintedBook, book: QuarterBook) -> None:
    columns = book.columns
    widths = [6, *(_print_width(column) for column in columns)]
    sheet = _open(file, book, wording.DIRECTORY_SHEET, widths, styles.A3)
    sheet.head([SERIAL_HEADING, *(printed_heading(column) for column in columns)], fixed_columns=2)
    looks = [styles.SERIAL, *(styles.column_look(column) for column in columns)]
    whole = totals(columns)
    serial = 0
    for group in book.groups:
        sums = totals(columns)
        for row in group.rows:
            serial += 1
            cells = [stated(column, row) for column in columns]
            sheet.fitted_row([serial, *cells], looks)
            add_row(sums, row)
            add_row(whole, row)
        if group.rows:
            label = wording.SUBTOTAL % {"label": group.label, "count": len(group.rows)}
            sheet.total(label, total_cells(columns, sums), looks[1:])
    sheet.total(wording.TOTAL % {"count": serial}, total_cells(columns, whole), looks[1:])
    sheet.sign()


def _print_width(column: Column) -> float:
    return _NARROW.get(column.key, _PRINT_WIDTHS.get(column.kind, 12))


# -- the summaries --------------------------------------------------------------------------------
def _write_crosstab(
    file: PrintedBook, book: QuarterBook, name: str, heading: str, lines: Sequence[SummaryLine]
) -> None:
    """Firms under each label by stage, with the year-to-date revenue of those that reported one."""
    stages = [line.label for line in by_stage(book)]
    labels = [_stage_label(stage) for stage in stages]
    sheet = _open(file, book, name, [36, 11, 14, *([11] * len(stages)), 15, 20], styles.A4)
    counts, sums = (wording.FIRMS_HEADING, wording.LISTED_HEADING), (wording.REPORTED_HEADING, wording.REVENUE_HEADING)
    sheet.head([heading, *counts, *labels, *sums])
    for line in lines:
        label = styles.INDENTED if line.depth else styles.LABEL
        part = line.depth and name == wording.BY_COUNTY_SHEET
        shown = replace(line, label=wording.ZONE_WITHIN % {"zone": line.label}) if part else line
        _crosstab_row(sheet, shown, stages, label)
    _crosstab_row(sheet, summary(wording.WHOLE, book.rows()), stages, styles.LABEL, total=True)
    sheet.sign()


def _crosstab_row(
    sheet: PrintedSheet, line: SummaryLine, stages: Sequence[str], label: Look, *, total: bool = False
) -> None:
    counts: list[CellValue] = [line.counts.get(stage, 0) for stage in stages]
    cells = [visible(line.label), line.firms, line.listed, *counts, line.reported, _revenue(line)]
    looks = [label, *([styles.COUNT] * (len(stages) + 3)), styles.AMOUNT]
    sheet.fitted_row(cells, [styles.strong(look) for look in looks] if total else looks)


def _revenue(line: SummaryLine) -> CellValue:
    """In 万元; no figure at all is not the same as zero."""
    return line.revenue / YUAN_PER_UNIT if line.reported else NO_DATA


def _stage_label(stage: str) -> str:
    return STAGE_LABELS.get(stage, stage) or wording.STAGE_UNKNOWN


def _write_stages(file: PrintedBook, book: QuarterBook) -> None:
    sheet = _open(file, book, wording.BY_STAGE_SHEET, [38, 22, 22, 26, 32], styles.A4)
    headings = (wording.FIRMS_HEADING, wording.SHARE_HEADING, wording.REPORTED_HEADING, wording.REVENUE_HEADING)
    sheet.head([wording.STAGE_HEADING, *headings])
    whole = summary(wording.WHOLE, book.rows())
    looks = [styles.LABEL, styles.COUNT, styles.SHARE, styles.COUNT, styles.AMOUNT]
    for line in [*by_stage(book), whole]:
        share = line.firms / whole.firms if whole.firms else None
        label = wording.WHOLE if line is whole else _stage_label(line.label)
        chosen = [styles.strong(look) for look in looks] if line is whole else looks
        sheet.fitted_row([label, line.firms, share, line.reported, _revenue(line)], chosen)
    sheet.sign()


def _write_tiers(file: PrintedBook, book: QuarterBook) -> None:
    sheet = _open(file, book, wording.BY_TIER_SHEET, [36, *([14] * 6)], styles.A4)
    sheet.head([wording.COUNTY_HEADING, wording.LISTED_HEADING, *wording.TIER_HEADINGS])
    lines = by_tier(book)
    whole = [sum(column) for column in zip(*(line.counts for line in lines), strict=True)] or [0] * 5
    looks = [styles.LABEL, *([styles.COUNT] * 6)]
    for line in lines:
        sheet.fitted_row([visible(line.label), line.firms, *line.counts], looks)
    sheet.fitted_row([wording.WHOLE, sum(whole), *whole], [styles.strong(look) for look in looks])
    sheet.sign()


def _write_movement(file: PrintedBook, book: QuarterBook) -> None:
    sheet = _open(file, book, wording.MOVEMENT_SHEET, [38, 22], styles.A4)
    sheet.head([wording.MOVEMENT_HEADING, wording.FIRMS_HEADING])
    looks = [styles.LABEL, styles.COUNT]
    for step in movement(book):
        sheet.fitted_row(
            [visible(step.label), step.firms], [styles.strong(look) for look in looks] if step.total else looks
        )
    sheet.sign()


# -- changes and notes ----------------------------------------------------------------------------
def _write_changes(file: PrintedBook, book: QuarterBook) -> None:
    counts = "，".join(
        wording.CHANGE_COUNT % {"label": wording.CHANGE_LABELS[kind], "firms": len(_firms(book.changes, kind))}
        for kind in ChangeKind
    )
    left = wording.CHANGE_COUNTS % {"counts": counts}
    sheet = _open(file, book, wording.CHANGES_SHEET, _CHANGE_WIDTHS, styles.A4, left)
    sheet.head(wording.CHANGE_HEADINGS, fixed_columns=0)
    looks = [styles.SERIAL, styles.CENTRED, styles.body(ColumnKind.DATE), *([styles.PARAGRAPH] * 7)]
    looks[4] = looks[5] = styles.CENTRED
    order = list(ChangeKind)
    changes = sorted(book.changes, key=lambda change: order.index(change.kind))
    for serial, change in enumerate(changes, start=1):
        words = (change.name, change.credit_code, change.division, change.what, change.before, _after(change))
        texts: list[CellValue] = [visible(word) if word else None for word in (*words, change.reason)]
        sheet.fitted_row([serial, wording.CHANGE_LABELS[change.kind], change.on, *texts], looks)
    if not changes:
        sheet.line(wording.NO_CHANGES)
    sheet.sign()


def _after(change: Change) -> str:
    return change.after + (wording.MERGED_INTO % {"name": change.into} if change.into else "")


def _firms(changes: Sequence[Change], kind: ChangeKind) -> set[tuple[str, str | None]]:
    """A firm with several altered fields is one firm."""
    return {
        (change.name if not change.credit_code else "", change.credit_code) for change in changes if change.kind is kind
    }


def _write_notes(file: PrintedBook, book: QuarterBook, digest: str) -> None:
    sheet = file.sheet(wording.NOTES_SHEET, [20, 14, 60, 50], paper=styles.A4)
    sheet.title(_title(book, wording.NOTES_SHEET))
    sheet.line(NOTICE)
    groups = "，".join(f"{group.label} {len(group.rows)}" for group in book.groups)
    whole = summary(wording.WHOLE, book.rows())
    rows_text = wording.NOTE_ROWS_TEXT % {
        "firms": whole.firms,
        "listed": whole.listed,
        "left": whole.firms - whole.listed,
        "groups": groups,
        "changes": len(book.changes),
    }
    pending = sum(bool(row.get("pending")) for row in book.rows())
    facts = (
        (wording.NOTE_USE, NOTICE),
        *(((wording.NOTE_STATE, wording.DRAFT_TEXT),) if book.draft else book.frozen),
        (wording.NOTE_SCOPE, book.scope),
        (wording.NOTE_AS_OF, book.as_of.isoformat()),
        (wording.NOTE_COMPARED, quarter_label(book.compared_with)),
        (wording.NOTE_ROWS, rows_text),
        (wording.PENDING, wording.NOTE_PENDING_TEXT % {"firms": pending} if pending else ""),
        (wording.NOTE_UNIT, wording.NOTE_UNIT_TEXT),
        (wording.NOTE_DIGEST, digest),
        (wording.NOTE_DIGEST_HOW, wording.NOTE_DIGEST_TEXT),
    )
    for label, text in facts:
        if text:
            sheet.wide_row(label, visible(text))
    if book.rules:
        sheet.line()
        sheet.row(list(wording.RULE_HEADINGS), [styles.HEAD] * 4, height=22)
    for rule in book.rules:
        words = [visible(word) for word in (rule.name, rule.version, rule.text, rule.source)]
        sheet.fitted_row(words, [styles.LABEL, styles.CENTRED, styles.PARAGRAPH, styles.PARAGRAPH])
