"""Run a command with an empty PostgreSQL, whose address is in TEST_DATABASE_URL: one given there, or one made for this run.

A server of our own is made from the programs installed here, in a folder that is thrown away, and need not survive the
machine; where there are no such programs, a server on this machine that trusts it will do.
"""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

DATABASE = "registry_test"
ROLE = "registry"
THERE = "127.0.0.1:5432"
NONE = 69  # sysexits: unavailable
# Each test copies a database; without these it waits for the disk most of its time.
IN_A_HURRY = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off", "max_wal_size=4GB")


def main(command: list[str]) -> int:
    try:
        with server() as address:
            given = {**os.environ, "TEST_DATABASE_URL": address}
            return subprocess.run(command, env=given, check=False).returncode
    except LookupError as nothing:
        print(nothing, file=sys.stderr)  # noqa: T201
        return NONE


@contextmanager
def server() -> Iterator[str]:
    """The address of an empty database; LookupError where there is none."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
    elif programs := _programs():
        folder = Path(tempfile.mkdtemp(prefix="registry-postgresql-"))
        try:
            yield from _own(programs, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    else:
        yield _trusting()


def _programs() -> Path | None:
    found = shutil.which("postgres")
    places = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version)
    return next((place for place in reversed(places) if (place / "initdb").exists()), None)


def _version(place: Path) -> int:
    return int(place.parent.name) if place.parent.name.isdigit() else 0


def _own(programs: Path, folder: Path) -> Iterator[str]:
    owner = _owner()
    if owner:
        shutil.chown(folder, owner)
    port, data = _free_port(), folder / "data"
    settings = [f"port={port}", f"unix_socket_directories={folder}", "listen_addresses=127.0.0.1", *IN_A_HURRY]

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [programs / program, "-D", data, *arguments], user=owner, cwd=folder, check=False,
            stdin=subprocess.DEVNULL, capture_output=program == "initdb", text=True,
        )  # fmt: skip
        if done.returncode:
            raise LookupError(f"{program} failed: {done.stderr or (folder / 'log').read_text(encoding='utf-8')}")

    run("initdb", "--auth=trust", "--username", ROLE, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
    with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.writelines("{} = '{}'\n".format(*each.split("=")) for each in settings)
    run("pg_ctl", "--silent", "--wait", "--log", str(folder / "log"), "start")
    try:
        _make_empty(ROLE, f"127.0.0.1:{port}")
        yield f"postgresql+psycopg://{ROLE}@127.0.0.1:{port}/{DATABASE}"
    finally:
        run("pg_ctl", "--silent", "--wait", "--mode=immediate", "stop")


def _owner() -> str | None:
    """PostgreSQL does not run as root: whose it is then."""
    if os.getuid():
        return None
    known = {person.pw_name for person in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _trusting() -> str:
    reasons = []
    for role in dict.fromkeys([getpass.getuser(), "postgres", "root"]):
        try:
            _make_empty(role, THERE)
        except psycopg.Error as error:
            reasons.append(f"  as {role}: {str(error).strip().splitlines()[-1]}")
        else:
            return f"postgresql+psycopg://{role}@{THERE}/{DATABASE}"
    raise LookupError("\n".join([f"No PostgreSQL is installed, and none at {THERE} trusts this machine:", *reasons]))


def _make_empty(role: str, place: str) -> None:
    with psycopg.connect(f"postgresql://{role}@{place}/postgres?connect_timeout=3", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
