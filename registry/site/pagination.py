"""Pages of rows that are already in memory, shaped as `components/pager.html` wants them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_sqlalchemy.pagination import Pagination

from registry.site.listing import SIZES


class ListPages(Pagination):
    """The page of `rows` that the address asks for; a number beyond the last page is the last page."""

    def __init__(self, rows: Sequence[Any], *, usual: int = SIZES[0]) -> None:
        asked = request.args.get("per_page", usual, type=int)
        size = asked if asked in SIZES else usual
        last = max(1, -(-len(rows) // size))
        number = min(max(1, request.args.get("page", 1, type=int)), last)
        super().__init__(page=number, per_page=size, max_per_page=SIZES[-1], error_out=False, rows=rows)

    def _query_items(self) -> list[Any]:
        start = self._query_offset
        return list(self._query_args["rows"][start : start + self.per_page])

    def _query_count(self) -> int:
        return len(self._query_args["rows"])
