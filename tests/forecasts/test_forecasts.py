"""Early warning: who is on the list and why, within reach only, with as many statements for three firms as for one."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from flask import Flask

from registry.base.extensions import SHANGHAI, db
from registry.base.vocabulary import Stage
from registry.figures.queries import figures
from registry.filings.models import IntakeWindow
from registry.firms.models.firms import Firm
from registry.forecasts.queries import forecasts
from registry.forecasts.queries.forecasts import Alert, ForecastQuery
from registry.forecasts.rules.forecast import Method, Reach
from tests.lives import Life, listed
from tests.queries_counted import queries_counted
from tests.world import NOW, World

TODAY = date(2021, 10, 15)


def windows(*closing: tuple[str, date, int]) -> None:
    for batch, closes, month in closing:
        db.session.add(
            IntakeWindow(
                year=2021, door="annual_first", batch=batch, opens_on=date(2021, 10, 1), closes_on=closes,
                statement_year=2021, statement_month=month, source="示例通知", at=NOW,
            )
        )  # fmt: skip
    db.session.flush()


def earns(life: Life, monthly: str, *, to: int = 9) -> Life:
    """The same every month of 2021, in 万元."""
    for month in range(1, to + 1):
        life.figure(str(Decimal(monthly) * month), f"2021-{month:02d}", on=TODAY)
    return life


def names(world: World, kind: Alert, *, by: str = "cityoffice", wanted: ForecastQuery | None = None) -> list[str]:
    found = forecasts.alerts(world.actor(by), wanted or ForecastQuery(), on=TODAY)
    return [outlook.firm.name for outlook in found[kind]]


def test_firms_are_sorted_by_the_window_they_make_or_miss(world: World) -> None:
    windows(("第一批", date(2021, 11, 1), 9), ("第二批", date(2021, 12, 16), 11))
    earns(listed(world, "海丰县云谷软件有限公司", 1), "185")  # 2,000 in November
    earns(listed(world, "海丰县青梅软件有限公司", 2), "170")  # in December
    earns(listed(world, "海丰县白鹭软件有限公司", 3), "100")  # not this year
    listed(world, "海丰县木棉软件有限公司", 4)  # no figure of this year
    assert names(world, Alert.CROSSING) == ["海丰县云谷软件有限公司"]
    assert names(world, Alert.LATE) == ["海丰县青梅软件有限公司"]


def test_a_statistical_firm_that_falls_is_named_before_its_recheck(world: World) -> None:
    for number, (name, monthly, before) in enumerate(
        (("跌", "170", "2200"), ("稳", "300", "2000"), ("低", "150", "1000")), start=1
    ):
        life = listed(world, f"海丰县{name}云软件有限公司", number)
        life.figure(before, "2020-09", on=TODAY)
        earns(life, monthly)
        life.firm.stage = Stage.ENROLLED
    db.session.flush()
    assert names(world, Alert.FALLING) == ["海丰县低云软件有限公司", "海丰县跌云软件有限公司"]


def test_a_window_about_to_close_names_the_papers_that_lack(world: World) -> None:
    windows(("第一批", date(2021, 11, 1), 9))
    near = earns(listed(world, "海丰县云谷软件有限公司", 1), "230")
    assert near.firm.stage == Stage.QUALIFIED
    found = forecasts.alerts(world.actor("cityoffice"), ForecastQuery(), on=TODAY)[Alert.CLOSING]
    assert [outlook.firm.id for outlook in found] == [near.firm.id]
    lacking = [entry.row.code for entry in found[0].lacking]
    assert {"M01", "M03", "M05"} <= set(lacking)
    assert forecasts.alerts(world.actor("cityoffice"), ForecastQuery(), on=date(2021, 9, 30))[Alert.CLOSING] == []


def test_nobody_is_told_of_another_countys_firms(world: World) -> None:
    windows(("第二批", date(2021, 12, 16), 11))
    earns(listed(world, "海丰县云谷软件有限公司", 1), "185")
    assert names(world, Alert.CROSSING, by="haifeng") == ["海丰县云谷软件有限公司"]
    assert names(world, Alert.CROSSING, by="lufeng") == []
    assert names(world, Alert.CROSSING, by="sysadmin") == []
    assert forecasts.accuracy(world.actor("lufeng"), on=date(2022, 3, 1)) == []


def test_a_county_and_a_name_narrow_the_list(world: World) -> None:
    earns(listed(world, "海丰县云谷软件有限公司", 1), "185")
    earns(listed(world, "海丰县青梅软件有限公司", 2), "185")
    assert names(world, Alert.CROSSING, wanted=ForecastQuery(text="青梅")) == ["海丰县青梅软件有限公司"]
    assert len(names(world, Alert.CROSSING, wanted=ForecastQuery(division="441521"))) == 2
    assert names(world, Alert.CROSSING, wanted=ForecastQuery(division="441581")) == []


def test_without_windows_of_the_year_the_crossing_says_so(world: World) -> None:
    life = earns(listed(world, "海丰县云谷软件有限公司", 1), "185")
    windows(("作废", date(2021, 12, 16), 11))
    void = db.session.query(IntakeWindow).one()
    void.voided_at = datetime(2021, 10, 1, tzinfo=SHANGHAI)
    db.session.flush()
    outlook = forecasts.of(life.firm, figures.current_figures(life.firm), on=TODAY)
    assert (outlook.made.reach, outlook.crossed and outlook.crossed.likely) == (Reach.NO_WINDOWS, 11)


def test_a_correction_counts_and_a_voided_figure_does_not(world: World) -> None:
    life = earns(listed(world, "海丰县云谷软件有限公司", 1), "100")
    life.figure("1000", "2021-09", on=TODAY, reason="漏记")
    figure = max(figures.figures_of(life.firm), key=lambda f: (f.month, f.revision))
    assert forecasts.of(life.firm, figures.current_figures(life.firm), on=TODAY).forecast.reached == Decimal(10_000_000)
    figure.voided_at = NOW
    db.session.flush()
    assert forecasts.of(life.firm, figures.current_figures(life.firm), on=TODAY).forecast.reached == Decimal(9_000_000)


def test_the_accuracy_is_measured_with_the_figures_first_given(world: World) -> None:
    life = Life(world, "海丰县云谷软件有限公司", 1, on=date(2021, 1, 10))
    life.figure("600", "2020-06", on=date(2021, 1, 10))
    life.figure("500", "2020-06", on=date(2021, 1, 20), reason="更正")
    life.figure("1000", "2020", on=date(2021, 1, 20))
    found = forecasts.accuracy(world.actor("cityoffice"), on=TODAY)
    assert [(s.method, s.month, s.cases, round(s.mean, 2)) for s in found] == [(Method.RUN_RATE, 6, 1, 0.2)]


def test_three_firms_ask_the_database_as_often_as_one(app: Flask, world: World) -> None:
    windows(("第一批", date(2021, 11, 1), 9))
    counts = []
    for number in (1, 2, 3):
        earns(listed(world, f"海丰县云谷{number}号软件有限公司", number), "230")
        db.session.commit()
        who = world.actor("cityoffice")
        forecasts.alerts(who, ForecastQuery(), on=TODAY)  # whatever is read once a request
        with queries_counted(app) as seen:
            assert len(forecasts.alerts(who, ForecastQuery(), on=TODAY)[Alert.CLOSING]) == number
        counts.append(len(seen))
    assert counts == [counts[0]] * 3


@pytest.mark.parametrize("method", [Method.SEASONAL, Method.RUN_RATE])
def test_the_widths_cover_every_month_and_say_where_they_come_from(method: Method) -> None:
    rows = [row for row in forecasts.width_rows() if row.method is method]
    assert [row.month for row in rows] == list(range(1, 12))
    assert all(row.width.low < row.width.high and row.source and row.cases > 1000 for row in rows)


def test_a_forecast_leaves_no_trace_in_the_database(world: World) -> None:
    life = earns(listed(world, "海丰县云谷软件有限公司", 1), "185")
    db.session.commit()
    before = {column.name: getattr(life.firm, column.name) for column in Firm.__table__.columns}
    forecasts.alerts(world.actor("cityoffice"), ForecastQuery(), on=TODAY)
    assert (list(db.session.dirty), list(db.session.new)) == ([], [])
    assert before == {column.name: getattr(life.firm, column.name) for column in Firm.__table__.columns}
