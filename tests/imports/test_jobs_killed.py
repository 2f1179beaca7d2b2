"""A process that is killed while it applies a list leaves nothing half visible; the list goes on, or goes back whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from registry.base.extensions import db
from registry.base.vocabulary import BatchState
from registry.config import ROOT
from registry.firms.models import arriving
from registry.firms.models.firms import Firm
from registry.imports import jobs
from registry.imports.models import ImportBatch
from registry.imports.services import batches
from registry.queue.jobs import recover
from registry.trail.services import trail
from tests.uploads import listed, uploaded
from tests.world import NOW, TODAY, World, credit_code

MANY = [(f"海丰县梅陇第{n}科技有限公司", credit_code(100 + n), "海丰县海城镇人民路8号") for n in range(400)]

DIES = """
import os, signal
from registry.commands import main
from registry.base.turns import Pace

def dies(pace):
    os.kill(os.getpid(), signal.SIGKILL)

Pace.end = dies  # the first turn is stored, and the next has not begun
main()
"""


@pytest.fixture
def half(world: World, app: Flask, tmp_path: Path) -> int:
    """A batch whose process was killed, with SIGKILL, after its first turn."""
    batch = uploaded(tmp_path, listed(MANY))
    number = batch.id
    batches.order(world.actor("haifeng"), batch, "apply", at=NOW)
    db.session.commit()
    db.session.remove()
    killed = subprocess.run(
        [sys.executable, "-c", DIES, "batch", str(number), "--go-on"],
        cwd=ROOT,
        check=False,
        env={
            **os.environ,
            "REGISTRY_INSTANCE": str(tmp_path / "other"),
            "REGISTRY_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
            "REGISTRY_TODAY": TODAY.isoformat(),
        },
    )
    assert killed.returncode == -signal.SIGKILL
    batch = _batch(number)
    assert (batch.state, batch.arriving, 0 < batch.done < 400) == (BatchState.APPLYING, True, True)
    return number


def _batch(number: int) -> ImportBatch:
    db.session.expire_all()
    return db.session.get_one(ImportBatch, number)


def living() -> list[str | None]:
    return [code for (code,) in db.session.query(Firm.credit_code).filter(Firm.voided_at.is_(None))]


def test_a_killed_one_goes_on_when_the_worker_starts_and_shows_nothing_before(half: int) -> None:
    assert (living(), jobs.unfinished()) == ([], [("apply_batch", (half,))])
    recover()
    assert (_batch(half).state, _batch(half).arriving) == (BatchState.APPLIED, False)
    assert sorted(code or "" for code in living()) == sorted(code for _, code, _ in MANY)
    assert trail.verify().broken is None


def test_a_killed_one_is_taken_back_whole(world: World, half: int) -> None:
    batches.order(world.actor("haifeng"), _batch(half), "take_back", at=NOW)
    db.session.commit()
    jobs.apply(half)
    with arriving.shown():
        assert living() == []
    assert _batch(half).arriving is False
    assert trail.verify().broken is None
