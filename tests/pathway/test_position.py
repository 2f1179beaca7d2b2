from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.base.money import in_wan
from registry.base.periods import Period
from registry.base.vocabulary import Accounting, FigureKind, Missing, Tier, UnitKind, Verdict
from registry.figures.rules.crosscheck import Bounds
from registry.pathway.rules.position import (
    ELSEWHERE,
    Condition,
    ConditionCode,
    FigureFact,
    FirmFacts,
    HeldMaterial,
    Position,
    explain,
    sentence_values,
)
from registry.pathway.texts import CONDITION_BASES, CONDITION_SENTENCES
from registry.reference.rules.thresholds import RuleBook, TierEdges

Judge = Callable[..., Position]
TODAY = date(2021, 10, 15)
NAMES = {"441502": "汕尾市城区", "441521": "海丰县", "441581": "陆丰市"}


def revenue(period: str, yuan: str, *, documented: bool = True) -> FigureFact:
    return FigureFact(Period.parse(period), FigureKind.REVENUE, Decimal(yuan), "利润表", documented)


def vat_sales(period: str, yuan: str) -> FigureFact:
    return FigureFact(Period.parse(period), FigureKind.VAT_SALES, Decimal(yuan), "增值税纳税申报表", documented=True)


YUNFAN = FirmFacts(
    unit_kind=UnitKind.LEGAL_PERSON,
    credit_code="914403001922038216",
    industry="6513",
    industry_year=2017,
    section="I",
    statistical_county="441502",
    registered_division="441502003",
    operating_division="441502100",
    accounting=Accounting.SMALL_ENTERPRISE,
    employees=43,
    figures=(revenue("2021-09", "15000000.00"), revenue("2020", "12000000.00"), vat_sales("2021-09", "15000000.00")),
    abnormal=False,
    has_contact=True,
)
"""A software firm of the city's district, admitted to the directory and not yet at its line."""

TESTING = replace(YUNFAN, industry="7452", section="M", figures=(revenue("2021-09", "10800000.00"),))
"""A testing firm: its line is half of the software firm's."""


@pytest.fixture
def position_of(rules: RuleBook, tiers: TierEdges) -> Judge:
    def judge(facts: FirmFacts, on: date = TODAY) -> Position:
        return explain(facts, rules, tiers, on, bounds=Bounds(confirm=Decimal("0.10")))

    return judge


def sentence(condition: Condition) -> str:
    return condition.template % sentence_values(condition, NAMES)


def test_a_software_firm_with_15_million_is_admitted_and_not_reached(position_of: Judge) -> None:
    position = position_of(YUNFAN)
    assert (position.admission, position.statutory, position.reached) == (Verdict.MET, Verdict.UNMET, False)
    line = position.condition(ConditionCode.STATUTORY_LINE)
    assert (line.value, line.line, line.gap) == (Decimal("15000000"), Decimal("20000000"), Decimal("5000000"))
    assert (line.rule_id, line.version) == ("SVC-2000-I", 1)
    assert line.source.startswith("国统字〔2019〕101号")
    assert (position.rate, position.tier) == (Decimal("0.7500"), Tier.C)
    assert position.missing == ()


def test_every_condition_of_a_complete_firm_reads_as_a_sentence(position_of: Judge) -> None:
    assert [(c.verdict.value, sentence(c)) for c in position_of(YUNFAN).conditions] == [
        ("met", "统一社会信用代码有效"),
        ("met", "是法人单位"),
        ("met", "未发现注销、吊销、停业或经营异常"),
        ("met", "实际经营地在汕尾市城区（在地原则）"),
        ("met", "执行企业会计制度"),
        ("met", "行业代码 6513，适用“规模以上服务业（信息传输、软件和信息技术服务业）”"),
        ("met", "营业收入 1,500.00 万元（2021-09），已达入库线 1,000.00 万元"),
        ("unmet", "营业收入 1,500.00 万元（2021-09），四上标准 2,000.00 万元"),
        ("met", "营业收入（2021-09）有利润表为证"),
        ("met", "利润表营业收入与增值税销售额一致（2021-09，均为 1,500.00 万元）"),
    ]


def test_a_testing_firm_with_10_8_million_has_reached_its_line(position_of: Judge) -> None:
    position = position_of(TESTING)
    assert (position.reached, position.rate, position.tier) == (True, Decimal("1.0800"), Tier.A)
    assert position.condition(ConditionCode.STATUTORY_LINE).gap is None


