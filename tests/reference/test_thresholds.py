from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.base.periods import Period
from registry.base.vocabulary import Tier, Verdict
from registry.reference.rules.thresholds import RuleBook, TierEdges


@pytest.mark.parametrize(
    "industry, section, rule_id, amount",
    [
        ("6513", "I", "SVC-2000-I", "20000000.00"),
        ("5810", "G", "SVC-2000-G", "20000000.00"),
        ("7810", "N", "SVC-2000-N", "20000000.00"),
        ("8411", "Q", "SVC-2000-Q84", "20000000.00"),
        ("8514", "Q", "SVC-500-Q85", "5000000.00"),
        ("7241", "L", "SVC-1000-L", "10000000.00"),
        ("7452", "M", "SVC-1000-M", "10000000.00"),
        ("7520", "M", "SVC-1000-M", "10000000.00"),
        ("8391", "P", "SVC-1000-P", "10000000.00"),
        ("7020", "K", "SVC-1000-K", "10000000.00"),
        ("8060", "O", "SVC-500-O", "5000000.00"),
        ("9011", "R", "SVC-500-R", "5000000.00"),
        ("3921", "C", "IND-2011", "20000000.00"),
        ("5137", "F", "WHO", "20000000.00"),
        ("5212", "F", "RET", "5000000.00"),
        ("6110", "H", "HOT", "2000000.00"),
    ],
)
def test_each_industry_has_its_own_line_in_2021(
    rules: RuleBook, industry: str, section: str, rule_id: str, amount: str
) -> None:
    rule = rules.statutory(industry, Period(2021, 9), section=section)
    assert rule is not None
    assert (rule.rule_id, rule.amount_yuan, rule.or_employees) == (rule_id, Decimal(amount), None)


@pytest.mark.parametrize("industry, section", [("4710", "E"), ("7010", "K")])
def test_building_and_developing_go_by_qualification(rules: RuleBook, industry: str, section: str) -> None:
    rule = rules.statutory(industry, Period(2021, 9), section=section)
    assert rule is not None
    assert (rule.amount_yuan, rule.judge(Decimal("99000000.00"), 500)) == (None, Verdict.UNKNOWN)


@pytest.mark.parametrize("industry, section", [("0111", "A"), ("6621", "J"), ("9121", "S"), ("70", "K"), ("", "")])
def test_some_industries_have_no_line(rules: RuleBook, industry: str, section: str) -> None:
    assert rules.statutory(industry, Period(2021, 9), section=section) is None


@pytest.mark.parametrize(
    "period, rule_id",
    [
        (Period(2018, 0), "OLD-1000"),
        (Period(2019, 0), "SVC-2000-I"),
        (Period(2019, 9), "OLD-1000"),
        (Period(2019, 12), "OLD-1000"),
        (Period(2020, 1), "SVC-2000-I"),
        (Period(2020, 0), "SVC-2000-I"),
        (Period(2021, 9), "SVC-2000-I"),
    ],
)
def test_the_change_of_2019_counts_by_kind_of_figure(rules: RuleBook, period: Period, rule_id: str) -> None:
    rule = rules.statutory("6513", period, section="I")
    assert rule is not None
    assert rule.rule_id == rule_id


@pytest.mark.parametrize(
    "amount, employees, verdict",
    [
        ("10000000.00", None, Verdict.MET),
        ("9999999.99", 50, Verdict.MET),
        ("9999999.99", 49, Verdict.UNMET),
        ("9999999.99", None, Verdict.UNKNOWN),
        (None, 60, Verdict.MET),
        (None, 49, Verdict.UNKNOWN),
    ],
)
def test_the_old_rule_took_revenue_or_employees(
    rules: RuleBook, amount: str | None, employees: int | None, verdict: Verdict
) -> None:
    rule = rules.statutory("7243", Period(2018, 0), section="L")
    assert rule is not None
    assert rule.judge(Decimal(amount) if amount else None, employees) is verdict


@pytest.mark.parametrize(
    "amount, verdict",
    [("19999999.99", Verdict.UNMET), ("20000000.00", Verdict.MET), (None, Verdict.UNKNOWN)],
)
def test_equal_to_the_line_is_enough_and_a_fen_below_is_not(
    rules: RuleBook, amount: str | None, verdict: Verdict
) -> None:
    rule = rules.statutory("6513", Period(2021, 9), section="I")
    assert rule is not None
    assert rule.judge(Decimal(amount) if amount else None, 500) is verdict


def test_total_revenue_refutes_a_line_on_main_revenue_and_never_proves_it(rules: RuleBook) -> None:
    rule = rules.statutory("5212", Period(2021, 9), section="F")
    assert rule is not None
    assert rule.judge(Decimal("4999999.99"), None) is Verdict.UNMET
    assert rule.judge(Decimal("6000000.00"), None) is Verdict.UNKNOWN


def test_the_admission_line_is_the_same_everywhere_from_2021(rules: RuleBook) -> None:
    for industry, section in (("6513", "I"), ("7452", "M"), ("0111", "A"), ("", "")):
        rule = rules.admission(industry, date(2021, 1, 1), section=section)
        assert rule is not None
        assert (rule.rule_id, rule.amount_yuan) == ("ADM-1000", Decimal("10000000.00"))
        assert rules.admission(industry, date(2020, 12, 31), section=section) is None


def test_a_later_version_of_a_rule_wins_from_its_day_on_and_the_old_one_can_be_replayed(rules: RuleBook) -> None:
    old = rules.version("SVC-2000-I", 1)
    assert old is not None
    new = replace(old, version=2, amount_yuan=Decimal("30000000.00"), periodic_from=date(2022, 1, 1), annual_from=2021)
    book = RuleBook([new, old])
    found = [book.statutory("6513", period, section="I") for period in (Period(2021, 12), Period(2022, 1))]
    assert found == [old, new]
    assert book.version("SVC-2000-I", 1) == old
    assert book.version("SVC-2000-I", 9) is None


def test_the_longest_prefix_wins_whatever_the_order(rules: RuleBook) -> None:
    section = rules.version("SVC-1000-M", 1)
    assert section is not None
    closer = replace(section, rule_id="LOCAL-745", industry_prefixes=("74", "745"))
    for book in (RuleBook([section, closer]), RuleBook([closer, section])):
        assert book.statutory("7452", Period(2021, 9), section="M") == closer
        assert book.statutory("7520", Period(2021, 9), section="M") == section


@pytest.mark.parametrize(
    "rate, tier",
    [
        ("1.3", Tier.A),
        ("1", Tier.A),
        ("0.9999", Tier.B),
        ("0.8", Tier.B),
        ("0.7999", Tier.C),
        ("0.5", Tier.C),
        ("0.4999", Tier.D),
        ("0", Tier.D),
    ],
)
def test_tiers_begin_at_their_edges(tiers: TierEdges, rate: str, tier: Tier) -> None:
    assert tiers.tier(Decimal(rate)) is tier


@given(st.decimals(0, 10**9, places=2), st.decimals(0, 10**9, places=2))
def test_more_revenue_never_worsens_a_verdict(rules: RuleBook, one: Decimal, more: Decimal) -> None:
    rule = rules.statutory("6513", Period(2021, 9), section="I")
    assert rule is not None
    if rule.judge(one, None) is Verdict.MET:
        assert rule.judge(one + more, None) is Verdict.MET
