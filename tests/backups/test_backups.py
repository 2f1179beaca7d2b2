"""A backup is whole, proves itself, and becomes the same registry again: rows, papers, trail."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, make_url, text

from registry.backups import jobs, rules
from registry.backups.services import archives, folder, restoring
from registry.backups.services.archives import BadArchive
from registry.base import sqlite
from registry.base.errors import RegistryError
from registry.base.extensions import db
from registry.firms.models.firms import Firm
from registry.ledger.queries import ledger
from registry.ledger.queries.ledger import LedgerQuery, Order
from registry.trail.services import trail
from tests.conftest import _app, _let_go
from tests.world import NOW, Build, World


@pytest.fixture
def archive(app: Flask, build: Build, tmp_path: Path) -> Path:
    """Of a city with a firm that is in the directory, with its figure and its paper."""
    build(_city)
    with app.app_context():
        path, _ = folder.add(tmp_path / "whole.zip", at=NOW, now=datetime.now(UTC))
        db.session.commit()
    return path


def _city(world: World) -> int:
    firm = world.admitted("海丰县云帆软件有限公司")
    world.firm("海丰县青梅电子商务有限公司")
    return firm.id


@contextmanager
def empty(place: Path, address: str = "") -> Iterator[Flask]:
    """A place where nothing is yet."""
    place.mkdir()
    app = _app(address or f"sqlite:///{place / 'registry.db'}", place)
    with app.app_context():
        yield app
    _let_go(app)


def contents() -> dict[str, rules.Content]:
    return {table.name: archives.contents(table) for table in archives.stored_tables()}


def changed(archive: Path, entry: str, content: bytes | None, *, to: Path) -> Path:
    """The archive with another content in one entry, or without it, and the manifest as it was."""
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            if name != entry:
                new.writestr(name, old.read(name))
        if content is not None:
            new.writestr(entry, content)
    return to


def test_nobody_else_on_the_machine_reads_an_archive(archive: Path) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600


def test_what_is_restored_is_what_was(app: Flask, archive: Path, tmp_path: Path) -> None:
    manifest = archives.prove(archive)
    assert manifest.files, "a city without a paper proves little"
    with empty(tmp_path / "anew") as anew:
        restored = restoring.restore(archive)
        assert (restored.rows, restored.files) == (manifest.rows, len(manifest.files))
        assert contents() == manifest.tables
        assert {name for name, _ in archives.papers(anew.config["FILES"])} == set(manifest.files)
        assert trail.head() == manifest.trail


def test_work_goes_on_in_what_was_restored(archive: Path, tmp_path: Path) -> None:
    """New rows are numbered after the old ones, the index of names knows both, and the trail is still guarded."""
    with empty(tmp_path / "anew"):
        restoring.restore(archive)
        _city_goes_on()
        with pytest.raises(Exception, match="append-only"):
            db.session.execute(text("delete from trail_entry"))
        db.session.rollback()


def _city_goes_on() -> None:
    world = World()
    world.firm("海丰县山海数据有限公司")
    db.session.commit()
    numbers = db.session.scalars(db.select(Firm.id).order_by(Firm.id)).all()
    assert len(numbers) == len(set(numbers)) == 3
    every = LedgerQuery(text="云帆")
    assert [
        line.values["name"] for line in ledger.page(world.actor("cityoffice"), every, Order(), number=1, size=20)
    ] == ["海丰县云帆软件有限公司"]
    assert trail.verify().broken is None


@pytest.mark.postgresql
def test_from_one_database_to_the_other_and_back(app: Flask, archive: Path, tmp_path: Path) -> None:
    """SQLite holds what PostgreSQL held, and PostgreSQL again what SQLite held: digest for digest."""
    if not os.environ.get("TEST_DATABASE_URL"):
        pytest.skip("the suite runs on SQLite")
    there = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).set(database=f"restored_{os.getpid()}")
    admin = create_engine(there.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'create database "{there.database}"'))
    try:
        with empty(tmp_path / "sqlite"):
            restoring.restore(archive)
            second = archives.write(tmp_path / "again", "second.zip", at=datetime.now(UTC))[0]
        with empty(tmp_path / "server", there.render_as_string(hide_password=False)):
            restoring.restore(second)
            assert contents() == archives.prove(archive).tables
            World().firm("海丰县山海数据有限公司")
            db.session.commit()
    finally:
        with admin.connect() as connection:
            connection.execute(text(f'drop database "{there.database}" with (force)'))
        admin.dispose()


def test_nothing_is_ever_written_over(archive: Path, tmp_path: Path) -> None:
    with empty(tmp_path / "anew") as anew:
        restoring.restore(archive)
        before = contents()
        with pytest.raises(RegistryError, match="not empty"):
            restoring.restore(archive)
        shutil.rmtree(anew.config["FILES"])
        with pytest.raises(RegistryError, match="a database already"):
            restoring.restore(archive)
        assert contents() == before


@pytest.mark.parametrize("entry", ["tables/firm.jsonl", "tables/parameter.jsonl", rules.MANIFEST])
def test_an_archive_that_lacks_an_entry_is_refused(archive: Path, tmp_path: Path, entry: str) -> None:
    with pytest.raises(BadArchive):
        archives.prove(changed(archive, entry, None, to=tmp_path / "less.zip"))


def test_a_changed_figure_is_named_by_its_table(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive) as whole:
        lines = whole.read("tables/figure.jsonl")
    assert b'"' in lines
    other = changed(archive, "tables/figure.jsonl", lines.replace(b".00", b".01", 1), to=tmp_path / "other.zip")
    with empty(tmp_path / "anew"):
        with pytest.raises(BadArchive, match=r"tables/figure\.jsonl: the content differs"):
            restoring.restore(other)
        assert not (tmp_path / "anew" / "registry.db").exists(), "proved before anything is made"


def test_an_entry_nobody_wrote_is_named(archive: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.zip"
    shutil.copy(archive, more)
    with zipfile.ZipFile(more, "a") as file:
        file.writestr("files/../../strange", b"x")
    with pytest.raises(BadArchive, match="strange"):
        archives.prove(more)


def test_every_bit_of_a_row_counts(archive: Path, tmp_path: Path) -> None:
    """One bit in twenty places of the file: it is never taken for the whole one."""
    whole = archive.read_bytes()
    for place in range(40, len(whole), len(whole) // 20):
        bad = tmp_path / "bad.zip"
        bad.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        try:
            assert archives.prove(bad) == archives.prove(archive), place  # a bit that says nothing of the content
        except BadArchive:
            continue


def test_half_an_archive_is_refused(archive: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.zip"
    half.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    with pytest.raises(BadArchive, match="not a whole archive"):
        archives.prove(half)


def test_a_row_whose_other_row_is_missing_is_not_restored(archive: Path, tmp_path: Path) -> None:
    """An archive that somebody put together, digests and all: the database has the last word, and nothing stays."""
    other = tmp_path / "orphans.zip"
    with zipfile.ZipFile(archive) as old:
        manifest = json.loads(old.read(rules.MANIFEST))
        empty_content = {"sha256": archives.hashlib.sha256(b"").hexdigest(), "size": 0, "rows": 0}
        manifest["tables"]["firm"] = empty_content
        with zipfile.ZipFile(other, "w") as new:
            for name in old.namelist():
                content = b"" if name == "tables/firm.jsonl" else old.read(name)
                new.writestr(name, json.dumps(manifest) if name == rules.MANIFEST else content)
    with empty(tmp_path / "anew"):
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            restoring.restore(other)
        assert db.session.scalar(text("select count(*) from user_account")) == 0


def test_an_archive_of_another_schema_names_the_way(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive) as whole:
        manifest = json.loads(whole.read(rules.MANIFEST)) | {"schema": "0007"}
    old = changed(archive, rules.MANIFEST, json.dumps(manifest).encode(), to=tmp_path / "old.zip")
    with empty(tmp_path / "anew"), pytest.raises(BadArchive, match=r"made at schema 0007.*the release that made it"):
        restoring.restore(old)


def test_a_failed_write_leaves_no_archive(
    app: Flask, build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(_city)

    def full(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archives, "prove", full)
    with app.app_context(), pytest.raises(OSError, match="No space"):
        archives.write(tmp_path / "there", "registry-20211015T000000Z.zip", at=NOW)
    assert list((tmp_path / "there").iterdir()) == []


def test_the_night_keeps_so_many_and_other_files_stay(app: Flask) -> None:
    with app.app_context():
        place = folder.place()
        place.mkdir(parents=True)
        for days in range(1, 5):
            (place / rules.file_name(datetime.now(UTC) - timedelta(days=days))).write_bytes(b"older")
        (place / "notes.txt").write_text("x")
        app.config["BACKUPS_KEPT"] = 3
        jobs.nightly()
        kept = folder.kept()
        assert len(kept) == 3
        assert archives.prove(kept[0].path).rows > 0
        assert (place / "notes.txt").exists()
        entry = db.session.execute(text("select verb, subject_label from trail_entry order by seq desc limit 1")).one()
        assert tuple(entry) == ("backup", kept[0].path.name)


def test_none_are_made_where_none_are_wanted(app: Flask) -> None:
    with app.app_context():
        app.config["BACKUPS_KEPT"] = 0
        jobs.nightly()
        assert folder.kept() == []


def test_an_archive_is_its_owners_alone(archive: Path) -> None:
    assert archive.stat().st_mode & 0o077 == 0


def test_saving_goes_on_while_it_is_written(
    app: Flask, build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that comes in the middle is not in the archive, and the archive is consistent."""
    build(_city)
    seen: list[str] = []
    read = archives.lines

    def lines(table: archives.Table) -> Iterator[bytes]:
        if table.name == "firm" and not seen:
            seen.append(_saved_by_another(app))
        yield from read(table)

    monkeypatch.setattr(archives, "lines", lines)
    with app.app_context():
        path, manifest = archives.write(tmp_path / "there", "one.zip", at=NOW)
    assert seen == ["saved"]
    assert manifest.tables["parameter"].rows > 0
    with zipfile.ZipFile(path) as whole:
        assert "另一人".encode() not in whole.read("tables/user_account.jsonl")


def _saved_by_another(app: Flask) -> str:
    address = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    module = {"module": sqlite.DRIVER} if address.get_backend_name() == "sqlite" else {}
    engine = create_engine(address, **module)
    with engine.begin() as connection:
        connection.execute(text("update user_account set name = '另一人' where username = 'haifeng'"))
    engine.dispose()
    return "saved"
