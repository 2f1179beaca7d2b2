"""The shapes of what is answered: types for the code, schemas for the description.

Money is a text of yuan with two places and its unit beside it; days are ISO 8601; a coded value has its word.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from registry.base.labels import N_
from registry.base.vocabulary import NOTICE

YUAN, PERSONS = N_("元"), N_("人")
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description=N_("日期，如 2021-09-30"))]
MomentText = Annotated[str, Field(description=N_("时刻，带时区，如 2021-09-30T08:00:00+08:00"))]
MonthText = Annotated[
    str, Field(pattern=r"^\d{4}(-\d{2})?$", description=N_("期别：2021-09 为 1—9 月累计，2021 为全年"))
]
Ratio = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$", description=N_("比率，如 0.9347"))]
FirmNumber = Annotated[int, Field(ge=1, description=N_("企业编号"))]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CodedValue(Shape):
    code: str
    text: str


class MoneyValue(Shape):
    amount: Annotated[str, Field(pattern=r"^-?\d+\.\d{2}$")]
    unit: Annotated[str, Field(json_schema_extra={"enum": [YUAN]})] = YUAN


class AnswerShape(Shape):
    """Whatever is answered says that it is no statistical report."""

    notice: Annotated[str, Field(description=N_("固定声明"))] = NOTICE


class PageShape(AnswerShape):
    next: Annotated[str | None, Field(description=N_("下一页的 cursor；没有下一页时为 null"))] = None


class ProblemName(Shape):
    name: str
    detail: str
    detail_en: str


class ProblemShape(Shape):
    """RFC 9457, with the same in English."""

    type: str
    title: str
    title_en: str
    status: int
    detail: str
    detail_en: str
    errors: list[ProblemName] = Field(default_factory=list, description=N_("有问题的参数，逐个列出"))


# -- the token ------------------------------------------------------------------------------------
class TokenOffice(Shape):
    code: str
    name: str


class MeShape(AnswerShape):
    token: str = Field(description=N_("令牌的名称"))
    office: TokenOffice
    scopes: list[CodedValue]
    expires_on: Day
    last_used_at: MomentText | None = Field(description=N_("上次使用，精确到小时"))
    requests_a_minute: int
    longest_page: int


# -- the ledger -----------------------------------------------------------------------------------
class LedgerEntry(Shape):
    id: FirmNumber
    name: str
    credit_code: str | None
    division: str | None
    industry: CodedValue | None
    stage: CodedValue
    tier: str | None
    revenue_last_year: MoneyValue | None
    revenue_to_date: MoneyValue | None
    to_month: MonthText | None
    statutory_line: MoneyValue | None
    rate: Ratio | None
    unproven: list[str] = Field(description=N_("没有当期凭证的数据"))
    doubted: list[str] = Field(description=N_("存疑、尚未核实的数据"))
    qualifications: list[str] = Field(description=N_("有效资质"))
    lead_bureau: str | None
    proposer: str
    operating_state: CodedValue | None
    missing: str = Field(description=N_("还缺什么"))
    watched: bool


class LedgerShape(PageShape):
    data: list[LedgerEntry]


# -- a dossier ------------------------------------------------------------------------------------
class FactValue(Shape):
    field: str
    label: str
    value: str | int | None = Field(description=N_("代码、日期、整数或文字；金额为元"))
    text: str = Field(description=N_("页面上的写法"))


class DisputeEntry(Shape):
    office: str
    on: Day
    reason: str


class FigureEntry(Shape):
    kind: CodedValue
    period: MonthText
    amount: Annotated[str, Field(pattern=r"^-?\d+(\.\d{2})?$")]
    unit: Annotated[str, Field(json_schema_extra={"enum": [YUAN, PERSONS]})]
    source: CodedValue
    proven: bool = Field(description=N_("有当期凭证"))
    doubted: bool = Field(description=N_("存疑，尚未核实"))
    doubts: list[str]
    disputes: list[DisputeEntry]
    line: MoneyValue | None = Field(description=N_("当期适用的四上标准"))
    rate: Ratio | None
    revision: int
    recorded_on: Day
    office: str


class QualificationEntry(Shape):
    id: int
    kind: CodedValue
    number: str
    issuer: str
    scope: str
    valid_from: Day
    valid_to: Day | None = Field(description=N_("空为长期"))
    state: CodedValue
    items: int = Field(description=N_("检测项目数"))
    odd: list[str]
    doubt_reason: str


class PaperEntry(Shape):
    material: CodedValue
    period: MonthText | None
    attached_on: Day
    office: str
    voided: bool


class FormerNameEntry(Shape):
    name: str
    until: Day | None


class FirmShape(AnswerShape):
    id: FirmNumber
    name: str
    credit_code: str | None
    stage: CodedValue
    stage_on: Day
    merged_into: FirmNumber | None = Field(description=N_("已并入的企业；不在本单位范围内的不列"))
    former_names: list[FormerNameEntry]
    facts: list[FactValue]
    figures: list[FigureEntry]
    qualifications: list[QualificationEntry]
    papers: list[PaperEntry] = Field(description=N_("材料清单；不含文件名和内容"))


# -- quarters -------------------------------------------------------------------------------------
class QuarterEntry(Shape):
    label: str
    listed: int
    entered: int
    left: int
    closed: bool = Field(description=N_("是否已冻结；只有已冻结的季度有逐户数据"))
    closed_at: MomentText | None


class QuartersShape(AnswerShape):
    data: list[QuarterEntry]


class QuarterLineEntry(Shape):
    id: FirmNumber
    name: str
    credit_code: str | None
    county: str | None
    division: str | None
    industry: str | None
    stage: CodedValue | None
    stage_on: Day | None
    listed: bool = Field(description=N_("季末在库"))
    held: bool = Field(description=N_("本季度内曾在库"))
    tier: str | None
    revenue_last_year: MoneyValue | None
    revenue_to_date: MoneyValue | None
    to_month: MonthText | None
    statutory_line: MoneyValue | None
    rate: Ratio | None
    pending: list[str] = Field(description=N_("因没有当期凭证而未列的数据"))
    missing: list[str]
    lead_bureau: str | None
    proposer: str | None


class QuarterLinesShape(PageShape):
    quarter: str
    as_of: Day
    data: list[QuarterLineEntry]


# -- the plan -------------------------------------------------------------------------------------
class PlacePart(Shape):
    code: str
    name: str
    counted: int
    under_way: int
    share: int | None = Field(description=N_("分解到该地的目标数；没有分解文件的为空"))


class TargetEntry(Shape):
    code: str
    name: str
    unit: str
    amount: int
    counts: str = Field(description=N_("计数口径"))
    clause: str
    counted: int | None = Field(description=N_("本单位范围内已计的；没有可计数据的为空"))
    under_way: int
    left_out: int = Field(description=N_("涉及本目标而不计的"))
    needed: int | None = Field(description=N_("还差；只有看全市的单位才有"))
    expected: int | None = Field(description=N_("按时间进度应完成的；只有看全市的单位才有"))
    places: list[PlacePart]


class PlanShape(AnswerShape):
    code: str
    name: str
    version: int
    document_no: str
    first_year: int
    last_year: int
    as_of: Day
    whole_city: bool
    targets: list[TargetEntry]


# -- cases ----------------------------------------------------------------------------------------
class CaseEntry(Shape):
    id: int
    number: str
    kind: CodedValue
    state: CodedValue
    is_open: bool
    cohort: int | None
    applicant: str
    firm: FirmNumber | None = Field(description=N_("企业编号；不在本单位范围内的不列"))
    office: str
    bureau: str
    entered_on: Day
    since: Day
    due_on: Day | None
    amount: MoneyValue | None = Field(description=N_("核定的补助金额"))


class CasesShape(PageShape):
    data: list[CaseEntry]


class CaseField(Shape):
    code: str
    name: str
    value: str | None
    unit: str


class CaseList(Shape):
    code: str
    name: str
    rows: int


class CaseStepEntry(Shape):
    step: str
    on: Day
    state: CodedValue


class CasePaperEntry(Shape):
    paper: CodedValue
    year: int | None
    attached_on: Day
    voided: bool


class CaseShape(AnswerShape):
    case: CaseEntry
    fields: list[CaseField] = Field(description=N_("金额、数、日期、选项；自由填写的文字不列"))
    lists: list[CaseList]
    steps: list[CaseStepEntry]
    papers: list[CasePaperEntry]


# -- changes --------------------------------------------------------------------------------------
class ChangeEntry(Shape):
    sort: CodedValue
    firm: FirmNumber | None = Field(description=N_("企业编号；涉及全部企业的为空"))
    at: MomentText
    act: CodedValue
    into: FirmNumber | None = Field(description=N_("并入的企业；不在本单位范围内的不列"))


class ChangesShape(AnswerShape):
    cursor: str = Field(description=N_("下次从这里接着取；没有新变更时与送来的相同"))
    more: bool = Field(description=N_("后面还有，请接着取"))
    data: list[ChangeEntry]
