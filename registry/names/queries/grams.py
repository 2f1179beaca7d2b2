"""What the index of names answers: which rows hold a text, and which share the rarest grams with a name."""

# ruff: noqa: S608 - the statements are put together of names of our own tables and columns
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, cast, column, func, literal_column, select, table, text, union_all
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.selectable import CompoundSelect

from registry.base.extensions import db
from registry.names.models import CUTS, SEPARATOR


class Searched(NamedTuple):
    """A text and the column of the index in which it is to stand."""

    column: str
    text: str


class Rare(NamedTuple):
    """A gram to follow: what sharing it is worth, and how many rows are looked at for it at most."""

    column: str
    gram: str
    weight: float
    bound: int


class Shared(NamedTuple):
    """A row and the sum of the weights of the grams it has."""

    id: int
    shared: float


def holding(name: str, wanted: Sequence[Searched]) -> Select[Any] | CompoundSelect[Any]:
    """Ids of the rows of table `name` that hold one of `wanted` somewhere: exactly those a scan would find."""
    if db.engine.dialect.name == "sqlite":
        return _matching(name, " OR ".join(f"({_phrase(name, held)})" for held in wanted))
    found = [_standing_in(name, held) for held in wanted]
    return found[0] if len(found) == 1 else union_all(*found)


def _standing_in(name: str, held: Searched) -> Select[Any]:
    """What is shorter than a gram is looked for in the narrow copy itself: too many grams begin with it for GIN."""
    index = table(f"{name}_grams", column("id"), column(held.column))
    width = _width(name, held.column)
    rows = select(index.c.id).where(index.c[held.column].contains(held.text, autoescape=True))
    if len(held.text) < width:
        return rows
    return rows.where(_grams(index.c[held.column], width).op("@@")(cast(_all_of(held.text, width), TSQUERY)))


def near(name: str, rare: Sequence[Rare], *, keep: int) -> list[Shared]:
    """The `keep` rows of table `name` that share the most with these grams, the most first.

    In FTS5 a gram may stand in any of a row's texts: the name as typed shares what the key shares.
    """
    hits = _one_by_one if db.engine.dialect.name == "sqlite" else _side_by_side
    statement, values = hits(f"{name}_grams", rare)
    ranked = (
        f"select id, sum(weight) as shared from ({statement}) as hit group by id order by shared desc, id limit :keep"
    )
    return [Shared(*row) for row in db.session.execute(text(ranked), {**values, "keep": keep})]


# Put together as text: built of SQLAlchemy's parts, the statement would cost more than its answer.
def _one_by_one(index: str, rare: Sequence[Rare]) -> tuple[str, dict[str, Any]]:
    """FTS5: a bounded look-up for each gram, all in one statement."""
    values: dict[str, Any] = {}
    for number, one in enumerate(rare):
        values |= {f"g{number}": _quoted(one.gram), f"w{number}": one.weight, f"n{number}": one.bound}
    hits = (
        f"select id, :w{number} as weight from "
        f"(select rowid as id from {index} where {index} match :g{number} limit :n{number})"
        for number in range(len(rare))
    )
    return " union all ".join(hits), values


def _side_by_side(index: str, rare: Sequence[Rare]) -> tuple[str, dict[str, Any]]:
    """PostgreSQL: the same statement whatever the grams, so that it is planned once."""
    values: dict[str, Any] = {}
    for column_ in ("name", "sound"):
        own = [one for one in rare if one.column == column_]
        values |= {f"{column_}_grams": [_lexeme(one.gram) for one in own]}
        values |= {f"{column_}_weights": [one.weight for one in own], f"{column_}_bounds": [one.bound for one in own]}
    hits = (
        "select found.id, asked.weight from unnest(cast(:{0}_grams as text[]), cast(:{0}_weights as float8[]), "
        "cast(:{0}_bounds as int[])) as asked (gram, weight, bound) cross join lateral (select id from {1} "
        "where grams({0}, 2) @@ cast(asked.gram as tsquery) limit asked.bound) as found"
    )
    return " union all ".join(hits.format(column_, index) for column_ in ("name", "sound")), values


# -- SQLite ---------------------------------------------------------------------------------------
def _matching(name: str, expression: str) -> Select[Any]:
    index = table(f"{name}_grams", column("rowid"), column(f"{name}_grams"))
    return select(index.c.rowid.label("id")).where(index.c[f"{name}_grams"].op("match")(expression))


def _phrase(name: str, held: Searched) -> str:
    width = _width(name, held.column)
    if len(held.text) < width:
        return f"{held.column} : {_quoted(held.text)} *"
    return f"{held.column} : {_quoted(SEPARATOR.join(_cut(held.text, width)))}"


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


# -- PostgreSQL -----------------------------------------------------------------------------------
def _grams(of: ColumnElement[Any], width: int) -> ColumnElement[Any]:
    # The width in so many words: the index is of an expression, and a parameter would not be the same one.
    return func.grams(of, literal_column(str(width)))


def _all_of(whole: str, width: int) -> str:
    return " & ".join(_lexeme(gram) for gram in dict.fromkeys(_cut(whole, width)))


def _lexeme(gram: str) -> str:
    return "'" + gram.replace("\\", "\\\\").replace("'", "''") + "'"


# -- both -----------------------------------------------------------------------------------------
def _cut(whole: str, width: int) -> list[str]:
    return [whole[at : at + width] for at in range(len(whole) - width + 1)]


def _width(name: str, of: str) -> int:
    return next(cut.width for cut in CUTS[name] if cut.column == of)
