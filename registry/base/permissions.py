"""Who may do what: one table of pure predicates, used by web, templates, services and tests alike.

Source: docs/domain.md 1 and 2. A permission is a name; its predicate looks at the actor and, where the
permission concerns one firm (or one office's batch), at that subject.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from registry.base.firm_fields import DOCUMENTS, FIGURE_FIELDS
from registry.base.vocabulary import LISTED_STAGES, OPEN_STAGES, ApprovalKind, OfficeKind, Role, Stage

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
MONEY_ONLY = frozenset({Role.FINANCE})
"""Roles that pay what others decided, and see nothing of the directory."""
SEES_ALL = frozenset({Role.CITY_OFFICE, Role.STATISTICIAN, Role.LEADER, Role.AUDITOR})
TERRITORIAL = frozenset({OfficeKind.COUNTY, OfficeKind.ZONE})
FIGURES_OPENED_BY = frozenset({*FIGURE_FIELDS, DOCUMENTS})
READS_ONLY = frozenset({Role.LEADER, Role.AUDITOR})
REFERENCE_DRAFT = "reference"
"""The kind of a draft that changes reference data and no rule."""

# Which kinds of office may hold a role; empty means any.
ROLE_OFFICES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        Role.CLERK: frozenset({OfficeKind.COUNTY, OfficeKind.ZONE, OfficeKind.BUREAU}),
        Role.OFFICER: frozenset({OfficeKind.BUREAU, OfficeKind.TAX}),
        Role.CITY_OFFICE: frozenset({OfficeKind.BUREAU}),
        Role.STATISTICIAN: frozenset({OfficeKind.STATISTICS}),
        Role.LEADER: frozenset({OfficeKind.LEADERSHIP, OfficeKind.BUREAU, OfficeKind.STATISTICS}),
        Role.AUDITOR: frozenset(),
        Role.FINANCE: frozenset({OfficeKind.BUREAU}),
        Role.SYSTEM_ADMIN: frozenset({OfficeKind.SYSTEM}),
        Role.SECURITY_ADMIN: frozenset({OfficeKind.SYSTEM}),
        Role.AUDIT_ADMIN: frozenset({OfficeKind.SYSTEM}),
    }
)


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a signed-in person, or the system (no user id, no role).

    `stands_in_for`: number and name of those whose deputy they are today, in their own office; it adds what waits for
    those people and gives no right.
    """

    user_id: int | None
    name: str
    office_id: int | None
    office_code: str
    office_kind: str
    roles: frozenset[str]
    stands_in_for: tuple[tuple[int, str], ...] = ()

    @property
    def people(self) -> tuple[int, ...]:
        """Whose things wait for this person: their own, and those of whom they stand in for."""
        return (-1 if self.user_id is None else self.user_id, *(number for number, _name in self.stands_in_for))

    def acts_for(self, owner_id: int | None) -> str:
        """The name of the absent person whose thing it is, where that is so; else nothing."""
        return next((name for number, name in self.stands_in_for if number == owner_id), "")

    def holds(self, *roles: str) -> bool:
        return bool(self.roles & set(roles))


SYSTEM_ACTOR = Actor(None, "system", None, "system", OfficeKind.SYSTEM, frozenset())

Predicate = Callable[[Actor, Any], bool]


def roles_conflict(roles: frozenset[str]) -> bool:
    """True where one account would hold an administrator's role together with any other role."""
    return bool(roles & ADMINISTRATORS) and len(roles) > 1


def can(actor: Actor, permission: str, subject: Any = None) -> bool:
    """True where `actor` has `permission`, on `subject` where the permission concerns one.

    Raises KeyError for a permission that the table does not hold: a misspelt one must not pass for a refusal.
    """
    return PERMISSIONS[permission](actor, subject)


