"""Forms of the portal: its switch, what is released, typical cases, published progress, and the open query."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    Form,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from registry.base.characters import clean
from registry.base.errors import RegistryError
from registry.portal.models import PortalSetting, PortalStory
from registry.portal.queries.public import LEAST, OpenQuery
from registry.portal.rules.catalog import COLLECTIONS, ENTRIES, Collection
from registry.portal.services.stories import StoryFacts
from registry.portal.services.switching import PortalChoice
from registry.portal.texts import LICENCE
from registry.site.forms.refusable import Refusable
from registry.site.forms.worded import TOO_LONG, Worded, reason_field

_NEEDED = _l("请填写。")


def _searched(item: StringField) -> str:
    """What is looked for; nothing where it cannot be."""
    try:
        return clean(item.data or "", 100).text
    except RegistryError:
        return ""


class Ticks(SelectMultipleField):
    """Several of a few, each with a box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PortalSwitch(Refusable):
    """`fields_<collection>`: which of its fields are public; none ticked closes the collection."""

    is_on = BooleanField(_l("开放门户"), description=_l("关闭后所有公开页面和下载都不能打开。"))
    licence_name = StringField(
        _l("使用许可"), [InputRequired(_NEEDED), Length(max=200, message=TOO_LONG)],
        description=_l("公众可以怎样使用这些数据。"),
    )  # fmt: skip
    licence_url = StringField(
        _l("使用许可的网址"),
        [
            Optional(),
            Length(max=300, message=TOO_LONG),
            Regexp(r"https?://\S+$", message=_l("请填写 http 或 https 开头的网址。")),
        ],
    )
    notice_days = IntegerField(
        _l("公示期满后保留的天数"),
        [InputRequired(_l("请填写天数。")), NumberRange(0, 3650, _l("请填写 0 到 3650 的整数。"))],
        description=_l("方案未载明，由市培育办确定。"),
    )
    document = StringField(
        _l("依据"), [InputRequired(_NEEDED), Length(max=200, message=TOO_LONG)],
        description=_l("决定公开的文件、批示或会议纪要。"),
    )  # fmt: skip

    def choice(self) -> PortalChoice:
        """Only after `validate`."""
        chosen = {code: self[f"fields_{code}"].data or [] for code in COLLECTIONS}
        return PortalChoice(
            bool(self.is_on.data), {code: keys for code, keys in chosen.items() if keys},
            self.licence_name.data or "", self.licence_url.data or "", self.notice_days.data or 0,
            self.document.data or "",
        )  # fmt: skip


for _code in COLLECTIONS:
    setattr(PortalSwitch, f"fields_{_code}", Ticks(COLLECTIONS[_code].label, validate_choice=True))


def switch_form(now: PortalSetting | None) -> PortalSwitch:
    """As the portal is set, or with every field of the list where it never was."""
    held = now.fields if now is not None else {code: one.keys for code, one in COLLECTIONS.items()}
    given: dict[str, Any] = {f"fields_{code}": list(held.get(code, ())) for code in COLLECTIONS}
    given |= {
        "is_on": bool(now and now.is_on),
        "licence_name": now.licence_name if now else _(LICENCE),
        "licence_url": now.licence_url if now else "",
        "notice_days": now.notice_days if now else 30,
    }
    form = PortalSwitch(data=given)
    for code, collection in COLLECTIONS.items():
        field = form[f"fields_{code}"]
        field.label.text = _(collection.label)
        field.choices = field_choices(collection)
    return form


def field_choices(collection: Collection) -> list[SelectChoice]:
    return [SelectChoice(field.key, _(field.label)) for field in collection.fields]


class EntryQuery(Form):
    """Which firms the page of releases shows."""

    q = StringField(_l("名称或代码"))
    state = SelectField(_l("公开"), validate_choice=False)

    def __init__(self, arguments: Any) -> None:
        super().__init__(arguments)
        self.state.choices = [("", _("全部")), ("public", _("已公开")), ("not", _("未公开"))]

    @property
    def text(self) -> str:
        return _searched(self.q)

    @property
    def released(self) -> str:
        return self.state.data if self.state.data in ("public", "not") else ""


