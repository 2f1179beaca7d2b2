"""Sentences about forms of an upper level: why one is refused, why a cell stays empty, what the sheet of notes says."""

from __future__ import annotations

from registry.base.labels import N_

STATISTICAL = N_(
    "这是统计报表制度的表（写有“%(word)s”），不能回填：统计调查表由统计调查对象独立填报、统计机构布置，"
    "名录库是培育参考，不作统计上报依据，也不替企业和统计机构填数。"
)
# On the head of such a form stand its number, who laid it down and by which letter: 表号：F203表, 制定机关：国家统计局,
# 文号：国统字〔2019〕101号 (docs/decisions/0047-upper-forms.md names where this was seen). Compared without spaces.
STATISTICAL_HEADS = (
    r"统计报表制度|统计调查制度|统计调查项目|普查.{0,6}表",
    r"(?:制定|批准|制表|布置|备案)机关(?:名称)?[:：]?.{0,12}统计(?:局|厅|机构|调查队)",
    r"(?:国家|省|市)统计局(?:制定|印制|制)|统计(?:年报|季报|月报|快报|台账报表)|表号[:：]?[\u4e00-\u9fff]{1,4}统(?:计)?表",
    r"(?:批准|备案|制定)?文号[:：]?.{0,10}[国省市]?统[字制函办]",
    r"国统[字制函办]",
    r"表号[:：]?[A-Za-z]{0,4}\d{2,3}(?:-\d{1,2})?表?(?![0-9A-Za-z])",
    r"(?<![0-9A-Za-z])(?:[A-Za-z]{1,4}\d{3}(?:-\d{1,2})?|[1-6]\d{2}-\d{1,2})表",
)
"""Regular expressions over a text without spaces."""
NOT_A_WORKBOOK = N_("回填只收 .xlsx 工作簿：填好后要把原表交回去。请用 Excel 或 WPS 打开后另存为 .xlsx，再重新上传。")
NO_IDENTITY = N_(
    "第 %(row)s 行的表头里没有“企业名称”或“统一社会信用代码”，无法知道哪一行是哪家企业；找到的表头是：%(found)s。"
)
FILE_GONE = N_("上传的表已不在（保留 7 天），请重新上传。")
NO_FIRMS = N_("范围内没有可以填入的企业。")
TOO_MANY = N_("范围内有 %(count)s 家企业，超过一张表 %(limit)s 家的上限。请由县区分别回填，或先在表里列出需要的企业。")
NOT_CLOSED = N_("%(quarter)s 还没有冻结；没有冻结的按名录库现状填，请不选季度。")
UNKNOWN_UNIT = N_("“%(text)s”不是金额单位；可用：元、千元、万元、百万元、亿元。")
NO_COLUMN = N_("表里没有“%(heading)s”这个表头。")
REASON_NEEDED = N_("带联系人和电话的，请写明用途。")

UNITS = {"元": "1", "千元": "1000", "万元": "10000", "百万元": "1000000", "亿元": "100000000"}

# why a column is not filled
COLUMNS = {
    "unknown": N_("名录库没有这一栏，或表头不认识"),
    "qualified": N_("括号里的字使它不是名录库的这一栏"),
    "month": N_("是当月数，名录库只有累计数"),
    "year": N_("是别的年度，名录库没有分年登记"),
    "by_hand": N_("本单位指定不填"),
    "period": N_("表头写明的期间不是所指定的栏"),
    "given_twice": N_("指定过的表头不止一列"),
    "no_amount": N_("是预计数、计划数或比率，名录库不登记"),
    "no_unit": N_("金额没有写明单位；写明后再填"),
    "contacts": N_("联系人和电话未要求带出"),
    "foreign": N_("要求外币，名录库登记的是人民币"),
}
# why a cell is not filled
CELLS = {
    "empty": N_("名录库没有登记"),
    "unproven": N_("未证，没有本期凭证"),
    "other_month": N_("登记数截至 %(month)s，与表头或季度不同"),
    "later": N_("所要的期间在 %(period)s 之后，冻结时还没有"),
    "foreign": N_("登记的是外币：%(text)s"),
    "not_offered": N_("“%(text)s”不在该格下拉列表里"),
    "merged": N_("该格与别的格合并"),
    "occupied": N_("原有内容，未改动"),
    "beyond": N_("该企业现在不在本单位范围内，只填冻结时的内容"),
}
# why a row that the form names is not filled
ROWS = {
    "row_beyond": N_("在另一行表头之下，栏目可能不同，没有填"),
    "row_unknown": N_("名录库范围内没有这家企业"),
    "row_several": N_("同名的不止一家，须写明统一社会信用代码"),
    "row_code": N_("代码与名录库的“%(name)s”不符，未填"),
    "row_name": N_("代码属于“%(name)s”，名称不同，未填"),
    "row_twice": N_("与第 %(row)s 行是同一家企业，未填"),
}
DOUBTED = N_("存疑，已填，请核实")

# -- the sheet of notes, on paper and so in Chinese --------------------------------------------------
NOTES_SHEET = "说明"
NOTES_TITLE = "回填说明"
NOTE_USE = "用途"
NOTE_FORM = "原表"
NOTE_BY = "回填"
NOTE_BY_TEXT = "%(day)s，%(who)s"
NOTE_SYSTEM = "系统"
NOTE_SOURCE = "数据来源"
FROM_QUARTER = "%(quarter)s 冻结的季度名录（截至 %(as_of)s），本单位范围内"
FROM_LEDGER = "名录库现状（%(day)s），未冻结，以后会变；本单位范围内"
NOTE_FILLED = "已填"
NOTE_FILLED_TEXT = "%(firms)s 家企业，%(cells)s 格"
NOTE_MODE = "填法"
MODE_NAMED = "表中已列企业：按统一社会信用代码、没有代码的按全称逐行填写；原有内容一律未改"
MODE_ADDED = "表中未列企业：在表头下每家一行添写；原有内容一律未改"
MODE_ROOM = "；为此在第 %(row)s 行前插入 %(count)s 行"
NOTE_COLUMN = "%(letter)s 列 %(heading)s"
COLUMN_FILLED = "填“%(field)s”%(unit)s：%(filled)s 格"
COLUMN_LEFT = "；未填 %(count)s 格：%(why)s"
COLUMN_NOT = "整列未填：%(why)s"
COLUMN_UNIT = "，单位%(unit)s"
COLUMN_ASSUMED = "（原表没有写明单位，由回填人指定）"
COLUMN_NOW = "（冻结名录不含此栏，取现状）"
COLUMN_RECORDED = "（冻结名录不含此数，取现有登记且已证的）"
COLUMN_DOUBT = "（表内对单位有不同说法，按表头）"
COLUMN_GIVEN = "（%(by)s %(on)s 指定）"
COUNT_OF = "%(why)s %(count)s 格"
NOTE_LEFT = "未填清单"
NOTE_LEFT_TEXT = "行和格共 %(count)s 处，逐处列在下面；整列没有填的，见上面各列"
NOTE_LEFT_CUT = "共 %(count)s 处，先列 %(shown)s 处"
LEFT_PLACE = "%(place)s %(heading)s"
LEFT_TEXT = "%(firm)s：%(why)s"
ROW_PLACE = "第 %(row)s 行"
NOTE_OTHERS = "其他工作表"
NOTE_OTHERS_TEXT = "%(names)s：未动"
NOTE_LOST = "未能保留"
JOINT = "、"
SEMICOLON = "；"
