"""A database of invented firms at the scale asked for, written by plain bulk inserts."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert

from registry.base.extensions import db
from registry.config import ROOT
from registry.demo.city import credit_code
from registry.firms.models.firms import Firm
from registry.matching.sound import sound_key
from registry.reference.queries import reference

SEED = 7
CHUNK = 5_000
STAGES = ("lead",) * 5 + ("admitted",) * 3 + ("qualified", "enrolled", "removed")
HEADS = "云海正青粤滨衡博铭联鹏瀚蓝启晨远拓汇鼎信恒盛锦潮金红凤品清莲玄银木榕白渔星灯罗锚百聚绿安精准规方圆天北南明慧千万元知问格求致弘思日厚融贯协同众优速捷畅广丰新嘉禾松竹梅兰菊"


def names(count: int) -> Iterator[tuple[str, str]]:
    """(name, industry) of `count` invented firms; a few per mille share a name with another."""
    random = Random(SEED)
    trades = _rows("trades.csv")
    prefixes = [row["prefix"] for row in _rows("streets.csv")]
    for _ in range(count):
        trade = random.choice(trades)
        head = "".join(random.choices(HEADS, k=random.choice((2, 2, 3, 4))))
        yield f"{random.choice(prefixes)}{head}{trade['words']}{trade['form']}", trade["industry"]


def fill(count: int) -> None:
    """`count` firms of all counties, stages and tiers, in the open database; commits."""
    random = Random(SEED)
    counties = [office for office in reference.offices().values() if office.kind in ("county", "zone")]
    rows = _firms(random, counties, count)
    while chunk := list(islice(rows, CHUNK)):
        db.session.execute(insert(Firm), chunk)
        db.session.commit()


def _firms(random: Random, counties: list[Any], count: int) -> Iterator[dict[str, Any]]:
    now = datetime(2021, 10, 15, 9, tzinfo=UTC)
    for serial, (name, industry) in enumerate(names(count), start=1):
        office = counties[serial % len(counties)]
        lead, _ = reference.bureaus_of(industry)
        line = Decimal(20_000_000 if industry < "66" else 10_000_000)
        revenue = (line * random.randrange(5, 160) / 100).quantize(Decimal("0.01")) if serial % 9 else None
        rate = (revenue / line).quantize(Decimal("0.0001")) if revenue is not None else None
        yield {
            "name": name,
            "credit_code": credit_code(serial % 100_000, office.code[:6])[:8] + f"{serial:010d}",
            "name_key": name,
            "parts_key": name,
            "core_key": name[2:],
            "sound_key": sound_key(name),
            "stage": STAGES[serial % len(STAGES)],
            "stage_on": date(2021, 1 + serial % 9, 1),
            "office_id": office.id,
            "division": office.division,
            "statistical_county": office.code[:6],
            "industry": industry,
            "lead_bureau_id": lead.id if lead else None,
            "co_bureaus": "",
            "standing_year": 2021,
            "revenue_to_date": revenue,
            "to_month": 9 if revenue is not None else None,
            "statutory_line": line,
            "admission_line": Decimal(10_000_000),
            "rate": rate,
            "tier": None if rate is None else "A" if rate >= 1 else "B" if rate >= Decimal("0.8") else "C",
            "missing": "" if revenue is not None else ",revenue,document,",
            "created_at": now,
            "version": 1,
        }


def _rows(name: str) -> list[dict[str, str]]:
    path: Path = ROOT / "seeds" / "demo" / name
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
