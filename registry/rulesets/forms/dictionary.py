"""Forms of reference data: what to look for, one row of a draft, and the notice of a year's holidays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Form, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from registry.base.errors import RegistryError
from registry.base.vocabulary import OfficeKind
from registry.reference.queries import dated, reference
from registry.reference.rules.dated import Edition, ending
from registry.reference.rules.divisions import DivisionLevel
from registry.reference.rules.versions import STATE_LABELS, VersionState
from registry.rulesets.forms.rulesets import Versioned
from registry.rulesets.models import RuleDraft
from registry.rulesets.rules import notice
from registry.rulesets.rules.cells import parse
from registry.rulesets.rules.files import DIVISION, HOLDERS, NAMES, OFFICE, PROOF, FileColumn, ReferenceFile
from registry.rulesets.rules.files import Form as Written
from registry.rulesets.rules.newer import BASE, ENDED, FILE, FROM_THE_FIRST
from registry.rulesets.rules.notice import NoticedDay
from registry.rulesets.texts.columns import COLUMN_LABELS, HINTS, WORD_LABELS
from registry.rulesets.texts.files import FILE_FAULTS
from registry.site.locale import sentence

_DAY = _l("请按 2021-10-15 的格式填写日期。")
_LEFT_OUT = frozenset({"valid_from", "valid_to"})
_LONG = frozenset({"rule", "reason", "source", "excluded_reason"})
_FORM = Written
_NEEDED = FILE_FAULTS["empty"]
_SOURCE = FileColumn(Written.WORDS)
_OF_AN_END = ("successor", "source", "verified")
"""What is asked of a row that ends; the rest stays as it was."""


class ReferenceFilter(Form):
    on = DateField(_l("哪一天"), [Optional()], invalid_value_message=_DAY)  # type: ignore[call-arg]
    state = SelectField(_l("状态"), validate_choice=False)
    q = StringField(_l("内容或依据"))

    def offer(self) -> None:
        states = (VersionState.IN_FORCE, VersionState.COMING, VersionState.ENDED)
        self.state.choices = [("", _("全部")), *((state.value, _(STATE_LABELS[state])) for state in states)]


class ReferenceRowForm(Versioned):
    """Its fields are those of the file; `row_form` makes the class."""

    cells: Mapping[str, FileColumn] = {}

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        for name, cell in self.cells.items():
            if name not in self._fields or cell.form is _FORM.YES_NO or self[name].errors:
                continue
            try:
                parse(cell, self._text(name))
            except RegistryError as error:
                self.say(name, sentence(error))
        return sound and not self.errors

    def _text(self, name: str) -> str:
        given = self[name].data
        if isinstance(given, bool):
            return "yes" if given else "no"
        return given.isoformat() if isinstance(given, date) else (given or "").strip()

    def item(self, file: ReferenceFile, key: Mapping[str, str], before: Edition | None) -> dict[str, str]:
        """The row as a draft keeps it; what the form does not ask for stays as it was."""
        kept = {name: _as_text(before.contents[name]) for name in file.cells if before and name in before.contents}
        ends = ENDED in self._fields and bool(self[ENDED].data)
        asked = (*_OF_AN_END, *PROOF) if ends else (*file.cells, *PROOF)
        told = {name: self._text(name) for name in asked if name in self._fields}
        base = "" if before is None else before.valid_from.isoformat() if before.valid_from else FROM_THE_FIRST
        dates = {"valid_from": "", "valid_to": ""}
        return {FILE: file.name} | dates | kept | dict(key) | told | {BASE: base, ENDED: "yes" if ends else ""}


def row_form(
    draft: RuleDraft, file: ReferenceFile, item: Mapping[str, str], *, is_new: bool, on: date
) -> ReferenceRowForm:
    """The form of one row: of a new one with its key, of a published one with whether it ends."""
    members: dict[str, Any] = {}
    for name, cell in file.cells.items():
        if name not in _LEFT_OUT and (_is_asked_anew(name) if is_new else _is_open(file, name)):
            members[name] = _field(name, cell)
    members |= {name: _field(name, cell) for name, cell in PROOF.items()}
    if not is_new and item.get("level") != DivisionLevel.CITY:
        members[ENDED] = BooleanField(_l("从施行日期起终止"))
    made = type("ReferenceRowFields", (ReferenceRowForm,), {**members, "cells": {**file.cells, **PROOF}})
    given: dict[str, Any] = {name: _given(file, name, item.get(name, "")) for name in members}
    if not item.get("checked_on"):
        given["checked_on"] = on
    form: ReferenceRowForm = made(data={**given, "version": draft.version})
    return form


def _is_asked_anew(name: str) -> bool:
    return name != "successor"


def _is_open(file: ReferenceFile, name: str) -> bool:
    """What may change of a row that is published: of an office or a place its names, and who follows it."""
    if name in file.key:
        return False
    return file.name not in (HOLDERS[OFFICE], HOLDERS[DIVISION]) or name in {*NAMES, "successor", "source"}


def _given(file: ReferenceFile, name: str, text: str) -> Any:
    cell = {**file.cells, **PROOF}.get(name)
    if name == ENDED or (cell is not None and cell.form is _FORM.YES_NO):
        return text == "yes"
    if cell is not None and cell.form is _FORM.DAY:
        return date.fromisoformat(text) if text else None
    return text


def _field(name: str, cell: FileColumn) -> Any:
    label, hint = _l(COLUMN_LABELS[name]), _l(HINTS[name]) if name in HINTS else ""
    checks = [] if cell.optional else [InputRequired(_l(_NEEDED))]
    if cell.form is _FORM.YES_NO:
        return BooleanField(label, description=hint)
    if cell.form is _FORM.DAY:
        return DateField(label, [InputRequired(_DAY)], description=hint, invalid_value_message=_DAY)  # type: ignore[call-arg]
    if (cell.words or cell.parent in (OFFICE, DIVISION)) and not cell.many:
        return SelectField(label, checks, description=hint, choices=lambda: _choices(name, cell), validate_choice=False)
    kind = TextAreaField if name in _LONG else StringField
    return kind(label, checks, description=hint, render_kw={"rows": 2} if name in _LONG else {})


def _choices(name: str, cell: FileColumn) -> list[tuple[str, str]]:
    if cell.words:
        labels = WORD_LABELS.get(name, {})
        found = [(word, _(labels[word]) if word in labels else word) for word in sorted(cell.words)]
    elif cell.parent == OFFICE:
        wanted = (OfficeKind.BUREAU,) if name == "lead" else tuple(OfficeKind)
        offices = (row for row in reference.offices().values() if row.kind in wanted and row.valid_to is None)
        found = [(row.code, _("%(name)s（%(code)s）", name=row.short_name, code=row.code)) for row in offices]
    else:
        places = dated.editions(HOLDERS[DIVISION])
        found = [
            (code, _("%(name)s（%(code)s）", name=short, code=code))
            for code, short in sorted(reference.division_names().items())
            if ending(places[code]) is None
        ]
    return [("", ""), *found]


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


class HolidayNotice(Versioned):
    longest = 5000
    text = TextAreaField(
        _l("通知全文"), [InputRequired(_l("请粘贴通知全文。"))],
        description=_l("国务院办公厅每年的节假日安排通知，连同标题一起粘贴；放假和调休上班的日子逐日列入草稿，请再核对。"),
        render_kw={"rows": 14, "required": True},
    )  # fmt: skip
    source = TextAreaField(
        _l("依据"), [InputRequired(_l("请写明依据：文号、文件名称或会议纪要。"))],
        description=_l("写明年份和文号，如“国务院办公厅关于2027年部分节假日安排的通知（国办发明电〔2026〕×号）”。"),
        render_kw={"rows": 2, "required": True},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days: list[NoticedDay] = []

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if self.source.data and not self.source.errors:
            try:
                parse(_SOURCE, self.source.data.strip())
            except RegistryError as error:
                self.say("source", sentence(error))
        if self.text.data and not self.text.errors:
            try:
                self.days = notice.read_notice(self.text.data)
            except RegistryError as error:
                self.say("text", sentence(error))
        return sound and not self.errors

    def items(self, on: date) -> list[dict[str, str]]:
        source = (self.source.data or "").strip()
        return [
            {
                FILE: "holidays.csv", "day": one.day.isoformat(), "name": one.name,
                "working": "yes" if one.working else "no", "valid_from": "", "valid_to": "", "source": source,
                "clause": one.clause, "checked_on": on.isoformat(), BASE: "", ENDED: "",
            }
            for one in self.days
        ]  # fmt: skip
