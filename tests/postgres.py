"""Make an empty PostgreSQL database for the suite and print its address; say why and fail where that cannot be."""

from __future__ import annotations

import getpass
import os
import sys

import psycopg

DATABASE = "registry_test"
SERVER = "127.0.0.1:5432"


def main() -> int:
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given:
        print(given)  # noqa: T201
        return 0
    reasons = []
    for role in dict.fromkeys([getpass.getuser(), "postgres", "root"]):
        try:
            _make_empty(role)
        except psycopg.Error as error:
            reasons.append(f"  as {role}: {str(error).strip().splitlines()[-1]}")
        else:
            print(f"postgresql+psycopg://{role}@{SERVER}/{DATABASE}")  # noqa: T201
            return 0
    print(f"No PostgreSQL at {SERVER} that trusts this machine:", *reasons, sep="\n", file=sys.stderr)  # noqa: T201
    return 1


def _make_empty(role: str) -> None:
    address = f"postgresql://{role}@{SERVER}/postgres?connect_timeout=3"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'")


if __name__ == "__main__":
    sys.exit(main())
