"""The sentences that say what is wrong, where, and what to do; each error names the broken fact."""

from __future__ import annotations

from typing import Any

from registry.base.labels import N_


class RegistryError(Exception):
    """A refusal a person can act on: a Chinese template with named values.

    `str(error)` fills the Chinese sentence; pages translate `template` first and fill it then. A tuple is a list of
    labels, each translated by itself.
    """

    template: str = N_("操作未能完成。")

    def __init__(self, template: str | None = None, **values: Any) -> None:
        self.template = template or type(self).template
        self.values = values
        super().__init__(self.template)

    def __str__(self) -> str:
        if not self.values:
            return self.template
        lists = {name: "、".join(value) for name, value in self.values.items() if isinstance(value, tuple)}
        return self.template % (self.values | lists)


class FieldError(RegistryError):
    """A value of one named field that cannot stand."""

    def __init__(self, field: str, template: str | None = None, **values: Any) -> None:
        super().__init__(template, **values)
        self.field = field


class DemoInProduction(RegistryError):
    template = N_(
        "这是演示库，账号的密码是公开的，正式环境（REGISTRY_ENV=production）不予使用。"
        "请把 REGISTRY_DATABASE_URL 或 REGISTRY_INSTANCE 指向正式库；如只作演示，请不要设置 REGISTRY_ENV=production。"
    )


DEMO_IS_NOT_BUILT = N_("正式环境（REGISTRY_ENV=production）不建立演示数据，因为演示账号的密码是公开的。")


# -- forms ----------------------------------------------------------------------------------------
FORM_SENT = N_("这张表已提交过，没有重复办理。下面是当时的结果。")
FORM_CHANGED = N_("这张表刚才已提交过，这次改动的内容没有保存。下面是当时的结果，需要更正的请在其中修改。")
FORM_PAST = N_(
    "这张表已提交过一次，没有重复办理；当时的结果页不再保留，请从菜单进入查看。确需再办一次的，请重新打开表格填写。"
)
FORM_CHANGED_PAST = N_(
    "这张表刚才已提交过，这次改动的内容没有保存。请从菜单进入查看当时的结果并在其中修改；确需再办一次的，请重新打开表格填写。"
)


# -- people ---------------------------------------------------------------------------------------
class SignInRefused(RegistryError):
    template = N_("用户名或密码不正确。")


class SignInLocked(RegistryError):
    template = N_("登录失败次数过多，请在 %(minutes)s 分钟后再试。")


class SessionSpent(RegistryError):
    """Whoever sits at this session does not know the password of its account."""

    template = N_(
        "当前密码连续输错 %(tries)s 次，本次登录已结束，请在 %(minutes)s 分钟后重新登录；忘记密码的，请联系管理员重设。"
    )


class PasswordRefused(FieldError):
    template = N_("密码不符合要求：至少 %(length)s 位，并含大写、小写、数字、符号中的三类。")


class SessionOver(RegistryError):
    template = N_("该会话已结束，无需再次结束。")


class ApprovalDecided(RegistryError):
    """Somebody else decided it first, or its time is over."""

    template = N_("这项申请已经办结或逾期失效，不能再办理。")


class ApprovalMoved(RegistryError):
    """What was asked for no longer fits the account or the one who asked."""

    template = N_("申请之后该账号的角色又有变化，请不予确认，由申请人重新提出。")


ASKER_GONE = N_("申请人 %(who)s 已停用或不再有权提出此项，请不予确认。")
PASSWORD_WRONG = N_("当前密码不正确，请重新输入。")
PASSWORD_SAME = N_("新密码不能与当前密码相同。")
PASSWORD_TOO_LONG = N_("密码过长，请控制在 %(length)s 位以内。")
PASSWORD_HAS_NAME = N_("密码不能包含用户名。")
USERNAME_FORM = N_("用户名须为 2 至 32 位小写字母、数字、点、下划线或连字符，并以字母或数字开头。")
PERSON_NEEDED = N_("请填写姓名。")
OWN_ROLES = N_("不能更改自己的角色，请由其他管理员提出和确认。")
OWN_ACCOUNT = N_("不能停用或恢复自己的账号，请由其他管理员提出和确认。")
OWN_PASSWORD = N_("自己的密码请在“修改密码”页更改。")
ROLES_SAME = N_("角色没有变化。")
USERNAME_TAKEN = N_("用户名“%(username)s”已存在，请换一个。")
ROLES_EXCLUDE = N_("三类管理员不能兼任，也不能兼任业务角色。")
ROLE_NEEDS_OFFICE = N_("角色“%(role)s”只能授予%(kinds)s的用户。")
UNKNOWN_OFFICE = N_("没有代码为“%(code)s”的单位。")
UNKNOWN_USER = N_("没有名为“%(username)s”的用户，或已停用。")


# -- pathway --------------------------------------------------------------------------------------
class IllegalTransition(RegistryError):
    template = N_("当前阶段是“%(stage)s”，不能执行“%(action)s”。请刷新页面后再操作。")


class Blocked(RegistryError):
    """An action whose guards are not all met; `blockers` lists every unmet one, with its values where it has any."""

    template = N_("还有 %(count)s 项条件未满足，不能执行“%(action)s”。")

    def __init__(self, blockers: tuple[str | RegistryError, ...], **values: Any) -> None:
        super().__init__(None, count=len(blockers), **values)
        self.blockers = blockers


class NotAllowed(RegistryError):
    template = N_("您没有执行此操作的权限。")


class ReasonNeeded(FieldError):
    template = N_("请填写理由。")

    def __init__(self, field: str = "reason", template: str | None = None, **values: Any) -> None:
        super().__init__(field, template, **values)


class SameSide(RegistryError):
    template = N_("提名与审核不能是同一人或同一单位。")


class StaleRecord(RegistryError):
    template = N_("这条记录在您编辑期间被 %(who)s 改过，请逐项核对后再保存。")


