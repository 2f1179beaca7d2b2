"""What is done to the firms ticked on the wall: each is looked at first, and what cannot be done is said."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from registry.base.extensions import db
from registry.firms.models.firms import Firm
from registry.notices.models import Nudge
from tests.world import Build, World, post, sign_in, signed_in

YUNGU, XINGHE, NANHU = "海丰县云谷软件有限公司", "海丰县星河数据有限公司", "海丰县南湖网络有限公司"
LUFENG = "陆丰市甲子软件有限公司"


@pytest.fixture
def town(build: Build) -> None:
    def make(world: World) -> None:
        world.figure(world.firm(YUNGU), "1500")
        world.firm(NANHU)
        world.admitted(XINGHE, industry="6450", wan="1200")
        world.submitted(LUFENG, by="lufeng", wan="1500", operating_address="陆丰市东海镇人民路1号")

    build(make)


def numbers(app: Flask) -> dict[str, int]:
    with app.app_context():
        return {row.name: row.id for row in db.session.execute(select(Firm.name, Firm.id))}


def text_of(body: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html.unescape(body)))


def acts(client: FlaskClient, path: str) -> list[str]:
    body = client.get(path).get_data(as_text=True)
    bar = re.search(r'<form class="tick-bar.*?</form>', body, re.DOTALL)
    return re.findall(r"<button[^>]*>([^<]*)</button>", bar[0]) if bar else []


def stages(app: Flask) -> dict[str, str]:
    with app.app_context():
        return {row.name: row.stage for row in db.session.execute(select(Firm.name, Firm.stage))}


def test_the_acts_are_those_of_the_stage_and_of_the_role(town: None, client: FlaskClient, app: Flask) -> None:
    sign_in(client, "haifeng")
    assert acts(client, "/firms") == ["导出所选…", "打印所选"]
    assert acts(client, "/firms?stage=lead") == ["提交提名…", "导出所选…", "打印所选"]
    assert acts(client, "/firms?as_of=2021-10-01") == []
    leader, city = signed_in(app, "leader"), signed_in(app, "cityoffice")
    assert acts(leader, "/firms?stage=proposed") == ["导出所选…", "打印所选"]
    assert acts(city, "/firms?stage=proposed") == ["催办…", "导出所选…", "打印所选"]
    assert acts(signed_in(app, "statistics"), "/firms") == ["申报纳统…", "导出所选…", "打印所选"]


def test_what_is_ticked_is_submitted_after_a_look_and_the_rest_says_why_not(
    town: None, client: FlaskClient, app: Flask
) -> None:
    sign_in(client, "haifeng")
    number = numbers(app)
    data = {"tick": [number[YUNGU], number[NANHU], number[XINGHE], number[LUFENG]]}
    shown = post(client, "/firms/ticked/submission", data).get_data(as_text=True)
    said = text_of(shown)
    assert "将办理 1 项" in said
    assert "不能办理 3 项" in said
    assert "提交给市工信局核查" in said
    assert LUFENG not in said
    assert stages(app)[YUNGU] == "lead"
    seen = re.findall(r'name="seen" value="([^"]*)"', shown)
    left = re.findall(r'name="left" value="([^"]*)"', shown)
    post(client, "/firms/ticked/submission", {"tick": [number[YUNGU]], "seen": seen, "left": left, "sure": "1"})
    assert stages(app) == {YUNGU: "proposed", NANHU: "lead", XINGHE: "admitted", LUFENG: "proposed"}


def test_the_city_office_nudges_many_once_a_day(town: None, client: FlaskClient, app: Flask) -> None:
    sign_in(client, "cityoffice")
    number = numbers(app)
    data = {"tick": [number[LUFENG], number[XINGHE]]}
    shown = post(client, "/firms/ticked/nudge", data).get_data(as_text=True)
    assert "催办市工信局，已等 0 个工作日" in text_of(shown)
    assert "没有等待办理的提名。" in text_of(shown)
    seen = re.findall(r'name="seen" value="([^"]*)"', shown)
    post(client, "/firms/ticked/nudge", {"tick": [number[LUFENG]], "seen": seen, "sure": "1"})
    with app.app_context():
        assert db.session.scalar(select(func.count(Nudge.id))) == 1
    assert "将办理 0 项" in text_of(post(client, "/firms/ticked/nudge", data).get_data(as_text=True))


def test_export_and_print_take_exactly_the_ticked_ones_of_the_filter(
    town: None, client: FlaskClient, app: Flask
) -> None:
    sign_in(client, "haifeng")
    number = numbers(app)
    data = {"tick": [number[YUNGU], number[LUFENG]]}
    where = post(client, "/firms/ticked/export?stage=all&page=2", data).headers["Location"]
    assert where == f"/firms/export?stage=all&tick={number[YUNGU]}&tick={number[LUFENG]}"
    assert "选定的 2 家" in text_of(client.get(where).get_data(as_text=True))
    file = post(client, where, {"kind": "csv"}).get_data(as_text=True)
    assert (YUNGU in file, NANHU in file, XINGHE in file, LUFENG in file) == (True, False, False, False)
    paper = client.get(post(client, "/firms/ticked/print?stage=all", data).headers["Location"]).get_data(as_text=True)
    assert re.findall(r'class="firm-name">\s*<a [^>]*>([^<]*)</a>', paper) == [YUNGU]
    assert "合计（1 家）" in paper