def test_an_empty_firm_is_unknown_everywhere_and_lacks_everything(position_of: Judge) -> None:
    position = position_of(FirmFacts())
    assert {c.verdict for c in position.conditions} == {Verdict.UNKNOWN}
    assert position.missing == tuple(Missing)
    assert (position.rate, position.tier, position.rule, position.reached) == (None, None, None, False)
    assert all("%(" not in sentence(c) for c in position.conditions)


def test_60_employees_meet_the_old_rule(position_of: Judge) -> None:
    firm = replace(YUNFAN, employees=60, figures=(revenue("2018", "6000000.00"),))
    line = position_of(firm, date(2019, 2, 20)).condition(ConditionCode.STATUTORY_LINE)
    assert (line.verdict, line.rule_id, line.gap) == (Verdict.MET, "OLD-1000", None)
    assert sentence(line) == "从业人员 60 人，达到当时标准的 50 人（2019-02）"
    assert not position_of(firm, date(2021, 2, 20)).reached


def test_the_old_rule_asks_for_the_employees_where_they_are_not_known(position_of: Judge) -> None:
    firm = replace(YUNFAN, employees=None, figures=(revenue("2019-01", "6000000.00"),))
    line = position_of(firm, date(2019, 2, 20)).condition(ConditionCode.STATUTORY_LINE)
    assert (line.verdict, line.gap) == (Verdict.UNKNOWN, None)
    assert sentence(line).endswith("从业人员未填，不能按当时的双标准判断")


@pytest.mark.parametrize(
    "period, on, rule_id, reached",
    [
        ("2019", date(2020, 3, 1), "SVC-2000-I", False),
        ("2019-10", date(2019, 11, 10), "OLD-1000", True),
        ("2020-10", date(2020, 11, 10), "SVC-2000-I", False),
    ],
)
def test_the_same_12_million_is_judged_by_the_rule_of_its_own_period(
    position_of: Judge, period: str, on: date, rule_id: str, reached: bool
) -> None:
    position = position_of(replace(YUNFAN, figures=(revenue(period, "12000000.00"),)), on)
    assert (position.rule.rule_id, position.reached) == (rule_id, reached)


def test_an_old_day_is_replayed_without_the_figures_of_later_months(position_of: Judge) -> None:
    months = [revenue(f"2021-{month:02d}", f"{month * 2_500_000}.00") for month in range(1, 10)]
    firm = replace(YUNFAN, figures=tuple(months))
    assert position_of(firm, date(2021, 7, 31)).year_to_date == months[6]
    assert [position_of(firm, date(2021, month, 28)).reached for month in (6, 7, 8, 9)] == [False, False, True, True]


def test_last_year_at_the_line_gives_the_tier_and_does_not_reach(position_of: Judge) -> None:
    firm = replace(YUNFAN, figures=(revenue("2021-03", "3000000.00"), revenue("2020", "20000000.00")))
    position = position_of(firm)
    assert (position.reached, position.rate, position.tier) == (False, Decimal("0.1500"), Tier.A)
    assert sentence(position.condition(ConditionCode.STATUTORY_LINE)) == (
        "营业收入 300.00 万元（2021-03），四上标准 2,000.00 万元"
    )


def test_without_a_figure_of_this_year_last_years_is_shown_and_judges_nothing(position_of: Judge) -> None:
    position = position_of(replace(YUNFAN, figures=(revenue("2020", "20000000.00"),)))
    line = position.condition(ConditionCode.STATUTORY_LINE)
    assert (line.verdict, line.note, line.value, line.line, line.gap) == (
        Verdict.UNKNOWN,
        "last_year",
        Decimal("20000000.00"),
        Decimal("20000000.00"),
        None,
    )
    assert (position.reached, position.rate, position.tier, position.admission) == (False, None, Tier.A, Verdict.MET)
    assert sentence(line) == "本年尚无累计营业收入，不能判断；上年 2,000.00 万元（2020），四上标准 2,000.00 万元"


def test_a_fen_below_the_line_is_not_the_whole_of_it(position_of: Judge) -> None:
    position = position_of(replace(YUNFAN, figures=(revenue("2021-09", "19999999.99"),)))
    assert (position.rate, position.tier, position.reached) == (Decimal("0.9999"), Tier.B, False)


def test_nothing_is_annualised(position_of: Judge) -> None:
    position = position_of(replace(YUNFAN, figures=(revenue("2021-06", "10000000.00"),)))
    assert (position.rate, position.tier, position.reached) == (Decimal("0.5000"), Tier.C, False)


