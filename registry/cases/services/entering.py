"""A case is entered from papers by an office: begun, filled, its papers brought, its firm found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from registry.base import errors
from registry.base.characters import clean
from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.base.vocabulary import Stage
from registry.cases.models import Case, CaseCohort, CaseKind, CasePaper
from registry.cases.queries import cases, kinds
from registry.cases.rules import values as reading
from registry.cases.rules.kinds import Applicant, FieldType, Kind, Outcome
from registry.cases.rules.rights import begins
from registry.cases.texts import APPLICANT_LABELS, CASE_ERRORS, FIELD_ERRORS
from registry.documents.services import attachments
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.institutions.models import Institution
from registry.institutions.rules.kinds import KIND_LABELS, InstitutionKind
from registry.institutions.rules.rights import sees
from registry.people.models import Office
from registry.reference.queries import reference
from registry.trail.services import trail

BODY = ("name", "credit_code", "legal_person", "address", "phone")
MOST_ROWS = 200
"""Of a list of a case."""


@dataclass(frozen=True)
class ForWhom:
    """One of the four."""

    firm: Firm | None = None
    institution: Institution | None = None
    body: Mapping[str, str] | None = None
    case: Case | None = None

    @property
    def kind(self) -> Applicant:
        if self.case is not None:
            return Applicant.CASE
        if self.firm is not None:
            return Applicant.FIRM
        return Applicant.INSTITUTION if self.institution is not None else Applicant.BODY


def hold(case: Case) -> None:
    """Lock the case until the commit and look at it anew: of two who act at once, the second sees the first."""
    db.session.flush()
    db.session.refresh(case, with_for_update={"of": Case})
    db.session.expire(case, ["events", "papers", "cells", "opinions", "certificates", "about_this"])


def begin(actor: Actor, edition: CaseKind, whom: ForWhom, *, cohort: CaseCohort | None, at: datetime, on: date) -> Case:
    """A draft of the kind. Raises NotAllowed, FieldError, RegistryError."""
    kind = edition.kind
    if edition.state != "published":
        raise RegistryError(CASE_ERRORS["kind_draft"])
    in_force = kinds.published(edition.code, on)
    if in_force is None or in_force.id != edition.id:
        raise RegistryError(CASE_ERRORS["kind_other"])
    if not begins(actor, kind) or actor.office_id is None:
        raise NotAllowed
    _check_applicant(actor, kind, whom)
    if kind.cohorts and (cohort is None or cohort.group != kind.group):
        raise FieldError("cohort", CASE_ERRORS["cohort"])
    trail.wait_for_turn()  # numbers follow each other
    bureau = reference.offices()[reference.successor(kind.bureau, on)]
    body = _body(whom.body) if whom.body else {}
    case = Case(
        number=_number(edition, cohort.year if kind.cohorts and cohort else on.year),
        edition=edition, code=edition.code, group=edition.group, cohort=cohort if kind.cohorts else None,
        office=db.session.get_one(Office, actor.office_id), bureau=bureau, firm=whom.firm,
        institution_id=whom.institution.id if whom.institution else None, body=body, about=whom.case,
        applicant=_name(whom, body), values={}, rows={}, state=kind.first,
        turn=kind.turn(kind.first), since=on, by_id=actor.user_id,
        by_name=actor.name, at=at,
    )  # fmt: skip
    db.session.add(case)
    db.session.flush()
    after: dict[str, Any] = {"kind": edition.name, "applicant": case.applicant}
    after |= {"cohort": cohort.year} if case.cohort and cohort else {}
    trail.record(actor, "enter_case", case, at=at, after=after)
    return case


def _check_applicant(actor: Actor, kind: Kind, whom: ForWhom) -> None:
    if whom.kind not in kind.applicants:
        known = tuple(APPLICANT_LABELS[one] for one in kind.applicants)
        raise FieldError("applicant", CASE_ERRORS["applicant"], known=known)
    if whom.firm is not None:
        if db.session.scalars(firms.one(actor, whom.firm.id)).one_or_none() is None:
            raise FieldError("applicant", CASE_ERRORS["firm_reach"])
        if whom.firm.stage == Stage.MERGED:
            raise FieldError("applicant", CASE_ERRORS["firm_merged"])
    if whom.case is not None:
        if not can(actor, "case.read_one", whom.case):
            raise NotAllowed
        if not cases.may_be_about(kind, whom.case):
            raise FieldError("applicant", CASE_ERRORS[f"about_{kind.about}"])
    if whom.institution is not None and not sees(actor, whom.institution):
        raise NotAllowed
    if whom.institution is not None and kind.institutions and whom.institution.kind not in kind.institutions:
        known = tuple(KIND_LABELS[InstitutionKind(one)] for one in kind.institutions)
        raise FieldError("institution", CASE_ERRORS["institution_kind"], known=known)


def _name(whom: ForWhom, body: Mapping[str, str]) -> str:
    if whom.firm is not None:
        return whom.firm.name
    if whom.institution is not None:
        return whom.institution.name
    return body.get("name") or (whom.case.applicant if whom.case else "")


def _body(typed: Mapping[str, str]) -> dict[str, str]:
    said = {name: clean(typed.get(name, ""), 200).text for name in BODY}
    if not said["name"]:
        raise FieldError("body_name", CASE_ERRORS["body_name"])
    return {name: value for name, value in said.items() if value}


def _number(edition: CaseKind, year: int) -> str:
    """Kinds number their cases by year: `技服2021-0001`, as the kind's text `number` says before the year."""
    head = f"{edition.kind.texts.get('number') or edition.code}{year}-"
    count = db.session.scalar(select(func.count(Case.id)).where(Case.number.startswith(head, autoescape=True))) or 0
    return f"{head}{count + 1:04d}"


