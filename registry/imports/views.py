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
from registry.base.errors import COLUMN_AGAIN, COLUMN_REPEATED, COLUMN_TAKEN, RegistryError
from registry.base.extensions import db
from registry.base.firm_fields import FIELDS, FIGURE_FIELDS
from registry.base.labels import N_
from registry.base.money import in_words
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
from registry.imports import forms, queries
from registry.imports.models import ColumnChoice, ImportBatch, ImportRow
from registry.imports.rules import SAME
from registry.imports.services import columns as said_columns
from registry.imports.services import returning
from registry.imports.services.findings import fault_of, notice_of
from registry.imports.services.plain import plain
from registry.imports.services.staging import RETURNED
from registry.sheets import account, months
from registry.sheets.byhand import ColumnUse, HeadingChoice, compared, is_our_own
from registry.sheets.columns import by_key
from registry.sheets.units import unit_words
from registry.site.access import actor
from registry.site.display import here, quantity, wan_exact
from registry.site.locale import sentence
from registry.site.reading import COLUMN_REASONS, worded

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
    spoken: str = ""
    """The file's amount as it is read aloud, where it is large."""


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
    staged, sheets = list(rows), account.sheets_of(batch.reading)
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
        number=account.row_words(row.number, sheets),
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
        text = quantity(Decimal(amount), kind) if kind == FigureKind.EMPLOYEES else _amount(amount)
        told.append((f"{label} {Period(year, month).label}", text))
    return tuple(told)


LARGE = Decimal(100_000_000)
"""Yuan from which on an amount is also read aloud: digits alone are easily misread."""


def _amount(yuan: str) -> str:
    """An amount in its unit; a large one with its words."""
    exact, spoken = Decimal(yuan), _spoken(Decimal(yuan))
    told = _("%(amount)s 万元", amount=wan_exact(exact))
    return str(_("%(amount)s（%(words)s）", amount=told, words=spoken) if spoken else told)


def _spoken(yuan: Decimal) -> str:
    """A large amount as it is read aloud; empty for any other."""
    return str(_("读作%(words)s", words=in_words(yuan))) if yuan >= LARGE else ""


def _value(key: str, given: Mapping[str, Any]) -> str:
    if key == "capital" and given.get("capital_currency", "CNY") != "CNY":
        currency = given["capital_currency"]
        return str(_("%(amount)s 万（%(currency)s）", amount=wan_exact(Decimal(given[key])), currency=currency))
    if key == "capital":
        return _amount(given[key])
    if key in RESTRICTED:
        return masked(key, str(given[key]))
    return _shown(key, given[key])


_SHOWN = tuple(key for key in FIELDS if key not in ("name", "credit_code", "industry_year", "capital_currency"))


def left(batch: ImportBatch) -> list[dict[str, Any]]:
    """Changed rows that were not written, each with its place in the file."""
    sheets = account.sheets_of(batch.reading)
    return [{**row, "row": account.row_words(row["row"], sheets)} for row in queries.left(batch)]


# -- its columns ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ColumnLine:
    """One heading of the file, however many tables in it have it: how it is read, and what it may be given.

    `open`: it is not read, and nobody has said anything of it, or what was said fits two columns. `row`: of the
    heading row it stands in.
    """

    name: str
    letters: str
    heading: str
    taken: str
    key: str | None
    text: str
    tone: str
    choice: str
    row: int
    open: bool
    count: int

    @property
    def may_be_given(self) -> bool:
        """A serial number, what is worked out here, and a heading of our own stay what they are."""
        return self.taken not in ("ignored", "derived") and not is_our_own(self.heading)


