"""The auditor's desk: exceptions with their number, and the state of the trail's verification."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from registry.base.extensions import clock
from registry.base.permissions import Actor, can
from registry.home.queries import exceptions


@dataclass(frozen=True)
class ExceptionLine:
    label: str
    count: int
    href: str


def desk(actor: Actor) -> dict[str, Any] | None:
    if not can(actor, "exception.read"):
        return None
    today = clock.today()
    first = exceptions.since(today)
    return {
        "since": first,
        "lines": [
            ExceptionLine(
                one.kind.label, one.count,
                url_for("trail.listing", verb=one.kind.verb, since=first.isoformat())
                if one.kind.verb
                else url_for("home.exceptions", kind=one.kind.name),
            )
            for one in exceptions.counts(actor, today)
        ],
    }  # fmt: skip
