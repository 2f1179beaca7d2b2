"""One line of components/timeline.html."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.site.display import moment


@dataclass(frozen=True)
class Happening:
    """One line of components/timeline.html."""

    title: str
    by: str
    moment: datetime
    opinion: str = ""
    detail: str = ""
    tone: str | None = None
    cells: tuple[Any, ...] = ()

    @property
    def at(self) -> str:
        return moment(self.moment)


def by_line(office: str, person: str) -> str:
    return " ".join(filter(None, (office, person)))
