"""What is known now of quarters already closed, and was reported otherwise: the corrections of the next one (更正)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from registry.base.extensions import db
from registry.base.periods import Period, Quarter
from registry.base.permissions import Actor
from registry.base.vocabulary import STAGE_LABELS, FigureKind
from registry.firms.models.firms import Firm
from registry.firms.queries import history
from registry.pathway.queries import directory
from registry.pathway.queries.directory import EVERY
from registry.pathway.rules.history import LISTED
from registry.quarters.models import Snapshot, SnapshotChange, SnapshotRow
from registry.quarters.queries import changes, concerned, snapshots
from registry.quarters.rules.frozen import canonical, digest, plain, thawed
from registry.quarters.sheets.summaries import Change, ChangeKind
from registry.reference.queries import reference, rules
from registry.reference.rules.settings import starting
from registry.sheets import wording
from registry.sheets.columns import by_key
from registry.trail.models import TrailEntry

FIGURES = ("revenue_last_year", "revenue_to_date", "to_month")
FACTS = (*changes.COMPARED, "stage", *FIGURES, "statutory_line", "tier")
"""What is compared of a firm that stood in the directory then and does so by present knowledge."""
LISTED_FACT = "listed"
_ROWS_ACTS = frozenset({"void_figure", "undo_import", "apply_import", "merge", "unmerge"})
"""What moves figures without naming their period."""
_CHUNK = 500
_REACH = ("office_id", "county", "lead_bureau_id", "co_bureaus")


@dataclass(frozen=True)
class Correction:
    """One fact of a closed quarter that is known otherwise now; `value` is what holds instead, as plain JSON."""

    change: Change
    quarter: str
    field: str
    value: Any
    reach: Mapping[str, Any]


def since_closing(
    quarter: Quarter, actor: Actor | None = None, *, which: ColumnElement[bool] = EVERY
) -> list[Correction]:
    """What `quarter` puts right in those closed before it; nothing unless the one just before it is the last closed.

    Each was compared when its successor was closed, so only what was done since the last closing can differ: the firms
    of these acts, or every firm where the rules of the past were changed. `which` narrows them (on Firm.id).
    """
    closed = snapshots.closed()
    if not closed or closed[-1].quarter != quarter.previous.label:
        return []
    last = closed[-1]
    touched = _touched(last, actor, which)
    found: list[Correction] = []
    for snapshot in closed:
        reworked = snapshot.header["rules_digest"] != rules_digest(Quarter.parse(snapshot.quarter))
        ids = _everyone(snapshot, actor, which) if reworked else touched
        for start in range(0, len(ids), _CHUNK):
            found += _of(snapshot, closed, ids[start : start + _CHUNK], last, reworked=reworked)
    return found


def rules_digest(quarter: Quarter) -> str:
    """Of every line and edge that a figure of the quarter is judged by; what ends or begins later is not in it."""
    period = quarter.period
    governing = [
        (rule.rule_id, rule.version, rule.kind, rule.basis, rule.amount_yuan, rule.or_employees, rule.industry_prefixes)
        for rule in reference.rules().all()
        if rule.covers(period) or rule.covers(Period(period.year - 1, 0)) or rule.in_force(quarter.last)
    ]
    edges = [(edge.key, edge.value) for edge in rules.in_force(starting("tier."), quarter.last)]
    return digest(canonical({"rules": sorted(governing), "edges": edges}))


def _touched(last: Snapshot, actor: Actor | None, which: ColumnElement[bool]) -> list[int]:
    acted_on = select(TrailEntry.subject_id).where(
        TrailEntry.seq > last.chain_seq, TrailEntry.subject_kind == "firm", TrailEntry.verb.not_in(history.LOOKS)
    )
    voided = select(Firm.id).where(Firm.voided_at >= last.closed_at)  # by an import taken back
    ids = select(Firm.id).where(Firm.id.in_(acted_on) | Firm.id.in_(voided), directory.reach(actor), which)
    return list(db.session.scalars(ids.order_by(Firm.id)))


def _everyone(snapshot: Snapshot, actor: Actor | None, which: ColumnElement[bool]) -> list[int]:
    then = select(SnapshotRow.firm_id).where(SnapshotRow.snapshot_id == snapshot.id)
    ids = select(Firm.id).where(Firm.id.in_(then), directory.reach(actor), which)
    return list(db.session.scalars(ids.order_by(Firm.id)))


def _of(
    snapshot: Snapshot, closed: list[Snapshot], ids: list[int], last: Snapshot, *, reworked: bool
) -> Iterator[Correction]:
    quarter = Quarter.parse(snapshot.quarter)
    reported, names = _reported(snapshot, closed, ids)
    now = concerned.among(quarter, which=Firm.id.in_(ids)).rows
    acts = _acts(last, ids)
    for firm_id in ids:
        was, row = reported.get(firm_id), now.get(firm_id)
        shown = row or names.get(firm_id)
        if shown is None:
            continue
        for field, value in _differing(was, _facts(row)):
            act = _act(field, acts.get(firm_id, []), _periods(quarter, field, was, _facts(row)))
            reason = (wording.RULES_CHANGED if reworked else "") if act is None else act.reason
            change = Change(
                ChangeKind.CORRECTED,
                shown["name"],
                shown["credit_code"],
                shown["division"],
                on=changes.day_of(act) if act else None,
                what=wording.CORRECTION_OF % {"what": _heading(field), "quarter": snapshot.quarter},
                before=_words(field, was, was),
                after=_words(field, value if field == LISTED_FACT else {field: value}, _facts(row)),
                reason=reason,
                firm_id=firm_id,
                listed=_grows(was, value) if field == LISTED_FACT and snapshot.id == last.id else 0,
            )
            yield Correction(change, snapshot.quarter, field, value, {key: shown[key] for key in _REACH})


def _reported(
    snapshot: Snapshot, closed: list[Snapshot], ids: list[int]
) -> tuple[dict[int, dict[str, Any] | None], dict[int, dict[str, Any]]]:
    """What was reported of these firms, later corrections in; and their rows, for their names."""
    texts = db.session.scalars(
        select(SnapshotRow.payload).where(SnapshotRow.snapshot_id == snapshot.id, SnapshotRow.firm_id.in_(ids))
    )
    rows = {row["firm_id"]: row for row in map(thawed, texts)}
    reported = {firm_id: _facts(row) for firm_id, row in rows.items()}
    later = [row.id for row in closed if row.quarter > snapshot.quarter]
    corrected = (SnapshotChange.kind == ChangeKind.CORRECTED, SnapshotChange.firm_id.in_(ids))
    put_right = db.session.scalars(
        select(SnapshotChange.payload)
        .where(SnapshotChange.snapshot_id.in_(later), *corrected)
        .order_by(SnapshotChange.snapshot_id, SnapshotChange.number)
    )
    for change in map(thawed, put_right):
        if change["of"] != snapshot.quarter or not change["field"]:
            continue
        if change["field"] == LISTED_FACT:
            reported[change["firm_id"]] = change["value"]
        elif (facts := reported.get(change["firm_id"])) is not None:
            facts[change["field"]] = change["value"]
    return reported, rows


def _facts(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The facts of a firm in the directory on the last day, those its quarter knew; None for one that was not."""
    if row is None or row["stage"] not in LISTED:
        return None
    facts: dict[str, Any] = plain({key: row[key] for key in FACTS if key in row})
    return facts


