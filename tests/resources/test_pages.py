"""Pages of resources: entered, listed, searched, released, read by other offices as far as they are released."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select

from registry.base.extensions import db
from registry.firms.models.firms import Firm
from registry.resources.models import Resource, ResourceUse
from registry.resources.services import recording
from registry.trail.models import TrailEntry
from tests.queries_counted import queries_counted
from tests.resources.offered import institution, resource
from tests.world import NOW, TODAY, Build, World, signed_in, token_in

SENT = {
    "kind": "instrument", "name": "气相色谱质谱联用仪", "division": "441521", "place": "2号楼", "maker": "岛津公司",
    "model": "QP2020", "serial": "O-20201234", "capability": "有机物定性定量分析", "price": "200元/样",
    "contact_name": "林晓燕", "contact_phone": "13812345678", "valid_from": "2021-03-01", "valid_to": "2024-02-29",
    "wishes_release": "y",
}  # fmt: skip


def send(client: FlaskClient, path: str, **values: Any) -> Any:
    page = client.get(path).get_data(as_text=True)
    return client.post(path, data={"csrf_token": token_in(page), **values})


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return " ".join(html.fromstring(answer.get_data(as_text=True)).text_content().split())


def cells(client: FlaskClient, path: str) -> list[list[str]]:
    page = html.fromstring(client.get(path).get_data(as_text=True))
    rows = page.xpath("//table[contains(@class, 'data')]//tbody/tr")
    return [[" ".join(" ".join(cell.itertext()).split()) for cell in row.xpath("td|th")] for row in rows]


def names(client: FlaskClient, query: str = "") -> list[str]:
    return [row[0].split()[0] for row in cells(client, f"/resources?{query}")]


def test_a_clerk_enters_a_resource_from_the_dossier_and_finds_it_there(app: Flask, build: Build) -> None:
    firm = build(lambda world: world.admitted().id)
    with app.app_context():
        code = db.session.get_one(Firm, firm).credit_code
    client = signed_in(app, "haifeng")
    assert "没有登记对外提供的仪器设备" in text(client, f"/firms/{firm}/holdings")
    page = client.get(f"/resources/new?owner={code}").get_data(as_text=True)
    assert f'value="{code}"' in page
    answer = send(client, "/resources/new", owner=code, **SENT)
    assert answer.status_code == 302
    shown = text(client, answer.location)
    said = ("待发布", "海丰县云谷软件有限公司", "岛津公司", "O-20201234", "200元/样", "林* 138****5678", "登记科技资源")
    assert [part for part in said if part not in shown] == []
    assert "13812345678" not in shown
    assert "气相色谱质谱联用仪" in text(client, f"/firms/{firm}/holdings")


def test_a_form_says_what_is_missing_and_keeps_what_was_typed(app: Flask, build: Build) -> None:
    build(lambda world: world.admitted().id)
    client = signed_in(app, "haifeng")
    sent = SENT | {"valid_to": "", "contact_phone": "138****5678", "capability": ""}
    answer = send(client, "/resources/new", owner="没有这家公司", **sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    said = ("请填写功能和服务内容。", "请填写有效期截止日期", "预约电话隐去了部分内容")
    assert [part for part in said if part not in page] == []
    assert 'value="QP2020"' in page
    answer = send(client, "/resources/new", owner="没有这家公司", **SENT)
    assert "没有找到“没有这家公司”" in answer.get_data(as_text=True)


def test_an_institution_offers_too_and_its_page_says_so(app: Flask, build: Build) -> None:
    body = build(lambda world: institution(world).id)
    client = signed_in(app, "haifeng")
    answer = send(client, "/resources/new", owner="汕尾海上风电研究院", **(SENT | {"kind": "testing", "maker": "", "model": "", "serial": ""}))  # fmt: skip
    assert answer.status_code == 302
    page = text(client, f"/institutions/{body}")
    assert [part for part in ("科技资源", "气相色谱质谱联用仪", "检验检测", "待发布") if part not in page] == []


def test_the_same_instrument_is_said_in_the_form_and_on_the_page(app: Flask, build: Build) -> None:
    def both(world: World) -> int:
        resource(world, world.admitted())
        return world.admitted("海丰县青梅检测有限公司").id

    build(both)
    client = signed_in(app, "haifeng")
    sent = SENT | {"owner": "海丰县青梅检测有限公司", "serial": "o20201234"}
    answer = send(client, "/resources/new", **sent)
    assert answer.status_code == 422
    assert "可能是同一台" in answer.get_data(as_text=True)
    answer = send(client, "/resources/new", **sent, doubt_reason="两台，铭牌已核对")
    assert answer.status_code == 302
    shown = text(client, answer.location)
    assert [part for part in ("可能是同一台", "登记时说明：两台，铭牌已核对") if part not in shown] == []


def test_a_correction_is_shown_with_what_was_before(app: Flask, build: Build) -> None:
    number = build(lambda world: resource(world, world.admitted(), released=True).id)
    client = signed_in(app, "haifeng")
    path = f"/resources/{number}/edit"
    page = client.get(path).get_data(as_text=True)
    assert [part for part in ("更正公开的内容后撤回发布", "现为 138****5678") if part not in page] == []
    seen = html.fromstring(page).xpath("//input[@name='seen']/@value")[0]
    sent = {key: value for key, value in SENT.items() if not key.startswith("contact")} | {"seen": seen}
    sent |= {
        "place": "海城镇人民路1号2楼",
        "serial": "O-2020 1234",
        "capability": "有机物定性定量分析，依据 GB/T 18204.2-2014",
    }
    answer = send(client, path, **(sent | {"price": "300元/样", "reason": "收费调整"}))
    assert answer.status_code == 302
    shown = text(client, f"/resources/{number}")
    said = (
        "更正科技资源",
        "收费标准",
        "200元/样",
        "300元/样",
        "收费调整",
        "撤回发布科技资源",
        "内容更正，须重新发布",
        "待发布",
    )
    assert [part for part in said if part not in shown] == []
    stale = send(client, path, **(sent | {"seen": seen, "price": "400元/样", "reason": "又调整"}))
    assert "改过，请逐项核对" in stale.get_data(as_text=True)
    with app.app_context():
        assert db.session.get_one(Resource, number).contact_phone == "13812345678", "a contact left empty stays"


def test_the_bureau_in_charge_releases_what_it_was_shown_and_others_then_read_it(app: Flask, build: Build) -> None:
    number = build(lambda world: resource(world, world.admitted(), contact_public=True).id)
    hidden = build(
        lambda world: (
            resource(world, world.admitted("海丰县白鹭检测有限公司"), serial="", name="拉力机", released=True).id
        )
    )
    other = signed_in(app, "lufeng")
    assert other.get(f"/resources/{hidden}/contact").status_code == 404
    assert (other.get(f"/resources/{number}").status_code, names(other)) == (404, ["拉力机"])
    client = signed_in(app, "science")
    assert signed_in(app, "haifeng").get(f"/resources/{number}/release").status_code == 404
    shown = text(client, f"/resources/{number}/release")
    assert [part for part in ("将公布的内容", "岛津公司 QP2020", "不对公众公布") if part not in shown] == []
    assert [part for part in ("O-2020", "林", "138") if part in shown] == []
    seen = html.fromstring(client.get(f"/resources/{number}/release").get_data(as_text=True)).xpath("//input[@name='seen']/@value")[0]  # fmt: skip
    assert send(client, f"/resources/{number}/release", seen=seen).status_code == 302
    assert sorted(names(other)) == sorted(["气相色谱质谱联用仪", "拉力机"])
    page = text(other, f"/resources/{number}")
    assert [part for part in ("已发布", "本单位范围外", "林* 138****5678") if part not in page] == []
    assert [part for part in ("O-2020", "变更记录", "13812345678", "更正", "陈晓") if part in page] == []
    paths = ("edit", "void", "release", "withdraw")
    assert [other.get(f"/resources/{number}/{one}").status_code for one in paths] == [404] * 4
    answer = send(other, f"/resources/{number}/contact", purpose="other", other="预约检测")
    assert (answer.status_code, "13812345678" in answer.get_data(as_text=True)) == (200, True)
    with app.app_context():
        entry = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "reveal")).one()
        assert (entry.subject_kind, entry.subject_id, entry.reason) == ("resource", number, "预约检测")
    assert send(client, f"/resources/{number}/withdraw", reason="").status_code == 422
    assert send(client, f"/resources/{number}/withdraw", reason="内容有误").status_code == 302
    assert other.get(f"/resources/{number}").status_code == 404


def test_what_stands_in_the_way_of_a_release_is_said(app: Flask, build: Build) -> None:
    number = build(lambda world: resource(world, world.admitted(), wishes_release=False).id)
    shown = text(signed_in(app, "science"), f"/resources/{number}/release")
    assert "所属单位没有同意发布" in shown
    assert "确认发布" not in shown


def town(world: World) -> None:
    firm, other = world.admitted(), world.admitted("陆丰市碣石检测有限公司", by="lufeng")
    resource(world, firm, "拉曼光谱仪", released=True)
    resource(world, firm, "建材检测", kind="testing", valid_to=None, capability="水泥、钢筋", price="80元/样")
    body = institution(world, "汕尾海上风电研究院")
    resource(world, body, "疲劳试验台", serial="BT-90", released=True)
    gone = resource(world, other, "水质分析仪", serial="W-1", by="lufeng", division="441581", released=True)
    gone.valid_to = TODAY - timedelta(days=1)
    void = resource(world, other, "旧天平", serial="W-2", by="lufeng", division="441581")
    recording.void(world.actor("lufeng"), void, reason="报废", at=NOW)


def test_the_list_finds_by_kind_state_place_owner_and_two_characters(app: Flask, build: Build) -> None:
    build(town)
    client = signed_in(app, "statistics")
    every = ["水质分析仪", "疲劳试验台", "建材检测", "拉曼光谱仪"]
    asked = {
        "": every,
        "kind=testing": ["建材检测"],
        "state=expired": ["水质分析仪"],
        "state=released": ["疲劳试验台", "拉曼光谱仪"],
        "state=waiting": ["建材检测"],
        "state=voided": ["旧天平"],
        "state=future": [],
        "division=441581": ["水质分析仪"],
        "owner=碣石": ["水质分析仪"],
        "owner=风电": ["疲劳试验台"],
        "q=光谱": ["拉曼光谱仪"],
        "q=光譜": ["拉曼光谱仪"],
        "q=钢筋": ["建材检测"],
        "q=云谷": ["建材检测", "拉曼光谱仪"],
        "q=gb/t 18204": ["水质分析仪", "疲劳试验台", "拉曼光谱仪"],
        "q=bt－90": ["疲劳试验台"],
        "q=尺子": [],
        "sort=name": sorted(every),
        "sort=-valid_to": ["建材检测", "拉曼光谱仪", "疲劳试验台", "水质分析仪"],
    }
    assert {query: names(client, query) for query in asked} == asked
    page = text(client, "/resources?per_page=20")
    assert [part for part in ("共 4 项", "已过期", "80元/样") if part not in page] == []


def test_a_county_lists_its_own_and_what_others_released(app: Flask, build: Build) -> None:
    build(town)
    assert names(signed_in(app, "haifeng")) == ["水质分析仪", "疲劳试验台", "建材检测", "拉曼光谱仪"]
    assert names(signed_in(app, "chengqu")) == ["水质分析仪", "疲劳试验台", "拉曼光谱仪"]
    assert names(signed_in(app, "chengqu"), "state=voided") == []
    assert names(signed_in(app, "lufeng"), "state=voided") == ["旧天平"]
    assert signed_in(app, "sysadmin").get("/resources").status_code == 403
    assert signed_in(app, "finance").get("/resources").status_code == 403


def test_a_query_that_finds_nothing_and_one_that_is_wrong_say_so(app: Flask, build: Build) -> None:
    client = signed_in(app, "haifeng")
    assert "还没有登记科技资源" in text(client, "/resources")
    assert "没有符合条件的科技资源" in text(client, "/resources?kind=testing")
    assert "没有这个选项" in text(client, "/resources?kind=telescope")


def test_a_long_list_has_pages_that_keep_the_query_and_the_order(app: Flask, build: Build) -> None:
    def many(world: World) -> None:
        firm = world.admitted()
        for number in range(21):
            resource(world, firm, f"仪器{number:02d}", serial=f"N{number}")

    build(many)
    client = signed_in(app, "haifeng")
    assert names(client, "q=仪器&sort=name&page=2") == ["仪器20"]
    page = client.get("/resources?q=仪器&sort=name").get_data(as_text=True)
    links = [link for link in html.fromstring(page).xpath("//a/@href") if "page=2" in link]
    assert links
    assert all("sort=name" in link for link in links)


def test_paper_holds_what_the_query_found_and_no_contact(app: Flask, build: Build) -> None:
    build(town)
    said = text(signed_in(app, "haifeng"), "/resources/print?state=released")
    held = (
        "科技资源信息表",
        "拉曼光谱仪",
        "疲劳试验台",
        "状态：已发布",
        "共 2 项",
        "审核人",
        "培育参考，不作统计上报依据",
    )
    assert [part for part in held if part not in said] == []
    assert [part for part in ("建材检测", "林", "13812345678") if part in said] == []


def test_kinds_are_shown_with_their_source_and_what_nobody_verified(app: Flask, world: World) -> None:
    db.session.commit()
    rows = {row[0]: row for row in cells(signed_in(app, "leader"), "/resources/kinds")}
    assert (len(rows), "※" in rows["科技查新"][3], "※" in rows["计量校准"][3]) == (11, False, True)
    assert (rows["科学仪器设备"][1:3], rows["检验检测"][1:3]) == (["仪器设备", "登记"], ["科技服务", "--"])


def test_voiding_asks_for_a_reason_and_the_page_says_it(app: Flask, build: Build) -> None:
    number = build(lambda world: resource(world, world.admitted()).id)
    client = signed_in(app, "haifeng")
    assert send(client, f"/resources/{number}/void", reason="").status_code == 422
    assert send(client, f"/resources/{number}/void", reason="仪器报废").status_code == 302
    assert "作废：仪器报废" in text(client, f"/resources/{number}")
    assert client.get(f"/resources/{number}/edit").status_code == 404
    assert names(client) == []


def test_readers_post_to_nothing_that_changes_a_resource(app: Flask, build: Build) -> None:
    number = build(lambda world: resource(world, world.admitted(), released=True).id)
    client = signed_in(app, "leader")
    token = token_in(client.get("/resources").get_data(as_text=True))
    paths = ("edit", "void", "release", "withdraw", "contact", "cases")
    posted = [client.post(f"/resources/{number}/{one}", data={"csrf_token": token}).status_code for one in paths]
    assert posted == [404] * 6
    with app.app_context():
        assert db.session.scalar(select(func.count(ResourceUse.id))) == 0
        assert db.session.get_one(Resource, number).revision == 2


def test_a_longer_list_asks_the_database_no_more_often(app: Flask, build: Build) -> None:
    def offer(count: int) -> None:
        def some(world: World) -> None:
            firm = world.admitted(f"海丰县第{count}检测有限公司")
            for number in range(count):
                resource(world, firm, f"光谱仪{count}{number}", serial=f"N{count}{number}", released=True)
                resource(
                    world, institution(world, f"第{count}{number}研究院"), "疲劳试验台", kind="testing", released=True
                )

        build(some)

    asked = []
    for count in (1, 3):
        offer(count)
        client = signed_in(app, "lufeng")
        client.get("/resources")
        with queries_counted(app) as statements:
            assert client.get("/resources?per_page=100").status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1]
