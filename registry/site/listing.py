"""A page of a list: its number and size live in the address, and neither can be abused."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Select

from registry.base.extensions import db

SIZES = (20, 50, 100)
LAST_PAGE = 10_000


def page_of(statement: Select[Any], *, usual: int = SIZES[0]) -> Pagination:
    """The page of `statement` that the address asks for; the first of `usual` rows where it asks for none."""
    size, number = _whole("per_page", usual), _whole("page", 1)
    return db.paginate(
        statement,
        page=min(max(number, 1), LAST_PAGE),
        per_page=size if size in SIZES else usual,
        error_out=False,
    )


def _whole(name: str, default: int) -> int:
    return request.args.get(name, default, type=int)
