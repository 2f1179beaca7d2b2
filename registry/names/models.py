"""The index of names: overlapping pairs of characters, kept by triggers in the transaction that writes the name.

Beside a table `firm` stands `firm_grams`. On SQLite it is a contentless FTS5 table whose tokens are the grams; on
PostgreSQL a narrow copy of the indexed texts with one GIN index over their grams. Every text gives the stretches of
`width` characters that begin at each of its characters, so that the last ones are shorter: whatever stands somewhere
in the text stands at the beginning of one of its grams, or is a run of them.
"""

# ruff: noqa: S608 - the statements are put together of names of our own tables and columns
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

SEPARATOR = "\x1f"
"""What lies between two grams in FTS5; no name holds it, for control characters are refused."""


class Cut(NamedTuple):
    """One indexed text: its column in the index, where it comes from (`{row}` stands for the row), its grams' width."""

    column: str
    source: str
    width: int = 2


NAMES = (Cut("name", "{row}.name_key"), Cut("sound", "{row}.sound_key"))
"""What every table of names has: a name as it is folded, and as it sounds."""
SEARCHED = (
    *NAMES,
    # As typed, where that is not the key: remarks and lead numbers are found too, and nothing is kept twice.
    Cut("typed", "case when {row}.name <> {row}.name_key then {row}.name end"),
    Cut("code", "{row}.credit_code", 4),
    Cut("initials", "{row}.initials_key", 3),
)
"""What the ledger is searched by."""
OPEN = (Cut("name", "{row}.name_key"),)
"""What the open lists of the portal are searched by: public fields, folded."""
RESOURCES = (Cut("words", "{row}.search_key"),)
"""What the base of resources is searched by."""
CUTS: Mapping[str, Sequence[Cut]] = {
    "firm": SEARCHED,
    "former_name": NAMES,
    "registered_firm": NAMES,
    "resource": RESOURCES,
    "public_row": OPEN,
}
"""The tables that have such an index, as they are now; a migration says for itself what it creates."""


def prepare(connection: Connection) -> None:
    """Before the first `create` in a database."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(_FUNCTION))


def dismantle(connection: Connection) -> None:
    """After the last `drop`."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("drop function grams(text, integer)"))


def create(connection: Connection, table: str, cuts: Sequence[Cut] = NAMES) -> None:
    """Make the index of `table` with its triggers, and fill it with the rows that are there."""
    for statement in _CREATING[connection.dialect.name](table, cuts):
        connection.exec_driver_sql(statement)


def drop(connection: Connection, table: str) -> None:
    """Take the index of `table` away with its triggers; the table itself must still be there."""
    for statement in _DROPPING[connection.dialect.name](table):
        connection.exec_driver_sql(statement)


def is_of_an_index(table: str) -> bool:
    """Whether a table of the database belongs to an index of names: FTS5 keeps several tables for each."""
    return any(table == f"{name}_grams" or table.startswith(f"{name}_grams_") for name in CUTS)


# -- SQLite ---------------------------------------------------------------------------------------
def _sqlite(table: str, cuts: Sequence[Cut]) -> Iterator[str]:
    columns = ", ".join(cut.column for cut in cuts)
    # Each ASCII character but the separator belongs to a gram; all others do in this tokenizer anyway.
    ascii_ = "".join(chr(point) for point in range(1, 128) if chr(point) != SEPARATOR and not chr(point).isalnum())
    tokenizer = "ascii tokenchars '" + ascii_.replace("'", "''") + "'"
    quoted = tokenizer.replace('"', '""')
    yield (
        f"create virtual table {table}_grams using fts5({columns}, content='', contentless_delete=1, "
        f'tokenize="{quoted}")'
    )
    yield f"insert into {table}_grams (rowid, {columns}) select row.id, {_cut(cuts, 'row')} from {table} as row"
    added = f"insert into {table}_grams (rowid, {columns}) values (new.id, {_cut(cuts, 'new')});"
    taken = f"delete from {table}_grams where rowid = old.id;"
    sources = _columns_of(cuts)
    yield f"create trigger {table}_grams_added after insert on {table} begin {added} end"
    yield f"create trigger {table}_grams_taken after delete on {table} begin {taken} end"
    yield (
        f"create trigger {table}_grams_renamed after update of {', '.join(sources)} on {table} "
        f"when {_differs(sources, 'is not')} begin {taken} {added} end"
    )


