"""The words of a notice of holidays, and what is wrong with one that was pasted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from registry.base.labels import N_

# How the notice is printed: its items, first and last day of a holiday, the days that make up for it.
YEAR = re.compile(r"关于\s*(20\d{2})\s*年")
_HEAD = r"([一二三四五六七八九十]+)、\s*([^\s，。：:]{2,12})\s*[:：]"
ITEM = re.compile(rf"{_HEAD}(.+?)(?={_HEAD}|节假日期间|鼓励|\Z)", re.DOTALL)
NUMBERS = "一二三四五六七八九十"
_DATE = r"(?:(?:(20\d{2})年)?(\d{1,2})月)?(\d{1,2})日(?:[（(]([^（）()]*)[）)])?"
SPAN = re.compile(rf"^{_DATE}(?:至{_DATE})?[^，。,]*放假")
DAYS = re.compile(r"共\s*(\d+)\s*天")
WORK = re.compile(r"放假[^。]*。(.*)上班")
ONE = re.compile(_DATE)
WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日])")
WEEKDAYS = "一二三四五六日"
CLAUSE = "第%s条"
"""The place of an item in the notice."""
MADE_UP = "调休上班"
"""What a day that makes up for a holiday is called, behind its name."""
NOTICE_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "no_year": N_("没有读到年份，请连同标题“关于20××年部分节假日安排的通知”一起粘贴。"),
        "no_items": N_("没有读到“一、元旦：…放假”这样的条目，请粘贴通知正文。"),
        "no_item": N_("没有读到第%(number)s条，通知须从第一条起逐条完整粘贴。"),
        "no_span": N_("没有读出放假的起止日期：“%(line)s”"),
        "no_day": N_("日期不存在：“%(line)s”"),
        "count": N_("起止日期是 %(count)s 天，与写明的天数不符：“%(line)s”"),
        "weekday": N_("%(day)s 是星期%(is)s，通知里写的是星期%(told)s，请核对年份和日期：“%(line)s”"),
    }
)
