"""The line of each office under a scheme, out of rows whose day is over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from sqlalchemy import select

from registry.appraisals.models import AppraisalScheme
from registry.appraisals.queries import rows
from registry.appraisals.rules.scoring import OfficeScore, ScoredRow, items_of
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.reference.queries import reference


def lines(scheme: AppraisalScheme, on: date, code: str | None = None) -> list[OfficeScore]:
    """Of every office that had something to do, or of the one with this code, in the order of the offices.

    What an office that has ended had to do is its successor's.
    """
    last = min(scheme.valid_to, on - timedelta(days=1))
    known = sorted(reference.offices().values(), key=lambda office: office.id)
    stands = {office.id: reference.successor(office.code, on) for office in known}
    wanted = [number for number, own in stands.items() if code is None or own == code]
    found: defaultdict[str, list[ScoredRow]] = defaultdict(list)
    for row in rows.between(scheme.valid_from, last, [one.item for one in scheme.weights], wanted):
        found[stands[row.office_id]].append(row)
    weights = [(one.item, one.weight) for one in scheme.weights]
    return [
        OfficeScore(office.id, office.code, office.short_name, items_of(weights, found[office.code]))
        for office in known
        if office.code in found or office.code == code
    ]


def names(actor: Actor, found: Iterable[ScoredRow]) -> dict[int, str]:
    """The names of the firms that rows are about, as far as they are the reader's to see."""
    ids: Collection[int] = {row.firm_id for row in found if row.firm_id is not None}
    if not ids:
        return {}
    named = select(Firm.id, Firm.name).where(Firm.id.in_(ids), firms.within(actor))
    return {row.id: row.name for row in db.session.execute(named)}
