"""The reference data of `seeds/` is whole, consistent in itself and with the national lists."""

from __future__ import annotations

import csv
import re
import unicodedata
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from registry.base.vocabulary import OfficeKind, Requirement
from registry.reference.rules.thresholds import RuleKind, ThresholdRule
from registry.rulesets.rules.files import FILES, WIDTHS

SEEDS = Path(__file__).parents[2] / "seeds"
SHARED = Path(__file__).parents[2].parent / "shared"
FILES_OF = {file.name.removesuffix(".csv"): file for file in (*FILES, WIDTHS)}
TRADITIONAL_ALLOWED = {"office_aliases"}
PLAN_OFFICES = {
    "市科技局": "science",
    "市發改局": "reform",
    "市發展改革局": "reform",
    "市工信局": "industry",
    "市財政局": "finance",
    "市自然資源局": "resources",
    "市林業局": "forestry",
    "市人社局": "labour",
    "市教育局": "education",
    "市衞健局": "health",
    "市農業農村局": "agriculture",
    "市民政局": "civil-affairs",
    "市市場監督管理局": "market",
    "市商務局": "commerce",
    "陸豐市政府": "441581",
    "紅海灣開發區": "441502-Z1",
    "華僑管理區": "441581-Z1",
    "汕尾高新區": "441502-Z2",
}


def rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def column(name: str, key: str) -> list[str]:
    return [row[key] for row in rows(name)]


@pytest.mark.parametrize("name", FILES_OF)
def test_a_seed_file_is_plain_utf8_with_its_header_and_a_source_in_every_row(name: str) -> None:
    raw = (SEEDS / f"{name}.csv").read_bytes()
    assert raw.decode("utf-8").splitlines()[0] == ",".join(FILES_OF[name].columns)
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    table = rows(name)
    assert [row for row in table if None in row or None in row.values() or not row["source"]] == []
    assert {row.get("verified", "yes") for row in table} <= {"yes", "no"}


@pytest.mark.parametrize("name", FILES_OF)
def test_keys_are_unique_and_cells_are_clean(name: str) -> None:
    table = rows(name)
    keys = [tuple(row[key] for key in FILES_OF[name].key) for row in table]
    assert len(set(keys)) == len(keys)
    cells = [cell for row in table for cell in row.values()]
    assert [cell for cell in cells if cell != cell.strip() or any(unicodedata.category(c) == "Cf" for c in cell)] == []


@pytest.mark.parametrize("name", sorted(FILES_OF.keys() - TRADITIONAL_ALLOWED))
def test_seeds_are_in_simplified_chinese(name: str) -> None:
    opencc = pytest.importorskip("opencc")
    simplify = opencc.OpenCC("hk2s").convert
    changed = {cell: simplify(cell) for row in rows(name) for cell in row.values() if simplify(cell) != cell}
    # The source of one town quotes the variant character under which the national list prints it.
    assert {cell: new for cell, new in changed.items() if "鮜" not in cell} == {}


def test_no_seed_names_a_place_of_the_machine_or_an_address_of_the_network() -> None:
    text = "".join((SEEDS / f"{name}.csv").read_text(encoding="utf-8") for name in FILES_OF)
    assert re.findall(r"/work|/tmp|https?:|DOMAIN|\[BG\]", text) == []


def test_divisions_form_one_city_of_four_counties_and_three_zones() -> None:
    table = rows("divisions")
    by_level = {
        level: [r["code"] for r in table if r["level"] == level] for level in ("city", "county", "zone", "town")
    }
    assert by_level["city"] == ["441500"]
    assert by_level["county"] == ["441502", "441521", "441523", "441581"]
    assert by_level["zone"] == ["441502-Z1", "441502-Z2", "441581-Z1"]
    counties = [code[:6] for code in by_level["town"]]
    assert {county: counties.count(county) for county in by_level["county"]} == {
        "441502": 10,
        "441521": 16,
        "441523": 8,
        "441581": 29,
    }
    below = [r for r in table if r["level"] in ("county", "zone", "town")]
    assert [r["code"] for r in below if r["statistical_county"] != r["code"][:6]] == []
    codes = {r["code"] for r in table}
    assert [r["code"] for r in table if r["parent"] and r["parent"] not in codes] == []


def test_only_the_four_shenzhen_run_towns_are_excluded() -> None:
    excluded = {r["code"]: r["name"] for r in rows("divisions") if r["excluded_reason"]}
    assert excluded == {"441521102": "小漠镇", "441521103": "鹅埠镇", "441521104": "赤石镇", "441521105": "鲘门镇"}


