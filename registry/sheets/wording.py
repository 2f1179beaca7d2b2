"""The Chinese words printed in workbooks beside the columns: sheet names, marks, explanations, signature line."""

from __future__ import annotations

from registry.base.labels import N_

GUIDE_SHEET = "填写说明"
LISTS_SHEET = "字典"
LEDGER_SHEET = "台账"
DIRECTORY_SHEET = "名录"
BY_COUNTY_SHEET = "按县区汇总"
BY_INDUSTRY_SHEET = "按行业汇总"
BY_STAGE_SHEET = "按阶段汇总"
BY_TIER_SHEET = "县区与档次"
MOVEMENT_SHEET = "季度变动"
CHANGES_SHEET = "本季变化"
CERTIFIED_SHEET = "确认情况"
NOTES_SHEET = "说明"

TOTAL = "合计（%(count)s 家）"
SUBTOTAL = "小计（%(label)s，%(count)s 家）"
WHOLE = "合计"
UNIT_LINE = "金额单位：万元"
FILTER_LINE = "筛选条件：%(filter)s"
NO_FILTER = "全部"
AS_OF_LINE = "数据截至：%(as_of)s"
SIGNATURES = ("制表人：", "审核人：", "负责人：")
PRINTED_ON = "制表日期：　　　　年　　月　　日"
PAGE_FOOTER = "第 &P 页，共 &N 页"
LIST_JOINT = "；"

# -- the template ---------------------------------------------------------------------------------
TEMPLATE_TITLE = "企业培育名录库填报表（%(office)s）"
MARKED_TITLE = "企业培育名录库填报表：待改正的行（%(office)s）"
TEMPLATE_HINT = "金额单位：万元；表头上方标明“必填”“提交前必填”“申报前必填”“选填”；带下拉的栏目请从列表中选择，每栏的填法见“填写说明”。"
MARKED_HINT = (
    "标红的单元格需要改正，原因见批注和最后的“问题”栏；各格照原文件所填，金额照表头写明的口径；"
    "改好后直接上传本文件，“原行号”“问题”两栏不必删除。"
)
MONTHLY_HEADING = "%(year)s年%(months)s月%(what)s"
MONTHLY_HEADINGS = {
    "revenue_to_date": (0, "营业收入"),
    "revenue_same_period": (1, "营业收入"),
    "vat_sales": (0, "增值税销售额"),
}
"""Figures whose months may stand in the heading: how many years before the file's they are of, and their word."""
MARKED_UNIT_NOTE = "按%(unit)s填写，与原文件相同。"
MARKED_NO_UNIT_NOTE = "原文件没有写单位；请在表头或单元格里写明，如 1200万元。"
REQUIRED_MARK = "必填"
WANTED_MARK = "提交前必填"
FILING_MARK = "申报前必填"
OPTIONAL_MARK = "选填"
COMMENT_AUTHOR = "企业培育名录库"
PROMPT_FALLBACK = "按实填写。"
LIST_ERROR_TITLE = "不在列表中"
LIST_ERROR = "请从下拉列表中选择“%(heading)s”。"
NUMBER_ERROR_TITLE = "应填数字"
MONEY_ERROR = "“%(heading)s”按万元填数字，不带单位和文字。"
INTEGER_ERROR = "“%(heading)s”填整数。"
DATE_ERROR_TITLE = "应填日期"
DATE_ERROR = "“%(heading)s”填日期，如 2019-05-20。"

GUIDE_TITLE = "填写说明"
GUIDE_HEADINGS = ("栏目", "要求", "单位", "填法", "也认得的表头")
GUIDE_PARAGRAPHS = (
    "一、只在“填报”表填写，一行一家企业；表头以上的几行可以保留，不影响上传。",
    "二、金额一律按万元填写，可带小数（不四舍五入到整数）；增值税申报表和利润表上是元的，请先换算成万元。",
    "三、统一社会信用代码、电话已设为文本格式；从别处粘贴时请用“选择性粘贴—数值”，以免变成科学计数法丢位。",
    "四、请用 WPS 或 Excel 保存为 .xlsx 再上传；.xls、.et、.xlsm 不能上传，请先“另存为”.xlsx。也可上传 CSV（UTF-8 或 GB18030）。",
    "五、上传后先看校验结果：新增、变更（逐格对照）、无变化、疑似重复、有错；此时不改动任何数据，点“确认导入”后才生效，整批可以撤销。",
    "六、有错的行可以下载同样格式的改正表：出错的单元格标红并有批注，改好后直接再传。",
    "七、未列出的栏目不会被改动；留空的单元格、无变化的行不产生变更。",
    "八、系统导出的 CSV 中，以 = + - @ 或制表符、回车开头的文字前会加一个英文单引号“'”，防止被当作公式；再次上传时自动去掉。",
    "九、只填企业提供或经企业同意的数据，不填统计联网直报数据，不代填，不估填。",
)

