"""The words of the field: stages, actions, roles, kinds, each with its Chinese label."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from registry.base.labels import N_

NOTICE = N_("培育参考，不作统计上报依据")
NO_DATA = "--"
NO_CODE_REASON = N_("导入时未提供")
"""Why a firm has no credit code, where the file it came from does not say."""


class Stage(StrEnum):
    LEAD = "lead"
    PROPOSED = "proposed"
    UNDER_REVIEW = "under_review"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    ADMITTED = "admitted"
    QUALIFIED = "qualified"
    FILED = "filed"
    IN_CHAIN = "in_chain"
    ENROLLED = "enrolled"
    REMOVED = "removed"
    DELISTED = "delisted"
    MERGED = "merged"


class Action(StrEnum):
    CREATE = "create"
    IMPORT = "import"
    SUBMIT = "submit"
    TAKE_UP = "take_up"
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"
    REJECT = "reject"
    ADMIT = "admit"
    QUALIFY = "qualify"
    DISQUALIFY = "disqualify"
    REOPEN = "reopen"
    FILE = "file"
    PASS_LEVEL = "pass_level"
    RETURN_FILING = "return_filing"
    CONFIRM = "confirm"
    REMOVE = "remove"
    DELIST = "delist"
    MERGE = "merge"
    UNMERGE = "unmerge"
    UNDO_IMPORT = "undo_import"


class Role(StrEnum):
    CLERK = "clerk"
    OFFICER = "officer"
    CITY_OFFICE = "city_office"
    STATISTICIAN = "statistician"
    LEADER = "leader"
    AUDITOR = "auditor"
    FINANCE = "finance"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


class OfficeKind(StrEnum):
    COUNTY = "county"
    ZONE = "zone"
    BUREAU = "bureau"
    STATISTICS = "statistics"
    TAX = "tax"
    LEADERSHIP = "leadership"
    SYSTEM = "system"


class Ruling(StrEnum):
    """What a person says of two firms that may be one."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


class PairingState(StrEnum):
    """Of a suspected pair: nobody said anything, a word stands, or a record changed since and it is asked again."""

    OPEN = "open"
    RETURNED = "returned"
    UNSURE = "unsure"
    SAME = "same"
    DIFFERENT = "different"


class UnitKind(StrEnum):
    LEGAL_PERSON = "legal_person"
    DEEMED_LEGAL_PERSON = "deemed_legal_person"
    BRANCH = "branch"


class LegalForm(StrEnum):
    LIMITED = "limited"
    JOINT_STOCK = "joint_stock"
    STATE_OWNED = "state_owned"
    COLLECTIVE = "collective"
    PARTNERSHIP = "partnership"
    SOLE_OWNER = "sole_owner"
    COOPERATIVE = "cooperative"
    INSTITUTION = "institution"
    NON_PROFIT = "non_profit"
    SOLE_TRADER = "sole_trader"
    BRANCH = "branch"
    OTHER = "other"


class Accounting(StrEnum):
    ENTERPRISE = "enterprise"
    SMALL_ENTERPRISE = "small_enterprise"
    INSTITUTION = "institution"
    NON_PROFIT = "non_profit"
    OTHER = "other"


class TaxpayerKind(StrEnum):
    GENERAL = "general"
    SMALL_SCALE = "small_scale"


class OperatingState(StrEnum):
    """Whether a firm is in business, as the registration or the firm's paper says it."""

    ACTIVE = "active"
    ABNORMAL = "abnormal"
    SUSPENDED = "suspended"
    LIQUIDATION = "liquidation"
    CLOSED = "closed"
    REVOKED = "revoked"
    CANCELLED = "cancelled"
    DEREGISTERED = "deregistered"
    MOVED = "moved"


class Door(StrEnum):
    ANNUAL_FIRST = "annual_first"
    ANNUAL_SECOND = "annual_second"
    MONTHLY = "monthly"


class FigureKind(StrEnum):
    REVENUE = "revenue"
    VAT_SALES = "vat_sales"
    EMPLOYEES = "employees"  # persons at the end of the month, a whole number in `amount`


class FigureSource(StrEnum):
    INCOME_STATEMENT = "income_statement"
    VAT_RETURN = "vat_return"
    ANNUAL_REPORT = "annual_report"
    AUDIT_REPORT = "audit_report"
    FIRM_STATEMENT = "firm_statement"
    PAYROLL = "payroll"
    WORKBOOK = "workbook"


