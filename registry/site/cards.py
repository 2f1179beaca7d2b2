"""The strip above rows that were brought: how many of each outcome, each a link to those alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from flask import request
from flask_babel import gettext as _

DOUBTFUL = "doubtful"


class JudgedRow(Protocol):
    """A row with what it would do; `doubtful`: somebody has to answer for it."""

    @property
    def outcome(self) -> str: ...
    @property
    def doubtful(self) -> bool: ...


Shown = TypeVar("Shown", bound=JudgedRow)


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


def of_outcome(judged: Sequence[Shown], counts: Mapping[str, int]) -> tuple[str, list[Shown]]:
    """The outcome asked for (`?kind=`; empty: all), and its rows; `doubtful` rows are also of another one."""
    asked = request.args.get("kind", "")
    kind = asked if asked in counts else ""
    return kind, [one for one in judged if not kind or (one.doubtful if kind == DOUBTFUL else one.outcome == kind)]