MARKED_PARAGRAPHS = tuple(
    "二、金额照表头写明的口径填写，与原文件相同；表头没有写的，请在单元格里写明，如 1200万元。" if number == 1 else text
    for number, text in enumerate(GUIDE_PARAGRAPHS)
)
"""The same in the form of rows that go back, whose amounts are in the file's own units."""

# -- the ledger -----------------------------------------------------------------------------------
LEDGER_TITLE = "%(city)s企业培育名录库台账"
LEDGER_NOTES = (
    ("标题", "title"),
    ("筛选条件", "filter"),
    ("数据截至", "as_of"),
    ("行数", "count"),
    ("金额单位", "unit"),
    ("制表人", "printed_by"),
)
LEDGER_PARAGRAPHS = (
    "本表只含上述筛选条件下的企业；合计只加金额的数额栏，标准、比率不相加。",
    "金额为完整数值，显示两位小数；合计是数值，不是公式，筛选后不会变化。",
    "本表未经改动再次上传，不产生任何变更；“序号”、合计行和签名行在上传时忽略；由系统计算的栏目（如达标率、阶段）在上传时不改动数据。",
)
COLUMN_NOTES_HEADING = "栏目说明（改后再上传时的填法）"

# -- the quarterly book ---------------------------------------------------------------------------
QUARTER_TITLES = {
    DIRECTORY_SHEET: "%(city)s企业培育名录（%(quarter)s）",
    BY_COUNTY_SHEET: "%(city)s企业培育名录按县区汇总表（%(quarter)s）",
    BY_INDUSTRY_SHEET: "%(city)s企业培育名录按行业汇总表（%(quarter)s）",
    BY_STAGE_SHEET: "%(city)s企业培育名录按阶段汇总表（%(quarter)s）",
    CHANGES_SHEET: "%(city)s企业培育名录变化情况（%(quarter)s与%(previous)s比较）",
    BY_TIER_SHEET: "%(city)s企业培育名录县区与档次表（%(quarter)s）",
    MOVEMENT_SHEET: "%(city)s企业培育名录季度变动表（%(quarter)s与%(previous)s比较）",
    NOTES_SHEET: "%(city)s企业培育名录（%(quarter)s）编制说明",
    CERTIFIED_SHEET: "%(city)s企业培育名录各单位确认情况（%(quarter)s）",
}
QUARTER_LABEL = "%(year)s年第%(number)s季度"
QUARTER_NUMBERS = ("一", "二", "三", "四")
COUNTY_HEADING = "县（市、区）、功能区"
INDUSTRY_HEADING = "行业门类、大类"
STAGE_HEADING = "阶段"
FIRMS_HEADING = "企业数（家）"
LISTED_HEADING = "其中季末在库（家）"
ZONE_WITHIN = "其中：%(zone)s"
SHARE_HEADING = "占比"
REVENUE_HEADING = "本年累计营业收入（万元）"
REPORTED_HEADING = "其中有营业收入数据（家）"
INDUSTRY_UNKNOWN = "未填行业代码"
STAGE_UNKNOWN = "未注明阶段"
CHANGE_HEADINGS = (
    "序号",
    "变化",
    "日期",
    "企业名称",
    "统一社会信用代码",
    "所属县区",
    "事项",
    "变化前",
    "变化后",
    "原因",
)
CHANGE_LABELS = {
    "entered": "新增（入库）",
    "left": "退出（出库）",
    "altered": "变更",
    "moved": "跃迁",
    "corrected": "更正",
}
CORRECTION_OF = "%(what)s（%(quarter)s）"
RULES_CHANGED = "规则更正"
LISTED_HEADING_SHORT = N_("是否在库")
NOT_LISTED = N_("不在库")
END_OF_DAY = "%(day)s 终了时，%(known)s"
AS_OF_TITLE = "（%(day)s 终了时的情况）"
MERGED_INTO = "（并入%(name)s）"
CHANGE_COUNTS = "本季：%(counts)s。按企业逐家比较，不是总数相减。"
CHANGE_COUNT = "%(label)s %(firms)s 家"
NO_CHANGES = "本季没有变化。"
CERTIFIED_HEADINGS = ("单位", "企业数", "状态", "确认人", "日期", "未办结事项", "说明", "数据摘要")
CERTIFIED_COUNT = (
    "有企业的单位 %(offices)s 个，已确认 %(certified)s 个。企业计入填报单位和牵头部门，同一家企业可由两个单位确认。"
)
CERTIFIED_REFUSED = N_("不予确认：%(reason)s")
CLOSED_WITHOUT = N_("未经确认即冻结的原因：%(reason)s")
NOTHING_OPEN = "无"
MOVEMENT_OPENING = N_("上季末在库")
MOVEMENT_CORRECTED = N_("更正上季")
MOVEMENT_ENTERED = "新增（入库培育）"
MOVEMENT_CLOSING = N_("本季末在库")
MOVEMENT_HEADING = "变动"
TIER_HEADINGS = ("A档", "B档", "C档", "D档", "无档")
DRAFT_MARK = "【未冻结（草稿）】"
DRAFT_TEXT = "本季度尚未冻结，以下内容可能变动，不作为正式数据。"
NOTE_STATE = "状态"
FROZEN_TEXT = "已于 %(at)s 由%(by)s冻结，内容不再变动；此后的更正列入下一季度。"
NOTE_CLOSING = "冻结说明"
NOTE_SNAPSHOT = N_("快照摘要")
NOTE_CHAIN = "冻结时留痕链尾"
NOTE_RECALL = N_("查全评估")
RECALL_TEXT = (
    "%(drawn_on)s 抽样（种子 %(seed)s）：企业 %(firms)s 家，已列疑似重复 %(suspected)s 对，样本 %(drawn)s 对，有结论 %(judged)s 对；"
    "仍未找出的重复估计 %(likely)s 对，95%% 的把握在 %(low)s 至 %(high)s 对之间。"
)
NOTE_SCOPE = "范围"
NOTE_AS_OF = "数据时点"
NOTE_COMPARED = "对比时点"
NOTE_ROWS = "行数"
NOTE_ROWS_TEXT = (
    "名录 %(firms)s 家（%(groups)s），其中季末在库 %(listed)s 家、本季退出 %(left)s 家；本季变化 %(changes)s 条。"
)
PENDING = "待证"
NOTE_PENDING_TEXT = "%(firms)s 家企业的数尚无同类、同期凭证，金额栏留空并写“待证”，不计入达标率、档次和合计。"
NOTE_UNIT = "金额"
NOTE_UNIT_TEXT = "单位为万元，单元格内为完整数值，显示两位小数；合计均为数值，不是公式。"
NOTE_USE = "用途"
NOTE_RULES = "所用规则"
NOTE_DIGEST = "数据摘要"
NOTE_DIGEST_HOW = "摘要算法"
NOTE_DIGEST_TEXT = (
    "每家企业一个 JSON 对象（键名升序，无空格，UTF-8；金额为元、两位小数的字符串，日期为 ISO 格式，缺数据为 null），"
    "各行按字节序排列，以换行符连接，取 SHA-256。摘要只与名录各行的内容有关，与文件、导出人和导出时间无关。"
)
RULE_HEADINGS = ("规则", "版本", "内容", "依据")

