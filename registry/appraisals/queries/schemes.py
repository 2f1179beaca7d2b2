"""Schemes in a reader's reach, and the one that runs."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, select

from registry.appraisals.models import AppraisalScheme
from registry.base.extensions import db
from registry.base.permissions import SEES_ALL, Actor


def visible_to(actor: Actor) -> Select[AppraisalScheme]:
    """Those published, for who sees the city the others too; the newest first."""
    found = select(AppraisalScheme).order_by(AppraisalScheme.id.desc())
    return found if actor.holds(*SEES_ALL) else found.where(AppraisalScheme.outcome == "issued")


def one(actor: Actor, scheme_id: int) -> Select[AppraisalScheme]:
    return visible_to(actor).where(AppraisalScheme.id == scheme_id)


def issued() -> Select[AppraisalScheme]:
    """Those a second person has checked and nobody has stopped."""
    return select(AppraisalScheme).where(AppraisalScheme.outcome == "issued", AppraisalScheme.stopped_at.is_(None))


def running(on: date) -> AppraisalScheme | None:
    """The one by which offices are appraised on a day; None: appraisal is off."""
    found = issued().where(AppraisalScheme.valid_from <= on, AppraisalScheme.valid_to >= on)
    return db.session.scalars(found.order_by(AppraisalScheme.id)).first()


def overlapping(first: date, last: date) -> AppraisalScheme | None:
    found = issued().where(AppraisalScheme.valid_from <= last, AppraisalScheme.valid_to >= first)
    return db.session.scalars(found.order_by(AppraisalScheme.id)).first()


def state_of(scheme: AppraisalScheme, on: date) -> str:
    """One of `texts.STATE_LABELS`."""
    if scheme.outcome != "issued":
        return scheme.outcome or "waiting"
    if scheme.stopped_at is not None:
        return "stopped"
    if on < scheme.valid_from:
        return "ahead"
    return "running" if on <= scheme.valid_to else "over"
