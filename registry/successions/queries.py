"""What an office has in hand: counted before it ends, and moved when it has ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from registry.base.extensions import db
from registry.base.vocabulary import BatchState
from registry.bundles.models import DocumentBundle
from registry.cases.models import Case
from registry.claims.models import Claim
from registry.firms.models.firms import Firm
from registry.imports.models import ColumnChoice, ImportBatch
from registry.institutions.models import Institution
from registry.notices.models import Notice, NoticeRead, Nudge
from registry.people.models import Office, User
from registry.proposals.models import Proposal
from registry.reference.models import Routing
from registry.reference.queries import dated, reference
from registry.register.models import RegisteredFirm
from registry.resources.models import Resource
from registry.successions.texts import LABELS
from registry.workbooks.models import IssuedWorkbook, WorkbookReturn
from registry.workbooks.rules import ReturnState

_STANDING = Firm.voided_at.is_(None) & Firm.merged_into_id.is_(None)
_OPEN_BATCHES = (BatchState.WAITING, BatchState.CHECKING, BatchState.CHECKED, BatchState.APPLYING)
_OPEN_RETURNS = (ReturnState.WAITING, ReturnState.READING, ReturnState.COMPARED, ReturnState.APPLYING)


def _of_the_successor() -> ColumnElement[bool]:
    """Whether the office that has followed says itself what becomes of the heading: its own word stands."""
    own, ended, after = aliased(ColumnChoice), aliased(Office), aliased(Office)
    said = select(1).select_from(own).join(after, after.id == own.office_id).join(ended, ended.successor == after.code)
    return said.where(
        ended.id == ColumnChoice.office_id, own.form == ColumnChoice.form, own.compared == ColumnChoice.compared
    ).exists()


class Moved(NamedTuple):
    """A column that names the office, and which of its rows are still in hand."""

    column: Any
    in_hand: ColumnElement[bool]


MOVED: Mapping[str, Moved] = MappingProxyType(
    {
        "accounts": Moved(User.office_id, User.active.is_(True)),
        "firms": Moved(Firm.office_id, _STANDING),
        "led": Moved(Firm.lead_bureau_id, _STANDING),
        "nominations": Moved(Proposal.office_id, Proposal.outcome.is_(None)),
        "reviews": Moved(Proposal.reviewing_office_id, Proposal.outcome.is_(None)),
        "claims": Moved(Claim.office_id, Claim.decided_at.is_(None)),
        "claimed": Moved(Claim.holder_id, Claim.decided_at.is_(None)),
        "nudges": Moved(Nudge.office_id, Nudge.answered_at.is_(None)),
        "nudging": Moved(Nudge.from_office_id, Nudge.answered_at.is_(None)),
        "notices": Moved(
            Notice.office_id, Notice.user_id.is_(None) & ~select(1).where(NoticeRead.notice_id == Notice.id).exists()
        ),
        "batches": Moved(ImportBatch.office_id, ImportBatch.state.in_(_OPEN_BATCHES)),
        # what they carry stands beside the firms, and whoever has the firms may take the import back
        "imported": Moved(ImportBatch.office_id, ImportBatch.state == BatchState.APPLIED),
        "columns": Moved(ColumnChoice.office_id, ~_of_the_successor()),
        "returns": Moved(WorkbookReturn.office_id, WorkbookReturn.state.in_(_OPEN_RETURNS)),
        "bundles": Moved(DocumentBundle.office_id, DocumentBundle.outcome.is_(None)),
        "books": Moved(IssuedWorkbook.office_id, IssuedWorkbook.id > 0),
        "institutions": Moved(Institution.office_id, Institution.voided_at.is_(None)),
        "cases": Moved(Case.office_id, Case.id > 0),
        "charge": Moved(Case.bureau_id, Case.id > 0),
    }
)
"""In the order in which they are listed; `led` follows the routing, with the bureaus that help (`services.reroute`)."""
STAYS: Mapping[str, str] = MappingProxyType(
    {
        "pathway_event.office_id": "who took the step",
        "job.office_id": "whose turn it is in the queue, for as long as it waits",
        "figure.office_id": "who transcribed it",
        "dispute.office_id": "who doubted it",
        "paper_state.office_id": "who said so",
        "claim_evidence.office_id": "who put it on the table",
        "snapshot_row.office_id": "a closed quarter",
        "snapshot_row.lead_bureau_id": "a closed quarter",
        "snapshot_change.office_id": "a closed quarter",
        "snapshot_change.lead_bureau_id": "a closed quarter",
        "quarter_certificate.office_id": "what it certified",
        "certify_extension.office_id": "who was given longer",
        "pair_verdict.office_id": "who judged",
        "document.office_id": "who attached it",
        "measure_office.office_id": "as the plan prints it",
        "firm_mark.office_id": "who recorded it",
        "qualification.office_id": "who entered it; the firm follows its office, and the certificate the firm",
        "qualification_load.office_id": "who brought it",
        "resource.office_id": "who entered it; its owner follows its office, and the resource its owner",
        "resource.released_office_id": "who released it",
        "resource_use.office_id": "who linked it",
        "resource_load.office_id": "who brought it",
        "tax_load.office_id": "who brought it",
        "upper_form.office_id": "who filled it; what it said of headings goes to its successor",
        "measure_lead.office_id": "as it was said",
        "bulletin_office.office_id": "who was asked; the office that follows sees and answers it",
        "bulletin_confirmation.office_id": "who said so",
        "case_event.office_id": "who took the step",
        "ledger_view.office_id": "whose colleagues open it; the people and what they saved stay as they are",
        "level_load.office_id": "who brought it",
        "portal_release.office_id": "who released it",
        "portal_story.office_id": "who entered it",
        "api_token.office_id": "ends with the office: the one that follows asks for its own",
        "plan_task.office_id": "as it was set; the office that follows sees and answers it",
    }
)
"""What names an office and is history: it stays what it was."""


PLACES: Mapping[str, Moved] = MappingProxyType(
    {
        "in_place": Moved(Firm.division, _STANDING),
        "in_town": Moved(Firm.town, _STANDING),
        "institutions_in": Moved(Institution.division, Institution.voided_at.is_(None)),
        "resources_in": Moved(Resource.division, Resource.voided_at.is_(None)),
        "registered_in": Moved(RegisteredFirm.division, RegisteredFirm.id > 0),
    }
)
"""What names a place and follows it when it ends; in the order in which they are listed."""
PLACES_STAY: Mapping[str, str] = MappingProxyType(
    {
        "claim_evidence.division": "what was put on the table",
        "division.parent": "what lies in it ends with it",
        "zone_town.zone": "ends with it",
        "zone_town.town": "ends with it",
        "split_share.division": "how a document split a target",
        "office.division": "the office of the place ends with it",
    }
)
"""What names a place and stays what it was."""


@dataclass(frozen=True)
class WorkLine:
    label: str
    count: int


@dataclass(frozen=True)
class WorkInHand:
    """What goes from an office to its successor, as of now; empty lines are left out."""

    office: str
    successor: str
    lines: tuple[WorkLine, ...]


def _counted(table: Mapping[str, Moved], key: int | str) -> dict[str, int]:
    found = {
        name: db.session.scalar(
            select(func.count()).select_from(moved.column.class_).where(moved.column == key, moved.in_hand)
        )
        for name, moved in table.items()
    }
    return {name: number or 0 for name, number in found.items()}


def counts_of_place(code: str) -> dict[str, int]:
    """How many rows of each kind name the place and would follow it."""
    return _counted(PLACES, code)


def counts(office: Office) -> dict[str, int]:
    """How many rows of each kind the office has in hand."""
    found = _counted(MOVED, office.id)
    helped = select(func.count(Firm.id)).where(Firm.co_bureaus.contains(f",{office.code},"), _STANDING)
    return found | {"helped": db.session.scalar(helped) or 0}


def handed_over(file: str, code: str, successor: str) -> WorkInHand:
    """What an office or a place will leave to its successor, for the page of the draft that ends it."""
    offices, places = reference.offices(), reference.division_names()
    if file == "offices.csv":
        found, names = counts(offices[code]), {one.code: one.short_name for one in offices.values()}
    else:
        found, names = counts_of_place(code), places
    lines = (WorkLine(LABELS[name], number) for name, number in found.items() if number)
    return WorkInHand(names[code], names.get(successor, "--"), tuple(lines))


def rerouted(rows: Mapping[str, Routing | None], day: date) -> int:
    """How many firms get other bureaus by a routing with these rows (None: one that ends) on `day`."""
    table = {**dated.rows_on(Routing, day), **rows}
    wanted = {prefix: row for prefix, row in table.items() if row is not None}
    codes: dict[int | None, str] = {office.id: office.code for office in reference.offices().values()}
    groups = db.session.execute(
        select(Firm.industry, Firm.lead_bureau_id, Firm.co_bureaus, func.count())
        .where(_STANDING, Firm.industry.is_not(None))
        .group_by(Firm.industry, Firm.lead_bureau_id, Firm.co_bureaus)
    )
    changed = 0
    for industry, lead_id, helping, count in groups:
        lead, others = reference.bureaus_by(wanted, industry or "", day)
        if (lead, f",{','.join(others)}," if others else "") != (codes.get(lead_id), helping):
            changed += count
    return changed


def stops_ending(code: str, successor: str | None) -> Iterator[str]:
    """Why the office cannot end (`ROW_ERRORS` of `rulesets`): work without a successor, claims between the two."""
    offices = reference.offices()
    if not successor:
        if any(counts(offices[code]).values()):
            yield "needs_successor"
    elif successor in offices and claims_between(offices[code], offices[successor]):
        yield "claims_between"


def claims_between(one: Office, other: Office) -> list[int]:
    """Open claims that cannot move: of one of the two against the other, or of both for one firm."""
    both, second = (one.id, other.id), aliased(Claim)
    twice = select(1).where(
        second.firm_id == Claim.firm_id,
        second.office_id == other.id,
        second.decided_at.is_(None),
        second.id != Claim.id,
    )
    against = Claim.office_id.in_(both) & Claim.holder_id.in_(both)
    rows = select(Claim.id).where(
        Claim.decided_at.is_(None), or_(against, (Claim.office_id == one.id) & twice.exists())
    )
    return list(db.session.scalars(rows.order_by(Claim.id)))
