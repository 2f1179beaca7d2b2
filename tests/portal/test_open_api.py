"""The open lists for programs: without a token, the copy and nothing else, page by page, limited by address."""

from __future__ import annotations

from flask import Flask

from registry.base.extensions import db
from registry.firms.models.firms import Firm
from tests.api.tokens import Program
from tests.portal.opened import opened, released
from tests.portal.test_open import QINGMEI, YUNGU, city
from tests.world import Build, World


def test_lists_rows_and_one_row_without_a_token(app: Flask, build: Build) -> None:
    build(city)
    program = Program(app)
    lists = program.get("/open").get_json()
    assert (lists["licence"], lists["notice"]) == ("可自由使用，须注明来源", "培育参考，不作统计上报依据")
    assert next(one for one in lists["data"] if one["code"] == "entries")["fields"][0] == {
        "name": "name", "title": "名称", "type": "string",
    }  # fmt: skip
    rows = program.every("/open/entries")
    assert [row["values"]["name"] for row in rows] == [QINGMEI, YUNGU]
    assert rows[0]["values"] == {"name": QINGMEI}
    one = program.get(f"/open/entries/{rows[1]['id']}")
    assert one.get_json()["data"] == rows[1]
    assert one.headers["Cache-Control"] in ("no-store", "public, max-age=300")
    assert "Set-Cookie" not in one.headers


def test_filters_are_those_of_public_fields_and_pages_go_on(app: Flask, build: Build) -> None:
    build(city)
    program = Program(app)
    assert [row["values"]["name"] for row in program.every("/open/entries", q="云谷")] == [YUNGU]
    assert [row["values"]["name"] for row in program.every("/open/entries", place="海丰县")] == [YUNGU]
    with app.app_context():
        codes = {firm.name: firm.credit_code for firm in db.session.scalars(db.select(Firm)).unique()}
    assert program.every("/open/entries", q=codes[QINGMEI]) == []
    assert len(program.every("/open/entries", limit=1)) == 2
    assert program.get("/open/entries", query_string={"q": "云"}).status_code == 400
    assert program.get("/open/entries", query_string={"revenue": "1"}).status_code == 400
    assert program.get("/open/nothing").status_code == 404
    assert program.get("/open/entries/000000000000").status_code == 404


def test_what_is_closed_is_not_there_and_too_many_are_told_to_wait(app: Flask, build: Build) -> None:
    assert Program(app).get("/open").status_code == 404
    build(city)
    build(lambda world: opened(world, {"resources": ["name"]}))
    assert Program(app).get("/open/entries").status_code == 404
    app.config["API_OPEN_REQUESTS"] = 3
    answers = [Program(app).get("/open").status_code for _again in range(6)]
    assert answers[-1] == 429


def test_a_row_that_comes_later_moves_no_page(app: Flask, build: Build) -> None:
    def many(world: World) -> None:
        opened(world)
        released(world, *(world.admitted(f"海丰县示例{number:02d}号软件有限公司") for number in range(5)))

    build(many)
    program = Program(app)
    first = program.get("/open/entries", query_string={"limit": 2}).get_json()
    build(lambda world: released(world, world.admitted("海丰县后来软件有限公司")))
    second = program.get("/open/entries", query_string={"limit": 2, "cursor": first["next"]}).get_json()
    names = [row["values"]["name"] for row in (*first["data"], *second["data"])]
    assert names == [f"海丰县示例{number:02d}号软件有限公司" for number in (4, 3, 2, 1)]
