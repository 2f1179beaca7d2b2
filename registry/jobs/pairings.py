"""Suspected pairs in the background: of the firms an import brought, and of the whole directory."""

from __future__ import annotations

from registry.extensions import clock, db
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


def unfinished() -> list[str]:
    """The scan that a stopped worker left behind."""
    found = ["scan_pairs"] if unfinished_scan() is not None else []
    db.session.rollback()
    return found


def _let_go() -> None:
    db.session.commit()
    db.session.expunge_all()