def sees_firm(actor: Actor, firm: Any) -> bool:
    """The row scope of docs/domain.md 2 for one firm; `firms.queries.firms.visible_to` says the same in SQL."""
    if actor.holds(*SEES_ALL):
        return True
    if not actor.holds(Role.CLERK, Role.OFFICER):
        return False
    if actor.office_id == firm.office_id:
        return True
    if actor.office_kind == OfficeKind.COUNTY:
        return bool(firm.statistical_county == actor.office_code)
    if actor.office_kind == OfficeKind.BUREAU and actor.holds(Role.OFFICER):
        leads_or_helps = firm.lead_bureau_id == actor.office_id or f",{actor.office_code}," in firm.co_bureaus
        return bool(leads_or_helps or _is_reviewed_by(actor.office_id, firm))
    return False


def _is_reviewed_by(office_id: int | None, firm: Any) -> bool:
    """A bureau that stands in for the lead bureau (which nominated the firm itself) sees it while the case is open."""
    return firm.open_proposal is not None and firm.open_proposal.reviewing_office_id == office_id


def _anyone(actor: Actor, _: Any) -> bool:
    return True


def _signed_in(actor: Actor, _: Any) -> bool:
    return actor.user_id is not None


def _role(*roles: str) -> Predicate:
    def holds(actor: Actor, _: Any) -> bool:
        return actor.holds(*roles)

    return holds


def has_business(actor: Actor, _: Any = None) -> bool:
    """Somebody with work in the directory: no administrator, and not only an officer who pays."""
    return actor.user_id is not None and not actor.holds(*ADMINISTRATORS) and bool(actor.roles - MONEY_ONLY)


_business = has_business


def _writes_business(actor: Actor, _: Any) -> bool:
    return actor.holds(Role.CLERK, Role.OFFICER, Role.CITY_OFFICE, Role.STATISTICIAN)


def _reads_firm(actor: Actor, firm: Any) -> bool:
    return sees_firm(actor, firm)


def _owns(actor: Actor, firm: Any) -> bool:
    """A clerk of the proposing office; the city office stands in for firms the city itself holds."""
    if actor.holds(Role.CLERK) and actor.office_id == firm.office_id:
        return True
    return actor.holds(Role.CITY_OFFICE) and firm.office.kind in (OfficeKind.LEADERSHIP, OfficeKind.BUREAU)


def _edits_draft(actor: Actor, firm: Any) -> bool:
    return _owns(actor, firm) and firm.stage in (Stage.LEAD, Stage.RETURNED)


def _maintains(actor: Actor, firm: Any) -> bool:
    """Correcting a listed entry: the proposing office, the lead bureau, the city office."""
    if firm.stage not in LISTED_STAGES:
        return False
    if actor.holds(Role.CITY_OFFICE) or _owns(actor, firm):
        return True
    return actor.holds(Role.OFFICER) and actor.office_id == firm.lead_bureau_id


def _edits(actor: Actor, firm: Any) -> bool:
    return _edits_draft(actor, firm) or _maintains(actor, firm)


def _records_figure(actor: Actor, firm: Any) -> bool:
    """Only the proposing office transcribes a figure (docs/domain.md 3), and not while a bureau reviews it.

    Of a returned case figures are open where a figure or a paper came back.
    """
    if not _owns(actor, firm) or firm.stage in (Stage.PROPOSED, Stage.UNDER_REVIEW, Stage.MERGED):
        return False
    return firm.stage != Stage.RETURNED or bool(_returned_fields(firm) & FIGURES_OPENED_BY)


def _returned_fields(firm: Any) -> set[str]:
    proposal = firm.open_proposal
    return {cell.field for cell in proposal.returned_cells if cell.round == proposal.rounds} if proposal else set()


def _disputes_figure(actor: Actor, firm: Any) -> bool:
    return (
        sees_firm(actor, firm)
        and not _owns(actor, firm)
        and actor.holds(Role.OFFICER, Role.CITY_OFFICE, Role.STATISTICIAN)
    )


