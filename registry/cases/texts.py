"""The words of cases: what is refused and why, verdicts, relations, what a definition may be lacking."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from registry.base.labels import N_

REGION = r"^(中国)?(广东省?)?(汕尾市?)?"
"""How every address of the city may begin."""
NUMBERED = r"(NO|发票号码|发票号|发票|票号|号码|号)(?=\d)"
NOTHING = r"无|没有|无编号|不详|未知|空|N/?A|/"
LEGAL_FORM = r"(股份)?有限(责任)?公司$|公司$"
YES, NO = "是", "否"
BETWEEN = "、"
MONTHS, YEARS = "个月", "年"
"""Units of what is worked out."""
NOTICE_NUMBER = "公示{year}-{serial:03d}"
DATE = r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"


def _words(pairs: dict[str, str]) -> Mapping[str, str]:
    return MappingProxyType(pairs)


# -- labels ---------------------------------------------------------------------------------------
MET_LABELS = _words({"yes": N_("符合"), "no": N_("不符合"), "no_data": N_("缺数据")})
MET_TONES = _words({"yes": "ok", "no": "bad", "no_data": "warn"})
OP_LABELS = _words({">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": N_("为"), "in": N_("属于")})
STATE_TONES = _words({"draft": "plain", "open": "info", "good": "ok", "bad": "bad"})
GROUP_LABELS = _words(
    {
        "voucher": N_("科技创新券"),
        "recognition": N_("认定"),
        "introduction": N_("引进"),
        "objection": N_("异议和申诉"),
        "recommendation": N_("推荐"),
    }
)
"""A group of another name is shown by the name that its kinds' file gives it."""
APPLICANT_LABELS = _words(
    {"firm": N_("名录企业"), "institution": N_("机构"), "body": N_("其他单位"), "case": N_("事项")}
)
DOER_LABELS = _words(
    {"clerk": N_("填报单位"), "bureau": N_("主管部门"), "city": N_("市培育办"), "finance": N_("财政部门")}
)
KIND_STATES = _words({"draft": N_("待复核"), "published": N_("已发布"), "dropped": N_("已放弃")})
OUTCOME_LABELS = _words(
    {"payment": N_("拨付"), "certificate": N_("发证"), "registration": N_("登记入名录"), "none": N_("不另出结果")}
)
PERIOD_LABELS = _words({"none": "", "cohort": N_("补助年度"), "last": N_("上一年度")})
RELATION_LABELS = _words(
    {
        "self": N_("买卖双方为同一单位"),
        "legal_person": N_("法定代表人相同"),
        "address": N_("地址相同"),
        "phone": N_("电话相同"),
        "parent": N_("隶属同一单位"),
    }
)
BODY_LABELS = _words(
    {
        "name": N_("单位名称"),
        "credit_code": N_("统一社会信用代码"),
        "legal_person": N_("法定代表人"),
        "address": N_("地址"),
        "phone": N_("电话"),
    }
)
NOT_STATED = N_("方案未载明")

