"""Which offices have rows in a quarter and have not said that they stand, from what is kept alone."""

from __future__ import annotations

from sqlalchemy import exists, or_, select

from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.people.models import Office
from registry.quarters.models import QuarterCertificate, QuarterLine


def unheard(quarter: Quarter) -> list[Office]:
    """In the order of the offices; one that refused has spoken."""
    line = QuarterLine.quarter == quarter.label, QuarterLine.row != ""
    holds = or_(
        exists().where(*line, QuarterLine.office_id == Office.id),
        exists().where(*line, QuarterLine.lead_bureau_id == Office.id),
    )
    of_it = QuarterCertificate.quarter == quarter.label, QuarterCertificate.office_id == Office.id
    said = exists().where(*of_it, QuarterCertificate.ended_at.is_(None))
    return list(db.session.scalars(select(Office).where(holds, ~said).order_by(Office.id)))
