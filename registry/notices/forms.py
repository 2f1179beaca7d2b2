"""The form by which a person asks for letters."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import Length

from registry.site.forms.worded import Worded


class Mailing(Worded):
    email = StringField(
        _l("邮箱地址"),
        [Length(max=200, message=_l("请控制在 %(max)d 个字以内。"))],
        description=_l("请填写工作邮箱，例如 name@example.gov.cn。"),
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )
    wanted = BooleanField(_l("有新的待办或消息时，发邮件提醒我"))
