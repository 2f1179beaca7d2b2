"""The form of a visit."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField
from wtforms.validators import InputRequired

from registry.site.forms.worded import Worded, reason_field


class VisitForm(Worded):
    on = DateField(_l("走访日期"), [InputRequired(_l("请填写走访日期。"))])
    heard = reason_field(_l("情况"))