class Tier(StrEnum):
    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Verdict(StrEnum):
    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    ADMITTED = "admitted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class BatchState(StrEnum):
    WAITING = "waiting"
    CHECKING = "checking"
    CHECKED = "checked"
    REFUSED = "refused"
    APPLYING = "applying"
    TAKING_BACK = "taking_back"
    APPLIED = "applied"
    UNDOING = "undoing"
    DISCARDED = "discarded"
    UNDONE = "undone"


class RowKind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    FAULTY = "faulty"


class Missing(StrEnum):
    CREDIT_CODE = "credit_code"
    DIVISION = "division"
    INDUSTRY = "industry"
    UNIT_KIND = "unit_kind"
    OPERATING_ADDRESS = "operating_address"
    ACCOUNTING = "accounting"
    CONTACT = "contact"
    REVENUE = "revenue"
    DOCUMENT = "document"


Labels = Mapping[str, str]


def _labels(pairs: dict[str, str]) -> Labels:
    return MappingProxyType(pairs)


STAGE_LABELS = _labels(
    {
        Stage.LEAD: N_("线索"),
        Stage.PROPOSED: N_("已提名"),
        Stage.UNDER_REVIEW: N_("部门核查"),
        Stage.RETURNED: N_("退回补正"),
        Stage.WITHDRAWN: N_("已撤回"),
        Stage.REJECTED: N_("不予通过"),
        Stage.ADMITTED: N_("在库培育"),
        Stage.QUALIFIED: N_("达标应入"),
        Stage.FILED: N_("已申报纳统"),
        Stage.IN_CHAIN: N_("逐级审核"),
        Stage.ENROLLED: N_("已入库（四上）"),
        Stage.REMOVED: N_("出库"),
        Stage.DELISTED: N_("退库"),
        Stage.MERGED: N_("已合并"),
    }
)
ACTION_LABELS = _labels(
    {
        Action.CREATE: N_("登记线索"),
        Action.IMPORT: N_("导入"),
        Action.SUBMIT: N_("提交"),
        Action.TAKE_UP: N_("受理"),
        Action.SEND_BACK: N_("退回补正"),
        Action.WITHDRAW: N_("撤回"),
        Action.REJECT: N_("不予通过"),
        Action.ADMIT: N_("审核通过（入库培育）"),
        Action.QUALIFY: N_("达标应入"),
        Action.DISQUALIFY: N_("达标撤销"),
        Action.REOPEN: N_("重新列为线索"),
        Action.FILE: N_("申报纳统"),
        Action.PASS_LEVEL: N_("逐级审核通过"),
        Action.RETURN_FILING: N_("纳统退回"),
        Action.CONFIRM: N_("确认入库（四上）"),
        Action.REMOVE: N_("出库"),
        Action.DELIST: N_("退库"),
        Action.MERGE: N_("合并"),
        Action.UNMERGE: N_("撤销合并"),
        Action.UNDO_IMPORT: N_("撤销导入"),
    }
)
ROLE_LABELS = _labels(
    {
        Role.CLERK: N_("经办员"),
        Role.OFFICER: N_("审核员"),
        Role.CITY_OFFICE: N_("市培育办"),
        Role.STATISTICIAN: N_("统计员"),
        Role.LEADER: N_("领导"),
        Role.AUDITOR: N_("审计员"),
        Role.FINANCE: N_("财政经办"),
        Role.SYSTEM_ADMIN: N_("系统管理员"),
        Role.SECURITY_ADMIN: N_("安全管理员"),
        Role.AUDIT_ADMIN: N_("审计管理员"),
    }
)
OFFICE_KIND_LABELS = _labels(
    {
        OfficeKind.COUNTY: N_("县（市、区）"),
        OfficeKind.ZONE: N_("功能区"),
        OfficeKind.BUREAU: N_("市直部门"),
        OfficeKind.STATISTICS: N_("统计"),
        OfficeKind.TAX: N_("税务"),
        OfficeKind.LEADERSHIP: N_("市领导机关"),
        OfficeKind.SYSTEM: N_("系统"),
    }
)
UNIT_KIND_LABELS = _labels(
    {
        UnitKind.LEGAL_PERSON: N_("法人单位"),
        UnitKind.DEEMED_LEGAL_PERSON: N_("视同法人单位"),
        UnitKind.BRANCH: N_("产业活动单位（分公司）"),
    }
)
LEGAL_FORM_LABELS = _labels(
    {
        LegalForm.LIMITED: N_("有限责任公司"),
        LegalForm.JOINT_STOCK: N_("股份有限公司"),
        LegalForm.STATE_OWNED: N_("全民所有制"),
        LegalForm.COLLECTIVE: N_("集体所有制"),
        LegalForm.PARTNERSHIP: N_("合伙企业"),
        LegalForm.SOLE_OWNER: N_("个人独资企业"),
        LegalForm.COOPERATIVE: N_("合作社"),
        LegalForm.INSTITUTION: N_("事业单位"),
        LegalForm.NON_PROFIT: N_("民办非企业单位"),
        LegalForm.SOLE_TRADER: N_("个体工商户"),
        LegalForm.BRANCH: N_("分支机构"),
        LegalForm.OTHER: N_("其他"),
    }
)
ACCOUNTING_LABELS = _labels(
    {
        Accounting.ENTERPRISE: N_("企业会计准则"),
        Accounting.SMALL_ENTERPRISE: N_("小企业会计准则"),
        Accounting.INSTITUTION: N_("事业单位会计制度"),
        Accounting.NON_PROFIT: N_("民间非营利组织会计制度"),
        Accounting.OTHER: N_("其他会计制度"),
    }
)
TAXPAYER_LABELS = _labels({TaxpayerKind.GENERAL: N_("一般纳税人"), TaxpayerKind.SMALL_SCALE: N_("小规模纳税人")})
OPERATING_STATE_LABELS = _labels(
    {
        OperatingState.ACTIVE: N_("在业"),
        OperatingState.ABNORMAL: N_("列入经营异常"),
        OperatingState.SUSPENDED: N_("停业、歇业"),
        OperatingState.LIQUIDATION: N_("清算"),
        OperatingState.CLOSED: N_("关闭、解散、破产"),
        OperatingState.REVOKED: N_("吊销"),
        OperatingState.CANCELLED: N_("撤销登记"),
        OperatingState.DEREGISTERED: N_("注销"),
        OperatingState.MOVED: N_("迁出"),
    }
)
DOOR_LABELS = _labels(
    {
        Door.ANNUAL_FIRST: N_("年度第一批"),
        Door.ANNUAL_SECOND: N_("年度第二批"),
        Door.MONTHLY: N_("月度（新开业）"),
    }
)
FIGURE_KIND_LABELS = _labels(
    {
        FigureKind.REVENUE: N_("营业收入"),
        FigureKind.VAT_SALES: N_("增值税销售额"),
        FigureKind.EMPLOYEES: N_("期末从业人员"),
    }
)
FIGURE_SOURCE_LABELS = _labels(
    {
        FigureSource.INCOME_STATEMENT: N_("利润表"),
        FigureSource.VAT_RETURN: N_("增值税纳税申报表"),
        FigureSource.ANNUAL_REPORT: N_("年度财务报表"),
        FigureSource.AUDIT_REPORT: N_("审计报告"),
        FigureSource.FIRM_STATEMENT: N_("企业书面说明"),
        FigureSource.PAYROLL: N_("工资或社保缴费明细"),
        FigureSource.WORKBOOK: N_("工作簿填报"),
    }
)
VERDICT_LABELS = _labels({Verdict.MET: N_("符合"), Verdict.UNMET: N_("不符合"), Verdict.UNKNOWN: N_("缺数据")})
OUTCOME_LABELS = _labels(
    {Outcome.ADMITTED: N_("审核通过"), Outcome.REJECTED: N_("不予通过"), Outcome.WITHDRAWN: N_("已撤回")}
)
BATCH_STATE_LABELS = _labels(
    {
        BatchState.WAITING: N_("排队中"),
        BatchState.CHECKING: N_("校验中"),
        BatchState.CHECKED: N_("待确认"),
        BatchState.REFUSED: N_("已拒收"),
        BatchState.APPLYING: N_("导入中"),
        BatchState.TAKING_BACK: N_("撤下中"),
        BatchState.APPLIED: N_("已导入"),
        BatchState.UNDOING: N_("撤销中"),
        BatchState.DISCARDED: N_("已放弃"),
        BatchState.UNDONE: N_("已撤销"),
    }
)
ROW_KIND_LABELS = _labels(
    {
        RowKind.NEW: N_("新增"),
        RowKind.CHANGED: N_("变更"),
        RowKind.UNCHANGED: N_("无变化"),
        RowKind.DUPLICATE: N_("疑似重复"),
        RowKind.FAULTY: N_("有错"),
    }
)
MISSING_LABELS = _labels(
    {
        Missing.CREDIT_CODE: N_("统一社会信用代码"),
        Missing.DIVISION: N_("所属县区"),
        Missing.INDUSTRY: N_("行业代码"),
        Missing.UNIT_KIND: N_("单位类型"),
        Missing.OPERATING_ADDRESS: N_("实际经营地址"),
        Missing.ACCOUNTING: N_("执行会计制度"),
        Missing.CONTACT: N_("联系人、电话"),
        Missing.REVENUE: N_("营业收入"),
        Missing.DOCUMENT: N_("营业收入凭证"),
    }
)
RULING_LABELS = _labels(
    {Ruling.SAME: N_("是同一企业"), Ruling.DIFFERENT: N_("不是同一企业"), Ruling.UNSURE: N_("不确定")}
)
PAIRING_STATE_LABELS = _labels(
    {
        PairingState.OPEN: N_("未判定"),
        PairingState.RETURNED: N_("有变化，须重判"),
        PairingState.UNSURE: N_("不确定"),
        PairingState.SAME: N_("同一企业，待合并"),
        PairingState.DIFFERENT: N_("不是同一企业"),
    }
)
BAND_LABELS = _labels({"same": N_("很可能是同一企业"), "review": N_("疑似重复"), "different": N_("代码不同，请核对")})

