"""The folder of backups: what is in it, and how old the newest whole one is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from registry.backups import rules
from registry.backups.rules import Manifest
from registry.backups.services import archives
from registry.base.extensions import setting
from registry.base.permissions import SYSTEM_ACTOR
from registry.trail.services import trail
from registry.trail.services.trail import Act


@dataclass(frozen=True)
class Backup:
    path: Path
    made_at: datetime
    size: int


def kept() -> list[Backup]:
    """The archives in the folder, the newest first; each was proved before it got its name."""
    folder = place()
    found = [
        Backup(path, made, path.stat().st_size)
        for path in (folder.iterdir() if folder.is_dir() else ())
        if (made := rules.made_at(path.name))
    ]
    return sorted(found, key=lambda one: one.made_at, reverse=True)


def place() -> Path:
    return Path(setting("BACKUPS") or Path(setting("INSTANCE"), "backups"))


def add(path: Path | None, *, at: datetime, now: datetime) -> tuple[Path, Manifest]:
    """Write one archive, into the folder or at `path`, and put on the trail that a copy of everything was taken.

    `now`: the machine's own time, by which archives are called; `at`: the registry's.
    """
    whole = path or place() / rules.file_name(now)
    made, manifest = archives.write(whole.parent, whole.name, at=now)
    held = {"rows": manifest.rows, "files": len(manifest.files), "head": manifest.trail}
    trail.record_all(SYSTEM_ACTOR, [Act("backup", "backup", subject_label=made.name, after=held)], at=at)
    return made, manifest


def clear() -> list[str]:
    """Take away what is older than the newest ones that are to be kept; their names."""
    names = [one.path.name for one in kept()]
    gone = rules.superseded(names, kept=int(setting("BACKUPS_KEPT")))
    for name in gone:
        (place() / name).unlink()
    return gone
