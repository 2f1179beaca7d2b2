"""Offices are told that a certificate of their firm or institution expires: once a threshold, however often it runs."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from registry.base.extensions import db
from registry.base.vocabulary import Stage
from registry.firms.models.firms import Firm
from registry.institutions.models import Institution
from registry.notices.services import notices
from registry.qualifications.models import Qualification, QualificationWarning
from registry.qualifications.queries.kinds import kinds, warning_days
from registry.qualifications.queries.qualifications import STANDING
from registry.qualifications.rules.states import days_left, warning_due


def warn(*, at: datetime, on: date) -> int:
    """How many notices were given. One entered late is told of once, by the threshold that has come."""
    days, told = warning_days(on), 0
    rows = (
        select(Qualification)
        .outerjoin(Qualification.firm)
        .outerjoin(Qualification.institution)
        .where(
            STANDING,
            Qualification.valid_from <= on,
            Qualification.valid_to.between(on, on + timedelta(days=max(days))),
            Firm.voided_at.is_(None),
            Institution.voided_at.is_(None),
            or_(Qualification.firm_id.is_(None), Firm.stage != Stage.MERGED),
        )
        .order_by(Qualification.id)
        .with_for_update(of=Qualification)
    )
    found = list(db.session.scalars(rows).unique())
    given = select(QualificationWarning.qualification_id, QualificationWarning.threshold).where(
        QualificationWarning.qualification_id.in_([row.id for row in found])
    )
    known = {(number, threshold) for number, threshold in db.session.execute(given)}
    for row in found:
        threshold = warning_due(row.valid_to, on, days) if row.valid_to else None
        if threshold is None or (row.id, threshold) in known:
            continue
        _tell(row, threshold, on, at)
        told += 1
    return told


def _tell(row: Qualification, threshold: str, on: date, at: datetime) -> None:
    values = {
        "firm": row.holder.name,
        "kind": kinds()[row.kind].name,
        "day": row.valid_to,
        "days": days_left(row.valid_to, on),
    }
    notices.tell(
        row.holder.office_id, f"qualification_{threshold}", values, at=at, firm=row.firm,
        subject_kind="qualification", subject_id=row.id,
    )  # fmt: skip
    db.session.add(QualificationWarning(qualification_id=row.id, threshold=threshold, at=at))
    db.session.flush()
