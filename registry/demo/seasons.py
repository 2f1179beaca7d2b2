"""How invented firms earn over the years: a seasonal shape, growth, noise and sometimes a break."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import NamedTuple

# Shares of a year by month in per cent, as services of these kinds tend to invoice.
SHAPES: dict[str, tuple[int, ...]] = {
    "steady": (7, 6, 8, 8, 8, 9, 8, 8, 9, 9, 9, 11),
    "service": (6, 5, 8, 8, 8, 9, 8, 8, 9, 9, 10, 12),
    "year_end": (4, 3, 6, 6, 7, 8, 7, 8, 9, 9, 12, 21),  # projects accepted and invoiced before the year closes
    "school": (6, 4, 10, 10, 9, 8, 3, 5, 14, 12, 10, 9),
    "summer": (5, 9, 6, 7, 9, 8, 13, 13, 8, 9, 6, 7),
    "quarterly": (3, 3, 15, 4, 4, 16, 4, 4, 17, 4, 4, 22),  # settled with the customer once a quarter
}


class Month(NamedTuple):
    year: int
    month: int
    yuan: Decimal  # of that month alone


def history(random: Random, first_year: int, years: int) -> list[Month]:
    """`years` whole years of a firm drawn at random: its shape, size, growth, noise, and in one of seven a break."""
    shape = SHAPES[random.choice(sorted(SHAPES))]
    noise = random.uniform(0.05, 0.35)
    level = 1e6 * 10 ** random.uniform(0.3, 1.5)
    breaks_at = random.randrange(6, 12 * years) if random.random() < 1 / 7 else None
    factor = random.choice((random.uniform(0.3, 0.7), random.uniform(1.3, 2)))
    months = []
    for year in range(years):
        level *= max(0.4, random.gauss(1.08, 0.18)) if year else 1
        for month in range(12):
            broken = breaks_at is not None and year * 12 + month >= breaks_at
            yuan = level * shape[month] / 100 * random.lognormvariate(-noise * noise / 2, noise)
            months.append(Month(first_year + year, month + 1, _yuan(yuan * (factor if broken else 1))))
    return months


def earlier(random: Random, year: int, through: int, total: Decimal, shape: str) -> list[Month]:
    """January to `through` of a year that is told from the month after, of a firm whose year was about `total`."""
    return [
        Month(year, month, _yuan(float(total) * SHAPES[shape][month - 1] / 100 * random.uniform(0.9, 1.1)))
        for month in range(1, through + 1)
    ]


def _yuan(amount: float) -> Decimal:
    return Decimal(f"{amount:.2f}")
