"""Rows that look like a firm on record: somebody says in the row whether it is that firm, another one, or neither yet.

Nothing is chosen beforehand. A row without a choice goes back to whoever sent it, as it always did.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import String, cast, func, select, update

from registry.base.errors import BATCH_SAME_TWICE, BATCH_TWO_ALIKE, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.base.runs import new_run
from registry.base.vocabulary import BatchState, RowKind
from registry.duplicates.services import judging
from registry.firms.models.firms import Firm
from registry.imports.models import ImportBatch, ImportRow
from registry.imports.rules import APART, LATER, SAME, TWO
from registry.sheets import account

_PREFIX = f"{SAME}-"
_RANKS = {LATER: 0, TWO: 1}


class ChoicesKept(NamedTuple):
    """How many rows were moved by what was chosen, and why others were not: they stand as before."""

    moved: int
    refused: Sequence[RegistryError] = ()
    stale: bool = False
    """The choices were offered of rows that are no longer the ones of the batch."""


def choose(batch: ImportBatch, choices: Mapping[int, str], *, run: str | None = None) -> ChoicesKept:
    """Keep what was chosen (row id -> `two`, `same-<firm>`, `later`), and count the rows anew.

    Only while the batch waits for its confirmation. What is no choice of the row is passed over. Rows that let go of a
    firm come before those that take one, so that a firm may go from one row to another in one press. `run`: of the
    batch as it was when the choices were offered: where it was checked anew since, the same numbers are other rows.
    """
    held = select(ImportBatch).where(ImportBatch.id == batch.id).with_for_update(of=ImportBatch)
    db.session.scalars(held.execution_options(populate_existing=True)).unique().one()
    if run not in (None, batch.run):
        return ChoicesKept(0, stale=True)
    if batch.state != BatchState.CHECKED or not choices:
        return ChoicesKept(0)
    rows = select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.id.in_(choices))
    found = sorted(db.session.scalars(rows), key=lambda row: (_RANKS.get(choices[row.id], len(_RANKS)), row.number))
    refused: dict[str, list[int]] = {}
    moved = sum(_moved(row, choices[row.id], refused) for row in found)
    if moved:
        batch.run = new_run()  # who confirmed the rows as they stood before has not confirmed these
        _recount(batch)
    return ChoicesKept(moved, [_refusal(batch, template, numbers) for template, numbers in refused.items()])


def _refusal(batch: ImportBatch, template: str, numbers: list[int]) -> RegistryError:
    sheets = account.sheets_of(batch.reading)
    return RegistryError(template, rows="、".join(account.row_words(number, sheets) for number in sorted(numbers)))


def _moved(row: ImportRow, choice: str, refused: dict[str, list[int]]) -> bool:
    """Whether the row was moved; where its choice cannot be, its number is put among those `refused`, by the reason."""
    sides = row.alternatives
    if not sides or choice == row.choice:
        return False
    firm = next((one for one in sides["same"] if f"{_PREFIX}{one['firm']}" == choice and not one["faults"]), None)
    if (why := _barred(row, choice, firm)) is not None:
        refused.setdefault(why, []).append(row.number)
        return False
    if choice == TWO:
        _become(row, RowKind.NEW, sides["two"])
    elif firm is not None:
        _become(row, RowKind.CHANGED if firm["changes"] else RowKind.UNCHANGED, firm)
    elif choice == LATER:
        _become(row, RowKind.DUPLICATE, {"notices": sides["back"]})
    else:
        return False
    row.choice = choice
    db.session.flush()
    return True


def _barred(row: ImportRow, choice: str, firm: Mapping[str, Any] | None) -> str | None:
    """Why the choice cannot stand beside what the other rows of the file will write."""
    others = select(ImportRow.id).where(ImportRow.batch_id == row.batch_id, ImportRow.id != row.id).limit(1)
    if firm is not None:
        kinds = (RowKind.CHANGED, RowKind.UNCHANGED)
        held = others.where(ImportRow.firm_id == firm["firm"], ImportRow.kind.in_(kinds))
        return BATCH_SAME_TWICE if db.session.scalar(held) else None
    if choice == TWO and row.credit_code is None and row.name_key:
        alike = others.where(ImportRow.kind == RowKind.NEW, ImportRow.name_key == row.name_key)
        return BATCH_TWO_ALIKE if db.session.scalar(alike.where(ImportRow.credit_code.is_(None))) else None
    return None


def _become(row: ImportRow, kind: RowKind, side: Mapping[str, Any]) -> None:
    row.kind, row.values = kind.value, side.get("values", {})
    row.changes, row.notices = side.get("changes", []), side["notices"]
    row.firm_id, row.firm_version = side.get("firm"), side.get("version")


def _recount(batch: ImportBatch) -> None:
    kinds = select(ImportRow.kind, func.count()).where(ImportRow.batch_id == batch.id).group_by(ImportRow.kind)
    found = {str(kind): int(number) for kind, number in db.session.execute(kinds)}
    for kind in RowKind:
        setattr(batch, kind.value, found.get(kind.value, 0))
    db.session.flush()


def made(batch: ImportBatch) -> dict[str, Any]:
    """What has been chosen in the rows, by the number of the row, with what it was chosen of: to be chosen again when
    the file has been checked anew. What an interrupted check had to keep is among it.
    """
    rows = select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.choice != "")
    found = {str(row.number): {"choice": row.choice, "of": _offer(row)} for row in db.session.scalars(rows)}
    return {**batch.reading.get("choices", {}), **found}


def make_again(batch: ImportBatch, made_before: Mapping[str, Any]) -> int:
    """Choose again in the rows that say and offer the same as before; how many choices were dropped."""
    rows = select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.number.in_(map(int, made_before)))
    same = [row for row in db.session.scalars(rows) if _offer(row) == made_before[str(row.number)]["of"]]
    return len(made_before) - choose(batch, {row.id: made_before[str(row.number)]["choice"] for row in same}).moved


def _offer(row: ImportRow) -> list[Any]:
    """Name and code of the row, and the firms that it may be."""
    return [row.name, row.credit_code, sorted(side["firm"] for side in row.alternatives.get("same", ()))]


def judged_apart(rows: Iterable[Any]) -> dict[int, set[int]]:
    """Row id -> the firms that somebody said the row is not; `rows` with `choice` and `matches`."""
    return {row.id: {m["id"] for m in row.matches if m["kind"] == "firm"} for row in rows if row.choice == TWO}


def record(batch: ImportBatch, actor: Actor, *, at: datetime) -> int:
    """After applying: that a new firm is not the one it looks like stands as the word of whoever said so.

    What was written, and what each choice would have written, is no longer kept. Harmless to run again.
    """
    rows = select(ImportRow).where(
        ImportRow.batch_id == batch.id, ImportRow.choice == TWO, ImportRow.outcome == "applied"
    )
    chosen = [row for row in db.session.scalars(rows.order_by(ImportRow.number)) if row.alternatives]
    for row in chosen:
        firm = db.session.get(Firm, row.firm_id) if row.firm_id else None
        ids = [match["id"] for match in row.matches if match["kind"] == "firm"]
        others = db.session.scalars(select(Firm).where(Firm.id.in_(ids)).order_by(Firm.id)).unique().all()
        if firm is not None:
            judging.set_apart(actor, firm, others, at=at, reason=APART)
    rows_of = update(ImportRow).where(ImportRow.batch_id == batch.id).execution_options(synchronize_session=False)
    db.session.execute(rows_of.where(ImportRow.outcome == "applied", ImportRow.choice != "").values(raw={}))
    db.session.execute(
        rows_of.where(ImportRow.outcome == "applied", cast(ImportRow.values, String) != "{}").values(values={})
    )
    db.session.execute(rows_of.where(cast(ImportRow.alternatives, String) != "{}").values(alternatives={}))
    return len(chosen)
