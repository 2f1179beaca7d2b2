"""Every row against its seal, and seals against their chain: what was changed past the program, by row and field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Table, and_, func, select, update
from sqlalchemy.orm import Session, aliased

from registry.base.permissions import SYSTEM_ACTOR
from registry.base.pieces import pieces
from registry.trail.models import RowSeal, SealShape, TrailEntry, TrailHead
from registry.trail.services import seals
from registry.trail.services.trail import GENESIS, Act, append

_UNREADABLE = (ValueError, ArithmeticError, TypeError, LookupError)
"""What a value ends with that is none of its column's kind."""
NAMED = 1_000
"""Rows that are named; more are counted."""


class RowFault(NamedTuple):
    """`fault`: `changed` (the field differs from the row's seal), `added` (no seal), `gone` (a seal and no row),
    `unsealed` (the row's last seal has lost what it is proved with), `twice` (two seals claim to be the last)."""

    table: str
    key: str
    field: str
    fault: str


@dataclass(frozen=True)
class Recount:
    """`rows` and `seals` that were looked at; `head`: the end of the chain of seals as SEQ:HASH.

    `broken`: the first seal that does not fit its chain, with `fault`: `seal` (missing or changed), `tail` (the chain
    ends elsewhere than recorded), `trail` (an entry of the trail names another end). `faults` by row.
    """

    rows: int
    seals: int
    head: str
    broken: int | None = None
    fault: str = ""
    faults: list[RowFault] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return self.broken is None and not self.faults


def recount(session: Session) -> Recount:
    """No row without its seal, no seal without its row, no field that differs, no seal out of its order."""
    columns = {shape.id: shape.columns for shape in session.scalars(select(SealShape))}
    last, number, broken, fault = _walk(session, columns)
    rows, faults = 0, list(_lost(session))
    for table in seals.sealed_tables().values():
        read, found = _compared(session, table, columns)
        rows += read
        faults += found
    known = set(seals.sealed_tables())
    strange = select(RowSeal.of_table, RowSeal.row_key).where(RowSeal.salt.is_not(None), RowSeal.of_table.not_in(known))
    faults += [RowFault(row.of_table, row.row_key, "", "gone") for row in session.execute(strange.limit(NAMED))]
    return Recount(rows, number, f"{number}:{last}", broken, fault, sorted(set(faults))[:NAMED])


# -- the chain ------------------------------------------------------------------------------------
_SEAL = (
    RowSeal.seq, RowSeal.trail_seq, RowSeal.of_table, RowSeal.row_key, RowSeal.shape_id, RowSeal.supersedes,
    RowSeal.state, RowSeal.hash,
)  # fmt: skip


def _walk(session: Session, columns: dict[int, str]) -> tuple[str, int, int | None, str]:
    """The last hash, the number of seals, and where and why the chain does not fit."""
    noted, end = _noted(session), session.scalars(select(TrailHead.seq)).one()
    entry, last, number = next(noted, None), GENESIS, 0
    statement = select(*_SEAL).order_by(RowSeal.seq).execution_options(yield_per=2_000)
    for row in session.execute(statement):
        while entry is not None and entry[0] <= row.trail_seq:
            if entry[1] != last:
                return last, number, number + 1, "trail"
            entry = next(noted, None)
        if row.trail_seq > end:  # its transaction wrote an entry that is no more
            return last, number, number + 1, "tail"
        here = seals.link(last, row._asdict(), columns.get(row.shape_id, ""))
        if row.seq != number + 1 or here != row.hash:
            return last, number, number + 1, "seal"
        last, number = here, row.seq
    while entry is not None:
        if entry[1] != last:
            return last, number, number + 1, "trail"
        entry = next(noted, None)
    head = session.execute(select(TrailHead.seals, TrailHead.seals_hash)).one()
    if tuple(head) != (number, last):
        return last, number, number + 1, "tail"
    return last, number, None, ""


def _noted(session: Session) -> Iterator[tuple[int, str]]:
    """Entries of the trail that say how the chain of seals ended when they were written."""
    statement = select(TrailEntry.seq, TrailEntry.seals_hash).where(TrailEntry.seals_hash.is_not(None))
    last = 0
    while True:  # in pieces: two long reads at once are more than one connection of SQLite wants
        some = session.execute(statement.where(TrailEntry.seq > last).order_by(TrailEntry.seq).limit(10_000)).all()
        yield from ((row.seq, row.seals_hash) for row in some)
        if not some:
            return
        last = some[-1].seq


# -- the rows -------------------------------------------------------------------------------------
def _lost(session: Session) -> Iterator[RowFault]:
    """Seals that none supersedes and that prove nothing any more; seals that two others, or a live one, supersede."""
    after = aliased(RowSeal)
    one = select(RowSeal.of_table, RowSeal.row_key)
    successor = select(after.seq).where(after.supersedes == RowSeal.seq).exists()
    lost = one.where(RowSeal.salt.is_(None), RowSeal.state.is_not(None), ~successor)
    for row in session.execute(lost.limit(NAMED)):
        yield RowFault(row.of_table, row.row_key, "", "unsealed")
    twice = one.where(RowSeal.salt.is_not(None), successor)
    for row in session.execute(twice.limit(NAMED)):
        yield RowFault(row.of_table, row.row_key, "", "twice")


