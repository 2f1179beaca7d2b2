"""Clean cases are passed together after a look at each; what is not clean, not looked at or another's is left out and named."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from lxml import html

from registry.base.extensions import db
from registry.firms.models.firms import Firm
from registry.pathway.models import PathwayEvent
from registry.proposals.models import Proposal
from registry.proposals.views import passing
from registry.reference.models import Parameter
from tests.world import TODAY, Build, World, post, signed_in

NAMES = ("海丰县云谷软件有限公司", "海丰县星河数据有限公司", "海丰县南湖网络有限公司")
PAGE = "/reviews/together"
IN_BUSINESS = {
    "operating_state": "active", "operating_state_on": TODAY, "operating_state_source": "国家企业信用信息公示系统",
}  # fmt: skip


def page_of(answer: Any) -> Any:
    return html.fromstring(answer.get_data(as_text=True))


def table(page: Any, caption: str) -> list[list[str]]:
    rows = page.xpath(f"//table[caption='{caption}']/tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("td")] for row in rows]


def stages(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(db.select(Firm.stage).order_by(Firm.id)))


@pytest.fixture
def four(build: Build) -> None:
    """Two clean cases, one below the line, one that a colleague has begun; and one of another bureau."""

    def make(world: World) -> None:
        world.submitted(NAMES[0], **IN_BUSINESS)
        world.under_review(NAMES[1], **IN_BUSINESS)
        world.submitted(NAMES[2], wan="800")
        world.under_review("海丰县东山信息有限公司", reviewer="industry2")
        world.submitted("海丰县正源检测有限公司", industry="7452")

    build(make)


def confirmed(client: Any, numbers: list[int], **more: str) -> Any:
    """Ticked, looked over on the preview, confirmed there."""
    preview = page_of(post(client, PAGE, {"tick": numbers}))
    seen = preview.xpath("//input[@name='seen']/@value")
    left = preview.xpath("//input[@name='left']/@value")
    ticks = preview.xpath("//input[@name='tick'][@checked]/@value")
    return post(client, PAGE, {"sure": "1", "tick": ticks, "seen": seen, "left": left, "opinion": "材料齐全", **more})


def test_the_page_has_clean_cases_one_a_line_and_the_others_with_their_reason(app: Flask, four: None) -> None:
    client = signed_in(app, "industry")
    client.get("/reviews/2")
    page = page_of(client.get(PAGE))
    clean = [(row[1][: len(NAMES[0])], row[3], row[5]) for row in table(page, "可一并通过的提名")]
    assert clean == [
        (NAMES[0], "6513 软件开发和信息技术服务", f"打开查看：{NAMES[0]} 须看"),
        (NAMES[1], "6513 软件开发和信息技术服务", "已看"),
    ]
    assert [row[0] for row in table(page, "须逐件核查的")] == [NAMES[2]]
    assert [row[2] for row in table(page, "须逐件核查的")] == ["有未满足的条件"]
    assert page.xpath("//input[@name='tick'][@checked]/@value") == ["2"]
    assert "正源检测" not in page.text_content()
    assert "东山信息" not in page.text_content()


def test_what_was_looked_at_is_passed_and_the_rest_is_left_and_named(app: Flask, four: None) -> None:
    client = signed_in(app, "industry")
    client.get("/reviews/2")
    client.get("/reviews/3")
    preview = page_of(post(client, PAGE, {"tick": [1, 2, 3, 4, 5]}))
    left = {row[0][: len(NAMES[0])]: row[1] for row in table(preview, "没有列入的")}
    assert left == {NAMES[0]: "尚未打开看过", NAMES[2]: "有未满足的条件"}
    assert "另有 2 项已不在可办理的范围" in preview.text_content()
    assert "正源检测" not in preview.text_content()
    answer = confirmed(client, [1, 2, 3, 4, 5])
    assert answer.status_code == 200
    assert stages(app) == ["proposed", "admitted", "proposed", "under_review", "proposed"]
    with app.app_context():
        proposal = db.session.get_one(Proposal, 2)
        assert (proposal.opinion, proposal.reviewer.name) == ("材料齐全", "吴工")


def test_a_case_that_nobody_has_begun_is_begun_by_it(app: Flask, four: None) -> None:
    client = signed_in(app, "industry")
    client.get("/reviews/1")
    client.get("/reviews/2")
    answer = confirmed(client, [1, 2])
    assert (answer.status_code, answer.location) == (302, PAGE)
    assert stages(app)[:2] == ["admitted", "admitted"]
    with app.app_context():
        taken = db.session.scalars(
            db.select(PathwayEvent.action).where(PathwayEvent.firm_id == 1).order_by(PathwayEvent.id)
        )
        assert list(taken) == ["create", "submit", "take_up", "admit"]


def test_one_opinion_is_needed_for_all(app: Flask, four: None) -> None:
    client = signed_in(app, "industry")
    client.get("/reviews/2")
    assert confirmed(client, [2], opinion="").status_code == 422
    assert stages(app)[1] == "under_review"


def test_a_look_counts_for_what_was_looked_at_and_for_nobody_else(app: Flask, four: None) -> None:
    client, colleague = signed_in(app, "industry"), signed_in(app, "industry2")
    colleague.get("/reviews/1")
    assert table(page_of(post(client, PAGE, {"tick": [1]})), "没有列入的")[0][1] == "尚未打开看过"
    client.get("/reviews/1")
    with app.app_context():
        db.session.get_one(Firm, 1).activity = "软件开发"  # it is another state of the firm
        db.session.commit()
    assert table(page_of(post(client, PAGE, {"tick": [1]})), "没有列入的")[0][1] == "尚未打开看过"


@pytest.mark.parametrize("share, drawn", [(100, [True, True]), (0, [False, False])])
def test_the_sample_rule_says_how_many_must_be_opened(app: Flask, four: None, share: int, drawn: list[bool]) -> None:
    with app.app_context():
        db.session.add(Parameter(key=passing.SHARE, value=str(share), valid_from=TODAY, source="own"))
        db.session.commit()
        cases = [db.session.get_one(Proposal, number) for number in (1, 2)]
        assert [passing.is_drawn(case, share) for case in cases] == drawn
    client = signed_in(app, "industry")
    preview = page_of(post(client, PAGE, {"tick": [1, 2]}))
    assert len(preview.xpath("//input[@name='seen']")) == drawn.count(False)


def test_who_does_not_review_passes_nothing(app: Flask, four: None) -> None:
    for who in ("haifeng", "leader", "auditor", "cityoffice"):
        client = signed_in(app, who)
        assert (client.get(PAGE).status_code, post(client, PAGE, {"tick": [2]}).status_code) == (403, 403)
    assert stages(app)[1] == "under_review"
