"""Buyer and sellers of a case as far as the case and the directory know them, and whether they may be one."""

from __future__ import annotations

import re

from sqlalchemy import or_

from registry.base import contacts
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.cases.models import Case
from registry.cases.rules.related import Party, Relation, relations
from registry.firms.models.firms import Firm
from registry.firms.queries import firms

SELLER = "seller"
"""The column of a list that names who sold."""
_PHONE = re.compile(r"[\d\-－—() （）]{7,}$")


def related(actor: Actor, case: Case) -> list[Relation]:
    """What buyer and sellers share, each seller once; of the directory only firms that the actor sees are asked."""
    lists = [one.code for one in case.kind.lists if any(c.code == SELLER for c in case.kind.columns(one.code))]
    rows = [row for name in lists for row in case.rows.get(name, []) if row.get(SELLER)]
    if not rows:
        return []
    buyer = _buyer(case)
    return list(dict.fromkeys(one for row in rows for one in relations(buyer, _seller(actor, row))))


def _buyer(case: Case) -> Party:
    firm = case.firm
    body = case.body
    phones = (body.get("phone", ""), case.values.get("phone", ""), _phone(firm))
    return Party(
        case.applicant, (firm.credit_code or "") if firm else body.get("credit_code", ""),
        case.values.get("legal_person", "") or body.get("legal_person", ""),
        (firm.registered_address if firm else body.get("address", "")) or case.values.get("address", ""),
        phones, _parents(firm),
    )  # fmt: skip


def _seller(actor: Actor, row: dict[str, str]) -> Party:
    """As the invoice prints it; what the directory holds of a firm of that name or code comes on top."""
    firm = _of_directory(actor, row[SELLER], row.get("seller_code", ""))
    contact = row.get("seller_contact", "")
    phone = _PHONE.search(contact)
    address = contact[: phone.start()] if phone else contact
    phones = (phone[0] if phone else "", _phone(firm))
    return Party(
        row[SELLER], row.get("seller_code", "") or ((firm.credit_code or "") if firm else ""),
        row.get("seller_person", ""), address or (firm.registered_address if firm else ""),
        phones, _parents(firm),
    )  # fmt: skip


def _of_directory(actor: Actor, name: str, code: str) -> Firm | None:
    held = firms.visible_to(actor).where(or_(Firm.name == name, Firm.credit_code == (code or "-")))
    return db.session.scalars(held.order_by(Firm.id).limit(1)).unique().first()


def _phone(firm: Firm | None) -> str:
    return contacts.read(firm, contacts.PHONE) if firm else ""


def _parents(firm: Firm | None) -> tuple[str, ...]:
    if firm is None or firm.parent_id is None:
        return ()
    parent = db.session.get_one(Firm, firm.parent_id)
    return tuple(filter(None, (parent.name, parent.credit_code)))
