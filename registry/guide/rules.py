"""Which help belongs to which page."""

from __future__ import annotations

from registry.guide.texts.firstdays import FIRST_DAYS, FirstStep
from registry.guide.texts.topics import TOPICS, Topic

_BY_PAGE = {page: topic for topic in TOPICS for page in topic.pages}


def help_at(endpoint: str) -> Topic | None:
    """The help for a page: what is said of the page itself, else of the group of pages it stands in."""
    return _BY_PAGE.get(endpoint) or _BY_PAGE.get(endpoint.partition(".")[0])


def days_of(roles: frozenset[str]) -> dict[str, tuple[FirstStep, ...]]:
    """The first days of those roles, in the order of the table."""
    return {role: steps for role, steps in FIRST_DAYS.items() if role in roles}
