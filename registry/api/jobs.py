"""What tokens were given in the hours that are over goes on the trail, as sums."""

from __future__ import annotations

from registry.api.services import using
from registry.base.extensions import clock, db


def sum_up() -> int:
    done = using.sum_up(at=clock.now())
    db.session.commit()
    return done
