"""What each resource answers, to whom, and what it says of a request that it cannot answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Blueprint, Flask, url_for
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from registry.api.pages.answering import Call, Reply, answers
from registry.api.rules.described import Described
from registry.api.rules.shapes import QuartersShape
from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.vocabulary import NOTICE
from registry.entries.services import entries
from registry.figures.models import Figure
from registry.figures.services import recording
from registry.ledger.forms import ALL, LedgerFilter
from registry.ledger.queries import ledger
from registry.ledger.queries.ledger import Order
from registry.trail.models import TrailEntry
from tests.api.tokens import Program, issued
from tests.house.scene import build
from tests.lives import listed
from tests.locks import writing_elsewhere
from tests.quarters.test_freezing import close
from tests.world import NOW, TODAY, World, sign_in

Q2 = Quarter.parse("2021Q2")


# -- what is answered -------------------------------------------------------------------------------
def test_the_ledger_is_the_offices_and_nobody_elses(app: Flask, world: World) -> None:
    own = world.admitted()
    world.admitted("陆丰市南塘检测有限公司", by="lufeng")
    answer = Program(app, issued(world)).get("/ledger")
    page = answer.get_json()
    assert (answer.status_code, page["notice"], page["next"]) == (200, NOTICE, None)
    (row,) = page["data"]
    assert (row["id"], row["revenue_to_date"]) == (own.id, {"amount": "15000000.00", "unit": "元"})
    assert (row["stage"], row["to_month"]) == ({"code": "admitted", "text": "在库培育"}, "2021-09")
    assert row["statutory_line"] == {"amount": "20000000.00", "unit": "元"}
    assert (row["rate"], row["tier"], row["unproven"]) == ("0.7500", "C", [])


FILTERS = [
    {}, {"q": "检测"}, {"q": "91441521MA"}, {"stage": "admitted"}, {"stage": "gone"}, {"gone": "y"}, {"tier": "A"}, {"division": "441581"},
    {"industry": "M"}, {"code": "6513"}, {"bureau": "industry"}, {"missing": "any"}, {"watched": "true"}, {"division": ""},
    {"expiring": "y"}, {"qualification": "any"}, {"q": "软件", "stage": "lead", "tier": ""},
]  # fmt: skip


def test_a_filter_finds_what_the_page_finds(app: Flask, world: World) -> None:
    world.admitted()
    world.firm("海丰县梅陇检测有限公司", industry="7452")
    build(world)
    app.config["API_REQUESTS"] = 1000
    program, leader = Program(app, issued(world, "441500")), world.actor("leader")
    sizes = set()
    for query in FILTERS:
        with app.test_request_context():
            # The page opens on the firms in the directory; a program that names no stage is given all of them.
            wanted = LedgerFilter(MultiDict({"stage": ALL, **query})).wanted()
            shown = ledger.first(leader, wanted, Order(descending=False), limit=100)
        found = [row["id"] for row in program.every("/ledger", limit=2, **query)]
        assert found == [line.id for line in shown], query
        sizes.add(len(found))
    assert len(sizes) > 3


def test_a_dossier_has_its_figures_with_source_and_doubts_and_papers_without_content(app: Flask, world: World) -> None:
    firm = world.admitted()
    figure = db.session.scalars(select(Figure).where(Figure.firm_id == firm.id)).one()
    recording.dispute(world.actor("industry"), figure, at=NOW, reason="与税票不符")
    entries.rename(
        world.actor("haifeng"), firm, "海丰县云谷数据有限公司", at=NOW, on=TODAY, effective=TODAY, reason="更名"
    )
    program = Program(app, issued(world))
    told = program.get(f"/firms/{firm.id}").get_json()
    assert told == program.get(f"/firms/{firm.credit_code}").get_json()
    (row,) = told["figures"]
    assert (row["amount"], row["unit"], row["period"], row["proven"]) == ("15000000.00", "元", "2021-09", True)
    assert (row["source"]["code"], row["line"]["amount"], row["rate"]) == ("income_statement", "20000000.00", "0.7500")
    assert row["disputes"] == [{"office": "市工信局", "on": "2021-10-15", "reason": "与税票不符"}]
    assert [one["name"] for one in told["former_names"]] == ["海丰县云谷软件有限公司"]
    assert [one["material"]["code"] for one in told["papers"]] == ["M04"]
    facts = {one["field"]: one for one in told["facts"]}
    assert (facts["founded_on"]["value"], facts["division"]["text"]) == ("2018-05-20", "海丰县")
    assert {"contact_name", "contact_phone"} & facts.keys() == set()


def test_another_countys_firm_and_none_at_all_are_the_same_answer_and_on_the_trail(app: Flask, world: World) -> None:
    other = world.admitted("陆丰市南塘检测有限公司", by="lufeng")
    program = Program(app, issued(world))
    answers = [program.get(f"/firms/{key}") for key in (other.id, other.credit_code, other.id + 1000)]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert len({answer.get_data() for answer in answers}) == 1
    refused = db.session.scalar(select(func.count()).where(TrailEntry.verb == "refused"))
    assert refused == 3


def test_frozen_lines_are_those_that_were_the_offices_then(app: Flask, world: World) -> None:
    for number in range(3):
        listed(world, f"海丰县第{number}软件有限公司", number + 1, wan="1800").figure(
            "700", "2021-06", on=date(2021, 7, 12)
        )
    listed(world, "陆丰市南塘软件有限公司", 9, by="lufeng", wan="1800").figure("700", "2021-06", on=date(2021, 7, 12))
    close(world, Q2, TODAY)
    program, lufeng = Program(app, issued(world)), Program(app, issued(world, "441581"))
    lines = program.every("/quarters/2021Q2/lines", limit=2)
    assert [line["name"] for line in lines] == [f"海丰县第{number}软件有限公司" for number in range(3)]
    assert (lines[0]["revenue_to_date"], lines[0]["listed"]) == ({"amount": "7000000.00", "unit": "元"}, True)
    assert [line["name"] for line in lufeng.every("/quarters/2021Q2/lines")] == ["陆丰市南塘软件有限公司"]
    assert len(Program(app, issued(world, "441500")).every("/quarters/2021Q2/lines")) == 4
    found = {row["label"]: row for row in program.get("/quarters").get_json()["data"]}
    assert (found["2021Q2"]["listed"], found["2021Q2"]["closed"], found["2021Q3"]["closed"]) == (3, True, False)
    assert program.get("/quarters/2021Q3/lines").get_json()["type"] == "urn:registry:problem:not-closed"


def test_what_the_city_still_needs_is_told_to_those_who_see_it_whole(app: Flask, world: World) -> None:
    county, city = (Program(app, issued(world, office)).get("/plan").get_json() for office in ("441521", "441500"))
    assert [(target["needed"], target["expected"]) for target in county["targets"]] == [(None, None)] * len(
        county["targets"]
    )
    assert (county["whole_city"], city["whole_city"]) == (False, True)
    assert city["targets"][0]["needed"] == city["targets"][0]["amount"] == 2


def test_a_case_is_told_without_free_text(app: Flask, world: World) -> None:
    build(world)
    program = Program(app, issued(world, "441581"))
    rows = program.every("/cases", limit=1)
    assert len(rows) > 2
    first = program.get(f"/cases/{rows[0]['id']}").get_json()
    assert first["case"] == rows[0]
    assert first["fields"]
    assert first["papers"]
    assert first["steps"]
    text = str([program.get(f"/cases/{row['id']}").get_json() for row in rows])
    assert "法定代表人" not in text
    assert "地址、电话" not in text
    assert Program(app, issued(world)).every("/cases") == []


# -- paging -------------------------------------------------------------------------------------------
def test_a_page_is_not_moved_by_what_is_entered_meanwhile(app: Flask, world: World) -> None:
    ids = [world.firm(f"海丰县第{number}软件有限公司").id for number in range(5)]
    program = Program(app, issued(world))
    first = program.get("/ledger?limit=2").get_json()
    later = world.firm("海丰县后来软件有限公司").id
    rest = program.every("/ledger", limit=2, cursor=first["next"])
    assert [row["id"] for row in (*first["data"], *rest)] == [*ids, later]


def test_a_place_fits_one_query_of_one_office_and_cannot_be_made_up(app: Flask, world: World) -> None:
    for number in range(3):
        world.firm(f"海丰县第{number}软件有限公司")
    program, city = Program(app, issued(world)), Program(app, issued(world, "441500"))
    place = program.get("/ledger?limit=1").get_json()["next"]
    again = program.get("/ledger?limit=1").get_json()["next"]
    assert place == again
    assert program.get(f"/ledger?cursor={place}&limit=3").status_code == 200
    wrong = {
        "another filter": program.get(f"/ledger?cursor={place}&stage=lead"),
        "another resource": program.get(f"/cases?cursor={place}"),
        "another office": city.get(f"/ledger?cursor={place}"),
        "touched": program.get(f"/ledger?cursor={place[:-2]}{'AA' if place[-2:] != 'AA' else 'BB'}"),
        "made up": program.get("/ledger?cursor=MTIz"),
    }
    assert {name: answer.status_code for name, answer in wrong.items()} == dict.fromkeys(wrong, 409)
    assert "/ledger" not in place
    assert len(place) < 200


# -- what is wrong ------------------------------------------------------------------------------------
def test_a_wrong_parameter_is_named_in_both_languages(app: Flask, world: World) -> None:
    program = Program(app, issued(world))
    answer = program.get("/ledger?divison=441521&tier=Z&limit=0&q=a&q=b&as_of=2021-09-30&sort=name")
    told = answer.get_json()
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert {one["name"] for one in told["errors"]} == {"divison", "tier", "limit", "q", "as_of", "sort"}
    assert "divison" in told["detail"]
    assert "divison" in told["detail_en"]
    assert told["detail_en"].isascii()
    assert all(one["detail_en"].isascii() for one in told["errors"])


@pytest.mark.parametrize(
    "path", ["/ledger", "/firms/1", "/quarters", "/quarters/2021Q2/lines", "/plan", "/cases", "/cases/1", "/changes"]
)
def test_a_scope_that_the_token_lacks_is_named(app: Flask, world: World, path: str) -> None:
    from registry.api.rules.scopes import Scope

    of = {"firms": Scope.DOSSIERS}
    own = of.get(path.split("/")[1]) or Scope(path.split("/")[1])
    program = Program(app, issued(world, scopes=[scope for scope in Scope if scope is not own]))
    answer = program.get(path)
    assert (answer.status_code, answer.get_json()["type"]) == (403, "urn:registry:problem:scope")
    assert program.get("/me").status_code == 200


def test_methods_and_addresses_that_are_not_there(app: Flask, world: World) -> None:
    program = Program(app, issued(world))
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = program.open(method, "/ledger")
        assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    head, got = program.open("HEAD", "/ledger"), program.get("/ledger")
    assert (head.status_code, head.get_data()) == (200, b"")
    assert (head.headers["ETag"], head.headers["Content-Length"]) == (
        got.headers["ETag"],
        got.headers["Content-Length"],
    )
    for path in ("/nothing", "/quarters/2021Q9/lines", "/firms/abc", "/../firms"):
        answer = program.get(path)
        assert (answer.status_code, answer.get_json()["status"]) == (404, 404)


def test_nothing_changed_is_answered_with_304(app: Flask, world: World) -> None:
    firm = world.admitted()
    program = Program(app, issued(world))
    tag = program.get("/ledger").headers["ETag"]
    same = program.get("/ledger", headers={"If-None-Match": tag})
    assert (same.status_code, same.get_data(), same.headers["ETag"]) == (304, b"", tag)
    entries.edit(world.actor("haifeng"), firm, {"watch_reason": "重点"}, at=NOW, on=TODAY, reason="更正")
    assert program.get("/ledger", headers={"If-None-Match": tag}).status_code == 200


def test_no_cookie_is_read_or_set(app: Flask, world: World) -> None:
    client = app.test_client()
    sign_in(client, "cityoffice")
    answers = [client.get(f"/api/v1{path}") for path in ("/ledger", "/openapi.json", "/nothing")]
    answers.append(client.get("/api/v1/me", headers={"Authorization": f"Bearer {issued(world)}"}))
    assert [answer.status_code for answer in answers] == [401, 200, 404, 200]
    assert [answer.headers.getlist("Set-Cookie") for answer in answers] == [[]] * 4
    assert [answer.headers.get("Vary") for answer in answers] == [None] * 4
    assert client.get("/firms").status_code == 200


def test_switched_off_nothing_is_there_and_the_page_says_so(app: Flask, world: World) -> None:
    program = Program(app, issued(world))
    app.config["API"] = False
    for path in ("/ledger", "/openapi.json", "/nothing"):
        answer = program.get(path)
        assert (answer.status_code, answer.get_json()["type"]) == (404, "urn:registry:problem:off")
    page = app.test_client().get("/api-guide")
    assert (page.status_code, "本系统没有开通数据接口" in page.get_data(as_text=True)) == (404, True)
    client = app.test_client()
    sign_in(client, "sysadmin")
    assert "接口没有开通" in client.get("/api-tokens").get_data(as_text=True)


def test_while_nobody_can_write_what_cannot_be_recorded_is_not_given(app: Flask, world: World, database: str) -> None:
    world.firm()
    program = Program(app, issued(world))
    program.get("/me")
    with writing_elsewhere(database):
        answer = program.get("/ledger")
        nothing = program.get("/cases")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert int(answer.headers["Retry-After"]) > 0
    assert (nothing.status_code, nothing.get_json()["data"]) == (200, [])


# -- the description ----------------------------------------------------------------------------------
def test_every_route_is_described_and_every_english_text_is_english(app: Flask, world: World) -> None:
    program = Program(app, issued(world))
    chinese, english = program.get("/openapi.json").get_json(), program.get("/openapi.json?lang=en").get_json()
    routes = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}
    assert len(routes) == len(chinese["paths"]) + 1
    assert chinese["openapi"] == "3.1.0"
    assert _descriptions(english)
    assert [text for text in _descriptions(english) if not text.isascii()] == []
    assert [text for text in _descriptions(chinese) if text.isascii() and len(text) > 40] == []
    names = {one["name"] for one in english["paths"]["/ledger"]["get"]["parameters"]}
    assert names >= {
        "stage",
        "q",
        "division",
        "industry",
        "tier",
        "missing",
        "code",
        "bureau",
        "watched",
        "gone",
        "qualification",
        "expiring",
    }
    assert program.get("/openapi.json?lang=de").status_code == 400


def _descriptions(schema: Any) -> list[str]:
    if isinstance(schema, list):
        return [text for one in schema for text in _descriptions(one)]
    if not isinstance(schema, dict):
        return []
    own = [
        schema[key]
        for key in ("description", "summary", "title")
        if isinstance(schema.get(key), str) and key != "title"
    ]
    return [*own, *(text for one in schema.values() for text in _descriptions(one))]


def test_the_guide_names_every_resource_and_asks_nothing_of_other_servers(app: Flask, world: World) -> None:
    text = app.test_client().get("/api-guide").get_data(as_text=True)
    for part in ("/api/v1", "/ledger", "/firms/{key}", "/changes", "LedgerShape", "urn:registry:problem:scope", NOTICE):
        assert part in text
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text


def test_a_feature_above_adds_an_open_resource_to_the_same_description(own_app: Flask) -> None:
    pages = Blueprint("open", __name__)

    @pages.get("/api/v1/open/quarters")
    @answers(Described("open_quarters", QuartersShape, "quarters", "open to all", scope=None))
    def quarters(call: Call) -> Reply:
        assert call.token is None
        return Reply(QuartersShape(data=[]), rows=0)

    own_app.register_blueprint(pages)
    own_app.config["API_OPEN_REQUESTS"] = 3
    program = Program(own_app)
    operation = program.get("/openapi.json").get_json()["paths"]["/open/quarters"]["get"]
    assert (operation["security"], "401" in operation["responses"]) == ([], False)
    assert program.get("/open/quarters").get_json() == {"notice": NOTICE, "data": []}
    assert program.get("/open/quarters?x=1").status_code == 400
    assert program.get("/open/quarters").status_code == 429
    with own_app.test_request_context():
        assert url_for("open.quarters") == "/api/v1/open/quarters"
