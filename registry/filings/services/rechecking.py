"""The yearly re-check: statistics appends its word on an enrolled firm, beside the figure and rule it rests on."""

from __future__ import annotations

from datetime import date, datetime

from registry.base.errors import FieldError, NotAllowed, RegistryError
from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.permissions import SYSTEM_ACTOR, Actor
from registry.base.vocabulary import FigureKind, Role, Stage
from registry.figures.models import Figure
from registry.figures.queries import on_record
from registry.filings.models import Recheck
from registry.filings.queries import filings, rechecks
from registry.filings.rules import chain
from registry.filings.rules.chain import RecheckOutcome
from registry.firms.models.firms import Firm
from registry.firms.services import holding
from registry.notices.services import notices
from registry.reference.queries import reference
from registry.trail.services import trail


def record(actor: Actor, firm: Firm, year: int, outcome: str, *, at: datetime, on: date, note: str = "") -> Recheck:
    """What becomes of the firm after `year`; a word against the figure, or without one, needs a note.

    Raises NotAllowed, FieldError, RegistryError.
    """
    if not actor.holds(Role.STATISTICIAN):
        raise NotAllowed
    if outcome not in set(RecheckOutcome):
        raise FieldError("outcome", chain.RECHECK_OUTCOME)
    if on <= date(year, 12, 31):
        raise RegistryError(chain.RECHECK_EARLY, year=year)
    holding.hold(firm)
    if firm.stage != Stage.ENROLLED:
        raise RegistryError(chain.RECHECK_STAGE)
    if not rechecks.is_due(firm, year):
        raise RegistryError(chain.RECHECK_NEW, year=year)
    found = rechecks.line(firm, year)
    if outcome != found.suggested and not note.strip():
        raise FieldError("note", chain.RECHECK_NOTE)
    if outcome == RecheckOutcome.OPEN and not note.strip():
        raise FieldError("note", chain.RECHECK_NOTE)
    row = Recheck(
        firm_id=firm.id,
        year=year,
        round=found.recheck.round + 1 if found.recheck else 1,
        outcome=RecheckOutcome(outcome).value,
        amount=found.amount,
        line=found.rule.amount_yuan if found.rule else None,
        rule_id=found.rule.rule_id if found.rule else "",
        rule_version=found.rule.version if found.rule else None,
        leave_by=rechecks.leave_by(year) if outcome == RecheckOutcome.LEAVES else None,
        note=note.strip(),
        on=on,
        by_id=actor.user_id,
        by_name=actor.name,
        at=at,
    )
    db.session.add(row)
    db.session.flush()
    after = {
        "year": year,
        "outcome": row.outcome,
        "rule": f"{row.rule_id} v{row.rule_version}",
        "leave_by": row.leave_by,
    }
    trail.record(actor, "recheck", firm, at=at, after=after, reason=note)
    return row


def paper_voided(firm: Firm, *, on: date, at: datetime) -> None:
    """Where the statement of a filing is proven no more, statistics is told; of an enrolled firm a re-check is raised.

    Nobody is moved by it.
    """
    statement = filings.statements_filed([firm.id]).get(firm.id)
    if firm.stage not in (Stage.FILED, Stage.IN_CHAIN, Stage.ENROLLED) or statement is None:
        return
    if _is_proven(firm, statement):
        return
    if firm.stage == Stage.ENROLLED and rechecks.is_due(firm, statement.year):
        _raise(firm, statement, on=on, at=at)
    statistics = reference.offices()["statistics"]
    values = {"firm": firm.name, "period": statement.label}
    notices.tell(
        statistics.id, "statement_voided", values, at=at, firm=firm, subject_kind="firm", subject_id=firm.id
    )  # fmt: skip


def _is_proven(firm: Firm, statement: Period) -> bool:
    of_period = Figure.kind == FigureKind.REVENUE, Figure.year == statement.year, Figure.month == statement.month
    return any(one.proven for one in on_record.counted([firm.id], *of_period).get(firm.id, ()))


def _raise(firm: Firm, statement: Period, *, on: date, at: datetime) -> None:
    """Left open for statistics to decide; once is enough."""
    last = rechecks.line(firm, statement.year).recheck
    note = chain.RECHECK_VOIDED % {"period": statement.label}
    if last is not None and last.outcome == RecheckOutcome.OPEN and last.note == note:
        return
    row = Recheck(
        firm_id=firm.id, year=statement.year, round=last.round + 1 if last else 1, outcome=RecheckOutcome.OPEN.value,
        note=note, on=on, by_name=SYSTEM_ACTOR.name, at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    after = {"year": row.year, "outcome": row.outcome}
    trail.record(SYSTEM_ACTOR, "recheck", firm, at=at, after=after, reason=note)
