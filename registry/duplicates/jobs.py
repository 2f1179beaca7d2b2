"""Suspected pairs of the whole directory, and the sample by which one knows how many are missed, in the background."""

from __future__ import annotations

from registry.base import turns
from registry.base.extensions import clock, db
from registry.base.turns import Pace
from registry.duplicates.queries.pairs import unfinished_scan
from registry.duplicates.services import rekeying, sampling, scans
from registry.people.models import User
from registry.people.queries.signed_in import actor_of


def scan() -> None:
    """Every firm; goes on where a scan was broken off."""
    pace = Pace()
    turns.take(scans.scan(pace, at=clock.now()), db.session.commit, pace)


def rekey() -> int:
    """After an upgrade of the engine: the keys by which names are found, made again. How many names were looked at."""
    done: list[int] = []
    pace = Pace()
    turns.take(rekeying.rekey(pace, at=clock.now()), turns.let_go, pace, tell=done.append)
    return sum(done)


def draw(user_id: int) -> None:
    """The sample that a person asked for."""
    user = db.session.get(User, user_id)
    if user is not None:
        sampling.draw(actor_of(user), at=clock.now())
        db.session.commit()


def unfinished() -> list[tuple[str, tuple[int, ...]]]:
    """The scan that a stopped worker left behind."""
    found: list[tuple[str, tuple[int, ...]]] = [("scan_pairs", ())] if unfinished_scan() is not None else []
    db.session.rollback()
    return found
