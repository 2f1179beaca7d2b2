"""The papers of a filing, firm by firm: what is needed, what is at hand, what somebody recorded of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.vocabulary import LISTED_STAGES, Door, Requirement
from registry.documents.models import Document
from registry.filings.models import PaperState
from registry.filings.rules import intake
from registry.filings.rules.intake import Case, ChecklistItem, MaterialRule, PaperStatus
from registry.firms.models.firms import Firm, FormerName
from registry.pathway.models import PathwayEvent
from registry.pathway.rules.facts import FirmFacts
from registry.reference.models import Material
from registry.reference.queries import reference
from registry.trail.models import TrailEntry

_DIVISION = 2  # the first two digits of an industry code


@dataclass(frozen=True)
class ChecklistRow:
    """One line of a firm's checklist: the paper, what was last recorded of it, and the document that counts."""

    item: ChecklistItem
    row: Material
    asked: Period
    record: PaperState | None = None
    document: Document | None = None
    seal: PaperState | None = None


@dataclass
class Holdings:
    """What one firm has that speaks for its papers; `documents` without void ones, `states` in the order recorded."""

    documents: list[Document] = field(default_factory=list)
    states: list[PaperState] = field(default_factory=list)
    names: list[FormerName] = field(default_factory=list)
    listed_at: object = None
    trades: list[TrailEntry] = field(default_factory=list)


def holdings(firms: Sequence[Firm]) -> dict[int, Holdings]:
    """For each firm, in a handful of statements however many there are."""
    ids = [firm.id for firm in firms]
    found: defaultdict[int, Holdings] = defaultdict(Holdings)
    documents = select(Document).where(Document.firm_id.in_(ids), Document.voided_at.is_(None))
    for document in db.session.scalars(documents.order_by(Document.at.desc(), Document.id.desc())):
        found[document.firm_id].documents.append(document)
    for state in db.session.scalars(select(PaperState).where(PaperState.firm_id.in_(ids)).order_by(PaperState.id)):
        found[state.firm_id].states.append(state)
    for name in db.session.scalars(select(FormerName).where(FormerName.firm_id.in_(ids)).order_by(FormerName.id)):
        found[name.firm_id].names.append(name)
    entered = select(PathwayEvent.firm_id, PathwayEvent.at).where(
        PathwayEvent.firm_id.in_(ids), PathwayEvent.target.in_(LISTED_STAGES)
    )
    for firm_id, at in db.session.execute(entered.order_by(PathwayEvent.id.desc())):
        found[firm_id].listed_at = at
    trades = select(TrailEntry).where(
        TrailEntry.subject_kind == "firm", TrailEntry.subject_id.in_(ids), TrailEntry.verb == "edit",
        TrailEntry.before["industry"].as_string().is_not(None),
    )  # fmt: skip
    for entry in db.session.scalars(trades.order_by(TrailEntry.seq)):
        found[entry.subject_id or 0].trades.append(entry)
    return found


def case_of(firm: Firm, held: Holdings, statement: Period, door: Door | None, *, mismatch: bool) -> Case:
    """What about this filing decides which papers it needs."""
    new = intake.is_new(firm.opened_on or firm.founded_on, statement.end)
    grown = door is not Door.MONTHLY if door is not None else new is not True
    return Case(
        grown=grown or not firm.first_time,
        mismatch=mismatch,
        renamed=any(_is_recent(name, statement) for name in held.names),
        changed=any(_is_another_trade(entry, held.listed_at) for entry in held.trades),
    )


def checklist(facts: FirmFacts, held: Holdings, month: Period, asked: Period, case: Case) -> tuple[ChecklistRow, ...]:
    """Every paper for the window's `month`; `asked`: the statement this firm can show for it."""
    rows = reference.materials(month.end)
    found = {code: _standing(row, held, month, asked) for code, row in rows.items()}
    known = {code: status for code, (status, _record, _document) in found.items()}
    items = intake.checklist([_asked(row) for row in rows.values()], facts, month, case, known)
    return tuple(_line(item, rows[item.material.code], asked, held, *found[item.material.code][1:]) for item in items)


