"""The office of the firm is told 90 and 30 days ahead, once each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from registry.base.extensions import db
from registry.notices.models import Notice
from registry.qualifications.services import recording, warning
from registry.qualifications.services.recording import CertificateEntry
from registry.reference.models import Parameter
from tests.qualifications.entered import certificate, facts
from tests.world import NOW, TODAY, Build, World, signed_in

ENDS = TODAY + timedelta(days=100)


def told() -> list[tuple[str, str, str]]:
    rows = db.session.scalars(select(Notice).where(Notice.kind.startswith("qualification_")).order_by(Notice.id))
    return [(row.kind, row.values["day"], str(row.values["days"])) for row in rows]


def run(day: date) -> int:
    return warning.warn(at=NOW + (day - TODAY), on=day)


def test_an_office_is_told_twice_and_never_again(world: World) -> None:
    row = certificate(world, world.admitted(), valid_to=ENDS)
    days = (0, 10, 10, 11, 69, 70, 70, 100, 101)
    assert [run(TODAY + timedelta(days=one)) for one in days] == [0, 1, 0, 0, 0, 1, 0, 0, 0]
    end = ENDS.isoformat()
    assert told() == [("qualification_first", end, "90"), ("qualification_last", end, "30")]
    notice = db.session.scalars(select(Notice).where(Notice.kind == "qualification_last")).one()
    assert (notice.office_id, notice.subject_id, notice.firm_id) == (row.firm.office_id, row.id, row.firm_id)


def test_one_entered_late_is_told_of_once(world: World) -> None:
    certificate(world, world.admitted(), valid_to=TODAY + timedelta(days=5))
    assert (run(TODAY), run(TODAY)) == (1, 0)
    assert [kind for kind, _day, _days in told()] == ["qualification_last"]


def test_what_was_renewed_voided_or_has_expired_is_not_told(world: World) -> None:
    who, soon = world.actor("haifeng"), TODAY + timedelta(days=5)
    old = certificate(world, world.admitted(), valid_to=soon)
    later = CertificateEntry(facts("202119110002", valid_from=TODAY, valid_to=date(2027, 10, 1)))
    recording.renew(who, old, later, at=NOW, on=TODAY)
    second = world.admitted("海丰县青梅检测有限公司")
    recording.void(who, certificate(world, second, "202119110003", valid_to=soon), reason="登记错", at=NOW)
    certificate(world, second, "202119110004", valid_to=TODAY - timedelta(days=1), doubt="旧证")
    assert run(TODAY) == 0


def test_a_correction_is_not_told_of_again_unless_its_last_day_is_another(world: World) -> None:
    who = world.actor("haifeng")
    row = certificate(world, world.admitted(), valid_to=TODAY + timedelta(days=80))
    assert run(TODAY) == 1
    same = CertificateEntry(facts(valid_to=row.valid_to, issuer="汕尾市市场监督管理局"))
    row = recording.correct(who, row, same, reason="抄错", at=NOW, on=TODAY)
    assert run(TODAY) == 0
    other = CertificateEntry(facts(valid_to=TODAY + timedelta(days=70)))
    recording.correct(who, row, other, reason="抄错", at=NOW, on=TODAY)
    assert run(TODAY) == 1


def test_the_days_are_settings(world: World) -> None:
    for key, days in (("first", "10"), ("last", "3")):
        name = f"qualification.{key}_warning"
        db.session.add(
            Parameter(key=name, value=days, valid_from=TODAY, label="提前天数", source="测试", verified=False)
        )
    certificate(world, world.admitted(), valid_to=TODAY + timedelta(days=30))
    assert (run(TODAY), run(TODAY + timedelta(days=20))) == (0, 1)


def test_the_notice_leads_to_the_certificate(app: Flask, build: Build) -> None:
    def warned(world: World) -> Any:
        row = certificate(world, world.admitted(), valid_to=TODAY + timedelta(days=20))
        run(TODAY)
        return row.id

    number = build(warned)
    client = signed_in(app, "haifeng")
    page = client.get("/notices").get_data(as_text=True)
    assert "只剩 20 天" in page
    assert client.get(f"/qualifications/{number}").status_code == 200
    assert "只剩 20 天" not in signed_in(app, "lufeng").get("/notices").get_data(as_text=True)
