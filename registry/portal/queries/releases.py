"""Firms that a person may release, with what is released of them; typical cases."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Select, select

from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.base.vocabulary import LISTED_STAGES, Role
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.firms.queries.search import containing
from registry.portal.models import PortalRelease, PortalStory


def releasable(actor: Actor, *, text: str = "", released: str = "") -> Select[Firm]:
    """In the directory, or released already; of an officer those that its bureau leads; in a fixed order."""
    standing = select(PortalRelease.firm_id).where(PortalRelease.ended_at.is_(None))
    found = firms.visible_to(actor).where(
        Firm.voided_at.is_(None),
        Firm.merged_into_id.is_(None),
        Firm.stage.in_(LISTED_STAGES) | Firm.id.in_(standing),
    )
    if not actor.holds(Role.CITY_OFFICE):
        found = found.where(Firm.lead_bureau_id == actor.office_id)
    if text:
        found = found.where(containing(text))
    if released:
        found = found.where(Firm.id.in_(standing) if released == "public" else Firm.id.not_in(standing))
    return found.order_by(Firm.division, Firm.name_key, Firm.id)


def of_firms(firm_ids: Iterable[int]) -> dict[int, PortalRelease]:
    """Those that stand."""
    rows = select(PortalRelease).where(PortalRelease.firm_id.in_(set(firm_ids)), PortalRelease.ended_at.is_(None))
    return {row.firm_id: row for row in db.session.scalars(rows).unique()}


def history(firm: Firm) -> list[PortalRelease]:
    rows = select(PortalRelease).where(PortalRelease.firm_id == firm.id).order_by(PortalRelease.id.desc())
    return list(db.session.scalars(rows).unique())


def chosen(actor: Actor, ids: Collection[int]) -> list[Firm]:
    """Those of these numbers that the actor may release at all: also one that is not in the directory yet."""
    found = firms.visible_to(actor).where(Firm.id.in_(ids)).order_by(Firm.id)
    return list(db.session.scalars(found).unique())


def stories(actor: Actor) -> Select[PortalStory]:
    """Of firms in reach, the newest first."""
    reach = firms.visible_to(actor).with_only_columns(Firm.id).order_by(None)
    return select(PortalStory).where(PortalStory.firm_id.in_(reach)).order_by(PortalStory.id.desc())


def story(actor: Actor, story_id: int) -> Select[PortalStory]:
    return stories(actor).where(PortalStory.id == story_id)
