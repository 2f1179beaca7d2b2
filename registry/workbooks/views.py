"""A returned workbook and its cells as pages show them: three values side by side, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from registry.base.contacts import RESTRICTED, masked
from registry.base.errors import RegistryError
from registry.firms.views import values
from registry.site.display import here
from registry.site.locale import sentence
from registry.workbooks.models import ReturnedValue, WorkbookReturn
from registry.workbooks.rules import KIND_LABELS, CellKind, ReturnState
from registry.workbooks.services import returns
from registry.workbooks.sheets import layout

STATE_TONES: Mapping[str, str] = {
    ReturnState.WAITING: "plain",
    ReturnState.READING: "info",
    ReturnState.COMPARED: "warn",
    ReturnState.EQUAL: "ok",
    ReturnState.REFUSED: "bad",
    ReturnState.APPLYING: "info",
    ReturnState.APPLIED: "ok",
    ReturnState.DISCARDED: "plain",
}
KIND_TONES: Mapping[str, str | None] = {
    CellKind.CONFLICT: "warn",
    CellKind.CLEAN: "ok",
    CellKind.REFUSED: "bad",
    CellKind.MISSING: "warn",
    CellKind.UNKNOWN: "info",
    CellKind.AGREED: None,
}
TABS = (CellKind.CLEAN, CellKind.REFUSED, CellKind.MISSING, CellKind.UNKNOWN, CellKind.AGREED)
"""Kinds that are read page by page; what asks for a choice stands above them, all of it."""


@dataclass(frozen=True)
class CellLine:
    """One cell, or one row that is gone or was added."""

    id: int
    place: str
    firm_id: int | None
    firm: str
    label: str
    issued: str
    now: str
    given: str
    said: str
    warnings: tuple[str, ...]
    is_figure: bool
    choice: str
    outcome: str


def line(cell: ReturnedValue) -> CellLine:
    """A cell in the reader's words; a contact is masked, a value that was not taken stands as it was typed."""
    key, held = cell.field, cell.values
    raw = cell.kind == CellKind.REFUSED
    return CellLine(
        id=cell.id,
        place=_place(cell),
        firm_id=cell.firm_id,
        firm=cell.firm.name if cell.firm else " ".join(filter(None, (held.get("name"), held.get("credit_code")))),
        label=values.label(key) if key else "",
        issued=shown(key, held.get("issued")),
        now=shown(key, held.get("now")),
        given=_typed(key, held.get("given")) if raw else shown(key, held.get("given")),
        said=_said(cell),
        warnings=tuple(_filled(one["template"], one["values"]) for one in cell.warnings),
        is_figure=layout.figure_of(key) is not None,
        choice=cell.choice,
        outcome=cell.outcome,
    )


def _place(cell: ReturnedValue) -> str:
    if cell.number is None:
        return ""
    text = _("第%(row)s行", row=cell.number)
    return _("%(row)s %(letter)s列", row=text, letter=cell.letter) if cell.letter else str(text)


def shown(key: str, value: Any) -> str:
    """A canonical value as a page prints it, '' where there is none."""
    if value is None or value == "" or not key:
        return ""
    if key == "capital" and isinstance(value, list):
        amount, currency = value
        return values.shown(key, amount) + ("" if currency == "CNY" else f" {currency}")
    return values.shown(key, value)


def _typed(key: str, value: Any) -> str:
    text = "" if value is None else str(value)
    return masked(key, text) if key in RESTRICTED else text


def _said(cell: ReturnedValue) -> str:
    return _filled(cell.reason, cell.reason_values) if cell.reason else ""


def _filled(template: str, given: Mapping[str, Any]) -> str:
    return sentence(RegistryError(template, **given))


# -- the return -------------------------------------------------------------------------------------
def message(row: WorkbookReturn) -> str:
    return _filled(row.message, row.message_values) if row.message else ""


def cards(row: WorkbookReturn, kind: str) -> list[dict[str, Any]]:
    """The counts as tabs; conflicts are a plain count, for they stand above."""
    old = () if row.counts.get(CellKind.UNKNOWN.value) else (CellKind.UNKNOWN,)
    tabs = [CellKind.CONFLICT, *TABS] if row.state == ReturnState.APPLIED else TABS
    return [
        {
            "label": _(KIND_LABELS[one]),
            "count": row.counts.get(one.value, 0),
            "tone": KIND_TONES[one],
            "active": one.value == kind,
            "href": here(kind=one.value, page=None),
        }
        for one in tabs
        if one not in old
    ]


def first_kind(row: WorkbookReturn) -> str:
    """What to look at first: what will be written, then what goes back."""
    return next((kind.value for kind in TABS if row.counts.get(kind.value)), CellKind.CLEAN.value)


def steps(row: WorkbookReturn) -> list[dict[str, Any]]:
    """下载工作簿, 上传, 逐格比对, 确认写入."""
    at = {
        ReturnState.WAITING: 2, ReturnState.READING: 2, ReturnState.COMPARED: 2, ReturnState.REFUSED: 1,
        ReturnState.APPLYING: 3, ReturnState.DISCARDED: 2, ReturnState.EQUAL: 3,
    }.get(ReturnState(row.state), 4)  # fmt: skip
    labels = (_("下载工作簿"), _("上传"), _("逐格比对"), _("确认写入"))
    states = ["done" if index < at else "now" if index == at else "todo" for index in range(len(labels))]
    if row.state in (ReturnState.REFUSED, ReturnState.DISCARDED):
        states[at] = "off"
    if row.state == ReturnState.EQUAL:
        states[at] = "todo"
    return [{"label": label_, "state": state} for label_, state in zip(labels, states, strict=True)]


def withdrawable(cells: Sequence[ReturnedValue]) -> list[CellLine]:
    """Missing rows of which somebody has to say whether the nomination is withdrawn."""
    return [line(cell) for cell in cells if cell.kind == CellKind.MISSING and returns.asks(cell)]


def conflicts(cells: Sequence[ReturnedValue]) -> list[CellLine]:
    return [line(cell) for cell in cells if cell.kind == CellKind.CONFLICT]