def test_part_of_a_past_year_proves_the_tier_and_never_misses_it(position_of: Judge) -> None:
    january = date(2022, 1, 10)
    over = position_of(replace(YUNFAN, figures=(revenue("2021-11", "21000000.00"),)), january)
    below = position_of(replace(YUNFAN, figures=(revenue("2021-11", "19000000.00"),)), january)
    assert (over.statutory, over.tier, over.last_year) == (Verdict.UNKNOWN, Tier.A, None)
    assert (below.statutory, below.tier, below.admission) == (Verdict.UNKNOWN, None, Verdict.MET)
    assert below.condition(ConditionCode.STATUTORY_LINE).gap is None


def test_figures_of_two_years_ago_do_not_count(position_of: Judge) -> None:
    position = position_of(replace(YUNFAN, figures=(revenue("2019", "50000000.00"),)))
    assert (position.statutory, position.admission) == (Verdict.UNKNOWN, Verdict.UNKNOWN)
    assert position.missing == (Missing.REVENUE, Missing.DOCUMENT)


def test_below_the_admission_line_names_the_gap_beside_the_sentence(position_of: Judge) -> None:
    line = position_of(replace(YUNFAN, figures=(revenue("2020", "9999999.99"),))).condition(
        ConditionCode.ADMISSION_LINE
    )
    assert (line.verdict, line.gap) == (Verdict.UNMET, Decimal("0.01"))
    assert sentence(line) == "营业收入 999.99 万元（2020），未达入库线 1,000.00 万元"
    assert sentence_values(line)["gap"] == "0.01"


def test_before_the_plan_there_is_no_admission_line(position_of: Judge) -> None:
    line = position_of(YUNFAN, date(2020, 12, 31)).condition(ConditionCode.ADMISSION_LINE)
    assert (line.verdict, sentence(line)) == (Verdict.UNKNOWN, "当日没有生效的入库线")


@pytest.mark.parametrize(
    "change, verdict, text",
    [
        (
            {"unit_kind": UnitKind.BRANCH},
            Verdict.UNMET,
            "是产业活动单位（分公司），随其法人单位统计；改设为法人单位后方可纳统",
        ),
        ({"unit_kind": None}, Verdict.UNKNOWN, "单位类型未填"),
        ({"unit_kind": UnitKind.DEEMED_LEGAL_PERSON}, Verdict.UNMET, "视同法人单位尚未获国家统计局批准"),
        (
            {"unit_kind": UnitKind.DEEMED_LEGAL_PERSON, "deemed_approved": True},
            Verdict.MET,
            "是经批准的视同法人单位",
        ),
        ({"credit_code": "92441502MA50000000"}, Verdict.UNMET, "是个体工商户，服务业个体户不纳入四上"),
        (
            {"credit_code": "31440000MD00000000"},
            Verdict.UNKNOWN,
            "登记主体不是公司企业，能否纳统须由统计部门认定",
        ),
        ({"credit_code": "12441500456789012X"}, Verdict.MET, "是法人单位"),
        ({"credit_code": ""}, Verdict.MET, "是法人单位"),
    ],
)
def test_only_legal_persons_count(position_of: Judge, change: dict[str, object], verdict: Verdict, text: str) -> None:
    position = position_of(replace(YUNFAN, **change))
    condition = position.condition(ConditionCode.UNIT_KIND)
    assert (condition.verdict, sentence(condition)) == (verdict, text)
    assert position.is_counted_unit is (verdict is not Verdict.UNMET)


@pytest.mark.parametrize(
    "registered, operating, counted, verdict, text",
    [
        ("441502", "441502-Z1", "441502", Verdict.MET, "实际经营地在汕尾市城区（在地原则）"),
        (
            "441521",
            "441502100",
            "441502",
            Verdict.MET,
            "注册地在海丰县，实际经营地在汕尾市城区，按实际经营地统计（在地原则）",
        ),
        (
            ELSEWHERE,
            "441502100",
            "441502",
            Verdict.MET,
            "注册地在外地，实际经营地在汕尾市城区，按实际经营地统计（在地原则）",
        ),
        ("441502", "441581001", "441502", Verdict.UNMET, "实际经营地在陆丰市，不由汕尾市城区统计（在地原则）"),
        ("441502", ELSEWHERE, "441502", Verdict.UNMET, "实际经营地不在本市，应由当地统计（在地原则）"),
        ("441502", None, "441502", Verdict.UNKNOWN, "实际经营地未填或未能识别"),
        ("441502", "441500", "441502", Verdict.UNKNOWN, "实际经营地未填或未能识别"),
    ],
)
def test_a_firm_counts_where_it_operates(
    position_of: Judge, registered: str, operating: str | None, counted: str, verdict: Verdict, text: str
) -> None:
    facts = replace(YUNFAN, registered_division=registered, operating_division=operating, statistical_county=counted)
    condition = position_of(facts).condition(ConditionCode.LOCATION)
    assert (condition.verdict, sentence(condition)) == (verdict, text)


