"""What is issued is kept as it was: its content with a digest, its paper, and its print once a converter is there."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from sqlalchemy import select

from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.bulletins.models import Bulletin, BulletinFile
from registry.bulletins.queries import content as contents
from registry.bulletins.sheets.issued import paper_of
from registry.papers import queries as papers
from registry.papers.sheets.docx import write_docx
from registry.quarters.rules.frozen import canonical, plain
from registry.quarters.rules.frozen import digest as digest_of
from registry.trail.services import trail

DOCX, PDF = "docx", "pdf"


def keep(bulletin: Bulletin, *, at: datetime, on: date) -> None:
    """Issued from here on: the content with its digest, and the paper made of it."""
    content = plain(contents.of(bulletin))
    paper = write_docx(paper_of(content), papers.fonts(on))
    digest = digest_of(canonical(content))
    bulletin.content, bulletin.digest, bulletin.state = content, digest, "issued"
    db.session.flush()
    add_file(bulletin, DOCX, paper, at=at)


def add_file(bulletin: Bulletin, kind: str, content: bytes, *, at: datetime) -> BulletinFile:
    digest = hashlib.sha256(content).hexdigest()
    file = BulletinFile(bulletin_id=bulletin.id, kind=kind, content=content, digest=digest, at=at)
    db.session.add(file)
    db.session.flush()
    return file


def file_of(bulletin: Bulletin, kind: str) -> BulletinFile | None:
    rows = select(BulletinFile).where(BulletinFile.bulletin_id == bulletin.id, BulletinFile.kind == kind)
    return db.session.scalars(rows).one_or_none()


def taken(actor: Actor, bulletin: Bulletin, kind: str, *, at: datetime, on: date) -> bytes | None:
    """The archived file; of one that is not issued, the paper as it would be now. Who took it stands on the trail."""
    if bulletin.state == "issued":
        file = file_of(bulletin, kind)
        if file is None:
            return None
        content, digest = file.content, file.digest
    else:
        content = write_docx(paper_of(contents.of(bulletin)), papers.fonts(on))
        digest = hashlib.sha256(content).hexdigest()
    trail.record(actor, "export", bulletin, at=at, after={"kind": kind, "digest": digest})
    return content


def unprinted() -> list[int]:
    """Issued bulletins whose print is not archived yet."""
    printed = select(BulletinFile.bulletin_id).where(BulletinFile.kind == PDF)
    rows = select(Bulletin.id).where(Bulletin.state == "issued", Bulletin.id.not_in(printed))
    return list(db.session.scalars(rows.order_by(Bulletin.id)))
