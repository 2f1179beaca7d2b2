"""Forms of cases, made from what their kind says; and those of notices, kinds and cohorts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
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
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from registry.cases.models import Case, CaseCohort, CaseKind
from registry.cases.rules.kinds import Applicant, Criterion, FieldType, Kind, KindField
from registry.cases.services.opinions import GivenOpinion
from registry.cases.texts import APPLICANT_LABELS, BODY_LABELS, NO, YES
from registry.institutions.models import Institution
from registry.site.forms.refusable import Refusable
from registry.site.forms.worded import TOO_LONG, Worded, reason_field

BLANK_ROWS = 3
"""Empty rows under a list, for new ones."""
_DAY = _l("请填写日期，如 2021-10-29。")


def day_field(label: Any, *, required: bool = True, hint: Any = "") -> DateField:
    checks = [InputRequired(_DAY)] if required else [Optional()]
    return DateField(label, checks, invalid_value_message=_DAY, description=hint)  # type: ignore[call-arg]


class BeginCase(Worded):
    """For whom: a firm by its code or whole name, an institution, or a body with what is known of it."""

    cohort = SelectField(_l("补助年度"), validate_choice=False)
    whom = SelectField(_l("申请单位"), validate_choice=False)
    firm = StringField(
        _l("企业"), [Length(max=200, message=TOO_LONG)],
        description=_l("填写统一社会信用代码或企业全称；须为本单位看得到的名录企业。"),
    )  # fmt: skip
    institution = SelectField(_l("机构"), validate_choice=False)

    def offer(self, kind: Kind, cohorts: Iterable[CaseCohort], institutions: Iterable[Institution]) -> None:
        self.cohort.choices = [("", ""), *((str(one.id), _("%(year)s年度", year=one.year)) for one in cohorts)]
        self.whom.choices = [(one, _(APPLICANT_LABELS[one])) for one in kind.applicants if one is not Applicant.CASE]
        self.institution.choices = [("", ""), *((str(one.id), one.name) for one in institutions)]


class TakeBook(Refusable):
    """`cohort` where the kind has any."""

    cohort = SelectField(_l("补助年度"), validate_choice=False)

    def offer(self, cohorts: Iterable[CaseCohort]) -> None:
        self.cohort.choices = [(str(one.id), _("%(year)s年度", year=one.year)) for one in cohorts]


class SendBook(Refusable):
    file = FileField(
        _l("填好的工作簿"), [FileRequired(_l("请选择文件。"))],
        description=_l("本页下载的工作簿，用 WPS、Excel 或 LibreOffice 填好后保存的 .xlsx（20 MB 以内）。"),
        render_kw={"accept": ".xlsx"},
    )  # fmt: skip


class ConfirmBook(Refusable):
    """`file`: which upload, sealed; `seen`: the digest that was looked at. What was chosen stands beside them."""

    file = HiddenField()
    seen = HiddenField()


def begin_form() -> BeginCase:
    fields = {
        f"body_{name}": StringField(_l(label), [Length(max=200, message=TOO_LONG)])
        for name, label in BODY_LABELS.items()
    }
    form: BeginCase = type("BeginForm", (BeginCase,), fields)()
    return form


class FillCase(Worded):
    """A field for each of the kind; of a list a row of fields for each of its rows, and some empty ones."""

    longest = 4000
    seen = HiddenField()
    counts: Mapping[str, int] = {}
    kind: Kind

    def values(self) -> dict[str, str]:
        return {one.code: self[one.code].data or "" for one in self.kind.of_case}

    def rows(self) -> dict[str, list[dict[str, str]]]:
        return {
            one.code: [
                {
                    column.code: self[cell(one.code, number, column.code)].data or ""
                    for column in self.kind.columns(one.code)
                }
                for number in range(self.counts[one.code])
            ]
            for one in self.kind.lists
        }

    def row_errors(self, name: str) -> list[str]:
        """What is wrong in a list, row by row."""
        return [
            _("第 %(row)s 行“%(column)s”：%(error)s", row=number + 1, column=column.name, error=" ".join(found))
            for number in range(self.counts[name])
            for column in self.kind.columns(name)
            if (found := self[cell(name, number, column.code)].errors)
        ]


def cell(name: str, number: int, code: str) -> str:
    return f"{name}-{number}-{code}"


def fill_form(case: Case) -> FillCase:
    """With what the case holds; as many rows of a list as were sent, or as it has and some empty ones."""
    kind = case.kind
    counts = {one.code: _count(one.code, case) for one in kind.lists}
    fields: dict[str, Any] = {"kind": kind, "counts": counts}
    data: dict[str, Any] = {"seen": str(case.revision)}
    for one in kind.of_case:
        fields[one.code], data[one.code] = _field(one), case.values.get(one.code, "")
    for rows in kind.lists:
        held = case.rows.get(rows.code, [])
        for number in range(counts[rows.code]):
            for column in kind.columns(rows.code):
                name = cell(rows.code, number, column.code)
                fields[name] = _field(column, in_row=True)
                data[name] = held[number].get(column.code, "") if number < len(held) else ""
    form: FillCase = type("FillForm", (FillCase,), fields)(data=data)
    return form


def _count(name: str, case: Case) -> int:
    sent = request.form.get(f"count-{name}", type=int)
    more = BLANK_ROWS if request.form.get("more") == name else 0
    return min(max(sent, 0), 200) + more if sent is not None else len(case.rows.get(name, [])) + BLANK_ROWS


def _field(one: KindField, *, in_row: bool = False) -> Any:
    label = one.name if not one.unit else _("%(name)s（%(unit)s）", name=one.name, unit=one.unit)
    keywords = {"required": True} if one.required and not in_row else {}
    if one.type in (FieldType.CHOICE, FieldType.YES_NO):
        choices = one.choices if one.type is FieldType.CHOICE else (YES, NO)
        return SelectField(
            label, choices=[("", ""), *((word, word) for word in choices)], validate_choice=False,
            description=one.help, render_kw=keywords,
        )  # fmt: skip
    if one.type is FieldType.LONG:
        return TextAreaField(
            label, [Length(max=4000, message=TOO_LONG)], description=one.help, render_kw={**keywords, "rows": 4}
        )
    return StringField(label, [Length(max=300, message=TOO_LONG)], description=one.help, render_kw=keywords)


class TakeStep(Worded):
    """One step; `cells`: boxes and reasons where something goes back."""

    reason = reason_field(_l("意见或理由"), required=False)
    cells: tuple[tuple[str, str], ...] = ()

    def of(self, code: str) -> tuple[Any, Any]:
        """The box of a cell, and the line for why it goes back."""
        return self[f"cell_{code}"], self[f"reason_{code}"]

    def chosen(self) -> dict[str, str]:
        return {code: self[f"reason_{code}"].data or "" for code, _label in self.cells if self[f"cell_{code}"].data}


def step_form(cells: Iterable[tuple[str, str]] = ()) -> TakeStep:
    """`cells`: code and name of what may go back."""
    rows = tuple(cells)
    fields: dict[str, Any] = {"cells": rows}
    for code, label in rows:
        fields[f"cell_{code}"] = BooleanField(label)
        fields[f"reason_{code}"] = StringField(_l("原因"), [Length(max=500, message=TOO_LONG)])
    form: TakeStep = type("StepForm", (TakeStep,), fields)()
    for code, label in rows:
        form[f"reason_{code}"].label.text = _("%(cell)s 退回的原因", cell=label)
    return form


class AttachPaper(Worded):
    paper = SelectField(_l("材料"))
    year = IntegerField(
        _l("材料所属年度"), [Optional(), NumberRange(2000, 2099, _l("请填写四位数的年度。"))],
        description=_l("只在该材料要求年度时填写。"),
    )  # fmt: skip
    file = FileField(
        _l("文件"), [FileRequired(_l("请选择文件。"))], description=_l("PDF、PNG、JPG 或 XLSX，不超过 20 MB。")
    )

    def offer(self, kind: Kind) -> None:
        self.paper.choices = [(one.code, one.name) for one in kind.papers]


class GiveGround(Worded):
    reason = reason_field(_l("理由"), required=False)


class AgreeNext(Worded):
    step = StringField(_l("下一步做什么"), [Length(max=200, message=TOO_LONG)])
    day = day_field(_l("约定日期"), required=False)


class LinkFirm(Worded):
    firm = StringField(
        _l("企业"), [InputRequired(_l("请填写统一社会信用代码或企业全称。")), Length(max=200, message=TOO_LONG)],
        description=_l("填写统一社会信用代码或企业全称。名录中还没有的，先按“新增企业”查重登记，再回来关联。"),
        render_kw={"required": True},
    )  # fmt: skip


class PostNotice(Worded):
    first_day = day_field(_l("公示起始日期"), hint=_l("公示期按工作日计算，截止日期由系统推算。"))


class ChangeSettings(Worded):
    valid_from = day_field(_l("施行日期"), hint=_l("这一天起登记的事项按新的一版办理，之前登记的不变。"))
    reason = reason_field(_l("修改理由和依据"))
    codes: tuple[str, ...] = ()

    def values(self) -> dict[str, str]:
        return {code: self[f"setting_{code}"].data or "" for code in self.codes}


def settings_form(edition: CaseKind, on: date) -> ChangeSettings:
    fields: dict[str, Any] = {"codes": tuple(one.code for one in edition.kind.settings)}
    data: dict[str, Any] = {"valid_from": on}
    for one in edition.kind.settings:
        label = one.name if not one.unit else _("%(name)s（%(unit)s）", name=one.name, unit=one.unit)
        fields[f"setting_{one.code}"] = StringField(label, [Length(max=100, message=TOO_LONG)])
        data[f"setting_{one.code}"] = one.value
    form: ChangeSettings = type("SettingsForm", (ChangeSettings,), fields)(data=data)
    return form


class OpenCohort(Worded):
    group = SelectField(_l("类别"))
    year = IntegerField(
        _l("年度"), [InputRequired(_l("请填写年度。")), NumberRange(2015, 2099, _l("请填写四位数的年度。"))]
    )
    document = StringField(
        _l("依据文件"), [InputRequired(_l("请填写文件名称和文号。")), Length(max=200, message=TOO_LONG)],
        description=_l("申领通知或预算文件的名称、文号。"), render_kw={"required": True},
    )  # fmt: skip
    opens_on = day_field(_l("受理起始日期"))
    closes_on = day_field(_l("受理截止日期"), required=False)


class EnterOpinion(Worded):
    """One expert's paper; a pair of fields for each criterion of the kind is added by `opinion_form`."""

    longest = 2000
    expert = StringField(_l("专家姓名"), [InputRequired(_l("请填写专家姓名。")), Length(max=40, message=TOO_LONG)])
    employer = StringField(
        _l("所在单位"), [InputRequired(_l("请填写专家所在单位。")), Length(max=200, message=TOO_LONG)]
    )
    former_employers = TextAreaField(
        _l("曾任职单位"), description=_l("多个的每行一个，或用顿号隔开；没有的留空。"), render_kw={"rows": 2}
    )
    interests = TextAreaField(
        _l("声明的利害关系"),
        [InputRequired(_l("请填写专家声明的利害关系；没有的填“无”。"))],
        description=_l("照专家签字的声明填写，例如持股、顾问、亲属任职；没有的填“无”。"),
        render_kw={"rows": 2},
    )
    recusal = TextAreaField(
        _l("回避理由"),
        description=_l("专家回避的才填；填了就不评分，也不计入专家人数。"),
        render_kw={"rows": 2},
    )
    opinion = TextAreaField(_l("专家意见"), render_kw={"rows": 5})
    favours = RadioField(_l("结论"), choices=[], validate_choice=False)
    paper = FileField(_l("签字密封的意见扫描件"), description=_l("PDF、PNG 或 JPG，不超过 20 MB；开封前谁也打不开。"))
    again = TextAreaField(
        _l("重新登记的理由"), description=_l("同一位专家的意见已登记、现需更正的才填；原来的意见作废，留痕保留其摘要。"),
        render_kw={"rows": 2},
    )  # fmt: skip
    criteria: tuple[Criterion, ...] = ()

    def pairs(self) -> list[tuple[Criterion, Any, Any]]:
        """Each criterion with its field of points and its field of the reason."""
        return [(one, self[f"score_{one.code}"], self[f"why_{one.code}"]) for one in self.criteria]

    def given(self) -> GivenOpinion:
        file = self.paper.data
        return GivenOpinion(
            self.expert.data or "", self.employer.data or "", self.former_employers.data or "",
            self.interests.data or "", self.recusal.data or "",
            {one.code: (score.data or "", why.data or "") for one, score, why in self.pairs()},
            self.opinion.data or "", {"yes": True, "no": False}.get(self.favours.data or ""),
            (file.filename or "") if file else "", file.read() if file else b"",
        )  # fmt: skip


def opinion_form(kind: Kind) -> EnterOpinion:
    """The form with what the kind has scored."""
    own: dict[str, Any] = {"criteria": kind.criteria}
    for one in kind.criteria:
        own[f"score_{one.code}"] = StringField(
            _("%(name)s（0—%(most)s分）", name=one.name, most=one.most), render_kw={"inputmode": "decimal"}
        )
        own[f"why_{one.code}"] = StringField(_("“%(name)s”的评分理由", name=one.name))
    made: EnterOpinion = type("OpinionOfKind", (EnterOpinion,), own)()
    made.favours.choices = [("yes", _("同意")), ("no", _("不同意"))]
    return made


class OpenOpinions(Worded):
    """No more than a button."""