def _differing(was: dict[str, Any] | None, now: dict[str, Any] | None) -> Iterator[tuple[str, Any]]:
    if (was is None) != (now is None):
        yield LISTED_FACT, now
    elif was is not None and now is not None:
        yield from ((key, now[key]) for key in FACTS if key in was and was[key] != now[key])


def _grows(was: Any, now: Any) -> int:
    return (now is not None) - (was is not None)


def _heading(field: str) -> str:
    return wording.LISTED_HEADING_SHORT if field == LISTED_FACT else by_key(field).heading_with_unit


def _words(field: str, facts: Mapping[str, Any] | None, whole: Mapping[str, Any] | None) -> str:
    if field == LISTED_FACT:
        return STAGE_LABELS[whole["stage"]] if whole else wording.NOT_LISTED
    if facts is None or facts[field] is None:
        return ""
    return changes.words(field, thawed(canonical({field: facts[field]}))[field])


def _acts(last: Snapshot, ids: list[int]) -> dict[int, list[TrailEntry]]:
    """What was done to these firms since the last closing, the newest first."""
    rows = db.session.scalars(
        select(TrailEntry)
        .where(TrailEntry.seq > last.chain_seq, TrailEntry.subject_kind == "firm", TrailEntry.subject_id.in_(ids))
        .where(TrailEntry.verb.not_in(history.LOOKS))
        .order_by(TrailEntry.seq.desc())
    )
    found: defaultdict[int, list[TrailEntry]] = defaultdict(list)
    for row in rows:
        found[row.subject_id or 0].append(row)
    return found


def _act(field: str, acts: list[TrailEntry], periods: Collection[str]) -> TrailEntry | None:
    """The latest act that speaks of the field; else the latest of all. `periods` are those its figures are of."""
    of_figures = field in (*FIGURES, "tier", "statutory_line")
    if of_figures and (recorded := next((act for act in acts if _gives_revenue_of(act, periods)), None)):
        return recorded
    for act in acts:
        if (of_figures and act.verb in _ROWS_ACTS) or field in (act.after or {}) or field in (act.before or {}):
            return act
    return acts[0] if acts else None


def _gives_revenue_of(act: TrailEntry, periods: Collection[str]) -> bool:
    after = act.after or {}
    return act.verb == "record_figure" and after.get("kind") == FigureKind.REVENUE and after.get("period") in periods


def _periods(quarter: Quarter, field: str, *told: Mapping[str, Any] | None) -> frozenset[str]:
    """The periods whose revenue makes the field, as the facts on either side have them."""
    last_year = {str(Period(quarter.year - 1, month)) for month in (0, 12)}
    to_date = {str(Period(*facts["to_month"])) for facts in told if facts and facts["to_month"]}
    return frozenset(
        last_year if field == "revenue_last_year" else to_date if field in FIGURES else last_year | to_date
    )