# -- firms ----------------------------------------------------------------------------------------
class CodeArriving(FieldError):
    """Nobody sees the firm yet; that it comes is all that is told, whosever it is."""

    template = N_("统一社会信用代码 %(code)s 正随一批导入写入名录，请过几分钟再登记。")

    def __init__(self, **values: Any) -> None:
        super().__init__("credit_code", None, **values)


class CodeTaken(FieldError):
    template = N_("统一社会信用代码 %(code)s 已在名录中，不能重复登记。")

    def __init__(self, **values: Any) -> None:
        super().__init__("credit_code", None, **values)


class CreditCodeRefused(FieldError):
    """A credit code that is not valid; the template is the sentence of its first fault."""

    template = N_("统一社会信用代码不正确，请核对营业执照。")

    def __init__(self, template: str | None = None, **values: Any) -> None:
        super().__init__("credit_code", template, **values)


class PeriodRefused(FieldError):
    template = N_("“%(text)s”不是可识别的期别，请填写如 2021-09 或 2021。")

    def __init__(self, template: str | None = None, **values: Any) -> None:
        super().__init__("to_month", template, **values)


class QuarterOpen(RegistryError):
    template = N_("%(quarter)s 到 %(last)s 才结束，次日起才能查看和导出季度名录。")


class QuarterClosed(RegistryError):
    template = N_("%(quarter)s 已经冻结，不能再次冻结。")


class QuarterNotClosed(RegistryError):
    template = N_("%(quarter)s 尚未冻结。")


class EarlierQuarterOpen(RegistryError):
    template = N_("%(quarter)s 不能冻结：请先冻结 %(earlier)s，季度须按顺序冻结。")


class QuarterEmpty(RegistryError):
    template = N_("%(quarter)s 名录中还没有企业，不需要冻结。")


class TooManyThen(RegistryError):
    template = N_("要按历史日期查看的企业超过 %(limit)s 家，请先按县区、行业或名称缩小条件。")


class QuarterOrder(RegistryError):
    template = N_("请选择两个不同的季度，较早的在前：%(before)s、%(after)s 的先后不对。")


CLOSING_NOTE = N_("还有未办结事项，请写明为什么现在冻结。")
QUARTER_REFUSED = N_("“%(text)s”不是可识别的季度，请填写如 2021Q3。")


class OutOfTerritory(FieldError):
    template = N_("“%(division)s”不在本单位管辖范围内。")

    def __init__(self, **values: Any) -> None:
        super().__init__("division", None, **values)


class ExcludedTown(FieldError):
    template = N_("%(town)s不在本名录范围：%(reason)s。")

    def __init__(self, **values: Any) -> None:
        super().__init__("town", None, **values)


NAME_NEEDED = N_("请填写企业名称。")
CODE_REASON_NEEDED = N_("没有统一社会信用代码时，请说明原因。")
PARENT_SAME = N_("请选择另一家企业作为其法人单位。")
PARENT_IS_BRANCH = N_("该代码的企业本身是分支机构，请填写其法人单位的代码。")
PARENT_UNKNOWN = N_("名录中没有代码为 %(code)s 的企业，请核对，或先登记其法人单位。")
LOCKED_FIELD = N_("该栏目未被退回，不能修改。")
SAME_NAME = N_("新名称与现名称相同。")


# -- workbooks we write -----------------------------------------------------------------------------
class CellTooLong(RegistryError):
    template = N_(
        "第%(row)s行“%(column)s”有 %(length)s 个字符，超过单元格上限 32767，不能写入工作簿。请改用 CSV 导出。"
    )


class SheetTooLong(RegistryError):
    template = N_("超过 %(limit)s 行，不能导出为工作簿。请缩小筛选范围，或改用 CSV 导出。")


# -- files: why an uploaded file is refused as a whole -----------------------------------------------
class FileRefused(RegistryError):
    """A file that is not read at all, or no further; nothing of it is kept."""

    template = N_("文件无法读取，请用 Excel 或 WPS 打开后另存为 .xlsx，再重新上传。")


