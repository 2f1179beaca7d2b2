"""A scheme is entered from its document, checked by a second person, and may be ended with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from registry.appraisals.models import AppraisalScheme, AppraisalWeight
from registry.appraisals.queries import schemes
from registry.appraisals.rules.items import Item, refuse_unsound
from registry.appraisals.texts import SCHEME_ERRORS
from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.trail.services import trail


@dataclass(frozen=True)
class SchemeHead:
    """The document of the year and the days for which its weights hold."""

    document_no: str
    document_name: str
    document_on: date
    valid_from: date
    valid_to: date


def prepare(actor: Actor, head: SchemeHead, weights: Mapping[str, int], *, at: datetime, on: date) -> AppraisalScheme:
    """Raises RegistryError for an item that cannot be scored, FieldError for what the document lacks."""
    if actor.user_id is None or not can(actor, "appraisal.draft"):
        raise NotAllowed
    refuse_unsound(weights)
    _refuse_unsound_head(head, on)
    row = AppraisalScheme(
        year=head.valid_from.year, **asdict(head), prepared_by_id=actor.user_id, prepared_by_name=actor.name,
        prepared_at=at,
        weights=[AppraisalWeight(item=item, weight=weights[item]) for item in Item if item in weights],
    )  # fmt: skip
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:  # another one waits to be checked
        db.session.rollback()
        raise RegistryError(SCHEME_ERRORS["open"]) from error
    said = " ".join(f"{one.item}={one.weight}" for one in row.weights)
    trail.record(actor, "draft_appraisal", row, at=at, source=head.document_no, after={**asdict(head), "weights": said})
    return row


def _refuse_unsound_head(head: SchemeHead, on: date) -> None:
    if not head.document_no.strip() or not head.document_name.strip():
        raise FieldError("document_no", SCHEME_ERRORS["document"])
    if head.document_on > on:
        raise FieldError("document_on", SCHEME_ERRORS["ahead"])
    if head.valid_to < head.valid_from or head.valid_to.year != head.valid_from.year:
        raise FieldError("valid_to", SCHEME_ERRORS["years"])
    _refuse_overlap(head.valid_from, head.valid_to)


def _refuse_overlap(first: date, last: date) -> None:
    if (other := schemes.overlapping(first, last)) is not None:
        raise FieldError("valid_from", SCHEME_ERRORS["taken"], document=other.document_no)


def issue(actor: Actor, scheme: AppraisalScheme, *, opinion: str, at: datetime) -> None:
    """Switch it on, by a second person. Raises NotAllowed, RegistryError, FieldError."""
    _decide(actor, scheme, "issued", opinion, at=at)
    _refuse_overlap(scheme.valid_from, scheme.valid_to)
    scheme.outcome = "issued"
    db.session.flush()
    trail.record(actor, "issue_appraisal", scheme, at=at, source=scheme.document_no, reason=scheme.opinion)


def give_back(actor: Actor, scheme: AppraisalScheme, *, opinion: str, at: datetime) -> None:
    """Not so: a new one is entered instead."""
    _decide(actor, scheme, "returned", opinion, at=at)
    scheme.outcome = "returned"
    db.session.flush()
    trail.record(actor, "return_appraisal", scheme, at=at, reason=scheme.opinion)


def _decide(actor: Actor, scheme: AppraisalScheme, outcome: str, opinion: str, *, at: datetime) -> None:
    _hold(scheme)
    if scheme.outcome is not None:
        raise RegistryError(SCHEME_ERRORS["settled"])
    if not can(actor, "appraisal.check", scheme):
        raise NotAllowed
    if not opinion.strip():
        raise FieldError("opinion", SCHEME_ERRORS["opinion"])
    scheme.decided_by_id, scheme.decided_by_name, scheme.decided_at = actor.user_id, actor.name, at
    scheme.opinion = opinion.strip()


def stop(actor: Actor, scheme: AppraisalScheme, *, reason: str, at: datetime) -> None:
    """End it before its day; its lines are told no longer, the scheme stays on record."""
    _hold(scheme)
    if not can(actor, "appraisal.stop", scheme):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    scheme.stopped_at, scheme.stopped_by_name, scheme.stop_reason = at, actor.name, reason.strip()
    db.session.flush()
    trail.record(actor, "stop_appraisal", scheme, at=at, reason=scheme.stop_reason)


def _hold(scheme: AppraisalScheme) -> None:
    db.session.flush()
    db.session.refresh(scheme, with_for_update=True)
