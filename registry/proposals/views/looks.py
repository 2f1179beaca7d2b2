"""Which cases the reader has opened as they stand now, while signed in: what is passed in a batch was looked at."""

from __future__ import annotations

from flask import session

from registry.proposals.models import Proposal

_KEY, _MOST = "looked", 120
"""The browser keeps no more than these: the cookie they stand in is small."""


def note(proposal: Proposal) -> None:
    """The reader sees the case; what it stood like then is part of it."""
    mark = _mark(proposal)
    known = [one for one in session.get(_KEY, ()) if one != mark]
    session[_KEY] = [*known[-_MOST + 1 :], mark]


def has_seen(proposal: Proposal) -> bool:
    return _mark(proposal) in session.get(_KEY, ())


def _mark(proposal: Proposal) -> str:
    return f"{proposal.id}.{proposal.rounds}.{proposal.firm.version}"