FILE_EMPTY = N_("文件是空的，请检查后重新选择文件。")
FILE_TOO_LARGE = N_("文件有 %(size)s MB，超过上限 %(limit)s MB，请拆成几个文件后分别上传。")
FILE_OLD_FORMAT = N_("这是旧版 Excel（.xls）或 WPS（.et）文件，请用 Excel 或 WPS 打开后另存为 .xlsx，再重新上传。")
FILE_ENCRYPTED = N_("文件设有打开密码，请取消密码后重新上传。")
FILE_MACRO = N_("文件含有宏（.xlsm），请另存为不含宏的 .xlsx 后重新上传。")
FILE_BINARY_WORKBOOK = N_("这是二进制工作簿（.xlsb），请另存为 .xlsx 后重新上传。")
FILE_OPEN_DOCUMENT = N_("这是 ODS 表格，请另存为 .xlsx 后重新上传。")
FILE_NOT_TABLE = N_("文件内容是%(found)s，不是表格，请上传 .xlsx 或 .csv 文件。")
FILE_TRUNCATED = N_("文件不完整，可能没有传完，请重新下载或另存后再上传。")
FILE_DAMAGED = N_("文件的“%(part)s”部分已损坏，请用 Excel 或 WPS 打开后另存为 .xlsx，再重新上传。")
FILE_PARTS = N_("文件内部的部件有 %(count)s 个，超过上限 %(limit)s 个，请新建工作簿，只粘贴数据后重新上传。")
FILE_PART_NAMES = N_("文件内部的部件名称不正常（%(part)s），请新建工作簿，只粘贴数据后重新上传。")
FILE_EXPANDS = N_("文件展开后超过上限 %(limit)s MB，请删去多余的行、列和工作表后重新上传；行数很多的请另存为 CSV。")
FILE_DECLARATION = N_("文件的“%(part)s”部分含有不允许的声明，请新建工作簿，只粘贴数据后重新上传。")
FILE_PART_ENCODING = N_("文件的“%(part)s”部分不是 UTF-8 编码，请用 Excel 或 WPS 打开后另存为 .xlsx，再重新上传。")
FILE_DATE_SYSTEM = N_("工作簿使用 1904 日期系统，日期会相差四年，请在 Excel 选项中取消该设置后重新保存。")
SHEET_NONE = N_("工作簿里没有可读的工作表，请检查后重新上传。")
SHEET_LOST = N_("找不到工作表“%(sheet)s”的内容，请用 Excel 或 WPS 打开后另存为 .xlsx，再重新上传。")
SHEET_COUNT = N_("工作簿有 %(count)s 个工作表，超过上限 %(limit)s 个，请只保留要导入的工作表后重新上传。")
SHEET_NAMES = N_("有两个工作表都叫“%(sheet)s”，请改名后重新上传。")
SHEET_ROWS = N_("工作表“%(sheet)s”的数据超过 %(limit)s 行，请拆成几个文件，或另存为 CSV 后上传。")
SHEET_COLUMNS = N_("工作表“%(sheet)s”的 %(place)s 处有内容，超过上限 %(limit)s 列，请删去右侧多余的内容后重新上传。")
SHEET_PLACE = N_("工作表“%(sheet)s”的单元格编号不正常（%(place)s），请用 Excel 或 WPS 打开后另存为 .xlsx，再重新上传。")
SHEET_MERGES = N_("工作表“%(sheet)s”的合并单元格过多或过大（%(place)s），请取消合并后重新上传。")
SHEET_ERRORS = N_("工作表“%(sheet)s”有 %(count)s 个以上的公式没有结果或出错，请改成数值后重新上传。")
FILE_MEMORY = N_("文件的数据太多，读取时超出内存上限，请拆成几个文件，或另存为 CSV 后上传。")
FILE_SLOW = N_("文件读取超过 %(seconds)s 秒仍未完成，请拆成几个文件，或另存为 CSV 后上传。")
FILE_CRASHED = N_("文件的结构不正常，读取程序已中止；请新建工作簿，只粘贴数据后重新上传。")
FILE_ROWS_DIFFER = N_(
    "文件里有 %(expected)s 行数据，只读到 %(read)s 行；为免漏行，没有导入。请用 WPS 另存为 .xlsx 后重试。"
)
TEXT_ENCODING = N_("第%(row)s行的文字编码无法识别，请另存为 UTF-8 编码的 CSV 后重新上传。")
TEXT_MIXED = N_("文件里混有两种文字编码（第%(row)s行），请用 Excel 或 WPS 打开核对后另存为 .xlsx，再重新上传。")
TEXT_NUL = N_("第%(row)s行含有空字符（NUL），文件可能已损坏，请用 Excel 或 WPS 重新导出。")
TEXT_LINE = N_("第%(row)s行过长（超过 %(limit)s 个字符），可能缺少换行或引号没有成对，请检查后重新上传。")
TEXT_QUOTE = N_("第%(row)s行起的引号没有成对，请检查该行的双引号后重新上传。")
TEXT_BREAK = N_("第%(row)s行含有单独的回车符，无法判断在哪里换行，请另存为 .xlsx 或 CSV（逗号分隔）后重新上传。")
TEXT_COLUMNS = N_("第%(row)s行有 %(count)s 列，超过上限 %(limit)s 列，请检查分隔符。")
TEXT_ROWS = N_("数据超过 %(limit)s 行，请拆成几个文件后分别上传。")
FOUND: dict[str, str] = {
    "word": N_("Word 文档"),
    "zip": N_("压缩包"),
    "picture": N_("图片"),
    "pdf": N_("PDF 文档"),
    "page": N_("网页"),
    "program": N_("程序"),
    "unknown": N_("无法识别的数据"),
}
HEADING_NONE = N_("前 %(rows)s 行里没有找到表头，请保留“企业名称”等列名；找到的文字是：%(found)s。")
HEADING_NO_NAME = N_(
    "第%(row)s行的表头里没有“企业名称”一列；找到的列名是：%(found)s。"
    "请改正列名，或指定哪个表头读作“企业名称”，再重新上传。"
)
HEADING_CARD = N_(
    "这是登记卡式的表（左边是栏目，右边是内容），不是名单，没有读取。请把栏目放在一行作表头，每家企业一行，再重新上传。"
)
COLUMN_CARRIED = N_("随带保存")
COLUMN_LEFT_OUT = N_("不读取")
COLUMN_FORM_HEADING = N_("表头")
COLUMN_FORM_COLUMN = N_("栏目")
COLUMN_FORM_NOW = N_("现在的读法")
COLUMN_NO_HEADING = N_("请填写文件里的表头原文（至多 200 字；序号列不必指定）。")
COLUMN_UNKNOWN = N_("没有“%(text)s”这一栏，请从列表中选择。")
COLUMN_IDENTITY = N_("身份证等个人证件号码不能随带保存，只能不读取。")
COLUMN_TAKEN = N_("“%(heading)s”已由 %(column)s 列读取，不能两列都读作这一栏。")
COLUMN_OWN = N_("“%(heading)s”是本系统自己的栏目名称，总照它本身读取，不另作指定。")
COLUMN_AGAIN = N_("“%(heading)s”同时指定给了两列，请只留一列。")
COLUMN_REPEATED = N_("文件里有几列都写这个表头，分不清是哪一列，不能指定。")
COLUMN_LINE = N_("第 %(line)s 行：没有“%(text)s”这一栏。")
COLUMN_LINE_REFUSED = N_("第 %(line)s 行：%(why)s")
HEADING_TWICE = N_("第%(row)s行的表头里“%(heading)s”出现了两次（%(letters)s列），请只保留一列后重新上传。")


# -- texts and cells: what is wrong with one value; `heading` is the column's name --------------------
class BadCharacter(RegistryError):
    """A character that no stored text may hold; `values["position"]` is 1-based."""

    template = N_("第%(position)s个字符（%(codepoint)s）不能使用，请删去后重新输入。")


