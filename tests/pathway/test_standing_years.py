"""A new year: the stored standing follows, and nobody loses 达标应入 for lack of a January figure."""

from __future__ import annotations

from datetime import date, datetime

from registry.base.extensions import SHANGHAI, db
from registry.base.turns import Pace
from registry.base.vocabulary import Stage
from registry.pathway.services import standing
from tests.world import World

NEW_YEAR = datetime(2022, 1, 4, 9, 0, tzinfo=SHANGHAI)


def test_in_january_the_past_year_becomes_last_year_and_the_new_one_is_still_empty(world: World) -> None:
    firm = world.admitted("海丰县正衡检测技术有限公司", industry="7452", wan="1080", reviewer="market")
    world.figure(firm, "1200", period="2020")
    db.session.commit()
    assert list(standing.refresh_stale(Pace(), on=date(2022, 1, 4), at=NEW_YEAR)) == [1]
    assert (firm.standing_year, firm.revenue_to_date, firm.rate, firm.stage) == (2022, None, None, Stage.QUALIFIED)


def test_a_standing_of_this_year_is_left_alone(world: World) -> None:
    world.admitted()
    db.session.commit()
    assert list(standing.refresh_stale(Pace(), on=date(2021, 12, 1), at=NEW_YEAR)) == []
