"""Cases in an actor's reach, what waits for whom, and what is known of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import selectinload

from registry.base.extensions import db
from registry.base.permissions import SEES_ALL, Actor
from registry.base.vocabulary import Role
from registry.cases.models import Case, CaseKind, CaseUse
from registry.cases.rules import identities, verdicts
from registry.cases.rules.kinds import APPLICANT, CaseStep, Doer, Effect, KeyRule, Kind, KindPaper, OnceOnly, StateKind
from registry.cases.rules.rights import FINANCE, takes
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.institutions.models import Institution


def visible_to(actor: Actor) -> Select[Case]:
    """Every case that the actor may read, unordered; `rules.rights` says the same of one."""
    return select(Case).where(within(actor))


def within(actor: Actor) -> ColumnElement[bool]:
    if actor.holds(*SEES_ALL):
        return true()
    if actor.holds(FINANCE):
        paid = ((row.id, sorted(row.kind.money_states)) for row in editions_in_use())
        return or_(
            false(), *(and_(Case.kind_id == number, Case.state.in_(states)) for number, states in paid if states)
        )
    if not actor.holds(Role.CLERK, Role.OFFICER):
        return false()
    return or_(Case.office_id == actor.office_id, Case.bureau_id == actor.office_id)


def one(actor: Actor, case_id: int) -> Select[Case]:
    return visible_to(actor).where(Case.id == case_id)


def of_firm(actor: Actor, firm: Firm) -> list[Case]:
    """In reach, of the firm itself and of what was merged into it, the newest first."""
    merged = select(Firm.id).where(Firm.merged_into_id == firm.id)
    own = or_(Case.firm_id == firm.id, Case.firm_id.in_(merged))
    return list(db.session.scalars(visible_to(actor).where(own).order_by(Case.id.desc())).unique())


@dataclass(frozen=True)
class CaseQuery:
    """What a list is narrowed to; empty parts ask for nothing. `state`: of the kind, or `open`, `good`, `bad`."""

    kind: str = ""
    group: str = ""
    state: str = ""
    cohort: int | None = None
    office: int | None = None
    text: str = ""
    mine: bool = False


def matching(actor: Actor, query: CaseQuery) -> Select[Case]:
    """In the reader's reach, the newest first; of what waits for the reader, the earliest due first."""
    rows = visible_to(actor)
    for column, value in (
        (Case.code, query.kind), (Case.group, query.group), (Case.cohort_id, query.cohort),
        (Case.office_id, query.office),
    ):  # fmt: skip
        rows = rows.where(column == value) if value else rows
    if query.state:
        rows = rows.where(_in_state(query.state))
    if query.text:
        named = (column.contains(query.text, autoescape=True) for column in (Case.applicant, Case.number))
        rows = rows.where(or_(*named))
    if query.mine:
        return rows.where(Case.id.in_(select(waiting_for(actor).subquery().c.id))).order_by(Case.due_on, Case.id)
    return rows.order_by(Case.at.desc(), Case.id.desc())


def following(actor: Actor, query: CaseQuery, after: int, *, limit: int) -> list[Case]:
    """The first `limit` of them behind the case of that number, in the order of entry."""
    rows = matching(actor, query).order_by(None).where(Case.id > after).order_by(Case.id).limit(limit)
    return list(db.session.scalars(rows))


def _in_state(state: str) -> ColumnElement[bool]:
    if state == "open":
        return Case.is_open.is_(True)
    if state in ("good", "bad"):
        kind = StateKind(state)
        ends = [and_(Case.kind_id == row.id, Case.state.in_(row.kind.codes(kind))) for row in editions_in_use()]
        return or_(false(), *ends)
    return Case.state == state


def late(on: date) -> Select[Case]:
    """Open cases whose day is over, somebody's turn."""
    return select(Case).where(Case.is_open.is_(True), Case.due_on < on, Case.turn != "").order_by(Case.id)


def waiting_for(actor: Actor) -> Select[Case]:
    """Open cases whose next step is the actor's."""
    parts = [and_(Case.turn.contains(f",{doer},"), whose) for doer, whose in _doers(actor)]
    return select(Case).where(Case.is_open.is_(True), or_(false(), *parts)).order_by(Case.due_on, Case.id)


def _doers(actor: Actor) -> list[tuple[Doer, ColumnElement[bool]]]:
    """As whom the actor takes steps, and of which cases."""
    found: list[tuple[Doer, ColumnElement[bool]]] = []
    if actor.holds(Role.CLERK, Role.OFFICER):
        found.append((Doer.CLERK, Case.office_id == actor.office_id))
    if actor.holds(Role.OFFICER):
        found.append((Doer.BUREAU, Case.bureau_id == actor.office_id))
    if actor.holds(Role.CITY_OFFICE):
        found.append((Doer.CITY, true()))
    return found


def next_doer(case: Case) -> Doer | None:
    """Whose step comes: the city's, the bureau's before the county's where both may go on; None: nobody's."""
    return next((one for one in (Doer.CITY, Doer.BUREAU, Doer.CLERK) if f",{one}," in case.turn), None)


def editions_in_use() -> list[CaseKind]:
    """Published editions: all that cases can be of."""
    return list(db.session.scalars(select(CaseKind).where(CaseKind.state == "published")))


def may_be_about(kind: Kind, case: Case) -> bool:
    """Whether a case of the kind may be about this one: an objection needs a notice, an appeal a refusal."""
    if kind.about == "noticed":
        return case.notice_id is not None and case.is_open
    return kind.about != "refused" or (not case.is_open and _ended_badly(case))


