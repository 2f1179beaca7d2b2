"""What became of a file of reference data when it was loaded, and where it says otherwise than what is held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from registry.rulesets.texts.files import OUTCOMES


@dataclass(frozen=True)
class FileDifference:
    """One column of one row that says otherwise, and what came of it; `here` is None where there is no such row."""

    row: int
    key: str
    column: str
    here: str | None
    there: str
    outcome: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def draft(self) -> int | None:
        number = self.values.get("draft")
        return number if isinstance(number, int) else None

    def sentence(self) -> str:
        return OUTCOMES[self.outcome] % self.values


@dataclass(frozen=True)
class Loaded:
    """What became of one file; `kept` rows stand here and not in the file. `encoding` is how it was read."""

    file: str
    added: int
    same: int
    differs: tuple[FileDifference, ...] = ()
    kept: int = 0
    encoding: str = "utf-8"
