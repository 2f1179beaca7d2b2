"""Forms of one paper of a filing: what the office holds, what statistics asks for or does not need."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from registry.base.labels import N_
from registry.base.periods import Period
from registry.documents.models import Document
from registry.filings.rules import chain
from registry.site.forms.worded import Worded, reason_field

HELD, LACKING = "held", "missing"
_STATES = ((HELD, N_("已有，见下列文件")), (LACKING, N_("没有，或现有的不能用")))
_DECISIONS = (("waived", N_("免报")), ("requested", N_("要求补报")))


class PaperForm(Worded):
    material = HiddenField()
    month = HiddenField()


class RecordPaper(PaperForm):
    state = RadioField(_l("情况"), [InputRequired(_l("请选择情况。"))])
    document = SelectField(
        _l("已上传的文件"), description=_l("同期已上传的不必再要；没有的，在下面上传。"), validate_choice=False
    )
    file = FileField(_l("上传新文件"), description=_l("PDF、PNG、JPG 或 XLSX，不超过 20 MB。"))
    sealed = BooleanField(_l("已见公章（或税务印章）"))
    remark = TextAreaField(
        _l("说明"), [Optional(), Length(max=500, message=_l("请控制在 %(max)d 个字以内。"))], render_kw={"rows": 2}
    )

    def __init__(self, *args: Any, documents: list[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.state.choices = [(value, _(label)) for value, label in _STATES]
        self.document.choices = [("", ""), *((str(one.id), _named(one)) for one in documents)]

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if self.state.data == HELD and not self.document.data and not self.file.data:
            self.say("document", _(chain.PAPER_DOCUMENT))
        return sound and not self.errors


class DecidePaper(PaperForm):
    decision = RadioField(_l("决定"), [DataRequired(_l("请选择。"))])
    reason = reason_field(_l("理由"), _l("例如：五证合一已核实身份，营业执照复印件免报。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decision.choices = [(value, _(label)) for value, label in _DECISIONS]


def _named(document: Document) -> str:
    period = f"{Period(document.year, document.month or 0).label} · " if document.year else ""
    return f"{period}{document.filename}"
