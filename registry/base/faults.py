"""What is wrong with one value or one row, and what was silently put right: places, codes and their sentences."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from registry.base import sentences
from registry.base.errors import DOUBTS, FAULT_PLACE, FAULT_ROW, FAULTS, NOTICES, UNREAD, WARNINGS
from registry.base.sentences import CODE_SENTENCES, RESOLUTION_SENTENCES

_OF_INDUSTRY = {f"industry_{note}": template for note, template in RESOLUTION_SENTENCES.items()}
_TEMPLATES: Mapping[str, str] = (
    FAULTS | _OF_INDUSTRY | {f"code_{kind}": template for kind, template in CODE_SENTENCES.items()}
)
_UNREAD = "unread_"
_DOUBTS = {f"figure_{cause}": template for cause, template in sentences.SENTENCES.items()}
_NOTICES: Mapping[str, str] = NOTICES | _OF_INDUSTRY | _DOUBTS


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken fact about the value of `field` (a column's key; None for a whole row).

    `row` is the number a spreadsheet shows and `letter` its column; both are None in a form. `code` is a key of
    `errors.FAULTS`, or `code_` and a key of `sentences.CODE_SENTENCES`, or `industry_` and a note of a resolution;
    `values` fill its template.
    """

    code: str
    field: str | None = None
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)
    row: int | None = None
    letter: str | None = None

    @property
    def template(self) -> str:
        """The sentence before it is filled, without the place; this is what is translated."""
        return _TEMPLATES[self.code]

    def at(self, row: int, letter: str | None = None) -> Fault:
        """The same fault with its place."""
        return dataclasses.replace(self, row=row, letter=letter)

    def sentence(self) -> str:
        """In Chinese: `第17行 D列：统一社会信用代码第18位校验不符，请核对营业执照`."""
        return self.place() + self.template % self.values

    def place(self) -> str:
        """In Chinese: `第17行 D列：`; empty where the fault has no row."""
        if self.row is None:
            return ""
        if self.letter is None:
            return FAULT_ROW % {"row": self.row}
        return FAULT_PLACE % {"row": self.row, "letter": self.letter}


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was put right or assumed while reading a value.

    `code` is a key of `errors.NOTICES`, or `industry_` and a note of a resolution, or `figure_` and a cause of a doubt,
    or `unread_` and the code of a fault that cost an optional cell.
    """

    code: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def template(self) -> str:
        return _TEMPLATES[self.code.removeprefix(_UNREAD)] if self.is_unread else _NOTICES[self.code]

    @property
    def addition(self) -> str:
        """A sentence of its own behind the other; it is translated by itself."""
        return UNREAD if self.is_unread else ""

    @property
    def is_unread(self) -> bool:
        """What is wrong with a cell that was left out."""
        return self.code.startswith(_UNREAD)

    @property
    def is_warning(self) -> bool:
        """Somebody should look before the row is confirmed."""
        return self.code in WARNINGS or self.is_unread or self.is_doubt

    @property
    def is_doubt(self) -> bool:
        """To be answered for before it is written: it was assumed, or it looks unlike the rest."""
        return self.code in _DOUBTS or self.code in DOUBTS

    def sentence(self) -> str:
        return self.template % self.values + self.addition


def unread(fault: Fault) -> Notice:
    """The fault of an optional cell as what is said of it: the row is taken without the cell."""
    return Notice(f"{_UNREAD}{fault.code}", fault.values)
