"""Typical cases: entered with the firm's consent, approved by another person, withdrawn."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from registry.base import independence
from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError, StaleRecord
from registry.base.extensions import db
from registry.base.permissions import Actor, can, sees_firm
from registry.documents.services import attachments
from registry.documents.services.attachments import StoredDocument
from registry.firms.models.firms import Firm
from registry.portal import texts
from registry.portal.models import PortalStory
from registry.portal.rules.catalog import STORIES
from registry.portal.services import drawing
from registry.trail.services import trail


@dataclass(frozen=True)
class StoryFacts:
    """What is told, and who of the firm agreed when that it be public."""

    title: str
    year: int
    summary: str
    text: str
    consent_by: str
    consent_on: date


def enter(
    actor: Actor, firm: Firm, facts: StoryFacts, *, filename: str, content: bytes, at: datetime, on: date
) -> PortalStory:
    """Raises NotAllowed, FieldError."""
    if not can(actor, "story.enter") or not sees_firm(actor, firm) or actor.user_id is None or actor.office_id is None:
        raise NotAllowed
    _check(facts, on)
    if word := independence.named_in(filename):
        raise FieldError("file", independence.REFUSED, word=word)
    if not content:
        raise FieldError("file", texts.CONSENT_NEEDED)
    kept = attachments.keep(filename, content)
    row = PortalStory(
        firm=firm, **asdict(facts), **asdict(kept), office_id=actor.office_id, by_id=actor.user_id,
        by_name=actor.name, at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    trail.record(actor, "enter_story", row, at=at, after=_recorded(row))
    return row


def edit(
    actor: Actor, row: PortalStory, facts: StoryFacts, *, seen: int, at: datetime, on: date,
    paper: tuple[str, bytes] | None = None,
) -> None:  # fmt: skip
    """Until it is public. Raises NotAllowed, FieldError, StaleRecord, RegistryError."""
    _hold(row, actor, "story.edit")
    if row.revision != seen:
        raise StaleRecord(who=row.by_name)
    _check(facts, on)
    before = _recorded(row)
    if paper is not None and (word := independence.named_in(paper[0])):
        raise FieldError("file", independence.REFUSED, word=word)
    # Whoever last wrote it answers for it, and is not the one who approves it.
    row.by_id, row.by_name, row.at = actor.user_id or row.by_id, actor.name, at
    for name, value in asdict(facts).items():
        setattr(row, name, value)
    if paper is not None:
        kept: StoredDocument = attachments.keep(*paper)
        for name, value in asdict(kept).items():
            setattr(row, name, value)
    db.session.flush()
    trail.record(actor, "edit_story", row, at=at, before=before, after=_recorded(row))


def approve(actor: Actor, row: PortalStory, *, seen: int, at: datetime, on: date) -> None:
    """What was read (`seen`: its revision) is public from now on. Raises NotAllowed, RegistryError, StaleRecord."""
    db.session.refresh(row, with_for_update={"of": PortalStory})
    if row.state != "entered":
        raise RegistryError(texts.NOT_ENTERED)
    if row.by_id == actor.user_id:
        raise RegistryError(texts.TWO_PERSONS)
    if row.revision != seen:
        raise StaleRecord(who=row.by_name)
    if not can(actor, "story.approve", row):
        raise NotAllowed
    row.state, row.approved_by_name, row.approved_at = "public", actor.name, at
    db.session.flush()
    trail.record(actor, "approve_story", row, at=at, after=_recorded(row))
    drawing.of_few(STORIES, at=at, on=on)


def withdraw(actor: Actor, row: PortalStory, *, reason: str, at: datetime, on: date) -> None:
    """Also where the firm takes its consent back. Raises NotAllowed, ReasonNeeded, RegistryError."""
    if not reason.strip():
        raise ReasonNeeded
    _hold(row, actor, "story.withdraw")
    row.state, row.withdrawn_by_name, row.withdrawn_at, row.withdraw_reason = (
        "withdrawn", actor.name, at, reason.strip(),
    )  # fmt: skip
    db.session.flush()
    trail.record(actor, "withdraw_story", row, at=at, reason=reason.strip())
    drawing.of_few(STORIES, at=at, on=on)


def _hold(row: PortalStory, actor: Actor, permission: str) -> None:
    db.session.refresh(row, with_for_update={"of": PortalStory})
    if row.state == "withdrawn":
        raise RegistryError(texts.NOT_ENTERED)
    if not can(actor, permission, row):
        raise NotAllowed


def _check(facts: StoryFacts, on: date) -> None:
    if facts.consent_on > on:
        raise FieldError("consent_on", texts.CONSENT_LATER)


def _recorded(row: PortalStory) -> dict[str, Any]:
    consent = f"{row.consent_by} {row.consent_on.isoformat()} {row.filename} {row.sha256[:16]}"
    return {"title": row.title, "firm": row.firm.name, "consent": consent}
