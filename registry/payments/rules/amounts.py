"""Yuan to the fen: as cheques write them, interest by the day, and what a sum of texts is."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from registry.payments.texts import CAPITALS

FEN = Decimal("0.01")
DAYS_OF_YEAR = 365


def in_capitals(amount: Decimal) -> str:
    """As the rules on bills have it: 1234.05 -> 壹仟贰佰叁拾肆元零伍分; whole yuan end in 整. From 0 to below 10^12."""
    whole, cents = divmod(int(amount.quantize(FEN, ROUND_HALF_UP) * 100), 100)
    jiao, fen = divmod(cents, 10)
    zero = CAPITALS.digits[0]
    words = f"{_whole(whole)}{CAPITALS.yuan}" if whole else ""
    if not cents:
        return f"{words or zero + CAPITALS.yuan}{CAPITALS.exactly}"
    if jiao:
        words += f"{CAPITALS.digits[jiao]}{CAPITALS.jiao}"
    elif whole:
        words += zero
    return f"{words}{CAPITALS.digits[fen]}{CAPITALS.fen}" if fen else f"{words}{CAPITALS.exactly}"


def _whole(number: int) -> str:
    groups = [number // 10_000**place % 10_000 for place in range(len(CAPITALS.groups))]
    words, gap = "", False
    for place in range(len(CAPITALS.groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            gap = bool(words)
            continue
        zero = CAPITALS.digits[0] if words and (gap or group < 1000) else ""
        words += zero + _thousands(group) + CAPITALS.groups[place]
        gap = False
    return words


def _thousands(group: int) -> str:
    """1 to 9999."""
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            words += (CAPITALS.digits[0] if gap and words else "") + CAPITALS.digits[digit] + CAPITALS.places[place]
        gap = not digit
    return words


def interest(amount: Decimal, rate: Decimal, days: int) -> Decimal:
    """Simple interest at a yearly rate (0.0435 is 4.35 %) over 365 days, rounded half up to the fen."""
    return (amount * rate * days / DAYS_OF_YEAR).quantize(FEN, ROUND_HALF_UP)