# The tables by the names that columns and forms refer to.
CHOICES: Mapping[str, Labels] = MappingProxyType(
    {
        "stage": STAGE_LABELS,
        "unit_kind": UNIT_KIND_LABELS,
        "legal_form": LEGAL_FORM_LABELS,
        "accounting": ACCOUNTING_LABELS,
        "taxpayer_kind": TAXPAYER_LABELS,
        "operating_state": OPERATING_STATE_LABELS,
        "door": DOOR_LABELS,
        "figure_source": FIGURE_SOURCE_LABELS,
    }
)

# Words of an address, for reading which division it names (`divisions.Territory`).
TOWN_SUFFIXES = ("街道办事处", "街道办", "街道", "镇", "乡")
PLACE_LEADS = ("中华人民共和国", "中国", "广东省", "广东")
DIRECTIONS = frozenset("东西南北城河")
OLD_PLACE_NAMES: Mapping[str, str] = MappingProxyType({"鮜门": "鲘门", "后门镇": "鲘门镇"})
SPECIAL_ZONE_PATTERN = "(?:深圳市|汕尾市)?(?:海丰县)?深汕(?:特别)?合作区"
OTHER_CITY_PATTERN = r"[^镇乡街路村道号区]{2,6}?(?:省|市|县|自治区|自治州|特别行政区)"
OPEN_STAGES = frozenset({Stage.PROPOSED, Stage.UNDER_REVIEW, Stage.RETURNED})


