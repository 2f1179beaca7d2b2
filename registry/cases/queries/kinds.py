"""Kinds in their editions, and cohorts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, select

from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.cases.models import CaseCohort, CaseKind
from registry.cases.rules.rights import begins


def editions() -> Select[CaseKind]:
    """All that were not dropped, kind by kind, the newest first."""
    return (
        select(CaseKind)
        .where(CaseKind.state != "dropped")
        .order_by(CaseKind.group, CaseKind.code, CaseKind.edition.desc())
    )


def edition(edition_id: int) -> Select[CaseKind]:
    return select(CaseKind).where(CaseKind.id == edition_id)


def newest(on: date | None = None) -> list[CaseKind]:
    """Of each kind the newest published edition, or the one in force on a day, by group and code."""
    found: dict[str, CaseKind] = {}
    rows = (
        select(CaseKind).where(CaseKind.state == "published").order_by(CaseKind.group, CaseKind.code, CaseKind.edition)
    )
    for row in db.session.scalars(rows):
        if on is None or row.valid_from <= on:
            found[row.code] = row
    return list(found.values())


def published(code: str, on: date) -> CaseKind | None:
    """The edition of a kind in force on a day."""
    rows = select(CaseKind).where(CaseKind.code == code, CaseKind.state == "published", CaseKind.valid_from <= on)
    return db.session.scalars(rows.order_by(CaseKind.edition.desc()).limit(1)).first()


def draft_of(code: str) -> CaseKind | None:
    return db.session.scalars(select(CaseKind).where(CaseKind.code == code, CaseKind.state == "draft")).one_or_none()


def last_of(code: str) -> CaseKind | None:
    """The edition that came last, whatever became of it."""
    rows = select(CaseKind).where(CaseKind.code == code).order_by(CaseKind.edition.desc()).limit(1)
    return db.session.scalars(rows).first()


def to_enter(actor: Actor, on: date) -> list[CaseKind]:
    """Kinds of which the actor's office enters cases, as they are in force."""
    return [row for row in newest(on) if begins(actor, row.kind)]


# -- cohorts --------------------------------------------------------------------------------------
def cohorts(groups: Iterable[str] | None = None) -> list[CaseCohort]:
    """The newest year first."""
    rows = select(CaseCohort).order_by(CaseCohort.group, CaseCohort.year.desc())
    return list(db.session.scalars(rows if groups is None else rows.where(CaseCohort.group.in_(set(groups)))))


def cohort(cohort_id: int) -> CaseCohort | None:
    return db.session.get(CaseCohort, cohort_id)
