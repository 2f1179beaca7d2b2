"""Offices certify their part of a quarter before it is closed; who does not is named with a reason, in print."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from registry.base.errors import FieldError, NotAllowed, QuarterClosed, QuarterOpen, ReasonNeeded
from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.notices.models import Notice
from registry.people.queries import people
from registry.quarters import jobs
from registry.quarters.models import QuarterCertificate, Snapshot
from registry.quarters.queries import certificates, quarters, snapshots
from registry.quarters.queries.certificates import PartStanding
from registry.quarters.rules.certificates import Standing
from registry.quarters.services import certifying, exporting, freezing, sealed
from registry.quarters.texts import ExtensionRuns, NotCertified, NothingToCertify, RowsChanged, UnknownWithout
from registry.trail.models import TrailEntry
from tests.lives import Life, listed, moment
from tests.quarters.certified import REASON
from tests.terminal import registry
from tests.world import World, post, sign_in, signed_in

Q2, Q3 = Quarter.parse("2021Q2"), Quarter.parse("2021Q3")
JULY, LATER = date(2021, 7, 12), date(2021, 7, 15)
YUNGU, JIESHI = "海丰县云谷软件有限公司", "陆丰市碣石软件有限公司"
NOTE = "按期冻结。"
OFFICES = ("haifeng", "lufeng", "industry")


@pytest.fixture
def lives(world: World) -> dict[str, Life]:
    """A firm of 海丰 and one of 陆丰, both in the books of 市工信局."""
    place: dict[str, Any] = {"registered_address": "陆丰市东海镇1号", "operating_address": "陆丰市东海镇1号"}
    found = {YUNGU: listed(world, YUNGU, 1), JIESHI: listed(world, JIESHI, 2, by="lufeng", **place)}
    db.session.commit()
    return found


def standing(quarter: Quarter = Q2) -> dict[str, PartStanding]:
    return {one.name: one for one in certificates.standing(quarter, quarters.parts(quarter))}


def stands(quarter: Quarter = Q2) -> dict[str, Standing]:
    return {name: one.standing for name, one in standing(quarter).items()}


def certify(world: World, username: str, *, on: date = JULY, note: str = "", quarter: Quarter = Q2) -> None:
    actor = world.actor(username)
    seen = certifying.seen_digest(certificates.own(actor, list(standing(quarter).values())))
    db.session.commit()
    certifying.certify(actor, quarter, seen=seen, note=note, at=moment(on), on=on)
    db.session.commit()


def close(world: World, without: dict[str, str] | None = None, *, on: date = LATER) -> Snapshot:
    db.session.commit()
    city = world.actor("cityoffice")
    snapshot = freezing.close(city, Q2, note=NOTE, at=moment(on), on=on, without=without or {})
    db.session.commit()
    return snapshot


def test_the_part_of_an_office_is_what_it_nominated_and_what_it_is_in_charge_of(
    world: World, lives: dict[str, Life]
) -> None:
    assert {name: one.part.rows for name, one in standing().items()} == {"海丰县": 1, "陆丰市": 1, "市工信局": 2}
    assert set(stands().values()) == {Standing.MISSING}


def test_a_certificate_says_what_who_when_and_what_is_open(world: World, lives: dict[str, Life]) -> None:
    certify(world, "haifeng", note="六月报表已催")
    row = db.session.scalars(select(QuarterCertificate)).one()
    found = standing()["海丰县"]
    assert (found.standing, row.rows, row.digest, row.by_name, row.note) == (
        Standing.CERTIFIED, 1, found.part.digest, "陈晓", "六月报表已催",
    )  # fmt: skip
    assert {point["point"]: point["count"] for point in row.points if point["count"]} == {"figures": 1}
    act = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "certify_quarter")).one()
    assert (act.subject_label, act.actor_name, (act.after or {})["digest"]) == ("2021Q2", "陈晓", row.digest)
    assert (stands()["陆丰市"], stands()["市工信局"]) == (Standing.MISSING, Standing.MISSING)


def test_closing_names_who_has_not_certified_and_prints_why_it_did_not_wait(
    world: World, lives: dict[str, Life]
) -> None:
    certify(world, "haifeng", note="六月报表已催")
    certify(world, "industry")
    with pytest.raises(NotCertified) as refused:
        close(world)
    db.session.rollback()
    assert refused.value.offices == {"441581": "陆丰市"}
    assert snapshots.of(Q2) is None
    snapshot = close(world, {"441581": REASON})
    assert [(line["office"], line["standing"], line["without"]) for line in snapshot.header["certificates"]] == [
        ("海丰县", "certified", ""), ("陆丰市", "missing", REASON), ("市工信局", "certified", ""),
    ]  # fmt: skip
    act = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "close_quarter")).one()
    assert (act.after or {})["without"] == ["陆丰市"]
    book = openpyxl.load_workbook(io.BytesIO(exporting.workbook(Q2).content))
    printed = [[cell.value for cell in row[1:8]] for row in book["确认情况"].iter_rows(min_row=4, max_row=6)]
    assert [row[:4] for row in printed] == [
        ["海丰县", 1, "已确认", "陈晓"],
        ["陆丰市", 1, "未确认", None],
        ["市工信局", 2, "已确认", "吴工"],
    ]
    assert [row[6] for row in printed] == ["六月报表已催", f"未经确认即冻结的原因：{REASON}", None]
    assert printed[0][5] == "在库但没有季末月份营业收入的企业 1"


def test_every_closed_row_is_in_a_certificate_or_in_a_part_with_a_reason(world: World, lives: dict[str, Life]) -> None:
    certify(world, "haifeng")
    snapshot = close(world, {"441581": REASON, "industry": REASON})
    lines = {line.office_id: line for line in snapshots.certified(snapshot) or []}
    covered = {
        row["firm_id"]: [lines[office].standing is Standing.CERTIFIED or lines[office].without
                         for office in (row["office_id"], row["lead_bureau_id"])]
        for row in snapshots.rows(snapshot)
    }  # fmt: skip
    assert (len(covered), all(all(told) for told in covered.values())) == (2, True)
    assert sealed.verify(snapshot).fault == ""


def test_certificates_that_do_not_cover_the_rows_are_found(world: World, lives: dict[str, Life]) -> None:
    """As if a certificate had been slipped into the head, with digests that fit it."""
    city = world.actor("cityoffice")
    without = dict.fromkeys(("441521", "441581", "industry"), REASON)
    db.session.commit()
    with freezing.take(city, Q2, note=NOTE, at=moment(LATER), on=LATER, without=without) as taken:
        line = taken.values["header"]["certificates"][0]
        line |= {"standing": "certified", "rows": 2}
        taken.values["digest"] = sealed.whole(
            taken.values, map(freezing.digest, taken.rows), map(freezing.digest, taken.changes)
        )
        snapshot = freezing.keep(city, taken)
    assert sealed.verify(snapshot).fault == "certificates"


def test_a_change_voids_the_certificates_of_its_own_offices_alone(world: World, lives: dict[str, Life]) -> None:
    for username in OFFICES:
        certify(world, username)
    lives[YUNGU].figure("700", "2021-06", on=JULY)
    db.session.commit()
    assert stands() == {
        "海丰县": Standing.CHANGED,
        "陆丰市": Standing.CERTIFIED,
        "市工信局": Standing.CHANGED,
    }
    with pytest.raises(NotCertified) as refused:
        close(world)
    assert set(refused.value.offices.values()) == {"海丰县", "市工信局"}


def test_the_job_ends_what_changed_tells_the_office_and_keeps_the_history(
    app: Flask, world: World, lives: dict[str, Life]
) -> None:
    for username in OFFICES:
        certify(world, username)
    jobs.draw_quarters()
    assert db.session.scalars(select(QuarterCertificate).where(QuarterCertificate.ended_at.is_not(None))).all() == []
    lives[JIESHI].edit(on=date(2021, 6, 20), employees=44)  # recorded for a day of the quarter
    db.session.commit()
    jobs.draw_quarters()
    jobs.draw_quarters()
    ended = db.session.scalars(select(QuarterCertificate).where(QuarterCertificate.ended_at.is_not(None))).all()
    assert [(row.by_name, row.ended) for row in ended] == [("林海", "changed"), ("吴工", "changed")]
    told = db.session.scalars(select(Notice).where(Notice.kind == "certificate_ended")).all()
    offices = {office.id: office.short_name for office in (people.office("441581"), people.office("industry"))}
    assert [offices[notice.office_id] for notice in told] == ["陆丰市", "市工信局"]
    acts = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "end_certificate")).all()
    assert [(act.actor_id, (act.after or {})["office"]) for act in acts] == [(None, "441581"), (None, "industry")]
    certify(world, "lufeng")
    assert stands()["陆丰市"] is Standing.CERTIFIED
    client = signed_in(app, "lufeng")
    text_ = html.fromstring(client.get("/notices").text).text_content()
    assert "本单位确认过的 2021Q2 数据已有变动" in text_
    (main,) = html.fromstring(client.get("/quarters/2021Q2/certificates").text).iter("main")
    shown = main.text_content()
    said = next(table for table in main.iter("table") if table.findtext("caption") == "确认记录")
    assert (len(said.find("tbody")), "失效：数据变动" in shown, "海丰县" in shown) == (2, True, False)


def test_what_changed_back_is_certified_still(world: World, lives: dict[str, Life]) -> None:
    certify(world, "haifeng")
    life = lives[YUNGU].edit(on=date(2021, 6, 20), employees=44)
    db.session.commit()
    assert stands()["海丰县"] is Standing.CHANGED
    life.edit(on=date(2021, 6, 21), employees=30)
    db.session.commit()
    assert stands()["海丰县"] is Standing.CERTIFIED


def test_an_office_may_refuse_with_its_reason_and_certify_later(world: World, lives: dict[str, Life]) -> None:
    actor = world.actor("haifeng")
    seen = certifying.seen_digest(certificates.own(actor, list(standing().values())))
    with pytest.raises(ReasonNeeded):
        certifying.refuse(actor, Q2, seen=seen, reason=" ", at=moment(JULY), on=JULY)
    certifying.refuse(actor, Q2, seen=seen, reason="六月数与企业报表不符", at=moment(JULY), on=JULY)
    db.session.commit()
    assert stands()["海丰县"] is Standing.REFUSED
    with pytest.raises(NotCertified):
        close(world, {"441581": REASON, "industry": REASON})
    snapshot_words = standing()["海丰县"].line(REASON)
    assert (snapshot_words.refused, snapshot_words.without) == ("六月数与企业报表不符", REASON)
    certify(world, "haifeng2")
    assert stands()["海丰县"] is Standing.CERTIFIED
    assert [(row.by_name, row.ended) for row in certificates.history(Q2)] == [("陈岚", ""), ("陈晓", "replaced")]


def test_nobody_certifies_what_they_did_not_see(world: World, lives: dict[str, Life]) -> None:
    actor = world.actor("haifeng")
    seen = certifying.seen_digest(certificates.own(actor, list(standing().values())))
    lives[YUNGU].figure("700", "2021-06", on=JULY)
    db.session.commit()
    with pytest.raises(RowsChanged):
        certifying.certify(actor, Q2, seen=seen, note="", at=moment(JULY), on=JULY)
    assert stands()["海丰县"] is Standing.MISSING


@pytest.mark.parametrize("username", ["cityoffice", "statistics", "leader", "auditor", "sysadmin"])
def test_only_people_of_the_offices_certify(world: World, lives: dict[str, Life], username: str) -> None:
    with pytest.raises(NotAllowed):
        certifying.certify(world.actor(username), Q2, seen="", note="", at=moment(JULY), on=JULY)


def test_a_quarter_that_is_running_closed_or_without_rows_is_not_certified(
    world: World, lives: dict[str, Life]
) -> None:
    haifeng, day = world.actor("haifeng"), date(2021, 6, 30)
    with pytest.raises(QuarterOpen):
        certifying.certify(haifeng, Q2, seen="", note="", at=moment(day), on=day)
    with pytest.raises(NothingToCertify):
        certifying.certify(world.actor("luhe"), Q2, seen="", note="", at=moment(JULY), on=JULY)
    close(world, dict.fromkeys(("441521", "441581", "industry"), REASON))
    with pytest.raises(QuarterClosed):
        certifying.certify(haifeng, Q2, seen="", note="", at=moment(LATER), on=LATER)


def extend(
    world: World, *, until: date | None = date(2021, 7, 20), reason: str = "主办人员住院", by: str = "cityoffice"
) -> None:
    office = people.office("441581")
    certifying.extend(world.actor(by), Q2, office, until=until, reason=reason, at=moment(JULY), on=JULY)
    db.session.commit()


def test_an_extension_has_a_reason_and_an_end_and_is_kept_until_then(world: World, lives: dict[str, Life]) -> None:
    for wrong in ({"until": JULY}, {"until": None}):
        with pytest.raises(FieldError):
            extend(world, **wrong)
    with pytest.raises(ReasonNeeded):
        extend(world, reason=" ")
    with pytest.raises(NotAllowed):
        extend(world, by="haifeng")
    assert standing()["陆丰市"].due_on == date(2021, 7, 14)  # ten working days
    extend(world)
    assert standing()["陆丰市"].due_on == date(2021, 7, 20)
    (notice,) = db.session.scalars(select(Notice).where(Notice.kind == "certificate_extended"))
    assert (notice.office_id, notice.values) == (people.office("441581").id, {"quarter": "2021Q2", "day": "2021-07-20"})
    everybody = dict.fromkeys(("441521", "441581", "industry"), REASON)
    with pytest.raises(ExtensionRuns):
        close(world, everybody, on=date(2021, 7, 20))
    assert close(world, everybody, on=date(2021, 7, 21)).quarter == "2021Q2"


def test_a_reason_for_an_office_that_does_not_exist_is_refused(world: World, lives: dict[str, Life]) -> None:
    with pytest.raises(UnknownWithout):
        close(world, {"441599": REASON})


def test_a_quarter_closed_before_there_were_certificates_has_no_sheet_of_them(
    world: World, lives: dict[str, Life]
) -> None:
    """As the releases before this one closed it: its head names none."""
    city = world.actor("cityoffice")
    without = dict.fromkeys(("441521", "441581", "industry"), REASON)
    db.session.commit()
    with freezing.take(city, Q2, note=NOTE, at=moment(LATER), on=LATER, without=without) as taken:
        del taken.values["header"]["certificates"]
        taken.values["digest"] = sealed.whole(
            taken.values, map(freezing.digest, taken.rows), map(freezing.digest, taken.changes)
        )
        snapshot = freezing.keep(city, taken)
    db.session.commit()
    assert sealed.verify(snapshot).fault == ""
    assert "确认情况" not in openpyxl.load_workbook(io.BytesIO(exporting.workbook(Q2).content)).sheetnames


# -- the pages and the terminal -------------------------------------------------------------------
def page(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return html.fromstring(answer.get_data(as_text=True))


def test_a_clerk_certifies_on_the_page(app: Flask, client: FlaskClient, world: World, lives: dict[str, Life]) -> None:
    sign_in(client, "haifeng")
    address = "/quarters/2021Q2/certify"
    document = page(client, address)
    seen = document.xpath("//input[@name='seen']/@value")[0]
    assert "在库但没有季末月份营业收入的企业" in document.text_content()
    stale = post(client, address, {"seen": "0" * 64, "certify": "1"}, page=address)
    assert (stale.status_code, "您查看之后数据又有变动" in stale.text) == (422, True)
    assert f'value="{seen}"' in stale.text  # what is shown now is what the next press certifies
    empty = post(client, address, {"seen": seen, "refuse": "1", "refused": ""}, page=address)
    assert (empty.status_code, "请填写理由" in empty.text) == (422, True)
    done = post(client, address, {"seen": seen, "certify": "1", "note": "无"}, page=address)
    assert done.headers["Location"] == "/quarters/2021Q2/certificates"
    assert stands()["海丰县"] is Standing.CERTIFIED
    city = page(signed_in(app, "cityoffice"), "/quarters/2021Q2")
    table = next(one for one in city.iter("table") if one.findtext("caption") == "各单位确认情况")
    assert [" ".join(row.text_content().split()[:3]) for row in table.find("tbody")] == [
        "海丰县 1 已确认", "陆丰市 1 未确认", "市工信局 2 未确认",
    ]  # fmt: skip


def test_the_city_office_closes_without_one_with_a_reason_on_the_page(
    app: Flask, client: FlaskClient, world: World, lives: dict[str, Life]
) -> None:
    for username in ("haifeng", "industry"):
        certify(world, username)
    sign_in(client, "cityoffice")
    address = "/quarters/2021Q2/close"
    document = page(client, address)
    assert document.xpath("//textarea/@name") == ["without_441581", "note"]
    refused = post(client, address, {"note": NOTE}, page=address)
    assert (refused.status_code, "还有单位没有确认：陆丰市（441581）" in refused.text) == (422, True)
    post(client, address, {"note": NOTE, "without_441581": REASON}, page=address)
    for reader, sees in (("leader", True), ("lufeng", True), ("haifeng", False)):
        shown = page(signed_in(app, reader), "/quarters/2021Q2").text_content()
        assert (REASON in shown) == sees, reader


def test_the_city_office_gives_longer_on_the_page(client: FlaskClient, world: World, lives: dict[str, Life]) -> None:
    sign_in(client, "cityoffice")
    address = "/quarters/2021Q2/extend"
    given = {"office": "441581", "until": "2021-10-29", "reason": "主办人员住院"}
    wrong = post(client, address, given | {"until": "2021-10-01"}, page=address)
    assert (wrong.status_code, "请填写今天以后的日期" in wrong.text) == (422, True)
    assert post(client, address, given, page=address).headers["Location"] == "/quarters/2021Q2/certificates"
    assert "主办人员住院" in page(client, "/quarters/2021Q2/certificates").text_content()


def test_the_terminal_obeys_the_same_rules(world: World, lives: dict[str, Life], installed: Path) -> None:
    for username in ("haifeng", "industry"):
        certify(world, username)
    db.session.rollback()
    words = ("close", "2021Q2", "--as", "cityoffice", "--note", NOTE)
    refused = registry(*words)
    assert (refused.status, "还有单位没有确认：陆丰市（441581）" in refused.err) == (1, True)
    assert registry(*words, "--without", "441581").status == 2
    closed = registry(*words, "--without", f"441581={REASON}")
    assert (closed.status, f"without the certificate of 陆丰市: {REASON}" in closed.out) == (0, True)
    assert registry("verify-quarter", "2021Q2").status == 0
