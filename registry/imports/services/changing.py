"""Rows that change a stored firm: fields, figures and former names, in chunks; and the way back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, select

from registry.base import contacts
from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.vocabulary import LISTED_STAGES, Stage
from registry.entries.services.entries import dated_state, recorded, with_derived
from registry.figures.models import Figure
from registry.figures.queries import on_record
from registry.firms.models.firms import Firm, FormerName
from registry.imports.services import conflicts, creating
from registry.imports.services.creating import Written
from registry.imports.services.plain import plain, plain_all, typed
from registry.imports.services.stored import FigureKey, annual, current_figures
from registry.pathway.queries import positions
from registry.pathway.services import pathway, standing
from registry.sheets.months import is_figure
from registry.trail.services.trail import Act

Staged = Any
"""A row of `import_row` with the columns `applying.CHANGING`."""
_MOVING = (Stage.ADMITTED, Stage.QUALIFIED)
_STEP = ("stage", "stage_on")
"""Kept with the values before: a figure may take the firm a step further, and undoing takes it back."""


@dataclass
class Changed:
    """What became of one chunk: acts for the trail, by row id what to note of the row, and the rows left out."""

    acts: list[Act] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    left: list[Staged] = field(default_factory=list)


def write(staged: Sequence[Staged], written: Written) -> Changed:
    """Change the firms of `staged`; rows whose firm is no longer as it was when they were staged are left out.

    So are those whose code another firm has by now.
    """
    firms = _firms(row.firm_id for row in staged)
    figures = current_figures(firms)
    lost = conflicts.codes_lost(written.batch.id, staged)
    result = Changed(
        left=[row for row in staged if row.number in lost or not _as_staged(row, firms.get(row.firm_id), figures)]
    )
    left = {row.id for row in result.left}
    rows = [row for row in staged if row.id not in left]
    firms = {row.firm_id: firms[row.firm_id] for row in rows}
    revisions = _highest_revisions(firms)
    for row in rows:
        firm = firms[row.firm_id]
        before, after = _set_fields(firm, row, written)
        result.acts.append(_act(firm, row, before, after, written))
        stood = {key: getattr(firm, key) for key in _STEP}
        result.notes.append({"row": row.id, "firm": firm.id, "before": plain_all(before | stood)})
    db.session.flush()
    creating.write_figures(_figures(rows, revisions), written)
    reason = creating.reason_of(written.batch)
    added = ((row.firm_id, name, reason) for row in rows for name in row.values["former"])
    creating.write_former_names(added, written)
    refresh(list(firms.values()), written)
    for note in result.notes:
        note["version"] = firms[note.pop("firm")].version
    return result


def restore(rows: Sequence[Staged], written: Written) -> list[Act]:
    """Give the firms of `rows` back the values they had; the figures and names that the batch added go."""
    firms = _firms(row.firm_id for row in rows)
    gone = delete(FormerName).where(
        FormerName.firm_id.in_(firms), FormerName.reason == creating.reason_of(written.batch)
    )
    db.session.execute(gone.execution_options(synchronize_session=False))
    acts = []
    for row in rows:
        firm, before = firms[row.firm_id], typed(row.before)
        stood = {key: before.pop(key) for key in _STEP if key in before}
        given = {key: value for key, value in before.items() if key != "industry_confirmed"}
        present = {key: getattr(firm, key) for key in given}
        for key, value in (with_derived(given) | before).items():
            setattr(firm, key, value)
        if stood and firm.stage != stood["stage"]:
            pathway.import_undone(
                written.actor, firm, Stage(stood["stage"]), since=stood["stage_on"], at=written.at, on=written.on,
                note=creating.reason_of(written.batch),
            )  # fmt: skip
        figures = {c["field"]: (c["after"], c["before"]) for c in row.changes if is_figure(c["field"])}
        acts.append(
            Act(
                "edit",
                "firm",
                firm.id,
                firm.name,
                before=recorded(present) | {key: taken for key, (taken, _) in figures.items()},
                after=recorded(given) | {key: given_back for key, (_, given_back) in figures.items()},
                reason=creating.reason_of(written.batch),
                source=written.batch.filename,
            )
        )
    db.session.flush()
    refresh(list(firms.values()), written)
    return acts


def refresh(firms: list[Firm], written: Written) -> None:
    """The standing of many firms after their figures or fields changed: a few statements, whatever their number."""
    db.session.flush()
    records = on_record.of_firms([firm.id for firm in firms])
    for firm in firms:
        if firm.stage in _MOVING:  # a figure may take these a step further, which looks at each for itself
            standing.refresh(firm, on=written.on, at=written.at)
            continue
        values = {column.name: getattr(firm, column.name) for column in Firm.__table__.columns}
        position = positions.told(values, records[firm.id], has_contact=contacts.are_known(firm), on=written.on)
        for name, value in standing.columns(firm.industry, position, written.on).items():
            setattr(firm, name, value)
    db.session.flush()


def _firms(ids: Iterable[int | None]) -> dict[int, Firm]:
    """The firms, held still until the end of the turn."""
    rows = select(Firm).where(Firm.id.in_(list(ids))).order_by(Firm.id).with_for_update(of=Firm)
    rows = rows.execution_options(populate_existing=True)
    return {firm.id: firm for firm in db.session.scalars(rows).unique()}


def _as_staged(row: Staged, firm: Firm | None, figures: Mapping[FigureKey, Figure]) -> bool:
    """Whether the firm, and each figure that the row would correct, is still the one that was shown."""
    if firm is None or firm.voided_at is not None or firm.version != row.firm_version:
        return False
    staged = {change["field"]: change["before"] for change in row.changes}
    for key, kind, year, month, _ in row.values["figures"]:
        held = figures.get(FigureKey(row.firm_id, kind, Period(year, month)))
        if held is None and month == 0:
            held = annual(figures, row.firm_id, year)
        if (plain(held.amount) if held else None) != staged[key]:
            return False
    return True


def _set_fields(firm: Firm, row: Staged, written: Written) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set what the row gives; the values before and after, by field."""
    after = typed(row.values["fields"])
    if "operating_state" in after:
        after = dated_state(after, on=written.on, source=written.batch.filename)
    before = {key: getattr(firm, key) for key in after}
    if "name" in after and firm.stage in LISTED_STAGES:
        creating.write_former_names([(firm.id, firm.name, creating.reason_of(written.batch))], written)
    if "industry" in after:
        before["industry_confirmed"] = firm.industry_confirmed
        firm.industry_confirmed = False
    for key, value in with_derived(after).items():
        setattr(firm, key, value)
    return before, after


