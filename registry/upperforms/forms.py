"""The form of a form: which file, from which quarter, in which unit; and what a heading of it may be."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField

from registry.base.errors import COLUMN_LEFT_OUT, UPLOAD_NEEDED
from registry.base.periods import Quarter
from registry.quarters.queries import snapshots
from registry.sheets.byhand import ColumnUse
from registry.site.forms.worded import Worded, reason_field
from registry.upperforms import texts
from registry.upperforms.services.filling import FillOrder
from registry.upperforms.sheets import fields


class OrderForm(Worded):
    """From what a form is filled."""

    quarter = SelectField(
        _l("数据"), description=_l("已冻结的季度以后不变；按名录库现状填的，以后再填会不同。两者都只取在库的企业。")
    )
    unit = SelectField(
        _l("未写明单位的金额"), description=_l("表头、单位行或表上方写明单位的照写明的换算；都没有写的才用这里的。")
    )
    contacts = BooleanField(_l("填联系人和电话"), description=_l("须写明用途，记入留痕。"))
    reason = reason_field(_l("用途"), _l("带联系人和电话时必填，例如：报省工信厅专精特新推荐汇总表。"), required=False)

    def __init__(self, *args: Any, contacts_too: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        closed = [row.quarter for row in reversed(snapshots.closed())]
        told = [(quarter, _("%(quarter)s 冻结的季度名录", quarter=quarter)) for quarter in closed]
        self.quarter.choices = [*told, ("", _("名录库现状（未冻结）"))]
        self.unit.choices = [("", _("不填，列入未填清单")), *((word, word) for word in texts.UNITS)]
        if not contacts_too:
            del self.contacts

    @property
    def order(self) -> FillOrder:
        """Only after `validate`."""
        quarter = Quarter.parse(self.quarter.data) if self.quarter.data else None
        with_contacts = bool("contacts" in self and self.contacts.data)
        return FillOrder(quarter, self.unit.data or "", with_contacts, self.reason.data or "")


class UpperFormUpload(OrderForm):
    file = FileField(
        _l("上级表"),
        description=_l("上级发的 .xlsx 原表（5 MB 以内），填好后仍是这一张表。不收统计报表制度的表。"),
        render_kw={"accept": ".xlsx"},
    )

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if not self.file.data or not self.file.data.filename:
            self.say("file", _(UPLOAD_NEEDED))
        return sound and not self.errors


class DiscardForm(Worded):
    """Nothing to fill in: it only asks."""


def ways() -> list[tuple[str, str]]:
    """What a heading of a form may be given."""
    told = [(f"read:{key}", str(_("填：%(heading)s", heading=_(heading)))) for key, heading in fields.offered()]
    return [(ColumnUse.LEFT_OUT.value, str(_(COLUMN_LEFT_OUT))), *told]
