"""The one definition of a column: it drives template, form hints, import, ledger, export and messages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from registry.base import requirements
from registry.base.labels import N_
from registry.base.vocabulary import Action
from registry.sheets.wording import CHANGES_SHEET


class ColumnKind(StrEnum):
    """How a cell of the column is read and written. Money is 万元 in a sheet and yuan (元) inside."""

    TEXT = "text"
    CODE = "code"
    NAME = "name"
    NAMES = "names"
    INDUSTRY = "industry"
    DIVISION = "division"
    TOWN = "town"
    CHOICE = "choice"
    DATE = "date"
    MONEY = "money"
    INTEGER = "integer"
    MONTH = "month"
    YEAR = "year"
    RATIO = "ratio"
    PHONE = "phone"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the directory.

    `places` says where it stands: T template, F form, L ledger, E quarterly export. `note` is the
    instruction in the template and the hint in the form. `choices` is a key of `vocabulary.CHOICES` (or `office`) and
    `fallback` the choice under which an unknown word is filed, with a notice; without one it is a fault. `width` is in
    characters, `max_length` in code points. `required`: a row without it is faulty. `needed_for`: the step that wants it, of a
    column that a lead may lack (`base.requirements`). `restricted`: a contact, in no export unless asked for.
    """

    key: str
    heading: str
    kind: ColumnKind
    places: str
    note: str = ""
    aliases: tuple[str, ...] = ()
    width: int = 14
    max_length: int = 200
    choices: str | None = None
    fallback: str | None = None
    unit: str | None = None
    required: bool = False
    needed_for: Action | None = None
    restricted: bool = False

    @property
    def in_template(self) -> bool:
        return "T" in self.places

    @property
    def in_form(self) -> bool:
        return "F" in self.places

    @property
    def in_ledger(self) -> bool:
        return "L" in self.places

    @property
    def in_export(self) -> bool:
        return "E" in self.places

    @property
    def derived(self) -> bool:
        """Computed or decided by the system; a value in an uploaded file changes nothing."""
        return not self.in_form

    @property
    def heading_with_unit(self) -> str:
        """The heading as a sheet prints it: `注册资本(万元)`."""
        return f"{self.heading}({self.unit})" if self.unit else self.heading


TEMPLATE_SHEET = "填报"
"""Name of the data sheet in our template; the reader prefers it to every other sheet."""

NOTES_SHEETS = ("填写说明", "说明", "字典", CHANGES_SHEET)
"""Sheets of ours beside the data; the reader does not report them as left unread."""

FAULTS_HEADING = "问题"
SOURCE_ROW_HEADING = "原行号"
SERIAL_HEADING = "序号"
IGNORED_HEADINGS = (SERIAL_HEADING, FAULTS_HEADING, SOURCE_ROW_HEADING)
"""Columns that a file of ours (or a clerk's habit) adds beside the data; the reader passes over them in silence."""

CLOSING_WORDS = ("合计", "总计", "小计", "制表人", "制表日期", "审核人", "负责人", "填报人", "单位负责人")
"""A row without a name and code whose first filled cell starts with one of these is a total or a signature, not data."""


