"""Forms of a deputy for some days, and of a successor for good."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from registry.handovers.rules import REASON_MOST
from registry.people.models import User
from registry.site.forms.refusable import Refusable

_LONG = _l("不超过 %(max)d 个字，请精简。")
_COLLEAGUE = _l("请从列表中选择同事。")
_DAY = _l("请填写日期。")


def offered(users: Iterable[User]) -> list[tuple[str, str]]:
    """Colleagues as a select offers them; two of one name are told apart by their user names."""
    return [("", ""), *((str(user.id), f"{user.name} {user.username}") for user in users)]


class DeputyForm(Refusable):
    deputy = SelectField(  # type: ignore[call-arg]
        _l("代办人"), [DataRequired(_l("请选择代办人。"))], invalid_choice_message=_COLLEAGUE
    )
    first_on = DateField(_l("开始日期"), [InputRequired(_DAY)], invalid_value_message=_DAY)  # type: ignore[call-arg]
    last_on = DateField(  # type: ignore[call-arg]
        _l("结束日期"), [InputRequired(_DAY)], description=_l("当日结束后代办自动终止。"), invalid_value_message=_DAY
    )
    reason = StringField(
        _l("事由"),
        [Optional(), Length(max=REASON_MOST, message=_LONG)],
        description=_l("例如休假、培训；会写入操作留痕。"),
    )


class SuccessorForm(Refusable):
    """`seen`: how much of what was open when the page was made; more or less by now is shown anew, and not moved."""

    seen = HiddenField()
    taker = SelectField(  # type: ignore[call-arg]
        _l("接任人"), [DataRequired(_l("请选择接任人。"))], invalid_choice_message=_COLLEAGUE
    )
    reason = StringField(
        _l("依据"),
        [DataRequired(_l("请填写依据。")), Length(max=REASON_MOST, message=_LONG)],
        description=_l("例如岗位调整通知的文号；会写入操作留痕。"),
    )