def steps_open_to(actor: Actor, case: Case) -> list[CaseStep]:
    """Steps from where the case stands that are the actor's; those that only paying takes are not among them."""
    return [
        step
        for step in case.kind.steps_from(case.state)
        if Effect.MONEY not in step.effects and takes(actor, case, step)
    ]


def told(statement: Select[Case]) -> Select[Case]:
    """With what a list says of each."""
    return statement.options(selectinload(Case.about))


def count(statement: Select[Case]) -> int:
    return db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0


# -- what is known of one -------------------------------------------------------------------------
def verdicts_of(case: Case, on: date) -> list[verdicts.ConditionVerdict]:
    """Ages count to the day on which the case was last submitted, so that waiting makes nothing too old."""
    return verdicts.verdicts(case.kind, case.values, case.rows, submitted_on(case) or on)


def submitted_on(case: Case) -> date | None:
    """When it last left the hands of whoever fills it in; None while it is there."""
    drafts = case.kind.codes(StateKind.DRAFT)
    if case.state in drafts:
        return None
    return next(
        (event.on for event in reversed(case.events) if event.start in drafts and event.end not in drafts), None
    )


def paper_year(case: Case, paper: KindPaper) -> int | None:
    """Of which year the paper must be; None where of none."""
    if paper.period == "cohort":
        return case.cohort.year if case.cohort else None
    return case.at.year - 1 if paper.period == "last" else None


def missing_papers(case: Case) -> list[KindPaper]:
    """Required ones that the case does not hold, of their year."""
    held = {(paper.paper, paper.year) for paper in case.papers if paper.voided_at is None}
    return [one for one in case.kind.papers if one.required and (one.code, paper_year(case, one)) not in held]


def returned_cells(case: Case) -> dict[str, str]:
    """Cells that came back last, with the reason of each."""
    return {cell.cell: cell.reason for cell in case.cells if cell.round == case.round}


def applicant_key(case: Case) -> str:
    """Whoever the case is for, the same through merges."""
    if case.firm_id is not None:
        return f"firm{firms.survivor(db.session.get_one(Firm, case.firm_id)).id}"
    if case.institution_id is not None:
        return f"institution{case.institution_id}"
    return case.body.get("credit_code") or case.applicant


def applicant_names(case: Case) -> frozenset[str]:
    """Everything by which whoever the case is for may be known: number through merges, credit code, name."""
    found = {applicant_key(case), identities.maker_of(case.applicant), case.body.get("credit_code", "")}
    if case.firm_id is not None:
        firm = firms.survivor(db.session.get_one(Firm, case.firm_id))
        found |= {firm.credit_code or "", identities.maker_of(firm.name)}
    if case.institution_id is not None:
        held = db.session.get_one(Institution, case.institution_id)
        found |= {held.credit_code or "", identities.maker_of(held.name)}
    return frozenset(found - {""})


def awarded(case: Case, *, of_kind: bool = False) -> Decimal:
    """What whoever the case is for was awarded in its cohort by other cases of the group, or of the kind alone."""
    rows = select(Case).where(Case.group == case.group, Case.cohort_id == case.cohort_id, Case.amount.isnot(None))
    rows = rows.where(Case.code == case.code) if of_kind else rows
    mine = applicant_names(case)
    others = db.session.scalars(rows.where(Case.id != case.id))
    theirs = (one for one in others if not _ended_badly(one) and mine & applicant_names(one))
    return sum((one.amount for one in theirs if one.amount), Decimal(0))


def _ended_badly(case: Case) -> bool:
    return case.kind.state(case.state).kind is StateKind.BAD


def lookalikes(case: Case) -> list[tuple[str, CaseUse]]:
    """What other cases use that shares its number with something of this one, and may be the same or not: to be looked
    at, not refused.
    """
    found: list[tuple[str, CaseUse]] = []
    for rule in case.kind.once:
        rows = list(rows_of(case, rule))
        found += _of_invoices(case, rule, rows)
        held = _used_elsewhere(case, rule.space) if rows else []
        for row in rows:
            mine = identities.identity(rule, row)
            near = [one for one in held if mine is not None and mine.loose and one.loose == mine.loose]
            found += [
                (mine.shown, one) for one in near if mine and not identities.same(mine.parts, one.parts, rule.rule)
            ]
    return found


def _of_invoices(case: Case, rule: OnceOnly, rows: list[dict[str, str]]) -> list[tuple[str, CaseUse]]:
    """What another case uses of the other kind with the same number of invoice: equipment, or the invoice itself."""
    columns = {KeyRule.INVOICE: ("number", "equipment", "invoice"), KeyRule.EQUIPMENT: ("invoice", "invoice", "number")}
    if rule.rule not in columns or not rows:
        return []
    own, other, part = columns[rule.rule]
    held = [(use.parts.get(part, "").lstrip("0"), use) for use in _used_elsewhere(case, other)]
    numbers = [(identities.folded(row.get(own, "")).lstrip("0"), row) for row in rows]
    return [(_shown(row), use) for number, row in numbers if number for theirs, use in held if theirs == number]


def _used_elsewhere(case: Case, space: str) -> list[CaseUse]:
    rows = select(CaseUse).where(CaseUse.space == space, CaseUse.case_id != case.id, CaseUse.released_at.is_(None))
    return list(db.session.scalars(rows.order_by(CaseUse.id)))


def _shown(row: Mapping[str, str]) -> str:
    return " ".join(filter(None, (row.get(part, "") for part in ("name", "code", "number", "invoice", "seller"))))


def rows_of(case: Case, rule: OnceOnly) -> Iterable[dict[str, str]]:
    """The rows of which the rule speaks: those of its list, or the fields of the case."""
    if rule.list:
        return case.rows.get(rule.list, [])
    return [case.values | {APPLICANT: applicant_key(case)}]
