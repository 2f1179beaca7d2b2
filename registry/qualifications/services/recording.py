"""A certificate is entered, renewed, corrected or voided; each time a row is added, and none is overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can, sees_firm
from registry.documents.models import Document
from registry.firms.models.firms import Firm
from registry.firms.services import holding
from registry.qualifications import texts
from registry.qualifications.models import Qualification, QualificationItem, QualificationWarning
from registry.qualifications.queries import qualifications
from registry.qualifications.queries.kinds import kinds
from registry.qualifications.rules.items import ScopeItem, items_text
from registry.qualifications.rules.numbers import OddPoint, folded, odd_points, refuse_impossible
from registry.trail.services import trail


@dataclass(frozen=True)
class CertificateFacts:
    """What a certificate says; `valid_to` None: no end is stated on it (长期)."""

    kind: str
    number: str
    issuer: str
    valid_from: date
    valid_to: date | None
    scope: str = ""
    items: tuple[ScopeItem, ...] = ()


@dataclass(frozen=True)
class CertificateEntry:
    """The facts with what a person adds: the paper, and why what looks odd is right."""

    facts: CertificateFacts
    document: Document | None = None
    doubt_reason: str = ""


class DoubtsUnanswered(FieldError):
    """Something looks odd, and nobody has said yet why it is right; `points`: each of them."""

    template = texts.DOUBT_UNANSWERED

    def __init__(self, points: Sequence[OddPoint]) -> None:
        self.points = tuple(points)
        super().__init__("doubt_reason", None, count=len(self.points))


@dataclass(frozen=True)
class _Step:
    """Which row the new one follows, and how it is called on the trail."""

    verb: str
    follows: Qualification | None = None
    ends_as: str = ""
    reason: str = ""
    links: dict[str, int | None] = field(default_factory=dict)


def add(actor: Actor, firm: Firm, entry: CertificateEntry, *, at: datetime, on: date) -> Qualification:
    """登记. Raises NotAllowed, FieldError, DoubtsUnanswered."""
    holding.hold(firm)
    if not can(actor, "qualification.record", firm):
        raise NotAllowed
    return _write(actor, firm, entry, _Step("record_qualification"), at=at, on=on)


def renew(actor: Actor, row: Qualification, entry: CertificateEntry, *, at: datetime, on: date) -> Qualification:
    """换证: a new row follows, the old one stays true for its own days. Raises as `add`, RegistryError."""
    _hold(actor, row)
    refuse_earlier(row, entry.facts)
    step = _Step("renew_qualification", row, "renewed", links={"renews_id": row.id})
    return _write(actor, row.firm, entry, step, at=at, on=on)


def correct(
    actor: Actor, row: Qualification, entry: CertificateEntry, *, reason: str, at: datetime, on: date
) -> Qualification:
    """更正: a new row says what the certificate really says. Raises as `add`, ReasonNeeded, RegistryError."""
    _hold(actor, row)
    if not reason.strip():
        raise ReasonNeeded
    document_id = entry.document.id if entry.document else None
    if facts_of(row) == entry.facts and row.document_id == document_id:
        raise RegistryError(texts.NOTHING_CHANGED)
    links = {"corrects_id": row.id, "renews_id": row.renews_id}
    step = _Step("correct_qualification", row, "corrected", reason.strip(), links)
    written = _write(actor, row.firm, entry, step, at=at, on=on)
    if written.valid_to == row.valid_to:
        _carry_warnings(row, written)
    return written


def void(actor: Actor, row: Qualification, *, reason: str, at: datetime) -> None:
    """作废: it was never so; what it had renewed stands again. Raises NotAllowed, ReasonNeeded, RegistryError."""
    if not reason.strip():
        raise ReasonNeeded
    _hold(actor, row)
    _end(actor, row, "voided", reason.strip(), at)
    db.session.flush()
    former = db.session.get(Qualification, row.renews_id) if row.renews_id else None
    if former is not None and former.ended == "renewed":
        former.ended, former.ended_at, former.ended_by_name, former.end_reason = None, None, "", ""
    _flush()
    trail.record(actor, "void_qualification", row, at=at, before=_recorded(row, facts_of(row)), reason=reason.strip())


def facts_of(row: Qualification, items: tuple[ScopeItem, ...] | None = None) -> CertificateFacts:
    """What a row says; its items are read where they are not given."""
    lines = qualifications.items_of([row.id]).get(row.id, ()) if items is None else items
    return CertificateFacts(row.kind, row.number, row.issuer, row.valid_from, row.valid_to, row.scope, lines)


def refuse_earlier(row: Qualification, facts: CertificateFacts) -> None:
    """A renewal begins later than what it renews."""
    if facts.valid_from <= row.valid_from or facts.kind != row.kind:
        end = row.valid_to.isoformat() if row.valid_to else "--"
        raise FieldError("valid_from", texts.RENEWAL_EARLIER, start=row.valid_from.isoformat(), end=end)


def check(actor: Actor, firm: Firm, facts: CertificateFacts, follows: Qualification | None) -> None:
    """Raise FieldError for what cannot stand, whatever anybody says for it."""
    kind = kinds().get(facts.kind)
    if kind is None:
        known = tuple(one.name for one in kinds().values())
        raise FieldError("kind", texts.KIND_UNKNOWN, text=facts.kind, known=known)
    refuse_impossible(facts.number)
    if not facts.issuer:
        raise FieldError("issuer", texts.ISSUER_NEEDED)
    if facts.valid_to is not None and facts.valid_to < facts.valid_from:
        raise FieldError("valid_to", texts.TO_BEFORE_FROM)
    if facts.items and not kind.with_items:
        raise FieldError("items", texts.ITEMS_OF_NONE, kind=kind.name)
    key = (facts.kind, folded(facts.number))
    _refuse_held(actor, firm, _at_others(firm, *key), qualifications.standing_by_number([key]).get(key), follows)


def doubts(firm: Firm, facts: CertificateFacts, follows: Qualification | None, on: date) -> list[OddPoint]:
    """What a person has to answer for before it is stored."""
    kind = kinds()[facts.kind]
    found = list(odd_points(kind, facts.number, facts.valid_from, facts.valid_to, on))
    if follows is None:
        rows = select(Qualification).where(
            qualifications.STANDING, Qualification.firm_id == firm.id, Qualification.kind == facts.kind
        )
        others = db.session.scalars(rows.order_by(Qualification.id)).unique()
        found += [OddPoint(texts.DOUBT_SAME_KIND, {"kind": kind.name, "number": one.number}) for one in others]
    return found


# -- doing it -------------------------------------------------------------------------------------
def _hold(actor: Actor, row: Qualification) -> None:
    holding.hold(row.firm)
    db.session.refresh(row)
    if row.ended is not None:
        raise RegistryError(texts.NOT_STANDING)
    if not can(actor, "qualification.change", row):
        raise NotAllowed


def _write(actor: Actor, firm: Firm, entry: CertificateEntry, step: _Step, *, at: datetime, on: date) -> Qualification:
    facts, follows = entry.facts, step.follows
    holding.refuse_merged(firm)
    check(actor, firm, facts, follows)
    _refuse_foreign(firm, entry.document)
    odd = doubts(firm, facts, follows, on)
    if odd and not entry.doubt_reason.strip():
        raise DoubtsUnanswered(odd)
    if actor.user_id is None or actor.office_id is None:
        raise NotAllowed
    before = None
    if follows is not None:
        before = _recorded(follows, facts_of(follows))
        _end(actor, follows, step.ends_as, step.reason, at)
        db.session.flush()
    row = Qualification(
        firm=firm, kind=facts.kind, number=facts.number, number_key=folded(facts.number), issuer=facts.issuer,
        scope=facts.scope, valid_from=facts.valid_from, valid_to=facts.valid_to,
        doubt_reason=entry.doubt_reason.strip() if odd else "",
        document_id=entry.document.id if entry.document else None,
        office_id=actor.office_id, by_id=actor.user_id, by_name=actor.name, at=at, **step.links,
    )  # fmt: skip
    db.session.add(row)
    _flush()
    db.session.add_all(_lines(row, facts.items))
    db.session.flush()
    after = _recorded(row, facts)
    if row.doubt_reason:
        after["doubt_reason"] = row.doubt_reason
    trail.record(actor, step.verb, row, at=at, before=before, after=after, reason=step.reason)
    return row


def _flush() -> None:
    """Of two who enter one number at once the database refuses the second."""
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise FieldError("number", texts.HELD_ELSEWHERE) from error


def _lines(row: Qualification, items: Iterable[ScopeItem]) -> list[QualificationItem]:
    return [
        QualificationItem(qualification_id=row.id, rank=rank, **one._asdict())
        for rank, one in enumerate(items, start=1)
    ]


def _end(actor: Actor, row: Qualification, how: str, reason: str, at: datetime) -> None:
    row.ended, row.ended_at, row.ended_by_name, row.end_reason = how, at, actor.name, reason


def _carry_warnings(row: Qualification, written: Qualification) -> None:
    """What the office was told of the row that was wrong it is not told again of the same day."""
    told = select(QualificationWarning).where(QualificationWarning.qualification_id == row.id)
    for one in list(db.session.scalars(told.order_by(QualificationWarning.id))):
        db.session.add(QualificationWarning(qualification_id=written.id, threshold=one.threshold, at=one.at))
    db.session.flush()


def _at_others(firm: Firm, kind: str, key: str) -> Firm | None:
    """Another firm that has this number on record, also one that was renewed since."""
    rows = (
        select(Qualification)
        .where(
            Qualification.kind == kind,
            Qualification.number_key == key,
            Qualification.firm_id != firm.id,
            Qualification.ended.is_(None) | (Qualification.ended == "renewed"),
        )
        .order_by(Qualification.id)
        .limit(1)
    )
    found = db.session.scalars(rows).unique().first()
    return found.firm if found else None


def _refuse_held(
    actor: Actor, firm: Firm, other: Firm | None, standing: Qualification | None, follows: Qualification | None
) -> None:
    """Whose it is is said to whoever may see that firm, and to nobody else."""
    if other is not None:
        if sees_firm(actor, other) and other.voided_at is None:
            raise FieldError("number", texts.HELD_HERE, name=other.name)
        raise FieldError("number", texts.HELD_ELSEWHERE)
    if standing is not None and standing.firm_id == firm.id and standing is not follows:
        raise FieldError("number", texts.ALREADY)


def _refuse_foreign(firm: Firm, document: Document | None) -> None:
    if document is not None and (document.firm_id != firm.id or document.voided_at is not None):
        raise FieldError("document", texts.NOT_THIS_PAPER)


def _recorded(row: Qualification, facts: CertificateFacts) -> dict[str, Any]:
    """As the trail keeps it: the kind by its name, items as their lines."""
    told: dict[str, Any] = {
        "kind": kinds()[facts.kind].name,
        "number": facts.number,
        "issuer": facts.issuer,
        "valid_from": facts.valid_from,
        "valid_to": facts.valid_to,
    }
    if facts.scope:
        told["scope"] = facts.scope
    if facts.items:
        told["items"] = items_text(facts.items)
    if row.document_id:
        paper = db.session.get(Document, row.document_id)
        told["document"] = paper.filename if paper else ""
    return told
