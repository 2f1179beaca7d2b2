"""The forms of the workbook round trip: for which month one is wanted, and the file that comes back."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, SelectField

from registry.base.errors import UPLOAD_NEEDED, PeriodRefused
from registry.base.periods import Period
from registry.site.forms.refusable import Refusable
from registry.workbooks.services.issuing import months


class Issue(Refusable):
    """`months` that are over are offered, the last one first."""

    period = SelectField(
        _l("截至月份"),
        description=_l("工作簿里列出该年1月至该月的累计数；已登记的填好，不必重填。"),
        validate_choice=False,
    )
    contacts = BooleanField(_l("包含联系人和电话（会记录在案）"))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.period.choices = [(period.label, period.label) for period in months(on)]

    @property
    def given(self) -> Period | None:
        """The chosen month; None where what was sent is none."""
        try:
            return Period.parse(self.period.data or "")
        except PeriodRefused:
            return None


class Return(Refusable):
    file = FileField(
        _l("填好的工作簿"),
        [FileRequired(_l(UPLOAD_NEEDED))],
        description=_l(
            "本页下载的工作簿，用 WPS、Excel 或 LibreOffice 填好后保存的 .xlsx（20 MB 以内），随时可以上传。"
        ),
        render_kw={"accept": ".xlsx"},
    )
    instead = HiddenField()
    """The return that this file takes the place of: the same workbook, put right."""
