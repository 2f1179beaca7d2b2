"""What a workbook of cases is compared with: the office's own cases of a kind, and whoever it may enter one for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.base.vocabulary import OfficeKind
from registry.cases.models import Case, CaseCohort, CaseKind
from registry.cases.queries import cases
from registry.cases.rules.kinds import Applicant, Kind, StateKind
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.institutions.models import Institution

_AT_ONCE = 400
_WIDE = str.maketrans("()", "（）")


def of_office(actor: Actor, code: str) -> Select[Case]:
    """Cases of a kind that the actor's office entered, with what is asked of each."""
    rows = select(Case).where(Case.office_id == actor.office_id, Case.code == code)
    return rows.options(selectinload(Case.papers), selectinload(Case.cells), selectinload(Case.firm))


def open_to(actor: Actor, edition: CaseKind, cohort: CaseCohort | None = None) -> Select[Case]:
    """Of the kind, those that are still filled in or came back, of every edition, by number; of one year if told."""
    drafts = edition.kind.codes(StateKind.DRAFT)
    rows = of_office(actor, edition.code).where(Case.state.in_(drafts)).order_by(Case.number)
    return rows if cohort is None else rows.where(Case.cohort_id == cohort.id)


def has_columns_of(kind: Kind, case: Case) -> bool:
    """Whether a case, of whatever edition, is filled in by the same fields and lists."""
    return case.kind.fields == kind.fields and case.kind.lists == kind.lists


def numbered(actor: Actor, code: str, numbers: Iterable[str]) -> dict[str, Case]:
    """Those of the numbers that are cases of the kind of the actor's own office."""
    found: dict[str, Case] = {}
    for some in _pieces(set(numbers)):
        rows = of_office(actor, code).where(Case.number.in_(some))
        found |= {case.number: case for case in db.session.scalars(rows)}
    return found


def alike(actor: Actor, code: str, cohort: CaseCohort | None, names: Iterable[str]) -> dict[str, list[Case]]:
    """Applicant -> its cases of the kind and year that the office entered and that did not end badly."""
    found: dict[str, list[Case]] = {}
    for some in _pieces(set(names)):
        rows = of_office(actor, code).where(Case.applicant.in_(some)).order_by(Case.id)
        for case in db.session.scalars(rows if cohort is None else rows.where(Case.cohort_id == cohort.id)):
            if case.kind.state(case.state).kind is not StateKind.BAD:
                found.setdefault(case.applicant, []).append(case)
    return found


def code_of(case: Case) -> str:
    """The credit code of whoever the case is for."""
    if case.firm_id is not None:
        return (case.firm.credit_code if case.firm else None) or ""
    if case.institution_id is not None:
        held = db.session.get(Institution, case.institution_id)
        return (held.credit_code if held else None) or ""
    return case.body.get("credit_code", "")


def lacking(case: Case) -> list[str]:
    """Names of the papers that the case still lacks."""
    return [one.name for one in cases.missing_papers(case)]


# -- for whom -------------------------------------------------------------------------------------
@dataclass
class Reach:
    """Firms and institutions in the actor's reach of the codes and names that were asked for."""

    firms: list[Firm] = field(default_factory=list)
    institutions: list[Institution] = field(default_factory=list)

    @property
    def all(self) -> list[Firm | Institution]:
        return [*self.firms, *self.institutions]

    def coded(self, code: str) -> list[Firm | Institution]:
        return [one for one in self.all if one.credit_code == code]

    def named(self, name: str) -> list[Firm | Institution]:
        forms = spellings(name)
        return [one for one in self.all if one.name in forms]


def reach(actor: Actor, kind: Kind, codes: Iterable[str], names: Iterable[str]) -> Reach:
    """Whoever of those the kind is for; merged and voided ones are nobody."""
    found = Reach()
    asked = [(set(codes), "credit_code"), ({form for name in names for form in spellings(name)}, "name")]
    for words, column in asked:
        for some in _pieces(words - {""}):
            if Applicant.FIRM in kind.applicants:
                rows = firms.visible_to(actor).where(getattr(Firm, column).in_(some), Firm.merged_into_id.is_(None))
                found.firms += db.session.scalars(rows.order_by(Firm.id)).unique()
            if Applicant.INSTITUTION in kind.applicants:
                held = institutions(actor).where(getattr(Institution, column).in_(some))
                found.institutions += db.session.scalars(held)
    found.firms, found.institutions = list(dict.fromkeys(found.firms)), list(dict.fromkeys(found.institutions))
    return found


def institutions(actor: Actor) -> Select[Institution]:
    """Those of the own office, and all for a bureau: an institution is no secret, its figures are."""
    rows = select(Institution).where(Institution.voided_at.is_(None)).order_by(Institution.name, Institution.id)
    if actor.office_kind == OfficeKind.BUREAU:
        return rows
    return rows.where(Institution.office_id == actor.office_id)


def spellings(name: str) -> frozenset[str]:
    """A name as it is typed, and with its brackets in either width."""
    plain = unicodedata.normalize("NFKC", name).strip()
    return frozenset(filter(None, (name.strip(), plain, plain.translate(_WIDE))))


def _pieces(words: Iterable[str]) -> Iterator[Sequence[str]]:
    rest = iter(sorted(words))
    while some := list(islice(rest, _AT_ONCE)):
        yield some
