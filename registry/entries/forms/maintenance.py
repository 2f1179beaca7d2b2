"""Forms of a firm's upkeep: correct, rename, remove, reopen, watch, link to the legal person, look at the contact."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from registry.base.labels import N_
from registry.duplicates.views.matches import Shortlist
from registry.entries.forms.firms import FirmForm
from registry.site.forms.worded import TOO_LONG, Worded, reason_field

ONLY_RETURNED = N_("退回补正期间只开放退回的栏目。")
NAME_BY_RENAME = N_("在库企业的名称用“更名”变更，旧名称会保留。")
ANOTHER_FIRM = _l("已核对，与上列企业不是同一家")


class EditFirm(FirmForm):
    """`original` says what the firm looked like when the page was opened (entries/pages/conflicts.py).

    `checked` answers what a new name or code brings up in the directory.
    """

    original = HiddenField()
    checked = BooleanField(ANOTHER_FIRM)
    looked = HiddenField()  # which firms were shown to whoever ticks
    reason = reason_field(
        _l("更正理由"), _l("在库企业的更正须写明理由，例如：企业迁址，见新营业执照。"), required=False
    )


class Rename(Worded):
    name = StringField(_l("新名称"), [DataRequired(_l("请填写企业名称。")), Length(max=100, message=TOO_LONG)])
    effective = DateField(
        _l("启用日期"), [InputRequired(_l("请填写启用日期。"))], description=_l("登记机关核准变更的日期。")
    )
    reason = reason_field(_l("理由"), _l("例如：登记机关核准变更名称，见新营业执照。"))
    checked = BooleanField(ANOTHER_FIRM)
    looked = HiddenField()  # which firms were shown to whoever ticks
    found: Shortlist | None = None


class Reopen(Worded):
    reason = reason_field(_l("理由"), _l("为什么重新列为线索。"))


class Watch(Worded):
    watch_reason = reason_field(_l("关注原因"), _l("未达入库线仍要关注的原因；清空即取消关注。"), required=False)


class Parent(Worded):
    parent = StringField(
        _l("法人单位的统一社会信用代码"),
        description=_l("名录中已有的企业；清空即取消关联。"),
        render_kw={"autocomplete": "off"},
    )


# What a contact may be looked at for; the words themselves go into the trail.
PURPOSES = (N_("联系企业补正材料"), N_("核实营业收入"), N_("实地走访"), N_("政策服务"))
OTHER = "other"


class Reveal(Worded):
    purpose = SelectField(_l("查看用途"), [DataRequired(_l("请选择查看用途。"))])
    other = StringField(_l("其他用途"), [Length(max=100, message=TOO_LONG)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(purpose, _(purpose)) for purpose in PURPOSES]
        self.purpose.choices = [("", ""), *offered, (OTHER, _("其他（请写明）"))]

    def stated(self) -> str:
        """The purpose in words; empty where 'other' is chosen and nothing is said."""
        return str(self.other.data or "") if self.purpose.data == OTHER else str(self.purpose.data)
