"""A filing from the open window to the confirmation: its guards, its levels, and nobody but statistics."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from registry.base.errors import Blocked, FieldError, IllegalTransition, NotAllowed, RegistryError
from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.permissions import SYSTEM_ACTOR
from registry.base.vocabulary import Action, FigureSource, Stage
from registry.entries.services import entries
from registry.figures.services import recording
from registry.filings.models import Filing
from registry.filings.queries import announced, readiness
from registry.filings.services import announcing
from registry.filings.services import filing as filings
from registry.firms.models.firms import Firm
from registry.pathway.queries import events
from registry.pathway.services import pathway, standing
from registry.reference.models import Threshold
from tests.filed import ALL_LEVELS, SEPTEMBER, attach, complete, enrolled, filed, passed, qualified, vat_sales, window
from tests.world import NOW, PEOPLE, TODAY, World


def guards(world: World, firm: Firm) -> list[str]:
    """What is in the way of filing the firm in the window that is open, by code."""
    ready = readiness.of(firm, next(iter(announced.open_on(TODAY)), None), on=TODAY)
    unmet = pathway.unmet(world.actor("statistics"), firm, Action.FILE, on=TODAY, grounds=ready.grounds)
    return [guard.code for guard in unmet]


def test_a_firm_with_its_papers_goes_from_filed_to_enrolled_level_by_level(world: World) -> None:
    filing = enrolled(world)
    steps = [(e.action, e.target) for e in events.events_of(filing.firm)][4:]
    assert steps == [
        ("qualify", "qualified"),
        ("file", "filed"),
        *[("pass_level", "in_chain")] * 4,
        ("confirm", "enrolled"),
    ]
    assert (filing.outcome, filing.effective_year, filing.effective_month) == ("enrolled", 2021, 11)
    assert (filing.reference, filing.first_time) == ("国统批〔2021〕9号", True)
    assert [(r.level, r.passed, r.by_name) for r in filing.results] == [(level, True, "赵统") for level in ALL_LEVELS]


def test_a_filing_keeps_the_figure_the_line_and_the_rule_it_was_made_on(world: World) -> None:
    filing = filed(world)
    kept = {key: filing.verdict[key] for key in ("amount", "period", "line", "rule_id", "version")}
    assert kept == {
        "amount": "25000000.00", "period": "2021-09", "line": "20000000.00", "rule_id": "SVC-2000-I", "version": 1,
    }  # fmt: skip
    rule = db.session.get_one(Threshold, ("SVC-2000-I", 1))
    columns = {column.name: getattr(rule, column.name) for column in Threshold.__table__.columns}
    db.session.add(Threshold(**columns | {"version": 2, "amount_yuan": Decimal(30_000_000)}))
    db.session.flush()
    db.session.refresh(filing)
    assert filing.verdict["line"] == "20000000.00"


def test_every_unmet_guard_is_listed_at_once(world: World) -> None:
    row = window(world)
    firm = world.admitted(wan="2500", taxpayer_kind="general")
    standing.refresh(firm, on=TODAY, at=NOW)
    assert guards(world, firm) == ["cross_check", "materials"]
    with pytest.raises(Blocked) as refused:
        filings.file(world.actor("statistics"), firm, row.id, at=NOW, on=TODAY)
    assert refused.value.blockers == (
        "利润表与增值税申报表须为同期且相符：请登记同期增值税销售额；不一致的，附差异说明。",
        "申报材料未齐。",
    )
    assert (firm.stage, db.session.scalar(select(func.count(Filing.id)))) == (Stage.QUALIFIED, 0)


def test_the_figure_of_the_windows_own_month_decides_and_not_a_later_one(world: World) -> None:
    window(world, statement_month=8)
    firm = qualified(world)
    complete(world, firm)
    assert guards(world, firm) == ["statutory_line", "statement", "cross_check"]


def test_a_figure_below_the_line_in_the_windows_month_is_not_saved_by_a_later_month(world: World) -> None:
    window(world, statement_month=8)
    firm = qualified(world)
    paper = attach(world, firm, "M04", period=Period(2021, 8))
    recording.record(
        world.actor("haifeng"), firm, Period(2021, 8), Decimal("19990000"), source=FigureSource.INCOME_STATEMENT,
        document=paper, at=NOW, on=TODAY,
    )  # fmt: skip
    vat_sales(world, firm, "1999", period="2021-08")
    complete(world, firm)
    assert guards(world, firm) == ["statutory_line"]


def test_outside_the_windows_days_nothing_is_filed(world: World) -> None:
    row = window(world)
    firm = qualified(world)
    complete(world, firm)
    late = date(2021, 11, 7)
    with pytest.raises(Blocked) as refused:
        filings.file(world.actor("statistics"), firm, row.id, at=NOW, on=late)
    assert refused.value.blockers == ("所选申报窗口当前没有开放。",)
    announcing.void(world.actor("statistics"), row, at=NOW, reason="两批合并")
    with pytest.raises(FieldError) as gone:
        filings.file(world.actor("statistics"), firm, row.id, at=NOW, on=TODAY)
    assert gone.value.field == "window"


@pytest.mark.parametrize(
    "opened_on, blocked", [(date(2020, 9, 30), ["door"]), (date(2020, 10, 1), []), (None, ["door"])]
)
def test_the_monthly_door_is_for_firms_opened_since_october_of_the_year_before(
    world: World, opened_on: date | None, blocked: list[str]
) -> None:
    row = window(world, door="monthly", batch="10月")
    firm = qualified(world, opened_on=opened_on)
    ready = readiness.of(firm, announced.value_of(row), on=TODAY)
    unmet = pathway.unmet(world.actor("statistics"), firm, Action.FILE, on=TODAY, grounds=ready.grounds)
    assert [guard.code for guard in unmet if guard.code == "door"] == blocked


def test_a_vat_mismatch_needs_the_sealed_explanation(world: World) -> None:
    window(world)
    firm = world.admitted(wan="2500")
    vat_sales(world, firm, "2300")
    standing.refresh(firm, on=TODAY, at=NOW)
    assert guards(world, firm) == ["cross_check", "materials"]
    attach(world, firm, "M07")
    assert guards(world, firm) == ["materials"]
    complete(world, firm)
    assert guards(world, firm) == []


def test_a_branch_and_a_firm_that_works_elsewhere_are_told_why(world: World) -> None:
    window(world)
    firm = qualified(world)
    complete(world, firm)
    assert guards(world, firm) == []
    firm.unit_kind = "branch"
    assert guards(world, firm) == ["counted_unit"]
    firm.unit_kind, firm.deemed_approval = "deemed_legal_person", ""
    assert guards(world, firm) == ["counted_unit"]
    firm.deemed_approval = "国统批〔2020〕3号"
    assert guards(world, firm) == []
    firm.operating_address = "陆丰市东海街道人民路1号"
    assert guards(world, firm) == ["counted_here"]
    firm.operating_address = "深圳市南山区科技路1号"
    assert guards(world, firm) == ["location", "counted_here"]
    firm.operating_address, firm.town = "海丰县海城镇人民路1号", "441521103"
    assert "excluded_town" in guards(world, firm)


def test_a_zones_firm_files_where_its_county_counts_it(world: World) -> None:
    window(world)
    firm = qualified(world, "汕尾高新区红树林软件有限公司", by="gaoxin", operating_address="汕尾市城区红草镇一路1号")
    assert firm.statistical_county == "441502"
    assert "counted_here" not in guards(world, firm)


@pytest.mark.few(3)
@pytest.mark.parametrize("username", sorted(set(PEOPLE) - {"statistics"}))
def test_nobody_but_the_statistician_files_passes_returns_confirms_or_delists(world: World, username: str) -> None:
    who = world.actor(username)
    row = window(world)
    firm = qualified(world)
    complete(world, firm)
    with pytest.raises(NotAllowed):
        filings.file(who, firm, row.id, at=NOW, on=TODAY)
    filing = filings.file(world.actor("statistics"), firm, row.id, at=NOW, on=TODAY)
    for good in (True, False):
        with pytest.raises(NotAllowed):
            filings.record_level(who, filing, "county", passed=good, day=TODAY, at=NOW, on=TODAY, reason_code="R01")
    assert (filing.firm.stage, filing.results) == (Stage.FILED, [])


def test_the_system_takes_no_step_of_a_filing(world: World) -> None:
    row = window(world)
    firm = qualified(world)
    complete(world, firm)
    with pytest.raises(NotAllowed):
        filings.file(SYSTEM_ACTOR, firm, row.id, at=NOW, on=TODAY)


@pytest.mark.parametrize("username", ["haifeng", "industry", "cityoffice", "leader", "auditor", "sysadmin"])
def test_a_step_on_paper_is_copied_by_statistics_alone_and_only_its_own(world: World, username: str) -> None:
    firm = world.admitted()
    with pytest.raises(NotAllowed):
        pathway.take_over(
            world.actor(username), firm, Stage.ENROLLED, action=Action.CONFIRM, at=NOW, on=TODAY, note="纸质台账"
        )
    with pytest.raises(IllegalTransition):
        pathway.take_over(
            world.actor("statistics"), firm, Stage.ADMITTED, action=Action.ADMIT, at=NOW, on=TODAY, note="纸质台账"
        )


def test_no_step_of_a_filing_is_taken_without_its_grounds(world: World) -> None:
    """The pathway alone, without the service that looks at window and papers, refuses."""
    window(world)
    firm = qualified(world)
    complete(world, firm)
    with pytest.raises(Blocked):
        pathway.advance(world.actor("statistics"), firm, Action.FILE, at=NOW, on=TODAY)
    filing = passed(world, filed(world, firm), *ALL_LEVELS)
    with pytest.raises(Blocked) as refused:
        pathway.advance(world.actor("statistics"), filing.firm, Action.CONFIRM, at=NOW, on=TODAY)
    assert len(refused.value.blockers) == 2


def test_levels_speak_in_their_order_and_within_their_days(world: World) -> None:
    filing, who = filed(world), world.actor("statistics")
    with pytest.raises(FieldError) as skipped:
        filings.record_level(who, filing, "city", passed=True, day=TODAY, at=NOW, on=TODAY)
    assert str(skipped.value) == "应由县级统计机构审核，请按县、市、省、国家的次序登记。"
    for day in (date(2021, 10, 14), date(2021, 10, 16)):
        with pytest.raises(FieldError) as outside:
            filings.record_level(who, filing, "county", passed=True, day=day, at=NOW, on=TODAY)
        assert outside.value.field == "day"


@pytest.mark.parametrize("number", range(4))
def test_every_level_can_send_back_with_a_reason_and_the_firm_may_file_again(world: World, number: int) -> None:
    filing, who = filed(world), world.actor("statistics")
    passed(world, filing, *ALL_LEVELS[:number])
    with pytest.raises(FieldError) as bare:
        filings.record_level(who, filing, ALL_LEVELS[number], passed=False, day=TODAY, at=NOW, on=TODAY)
    assert bare.value.field == "reason_code"
    filings.record_level(
        who, filing, ALL_LEVELS[number], passed=False, day=TODAY, at=NOW, on=TODAY, reason_code="R07", note="缺页"
    )
    firm = filing.firm
    assert (firm.stage, filing.outcome, filing.closed_on) == (Stage.QUALIFIED, "returned", TODAY)
    last = events.events_of(firm)[-1]
    assert (last.action, last.reason_code) == ("return_filing", "R07")
    again = filings.file(who, firm, filing.window_id, at=NOW, on=TODAY)
    assert (firm.stage, again.id != filing.id) == (Stage.FILED, True)
    with pytest.raises(RegistryError):
        filings.record_level(who, filing, ALL_LEVELS[number], passed=True, day=TODAY, at=NOW, on=TODAY)


def test_a_firm_whose_figure_fell_below_the_line_does_not_stay_at_the_gate_when_it_is_sent_back(world: World) -> None:
    filing = filed(world)
    paper = attach(world, filing.firm, "M04")
    recording.record(
        world.actor("haifeng"), filing.firm, SEPTEMBER, Decimal("15000000"), source=FigureSource.INCOME_STATEMENT,
        document=paper, at=NOW, on=TODAY, reason="冲减退货",
    )  # fmt: skip
    assert filing.firm.stage == Stage.FILED
    filings.record_level(
        world.actor("statistics"), filing, "county", passed=False, day=TODAY, at=NOW, on=TODAY, reason_code="R01"
    )
    assert filing.firm.stage == Stage.ADMITTED


def test_confirming_waits_for_the_national_level_and_asks_for_month_and_reference(world: World) -> None:
    filing, who = passed(world, filed(world), *ALL_LEVELS[:3]), world.actor("statistics")
    with pytest.raises(Blocked) as early:
        filings.confirm(who, filing, Period(2021, 11), reference_no="文号", at=NOW, on=TODAY)
    assert early.value.blockers == ("各级审核尚未全部通过，国家统计局终审通过后才能确认入库。",)
    passed(world, filing, "national")
    for effective, reference in ((None, "文号"), (Period(2021, 11), " "), (Period(2021, 0), "文号")):
        with pytest.raises((Blocked, FieldError)):
            filings.confirm(who, filing, effective, reference_no=reference, at=NOW, on=TODAY)
    with pytest.raises(FieldError) as before:
        filings.confirm(who, filing, Period(2021, 8), reference_no="文号", at=NOW, on=TODAY)
    assert before.value.field == "effective"
    assert filing.firm.stage == Stage.IN_CHAIN


def test_the_annual_window_that_closes_in_january_is_filed_on_the_year_before(world: World) -> None:
    january = date(2022, 1, 4)
    row = window(
        world, door="annual_second", batch="第二批", opens_on=date(2021, 12, 20), closes_on=date(2022, 1, 5),
        statement_month=9,
    )  # fmt: skip
    firm = qualified(world)
    standing.refresh(firm, on=january, at=NOW)
    complete(world, firm, on=january)
    filing = filings.file(world.actor("statistics"), firm, row.id, at=NOW, on=january)
    assert (filing.year, filing.month, firm.stage) == (2021, 9, Stage.FILED)


def test_a_small_scale_taxpayer_shows_the_statement_of_its_quarter(world: World) -> None:
    row = window(world, door="annual_second", batch="第二批", statement_month=11, closes_on=date(2021, 12, 16))
    small = qualified(world, taxpayer_kind="small_scale")
    general = qualified(world, "海丰县白鹭软件有限公司", taxpayer_kind="general")
    statements = {
        firm.name: readiness.of(firm, announced.value_of(row), on=TODAY).statement.label for firm in (small, general)
    }
    assert statements == {small.name: "2021-09", general.name: "2021-11"}


def test_a_firm_that_was_delisted_comes_back_as_no_first_one(world: World) -> None:
    firm = enrolled(world).firm
    who = world.actor("statistics")
    entries.delist(who, firm, at=NOW, on=TODAY, exit_reason="X01", reason="2021年累计未达标")
    entries.reopen(world.actor("haifeng"), firm, at=NOW, on=TODAY, reason="恢复经营")
    assert (firm.stage, firm.first_time) == (Stage.LEAD, False)
