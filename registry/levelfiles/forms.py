"""The file of an upper level, and what is asked before it is recorded."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from registry.base.errors import UPLOAD_NEEDED
from registry.base.extensions import clock
from registry.filings.rules import chain
from registry.reference.queries import reference
from registry.site.forms.brought import ApplyForm
from registry.site.forms.worded import TOO_LONG, Worded


class LevelFileForm(Worded):
    level = SelectField(_l("审核层级"), [InputRequired(_l("请选择是哪一级的结果。"))])
    file = FileField(
        _l("文件"),
        description=_l("XLSX 或 CSV；须有“审核结果”（通过、退回），以及“统一社会信用代码”或“企业名称”。"),
        render_kw={"accept": ".xlsx,.csv,.txt,.tsv,.gz"},
    )
    day = DateField(
        _l("结果日期"), [Optional()], description=_l("文件没有日期一栏，或某行没有写的，按这里填写的日期。")
    )
    reference = StringField(
        _l("依据文号"),
        [Optional(), Length(max=200, message=TOO_LONG)],
        description=_l("文件没有写的，按这里填写的文号。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.level.choices = [("", ""), *((value.value, _(label)) for value, label in _levels())]

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if not self.file.data or not self.file.data.filename:
            self.say("file", _(UPLOAD_NEEDED))
        return sound and not self.errors


class ApplyLevelForm(ApplyForm):
    reason_code = SelectField(
        _l("退回原因"), description=_l("用于没有写明原因代码的退回；文件中的原文记入说明。"), validate_choice=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = reference.return_reasons(clock.today()).values()
        self.reason_code.choices = [("", ""), *((row.code, f"{row.code} {_(row.reason)}") for row in reasons)]


def _levels() -> list[tuple[chain.ChainLevel, str]]:
    return [(level, chain.LEVEL_LABELS[level]) for level in chain.ChainLevel]