class TextTooLong(RegistryError):
    template = N_("文字有 %(length)s 个字，超过上限 %(limit)s 个，请精简。")


class Unstorable(RegistryError):
    """A value that would reach the database and cannot be held by every one of them."""

    template = N_("内容里有空字符、残缺的字符或大得无法保存的数字，没有保存。请删去后重新提交。")


CHARACTER_BIDI = N_("第%(position)s个字符（%(codepoint)s）会改变文字的显示方向，请删去后重新输入。")
CHARACTER_CONTROL = N_("第%(position)s个字符（%(codepoint)s）是控制字符，请删去后重新输入。")
CHARACTER_PRIVATE = N_("第%(position)s个字符（%(codepoint)s）是自造字，别的电脑上显示不出来，请改用标准汉字。")
CHARACTER_LOST = N_("第%(position)s个字符是乱码，请照原件重新输入。")
CHARACTER_HIDDEN = N_("第%(position)s个字符（%(codepoint)s）看不见也打不出来，请删去后重新输入。")

FAULT_PLACE = N_("第%(row)s行 %(letter)s列：")
FAULT_ROW = N_("第%(row)s行：")
FAULTS: dict[str, str] = {
    "required": N_("%(heading)s没有填写，请补填"),
    "cells": N_("有 %(count)s 个单元格，表头有 %(expected)s 个，请检查该行的分隔符和引号"),
    "too_long": N_("%(heading)s有 %(length)s 个字，超过上限 %(limit)s 个，请精简"),
    "bidi": N_("%(heading)s第%(position)s个字符（%(codepoint)s）会改变文字的显示方向，请删去后重新输入"),
    "control": N_("%(heading)s第%(position)s个字符（%(codepoint)s）是控制字符，请删去后重新输入"),
    "private": N_("%(heading)s第%(position)s个字符（%(codepoint)s）是自造字，请改用标准汉字"),
    "lost": N_("%(heading)s第%(position)s个字符是乱码，请照原件重新输入"),
    "hidden": N_("%(heading)s第%(position)s个字符（%(codepoint)s）看不见也打不出来，请删去后重新输入"),
    "error_cell": N_("%(heading)s是出错的公式，请改填数值或文字"),
    "formula_cell": N_("%(heading)s是没有计算结果的公式，请用 Excel 或 WPS 打开保存一次，或改填数值"),
    "number_cell": N_("%(heading)s的数字超出可表示的范围，请核对"),
    "digits_lost": N_("%(heading)s被存成了数字，超过15位的部分已丢失；请把单元格设为文本，照营业执照重新填写"),
    "not_text": N_("%(heading)s不能是日期或逻辑值，请把单元格设为文本后重新填写"),
    "bad_date": N_("%(heading)s“%(text)s”不是日期，请按 2019-05-20 的格式填写"),
    "bad_amount": N_("%(heading)s“%(text)s”不是确定的金额，请填数字，不要填约数或区间"),
    "negative": N_("%(heading)s“%(text)s”是负数，请核对"),
    "too_large": N_("%(heading)s“%(text)s”过大，请核对单位是元还是万元"),
    "foreign_currency": N_("%(heading)s“%(text)s”是外币，请折合人民币后填写"),
    "bad_integer": N_("%(heading)s“%(text)s”不是整数，请填整数"),
    "bad_month": N_("%(heading)s“%(text)s”不是月份，请填 1 至 12，或按 2021-09 的格式填写"),
    "bad_year": N_("%(heading)s“%(text)s”不是年份，请填四位年份"),
    "bad_ratio": N_("%(heading)s“%(text)s”不是比率，请填百分数"),
    "bad_phone": N_("%(heading)s不是电话号码，请填手机号或带区号的座机号"),
    "masked": N_("%(heading)s是隐去部分内容的，不能导入；请填完整内容，或删去这一列"),
    "bad_choice": N_("%(heading)s“%(text)s”不在可选项内，请从下拉中选择：%(choices)s"),
    "unbearable": N_("这一行有系统无法处理的内容，没有采用，其余各行不受影响；请核对这一行，重新填写后再导入"),
    # a row against the reference data and the directory
    "code_organisation": N_("%(heading)s“%(text)s”是组织机构代码，请填营业执照上18位的统一社会信用代码"),
    "code_identity": N_("%(heading)s像是居民身份证号，不能导入；请填营业执照上18位的统一社会信用代码"),
    "code_several": N_("%(heading)s里有两个以上的代码，请只填这家企业的一个"),
    "code_unvouched": N_("%(heading)s第18位校验不符，请核对营业执照；确系执照所载的，在代码后写“（已核对执照）”再导入"),
    "no_words": N_("%(heading)s“%(text)s”里没有文字，请照营业执照填写"),
    "future_date": N_("%(heading)s %(date)s 在今天之后，请核对"),
    "foreign_division": N_("%(heading)s“%(text)s”不在本单位管辖范围内，请核对"),
    "excluded_town": N_("%(heading)s在%(town)s，不属于本名录范围：%(reason)s"),
    "month_missing": N_("填了本年累计、上年同期或增值税销售额，没有填截至月份，请补填"),
    "month_year": N_("%(heading)s写的是 %(given)s 年，本次导入的年度是 %(year)s 年，请核对"),
    "future_figure": N_("%(heading)s的期别 %(period)s 尚未结束，不能登记"),
    "figure_not_asked": N_("%(heading)s不是本工作簿要填的期别，不能登记；请把表头改回，或建档后到企业页登记"),
    "not_open": N_("该企业现在的阶段是“%(stage)s”，不能由导入修改%(heading)s"),
    "not_returned": N_("%(heading)s未被退回，不能修改"),
    "figure_not_own": N_("%(heading)s只能由填报单位（%(office)s）登记"),
    "row_same_code": N_("与本文件第%(row)s行的统一社会信用代码相同，只采用第%(row)s行"),
    "row_same_name": N_(
        "与本文件第%(row)s行“%(name)s”的名称相同或相近，且有一行没有统一社会信用代码，请核对是否同一家企业"
    ),
    "firm_same_name": N_(
        "与名录中的“%(name)s”（%(code)s）名称相同或相近，且有一方没有统一社会信用代码，请核对是否同一家企业"
    ),
    "firm_same_name_elsewhere": N_("%(county)s已有名称相同或相近的企业，由%(office)s登记，请与该单位核对"),
    "held": N_("该企业由%(office)s登记，本单位不能修改；应归本单位的，请提出认领"),
    "held_elsewhere": N_("该统一社会信用代码已在名录中（%(county)s），由%(office)s登记，请与该单位联系，或提出认领"),
}
NOTICES: dict[str, str] = {
    "invisible_removed": N_("%(heading)s里看不见的字符已去掉"),
    "space_changed": N_("%(heading)s里的特殊空格或换行已改为普通空格"),
    "phone_remark": N_("%(heading)s中号码旁括号内的文字没有采用"),
    "blank_word": N_("%(heading)s“%(text)s”按未填处理"),
    "typed_as_number": N_("%(heading)s是数字格式，已按文本 %(text)s 处理"),
    "serial_date": N_("%(heading)s是日期序号 %(text)s，已按 %(date)s 处理"),
    "time_dropped": N_("%(heading)s里的时刻已去掉，只留日期"),
    "unit_in_cell": N_("%(heading)s“%(text)s”自带单位，已按自带的单位换算"),
    "unit_assumed": N_("%(heading)s没有写单位，已按万元处理"),
    "rounded": N_("%(heading)s“%(text)s”已四舍五入到分"),
    "foreign_currency": N_("%(heading)s是外币（%(currency)s），没有折算"),
    "choice_fallback": N_("%(heading)s“%(text)s”没有对应的选项，已归为“%(choice)s”"),
    "no_industry_code": N_("%(heading)s“%(text)s”里没有行业代码，按未填处理；请补填4位小类代码，如 6513"),
    "code_normalised": N_("%(heading)s已改为标准写法 %(text)s"),
    "quote_dropped": N_("%(heading)s开头的单引号是导出时加的，已去掉"),
    "code_extracted": N_("%(heading)s“%(text)s”里只有一个代码，已取 %(found)s"),
    "industry_named": N_("%(heading)s“%(text)s”是国民经济行业分类（2017）中 %(code)s 的名称，已按该代码处理"),
    "industry_both_years": N_(
        "%(heading)s %(code)s 没有注明分类版本，按2017版“%(now)s”读取；在2011版中是“%(before)s”，原意如此的请注明版本"
    ),
    "filled_down": N_("%(heading)s取自第%(row)s行起的合并单元格"),
    "same_as_above": N_("%(heading)s写的是“同上”，取自第%(row)s行"),
    "name_marks": N_("“%(text)s”里的序号、标记不是名称的一部分，名称按“%(name)s”处理"),
    "quotes_loose": N_("这一行的双引号没有成对，按原样读取，请核对"),
    "cells_short": N_("这一行末尾缺单元格，缺的各栏按未填处理"),
    "division_of_group": N_("%(heading)s按上方的分组标题“%(text)s”填为%(division)s，请核对"),
    "carried_identity": N_("“%(heading)s”里的个人证件号码没有随带保存"),
    "division_unknown": N_("%(heading)s“%(text)s”不是本市的县（市、区）或功能区，没有采用"),
    "division_missing": N_("%(heading)s“%(text)s”没有写到县（市、区）或功能区，请补填"),
    "division_derived": N_("%(heading)s按注册地址填为%(division)s，请核对"),
    "town_unknown": N_("%(heading)s“%(text)s”不是本市的乡镇、街道，没有采用"),
    # doubts: a question that a person answers before the row is stored
    "unit_differs": N_("%(heading)s的单位有两种说法，按%(unit)s读取，请核对"),
    "currency_sign": N_("%(heading)s“%(text)s”带元的符号，表头的单位却不是元；按元读取，请核对"),
    "month_of_date": N_(
        "%(heading)s是日期 %(text)s，可能是“1-9”之类的月份被表格软件改成了日期；按 %(month)s 月读取，请核对"
    ),
    "code_vouched": N_("%(heading)s %(found)s 的校验位不符，填报人注明已核对执照，请复核"),
    "division_several": N_("%(heading)s“%(text)s”写了不止一个县（市、区），没有采用，请核对"),
    "row_hidden": N_("这一行在表格里是隐藏的，请确认是否要导入"),
    "row_filtered": N_("这一行在表格里被筛选隐藏，请确认是否要导入"),
    "row_struck": N_("这一行在表格里划了删除线，请确认是否要导入"),
    "name_remarks": N_("“%(text)s”里的说明没有当作名称，名称按“%(name)s”处理，请核对"),
    "name_alone": N_("这一行只有名称，其他各行都有代码，请确认是不是企业"),
    "amount_shared": N_("%(heading)s是合并单元格，同时写在几家企业旁边，请确认是不是这一家的数"),
    "state_gone": N_("%(heading)s是“%(text)s”，已不在业的企业一般不作线索，请确认是否要导入"),
    # warnings: somebody should look before the row is confirmed
    "town_outside": N_("%(heading)s%(town)s不在本单位辖区，请核对"),
    "town_mismatch": N_("%(heading)s%(town)s不在所属县区内，请核对"),
    "address_outside": N_("%(heading)s不在本单位辖区，请核对"),
    "row_same_name": N_(
        "与本文件第%(row)s行“%(name)s”的名称相同或相近，但统一社会信用代码不同，按两家企业处理，请核对"
    ),
    "row_same_organisation": N_(
        "与本文件第%(row)s行“%(name)s”的组织机构代码（第9至17位）相同，可能是换发前后的同一家企业，请核对"
    ),
    "code_merged": N_("该代码的登记已并入“%(name)s”（%(code)s），本行按该企业处理，名称和代码不改"),
    "firm_same_name": N_(
        "与名录中的“%(name)s”（%(code)s）名称相同或相近，但统一社会信用代码不同，按两家企业处理，请核对"
    ),
    "firm_same_organisation": N_(
        "与名录中的“%(name)s”（%(code)s）组织机构代码（第9至17位）相同，可能是换发前后的同一家企业，请核对"
    ),
    "firm_same_name_elsewhere": N_(
        "%(county)s已有名称相同或相近、统一社会信用代码不同的企业，由%(office)s登记，请核对"
    ),
    "firm_same_organisation_elsewhere": N_(
        "%(county)s已有组织机构代码（第9至17位）相同的企业，由%(office)s登记，请核对"
    ),
}
WARNINGS = frozenset(
    (
        "town_outside", "town_mismatch", "address_outside", "row_same_name", "row_same_organisation",
        "firm_same_name", "firm_same_organisation", "firm_same_name_elsewhere", "firm_same_organisation_elsewhere",
        "code_merged", "division_of_group", "quotes_loose", "industry_both_years",
    )
)  # fmt: skip
"""The notices somebody should look at before the row is confirmed; the others only say what was put right."""
DOUBTS = frozenset(
    (
        "unit_assumed", "unit_differs", "currency_sign", "month_of_date", "code_vouched", "division_several", "row_hidden",
        "row_filtered", "row_struck", "name_alone", "name_remarks", "amount_shared", "state_gone",
    )
)  # fmt: skip
"""The notices that a person answers for, with a reason, before the row is stored; a figure that looks odd is another."""
UNREAD = N_("（这一格没有采用，该行其余内容照常导入）")
"""Said behind what is wrong with an optional cell: it costs the cell, not the row."""
DATE_IN_FUTURE = N_("日期不能晚于今天。")
RENAME_BEFORE = N_("新名称的启用日期须晚于 %(since)s。")