def _cut(cuts: Sequence[Cut], row: str) -> str:
    return ", ".join(_GRAMS.format(text=cut.source.format(row=row), width=cut.width) for cut in cuts)


_GRAMS = (
    "(with recursive cut (whole, at) as (select {text}, 1 union all select whole, at + 1 from cut "
    "where at < length(whole)) select group_concat(substr(whole, at, {width}), char(31)) from cut)"
)


def _off_sqlite(table: str) -> Iterator[str]:
    for what in ("added", "taken", "renamed"):
        yield f"drop trigger if exists {table}_grams_{what}"
    yield f"drop table {table}_grams"


# -- PostgreSQL -----------------------------------------------------------------------------------
_FUNCTION = """
create function grams(whole text, width integer) returns tsvector
language sql immutable strict parallel safe cost 1000 as
$$ select array_to_tsvector(array(
    select substr(whole, at, width) from generate_series(1, char_length(whole)) as at
)) $$
"""


def _postgresql(table: str, cuts: Sequence[Cut]) -> Iterator[str]:
    columns = ", ".join(cut.column for cut in cuts)
    typed = ", ".join(f'{cut.column} text collate "C"' for cut in cuts)
    yield f"create table {table}_grams (id integer primary key, {typed})"
    yield f"insert into {table}_grams (id, {columns}) {_select(table, cuts)}"
    # A small pending list: it is read through by every search until it is merged.
    keys = ", ".join(f"grams({cut.column}, {cut.width})" for cut in cuts)
    yield f"create index {table}_grams_grams on {table}_grams using gin ({keys}) with (gin_pending_list_limit = 256)"
    yield from _postgresql_triggers(table, cuts, columns)


def _postgresql_triggers(table: str, cuts: Sequence[Cut], columns: str) -> Iterator[str]:
    sources = _columns_of(cuts)
    for what, body in {
        "added": f"insert into {table}_grams (id, {columns}) {_select('added', cuts)}",
        "taken": f"delete from {table}_grams where id = old.id",
        "renamed": f"update {table}_grams set ({columns}) = row({_sources(cuts, 'new')}) where id = new.id",
    }.items():
        yield (
            f"create function {table}_grams_{what}() returns trigger language plpgsql as "
            f"$$ begin {body}; return null; end $$"
        )
    # Once for all rows of a statement: firms come by the thousand.
    yield (
        f"create trigger {table}_grams_added after insert on {table} referencing new table as added "
        f"for each statement execute function {table}_grams_added()"
    )
    yield (
        f"create trigger {table}_grams_taken after delete on {table} "
        f"for each row execute function {table}_grams_taken()"
    )
    yield (
        f"create trigger {table}_grams_renamed after update of {', '.join(sources)} on {table} "
        f"for each row when ({_differs(sources, 'is distinct from')}) execute function {table}_grams_renamed()"
    )


def _off_postgresql(table: str) -> Iterator[str]:
    for what in ("added", "taken", "renamed"):
        yield f"drop trigger {table}_grams_{what} on {table}"
        yield f"drop function {table}_grams_{what}()"
    yield f"drop table {table}_grams"


def _select(table: str, cuts: Sequence[Cut]) -> str:
    return f"select row.id, {_sources(cuts, 'row')} from {table} as row"


def _sources(cuts: Sequence[Cut], row: str) -> str:
    return ", ".join(cut.source.format(row=row) for cut in cuts)


# -- both -----------------------------------------------------------------------------------------
def _columns_of(cuts: Sequence[Cut]) -> list[str]:
    """The columns of the table that the index is made of."""
    known = ("name_key", "sound_key", "initials_key", "credit_code", "name", "search_key")
    words = {word for cut in cuts for word in cut.source.replace("{row}.", "").split()}
    return [column for column in known if column in words]


def _differs(columns: Sequence[str], how: str) -> str:
    return " or ".join(f"old.{column} {how} new.{column}" for column in columns)


_CREATING = {"sqlite": _sqlite, "postgresql": _postgresql}
_DROPPING = {"sqlite": _off_sqlite, "postgresql": _off_postgresql}
