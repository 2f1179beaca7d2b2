"""The installation's files are its own: no other user of the machine reads the database, the papers or the secrets."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

OTHERS = 0o077
BESIDE = ("", "-wal", "-shm", "-journal")
"""What SQLite keeps beside a database, by what follows its name."""
OURS = ("registry.db", "jobs.db", "registry_secret_key", "serving.json")

log = logging.getLogger(__name__)


def keep(settings: dict[str, Any]) -> None:
    """Whatever is made from now on is its owner's alone; so is what an earlier version left open to others."""
    os.umask(OTHERS)
    instance = Path(settings["INSTANCE"])
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in (*_files(instance, settings["SQLALCHEMY_DATABASE_URI"]), instance):
        _close(path)
    for folder in (Path(settings["FILES"]), Path(settings["UPLOADS"])):
        if _is_open(folder):  # once: behind a closed folder nothing needs to be looked at
            for path in (*folder.rglob("*"), folder):
                _close(path)


def open_to_others(settings: dict[str, Any]) -> list[Path]:
    """What others can still read, because it belongs to somebody else."""
    instance = Path(settings["INSTANCE"])
    folders = (instance, Path(settings["FILES"]), Path(settings["UPLOADS"]))
    return [path for path in (*_files(instance, settings["SQLALCHEMY_DATABASE_URI"]), *folders) if _is_open(path)]


def _files(instance: Path, address: str) -> Iterator[Path]:
    paths = [instance / name for name in OURS]
    url = make_url(address)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        paths.append(Path(url.database))
    for path in paths:
        yield from (path.with_name(path.name + more) for more in BESIDE)


def _is_open(path: Path) -> bool:
    try:
        return bool(path.lstat().st_mode & OTHERS) and not path.is_symlink()
    except OSError:
        return False


def _close(path: Path) -> None:
    if not _is_open(path):
        return
    mode = path.lstat().st_mode
    try:
        if mode & stat.S_ISVTX:
            raise PermissionError(f"{path} is shared by its nature")
        path.chmod(stat.S_IMODE(mode) & ~OTHERS)
    except OSError:
        log.warning("others can read %s, and it is not ours to close: chmod go= it, or choose another place", path)
