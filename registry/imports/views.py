"""A batch and its rows as pages show them: counts as tabs, cells side by side, sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from registry.base import contacts
from registry.base.contacts import RESTRICTED, masked
from registry.base.errors import RegistryError
from registry.base.extensions import db
from registry.base.firm_fields import FIELDS, FIGURE_FIELDS
from registry.base.labels import N_
from registry.base.periods import Period
from registry.base.permissions import can
from registry.base.vocabulary import (
    BATCH_STATE_LABELS,
    FIGURE_KIND_LABELS,
    NO_DATA,
    ROW_KIND_LABELS,
    BatchState,
    FigureKind,
    RowKind,
)
from registry.firms.models.firms import Firm
from registry.firms.views import values
from registry.imports import queries
from registry.imports.models import ImportBatch, ImportRow
from registry.imports.rules import SAME
from registry.imports.services import accounts
from registry.imports.services.findings import fault_of, notice_of
from registry.imports.services.plain import plain
from registry.imports.services.staging import RETURNED
from registry.site.access import actor
from registry.site.display import here, quantity, wan_exact
from registry.site.locale import sentence

STATE_TONES = {
    BatchState.WAITING: "plain",
    BatchState.CHECKING: "info",
    BatchState.CHECKED: "warn",
    BatchState.REFUSED: "bad",
    BatchState.APPLYING: "info",
    BatchState.TAKING_BACK: "warn",
    BatchState.APPLIED: "ok",
    BatchState.UNDOING: "info",
    BatchState.DISCARDED: "plain",
    BatchState.UNDONE: "plain",
}
KIND_TONES = {RowKind.NEW: "ok", RowKind.CHANGED: "info", RowKind.DUPLICATE: "warn", RowKind.FAULTY: "bad"}
KEPT_SHOWN = 100
CHOICE = "row-"
"""What the name of a choice begins with, before the number of its row."""
COMPARED = (
    "name", "credit_code", "division", "town", "registered_address", "operating_address", "industry", "unit_kind",
    "founded_on", "capital", "contact_name", "contact_phone",
)  # fmt: skip
"""What is held against a firm on record, in the order in which a person would."""


@dataclass(frozen=True)
class RowMessage:
    """One sentence about a row, with the place of the cell it is about."""

    field: str | None
    place: str
    text: str
    tone: str


@dataclass(frozen=True)
class RowCell:
    """One changed cell: where in the file, what the directory holds, what the file says, and what to look at in it."""

    letter: str
    label: str
    before: str
    after: str
    is_figure: bool
    said: tuple[RowMessage, ...]


@dataclass(frozen=True)
class Match:
    """What a row was held against; `href` where the reader may open it, `claim` where they may claim it."""

    text: str
    href: str | None = None
    claim: str | None = None


@dataclass(frozen=True)
class FirmChoice:
    """A firm that a row may be: what is alike, what differs (label, in the file, on record), what *same* would change.

    `refused`: why it cannot be chosen now.
    """

    value: str
    match: Match
    alike: tuple[str, ...]
    differs: tuple[tuple[str, str, str], ...]
    cells: tuple[RowCell, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True)
class RowChoices:
    """What may be said of a row that looks like a firm on record; `stored`: what *two* would store."""

    name: str
    chosen: str
    firms: tuple[FirmChoice, ...]
    stored: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RowLine:
    """One row of the file."""

    number: str
    name: str
    credit_code: str
    kind: RowKind
    tone: str
    outcome: str
    firm_id: int | None
    cells: tuple[RowCell, ...] = ()
    stored: tuple[tuple[str, str], ...] = ()
    """Of a new firm what would be stored: label and value."""
    said: tuple[RowMessage, ...] = ()
    notes: tuple[str, ...] = ()
    matches: tuple[Match, ...] = field(default=())
    choices: RowChoices | None = None


def lines(batch: ImportBatch, rows: Iterable[ImportRow]) -> list[RowLine]:
    """Rows of a batch, with what may be chosen of those that look like a firm on record while that is open."""
    staged, sheets = list(rows), accounts.sheets_of(batch.reading)
    asked = _choices(staged) if batch.state == BatchState.CHECKED else {}
    return [replace(line(row, sheets), choices=asked.get(row.id)) for row in staged]


def line(row: ImportRow, sheets: list[str]) -> RowLine:
    """A staged row in the reader's words; `said` are faults and warnings, `notes` what was only put right.

    `sheets`: the sheets of the file that were read.
    """
    tone = KIND_TONES.get(RowKind(row.kind), "plain")
    faults = [RowMessage(f["field"], _place(f), sentence(fault_of(f)), tone) for f in row.faults]
    notices = [(f, notice_of(f)) for f in row.notices]
    warned = [RowMessage(f["field"], _place(f), sentence(n), "warn") for f, n in notices if n.is_warning]
    goes_back, is_new = row.kind in RETURNED, row.kind == RowKind.NEW
    return RowLine(
        number=accounts.row_words(row.number, sheets),
        name=row.name,
        credit_code=row.credit_code or "",
        kind=RowKind(row.kind),
        tone=tone,
        outcome=row.outcome,
        firm_id=row.firm_id,
        cells=tuple(_cell(change, warned) for change in row.changes),
        stored=_stored(row.values) if is_new else (),
        said=(*faults, *warned),
        notes=tuple(sentence(n) for _f, n in notices if not n.is_warning),
        matches=tuple(_match(match, row) for match in row.matches) if goes_back or (is_new and warned) else (),
    )


def chosen(sent: Mapping[str, str]) -> dict[int, str]:
    """Row -> what was chosen of it, out of a form that was sent."""
    given = ((name.removeprefix(CHOICE), value) for name, value in sent.items() if name.startswith(CHOICE))
    return {int(number): value for number, value in given if number.isascii() and number.isdigit()}


def _choices(rows: Iterable[ImportRow]) -> dict[int, RowChoices]:
    asked = [row for row in rows if row.alternatives]
    ids = {side["firm"] for row in asked for side in row.alternatives["same"]}
    found = select(Firm).where(Firm.id.in_(ids)) if ids else None
    known = {} if found is None else {firm.id: firm for firm in db.session.scalars(found).unique()}
    return {
        row.id: RowChoices(
            name=f"{CHOICE}{row.id}",
            chosen=row.choice,
            firms=tuple(_firm_choice(row, side, known[side["firm"]]) for side in row.alternatives["same"]
                        if side["firm"] in known),
            stored=_stored(row.alternatives["two"]["values"]),
        )
        for row in asked
    }  # fmt: skip


def _firm_choice(row: ImportRow, side: Mapping[str, Any], firm: Firm) -> FirmChoice:
    given = row.alternatives["two"]["values"]["fields"] | {"credit_code": row.credit_code}
    pairs = [(key, given.get(key), _plainly(firm, key)) for key in COMPARED]
    both = [pair for pair in pairs if all(pair[1:]) or (pair[0] == "credit_code" and any(pair[1:]))]
    told = [
        (values.label(key), _shown(key, mine) or NO_DATA, _shown(key, theirs) or NO_DATA) for key, mine, theirs in both
    ]
    equal = [mine == theirs for _key, mine, theirs in both]
    match = next(one for one in row.matches if one.get("id") == firm.id)
    return FirmChoice(
        value=f"{SAME}-{firm.id}",
        match=_match(match, row),
        alike=tuple(label for (label, _mine, _theirs), same in zip(told, equal, strict=True) if same),
        differs=tuple(one for one, same in zip(told, equal, strict=True) if not same),
        cells=tuple(_cell(change, ()) for change in side["changes"]),
        refused=tuple(sentence(fault_of(fault)) for fault in side["faults"]),
    )


def _plainly(firm: Firm, key: str) -> Any:
    """A value of a firm in the form in which a staged row keeps it."""
    return contacts.read(firm, key) if key in RESTRICTED else plain(getattr(firm, key))


def _stored(given_values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Every value of a new row in the reader's words; contacts masked, amounts with their unit."""
    given = given_values.get("fields", {})
    told = [(values.label(key), _value(key, given)) for key in _SHOWN if given.get(key) not in (None, "")]
    for key, kind, year, month, amount in given_values.get("figures", ()):
        label = values.label(key) if key in FIGURE_FIELDS else _(FIGURE_KIND_LABELS[kind])
        exact = str(_("%(amount)s 万元", amount=wan_exact(Decimal(amount))))
        text = quantity(Decimal(amount), kind) if kind == FigureKind.EMPLOYEES else exact
        told.append((f"{label} {Period(year, month).label}", text))
    return tuple(told)


