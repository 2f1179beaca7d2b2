"""The reference data as the rules see it, read from `seeds/`."""

from __future__ import annotations

import csv
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest

from registry.reference.rules.divisions import DivisionRow, Territory
from registry.reference.rules.industries import Classification, IndustryRow
from registry.reference.rules.thresholds import RuleBook, ThresholdRule, TierEdges

SEEDS = Path(__file__).parents[1] / "seeds"


def rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def rules() -> RuleBook:
    return RuleBook(ThresholdRule.parse(row) for row in rows("thresholds"))


@pytest.fixture(scope="session")
def classification() -> Classification:
    industries = [
        IndustryRow(
            int(r["year"]), r["code"], r["name"], r["level"], r["parent"], r["section"], in_scope=r["in_scope"] == "yes"
        )
        for r in rows("industries")
    ]
    return Classification(industries, [(r["code_2011"], r["code_2017"]) for r in rows("industry_map")])


@pytest.fixture(scope="session")
def territory() -> Territory:
    named = {field.name for field in fields(DivisionRow)}
    divisions = [DivisionRow(**{key: value for key, value in r.items() if key in named}) for r in rows("divisions")]
    zone_towns = [(r["zone"], r["town"]) for r in rows("zone_towns")]
    return Territory(divisions, zone_towns, [(r["alias"], r["office"]) for r in rows("office_aliases")])


@pytest.fixture(scope="session")
def tiers() -> TierEdges:
    values = {r["key"]: Decimal(r["value"]) for r in rows("parameters") if r["key"].startswith("tier.")}
    return TierEdges(values["tier.a"], values["tier.b"], values["tier.c"])