def _compared(session: Session, table: Table, columns: dict[int, str]) -> tuple[int, list[RowFault]]:
    rows, faults, seen = 0, list[RowFault](), Counter[str]()
    for keys in pieces(seals.all_keys(session, table), seals.CHUNK):
        last = seals.live_seals(session, table.name, [seals.key_of(key) for key in keys])
        for key, values in _read(session, table, keys):
            rows += 1
            text = seals.key_of(key)
            seal = last.get(text)
            seen["sealed"] += seal is not None
            if seal is None:
                faults.append(RowFault(table.name, text, "", "added"))
            elif values is None:
                faults.append(RowFault(table.name, text, "", "changed"))
            else:
                faults += (
                    RowFault(table.name, text, name, "changed") for name in differing(table, seal, values, columns)
                )
    live = select(func.count()).where(RowSeal.of_table == table.name, RowSeal.salt.is_not(None))
    if session.scalar(live) != seen["sealed"]:
        faults += _without_row(session, table)
    return rows, faults[:NAMED]


def _read(
    session: Session, table: Table, keys: Sequence[seals.Key]
) -> Iterator[tuple[seals.Key, tuple[Any, ...] | None]]:
    """The rows with these keys; of one whose values are none of their columns' kind, nothing but the key."""
    try:
        yield from list(seals.rows_of(session, table, keys))
    except _UNREADABLE:
        if len(keys) == 1:
            yield keys[0], None
        else:
            for key in keys:
                yield from _read(session, table, [key])


def _without_row(session: Session, table: Table) -> Iterator[RowFault]:
    there = {seals.key_of(key) for key in seals.all_keys(session, table)}
    wanted = and_(RowSeal.of_table == table.name, RowSeal.salt.is_not(None))
    keys = session.scalars(select(RowSeal.row_key).where(wanted).order_by(RowSeal.row_key))
    found: Counter[str] = Counter(keys)
    for key, number in found.items():
        if key not in there:
            yield RowFault(table.name, key, "", "gone")
        elif number > 1:
            yield RowFault(table.name, key, "", "twice")


def differing(table: Table, seal: Any, values: tuple[Any, ...], columns: dict[int, str]) -> list[str]:
    """Fields that differ from the seal; of a seal from before a column was there, that column is not asked for."""
    now = {column.name: value for column, value in zip(seals.columns_of(table), values, strict=True)}
    names = columns.get(seal.shape_id, "").split(",")
    if len(seal.state) != len(names) * seals.DIGEST:
        return [""]
    pieces = (seal.state[start : start + seals.DIGEST] for start in range(0, len(seal.state), seals.DIGEST))
    return [
        name
        for name, digest in zip(names, pieces, strict=True)
        if name in now and seals.field_of(name, now[name], seal.salt) != digest
    ]


# -- after a migration ----------------------------------------------------------------------------
def settle(session: Session, revision: str, *, at: Any) -> int:
    """Seal what a migration left otherwise than sealed, or what nobody sealed yet; how many rows.

    Which fields of how many rows differed stands on the trail: whoever reads it knows what that migration is for.
    """
    columns = {shape.id: shape.columns for shape in session.scalars(select(SealShape))}
    had_any = session.scalar(select(TrailHead.seq)) or 0
    count, differed = 0, Counter[str]()
    for table in seals.sealed_tables().values():
        keys = seals.all_keys(session, table)
        for some in pieces(keys, seals.CHUNK):
            last = seals.live_seals(session, table.name, [seals.key_of(key) for key in some])
            for key, values in seals.rows_of(session, table, some):
                seal = last.get(seals.key_of(key))
                names = differing(table, seal, values, columns) if seal is not None else ["*"]
                differed.update(f"{table.name}.{name}" for name in names)
        gone = [fault.key for fault in _without_row(session, table) if fault.fault == "gone"]
        differed.update(f"{table.name}.gone" for _key in gone)
        count += seals.seal(session, {table: keys}, gone=gone)
    count += _let_go(session, differed)
    session.execute(update(TrailHead).values(settled=revision.rpartition(">")[2]))
    if had_any and count:
        act = Act(
            "seal", "trail", after={"revision": revision, "rows": count, "differed": dict(sorted(differed.items()))}
        )
        append(session, SYSTEM_ACTOR, [act], at=at)
    return count


def _let_go(session: Session, differed: Counter[str]) -> int:
    """Rows of tables that are no more, or whose rows need no seal any more, are sealed as gone."""
    strange = select(RowSeal.seq, RowSeal.of_table, RowSeal.row_key, RowSeal.shape_id).where(
        RowSeal.salt.is_not(None), RowSeal.of_table.not_in(set(seals.sealed_tables()))
    )
    rows = session.execute(strange.order_by(RowSeal.seq)).all()
    differed.update(f"{row.of_table}.gone" for row in rows)
    return seals.let_go(session, rows)
