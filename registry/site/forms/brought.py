"""A workbook that is brought, what it would do confirmed or given up."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField

from registry.base.errors import DOCUMENT_MISSING
from registry.site.forms.worded import Worded, reason_field


class BringForm(Worded):
    file = FileField(_l("工作簿"), description=_l("由本页导出并改过的，或表头相同的 XLSX、CSV。"))

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if not self.file.data:
            self.say("file", _(DOCUMENT_MISSING))
        return sound and not self.errors


class ApplyForm(Worded):
    seen = HiddenField()
    reason = reason_field(_l("依据"), _l("有更正或存疑的行时必填，例如“已核对原件”。"), required=False)


class GiveUpForm(Worded):
    """Nothing to fill in: it only asks."""