# -- figures and documents ------------------------------------------------------------------------
FIGURE_NEGATIVE = N_("营业收入不能为负数；如有冲减，请按利润表累计数填写。")


class FigureMoved(FieldError):
    """The line that a correction names is no longer the last of its period; values `person`, `day`, `amount`."""

    def __init__(self, **values: Any) -> None:
        super().__init__("amount", FIGURE_MOVED, **values)


FIGURE_MOVED = N_("您填写期间，%(person)s于 %(day)s 已另行登记为 %(amount)s。请看过后再决定。")
FIGURE_OTHER_PERIOD = N_("所选凭证是 %(found)s 的，不能证明 %(asked)s 的数：请选择或上传同一期的凭证。")
FIGURE_SAME = N_("与已登记的数相同，没有可更正的内容。")
DOCUMENT_TWICE = N_(
    "内容完全相同的文件已作为 %(material)s %(period)s 上传，一份文件只能证明一种材料的一个期别；"
    "扫描合订本请在“材料”页上传，并分别注明页码。"
)
DOCUMENT_CONFIRMED = N_("只有有效、未经确认的差异说明可以确认。")
DOCUMENT_PAGES = N_("页码请写成 1-3 或 1-3, 5。")
DOCUMENT_FIRST_MONTH = N_("起始月份须早于所属月份，并选择所属年月。")
FIGURE_ASSURANCE = N_("数字存疑：请对照凭证核对；确认无误的，写明理由。")
FIGURE_SETTLED = N_("该数没有待核实的疑问，或已有人核实。")
FIGURE_REASON = N_("更正已登记的数，请填写理由。")
FIGURE_FUTURE = N_("%(period)s尚未结束，不能登记。")
FIGURE_PERSONS = N_("从业人员须填整数。")
FIGURE_SUPERSEDED = N_("该数据已更正，请对现行数据提出异议。")
FIGURE_DOCUMENT = N_("请选择或上传该期的凭证。")
DOCUMENT_TYPE = N_("只接受 PDF、PNG、JPG、XLSX 文件；这个文件的内容不是其中之一。")
DOCUMENT_SIZE = N_("文件超过 %(limit)s MB，请压缩或分开上传。")
DOCUMENT_VOIDED = N_("该材料已作废。")
DOCUMENT_MATERIAL = N_("请选择材料种类。")
DOCUMENT_EMPTY = N_("文件是空的，请重新选择。")
PAGE_OF_WORKBOOK = N_("表格文件不在网页显示，请下载查看。")
PAGE_NONE = N_("文件没有这一页，共 %(pages)s 页。")
PAGE_LOCKED = N_("该 PDF 设有密码，不能在网页显示，请下载查看；用作凭证的，请去掉密码后重新上传。")
PAGE_CANNOT_BE_DRAWN = N_("该文件不能在网页显示，请下载查看。")
DOCUMENT_MISSING = N_("请选择要上传的文件。")


