"""`registry duplicates scan`: every firm compared, gone on with where it broke off, harmless to repeat."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select

from registry.base.extensions import db
from registry.base.turns import Pace
from registry.base.vocabulary import Ruling
from registry.duplicates.models import Pairing, PairingScan
from registry.duplicates.services import judging, scans
from registry.duplicates.services.judging import RecordedVerdict
from registry.firms.models.firms import Firm
from registry.trail.models import TrailEntry
from tests.terminal import Said as Told
from tests.terminal import registry
from tests.world import NOW, World

NAMES = ("海丰县云谷软件有限公司", "海豐縣雲谷軟件有限公司", "海丰县星河数据有限公司", "海豐縣星河數據有限公司")


@pytest.fixture
def unknown(app: Flask) -> None:
    """Firms whose pairs nobody has looked for, as after loading them by other means."""
    with app.app_context():
        for name in NAMES:
            World().firm(name, credit_code=None, no_code_reason="尚未领照")
        db.session.execute(delete(Pairing))
        db.session.commit()


def pairs(app: Flask) -> list[tuple[int, int, str]]:
    with app.app_context():
        rows = db.session.scalars(select(Pairing).order_by(Pairing.id))
        return [(row.first_id, row.second_id, row.state) for row in rows]


@pytest.mark.usefixtures("unknown")
def test_a_scan_finds_every_pair_and_repeating_it_changes_nothing(app: Flask, installed: Path) -> None:
    assert registry("duplicates", "scan") == Told(0, "4 firms compared, 2 new suspected pairs\n", "")
    assert pairs(app) == [(1, 2, "open"), (3, 4, "open")]
    assert registry("duplicates", "scan") == Told(0, "4 firms compared, 0 new suspected pairs\n", "")
    assert pairs(app) == [(1, 2, "open"), (3, 4, "open")]
    with app.app_context():
        acts = db.session.scalars(select(TrailEntry.after).where(TrailEntry.verb == "scan_pairs"))
        assert list(acts) == [{"rows": 4, "found": 2}, {"rows": 4, "found": 0}]


@pytest.mark.usefixtures("unknown")
def test_a_scan_that_broke_off_goes_on_where_it_was(app: Flask, installed: Path) -> None:
    with app.app_context():
        steps = scans.scan(Pace(2), at=NOW)
        for _ in range(2):  # it begins, and looks at two
            next(steps)
            db.session.commit()
        steps.close()
    assert pairs(app) == [(1, 2, "open")]
    assert registry("duplicates", "scan").out == "4 firms compared, 2 new suspected pairs\n"
    with app.app_context():
        (scanned,) = db.session.scalars(select(PairingScan))
        assert (scanned.last_id, scanned.firms, scanned.finished_at is not None) == (4, 4, True)


@pytest.mark.usefixtures("unknown")
def test_a_scan_brings_back_what_changed_behind_its_back(app: Flask, installed: Path) -> None:
    registry("duplicates", "scan")
    with app.app_context():
        said = RecordedVerdict(Ruling.DIFFERENT, "两家")
        pairing = db.session.scalars(select(Pairing).order_by(Pairing.id).limit(1)).one()
        judging.judge(World().actor("cityoffice"), pairing, said, rounds=0, at=NOW)
        db.session.get_one(Firm, 2).contact_phone = "13700001111"
        db.session.commit()
    registry("duplicates", "scan")
    assert pairs(app) == [(1, 2, "returned"), (3, 4, "open")]
