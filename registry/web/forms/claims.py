"""Forms by which an office claims a firm, and the city office decides."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired, Length

from registry.domain import errors
from registry.web.forms.worded import Worded

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
    decision = TextAreaField(
        _l("裁定理由"),
        [InputRequired(_l(errors.CLAIM_DECISION)), _LIMIT],
        description=_l("双方都会看到。"),
        render_kw={"rows": 4, "required": True},
    )
