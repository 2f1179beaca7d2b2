"""Closed quarters as they were frozen, within a reader's reach as it was then; nothing else is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true

from registry.base.extensions import clock, db
from registry.base.periods import Quarter
from registry.base.permissions import SEES_ALL, Actor
from registry.base.vocabulary import OfficeKind, Role
from registry.pathway.rules.history import LISTED
from registry.quarters.models import Snapshot, SnapshotChange, SnapshotRow
from registry.quarters.rules.frozen import thawed
from registry.quarters.sheets.certified import CertifiedLine, read_back
from registry.quarters.sheets.summaries import Change, ChangeKind, CountyGroup, QuarterBook, Row, RuleNote
from registry.reference.queries import reference
from registry.sheets import wording
from registry.sheets.columns import export_columns

BATCH = 1_000
_FIRST_FORM = frozenset(column.key for column in export_columns()) - {"operating_state"}
"""The columns of a quarter that was closed before its head named them: its workbook stays what it was."""


def closed() -> list[Snapshot]:
    """Every closed quarter, the earliest first."""
    return list(db.session.scalars(select(Snapshot).order_by(Snapshot.quarter)))


def of(quarter: Quarter) -> Snapshot | None:
    return db.session.scalars(select(Snapshot).where(Snapshot.quarter == quarter.label)).one_or_none()


def within(actor: Actor | None, table: type[SnapshotRow] | type[SnapshotChange]) -> ColumnElement[bool]:
    """The row scope as `firms.queries.firms.within` has it, by where the firm belonged when the quarter was closed.

    An office reads what belonged to one in whose place it stands today.
    """
    if actor is None or actor.holds(*SEES_ALL):
        return true()
    if not actor.holds(Role.CLERK, Role.OFFICER):
        return false()
    offices = reference.stood_for(actor.office_code, clock.today())
    own = table.office_id.in_(offices.values())
    if actor.office_kind == OfficeKind.COUNTY:
        return or_(own, table.county == actor.office_code)
    if actor.office_kind == OfficeKind.BUREAU and actor.holds(Role.OFFICER):
        helps = (table.co_bureaus.contains(f",{code},") for code in offices)
        return or_(own, table.lead_bureau_id.in_(offices.values()), *helps)
    return own


def rows(snapshot: Snapshot, actor: Actor | None = None) -> Iterator[dict[str, Any]]:
    """The rows in their order: of firms the quarter held, and of those that came and went within it."""
    statement = _of(SnapshotRow, snapshot, actor).with_only_columns(SnapshotRow.payload)
    return (thawed(text) for text in db.session.scalars(statement.execution_options(yield_per=BATCH)))


def rows_following(snapshot: Snapshot, actor: Actor, after: int, *, limit: int) -> list[dict[str, Any]]:
    """The first `limit` rows behind the firm of that number, by firm: a place in the whole book tells of others."""
    statement = _of(SnapshotRow, snapshot, actor).with_only_columns(SnapshotRow.payload).order_by(None)
    found = statement.where(SnapshotRow.firm_id > after).order_by(SnapshotRow.firm_id).limit(limit)
    return [thawed(text) for text in db.session.scalars(found)]


def by_firm(snapshot: Snapshot, actor: Actor | None = None) -> dict[int, dict[str, Any]]:
    return {row["firm_id"]: row for row in rows(snapshot, actor)}


def changes(snapshot: Snapshot, actor: Actor | None = None) -> Iterator[dict[str, Any]]:
    """The changes in their order, corrections of earlier quarters among them."""
    statement = _of(SnapshotChange, snapshot, actor).with_only_columns(SnapshotChange.payload)
    return (thawed(text) for text in db.session.scalars(statement))


def _of(table: Any, snapshot: Snapshot, actor: Actor | None) -> Select[Any]:
    return select(table).where(table.snapshot_id == snapshot.id, within(actor, table)).order_by(table.number)


def book(snapshot: Snapshot, actor: Actor | None = None) -> QuarterBook:
    """The quarter's book out of the snapshot alone; of all firms, or of those that were `actor`'s to see then."""
    header = snapshot.header
    whole = actor is None or actor.holds(*SEES_ALL)
    found = list(rows(snapshot, None if whole else actor))
    seen = {row["firm_id"] for row in found}
    return QuarterBook(
        quarter=snapshot.quarter,
        as_of=snapshot.as_of,
        city=header["city"],
        groups=tuple(_groups(header["groups"], [row for row in found if row["held"]], all_counties=whole)),
        divisions={code: (section, division) for code, (section, division) in header["divisions"].items()},
        changes=tuple(_change(row, seen, whole=whole) for row in changes(snapshot, None if whole else actor)),
        rules=tuple(RuleNote(*rule) for rule in header["rules"]),
        scope=header["scope"],
        compared_with=header["compared_with"],
        frozen=frozen(snapshot),
        columns=tuple(column for column in export_columns() if column.key in header.get("columns", _FIRST_FORM)),
    )


def frozen(snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    """How the quarter was closed, for its notes: the same for ever."""
    closed_at = f"{snapshot.closed_at:%Y-%m-%d %H:%M}"
    head = f"{snapshot.chain_seq}:{snapshot.chain_hash}"
    facts = (
        (wording.NOTE_STATE, wording.FROZEN_TEXT % {"at": closed_at, "by": snapshot.closed_by_name}),
        (wording.NOTE_CLOSING, snapshot.note),
        (wording.NOTE_SNAPSHOT, snapshot.digest),
        (wording.NOTE_CHAIN, head),
        (wording.NOTE_RECALL, wording.RECALL_TEXT % recall if (recall := snapshot.header.get("recall")) else ""),
    )
    return tuple((label, text) for label, text in facts if text)


def certified(snapshot: Snapshot) -> list[CertifiedLine] | None:
    """How each office's part stood at the closing; None where there were no certificates yet."""
    kept = snapshot.header.get("certificates")
    return None if kept is None else [read_back(line) for line in kept]


