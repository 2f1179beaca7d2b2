"""Forms of papers: upload one, void one with its reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired

from registry.base import errors
from registry.base.periods import YEARS_BACK, Period
from registry.documents.rules import pages_of
from registry.site.display import month_name
from registry.site.forms.worded import Worded, reason_field


class Upload(Worded):
    material = SelectField(_l("材料种类"), [DataRequired(_l("请选择材料种类。"))])
    year = SelectField(_l("所属年份"), description=_l("利润表、申报表等有期别的材料须选。"))
    month = SelectField(_l("所属月份"))
    first_month = SelectField(
        _l("逐月列出的起始月份"),
        description=_l("报表逐月列出各月累计数的才选，例如全年分月利润表选1月。"),
        validate_choice=False,
    )
    pages = StringField(_l("页码"), description=_l("一个文件里扫描了多份材料的，写明本材料的页码，例如 1-3。"))
    file = FileField(_l("文件"), description=_l("PDF、PNG、JPG 或 XLSX，不超过 20 MB。"))

    def __init__(self, *args: Any, on: date, materials: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.material.choices = [("", ""), *((code, _(name)) for code, name in materials.items())]
        years = range(on.year, on.year - YEARS_BACK - 1, -1)
        self.year.choices = [("", _("无期别")), *((str(year), str(year)) for year in years)]
        self.first_month.choices = [("", ""), *((str(n), month_name(n)) for n in range(1, 12))]
        self.month.choices = [("", ""), *((str(n), month_name(n)) for n in range(1, 13)), ("0", _("全年"))]

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if not self.file.data:
            self.say("file", _(errors.DOCUMENT_MISSING))
        if self.month.data and not self.year.data:
            self.say("year", _("请选择所属年份。"))
        try:
            pages_of(self.pages.data or "")
        except ValueError:
            self.say("pages", _(errors.DOCUMENT_PAGES))
        if self.first_month.data and not (self.year.data and int(self.month.data or 0) > int(self.first_month.data)):
            self.say("first_month", _(errors.DOCUMENT_FIRST_MONTH))
        return sound and not self.errors

    @property
    def period(self) -> Period | None:
        return Period(int(self.year.data), int(self.month.data or 0)) if self.year.data else None


class VoidDocument(Worded):
    reason = reason_field(_l("作废理由"), _l("例如：盖章不全，已重新上传。"))
