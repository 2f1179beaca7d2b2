"""A file of the tax office is brought, looked at, and applied in one go or given up."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from registry.base.errors import NotAllowed
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.people.models import Office
from registry.qualifications.services import brought
from registry.taxfigures import sheets, texts
from registry.taxfigures.models import TaxFigure, TaxLoad
from registry.taxfigures.services import judging
from registry.taxfigures.services.judging import WRITES, JudgedTaxRow, TaxOutcome
from registry.trail.services import trail
from registry.trail.services.trail import Act


def bring(actor: Actor, office: Office, content: bytes, *, filename: str, at: datetime, on: date) -> TaxLoad:
    """Read a file and keep its rows until they are settled; no figure is touched. Of rows without consent no amount.

    Raises NotAllowed, FileRefused, FieldError('file').
    """
    if not can(actor, "taxfigure.load"):
        raise NotAllowed
    rows, reading = brought.opened(
        content, filename, sheets.open_file, sheets.read_rows, sheets.reading, nothing=texts.NO_ROWS
    )
    counts = judging.counts(judging.judge(rows, on))
    return brought.keep(
        actor, TaxLoad, office, content, filename=filename, rows=rows, reading=reading, counts=counts,
        verb="bring_tax_figures", at=at,
    )  # fmt: skip


def judged(load: TaxLoad, on: date) -> list[JudgedTaxRow]:
    """What the rows would add now."""
    return judging.judge(brought.rows_of(load), on)


def apply(actor: Actor, load: TaxLoad, *, seen: str, reason: str, at: datetime, on: date) -> Counter[str]:
    """Add what was shown (`seen`: its digest); how many rows of each outcome. Raises RegistryError, FieldError."""
    if not can(actor, "taxfigure.settle", load):
        raise NotAllowed
    brought.hold(load)
    found = judged(load, on)
    writing = brought.to_write(
        found, WRITES, TaxOutcome.CORRECTED, digest=judging.digest(found), seen=seen, reason=reason
    )
    _write(actor, load, writing, reason.strip(), at=at)
    load.counts, load.reason = judging.counts(found), reason.strip()
    brought.settle(actor, load, "applied", at=at)
    trail.record(actor, "load_tax_figures", load, at=at, after=load.counts, reason=load.reason, source=load.filename)
    return Counter(one.outcome.value for one in found)


def give_up(actor: Actor, load: TaxLoad, *, at: datetime) -> None:
    """放弃: nothing of it is written. Raises RegistryError where it is settled."""
    brought.hold(load)
    brought.settle(actor, load, "given_up", at=at)
    trail.record(actor, "give_up_tax_figures", load, at=at, source=load.filename)


def _write(actor: Actor, load: TaxLoad, writing: list[JudgedTaxRow], reason: str, *, at: datetime) -> None:
    acts = []
    for one in writing:
        if one.firm is None:
            raise NotAllowed
        drawn = one.row.values.get("drawn_on")
        for amount in (each for each in one.amounts if each.writes):
            row = TaxFigure(
                firm=one.firm, load=load, kind=amount.kind, year=amount.period.year, month=amount.period.month,
                amount=amount.amount, consent=one.row.values["consent"], place=one.row.place, at=at,
                drawn_on=date.fromisoformat(drawn) if drawn else None,
            )  # fmt: skip
            db.session.add(row)
            db.session.flush()
            after = {
                "kind": amount.kind,
                "period": amount.period.label,
                "amount": amount.amount,
                "consent": row.consent,
            }
            before = {"amount": amount.before} if amount.before is not None else None
            acts.append(Act("record_tax_figure", "tax_figure", row.id, row.name, before, after, reason))
    trail.record_all(actor, acts, at=at)