def _groups(labels: list[list[str]], held: list[Row], *, all_counties: bool) -> Iterator[CountyGroup]:
    by_county: dict[str, list[Row]] = {}
    for row in held:
        by_county.setdefault(row["county"] or "", []).append(row)
    known = {code for code, _ in labels}
    for code, label in labels:
        if all_counties or by_county.get(code):
            yield CountyGroup(label, by_county.get(code, []))
    if unknown := [row for code, group in by_county.items() if code not in known for row in group]:
        yield CountyGroup(wording.COUNTY_UNKNOWN, unknown)


def _change(row: dict[str, Any], seen: set[int], *, whole: bool) -> Change:
    into = row["into"] if whole or row["into_id"] in seen else ""
    return Change(
        ChangeKind(row["kind"]), row["name"], row["credit_code"], row["division"], row["on"], row["what"],
        row["before"], row["after"], row["reason"], row["firm_id"], row["into_id"] if into else None, into,
        row["listed"],
    )  # fmt: skip


def listed(snapshot: Snapshot, actor: Actor | None = None) -> int:
    """Firms in the directory on the quarter's last day."""
    stood = _of(SnapshotRow, snapshot, actor).where(SnapshotRow.stage.in_(sorted(LISTED))).order_by(None)
    return db.session.scalar(stood.with_only_columns(func.count())) or 0


def told(snapshot: Snapshot, actor: Actor | None = None) -> list[Change]:
    """The changes as the book has them, without the names of others' firms."""
    return [_change(row, set(), whole=actor is None) for row in changes(snapshot, actor)]


def sizes(actor: Actor) -> dict[str, tuple[int, int, int]]:
    """Quarter -> firms listed on its last day, entries and exits, of those that were `actor`'s to see then."""
    if actor.holds(*SEES_ALL):
        return {row.quarter: tuple(row.header["sizes"]) for row in closed()}
    listed = _counted(SnapshotRow, SnapshotRow.stage.in_(sorted(LISTED)), actor)
    entered = _counted(SnapshotChange, SnapshotChange.kind == ChangeKind.ENTERED, actor)
    left = _counted(SnapshotChange, SnapshotChange.kind == ChangeKind.LEFT, actor)
    return {row.quarter: (listed.get(row.id, 0), entered.get(row.id, 0), left.get(row.id, 0)) for row in closed()}


def _counted(table: Any, which: ColumnElement[bool], actor: Actor) -> dict[int, int]:
    counts = select(table.snapshot_id, func.count().label("number")).where(and_(which, within(actor, table)))
    return {row.snapshot_id: row.number for row in db.session.execute(counts.group_by(table.snapshot_id))}