def _also(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_K = ColumnKind
_YUAN = "万元"

_COLUMNS: tuple[Column, ...] = (
    Column(
        "name",
        N_("企业名称"),
        _K.NAME,
        "TFLE",
        N_("填营业执照上的全称，不填简称。"),
        _also(
            "单位名称 企业全称 单位全称 法人单位名称 单位详细名称 企业(单位)名称 企业(机构)名称 机构名称 公司名称 企业名称全称 市场主体名称 名称 企业(单位)全称 单位(企业)名称 单位(企业)全称 企业详细名称 单位名称全称 机构全称 公司全称 企业(公司)名称 公司(企业)名称 商户名称 纳税人名称 企业名 单位名 申报企业名称 市场主体 企业中文名称 公司中文名称 申请单位名称 申报单位名称 注册名称 名称(全称) 主体名称 经营主体名称 工商注册名称 法人单位全称 企业法人名称 被认定企业名称 企业注册名称 单位详细名称(全称) 填报单位详细名称"
        ),
        width=32,
        max_length=100,
    ),
    Column(
        "credit_code",
        N_("统一社会信用代码"),
        _K.CODE,
        "TFLE",
        N_("18位，按文本填写，照抄营业执照；暂无代码的留空，另在“存在问题”里说明。"),
        _also(
            "社会信用代码 信用代码 统一信用代码 统一代码 统一社会信用码 统一社会信用代码/注册号 信用代码证号 社会统一信用代码 统一信用码 统一社会信用代码证号 社会信用代码证号 统一社会信用代码(纳税人识别号) 纳税人识别号 税号 企业信用代码 营业执照号 营业执照号码 统一社会信用代码(组织机构代码) 统一社会信用代码/组织机构代码 组织机构代码/统一社会信用代码 统一社会信用代码或注册号 营业执照统一社会信用代码 统一社会信用代码或组织机构代码 信用码 企业统一社会信用代码 单位统一社会信用代码 法人统一社会信用代码 纳税识别号 社会信用代码(税号)"
        ),
        width=22,
        max_length=40,
    ),
    Column(
        "former_names",
        N_("曾用名"),
        _K.NAMES,
        "FE",
        N_("有多个的用“；”隔开。"),
        _also("曾用名称 原名称 企业曾用名 原企业名称 更名前名称 曾用企业名称 变更前名称"),
        width=28,
        max_length=500,
    ),
    Column(
        "division",
        N_("所属县区"),
        _K.DIVISION,
        "TFLE",
        N_("从下拉中选择县（市、区）或功能区。"),
        _also(
            "所属区县 县区 区县 地区 所属地区 所属县(区) 所属县(市、区) 所属县(市、区)或功能区 县(市、区) 所属功能区 行政区划 行政区域 所在县区 所在地区 所属区域 属地 县(区、旗) 区(县) 县(区) 县/区 区/县 县市区 所属区 所属县 所在县(市、区) 所在区县 县(市)区 所在县区(市) 县区名称 区域 所属行政区 注册地区 所属辖区 辖区 所在区 区县(市) 县(市、区)名称 所属县市区 属地县区 地区名称 县市 行政区 所在县(区) 区县名称 县(市、区、功能区) 所属市县 注册地所在县区"
        ),
    ),
    Column(
        "town",
        N_("乡镇街道"),
        _K.TOWN,
        "TF",
        N_("从下拉中选择注册地所在的乡镇或街道。"),
        _also(
            "乡镇(街道) 乡镇/街道 镇街 镇(街道) 所属镇街 所属乡镇 街道 乡镇 镇/街道 镇街道 所在镇街 所在乡镇 所在街道 乡镇街办 街道(乡镇) 街镇 镇(街) 乡(镇、街道) 所属街道 乡(镇) 镇 所属镇(街道) 乡镇(街道)名称"
        ),
    ),
    Column(
        "registered_address",
        N_("注册地址"),
        _K.TEXT,
        "TFE",
        N_("照抄营业执照上的住所。"),
        _also(
            "住所 地址 注册住所 登记地址 企业地址 单位地址 单位注册地 住所地 企业注册地址 住址 注册地 登记住所 工商注册地址 营业执照地址 公司地址 注册登记地址 注册详细地址 企业住所 法定地址 注册住址 注册所在地 地址(住所) 住所(经营场所) 企业注册地 企业详细地址 单位详细地址 详细地址"
        ),
        width=36,
    ),
    Column(
        "operating_address",
        N_("实际经营地址"),
        _K.TEXT,
        "TFE",
        N_("与注册地址相同的也要填写。"),
        _also(
            "经营地址 经营场所 生产经营地址 实际经营地 办公地址 单位所在地 经营地点 经营场所地址 实际地址 实际经营场所 生产地址 经营所在地 办公地点 主要经营场所 通讯地址 通信地址 生产经营场所 实际办公地址 生产经营地"
        ),
        width=36,
    ),
    Column(
        "industry",
        N_("行业代码"),
        _K.INDUSTRY,
        "TFLE",
        N_("国民经济行业分类4位小类代码，如 6513；可带名称，如“6513 应用软件开发”。"),
        _also(
            "行业 所属行业 国民经济行业 国民经济行业代码 行业小类代码 行业小类 行业类别 行业分类 行业代码(4位) 行业名称及代码 行业小类代码及名称 国标行业小类 国标行业 行业(小类) 行业名称 所属国民经济行业 所属行业代码 国民经济行业类别 国民经济行业名称 行业代码及名称 国标行业代码 所属行业小类 所属行业类别 行业门类 国标行业大类 所属国标行业 主要行业代码"
        ),
    ),
    Column(
        "industry_year",
        N_("分类版本"),
        _K.YEAR,
        "TF",
        N_("行业代码所依据的标准：2017 或 2011；不清楚的留空。"),
        _also("行业分类版本 行业标准版本 国民经济行业分类版本"),
        width=10,
    ),
    Column(
        "activity",
        N_("主营业务"),
        _K.TEXT,
        "TFE",
        N_("按收入从大到小填1至3项主要业务活动。"),
        _also(
            "经营范围 主营业务活动 主要业务活动 主要业务 业务范围 主营范围 主要产品或服务 主营产品 主要产品 主要经营活动 经营业务 主要经营业务 主要产品(服务) 主营产品或服务 经营项目 经营(业务)范围 业务内容 主要产品名称 主营业务及产品 主营产品(服务) 主要服务内容 主要产品和服务 主营业务描述"
        ),
        width=36,
        max_length=2000,
    ),
    Column(
        "legal_form",
        N_("组织形式"),
        _K.CHOICE,
        "TF",
        N_("如 有限责任公司、股份有限公司、合伙企业、个人独资企业。"),
        _also(
            "企业类型 企业(机构)类型 公司类型 登记注册类型 市场主体类型 主体类型 经济类型 经济性质 企业性质 公司(企业)类型 登记类型 注册类型 企业登记注册类型 企业注册类型 单位性质 机构类型 商事主体类型 企业组织形式 经营主体类型"
        ),
        width=18,
        max_length=60,
        choices="legal_form",
        fallback="other",
    ),
    Column(
        "unit_kind",
        N_("单位类型"),
        _K.CHOICE,
        "TFE",
        N_("法人单位、视同法人单位或产业活动单位（分公司）。"),
        _also("单位类别 统计单位类型 法人类型"),
        width=16,
        choices="unit_kind",
    ),
    Column(
        "founded_on",
        N_("成立日期"),
        _K.DATE,
        "TFE",
        N_("营业执照上的成立日期，如 2019-05-20。"),
        _also(
            "成立时间 注册日期 注册时间 登记日期 设立日期 成立年月日 成立年月 登记时间 注册年月 设立时间 企业成立时间 企业成立日期 公司成立时间 公司成立日期 工商注册时间 工商注册日期 注册成立时间 注册成立日期 登记注册时间 注册登记日期 注册登记时间 营业执照成立日期 开办时间"
        ),
    ),
    Column(
        "opened_on",
        N_("开业日期"),
        _K.DATE,
        "TF",
        N_("实际开业（投产）的日期。"),
        _also(
            "开业时间 投产日期 开业(投产)日期 开业(投产)时间 开业(成立)时间 投产时间 正式营业时间 营业时间 开始营业日期 开业年月"
        ),
    ),
    Column(
        "capital",
        N_("注册资本"),
        _K.MONEY,
        "TF",
        N_("按万元填写；外币的写明币种，如 1000万美元。"),
        _also(
            "注册资金 注册资本金 注册资本总额 注册资金数额 注册资金总额 注册资本(金) 注册资金(资本) 资本金 认缴资本 认缴注册资本 注册资本额 企业注册资金 企业注册资本"
        ),
        unit=_YUAN,
        max_length=60,
    ),
    Column(
        "accounting",
        N_("执行会计制度"),
        _K.CHOICE,
        "TF",
        N_("从下拉中选择企业实际执行的会计制度。"),
        _also("会计制度 执行会计准则 会计准则 财务会计制度 执行会计制度类别 执行会计标准类别 执行会计标准"),
        width=18,
        choices="accounting",
    ),
    Column(
        "taxpayer_kind",
        N_("纳税人类型"),
        _K.CHOICE,
        "TF",
        N_("一般纳税人或小规模纳税人。"),
        _also("纳税人类别 增值税纳税人类型 纳税人资格 纳税人性质 增值税纳税人资格 纳税人身份 增值税纳税人类别"),
        choices="taxpayer_kind",
    ),
    Column(
        "operating_state",
        N_("经营状态"),
        _K.CHOICE,
        "TFLE",
        N_("登记机关公示的状态，如 在业、注销、吊销；不清楚的留空。"),
        _also(
            "登记状态 企业状态 存续状态 登记状况 主体状态 市场主体状态 经营状况 企业经营状态 状态 运营状态 营业状态 在营状态 工商状态 企业登记状态"
        ),
        max_length=60,
        choices="operating_state",
    ),
    Column(
        "employees",
        N_("从业人员"),
        _K.INTEGER,
        "TFE",
        N_("期末在岗人数，填整数。"),
        _also(
            "从业人员期末人数 从业人数 从业人员数 职工人数 员工人数 期末从业人员 人员数 员工数 员工总数 职工总数 职工数 从业人员人数 从业人员总数 年末从业人员数 年末从业人员 期末从业人员数 期末人数 企业人数 单位人数 用工人数 在职人数 在岗人数 公司人数 在职员工数 在职职工人数 期末用工人数 企业员工数 年末职工人数 期末从业人数"
        ),
        width=10,
    ),
    Column(
        "revenue_last_year",
        N_("上年营业收入"),
        _K.MONEY,
        "TFLE",
        N_("上年全年的营业收入，按万元填写。"),
        _also(
            "上年度营业收入 上一年营业收入 去年营业收入 营业收入(上年) 上年全年营业收入 去年营收 上年营收 上年度营收 去年全年营业收入 上一年度营业收入 上一年度营收"
        ),
        width=16,
        unit=_YUAN,
    ),
    Column(
        "revenue_to_date",
        N_("本年累计营业收入"),
        _K.MONEY,
        "TFLE",
        N_("本年1月至截至月份的累计数，按万元填写，不填当月数，不填预计数。"),
        _also(
            "本年营业收入 累计营业收入 本年累计收入 今年累计营业收入 累计营收 本年累计营收 今年营业收入 今年累计营收 今年以来营业收入 本年度累计营业收入 当年累计营业收入 本期累计营业收入 年初至今营业收入 营业收入累计 营业收入(本年累计) 营业收入本年累计"
        ),
        width=18,
        unit=_YUAN,
    ),
    Column(
        "to_month",
        N_("截至月份"),
        _K.MONTH,
        "TFLE",
        N_("累计数截至哪个月，如 9 或 2021-09。"),
        _also(
            "截止月份 数据截至月份 累计月份 截至月 数据月份 截止时间 截至时间 统计月份 数据截止月份 数据时间 报表月份 数据期 所属期 所属月份 截止月"
        ),
        width=10,
    ),
    Column(
        "revenue_same_period",
        N_("上年同期"),
        _K.MONEY,
        "TF",
        N_("上年同一月份的累计营业收入，按万元填写。"),
        _also(
            "上年同期营业收入 上年同期累计 上年同期累计营收 上年同期营收 去年同期营收 去年同期累计营业收入 同期营业收入 上年同期数 上年同期累计营业收入 去年同期 去年同期营业收入"
        ),
        width=16,
        unit=_YUAN,
    ),
    Column(
        "vat_sales",
        N_("增值税销售额"),
        _K.MONEY,
        "TF",
        N_("本年累计的增值税申报销售额，按万元填写（申报表上是元，请换算）。"),
        _also(
            "增值税销售额累计 增值税申报销售额 本年累计增值税销售额 应税销售额 增值税应税销售额 累计增值税销售额 申报销售额 累计应税销售额 纳税申报销售额"
        ),
        width=16,
        unit=_YUAN,
    ),
    Column("statutory_line", N_("四上标准"), _K.MONEY, "LE", aliases=_also("适用标准"), unit=_YUAN),
    Column("rate", N_("达标率"), _K.RATIO, "LE", width=10),
    Column("tier", N_("档"), _K.TEXT, "LE", aliases=_also("档次"), width=6),
    Column(
        "lead_bureau",
        N_("牵头部门"),
        _K.CHOICE,
        "LE",
        aliases=_also("行业主管部门 主管部门 责任部门 牵头单位 责任单位 行业归口部门 归口部门"),
        width=20,
        choices="office",
    ),
    Column(
        "contact_name",
        N_("联系人"),
        _K.PERSON,
        "TF",
        N_("企业经办人姓名；仅供工作联系，默认不导出。"),
        _also(
            "联系人姓名 企业联系人 经办人 联络人 联系人员 企业联络人 单位联系人 联系人及职务 企业经办人 对接人 企业对接人 联系人名称"
        ),
        max_length=40,
        restricted=True,
    ),
    Column(
        "contact_phone",
        N_("电话"),
        _K.PHONE,
        "TF",
        N_("手机号或带区号的座机；带星号的号码不能导入。"),
        _also(
            "联系电话 联系方式 手机 手机号 手机号码 联系人电话 电话号码 企业联系电话 联系手机 联系人手机 联系人联系方式 联系号码 联系人手机号 联系人手机号码 固定电话 办公电话 企业电话 单位电话 移动电话 联络电话 联系人电话号码 企业联系方式 固话 座机 公司电话 电话/手机 联系电话(手机)"
        ),
        width=16,
        max_length=40,
        restricted=True,
    ),
    Column(
        "door",
        N_("申报通道"),
        _K.CHOICE,
        "FE",
        N_("年度或月度申报。"),
        _also("申报方式 入库通道 申报批次"),
        choices="door",
    ),
    Column(
        "qualifications",
        N_("资质"),
        _K.NAMES,
        "FE",
        N_("有多项的用“；”隔开。"),
        _also("资质情况 企业资质 资质等级 认定情况 获得资质 资质证书 企业称号"),
        width=24,
        max_length=500,
    ),
    Column("held_qualifications", N_("有效资质"), _K.NAMES, "L", width=20, max_length=500),
    Column(
        "issue",
        N_("存在问题"),
        _K.TEXT,
        "TF",
        N_("影响培育或入库的主要问题；没有的留空。"),
        _also(
            "主要问题 存在的问题 企业诉求 存在困难 困难 困难和问题 存在问题及困难 问题和困难 存在的困难和问题 需协调解决的问题 主要困难 诉求 存在困难和问题 问题及诉求 企业困难"
        ),
        width=30,
        max_length=1000,
    ),
    Column("missing", N_("还差什么"), _K.TEXT, "LE", width=30, max_length=1000),
    Column("stage", N_("阶段"), _K.CHOICE, "LE", aliases=_also("培育阶段"), width=12, choices="stage"),
    Column("stage_on", N_("阶段日期"), _K.DATE, "E"),
    Column("proposer", N_("填报单位"), _K.CHOICE, "LE", aliases=_also("申报单位"), width=20, choices="office"),
)


def _with_need(column: Column) -> Column:
    """A column with what the table of requirements says of its field."""
    rule = requirements.first(column.key)
    if rule is None:
        return column
    if rule.step is Action.CREATE and rule.is_plain:
        return replace(column, required=True)
    return replace(column, needed_for=Action.SUBMIT if rule.step is Action.CREATE else rule.step)


COLUMNS = tuple(map(_with_need, _COLUMNS))
_BY_KEY = {column.key: column for column in COLUMNS}


def by_key(key: str) -> Column:
    """The column of this key; KeyError where there is none."""
    return _BY_KEY[key]


def has_key(key: str) -> bool:
    """Whether a column of the directory has this key; a workbook or the register has some of its own."""
    return key in _BY_KEY


def template_columns() -> tuple[Column, ...]:
    """Columns of the workbook that a county fills in, in order."""
    return tuple(column for column in COLUMNS if column.in_template)


def form_columns() -> tuple[Column, ...]:
    """Columns that a person may write, in a form or by import."""
    return tuple(column for column in COLUMNS if column.in_form)


def ledger_columns(*, contacts: bool = False) -> tuple[Column, ...]:
    """Columns of the ledger on screen and of its export; `contacts` adds the restricted ones, which is recorded."""
    return tuple(column for column in COLUMNS if column.in_ledger or (contacts and column.restricted))


def export_columns(*, contacts: bool = False) -> tuple[Column, ...]:
    """Columns of the quarterly export; `contacts` adds the restricted ones, which is recorded."""
    return tuple(column for column in COLUMNS if column.in_export or (contacts and column.restricted))