@pytest.mark.parametrize(
    "accounting, verdict",
    [
        (Accounting.ENTERPRISE, Verdict.MET),
        (Accounting.SMALL_ENTERPRISE, Verdict.MET),
        (Accounting.INSTITUTION, Verdict.UNMET),
        (Accounting.NON_PROFIT, Verdict.UNMET),
        (Accounting.OTHER, Verdict.UNMET),
        (None, Verdict.UNKNOWN),
    ],
)
def test_only_enterprise_accounting_counts(position_of: Judge, accounting: Accounting | None, verdict: Verdict) -> None:
    position = position_of(replace(YUNFAN, accounting=accounting))
    assert position.condition(ConditionCode.ACCOUNTING).verdict is verdict


@pytest.mark.parametrize(
    "industry, section, year, verdict, missing",
    [
        ("65", "I", 2017, Verdict.UNKNOWN, (Missing.INDUSTRY,)),
        ("", "", None, Verdict.UNKNOWN, (Missing.INDUSTRY,)),
        ("7250", "L", 2011, Verdict.UNKNOWN, (Missing.INDUSTRY,)),
        ("0111", "A", 2017, Verdict.UNMET, ()),
        ("7520", "M", None, Verdict.MET, ()),
    ],
)
def test_the_industry_must_be_a_2017_class_that_has_a_line(
    position_of: Judge, industry: str, section: str, year: int | None, verdict: Verdict, missing: tuple[Missing, ...]
) -> None:
    position = position_of(replace(YUNFAN, industry=industry, section=section, industry_year=year))
    assert (position.condition(ConditionCode.INDUSTRY).verdict, position.missing) == (verdict, missing)


@pytest.mark.parametrize("industry, section, note", [("4710", "E", "qualification"), ("5212", "F", "main_revenue")])
def test_lines_on_other_bases_are_left_to_people(position_of: Judge, industry: str, section: str, note: str) -> None:
    position = position_of(replace(YUNFAN, industry=industry, section=section))
    line = position.condition(ConditionCode.STATUTORY_LINE)
    assert (line.verdict, line.note, position.reached) == (Verdict.UNKNOWN, note, False)


def note(yuan: str, *, confirmed: bool = False) -> HeldMaterial:
    """The note on a difference of the September statements; it explains so much."""
    september = Period(2021, 9)
    return HeldMaterial("M07", september, ((september, Decimal(yuan)),), confirmed)


@pytest.mark.parametrize(
    "sales, materials, verdict, special",
    [
        ("15000000.00", (), Verdict.MET, ""),
        ("14990000.00", (), Verdict.UNMET, ""),
        ("14990000.00", (HeldMaterial("M07", Period(2021, 9)),), Verdict.MET, "explained"),
        ("14990000.00", (HeldMaterial("M07"),), Verdict.MET, "explained"),
        ("14990000.00", (HeldMaterial("M07", Period(2021, 6)),), Verdict.UNMET, ""),
        ("14990000.00", (note("-10000"),), Verdict.UNMET, ""),
        ("14990000.00", (note("9999.99"),), Verdict.UNMET, ""),
        ("14990000.00", (note("10000"),), Verdict.MET, "explained"),
        ("13500000.00", (note("1500000"),), Verdict.UNMET, "unconfirmed"),
        ("13500000.00", (note("1500000", confirmed=True),), Verdict.MET, "explained"),
        ("13499999.99", (note("1500000", confirmed=True),), Verdict.UNMET, ""),
        (None, (), Verdict.UNKNOWN, ""),
    ],
)
def test_the_income_statement_is_checked_against_the_vat_return(
    position_of: Judge, sales: str | None, materials: tuple[HeldMaterial, ...], verdict: Verdict, special: str
) -> None:
    figures = (revenue("2021-09", "15000000.00"), *((vat_sales("2021-09", sales),) if sales else ()))
    check = position_of(replace(YUNFAN, figures=figures, materials=materials)).condition(ConditionCode.CROSS_CHECK)
    assert (check.verdict, check.note) == (verdict, special)


def test_a_vat_return_of_another_month_does_not_check_anything(position_of: Judge) -> None:
    figures = (revenue("2021-09", "15000000.00"), vat_sales("2021-08", "15000000.00"))
    check = position_of(replace(YUNFAN, figures=figures)).condition(ConditionCode.CROSS_CHECK)
    assert check.verdict is Verdict.UNKNOWN


