"""The query of the ledger as it stands in the address, the columns it may show, and the form of an export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp
from wtforms.validators import Optional as Empty

from registry.base.characters import clean
from registry.base.errors import RegistryError
from registry.base.extensions import clock
from registry.base.labels import N_
from registry.base.vocabulary import MISSING_LABELS, STAGE_LABELS, OfficeKind, Tier
from registry.firms.queries.places import ALONE
from registry.ledger.models import NAME_MOST
from registry.ledger.queries.ledger import (
    ANY,
    DIRECTORY,
    ENTERED,
    GROUPS,
    IN_DIRECTORY,
    NEAREST,
    SORTS,
    LedgerQuery,
    Order,
)
from registry.qualifications.queries.kinds import kinds
from registry.reference.queries import reference
from registry.reference.rules import industries
from registry.reference.rules.industries import IndustryLevel
from registry.sheets.columns import by_key
from registry.sheets.kinds import FileKind
from registry.sheets.wording import LIST_JOINT
from registry.site.addresses import record_number
from registry.site.forms.worded import Worded
from registry.site.locale import sentence

ALL = "all"
"""`?stage=all`: whatever the stage; without a stage the ledger shows the firms that are in the directory."""
GROUP_LABELS: Mapping[str, str] = {
    DIRECTORY: N_("在库"),
    "filing": N_("申报在途"),
    "declined": N_("未通过"),
    "gone": N_("已退出"),
}
"""Stages shown together in the strip: 在库培育 to 逐级审核; 已撤回 and 不予通过; 出库, 退库 and 已合并."""
_WHEREVER = ("q", "gone", "watched", "as_of", "tick")
"""Who looks for a firm by these looks for it in whatever stage it is, unless one is named."""
KEPT = (
    "stage", "q", "division", "industry", "tier", "missing", "code", "bureau", "qualification", "expiring", "watched",
    "gone", "sort",
)  # fmt: skip
"""The parts of an address that a saved view holds, beside its columns; no page, no past day, nothing ticked."""

OFFERED = (
    "division", "industry", "revenue_last_year", "revenue_to_date", "statutory_line", "rate", "tier", "lead_bureau",
    "operating_state", "held_qualifications", "proposer", "stage", "missing",
)  # fmt: skip
"""Columns one may choose, in the order of the page; the name with its code is always there."""
USUAL = ("division", "industry", "revenue_to_date", "rate", "stage", "missing")
_SHORT: Mapping[str, str] = {
    "division": N_("县区"),
    "industry": N_("行业"),
    "revenue_last_year": N_("上年全年"),
    "revenue_to_date": N_("本年累计"),
}
"""Headings of the page where those of the sheet take too much room."""
_DESCENDING_FIRST = frozenset({"revenue_last_year", "revenue_to_date", "rate", "stage", ENTERED})
_NOT_OFFERED = _l("没有这个选项，请重新选择。")
_CODE = _l("请填行业代码的前 2 至 4 位数字，如 65 或 6513。")
_TEXT_LIMIT = 100
MOST = 200
"""Firms that can be ticked for one press: a page has 100 at most."""
PAPER = "zh_Hans_CN"


class LedgerFilter(Form):
    q = StringField(_l("名称或代码"))
    division = SelectField(_l("县区"), validate_choice=False)
    industry = SelectField(_l("行业"), validate_choice=False)
    tier = SelectField(_l("档"), validate_choice=False)
    missing = SelectField(_l("缺数据"), validate_choice=False)
    code = StringField(
        _l("行业代码"), [Empty(), Regexp(r"\d{2,4}$", message=_CODE)], [lambda text: industries.normalise(text or "")]
    )
    bureau = SelectField(_l("牵头部门"), validate_choice=False)
    watched = BooleanField(_l("只看关注企业"))
    gone = BooleanField(_l("含已退出企业"))
    qualification = SelectField(_l("有效资质"), validate_choice=False)
    expiring = BooleanField(_l("只看资质即将到期的"))

    def __init__(self, arguments: Any) -> None:
        super().__init__(arguments)
        self.stage = stage_of(arguments)
        self.ticked_firms = _numbers(arguments)
        self._offer()

    def _offer(self) -> None:
        every = [("", _("全部"))]
        self.division.choices = [*every, *_places()]
        self.industry.choices = _industries()
        self.tier.choices = [*every, *((tier.value, _("%(tier)s 档", tier=tier.value)) for tier in Tier)]
        lacks = ((code, _(label)) for code, label in MISSING_LABELS.items())
        self.missing.choices = [*every, (ANY, _("缺任一项")), *lacks]
        bureaus = (row for row in reference.offices().values() if row.kind == OfficeKind.BUREAU)
        held = ((code, kind.name) for code, kind in kinds().items())
        self.qualification.choices = [*every, (ANY, _("有任一项")), *held]
        self.bureau.choices = [*every, *((row.code, row.short_name) for row in bureaus)]

    @property
    def selects(self) -> tuple[SelectField, ...]:
        return (self.division, self.industry, self.tier, self.missing, self.bureau, self.qualification)

    @property
    def ticked(self) -> tuple[BooleanField, ...]:
        return (self.watched, self.expiring, self.gone)

    def validate(self, extra_validators: Any = None) -> bool:
        sound = bool(super().validate(extra_validators))
        try:
            self.q.data = clean(self.q.data or "", _TEXT_LIMIT).text
        except RegistryError as error:
            self.q.errors = [*self.q.errors, sentence(error)]
        for item in self.selects:
            if item.data and not _chosen(item):
                item.errors = [*item.errors, _NOT_OFFERED]
        return sound and not self.errors

    def wanted(self) -> LedgerQuery:
        """What may be asked of the query; a part that could not be read restricts nothing and is shown as wrong."""
        self.validate()
        return LedgerQuery(
            text=_read(self.q),
            division=_read(self.division),
            industry=_read(self.industry),
            industry_code=_read(self.code),
            stage=self.stage,
            tier=_read(self.tier),
            bureau=_read(self.bureau),
            missing=_read(self.missing),
            watched=self.watched.data,
            gone=self.gone.data,
            qualification=_read(self.qualification),
            expiring=self.expiring.data,
            ticked=self.ticked_firms,
        )

    @property
    def unfolded(self) -> bool:
        """Something in the folded part is set."""
        texts = (_read(self.code), _read(self.bureau), _read(self.qualification))
        return any((*texts, *(item.data for item in self.ticked), self.code.errors))

    def words(self) -> list[str]:
        """The filter in words, one a part, in the reader's language."""
        asked = [(item, _read(item)) for item in (self.q, *self.selects, self.code)]
        return [
            *([_said(_("阶段"), stage_label(self.stage))] if self.stage else []),
            *(_said(str(item.label.text), _chosen(item) or value) for item, value in asked if value),
            *(str(item.label.text) for item in self.ticked if item.data),
            *([str(_("选定的 %(count)s 家", count=len(self.ticked_firms)))] if self.ticked_firms else []),
        ]


