"""Yuan to the fen: as cheques write them, interest by the day, and what a sum of texts is."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")
DAYS_OF_YEAR = 365
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def in_capitals(amount: Decimal) -> str:
    """As the rules on bills have it: 1234.05 -> 壹仟贰佰叁拾肆元零伍分; whole yuan end in 整. Not negative."""
    whole, cents = divmod(int(amount.quantize(FEN, ROUND_HALF_UP) * 100), 100)
    jiao, fen = divmod(cents, 10)
    words = f"{_whole(whole)}元" if whole else ""
    if not cents:
        return f"{words or '零元'}整"
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif whole:
        words += "零"
    return f"{words}{_DIGITS[fen]}分" if fen else f"{words}整"


def _whole(number: int) -> str:
    groups = [number // 10_000**place % 10_000 for place in range(len(_GROUPS))]
    words, gap = "", False
    for place in range(len(_GROUPS) - 1, -1, -1):
        group = groups[place]
        if not group:
            gap = bool(words)
            continue
        words += ("零" if words and (gap or group < 1000) else "") + _thousands(group) + _GROUPS[place]
        gap = False
    return words.replace("万亿亿", "万亿")


def _thousands(group: int) -> str:
    """1 to 9999."""
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + _PLACES[place]
        gap = not digit
    return words


def interest(amount: Decimal, rate: Decimal, days: int) -> Decimal:
    """Simple interest at a yearly rate (0.0435 is 4.35 %) over 365 days, rounded half up to the fen."""
    return (amount * rate * days / DAYS_OF_YEAR).quantize(FEN, ROUND_HALF_UP)
