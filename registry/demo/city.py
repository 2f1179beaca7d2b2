"""Invented firms from word lists and a fixed seed; no real firm, valid check digits."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from registry.base.credit_code import check_character, organisation_character
from registry.demo import seasons

SEED = 20211015
TODAY = date(2021, 10, 15)
SURNAMES = "陈林黄李王张吴刘蔡郑杨许郭曾罗彭叶庄"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华慧建国"
# How far the story of a firm goes, and how many firms go that far.
ENDINGS: tuple[tuple[str, int], ...] = (
    ("lead", 46), ("watched", 6), ("proposed", 16), ("under_review", 16), ("returned", 12), ("mended", 6),
    ("withdrawn", 6), ("rejected", 8), ("admitted", 130), ("qualified", 46), ("filed", 10), ("in_chain", 7),
    ("enrolled", 14), ("removed", 9), ("delisted", 3), ("merged", 3),
)  # fmt: skip
LISTED = frozenset({"admitted", "qualified", "filed", "in_chain", "enrolled", "removed", "delisted", "merged"})
OVER_LINE = frozenset({"qualified", "filed", "in_chain", "enrolled", "delisted"})


@dataclass(frozen=True)
class Story:
    """One firm: what its county types in, its revenue month by month, and how far it gets."""

    office: str
    ending: str
    values: dict[str, Any]
    known_since: date
    months: tuple[tuple[int, int, Decimal], ...]  # year, month, yuan of that month alone
    former_name: str
    former_until: date | None


def firms(folder: Path, lines: dict[str, Decimal], *, count: int | None = None) -> list[Story]:
    """Every invented firm; `lines` gives the statutory line in yuan by industry code."""
    random = Random(SEED)  # noqa: S311 - a story, not a secret
    trades, streets = _rows(folder / "trades.csv"), _rows(folder / "streets.csv")
    heads = [row["trade_name"] for row in _rows(folder / "trade_names.csv")]
    endings = [ending for ending, number in ENDINGS for _ in range(number)][:count]
    random.shuffle(endings)
    used: set[str] = set()
    stories = []
    for serial, ending in enumerate(endings, start=1):
        trade, street = random.choice(trades), streets[serial % len(streets)]
        name = _name(random, heads, trade, street, used)
        stories.append(_story(random, serial, ending, name, trade, street, lines[trade["industry"]]))
    return stories


def credit_code(serial: int, region: str, series: str = "MAD") -> str:
    """A code that passes its check digit and belongs to nobody; `series` begins the organisation's part of it."""
    eight = f"{series}{serial:0{8 - len(series)}d}"
    first = f"91{region}{eight}{organisation_character(eight)}"
    return first + check_character(first)


def _story(
    random: Random, serial: int, ending: str, name: str, trade: dict[str, str], street: dict[str, str], line: Decimal
) -> Story:
    founded = date(2012, 1, 1) + timedelta(days=random.randrange(365 * 8))
    address = f"{street['place']}{random.randrange(1, 240)}号"
    since = date(2020, 1, 6) + timedelta(days=random.randrange(330))
    renamed = random.random() < 0.08 and name.endswith("有限公司") and "科技" not in name
    return Story(
        office=street["office"],
        ending=ending,
        values={
            "name": name,
            "credit_code": credit_code(serial, street["office"][:6]),
            "division": street["office"],
            "town": street["town"],
            "registered_address": address,
            "operating_address": address
            if random.random() < 0.93
            else f"{street['place']}{random.randrange(1, 90)}号二楼",
            "industry": trade["industry"],
            "activity": f"{trade['words']}及相关服务",
            "legal_form": "partnership" if "合伙" in trade["form"] or not trade["form"] else "limited",
            "unit_kind": "legal_person",
            "founded_on": founded,
            "opened_on": founded + timedelta(days=random.randrange(20, 90)),
            "capital": Decimal(random.choice((50, 100, 200, 500, 1000))) * 10_000,
            "accounting": random.choice(("enterprise", "small_enterprise")),
            "taxpayer_kind": "general" if line > 10_000_000 else random.choice(("general", "small_scale")),
            "employees": random.randrange(6, 90),
            "contact_name": random.choice(SURNAMES) + random.choice(GIVEN) + random.choice(("", random.choice(GIVEN))),
            "contact_phone": f"1380000{random.randrange(10_000):04d}",
            **(_LOOKED_UP if serial % 3 else {}),
        },
        known_since=since,
        months=tuple(_months(random, _full_year(random, ending, line), ending, serial)),
        former_name=name.replace("有限公司", "科技有限公司") if renamed else "",
        former_until=since + timedelta(days=200) if renamed else None,
    )


_LOOKED_UP = {"operating_state": "active", "operating_state_source": "国家企业信用信息公示系统"}
"""Of two in three somebody has looked how they stand."""


def _name(random: Random, heads: Sequence[str], trade: dict[str, str], street: dict[str, str], used: set[str]) -> str:
    """Place, two joined trade names where one is taken, industry words, legal form."""
    while True:
        head = random.choice(heads) + (random.choice(heads) if random.random() < 0.35 else "")
        name = f"{street['prefix']}{head}{trade['words']}{trade['form']}"
        if name not in used:
            used.add(name)
            return name


def _full_year(random: Random, ending: str, line: Decimal) -> Decimal:
    """Yuan of the year 2021: over the line where the story says so, over the admission line where it is listed."""
    if ending in OVER_LINE:
        share = Decimal(random.randrange(158, 230)) / 100
    elif ending in LISTED:
        # 10 million admits; where that is the line itself, last year stood above it and this year lags.
        share = (
            Decimal(random.randrange(70, 118)) / 100 if line > 10_000_000 else Decimal(random.randrange(116, 132)) / 100
        )
    else:
        share = Decimal(random.randrange(25, 125)) / 100
    return line * share


def _months(random: Random, year: Decimal, ending: str, serial: int) -> list[tuple[int, int, Decimal]]:
    """January 2019 to September 2021, with the seasons of a service firm and some noise, in whole fen."""
    growth = {2019: Decimal("0.82"), 2020: Decimal("0.93"), 2021: Decimal(1)}
    if ending == "enrolled" and serial % 3 == 0:
        growth[2020] = Decimal("1.21")  # fell back after it got in
    shape = ("service", "year_end", "quarterly", "school")[serial % 4] if ending == "admitted" else "service"
    season = seasons.SHAPES[shape]
    result = []
    for index in range(24):
        calendar, month = 2019 + (9 + index) // 12, (9 + index) % 12 + 1
        share = Decimal(season[month - 1]) / 100 * Decimal(random.randrange(880, 1120)) / 1000
        result.append((calendar, month, (year * growth[calendar] * share).quantize(Decimal("0.01"))))
    # drawn apart, so that the story of every other firm stays as it was
    apart = Random(f"{SEED} {serial}")  # noqa: S311 - a story, not a secret
    first = seasons.earlier(apart, 2019, 9, year * growth[2019], shape)
    return [*((row.year, row.month, row.yuan) for row in first), *result]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