# -- the workbook that comes back ---------------------------------------------------------------------
BOOK_SHEET = "本簿信息"
BOOK_TITLE = "企业培育工作簿（%(office)s，%(period)s）"
BOOK_HINT = (
    "本簿编号：%(token)s。金额单位：万元，填1月至该月的累计数。白色可填；绿色已有数据、免填，更正的须写理由；"
    "黄色为审核退回的栏目；灰色不开放。"
)
BOOK_COUNTS = "本簿共 %(cells)s 格，已有 %(spared)s 格免填，待填 %(asked)s 格。"
BOOK_KEY_HEADING = "行标识"
BOOK_KEY_NOTE = "系统用来认出这一行，请勿修改。"
BOOK_STATE_HEADING = "阶段和退回意见"
BOOK_STATE_NOTE = "签发时的阶段；退回的栏目标黄，意见见批注。"
BOOK_REASON_HEADING = "更正理由"
BOOK_REASON_NOTE = "更正在库企业的资料，或更正已登记的数时填写，例如：见更正后的利润表。"
BOOK_FIGURE_NOTE = "1月至该月的累计数，按万元，照报表填写；没有报表的留空，不填预计数。"
BOOK_HEADCOUNT_NOTE = "月末在岗人数，填整数；没有依据的留空。"
BOOK_RETURNED = "退回：%(fields)s"
BOOK_ON_PAGE = "%(field)s请在网页上补正"
BOOK_MARK = "退回意见：%(note)s"
BOOK_MARK_BLANK = "请补正"
BOOK_GUIDE_TITLE = "工作簿填写说明"
BOOK_PARAGRAPHS = (
    "一、本簿列出本单位现在可以填报的企业，一行一家；已有的内容已经填好，不必重填。",
    "二、白色单元格可以填写；绿色是系统已有的数据，不需要动，确有错误才更正，并在本行“更正理由”栏写明理由；灰色不开放。",
    "三、黄色单元格是审核部门退回补正的，意见见批注；退回的企业只开放这些栏目。退回的材料请在网页上传。",
    "四、金额一律按万元填1月至该月的累计数，不填当月数，不填预计数；没有报表的月份留空。",
    "五、可以用 WPS、Excel 或 LibreOffice 填写，列可以移动、行可以排序；请保存为 .xlsx，随时上传，过期或旧的工作簿也认得。",
    "六、上传后逐格比对签发时、系统现在、文件里三个值：只有文件改了的可以写入，两边都改了的逐格由您选定，确认之前不改动任何数据。",
    "七、新企业填在已有企业下面的空行里，一行一家，“行标识”留空；与名录中的企业相像的，上传后在该行选定是同一家还是两家。删掉的行不会被删除，只会询问。",
    "八、名称、代码、行标识是标识列，请勿修改；单元格里请填数值，不要留公式。",
    "九、只填企业提供或经企业同意的数据，不填统计联网直报数据，不代填，不估填。",
)

