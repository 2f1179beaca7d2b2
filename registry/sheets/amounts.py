"""Amounts as people write them: digits, a unit, a currency; anything that is not one certain number is no amount."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from registry.base.characters import plainly
from registry.sheets.words import CURRENCIES, MULTIPLE, SCALES, YUAN

FEN = Decimal("0.01")
LARGEST = Decimal(10) ** 14
"""Amounts are stored in sixteen digits, two of them behind the point."""

_CURRENCY = "|".join(re.escape(word) for word in sorted(CURRENCIES, key=len, reverse=True))
_NUMBER = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_AMOUNT = re.compile(rf"(?P<front>{_CURRENCY})?(?P<number>{_NUMBER})(?P<unit>.*)")
_UNIT = re.compile(rf"(?P<multiple>{MULTIPLE})?(?P<yuan>{YUAN})?(?P<back>{_CURRENCY})?{YUAN}?[整正]?")
_BRACKETS = str.maketrans("", "", "()[]{}【】〔〕")
_TWO_NUMBERS = re.compile(r"\d\s+\d")
_FIFTEEN = Context(prec=15)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and what one of it is worth: `scale` units of `currency`, None where the text does not say."""

    number: Decimal
    scale: Decimal | None = None
    currency: str = "CNY"


def read_amount(text: str) -> Amount | None:
    """`100(万人民币元)`, `3万人民币`, `1000万美元`, `1,234.50`; None for `约1200万`, a range, or a bracketed loss."""
    match = _AMOUNT.fullmatch(compact(text))
    unit = _UNIT.fullmatch(match["unit"].translate(_BRACKETS)) if match else None
    if match is None or unit is None or (match["front"] and unit["back"]):
        return None
    currency = CURRENCIES.get(match["front"] or unit["back"] or "", "CNY")
    written = match["unit"] or match["front"]
    scale = SCALES[unit["multiple"] or ""] if written else None
    return Amount(Decimal(match["number"].replace(",", "")), scale, currency)


def compact(text: str) -> str:
    """NFKC, lower case, without spaces; but two numbers side by side must not become one, so their space stays."""
    folded = plainly(text).casefold()
    return folded if _TWO_NUMBERS.search(folded) else "".join(folded.split())


def exact(number: float) -> Decimal:
    """A number cell as the spreadsheet shows it: at most 15 digits, without the noise of binary fractions."""
    return _FIFTEEN.plus(Decimal(repr(number)))


def to_fen(amount: Decimal) -> Decimal:
    """Rounded half up to two places."""
    return amount.quantize(FEN, ROUND_HALF_UP)
