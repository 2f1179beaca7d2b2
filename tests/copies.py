"""A fresh database for each test, as a copy of one that was migrated and seeded once."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, Engine, create_engine, event, make_url, text


class Copies(Protocol):
    template: str
    """The URL of the database that is copied; it is filled once, and then nobody stays connected to it."""

    def fresh(self, kept: str = "") -> str:
        """Make an untouched copy, of the template or of what was kept, and throw away the last one; its URL."""
        ...

    def keep(self, name: str) -> None:
        """The copy as it stands is from now on copied under this name; nobody may be connected to it."""
        ...

    def follow(self, engine: Engine) -> None:
        """Let an engine connect to the copy that was made last."""
        ...

    def close(self) -> None: ...


class File:
    """SQLite: a file that is replaced; who still has the old one open goes on with that."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        self._copy = folder / "registry.db"
        self.template = f"sqlite:///{self._template}"

    def fresh(self, kept: str = "") -> str:
        new = self._copy.with_name("new.db")
        shutil.copyfile(self._kept(kept) if kept else self._template, new)
        for beside in ("-wal", "-shm", "-journal"):
            self._copy.with_name(self._copy.name + beside).unlink(missing_ok=True)
        new.replace(self._copy)
        return f"sqlite:///{self._copy}"

    def keep(self, name: str) -> None:
        shutil.copyfile(self._copy, self._kept(name))

    def _kept(self, name: str) -> Path:
        return self._template.with_name(f"kept-{name}.db")

    def follow(self, engine: Engine) -> None:
        """It lies where the last one lay."""

    def close(self) -> None:
        """Nothing stays open."""


class Server:
    """PostgreSQL: a database under a name of its own, so that a program that outlived its test finds nothing there."""

    def __init__(self, server: str, worker: str) -> None:
        self._server = make_url(server)
        self._name = f"{self._server.database}_{worker}"
        self._number = 0
        self._kept: set[str] = set()
        self._admin = create_engine(
            self._server.set(database="postgres"), isolation_level="AUTOCOMMIT", pool_pre_ping=True
        )
        self.template = _written(self._server.set(database=self._name))
        # File by file takes two thirds of the time of block by block; before 15 there was no other way.
        with self._admin.connect() as connection:
            version = connection.dialect.server_version_info or (0,)
        self._strategy = "strategy file_copy" if version >= (15,) else ""
        self._drop(self._name)
        self._make(self._name, "template1")

    def fresh(self, kept: str = "") -> str:
        self._drop(self._copy)
        self._number += 1
        self._drop(self._copy)  # a run that was broken off leaves some
        self._make(self._copy, self._named(kept) if kept else self._name)
        return _written(self._server.set(database=self._copy))

    def keep(self, name: str) -> None:
        self._drop(self._named(name))
        self._make(self._named(name), self._copy)
        self._kept.add(name)

    def _named(self, kept: str) -> str:
        return f"{self._name}_{kept}"

    def follow(self, engine: Engine) -> None:
        @event.listens_for(engine, "do_connect")
        def connect(_dialect: Any, _record: Any, _arguments: Any, named: dict[str, Any]) -> None:
            named["dbname"] = self._copy

    def close(self) -> None:
        for name in (self._copy, *map(self._named, self._kept)):
            self._drop(name)
        self._admin.dispose()

    @property
    def _copy(self) -> str:
        return f"{self._name}_{self._number}"

    def _drop(self, name: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(f'drop database if exists "{name}" with (force)'))

    def _make(self, name: str, template: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(f'create database "{name}" template "{template}" {self._strategy}'))


def _written(url: URL) -> str:
    return url.render_as_string(hide_password=False)
