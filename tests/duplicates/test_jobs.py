"""What an import brings is compared with the directory in the background; a scan that was broken off is taken up."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from registry.base.extensions import db, queue
from registry.duplicates.models import Pairing, PairingScan
from registry.duplicates.services import scans
from registry.imports import jobs
from registry.imports.models import ImportBatch
from registry.imports.services import batches
from registry.people.queries import people
from registry.queue.jobs import recover
from tests.uploads import listed
from tests.world import NOW, World, credit_code

NAMES = ("海丰县云谷软件有限公司", "海丰县星河数据有限公司", "海丰县南湖网络有限公司")
COPIES = ("海豐縣雲谷軟件有限公司", "海豐縣星河數據有限公司", "海豐縣南湖網絡有限公司")


def pairs() -> list[tuple[str, str, str]]:
    rows = db.session.scalars(select(Pairing).order_by(Pairing.id))
    return [(row.first.name, row.second.name, row.band) for row in rows]


def imported(world: World) -> None:
    rows = [(name, credit_code(50 + number), "海丰县海城镇人民路8号") for number, name in enumerate(COPIES)]
    batch = batches.receive(
        world.actor("haifeng"), people.user("haifeng").office, batches.keep([listed(rows)]), filename="名单.csv",
        year=2021, at=NOW,
    )  # fmt: skip
    number = batch.id
    db.session.commit()
    jobs.check(number)
    batches.order(world.actor("haifeng"), db.session.get_one(ImportBatch, number), "apply", at=NOW)
    db.session.commit()
    jobs.apply(number)


@pytest.mark.parametrize("few", [50, 0], ids=["one by one", "by reading all names"])
def test_an_imports_firms_are_compared_when_it_is_applied(
    world: World, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(scans, "FEW", few)
    for name in NAMES:
        world.firm(name)
    db.session.commit()
    imported(world)
    assert pairs() == [(name, copy, "different") for name, copy in zip(NAMES, COPIES, strict=True)]


def test_a_scan_left_behind_is_taken_up_when_a_worker_starts(world: World) -> None:
    for name in (*NAMES, *COPIES):
        world.firm(name)
    db.session.add(PairingScan(started_at=NOW, touched_at=NOW, last_id=3, firms=3, found=0))
    db.session.commit()
    recover()
    (scanned,) = db.session.scalars(select(PairingScan))
    assert (scanned.firms, scanned.last_id, scanned.finished_at is not None) == (6, 6, True)
    db.session.commit()
    queue.enqueue("scan_pairs")
    assert len(db.session.scalars(select(PairingScan)).all()) == 2