def test_a_figure_without_a_paper_meets_no_line_and_says_so(position_of: Judge) -> None:
    position = position_of(replace(TESTING, figures=(revenue("2021-09", "10800000.00", documented=False),)))
    statutory = position.condition(ConditionCode.STATUTORY_LINE)
    assert (position.reached, statutory.verdict, statutory.note) == (False, Verdict.UNKNOWN, "unproven")
    assert (position.admission, position.missing) == (Verdict.UNKNOWN, (Missing.DOCUMENT,))
    assert position.condition(ConditionCode.INCOME_STATEMENT).verdict is Verdict.UNKNOWN


def test_a_later_figure_without_its_paper_does_not_replace_a_proven_one(position_of: Judge) -> None:
    proven, later = revenue("2021-08", "9000000.00"), revenue("2021-09", "10800000.00", documented=False)
    position = position_of(replace(TESTING, figures=(proven, later)))
    assert (position.year_to_date, position.reached) == (proven, False)


def test_of_one_period_the_documented_figure_counts(position_of: Judge) -> None:
    proven, told = revenue("2021-09", "15000000.00"), revenue("2021-09", "25000000.00", documented=False)
    for figures in ((proven, told), (told, proven)):
        assert position_of(replace(YUNFAN, figures=figures)).year_to_date == proven


@pytest.mark.parametrize("abnormal, verdict", [(True, Verdict.UNMET), (False, Verdict.MET), (None, Verdict.UNKNOWN)])
def test_a_deregistered_firm_does_not_count(position_of: Judge, abnormal: bool | None, verdict: Verdict) -> None:
    assert position_of(replace(YUNFAN, abnormal=abnormal)).condition(ConditionCode.STANDING).verdict is verdict


@pytest.mark.parametrize(
    "yuan, wan", [("19999999.99", "1,999.99"), ("20000000.00", "2,000.00"), ("0.00", "0.00"), ("99.99", "0.00")]
)
def test_a_figure_below_a_line_never_reads_like_the_line(yuan: str, wan: str) -> None:
    assert in_wan(Decimal(yuan)) == wan


def test_every_condition_has_sentences_for_every_plain_verdict_and_a_basis() -> None:
    dated = {ConditionCode.ADMISSION_LINE, ConditionCode.STATUTORY_LINE}
    assert set(CONDITION_BASES) == {code.value for code in ConditionCode if code not in dated}
    lacking = {f"{code}.{verdict}" for code in ConditionCode for verdict in Verdict} - set(CONDITION_SENTENCES)
    assert lacking == {"income_statement.unmet"}


amounts = st.decimals(0, 10**10, places=2)


@given(
    st.lists(st.tuples(st.integers(2019, 2021), st.integers(0, 12), amounts, st.booleans()), max_size=6),
    st.sampled_from([("6513", "I"), ("7452", "M"), ("7010", "K"), ("5212", "F"), ("0111", "A"), ("", ""), ("65", "I")]),
    st.none() | st.integers(0, 500),
    st.dates(date(2018, 1, 1), date(2022, 12, 31)),
)
def test_any_facts_give_filled_sentences_and_consistent_lines(
    rules: RuleBook,
    tiers: TierEdges,
    figures: list[tuple[int, int, Decimal, bool]],
    industry: tuple[str, str],
    employees: int | None,
    on: date,
) -> None:
    given_figures = tuple(
        FigureFact(Period(year, month), FigureKind.REVENUE, amount, "利润表", documented)
        for year, month, amount, documented in figures
    )
    facts = replace(YUNFAN, industry=industry[0], section=industry[1], employees=employees, figures=given_figures)
    position = explain(facts, rules, tiers, on)
    for condition in position.conditions:
        assert "%(" not in sentence(condition)
        assert "（）" not in sentence(condition)
        if condition.gap is not None:
            assert condition.verdict is Verdict.UNMET
            assert condition.gap == condition.line - condition.value > 0
    assert position == explain(facts, rules, tiers, on)


def test_a_figure_reads_as_everywhere_else_and_the_gap_is_never_told_too_small(position_of: Judge) -> None:
    """953.735 万元 is 953.74 in every table."""
    position = position_of(replace(YUNFAN, figures=(revenue("2020", "9537350.00"),)))
    line = position.condition(ConditionCode.ADMISSION_LINE)
    assert sentence(line) == "营业收入 953.74 万元（2020），未达入库线 1,000.00 万元"
    assert sentence_values(line)["gap"] == "46.27"
