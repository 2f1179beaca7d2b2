"""What is one person's and not their office's: each feature declares what of it can be handed over (`belongings`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement

Whose = Callable[[Any], Any]


def _number(user: Any) -> Any:
    return user.id


@dataclass(frozen=True)
class Belonging:
    """Rows that are one person's: `owner` is the column that says whose, by what `whose` takes of an account.

    `open`: which of them still wait; they go to a successor, each once. `roles`: one of them is needed to finish such a
    thing, and a hand-over grants none; empty: whoever works in the directory. `for_deputy`: a deputy sees and settles
    it too while the person is away. `named`: the column with the owner's name, where the next one is to be read there.
    `called`: the column with a name that is one of a kind among a person's own; it is told apart where both have it.
    `before`: the column that keeps the numbers of those who had it (",7,12,"), where a second person must check it.
    """

    name: str
    label: str
    owner: Any
    open: Callable[[Any], ColumnElement[bool]]
    roles: frozenset[str] = field(default_factory=frozenset)
    for_deputy: bool = False
    named: Any = None
    called: Any = None
    before: Any = None
    whose: Whose = _number
