"""The query of resources, a resource, its release, and the case that paid for a use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Form, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from registry.base import contacts
from registry.base.characters import clean
from registry.base.errors import RegistryError
from registry.reference.queries import reference
from registry.resources import texts
from registry.resources.models import Resource
from registry.resources.queries.kinds import kinds
from registry.resources.queries.resources import SORTS, ResourceQuery
from registry.resources.rules.states import ResourceState
from registry.resources.services.checking import FIELDS, ResourceDoubts, ResourceFacts, facts_of
from registry.sheets import cells
from registry.sheets.columns import Column, by_key
from registry.site.forms.worded import TOO_LONG, Worded, reason_field
from registry.site.locale import sentence

_LONG = 2_000
_TEXT_LIMIT = 100
KEPT_CONTACT = _l("现为 %(masked)s；不改的留空。")
_CONTACTS: Mapping[str, Column] = {
    key: replace(by_key(key), required=False, needed_for=None) for key in sorted(contacts.RESTRICTED)
}
"""Read by the rules that read a workbook's cells."""


class ResourceFilter(Form):
    q = StringField(_l("名称、内容或单位"))
    kind = SelectField(_l("种类"), validate_choice=False)
    state = SelectField(_l("状态"), validate_choice=False)
    division = SelectField(_l("所在地"), validate_choice=False)
    owner = StringField(_l("所属单位"))

    def __init__(self, arguments: Any) -> None:
        super().__init__(arguments)
        asked = arguments.get("sort", "")
        self.sort = asked if asked.removeprefix("-") in SORTS else ""
        self.kind.choices = [("", _("全部")), *((code, kind.name) for code, kind in kinds().items())]
        states = ((state, _(texts.STATE_LABELS[state])) for state in ResourceState)
        self.state.choices = [("", _("未作废的")), *states]
        places = ((row.code, row.short_name) for row in reference.counties_and_zones())
        self.division.choices = [("", _("全部")), *places]

    def wanted(self) -> ResourceQuery:
        """What may be asked; a part that is not offered or cannot be read restricts nothing and is shown as wrong."""
        text, owner = self._typed(self.q), self._typed(self.owner)
        kind, state, division = (self._chosen(item) for item in (self.kind, self.state, self.division))
        return ResourceQuery(text, kind, state, division, owner, self.sort)

    def _typed(self, item: StringField) -> str:
        try:
            return clean(item.data or "", _TEXT_LIMIT).text
        except RegistryError as error:
            item.errors = [sentence(error)]
            return ""

    def _chosen(self, item: SelectField) -> str:
        offered: Any = item.choices or []
        value, choices = item.data or "", dict(offered)
        if value in choices:
            return str(value)
        item.errors = [_("没有这个选项，请重新选择。")]
        return ""

    def words(self) -> list[str]:
        """The query in words, one a part."""
        wanted = self.wanted()
        parts = [(item, dict(item.choices or []).get(value, "")) for item, value in self._selected(wanted) if value]
        parts += [(item, value) for item, value in ((self.q, wanted.text), (self.owner, wanted.owner)) if value]
        return [str(_("%(label)s：%(value)s", label=str(item.label.text), value=value)) for item, value in parts]

    def _selected(self, wanted: ResourceQuery) -> list[tuple[Any, str]]:
        return [(self.kind, wanted.kind), (self.state, wanted.state), (self.division, wanted.division)]