def _act(firm: Firm, row: Staged, before: dict[str, Any], after: dict[str, Any], written: Written) -> Act:
    """One row of the trail for all that changed of a firm."""
    others = {c["field"]: c for c in row.changes if is_figure(c["field"]) or c["field"] == "former_names"}
    return Act(
        "edit",
        "firm",
        firm.id,
        firm.name,
        before=recorded(before) | {key: change["before"] for key, change in others.items()},
        after=recorded(after) | {key: change["after"] for key, change in others.items()},
        reason=creating.correction_of(written.batch),
        source=written.batch.filename,
    )


def _figures(
    rows: Sequence[Staged], revisions: Mapping[FigureKey, int]
) -> Iterable[tuple[int, Sequence[Any], int, list[Any]]]:
    for row in rows:
        for given in row.values["figures"]:
            _, kind, year, month, _ = given
            key = FigureKey(row.firm_id, kind, Period(year, month))
            odd = row.values.get("doubts", {}).get(given[0], [])
            yield key.firm_id, given, revisions.get(key, 0) + 1, odd


def _highest_revisions(firms: Iterable[int]) -> dict[FigureKey, int]:
    """Voided ones included: a number is never used twice."""
    of = (Figure.firm_id, Figure.kind, Figure.year, Figure.month)
    rows = select(*of, func.max(Figure.revision)).where(Figure.firm_id.in_(list(firms))).group_by(*of)
    return {
        FigureKey(firm_id, kind, Period(year, month)): highest
        for firm_id, kind, year, month, highest in db.session.execute(rows)
    }
