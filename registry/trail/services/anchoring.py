"""Anchors: the ends of both chains, noted in a file outside the database, where whoever can write the database cannot.

A tail that was cut and a chain that was hashed anew are found by nothing else. One line an hour while anything is
recorded, and one after each transaction that closed, published or gave something out; the file is only ever appended.
"""

from __future__ import annotations

import errno
import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import event, select
from sqlalchemy.orm import Session, SessionTransaction

from registry.base.clocks import SHANGHAI
from registry.base.extensions import db, setting
from registry.trail.models import RowSeal, TrailEntry, TrailHead

log = logging.getLogger(__name__)
NOTED_AFTER = frozenset({"close_quarter", "export", "issue_bulletin", "take_papers", "backup"})
"""Acts after which people hold something that the anchor is to prove."""
_LONGEST = 512
_WHY, _ENDS = "registry.anchor", "registry.ends"
_LINE = re.compile(r"(\S+) ([0-9]+):([0-9a-f]{64}) ([0-9]+):([0-9a-f]{64}) (\S+)")


@dataclass(frozen=True)
class Noted:
    """One line: when, the end of the trail, the end of the seals, and why it was noted."""

    at: str
    trail: tuple[int, str]
    seals: tuple[int, str]
    why: str

    def line(self) -> str:
        return f"{self.at} {self.trail[0]}:{self.trail[1]} {self.seals[0]}:{self.seals[1]} {self.why}\n"


class BadAnchors(ValueError):
    """A line of the file is none of ours; says which."""


def place() -> Path:
    """The file: on another disk or share where the installation says so, else beside the rest."""
    return Path(setting("ANCHORS") or setting("INSTANCE") / "anchors.txt")


def install() -> None:
    """Note an anchor after each commit that asks for one; installing twice does no harm."""
    if not event.contains(Session, "after_commit", _committed):
        event.listen(Session, "after_commit", _committed)
        event.listen(Session, "after_transaction_end", _ended)


def wanted(session: Session, verb: str) -> None:
    """This transaction is one after which an anchor is noted."""
    session.info[_WHY] = verb


def note(why: str) -> Noted | None:
    """Append the present end, where it is not the last line already; None where it is."""
    head = db.session.execute(select(TrailHead.seq, TrailHead.hash, TrailHead.seals, TrailHead.seals_hash)).one()
    db.session.rollback()
    found = Noted(_now(), (head.seq, head.hash), (head.seals, head.seals_hash), why)
    last = newest(place())
    if last is not None and (last.trail, last.seals) == (found.trail, found.seals):
        return None
    append(place(), found)
    return found


def append(path: Path, noted: Noted) -> None:
    """On disk when it returns, whole; readable by its owner alone. A line that broke off before stays one of its own.

    A folder that is not there is made beside the rest only: a share that is not mounted is an error.
    """
    if not setting("ANCHORS"):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(handle).st_size
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        told = (b"\n" if torn else b"") + noted.line().encode()
        if os.write(handle, told) != len(told):
            raise OSError(errno.ENOSPC, "an anchor was written in part", str(path))
        os.fsync(handle)
    finally:
        os.close(handle)


def newest(path: Path) -> Noted | None:
    """The last line, where it is whole."""
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - _LONGEST))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return None
    return _noted(lines[-1]) if lines else None


def _noted(line: str) -> Noted | None:
    found = _LINE.fullmatch(line.strip())
    if found is None:
        return None
    return Noted(found[1], (int(found[2]), found[3]), (int(found[4]), found[5]), found[6])


def read(path: Path) -> Iterator[Noted]:
    """Every line in its order; of a file that is not there, none. Raises BadAnchors."""
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            found = _noted(line)
            if found is None:
                raise BadAnchors(f"{path}: line {number} is no anchor")
            yield found


def first_that_differs(path: Path) -> tuple[int, Noted] | None:
    """The number of the first line whose ends the database no longer has, and the line."""
    for number, noted in enumerate(read(path), start=1):
        for chain, (seq, digest) in ((TrailEntry, noted.trail), (RowSeal, noted.seals)):
            if seq and db.session.scalar(select(chain.hash).where(chain.seq == seq)) != digest:
                return number, noted
    return None


def _committed(session: Session) -> None:
    found = session.info.pop(_ENDS, None)
    if found is None:  # a transaction inside another notes nothing yet
        return
    why = session.info.pop(_WHY, "")
    try:
        append(place(), Noted(_now(), found[0], found[1], why))
    except OSError as error:
        # what was done is done; that its anchor is missing shows in `doctor`, and the next hour notes the end again
        log.warning("no anchor was noted after %s: %s", why, error)


def is_wanted(session: Session) -> bool:
    return _WHY in session.info


def ends(session: Session, head: TrailHead) -> None:
    """What the transaction has made of both ends: noted when it is committed."""
    session.info[_ENDS] = (head.seq, head.hash), (head.seals, head.seals_hash)


def _ended(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_WHY, None)
        session.info.pop(_ENDS, None)


def _now() -> str:
    """By the machine's own clock, whatever day the registry is set to."""
    return datetime.now(SHANGHAI).isoformat(timespec="seconds")
