"""Suspected pairs in the background: of the firms an import brought, and of the whole directory."""

from __future__ import annotations

from registry.extensions import clock, db, queue
from registry.queries.pairings import unfinished_scan
from registry.services import scans, turns
from registry.services.turns import Pace


def of_batch(batch_id: int) -> None:
    """What the firms of an import may be duplicates of; committed chunk by chunk, harmless to run again."""
    pace = Pace()
    turns.take(scans.of_batch(batch_id, pace, at=clock.now()), _let_go, pace)


def scan() -> None:
    """Every firm; goes on where a scan was broken off."""
    pace = Pace()
    turns.take(scans.scan(pace, at=clock.now()), db.session.commit, pace)


def take_up() -> None:
    """A scan that a stopped worker left behind goes on."""
    if unfinished_scan() is not None:
        db.session.rollback()
        queue.enqueue("scan_pairs")


def _let_go() -> None:
    db.session.commit()
    db.session.expunge_all()
