"""The copy is renewed each minute by what was touched, and drawn whole each hour."""

from __future__ import annotations

from registry.base.extensions import clock, db
from registry.portal.services import drawing


def renew() -> None:
    drawing.renew(at=clock.now(), on=clock.today())
    db.session.commit()


def redraw() -> None:
    drawing.redraw(at=clock.now(), on=clock.today())
    db.session.commit()