# Stages a quarter's directory holds (docs/domain.md 4); exits of the quarter are added by event.
LISTED_STAGES = (Stage.ADMITTED, Stage.QUALIFIED, Stage.FILED, Stage.IN_CHAIN, Stage.ENROLLED)


class ApprovalKind(StrEnum):
    ROLES = "roles"
    PASSWORD = "password"
    STOP = "stop"  # of an administrator; anybody else is stopped at once
    RESTORE = "restore"
    RESCUE = "rescue"  # asked at the terminal, where too few administrators are left to confirm anything


class Requirement(StrEnum):
    ALWAYS = "always"
    IF_GENERAL_TAXPAYER = "if_general_taxpayer"
    IF_MISMATCH = "if_mismatch"
    IF_UNCLEAR = "if_unclear"
    IF_ANNUAL = "if_annual"
    IF_RENAMED = "if_renamed"
    IF_CHANGED = "if_changed"
    ON_REQUEST = "on_request"
    NEVER = "never"


class UndoGround(StrEnum):
    """Why a merge is taken back: whether two firms or one stand behind the entries."""

    APART = "apart"
    AGAIN = "again"


UNDO_GROUNDS: Mapping[str, str] = MappingProxyType(
    {
        UndoGround.APART: N_("经核实是两家企业"),
        UndoGround.AGAIN: N_("仍是同一家企业，合并有误，须重新合并"),
    }
)
