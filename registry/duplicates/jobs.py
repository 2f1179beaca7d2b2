"""Suspected pairs of the whole directory, in the background."""

from __future__ import annotations

from registry.base import turns
from registry.base.extensions import clock, db
from registry.base.turns import Pace
from registry.duplicates.queries.pairs import unfinished_scan
from registry.duplicates.services import scans


def scan() -> None:
    """Every firm; goes on where a scan was broken off."""
    pace = Pace()
    turns.take(scans.scan(pace, at=clock.now()), db.session.commit, pace)


def unfinished() -> list[tuple[str, tuple[int, ...]]]:
    """The scan that a stopped worker left behind."""
    found: list[tuple[str, tuple[int, ...]]] = [("scan_pairs", ())] if unfinished_scan() is not None else []
    db.session.rollback()
    return found
