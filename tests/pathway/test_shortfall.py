"""What a row of the ledger says a firm still lacks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from registry.base.vocabulary import Missing, Stage
from registry.pathway.rules.shortfall import Light, shortfall

LINE = Decimal("20000000.00")


def told(stage: str = Stage.ADMITTED, **given: Any) -> tuple[str, Light]:
    found = shortfall(stage=stage, **{"missing": "", "line": LINE, "revenue": Decimal("15000000.00"), **given})
    return found.text, found.light


def test_a_firm_below_the_line_is_told_its_gap() -> None:
    assert told() == ("缺口 500.00 万元", Light.IN_ORDER)


def test_a_gap_of_one_fen_does_not_read_as_nothing() -> None:
    assert told(revenue=Decimal("19999999.99")) == ("缺口 0.01 万元", Light.IN_ORDER)


def test_what_nobody_has_filled_in_comes_before_the_gap() -> None:
    assert told(missing=",accounting,contact,") == (
        "缺数据：执行会计制度、联系人、电话；缺口 500.00 万元",
        Light.LACKING,
    )


def test_codes_may_come_as_a_list() -> None:
    assert told(missing=(Missing.INDUSTRY,), line=None) == ("缺数据：行业代码", Light.LACKING)


def test_without_this_year_s_figure_it_is_asked_for_once() -> None:
    assert told(revenue=None, last_year=Decimal(1)) == ("缺数据：本年累计营业收入", Light.LACKING)
    assert told(revenue=None, missing=",revenue,") == ("缺数据：营业收入", Light.LACKING)


def test_a_qualified_firm_is_asked_for_its_papers() -> None:
    assert told(Stage.QUALIFIED, revenue=LINE) == ("已达标，请备齐申报材料", Light.DUE)


@pytest.mark.parametrize(
    "stage, text",
    [
        (Stage.LEAD, "营业收入已达四上标准，请提名"),
        (Stage.PROPOSED, "营业收入已达四上标准，待部门核查"),
        (Stage.ADMITTED, "营业收入已达四上标准，其他条件待核对"),
        (Stage.REJECTED, "营业收入已达四上标准"),
        (Stage.RETURNED, "请按退回意见补正；营业收入已达四上标准"),
    ],
)
def test_revenue_at_the_line_says_what_comes_next_in_each_stage(stage: Stage, text: str) -> None:
    assert told(stage, revenue=LINE)[0] == text


def test_a_lead_below_the_admission_line_is_told_so_by_its_better_year() -> None:
    admission = Decimal("10000000.00")
    below = told(Stage.LEAD, revenue=Decimal("8000000.00"), admission=admission)
    better = told(Stage.LEAD, revenue=Decimal("8000000.00"), admission=admission, last_year=admission)
    assert below == ("未达入库线；缺口 1,200.00 万元", Light.BELOW)
    assert better == ("缺口 1,200.00 万元", Light.IN_ORDER)


def test_an_industry_without_a_line_has_no_gap() -> None:
    assert told(line=None) == ("所属行业没有营业收入标准", Light.IN_ORDER)


@pytest.mark.parametrize(
    "stage, answer",
    [
        (Stage.FILED, ("已申报，待逐级审核", Light.UNDER_WAY)),
        (Stage.IN_CHAIN, ("逐级审核中，待确认入库", Light.UNDER_WAY)),
        (Stage.ENROLLED, ("已入库（四上）", Light.ENROLLED)),
        (Stage.REMOVED, ("已出库", Light.GONE)),
        (Stage.DELISTED, ("已退库", Light.GONE)),
        (Stage.MERGED, ("已合并", Light.GONE)),
    ],
)
def test_of_a_firm_past_filing_nothing_is_asked(stage: Stage, answer: tuple[str, Light]) -> None:
    assert told(stage, missing=",contact,") == answer


def test_the_light_is_the_stage_s_then_what_is_lacking_then_the_watch() -> None:
    lights = [
        told(Stage.RETURNED, missing=",contact,", watched=True)[1],
        told(Stage.REJECTED, missing=",contact,")[1],
        told(missing=",contact,", watched=True)[1],
        told(watched=True)[1],
    ]
    assert lights == [Light.TO_MEND, Light.NOT_PASSED, Light.LACKING, Light.WATCHED]


def test_every_stage_has_words_and_a_light_with_a_label() -> None:
    found = [shortfall(stage=stage, missing="", line=LINE, revenue=Decimal(1)) for stage in Stage]
    assert all(row.text and row.light.label for row in found)


def test_a_narrow_cell_names_the_first_few_and_says_how_many() -> None:
    found = shortfall(stage=Stage.LEAD, missing=tuple(Missing), line=None, revenue=None)
    assert [str(remark) for remark in found.brief] == ["缺数据：统一社会信用代码、所属县区、行业代码、单位类型等 9 项"]
    assert found.text.count("、") > 8
