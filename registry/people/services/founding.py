"""The three administrators: whether they have ever existed, and that each role keeps somebody who holds it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from registry.base.errors import RegistryError
from registry.base.extensions import db
from registry.base.permissions import ADMINISTRATORS, SYSTEM_ACTOR
from registry.base.vocabulary import ROLE_LABELS
from registry.people.models import Founding, User
from registry.people.texts import LAST_OF_ROLE, NOT_FOUNDED
from registry.trail.services import trail


def is_founded() -> bool:
    """True from the moment each of the three roles was held by an active account, and for ever after."""
    return db.session.scalar(select(Founding.id)) is not None


def missing() -> tuple[str, ...]:
    """The roles that no active account holds yet; none from the moment on that all three were held."""
    return () if is_founded() else tuple(sorted(ADMINISTRATORS - _held()))


def require(*, at: datetime) -> None:
    """Raises RegistryError before there are three: two whom one person made at the terminal decide nothing."""
    note(at=at)
    if not is_founded():
        lacking = missing()
        labels = tuple(ROLE_LABELS[role] for role in lacking)
        raise RegistryError(NOT_FOUNDED, roles=labels, codes=", ".join(lacking))


def note(*, at: datetime) -> None:
    """After a change that may have made the third administrator: from then on the terminal is not alone any more."""
    if is_founded() or ADMINISTRATORS - _held():
        return
    founding = Founding(id=1, at=at)
    db.session.add(founding)
    db.session.flush()
    trail.record(SYSTEM_ACTOR, "close_terminal", founding, at=at)


def keep_all_three(user: User, roles: Iterable[str] = ()) -> None:
    """Raises RegistryError where `user`, left with `roles`, would leave one of the three without a holder.

    Whoever stops or strips administrators one by one must not end where nobody is left to confirm anything.
    """
    lost = set(user.roles) & ADMINISTRATORS - set(roles)
    if not lost or not user.active or not is_founded():
        return
    held = {role for other in _active() if other.id != user.id for role in other.roles}
    for role in sorted(lost - held):
        raise RegistryError(LAST_OF_ROLE, role=ROLE_LABELS[role])


def _held() -> set[str]:
    return {role for user in _active() for role in user.roles}


def _active() -> Iterable[User]:
    return db.session.scalars(select(User).where(User.active)).unique()
