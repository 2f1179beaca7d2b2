"""What a row of the ledger says a firm still lacks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from registry.base.vocabulary import Missing, Stage
from registry.pathway.rules.shortfall import GREEN, Ahead, Coming, Light, shortfall

LINE = Decimal("20000000.00")


def told(stage: str = Stage.ADMITTED, **given: Any) -> tuple[str, Light]:
    found = shortfall(stage=stage, **{"missing": "", "line": LINE, "revenue": Decimal("15000000.00"), **given})
    return found.text, found.light


def test_a_firm_below_the_line_is_told_its_gap() -> None:
    assert told() == ("缺口 500.00 万元", Light.BELOW)


def test_a_gap_of_one_fen_does_not_read_as_nothing() -> None:
    assert told(revenue=Decimal("19999999.99")) == ("缺口 0.01 万元", Light.BELOW)


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
    assert told(line=None) == ("所属行业没有营业收入标准", Light.UNSETTLED)


@pytest.mark.parametrize(
    "stage, answer",
    [
        (Stage.FILED, ("已申报，待逐级审核", Light.UNDER_WAY)),
        (Stage.IN_CHAIN, ("逐级审核中，待确认入库", Light.UNDER_WAY)),
        (Stage.ENROLLED, ("已入库（四上）", Light.ENROLLED)),
        (Stage.REMOVED, ("出库", Light.GONE)),
        (Stage.DELISTED, ("退库", Light.GONE)),
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


# -- lights are never calm by default ------------------------------------------------------------------
OVER = {"stage": Stage.QUALIFIED, "revenue": LINE, "to_month": 9}
COMING = Ahead(due=9, coming=Coming.IN_TIME, month=11)


def light(ahead: Ahead | None = None, **given: Any) -> Light:
    return told(**given, **({"ahead": ahead} if ahead else {}))[1]


def test_a_firm_that_crosses_in_time_is_in_order_and_says_which_month() -> None:
    assert told(to_month=9, ahead=COMING) == ("缺口 500.00 万元；预计 11 月达标，赶得上本年窗口", Light.IN_ORDER)


def test_a_firm_that_crosses_too_late_or_not_at_all_is_never_green() -> None:
    late = told(to_month=9, ahead=Ahead(9, Coming.TOO_LATE, 12))
    never = told(to_month=9, ahead=Ahead(9, Coming.NOT_THIS_YEAR))
    assert late == ("缺口 500.00 万元；预计 12 月达标，赶不上本年窗口", Light.LATE)
    assert never == ("缺口 500.00 万元；预计年内不达标", Light.BELOW)


def test_nobody_looked_is_not_in_order() -> None:
    found = {light(), light(to_month=9), light(Ahead(due=9), to_month=9), light(**OVER), light(Ahead(due=9), **OVER)}
    assert found & GREEN == set()


def test_figures_of_the_months_that_are_due_are_wanted_even_where_the_year_looks_well() -> None:
    assert told(to_month=8, ahead=COMING) == (
        "营业收入只到 8 月，缺 9 月的数；缺口 500.00 万元；预计 11 月达标，赶得上本年窗口",
        Light.LACKING,
    )
    assert light(COMING, to_month=9) == Light.IN_ORDER
    assert light(COMING, to_month=10) == Light.IN_ORDER
    assert light(Ahead(due=9, lacking=0, days_left=20), **{**OVER, "to_month": 8}) == Light.LACKING


@pytest.mark.parametrize(
    "lacking, days_left, pressing, expected",
    [
        (0, 20, False, Light.READY),
        (0, 1, True, Light.READY),
        (0, None, False, Light.DUE),  # nothing is missing, and no window will take it
        (1, 20, False, Light.DUE),
        (1, 1, True, Light.PRESSING),  # closes tomorrow, and a paper is missing
        (1, 0, True, Light.PRESSING),
        (3, None, False, Light.DUE),
    ],
)
def test_over_the_line_green_is_only_what_can_be_filed(
    lacking: int, days_left: int | None, pressing: bool, expected: Light
) -> None:
    ahead = Ahead(due=9, lacking=lacking, days_left=days_left, pressing=pressing)
    assert light(ahead, **OVER) == expected
    assert (expected in GREEN) == (lacking == 0 and days_left is not None)


def test_over_the_line_it_says_what_the_window_will_see() -> None:
    said = [
        told(**OVER, ahead=Ahead(9, lacking=lacking, days_left=days))[0]
        for lacking, days in ((2, 17), (0, 17), (0, None))
    ]
    assert said == [
        "已达标，还缺 2 项，窗口还有 17 天截止",
        "已达标，材料已齐，窗口还有 17 天截止",
        "已达标，没有可用的申报窗口",
    ]


def test_a_field_or_a_doubt_goes_before_what_is_foreseen() -> None:
    assert light(COMING, to_month=9, missing=",contact,") == Light.LACKING
    assert light(COMING, to_month=9, doubted=True) == Light.UNSETTLED
    assert light(Ahead(9, lacking=0, days_left=20), **OVER, doubted=True) == Light.UNSETTLED
    assert light(COMING, to_month=9, watched=True) == Light.WATCHED


def test_a_case_waits_for_somebody_and_is_overdue_by_its_term() -> None:
    assert [light(stage=stage) for stage in (Stage.PROPOSED, Stage.UNDER_REVIEW)] == [Light.UNDER_WAY] * 2
    assert told(Stage.UNDER_REVIEW, ahead=Ahead(overdue=6)) == ("已逾期 6 个工作日；缺口 500.00 万元", Light.OVERDUE)
    assert told(Stage.RETURNED, ahead=Ahead(overdue=2))[0] == "请按退回意见补正；已逾期 2 个工作日；缺口 500.00 万元"


def test_no_stage_on_the_way_is_green_of_itself() -> None:
    """Only a lead that lacks nothing for its nomination, and a firm that is confirmed, are so without a look ahead."""
    green = {stage for stage in Stage if light(stage=stage, revenue=LINE) in GREEN}
    assert green == {Stage.LEAD, Stage.ENROLLED}
