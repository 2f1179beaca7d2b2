"""An archive becomes a registry again, in an empty place, on either database, and is compared with what it was."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import JSON, Column, Connection, Integer, MetaData, Table, func, insert, inspect, select, text
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from registry.backups.rules import ANCHORS, Manifest, file_entry, row_of, table_entry
from registry.backups.services import archives
from registry.backups.services.archives import BadArchive
from registry.base.errors import RegistryError
from registry.base.extensions import db, setting
from registry.trail.services import anchoring, recounting, trail

ROWS = 1_000
"""Rows written at a time."""


@dataclass(frozen=True)
class Restored:
    """`unsealed`: fields and rows that do not fit their seals, as they did not when the archive was made."""

    tables: int
    rows: int
    files: int
    trail: str
    unsealed: int = 0


def restore(path: Path) -> Restored:
    """Restore the archive at `path`; raises BadArchive, and RegistryError where the place is not empty.

    The archive is proved first, and what was restored is read again and compared with it: rows, papers, trail.
    """
    manifest = archives.prove(path)
    _refuse_other_schema(manifest)
    _refuse_full()
    upgrade(directory=str(setting("MIGRATIONS")))
    with zipfile.ZipFile(path) as archive:
        _unpack_papers(archive, manifest)
        with db.engine.begin() as connection, _unguarded(connection):
            for table in archives.stored_tables():
                connection.execute(table.delete())
            for table in archives.stored_tables():
                _fill(connection, table, archive)
                _go_on_counting(connection, table)
        _unpack_anchors(archive, manifest)
    return compare(manifest)


def _unpack_anchors(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Where none were noted yet; a file that is there knows more than the archive."""
    place = anchoring.place()
    if manifest.anchors is not None and not place.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.touch(mode=0o600)
        place.write_bytes(archive.read(ANCHORS))


def _refuse_other_schema(manifest: Manifest) -> None:
    if manifest.schema != archives.newest_schema():
        raise BadArchive(
            f"made at schema {manifest.schema}, and this release has {archives.newest_schema()}: restore it with the"
            " release that made it, then start the newer one, which migrates"
        )
    ours = {table.name for table in archives.stored_tables()}
    if strange := sorted(ours ^ set(manifest.tables)):
        raise BadArchive(f"the archive and this release differ in the table {strange[0]}")


def _refuse_full() -> None:
    """Nothing that is there is ever written over."""
    files = Path(setting("FILES"))
    if files.is_dir() and any(files.iterdir()):
        raise RegistryError(f"the folder of papers is not empty: {files}")
    url = db.engine.url
    if url.get_backend_name() == "sqlite":
        if url.database and Path(url.database).exists():
            raise RegistryError(f"there is a database already: {url.database}")
    elif inspect(db.engine).get_table_names():
        raise RegistryError(f"the database is not empty: {url.render_as_string(hide_password=True)}")


def _unpack_papers(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    folder = Path(setting("FILES")).resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in manifest.files:
        place = (folder / name).resolve()
        if not place.is_relative_to(folder):
            raise BadArchive(f"{name}: leads out of the folder of papers")
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with archive.open(file_entry(name)) as packed, place.open("xb") as paper:
            shutil.copyfileobj(packed, paper)
            paper.flush()
            os.fsync(paper.fileno())


def _fill(connection: Connection, table: Table, archive: zipfile.ZipFile) -> None:
    plain = _plain(table)
    kinds = [_kind(column) for column in table.columns]
    keys = [column.key for column in plain.columns]
    with archive.open(table_entry(table.name)) as packed:
        while some := list(islice(packed, ROWS)):
            connection.execute(insert(plain), [dict(zip(keys, row_of(line, kinds), strict=True)) for line in some])


class _JsonText(UserDefinedType[str]):
    """JSON that is written as the text it was."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "JSON"


def _plain(table: Table) -> Table:
    """The table without defaults of Python's side, so that what was empty stays empty."""
    columns = [Column(c.name, _JsonText() if isinstance(c.type, JSON) else c.type) for c in table.columns]
    return Table(table.name, MetaData(), *columns)


def _kind(column: Column[Any]) -> type:
    kind: TypeEngine[Any] = column.type
    if isinstance(kind, JSON):
        return str
    return kind.impl_instance.python_type if isinstance(kind, TypeDecorator) else kind.python_type


def _go_on_counting(connection: Connection, table: Table) -> None:
    """New rows are numbered after the last one that was restored."""
    key = list(table.primary_key.columns)
    if connection.dialect.name != "postgresql" or len(key) != 1 or not isinstance(key[0].type, Integer):
        return
    sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, key[0].name)))
    last = connection.scalar(select(func.max(key[0])))
    if sequence and last:
        connection.execute(select(func.setval(sequence, last)))


@contextmanager
def _unguarded(connection: Connection) -> Iterator[None]:
    """Rows come in any order and are none that somebody adds: links are checked at the end, and only the index of
    names is kept up meanwhile. All of it is part of the transaction: where it fails, nothing was ever unguarded."""
    guard = _postgresql if connection.dialect.name == "postgresql" else _sqlite
    with guard(connection):
        yield


@contextmanager
def _sqlite(connection: Connection) -> Iterator[None]:
    connection.exec_driver_sql("pragma defer_foreign_keys = on")
    triggers = connection.exec_driver_sql(
        r"select name, sql from sqlite_master where type = 'trigger' and name not like '%\_grams\_%' escape '\'"
    ).all()
    for name, _made in triggers:
        connection.exec_driver_sql(f'drop trigger "{name}"')
    yield
    for _name, made in triggers:
        connection.exec_driver_sql(made)


@contextmanager
def _postgresql(connection: Connection) -> Iterator[None]:
    links = connection.execute(
        text(
            "select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint"
            " where contype = 'f' and connamespace = current_schema()::regnamespace order by conname"
        )
    ).all()
    names = [table.name for table in archives.stored_tables()]
    for table, name, _made in links:
        connection.exec_driver_sql(f'alter table {table} drop constraint "{name}"')
    for table in names:
        connection.exec_driver_sql(f'alter table "{table}" disable trigger user')
    yield
    for table in names:
        connection.exec_driver_sql(f'alter table "{table}" enable trigger user')
    for table, name, made in links:
        connection.exec_driver_sql(f'alter table {table} add constraint "{name}" {made}')


def compare(manifest: Manifest) -> Restored:
    """Read everything again and compare it with the manifest; raises BadArchive with what differs first."""
    for table in archives.stored_tables():
        if archives.contents(table) != manifest.tables[table.name]:
            raise BadArchive(f"the table {table.name} differs from the archive after it was restored")
    sequence, _, digest = manifest.trail.partition(":")
    proved = trail.verify(anchor=(int(sequence), digest) if int(sequence) else None)
    if proved.broken is not None:
        raise BadArchive(f"the trail does not verify: row {proved.broken} ({proved.fault})")
    unsealed = len(recounting.recount(db.session()).faults)
    db.session.rollback()
    return Restored(len(manifest.tables), manifest.rows, len(manifest.files), manifest.trail, unsealed)
