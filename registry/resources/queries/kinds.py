"""The kinds of resource, read once for a page."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from registry.base.extensions import db, once
from registry.resources.models import ResourceKind


def kinds() -> Mapping[str, ResourceKind]:
    """By code, in the order of the file that brought them."""
    return once("resource_kinds", _read)


def _read() -> dict[str, ResourceKind]:
    rows = select(ResourceKind).order_by(ResourceKind.rank, ResourceKind.code)
    return {row.code: row for row in db.session.scalars(rows)}
