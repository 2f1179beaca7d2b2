"""The word lists of matching: files (UTF-8, a header row, in each row where it comes from) and a few single characters."""

from __future__ import annotations

import csv
from importlib.resources import files

NUMERALS = "一二三四五六七八九十百千〇零两0-9"  # the inside of a character class
YEAR, MONTH, DAY = "年", "月", "日"
ORDINAL_MARK = "第"
NUMERAL_CHARACTERS = frozenset("一二三四五六七八九十百千〇零两0123456789")
COUNTED_UNITS = frozenset("厂店门分支营部队所站场号社组矿")  # what is numbered: 三厂, 二门市部, 一分店
DIRECTIONS = frozenset("东南西北中上下前后左右内外新老大小")
GROUP = "集团"
GROUPED = ("股份", "集团", "控股", "公司")
COUNTRY, CITY = "中国", "市"
SUFFIXES, TOWNSHIPS = "省市县区", "乡镇"  # the inside of a character class
AFTER_CITY_SHORT = frozenset("场政容")  # '东莞' + '市场…', not '东莞市' + '场…'
TRADE_ENDING = "业"  # 红光酒业 and 红光酒(厂) are one by rule 3.3
OPENING, CLOSING = r"(\[{【〔〖「『《〈", r")\]}】〕〗」』》〉"  # after NFKC; the insides of character classes


def rows(file: str) -> list[dict[str, str]]:
    with (files(__name__) / file).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
