"""A fresh database for each test, as a copy of one that was migrated and seeded once."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, Engine, create_engine, event, make_url, text


class Copies(Protocol):
    template: str
    """The URL of the database that is copied; it is filled once, and then nobody stays connected to it."""

    def fresh(self) -> str:
        """Make an untouched copy and throw away the last one, whatever that went through; its URL."""
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

    def fresh(self) -> str:
        new = self._copy.with_name("new.db")
        shutil.copyfile(self._template, new)
        for beside in ("-wal", "-shm", "-journal"):
            self._copy.with_name(self._copy.name + beside).unlink(missing_ok=True)
        new.replace(self._copy)
        return f"sqlite:///{self._copy}"

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
        self._admin = create_engine(
            self._server.set(database="postgres"), isolation_level="AUTOCOMMIT", pool_pre_ping=True
        )
        self.template = _written(self._server.set(database=self._name))
        self._drop(self._name)
        self._make(self._name, "template1")

    def fresh(self) -> str:
        self._drop(self._copy)
        self._number += 1
        self._drop(self._copy)  # a run that was broken off leaves some
        self._make(self._copy, self._name)
        return _written(self._server.set(database=self._copy))

    def follow(self, engine: Engine) -> None:
        @event.listens_for(engine, "do_connect")
        def connect(_dialect: Any, _record: Any, _arguments: Any, named: dict[str, Any]) -> None:
            named["dbname"] = self._copy

    def close(self) -> None:
        self._drop(self._copy)
        self._admin.dispose()

    @property
    def _copy(self) -> str:
        return f"{self._name}_{self._number}"

    def _drop(self, name: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(f'drop database if exists "{name}" with (force)'))

    def _make(self, name: str, template: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(f'create database "{name}" template "{template}"'))


def _written(url: URL) -> str:
    return url.render_as_string(hide_password=False)
