"""Plant faults past the program in a copy of a database, and see how many are found and named.

    python -m bench.trust.tampering DATABASE [--faults 200] [--seed 1]

DATABASE is a SQLite file (or the address of a PostgreSQL database that may be spoilt) with data in it, as the invented
city has. Edits of a field, rows deleted and rows added over every table that holds rows, all at once, each in a row of
its own; then tails cut off and chains hashed anew from a row on, each found without an anchor and with one.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from sqlalchemy import delete, select, text, update

from bench.trust import planting
from registry import create_app
from registry.base.extensions import db
from registry.base.sqlite import DRIVER
from registry.trail.models import RowSeal, TrailEntry, TrailHead
from registry.trail.services import anchoring, recounting, seals, trail

CUTS, REHASHED = 10, 6


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.trust.tampering", description=__doc__)
    parser.add_argument("database")
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        address = asked.database
        if "://" not in address:
            copy = Path(folder) / "copy.db"
            with closing(DRIVER.connect(address)) as held, closing(DRIVER.connect(copy)) as new:
                held.backup(new)
            address = f"sqlite:///{copy}"
        app = create_app({"SQLALCHEMY_DATABASE_URI": address, "INSTANCE": Path(folder), "FILES": Path(folder, "files")})
        with app.app_context():
            try_all(asked.faults, random.Random(asked.seed))


def try_all(faults: int, dice: random.Random) -> None:
    started = time.process_time()
    whole = recounting.recount(db.session())
    print(f"before: {whole.rows} rows, {whole.seals} seals, whole: {whole.is_whole}, "
          f"{time.process_time() - started:.1f} s CPU")  # fmt: skip
    db.session.rollback()
    anchoring.note("before")
    planting.drop_guards()
    _rows(faults, dice)
    _chains(dice)


def _rows(number: int, dice: random.Random) -> None:
    tables = [table for table in seals.sealed_tables().values() if seals.all_keys(db.session(), table)]
    planted: dict[tuple[str, str], planting.Fault] = {}
    refused = 0
    for turn in range(number * 5):
        table, kind = tables[turn % len(tables)], dice.choice(("edit", "edit", "delete", "insert"))
        if len(seals.all_keys(db.session(), table)) < 2:  # its only row stays for other faults
            kind = "edit"
        if not seals.all_keys(db.session(), table):
            continue
        made = planting.edit(dice, table) if kind == "edit" else None
        fault = made[0] if made else None
        if kind != "edit":
            fault = (planting.delete if kind == "delete" else planting.insert)(dice, table)
        if fault is None:
            refused += 1
        elif fault[3] == "gone" and planted.get(fault[:2], fault)[3] == "added":
            del planted[fault[:2]]  # what was planted was taken away again
        elif fault[:2] not in planted or fault[3] == "gone":
            planted[fault[:2]] = fault
        if len(planted) == number:
            break
    found = {tuple(one) for one in recounting.recount(db.session()).faults}
    db.session.rollback()
    named = sum(fault in found for fault in planted.values())
    kinds = Counter(fault[3] for fault in planted.values())
    print(f"planted {len(planted)} ({dict(kinds)}) in {len({fault[0] for fault in planted.values()})} tables, "
          f"{refused} refused by the database itself; found and named: {named}")  # fmt: skip
    for fault in sorted(set(planted.values()) - found):
        print("not found:", *fault)
    bound = f", missed below {300 / len(planted):.1f} % at 95 %" if named == len(planted) else ""
    print(f"{named} of {len(planted)}{bound}")


def _chains(dice: random.Random) -> None:
    """Each is done in a transaction that is rolled back afterwards."""
    for what, number, does in (("tails cut", CUTS, _cut), ("chains hashed anew", REHASHED, _rehash)):
        alone = anchored = 0
        for _turn in range(number):
            does(dice)
            alone += trail.verify().broken is not None
            anchored += anchoring.first_that_differs(anchoring.place()) is not None
            db.session.rollback()
        print(f"{what}: {number}; found without an anchor {alone}, with it {anchored}")


def _cut(dice: random.Random) -> None:
    end = db.session.scalars(select(TrailHead.seq)).one()
    left = end - dice.randrange(1, 50)
    seal = db.session.execute(
        select(RowSeal.seq, RowSeal.hash).where(RowSeal.trail_seq <= left).order_by(RowSeal.seq.desc()).limit(1)
    ).first()
    last, at_last = (seal.seq, seal.hash) if seal else (0, trail.GENESIS)
    db.session.execute(delete(TrailEntry).where(TrailEntry.seq > left))
    db.session.execute(text("delete from row_seal where seq > :last"), {"last": last})
    hash_ = db.session.scalars(select(TrailEntry.hash).where(TrailEntry.seq == left)).one()
    db.session.execute(update(TrailHead).values(seq=left, hash=hash_, seals=last, seals_hash=at_last))


def _rehash(dice: random.Random) -> None:
    end = db.session.scalars(select(TrailHead.seq)).one()
    start = end - dice.randrange(10, 200)
    previous = db.session.scalars(select(TrailEntry.hash).where(TrailEntry.seq == start - 1)).one()
    for entry in db.session.scalars(select(TrailEntry).where(TrailEntry.seq >= start).order_by(TrailEntry.seq)):
        entry.reason = "改写" if entry.seq == start else entry.reason
        entry.previous_hash = previous
        entry.hash = previous = trail.digest(trail.hashed(entry), previous)
    db.session.execute(update(TrailHead).values(hash=previous))


if __name__ == "__main__":
    main()
