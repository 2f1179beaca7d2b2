"""What a case uses up is taken when it is submitted, and refused with the earlier case where another holds it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import or_, select

from registry.base.clocks import SHANGHAI
from registry.base.errors import RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.cases.models import Case, CaseUse
from registry.cases.queries import cases
from registry.cases.rules import identities
from registry.cases.rules.identities import Identity
from registry.cases.rules.kinds import KeyRule
from registry.cases.texts import CASE_ERRORS
from registry.trail.services import trail


def take(actor: Actor, case: Case, *, at: datetime) -> None:
    """Everything that the case names, anew. Raises RegistryError naming the earlier case, of any kind, year or firm."""
    trail.wait_for_turn()  # of two cases with one invoice the second sees the first
    release(case, at=at)
    db.session.flush()
    mine: list[tuple[KeyRule, Identity]] = []
    for rule, one in identities_of(case):
        if any(before.space == one.space and is_same(rule, one, before) for _rule, before in mine):
            raise RegistryError(CASE_ERRORS["used_here"], what=one.shown)
        if (earlier := earlier_of(case.id, rule, one)) is not None:
            template, values = told(actor, one, earlier)
            raise RegistryError(template, **values)
        mine.append((rule, one))
    for _rule, one in mine:
        db.session.add(
            CaseUse(
                case_id=case.id, space=one.space, strict=one.strict[:300], loose=one.loose[:200], parts=dict(one.parts),
                shown=one.shown[:300],
            )
        )  # fmt: skip
    db.session.flush()


def release(case: Case, *, at: datetime) -> None:
    rows = select(CaseUse).where(CaseUse.case_id == case.id, CaseUse.released_at.is_(None))
    for use in db.session.scalars(rows):
        use.released_at = at


def identities_of(case: Case) -> Iterator[tuple[KeyRule, Identity]]:
    for rule in case.kind.once:
        for row in cases.rows_of(case, rule):
            if (one := identities.identity(rule, row)) is not None:
                yield rule.rule, one


def earlier_of(case_id: int | None, rule: KeyRule, one: Identity) -> CaseUse | None:
    """What uses the same up already, of any case but the one told."""
    near = select(CaseUse).where(
        CaseUse.space == one.space, CaseUse.released_at.is_(None), CaseUse.case_id != (case_id or -1),
        or_(CaseUse.strict == one.strict[:300], CaseUse.loose == one.loose[:200]),
    )  # fmt: skip
    rows = db.session.scalars(near.order_by(CaseUse.id))
    return next((use for use in rows if use.strict == one.strict or identities.same(one.parts, use.parts, rule)), None)


def is_same(rule: KeyRule, one: Identity, other: Identity) -> bool:
    return one.strict == other.strict or (one.loose == other.loose and identities.same(one.parts, other.parts, rule))


def told(actor: Actor, one: Identity, earlier: CaseUse) -> tuple[str, dict[str, str]]:
    """Whose it was is said to whoever may read that case; its number and day to everybody."""
    case = earlier.case
    day = case.at.astimezone(SHANGHAI).date().isoformat()
    values = {"what": one.shown, "earlier": case.number, "applicant": case.applicant, "day": day}
    return CASE_ERRORS["used" if can(actor, "case.read_one", case) else "used_elsewhere"], values
