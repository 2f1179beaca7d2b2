"""Forms by which an office claims a firm, and the city office decides."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired, Length

from registry.base import errors
from registry.claims import rules
from registry.reference.queries import reference
from registry.site.forms.worded import Worded

_LIMIT = Length(max=2000, message=_l("请控制在 %(max)d 个字以内。"))


class _Reasoned(Worded):
    longest = 2000


class Raising(_Reasoned):
    """The firm is known by its code alone: more of it is not told to the office that claims it."""

    credit_code = HiddenField()
    ground = TextAreaField(
        _l("认领理由"),
        [InputRequired(_l(errors.CLAIM_GROUND)), _LIMIT],
        description=_l("写明事实和依据，例如实际经营地址、租赁合同、纳税地。市培育办和现登记单位都会看到。"),
        render_kw={"rows": 5, "required": True},
    )


class Decision(_Reasoned):
    granted = RadioField(
        _l("裁定"),
        [InputRequired(_l(errors.DECISION_NEEDED))],
        choices=[
            SelectChoice("yes", _l("支持认领：企业转由认领单位填报")),
            SelectChoice("no", _l("不支持认领：仍由现登记单位填报")),
        ],
    )
    division = SelectField(_l("实际经营地（由其统计）"), validate_choice=False)
    decision = TextAreaField(
        _l("裁定理由"),
        [InputRequired(_l(errors.CLAIM_DECISION)), _LIMIT],
        description=_l("双方都会看到。"),
        render_kw={"rows": 4, "required": True},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.division.choices = [("", _("随裁定：支持的为认领单位所在地，不支持的不变")), *_divisions()]


class Evidence(_Reasoned):
    """One piece at a time; nothing that was put can be changed."""

    kind = SelectField(_l("举证种类"), [InputRequired(_l(rules.EVIDENCE_KIND))])
    division = SelectField(_l("所在县区"), description=_l("不在本市的选“不指明”，并在说明中写清。"))
    text = TextAreaField(
        _l("事实和依据"),
        [InputRequired(_l(rules.EVIDENCE_TEXT)), _LIMIT],
        description=_l("双方和市培育办都会看到，提交后不能修改。"),
        render_kw={"rows": 3, "required": True},
    )
    file = FileField(
        _l("文件"),
        description=_l("可附 PDF、PNG、JPG 或 XLSX，不超过 20 MB；只有本争议双方和有权查看全市企业的人员可以下载。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [("", ""), *((key, _(label)) for key, label in rules.EVIDENCE_LABELS.items())]
        self.division.choices = [("", _("不指明")), *_divisions()]


def _divisions() -> list[tuple[str, str]]:
    return [(division.code, division.short_name) for division in reference.counties_and_zones()]
