"""The standing follows figures and rules: 达标应入 and back, and an old day told as it was."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.base.clocks import AsOf
from registry.base.extensions import SHANGHAI, db
from registry.base.periods import Period
from registry.base.vocabulary import Action, FigureSource, Stage, Verdict
from registry.documents.services import attachments
from registry.entries.services import entries
from registry.figures.services import recording
from registry.firms.models.firms import Firm
from registry.pathway.queries import events, positions
from registry.pathway.services import standing
from registry.reference.models import Threshold
from tests.world import NOW, TODAY, World

TESTING = {"industry": "7452", "reviewer": "market"}


def stages(firm: Firm) -> list[tuple[str, str]]:
    return [(event.action, event.target) for event in events.events_of(firm)][-2:]


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 30, tzinfo=SHANGHAI)


def later(world: World, firm: Firm, wan: str, period: str, day: date, **more: object) -> None:
    """Record a figure on a later day, from the statement of its period."""
    covered = Period.parse(period)
    paper = attachments.attach(
        world.actor("haifeng"), firm, filename="利润表.pdf", content=f"%PDF-1.4 {covered}".encode(), material="M04", at=at(day),
        year=covered.year, month=covered.month,
    )  # fmt: skip
    recording.record(
        world.actor("haifeng"), firm, covered, Decimal(wan) * 10000, document=paper,
        source=FigureSource.INCOME_STATEMENT, at=at(day), on=day, **more,
    )  # fmt: skip


def test_the_figure_that_reaches_the_line_makes_the_firm_due_by_system(world: World) -> None:
    firm = world.admitted(wan="1500")
    world.figure(firm, "2000", reason="补记其他业务收入")
    assert (firm.stage, firm.rate, firm.tier) == (Stage.QUALIFIED, Decimal("1.0000"), "A")
    event = events.events_of(firm)[-1]
    assert (event.action, event.actor_id, event.office_id) == (Action.QUALIFY, None, None)


def test_a_fen_below_the_line_is_not_due(world: World) -> None:
    firm = world.admitted(wan="1999.999999")
    assert (firm.stage, firm.rate) == (Stage.ADMITTED, Decimal("0.9999"))


def test_a_correction_below_the_line_takes_it_back_with_the_reason_in_words(world: World) -> None:
    firm = world.admitted(wan="2000")
    assert firm.stage == Stage.QUALIFIED
    world.figure(firm, "1990", reason="重复计入")
    event = events.events_of(firm)[-1]
    assert (firm.stage, event.action, event.note) == (
        Stage.ADMITTED,
        Action.DISQUALIFY,
        "营业收入 1,990.00 万元（2021-09），四上标准 2,000.00 万元",
    )


def test_another_industry_has_another_line_and_moves_the_firm_too(world: World) -> None:
    firm = world.admitted("海丰县正衡检测技术有限公司", wan="1500", **TESTING)
    assert firm.stage == Stage.QUALIFIED
    entries.edit(world.actor("haifeng"), firm, {"industry": "6513"}, at=NOW, on=TODAY, reason="行业界定错误")
    assert (firm.stage, firm.statutory_line) == (Stage.ADMITTED, Decimal("20000000"))


def test_last_years_figure_moves_no_stage_and_shows_in_the_tier(world: World) -> None:
    firm = world.admitted(wan="1500")
    world.figure(firm, "2600", period="2020")
    assert (firm.stage, firm.tier, firm.rate) == (Stage.ADMITTED, "A", Decimal("0.7500"))
    assert firm.revenue_last_year == Decimal("26000000")


def test_a_new_year_and_its_first_figure_are_no_reason_to_take_it_back(world: World) -> None:
    firm = world.admitted(wan="2100")
    january, february = date(2022, 1, 20), date(2022, 2, 20)
    standing.refresh(firm, on=january, at=at(january))
    assert (firm.stage, firm.rate) == (Stage.QUALIFIED, None)
    later(world, firm, "150", "2022-01", february)
    assert (firm.stage, firm.rate) == (Stage.QUALIFIED, Decimal("0.0750"))


def test_a_correction_of_the_year_it_qualified_in_still_takes_it_back(world: World) -> None:
    firm = world.admitted(wan="2100")
    february = date(2022, 2, 20)
    later(world, firm, "150", "2022-01", february)
    later(world, firm, "1900", "2021-09", february, reason="重复计入")
    assert stages(firm) == [(Action.QUALIFY, Stage.QUALIFIED), (Action.DISQUALIFY, Stage.ADMITTED)]


def test_a_branch_counts_nowhere_whatever_it_earns(world: World) -> None:
    from registry.base.errors import Blocked
    from registry.proposals.services import reviews

    proposal = world.under_review("海丰县云谷软件有限公司梅陇分公司", wan="5000", unit_kind="branch")
    with pytest.raises(Blocked) as refused:
        reviews.admit(world.actor("industry"), proposal, industry_checked=True, opinion="", at=NOW, on=TODAY)
    assert refused.value.blockers == ("须为法人单位，或经批准的视同法人单位；分公司随其法人单位统计。",)
    assert positions.of(proposal.firm, on=TODAY).is_counted_unit is False


def test_an_old_day_is_told_as_it_was_after_a_correction(world: World) -> None:
    firm = world.admitted(wan="1500")
    later(world, firm, "2100", "2021-09", date(2021, 11, 2), reason="补记其他业务收入")
    then, now = positions.replayed(firm, as_of=AsOf(TODAY)), positions.of(firm, on=date(2021, 11, 2))
    assert (then.statutory, then.year_to_date.amount) == (Verdict.UNMET, Decimal("15000000"))
    assert (now.statutory, now.year_to_date.amount) == (Verdict.MET, Decimal("21000000"))


def test_an_old_day_is_told_by_the_rule_of_that_day(world: World) -> None:
    """The line is lowered from 2022 on; the verdict of October 2021 stays what it was, and names its version."""
    firm = world.admitted(wan="1500")
    old = db.session.get_one(Threshold, ("SVC-2000-I", 1))
    columns = {c.name: getattr(old, c.name) for c in Threshold.__table__.columns}
    new = {"version": 2, "amount_yuan": Decimal("10000000"), "annual_from": 2022, "periodic_from": date(2022, 1, 1)}
    db.session.add(Threshold(**{**columns, **new, "annual_to": None, "periodic_to": None}))
    db.session.commit()
    from flask import g

    g.pop("reference_rules", None)  # a later request reads the rules anew
    later(world, firm, "1200", "2022-03", date(2022, 4, 20))
    then, now = positions.replayed(firm, as_of=AsOf(TODAY)), positions.of(firm, on=date(2022, 4, 20))
    line_then, line_now = (p.conditions[7] for p in (then, now))
    assert (line_then.version, line_then.verdict, line_now.version, line_now.verdict) == (
        1,
        Verdict.UNMET,
        2,
        Verdict.MET,
    )
    assert firm.stage == Stage.QUALIFIED


amounts = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 30_000_000)), min_size=1, max_size=6)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts)
def test_whatever_is_recorded_the_stage_says_what_the_latest_figure_says(
    world: World, series: list[tuple[int, int]]
) -> None:
    """Any order of figures and corrections: due exactly while the latest month of the year reaches the line."""
    firm = world.admitted(wan="1000")
    for number, (month, yuan) in enumerate(series):
        standing_figure = recording.current(firm, "revenue", Period(2021, month))  # type: ignore[arg-type]
        if standing_figure is not None and standing_figure.amount == yuan:
            continue
        recording.record(
            world.actor("haifeng"), firm, Period(2021, month), Decimal(yuan), document=world.document(firm, month=month),
            source=FigureSource.INCOME_STATEMENT, reason="更正", at=NOW + timedelta(minutes=number), on=TODAY,
        )  # fmt: skip
    latest = recording.current(firm, "revenue", Period(2021, 9))  # type: ignore[arg-type]
    assert latest is not None
    assert (firm.stage == Stage.QUALIFIED) == (latest.amount >= 20_000_000)
    assert (firm.revenue_to_date, firm.to_month) == (latest.amount, 9)
    steps = [event.action for event in events.events_of(firm) if event.action in (Action.QUALIFY, Action.DISQUALIFY)]
    assert steps == [Action.QUALIFY, Action.DISQUALIFY][:2] * (len(steps) // 2) + [Action.QUALIFY] * (len(steps) % 2)
    db.session.rollback()