def _adds_document(actor: Actor, firm: Any) -> bool:
    return _edits(actor, firm) or _records_figure(actor, firm)


def _confirms_document(actor: Actor, firm: Any) -> bool:
    """An officer of the bureau in charge, never whoever brought the paper."""
    return actor.holds(Role.OFFICER) and actor.office_id == firm.lead_bureau_id and not _owns(actor, firm)


def _voids_document(actor: Actor, document: Any) -> bool:
    """The office that attached it, or the city office."""
    if actor.holds(Role.CITY_OFFICE):
        return True
    return actor.holds(Role.CLERK, Role.OFFICER) and actor.office_id == document.office_id


def _reviews(actor: Actor, proposal: Any) -> bool:
    """The bureau the case was routed to, and nobody of the proposing office nor the proposer (docs/domain.md 1)."""
    return (
        actor.holds(Role.OFFICER)
        and actor.office_id == proposal.reviewing_office_id
        and actor.office_id != proposal.office_id
        and actor.user_id != proposal.proposer_id
    )


def _reads_proposal(actor: Actor, proposal: Any) -> bool:
    return sees_firm(actor, proposal.firm) or (
        actor.holds(Role.OFFICER) and actor.office_id == proposal.reviewing_office_id
    )


def _reads_review(actor: Actor, proposal: Any) -> bool:
    """The reviewer's page of a case: for the bureau it was routed to, and for those who see all."""
    return actor.holds(Role.OFFICER, *SEES_ALL) and _reads_proposal(actor, proposal)


def _reads_claim(actor: Actor, claim: Any) -> bool:
    """The two offices concerned, and those who see all."""
    if actor.holds(*SEES_ALL):
        return True
    return actor.holds(Role.CLERK, Role.OFFICER) and actor.office_id in (claim.office_id, claim.holder_id)


def _speaks_in_claim(actor: Actor, claim: Any) -> bool:
    """Whoever nominates for one of the two offices puts its evidence and asks for a decision, until there is one."""
    if claim.decided_at is not None or actor.office_id not in (claim.office_id, claim.holder_id):
        return False
    return actor.holds(Role.CLERK, Role.CITY_OFFICE)


def _nudges_case(actor: Actor, proposal: Any) -> bool:
    """The proposing office asks the bureau, the bureau asks the proposing office, the city office either of them."""
    if proposal.outcome is not None:
        return False
    if proposal.firm.stage in (Stage.PROPOSED, Stage.UNDER_REVIEW):
        return actor.holds(Role.CITY_OFFICE) or (actor.holds(Role.CLERK) and actor.office_id == proposal.office_id)
    if proposal.firm.stage != Stage.RETURNED or actor.office_id == proposal.office_id:
        return False
    return actor.holds(Role.CITY_OFFICE) or (
        actor.holds(Role.OFFICER) and actor.office_id == proposal.reviewing_office_id
    )


def _reads_pairing(actor: Actor, pairing: Any) -> bool:
    """A pair is there for whoever may see both firms; a county gets its hints while it types, and no queue."""
    return actor.holds(Role.OFFICER, *SEES_ALL) and sees_firm(actor, pairing.first) and sees_firm(actor, pairing.second)


def _judges_pairing(actor: Actor, pairing: Any) -> bool:
    return actor.holds(Role.OFFICER, Role.CITY_OFFICE) and (pairing is None or _reads_pairing(actor, pairing))


def _withdraws(actor: Actor, firm: Any) -> bool:
    return _owns(actor, firm) and firm.stage in OPEN_STAGES


def _collects_papers(actor: Actor, firm: Any) -> bool:
    """The proposing office says what it holds for a filing, while there is one to make or under way."""
    return _owns(actor, firm) and _is_filing(firm)