def columns(batch: ImportBatch) -> list[ColumnLine]:
    """Every column of the file: read, mapped, carried or left out. In the order of the file, those still open first."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for column in batch.reading.get("columns", ()):
        groups.setdefault(compared(column["heading"]), []).append(column)
    lines = [_column_line(number, group) for number, group in enumerate(groups.values())]
    return sorted(lines, key=lambda line: not line.open)


def columns_form(lines: Iterable[ColumnLine]) -> forms.Columns:
    """A select for each column that may be given."""
    asked = [
        {
            "name": line.name,
            "label": _("%(column)s“%(heading)s”怎样读", column=line.letters, heading=line.heading),
            "now": _("照表头：%(text)s", text=line.text) if line.choice == "heading" else _("照表头本身（撤回指定）"),
            "choice": line.choice,
        }
        for line in lines
        if line.may_be_given
    ]
    return forms.columns_form(asked)


def columns_fit(form: forms.Columns, lines: list[ColumnLine]) -> bool:
    """Whether no column of ours would be read twice, and no heading be given that several columns bear."""
    for line in lines:
        chosen = form[line.name].data if line.name in form else ""
        if line.name not in form or chosen in (line.choice, "heading"):
            continue
        if line.count > 1:
            form.say(line.name, str(_(COLUMN_REPEATED)))
        key = chosen.removeprefix("read:") if chosen.startswith("read:") else None
        other = next((one for one in lines if key and one is not line and _will_be(one, form) == key), None)
        if other is not None and other.row == line.row:
            is_new = other.name in form and form[other.name].data != other.choice
            again = COLUMN_AGAIN if is_new else COLUMN_TAKEN
            form.say(line.name, str(_(again, heading=_column_label(key or ""), column=other.letters)))
    return not form.errors


def _will_be(line: ColumnLine, form: forms.Columns) -> str | None:
    """The column of ours that this one would be read as."""
    chosen: str = form[line.name].data if line.name in form else "heading"
    if chosen.startswith("read:"):
        return chosen.removeprefix("read:")
    return line.key if chosen == "heading" and line.choice == "heading" else None


def given(row: ColumnChoice) -> dict[str, Any]:
    """What the office has said of one heading, in the reader's words."""
    way = said_columns.words(HeadingChoice(ColumnUse(row.use), row.key))
    return {
        "id": row.id,
        "heading": row.heading,
        "way": _("读作“%(column)s”", column=_(way)) if row.key else _(way),
        "by": row.by_name,
        "at": row.at,
    }


def _column_line(number: int, group: list[Mapping[str, Any]]) -> ColumnLine:
    first = group[0]
    why = first.get("why", "")
    taken = why if why in ("ignored", "derived") else first["taken"]
    is_open = taken == "left_out" and ("by" not in first or why == "given_twice")
    return ColumnLine(
        name=f"use_{number}",
        letters=str(_("、")).join(dict.fromkeys(column["column"] for column in group)),
        heading=first["heading"],
        taken=taken,
        key=first["as"] if taken in returning.READ else None,
        text=_column_text(first),
        tone="warn" if is_open else COLUMN_TONES.get(taken, "plain"),
        choice=_column_choice(first),
        row=first["row"],
        open=is_open,
        count=len({column["column"] for column in group if column["row"] == first["row"]}),
    )


COLUMN_TONES = {"read": "ok", "mapped": "ok", "carried": "info"}


def _column_choice(column: Mapping[str, Any]) -> str:
    """What stands chosen: what a person gave, else that the heading is read by itself."""
    if "by" not in column:
        return "heading"
    if column["taken"] == "carried" or column["as"] is None:
        return "carried" if column["taken"] == "carried" else "left_out"
    return f"read:{column['as']}"


def _column_text(column: Mapping[str, Any]) -> str:
    given = str(_("按贵单位 %(on)s 由%(by)s指定的对应读取", on=column["on"], by=column["by"])) if "by" in column else ""
    return str(_("；")).join(filter(None, (_taken_text(column), given)))


def _taken_text(column: Mapping[str, Any]) -> str:
    if column["taken"] == "carried":
        return str(_("随带保存，原样退回和导出"))
    if column["taken"] not in returning.READ:
        return worded(COLUMN_REASONS, column)
    is_state = column["as"] == "operating_state"
    heading = _(STATE_HEADING) if is_state else _column_label(column["as"])
    return str(_("读作“%(column)s”", column=heading)) + _of_column(column)


def _column_label(key: str) -> str:
    """The heading of a column of the form; of an office workbook's figure of a month, its label."""
    return values.label(key) if months.figure_of(key) else str(_(by_key(key).heading))


def _of_column(column: Mapping[str, Any]) -> str:
    """The unit that the file says of an amount, and the month to which its heading runs."""
    unit = unit_words(Decimal(column["unit"]), column["currency"]) if column.get("unit") else ""
    said = [_("单位：%(unit)s", unit=unit)] if unit else []
    if column.get("month"):
        said.append(_("1—%(month)s月", month=column["month"]) if column["month"] > 1 else _("1月"))
    return str(_("（%(said)s）", said=str(_("，")).join(map(str, said)))) if said else ""


STATE_HEADING = N_("登记状态")


def _place(finding: Mapping[str, Any]) -> str:
    label = values.label(finding["field"]) if finding["field"] else ""
    return " ".join(filter(None, (finding["column"], label)))


def _cell(change: Mapping[str, Any], warned: Iterable[RowMessage]) -> RowCell:
    key = change["field"]
    before, after = (_shown(key, change[side]) for side in ("before", "after"))
    said = tuple(one for one in warned if one.field == key)
    is_figure = key.startswith(("revenue", "vat"))
    spoken = _spoken(Decimal(change["after"])) if (is_figure or key == "capital") and change["after"] else ""
    return RowCell(change["column"] or "", values.label(key), before, after, is_figure, said, spoken)


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
