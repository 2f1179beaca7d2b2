"""The explained position from the tables: places read from addresses, papers, and an old day."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from registry.base.clocks import AsOf
from registry.base.extensions import SHANGHAI
from registry.base.periods import Period
from registry.base.vocabulary import FigureSource, Tier, Verdict
from registry.documents.queries import documents
from registry.documents.services import attachments
from registry.entries.services import entries
from registry.figures.services import recording
from registry.pathway.queries import positions
from registry.pathway.rules.facts import ConditionCode
from tests.world import NOW, TODAY, World

NOVEMBER = date(2021, 11, 2)
LATER = datetime(2021, 11, 2, 9, 30, tzinfo=SHANGHAI)


def test_the_position_of_a_listed_firm(world: World) -> None:
    position = positions.of(world.admitted(wan="1500"), on=TODAY)
    assert {c.code.value: c.verdict.value for c in position.conditions} == {
        "credit_code": "met",
        "unit_kind": "met",
        "standing": "unknown",
        "location": "met",
        "accounting": "met",
        "industry": "met",
        "admission_line": "met",
        "statutory_line": "unmet",
        "income_statement": "met",
        "cross_check": "unknown",
    }
    assert (position.rate, position.tier, position.missing) == (Decimal("0.7500"), Tier.C, ())
    line = position.condition(ConditionCode.STATUTORY_LINE)
    assert (line.rule_id, line.version, line.gap) == ("SVC-2000-I", 1, Decimal("5000000"))


def test_a_firm_that_operates_elsewhere_is_told_so(world: World) -> None:
    firm = world.firm(operating_address="深圳市南山区科技路1号")
    condition = positions.of(firm, on=TODAY).condition(ConditionCode.LOCATION)
    assert (condition.verdict, condition.note) == (Verdict.UNMET, "elsewhere")


def test_a_void_paper_proves_nothing_today_and_did_while_it_stood(world: World) -> None:
    firm = world.admitted()
    paper = documents.documents_of(firm)[0]
    attachments.void(world.actor("haifeng"), firm, paper, at=LATER, on=NOVEMBER, reason="盖章不全")
    now, then = positions.of(firm, on=NOVEMBER), positions.replayed(firm, as_of=AsOf(TODAY))
    assert [p.condition(ConditionCode.INCOME_STATEMENT).verdict for p in (now, then)] == [Verdict.UNKNOWN, Verdict.MET]


def test_an_old_day_is_told_with_the_fields_of_that_day(world: World) -> None:
    firm = world.admitted()
    clerk = world.actor("haifeng")
    values = {"accounting": "other", "operating_address": "深圳市南山区科技路1号"}
    entries.edit(clerk, firm, values, at=LATER, on=NOVEMBER, reason="企业迁址")
    now, then = positions.of(firm, on=NOVEMBER), positions.replayed(firm, as_of=AsOf(TODAY))
    codes = (ConditionCode.ACCOUNTING, ConditionCode.LOCATION)
    assert [now.condition(code).verdict for code in codes] == [Verdict.UNMET, Verdict.UNMET]
    assert [then.condition(code).verdict for code in codes] == [Verdict.MET, Verdict.MET]


def test_the_evening_of_the_day_counts_and_the_next_morning_does_not(world: World) -> None:
    firm = world.admitted()
    evening = datetime(2021, 10, 15, 23, 59, 59, tzinfo=SHANGHAI)
    morning = datetime(2021, 10, 16, 0, 0, 0, tzinfo=SHANGHAI)
    clerk = world.actor("haifeng")
    entries.edit(clerk, firm, {"accounting": "small_enterprise"}, at=evening, on=TODAY, reason="核实")
    entries.edit(clerk, firm, {"accounting": "other"}, at=morning, on=date(2021, 10, 16), reason="核实")
    verdicts = [
        positions.replayed(firm, as_of=AsOf(day)).condition(ConditionCode.ACCOUNTING).verdict
        for day in (TODAY, date(2021, 10, 16))
    ]
    assert verdicts == [Verdict.MET, Verdict.UNMET]


def test_replaying_today_is_the_position_of_today(world: World) -> None:
    firm = world.admitted()
    assert positions.replayed(firm, as_of=AsOf(TODAY)) == positions.of(firm, on=TODAY)
    assert NOW.date() == TODAY


@pytest.mark.parametrize("month, verdict", [(9, Verdict.MET), (8, Verdict.UNKNOWN)])
def test_the_statement_of_the_same_month_proves_a_figure_that_names_no_paper(
    world: World, month: int, verdict: Verdict
) -> None:
    """As figures of a workbook do; the statement of another month proves nothing."""
    firm, clerk = world.firm(), world.actor("haifeng")
    recording.record(
        clerk, firm, Period(2021, 9), Decimal(12_000_000), source=FigureSource.WORKBOOK, document=None, at=NOW, on=TODAY
    )
    assert positions.of(firm, on=TODAY).condition(ConditionCode.INCOME_STATEMENT).verdict is Verdict.UNKNOWN
    attachments.attach(
        clerk,
        firm,
        filename="利润表.pdf",
        content=f"%PDF-1.4 {month}".encode(),
        material="M04",
        at=NOW,
        year=2021,
        month=month,
    )
    assert positions.of(firm, on=TODAY).condition(ConditionCode.INCOME_STATEMENT).verdict is verdict
