"""The firms that a form is filled from: a closed quarter's lines, or the ledger as it stands, in the actor's reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from registry.base import contacts
from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.permissions import Actor
from registry.base.pieces import pieces
from registry.base.vocabulary import LISTED_STAGES
from registry.figures.queries import on_record
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.imports.services.returning import form_row
from registry.ledger.queries import lines as ledger_lines
from registry.quarters.models import Snapshot
from registry.quarters.queries import snapshots
from registry.reference.queries import reference
from registry.sheets.columns import COLUMNS
from registry.upperforms.sheets import fields
from registry.upperforms.sheets.planning import FigureKey, FormLine, RecordedFigure

MOST = 5_000
"""Firms of one form."""
_CHUNK = 500
_UNPROVEN = "unproven"


def frozen(snapshot: Snapshot, actor: Actor | None, *, with_contacts: bool, on: date) -> list[FormLine]:
    """The lines of a closed quarter of firms that were listed on its last day.

    What no quarter holds is said as it stands now, of firms that are still in reach. `actor`: None is the whole city.
    """
    rows = [row for row in snapshots.rows(snapshot, actor) if row["listed"]]
    now = _now(actor, [row["firm_id"] for row in rows], snapshot.as_of.year, on, with_contacts=with_contacts)
    figures = _figures(list(now))
    return [_frozen(row, now.get(row["firm_id"]), figures.get(row["firm_id"], {})) for row in rows]


def standing(actor: Actor, *, year: int, with_contacts: bool, on: date) -> list[FormLine]:
    """The listed firms as they stand now, in the order in which they were entered."""
    listed = firms.visible_to(actor).with_only_columns(Firm.id).where(Firm.stage.in_(sorted(LISTED_STAGES)))
    ids = list(db.session.scalars(listed.order_by(Firm.id)))
    now = _now(actor, ids, year, on, with_contacts=with_contacts)
    figures = _figures(ids)
    return [_standing(now[firm_id], figures.get(firm_id, {})) for firm_id in ids if firm_id in now]


def _frozen(
    row: Mapping[str, Any], now: Mapping[str, Any] | None, figures: Mapping[FigureKey, RecordedFigure]
) -> FormLine:
    month = Period(*row["to_month"]) if row["to_month"] else None
    values = {key: (now or {}).get(key) for key in (*fields.AS_OF_NOW, *contacts.RESTRICTED)}
    values |= {column.key: row[column.key] for column in COLUMNS if column.key in row}
    values |= _derived(row["industry"], row["division_code"])
    withheld = dict.fromkeys(row["pending"] or (), _UNPROVEN)
    if now is None:
        withheld |= dict.fromkeys((*fields.AS_OF_NOW, *contacts.RESTRICTED), "beyond")
    return FormLine(
        row["firm_id"], row["name"], row["credit_code"], values, tuple(row["former_names"] or ()), figures, withheld,
        to_month=month,
    )  # fmt: skip


def _standing(now: Mapping[str, Any], figures: Mapping[FigureKey, RecordedFigure]) -> FormLine:
    withheld = dict.fromkeys(now["unproven"], _UNPROVEN)
    month = Period(*now["to_month"]) if now["to_month"] else None
    return FormLine(
        now["firm_id"], now["name"], now["credit_code"], now, tuple(now["former_names"]), figures, withheld,
        tuple(now["doubted"]), month,
    )  # fmt: skip


def _derived(industry: str | None, division: str | None) -> dict[str, Any]:
    """What an upper level asks for beside the columns of the directory."""
    code, _, name = (industry or "").partition(" ")
    known = reference.classification()
    section = known.section_of(code) if code else None
    return {
        "city": reference.city().name,
        "division_code": division,
        "industry_code": code or None,
        "industry_name": name or None,
        "industry_division": f"{code[:2]} {known.name_of(code[:2])}".strip() if code else None,
        "industry_section": f"{section} {known.name_of(section)}".strip() if section else None,
    }


def _now(
    actor: Actor | None, ids: Sequence[int], year: int, on: date, *, with_contacts: bool
) -> dict[int, dict[str, Any]]:
    """Firm id -> its fields as they are now, of those in reach."""
    found: dict[int, dict[str, Any]] = {}
    reach = firms.visible_to(actor) if actor is not None else select(Firm)
    for numbers in pieces(ids, _CHUNK):
        some = reach.where(Firm.id.in_(numbers)).options(selectinload(Firm.former_names))
        rows = {firm.id: firm for firm in db.session.scalars(some).unique()}
        told = select(*ledger_lines.columns(on)).where(Firm.id.in_(rows))
        for line in ledger_lines.of(told):
            found[line.id] = _fields(rows[line.id], line, year, with_contacts=with_contacts)
    return found


def _fields(firm: Firm, line: ledger_lines.LedgerLine, year: int, *, with_contacts: bool) -> dict[str, Any]:
    same = firm.standing_year == year
    return {
        **form_row(firm, year),
        **{key: value for key, value in line.values.items() if same or key not in (*fields.FIGURES, "to_month")},
        "held_qualifications": line.values["held_qualifications"],
        **{key: getattr(firm, key) for key in ("operating_state", "door", "qualifications", "stage_on")},
        **_derived(line.values["industry"], firm.division),
        **(contacts.of(firm) if with_contacts else dict.fromkeys(contacts.RESTRICTED)),
        "firm_id": firm.id,
        "to_month": line.values["to_month"] if same else None,
        "former_names": [former.name for former in firm.former_names],
        "unproven": line.unproven if same else (),
        "doubted": line.doubted if same else (),
    }


def _figures(ids: Iterable[int]) -> dict[int, dict[FigureKey, RecordedFigure]]:
    """Firm id -> its figures that count and that a paper proves, as they are on record now."""
    wanted = list(ids)
    found: dict[int, dict[FigureKey, RecordedFigure]] = {}
    for some in pieces(wanted, _CHUNK):
        for firm_id, counted in on_record.counted(some).items():
            found[firm_id] = {
                (one.line.kind, Period(one.line.year, one.line.month)): RecordedFigure(
                    one.line.amount, bool(one.line.doubts) and one.line.settled_at is None
                )
                for one in counted
                if one.proven
            }
    return found