# -- nominations and review -----------------------------------------------------------------------
CELLS_NEEDED = N_("请勾选需要补正的栏目。")
OFFICE_OVER = N_("“%(office)s”已于 %(day)s 终止，不能再以它的名义办理；请联系系统管理员，在接替的单位另开账号。")
REASON_CODE_NEEDED = N_("请选择退回原因。")
CONFIRM_INDUSTRY = N_("请确认已核对行业代码。")
OTHERS_CLAIM = N_("本单位已就该企业提出认领，请等待市培育办裁定。")
OWN_FIRM = N_("该企业已由本单位登记，无需认领。")
CLAIM_GROUND = N_("请说明认领理由，例如实际经营地所在。")


class NothingMended(RegistryError):
    """`fields`: the labels of the returned cells, as a tuple."""

    template = N_("退回的栏目还没有修改，不能重新提交：%(fields)s。")


class ClaimDecided(RegistryError):
    template = N_("该认领已于 %(day)s 裁定，不能再次裁定。")


CLAIM_OWN = N_("提出认领的人不能裁定自己的认领。")
CLAIM_DECISION = N_("请写明裁定理由。")
CLAIM_UNKNOWN_CODE = N_("名录中没有代码为 %(code)s 的企业，可以直接提名。")
CELL_NOTE_NEEDED = N_("请写明怎样补正。")
DECISION_NEEDED = N_("请选择裁定结果。")
OPINION_NEEDED = N_("请填写意见，说明不予通过的理由。")
NOT_A_DUPLICATE = N_("名录中有相似的企业，请先核对，确认不是同一家后勾选。")


