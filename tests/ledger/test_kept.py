"""Views of the ledger and the columns of a person: who has them, what they hold, what the trail keeps of them."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.base.extensions import db
from registry.ledger.models import LedgerView
from registry.trail.models import TrailEntry
from tests.world import Build, World, post, sign_in, signed_in

YUNGU, XINGHE = "海丰县云谷软件有限公司", "海丰县星河数据有限公司"
LEADS = "stage=lead&sort=-name&col=division&col=tier"


@pytest.fixture
def town(build: Build) -> None:
    def make(world: World) -> None:
        world.firm(YUNGU)
        world.admitted(XINGHE, industry="6450", wan="1200")

    build(make)


def body_of(client: FlaskClient, path: str = "/firms") -> str:
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


def headings(body: str) -> list[str]:
    return [head for head in re.findall(r'<th scope="col"[^>]*>(?:<a [^>]*>)?([^<]*)', body) if head]


def listed(body: str) -> list[str]:
    return re.findall(r'class="firm-name">\s*<a href="[^"]*" title="[^"]*">([^<]*)</a>', body)


def named(body: str) -> list[str]:
    menu = re.search(r'<ul class="wall-views">(.*?)</ul>', body, re.DOTALL)
    return re.findall(r"<a [^>]*>([^<]*)</a>", menu[1]) if menu else []


def saved(client: FlaskClient, name: str = "本县线索", query: str = LEADS, **more: str) -> None:
    assert post(client, "/firms/views", {"name": name, "query": query, **more}).status_code == 302


def view_id(app: Flask, name: str = "本县线索") -> int:
    with app.app_context():
        return db.session.scalars(select(LedgerView.id).where(LedgerView.name == name)).one()


def on_trail(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        rows = select(TrailEntry).where(TrailEntry.subject_kind == "ledger_view").order_by(TrailEntry.seq)
        return [(row.verb, row.subject_label) for row in db.session.scalars(rows)]


def test_columns_are_remembered_for_the_person_and_go_into_the_file_too(town: None, app: Flask) -> None:
    clerk, other = signed_in(app, "haifeng"), signed_in(app, "haifeng2")
    post(clerk, "/firms/columns", {"col": ["tier", "proposer"], "query": "stage=all"})
    assert headings(body_of(clerk)) == ["序号", "企业名称", "档", "填报单位", "状态"]
    assert headings(body_of(clerk, "/firms/print")) == ["序号", "企业名称", "档", "填报单位", "状态"]
    file = post(clerk, "/firms/export", {"kind": "csv"}).get_data(as_text=True)
    assert file.splitlines()[0].lstrip("\ufeff") == "企业名称,统一社会信用代码,档,填报单位"
    assert headings(body_of(clerk, "/firms?col=stage")) == ["序号", "企业名称", "阶段", "状态"]
    assert headings(body_of(other))[2:4] == ["县区", "行业"]
    post(clerk, "/firms/columns", {"reset": "y", "query": ""})
    assert headings(body_of(clerk))[2:4] == ["县区", "行业"]


def test_a_view_holds_filter_order_and_columns_and_nothing_else(town: None, client: FlaskClient, app: Flask) -> None:
    sign_in(client, "haifeng")
    saved(client, query=f"{LEADS}&page=3&as_of=2021-01-01&tick=1&back=1&col=contact_phone")
    with app.app_context():
        assert db.session.scalars(select(LedgerView.query)).all() == [LEADS]
    body = body_of(client, f"/firms?{LEADS}")
    assert named(body) == ["本县线索"]
    assert listed(body) == [YUNGU]
    assert headings(body) == ["序号", "企业名称", "县区", "档", "状态"]


def test_an_own_view_is_nobody_else_s_and_a_shared_one_is_the_office_s(town: None, app: Flask) -> None:
    clerk, colleague, other = (signed_in(app, name) for name in ("haifeng", "haifeng2", "lufeng"))
    saved(clerk, "本人的")
    saved(clerk, "共用的", shared="y")
    assert [named(body_of(who)) for who in (clerk, colleague, other)] == [["共用的", "本人的"], ["共用的"], []]
    own, shared = view_id(app, "本人的"), view_id(app, "共用的")
    for act in ("opening", "name", "sharing", "deletion"):
        assert post(colleague, f"/firms/views/{own}/{act}", {"first": "y"}).status_code == 404
        assert post(other, f"/firms/views/{shared}/{act}", {"first": "y"}).status_code == 404
    for act in ("name", "sharing", "deletion"):
        assert post(colleague, f"/firms/views/{shared}/{act}").status_code == 404
    assert named(body_of(colleague)) == ["共用的"]


def test_a_shared_view_shows_each_the_firms_in_the_own_reach(town: None, app: Flask, build: Build) -> None:
    build(lambda world: world.firm("陆丰市甲子软件有限公司", by="lufeng", operating_address="陆丰市东海镇人民路1号"))
    other = signed_in(app, "lufeng")
    saved(signed_in(app, "haifeng"), shared="y")
    assert listed(body_of(other, f"/firms?{LEADS}")) == ["陆丰市甲子软件有限公司"]


def test_the_ledger_opens_on_the_view_that_was_chosen_until_it_is_gone(
    town: None, client: FlaskClient, app: Flask
) -> None:
    sign_in(client, "haifeng")
    saved(client)
    number = view_id(app)
    post(client, f"/firms/views/{number}/opening", {"first": "y"})
    assert client.get("/firms").headers["Location"] == f"/firms?{LEADS}"
    assert listed(body_of(client, "/firms?stage=directory")) == [XINGHE]
    post(client, f"/firms/views/{number}/deletion")
    assert client.get("/firms").status_code == 200
    assert named(body_of(client)) == []


def test_a_view_that_is_no_longer_shared_opens_nobody_else_s_ledger(town: None, app: Flask) -> None:
    clerk, colleague = signed_in(app, "haifeng"), signed_in(app, "haifeng2")
    saved(clerk, shared="y")
    number = view_id(app)
    post(colleague, f"/firms/views/{number}/opening", {"first": "y"})
    assert colleague.get("/firms").status_code == 302
    post(clerk, f"/firms/views/{number}/sharing", {"shared": ""})
    assert colleague.get("/firms").status_code == 200


def test_what_concerns_the_office_is_on_the_trail_and_what_is_one_s_own_is_not(
    town: None, client: FlaskClient, app: Flask
) -> None:
    sign_in(client, "haifeng")
    saved(client)
    number = view_id(app)
    post(client, f"/firms/views/{number}/name", {"name": "线索"})
    assert on_trail(app) == []
    post(client, f"/firms/views/{number}/sharing", {"shared": "y"})
    post(client, f"/firms/views/{number}/name", {"name": "海丰线索"})
    post(client, f"/firms/views/{number}/deletion")
    assert [verb for verb, _label in on_trail(app)] == ["share_view", "rename_view", "delete_view"]


def test_a_name_is_one_s_own_once_and_never_empty(town: None, client: FlaskClient, app: Flask) -> None:
    sign_in(client, "haifeng")
    saved(client)
    for name, said in (("本县线索", "已有同名的视图"), ("", "请填写视图名称"), ("长" * 41, "最多 40 个字")):
        post(client, "/firms/views", {"name": name, "query": LEADS})
        assert said in body_of(client)
    saved(client, "第二个")
    answer = post(client, f"/firms/views/{view_id(app, '第二个')}/name", {"name": "本县线索"})
    assert answer.status_code == 422
    assert "已有同名的视图" in html.unescape(answer.get_data(as_text=True))
