"""Papers are checked by their content, kept under a random name, and voided with a reason, never deleted."""

from __future__ import annotations

import hashlib
import secrets
import tempfile
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from registry.base import errors, independence
from registry.base.characters import clean
from registry.base.errors import FieldError, FileRefused, ReasonNeeded, RegistryError
from registry.base.extensions import db, provided, setting
from registry.base.periods import Period
from registry.base.permissions import Actor
from registry.documents import rules
from registry.documents.models import Document
from registry.firms.models.firms import Firm
from registry.firms.services import holding, renewal
from registry.sheets import guard
from registry.trail.services import trail

LIMIT_MB = 20
_UNCOMMITTED = "uncommitted_files"
_ZIP = b"PK\x03\x04"
# What a file of this kind begins with; the name says nothing.
_SIGNATURES = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (_ZIP, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
)


def attach(
    actor: Actor, firm: Firm, *, filename: str, content: bytes, material: str, at: datetime,
    year: int | None = None, month: int | None = None, pages: str = "", first_month: int | None = None,
) -> Document:  # fmt: skip
    """Keep one paper of `material`, for a period where it speaks of one; raises FieldError('file').

    `pages`: which of a scan of several papers are this one; `first_month`: of a paper that states every month since.
    """
    if word := independence.refused_paper(filename, material):
        raise FieldError("file", independence.REFUSED, word=word)
    return attach_kept(
        actor, firm, keep(filename, content), material=material, at=at, year=year, month=month, pages=pages,
        first_month=first_month,
    )  # fmt: skip


def attach_kept(
    actor: Actor, firm: Firm, kept: StoredDocument, *, material: str, at: datetime,
    year: int | None = None, month: int | None = None, pages: str = "", first_month: int | None = None,
) -> Document:  # fmt: skip
    """As `attach`, of a file that lies in the folder of files already."""
    holding.hold(firm)
    holding.refuse_merged(firm)
    if word := independence.refused_paper(kept.filename, material):
        raise FieldError("file", independence.REFUSED, word=word)
    document = Document(
        firm_id=firm.id,
        material=material,
        year=year,
        month=month,
        first_month=first_month,
        pages=pages,
        **asdict(kept),
        office_id=actor.office_id if actor.office_id is not None else firm.office_id,
        by_id=actor.user_id,
        by_name=actor.name,
        at=at,
    )
    refuse_double(document)
    db.session.add(document)
    db.session.flush()
    facts = {"document_id": document.id, "material": material, "filename": document.filename, "sha256": document.sha256}
    trail.record(actor, "attach", firm, at=at, after=facts, source=document.filename)
    return document


def refuse_double(document: Document, *, field: str = "file") -> None:
    """Raise FieldError where the very bytes are held of this firm as another kind, or of another period."""
    others = select(Document).where(
        Document.firm_id == document.firm_id, Document.sha256 == document.sha256, Document.voided_at.is_(None)
    )
    with db.session.no_autoflush:
        found = [other for other in db.session.scalars(others.order_by(Document.id)) if other is not document]
    for other in found:
        if rules.clash(rules.filed_as(document), rules.filed_as(other)):
            held = Period(other.year, other.month or 0).label if other.year else ""
            raise FieldError(field, errors.DOCUMENT_TWICE, material=other.material, period=held)


@dataclass(frozen=True)
class StoredDocument:
    """A file in the folder of files: its name as shown and as stored, its type, bytes and digest."""

    filename: str
    stored_name: str
    media_type: str
    size: int
    sha256: str


def keep(filename: str, content: bytes) -> StoredDocument:
    """Check a file by its content and keep it under a random name, with the commit; raises FieldError('file')."""
    media_type, ending = _kind_of(content)
    stored = secrets.token_hex(24) + ending
    folder: Path = setting("FILES")
    folder.mkdir(parents=True, exist_ok=True)
    db.session().info.setdefault(_UNCOMMITTED, []).append(folder / stored)  # first: a full disk leaves a piece of it
    (folder / stored).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return StoredDocument(_shown_name(filename, ending), stored, media_type, len(content), digest)


def void(actor: Actor, firm: Firm, document: Document, *, at: datetime, on: date, reason: str) -> None:
    """作废: the paper no longer counts, nor a figure as documented by it; whoever could see it still can."""
    if not reason.strip():
        raise ReasonNeeded
    holding.hold(firm)
    db.session.refresh(document)
    if document.voided_at is not None:
        raise FieldError("reason", errors.DOCUMENT_VOIDED)
    document.voided_at, document.void_reason = at, reason.strip()
    facts = {"document_id": document.id, "material": document.material, "filename": document.filename}
    trail.record(actor, "void_document", firm, at=at, before=facts, reason=reason)
    renewal.renew(firm, on=on, at=at)
    for voided in provided("paper_voided"):
        voided(firm, on=on, at=at)


def confirm(actor: Actor, firm: Firm, document: Document, *, at: datetime, on: date) -> None:
    """The bureau in charge takes a note on a large difference (M07); once. Raises RegistryError."""
    holding.hold(firm)
    db.session.refresh(document)
    if document.voided_at is not None or document.confirmed_at is not None or document.material != "M07":
        raise RegistryError(errors.DOCUMENT_CONFIRMED)
    document.confirmed_at, document.confirmed_by_name = at, actor.name
    facts = {"document_id": document.id, "material": document.material, "filename": document.filename}
    trail.record(actor, "confirm_document", firm, at=at, after=facts)
    renewal.renew(firm, on=on, at=at)


def path_of(document: Document) -> Path:
    return path(document.stored_name)


def path(stored_name: str) -> Path:
    folder: Path = setting("FILES")
    return folder / stored_name


@event.listens_for(db.session, "before_commit")
def _keep(session: Session) -> None:
    """From here on a connection that breaks leaves open whether the row stands: a file too many is better than none."""
    if not session.in_nested_transaction():
        session.info.pop(_UNCOMMITTED, None)


@event.listens_for(db.session, "after_rollback")
def _forget(session: Session) -> None:
    """What nobody tried to commit leaves no file behind."""
    for path in session.info.pop(_UNCOMMITTED, []):
        path.unlink(missing_ok=True)


def _kind_of(content: bytes) -> tuple[str, str]:
    if not content:
        raise FieldError("file", errors.DOCUMENT_EMPTY)
    if len(content) > LIMIT_MB * 1024 * 1024:
        raise FieldError("file", errors.DOCUMENT_SIZE, limit=LIMIT_MB)
    for signature, media_type, ending in _SIGNATURES:
        if content.startswith(signature):
            if signature == _ZIP:
                _vouch(content)
            return media_type, ending
    raise FieldError("file", errors.DOCUMENT_TYPE)


def _vouch(content: bytes) -> None:
    """A workbook, and no macro workbook, Word file or program, which begin with the same bytes."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(content)
        file.flush()
        try:
            guard.vouch(Path(file.name))
        except FileRefused as refused:
            if refused.template == errors.FILE_NOT_TABLE:
                raise FieldError("file", errors.DOCUMENT_TYPE) from refused
            raise FieldError("file", refused.template, **refused.values) from refused


def _shown_name(filename: str, ending: str) -> str:
    """The clerk's own file name without any path, cleaned, with the ending its content deserves."""
    stem = filename.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    stem = "".join(c for c in stem if c.isprintable() and c not in '<>:"|?*')
    return (clean(stem[:120], 120).text or "document") + ending
