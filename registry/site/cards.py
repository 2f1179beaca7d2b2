"""The strip above rows that were brought: how many of each outcome, each a link to those alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _


def outcome_cards(
    labels: Mapping[str, str], counts: Mapping[str, int], total: int, kind: str, at: Callable[[str | None], str]
) -> list[dict[str, object]]:
    """As components/stage_strip.html wants them: all, then each outcome; `at`: the address of one, or of all (None)."""
    every = {"": _("全部"), **{key: _(label) for key, label in labels.items()}}
    return [
        {
            "label": label,
            "count": counts.get(key, total),
            "href": at(key or None),
            "active": key == kind,
            "total": not key,
        }
        for key, label in every.items()
    ]
