"""After an upgrade of the engine the keys of all names are made again, once, and nothing else changes."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from registry.base.extensions import db
from registry.duplicates import jobs
from registry.duplicates.services import rekeying
from registry.firms.models.firms import Firm, FormerName
from registry.matching.keys import keys
from registry.names.queries import neighbours
from registry.register.models import RegisteredFirm
from registry.trail.models import TrailEntry
from tests.registered import load
from tests.registered import row as registered
from tests.terminal import registry
from tests.world import World, credit_code

OLD = {"name_key": "旧", "parts_key": "旧", "sound_key": "旧"}


def acts() -> list[TrailEntry]:
    return list(db.session.scalars(select(TrailEntry).where(TrailEntry.verb == rekeying.VERB)))


def test_stale_keys_are_made_again_and_the_firm_is_found_by_them(world: World) -> None:
    firm = world.firm("海丰县云谷软件有限公司", credit_code=credit_code(1))
    world.firm("海丰县星河数据有限公司", credit_code=credit_code(2))
    load([registered(credit_code(3))])
    for model in (Firm, RegisteredFirm):
        db.session.execute(update(model).values(**OLD, core_key="旧"))
    db.session.commit()
    number, version = firm.id, firm.version
    assert jobs.rekey() == 3
    rows = [*db.session.scalars(select(Firm)).unique(), *db.session.scalars(select(RegisteredFirm))]
    assert [(row.name_key, row.parts_key, row.core_key, row.sound_key) for row in rows] == [
        keys(row.name)[:4] for row in rows
    ]
    assert rows[0].initials_key == keys(rows[0].name).initials_key != ""
    assert db.session.get_one(Firm, number).version == version
    assert [(act.after or {})["names"] for act in acts()] == [3]
    assert number in [near.id for near in neighbours.nearest("firm", keys("海丰县云谷软件公司").name_key)]


def test_it_is_done_once_for_an_engine(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.firm("海丰县云谷软件有限公司", credit_code=credit_code(1))
    db.session.commit()
    assert jobs.rekey() == 1
    assert (jobs.rekey(), len(acts())) == (0, 1)
    monkeypatch.setattr(rekeying, "KEYS_VERSION", rekeying.KEYS_VERSION + 1)
    assert (jobs.rekey(), [(act.after or {})["names"] for act in acts()]) == (1, [0, 0])


def test_former_names_too(world: World) -> None:
    firm = world.firm("海丰县云谷软件有限公司", credit_code=credit_code(1))
    former = FormerName(firm_id=firm.id, name="海丰县旧名软件有限公司", recorded_at=firm.created_at, **OLD)
    db.session.add(former)
    db.session.commit()
    number = former.id
    jobs.rekey()
    db.session.expire_all()
    assert db.session.get_one(FormerName, number).name_key == keys("海丰县旧名软件有限公司").name_key


def test_the_command_says_how_many_names_it_looked_at(installed: object, world: World) -> None:
    world.firm("海丰县云谷软件有限公司", credit_code=credit_code(1))
    db.session.commit()
    assert registry("duplicates", "rekey").out == "1 names looked at\n"