def stage_label(stage: str) -> str:
    return str(_(STAGE_LABELS.get(stage) or GROUP_LABELS[stage]))


def in_chinese(arguments: Any) -> str:
    """The filter in words as a sheet prints it, whatever language the reader has chosen."""
    with force_locale(PAPER):
        form = LedgerFilter(arguments)
        form.validate()
        return LIST_JOINT.join(form.words())


def stage_of(arguments: Mapping[str, Any]) -> str:
    """The stage or group asked for; empty: whatever stage. Without one: the firms in the directory."""
    asked = arguments.get("stage")
    if asked is None and not any(arguments.get(name) for name in _WHEREVER):
        return DIRECTORY
    return str(asked) if asked in STAGE_LABELS or asked in GROUPS else ""


def order_of(arguments: Mapping[str, str], stage: str) -> Order:
    """`?sort=rate` or `?sort=-rate`; anything that is not offered is the usual order: of firms in the directory the
    nearest to its line first, of all others the order of entry, the newest first."""
    asked = arguments.get("sort", "")
    by = asked.removeprefix("-")
    if by in SORTS:
        return Order(by, asked.startswith("-"))
    return Order(NEAREST, descending=False) if stage == DIRECTORY or stage in IN_DIRECTORY else Order()


def as_kept(arguments: Any, columns: Iterable[str]) -> str:
    """The address of a view: its filter, order and columns, always written the same way."""
    asked = [(key, arguments.get(key, "")) for key in KEPT]
    return urlencode([*((key, value) for key, value in asked if value), *(("col", key) for key in columns)])


def next_sort(order: Order, key: str) -> str:
    """What a press on the heading of `key` asks for: the other way round where it is sorted by that already."""
    descending = not order.descending if order.by == key else key in _DESCENDING_FIRST
    return f"-{key}" if descending else key


def chosen_columns(asked: Iterable[str]) -> tuple[str, ...]:
    """The columns of the page, in its order; the usual ones where none is asked for."""
    return known_columns(asked) or USUAL


