"""A file that was brought lies on disk between two pages: under a random name, for a time, and then it is gone."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from registry.base import independence
from registry.base.errors import FieldError, FileRefused
from registry.base.extensions import setting
from registry.imports.services import batches
from registry.sheets.uploaded import digest_of, shown_name

_NAME = 48


class KeptFile(NamedTuple):
    """A file on disk: its random name, its digest, its own name."""

    stored_name: str
    sha256: str
    filename: str


@dataclass(frozen=True)
class KeptFiles:
    """The files of one kind: their folder among the uploads, how long they stay, and what is said where one is gone."""

    folder: str
    seconds: int
    gone: str

    def keep(self, pieces: Iterable[bytes], filename: str) -> KeptFile:
        """Raises FileRefused, FieldError('file')."""
        if word := independence.named_in(filename):
            raise FieldError("file", independence.REFUSED, word=word)
        self._sweep()
        kept = batches.keep(pieces)
        batches.upload(kept.stored_name).replace(self._folder() / kept.stored_name)
        return KeptFile(kept.stored_name, kept.sha256, shown_name(filename))

    def path_of(self, kept: KeptFile) -> Path:
        """The file, as it was brought. Raises FileRefused where it is gone, or is another."""
        path = self._folder() / kept.stored_name
        if not _is_name(kept.stored_name) or not path.is_file() or digest_of(path) != kept.sha256:
            raise FileRefused(self.gone)
        return path

    def discard(self, kept: KeptFile) -> None:
        """Nobody needs it any more, wherever it is."""
        if _is_name(kept.stored_name):
            (self._folder() / kept.stored_name).unlink(missing_ok=True)

    def _folder(self) -> Path:
        folder: Path = setting("UPLOADS") / self.folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def _sweep(self) -> None:
        """What is older than it may be."""
        oldest = time.time() - self.seconds
        for path in self._folder().iterdir():
            if path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)


def _is_name(text: str) -> bool:
    return len(text) == _NAME and text.isalnum()
