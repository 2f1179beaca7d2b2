"""A certificate is entered, renewed, corrected or voided; each time a row is added, and none is overwritten.

Of a firm or of an institution: they differ in what is locked, and in where the paper lies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from registry.base import independence
from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.documents.models import Document
from registry.documents.services import attachments
from registry.firms.models.firms import Firm
from registry.firms.services import holding
from registry.institutions import services as institutions
from registry.institutions.models import Institution
from registry.qualifications import texts
from registry.qualifications.models import (
    Holder,
    Qualification,
    QualificationItem,
    QualificationPaper,
    QualificationWarning,
)
from registry.qualifications.queries import qualifications
from registry.qualifications.queries.kinds import kinds
from registry.qualifications.rules.items import ScopeItem, items_text
from registry.qualifications.rules.numbers import OddPoint, folded, odd_points, refuse_impossible
from registry.qualifications.rules.rights import records
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
    paper: Document | QualificationPaper | None = None
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


def add(actor: Actor, holder: Holder, entry: CertificateEntry, *, at: datetime, on: date) -> Qualification:
    """登记. Raises NotAllowed, FieldError, DoubtsUnanswered."""
    _lock(holder)
    if not records(actor, holder):
        raise NotAllowed
    return _write(actor, holder, entry, _Step("record_qualification"), at=at, on=on)


def attach(
    actor: Actor, institution: Institution, *, filename: str, content: bytes, at: datetime
) -> QualificationPaper:  # fmt: skip
    """Keep a scan of an institution's certificate; the act that uses it says so on the trail.

    Raises NotAllowed, FieldError('file').
    """
    if not records(actor, institution) or actor.user_id is None:
        raise NotAllowed
    if word := independence.named_in(filename):
        raise FieldError("file", independence.REFUSED, word=word)
    kept = attachments.keep(filename, content)
    paper = QualificationPaper(
        institution_id=institution.id, **asdict(kept), by_id=actor.user_id, by_name=actor.name, at=at
    )
    db.session.add(paper)
    db.session.flush()
    return paper


def renew(actor: Actor, row: Qualification, entry: CertificateEntry, *, at: datetime, on: date) -> Qualification:
    """换证: a new row follows, the old one stays true for its own days. Raises as `add`, RegistryError."""
    _hold(actor, row)
    refuse_earlier(row, entry.facts)
    step = _Step("renew_qualification", row, "renewed", links={"renews_id": row.id})
    return _write(actor, row.holder, entry, step, at=at, on=on)


def correct(
    actor: Actor, row: Qualification, entry: CertificateEntry, *, reason: str, at: datetime, on: date
) -> Qualification:
    """更正: a new row says what the certificate really says. Raises as `add`, ReasonNeeded, RegistryError."""
    _hold(actor, row)
    if not reason.strip():
        raise ReasonNeeded
    if facts_of(row) == entry.facts and row.proof is entry.paper:
        raise RegistryError(texts.NOTHING_CHANGED)
    links = {"corrects_id": row.id, "renews_id": row.renews_id}
    step = _Step("correct_qualification", row, "corrected", reason.strip(), links)
    written = _write(actor, row.holder, entry, step, at=at, on=on)
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


def check(actor: Actor, holder: Holder, facts: CertificateFacts, follows: Qualification | None) -> None:
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
    _refuse_held(actor, holder, _at_others(holder, *key), qualifications.standing_by_number([key]).get(key), follows)


def doubts(holder: Holder, facts: CertificateFacts, follows: Qualification | None, on: date) -> list[OddPoint]:
    """What a person has to answer for before it is stored."""
    kind = kinds()[facts.kind]
    found = list(odd_points(kind, facts.number, facts.valid_from, facts.valid_to, on))
    if follows is None:
        rows = select(Qualification).where(
            qualifications.STANDING, qualifications.held_by(holder), Qualification.kind == facts.kind
        )
        others = db.session.scalars(rows.order_by(Qualification.id)).unique()
        found += [OddPoint(texts.DOUBT_SAME_KIND, {"kind": kind.name, "number": one.number}) for one in others]
    return found


# -- doing it -------------------------------------------------------------------------------------
def _hold(actor: Actor, row: Qualification) -> None:
    _lock(row.holder)
    db.session.refresh(row)
    if row.ended is not None:
        raise RegistryError(texts.NOT_STANDING)
    if not can(actor, "qualification.change", row):
        raise NotAllowed


def _write(
    actor: Actor, holder: Holder, entry: CertificateEntry, step: _Step, *, at: datetime, on: date
) -> Qualification:
    facts, follows = entry.facts, step.follows
    check(actor, holder, facts, follows)
    _refuse_foreign(holder, entry.paper)
    odd = doubts(holder, facts, follows, on)
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
        **_place(holder, entry.paper), kind=facts.kind, number=facts.number, number_key=folded(facts.number),
        issuer=facts.issuer, scope=facts.scope, valid_from=facts.valid_from, valid_to=facts.valid_to,
        doubt_reason=entry.doubt_reason.strip() if odd else "",
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


def _at_others(holder: Holder, kind: str, key: str) -> Holder | None:
    """Another holder that has this number on record, also one that was renewed since."""
    own = Qualification.firm_id if isinstance(holder, Firm) else Qualification.institution_id
    rows = (
        select(Qualification)
        .where(
            Qualification.kind == kind,
            Qualification.number_key == key,
            or_(own.is_(None), own != holder.id),
            Qualification.ended.is_(None) | (Qualification.ended == "renewed"),
        )
        .order_by(Qualification.id)
        .limit(1)
    )
    found = db.session.scalars(rows).unique().first()
    return found.holder if found else None


def _refuse_held(
    actor: Actor, holder: Holder, other: Holder | None, standing: Qualification | None, follows: Qualification | None
) -> None:
    """Whose it is is said to whoever may see that holder, and to nobody else."""
    if other is not None:
        seen = can(actor, "firm.read" if isinstance(other, Firm) else "institution.read", other)
        if seen and other.voided_at is None:
            raise FieldError("number", texts.HELD_HERE, name=other.name)
        raise FieldError("number", texts.HELD_ELSEWHERE)
    if standing is not None and standing.holder is holder and standing is not follows:
        raise FieldError("number", texts.ALREADY)


def _refuse_foreign(holder: Holder, paper: Document | QualificationPaper | None) -> None:
    own = True
    if isinstance(paper, Document):
        own = isinstance(holder, Firm) and paper.firm_id == holder.id and paper.voided_at is None
    elif paper is not None:
        own = isinstance(holder, Institution) and paper.institution_id == holder.id
    if not own:
        raise FieldError("document", texts.NOT_THIS_PAPER)


def _place(holder: Holder, paper: Document | QualificationPaper | None) -> dict[str, Any]:
    """Whose the row is, and its paper, by their columns."""
    if isinstance(holder, Firm):
        return {"firm": holder, "document": paper}
    return {"institution": holder, "paper": paper}


def _lock(holder: Holder) -> None:
    """Until the commit, of two who act on one holder at once the second sees what the first did."""
    if isinstance(holder, Firm):
        holding.hold(holder)
        holding.refuse_merged(holder)
    else:
        institutions.hold(holder)


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
    if row.proof is not None:
        told["document"] = row.proof.filename
    return told
