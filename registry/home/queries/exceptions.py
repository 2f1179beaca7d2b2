"""What an auditor looks at first: decisions against a doubt, papers waived, what changed after a quarter was closed,
merges undone, drafts passed, who tried to see what was not theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Select, case, exists, extract, func, or_, select

from registry.audit import queries as audit
from registry.audit.queries import TrailQuery
from registry.base.clocks import SHANGHAI
from registry.base.extensions import db
from registry.base.labels import N_
from registry.base.periods import Quarter
from registry.base.permissions import Actor
from registry.figures.models import Figure
from registry.filings.models import PaperState
from registry.firms.models.firms import Firm
from registry.firms.models.merges import Merge
from registry.firms.queries import firms
from registry.quarters.models import Snapshot


@dataclass(frozen=True)
class ExceptionRow:
    """`endpoint` with `values`: the page that the row is about; `what` in plain words of the record."""

    subject: str
    what: str
    reason: str
    by: str
    at: datetime
    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ExceptionKind:
    """`rows`: those since a day. `verb`: they are acts on the trail, whose own page shows exactly them."""

    name: str
    label: str
    verb: str = ""
    rows: Callable[[Actor, date], Select[Any]] | None = None
    told: Callable[[Actor, Iterable[Any]], list[ExceptionRow]] | None = None


@dataclass(frozen=True)
class ExceptionCount:
    kind: ExceptionKind
    count: int


def since(today: date) -> date:
    """The first day of the quarter before this one."""
    return Quarter.of(today).previous.first


def counts(actor: Actor, today: date) -> list[ExceptionCount]:
    """Every kind with its number, in one statement; those without any too, for that is an answer."""
    asked = [statement_of(actor, kind, since(today)).order_by(None).subquery() for kind in KINDS]
    row = db.session.execute(select(*(select(func.count()).select_from(one).scalar_subquery() for one in asked))).one()
    return [ExceptionCount(kind, number) for kind, number in zip(KINDS, row, strict=True)]


def statement_of(actor: Actor, kind: ExceptionKind, first: date) -> Select[Any]:
    if kind.rows is not None:
        return kind.rows(actor, first)
    return audit.search(actor, TrailQuery(verb=kind.verb, since=first))


def kind_of(name: str) -> ExceptionKind | None:
    return next((kind for kind in KINDS if kind.name == name and kind.rows is not None), None)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _of_seen(actor: Actor, statement: Select[Any], firm_id: Any) -> Select[Any]:
    return statement.join(Firm, Firm.id == firm_id).where(Firm.voided_at.is_(None), firms.within(actor))


def _doubted(actor: Actor, first: date) -> Select[Figure]:
    """Amounts in doubt that were recorded all the same, with their author's reason."""
    rows = select(Figure).where(Figure.assurance != "", Figure.voided_at.is_(None), Figure.at >= _start(first))
    return _of_seen(actor, rows, Figure.firm_id).order_by(Figure.at.desc(), Figure.id.desc())


def _late(actor: Actor, first: date) -> Select[Figure]:
    """Figures of a period that a closed quarter had told already, recorded or voided after it was closed."""
    last_month = extract("year", Snapshot.as_of) * 12 + extract("month", Snapshot.as_of)
    told = exists().where(
        Snapshot.sealed,
        last_month >= Figure.year * 12 + case((Figure.month == 0, 12), else_=Figure.month),
        or_(Figure.at > Snapshot.closed_at, Figure.voided_at > Snapshot.closed_at),
    )
    changed = or_(Figure.at >= _start(first), Figure.voided_at >= _start(first))
    rows = select(Figure).where(told, changed)
    return _of_seen(actor, rows, Figure.firm_id).order_by(Figure.at.desc(), Figure.id.desc())


def _waived(actor: Actor, first: date) -> Select[PaperState]:
    rows = select(PaperState).where(PaperState.state == "waived", PaperState.at >= _start(first))
    return _of_seen(actor, rows, PaperState.firm_id).order_by(PaperState.at.desc(), PaperState.id.desc())


def _unmerged(_actor: Actor, first: date) -> Select[Merge]:
    return select(Merge).where(Merge.undone_at >= _start(first)).order_by(Merge.undone_at.desc(), Merge.id.desc())


def _figures(_actor: Actor, found: Iterable[Figure]) -> list[ExceptionRow]:
    rows = list(found)
    names = firms.firm_names(row.firm_id for row in rows)
    return [
        ExceptionRow(
            names[row.firm_id], f"{row.year}-{row.month:02d}" if row.month else str(row.year),
            row.assurance or row.reason, row.by_name, row.voided_at or row.at, "figures.listing",
            {"firm_id": row.firm_id},
        )
        for row in rows
    ]  # fmt: skip


def _papers(_actor: Actor, found: Iterable[PaperState]) -> list[ExceptionRow]:
    rows = list(found)
    names = firms.firm_names(row.firm_id for row in rows)
    return [
        ExceptionRow(
            names[row.firm_id], f"{row.material} {row.year}-{row.month:02d}", row.remark, row.by_name, row.at,
            "checklists.listing", {"firm_id": row.firm_id, "month": f"{row.year}-{row.month:02d}"},
        )
        for row in rows
    ]  # fmt: skip


def _merges(_actor: Actor, found: Iterable[Merge]) -> list[ExceptionRow]:
    return [
        ExceptionRow(
            row.winner.name, row.folded.name, row.undo_reason, row.undone_by_name, row.undone_at, "merges.show",
            {"merge_id": row.id},
        )
        for row in found
        if row.undone_at is not None
    ]  # fmt: skip


KINDS = (
    ExceptionKind("doubted", N_("存疑的金额，说明理由后登记"), rows=_doubted, told=_figures),
    ExceptionKind("accepted", N_("导入时对存疑的行负责"), verb="accept_doubts"),
    ExceptionKind("waived", N_("决定免交的材料"), rows=_waived, told=_papers),
    ExceptionKind("late", N_("季度冻结后登记或作废的往期数据"), rows=_late, told=_figures),
    ExceptionKind("unmerged", N_("撤销的合并"), rows=_unmerged, told=_merges),
    ExceptionKind("published", N_("通过并发布的规则草案"), verb="publish_rules"),
    ExceptionKind("refused", N_("越权被拒（谁想看什么）"), verb="refused"),
    ExceptionKind("locked", N_("登录被锁"), verb="sign_in_locked"),
)
