"""Uploaded files on their way in: where the disk takes no more of them, what was typed beside them is still read."""

from __future__ import annotations

import io
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from flask import Flask, Request, request

IN_MEMORY = 500 * 1024


class Spool(SpooledTemporaryFile[bytes]):
    """Kept in memory up to `IN_MEMORY`, then on disk; `lost` is why the rest was let go."""

    lost: OSError | None = None

    def write(self, data: Any) -> int:
        if self.lost is None:
            try:
                return super().write(data)
            except OSError as error:
                self._lose(error)
        return len(data)

    def seek(self, *arguments: int) -> int:
        """The parser goes back to the beginning when it is through: the last piece reaches the disk here."""
        try:
            return super().seek(*arguments)
        except OSError as error:
            self._lose(error)
            return 0

    def _lose(self, error: OSError) -> None:
        self.lost = error
        file: IO[bytes] = self._file
        self._file = io.BytesIO()
        with suppress(OSError):
            file.close()


class FormRequest(Request):
    """A request whose form can be read to its end on a full disk."""

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return Spool(max_size=IN_MEMORY, mode="rb+")


def install(app: Flask) -> None:
    """After the protection against forged forms, which reads the form first."""
    app.request_class = FormRequest
    app.before_request(_refuse_lost)


def _refuse_lost() -> None:
    """Raise what kept a file of this form from being stored."""
    for file in request.files.values():
        if isinstance(file.stream, Spool) and file.stream.lost:
            raise file.stream.lost
