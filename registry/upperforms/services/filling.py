"""A form is brought and looked at; who may do so hands it back filled, and that is on the trail as an export is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.permissions import Actor, can
from registry.base.steady import steady_view
from registry.imports.services import columns
from registry.imports.services.columns import HeadingScope
from registry.imports.services.keptfiles import KeptFile, KeptFiles
from registry.people.models import Office
from registry.quarters.models import Snapshot
from registry.quarters.queries import snapshots
from registry.sheets.byhand import Choices, HeadingChoice, compared
from registry.trail.services import refusals, trail
from registry.trail.services.trail import Act
from registry.upperforms import texts
from registry.upperforms.models import UpperForm
from registry.upperforms.services import sources
from registry.upperforms.sheets import bookfile, fields, notes, planning, rows, understanding
from registry.upperforms.sheets.bookfile import FormBook
from registry.upperforms.sheets.planning import FillBasis, FillPlan
from registry.upperforms.sheets.understanding import UnderstoodForm

PERMISSION = "upperform.fill"
_DAYS = 7
FILES = KeptFiles("upper-forms", seconds=_DAYS * 86_400, gone=texts.FILE_GONE)
_TITLE = 200


@dataclass(frozen=True)
class FillOrder:
    """How a form is to be filled: from which closed quarter (None: the ledger as it stands), with what.

    `unit`: of amounts whose unit the form does not say, a word of `texts.UNITS` or ''.
    """

    quarter: Quarter | None = None
    unit: str = ""
    contacts: bool = False
    reason: str = ""

    @property
    def scale(self) -> Decimal | None:
        return Decimal(texts.UNITS[self.unit]) if self.unit else None

    def year(self, on: date) -> int:
        return self.quarter.year if self.quarter else on.year


@dataclass(frozen=True)
class PlannedForm:
    """A form with how it is understood and what would be written."""

    book: FormBook
    plan: FillPlan
    order: FillOrder
    snapshot: Snapshot | None


@dataclass(frozen=True)
class FilledForm:
    content: bytes
    plan: FillPlan
    digest: str


def allow(actor: Actor, *, at: datetime) -> None:
    """For those who act without a route in front of them. Raises NotAllowed, and the attempt is recorded."""
    if actor.user_id is not None and not can(actor, PERMISSION):
        refusals.record_refusal(actor, PERMISSION, "registry fill", at=at)
        raise NotAllowed


# -- looking ----------------------------------------------------------------------------------------
def looked_at(path: Path, filename: str) -> FormBook:
    """Raises FileRefused, also for a form of the statistical reporting system."""
    book = bookfile.looked_at(path, name=filename)
    understanding.refuse_statistical(book, filename)
    return book


def planned(actor: Actor | None, book: FormBook, choices: Choices, order: FillOrder, on: date) -> PlannedForm:
    """What would be written now. `actor`: None is the whole city, of a closed quarter alone.

    `choices`: what is said of headings; where a form is remembered, of that office. Raises RegistryError.
    """
    snapshot = _snapshot(order)
    form = understanding.understood(book, order.year(on), choices, order.scale)
    lines = _lines(actor, snapshot, order, on)
    basis = FillBasis(order.year(on), order.quarter.period if order.quarter else None, order.contacts)
    found = rows.of(form)
    if not found.named and len(lines) > sources.MOST:
        raise RegistryError(texts.TOO_MANY, count=len(lines), limit=sources.MOST)
    return PlannedForm(book, planning.plan(form, found, lines, basis), order, snapshot)


def _snapshot(order: FillOrder) -> Snapshot | None:
    if order.quarter is None:
        return None
    snapshot = snapshots.of(order.quarter)
    if snapshot is None:
        raise FieldError("quarter", texts.NOT_CLOSED, quarter=order.quarter.label)
    return snapshot


def _lines(actor: Actor | None, snapshot: Snapshot | None, order: FillOrder, on: date) -> list[planning.FormLine]:
    if snapshot is not None:
        return sources.frozen(snapshot, actor, with_contacts=order.contacts, on=on)
    if actor is None:
        raise NotAllowed
    return sources.standing(actor, year=on.year, with_contacts=order.contacts, on=on)


def written(path: Path, found: PlannedForm, *, filename: str, by: str) -> FilledForm:
    """The form with its cells and notes. Raises FileRefused."""
    source = texts.FROM_LEDGER % {"day": by[:10]}
    if found.snapshot is not None:
        told = {"quarter": found.snapshot.quarter, "as_of": found.snapshot.as_of.isoformat()}
        source = texts.FROM_QUARTER % told
    facts = notes.FillFacts(filename, by, source, frozen=found.snapshot is not None)
    orders = planning.orders(found.plan, notes.of(found.book, found.plan, facts))
    content = bookfile.filled(path, orders)
    return FilledForm(content, found.plan, hashlib.sha256(content).hexdigest())


def signed(actor: Actor, office: Office | None, on: date) -> str:
    """By whom and when, for the notes."""
    who = f"{office.name} {actor.name}" if office else texts.NOTE_SYSTEM
    return texts.NOTE_BY_TEXT % {"day": on.isoformat(), "who": who}


# -- a form that was brought ------------------------------------------------------------------------
def bring(
    actor: Actor, office: Office, pieces: Iterable[bytes], *, filename: str, order: FillOrder, at: datetime, on: date
) -> UpperForm:
    """Keep the file and how it is understood; nothing is filled yet. Raises NotAllowed, FileRefused, FieldError."""
    if not can(actor, PERMISSION) or actor.user_id is None:
        raise NotAllowed
    _check(actor, order)
    kept = FILES.keep(pieces, filename)
    try:
        book = looked_at(FILES.path_of(kept), filename)
        _snapshot(order)
        form = understanding.understood(book, order.year(on), {}, order.scale)
    except BaseException:
        FILES.discard(kept)
        raise
    row = UpperForm(
        office=office, by_id=actor.user_id, by_name=actor.name, at=at, filename=kept.filename, sha256=kept.sha256,
        stored_name=kept.stored_name, title=form.title[:_TITLE], fingerprint=form.fingerprint, counts={},
        **_kept(order),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    after = {"title": row.title, "quarter": row.quarter, "contacts": row.contacts}
    trail.record(actor, "bring_form", row, at=at, after=after, reason=row.reason, source=row.filename)
    return row


def _kept(order: FillOrder) -> dict[str, object]:
    quarter = order.quarter.label if order.quarter else ""
    return {"quarter": quarter, "unit": order.unit, "contacts": order.contacts, "reason": order.reason.strip()}


def _check(actor: Actor, order: FillOrder) -> None:
    if order.unit and order.unit not in texts.UNITS:
        raise FieldError("unit", texts.UNKNOWN_UNIT, text=order.unit)
    if order.contacts and not can(actor, "firm.export_contacts"):
        raise NotAllowed
    if order.contacts and not order.reason.strip():
        raise ReasonNeeded("reason", texts.REASON_NEEDED)


def order_of(row: UpperForm) -> FillOrder:
    quarter = Quarter.parse(row.quarter) if row.quarter else None
    return FillOrder(quarter, row.unit, row.contacts, row.reason)


def kept_file(row: UpperForm) -> KeptFile:
    return KeptFile(row.stored_name, row.sha256, row.filename)


def plan_of(actor: Actor, row: UpperForm, on: date) -> PlannedForm:
    """What would be written now, by what the office has said of this form's headings. Raises RegistryError."""
    book = looked_at(FILES.path_of(kept_file(row)), row.filename)
    return planned(actor, book, columns.of_office(row.office_id, row.fingerprint), order_of(row), on)


