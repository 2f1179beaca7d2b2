"""Quarters that wait for an office's word, from what is kept alone: cheap enough for every page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select

from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.permissions import Actor, can
from registry.people.models import Office
from registry.people.queries import people
from registry.quarters.models import QuarterCertificate, QuarterDrawing, QuarterLine, Snapshot
from registry.quarters.queries import certificates


@dataclass(frozen=True, slots=True)
class DueQuarter:
    """A quarter of which the office has rows and has not spoken; `until`: its last day, with the extension given."""

    quarter: Quarter
    until: date


def unspoken(actor: Actor, on: date) -> Select[str]:
    """Labels of quarters that are over and not closed, in which the actor's office has rows it has said nothing of.

    Its office is also each one that it followed; the quarter is one all the same. Of a quarter whose lines are not
    kept yet nothing is said.
    """
    labels = select(QuarterDrawing.quarter).where(
        QuarterDrawing.complete, QuarterDrawing.quarter < Quarter.of(on).label
    )
    closed = exists().where(Snapshot.quarter == QuarterDrawing.quarter, Snapshot.sealed)
    own = exists().where(Office.id.in_(people.stood_for(actor)), _has_rows(), ~_said())
    return labels.where(~closed, own if can(actor, "quarter.certify") else false()).order_by(QuarterDrawing.quarter)


def _said() -> ColumnElement[bool]:
    """Certified or refused, and that is in force."""
    of_it = QuarterCertificate.quarter == QuarterDrawing.quarter, QuarterCertificate.office_id == Office.id
    return exists().where(*of_it, QuarterCertificate.ended_at.is_(None)).correlate(QuarterDrawing, Office)


def _has_rows() -> ColumnElement[bool]:
    line = and_(QuarterLine.quarter == QuarterDrawing.quarter, QuarterLine.row != "")
    holding = (QuarterLine.office_id == Office.id, QuarterLine.lead_bureau_id == Office.id)
    found = (exists().where(line, held).correlate(QuarterDrawing, Office) for held in holding)
    return or_(*found)  # each from an index of its own


def of_office(actor: Actor, on: date) -> list[DueQuarter]:
    """The same with the last day, that of the office with the least time; the earliest quarter first."""
    found = [Quarter.parse(label) for label in db.session.scalars(unspoken(actor, on))]
    return [DueQuarter(quarter, _until(actor, quarter)) for quarter in found]


def _until(actor: Actor, quarter: Quarter) -> date:
    longer = certificates.extensions(quarter)
    said = certificates.in_force(quarter)
    term = certificates.due_on(quarter)
    waited = certificates.own_offices(actor) - said.keys()
    return min((longer[office].until if office in longer else term for office in waited), default=term)