# -- filling --------------------------------------------------------------------------------------
def save(
    actor: Actor, case: Case, values: Mapping[str, str], rows: Mapping[str, list[dict[str, str]]], *,
    seen: int, at: datetime,
) -> None:  # fmt: skip
    """What was typed, each cell read as its field; of a returned case only cells that came back may change.

    `seen`: the revision looked at. Raises FieldError (`code`, or `list:number:code`), RegistryError, NotAllowed.
    """
    hold(case)
    if not can(actor, "case.edit", case):
        raise NotAllowed if case.is_draft else RegistryError(CASE_ERRORS["not_draft"])
    if seen != case.revision:
        raise RegistryError(CASE_ERRORS["changed"])
    new_values, new_rows = read_values(case.kind, values), read_rows(case.kind, rows)
    _refuse_future(case.kind, new_values, new_rows, at.date())
    changed = _changed(case, new_values, new_rows)
    if returned := cases.returned_cells(case):
        labels = case.kind.labels()
        for cell in changed:
            if cell not in returned:
                raise FieldError(cell, CASE_ERRORS["not_returned"], cell=labels.get(cell, cell))
    if not changed:
        return
    before = {cell: _told(case.values.get(cell, case.rows.get(cell))) for cell in changed}
    case.values, case.rows = new_values, new_rows
    db.session.flush()
    after = {cell: _told(case.values.get(cell, case.rows.get(cell))) for cell in changed}
    trail.record(actor, "edit_case", case, at=at, before={"values": before}, after={"values": after})


def _refuse_future(kind: Kind, values: Mapping[str, str], rows: Mapping[str, list[dict[str, str]]], on: date) -> None:
    """Papers speak of what has been; a day that is to come is a slip, or a field of another type."""
    for field in kind.of_case:
        if field.type is FieldType.DAY and values.get(field.code, "") > on.isoformat():
            raise FieldError(field.code, FIELD_ERRORS["future"], day=values[field.code])
    for one in kind.lists:
        days = [column.code for column in kind.columns(one.code) if column.type is FieldType.DAY]
        for number, line in enumerate(rows.get(one.code, [])):
            for code in days:
                if line.get(code, "") > on.isoformat():
                    raise FieldError(f"{one.code}:{number}:{code}", FIELD_ERRORS["future"], day=line[code])


