"""A workbook of cases that was brought lies on disk between its two pages, a day at most."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from registry.base import independence
from registry.base.errors import FieldError, FileRefused
from registry.base.extensions import setting
from registry.cases.texts import BOOK_FILES
from registry.imports.services import batches
from registry.sheets.uploaded import digest_of, shown_name

_FOLDER = "case-books"
_KEPT_SECONDS = 86_400
_NAME = 48


class KeptBook(NamedTuple):
    """A file on disk until it is confirmed or a day old: its random name, its digest, its own name."""

    stored_name: str
    sha256: str
    filename: str


def keep(pieces: Iterable[bytes], filename: str) -> KeptBook:
    """Raises FileRefused, FieldError('file')."""
    if word := independence.named_in(filename):
        raise FieldError("file", independence.REFUSED, word=word)
    _sweep()
    kept = batches.keep(pieces)
    batches.upload(kept.stored_name).replace(_folder() / kept.stored_name)
    return KeptBook(kept.stored_name, kept.sha256, shown_name(filename))


def path_of(kept: KeptBook) -> Path:
    """The file, as it was brought. Raises FileRefused where it is gone, or is another."""
    path = _folder() / kept.stored_name
    if not _is_name(kept.stored_name) or not path.is_file() or digest_of(path) != kept.sha256:
        raise FileRefused(BOOK_FILES["gone"])
    return path


def discard(kept: KeptBook) -> None:
    """Nobody needs it any more, wherever it is."""
    if _is_name(kept.stored_name):
        (_folder() / kept.stored_name).unlink(missing_ok=True)


def _is_name(text: str) -> bool:
    return len(text) == _NAME and text.isalnum()


def _folder() -> Path:
    folder: Path = setting("UPLOADS") / _FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _sweep() -> None:
    """What nobody confirmed."""
    oldest = time.time() - _KEPT_SECONDS
    for path in _folder().iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
