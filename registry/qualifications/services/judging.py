"""What each row of a workbook that was brought would do, by what is on record now."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from registry.base.errors import FieldError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.qualifications import texts
from registry.qualifications.models import Qualification, QualificationKind
from registry.qualifications.queries import qualifications
from registry.qualifications.queries.kinds import kinds
from registry.qualifications.rules.items import ScopeItem
from registry.qualifications.rules.numbers import folded
from registry.qualifications.services import recording
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
    """A row with what it would do; `firm`, `target` and `facts` where they are known."""

    row: BroughtRow
    outcome: RowOutcome
    firm: Firm | None = None
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
    found = {outcome.value: 0 for outcome in RowOutcome} | {"doubtful": 0}
    for one in judged:
        found[one.outcome] += 1
        found["doubtful"] += one.doubtful
    return found


def digest(judged: Iterable[JudgedRow]) -> str:
    """Of what a person was shown: it is done only if it is still so."""
    told = [
        (one.row.number, one.outcome, one.firm.id if one.firm else 0, one.target.id if one.target else 0, one.doubtful)
        for one in judged
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()


class _Judging:
    """Firms and certificates that the rows may speak of are read in a few statements."""

    def __init__(self, actor: Actor, rows: Sequence[BroughtRow], on: date) -> None:
        self.actor, self.on = actor, on
        codes = {row.values["credit_code"] for row in rows if "credit_code" in row.values}
        names = {row.values["name"] for row in rows if "name" in row.values}
        seen = firms.visible_to(actor)
        self.coded = {
            firm.credit_code: firm for firm in db.session.scalars(seen.where(Firm.credit_code.in_(codes))).unique()
        }
        self.named: defaultdict[str, list[Firm]] = defaultdict(list)
        for firm in db.session.scalars(seen.where(Firm.name.in_(names)).order_by(Firm.id)).unique():
            self.named[firm.name].append(firm)
        self.kinds = {
            _word(text): kind for kind in kinds().values() for text in (kind.code, kind.name, kind.short_name)
        }
        ids = {firm.id for firm in (*self.coded.values(), *(one for found in self.named.values() for one in found))}
        standing = select(Qualification).where(qualifications.STANDING, Qualification.firm_id.in_(ids))
        self.standing = {row.id: row for row in db.session.scalars(standing).unique()}
        self.items = qualifications.items_of(self.standing)
        self.by_number = {(row.firm_id, row.kind, row.number_key): row for row in self.standing.values()}
        self.taken: dict[tuple[str, str], BroughtRow] = {}

    def judge(self, row: BroughtRow) -> JudgedRow:
        if row.faults:
            findings = tuple(RowFinding(letter, template, values) for letter, template, values in row.faults)
            return JudgedRow(row, RowOutcome.REFUSED, findings=findings)
        firm: Firm | None = None
        try:
            firm, odd = self._firm(row)
            kind = self._kind(row)
            target = self._target(row, firm, kind)
            facts = self._facts(row, kind, target)
            self._once(row, facts)
            return self._compared(row, firm, target, facts, odd)
        except _Refused as refused:
            finding = RowFinding(row.letters.get(refused.key, ""), refused.template, refused.values)
        except FieldError as error:
            finding = RowFinding(row.letters.get(error.field, ""), error.template, error.values)
        return JudgedRow(row, RowOutcome.REFUSED, firm, findings=(finding,))

    def _firm(self, row: BroughtRow) -> tuple[Firm, list[RowFinding]]:
        code, name = row.values.get("credit_code"), row.values.get("name")
        if code is None and name is None:
            raise _Refused("name", texts.FIRM_NEEDED)
        found = [self.coded[code]] if code in self.coded else []
        if code is None:
            found = [firm for firm in self.named.get(str(name), ()) if firm.merged_into_id is None]
        if not found:
            key, text = ("credit_code", code) if code is not None else ("name", name)
            raise _Refused(key, texts.FIRM_UNKNOWN, text=text)
        if len(found) > 1:
            raise _Refused("name", texts.FIRM_SEVERAL, count=len(found), text=name)
        firm, odd = found[0], []
        if firm.merged_into_id is not None:
            raise _Refused("credit_code", texts.FIRM_MERGED, name=firm.name)
        known = {firm.name, *(former.name for former in firm.former_names)}
        if code is not None and name is not None and name not in known:
            values = {"name": firm.name, "text": name}
            odd.append(RowFinding(row.letters.get("name", ""), texts.FIRM_NAMED, values, odd=True))
        return firm, odd

    def _kind(self, row: BroughtRow) -> QualificationKind:
        text = row.values.get("kind", "")
        kind = self.kinds.get(_word(text))
        if kind is None:
            known = "、".join(one.name for one in kinds().values())
            raise _Refused("kind", texts.KIND_UNKNOWN, text=text, known=known)
        return kind

    def _target(self, row: BroughtRow, firm: Firm, kind: QualificationKind) -> Qualification | None:
        """The row on record that this one speaks of: by its number with us, else by kind and number."""
        text = row.values.get("record")
        if text is None:
            return self.by_number.get((firm.id, kind.code, folded(row.values.get("number", ""))))
        if not (text.isascii() and text.isdecimal()):
            raise _Refused("record", texts.RECORD_WRONG, text=text)
        target = self.standing.get(int(text))
        if target is None or target.firm_id != firm.id:
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
        self, row: BroughtRow, firm: Firm, target: Qualification | None, facts: CertificateFacts, odd: list[RowFinding]
    ) -> JudgedRow:
        outcome = RowOutcome.NEW
        if target is not None:
            held = recording.facts_of(target, self.items.get(target.id, ()))
            if held == facts:
                return JudgedRow(row, RowOutcome.SAME, firm, target, facts)  # also of a firm that others act for
            outcome = RowOutcome.RENEWED if _is_later(facts, held) else RowOutcome.CORRECTED
        if not can(self.actor, "qualification.record", firm):
            raise _Refused("name", texts.NO_RIGHT)
        recording.check(self.actor, firm, facts, target)
        points = recording.doubts(firm, facts, target, self.on)
        found = [RowFinding(row.letters.get("number", ""), one.template, one.values, odd=True) for one in points]
        return JudgedRow(row, outcome, firm, target, facts, tuple(odd + found))


def _is_later(facts: CertificateFacts, held: CertificateFacts) -> bool:
    """A renewal begins later, and does not end before the one it renews."""
    ends_later = facts.valid_to is None or (held.valid_to is not None and facts.valid_to > held.valid_to)
    return facts.valid_from > held.valid_from and ends_later


def _word(text: str) -> str:
    return folded(text).replace("(", "（").replace(")", "）")
