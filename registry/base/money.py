"""Amounts in 万元, as sentences say them."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

WAN = Decimal(10_000)
CENT = Decimal("0.01")


def in_wan(amount: Decimal, rounding: str = ROUND_FLOOR) -> str:
    """Yuan as 万元 with two decimals, rounded down, so that a figure below a line never reads like the line."""
    return f"{(amount / WAN).quantize(CENT, rounding):,}"


_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")


def in_words(amount: Decimal) -> str:
    """Yuan as a person reads it aloud, to the whole yuan: 85000000000 -> 八百五十亿元. Up to 16 digits."""
    whole = int(amount)
    if whole <= 0:
        return "零元"
    groups = [whole // 10_000**place % 10_000 for place in range(len(_GROUPS))]
    words = ""
    for place in range(len(_GROUPS) - 1, -1, -1):
        group, above = groups[place], any(groups[place + 1 :])
        if group:
            gap = "零" if above and (group < 1000 or not groups[place + 1]) else ""
            unit = "万" if place == 3 and groups[2] else _GROUPS[place]
            words += gap + _in_thousands(group) + unit
    return words + "元"


def _in_thousands(group: int) -> str:
    """1 to 9999."""
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return words[1:] if 10 <= group < 20 else words


_CAPITALS = "零壹贰叁肆伍陆柒捌玖"
_CAPITAL_PLACES = ("", "拾", "佰", "仟")


def in_capitals(amount: Decimal) -> str:
    """Yuan as a voucher writes it, in capitals, to the cent: 430000 -> 肆拾叁万元整. Below 10 000 亿."""
    cents = int((amount * 100).to_integral_value())
    whole, rest = divmod(cents, 100)
    words = _capital_whole(whole) + "元" if whole else ""
    tenths, hundredths = divmod(rest, 10)
    if not rest:
        return (words or "零元") + "整"
    words += "零" if whole and not tenths else ""
    words += f"{_CAPITALS[tenths]}角" if tenths else ""
    return words + (f"{_CAPITALS[hundredths]}分" if hundredths else "整")


def _capital_whole(whole: int) -> str:
    words, gap = "", False
    for place in range(len(str(whole)) - 1, -1, -1):
        digit = whole // 10**place % 10
        if digit:
            words += ("零" if gap else "") + _CAPITALS[digit] + _CAPITAL_PLACES[place % 4]
            gap = False
        else:
            gap = bool(words)
        if place % 4 == 0 and whole // 10**place % 10_000:
            words += _GROUPS[place // 4]
    return words