# -- what is refused ------------------------------------------------------------------------------
FIELD_ERRORS = _words(
    {
        "number": N_("“%(text)s”不是数字，请只填数字，单位不必填。"),
        "range": N_("“%(text)s”超出范围，请核对。"),
        "places": N_("“%(text)s”的小数位过多，最多 %(places)s 位。"),
        "future": N_("%(day)s 在今天之后，请核对。"),
        "day": N_("“%(text)s”不是日期，请填写如 2021-10-15。"),
        "choice": N_("“%(text)s”不在可选范围内，请从中选择：%(known)s。"),
    }
)
CASE_ERRORS = _words(
    {
        "kind_other": N_("这一版规则今天不适用，请从事项页面重新登记。"),
        "kind_draft": N_("这一类事项的规则还没有发布，不能办理。"),
        "applicant": N_("这一类事项不能由此申请：须为%(known)s。"),
        "institution": N_("请选择机构；还没有的，先在机构名录中登记。"),
        "institution_kind": N_("这一类事项的申请机构须为：%(known)s。"),
        "about_noticed": N_("只有公示过的事项可以登记异议。"),
        "about_refused": N_("只有作出不予决定的事项可以申诉。"),
        "firm_unknown": N_("名录中没有找到“%(text)s”，请核对代码或全称。"),
        "firm_several": N_("有不止一家企业叫“%(text)s”，请填写统一社会信用代码。"),
        "firm_merged": N_("该企业已并入另一条登记，请从保留的一条办理。"),
        "firm_reach": N_("本单位看不到该企业，不能为它办理。"),
        "body_name": N_("请填写单位名称。"),
        "cohort": N_("请选择补助年度。"),
        "cohort_closed": N_("%(year)s 年度的受理期为 %(first)s 至 %(last)s，今天不在其内。"),
        "not_draft": N_("该事项已提交，内容不能再改；退回后可以补正。"),
        "not_returned": N_("“%(cell)s”没有退回，不能修改。"),
        "changed": N_("他人刚刚改动了该事项，请刷新后再办。"),
        "no_step": N_("该事项现在是“%(state)s”，不能办理这一步，可能刚由他人办理，请刷新后查看。"),
        "cells": N_("请选择要退回的内容，并逐项写明原因。"),
        "cell_reason": N_("请写明“%(cell)s”退回的原因。"),
        "used": N_("%(what)s已用于 %(earlier)s（%(applicant)s，%(day)s），同一凭证只能使用一次。"),
        "used_elsewhere": N_("%(what)s已用于 %(earlier)s（%(day)s），同一凭证只能使用一次。"),
        "invoice_number": N_("发票号码“%(text)s”须为8位或20位数字，一行只填一张发票。"),
        "used_here": N_("%(what)s在本事项中填了两次。"),
        "no_award": N_("没有可以计算的金额，不能批准。"),
        "posted": N_("现在算得 %(amount)s 元，与公示的 %(posted)s 元不同，请撤下公示，重新公示后再批准。"),
        "no_headroom": N_("该单位本年度的补助已达上限 %(cap)s 元。"),
        "paper": N_("请选择材料种类。"),
        "paper_year": N_("“%(paper)s”须为 %(year)s 年度的，请核对年度。"),
        "paper_voided": N_("该材料已作废。"),
        "money": N_("这一步随拨付办理，不能单独办理。"),
        "notice_cases": N_("请选择要公示的事项。"),
        "notice_kind": N_("一次公示只能含同一类事项：%(number)s 是另一类。"),
        "notice_state": N_("%(number)s 不在可以公示的阶段。"),
        "notice_withdrawn": N_("该公示已撤下。"),
        "notice_decided": N_("%(number)s 已作出决定，公示不能撤下。"),
        "notice_days": N_("公示期起始日期不能早于今天。"),
        "kind_same": N_("没有改动。"),
        "kind_own": N_("规则由一人准备，须由另一人发布。"),
        "kind_decided": N_("这一版规则已经发布或放弃。"),
        "setting": N_("“%(name)s”须填数字。"),
        "cohort_there": N_("%(year)s 年度已经设立。"),
        "cohort_days": N_("截止日期不能早于起始日期。"),
    }
)
GUARD_ERRORS = _words(
    {
        "field": N_("“%(cell)s”还没有填写。"),
        "rows": N_("“%(cell)s”没有填写，或有未填的必填栏。"),
        "paper": N_("缺材料“%(cell)s”。"),
        "paper_year": N_("缺 %(year)s 年度的材料“%(cell)s”。"),
        "not_met": N_("条件“%(condition)s”不符合：现为 %(value)s，要求 %(line)s。"),
        "no_data": N_("条件“%(condition)s”缺数据。"),
        "no_notice": N_("还没有公示。"),
        "notice_runs": N_("公示到 %(day)s 止，期满后才能办理。"),
        "objection": N_("公示期间的异议 %(number)s 还没有答复。"),
        "founded": N_("异议 %(number)s 成立，不能批准；请作出不予决定，或撤下公示后重新办理。"),
        "opinions": N_("专家意见还不齐，或还没有开封。"),
        "follows": N_("上一步是您办理的，这一步须由另一人办理。"),
        "another": N_("您已办理过本事项的一步，这一步须由另一人办理。"),
        "budget": N_("%(year)s 年度的预算还剩 %(left)s 元，不足 %(amount)s 元。"),
        "firm": N_("还没有关联名录中的企业。"),
        "listed": N_("关联的企业还没有入库。"),
        "branch": N_("关联的是分支机构，不是法人单位，不能作为四上单位统计；须在本市设立独立法人后，关联该法人。"),
    }
)
# -- the workbook of many cases -------------------------------------------------------------------
BOOK_FILES = _words(
    {
        "foreign": N_("这不是本系统的批量填报工作簿：文件里没有底稿。请下载本页的工作簿填写后上传。"),
        "version": N_("这份工作簿的版式（%(version)s）与系统不同，请重新下载后填写。"),
        "kind": N_("这是另一类事项的工作簿，请到那一类的批量填报页上传。"),
        "office": N_("这是其他单位的工作簿，请下载本单位的工作簿填写。"),
        "cohort": N_("工作簿所属的补助年度（%(year)s）没有设立，请重新下载。"),
        "no_main": N_("工作簿里没有“%(sheet)s”表，请重新下载后填写，不要给表改名。"),
        "no_heading": N_("“%(sheet)s”表里没有找到表头，请保留“编号”“申请单位”等列名。"),
        "gone": N_("上传的文件已不在服务器上，可能已经写入，或超过一天没有确认；请先看事项列表，再重新上传。"),
        "moved": N_("核对之后又有变动，没有写入任何内容。请按现在的内容重新核对后再确认。"),
        "choose": N_("还有 %(count)s 处没有选定，请逐项选定后再确认。"),
        "nothing": N_("没有可以写入的内容。"),
        "too_many": N_("“%(sheet)s”表有 %(count)s 行，一次最多 %(most)s 行，请分几次上传。"),
    }
)
"""Why a file is not taken, or nothing of it written."""
BOOK_CELLS = _words(
    {
        "merged": N_("单元格与上面的合并，不能判断属于哪一行；请取消合并，逐行填写。"),
        "formula": N_("这一格是公式，请改成数值：复制后用“选择性粘贴—数值”粘贴回原处。"),
        "unit": N_("表头写的单位是“%(said)s”，本栏的单位是“%(unit)s”，系统不换算；请按“%(unit)s”填写，表头改回原样。"),
        "lost": N_("这一格的公式没有结果或出错，请改成数值。"),
        "time": N_("这一格带有时间，请只填日期，如 2021-10-15。"),
        "digits": N_("数字过长，末尾几位已经失真；请把单元格设成文本格式，照凭证重填。"),
        "serial": N_("按日期序号读作 %(day)s。"),
        "typed_number": N_("“%(text)s”是按数字存放的，前面的 0 可能已经丢失，请照凭证核对。"),
        "locked": N_("“%(cell)s”不能在工作簿里修改，请改回“%(now)s”。"),
        "emptied": N_("文件里清空了，请选定清空还是保留。"),
        "both": N_("下载之后系统里也有人改过，请选定采用哪个值。"),
        "no_base": N_("本簿底稿里没有这一件，不知道是谁改的，请选定采用哪个值。"),
        "theirs": N_("只有系统里改过，保持系统现在的值。"),
        "too_many": N_("一件最多 %(most)s 条，这里有 %(count)s 条，请分成几件登记。"),
    }
)
"""What is said of a cell."""
BOOK_ROWS = _words(
    {
        "unknown": N_("本单位没有编号为“%(number)s”的这一类事项；新登记的，“编号”留空。"),
        "cohort": N_("%(number)s 是另一补助年度的，不能在本簿中修改。"),
        "edition": N_("%(number)s 是按另一版规则登记的，栏目不同，请在该事项的页面上修改。"),
        "submitted": N_("%(number)s 现在是“%(state)s”，内容不能再改。"),
        "twice": N_("与第 %(row)s 行编号相同，两行都不写入；请只保留一行。"),
        "slipped": N_("%(number)s 的申请单位是“%(applicant)s”，与本行不符，可能只排序了部分列或串了行；本行不写入。"),
        "nobody": N_("没有填写申请单位。"),
        "bad_code": N_("“%(code)s”不是有效的统一社会信用代码，请照证照核对。"),
        "not_found": N_("在本单位看得到的名录中没有找到“%(text)s”，请核对代码或全称；还没有登记的，先登记。"),
        "several": N_("不止一个单位叫“%(text)s”，请填写统一社会信用代码。"),
        "differs": N_("代码 %(code)s 是“%(found)s”的，与所填的“%(text)s”不符，请核对。"),
        "same_applicant": N_("与第 %(row)s 行是同一申请单位，都是新登记，明细分不清属于哪一行；请分两次上传。"),
        "same_case": N_("与已登记的 %(number)s 完全相同，可能已经上传过，不再登记。"),
        "has_case": N_("该单位本类已有 %(number)s（%(state)s）；确是另一件的，照样登记为新的一件。"),
        "body": N_("名录中没有这个单位，按“其他单位”登记。"),
        "struck": N_("本行有删除线，系统照样读取；不要的请删去整行内容。"),
        "no_case": N_("没有填写编号或申请单位，不知道属于哪一件。"),
        "no_such": N_("“事项”表中没有编号为“%(number)s”的一行。"),
        "no_applicant": N_("“事项”表新登记的行中没有“%(text)s”；已有的事项请填编号。"),
        "other_applicant": N_("编号 %(number)s 的申请单位与本行的“%(text)s”不符，请核对。"),
        "shared": N_("与%(place)s的%(what)s是同一凭证，同一凭证只能使用一次；先提交的有效。"),
    }
)
"""What is said of a row."""
BOOK_NOTES = _words(
    {
        "no_sheet": N_("文件里没有“%(sheet)s”表，这一明细保持不变。"),
        "sheet_unread": N_("“%(sheet)s”表没有读取。"),
        "list_unread": N_("“%(sheet)s”表缺“%(columns)s”列，整张表没有读取，这一明细保持不变。"),
        "columns_missing": N_("“%(sheet)s”表缺“%(columns)s”列，这些栏目保持不变。"),
        "column_unread": N_("“%(sheet)s”表 %(column)s 列“%(heading)s”不是本簿的栏目，没有读取。"),
        "rows_unseen": N_("“%(sheet)s”表第 %(rows)s 行在文件中被隐藏，系统照样读取。"),
    }
)
"""What of a file was not read, or is not as it looks."""
NOTES = _words(
    {
        "known_before": N_("该企业在登记接洽之前已在名录中（%(day)s），不是由这次接洽引进的，请核对是否应当计数。"),
        "branch": N_(
            "这是分支机构：它的经营并入总部统计，本身不能成为四上单位。要纳入统计，须在本市设立独立核算的法人单位，"
            "年营业收入达到该行业的标准，再由该法人申报。"
        ),
        "unannounced": N_("%(year)s 年的放假通知尚未录入，期限按周一至周五推算，录入后以实际工作日为准。"),
    }
)

