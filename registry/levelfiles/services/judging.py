"""What each row of a file would record, by the filings as they stand now; nothing is guessed without a word."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select

from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.filings.models import Filing
from registry.filings.queries import filings
from registry.filings.rules import chain
from registry.firms.models.firms import Firm, FormerName
from registry.firms.queries import firms
from registry.levelfiles import texts
from registry.levelfiles.models import LevelLoad
from registry.levelfiles.sheets import PASSED
from registry.qualifications.services.brought import counted
from registry.reference.queries import reference
from registry.sheets.brought import BroughtRow, RowFinding

_CODE = re.compile(r"R\d{2}")


class LevelOutcome(StrEnum):
    PASSED = "passed"
    RETURNED = "returned"
    SAME = "same"
    REFUSED = "refused"


WRITES = (LevelOutcome.PASSED, LevelOutcome.RETURNED)


@dataclass(frozen=True)
class JudgedAnswer:
    """A row beside its filing; `uncoded`: sent back, and no code is said; `assumed`: what was taken from the load."""

    row: BroughtRow
    outcome: LevelOutcome
    firm: Firm | None = None
    filing: Filing | None = None
    day: date | None = None
    reference: str = ""
    reason_code: str | None = None
    note: str = ""
    uncoded: bool = False
    assumed: tuple[RowFinding, ...] = ()
    findings: tuple[RowFinding, ...] = ()

    @property
    def doubtful(self) -> bool:
        return any(one.odd for one in self.findings)


class _RefusedAnswer(Exception):
    """A row that is not taken, and why."""

    def __init__(self, key: str, template: str, **values: Any) -> None:
        super().__init__(template)
        self.key, self.template, self.values = key, template, values


def judge(actor: Actor, rows: Sequence[BroughtRow], about: LevelLoad, on: date) -> list[JudgedAnswer]:
    """Every row, in the order of the file; nothing is written."""
    judging = _JudgingAnswers(actor, rows, about, on)
    found = [judging.judge(row) for row in rows]
    return _each_firm_once(found)


def counts(judged: Iterable[JudgedAnswer]) -> dict[str, int]:
    """By outcome; `doubtful` counts rows that are also in one of the others."""
    return counted(LevelOutcome, judged)


def digest(judged: Iterable[JudgedAnswer]) -> str:
    """Of what a person was shown: it is done only if it is still so."""
    told = [
        (
            one.row.number, one.outcome, one.filing and (one.filing.id, len(one.filing.results)), one.day,
            one.reference, one.reason_code, one.note, one.doubtful,
        )
        for one in judged
    ]  # fmt: skip
    return hashlib.sha256(repr(told).encode()).hexdigest()


class _JudgingAnswers:
    """Firms and filings that the rows may speak of are read in a few statements."""

    def __init__(self, actor: Actor, rows: Sequence[BroughtRow], about: LevelLoad, on: date) -> None:
        self.about, self.on = about, on
        self.reasons = reference.return_reasons(on)
        self.codes_by_reason = {_folded(row.reason): code for code, row in self.reasons.items()}
        codes = {row.values["credit_code"] for row in rows if "credit_code" in row.values}
        names = {row.values["name"] for row in rows if "name" in row.values}
        former = select(FormerName.firm_id).where(FormerName.name.in_(names))
        wanted = or_(Firm.credit_code.in_(codes), Firm.name.in_(names), Firm.id.in_(former))
        found = list(db.session.scalars(firms.visible_to(actor).where(wanted)).unique())
        self.coded = {firm.credit_code: firm for firm in found if firm.credit_code}
        self.named: Mapping[str, list[Firm]] = _by_name(found)
        under_way = filings.visible_to(actor).where(
            Filing.firm_id.in_([firm.id for firm in found]), Filing.outcome.is_(None)
        )
        self.filings = {row.firm_id: row for row in db.session.scalars(under_way).unique()}
        last = filings.visible_to(actor).where(Filing.firm_id.in_([firm.id for firm in found]))
        self.last = {row.firm_id: row for row in sorted(db.session.scalars(last).unique(), key=lambda row: row.id)}

    def judge(self, row: BroughtRow) -> JudgedAnswer:
        if row.faults:
            findings = tuple(RowFinding(letter, template, values) for letter, template, values in row.faults)
            return JudgedAnswer(row, LevelOutcome.REFUSED, findings=findings)
        try:
            return self._judged(row)
        except _RefusedAnswer as refused:
            why = RowFinding(row.letters.get(refused.key, ""), refused.template, refused.values)
            return JudgedAnswer(row, LevelOutcome.REFUSED, findings=(why,))

    def _judged(self, row: BroughtRow) -> JudgedAnswer:
        firm, odd = self._firm(row)
        if "result" not in row.values:
            raise _RefusedAnswer("result", texts.RESULT_NEEDED)
        passed = row.values["result"] == PASSED
        if (said := self._said_already(firm, passed)) is not None:
            return JudgedAnswer(row, LevelOutcome.SAME, firm, said, findings=odd)
        filing = self._filing(firm)
        day, assumed = self._day(row, filing)
        reference_no, more = self._reference(row)
        answer = JudgedAnswer(
            row, LevelOutcome.PASSED if passed else LevelOutcome.RETURNED, firm, filing, day, reference_no,
            assumed=(*assumed, *more), findings=odd, note=row.values.get("why", ""),
        )  # fmt: skip
        return answer if passed else self._with_reason(row, answer)

    def _firm(self, row: BroughtRow) -> tuple[Firm, tuple[RowFinding, ...]]:
        code, name = row.values.get("credit_code"), row.values.get("name")
        if code is None and name is None:
            raise _RefusedAnswer("credit_code", texts.FIRM_NEEDED)
        if code is None:
            return self._by_name(row, str(name))
        firm = self.coded.get(code)
        if firm is None:
            raise _RefusedAnswer("credit_code", texts.FIRM_UNKNOWN, text=code)
        if firm.merged_into_id is not None:
            raise _RefusedAnswer("credit_code", texts.FIRM_MERGED, name=firm.name)
        if name is None or firm in self.named.get(name, ()):
            return firm, ()
        if self.named.get(name):
            raise _RefusedAnswer("name", texts.NAMED_AS_ANOTHER, name=firm.name, text=name)
        told = {"name": firm.name, "text": name}
        return firm, (RowFinding(row.letters.get("name", ""), texts.NAMED_OTHERWISE, told, odd=True),)

    def _by_name(self, row: BroughtRow, name: str) -> tuple[Firm, tuple[RowFinding, ...]]:
        found = [firm for firm in self.named.get(name, ()) if firm.merged_into_id is None]
        if not found:
            raise _RefusedAnswer("name", texts.NAME_UNKNOWN, text=name)
        if len(found) > 1:
            raise _RefusedAnswer("name", texts.NAME_TWICE, text=name)
        (firm,) = found
        told = {"name": firm.name, "code": firm.credit_code or "--"}
        return firm, (RowFinding(row.letters.get("name", ""), texts.BY_NAME, told, odd=True),)

    def _said_already(self, firm: Firm, passed: bool) -> Filing | None:
        """The firm's last filing, where this level said just that of it."""
        last = self.last.get(firm.id)
        said = [result for result in last.results if result.level == self.about.level] if last else []
        return last if said and said[-1].passed == passed else None

    def _filing(self, firm: Firm) -> Filing:
        filing = self.filings.get(firm.id)
        if filing is None:
            raise _RefusedAnswer("", texts.NO_FILING, name=firm.name)
        expected = chain.next_level(filing.results)
        if expected is None:
            raise _RefusedAnswer("", texts.LEVELS_DONE, name=firm.name)
        if expected != self.about.level:
            labels = chain.LEVEL_LABELS
            raise _RefusedAnswer(
                "", texts.LEVEL_OTHER, name=firm.name, found=labels[expected], level=labels[self.about.level]
            )
        return filing

    def _day(self, row: BroughtRow, filing: Filing) -> tuple[date, tuple[RowFinding, ...]]:
        own = row.values.get("day")
        day = date.fromisoformat(own) if own else self.about.day
        if day is None:
            raise _RefusedAnswer("day", texts.DAY_NEEDED)
        first = chain.first_day(filing)
        if day > self.on:
            raise _RefusedAnswer("day", texts.DAY_FUTURE, day=day.isoformat())
        if day < first:
            raise _RefusedAnswer("day", texts.DAY_EARLY, day=day.isoformat(), first=first.isoformat())
        return day, () if own else (RowFinding("", texts.ASSUMED_DAY, {"day": day.isoformat()}),)

    def _reference(self, row: BroughtRow) -> tuple[str, tuple[RowFinding, ...]]:
        own = row.values.get("reference")
        if own or not self.about.reference:
            return own or "", ()
        return self.about.reference, (RowFinding("", texts.ASSUMED_REFERENCE, {"reference": self.about.reference}),)

    def _with_reason(self, row: BroughtRow, answer: JudgedAnswer) -> JudgedAnswer:
        """The code that the row says, in a word or by its own sentence; else one that a person has to choose."""
        told = str(row.values.get("why", ""))
        codes = {code for code in _CODE.findall(told.upper()) if code in self.reasons}
        codes |= {self.codes_by_reason[_folded(told)]} if _folded(told) in self.codes_by_reason else set()
        if len(codes) == 1:
            return replace(answer, reason_code=codes.pop())
        template = texts.REASON_UNKNOWN if told else texts.REASON_NONE
        why = RowFinding(row.letters.get("why", ""), template, {"text": told[:60]}, odd=True)
        return replace(answer, uncoded=True, findings=(*answer.findings, why))


def _each_firm_once(found: list[JudgedAnswer]) -> list[JudgedAnswer]:
    """Of a firm with several rows none is taken: which of them holds is not for us to say."""
    rows: defaultdict[int, list[str]] = defaultdict(list)
    for one in found:
        if one.firm is not None:
            rows[one.firm.id].append(one.row.place)
    twice = {firm_id: "、".join(places) for firm_id, places in rows.items() if len(places) > 1}
    return [
        replace(
            one, outcome=LevelOutcome.REFUSED, uncoded=False,
            findings=(RowFinding("", texts.FIRM_TWICE, {"rows": twice[one.firm.id]}),),
        )
        if one.firm is not None and one.firm.id in twice
        else one
        for one in found
    ]  # fmt: skip


def _by_name(found: Iterable[Firm]) -> Mapping[str, list[Firm]]:
    """By every name a firm bears or bore."""
    named: defaultdict[str, list[Firm]] = defaultdict(list)
    for firm in found:
        for name in {firm.name, *(former.name for former in firm.former_names)}:
            named[name].append(firm)
    return named


def _folded(text: str) -> str:
    return "".join(text.split()).rstrip("。.;；")
