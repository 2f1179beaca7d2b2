"""Notices that are ticked in the list are read in one press; what had been read before is said."""

from __future__ import annotations

from flask import Flask

from registry.base.extensions import db
from registry.notices.models import NoticeRead
from tests.notices.test_pages import NAMES, rows, words
from tests.world import Build, World, post, signed_in


def three(world: World) -> None:
    for name in NAMES:
        world.submitted(name)


def test_the_ticked_are_read_and_the_others_are_not(app: Flask, build: Build) -> None:
    build(three)
    client = signed_in(app, "industry")
    answer = post(client, "/notices/ticked/read", {"tick": ["3", "1"], "back": "/notices?per_page=50"}, page="/notices")
    assert (answer.status_code, answer.location) == (302, "/notices?per_page=50")
    page = client.get("/notices")
    assert "已标为已读：共 2 项。" in page.get_data(as_text=True)
    with app.app_context():
        assert sorted(db.session.scalars(db.select(NoticeRead.notice_id))) == [1, 3]


def test_what_was_read_before_and_what_is_somebody_else_s_is_said_and_the_numbers_add_up(
    app: Flask, build: Build
) -> None:
    build(three)
    client = signed_in(app, "industry")
    post(client, "/notices/1/read", page="/notices")
    answer = post(client, "/notices/ticked/read", {"tick": ["1", "2", "999"]}, page="/notices")
    assert answer.status_code == 200
    said = words(answer)
    for words_of in ("勾选 3 项", "已标为已读 1 项", "没有办理 2 项", "先前已读过。", "另有 1 项已不在可办理的范围"):
        assert words_of in said
    other = signed_in(app, "haifeng")
    assert "另有 3 项已不在可办理的范围" in words(post(other, "/notices/ticked/read", {"tick": ["1", "2", "3"]}))


def test_nothing_ticked_leads_back_with_a_word_and_never_elsewhere(app: Flask, build: Build) -> None:
    build(three)
    client = signed_in(app, "industry")
    answer = post(client, "/notices/ticked/read", {"back": "//elsewhere.example/"}, page="/notices")
    assert (answer.status_code, answer.location) == (302, "/notices")
    page = client.get("/notices")
    assert "请先在列表中勾选。" in page.get_data(as_text=True)
    assert [row[0] for row in rows(page)] == ["未读"] * 3


def test_a_number_that_no_row_can_have_is_passed_over(app: Flask, build: Build) -> None:
    build(three)
    client = signed_in(app, "industry")
    data = {"tick": ["1", "9999999999"], "seen": ["1.x", "9999999999.x"], "sure": "1"}
    answer = post(client, "/notices/ticked/read", data, page="/notices")
    assert answer.status_code == 200
    assert "勾选 1 项" in words(answer)