def _line(
    item: ChecklistItem,
    row: Material,
    asked: Period,
    held: Holdings,
    record: PaperState | None,
    document: Document | None,
) -> ChecklistRow:
    return ChecklistRow(item, row, asked, record, document, seal_of(held, document) if document else None)


def _standing(
    row: Material, held: Holdings, month: Period, asked: Period
) -> tuple[PaperStatus, PaperState | None, Document | None]:
    """What was last recorded counts; else a document at hand does, which nobody has to send twice."""
    standing = {document.id for document in held.documents}
    of_paper = [state for state in held.states if state.material == row.code]
    record = next((s for s in reversed(of_paper) if Period(s.year, s.month) == month), None)
    if record is None and not row.periodic:
        record = next((s for s in reversed(of_paper) if s.state == "held"), None)
    document = next((d for d in held.documents if d.material == row.code and fits(row, d, asked)), None)
    if record is not None:
        is_newer = document is not None and document.at > record.at  # brought since it was said
        if record.state == "waived" or (record.state in ("requested", "missing") and not is_newer):
            return PaperStatus(record.state), record, None
        if record.state == "held" and record.document_id in standing:
            return _at_hand(row, held, record.document), record, record.document
    if document is None:
        return PaperStatus.MISSING, record, None
    return _at_hand(row, held, document), None, document


def _at_hand(row: Material, held: Holdings, document: Document | None) -> PaperStatus:
    seal = seal_of(held, document) if document is not None else None
    return PaperStatus.HELD if seal is not None or not row.sealed else PaperStatus.UNSEALED


def seal_of(held: Holdings, document: Document) -> PaperState | None:
    """Where another office than the one that brought it put on record that it bears its seal, and did not take it back.

    It is a fact of the paper and not of a month: a licence that was looked at serves the next window too.
    """
    looked = [
        state
        for state in held.states
        if state.document_id == document.id
        and state.office_id != document.office_id
        and (state.sealed or state.state == "missing")
    ]
    return looked[-1] if looked and looked[-1].sealed else None


def fits(row: Material, document: Document, asked: Period) -> bool:
    """Whether a document is of the statement asked for; a paper that speaks of no period always is."""
    if not row.periodic:
        return True
    return document.year is not None and Period(document.year, document.month or 0) == asked


def _asked(row: Material) -> MaterialRule:
    return MaterialRule(
        row.code, row.name, Requirement(row.requirement), row.sealed, row.periodic, row.valid_from, row.valid_to
    )


def _is_recent(name: FormerName, statement: Period) -> bool:
    """A name given up since the beginning of the year before: its months are the ones compared with."""
    return name.merge_id is None and name.valid_to is not None and name.valid_to >= date(statement.year - 1, 1, 1)


def _is_another_trade(entry: TrailEntry, listed_at: object) -> bool:
    """A change to another industry division while in the directory; mending a wrong code is none."""
    before, after = (str((part or {}).get("industry") or "") for part in (entry.before, entry.after))
    return listed_at is not None and entry.at >= listed_at and before[:_DIVISION] != after[:_DIVISION]  # type: ignore[operator]


def states_of(firm: Firm, material: str, month: Period) -> list[PaperState]:
    """Everything recorded of one paper for one month, the newest first."""
    rows = select(PaperState).where(
        PaperState.firm_id == firm.id, PaperState.material == material,
        PaperState.year == month.year, PaperState.month == month.month,
    )  # fmt: skip
    return list(db.session.scalars(rows.order_by(PaperState.id.desc())))


def lacking(entries: Iterable[ChecklistRow]) -> tuple[ChecklistRow, ...]:
    return tuple(entry for entry in entries if entry.item.lacking)


def to_seal(entries: Iterable[ChecklistRow]) -> tuple[ChecklistRow, ...]:
    """The papers at hand that a filing needs and whose seal nobody else has looked at yet."""
    return tuple(e for e in entries if e.item.needed and e.item.status is PaperStatus.UNSEALED and e.document)


def by_code(entries: Iterable[ChecklistRow]) -> Mapping[str, ChecklistRow]:
    return {entry.item.material.code: entry for entry in entries}
