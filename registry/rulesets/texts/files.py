"""The sentences about files of reference data: what is wrong with them, and what became of what they say otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from registry.base.labels import N_

FILE_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "missing": N_("文件夹里没有这个文件，请放回后重新载入。"),
        "no_rows": N_("只有标题行，没有数据。"),
        "heading_missing": N_("缺少列“%(heading)s”，请按原文件的标题行补上。"),
        "heading_unknown": N_("没有名为“%(heading)s”的列，请改成：%(known)s。"),
        "heading_twice": N_("列“%(heading)s”出现了两次，请删去一列。"),
        "heading_empty": N_("这一列有内容，却没有列名。"),
        "too_wide": N_("这一行比标题行多出内容“%(text)s”，请检查逗号和引号。"),
        "empty": N_("不能为空。"),
        "yes_no": N_("“%(text)s”不是 yes 或 no。"),
        "whole": N_("“%(text)s”不是整数，请只写数字，不带单位和千分位。"),
        "amount": N_("“%(text)s”不是金额，请按元填写，只写数字和小数点，至多两位小数。"),
        "unit": N_("“%(text)s”带有单位或百分号，请按本列的单位只写数字，金额一律按元。"),
        "scale": N_("%(text)s 元不像一条标准：本列的单位是元，请核对是否写成了万元，或多写了零。"),
        "scale_held": N_("%(text)s 元与已发布的 %(here)s 元相差 %(times)s 倍，请核对单位是元还是万元。"),
        "number": N_("“%(text)s”不是数字，请只写数字和小数点，至多四位小数。"),
        "form_held": N_("“%(text)s”与已发布的“%(here)s”写法不同，请按同样的写法填写数字。"),
        "day": N_("“%(text)s”不是日期，请按 2021-10-15 的格式填写。"),
        "year": N_("“%(text)s”不是年份，请写四位数字。"),
        "word": N_("“%(text)s”不在可填的范围内：%(known)s。"),
        "code": N_("“%(text)s”不是这一列的代码，开头的 0 是否丢失？"),
        "character": N_("含有不能保存的字符：%(reason)s"),
        "spaces": N_("“%(text)s”里有多余的空格、换行或看不见的字符，请删去。"),
        "wide": N_("“%(text)s”是全角字符，请改成半角。"),
        "misread": N_("“%(text)s”是乱码：文件曾按错误的编码打开并保存，请用原文件，按 UTF-8 保存。"),
        "mixed": N_("这一行不是 UTF-8，其他行是：请把这一行按 UTF-8 重新录入。"),
        "encoding_doubt": N_("按 %(encoding)s 读出的多是生僻字，编码可能不对，请按 UTF-8 另存后再载入。"),
        "unlikely": N_("“%(text)s”不在这一列通常的范围 %(least)s 至 %(most)s 内，请核对数字和单位。"),
        "no_words": N_("“%(text)s”不是文字，请核对是否填错了列，或者还没有填。"),
        "parent": N_("“%(text)s”在 %(file)s 中没有，请先补上或改正。"),
        "key_twice": N_("与第%(other)s行的编号“%(key)s”重复，请删去一行。"),
        "not_distinct": N_("“%(text)s”与第%(other)s行相同，请改名或删去一行。"),
        "many_twice": N_("“%(text)s”写了两次，请删去一个。"),
        "checked_ahead": N_("核对日期“%(text)s”晚于今天（%(today)s），请填写实际核对的日期。"),
        "open_verified": N_("依据写着“待核”，这里不能是 yes：请对照原文写明依据，或改为 no。"),
        "short_longer": N_("简称“%(text)s”比全称“%(name)s”还长，两列是否写反？"),
        "span": N_("起始“%(first)s”晚于终止“%(last)s”。"),
        "version_gap": N_("%(rule)s 的版本须从 1 起连续编号，这里是 %(version)s。"),
        "version_order": N_("%(rule)s 的第 %(version)s 版须晚于上一版开始，两版时间重叠。"),
        "overlap": N_("%(key)s 的前一版到 %(last)s 才终止，与这一版重叠。"),
        "gap": N_("%(key)s 的前一版到 %(last)s 止，这一版 %(first)s 才开始，中间没有有效值，请接上日期。"),
        "line_gap": N_(
            "行业“%(code)s”在 %(last)s（%(one)s 终止）与 %(first)s（%(other)s 开始）之间没有标准，请接上日期。"
        ),
        "line_overlap": N_("行业“%(code)s”到 %(last)s 止的这一条与 %(first)s 起的 %(other)s 时间重叠，请核对日期。"),
        "scale_beside": N_(
            "%(text)s 元与其他标准（中位数 %(middle)s 元）相差 %(times)s 倍，请核对单位是元还是万元、零的个数。"
        ),
        "clash": N_("行业“%(code)s”同一时期另有 %(other)s 的标准，无法判断适用哪一条。"),
        "city_count": N_("应当恰好有一个城市（level 为 city），这里有 %(count)s 个。"),
        "city_other": N_(
            "这是%(name)s（%(text)s）的区划，本库已是%(here)s（%(code)s）：一个库只装一个城市，请另建一个库。"
        ),
        "city_outside": N_("“%(text)s”的上级不通到本市，请核对上级代码。"),
        "place_code": N_("“%(text)s”不是 level 为 %(level)s 的代码，请核对代码和级别。"),
        "place_outside": N_("“%(text)s”的开头不是“%(digits)s”，与上级 %(other)s 的代码不符。"),
        "city_parent": N_("城市没有上级，请留空。"),
        "city_county": N_("城市没有统计所在县，请留空。"),
        "parent_level": N_("“%(text)s”的级别是 %(here)s，%(level)s 的上级须是 %(wanted)s。"),
        "county_level": N_("“%(text)s”的级别是 %(level)s，这里须填 level 为 county 的代码。"),
        "county_self": N_("县（市、区）由本身统计，这里须填“%(code)s”，不是“%(text)s”。"),
        "county_town": N_("“%(text)s”与上级 %(parent)s 不同：不属功能区的镇街由上级县统计。"),
        "column_level": N_("“%(text)s”的级别是 %(here)s，这一列须填 level 为 %(wanted)s 的代码，两列是否写反？"),
        "zone_twice": N_("“%(text)s”已归 %(other)s，一个镇街只能归一个功能区。"),
        "zone_county": N_("“%(text)s”由 %(county)s 统计，功能区 %(zone)s 由 %(other)s 统计，须一致。"),
        "industry_level": N_("“%(text)s”有 %(digits)s 位，不是 level 为 %(level)s 的代码，请核对代码和级别。"),
        "industry_parent": N_("“%(code)s”的上级应为“%(wanted)s”，这里是“%(text)s”。"),
        "industry_section": N_("上级“%(parent)s”属于门类“%(wanted)s”，这里是“%(text)s”。"),
        "industry_year": N_("依据写的不是 %(year)s 年版，请核对年份。"),
        "relation": N_("关系“%(text)s”与对照表的行数、代码不符，应为“%(wanted)s”。"),
        "office_division": N_("kind 为 %(kind)s 的机构须属 level 为 %(wanted)s 的区划，“%(text)s”是 %(here)s。"),
        "alias_other": N_("“%(text)s”是另一机构 %(other)s 的名称，不能作 %(office)s 的别名。"),
        "successor_early": N_("写了后继“%(text)s”，却没有写终止日期：请补上最后一天，或删去后继。"),
        "successor_self": N_("“%(text)s”不能由自己接替，请填写接替它的代码。"),
        "successor_ended": N_("后继“%(text)s”到 %(last)s 也已终止，请填写当时仍在的一个。"),
        "successor_kind": N_("后继“%(text)s”的 kind 是 %(kind)s，须是 %(wanted)s（功能区可由县接替）。"),
        "successor_level": N_("后继“%(text)s”的 level 是 %(level)s，须是 %(wanted)s（功能区可由县接替）。"),
        "place_unfollowed": N_("“%(text)s”写了终止日期，却没有写后继：企业改计在哪里，请填写它的代码。"),
        "office_lasting": N_("“%(text)s”（kind 为 %(kind)s）不能终止，入库、申报和账号离不开它；改名请另立一版。"),
        "office_gone": N_("机构“%(text)s”已终止而没有后继，请改由别的机构承担，或给这一行写上终止日期。"),
        "works_anyway": N_("%(text)s 是周一至周五，本来就上班：调休上班日须是周六或周日。"),
        "notice_year": N_("依据里没有写到 %(text)s 所在的年份，请核对日期和通知的文号。"),
        "co_lead": N_("“%(text)s”已是牵头部门，不能同时协办。"),
        "width_turned": N_("下限“%(low)s”不小于上限“%(text)s”，两列是否写反？"),
        "width_missing": N_("%(method)s 缺少 %(month)s 月，须 1 至 11 月齐全。"),
        "width_beside": N_("“%(text)s”与相邻月份的“%(other)s”相差太大，请核对小数点。"),
        "street_office": N_("“%(text)s”不归机构“%(office)s”，请核对两列。"),
        "routing_kind": N_("“%(text)s”的 kind 是 %(kind)s，牵头和协办只能是市直部门（kind 为 bureau）。"),
        "setting_reserved": N_("以“%(text)s”开头的参数只属于演示数据，不能由文件载入。"),
        "setting_unknown": N_("没有名为“%(text)s”的参数，是否应为“%(known)s”？"),
        "setting_missing": N_("缺少参数“%(key)s”，本库也没有，没有它系统不能运行，请补上。"),
        "setting_idle": N_("%(key)s 没有一版在载入当日（%(on)s）有效，请核对起止日期。"),
        "setting_coming": N_("%(key)s 要到 %(first)s 才开始，载入当日（%(on)s）没有可用的值，请核对日期。"),
        "office_missing": N_("缺少代码为“%(code)s”、kind 为 %(kind)s 的机构，系统管理员属于它，请补上。"),
        "routing_rest": N_("缺少 industry_prefix 为空的一行：其余行业没有牵头部门，请补上。"),
        "line_far": N_("%(rule)s 要到 %(first)s 才开始，最晚须从明年开始，请核对日期。"),
        "line_idle": N_(
            "%(rule)s 没有一版在载入当日（%(on)s）有效，行业“%(code)s”也没有别的有效标准，请核对起止日期。"
        ),
        "line_none": N_("%(rule)s 没有一版在载入当日（%(on)s）有效，也没有别的同类标准，请核对起止日期。"),
    }
)

OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "waits": N_("已列入草稿 %(draft)s，待另一人核对后发布"),
        "declined": N_("草稿 %(draft)s 已办结不予采用，没有采用，也不再提出"),
        "stands": N_("已发布的不改，没有采用；确需改动的，请另行起草新版本"),
        "dates": N_("已发布一行的日期、依据不改，没有采用；请在“规则版本”页起草新版本，写明新的日期和依据"),
        "day_past": N_("这一天已过，没有采用：已计的期限不变"),
        "past": N_("起始日期已过，没有采用：以往的判断不变；请改为今后的日期，或在“基础数据”页面起草"),
        "later": N_("本库另有更新的版本，或已经终止，没有采用；请在“规则版本”页起草新版本"),
        "next": N_("版本号须接着已发布的版本，没有采用；请改版本号，或等前一版发布后再载入"),
        "unsound": N_("不能成为新版本，没有采用：%(reason)s"),
        "row_stands": N_("已发布的一行不改，没有采用；请改回文件，确需改动的以新代码另立一行"),
        "version_stands": N_(
            "已发布的不改，没有采用；请改回文件，确需改动的在“基础数据”页面起草新版本，或在文件里另加一行，写明起始日期"
        ),
    }
)

DRAFT_TITLE = N_("基础数据文件的改动：%(kind)s")
DRAFT_NOTE = N_(
    "由基础数据文件的这些行提出：%(rows)s，请对照依据原文核对。已发布的版本和以往的判断不变；文件未写明可用的施行日期时，按次年1月1日。"
)
DRAFT_DROPPED = N_("文件已改动，本草稿由系统撤回。")