def change(actor: Actor, row: UpperForm, order: FillOrder) -> None:
    """Another quarter, another unit, with or without contacts. Raises NotAllowed, FieldError, ReasonNeeded."""
    _check(actor, order)
    _snapshot(order)
    for key, value in _kept(order).items():
        setattr(row, key, value)
    db.session.flush()


def scope_of(row: UpperForm) -> HeadingScope:
    """What may be said of the headings of this form."""
    return HeadingScope(dict(fields.offered()), row.fingerprint, row.title, own=True)


def say(actor: Actor, row: UpperForm, heading: str, choice: HeadingChoice | None, *, at: datetime) -> None:
    """What a heading of the form is, remembered for the office. Raises FieldError."""
    columns.say(actor, row.office, heading, choice, at=at, scope=scope_of(row))


def take(actor: Actor, found: UpperForm, *, on: date) -> FilledForm:
    """The filled form, read from one steady view; the caller's transaction is let go. Raises RegistryError."""
    who = signed(actor, found.office, on)
    kept, order, fingerprint, office_id = kept_file(found), order_of(found), found.fingerprint, found.office_id
    _check(actor, order)
    path = FILES.path_of(kept)
    book = looked_at(path, kept.filename)
    with steady_view():
        told = planned(actor, book, columns.of_office(office_id, fingerprint), order, on)
    if not told.plan.firms:
        raise RegistryError(texts.NO_FIRMS)
    return written(path, told, filename=kept.filename, by=who)


def record(actor: Actor, row: UpperForm, filled: FilledForm, *, at: datetime) -> None:
    """Put on the trail who took it, from which quarter, how much of it is filled."""
    row.counts, row.filled_at = filled.plan.counts, at
    after = {**row.counts, "quarter": row.quarter, "contacts": row.contacts, "sha256": filled.digest}
    trail.record(actor, "fill_form", row, at=at, after=after, reason=row.reason, source=row.filename)


def record_taken(actor: Actor, filename: str, order: FillOrder, filled: FilledForm, *, at: datetime) -> None:
    """The same of one that was filled at the terminal, of which nothing is kept."""
    after = {**filled.plan.counts, "quarter": order.quarter.label if order.quarter else "", "sha256": filled.digest}
    act = Act("fill_form", "upper_form", subject_label=filename, after=after, reason=order.reason)
    trail.record_all(actor, [act], at=at)


def discard(actor: Actor, row: UpperForm, *, at: datetime) -> None:
    """The file is removed; that it was brought stays on the trail, and what was said of its headings too."""
    FILES.discard(kept_file(row))
    row.stored_name = ""
    db.session.flush()
    trail.record(actor, "discard_form", row, at=at, source=row.filename)


def given(book: FormBook, form: UnderstoodForm, said: Iterable[tuple[str, HeadingChoice]]) -> dict[str, HeadingChoice]:
    """What is said of headings at the terminal, by the heading as it is compared. Raises RegistryError."""
    known = {compared(column.heading) for column in form.columns}
    found = {}
    for heading, choice in said:
        if compared(heading) not in known:
            raise RegistryError(texts.NO_COLUMN, heading=heading)
        found[compared(heading)] = choice
    return found