def _value(key: str, given: Mapping[str, Any]) -> str:
    if key == "capital" and given.get("capital_currency", "CNY") != "CNY":
        currency = given["capital_currency"]
        return str(_("%(amount)s 万（%(currency)s）", amount=wan_exact(Decimal(given[key])), currency=currency))
    if key == "capital":
        return str(_("%(amount)s 万元", amount=wan_exact(Decimal(given[key]))))
    if key in RESTRICTED:
        return masked(key, str(given[key]))
    return _shown(key, given[key])


_SHOWN = tuple(key for key in FIELDS if key not in ("name", "credit_code", "industry_year", "capital_currency"))


def left(batch: ImportBatch) -> list[dict[str, Any]]:
    """Changed rows that were not written, each with its place in the file."""
    sheets = accounts.sheets_of(batch.reading)
    return [{**row, "row": accounts.row_words(row["row"], sheets)} for row in queries.left(batch)]


def reading(batch: ImportBatch) -> dict[str, Any]:
    """What was read of the file and what was not, in the reader's words."""
    told = batch.reading
    sheets = [
        _("工作表“%(sheet)s”：读取 %(count)s 行", sheet=s["sheet"], count=s["rows"])
        if s["read"]
        else _("工作表“%(sheet)s”没有读取：%(why)s", sheet=s["sheet"], why=_worded(SHEET_REASONS, s))
        for s in told.get("sheets", ())
        if s["sheet"]
    ]
    columns = [
        _("%(column)s“%(heading)s”：%(why)s", column=c["column"], heading=c["heading"], why=_worded(COLUMN_REASONS, c))
        for c in told.get("columns", ())
        if c["taken"] == "left_out" and c["why"] != "ignored"
    ]
    passed = [
        _("第 %(row)s 行：%(text)s", row=f"{p['sheet']}!{p['row']}" if "sheet" in p else p["row"], text=p["text"])
        for p in told.get("passed", ())
    ]
    return {"sheets": sheets, "columns": columns, "passed": passed, "passed_count": told.get("passed_count", 0)}


