"""What the rules look at: the facts of one firm as they are known, and one condition as it was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from registry.base.periods import Period
from registry.base.vocabulary import Accounting, FigureKind, Stage, TaxpayerKind, UnitKind, Verdict
from registry.figures.rules.crosscheck import Note
from registry.pathway.texts import CONDITION_SENTENCES


class FigureFact(NamedTuple):
    """One figure that counts: yuan, cumulative to its period; `paper` names its source.

    `documented`: proven by a paper of its own kind and period (`figures.rules.proof`). `doubted`: odd, and not settled.
    """

    period: Period
    kind: FigureKind
    amount: Decimal
    paper: str = ""
    documented: bool = False
    doubted: bool = False


class HeldMaterial(NamedTuple):
    """A paper that is at hand; `period` where it speaks of one.

    Of a note on a difference (M07): by period what it explains, revenue less VAT sales, and whether the bureau took it.
    """

    code: str
    period: Period | None = None
    explains: tuple[tuple[Period, Decimal], ...] = ()
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmFacts:
    """A firm as the rules see it; None or empty means not known, never 'no'.

    `industry` is a 2017 code unless `industry_year` says otherwise. The divisions are codes of towns, zones or
    counties (their first six characters are the county that counts) or `divisions.ELSEWHERE`.
    """

    unit_kind: UnitKind | None = None
    deemed_approved: bool = False
    credit_code: str = ""
    industry: str = ""
    industry_year: int | None = None
    section: str = ""
    statistical_county: str | None = None
    registered_division: str | None = None
    operating_division: str | None = None
    accounting: Accounting | None = None
    taxpayer_kind: TaxpayerKind | None = None
    employees: int | None = None
    founded_on: date | None = None
    opened_on: date | None = None
    figures: tuple[FigureFact, ...] = ()
    materials: tuple[HeldMaterial, ...] = ()
    abnormal: bool | None = None
    has_contact: bool = False
    stage: Stage | None = None

    @property
    def industry_2017(self) -> str:
        """The 2017 code, empty where the code on record is one of an older classification."""
        return self.industry if (self.industry_year or 2017) >= 2017 else ""

    def notes(self, period: Period) -> list[Note]:
        """The notes on a difference (M07) of this period, or of no period in particular."""
        found = [held for held in self.materials if held.code == "M07" and held.period in (None, period)]
        return [Note(dict(held.explains).get(period), held.confirmed) for held in found]


class ConditionCode(StrEnum):
    CREDIT_CODE = "credit_code"
    UNIT_KIND = "unit_kind"
    STANDING = "standing"
    LOCATION = "location"
    ACCOUNTING = "accounting"
    INDUSTRY = "industry"
    ADMISSION_LINE = "admission_line"
    STATUTORY_LINE = "statutory_line"
    INCOME_STATEMENT = "income_statement"
    CROSS_CHECK = "cross_check"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition and what was found: amounts in yuan, `gap` only where a line is not met.

    `note` marks a special case of the verdict; `values` fill the sentence (`position.sentence_values` formats them).
    `rule_id` and `version` name the dated rule, `source` what it rests on.
    """

    code: ConditionCode
    verdict: Verdict
    note: str = ""
    value: Decimal | None = None
    line: Decimal | None = None
    gap: Decimal | None = None
    rule_id: str = ""
    version: int | None = None
    source: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def template(self) -> str:
        """The Chinese sentence with named placeholders."""
        return CONDITION_SENTENCES[f"{self.code.value}.{self.note or self.verdict.value}"]