def _looks_at_seals(actor: Actor, firm: Any) -> bool:
    """Statistics, or the bureau in charge, never whoever brings the papers."""
    return _is_filing(firm) and (_statistics_of(actor, firm) or _confirms_document(actor, firm))


def _takes_papers(actor: Actor, firm: Any) -> bool:
    """Whoever works on the firm's filing: its office, the bureaus that see it, the city office, statistics."""
    return sees_firm(actor, firm) and actor.holds(Role.CLERK, Role.OFFICER, Role.CITY_OFFICE, Role.STATISTICIAN)


def _is_filing(firm: Any) -> bool:
    return firm.stage in LISTED_STAGES and firm.stage != Stage.ENROLLED


def _statistics_of(actor: Actor, firm: Any) -> bool:
    return actor.holds(Role.STATISTICIAN) and sees_firm(actor, firm)


def _own_batch(actor: Actor, batch: Any) -> bool:
    if actor.holds(Role.AUDITOR, Role.CITY_OFFICE):
        return True
    return actor.holds(Role.CLERK, Role.OFFICER) and actor.office_id == batch.office_id


def _changes_batch(actor: Actor, batch: Any) -> bool:
    if actor.holds(Role.CITY_OFFICE) and batch.office.kind in (OfficeKind.LEADERSHIP, OfficeKind.BUREAU):
        return True
    return actor.holds(Role.CLERK) and actor.office_id == batch.office_id


def _reads_draft(actor: Actor, draft: Any) -> bool:
    """The system administrator keeps the dictionaries, and sees no other draft."""
    of_data = draft is not None and draft.kind == REFERENCE_DRAFT and actor.holds(Role.SYSTEM_ADMIN)
    return of_data or actor.holds(*SEES_ALL)


def _edits_rules(actor: Actor, draft: Any) -> bool:
    """Only whoever prepared a draft edits it, so that whoever checks it has had no hand in it."""
    writes = actor.holds(Role.STATISTICIAN, Role.CITY_OFFICE)
    writes = writes or (draft.kind == REFERENCE_DRAFT and actor.holds(Role.SYSTEM_ADMIN))
    return writes and draft.outcome is None and actor.user_id == draft.prepared_by_id


def _publishes_rules(actor: Actor, draft: Any) -> bool:
    waits = draft.outcome is None and draft.submitted_at is not None
    writes = actor.holds(Role.STATISTICIAN, Role.CITY_OFFICE)
    return writes and waits and actor.user_id != draft.prepared_by_id and not had_before(actor, draft)


def had_before(actor: Actor, draft: Any) -> bool:
    """Whether `actor` handed this over to a successor: whoever checks it must have had no hand in it."""
    return f",{actor.user_id}," in draft.former_hands


def _reads_workbook(actor: Actor, row: Any) -> bool:
    """What came back from an office: its own clerks, the city office, the auditor."""
    if actor.holds(Role.AUDITOR, Role.CITY_OFFICE):
        return True
    return actor.holds(Role.CLERK) and actor.office_id == row.office_id


def of_own_office(actor: Actor, row: Any) -> bool:
    """Only people of the issuing office take its workbook or decide what came back in it."""
    return actor.holds(Role.CLERK, Role.CITY_OFFICE) and actor.office_id == row.office_id


def _confirms(actor: Actor, approval: Any) -> bool:
    """Another administrator than the one who asked, and never about oneself; a rescue is confirmed by nobody."""
    concerned = (approval.asked_by_id, approval.user_id)
    return actor.holds(*ADMINISTRATORS) and approval.kind != ApprovalKind.RESCUE and actor.user_id not in concerned


def _refuses(actor: Actor, approval: Any) -> bool:
    """As who confirms, and of a rescue also whom it concerns.

    What two others decide about an account is not refused from that account: whoever stole it would stay for ever.
    A rescue is one person's at the terminal, so every administrator must be able to end it.
    """
    if actor.user_id == approval.asked_by_id or not actor.holds(*ADMINISTRATORS):
        return False
    return bool(actor.user_id != approval.user_id or approval.kind == ApprovalKind.RESCUE)


