"""What is complete is submitted in one press; what lacks something says what, with the way to the very field."""

from __future__ import annotations

import pytest
from flask import Flask
from lxml import html

from registry.base.extensions import db
from registry.base.vocabulary import Stage
from registry.documents.queries import documents
from registry.documents.services import attachments
from registry.firms.models.firms import Firm
from registry.proposals.models import Proposal
from registry.proposals.pages import together as pages
from tests.filings.test_together import confirmed, named, words
from tests.world import NOW, Build, World, post, signed_in

NAMES = ("海丰县云谷软件有限公司", "海丰县星河数据有限公司", "海丰县南湖网络有限公司")


@pytest.fixture
def town(build: Build) -> None:
    """Two complete leads, one without its main business, and one of another county."""

    def make(world: World) -> None:
        for name in NAMES[:2]:
            world.figure(world.firm(name), "1500")
        world.figure(world.firm(NAMES[2], activity=""), "1500")
        world.figure(world.firm("陆丰市甲子软件有限公司", by="lufeng"), "1500", by="lufeng")

    build(make)


ADDRESS = "/proposals/ticked/submit"
TICKED = {"tick": "1,2,3,4"}


def test_who_will_be_submitted_is_listed_and_what_the_others_lack_is_said(app: Flask, town: None) -> None:
    preview = post(signed_in(app, "haifeng"), ADDRESS, TICKED)
    assert (named(preview, "将要办理的"), named(preview, "没有列入的")) == (list(NAMES[:2]), [NAMES[2]])
    assert "请填写主营业务，核查部门据以核对行业代码。" in words(preview)
    assert "另有 1 项已不在可办理的范围" in words(preview)
    assert "陆丰" not in preview.get_data(as_text=True)


def test_who_is_complete_does_not_wait_behind_others_that_are_not(
    app: Flask, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(world: World) -> None:
        world.figure(world.firm(NAMES[2], activity=""), "1500")
        world.firm(NAMES[1])
        world.figure(world.firm(NAMES[0]), "1500")

    build(make)
    monkeypatch.setattr(pages, "MOST", 2)
    preview = post(signed_in(app, "haifeng"), ADDRESS, TICKED)
    assert named(preview, "将要办理的") == [NAMES[0]]


def test_one_press_submits_all_that_are_complete_and_no_others(app: Flask, town: None) -> None:
    clerk = signed_in(app, "haifeng")
    preview = post(clerk, ADDRESS, TICKED)
    answer = confirmed(clerk, ADDRESS, preview, note="请核查")
    assert named(answer, "已提交") == list(NAMES[:2])
    with app.app_context():
        stages = {firm.id: firm.stage for firm in db.session.query(Firm)}
        assert stages == {1: Stage.PROPOSED, 2: Stage.PROPOSED, 3: Stage.LEAD, 4: Stage.LEAD}
        assert [(case.rounds, case.office.code) for case in db.session.query(Proposal)] == [(1, "441521")] * 2
    again = post(clerk, ADDRESS, TICKED)
    assert named(again, "将要办理的") == []
    assert "当前阶段是“已提名”" in words(again)


def test_whoever_nominates_nothing_does_not_reach_it(app: Flask, town: None) -> None:
    for username in ("industry", "leader", "auditor"):
        assert post(signed_in(app, username), ADDRESS, TICKED).status_code == 403


def test_an_amount_that_is_given_asks_only_for_its_paper(app: Flask, build: Build) -> None:
    """Of a figure out of a workbook: the link leads to the form of the paper, with kind and period chosen."""

    def make(world: World) -> None:
        firm = world.firm()
        world.figure(firm, "1500")
        (paper,) = documents.documents_of(firm)
        attachments.void(world.actor("haifeng"), firm, paper, at=NOW, on=NOW.date(), reason="盖章不全")

    build(make)
    clerk = signed_in(app, "haifeng")
    page = html.fromstring(clerk.get("/firms/1/nomination").data)
    (link,) = page.xpath("//section[h2='能否提交']//li/a")
    assert link.get("href") == "/firms/1/documents/new?material=M04&year=2021&month=9"
    form = html.fromstring(clerk.get(link.get("href")).data)
    chosen = [
        form.xpath(f"string(//select[@name='{key}']/option[@selected]/@value)") for key in ("material", "year", "month")
    ]
    assert chosen == ["M04", "2021", "9"]
