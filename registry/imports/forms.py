"""The forms of an import: a file with the year it speaks of, and what to look for among batches and rows."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Form, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired

from registry.base.errors import UPLOAD_NEEDED
from registry.base.vocabulary import BATCH_STATE_LABELS
from registry.site.forms.refusable import Refusable


class Upload(Refusable):
    file = FileField(
        _l("文件"),
        [FileRequired(_l(UPLOAD_NEEDED))],
        description=_l(
            "WPS 或 Excel 保存的 .xlsx（20 MB、20 万行以内），或 CSV（UTF-8、GB18030）。不收 .xls、.et、.xlsm。"
        ),
        render_kw={"accept": ".xlsx,.csv,.txt,.tsv,.gz"},
    )
    year = IntegerField(
        _l("年度"),
        [InputRequired(_l("请填写年度。"))],
        description=_l("文件中“本年”“上年”是相对哪一年说的。"),
    )


class Batches(Form):
    """The query above the list of batches."""

    q = StringField(_l("文件名"))
    state = SelectField(_l("状态"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.state.choices = [("", _("全部")), *((state, _(label)) for state, label in BATCH_STATE_LABELS.items())]


class Rows(Form):
    """The query above the rows of a batch."""

    q = StringField(_l("名称或代码"))


class Applying(Refusable):
    checked = BooleanField(_l("存疑的各行已对照凭证和原件核对，照文件导入"))
    reason = StringField(_l("理由"), description=_l("例如：已与企业核对，单位确为万元。记入留痕。"))
    correction = StringField(
        _l("更正理由"),
        description=_l("更正在库企业的资料须写明理由，例如：企业迁址，见新营业执照。逐家记入留痕。"),
        render_kw={"maxlength": 500},
    )