def known_columns(asked: Iterable[str]) -> tuple[str, ...]:
    """Those of them that there are, in the order of the page."""
    wanted = set(asked)
    return tuple(key for key in OFFERED if key in wanted)


def told(query: str) -> str:
    """The filter of a saved view in words, in the reader's language."""
    form = LedgerFilter(MultiDict(parse_qsl(query)))
    form.validate()
    return str(_("；")).join(form.words())


def heading(key: str) -> str:
    """What a column of the page is called, with its unit."""
    column = by_key(key)
    text = str(_(_SHORT.get(key, column.heading)))
    return str(_("%(label)s（%(unit)s）", label=text, unit=_(column.unit))) if column.unit else text


class SaveView(Worded):
    longest = NAME_MOST

    name = StringField(
        _l("视图名称"),
        [DataRequired(_l("请填写视图名称。")), Length(max=NAME_MOST, message=_l("最多 %(max)d 个字，请精简。"))],
    )
    shared = BooleanField(_l("本单位共用"))
    query = HiddenField()


class RenameView(Worded):
    longest = NAME_MOST

    name = StringField(
        _l("视图名称"),
        [DataRequired(_l("请填写视图名称。")), Length(max=NAME_MOST, message=_l("最多 %(max)d 个字，请精简。"))],
    )


class Press(Worded):
    """Nothing to fill in."""


class Export(Worded):
    longest = 200

    kind = RadioField(_l("文件格式"), default=FileKind.XLSX)
    contacts = BooleanField(
        _l("含联系人、电话"), description=_l("联系人信息只供工作联系，导出要说明用途，并记入操作留痕。")
    )
    carried = BooleanField(
        _l("含本单位导入时随带保存的栏目"),
        description=_l("照原样导出，只有本单位的；内容系统没有读过，可能有个人信息，导出要说明用途。"),
    )
    reason = TextAreaField(
        _l("用途"), [Length(max=200, message=_l("请控制在 200 个字以内。"))],
        description=_l("含联系人或随带的栏目时必填。"), render_kw={"rows": 2},
    )  # fmt: skip

    def __init__(self, *args: Any, may_take_contacts: bool, carries: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [
            (FileKind.XLSX, _("Excel 工作簿（.xlsx），可打印，至多 200,000 行")),
            (FileKind.CSV, _("CSV（UTF-8），行数不限")),
        ]
        if not (may_take_contacts and carries):
            del self.carried
        if not may_take_contacts:
            del self.contacts
            del self.reason


def _places() -> list[tuple[str, str]]:
    """The counties and zones of today; of a county with zones also what is of none of them."""
    today = clock.today()
    rows = [
        row
        for row in reference.divisions()
        if row.level in ("county", "zone") and (row.valid_to is None or row.valid_to >= today)
    ]
    counting = {row.statistical_county for row in rows if row.level == "zone"}
    alone = [
        (f"{row.code}{ALONE}", _("%(county)s（不含功能区）", county=row.short_name))
        for row in rows
        if row.code in counting
    ]
    return [*((row.code, row.short_name) for row in rows), *alone]


def _industries() -> dict[str, list[tuple[str, str]]]:
    """Sections with their divisions; those the plan names stand first."""
    rows = [
        row for row in reference.classification().all() if row.level in (IndustryLevel.SECTION, IndustryLevel.DIVISION)
    ]
    groups: dict[str, list[tuple[str, str]]] = {"": [("", _("全部"))]}
    for section in sorted(
        (row for row in rows if row.level == IndustryLevel.SECTION), key=lambda row: not row.in_scope
    ):
        within = [
            (row.code, f"{row.code} {row.name}") for row in rows if row.section == section.code and row != section
        ]
        title = f"{section.code} {section.name}"
        groups[title] = [(section.code, title), *within]
    return groups


def _numbers(arguments: Any) -> tuple[int, ...]:
    """The firms that were ticked, each once; what is no number of a firm is nobody's."""
    texts = arguments.getlist("tick") if hasattr(arguments, "getlist") else ()
    return tuple(dict.fromkeys(map(record_number, texts)))[:MOST]


def _read(item: Any) -> str:
    return "" if item.errors else (item.data or "").strip()


def _chosen(item: Any) -> str:
    """The label of what is chosen in a select; empty for a text, and where nothing that is offered is chosen."""
    if not isinstance(item, SelectField):
        return ""
    choices: Any = item.choices or []
    groups = choices.values() if isinstance(choices, dict) else [choices]
    return next((str(label) for rows in groups for value, label in rows if value == item.data), "")


def _said(label: str, value: str) -> str:
    return str(_("%(label)s：%(value)s", label=label, value=value))
