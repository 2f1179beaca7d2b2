"""Rows and changes of a quarter that is not closed, page by page: found and ordered by the database."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, overload

from sqlalchemy import ColumnElement, Select, func, literal

from registry.base.extensions import db
from registry.quarters.models import QuarterLine, QuarterLineChange
from registry.quarters.queries import concerned, telling
from registry.quarters.queries.lines import KeptLines
from registry.quarters.rules.frozen import thawed
from registry.quarters.rules.lines import EVERYTHING, SliceQuery, told
from registry.quarters.sheets.summaries import Change, FoundLater, Row, Told


class Placed(NamedTuple):
    """A text by where it stands in the order of the book."""

    place: str
    firm_id: int
    number: int
    text: str


class _Slices(FoundLater[Told]):
    """What fits, in the order of the book; only what is looked at is read. `size`: how many, where that is known."""

    def __init__(self, found: KeptLines, asked: SliceQuery = EVERYTHING, size: int | None = None) -> None:
        self._found, self._asked, self._size = found, asked, size
        self._anew = sorted(self._fresh())

    def that(self, asked: SliceQuery) -> Sequence[Told]:
        return self if asked == self._asked else type(self)(self._found, asked)

    def __len__(self) -> int:
        if self._size is None:
            self._size = (db.session.scalar(self._kept(func.count())) or 0) + len(self._anew)
        return self._size

    @overload
    def __getitem__(self, index: int) -> Told: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Told]: ...
    def __getitem__(self, index: int | slice) -> Told | Sequence[Told]:
        if isinstance(index, slice):
            start, stop, _step = index.indices(len(self))
            return self._thawed(one.text for one in merged(self._read, self._anew, start, stop))
        return self[index : index + 1][0]

    def __iter__(self) -> Iterator[Told]:
        return iter(self[:])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def _read(self, start: int, stop: int) -> list[Placed]:
        place, firm_id, number, text = self._columns()
        found = self._kept(place, firm_id, number, text).order_by(place, firm_id, number)
        return [Placed(*row) for row in db.session.execute(found.offset(start).limit(stop - start))]

    @abstractmethod
    def _columns(self) -> tuple[Any, Any, Any, Any]:
        """Those of `Placed`."""

    @abstractmethod
    def _kept(self, *columns: Any) -> Select[Any]: ...

    @abstractmethod
    def _fresh(self) -> Iterable[Placed]: ...

    @abstractmethod
    def _thawed(self, texts: Iterable[str]) -> list[Told]: ...


class KeptRows(_Slices[Row]):
    """Firms that the quarter held."""

    def _columns(self) -> tuple[Any, Any, Any, Any]:
        return QuarterLine.place, QuarterLine.firm_id, literal(0), QuarterLine.row

    def _kept(self, *columns: Any) -> Select[Any]:
        found = self._found.untouched(QuarterLine, *columns)
        return found.where(QuarterLine.held, *_fitting(QuarterLine, self._asked))

    def _fresh(self) -> Iterable[Placed]:
        held = (line for line in self._found.anew if line.held)
        fitting = (line for line in held if self._asked.fits(line.sought, line.traits))
        return (Placed(line.place, line.firm_id, 0, line.row) for line in fitting)

    def _thawed(self, texts: Iterable[str]) -> list[Row]:
        return [thawed(text) for text in texts]


class KeptChanges(_Slices[Change]):
    """The quarter's changes."""

    def _columns(self) -> tuple[Any, Any, Any, Any]:
        table = QuarterLineChange
        return table.place, table.firm_id, table.number, table.text

    def _kept(self, *columns: Any) -> Select[Any]:
        found = self._found.untouched(QuarterLineChange, *columns)
        return found.where(*_fitting(QuarterLineChange, self._asked))

    def _fresh(self) -> Iterable[Placed]:
        changes = (change for line in self._found.anew for change in telling.changes_of(line))
        fitting = (change for change in changes if self._asked.fits(change.sought, change.traits))
        return (Placed(change.place, change.firm_id, change.number, change.text) for change in fitting)

    def _thawed(self, texts: Iterable[str]) -> list[Change]:
        return concerned.with_names((telling.thawed_change(text) for text in texts), self._found.actor)


def merged(read: Callable[[int, int], list[Placed]], anew: Sequence[Placed], start: int, stop: int) -> list[Placed]:
    """The slice of what is kept and what is anew together; `read` gives a slice of what is kept. Both are in order."""
    first = max(0, start - len(anew))
    kept = read(first, stop) if first < stop else []
    rest = [one for one in anew if not first or (kept and one > kept[0])]
    before = first + len(anew) - len(rest)
    return sorted([*kept, *rest])[start - before : stop - before]


def _fitting(table: type[QuarterLine] | type[QuarterLineChange], asked: SliceQuery) -> Iterator[ColumnElement[bool]]:
    """The same as `SliceQuery.fits`, as conditions."""
    if asked.words:
        yield _holds(table.sought, asked.words)
    yield from (_holds(table.traits, told([trait])) for trait in asked.traits)


def _holds(column: Any, text: str) -> ColumnElement[bool]:
    """Every sign as it is: LIKE would take A for a on SQLite."""
    place = func.instr if db.engine.dialect.name == "sqlite" else func.strpos
    return place(column, text) > 0