def test_zones_hold_the_towns_of_their_own_county() -> None:
    assert [(r["zone"], r["town"]) for r in rows("zone_towns")] == [
        ("441502-Z1", "441502004"),
        ("441502-Z1", "441502005"),
        ("441502-Z1", "441502006"),
        ("441581-Z1", "441581400"),
    ]


def test_offices_are_those_of_the_decisions() -> None:
    kinds: dict[str, list[str]] = {}
    for row in rows("offices"):
        kinds.setdefault(OfficeKind(row["kind"]), []).append(row["code"])
    bureaus = "science industry market commerce reform finance resources forestry labour education health agriculture"
    assert {kind: sorted(codes) for kind, codes in kinds.items()} == {
        "leadership": ["441500"],
        "county": ["441502", "441521", "441523", "441581"],
        "zone": ["441502-Z1", "441502-Z2", "441581-Z1"],
        "bureau": sorted([*bureaus.split(), "civil-affairs"]),
        "statistics": ["statistics"],
        "tax": ["tax"],
        "system": ["system"],
    }
    assert set(column("offices", "division")) <= set(column("divisions", "code"))


def test_every_office_the_plan_prints_is_found_under_its_printed_name() -> None:
    alias_of = {row["alias"]: row["office"] for row in rows("office_aliases")}
    assert {name: alias_of.get(name) for name in PLAN_OFFICES} == PLAN_OFFICES
    assert set(alias_of.values()) <= set(column("offices", "code"))


@pytest.mark.skipif(not SHARED.exists(), reason="the plan is not beside the checkout")
def test_the_plan_prints_no_office_that_is_not_found() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (SHARED / "plan").glob("*.txt"))
    lists = re.findall(r"[((](市[^()()]*(?:[((]市、區[))][^()()]*)?按職責分工負責)", text)
    printed = {name for found in lists for name in re.split("、", found.replace("縣(市、區)", "縣"))}
    offices = {name.removesuffix("按職責分工負責") for name in printed} - {"各縣政府"}
    assert len(offices) >= 16
    assert offices - set(column("office_aliases", "alias")) == set()


def test_industries_have_their_parents_and_sections() -> None:
    table = {(row["year"], row["code"]): row for row in rows("industries")}
    assert [key for key, r in table.items() if r["parent"] and (key[0], r["parent"]) not in table] == []
    level_of = {1: "section", 2: "division", 3: "group", 4: "class"}
    wrong = [
        key
        for key, r in table.items()
        if r["level"] != level_of[len(key[1])]
        or (r["parent"] and table[key[0], r["parent"]]["section"] != r["section"])
        or (r["level"] == "section" and (r["section"], r["parent"]) != (key[1], ""))
    ]
    assert wrong == []


@pytest.mark.parametrize("year", ["2017", "2011"])
@pytest.mark.skipif(not SHARED.exists(), reason="the national lists are not beside the checkout")
def test_industries_agree_with_the_national_list(year: str) -> None:
    with (SHARED / "data" / f"gbt4754_{year}.csv").open(encoding="utf-8-sig", newline="") as file:
        national = {row["code"]: row for row in csv.DictReader(file)}
    ours = {row["code"]: row for row in rows("industries") if row["year"] == year}
    full = {
        code for code, row in national.items() if row["section"] in "ILM" or row["level"] in ("section", "division")
    }
    assert full - ours.keys() == set()
    assert ours.keys() - national.keys() == set()
    plain = str.maketrans("()", "（）")
    assert [c for c, r in ours.items() if r["name"] != national[c]["name"].translate(plain)] == []
    assert [c for c, r in ours.items() if r["section"] != national[c]["section"]] == []


def test_every_2011_class_of_the_three_sections_is_mapped_and_unverified() -> None:
    table = rows("industry_map")
    classes = {
        year: {r["code"]: r for r in rows("industries") if (r["year"], r["level"]) == (year, "class")}
        for year in ("2011", "2017")
    }
    wanted = {code for code, r in classes["2011"].items() if r["section"] in "ILM"}
    assert {r["code_2011"] for r in table} == wanted
    assert {r["code_2017"] for r in table} - classes["2017"].keys() == set()
    assert {r["verified"] for r in table} == {"no"}


def test_the_relation_of_a_mapped_code_says_what_the_rows_show() -> None:
    table = rows("industry_map")
    olds, news = [r["code_2011"] for r in table], [r["code_2017"] for r in table]

    def relation(row: dict[str, str]) -> str:
        if olds.count(row["code_2011"]) > 1:
            return "split"
        if news.count(row["code_2017"]) > 1:
            return "merged"
        return "same" if row["code_2011"] == row["code_2017"] else "renumbered"

    assert [(row["code_2011"], row["relation"]) for row in table] == [(r["code_2011"], relation(r)) for r in table]


