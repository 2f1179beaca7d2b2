"""The sentences about files of reference data: what is wrong with them, and what became of what they say otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from registry.domain.labels import N_

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
        "number": N_("“%(text)s”不是数字。"),
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
        "setting_reserved": N_("以“%(text)s”开头的参数只属于演示数据，不能由文件载入。"),
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