def _ends_sessions(actor: Actor, user: Any) -> bool:
    """The system administrator anybody's, the security administrator a system administrator's: a brake on either.

    It takes a moment from whoever is signed in and gives nobody anything, so that one person may do it alone.
    """
    is_system = Role.SYSTEM_ADMIN in user.roles
    return actor.holds(Role.SYSTEM_ADMIN) or (actor.holds(Role.SECURITY_ADMIN) and is_system)


def _asked(actor: Actor, approval: Any) -> bool:
    return bool(actor.user_id == approval.asked_by_id and actor.user_id is not None)


_TABLE: dict[str, Predicate] = {
    # pages open to all, and one's own account
    "public": _anyone,
    "account": _signed_in,
    # the directory
    "inbox": _business,
    "firm.list": _business,
    "firm.read": _reads_firm,
    "firm.create": _role(Role.CLERK, Role.CITY_OFFICE),
    "firm.edit": _edits,
    "firm.edit_draft": _edits_draft,
    "firm.maintain": _maintains,
    "firm.reopen": lambda actor, firm: _owns(actor, firm) or actor.holds(Role.CITY_OFFICE),
    "firm.remove": lambda actor, firm: actor.holds(Role.CITY_OFFICE),
    "firm.merge": _role(Role.CITY_OFFICE),
    "firm.reveal": lambda actor, firm: sees_firm(actor, firm) and _writes_business(actor, firm),
    "firm.export": _business,
    "firm.export_contacts": _writes_business,
    "figure.record": _records_figure,
    "figure.dispute": _disputes_figure,
    "figure.settle": _disputes_figure,
    "document.add": _adds_document,
    "document.void": _voids_document,
    "document.confirm": _confirms_document,
    "duplicates.hint": _role(Role.CLERK, Role.CITY_OFFICE, Role.OFFICER),
    "pairing.list": _role(Role.OFFICER, *SEES_ALL),
    "pairing.export": _role(Role.OFFICER, *SEES_ALL),
    "pairing.read": _reads_pairing,
    "pairing.judge": _judges_pairing,
    "pairing.certify": _role(Role.CITY_OFFICE),
    # nominations and review
    "proposal.list": _business,
    "proposal.submit": _edits_draft,
    "proposal.withdraw": _withdraws,
    "review.list": _role(Role.OFFICER, Role.CITY_OFFICE, Role.LEADER, Role.AUDITOR, Role.STATISTICIAN),
    "proposal.read": _reads_proposal,
    "review.next": _role(Role.OFFICER),
    "review.together": _role(Role.OFFICER),
    "review.read": _reads_review,
    "review.decide": _reviews,
    "claim.raise": _role(Role.CLERK, Role.CITY_OFFICE),
    "claim.list": _business,
    "claim.read": _reads_claim,
    "claim.decide": _role(Role.CITY_OFFICE),
    "claim.speak": _speaks_in_claim,
    "nudge.list": _role(Role.CLERK, Role.OFFICER, Role.CITY_OFFICE),
    "proposal.nudge": _nudges_case,
    # merges
    "merge.list": _business,
    "merge.read": lambda actor, merge: sees_firm(actor, merge.winner) or sees_firm(actor, merge.folded),
    "merge.undo": _role(Role.CITY_OFFICE),
    # workbooks
    "import.create": _role(Role.CLERK, Role.CITY_OFFICE),
    "import.list": _business,
    "import.read": _own_batch,
    "import.change": _changes_batch,
    "column.withdraw": of_own_office,
    "workbook.list": _role(Role.CLERK, Role.CITY_OFFICE, Role.AUDITOR),
    "workbook.issue": _role(Role.CLERK, Role.CITY_OFFICE),
    "workbook.return": _role(Role.CLERK, Role.CITY_OFFICE),
    "workbook.read": _reads_workbook,
    "workbook.fetch": of_own_office,
    "workbook.apply": of_own_office,
    # the way into four-above and out of it: decided by statistics alone (docs/domain.md 1)
    "window.read": _business,
    "window.manage": _role(Role.STATISTICIAN),
    "paper.record": _collects_papers,
    "paper.seal": _looks_at_seals,
    "paper.take": _takes_papers,
    "paper.waive": lambda actor, firm: _is_filing(firm) and _statistics_of(actor, firm),
    "filing.list": _role(*SEES_ALL),
    "filing.export": _role(*SEES_ALL),
    "filing.read": lambda actor, filing: sees_firm(actor, filing.firm),
    "filing.file": _statistics_of,
    "filing.decide": lambda actor, filing: _statistics_of(actor, filing.firm),
    "recheck.list": _role(*SEES_ALL),
    "recheck.record": _statistics_of,
    "firm.delist": _statistics_of,
    "exit.list": _business,
    # quarters and rules
    "quarter.read": _business,
    "quarter.close": _role(Role.CITY_OFFICE),
    "quarter.export": _role(Role.CITY_OFFICE, Role.STATISTICIAN, Role.LEADER, Role.AUDITOR),
    "rule.read": _business,
    "forecast.list": _business,
    # sets of rules: two people, the one who prepared a draft and the one who checks it
    "ruleset.read": _business,
    "ruleset.draft": _role(Role.STATISTICIAN, Role.CITY_OFFICE),
    "ruleset.read_draft": _reads_draft,
    "ruleset.edit": _edits_rules,
    "ruleset.publish": _publishes_rules,
    "ruleset.export": _role(*SEES_ALL),
    # reference data: the system administrator may prepare a draft, those who publish rules check it
    "reference.read": lambda actor, subject: _business(actor, subject) or actor.holds(Role.SYSTEM_ADMIN),
    "reference.export": lambda actor, subject: _business(actor, subject) or actor.holds(Role.SYSTEM_ADMIN),
    "reference.draft": _role(Role.STATISTICIAN, Role.CITY_OFFICE, Role.SYSTEM_ADMIN),
    # the register of registered firms: public facts of business registration, loaded by command
    "register.read": _business,
    "register.export": _business,
    "register.loads": lambda actor, subject: _business(actor, subject) or actor.holds(Role.SYSTEM_ADMIN),
    "register.load": _role(Role.SYSTEM_ADMIN),
    # administration
    "trail.read": _role(Role.AUDITOR, Role.AUDIT_ADMIN),
    "trail.read_business": _role(Role.AUDITOR),
    "trail.export": _role(Role.AUDITOR, Role.AUDIT_ADMIN),
    "trail.verify": _role(Role.AUDITOR, Role.AUDIT_ADMIN),
    "user.list": _role(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN),
    "user.manage": _role(Role.SYSTEM_ADMIN),
    "session.end": _ends_sessions,
    "role.grant": _role(Role.SECURITY_ADMIN),
    "password.ask": _role(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN),
    # what one administrator asks for and another confirms
    "approval.list": _role(*ADMINISTRATORS),
    "approval.confirm": _confirms,
    "approval.refuse": _refuses,
    "approval.withdraw": _asked,
    "job.list": _role(Role.SYSTEM_ADMIN),
    "job.retry": _role(Role.SYSTEM_ADMIN),
}
PERMISSIONS: Mapping[str, Predicate] = MappingProxyType(_TABLE)


def add(permissions: Mapping[str, Predicate]) -> None:
    """Take a feature's own permissions into the table. Raises ValueError where one would change what is there."""
    if changed := {name for name in permissions if _TABLE.get(name, permissions[name]) is not permissions[name]}:
        raise ValueError(f"permissions that are there already: {', '.join(sorted(changed))}")
    _TABLE.update(permissions)