def test_the_traps_of_the_two_classifications_are_in_the_map() -> None:
    single = {r["code_2011"]: r["code_2017"] for r in rows("industry_map") if r["relation"] != "split"}
    traps = {"7250": "7520", "7520": "7530", "6520": "6531", "6530": "6560", "6540": "6550", "6550": "6520"}
    assert {code: single.get(code) for code in traps} == traps
    assert (single["6410"], single["6592"]) == ("6410", "6591")


def test_thresholds_read_as_rules() -> None:
    rules = [ThresholdRule.parse(row) for row in rows("thresholds")]
    assert [r.rule_id for r in rules if r.kind is RuleKind.ADMISSION] == ["ADM-1000"]
    assert [r.rule_id for r in rules if r.or_employees] == ["OLD-1000", "OLD-500"]
    assert {r.or_employees for r in rules if r.or_employees} == {50}
    known = set(column("industries", "code"))
    assert [p for r in rules for p in r.industry_prefixes if p not in known] == []
    assert [r.rule_id for r in rules if r.amount_yuan is not None and r.amount_yuan.as_tuple().exponent != -2] == []


def test_no_two_rules_of_a_kind_claim_the_same_prefix_at_the_same_time() -> None:
    rules = [ThresholdRule.parse(row) for row in rows("thresholds")]
    pairs = [(a, b) for i, a in enumerate(rules) for b in rules[i + 1 :] if a.kind is b.kind]
    clashes = [
        (a.rule_id, b.rule_id)
        for a, b in pairs
        if set(a.industry_prefixes) & set(b.industry_prefixes)
        and (
            max(a.annual_from or 0, b.annual_from or 0) <= min(a.annual_to or 9999, b.annual_to or 9999)
            or max(a.periodic_from or date.min, b.periodic_from or date.min)
            <= min(a.periodic_to or date.max, b.periodic_to or date.max)
        )
    ]
    assert clashes == []


def test_reasons_and_papers_are_numbered_through() -> None:
    assert column("return_reasons", "code") == [f"R{number:02d}" for number in range(1, 15)]
    assert column("materials", "code") == [f"M{number:02d}" for number in range(1, 17)]
    assert {Requirement(value) for value in column("materials", "requirement")} == set(Requirement)


def test_routing_follows_the_decisions() -> None:
    assert {r["industry_prefix"]: (r["lead"], r["co_bureaus"]) for r in rows("routing")} == {
        "": ("science", ""),
        "63": ("industry", "science"),
        "64": ("industry", "science"),
        "65": ("industry", "science"),
        "72": ("science", "commerce"),
        "745": ("market", ""),
        "746": ("market", ""),
        "7520": ("market", "science"),
    }


WORDED = {
    "exit.bar_reasons", *(f"bulletin.font.{use}" for use in ("title", "text", "heading1", "heading2", "number")),
}  # fmt: skip
"""Settings that are no numbers."""


def test_parameters_are_dated_and_the_tiers_descend() -> None:
    values = {row["key"]: Decimal(row["value"]) for row in rows("parameters") if row["key"] not in WORDED}
    assert values == {
        "tier.a": Decimal("1.00"),
        "tier.b": Decimal("0.80"),
        "tier.c": Decimal("0.50"),
        "review.days": Decimal(3),
        "mend.days": Decimal(5),
        "claim.days": Decimal(10),
        "nudge.days": Decimal(3),
        "certify.days": Decimal(10),
        "qualification.first_warning": Decimal(90),
        "qualification.last_warning": Decimal(30),
        "tax.difference": Decimal("0.10"),
        "figures.due_day": Decimal(15),
        "bulletin.length": Decimal(4000),
        "return.limit": Decimal(3),
        "review.look_share": Decimal(100),
        "crosscheck.tolerance": Decimal("0.00"),
        "forecast.weak_until": Decimal(6),
        "forecast.window_days": Decimal(30),
        "revenue.jump": Decimal(50),
        "doubt.line_times": Decimal(50),
        "doubt.capital_times": Decimal(500),
        "doubt.head_wan": Decimal(1000),
        "doubt.sales_times": Decimal(3),
        "doubt.usual_times": Decimal(20),
        "crosscheck.confirm_share": Decimal("0.10"),
        "exit.bar_months": Decimal(12),
        "window.warn_days": Decimal(10),
        "delisting.review_month": Decimal(2),
        "delisting.month": Decimal(12),
        "removal.years": Decimal(2),
        "payments.sample_share": Decimal("0.05"),
        "removal.share": Decimal("0.50"),
        "target.T1": Decimal(2),
        "target.T2": Decimal(2),
        "target.T3": Decimal(5),
        "target.T4": Decimal(3),
    }
    assert {date.fromisoformat(row["valid_from"]) for row in rows("parameters")} == {date(2021, 1, 1)}
