"""What a firm still lacks, in a few words: a sentence or two and a light, for a row of a ledger on screen or paper.

Told from the columns that are stored beside the firm; the dossier explains the same at length (`rules.position`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from types import MappingProxyType

from registry.base.money import in_wan
from registry.base.sentences import LIST_MARK
from registry.base.vocabulary import MISSING_LABELS, Missing, Stage
from registry.pathway.texts import LIGHT_LABELS, REVENUE_TO_DATE, SHORTFALL_SENTENCES

JOINT = "；"
"""Between the sentences of one row."""


class Light(StrEnum):
    IN_ORDER = "in_order"
    LACKING = "lacking"
    WATCHED = "watched"
    BELOW = "below"
    DUE = "due"
    TO_MEND = "to_mend"
    UNDER_WAY = "under_way"
    ENROLLED = "enrolled"
    NOT_PASSED = "not_passed"
    GONE = "gone"

    @property
    def label(self) -> str:
        return LIGHT_LABELS[self]


# Stages in which nothing is asked of anybody here any more: one sentence says where the firm is.
_SETTLED: Mapping[str, Light] = MappingProxyType(
    {
        Stage.FILED: Light.UNDER_WAY,
        Stage.IN_CHAIN: Light.UNDER_WAY,
        Stage.ENROLLED: Light.ENROLLED,
        Stage.REMOVED: Light.GONE,
        Stage.DELISTED: Light.GONE,
        Stage.MERGED: Light.GONE,
    }
)
_LIGHT_OF_STAGE: Mapping[str, Light] = MappingProxyType(
    {
        Stage.RETURNED: Light.TO_MEND,
        Stage.QUALIFIED: Light.DUE,
        Stage.WITHDRAWN: Light.NOT_PASSED,
        Stage.REJECTED: Light.NOT_PASSED,
    }
)
_NAMED = 4
_ADMITTED = frozenset({Stage.ADMITTED, Stage.QUALIFIED})


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence before it is translated: a tuple among the values is a list of words to be translated as well."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        text = {key: LIST_MARK.join(value) if isinstance(value, tuple) else value for key, value in self.values.items()}
        return self.template % text if text else self.template


@dataclass(frozen=True, slots=True)
class Shortfall:
    remarks: tuple[Remark, ...]
    light: Light

    @property
    def brief(self) -> tuple[Remark, ...]:
        """The remarks for a narrow cell: of a long list of missing fields the first ones and how many there are."""
        return tuple(_cut(remark) for remark in self.remarks)

    @property
    def text(self) -> str:
        """The Chinese text for a cell of a sheet."""
        return JOINT.join(str(remark) for remark in self.remarks)


def shortfall(
    *,
    stage: str,
    missing: str | Iterable[str],
    line: Decimal | None,
    revenue: Decimal | None,
    admission: Decimal | None = None,
    last_year: Decimal | None = None,
    watched: bool = False,
) -> Shortfall:
    """What a firm in `stage` lacks; amounts in yuan.

    `missing` are codes of `Missing`, as a list or as stored (`,industry,revenue,`). `line` is the statutory line and
    `revenue` this year's cumulative amount; `admission` and `last_year` tell whether the directory's own line is met
    (the larger of the two revenues counts). A gap is rounded up, so that one fen does not read as nothing.
    """
    if stage in _SETTLED:
        return Shortfall((Remark(SHORTFALL_SENTENCES[stage]),), _SETTLED[stage])
    codes = tuple(code for code in (missing.split(",") if isinstance(missing, str) else missing) if code)
    fields = _fields(codes, revenue)
    below = _is_below(stage, admission, revenue, last_year)
    remarks = [
        *([Remark(SHORTFALL_SENTENCES["returned"])] if stage == Stage.RETURNED else []),
        *([Remark(SHORTFALL_SENTENCES["missing"], {"fields": fields})] if fields else []),
        *([Remark(SHORTFALL_SENTENCES["below_admission"])] if below else []),
        *_against_line(
            stage, line, revenue, has_industry=Missing.INDUSTRY not in codes, proven=Missing.DOCUMENT not in codes
        ),
    ]
    return Shortfall(tuple(remarks), _light(stage, lacking=bool(fields), watched=watched, below=below))


def _cut(remark: Remark) -> Remark:
    fields = remark.values.get("fields")
    if not isinstance(fields, tuple) or len(fields) <= _NAMED:
        return remark
    values = {"fields": fields[:_NAMED], "count": str(len(fields))}
    return Remark(SHORTFALL_SENTENCES["missing_many"], values)


def _fields(codes: tuple[str, ...], revenue: Decimal | None) -> tuple[str, ...]:
    """The names of what nobody has filled in; last year's figure alone leaves this year's to be asked for."""
    fields = tuple(MISSING_LABELS.get(code, code) for code in codes)
    return fields if revenue is not None or Missing.REVENUE in codes else (*fields, REVENUE_TO_DATE)


def _is_below(stage: str, admission: Decimal | None, revenue: Decimal | None, last_year: Decimal | None) -> bool:
    known = [amount for amount in (revenue, last_year) if amount is not None]
    return stage not in _ADMITTED and admission is not None and bool(known) and max(known) < admission


def _against_line(
    stage: str, line: Decimal | None, revenue: Decimal | None, *, has_industry: bool, proven: bool
) -> list[Remark]:
    if line is None:
        return [Remark(SHORTFALL_SENTENCES["no_line"])] if has_industry else []
    if not proven and revenue is not None and revenue >= line:
        return [Remark(SHORTFALL_SENTENCES["reached_unproven"])]
    if stage == Stage.QUALIFIED or (revenue is not None and revenue >= line):
        return [Remark(SHORTFALL_SENTENCES.get(f"reached.{stage}", SHORTFALL_SENTENCES["reached"]))]
    if revenue is None:
        return []
    return [Remark(SHORTFALL_SENTENCES["gap"], {"gap": in_wan(line - revenue, ROUND_CEILING)})]


def _light(stage: str, *, lacking: bool, watched: bool, below: bool) -> Light:
    """The stage's own word first, then what asks most for attention."""
    if stage in _LIGHT_OF_STAGE:
        return _LIGHT_OF_STAGE[stage]
    if lacking:
        return Light.LACKING
    if watched:
        return Light.WATCHED
    return Light.BELOW if below else Light.IN_ORDER
