"""Forms of institutions: the query above the list, the row itself, voiding, looking at the contact, a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import HiddenInput

from registry.base import contacts
from registry.base.labels import N_
from registry.institutions.models import Institution
from registry.institutions.queries import LEAST, InstitutionFilter
from registry.institutions.rules.kinds import KIND_LABELS
from registry.people.models import Office
from registry.reference.queries import reference
from registry.sheets import cells
from registry.sheets.columns import Column, by_key
from registry.sheets.kinds import FileKind
from registry.site.forms.choices import divisions, typed
from registry.site.forms.worded import TOO_LONG, Worded, reason_field

TOO_SHORT = _l("请至少输入两个字。")
ANOTHER = _l("已核对，与上列机构、企业不是同一家")
KEPT_CONTACT = N_("现为 %(masked)s；不改的留空。")
MASKED = N_("%(heading)s隐去了部分内容，请填完整内容。")
RECOGNISED = {"yes": N_("已认定"), "no": N_("未认定")}
_READ: Mapping[str, Column] = {
    "name": replace(by_key("name"), heading=N_("机构名称"), required=True),
    "credit_code": replace(by_key("credit_code"), required=False, needed_for=None),
    "owner_code": replace(by_key("credit_code"), heading=N_("依托单位代码"), required=False, needed_for=None),
    "contact_name": replace(by_key("contact_name"), required=False, needed_for=None),
    "contact_phone": replace(by_key("contact_phone"), required=False, needed_for=None),
}
"""What is read by the rules that read a workbook's cells."""


class InstitutionQuery(FlaskForm):  # type: ignore[misc]
    class Meta:
        csrf = False

    q = StringField(_l("名称或代码"))
    kind = SelectField(_l("类别"), validate_choice=False)
    division = SelectField(_l("所在地"), validate_choice=False)
    owner = StringField(_l("依托单位"))
    recognised = SelectField(_l("认定"), validate_choice=False)

    def offer(self) -> None:
        """The choices in the reader's language."""
        places = [(row.code, row.short_name) for row in reference.counties_and_zones()]
        self.kind.choices = [("", _("全部")), *((code, _(label)) for code, label in KIND_LABELS.items())]
        self.division.choices = [("", _("全部")), *places]
        self.recognised.choices = [("", _("全部")), *((code, _(label)) for code, label in RECOGNISED.items())]

    def asked(self) -> InstitutionFilter:
        texts = {"text": typed(self.q), "owner": typed(self.owner)}
        chosen = {"kind": self.kind.data or "", "division": self.division.data or ""}
        recognised = self.recognised.data if self.recognised.data in RECOGNISED else ""
        return InstitutionFilter(**texts, **chosen, recognised=recognised)

    def short(self) -> str:
        """What is said of a search that is too short to ask anything."""
        asked = self.asked()
        return str(TOO_SHORT) if any(0 < len(text) < LEAST for text in (asked.text, asked.owner)) else ""

    def words(self) -> list[str]:
        """The filter in words, for a page or a file."""
        told = []
        for item in (self.kind, self.division, self.recognised):
            told += [_words(item, choice[1]) for choice in item.iter_choices() if choice[2] and choice[0]]
        return told + [_words(item, typed(item)) for item in (self.q, self.owner) if len(typed(item)) >= LEAST]


def _words(item: Any, text: object) -> str:
    return str(_("%(label)s：%(value)s", label=item.label.text, value=text))


