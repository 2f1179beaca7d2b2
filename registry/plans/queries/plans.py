"""Plans in a reader's reach, which version of one is in force on a day, and what state it is in."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, false, or_, select

from registry.base.extensions import db
from registry.base.permissions import SEES_ALL, Actor
from registry.plans.models import Plan, PlanVersion, SplitShare, TargetSplit


def visible_to(actor: Actor) -> Select[Plan]:
    """Issued plans, the newest years first; those who see all see drafts of new ones too."""
    issued = select(PlanVersion.plan_id).where(PlanVersion.outcome == "issued")
    open_ = select(PlanVersion.plan_id).where(PlanVersion.outcome.is_(None))
    shown = or_(Plan.id.in_(issued), Plan.id.in_(open_) if actor.holds(*SEES_ALL) else false())
    return select(Plan).where(shown).order_by(Plan.code.desc(), Plan.id.desc())


def one(actor: Actor, plan_id: int) -> Select[Plan]:
    return visible_to(actor).where(Plan.id == plan_id)


def draft(version_id: int) -> Select[PlanVersion]:
    """A version as it was prepared; who may read a draft is the permission's to say."""
    return select(PlanVersion).where(PlanVersion.id == version_id)


def issued(plan: Plan) -> list[PlanVersion]:
    return [version for version in plan.versions if version.outcome == "issued"]


def in_force(plan: Plan, on: date) -> PlanVersion | None:
    """The version of a day: before the first began, that one; None of a plan that was never issued."""
    versions = issued(plan)
    begun = [version for version in versions if version.valid_from <= on]
    return begun[-1] if begun else next(iter(versions), None)


def open_draft(plan: Plan) -> PlanVersion | None:
    return next((version for version in plan.versions if version.outcome is None), None)


def state_of(plan: Plan, on: date) -> str:
    """One of `texts.STATE_LABELS`."""
    version = in_force(plan, on)
    if version is None:
        return version_state(plan.versions[-1])
    if date(version.last_year, 12, 31) < on:
        return "ended"
    return "amended" if version.number > 1 else version_state(version)


def version_state(version: PlanVersion) -> str:
    if version.outcome == "issued" and version.decided_by_id is None:
        return "loaded"  # by files: nobody here has seen the paper that was issued
    if version.outcome is not None:
        return version.outcome
    return "waiting" if version.submitted_at else "draft"


def current(on: date) -> Plan | None:
    """The plan that is in force and ends first of those of this year; the one a leader is shown."""
    alive = [
        (version.last_year, version.first_year, plan)
        for plan in db.session.scalars(select(Plan).order_by(Plan.id))
        if (version := in_force(plan, on)) is not None
    ]
    running = [one for one in alive if one[1] <= on.year <= one[0]]
    if running:
        return min(running, key=lambda one: one[:2])[2]
    return max(alive, key=lambda one: one[:2])[2] if alive else None


# -- splits ---------------------------------------------------------------------------------------
def splits(plan: Plan) -> list[TargetSplit]:
    """Every document that split one of its targets, the newest first."""
    rows = select(TargetSplit).where(TargetSplit.plan_id == plan.id)
    return list(db.session.scalars(rows.order_by(TargetSplit.target, TargetSplit.valid_from.desc())))


def split_of(plan: Plan, target: str, on: date) -> TargetSplit | None:
    """The split that holds on a day."""
    rows = select(TargetSplit).where(TargetSplit.plan_id == plan.id, TargetSplit.target == target)
    newest = rows.where(TargetSplit.valid_from <= on).order_by(TargetSplit.valid_from.desc(), TargetSplit.id.desc())
    return db.session.scalars(newest.limit(1)).first()


def shares(plan: Plan, target: str, on: date) -> dict[str, int]:
    """County or zone -> how many it has to bring, as the document of the day says; empty where none splits it."""
    split = split_of(plan, target, on)
    rows: list[SplitShare] = split.shares if split else []
    return {share.division: share.amount for share in rows}
