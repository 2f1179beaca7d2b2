"""Buyer and seller that may be one: the same legal person, address, telephone or parent, each with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from registry.base import contacts
from registry.cases.rules.identities import folded, maker_of
from registry.cases.texts import REGION

_REGION = re.compile(REGION)
_SUBSCRIBER = 7
"""Digits of a telephone number without its area code."""


@dataclass(frozen=True, slots=True)
class Party:
    """What is known of a buyer or a seller; `parents`: names or codes of those it belongs to."""

    name: str
    credit_code: str = ""
    legal_person: str = ""
    address: str = ""
    phones: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """`what` of `RELATION_LABELS`, and the value both share; a telephone number is masked."""

    seller: str
    what: str
    evidence: str


def relations(buyer: Party, seller: Party) -> Iterator[Relation]:
    if _names(buyer) & _names(seller):
        yield Relation(seller.name, "self", seller.name)
        return
    if buyer.legal_person and folded(buyer.legal_person) == folded(seller.legal_person):
        yield Relation(seller.name, "legal_person", seller.legal_person)
    if (place := _place(buyer.address)) and place == _place(seller.address):
        yield Relation(seller.name, "address", seller.address)
    ours, theirs = (frozenset().union(*map(contacts.numbers, party.phones)) for party in (buyer, seller))
    if shared := sorted(one for one in theirs if any(_same_number(one, other) for other in ours)):
        yield Relation(seller.name, "phone", "、".join(contacts.masked(contacts.PHONE, one) for one in shared))
    above, over = _folded(*buyer.parents), _folded(*seller.parents)
    if above & over or _names(buyer) & over or _names(seller) & above:
        yield Relation(seller.name, "parent", "、".join(seller.parents or buyer.parents))


def _names(party: Party) -> frozenset[str]:
    return frozenset(filter(None, (maker_of(party.name), party.credit_code)))


def _folded(*names: str) -> frozenset[str]:
    return frozenset(maker_of(name) for name in names if name)


def _place(address: str) -> str:
    """An address without the province and the city, which all have."""
    return _REGION.sub("", folded(address))


def _same_number(one: str, other: str) -> bool:
    """Equal, or one of them was written without its area code."""
    short, long = sorted((one, other), key=len)
    return short == long or (_SUBSCRIBER <= len(short) <= _SUBSCRIBER + 1 and long.endswith(short))
