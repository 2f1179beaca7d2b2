"""Forms of rules: what a draft says of itself with its settings, one line of it, and the word of the second person."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired, Length, Optional, Regexp

from registry.base.errors import RegistryError
from registry.base.labels import N_
from registry.reference.models import Parameter
from registry.reference.rules.thresholds import Basis
from registry.reference.rules.versions import RuleSetKind, VersionLine
from registry.rulesets.models import RuleDraft
from registry.rulesets.services.drafting import Head
from registry.rulesets.services.rulechecks import DraftFaults
from registry.rulesets.texts.drafts import RULESET_ERRORS
from registry.sheets import cells, words
from registry.sheets.columns import by_key
from registry.site.display import wan_exact
from registry.site.forms.worded import Worded

BASIS_LABELS: Mapping[str, str] = {
    Basis.REVENUE: N_("营业收入"),
    Basis.MAIN_REVENUE: N_("主营业务收入"),
    Basis.QUALIFICATION: N_("按资质"),
}
_DAY = _l("请按 2021-10-15 的格式填写日期。")
_WHOLE = _l("请填写整数。")
_RULE_ID = r"[A-Z0-9][A-Z0-9-]{1,39}"


def _said(about: str) -> Any:
    """What is said of a field that was left out or cannot be read."""
    return _l(RULESET_ERRORS[about])


class Versioned(Worded):
    """Which state of the draft was on the page."""

    longest = 2000
    version = HiddenField()

    @property
    def seen(self) -> int:
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def refuse(self, error: RegistryError) -> None:
        """Of a draft, everything that is wrong with it, each at its field."""
        for one in error.faults if isinstance(error, DraftFaults) else (error,):
            super().refuse(one)


class DraftHead(Versioned):
    title = StringField(
        _l("标题"), [InputRequired(_said("title")), Length(max=200, message=_l("请控制在 %(max)d 个字以内。"))]
    )
    valid_from = DateField(
        _l("施行日期"),
        [InputRequired(_said("valid_from"))],
        description=_l("从这一天起适用；不得早于发布当日。四上标准须为某月1日。"),
        invalid_value_message=_DAY,
    )  # type: ignore[call-arg]
    annual_from = IntegerField(
        _l("年度数起始年度"),
        [Optional()],
        description=_l("年度数从这个统计年度起适用新标准。"),
        invalid_value_message=_WHOLE,
    )  # type: ignore[call-arg]
    source = TextAreaField(
        _l("依据"), [InputRequired(_said("source"))], description=_l("文号、文件名称或会议纪要。"),
        render_kw={"rows": 2},
    )  # fmt: skip
    verified = BooleanField(_l("已对照文件原文核实"))
    note = TextAreaField(_l("说明"), description=_l("给核对人看，可不填。"), render_kw={"rows": 2})

    def head(self) -> Head:
        """What was filled in; the form has been found sound."""
        assert self.valid_from.data is not None  # noqa: S101 - required
        return Head(
            title=self.title.data or "",
            valid_from=self.valid_from.data,
            annual_from=self.annual_from.data if "annual_from" in self._fields else None,
            source=self.source.data or "",
            verified=bool(self.verified.data),
            note=self.note.data or "",
        )

    def settings(self, keys: Mapping[str, str]) -> dict[str, str]:
        return {key: (self[key].data or "").strip() for key in keys}


def head_form(draft: RuleDraft, values: Mapping[str, str], settings: Mapping[str, Parameter]) -> DraftHead:
    """The form of this draft: with one field for each setting it holds."""
    members: dict[str, Any] = {
        key: StringField(settings[key].label if key in settings else key, description=key) for key in values
    }
    given = {
        name: getattr(draft, name) for name in ("title", "valid_from", "annual_from", "source", "verified", "note")
    }
    form: DraftHead = type("SettingsHead", (DraftHead,), members)(data={**given, **values, "version": draft.version})
    if draft.kind != RuleSetKind.STATUTORY:
        del form.annual_from
    return form


class DraftLine(Versioned):
    rule_id = StringField(
        _l("编号"),
        [InputRequired(_said("rule_id")), Regexp(_RULE_ID + r"\Z", message=_said("rule_id"))],
        description=_l("大写字母、数字和连字符；判断结果里引用这个编号。"),
    )
    label = StringField(_l("名称"), [InputRequired(_said("label"))])
    prefixes = StringField(
        _l("适用行业"),
        description=_l("2017 版门类字母或 2 至 4 位代码，空格分隔；代码长的优先。入库线留空表示所有行业。"),
    )
    basis = SelectField(_l("判断依据"))
    amount = StringField(_l("标准"), render_kw={"inputmode": "decimal", "autocomplete": "off"})
    or_employees = IntegerField(
        _l("或从业人员（人）"), [Optional()], description=_l("另一条件：达到人数即可；没有就留空。"),
        invalid_value_message=_WHOLE,
    )  # type: ignore[call-arg]  # fmt: skip
    ended = BooleanField(_l("从施行日期起停用这一条"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.basis.choices = [(basis, _(label)) for basis, label in BASIS_LABELS.items()]
        self.given: Decimal | None = None

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if self.amount.data and not self.amount.errors:
            parsed = cells.parse(by_key("revenue_to_date"), self.amount.data, scale=words.SCALES["万"])
            if parsed.fault is not None:
                self.say("amount", _said("amount"))
            elif isinstance(parsed.value, Decimal):
                self.given = parsed.value
        return sound and not self.errors

    def line(self, before: VersionLine | None) -> VersionLine:
        """The line as it was filled in; its number and version are those it had."""
        return VersionLine(
            rule_id=before.rule_id if before else (self.rule_id.data or ""),
            base=before.base if before else 0,
            label=self.label.data or "",
            prefixes=tuple((self.prefixes.data or "").upper().split()),
            basis=Basis(self.basis.data),
            amount_yuan=self.given,
            or_employees=self.or_employees.data,
            ended=bool(self.ended.data),
        )


def line_form(draft: RuleDraft, line: VersionLine | None) -> DraftLine:
    given: dict[str, Any] = {"version": draft.version, "basis": Basis.REVENUE}
    if line is not None:
        given |= {
            "rule_id": line.rule_id,
            "label": line.label,
            "prefixes": " ".join(line.prefixes),
            "basis": line.basis,
            "amount": "" if line.amount_yuan is None else wan_exact(line.amount_yuan),
            "or_employees": line.or_employees,
            "ended": line.ended,
        }
    form = DraftLine(data=given)
    if line is not None:
        del form.rule_id
    if line is None or not line.base:
        del form.ended
    return form


_DECISIONS = [
    SelectChoice("publish", _l("发布：按施行日期生效，原版本到前一日止")),
    SelectChoice("return", _l("退回起草人修改")),
    SelectChoice("refuse", _l("不予采用，草稿办结")),
]


class Decision(Versioned):
    outcome = RadioField(
        _l("核对结论"),
        [InputRequired(_said("decision"))],
        choices=_DECISIONS,
    )
    opinion = TextAreaField(
        _l("核对意见"), [InputRequired(_said("opinion"))], description=_l("写明对照了什么文件、哪些内容。"),
        render_kw={"rows": 3, "required": True},
    )  # fmt: skip

    def fit(self, draft: RuleDraft) -> None:
        """What a file proposed has nobody to go back to."""
        if draft.prepared_by_id is None:
            self.outcome.choices = [choice for choice in _DECISIONS if choice.value != "return"]


class DraftAction(Versioned):
    """A step without words: hand in, or let go."""
