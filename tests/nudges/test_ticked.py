"""What waits at other offices is one list, and the ticked of it are nudged in one press."""

from __future__ import annotations

from flask import Flask

from registry.base.extensions import db
from registry.notices.models import Nudge
from registry.nudges import queries
from registry.nudges.services import nudging
from registry.proposals.models import Proposal
from registry.proposals.services import reviews
from tests.filings.test_together import confirmed, named, words
from tests.nudges.test_nudging import claimed, returned
from tests.world import NOW, TODAY, Build, World, post, signed_in

NAMES = ("海丰县云谷软件有限公司", "海丰县星河数据有限公司", "陆丰市甲子软件有限公司")


def town(world: World) -> None:
    """One before the bureau, one sent back to its county, one of another county."""
    world.submitted(NAMES[0])
    returned(world)
    world.submitted(NAMES[2], by="lufeng")


def asked(world: World, name: str) -> list[tuple[str, str, str]]:
    actor = world.actor(name)
    return sorted((str(one.matter), one.name_for(actor), one.office.code) for one in queries.awaited(actor, TODAY))


def test_each_office_sees_what_waits_at_others_and_nothing_that_waits_at_itself(world: World) -> None:
    town(world)
    claimed(world)
    assert asked(world, "cityoffice") == [
        ("mend", NAMES[1], "441521"), ("review", NAMES[0], "industry"), ("review", NAMES[2], "industry"),
    ]  # fmt: skip
    assert asked(world, "haifeng") == [("claim", "海丰县南湖网络有限公司", "science"), ("review", NAMES[0], "industry")]
    assert asked(world, "industry") == [("mend", NAMES[1], "441521")]
    assert asked(world, "leader") == []
    (of_claim,) = [one for one in asked(world, "lufeng") if one[0] == "claim"]
    assert "南湖" not in of_claim[1]


def test_the_ticked_are_nudged_once_and_who_was_asked_today_is_left_out(app: Flask, build: Build) -> None:
    def make(world: World) -> list[int]:
        town(world)
        found = queries.awaited(world.actor("cityoffice"), TODAY)
        first = next(one for one in found if one.firm.name == NAMES[0])
        nudging.nudge_case(world.actor("cityoffice"), first.subject, at=NOW, on=TODAY)  # type: ignore[arg-type]
        return [one.number for one in found]

    numbers = build(make)
    client = signed_in(app, "cityoffice")
    page = client.get("/nudges")
    assert "共 3 项" in words(page)
    preview = post(client, "/nudges/ticked", {"tick": numbers}, page="/nudges")
    assert (sorted(named(preview, "将要办理的")), named(preview, "没有列入的")) == (sorted(NAMES[1:]), [NAMES[0]])
    assert "催请海丰县补正" in words(preview)
    answer = confirmed(client, "/nudges/ticked", preview, note="请尽快")
    assert sorted(named(answer, "已催办")) == sorted(NAMES[1:])
    with app.app_context():
        rows = db.session.scalars(db.select(Nudge).order_by(Nudge.id))
        assert next((row.subject_kind, row.note) for row in rows) == ("review", "")
        assert db.session.scalar(db.select(db.func.count(Nudge.id)).where(Nudge.note == "请尽快")) == 2


def test_what_moved_on_since_the_preview_is_not_nudged(app: Flask, build: Build) -> None:
    def make(world: World) -> tuple[int, int]:
        proposal = world.submitted(NAMES[0])
        (one,) = queries.awaited(world.actor("haifeng"), TODAY)
        return one.number, proposal.id

    number, proposal_id = build(make)
    client = signed_in(app, "haifeng")
    preview = post(client, "/nudges/ticked", {"tick": [number]}, page="/nudges")

    def back(world: World) -> None:
        proposal = db.session.get_one(Proposal, proposal_id)
        reviews.take_up(world.actor("industry"), proposal, at=NOW, on=TODAY)
        reviews.send_back(
            world.actor("industry"),
            proposal,
            reason_code="R02",
            cells={"employees": "请核对"},
            note="",
            at=NOW,
            on=TODAY,
        )

    build(back)
    answer = confirmed(client, "/nudges/ticked", preview)
    assert (answer.status_code, "另有 1 项已不在可办理的范围" in words(answer)) == (422, True)
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(Nudge.id))) == 0
