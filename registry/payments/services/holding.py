"""Whoever moves money holds the year, the batch or the case: of two at once the second sees what the first did."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from registry.base.extensions import db
from registry.cases.models import Case, CaseCohort


def hold(row: Any) -> None:
    """The row itself, as it is now."""
    _hold(type(row), [row.id])
    db.session.refresh(row)


def hold_cohort(cohort: CaseCohort) -> None:
    _hold(CaseCohort, [cohort.id])


def hold_cases(case_ids: Iterable[int]) -> list[Case]:
    """In the order of their ids, as everybody takes them."""
    _hold(Case, case_ids)
    rows = select(Case).where(Case.id.in_(set(case_ids))).order_by(Case.id).execution_options(populate_existing=True)
    return list(db.session.scalars(rows).unique())


def _hold(model: Any, ids: Iterable[int]) -> None:
    db.session.flush()
    wanted = select(model.id).where(model.id.in_(set(ids))).order_by(model.id).with_for_update()
    db.session.execute(wanted).all()
