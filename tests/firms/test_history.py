"""What a firm's fields were, and who changed them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from registry.base.extensions import SHANGHAI, db
from registry.entries.services import entries
from registry.firms.models.firms import Firm
from registry.firms.queries import history
from tests.world import NOW, TODAY, World


def day(number: int) -> datetime:
    return datetime(2021, 10, number, 9, 0, tzinfo=SHANGHAI)


def written(firm: Firm, field: str = "") -> list[str]:
    return [entry.verb for entry in db.session.scalars(history.writings_of(firm, field=field))]


def test_every_change_of_a_field_is_told_the_newest_first(world: World) -> None:
    firm, clerk = world.admitted(), world.actor("haifeng")
    entries.edit(clerk, firm, {"employees": 12, "capital": Decimal("500000.00")}, at=day(16), on=TODAY, reason="年报")
    entries.edit(clerk, firm, {"employees": 15}, at=day(17), on=TODAY, reason="更正")
    acts = db.session.scalars(history.writings_of(firm, field="employees"))
    told = [(act.before["employees"], act.after["employees"], act.reason) for act in acts]
    assert told == [(12, 15, "更正"), (None, 12, "年报")]


def test_figures_papers_and_looks_are_not_changes_of_the_firm(world: World) -> None:
    firm = world.admitted()
    entries.reveal(world.actor("industry"), firm, at=NOW, purpose="实地走访")
    assert written(firm) == ["admit", "confirm_industry", "take_up", "submit", "create"]


def test_the_acts_on_one_field_are_found_by_it(world: World) -> None:
    firm, clerk = world.admitted(), world.actor("haifeng")
    entries.edit(clerk, firm, {"employees": 12}, at=day(16), on=TODAY, reason="年报")
    entries.edit(clerk, firm, {"employees": None}, at=day(17), on=TODAY, reason="误填")
    assert (written(firm, "employees"), written(firm, "stage")) == (["edit", "edit"], ["admit", "take_up", "submit"])


def test_the_values_of_a_moment_are_the_present_with_later_changes_taken_back(world: World) -> None:
    firm, clerk = world.admitted(), world.actor("haifeng")
    first = {"founded_on": date(2019, 1, 2), "capital": Decimal("500000.00"), "division": "441521", "employees": 3}
    entries.edit(clerk, firm, first, at=day(16), on=TODAY, reason="年报")
    entries.rename(
        clerk,
        firm,
        "海丰县云谷数字有限公司",
        at=day(18),
        on=date(2021, 10, 18),
        effective=date(2021, 10, 17),
        reason="核准变更",
    )
    entries.edit(clerk, firm, {"capital": None, "employees": 4}, at=day(19), on=date(2021, 10, 19), reason="误填")
    keys = ("name", "founded_on", "capital", "employees", "stage")
    at_16, at_17, now = (history.values_at(firm, moment) for moment in (day(16), day(17), day(20)))
    assert [at_16[key] for key in keys] == ["海丰县云谷软件有限公司", date(2018, 5, 20), None, None, "admitted"]
    assert [at_17[key] for key in keys] == [
        "海丰县云谷软件有限公司", date(2019, 1, 2), Decimal("500000.00"), 3, "admitted"
    ]  # fmt: skip
    assert [now[key] for key in keys] == ["海丰县云谷数字有限公司", date(2019, 1, 2), None, 4, "admitted"]


def test_the_county_that_counts_follows_the_division_back(world: World) -> None:
    firm = world.firm("汕尾市云谷软件有限公司", by="cityoffice", division="441502")
    entries.edit(world.actor("cityoffice"), firm, {"division": "441521"}, at=day(16), on=TODAY)
    assert (firm.statistical_county, history.values_at(firm, day(16))["statistical_county"]) == ("441521", "441502")
