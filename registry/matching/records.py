"""What is known of a firm when it is compared, and what follows from it (keys, parts, valid code), worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from registry.base.contacts import numbers
from registry.base.credit_code import check
from registry.matching.evidence import Named, named
from registry.matching.keys import Keys, keys
from registry.matching.normalise import LONGEST_NAME, NameTooLong, fold, former_names, key_of, name_key
from registry.matching.parse import Parts, parse


class FormerRecord(NamedTuple):
    """A name a firm had; dates as far as they are known."""

    name: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One side of a comparison, as typed. A code that fails its check counts as missing."""

    name: str
    credit_code: str | None = None
    former_names: tuple[FormerRecord, ...] = ()
    phone: str | None = None
    address: str | None = None
    representative: str | None = None


class Side:
    """A record with what the rules ask of it."""

    def __init__(self, record: Record) -> None:
        self.record = record

    @cached_property
    def code(self) -> str:
        """The credit code if it is valid, else ''."""
        found = check((self.record.credit_code or "")[:_LONGEST_CODE])
        return found.code if found.valid else ""

    @cached_property
    def too_long(self) -> bool:
        return self.length > LONGEST_NAME

    @cached_property
    def length(self) -> int:
        """In characters, as typed or as unfolded where the name is too long only then."""
        try:
            name_key(self.record.name)
        except NameTooLong as refusal:
            return int(refusal.values["length"])
        return len(self.record.name)

    @cached_property
    def keys(self) -> Keys:
        return keys(self.record.name)

    @cached_property
    def parts(self) -> Parts:
        return parse(self.record.name)

    @cached_property
    def named(self) -> Named:
        return named(self.record.name)

    @cached_property
    def former(self) -> dict[str, FormerRecord]:
        """Key of each former name -> that name; names that have no key or are too long are left out.

        Those in brackets behind the current name (原名：…) are among them.
        """
        carried = (FormerRecord(name) for name in former_names(self.record.name))
        return {key: former for former in (*carried, *self.record.former_names) if (key := key_of(former.name))}

    @cached_property
    def contacts(self) -> dict[str, frozenset[str]]:
        """Phones, address and representative, folded, where they say something."""
        texts = {
            "phone": numbers(self.record.phone),
            "address": {fold((self.record.address or "")[:LONGEST_NAME])},
            "representative": {fold((self.record.representative or "")[:LONGEST_NAME])},
        }
        return {
            kind: frozenset(text for text in several if len(text) >= _SHORTEST_CONTACT[kind])
            for kind, several in texts.items()
        }

    def shared_contacts(self, other: Side) -> list[str]:
        """The kinds of contact of which both name one that is the same."""
        return [kind for kind, texts in self.contacts.items() if texts & other.contacts[kind]]


_LONGEST_CODE = 64  # as typed, with spaces
_SHORTEST_CONTACT = {"phone": 7, "address": 6, "representative": 2}
