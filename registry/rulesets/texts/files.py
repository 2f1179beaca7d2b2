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
        "parent": N_("“%(text)s”在 %(file)s 中没有，请先补上或改正。"),
        "key_twice": N_("与第%(other)s行的编号“%(key)s”重复，请删去一行。"),
        "span": N_("起始“%(first)s”晚于终止“%(last)s”。"),
        "version_gap": N_("%(rule)s 的版本须从 1 起连续编号，这里是 %(version)s。"),
        "version_order": N_("%(rule)s 的第 %(version)s 版须晚于上一版开始，两版时间重叠。"),
        "overlap": N_("%(key)s 的前一版到 %(last)s 才终止，与这一版重叠。"),
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
        "dates": N_("已发布一行的日期、依据不改，没有采用；请在规则集里起草新版本，写明新的日期和依据"),
        "later": N_("本库另有更新的版本，或已经终止，没有采用；请在规则集里起草新版本"),
        "next": N_("版本号须接着已发布的版本，没有采用；请改版本号，或等前一版发布后再载入"),
        "unsound": N_("不能成为新版本，没有采用：%(reason)s"),
        "row_stands": N_("已发布的一行不改，没有采用；请改回文件，确需改动的以新代码另立一行"),
    }
)

DRAFT_TITLE = N_("基础数据文件的改动：%(kind)s")
DRAFT_NOTE = N_(
    "由基础数据文件的这些行提出：%(rows)s，请对照依据原文核对。已发布的版本和以往的判断不变；文件未写明可用的施行日期时，按次年1月1日。"
)
DRAFT_DROPPED = N_("文件已改动，本草稿由系统撤回。")
