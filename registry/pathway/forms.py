"""Forms of leaving: off the directory or off four-above, with a coded reason; and what to look for among the exits."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField
from wtforms.validators import InputRequired

from registry.base.extensions import clock
from registry.base.vocabulary import ACTION_LABELS, Action
from registry.pathway import texts
from registry.pathway.queries import exits
from registry.reference.queries import reference
from registry.site.forms.worded import Worded, reason_field


class Leave(Worded):
    exit_reason = SelectField(
        _l("退出原因"), [InputRequired(_l(texts.EXIT_REASON))],
        description=_l("按事实选择；退出不是过错，不计入任何排名。"),
    )  # fmt: skip
    reason = reason_field(_l("说明"), _l("写明事实和依据，例如：2021年9月迁往外市，见新营业执照。"))

    def __init__(self, action: Action, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [row for row in reference.exit_reasons(clock.today()).values() if action in row.actions.split()]
        self.exit_reason.choices = [("", ""), *((row.code, f"{row.code} {_(row.reason)}") for row in rows)]


class ExitFilter(Form):
    action = SelectField(_l("退出"), validate_choice=False)
    reason = SelectField(_l("原因"), validate_choice=False)

    def __init__(self, arguments: Any) -> None:
        super().__init__(arguments)
        every = [("", _("全部"))]
        self.action.choices = [*every, *((action.value, _(ACTION_LABELS[action])) for action in exits.ACTIONS)]
        reasons = reference.exit_reasons().values()
        self.reason.choices = [*every, *((row.code, f"{row.code} {_(row.reason)}") for row in reasons)]
