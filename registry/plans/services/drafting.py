"""A plan or its next version: drafted by one person, checked by a second, issued; an issued version never changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from registry.base.errors import FieldError, NotAllowed, RegistryError, StaleRecord
from registry.base.extensions import db
from registry.base.permissions import Actor, can, had_before
from registry.people.queries import people
from registry.plans.models import (
    MeasureOffice,
    Plan,
    PlanMeasure,
    PlanParagraph,
    PlanTarget,
    PlanVersion,
    SubsidyItem,
    WorkingRule,
)
from registry.plans.queries import plans
from registry.plans.rules.counting import Counting
from registry.plans.texts import PLAN_ERRORS
from registry.reference.queries import reference
from registry.trail.services import trail

ROWS: Mapping[str, Any] = {
    "paragraphs": PlanParagraph,
    "targets": PlanTarget,
    "measures": PlanMeasure,
    "subsidies": SubsidyItem,
    "working_rules": WorkingRule,
}
"""What a version consists of, by the name of its list."""
_OWN = frozenset({"id", "version_id"})


@dataclass(frozen=True)
class PlanHead:
    """What a version says of itself."""

    name: str
    document_no: str
    edition: str
    first_year: int
    last_year: int
    valid_from: date
    source: str


# -- beginning ------------------------------------------------------------------------------------
def prepare(actor: Actor, code: str, head: PlanHead, *, at: datetime) -> PlanVersion:
    """The draft of a new plan. Raises FieldError where the code is taken or the years are turned."""
    _may_draft(actor)
    _sound_head(head)
    if db.session.scalars(select(Plan).where(Plan.code == code)).first() is not None:
        raise FieldError("code", PLAN_ERRORS["code_taken"], code=code)
    return _open(actor, Plan(code=code), head, number=1, at=at)


def amend(actor: Actor, plan: Plan, *, at: datetime, on: date) -> PlanVersion:
    """A draft of the next version, with all that the last one says."""
    _may_draft(actor)
    if plans.open_draft(plan) is not None:
        raise RegistryError(PLAN_ERRORS["open"])
    last = plans.issued(plan)[-1]
    head = PlanHead(**{name: getattr(last, name) for name in PlanHead.__dataclass_fields__})
    version = _open(actor, plan, PlanHead(**{**asdict(head), "valid_from": on}), number=last.number + 1, at=at)
    for name, model in ROWS.items():
        setattr(version, name, [_copied(model, row) for row in getattr(last, name)])
    db.session.flush()
    return version


def _open(actor: Actor, plan: Plan, head: PlanHead, *, number: int, at: datetime) -> PlanVersion:
    version = PlanVersion(
        plan=plan, number=number, **asdict(head), prepared_by_id=actor.user_id, prepared_by_name=actor.name,
        prepared_at=at,
    )  # fmt: skip
    db.session.add(version)
    try:
        db.session.flush()
    except IntegrityError as error:  # the same plan was taken up this very moment
        db.session.rollback()
        raise RegistryError(PLAN_ERRORS["open"]) from error
    trail.record(actor, "draft_plan", version, at=at, after={"number": number, **asdict(head)})
    return version


def _copied(model: Any, row: Any) -> Any:
    copy = model(
        **{column.key: getattr(row, column.key) for column in model.__table__.columns if column.key not in _OWN}
    )
    if isinstance(row, PlanMeasure):
        copy.offices = [MeasureOffice(office=one.office, rank=one.rank, printed=one.printed) for one in row.offices]
    return copy


def _may_draft(actor: Actor) -> None:
    if actor.user_id is None or not can(actor, "plan.draft"):
        raise NotAllowed


# -- editing --------------------------------------------------------------------------------------
def revise(actor: Actor, version: PlanVersion, head: PlanHead, *, seen: int, at: datetime) -> None:
    """Change what the draft says of itself. Raises FieldError, StaleRecord."""
    _editable(actor, version, seen)
    _sound_head(head)
    before = {name: getattr(version, name) for name in asdict(head)}
    changed = {name: value for name, value in asdict(head).items() if before[name] != value}
    for name, value in changed.items():
        setattr(version, name, value)
    _edited(actor, version, {name: before[name] for name in changed}, changed, at=at)


def write_row(
    actor: Actor,
    version: PlanVersion,
    kind: str,
    code: str | None,
    values: Mapping[str, Any],
    *,
    seen: int,
    at: datetime,
) -> None:
    """Put a row in the place of the one with this code, or add one. `offices`: of a measure; `text`: its paragraph.

    Raises FieldError, StaleRecord.
    """
    _editable(actor, version, seen)
    rows: list[Any] = getattr(version, kind)
    row = next((one for one in rows if one.code == code), None)
    if any(one.code == values["code"] and one is not row for one in rows):
        raise FieldError("code", PLAN_ERRORS["row_taken"], code=values["code"])
    _sound_row(kind, values)
    before = _said(row) if row is not None else ""
    if row is None:
        row = ROWS[kind](version_id=version.id, rank=max((one.rank for one in rows), default=-1) + 1)
        rows.append(row)
    for name in values.keys() & {column.key for column in ROWS[kind].__table__.columns}:
        setattr(row, name, values[name])
    if kind != "paragraphs" and "text" in values:
        _put_paragraph(version, values["code"], values["text"])
    if "offices" in values:
        _put_offices(row, values["offices"])
    _edited(actor, version, {"content": before}, {"content": _said(row)}, at=at)


def drop_row(actor: Actor, version: PlanVersion, kind: str, code: str, *, seen: int, at: datetime) -> None:
    """Take a row out of the draft again."""
    _editable(actor, version, seen)
    row = next(one for one in getattr(version, kind) if one.code == code)
    before = _said(row)
    getattr(version, kind).remove(row)
    db.session.delete(row)
    _edited(actor, version, {"content": before}, {"content": ""}, at=at)


def _put_paragraph(version: PlanVersion, code: str, text: str) -> None:
    held = next((one for one in version.paragraphs if one.code == code), None)
    if held is None:
        rank = max((one.rank for one in version.paragraphs), default=-1) + 1
        version.paragraphs.append(PlanParagraph(rank=rank, code=code, text=text))
    else:
        held.text = text


def _put_offices(measure: PlanMeasure, codes: Iterable[str]) -> None:
    """An office that stays keeps the name it is printed under."""
    held = {one.office.code: one for one in measure.offices}
    for gone in held.keys() - set(codes):
        measure.offices.remove(held[gone])
    for rank, code in enumerate(codes):
        if code in held:
            held[code].rank = rank
        else:
            office = people.office(code)
            measure.offices.append(MeasureOffice(office=office, rank=rank, printed=office.short_name))


def _said(row: Any) -> str:
    """A row as the trail keeps it."""
    left = _OWN | {"rank"}
    names = [column.key for column in row.__table__.columns if column.key not in left]
    said = [f"{name}={value}" for name in names if (value := getattr(row, name)) not in (None, "")]
    if isinstance(row, PlanMeasure):
        said.append("offices=" + " ".join(one.office.code for one in row.offices))
    return " ".join(said)


def _edited(actor: Actor, version: PlanVersion, before: dict[str, Any], after: dict[str, Any], *, at: datetime) -> None:
    flag_modified(version, "opinion")  # so that the version counts on, whatever row of it was changed
    db.session.flush()
    if before != after:
        trail.record(actor, "edit_plan", version, at=at, before=before, after=after)


# -- two people -----------------------------------------------------------------------------------
def submit(actor: Actor, version: PlanVersion, *, seen: int, at: datetime) -> None:
    """Ask for the check of a second person. Raises FieldError, RegistryError with what is missing."""
    _editable(actor, version, seen)
    _sound(version)
    version.submitted_at = at
    db.session.flush()
    trail.record(actor, "submit_plan", version, at=at, after={"valid_from": version.valid_from})


def give_back(actor: Actor, version: PlanVersion, *, opinion: str, seen: int, at: datetime) -> None:
    _checkable(actor, version, seen, opinion)
    version.submitted_at, version.opinion = None, opinion.strip()
    db.session.flush()
    trail.record(actor, "return_plan", version, at=at, reason=version.opinion)


def withdraw(actor: Actor, version: PlanVersion, *, seen: int, at: datetime) -> None:
    """Whoever prepared it lets it go, submitted or not."""
    _hold(version, seen)
    if not can(actor, "plan.edit", version):
        raise NotAllowed
    version.outcome, version.decided_at = "withdrawn", at
    version.decided_by_id, version.decided_by_name = actor.user_id, actor.name
    db.session.flush()
    trail.record(actor, "withdraw_plan", version, at=at)


def issue(actor: Actor, version: PlanVersion, *, opinion: str, seen: int, at: datetime) -> None:
    """The second person has checked it against the document: from its day on it is what the plan says."""
    _checkable(actor, version, seen, opinion)
    _sound(version)
    version.outcome, version.decided_at, version.opinion = "issued", at, opinion.strip()
    version.decided_by_id, version.decided_by_name = actor.user_id, actor.name
    db.session.flush()
    trail.record(
        actor, "issue_plan", version, at=at, reason=version.opinion,
        after={"number": version.number, "valid_from": version.valid_from},
    )  # fmt: skip


def _editable(actor: Actor, version: PlanVersion, seen: int) -> None:
    _hold(version, seen)
    if version.submitted_at is not None:
        raise RegistryError(PLAN_ERRORS["waiting"])
    if not can(actor, "plan.edit", version):
        raise NotAllowed


def _checkable(actor: Actor, version: PlanVersion, seen: int, opinion: str) -> None:
    _hold(version, seen)
    if version.submitted_at is None:
        raise RegistryError(PLAN_ERRORS["not_waiting"])
    if actor.user_id == version.prepared_by_id or had_before(actor, version):
        raise RegistryError(PLAN_ERRORS["own"])
    if not can(actor, "plan.issue", version):
        raise NotAllowed
    if not opinion.strip():
        raise FieldError("opinion", PLAN_ERRORS["opinion"])


def _hold(version: PlanVersion, seen: int) -> None:
    """Lock the draft until the commit; whoever looked at an older state of it is told."""
    db.session.flush()
    db.session.refresh(version, with_for_update={"of": PlanVersion})
    if version.outcome is not None:
        raise RegistryError(PLAN_ERRORS["not_open"])
    if version.revision != seen:
        raise StaleRecord(who=version.prepared_by_name)


# -- what stands in the way -----------------------------------------------------------------------
def _sound_head(head: PlanHead) -> None:
    if head.last_year < head.first_year:
        raise FieldError("last_year", PLAN_ERRORS["years"])


def _sound_row(kind: str, values: Mapping[str, Any]) -> None:
    if kind == "targets":
        industries = values["industries"].split()
        known = {row.code for row in reference.classification().all()}
        if unknown := next((code for code in industries if code not in known), None):
            raise FieldError("industries", PLAN_ERRORS["industries"], code=unknown)
        if values["kind"] == Counting.ENROLMENT and not industries:
            raise FieldError("industries", PLAN_ERRORS["industries_needed"])
    if kind == "subsidies" and values["share"] is None and values["lump"] is None:
        raise FieldError("share", PLAN_ERRORS["amount_or_share"])


def _sound(version: PlanVersion) -> None:
    if not version.source.strip():
        raise RegistryError(PLAN_ERRORS["no_source"])
    if not version.targets:
        raise RegistryError(PLAN_ERRORS["no_targets"])
    if not version.measures:
        raise RegistryError(PLAN_ERRORS["no_measures"])
    if alone := next((measure for measure in version.measures if not measure.offices), None):
        raise RegistryError(PLAN_ERRORS["no_offices"], code=alone.code)
    before = plans.issued(version.plan)
    if before and version.valid_from <= before[-1].valid_from:
        raise RegistryError(PLAN_ERRORS["valid_from"], day=before[-1].valid_from.isoformat())
