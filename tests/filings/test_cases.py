"""Filings and re-checks as cases of a queue: what is doubted stands first, and the next one follows a word."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from flask import Flask
from flask.testing import FlaskClient

from registry.base.extensions import SHANGHAI, db
from registry.base.periods import Period
from registry.base.vocabulary import FigureSource
from registry.figures.services import recording
from registry.filings.models import Filing, Recheck
from registry.firms.models.firms import Firm
from tests.filed import enrolled, filed, passed, qualified
from tests.filings.test_together import NAMES, confirmed, named, page_of, words
from tests.world import Build, World, post, sign_in, signed_in


def waiting(world: World) -> list[int]:
    """Two that wait for the county, one for the city."""
    rows = [filed(world, qualified(world, name)) for name in NAMES]
    passed(world, rows[2], "county")
    return [row.id for row in rows]


def test_the_queue_holds_those_that_wait_for_the_same_word_and_the_next_follows(app: Flask, build: Build) -> None:
    one, two, three = build(waiting)
    client = signed_in(app, "statistics")
    page = client.get(f"/filings/{one}")
    lines = page_of(page).xpath("//ol[@class='queue']//a/@href")
    assert lines == [f"/filings/{one}", f"/filings/{two}"]
    assert "数据和材料与申报时一致" in words(page)
    said = {"level": "county", "result": "passed", "day": "2021-10-15", "reference": "单号1"}
    first = post(client, f"/filings/{one}/levels", said)
    assert (first.status_code, first.location) == (302, f"/filings/{two}")
    assert f"{NAMES[0]}：已登记通过。" in client.get(first.location).get_data(as_text=True)
    last = post(client, f"/filings/{two}/levels", {**said, "result": "returned", "reason_code": "R07"})
    assert last.location == f"/filings/{two}"
    assert page_of(client.get(f"/filings/{three}")).xpath("//ol[@class='queue']//a/@href") == [
        f"/filings/{one}", f"/filings/{three}",
    ]  # fmt: skip


def test_what_changed_since_it_was_filed_stands_first(app: Flask, build: Build) -> None:
    (one, _two, _three) = build(waiting)

    def correct(world: World) -> None:
        world.figure(db.session.get_one(Filing, one).firm, "1900", reason="企业更正")

    build(correct)
    page = words(signed_in(app, "statistics").get(f"/filings/{one}"))
    assert "累计营业收入申报时为 2,500.00 万元，现登记为 1,900.00 万元。" in page
    assert "按现登记的数，未达到四上标准。" in page


def test_who_has_no_such_list_sees_the_case_alone(app: Flask, build: Build) -> None:
    (one, _two, _three) = build(waiting)
    page = signed_in(app, "haifeng").get(f"/filings/{one}")
    assert page.status_code == 200
    assert page_of(page).xpath("//ol[@class='queue']") == []
    assert "本件不由您登记，或已办结。" in words(page)


def test_a_word_that_is_missing_something_is_asked_for_in_its_own_panel(app: Flask, build: Build) -> None:
    (one, _two, _three) = build(waiting)
    client = signed_in(app, "statistics")
    answer = post(client, f"/filings/{one}/levels", {"level": "county", "result": "returned", "day": "2021-10-15"})
    open_ones = page_of(answer).xpath("//details[contains(@class, 'verdict-panel') and @open]/@id")
    assert (answer.status_code, open_ones) == (422, ["return-panel"])
    ids = page_of(answer).xpath("//input/@id | //select/@id | //textarea/@id")
    assert sorted(ids) == sorted(set(ids))


# -- re-checks -----------------------------------------------------------------------------------------
def in_january(app: Flask, build: Build) -> list[int]:
    """One over the line in December, one below, one of which nobody knows."""

    def make(world: World) -> list[int]:
        rows = [enrolled(world, qualified(world, name)) for name in NAMES]
        return [row.firm_id for row in rows]

    ids: list[int] = build(make)
    app.config["TODAY"] = date(2022, 1, 20)

    def report(world: World) -> None:
        for number, yuan in zip(ids, (26_000_000, 18_000_000), strict=False):
            firm = db.session.get_one(Firm, number)
            paper = world.document(firm, month=12)
            recording.record(
                world.actor("haifeng"), firm, Period(2021, 12), Decimal(yuan), source=FigureSource.INCOME_STATEMENT,
                document=paper, at=datetime(2022, 1, 20, 9, tzinfo=SHANGHAI), on=date(2022, 1, 20),
            )  # fmt: skip

    build(report)
    return ids


def test_the_ticked_are_recorded_by_their_figure_and_who_has_none_is_left_out(app: Flask, build: Build) -> None:
    ids = in_january(app, build)
    client = signed_in(app, "statistics")
    preview = post(client, "/rechecks/ticked?year=2021", {"tick": ids}, page="/rechecks?year=2021")
    assert (named(preview, "将要办理的"), named(preview, "没有列入的")) == (list(NAMES[:2]), [NAMES[2]])
    assert "继续在库：12月累计 2,600.00 万元，当年四上标准 2,000.00 万元" in words(preview)
    answer = confirmed(client, "/rechecks/ticked?year=2021", preview)
    assert named(answer, "已登记复核结果") == list(NAMES[:2])
    with app.app_context():
        rows = db.session.scalars(db.select(Recheck).order_by(Recheck.id))
        assert [(row.firm_id, row.outcome) for row in rows] == [(ids[0], "stays"), (ids[1], "leaves")]
    again = post(client, "/rechecks/ticked?year=2021", {"tick": ids[:1]}, page="/rechecks?year=2021")
    assert "本年度已登记过复核结果" in words(again)


def test_the_next_firm_stands_there_after_a_word(app: Flask, client: FlaskClient, build: Build) -> None:
    ids = in_january(app, build)
    sign_in(client, "statistics")
    page = client.get(f"/firms/{ids[0]}/recheck?year=2021")
    assert page_of(page).xpath("//ol[@class='queue']//a/@href") == [f"/firms/{one}/recheck?year=2021" for one in ids]
    answer = post(client, f"/firms/{ids[0]}/recheck?year=2021", {"outcome": "stays"})
    assert (answer.status_code, answer.location) == (302, f"/firms/{ids[1]}/recheck?year=2021")