class ResourceForm(Worded):
    """A resource as it lies before somebody; `facts` and `given_owner` after it was found sound.

    Of one that is there a contact left empty stays as it is, and the owner is not asked for.
    """

    longest = _LONG

    owner = StringField(
        _l("所属单位"), [DataRequired(_l(texts.OWNER_NEEDED)), Length(max=200, message=TOO_LONG)],
        description=_l("填统一社会信用代码或全称；须已登记在名录的企业或平台机构中。"),
    )  # fmt: skip
    kind = SelectField(_l("资源种类"), [DataRequired(_l("请选择资源种类。"))], validate_choice=False)
    name = StringField(_l("资源名称"), [InputRequired(_l("请填写资源名称。")), Length(max=200, message=TOO_LONG)])
    division = SelectField(_l("所在地"), [DataRequired(_l("请选择所在县区或功能区。"))], validate_choice=False)
    place = StringField(_l("详细地点"), [Length(max=200, message=TOO_LONG)])
    maker = StringField(_l("制造厂商"), [Length(max=120, message=TOO_LONG)])
    model = StringField(_l("规格型号"), [Length(max=120, message=TOO_LONG)])
    serial = StringField(
        _l("出厂编号"), [Length(max=60, message=TOO_LONG)],
        description=_l("照抄铭牌，用来发现同一台仪器重复登记；不对外公布。"),
    )  # fmt: skip
    capability = TextAreaField(
        _l("功能和服务内容"), [InputRequired(_l("请填写功能和服务内容。")), Length(max=_LONG, message=TOO_LONG)],
        description=_l("能做什么、指标、依据的标准；按这里的文字查找。"), render_kw={"rows": 5},
    )  # fmt: skip
    price = StringField(
        _l("收费标准"), [Length(max=300, message=TOO_LONG)],
        description=_l("照单位公布的写，例如“200元/样”“面议”；系统不换算。"),
    )  # fmt: skip
    contact_name = StringField(_l("预约联系人"))
    contact_phone = StringField(_l("预约电话"))
    contact_public = BooleanField(
        _l("发布后全市各单位可以查看联系人和电话"),
        description=_l("本人同意的才选；查看会留痕，公开门户从不公布个人联系方式。"),
    )
    valid_from = DateField(_l("有效期自"), [InputRequired(_l("请填写有效期起始日期。"))])
    valid_to = DateField(_l("有效期至"), [Optional()])
    unlimited = BooleanField(_l("长期提供"), description=_l("没有截止日期的才选。"))
    wishes_release = BooleanField(
        _l("所属单位同意发布"),
        description=_l("同意后由主管部门发布，全市各单位和公众都能看到；不同意的只在本单位范围内可见。"),
    )
    doubt_reason = reason_field(
        _l("存疑说明"), _l("系统提示可能重复时才填：写明依据，例如“两台同型号仪器，已核对铭牌”。"), required=False
    )
    seen = IntegerField(widget=HiddenInput(), default=0)

    def __init__(self, *args: Any, row: Resource | None = None, **kwargs: Any) -> None:
        self.row, self.called = row, dict[str, str]()
        super().__init__(*args, **{"data": _filled(row) if row else None, **kwargs})
        self.kind.choices = [("", ""), *((code, kind.name) for code, kind in kinds().items())]
        places = ((place.code, place.short_name) for place in reference.counties_and_zones())
        self.division.choices = [("", ""), *places]
        if row is None:
            return
        del self.owner
        for key in contacts.RESTRICTED:
            if held := contacts.masked(key, contacts.read(row, key)):
                self[key].description = KEPT_CONTACT % {"masked": held}

    def validate(self, extra_validators: Any = None) -> bool:
        sound = bool(super().validate(extra_validators))
        if self.valid_to.data is None and not self.unlimited.data and not self.valid_to.errors:
            self.say("valid_to", _(texts.TO_NEEDED))
        if self.valid_to.data is not None and self.unlimited.data:
            self.say("valid_to", _(texts.BOTH_TERMS))
        self.called = {}
        for key, column in _CONTACTS.items():
            if not self[key].errors:
                self._read(key, column)
        return sound and not self.errors

    def _read(self, key: str, column: Column) -> None:
        parsed = cells.parse(column, self[key].data or "")
        if parsed.fault is None:
            self.called[key] = str(parsed.value or "")
            return
        template = texts.MASKED if parsed.fault.code == "masked" else parsed.fault.template
        self.say(key, _(template) % {**parsed.fault.values, "heading": str(self[key].label.text)})

    @property
    def facts(self) -> ResourceFacts:
        """Only after `validate`."""
        start: date = self.valid_from.data or date.min
        values = {name: self[name].data for name in FIELDS if name not in ("valid_from", "valid_to", *_CONTACTS)}
        texts_of = {name: value or "" for name, value in values.items() if not isinstance(value, bool)}
        kept = {
            key: contacts.read(self.row, key) if self.row and not self.called[key] else self.called[key]
            for key in _CONTACTS
        }
        return ResourceFacts(**{**values, **texts_of, **kept, "valid_from": start, "valid_to": self.valid_to.data})

    def refuse(self, error: RegistryError) -> None:
        """Of doubts every one is said, at the field that answers them."""
        super().refuse(error)
        if isinstance(error, ResourceDoubts):
            for one in error.points:
                self.say("doubt_reason", sentence(RegistryError(one.template, **one.values)))


class CorrectionOfResource(ResourceForm):
    keep_released = BooleanField(
        _l("更正后继续发布"), description=_l("已核对更正后的内容可以公开；不选的，更正公开的内容后撤回发布。")
    )
    reason = reason_field(_l("更正理由"), _l("例如：收费标准调整；型号抄错。"))

    def __init__(self, *args: Any, row: Resource, may_keep: bool, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        if not may_keep:
            del self.keep_released


def _filled(row: Resource) -> dict[str, Any]:
    """As the form shows it; contacts stay out."""
    facts = facts_of(row)
    values = {name: getattr(facts, name) for name in FIELDS if name not in _CONTACTS}
    return values | {"unlimited": facts.valid_to is None, "seen": row.revision, "doubt_reason": row.doubt_reason}


class ReleaseForm(Worded):
    """Nothing to fill in: it is about the revision that is shown."""

    seen = IntegerField(widget=HiddenInput(), default=0)


class WithdrawForm(Worded):
    reason = reason_field(_l("撤回理由"), _l("例如：单位不再对外提供；内容有误。"))


class VoidForm(Worded):
    reason = reason_field(_l("作废理由"), _l("例如：仪器已报废；重复登记。"))


class LinkForm(Worded):
    number = StringField(
        _l("事项编号"), [DataRequired(_l(texts.CASE_NEEDED)), Length(max=40, message=TOO_LONG)],
        description=_l("服务类科技创新券事项的编号，见“事项”列表；须已提交，且在本单位可以查看的范围内。"),
    )  # fmt: skip


class UnlinkForm(Worded):
    reason = reason_field(_l("取消理由"), _l("例如：编号填错。"))