class InstitutionForm(Worded):
    """`given` holds what was read; of an institution that is there, a contact left empty stays as it is."""

    kind = SelectField(_l("类别"), [DataRequired(_l("请选择机构类别。"))], validate_choice=False)
    name = StringField(
        _l("机构名称"), [DataRequired(_l("请填写机构名称。"))], description=_l("填认定文件或登记证书上的全称。")
    )
    credit_code = StringField(_l("统一社会信用代码"), description=_l("机构自身是法人的才填；设在企业内的工作站留空。"))
    owner_code = StringField(_l("依托单位代码"), description=_l("依托单位在名录中的，填它的统一社会信用代码。"))
    body_name = StringField(
        _l("依托单位名称"),
        [Length(max=200, message=TOO_LONG)],
        description=_l("依托单位不在名录中的（如高校、医院、政府部门），填名称。"),
    )
    division = SelectField(_l("所在地"), [DataRequired(_l("请选择所在县区或功能区。"))], validate_choice=False)
    address = StringField(_l("地址"), [Length(max=200, message=TOO_LONG)])
    field = StringField(_l("研究方向"), [Length(max=200, message=TOO_LONG)])
    founded_on = DateField(_l("设立日期"), [Optional()])
    head = StringField(_l("负责人"), [Length(max=40, message=TOO_LONG)])
    contact_name = StringField(_l("联系人"))
    contact_phone = StringField(_l("联系电话"))
    source = StringField(
        _l("依据"), [DataRequired(_l("请写明依据，例如认定文件的文号。")), Length(max=200, message=TOO_LONG)],
        description=_l("从哪份文件、哪次报送得知，例如：粤科函〔2021〕1号。"),
    )  # fmt: skip
    checked = BooleanField(ANOTHER)
    looked = HiddenField()  # which ones were shown to whoever ticks
    seen = IntegerField(widget=HiddenInput(), default=0)
    reason = reason_field(_l("更正理由"), required=False)

    def __init__(self, *args: Any, office: Office, row: Institution | None = None, **kwargs: Any) -> None:
        self.row, self.given = row, dict[str, Any]()
        super().__init__(*args, **{"data": _texts(row) if row else {}, **kwargs})
        self.kind.choices = [("", ""), *((code, _(label)) for code, label in KIND_LABELS.items())]
        self.division.choices = divisions(office, row.division if row else None)
        for key in contacts.RESTRICTED if row else ():
            if held := contacts.masked(key, contacts.read(row, key)):
                self[key].description = _(KEPT_CONTACT, masked=held)
        if row is None:
            del self.reason

    def validate(self, extra_validators: Any = None) -> bool:
        sound = bool(super().validate(extra_validators))
        self.given = {}
        for key, column in _READ.items():
            if not self[key].errors:
                self._read(key, column)
        return sound and not self.errors

    def _read(self, key: str, column: Column) -> None:
        parsed = cells.parse(column, self[key].data or "")
        if parsed.fault is None:
            self.given[key] = parsed.value or ""
            return
        template = MASKED if parsed.fault.code == "masked" else parsed.fault.template
        self.say(key, _(template) % {**parsed.fault.values, "heading": _(column.heading)})

    def is_judged(self, mark: str) -> bool:
        """Whether the tick is about these very ones; what came up since is shown, and asked about."""
        if self.looked.data and self.looked.data != mark:
            self.checked.data = False
        self.looked.data = mark
        return bool(self.checked.data)

    def values(self) -> dict[str, Any]:
        """By the fields of the service, but for the owner's firm."""
        plain = ("kind", "body_name", "division", "address", "field", "head", "source")
        found: dict[str, Any] = {key: (self[key].data or "").strip() for key in plain}
        found |= {key: self.given[key] for key in ("name", "contact_name", "contact_phone")}
        found |= {"credit_code": self.given["credit_code"] or None, "founded_on": self.founded_on.data}
        kept = {key for key in contacts.RESTRICTED if self.row is not None and not found[key]}
        return {key: value for key, value in found.items() if key not in kept}


def _texts(row: Institution) -> dict[str, Any]:
    """As the form shows it; contacts stay out (see `reveal`)."""
    plain = ("kind", "name", "credit_code", "body_name", "division", "address", "field", "founded_on", "head", "source")
    return {key: getattr(row, key) for key in plain} | {"seen": row.revision}


class VoidInstitution(Worded):
    reason = reason_field(_l("作废理由"), _l("例如：重复登记；登记时认错了机构。"))


class InstitutionExport(Worded):
    kind = RadioField(_l("格式"), default=FileKind.XLSX)

    def offer(self) -> None:
        self.kind.choices = [(FileKind.XLSX, _("Excel 工作簿（.xlsx）")), (FileKind.CSV, _("CSV（行数很多时用）"))]
