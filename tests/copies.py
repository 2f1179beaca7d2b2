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
        """Make an untouched copy and throw away the last one; its URL.

        Each has a name of its own: a program that outlived its test finds nothing to meddle with.
        """
        ...

    def follow(self, engine: Engine) -> None:
        """Let an engine connect to the copy that was made last."""
        ...

    def close(self) -> None: ...


class File:
    """SQLite: a file for each."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        self._copies = folder / "copies"
        self._number = 0
        self.template = f"sqlite:///{self._template}"

    def fresh(self) -> str:
        shutil.rmtree(self._copies, ignore_errors=True)
        self._copies.mkdir(exist_ok=True)
        self._number += 1
        shutil.copyfile(self._template, self._copy)
        return f"sqlite:///{self._copy}"

    def follow(self, engine: Engine) -> None:
        @event.listens_for(engine, "do_connect")
        def connect(_dialect: Any, _record: Any, arguments: list[Any], _named: Any) -> None:
            arguments[0] = str(self._copy)

    @property
    def _copy(self) -> Path:
        return self._copies / f"registry-{self._number}.db"

    def close(self) -> None:
        """Nothing stays open."""


class Server:
    """PostgreSQL: a database for each on one server."""

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