# -- what is wrong with a definition --------------------------------------------------------------
KIND_FAULTS = _words(
    {
        "toml": N_("不是可读的 TOML 文件：%(text)s"),
        "folder": N_("代码“%(text)s”须与文件夹同名，只用小写字母、数字和连字符"),
        "unknown": N_("没有“%(text)s”这一项，请删去或改正"),
        "lacking": N_("缺“%(text)s”"),
        "type": N_("“%(text)s”的类型不对"),
        "empty": N_("不能为空"),
        "word": N_("不在可选范围内：%(text)s"),
        "code": N_("“%(text)s”须以小写字母开头，只用小写字母、数字和下划线"),
        "twice": N_("“%(text)s”出现两次"),
        "reference": N_("“%(text)s”没有定义"),
        "choices": N_("“%(text)s”：选择项须列出可选内容，其他类型不列"),
        "value": N_("看不懂“%(text)s”"),
        "number": N_("“%(text)s”须为数字或数字型设置"),
        "setting": N_("缺数字型设置“%(text)s”"),
        "no_draft": N_("第一个状态须为草稿（draft）"),
        "unreached": N_("没有一步会到状态“%(text)s”"),
        "range": N_("超出范围：%(text)s"),
        "award": N_("须为一次性金额，或依据和比例，二者取一"),
        "day": N_("“%(text)s”不是日期"),
        "office": N_("没有代码为“%(text)s”的单位"),
    }
)