class PairJudged(RegistryError):
    """Somebody was faster; values `person`, `day`, `ruling` (a label)."""

    template = N_("%(person)s已于 %(day)s 判定“%(ruling)s”。请看过后再判定。")


class PairTold(RegistryError):
    """Somebody said at a form, meanwhile, that the two are not one; it is no verdict. Values `person`, `day`."""

    template = N_("%(person)s于 %(day)s 填报时说明不是同一企业（不是判定）。请看过后再判定。")


RULING_NEEDED = N_("请选择判定结果。")
RULING_REASON_EQUAL = N_("两条记录的名称或组织机构代码相同，判定“不是同一企业”须写明理由。")
RULING_REASON_CODES = N_("两条记录的统一社会信用代码不同，判定“是同一企业”须写明理由。")
PAIR_MERGED = N_("其中一家企业已合并，不需要再判定。")
PAIRS_NEEDED = N_("请至少勾选一对。")
PAIRS_MOVED = N_("有 %(count)s 对已由他人判定或记录已变化，没有判定任何一对。请核对后重新勾选。")
PAIRS_MANY = N_("一次最多判定 %(limit)s 对。")
BULK_REASON = N_("批量判定须写明理由。")
THRESHOLD_ORDER = N_("“很可能”的分数不能低于“疑似”的分数。")


# -- the register of registered firms ---------------------------------------------------------------
class RegisterBusy(RegistryError):
    """Another file, or this one as of another day, is half loaded; values `filename`, `as_of`, `day`."""

    template = N_(
        "文件“%(filename)s”（截至 %(as_of)s，%(day)s 开始）还没有装完。"
        "请用同一文件再装一次以接着装入，或加 --drop 放弃已读取的部分。"
    )


class RegisterColumnsChanged(RegistryError):
    """A half loaded file is gone on with by other columns than it was begun with; value `columns`."""

    template = N_("这个文件先前是按以下列读取的：%(columns)s。请用同样的 --columns 接着装入，或加 --drop 重新装入。")


class RegisterTwice(RegistryError):
    """Two runs load the same file at once; the slower one stops and loses nothing."""

    template = N_(
        "另一个进程正在装入同一文件，本次已停下，没有改动数据。请等它装完；如果它已中断，再装一次即可接着装入。"
    )


class RegisterHalfApplied(RegisterBusy):
    """As `RegisterBusy`, where giving it up would leave half a list in the register."""

    template = N_(
        "文件“%(filename)s”（截至 %(as_of)s，%(day)s 开始）已装入一部分，不能放弃。"
        "请用同一文件和同一截止日再装一次，把它装完。"
    )


class RegisterOlder(RegistryError):
    template = N_("库中已装入截至 %(last)s 的名单，不能再装入截至 %(given)s 的旧名单。请核对 --as-of。")


class RegisterFuture(RegistryError):
    template = N_("名单的截止日 %(given)s 在今天之后，请核对 --as-of。")


class RegisterManyGone(RegistryError):
    """A whole load that would strike out many; values `gone`, `current`."""

    template = N_(
        "按全量名单装入，将有 %(gone)s 家（在册 %(current)s 家）转为不在册。请核对文件是否完整；确实如此的，"
        "用同一文件加 --yes 再装一次。现在还没有改动市场主体库。"
    )


REGISTER_UNREAD = N_(
    "按全量名单装入，但有工作表没有读取：%(sheets)s。未读的企业会被当作已不在册；请取消隐藏、统一表头或删去这些工作表后再装。"
)
REGISTER_EMPTY = N_("文件里没有可以装入的行，市场主体库没有变动。")
REGISTER_NO_CODE = N_(
    "第%(row)s行的表头里没有“企业名称”和“统一社会信用代码”两列，请核对；没有表头的文件可用 --columns 指明各列。"
)
REGISTER_COLUMNS = N_("--columns 里有不认识或重复的列名；可用的列名：%(known)s，不读的列留空或写“-”。")


# -- merges ---------------------------------------------------------------------------------------
class MergeBlocked(RegistryError):
    """Two entries that cannot be merged now; `obstacles` says everything that has to be settled before."""

    template = N_("还有 %(count)s 个问题须先处理，不能合并。")

    def __init__(self, obstacles: tuple[RegistryError, ...]) -> None:
        super().__init__(None, count=len(obstacles))
        self.obstacles = obstacles


class MergeMoved(RegistryError):
    """Either entry changed between showing the plan and carrying it out."""

    template = N_("您核对期间，两家企业的资料有变动，没有执行。请按现在的情况重新核对。")


class UnmergeRefused(RegistryError):
    """A merge that cannot be taken back now; the sentence says what comes first."""


