"""Whether the address to serve at is to be had, asked before anything is changed for it."""

from __future__ import annotations

import errno
import socket
from pathlib import Path

import click

from registry.serving import supervising


def refuse_where_taken(host: str, port: int, record: Path) -> None:
    """Raise `ClickException` where the web server could not listen, with what is there as far as it is known.

    A database must not be migrated under processes of before, by a command that cannot serve it afterwards.
    """
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the web server does
            probe.bind((host, port))
    except OSError as error:
        there = f": {_there(record) or 'another program is there'}" if error.errno == errno.EADDRINUSE else ""
        raise click.ClickException(
            f"cannot listen at {host}:{port}: {(error.strerror or str(error)).lower()}{there}"
        ) from None


def _there(record: Path) -> str:
    keeper, programs = supervising.written(record)
    if keeper and supervising.is_alive(keeper):
        return f"`registry serve` runs on this instance already (process {keeper})"
    left = [one for one in programs if one["pid"] and supervising.is_alive(one["pid"])]
    if left:
        names = ", ".join(f"{one['name']} {one['pid']}" for one in left)
        return f"a `registry serve` on this instance was killed, and what it kept running is still ending ({names})"
    return ""
