"""What anybody may read: of `portal_setting` and `public_row` alone, so that nothing else can come out of here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute

from registry.base.extensions import db
from registry.matching.normalise import fold
from registry.names.queries import grams
from registry.names.queries.grams import Searched
from registry.portal.models import PortalSetting, PublicRow
from registry.portal.rules.catalog import COLLECTIONS, Collection, chosen
from registry.portal.rules.schemas import Licence

TABLE = "public_row"
LEAST = 2
"""Characters of a text that is looked for."""
CHOICES = 500
"""Places or facets that a list offers."""
_CHUNK = 1_000


@dataclass(frozen=True)
class OpenPortal:
    """The portal as it is open to all: collection -> fields, the licence, since when it is set so."""

    setting: PortalSetting

    @cached_property
    def collections(self) -> Mapping[str, tuple[Collection, tuple[str, ...]]]:
        return {
            code: (collection, chosen(collection, self.setting.fields[code]))
            for code, collection in COLLECTIONS.items()
            if code in self.setting.fields
        }

    @property
    def licence(self) -> Licence:
        return Licence(self.setting.licence_name, self.setting.licence_url)


@dataclass(frozen=True)
class OpenQuery:
    """What a list is narrowed to; `after`: the number behind which the page begins, 0 for the first."""

    text: str = ""
    place: str = ""
    facet: str = ""
    after: int = 0


def portal() -> OpenPortal | None:
    """None where it is closed."""
    row = newest()
    return OpenPortal(row) if row is not None and row.is_on else None


def newest() -> PortalSetting | None:
    """How the portal is set now."""
    return db.session.scalars(select(PortalSetting).order_by(PortalSetting.id.desc()).limit(1)).first()


class OpenRow(NamedTuple):
    """One row as it is shown; `values`: field -> text."""

    id: int
    key: str
    values: dict[str, str]
    at: datetime


_COLUMNS = (PublicRow.id, PublicRow.key, PublicRow.values, PublicRow.at)


def rows(code: str, query: OpenQuery, *, most: int) -> list[OpenRow]:
    """Of a collection, the newest first, at most so many."""
    found = _statement(place=bool(query.place), facet=bool(query.facet), after=bool(query.after))
    if query.text:
        found = found.where(_holding(query.text))
    given = {"code": code, "place": query.place, "facet": query.facet, "after": query.after, "most": most}
    return [OpenRow(*row) for row in db.session.execute(found, given)]


@cache
def _statement(*, place: bool, facet: bool, after: bool) -> Any:
    """Put together once: building it costs as much as the database takes to answer it."""
    found: Any = select(*_COLUMNS).where(PublicRow.collection == bindparam("code"))
    if place:
        found = found.where(PublicRow.place == bindparam("place"))
    if facet:
        found = found.where(PublicRow.facet == bindparam("facet"))
    if after:
        found = found.where(PublicRow.id < bindparam("after"))
    return found.order_by(PublicRow.id.desc()).limit(bindparam("most"))


def one(code: str, key: str) -> OpenRow | None:
    found = db.session.execute(
        select(*_COLUMNS).where(PublicRow.collection == code, PublicRow.key == key)
    ).one_or_none()
    return OpenRow(*found) if found else None


def every(code: str, query: OpenQuery) -> Iterator[OpenRow]:
    """All that fit, read in pieces; nothing of it is kept."""
    after = query.after
    while True:
        piece = OpenQuery(query.text, query.place, query.facet, after)
        found = rows(code, piece, most=_CHUNK)
        yield from found
        if len(found) < _CHUNK:
            return
        after = found[-1].id


def counts() -> dict[str, tuple[int, datetime]]:
    """Collection -> how many rows, and when the last of them changed."""
    counted = select(PublicRow.collection, func.count(), func.max(PublicRow.at)).group_by(PublicRow.collection)
    return {code: (count, at) for code, count, at in db.session.execute(counted)}


def choices(code: str) -> tuple[list[str], list[str]]:
    """Places and facets that the rows of a collection have."""
    return _values(code, PublicRow.place), _values(code, PublicRow.facet)


def _values(code: str, column: InstrumentedAttribute[str]) -> list[str]:
    """Each value once, by one step in the index from each to the next, however many rows there are."""
    own = PublicRow.collection == code
    found = select(func.min(column).label("value")).where(own, column > "").cte("found", recursive=True)
    onward = select(func.min(column)).where(own, column > found.c.value).scalar_subquery()
    found = found.union_all(select(onward).where(found.c.value.is_not(None)))
    return [value for value in db.session.scalars(select(found.c.value).limit(CHOICES)) if value is not None]


def _holding(text: str) -> ColumnElement[bool]:
    """Every word of it, folded as what is searched was."""
    words = [folded for word in text.split() if (folded := fold(word))]
    if not words:
        return PublicRow.id.in_([])
    held = [PublicRow.id.in_(grams.holding(TABLE, [Searched("name", word)])) for word in words]
    return and_(*held)
