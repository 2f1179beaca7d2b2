"""Several firms that may be nominated at once: which can be submitted now, and what each of the others lacks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, false, func, or_, select

from registry.base.extensions import db
from registry.base.firm_fields import FIGURE_FIELDS
from registry.base.permissions import can
from registry.base.requirements import REQUIRED, FieldRule
from registry.base.vocabulary import Action, FigureKind, Stage
from registry.documents.models import Document
from registry.figures.models import Figure
from registry.figures.rules.proof import STATEMENTS
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.proposals.queries import nominations
from registry.proposals.services import proposals
from registry.proposals.views import cases
from registry.proposals.views.cases import Obstacle
from registry.site.access import actor

SHOWN = 50
"""So many are looked at; each is judged by everything a nomination rests on."""
BEFORE = (Stage.LEAD, Stage.RETURNED)


@dataclass(frozen=True)
class Unready:
    """A firm that cannot be submitted yet, and what is in the way, each with where it is put right."""

    firm: Firm
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True)
class Submittable:
    """`ready` with the bureau that will review it; `more`: firms that were not looked at."""

    ready: tuple[tuple[Firm, str], ...] = ()
    unready: tuple[Unready, ...] = ()
    more: int = 0

    def __bool__(self) -> bool:
        return bool(self.ready or self.unready)

    @property
    def ids(self) -> list[int]:
        return [firm.id for firm, _office in self.ready]


def of(*ids: Collection[int] | Select[Any], most: int | None = None) -> Submittable:
    """Of these firms (numbers, or statements of numbers) those that the reader may submit now, the first of them.

    What is submitted already is not among them. Those that seem complete are looked at first, so that none of them
    waits behind others that lack something.
    """
    among = or_(*(Firm.id.in_(some) for some in ids)) if ids else false()
    rows = firms.visible_to(actor()).where(among, Firm.stage.in_(BEFORE))
    first = case((_seems_complete(), 0), else_=1)
    most = most or SHOWN
    looked = list(db.session.scalars(rows.order_by(first, Firm.id).limit(most)).unique())
    total = len(looked)
    if total == most:
        total = db.session.scalar(select(func.count()).select_from(rows.with_only_columns(Firm.id).subquery())) or 0
    ready, unready = [], []
    for firm in looked:
        if not can(actor(), "proposal.submit", firm):
            continue
        obstacles = tuple(cases.obstacles(firm, nominations.open_of(firm), Action.SUBMIT))
        if obstacles:
            unready.append(Unready(firm, obstacles))
        else:
            ready.append((firm, proposals.reviewing_office(firm).short_name))
    return Submittable(tuple(ready), tuple(unready), total - len(looked))


def _seems_complete() -> ColumnElement[bool]:
    """Of the actor's own office, with all that a form asks for and an amount with its paper: what can be told of many
    firms at once. Whether each may be submitted is judged one by one.
    """
    rules = [rule for rule in REQUIRED if rule.step in (Action.CREATE, Action.SUBMIT)]
    filled = [_is_met(rule) for rule in rules if rule.field not in FIGURE_FIELDS]
    amount = select(1).where(Figure.firm_id == Firm.id, Figure.kind == FigureKind.REVENUE, Figure.voided_at.is_(None))
    paper = select(1).where(
        Document.firm_id == Firm.id, Document.material == STATEMENTS[FigureKind.REVENUE], Document.voided_at.is_(None)
    )
    return and_(Firm.office_id == actor().office_id, *filled, amount.exists(), paper.exists())


def _is_met(rule: FieldRule) -> ColumnElement[bool]:
    met = [_is_filled(field) for field in (rule.field, rule.instead) if field]
    if rule.only is not None:
        field, value = rule.only
        met.append(func.coalesce(Firm.__table__.c[field], "") != value)
    return or_(*met)


def _is_filled(field: str) -> ColumnElement[bool]:
    column = Firm.__table__.c[field]
    return and_(column.is_not(None), column != "") if isinstance(column.type, String) else column.is_not(None)
