"""Papers of firms within an actor's reach."""

from __future__ import annotations

from sqlalchemy import Select, select

from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.documents.models import Document
from registry.firms.models.firms import Firm
from registry.firms.queries import firms


def one(actor: Actor, document_id: int) -> Select[Document]:
    """The paper, if its firm is within reach; voided ones too."""
    return (
        select(Document)
        .join(Firm, Firm.id == Document.firm_id)
        .where(Firm.voided_at.is_(None), firms.within(actor), Document.id == document_id)
    )


def usable(firm: Firm) -> Select[Document]:
    """The papers of a firm that a figure may rest on, the newest first."""
    return (
        select(Document)
        .where(Document.firm_id == firm.id, Document.voided_at.is_(None))
        .order_by(Document.at.desc(), Document.id.desc())
    )


def documents_of(firm: Firm) -> list[Document]:
    """All papers, voided ones too, by material and then the newest first."""
    return list(
        db.session.scalars(
            select(Document)
            .where(Document.firm_id == firm.id)
            .order_by(Document.material, Document.year.desc(), Document.month.desc(), Document.id.desc())
        )
    )
