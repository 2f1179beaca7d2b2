"""Kinds are data: a sixth is added by a folder, without code; a wrong one is refused whole, each fault with its place."""

from __future__ import annotations

import io
import shutil
import tomllib
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from registry.base.errors import NotAllowed, RegistryError
from registry.base.extensions import clock, db
from registry.cases.models import Case, CaseKind
from registry.cases.queries import kinds
from registry.cases.rules.kindfile import faults
from registry.cases.services import kinds as publishing
from registry.config import ROOT
from registry.seeding.services import seeds
from tests.cases.worlds import PDF, CaseWorld, fill
from tests.world import NOW, TODAY, World, signed_in

SIXTH = Path(__file__).parent / "sixth.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The seeds of the project and the folder of a sixth kind beside them."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    (tmp_path / "seeds" / "cases" / "specialised").mkdir()
    shutil.copy(SIXTH, tmp_path / "seeds" / "cases" / "specialised" / "kind.toml")
    return tmp_path / "seeds"


def edition(code: str = "specialised") -> CaseKind:
    return db.session.scalars(select(CaseKind).where(CaseKind.code == code).order_by(CaseKind.edition.desc())).first()  # type: ignore[return-value]


def test_a_sixth_kind_is_added_by_a_folder_and_walked_to_its_end_through_pages(
    city: CaseWorld, app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds.load(folder)
    firm = city.world.firm("海丰县精工软件有限公司")
    row = edition()
    db.session.commit()
    assert row.state == "draft"
    client = signed_in(app, "haifeng")
    assert client.get(f"/cases/new/{row.id}").status_code == 404
    client = signed_in(app, "cityoffice")
    fill(client, f"/case-kinds/{row.id}/publish", {})
    client = signed_in(app, "haifeng")
    answer = fill(client, f"/cases/new/{row.id}", {"firm": firm.name})
    case = db.session.scalars(select(Case)).one()
    assert answer.location == f"/cases/{case.id}/edit"
    fill(
        client, f"/cases/{case.id}/edit",
        {"years": "6", "share": "72.5", "patents-0-name": "一种风机", "patents-0-number": "ZL202010000001.1"},
    )  # fmt: skip
    paper = {"paper": "patents", "file": (io.BytesIO(PDF + b"patent"), "证书.pdf")}
    fill(client, f"/cases/{case.id}/papers/new", paper)
    fill(client, f"/cases/{case.id}/steps/submit", {})
    client = signed_in(app, "industry")
    fill(client, f"/cases/{case.id}/steps/pass", {"reason": "符合"})
    client = signed_in(app, "cityoffice")
    fill(client, f"/case-notices/new/{row.id}", {"first_day": TODAY.isoformat(), "cases": str(case.id)})
    db.session.expire_all()
    assert case.notice is not None
    assert (case.notice.last_day.isoformat(), "2021年10月21日" in case.notice.text) == ("2021-10-21", True)
    refused = fill(client, f"/cases/{case.id}/steps/recommend", {})
    assert refused.status_code == 422
    monkeypatch.setattr(clock, "today", lambda: TODAY.replace(day=22))
    fill(client, f"/cases/{case.id}/steps/recommend", {})
    db.session.expire_all()
    assert (case.state, case.number) == ("recommended", "专精2021-0001")


def test_what_a_folder_brings_is_a_draft_until_a_person_publishes_it_and_then_never_changes(
    world: World, folder: Path
) -> None:
    seeds.load(folder)
    row = edition()
    assert kinds.published("specialised", TODAY) is None
    with pytest.raises(NotAllowed):
        publishing.publish(world.actor("haifeng"), row, at=NOW)
    publishing.publish(world.actor("statistics"), row, at=NOW)
    db.session.commit()
    with pytest.raises(DatabaseError):
        db.session.execute(text("update case_kind set name = 'x' where code = 'specialised'"))
    db.session.rollback()


def test_a_file_that_changed_becomes_the_draft_of_the_next_edition_and_a_running_case_keeps_its_own(
    city: CaseWorld, folder: Path
) -> None:
    case = city.passed(city.service("8600000"))
    path = folder / "cases" / "voucher-service" / "kind.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('value = "0.05"', 'value = "0.30"'), encoding="utf-8")
    seeds.load(folder)
    later = edition("voucher-service")
    assert (later.edition, later.state) == (2, "draft")
    publishing.publish(city.world.actor("cityoffice"), later, at=NOW)
    assert str(case.amount) == "430000.00"
    again = city.passed(city.service("8600000", firm="海丰县海潮检测有限公司"))
    assert str(again.amount) == "500000.00"


def test_settings_are_changed_on_a_page_by_one_and_published_by_another(city: CaseWorld) -> None:
    actor = city.world.actor("cityoffice")
    row = publishing.change_settings(
        actor, edition("voucher-service"), {"cap": "300000"}, valid_from=TODAY, reason="按2022年通知", at=NOW
    )
    with pytest.raises(RegistryError):
        publishing.publish(actor, row, at=NOW)
    publishing.publish(city.world.actor("cityoffice2"), row, at=NOW)
    assert str(city.passed(city.service("8600000")).amount) == "300000.00"


@pytest.mark.parametrize(
    "old, new, place",
    [
        ('who = "bureau"', 'who = "boss"', "step[2].who"),
        ('to = "notice"', 'to = "nowhere"', "step[2]"),
        ('value = "years"', 'value = "months"', "condition[1].value"),
        ("line = 1", 'line = "several"', "condition[2].line"),
        ('bureau = "industry"', "", "bureau"),
        ('code = "specialised"', 'code = "other"', "code"),
        ('kind = "draft"', 'kind = "open"', "state"),
        ('[[once]]\nspace = "patent"', '[[once]]\nplace = "patent"', "once[1].place"),
        ('type = "whole"', 'type = "money"', "field[1].type"),
        ('code = "check_days"', 'code = "other_days"', "step[1].term"),
    ],
)
def test_every_fault_of_a_definition_has_its_place(old: str, new: str, place: str) -> None:
    written = SIXTH.read_text(encoding="utf-8")
    assert old in written
    assert list(faults(tomllib.loads(written), "specialised")) == []
    assert place in {one.place for one in faults(tomllib.loads(written.replace(old, new, 1)), "specialised")}


def test_a_folder_with_a_fault_loads_nothing_and_says_where(world: World, folder: Path) -> None:
    path = folder / "cases" / "specialised" / "kind.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('who = "bureau"', 'who = "boss"'), encoding="utf-8")
    with pytest.raises(seeds.SeedsRefused) as refused:
        seeds.load(folder)
    (fault,) = refused.value.faults
    assert fault.sentence().startswith("cases/specialised/kind.toml step[2].who: 不在可选范围内：boss")
