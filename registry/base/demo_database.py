"""Where the invented city has no place: production neither builds it nor runs on it."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from registry.base.errors import DEMO_IS_NOT_BUILT, DemoInProduction
from registry.base.extensions import clock, db, setting


def refuse_to_serve() -> None:
    """Raise `DemoInProduction` in production on a demo database: the password of its accounts is published."""
    if setting("PRODUCTION") and clock.is_demo():
        raise DemoInProduction


def refuse_to_start() -> None:
    """The same before anything is migrated or served; a database that cannot be asked yet is judged when it can."""
    try:
        refuse_to_serve()
    except SQLAlchemyError:
        clock.look_again()
    finally:
        db.session.remove()


def refuse_to_build() -> None:
    if setting("PRODUCTION"):
        raise DemoInProduction(DEMO_IS_NOT_BUILT)
