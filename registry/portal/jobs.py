"""The copy is renewed each minute by what was touched, and drawn whole each hour.

What would change is found without the lock under which people save; only what differs is then written, piece by piece.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from registry.base.extensions import clock, db
from registry.base.steady import steady_view
from registry.portal.services import drawing
from registry.portal.services.drawing import RowChange

PIECE = 200
"""Rows that are written before others may save."""


def renew() -> None:
    _draw(drawing.touched)


def redraw() -> None:
    _draw(drawing.everything)
    drawing.hold().redrawn_at = clock.now()
    db.session.commit()


def _draw(find: Callable[[date], tuple[int, list[RowChange]]]) -> None:
    on = clock.today()
    with steady_view():
        seq, changes = find(on)
    for start in range(0, len(changes), PIECE):
        drawing.hold()
        drawing.write(changes[start : start + PIECE], at=clock.now())
        db.session.commit()
    drawing.hold().seq = seq
    db.session.commit()
