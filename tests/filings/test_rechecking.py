"""The yearly re-check and the exits: by the December figure and the rule of that year, with coded reasons, no blame."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from registry.base.errors import Blocked, FieldError, IllegalTransition, NotAllowed, RegistryError
from registry.base.extensions import SHANGHAI, db
from registry.base.periods import Period, Quarter
from registry.base.vocabulary import Action, FigureSource, Stage
from registry.entries.services import entries
from registry.figures.services import recording
from registry.filings.models import Recheck
from registry.filings.queries import rechecks
from registry.filings.services import rechecking
from registry.firms.models.firms import Firm
from registry.pathway.queries import events, exits
from registry.pathway.services import pathway
from tests.filed import attach, enrolled
from tests.world import NOW, TODAY, World

JANUARY = date(2022, 1, 12)
THEN = datetime(2022, 1, 12, 10, tzinfo=SHANGHAI)


def december(world: World, firm: Firm, wan: str) -> None:
    paper = attach(world, firm, "M04", period=Period(2021, 12))
    recording.record(
        world.actor("haifeng"), firm, Period(2021, 12), Decimal(wan) * 10000, source=FigureSource.INCOME_STATEMENT,
        document=paper, at=THEN, on=JANUARY,
    )  # fmt: skip


@pytest.mark.parametrize(
    "wan, suggested", [("2600", "stays"), ("2000", "stays"), ("1999.99", "leaves"), (None, "open")]
)
def test_the_december_figure_against_the_line_of_its_year_says_who_has_to_leave(
    world: World, wan: str | None, suggested: str
) -> None:
    firm = enrolled(world).firm
    if wan:
        december(world, firm, wan)
    line = rechecks.line(firm, 2021)
    assert (line.suggested, line.rule and line.rule.rule_id, line.amount) == (
        suggested, "SVC-2000-I", Decimal(wan) * 10000 if wan else None,
    )  # fmt: skip


def test_a_word_is_kept_with_figure_rule_and_the_day_to_be_out_by(world: World) -> None:
    firm, who = enrolled(world).firm, world.actor("statistics")
    december(world, firm, "1500")
    first = rechecking.record(who, firm, 2021, "open", at=THEN, on=JANUARY, note="报表待复核")
    row = rechecking.record(who, firm, 2021, "leaves", at=THEN, on=JANUARY)
    assert (first.round, row.round, row.leave_by) == (1, 2, date(2022, 2, 28))
    assert (row.amount, row.line, row.rule_id, row.rule_version) == (
        Decimal("15000000"), Decimal("20000000"), "SVC-2000-I", 1,
    )  # fmt: skip
    assert rechecks.outstanding(who, 2021) == 0


def test_a_word_against_the_figure_needs_its_reason_and_no_year_is_judged_early(world: World) -> None:
    firm, who = enrolled(world).firm, world.actor("statistics")
    december(world, firm, "1500")
    with pytest.raises(FieldError) as bare:
        rechecking.record(who, firm, 2021, "stays", at=THEN, on=JANUARY)
    assert bare.value.field == "note"
    with pytest.raises(RegistryError):
        rechecking.record(who, firm, 2021, "leaves", at=NOW, on=TODAY)
    for name in ("haifeng", "industry", "cityoffice", "leader", "auditor"):
        with pytest.raises(NotAllowed):
            rechecking.record(world.actor(name), firm, 2021, "leaves", at=THEN, on=JANUARY)
    assert db.session.scalars(select(Recheck)).all() == []


def test_delisting_takes_a_coded_reason_of_its_own_kind_and_a_note(world: World) -> None:
    firm, who = enrolled(world).firm, world.actor("statistics")
    for code, note, field in (("", "事由", "exit_reason"), ("X08", "事由", "exit_reason"), ("X01", " ", "reason")):
        with pytest.raises(FieldError) as refused:
            entries.delist(who, firm, at=NOW, on=TODAY, exit_reason=code, reason=note)
        assert refused.value.field == field
    entries.delist(who, firm, at=NOW, on=TODAY, exit_reason="X01", reason="12月累计未达标")
    event = events.events_of(firm)[-1]
    assert (firm.stage, event.exit_reason, event.note) == (Stage.DELISTED, "X01", "12月累计未达标")


def test_only_statistics_delists_and_only_what_is_enrolled(world: World) -> None:
    with pytest.raises(IllegalTransition):
        entries.delist(
            world.actor("statistics"), world.admitted(), at=NOW, on=TODAY, exit_reason="X01", reason="未达标"
        )
    firm = enrolled(world, name="海丰县白鹭软件有限公司").firm
    with pytest.raises(NotAllowed):
        entries.delist(world.actor("cityoffice"), firm, at=NOW, on=TODAY, exit_reason="X01", reason="未达标")


def test_false_data_bar_a_new_nomination_for_a_year_and_other_reasons_do_not(world: World) -> None:
    city, clerk = world.actor("cityoffice"), world.actor("haifeng")
    liar, mover = world.admitted(), world.admitted("海丰县白鹭软件有限公司")
    entries.remove(city, liar, at=NOW, on=TODAY, exit_reason="X07", reason="利润表与税务记录不符")
    entries.remove(city, mover, at=NOW, on=TODAY, exit_reason="X02", reason="迁出后又迁回")
    for firm in (liar, mover):
        entries.reopen(clerk, firm, at=NOW, on=TODAY, reason="重新列为线索")
    assert (exits.barred_until(liar), exits.barred_until(mover)) == (date(2022, 10, 14), None)
    codes = {firm.name: [g.code for g in pathway.unmet(clerk, firm, Action.SUBMIT, on=TODAY)] for firm in (liar, mover)}
    assert codes == {liar.name: ["barred"], mover.name: []}
    with pytest.raises(Blocked) as refused:
        pathway.advance(clerk, liar, Action.SUBMIT, at=NOW, on=TODAY)
    assert refused.value.blockers == ("该企业因提供虚假资料退出，限制期未满，不能重新提名。",)
    assert not exits.is_barred(liar, date(2022, 10, 15))


def test_the_exits_of_a_quarter_are_those_in_reach_with_their_reasons(world: World) -> None:
    city = world.actor("cityoffice")
    near, far = (
        world.admitted(),
        world.admitted("陆丰市白鹭软件有限公司", by="lufeng", operating_address="陆丰市东海街道1号"),
    )
    for firm in (near, far):
        entries.remove(city, firm, at=NOW, on=TODAY, exit_reason="X04", reason="已注销")
    quarter = Quarter(2021, 4)
    seen = {
        name: [event.firm_id for event in db.session.scalars(exits.during(world.actor(name), quarter))]
        for name in ("haifeng", "lufeng", "chengqu", "statistics")
    }
    assert seen == {"haifeng": [near.id], "lufeng": [far.id], "chengqu": [], "statistics": [near.id, far.id]}
    assert list(db.session.scalars(exits.during(city, Quarter(2021, 3)))) == []
