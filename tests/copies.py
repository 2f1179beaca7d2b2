"""A fresh database for each test, as a copy of one that was migrated and seeded once."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL, create_engine, make_url, text


class Copies(Protocol):
    template: str
    """The URL of the database that is copied; it is filled once, and then nobody stays connected to it."""
    address: str
    """The URL under which each copy lies, one after the other."""

    def fresh(self) -> str:
        """Put an untouched copy at the address, whatever the last one went through."""
        ...

    def close(self) -> None: ...


class File:
    """SQLite: a file that is replaced."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        self._copy = folder / "registry.db"
        self.template = f"sqlite:///{self._template}"
        self.address = f"sqlite:///{self._copy}"

    def fresh(self) -> str:
        new = self._copy.with_name("new.db")
        shutil.copyfile(self._template, new)
        for beside in ("-wal", "-shm", "-journal"):
            self._copy.with_name(self._copy.name + beside).unlink(missing_ok=True)
        new.replace(self._copy)
        return self.address

    def close(self) -> None:
        """Nothing stays open."""


class Server:
    """PostgreSQL: a database that is dropped and made again."""

    def __init__(self, server: str, worker: str) -> None:
        url = make_url(server)
        name = f"{url.database}_{worker}"
        self._name, self._copy = f'"{name}"', f'"{name}_copy"'
        self._admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT", pool_pre_ping=True)
        self.template, self.address = _written(url.set(database=name)), _written(url.set(database=f"{name}_copy"))
        self._make(self._name, "template1")

    def fresh(self) -> str:
        self._make(self._copy, self._name)
        return self.address

    def close(self) -> None:
        self._admin.dispose()

    def _make(self, name: str, template: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(f"drop database if exists {name} with (force)"))
            connection.execute(text(f"create database {name} template {template}"))


def _written(url: URL) -> str:
    return url.render_as_string(hide_password=False)
