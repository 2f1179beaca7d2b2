"""What a firm still lacks, in a few words: a sentence or two and a light, for a row of a ledger on screen or paper.

Told from the columns that are stored beside the firm; the dossier explains the same at length (`rules.position`).
This is the one formula of a firm's light. It is never calm by default: green only where nothing is missing for the next
step in time, and what nobody has looked at (`Ahead`) is not taken for in order.
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
    READY = "ready"
    LACKING = "lacking"
    UNSETTLED = "unsettled"
    WATCHED = "watched"
    BELOW = "below"
    LATE = "late"
    DUE = "due"
    PRESSING = "pressing"
    OVERDUE = "overdue"
    TO_MEND = "to_mend"
    UNDER_WAY = "under_way"
    ENROLLED = "enrolled"
    NOT_PASSED = "not_passed"
    GONE = "gone"

    @property
    def label(self) -> str:
        return LIGHT_LABELS[self]


GREEN = frozenset({Light.IN_ORDER, Light.READY, Light.ENROLLED})
"""The lights that say nobody need do anything about the firm before its next step."""


class Coming(StrEnum):
    """Where the year's revenue is expected to get to: over the line in time for a window, too late for one, or not."""

    IN_TIME = "in_time"
    TOO_LATE = "too_late"
    NOT_THIS_YEAR = "not_this_year"


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is known of the step ahead; whatever nobody has looked at is None and speaks for nothing.

    `due`: the month of this year to which figures have to run by now, 0 where none is due. `coming`, `month`: what the
    forecast sees of the line, and by which month. `lacking`: how many things are in the way of a filing in the window
    that comes next, papers above all, and `days_left` until it closes, None where no window is announced; `pressing`:
    so few days are left that it has to be said. `overdue`: working days that the case has waited beyond its term.
    """

    due: int = 0
    coming: Coming | None = None
    month: int | None = None
    lacking: int | None = None
    days_left: int | None = None
    pressing: bool = False
    overdue: int = 0


NOTHING_KNOWN = Ahead()

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
        Stage.WITHDRAWN: Light.NOT_PASSED,
        Stage.REJECTED: Light.NOT_PASSED,
    }
)
_LIGHT_OF_COMING: Mapping[Coming, Light] = MappingProxyType(
    {Coming.IN_TIME: Light.IN_ORDER, Coming.TOO_LATE: Light.LATE, Coming.NOT_THIS_YEAR: Light.BELOW}
)
_NAMED = 4
_ADMITTED = frozenset({Stage.ADMITTED, Stage.QUALIFIED})
_IN_REVIEW = frozenset({Stage.PROPOSED, Stage.UNDER_REVIEW})


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
    to_month: int | None = None,
    doubted: bool = False,
    ahead: Ahead = NOTHING_KNOWN,
) -> Shortfall:
    """What a firm in `stage` lacks; amounts in yuan.

    `missing` are codes of `Missing`, as a list or as stored (`,industry,revenue,`). `line` is the statutory line and
    `revenue` this year's cumulative amount; `admission` and `last_year` tell whether the directory's own line is met
    (the larger of the two revenues counts). A gap is rounded up, so that one fen does not read as nothing. `to_month`:
    the month that `revenue` runs to; `doubted`: it is in doubt until somebody settles it.
    """
    if stage in _SETTLED:
        return Shortfall((Remark(SHORTFALL_SENTENCES[stage]),), _SETTLED[stage])
    codes = tuple(code for code in (missing.split(",") if isinstance(missing, str) else missing) if code)
    fields = _fields(codes, revenue)
    below = _is_below(stage, admission, revenue, last_year)
    stale = stage in _ADMITTED and revenue is not None and ahead.due > (to_month or ahead.due)
    remarks = [
        *([Remark(SHORTFALL_SENTENCES["returned"])] if stage == Stage.RETURNED else []),
        *([Remark(SHORTFALL_SENTENCES["overdue"], {"days": ahead.overdue})] if _is_overdue(stage, ahead) else []),
        *([Remark(SHORTFALL_SENTENCES["missing"], {"fields": fields})] if fields else []),
        *([Remark(SHORTFALL_SENTENCES["stale"], {"month": to_month, "due": ahead.due})] if stale else []),
        *([Remark(SHORTFALL_SENTENCES["below_admission"])] if below else []),
        *(
            _for_window(ahead)
            if stage == Stage.QUALIFIED and ahead.lacking is not None
            else _against_line(
                stage, line, revenue, has_industry=Missing.INDUSTRY not in codes, proven=Missing.DOCUMENT not in codes
            )
        ),
        *_foreseen(stage, line, revenue, ahead),
    ]
    found = _Found(lacking=bool(fields) or stale, doubted=doubted, watched=watched, below=below)
    return Shortfall(tuple(remarks), _light(stage, line, revenue, found, ahead))


@dataclass(frozen=True, slots=True)
class _Found:
    """What the row itself says."""

    lacking: bool
    doubted: bool
    watched: bool
    below: bool


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


def _foreseen(stage: str, line: Decimal | None, revenue: Decimal | None, ahead: Ahead) -> list[Remark]:
    """What the windows of the year will see of a firm that is not over the line, as far as anybody has looked."""
    if not _is_short(stage, line, revenue) or ahead.coming is None:
        return []
    return [Remark(SHORTFALL_SENTENCES[f"coming.{ahead.coming}"], {"month": ahead.month} if ahead.month else {})]


def _for_window(ahead: Ahead) -> list[Remark]:
    """Of a firm over the line, what the window that comes next would take."""
    if ahead.days_left is None:
        return [Remark(SHORTFALL_SENTENCES["no_window"])]
    values = {"count": ahead.lacking, "days": ahead.days_left}
    return [Remark(SHORTFALL_SENTENCES["window_lacking" if ahead.lacking else "window_ready"], values)]


def _is_short(stage: str, line: Decimal | None, revenue: Decimal | None) -> bool:
    return stage == Stage.ADMITTED and line is not None and revenue is not None and revenue < line


def _is_overdue(stage: str, ahead: Ahead) -> bool:
    return ahead.overdue > 0 and (stage in _IN_REVIEW or stage == Stage.RETURNED)


def _light(stage: str, line: Decimal | None, revenue: Decimal | None, found: _Found, ahead: Ahead) -> Light:
    """The stage's own word first, then what asks most for attention; green is what is left when nothing does."""
    first = _LIGHT_OF_STAGE.get(stage) or _wanting(stage, found, ahead)
    if first is not None:
        return first
    if stage == Stage.QUALIFIED:
        return _light_of_window(ahead)
    if found.watched:
        return Light.WATCHED
    if stage in _IN_REVIEW:
        return Light.UNDER_WAY
    if stage == Stage.ADMITTED:
        return _light_of_coming(line, revenue, ahead)
    return Light.BELOW if found.below else Light.IN_ORDER


def _wanting(stage: str, found: _Found, ahead: Ahead) -> Light | None:
    """Something is overdue, lacking or in doubt, whatever the stage."""
    if _is_overdue(stage, ahead):
        return Light.OVERDUE
    if found.lacking:
        return Light.PRESSING if stage == Stage.QUALIFIED and ahead.pressing else Light.LACKING
    return Light.UNSETTLED if found.doubted else None


def _light_of_window(ahead: Ahead) -> Light:
    """Over the line: in order once everything that a filing rests on is there and a window will take it."""
    if ahead.lacking == 0 and ahead.days_left is not None:
        return Light.READY
    return Light.PRESSING if ahead.pressing else Light.DUE


def _light_of_coming(line: Decimal | None, revenue: Decimal | None, ahead: Ahead) -> Light:
    """In the directory and not over the line: in order only while it is expected to get there in time."""
    if not _is_short(Stage.ADMITTED, line, revenue):
        return Light.UNSETTLED
    return _LIGHT_OF_COMING[ahead.coming] if ahead.coming else Light.BELOW
