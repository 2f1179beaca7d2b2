"""Whose turn it is at something long: each order, and each reading of a file, has a token that ends earlier ones."""

from __future__ import annotations

import secrets
from typing import Any, TypeVar

from sqlalchemy import select

from registry.base.extensions import db

Row = TypeVar("Row")


def new_run() -> str:
    """A token that no other run has."""
    return secrets.token_hex(16)


def held(model: type[Row], number: int, run: str, *states: str) -> Row | None:
    """The row, locked until the commit, if it is still in one of `states` and under the order, or the reading, `run`.

    Of a process that was halted and goes on later the order may be long past, though the same was given again.
    """
    table: Any = model
    locked = select(table).where(table.id == number).with_for_update(of=table)
    row = db.session.scalars(locked.execution_options(populate_existing=True)).unique().one()
    return row if row.state in states and row.run == run else None
