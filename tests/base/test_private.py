"""No other user of the machine reads the database, the papers, the uploads or the secrets: also of an old installation."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry import create_app
from registry.base import private, sqlite
from registry.base.extensions import db

LEFT = (
    "registry.db", "registry.db-wal", "registry.db-shm", "registry.db-journal", "jobs.db", "registry_secret_key",
    "files/ab/paper.pdf", "uploads/list.xlsx",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    """As a machine has it where nobody thought of it."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """An installation that an earlier version made, open to everybody."""
    instance = tmp_path / "instance"
    for name in LEFT:
        path = instance / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return instance


def settings(instance: Path, database: Path | None = None) -> dict[str, object]:
    return {
        "INSTANCE": instance,
        "FILES": instance / "files",
        "UPLOADS": instance / "uploads",
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{database or instance / 'registry.db'}",
    }


def modes(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder.parent)): oct(stat.S_IMODE(p.stat().st_mode)) for p in (folder, *folder.rglob("*"))
    }


def test_an_old_installation_is_closed_at_the_next_start(old: Path) -> None:
    assert modes(old)["instance/registry.db"] == "0o644"
    private.keep(settings(old))
    assert set(modes(old).values()) == {"0o600", "0o700"}
    assert {name for name, mode in modes(old).items() if mode == "0o700"} == {
        "instance", "instance/files", "instance/files/ab", "instance/uploads",
    }  # fmt: skip
    assert private.open_to_others(settings(old)) == []


def test_a_database_elsewhere_is_closed_and_the_folder_around_it_left_alone(tmp_path: Path) -> None:
    around = tmp_path / "shared"
    around.mkdir()
    (around / "city.db").touch()
    (around / "city.db-wal").touch()
    (around / "else.txt").touch()
    private.keep(settings(tmp_path / "instance", around / "city.db"))
    assert modes(around) == {
        "shared": "0o755", "shared/city.db": "0o600", "shared/city.db-wal": "0o600", "shared/else.txt": "0o644",
    }  # fmt: skip


def test_what_a_running_installation_makes_is_its_owners_alone(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    app = create_app({**settings(instance), "SECRET_KEY": "test", "TESTING": True})
    with app.app_context():
        with sqlite.may_make(), db.engine.begin() as connection:
            connection.exec_driver_sql("create table anything (id integer)")
            made = modes(instance)
        db.engine.dispose()
    (tmp_path / "export.xlsx").touch()
    assert set(made.values()) <= {"0o600", "0o700"}
    assert made["instance/registry.db"] == "0o600"
    assert oct(stat.S_IMODE((tmp_path / "export.xlsx").stat().st_mode)) == "0o600"


def test_a_folder_that_belongs_to_all_is_not_closed_but_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    with caplog.at_level(logging.WARNING):
        private.keep(settings(shared))
    assert stat.S_IMODE(shared.stat().st_mode) == 0o1777
    assert private.open_to_others(settings(shared)) == [shared]
    assert [record.getMessage() for record in caplog.records] == [
        f"others can read {shared}, and it is not ours to close: chmod go= it, or choose another place"
    ]
