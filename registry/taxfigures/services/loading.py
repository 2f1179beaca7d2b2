"""A file of the tax office is brought, looked at, and applied in one go or given up."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from registry.base import independence
from registry.base.errors import FieldError, NotAllowed, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.people.models import Office
from registry.qualifications.services.loading import hold, settle
from registry.sheets.brought import BroughtRow
from registry.sheets.uploaded import shown_name
from registry.taxfigures import sheets, texts
from registry.taxfigures.models import TaxFigure, TaxLoad
from registry.taxfigures.services import judging
from registry.taxfigures.services.judging import WRITES, JudgedTaxRow
from registry.trail.services import trail
from registry.trail.services.trail import Act

ROWS_MOST = 5_000
"""Rows of one file: the database is held for as long as they take."""


def bring(actor: Actor, office: Office, content: bytes, *, filename: str, at: datetime, on: date) -> TaxLoad:
    """Read a file and keep its rows until they are settled; no figure is touched. Of rows without consent no amount.

    Raises NotAllowed, FileRefused, FieldError('file').
    """
    if not can(actor, "taxfigure.load") or actor.user_id is None:
        raise NotAllowed
    if word := independence.named_in(filename):
        raise FieldError("file", independence.REFUSED, word=word)
    with tempfile.NamedTemporaryFile(prefix="registry-") as file:
        file.write(content)
        file.flush()
        with sheets.open_file(Path(file.name), name=filename) as table:
            rows, reading = sheets.read_rows(table), sheets.reading(table)
    if not rows:
        raise FieldError("file", texts.NO_ROWS)
    if len(rows) > ROWS_MOST:
        raise FieldError("file", texts.ROWS_MANY, count=len(rows), limit=ROWS_MOST)
    counts = judging.counts(judging.judge(rows, on))
    load = TaxLoad(
        office=office, by_id=actor.user_id, by_name=actor.name, at=at, filename=shown_name(filename),
        sha256=sha256(content).hexdigest(), rows=[row.plain() for row in rows], reading=reading, counts=counts,
    )  # fmt: skip
    db.session.add(load)
    db.session.flush()
    trail.record(actor, "bring_tax_figures", load, at=at, after=counts, source=load.filename)
    return load


def judged(load: TaxLoad, on: date) -> list[JudgedTaxRow]:
    """What the rows would add now."""
    return judging.judge([BroughtRow.of(row) for row in load.rows], on)


def apply(actor: Actor, load: TaxLoad, *, seen: str, reason: str, at: datetime, on: date) -> Counter[str]:
    """Add what was shown (`seen`: its digest); how many rows of each outcome. Raises RegistryError, FieldError."""
    if not can(actor, "taxfigure.settle", load):
        raise NotAllowed
    hold(load)
    found = judged(load, on)
    if judging.digest(found) != seen:
        raise RegistryError(texts.MOVED)
    writing = [one for one in found if one.outcome in WRITES]
    if not writing:
        raise RegistryError(texts.NOTHING_TO_APPLY)
    if not reason.strip() and any(one.doubtful or one.outcome is judging.TaxOutcome.CORRECTED for one in writing):
        raise FieldError("reason", texts.REASON_NEEDED)
    _write(actor, load, writing, reason.strip(), at=at)
    load.counts, load.reason = judging.counts(found), reason.strip()
    settle(actor, load, "applied", at=at)
    trail.record(actor, "load_tax_figures", load, at=at, after=load.counts, reason=load.reason, source=load.filename)
    return Counter(one.outcome.value for one in found)


def give_up(actor: Actor, load: TaxLoad, *, at: datetime) -> None:
    """放弃: nothing of it is written. Raises RegistryError where it is settled."""
    hold(load)
    settle(actor, load, "given_up", at=at)
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
