"""Numerals written in another way: 168 and 一六八, 第1 and 第一, 21世纪 and 二十一世纪, 叁陆伍 and 三六五."""

from __future__ import annotations

import re

from registry.matching.lexicons import ORDINAL_MARK

_DIGITS = "〇一二三四五六七八九"
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾零", "一二三四五六七八九十〇")
_FORMAL_RUN = re.compile(
    f"(?<={ORDINAL_MARK})[壹贰叁肆伍陆柒捌玖拾]+|[壹贰叁肆伍陆柒捌玖拾]{{2,}}"
)  # 陆丰, 伍洲: no numerals
_NOUGHT = re.compile(f"(?<=[{_DIGITS}])零|零(?=[{_DIGITS}])")
_ARABIC = re.compile("[0-9]+")
_LONGEST_VALUE = 4
WRITTEN_OTHERWISE = re.compile("[0-9〇零壹贰叁肆捌玖柒拾伍]")
"""What a key has that may be a numeral other than the usual."""


def plain(text: str) -> str:
    """`text` with formal numerals and the written nought in the usual characters."""
    return _NOUGHT.sub("〇", _FORMAL_RUN.sub(lambda run: run[0].translate(_FORMAL), text))


def spelt_as(text: str, other: str) -> str:
    """`text` with each Arabic number as `other` writes it, by its value or digit by digit, else as it is."""
    return _ARABIC.sub(lambda run: next((way for way in ways(run[0]) if _stands(way, other)), run[0]), text)


def ways(number: str) -> tuple[str, ...]:
    """How a number in Arabic digits is written in characters: '21' as 二十一 and 二一."""
    digits = "".join(_DIGITS[int(digit)] for digit in number)
    if len(number) > _LONGEST_VALUE or number.startswith("0"):
        return (digits,)
    return tuple(dict.fromkeys((_value(int(number)), digits)))


def _value(number: int) -> str:
    """1 to 9999 in words; '' for nought."""
    text, skipped = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("〇" if skipped and text else "") + _DIGITS[digit] + name
            skipped = False
        else:
            skipped = True
    return text.removeprefix("一") if text.startswith("一十") else text


def _stands(way: str, other: str) -> bool:
    """Whether `other` has exactly that numeral, no longer one."""
    counting = f"[{_DIGITS}十百千0-9]"
    return bool(way) and re.search(f"(?<!{counting}){way}(?!{counting})", other) is not None
