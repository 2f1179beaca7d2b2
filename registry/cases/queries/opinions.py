"""What is known of the opinions of a case, and of whom it concerns; sealed ones are counted and not read."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.cases.models import Case, CaseOpinion
from registry.cases.rules import opinions as rules
from registry.cases.rules.kinds import CaseStep, Guard
from registry.cases.rules.opinions import Concerned, OpinionResult, PartyRole
from registry.firms.models.firms import Firm, FormerName
from registry.firms.queries import firms
from registry.institutions.models import Institution


def asks(case: Case) -> CaseStep | None:
    """The step ahead of the case that asks for opinions; None where none does now."""
    return next((step for step in case.kind.steps_from(case.state) if Guard.OPINIONS in step.guards), None)


def has_any(case: Case) -> bool:
    """Whether the kind knows of opinions at all."""
    return any(Guard.OPINIONS in step.guards for step in case.kind.steps)


def are_open(case: Case) -> bool:
    return bool(case.opinions) and all(one.opened_at is not None for one in case.opinions)


def enough(case: Case) -> bool:
    """Whether a step may be taken that asks for opinions: as many as the kind wants, and opened."""
    return are_open(case) and rules.enough(case.kind, case.opinions)


def result(case: Case) -> OpinionResult | None:
    """What they come to; None while they are sealed."""
    return rules.result(case.kind, case.opinions)


def sealed_papers(case: Case) -> frozenset[int]:
    """Scans of opinions that nobody opens yet: what they say is what is sealed."""
    return frozenset(one.paper_id for one in case.opinions if one.opened_at is None and one.paper_id is not None)


def withheld(actor: Actor, case: Case) -> frozenset[int]:
    """Scans that are not served: of whoever reads opinions the sealed ones, of anybody else all of them."""
    if can(actor, "opinion.read", case):
        return sealed_papers(case)
    return frozenset(one.paper_id for one in case.opinions if one.paper_id is not None)


def of_expert(case: Case, expert: str) -> CaseOpinion | None:
    rows = select(CaseOpinion).where(CaseOpinion.case_id == case.id, CaseOpinion.expert == expert)
    return db.session.scalars(rows).one_or_none()


def concerned(case: Case) -> list[Concerned]:
    """Every name by which an expert may have to step aside: the applicant, its owner, the legal person of either."""
    return list(dict.fromkeys(_concerned(case)))


def _concerned(case: Case) -> Iterator[Concerned]:
    yield Concerned(PartyRole.APPLICANT, case.applicant)
    if case.firm_id is not None:
        yield from _of_firm(db.session.get_one(Firm, case.firm_id), PartyRole.APPLICANT)
    if case.institution_id is not None:
        institution = db.session.get_one(Institution, case.institution_id)
        yield Concerned(PartyRole.APPLICANT, institution.name)
        if institution.body_name:
            yield Concerned(PartyRole.OWNER, institution.body_name)
        if institution.firm is not None:
            yield from _of_firm(institution.firm, PartyRole.OWNER)
    if case.about is not None:
        yield from _concerned(case.about)


def _of_firm(firm: Firm, role: PartyRole) -> Iterator[Concerned]:
    """By every name that it has or had, and its legal person by its name."""
    firm = firms.survivor(firm)
    yield Concerned(role, firm.name)
    former = select(FormerName.name).where(FormerName.firm_id == firm.id)
    for name in db.session.scalars(former.order_by(FormerName.id)):
        yield Concerned(role, name)
    if firm.parent_id is not None:
        yield Concerned(PartyRole.PARENT, firms.survivor(db.session.get_one(Firm, firm.parent_id)).name)
