"""An archive is written from one steady view of the data, and proves itself before anybody relies on it."""

from __future__ import annotations

import hashlib
import os
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Column, Table, Text, cast, select, text

from registry.backups.rules import ANCHORS, MANIFEST, Content, Manifest, file_entry, line_of, manifest_of, table_entry
from registry.base.errors import RegistryError
from registry.base.extensions import db, setting
from registry.base.steady import steady_view
from registry.base.tables import Base
from registry.trail.services import anchoring, trail

ROWS = 2_000
"""Rows read at a time."""
PIECE = 1 << 20
_PAPERS_ARE_PACKED = zipfile.ZIP_STORED
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What reading a damaged file ends with, by where the damage is."""


class BadArchive(RegistryError):
    """The archive is not what its manifest says; the sentence names what differs."""


def write(folder: Path, name: str, *, at: datetime) -> tuple[Path, Manifest]:
    """Write the archive `name` into `folder`, prove it, and only then give it its name; whole or not at all.

    Nothing else waits meanwhile: the rows are read from one snapshot; papers are only ever added, so that every
    paper a row of the snapshot names is in the folder of papers when they are packed after the rows.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    whole, part = folder / name, folder / f"{name}.part"
    try:
        with open(part, "xb", opener=_for_us_alone) as file:
            manifest = _write(file, at)
            file.flush()
            os.fsync(file.fileno())
        prove(part)
        part.replace(whole)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return whole, manifest


def _for_us_alone(path: str, flags: int) -> int:
    """An archive holds everything, of everybody: in whatever folder it is written, nobody else reads it."""
    return os.open(path, flags, 0o600)


def _write(file: IO[bytes], at: datetime) -> Manifest:
    noted = anchoring.place()
    # before the rows: of an anchor that is newer than they are, the archive would hold no entry
    anchors = noted.read_bytes() if noted.is_file() else b""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        with steady_view():
            tables = {table.name: _pack(archive, table_entry(table.name), lines(table)) for table in stored_tables()}
            end = trail.head()
        files = {name: _pack_paper(archive, file_entry(name), path) for name, path in papers(setting("FILES"))}
        kept = _pack(archive, ANCHORS, anchors.splitlines(keepends=True)) if anchors else None
        manifest = Manifest(at.isoformat(), db.engine.dialect.name, schema(), end, tables, files, kept)
        archive.writestr(MANIFEST, manifest.text())
    return manifest


def _pack(archive: zipfile.ZipFile, entry: str, pieces: Iterable[bytes]) -> Content:
    counted = _Counted()
    with archive.open(entry, "w", force_zip64=True) as packed:
        for piece in pieces:
            packed.write(counted.seen(piece))
    return counted.content()


def _pack_paper(archive: zipfile.ZipFile, entry: str, path: Path) -> Content:
    """Papers are PDF and pictures, which do not become smaller."""
    info = zipfile.ZipInfo(entry)
    info.compress_type = _PAPERS_ARE_PACKED
    counted = _Counted()
    with path.open("rb") as paper, archive.open(info, "w", force_zip64=True) as packed:
        while piece := paper.read(PIECE):
            packed.write(counted.seen(piece))
    return Content(counted.digest.hexdigest(), counted.size)


def prove(path: Path) -> Manifest:
    """The manifest, after every entry was read and found as it says; raises BadArchive."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive)
            _prove(archive, manifest)
    except _UNREADABLE as error:
        raise BadArchive(f"{path}: not a whole archive ({error})") from error
    return manifest


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        return manifest_of(archive.read(MANIFEST))
    except (KeyError, ValueError) as error:
        raise BadArchive(f"the manifest is missing or not one of this program: {error}") from error


def _prove(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    expected, found = manifest.entries(), archive.namelist()
    twice = len(found) != len(set(found))
    if twice or (strange := sorted(set(found) ^ {*expected, MANIFEST})):
        raise BadArchive(f"the entries differ from the manifest: {'one is there twice' if twice else strange[0]}")
    for entry, content in expected.items():
        counted = _Counted()
        with archive.open(entry) as packed:
            while piece := packed.read(PIECE):
                counted.seen(piece)
        if (counted.digest.hexdigest(), counted.size) != (content.sha256, content.size):
            raise BadArchive(f"{entry}: the content differs from the manifest")


def stored_tables() -> list[Table]:
    """Every table whose rows are data, by name."""
    return sorted(Base.metadata.tables.values(), key=lambda table: table.name)


def lines(table: Table) -> Iterator[bytes]:
    """The rows of a table in the order of its key, as they stand in an archive."""
    statement = select(*(_read(column) for column in table.columns)).order_by(*table.primary_key.columns)
    rows = db.session.connection().execute(statement, execution_options={"yield_per": ROWS})
    for row in rows:
        yield line_of(row)


def contents(table: Table) -> Content:
    """What a table holds now, as a manifest says it."""
    counted = _Counted()
    for line in lines(table):
        counted.seen(line)
    return counted.content()


def _read(column: Column[Any]) -> Any:
    """JSON is taken as the text it is: `null` inside it and no value at all are two things."""
    return cast(column, Text) if isinstance(column.type, JSON) else column


def papers(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file of the folder of papers, by its name in it."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix(), path


def schema() -> str:
    """The migration the database is at."""
    return str(db.session.scalar(text("select version_num from alembic_version")))


def newest_schema() -> str:
    """The migration this release brings the database to."""
    return str(ScriptDirectory(str(setting("MIGRATIONS"))).get_current_head())


class _Counted:
    def __init__(self) -> None:
        self.digest, self.size, self.lines = hashlib.sha256(), 0, 0

    def seen(self, piece: bytes) -> bytes:
        self.digest.update(piece)
        self.size += len(piece)
        self.lines += 1
        return piece

    def content(self) -> Content:
        return Content(self.digest.hexdigest(), self.size, self.lines)