class ReleaseEntries(Refusable):
    """`firms`: numbers that were ticked; `whole`: all that the query finds instead."""

    firms = SelectMultipleField(coerce=int, validate_choice=False)
    whole = BooleanField(_l("筛选结果中的全部企业"))
    fields = Ticks(_l("公开的栏目"))
    early_reason = reason_field(_l("理由"), _l("尚未在库的企业才填。"), required=False)
    seen = HiddenField()

    def offer(self) -> None:
        self.fields.choices = field_choices(COLLECTIONS[ENTRIES])


class WithdrawEntries(Worded):
    firms = SelectMultipleField(coerce=int, validate_choice=False)
    reason = reason_field(_l("撤回理由"))


class PublishProgress(Refusable):
    targets = Ticks(_l("公布的目标"))


class GiveReason(Worded):
    reason = reason_field(_l("撤回理由"))


class ApproveStory(Refusable):
    seen = HiddenField()


class StoryForm(Worded):
    longest = 20_000

    firm = StringField(
        _l("企业"), [InputRequired(_NEEDED), Length(max=200, message=TOO_LONG)],
        description=_l("填写统一社会信用代码或企业全称。"),
    )  # fmt: skip
    title = StringField(_l("标题"), [InputRequired(_NEEDED), Length(max=120, message=TOO_LONG)])
    year = IntegerField(_l("年度"), [InputRequired(_NEEDED), NumberRange(2015, 2099, _l("请填写四位数的年度。"))])
    summary = TextAreaField(
        _l("摘要"), [InputRequired(_NEEDED), Length(max=500, message=TOO_LONG)], render_kw={"rows": 3},
        description=_l("不写营业收入等数据，不写个人的姓名和电话。"),
    )  # fmt: skip
    text = TextAreaField(
        _l("正文"), [InputRequired(_NEEDED), Length(max=20_000, message=TOO_LONG)], render_kw={"rows": 12}
    )
    consent_by = StringField(
        _l("企业签字人"), [InputRequired(_NEEDED), Length(max=40, message=TOO_LONG)], description=_l("不公开。")
    )
    consent_on = DateField(_l("同意日期"), [InputRequired(_l("请填写日期，如 2021-10-29。"))])
    file = FileField(
        _l("企业同意公开的书面材料"), description=_l("签字盖章的扫描件，PDF、PNG 或 JPG，不超过 20 MB；不公开。")
    )
    seen = HiddenField()

    def facts(self) -> StoryFacts:
        """Only after `validate`."""
        if self.consent_on.data is None:
            raise ValueError("a story without the day of its consent")
        return StoryFacts(
            self.title.data or "", self.year.data or 0, self.summary.data or "", _lines(self.text.data),
            self.consent_by.data or "", self.consent_on.data,
        )  # fmt: skip

    def _clean(self, key: str, item: StringField) -> None:
        if key == "text":
            item.data = clean(item.data or "", self.longest, lines=True).text
            return
        super()._clean(key, item)

    @property
    def upload(self) -> tuple[str, bytes] | None:
        sent = self.file.data
        return (sent.filename, sent.read()) if sent and sent.filename else None


def filled(row: PortalStory) -> dict[str, Any]:
    names = ("title", "year", "summary", "text", "consent_by", "consent_on")
    return {name: getattr(row, name) for name in names} | {
        "firm": row.firm.credit_code or row.firm.name, "seen": str(row.revision),
    }  # fmt: skip


def _lines(text: str | None) -> str:
    return "\n".join((text or "").splitlines())


class OpenSearch(Form):
    """The query of an open list; whatever cannot be asked restricts nothing and is said."""

    q = StringField(_l("关键词"))
    place = SelectField(_l("所在县区"), validate_choice=False)
    facet = SelectField(_l("类别"), validate_choice=False)
    after = IntegerField(validators=[Optional()])

    def query(self) -> OpenQuery:
        text = self.text
        after = self.after.data if isinstance(self.after.data, int) and 0 < self.after.data < 2**31 else 0
        return OpenQuery(text if len(text) >= LEAST else "", self._told(self.place), self._told(self.facet), after)

    @property
    def text(self) -> str:
        return _searched(self.q)

    @property
    def is_wrong(self) -> bool:
        """Too short to be looked for, too long, or of characters that stand in no name."""
        return bool((self.q.data or "").strip()) and len(self.text) < LEAST

    @staticmethod
    def _told(item: SelectField) -> str:
        return "".join(c for c in str(item.data or "") if c.isprintable())[:120]
