"""A zip archive that has the same bytes for the same content, whenever and wherever it is written."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

STEADY_TIME = datetime(2021, 1, 1)  # noqa: DTZ001 - office files know no zones
"""Stamp of creation inside every file, so that two exports are equal byte by byte."""
_ENTRY_TIME = (1980, 1, 1, 0, 0, 0)
_COPY_SIZE = 1 << 20


class SteadyArchive(ZipFile):
    """An archive whose entries have no clock and no owner."""

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *args: Any, **options: Any) -> None:
        name = zinfo_or_arcname.filename if isinstance(zinfo_or_arcname, ZipInfo) else zinfo_or_arcname
        super().writestr(_entry(name), data, *args, **options)

    def write(self, filename: Any, arcname: Any = None, *args: Any, **options: Any) -> None:
        entry = _entry(str(arcname or filename))
        entry.file_size = Path(filename).stat().st_size
        with Path(filename).open("rb") as source, self.open(entry, "w") as sink:
            while piece := source.read(_COPY_SIZE):
                sink.write(piece)


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name.lstrip("/"), _ENTRY_TIME)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 0
    return entry
