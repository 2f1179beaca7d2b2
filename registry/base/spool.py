"""Texts put aside in a file on their way from one order to another: a hundred thousand of them take no memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any


class Spool:
    """Texts put aside in a file, to be read back in the order of their keys."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="registry-")  # noqa: SIM115 - gone with the spool
        self._places: list[tuple[Any, int]] = []

    def add(self, key: Any, text: str) -> None:
        self._places.append((key, self._file.seek(0, 2)))
        self._file.write(text.encode("utf-8", "surrogatepass") + b"\n")

    def close(self) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[str]:
        for _key, place in sorted(self._places):
            self._file.seek(place)
            yield self._file.readline()[:-1].decode("utf-8", "surrogatepass")