def _worded(reasons: Mapping[str, str], told: Mapping[str, Any]) -> str:
    reason = reasons[told["why"]]
    return str(_(reason))


SHEET_REASONS = {
    "hidden": N_("已隐藏"),
    "none": N_("没有找到表头"),
    "other": N_("不是同样的名单"),
}
COLUMN_REASONS = {
    "unknown": N_("表头不认识，没有读取"),
    "qualified": N_("括号里的字使它不是该栏，没有读取"),
    "twice": N_("另有一列同义，没有读取这一列"),
    "month": N_("是当月数，不是累计数，没有读取"),
    "year": N_("不是本年度或上年度的数，没有读取"),
    "derived": N_("由系统计算或决定，不读取"),
}


def _place(finding: Mapping[str, Any]) -> str:
    label = values.label(finding["field"]) if finding["field"] else ""
    return " ".join(filter(None, (finding["column"], label)))


def _cell(change: Mapping[str, Any], warned: Iterable[RowMessage]) -> RowCell:
    key = change["field"]
    before, after = (_shown(key, change[side]) for side in ("before", "after"))
    said = tuple(one for one in warned if one.field == key)
    return RowCell(change["column"] or "", values.label(key), before, after, key.startswith(("revenue", "vat")), said)


def _shown(key: str, value: Any) -> str:
    if isinstance(value, list):
        return str(_("、")).join(value)
    return values.shown(key, value)


def _match(match: Mapping[str, Any], row: ImportRow) -> Match:
    claimable = row.credit_code if row.kind == RowKind.DUPLICATE and can(actor(), "claim.raise") else None
    claim = url_for("claims.new", credit_code=claimable) if claimable else None
    if match["kind"] == "row":
        return Match(_("本文件第 %(row)s 行：%(name)s", row=match["row"], name=match["name"]))
    if match["kind"] == "elsewhere":
        text = _("%(county)s，由%(office)s登记", county=match["county"], office=match["office"])
        return Match(text, claim=claim)
    text = f"{match['name']} {match['credit_code'] or ''}".strip()
    held = any(finding["code"] == "held" for finding in row.faults)
    return Match(text, href=url_for("firms.show", firm_id=match["id"]), claim=claim if held else None)


# -- the batch --------------------------------------------------------------------------------------
def total(batch: ImportBatch) -> int:
    return sum(getattr(batch, kind.value) for kind in RowKind)


def has_rows(batch: ImportBatch) -> bool:
    return batch.state in (BatchState.CHECKED, BatchState.APPLIED, BatchState.UNDONE)


def first_kind(batch: ImportBatch) -> str:
    """What to look at first: cells that change, then rows that go back, else everything."""
    order = (RowKind.CHANGED, RowKind.FAULTY, RowKind.DUPLICATE)
    return next((kind.value for kind in order if getattr(batch, kind.value)), "")


def cards(batch: ImportBatch, kind: str) -> list[dict[str, Any]]:
    """The counts as tabs."""
    rows: list[tuple[str, str, int, str | None]] = [("", _("全部"), total(batch), None)]
    rows += [(k.value, _(ROW_KIND_LABELS[k]), getattr(batch, k.value), KIND_TONES.get(k)) for k in RowKind]
    return [
        {"label": label, "count": count, "tone": tone, "active": key == kind, "href": here(kind=key, page=None)}
        for key, label, count, tone in rows
    ]


def steps(batch: ImportBatch) -> list[dict[str, Any]]:
    """下载模板, 上传, 核对, 确认导入."""
    at = {
        BatchState.WAITING: 2, BatchState.CHECKING: 2, BatchState.CHECKED: 2, BatchState.REFUSED: 1,
        BatchState.APPLYING: 3, BatchState.TAKING_BACK: 3, BatchState.DISCARDED: 2,
    }.get(BatchState(batch.state), 4)  # fmt: skip
    labels = (_("下载模板"), _("上传"), _("核对"), _("确认导入"))
    states = ["done" if index < at else "now" if index == at else "todo" for index in range(len(labels))]
    if batch.state in (BatchState.REFUSED, BatchState.DISCARDED):
        states[at] = "off"
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]


def message(batch: ImportBatch) -> str:
    """Why the batch was refused or sent back."""
    return sentence(RegistryError(batch.message, **batch.message_values)) if batch.message else ""


def progress_text(batch: ImportBatch) -> str:
    state = _(BATCH_STATE_LABELS[batch.state])
    if batch.state == BatchState.WAITING or not batch.total:
        return str(_("%(state)s…", state=state))
    total = max(batch.total, batch.done)
    return str(_("%(state)s：%(done)s / %(total)s 行", state=state, done=f"{batch.done:,}", total=f"{total:,}"))
