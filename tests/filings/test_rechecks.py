"""The re-check page, delisting and the list of exits: by statistics, with reasons, each within its own reach."""

from __future__ import annotations

from datetime import date

from flask import Flask
from flask.testing import FlaskClient

from registry.base.extensions import db
from registry.entries.services import entries
from registry.firms.models.firms import Firm
from tests.filed import enrolled
from tests.world import NOW, TODAY, Build, World, post, sign_in, signed_in


def test_statistics_records_its_word_and_delists_with_a_reason(app: Flask, client: FlaskClient, build: Build) -> None:
    firm_id = build(lambda world: enrolled(world).firm_id)
    app.config["TODAY"] = date(2022, 1, 20)
    sign_in(client, "statistics")
    page = client.get("/rechecks?year=2021").get_data(as_text=True)
    assert ("缺数据" in page, "2022年2月28日" in page) == (True, True)
    path = f"/firms/{firm_id}/recheck?year=2021"
    bare = post(client, path, {"outcome": "leaves"})
    assert (bare.status_code, "必" in bare.get_data(as_text=True)) == (422, True)
    assert post(client, path, {"outcome": "leaves", "note": "12月报表未达标"}).status_code == 302
    assert "2022-02-28" in client.get("/rechecks?year=2021").get_data(as_text=True)
    early = post(client, f"/firms/{firm_id}/recheck?year=2022", {"outcome": "stays"})
    assert (early.status_code, "2022 年尚未结束" in early.get_data(as_text=True)) == (422, True)
    leave = {"exit_reason": "X01", "reason": "12月累计未达标"}
    assert post(client, f"/firms/{firm_id}/delisting", {"reason": "未达标"}).status_code == 422
    assert post(client, f"/firms/{firm_id}/delisting", leave).status_code == 302
    with app.app_context():
        assert db.session.get_one(Firm, firm_id).stage == "delisted"
    assert "12月累计未达标" in client.get("/exits").get_data(as_text=True)


def test_a_firm_is_first_looked_at_for_the_year_it_entered_in(client: FlaskClient, build: Build) -> None:
    firm_id = build(lambda world: enrolled(world).firm_id)
    sign_in(client, "statistics")
    pages = [client.get(f"/rechecks?year={year}").get_data(as_text=True) for year in (2020, 2021)]
    assert [f"/firms/{firm_id}" in page for page in pages] == [False, True]
    refused = post(client, f"/firms/{firm_id}/recheck?year=2020", {"outcome": "leaves", "note": "未达标"})
    assert (refused.status_code, "2020 年末尚未入库" in refused.get_data(as_text=True)) == (422, True)


def test_a_firm_that_comes_back_is_marked_as_no_first_one(client: FlaskClient, build: Build) -> None:
    def make(world: World) -> int:
        firm = enrolled(world).firm
        entries.delist(world.actor("statistics"), firm, at=NOW, on=TODAY, exit_reason="X01", reason="未达标")
        entries.reopen(world.actor("haifeng"), firm, at=NOW, on=TODAY, reason="恢复")
        return firm.id

    firm_id = build(make)
    sign_in(client, "haifeng")
    assert "曾退库" in client.get(f"/firms/{firm_id}").get_data(as_text=True)


def test_exits_are_listed_with_their_reason_to_whom_they_concern(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        firm = world.admitted()
        city = world.actor("cityoffice")
        entries.remove(city, firm, at=NOW, on=TODAY, exit_reason="X04", reason="已办理注销登记")

    build(make)
    seen = {
        name: "已办理注销登记" in signed_in(app, name).get("/exits").get_data(as_text=True)
        for name in ("haifeng", "lufeng", "industry", "cityoffice", "statistics", "leader")
    }
    assert seen == {
        "haifeng": True, "lufeng": False, "industry": True, "cityoffice": True, "statistics": True, "leader": True,
    }  # fmt: skip
    other = signed_in(app, "leader")
    assert "没有符合条件的记录" in other.get("/exits?reason=X07").get_data(as_text=True)
    assert "本季没有企业出库或退库" in other.get("/exits?quarter=2021Q3").get_data(as_text=True)


def test_who_reads_everything_reads_the_recheck_and_a_county_does_not(app: Flask) -> None:
    answers = {
        name: signed_in(app, name).get("/rechecks").status_code
        for name in ("leader", "cityoffice", "haifeng", "industry")
    }
    assert answers == {"leader": 200, "cityoffice": 200, "haifeng": 403, "industry": 403}
