"""What each row of a workbook that was brought would do, by what is on record now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from registry.base.errors import FieldError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.matching.normalise import fold
from registry.qualifications.services.brought import counted
from registry.reference.queries import reference
from registry.resources import texts
from registry.resources.models import Resource
from registry.resources.queries import resources
from registry.resources.queries.kinds import kinds
from registry.resources.queries.owners import OwnerIndex, is_called
from registry.resources.rules.keys import name_key, serial_key
from registry.resources.rules.rights import ResourceOwner, sees_whole
from registry.resources.services import checking, recording
from registry.resources.services.checking import FIELDS, ResourceFacts
from registry.resources.sheets import UNLIMITED
from registry.sheets.brought import BroughtRow, RowFinding


class ResourceOutcome(StrEnum):
    NEW = "new"
    CORRECTED = "corrected"
    SAME = "same"
    REFUSED = "refused"


WRITES = (ResourceOutcome.NEW, ResourceOutcome.CORRECTED)
_LETTERS: Mapping[str, tuple[str, ...]] = {"owner": ("credit_code", "name"), "name": ("title",)}
"""Where a row says what a service calls otherwise."""


@dataclass(frozen=True)
class JudgedResource:
    """A row with what it would do; `owner`, `target` and `facts` where they are known.

    `ends_release`: its target is released, and is so no more once this is written.
    """

    row: BroughtRow
    outcome: ResourceOutcome
    owner: ResourceOwner | None = None
    target: Resource | None = None
    facts: ResourceFacts | None = None
    findings: tuple[RowFinding, ...] = ()
    ends_release: bool = False

    @property
    def doubtful(self) -> bool:
        return any(one.odd for one in self.findings)


def judge(actor: Actor, rows: Sequence[BroughtRow], on: date) -> list[JudgedResource]:
    """Every row, in the order of the file; nothing is written."""
    judging = _ResourceJudging(actor, rows, on)
    return [judging.judge(row) for row in rows]


def counts(judged: Iterable[JudgedResource]) -> dict[str, int]:
    """By outcome; `doubtful` counts rows that are also in one of the others."""
    return counted(ResourceOutcome, judged)


def digest(judged: Iterable[JudgedResource]) -> str:
    """Of what a person was shown: it is done only if it is still so."""
    told = [
        (
            one.row.number,
            one.outcome,
            one.owner.name if one.owner else "",
            (one.target.id, one.target.revision) if one.target else (),
            [(finding.template, sorted(map(str, finding.values.items()))) for finding in one.findings],
            one.ends_release,
        )
        for one in judged
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()


class _ResourceJudging:
    """Owners and resources that the rows may speak of are read in a few statements."""

    def __init__(self, actor: Actor, rows: Sequence[BroughtRow], on: date) -> None:
        self.actor, self.on = actor, on
        codes = {str(row.values["credit_code"]) for row in rows if "credit_code" in row.values}
        self.owners = OwnerIndex(actor, codes, {str(row.values["name"]) for row in rows if "name" in row.values})
        self.kinds = {fold(text): code for code, kind in kinds().items() for text in (code, kind.name)}
        self.places = {
            fold(text): row.code
            for row in reference.counties_and_zones()
            for text in (row.code, row.name, row.short_name)
        }
        ids = [int(row.values["record"]) for row in rows if str(row.values.get("record", "")).isdecimal()]
        found = resources.visible_to(actor).where(resources.STANDING, Resource.id.in_(ids))
        self.recorded = {row.id: row for row in db.session.scalars(found).unique()}
        self.of_owner: dict[tuple[int, int], list[Resource]] = {}
        self.seen: dict[tuple[Any, ...], BroughtRow] = {}
        self.serials: dict[str, BroughtRow] = {}

    def judge(self, row: BroughtRow) -> JudgedResource:
        if row.faults:
            findings = tuple(RowFinding(letter, template, values) for letter, template, values in row.faults)
            return JudgedResource(row, ResourceOutcome.REFUSED, findings=findings)
        owner: ResourceOwner | None = None
        try:
            if (other := self._of_others(row)) is not None:
                return other
            code, name = row.values.get("credit_code"), row.values.get("name")
            owner = self.owners.find(code, name)
            odd = []
            if code and name and not is_called(owner, name):
                odd.append(
                    RowFinding(_at(row, "name"), texts.OWNER_NAMED, {"name": owner.name, "text": name}, odd=True)
                )
            target = self._target(row, owner)
            facts = self._facts(row, target)
            self._once(row, owner, target, facts)
            return self._compared(row, owner, target, facts, odd)
        except FieldError as error:
            letters = (_at(row, key) for key in _LETTERS.get(error.field, (error.field,)))
            finding = RowFinding(next(filter(None, letters), ""), error.template, error.values)
            return JudgedResource(row, ResourceOutcome.REFUSED, owner, findings=(finding,))

    def _of_others(self, row: BroughtRow) -> JudgedResource | None:
        """A row of our export that another office answers for: the same, or not taken, by its public fields alone.

        A number or a contact that is typed there is not compared, or one could be guessed by bringing workbooks.
        """
        number = str(row.values.get("record", ""))
        target = self.recorded.get(int(number)) if number.isascii() and number.isdecimal() else None
        if target is None or sees_whole(self.actor, target):
            return None
        owner, before = ResourceOwner(target.firm, target.institution), checking.facts_of(target)
        facts = self._facts(row, target)
        known = is_called(owner, str(row.values.get("name", "")))
        if _HIDDEN & row.values.keys() or not known or facts != before:
            raise FieldError("record", texts.NOT_OURS, number=number)
        return JudgedResource(row, ResourceOutcome.SAME, owner, target, replace(facts, serial=""))

    def _target(self, row: BroughtRow, owner: ResourceOwner) -> Resource | None:
        """The one on record that this row speaks of: by its number with us, else by serial, else by kind and name."""
        if (text := row.values.get("record")) is not None:
            if not (text.isascii() and text.isdecimal()):
                raise FieldError("record", texts.RECORD_WRONG, text=text)
            target = self.recorded.get(int(text))
            if target is None or not _is_of(target, owner):
                raise FieldError("record", texts.RECORD_GONE, number=text)
            return target
        kind, name = self.kinds.get(fold(row.values.get("kind", ""))), name_key(row.values.get("title", ""))
        alike = [one for one in self._resources(owner) if one.kind == kind]
        if key := serial_key(row.values.get("serial", "")):
            found = [one for one in alike if one.serial_key == key]
        else:
            found = [one for one in alike if one.name_key == name]
        return found[0] if len(found) == 1 else None

    def _resources(self, owner: ResourceOwner) -> list[Resource]:
        key = (owner.firm.id if owner.firm else 0, owner.institution.id if owner.institution else 0)
        if key not in self.of_owner:
            self.of_owner[key] = resources.of_owner(owner)
        return self.of_owner[key]

    def _facts(self, row: BroughtRow, target: Resource | None) -> ResourceFacts:
        """What the row says; of a resource that is on record an empty cell says nothing new."""
        held: dict[str, Any] = {name: getattr(target, name) for name in FIELDS} if target is not None else {}
        given = {name: row.values[key] for name, key in _KEYS.items() if key in row.values}
        if "kind" in given:
            given["kind"] = self._kind(given["kind"])
        if "division" in given:
            given["division"] = self._place(given["division"])
        if "valid_from" in given:
            given["valid_from"] = date.fromisoformat(given["valid_from"])
        if "valid_to" in given:
            given["valid_to"] = None if given["valid_to"] == UNLIMITED else date.fromisoformat(given["valid_to"])
        values = held | given
        for name, template in _NEEDED.items():
            if name not in values:
                raise FieldError(name, template)
        return ResourceFacts(**values)

    def _kind(self, text: str) -> str:
        code = self.kinds.get(fold(text))
        if code is None:
            known = tuple(one.name for one in kinds().values())
            raise FieldError("kind", texts.KIND_UNKNOWN, text=text, known=known)
        return code

    def _place(self, text: str) -> str:
        code = self.places.get(fold(text))
        if code is None:
            raise FieldError("division", texts.DIVISION_UNKNOWN, text=text)
        return code

    def _once(self, row: BroughtRow, owner: ResourceOwner, target: Resource | None, facts: ResourceFacts) -> None:
        """No two rows for one resource: of the second it is said where the first stands."""
        own: tuple[Any, ...] = (owner.name, facts.kind, name_key(facts.name), serial_key(facts.serial))
        before = self.seen.setdefault(("row", target.id) if target else own, row)
        if before is row and (key := serial_key(facts.serial)):
            before = self.serials.setdefault(key, row)
        if before is not row:
            raise FieldError("serial" if facts.serial else "name", texts.TWICE, row=before.place)

    def _compared(
        self,
        row: BroughtRow,
        owner: ResourceOwner,
        target: Resource | None,
        facts: ResourceFacts,
        odd: list[RowFinding],
    ) -> JudgedResource:
        if target is not None and checking.facts_of(target) == facts:
            return JudgedResource(row, ResourceOutcome.SAME, owner, target, facts)  # also of one that others act for
        if not can(self.actor, "resource.record", owner):
            raise FieldError("owner", texts.NO_RIGHT, name=owner.name)
        checking.check(facts)
        points = checking.doubts(self.actor, owner, facts, target, self.on)
        found = [RowFinding(_at(row, _about(one.template)), one.template, one.values, odd=True) for one in points]
        outcome = ResourceOutcome.NEW if target is None else ResourceOutcome.CORRECTED
        ends = target is not None and recording.ends_release(target, facts)
        return JudgedResource(row, outcome, owner, target, facts, tuple(odd + found), ends)


_HIDDEN = frozenset({"credit_code", "serial", "contact_name", "contact_phone"})
"""What is not shown of a resource out of reach."""
_KEYS: Mapping[str, str] = {name: "title" if name == "name" else name for name in FIELDS}
_NEEDED: Mapping[str, str] = {
    "kind": texts.KIND_NEEDED,
    "name": texts.NAME_NEEDED,
    "division": texts.PLACE_NEEDED,
    "capability": texts.CAPABILITY_NEEDED,
    "valid_from": texts.FROM_NEEDED,
    "valid_to": texts.TO_NEEDED,
}


def _at(row: BroughtRow, key: str) -> str:
    return str(row.letters.get(key, ""))


def _about(template: str) -> str:
    return {texts.SAME_NAME: "title", texts.DOUBT_PAST: "valid_to"}.get(template, "serial")


def _is_of(row: Resource, owner: ResourceOwner) -> bool:
    return row.firm is owner.firm and row.institution is owner.institution
