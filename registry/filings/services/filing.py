"""A filing: made in an open window, passed or sent back level by level, confirmed with month and reference.

Only a statistician reaches any of it: the pathway table says so, and this module has no other way to a stage.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from registry.base.errors import FieldError, NotAllowed, RegistryError
from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.permissions import Actor
from registry.base.vocabulary import Action
from registry.filings.models import Filing, LevelResult
from registry.filings.queries import announced, readiness
from registry.filings.rules import chain
from registry.filings.rules.chain import ChainLevel, FilingOutcome
from registry.filings.rules.intake import Window
from registry.firms.models.firms import Firm
from registry.firms.services import holding
from registry.notices.services import notices
from registry.pathway.queries.facts import Grounds
from registry.pathway.services import pathway, standing
from registry.reference.queries import reference
from registry.trail.services import trail


def file(actor: Actor, firm: Firm, window_id: int | None, *, at: datetime, on: date, note: str = "") -> Filing:
    """申报纳统 in an open window; raises FieldError('window'), IllegalTransition, NotAllowed, Blocked (every guard)."""
    holding.hold(firm)
    window = _window(window_id)
    ready = readiness.of(firm, window, on=on)
    pathway.advance(actor, firm, Action.FILE, at=at, on=on, note=note, grounds=ready.grounds)
    row = Filing(
        firm=firm,
        window_id=window.id,
        door=window.door,
        year=ready.statement.year,
        month=ready.statement.month,
        filed_on=on,
        note=note.strip(),
        verdict=ready.verdict,
        by_id=_person(actor),
        by_name=actor.name,
        at=at,
        first_time=firm.first_time,
    )
    db.session.add(row)
    _flush()
    trail.record(
        actor,
        "make_filing",
        row,
        at=at,
        after={"door": window.door, "window": window.batch, "period": ready.statement.label, **_rule(row)},
    )
    return row


def record_level(
    actor: Actor, filing: Filing, level: str, *, passed: bool, day: date, at: datetime, on: date,
    reference_no: str = "", reason_code: str | None = None, note: str = "",
) -> LevelResult:  # fmt: skip
    """What a level said on `day`; one that does not pass the filing sends it back with a reason of R01 to R14.

    Raises FieldError where the level is not the next one, the day lies outside, or the reason is missing.
    """
    _hold(filing)
    expected = chain.next_level(filing.results)
    if expected is None:
        raise RegistryError(chain.LEVEL_DONE)
    if level != expected:
        raise FieldError("level", chain.LEVEL_ORDER, level=chain.LEVEL_LABELS[expected])
    first = chain.first_day(filing)
    if not first <= day <= on:
        raise FieldError("day", chain.LEVEL_DAY, first=first.isoformat(), last=on.isoformat())
    if not passed and reason_code not in reference.return_reasons(on):
        raise FieldError("reason_code", chain.REASON_CODE_NEEDED)
    firm, said = filing.firm, f"{chain.LEVEL_LABELS[level]} {note}".strip()
    if passed:
        pathway.advance(actor, firm, Action.PASS_LEVEL, at=at, on=on, note=said)
    else:
        pathway.advance(actor, firm, Action.RETURN_FILING, at=at, on=on, reason_code=reason_code, note=said)
    row = LevelResult(
        filing=filing,
        level=ChainLevel(level).value,
        passed=passed,
        on=day,
        reference=reference_no.strip(),
        reason_code=None if passed else reason_code,
        note=note.strip(),
        by_id=_person(actor),
        by_name=actor.name,
        at=at,
    )
    db.session.add(row)
    db.session.flush()
    trail.record(
        actor, "record_level", filing, at=at, reason=note, source=reference_no.strip(),
        after={"level": level, "passed": passed, "day": day, "reason_code": row.reason_code},
    )  # fmt: skip
    if not passed:
        _end(filing, day, at=at, on=on)
        _tell(row, at=at)
    return row


def _end(filing: Filing, day: date, *, at: datetime, on: date) -> None:
    """Sent back: the filing is over, and the firm stands where its figures put it."""
    filing.outcome, filing.closed_on = FilingOutcome.RETURNED, day
    db.session.flush()
    standing.refresh(filing.firm, on=on, at=at)


def _tell(result: LevelResult, *, at: datetime) -> None:
    """The firm's office learns which level sent it back, when and why."""
    filing, code = result.filing, result.reason_code or ""
    values = {
        "level": chain.LEVEL_LABELS[result.level],
        "day": result.on,
        "firm": filing.firm.name,
        "reason": reference.return_reasons()[code].reason,
    }
    kind, more = ("filing_returned_noted", {"note": result.note}) if result.note else ("filing_returned", {})
    notices.tell(
        filing.firm.office_id, kind, values | more, at=at, firm=filing.firm, subject_kind="filing",
        subject_id=filing.id,
    )  # fmt: skip


def confirm(
    actor: Actor, filing: Filing, effective: Period | None, *, reference_no: str, at: datetime, on: date
) -> None:
    """确认入库（四上）, once the national level has passed it. Raises FieldError, Blocked."""
    _hold(filing)
    statement = chain.statement(filing)
    if effective is not None and effective < statement:
        raise FieldError("effective", chain.EFFECTIVE_EARLY, period=statement.label)
    known = effective is not None and effective.month > 0 and bool(reference_no.strip())
    grounds = Grounds(levels_passed=chain.next_level(filing.results) is None, effective_month_known=known)
    note = " ".join(filter(None, (effective.label if effective else "", reference_no.strip())))
    pathway.advance(actor, filing.firm, Action.CONFIRM, at=at, on=on, note=note, grounds=grounds)
    filing.outcome, filing.closed_on, filing.reference = FilingOutcome.ENROLLED, on, reference_no.strip()
    filing.effective_year = effective.year if effective else None
    filing.effective_month = effective.month if effective else None
    db.session.flush()
    trail.record(
        actor, "confirm_filing", filing, at=at, source=reference_no.strip(),
        after={"effective": effective.label if effective else None},
    )  # fmt: skip


def _window(window_id: int | None) -> Window:
    row = db.session.scalars(announced.one(window_id or 0)).one_or_none()
    if row is None or row.voided_at is not None:
        raise FieldError("window", chain.WINDOW_NEEDED)
    return announced.value_of(row)


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotAllowed
    return actor.user_id


def _hold(filing: Filing) -> None:
    """Lock the firm, then look at the filing anew: of two who act at once, the second sees the first."""
    holding.hold(filing.firm)
    db.session.refresh(filing)
    if filing.outcome is not None:
        raise RegistryError(chain.FILING_CLOSED)


def _rule(row: Filing) -> dict[str, object]:
    verdict = row.verdict
    return {"line": verdict["line"], "rule": f"{verdict['rule_id']} v{verdict['version']}"}


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        if "uq_filing_open_firm" in str(error.orig) or "filing.firm_id" in str(error.orig):
            raise RegistryError(chain.FILING_SAME_TIME) from error
        raise
