"""Letters that wait are handed to the mail server, one by one; what fails is tried again later."""

from __future__ import annotations

import logging

from registry.base.extensions import clock, db
from registry.notices.services import letters, smtp
from registry.notices.services.smtp import NotTaken

log = logging.getLogger(__name__)


def send() -> int:
    """Try every letter that is due; how many were taken. Nothing is locked while the server is spoken to."""
    if not letters.is_on():
        return 0
    waiting, done = letters.due(at=clock.now()), 0
    db.session.rollback()
    for letter_id in waiting:
        outgoing = letters.take(letter_id, at=clock.now())
        db.session.commit()
        if outgoing is None:
            continue
        try:
            smtp.send(outgoing.to, outgoing.subject, outgoing.text, at=clock.now())
        except NotTaken as refused:
            log.warning("letter %s was not taken: %s", letter_id, refused)
            letters.failed(letter_id, str(refused), for_good=refused.for_good)
        else:
            letters.sent(letter_id, at=clock.now())
            done += 1
        db.session.commit()
    return done