def read_values(kind: Kind, typed: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for field in kind.of_case:
        try:
            found[field.code] = reading.read(field, typed.get(field.code, ""))
        except RegistryError as error:
            raise FieldError(field.code, error.template, **error.values) from error
    return {code: value for code, value in found.items() if value}


def read_rows(kind: Kind, typed: Mapping[str, list[dict[str, str]]]) -> dict[str, list[dict[str, str]]]:
    """Rows of each list; those in which nothing is typed are none."""
    found: dict[str, list[dict[str, str]]] = {}
    for one in kind.lists:
        lines = []
        for number, line in enumerate(typed.get(one.code, [])[:MOST_ROWS]):
            read = {}
            for field in kind.columns(one.code):
                try:
                    read[field.code] = reading.read(field, line.get(field.code, ""))
                except RegistryError as error:
                    raise FieldError(f"{one.code}:{number}:{field.code}", error.template, **error.values) from error
            lines.append({code: value for code, value in read.items() if value})
        if kept := [line for line in lines if line]:
            found[one.code] = kept
    return found


def _changed(case: Case, values: Mapping[str, str], rows: Mapping[str, Any]) -> list[str]:
    fields = [one.code for one in case.kind.of_case if case.values.get(one.code, "") != values.get(one.code, "")]
    return fields + [one.code for one in case.kind.lists if case.rows.get(one.code, []) != rows.get(one.code, [])]


def _told(value: Any) -> Any:
    """A cell as the trail says it; the rows of a list, one after another."""
    if isinstance(value, list):
        return "；".join(" ".join(row.values()) for row in value)
    return value or ""


# -- papers ---------------------------------------------------------------------------------------
def attach(
    actor: Actor, case: Case, *, paper: str, filename: str, content: bytes, year: int | None, at: datetime
) -> CasePaper:
    """Keep a paper of the case. Raises FieldError, NotAllowed."""
    hold(case)
    if not can(actor, "case.edit", case):
        raise NotAllowed
    wanted = case.kind.paper(paper)
    if wanted is None:
        raise FieldError("paper", CASE_ERRORS["paper"])
    returned = cases.returned_cells(case)
    if returned and paper not in returned and all(one.code != paper for one in cases.missing_papers(case)):
        raise FieldError("paper", CASE_ERRORS["not_returned"], cell=wanted.name)
    asked = cases.paper_year(case, wanted)
    if asked is not None and year != asked:
        raise FieldError("year", CASE_ERRORS["paper_year"], paper=wanted.name, year=asked)
    kept = attachments.keep(filename, content)
    row = CasePaper(
        case_id=case.id, paper=paper, year=asked, **asdict(kept), by_id=actor.user_id, by_name=actor.name, at=at
    )
    db.session.add(row)
    db.session.flush()
    db.session.expire(case, ["papers"])
    after = {"paper": wanted.name, "filename": row.filename, "sha256": row.sha256}
    trail.record(actor, "attach_case_paper", case, at=at, after=after, source=row.filename)
    return row


def void_paper(actor: Actor, case: Case, paper: CasePaper, *, reason: str, at: datetime) -> None:
    """A wrong paper no longer counts; whoever could see it still can."""
    hold(case)
    if not can(actor, "case.edit", case):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    if paper.voided_at is not None:
        raise RegistryError(CASE_ERRORS["paper_voided"])
    paper.voided_at, paper.void_reason = at, reason.strip()
    db.session.flush()
    before = {"paper": paper.paper, "filename": paper.filename}
    trail.record(actor, "void_case_paper", case, at=at, before=before, reason=reason)


# -- what comes next ------------------------------------------------------------------------------
def agree_next(actor: Actor, case: Case, *, step: str, day: date | None, at: datetime) -> None:
    """What is to be done next and on which day, in the words of the office."""
    hold(case)
    if not can(actor, "case.next", case):
        raise NotAllowed
    before = {"next_step": case.next_step, "next_on": case.next_on}
    case.next_step, case.next_on = clean(step, 200).text, day
    after = {"next_step": case.next_step, "next_on": case.next_on}
    if before != after:
        db.session.flush()
        trail.record(actor, "agree_next", case, at=at, before=before, after=after)


def link_firm(actor: Actor, case: Case, firm: Firm, *, at: datetime) -> None:
    """The firm of the directory that the case led to; looked for by the duplicate check, never made up here."""
    hold(case)
    leads = case.kind.outcome is Outcome.REGISTRATION and not (
        case.firm_id and Applicant.BODY not in case.kind.applicants
    )
    if actor.office_id != case.office_id or not case.is_open or not leads:
        raise NotAllowed
    if db.session.scalars(firms.one(actor, firm.id)).one_or_none() is None:
        raise FieldError("firm", CASE_ERRORS["firm_reach"])
    if firm.stage == Stage.MERGED:
        raise FieldError("firm", errors.FIRM_MERGED)
    before = {"firm": case.firm_id}
    case.firm = firm
    db.session.flush()
    trail.record(actor, "link_firm", case, at=at, before=before, after={"firm": firm.id, "applicant": firm.name})