# -- opinions and certificates --------------------------------------------------------------------
NO_INTEREST = (
    "无", "没有", "无利害关系", "没有利害关系", "无利益关系", "无关联", "无关联关系", "不存在利害关系", "无任何利害关系", "none",
)  # fmt: skip
"""What an expert writes who has no interest to declare."""
GROUND_LABELS = _words(
    {
        "employer": N_("所在单位“%(said)s”与%(role)s“%(name)s”是同一单位"),
        "former": N_("曾任职的“%(said)s”与%(role)s“%(name)s”是同一单位"),
        "interest": N_("声明了利害关系：%(said)s"),
    }
)
ROLE_LABELS = _words({"applicant": N_("申请单位"), "owner": N_("依托单位"), "parent": N_("所属法人")})
OPINION_ERRORS = _words(
    {
        "not_now": N_("现在不是专家评审的阶段，不能登记意见。"),
        "opened": N_("意见已经开封，不能再登记或改动。"),
        "expert": N_("请填写专家姓名。"),
        "employer": N_("请填写专家所在单位。"),
        "interests": N_("请填写专家声明的利害关系；没有的填“无”。"),
        "ground": N_("该专家应当回避，不能评分：%(ground)s。请填写回避理由，登记为回避。"),
        "recused": N_("登记为回避的，不填评分、意见和结论。"),
        "score": N_("“%(criterion)s”须为 0 到 %(most)s 分，最多一位小数。"),
        "why": N_("请写明“%(criterion)s”的评分理由。"),
        "opinion": N_("请填写专家意见。"),
        "favours": N_("请选择专家是否同意。"),
        "paper": N_("请上传专家签字密封的意见扫描件。"),
        "there": N_("“%(expert)s”的意见已经登记；要重新登记的，请写明理由，原来的意见作废。"),
        "full": N_("已有 %(count)s 位专家的意见，够开封的人数；请开封，或先更正其中一份。"),
        "missing": N_("应有 %(asked)s 位专家的意见，现有 %(given)s 位，不能开封。"),
    }
)
CERTIFICATE_ERRORS = _words(
    {
        "template": N_("这类事项没有证书的编号或正文模板，不能发证。"),
        "standing": N_("已有有效的证书 %(number)s，不能再发一张。"),
        "none": N_("没有可以撤销的证书。"),
    }
)
CHECK_LABELS = _words(
    {
        "valid": N_("有效"),
        "withdrawn": N_("已撤销"),
        "expired": N_("已过有效期"),
        "unknown": N_("没有这张证书"),
        "mistyped": N_("校验码填写有误"),
    }
)
CHECK_TONES = {"valid": "ok", "withdrawn": "bad", "expired": "warn", "unknown": "bad", "mistyped": "warn"}
CERTIFICATE_TITLE = "{kind}证书"
"""Where the kind gives no title of its own."""
CERTIFICATE_NUMBER = "证书编号：{number}"
CERTIFICATE_VALID = "有效期：{first}至{last}"
CERTIFICATE_OPEN = "有效期：自{first}起长期有效"
CERTIFICATE_CHECK = "校验码：{code}（凭码可核验本证书是否有效）"
CERTIFICATE_WITHDRAWN = "本证书已于{day}撤销。"
ADDRESSEE_END = "："
