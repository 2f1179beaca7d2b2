"""Whether a firm is in business: kept with its day and its source, on the trail, and a condition of the path."""

from __future__ import annotations

from datetime import date

from flask.testing import FlaskClient

from registry.base.clocks import AsOf, Known
from registry.base.extensions import db
from registry.base.vocabulary import Verdict
from registry.entries.services import entries
from registry.firms.models.firms import Firm
from registry.pathway.queries import positions
from registry.pathway.rules.facts import ConditionCode
from tests.dossier.test_pages import edited, text_of
from tests.lives import moment
from tests.world import TODAY, World, sign_in


def verdict(firm: Firm, on: date | None = None) -> Verdict:
    position = positions.replayed(firm, as_of=AsOf(on, Known.THEN)) if on else positions.of(firm, on=TODAY)
    return position.condition(ConditionCode.STANDING).verdict


def test_nobody_has_said_so_then_it_is_met_then_it_is_not(world: World) -> None:
    firm = world.admitted()
    assert verdict(firm) is Verdict.UNKNOWN
    clerk = world.actor("haifeng")
    for state, on, expected in (
        ("active", date(2021, 10, 16), Verdict.MET),
        ("revoked", date(2021, 10, 18), Verdict.UNMET),
    ):
        entries.edit(
            clerk, firm, {"operating_state": state}, at=moment(on), on=on, reason="公示系统查询", source="公示"
        )
        assert (verdict(firm), firm.operating_state_on, firm.operating_state_source) == (expected, on, "公示")
    assert verdict(firm, date(2021, 10, 17)) is Verdict.MET


def test_the_day_and_the_source_that_a_person_gives_stand(client: FlaskClient, world: World) -> None:
    firm = world.firm()
    db.session.commit()
    number = firm.id
    sign_in(client, "haifeng")
    given = {
        "operating_state": "deregistered", "operating_state_on": "2021-09-30",
        "operating_state_source": "国家企业信用信息公示系统",
    }  # fmt: skip
    assert edited(client, number, **given).status_code == 302
    assert "注销 2021-09-30 国家企业信用信息公示系统" in text_of(client.get(f"/firms/{number}/facts"))
    assert edited(client, number, **given | {"operating_state_on": "2031-01-01"}).status_code == 422


def test_day_and_source_belong_to_the_state_they_came_with(client: FlaskClient, world: World) -> None:
    """The form shows what stands: what is left as it was there says nothing of a new state."""
    firm = world.firm(
        operating_state="active", operating_state_on=date(2021, 1, 5), operating_state_source="市场主体库（2021-01-05）"
    )
    db.session.commit()
    number = firm.id
    sign_in(client, "haifeng")
    assert edited(client, number, operating_state="deregistered").status_code == 302
    shown = text_of(client.get(f"/firms/{number}/facts"))
    assert ("注销 2021-10-15" in shown, "2021-01-05" in shown) == (True, False)
    assert edited(client, number, operating_state="").status_code == 302
    db.session.expire_all()
    kept = db.session.get_one(Firm, number)
    assert (kept.operating_state, kept.operating_state_on, kept.operating_state_source) == (None, None, "")
