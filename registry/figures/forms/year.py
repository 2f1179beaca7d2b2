"""The cumulative amounts of one year in one grid, from one paper that lists its months."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField, StringField

from registry.base import errors, independence
from registry.base.periods import Period
from registry.base.vocabulary import FigureKind
from registry.figures.forms.figures import SOURCES_OF, amount_in, assurance_field, refusal, source_choices
from registry.site.display import month_name
from registry.site.forms.worded import Worded

_MONTH = "month_"


class RecordYear(Worded):
    """`form_of` gives it the months that are over and not on record yet; none of them is ever filled in."""

    source = SelectField(_l("数据来源"), validate_choice=False)
    file = FileField(
        _l("凭证"), description=_l("列明各月累计数的报表，一个文件。PDF、PNG、JPG 或 XLSX，不超过 20 MB。")
    )
    assurance = assurance_field()
    kind = FigureKind.REVENUE
    year = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.amounts: list[tuple[Period, Decimal]] = []
        self.source.choices = source_choices(SOURCES_OF[self.kind])[1:]

    def months(self) -> list[Any]:
        return [field for key, field in self._fields.items() if key.startswith(_MONTH)]

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        self.amounts = []
        for field in self.months():
            self._read(field)
        if not self.amounts and not self.errors:
            self.say("", _("请至少填写一个月；没有报表的可以留空。"))
        if self.source.data == independence.SOURCE:
            self.say("source", refusal())
        if not self.file.data:
            self.say("file", _(errors.FIGURE_DOCUMENT))
        return sound and not self.errors and not self.form_errors

    def _read(self, field: Any) -> None:
        if not (field.data or "").strip():
            return
        amount, fault = amount_in(self.kind, field.data)
        if amount is None:
            self.say(field.name, fault or _("请照凭证填写。"))
        else:
            self.amounts.append((Period(self.year, int(field.name.removeprefix(_MONTH))), amount))


def form_of(kind: FigureKind, year: int, months: Iterable[int]) -> RecordYear:
    typed = {"inputmode": "decimal", "autocomplete": "off"}
    fields: dict[str, Any] = {f"{_MONTH}{one}": StringField(month_name(one), render_kw=typed) for one in months}
    form: RecordYear = type("RecordTheseMonths", (RecordYear,), {**fields, "kind": kind, "year": year})()
    return form