BODY_FONT = "宋体"
HEADING_FONT = "黑体"

# -- the rules and the scope of the quarterly book --------------------------------------------------
COUNTY_UNKNOWN = "未注明县区"
RULE_NAMES = {"statutory": "四上标准", "admission": "入库线"}
RULE_VERSION = "%(rule)s 第%(version)s版"
RULE_JOINT = "；"
RULE_LINES = {
    "revenue": "营业收入%(amount)s万元及以上",
    "main_revenue": "主营业务收入%(amount)s万元及以上",
}
RULE_QUALIFICATION = "按资质或开发经营活动确定，不以营业收入为标准"
RULE_OR_EMPLOYEES = "，或年末从业人员%(count)s人及以上"
RULE_VALIDITY = "年度数：%(years)s；累计数：%(days)s"
SPAN_OPEN = "未注明起止"
SPAN_FROM = "%(first)s 起"
SPAN_UNTIL = "至 %(last)s"
SPAN_WITHIN = "%(first)s 至 %(last)s"
UNVERIFIED = "（未核实）"
TIER_NAME = N_("达标率和档")
TIER_TEXT = (
    "达标率＝本年累计营业收入÷四上标准，舍去万分之一以下；档取上年全年与本年累计中较高的达标率，不折算全年："
    "A档 %(a)s及以上，B档 %(b)s及以上，C档 %(c)s及以上，其余为D档。"
)
WORD_JOINT = "、"
SCOPE_TEXT = (
    "截至 %(last)s 阶段为%(stages)s的企业，以及 %(first)s 至 %(last)s 出库、退库、合并的企业。"
    "每家企业按统计县（市、区）只计一次，功能区企业计入所在县（市、区）。阶段按办理日期，名称按启用日期，"
    "其他栏目按 %(last)s 已登记的内容；营业收入为截至季末月份各期的现行登记数（季后报来的数和更正计入）。不含联系人。"
)
