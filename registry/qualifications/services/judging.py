"""What each row of a workbook that was brought would do, by what is on record now."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select

from registry.base.errors import FieldError
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.institutions import queries as institutions
from registry.institutions.models import Institution
from registry.qualifications import texts
from registry.qualifications.models import Holder, Qualification, QualificationKind
from registry.qualifications.queries import qualifications
from registry.qualifications.queries.kinds import kinds
from registry.qualifications.rules.items import ScopeItem
from registry.qualifications.rules.numbers import folded
from registry.qualifications.rules.rights import records
from registry.qualifications.services import recording
from registry.qualifications.services.brought import counted
from registry.qualifications.services.recording import CertificateFacts
from registry.qualifications.sheets import UNLIMITED, items_in
from registry.sheets.brought import BroughtRow, RowFinding


class RowOutcome(StrEnum):
    NEW = "new"
    RENEWED = "renewed"
    CORRECTED = "corrected"
    SAME = "same"
    REFUSED = "refused"


WRITES = (RowOutcome.NEW, RowOutcome.RENEWED, RowOutcome.CORRECTED)


@dataclass(frozen=True)
class JudgedRow:
    """A row with what it would do; `holder`, `target` and `facts` where they are known."""

    row: BroughtRow
    outcome: RowOutcome
    holder: Holder | None = None
    target: Qualification | None = None
    facts: CertificateFacts | None = None
    findings: tuple[RowFinding, ...] = ()

    @property
    def doubtful(self) -> bool:
        return any(one.odd for one in self.findings)


class _Refused(Exception):
    """A row that is not taken, and why."""

    def __init__(self, key: str, template: str, **values: Any) -> None:
        super().__init__(template)
        self.key, self.template, self.values = key, template, values


def judge(actor: Actor, rows: Sequence[BroughtRow], on: date) -> list[JudgedRow]:
    """Every row, in the order of the file; nothing is written."""
    judging = _Judging(actor, rows, on)
    return [judging.judge(row) for row in rows]


def counts(judged: Iterable[JudgedRow]) -> dict[str, int]:
    """By outcome; `doubtful` counts rows that are also in one of the others."""
    return counted(RowOutcome, judged)


def digest(judged: Iterable[JudgedRow]) -> str:
    """Of what a person was shown: it is done only if it is still so."""
    told = [
        (one.row.number, one.outcome, _key(one.holder), one.target.id if one.target else 0, one.doubtful)
        for one in judged
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()


class _Judging:
    """Holders and certificates that the rows may speak of are read in a few statements."""

    def __init__(self, actor: Actor, rows: Sequence[BroughtRow], on: date) -> None:
        self.actor, self.on = actor, on
        codes = {row.values["credit_code"] for row in rows if "credit_code" in row.values}
        names = {row.values["name"] for row in rows if "name" in row.values}
        self.coded: defaultdict[str, list[Holder]] = defaultdict(list)
        self.named: defaultdict[str, list[Holder]] = defaultdict(list)
        for one in _holders(actor, codes, names):
            self.coded[one.credit_code or ""].append(one)
            self.named[one.name].append(one)
        self.kinds = {
            _word(text): kind for kind in kinds().values() for text in (kind.code, kind.name, kind.short_name)
        }
        held = {_key(one) for found in self.named.values() for one in found}
        standing = select(Qualification).where(
            qualifications.STANDING,
            or_(
                Qualification.firm_id.in_({number for table, number in held if table == "firm"}),
                Qualification.institution_id.in_({number for table, number in held if table == "institution"}),
            ),
        )
        self.standing = {row.id: row for row in db.session.scalars(standing).unique()}
        self.items = qualifications.items_of(self.standing)
        self.by_number = {(_key(row.holder), row.kind, row.number_key): row for row in self.standing.values()}
        self.taken: dict[tuple[str, str], BroughtRow] = {}

    def judge(self, row: BroughtRow) -> JudgedRow:
        if row.faults:
            findings = tuple(RowFinding(letter, template, values) for letter, template, values in row.faults)
            return JudgedRow(row, RowOutcome.REFUSED, findings=findings)
        holder: Holder | None = None
        try:
            holder, odd = self._holder(row)
            kind = self._kind(row)
            target = self._target(row, holder, kind)
            facts = self._facts(row, kind, target)
            self._once(row, facts)
            return self._compared(row, holder, target, facts, odd)
        except _Refused as refused:
            finding = RowFinding(row.letters.get(refused.key, ""), refused.template, refused.values)
        except FieldError as error:
            finding = RowFinding(row.letters.get(error.field, ""), error.template, error.values)
        return JudgedRow(row, RowOutcome.REFUSED, holder, findings=(finding,))

    def _holder(self, row: BroughtRow) -> tuple[Holder, list[RowFinding]]:
        code, name = row.values.get("credit_code"), row.values.get("name")
        if code is None and name is None:
            raise _Refused("name", texts.HOLDER_NEEDED)
        if code is None:
            found = [one for one in self.named.get(str(name), ()) if not _is_merged(one)]
        else:
            found = self.coded.get(code, [])
            if len(found) > 1:  # a firm and an institution that are one legal person: the name says which is meant
                found = [one for one in found if one.name == name] or found
        if not found:
            key, text = ("credit_code", code) if code is not None else ("name", name)
            raise _Refused(key, texts.HOLDER_UNKNOWN, text=text)
        if len(found) > 1:
            raise _Refused("name", texts.HOLDER_SEVERAL, count=len(found), text=name or code)
        holder, odd = found[0], []
        if _is_merged(holder):
            raise _Refused("credit_code", texts.FIRM_MERGED, name=holder.name)
        if code is not None and name is not None and name not in _names_of(holder):
            values = {"name": holder.name, "text": name}
            odd.append(RowFinding(row.letters.get("name", ""), texts.HOLDER_NAMED, values, odd=True))
        return holder, odd

    def _kind(self, row: BroughtRow) -> QualificationKind:
        text = row.values.get("kind", "")
        kind = self.kinds.get(_word(text))
        if kind is None:
            known = "、".join(one.name for one in kinds().values())
            raise _Refused("kind", texts.KIND_UNKNOWN, text=text, known=known)
        return kind

    def _target(self, row: BroughtRow, holder: Holder, kind: QualificationKind) -> Qualification | None:
        """The row on record that this one speaks of: by its number with us, else by kind and number."""
        text = row.values.get("record")
        if text is None:
            return self.by_number.get((_key(holder), kind.code, folded(row.values.get("number", ""))))
        if not (text.isascii() and text.isdecimal()):
            raise _Refused("record", texts.RECORD_WRONG, text=text)
        target = self.standing.get(int(text))
        if target is None or target.holder is not holder:
            raise _Refused("record", texts.RECORD_GONE, number=text)
        if target.kind != kind.code:
            raise _Refused("kind", texts.KIND_CHANGED, number=text)
        return target

    def _facts(self, row: BroughtRow, kind: QualificationKind, target: Qualification | None) -> CertificateFacts:
        """What the row says; of a certificate that is on record an empty cell says nothing new."""
        held = recording.facts_of(target, self.items.get(target.id, ())) if target else None
        given = row.values
        start = held.valid_from if held else None
        if "valid_from" in given:
            start = date.fromisoformat(given["valid_from"])
        number, issuer = (given.get(key) or (getattr(held, key) if held else "") for key in ("number", "issuer"))
        if not number:
            raise _Refused("number", texts.NUMBER_NEEDED)
        if start is None:
            raise _Refused("valid_from", texts.FROM_NEEDED)
        if "valid_to" not in given and held is None:
            raise _Refused("valid_to", texts.TO_NEEDED)
        end = held.valid_to if held else None
        if "valid_to" in given:
            end = None if given["valid_to"] == UNLIMITED else date.fromisoformat(given["valid_to"])
        items: tuple[ScopeItem, ...] = items_in(given["items"]) if "items" in given else held.items if held else ()
        scope = given.get("scope", held.scope if held else "")
        return CertificateFacts(kind.code, number, issuer, start, end, scope, items)

    def _once(self, row: BroughtRow, facts: CertificateFacts) -> None:
        before = self.taken.setdefault((facts.kind, folded(facts.number)), row)
        if before is not row:
            raise _Refused("number", texts.TWICE, row=before.place)

    def _compared(
        self,
        row: BroughtRow,
        holder: Holder,
        target: Qualification | None,
        facts: CertificateFacts,
        odd: list[RowFinding],
    ) -> JudgedRow:
        outcome = RowOutcome.NEW
        if target is not None:
            held = recording.facts_of(target, self.items.get(target.id, ()))
            if held == facts:
                return JudgedRow(row, RowOutcome.SAME, holder, target, facts)  # also of one that others act for
            outcome = RowOutcome.RENEWED if _is_later(facts, held) else RowOutcome.CORRECTED
        if not records(self.actor, holder):
            raise _Refused("name", texts.NO_RIGHT)
        recording.check(self.actor, holder, facts, target)
        points = recording.doubts(holder, facts, target, self.on)
        found = [RowFinding(row.letters.get("number", ""), one.template, one.values, odd=True) for one in points]
        return JudgedRow(row, outcome, holder, target, facts, tuple(odd + found))


def _holders(actor: Actor, codes: Collection[str], names: Collection[str]) -> list[Holder]:
    """Firms and institutions in reach of these codes or names, in a fixed order."""
    seen = firms.visible_to(actor).where(or_(Firm.credit_code.in_(codes), Firm.name.in_(names)))
    others = institutions.visible_to(actor).where(
        Institution.voided_at.is_(None), or_(Institution.credit_code.in_(codes), Institution.name.in_(names))
    )
    found: list[Holder] = list(db.session.scalars(seen.order_by(Firm.id)).unique())
    return [*found, *db.session.scalars(others.order_by(Institution.id)).unique()]


def _key(holder: Holder | None) -> tuple[str, int]:
    return (holder.__tablename__, holder.id) if holder else ("", 0)


def _is_merged(holder: Holder) -> bool:
    return isinstance(holder, Firm) and holder.merged_into_id is not None


def _names_of(holder: Holder) -> set[str]:
    former = {one.name for one in holder.former_names} if isinstance(holder, Firm) else set()
    return {holder.name, *former}


def _is_later(facts: CertificateFacts, held: CertificateFacts) -> bool:
    """A renewal begins later, and does not end before the one it renews."""
    ends_later = facts.valid_to is None or (held.valid_to is not None and facts.valid_to > held.valid_to)
    return facts.valid_from > held.valid_from and ends_later


def _word(text: str) -> str:
    return folded(text).replace("(", "（").replace(")", "）")