MERGE_ITSELF = N_("两边是同一条登记，请选择另一家企业。")
MERGE_MERGED = N_("“%(name)s”已并入另一家企业，请改选保留下来的那一家。")
MERGE_LINKED = N_("两家是法人单位和它的分支机构，已经关联，不是重复登记，不能合并。")
MERGE_BRANCH = N_("一家是分支机构，另一家是法人单位：应关联法人单位，不能合并。单位类型填错的，请先更正。")
MERGE_BOTH_FILED = N_("两家都已进入纳统程序，阶段只能由统计部门确认。请先由统计部门退回或退库其中一家。")
MERGE_WRONG_WAY = N_("“%(name)s”的阶段是“%(stage)s”，比另一家更靠后，须保留这一家。请对调后再合并。")
MERGE_OPEN_PROPOSAL = N_("“%(name)s”的提名还没有办结（%(stage)s），请先撤回或审结。")
MERGE_OPEN_CLAIM = N_("“%(name)s”有 %(count)s 件认领争议未裁定，请先裁定。")
MERGE_CODE_GROUND = N_("两家的统一社会信用代码不同，依法是两家企业。确系同一家的，请选择依据。")
MERGE_CODE_CHECKED = N_("代码不同的，请再次确认两个代码属于同一家企业。")
MERGE_FIGURE = N_("%(period)s的%(kind)s两边金额不同，请选定以哪边为准。")
MERGE_AREA = N_("%(place)s不在保留企业填报单位的辖区内，不能采用；请先裁定归属（认领争议）或选用保留企业的值。")
MERGE_SAME_TIME = N_("有人刚刚合并了其中一家，请刷新后核对。")
UNMERGE_DONE = N_("这次合并已于 %(day)s 撤销，不能再次撤销。")
UNMERGE_WINNER_MERGED = N_("“%(name)s”后来又并入了“%(into)s”，请先撤销那一次合并（%(day)s）。")
UNMERGE_LATER = N_("此后“%(folded)s”也并入了“%(name)s”。合并须按相反的次序撤销，请先撤销 %(day)s 的那一次。")
UNMERGE_OPEN = N_("“%(name)s”的提名正在办理（%(stage)s），请先办结再撤销合并。")
UNMERGE_CODE = N_("要恢复的代码 %(code)s 现由另一条登记持有，请先核对并更正那一条的代码，再撤销合并。")
FIRM_MERGED = N_("该企业已并入另一家企业，请在保留企业登记。")


# -- imports --------------------------------------------------------------------------------------
ROW_UNCHANGED = N_("与名录中的一致，没有变化")
ROW_CHANGE = N_("%(heading)s由“%(before)s”改为“%(after)s”")


class BatchMoved(RegistryError):
    """An order that the batch's present state does not allow; values `state`, `action`: labels."""

    template = N_("该批次现在是“%(state)s”，不能%(action)s。请刷新页面后再操作。")


class BatchConflict(RegistryError):
    """The directory changed between checking and applying; `values["rows"]` names the rows of the file."""

    template = N_("校验之后，第 %(rows)s 行涉及的企业又有变动，整批没有导入任何内容。请重新校验后再确认。")


FILE_IS_WORKBOOK = N_("这是系统签发的工作簿（%(token)s），请到“离线填报”页交回，不要作为名单导入。")


class BatchIncomplete(RegistryError):
    """What is staged, or was written, is not what checking counted; values `counted`, `found`."""

    template = N_(
        "校验时数出 %(counted)s 行，实际只有 %(found)s 行，两者不符，没有导入任何内容。文件已重新校验，请核对后再确认。"
    )


class BatchDoubtful(RegistryError):
    """Rows in doubt that nobody answered for; value `count`."""

    template = N_("%(count)s 行存疑，没有导入任何内容。请核对后写明理由再导入。")


class BatchUnreasoned(FieldError):
    """Firms on the list are corrected and nobody said why; value `count`."""

    template = N_("本批更正在库企业 %(count)s 家，请写明更正理由，例如：企业迁址，见新营业执照。")

    def __init__(self, *, count: int) -> None:
        super().__init__("correction", count=count)


class BatchFaulty(RegistryError):
    template = N_("有 %(count)s 行有错，按要求整个文件不导入。")


BATCH_ACTIONS = {
    "apply": N_("确认导入"),
    "discard": N_("放弃"),
    "recheck": N_("重新校验"),
    "take_back": N_("撤下"),
    "undo": N_("撤销"),
}
BATCH_CHECKED_ALREADY = N_("校验之后，名录又有变动，整批没有导入任何内容。请重新校验后再确认。")
BATCH_NOTHING = N_("没有新增或变更的行，不需要导入。")
BATCH_RECHECKED = N_("打开页面之后，文件已重新校验；页面上所选的没有采用。请核对现在的各行，重新选定后再确认。")
BATCH_FAILED = N_("处理时出现意外错误，没有导入任何内容。请重试；仍不成功的，请联系技术人员。")
BATCH_TAKEN_BACK = N_("导入没有完成，已写入的企业整批撤下，名录中没有留下任何一家。文件已重新校验，请核对后再确认。")
BATCH_WITHDRAWN = N_("导入没有完成，已写入的企业整批撤下，名录中没有留下任何一家。请核对后再确认。")
"""Of a batch without a stored file: its rows stand as they were checked."""
BATCH_NO_FILE = N_(
    "本批没有存下可以重新读取的文件。要重新核对的，请放弃本批，再把同一个文件交回或上传一次；已写入的不会重复写入。"
)
BATCH_SAME_TWICE = N_(
    "第 %(rows)s 行选为同一家的企业，文件中已有另一行写入，没有采用；一家企业只由一行写入，其余请选“两家”或“暂缓”。"
)
BATCH_TWO_ALIKE = N_(
    "第 %(rows)s 行与文件中另一新企业同名，又都没有统一社会信用代码，没有采用；请先在文件里补上代码，或选“暂缓”。"
)
BATCH_STOPPED = N_(
    "变更写到一半时出现意外错误：新增的企业和已写入的变更有效，其余变更尚未写入，重新启动后台任务后会接着写。"
)
BATCH_UNDO_FAILED = N_(
    "撤销到一半时出现意外错误：已撤销的企业不再恢复，其余的保持原样。请再次撤销；仍不成功的，请联系技术人员。"
)
BATCH_FILE_GONE = N_("上传的文件已不在服务器上，请重新上传。")
BATCH_YEAR = N_("年度须在 %(first)s 至 %(last)s 之间。")
UPLOAD_NEEDED = N_("请选择要上传的文件。")
