"""Notices within an actor's reach: of their own office and role, and those meant for them alone."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, and_, or_, select

from registry.base.belongings import Belonging
from registry.base.extensions import db
from registry.base.labels import N_
from registry.base.permissions import Actor
from registry.base.vocabulary import Role
from registry.notices.models import Notice, NoticeRead
from registry.people.models import User
from registry.people.queries.signed_in import actor_of

CITY_WIDE = frozenset({Role.CITY_OFFICE, Role.STATISTICIAN})
"""Roles that see every firm: their notices reach their holders in whatever office they sit."""
PRIVATE = (
    "account_password_asked", "account_password", "account_roles", "account_restored", "letter_test", "deputy_named",
    "deputy_absent", "deputy_ended", "work_received", "work_given",
)  # fmt: skip
"""What is about a person's own account: neither a deputy nor a successor reads it."""


def visible_to(actor: Actor) -> Select[Notice]:
    """The newest first."""
    return select(Notice).where(within(actor)).order_by(Notice.at.desc(), Notice.id.desc())


def within(actor: Actor) -> ColumnElement[bool]:
    """Whose notices: those for the person and whom they stand in for, for the whole office, for a role in it."""
    mine = or_(
        Notice.user_id == (actor.user_id or -1), and_(Notice.user_id.in_(actor.people), Notice.kind.not_in(PRIVATE))
    )
    roles = sorted(actor.roles)
    for_office = and_(Notice.office_id == (actor.office_id or -1), or_(Notice.role.is_(None), Notice.role.in_(roles)))
    for_city = Notice.role.in_(sorted(CITY_WIDE & actor.roles))
    return or_(mine, and_(Notice.user_id.is_(None), or_(for_office, for_city)))


def one(actor: Actor, notice_id: int) -> Select[Notice]:
    return visible_to(actor).where(Notice.id == notice_id)


def unread(actor: Actor) -> Select[Notice]:
    return visible_to(actor).where(_unread(actor))


def read_by(actor: Actor, notices: Iterable[Notice]) -> set[int]:
    """Which of these the person has read."""
    ids = {notice.id for notice in notices}
    rows = select(NoticeRead.notice_id).where(
        NoticeRead.user_id == (actor.user_id or -1), NoticeRead.notice_id.in_(ids)
    )
    return set(db.session.scalars(rows))


def reaches(notice: Notice, user: User) -> bool:
    """Whether the person is one of those the notice is for: `within` for one notice in hand."""
    if notice.user_id is not None:
        return notice.user_id == user.id
    roles = actor_of(user).roles
    if notice.role is not None and notice.role in CITY_WIDE & roles:
        return True
    return notice.office_id == user.office_id and (notice.role is None or notice.role in roles)


def _unread(actor: Actor) -> ColumnElement[bool]:
    return ~_seen_by(actor.user_id or -1)


def _seen_by(user_id: int) -> ColumnElement[bool]:
    return select(NoticeRead.id).where(NoticeRead.notice_id == Notice.id, NoticeRead.user_id == user_id).exists()


BELONGINGS = (
    Belonging(
        "notices",
        N_("发给本人、尚未阅读的消息"),
        Notice.user_id,
        lambda user: and_(Notice.kind.not_in(PRIVATE), ~_seen_by(user.id)),
        for_deputy=True,
    ),
)
