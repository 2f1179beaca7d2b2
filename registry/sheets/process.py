"""The process in which an untrusted file is parsed, seen from outside: what it says, and what its death means."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, cast

from registry.base.errors import FILE_CRASHED, FILE_MEMORY, FILE_SLOW, FileRefused
from registry.sheets.byhand import HeadingChoices, packed
from registry.sheets.shape import Limits

_PATIENCE = 60
_PACKAGE_ROOT = Path(__file__).parents[2]


class ConfinedProcess:
    """A module of ours run on an untrusted file; its environment holds no secret of ours, and its death is told from
    its exit code. `folder`: where it may put what it needs on disk.
    """

    def __init__(
        self, module: str, path: Path, arguments: Sequence[str], cpu_seconds: int, *, folder: Path | None = None
    ) -> None:
        self.cpu_seconds = cpu_seconds
        self.buffer = bytearray()
        self.searched = 0
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module; the path is one argument
            [
                *(sys.executable, "-P", "-m", module, str(path.resolve(strict=True))),
                *("--cpu", str(cpu_seconds), *arguments),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={
                "PYTHONPATH": str(_PACKAGE_ROOT),
                "PYTHONUTF8": "1",
                "TZ": "Asia/Shanghai",
                **({"TMPDIR": str(folder)} if folder else {}),
            },
            cwd="/",
        )
        self.pipe = cast(IO[bytes], self.process.stdout)

    def receive(self) -> dict[str, Any]:
        """The child's next message; raises `FileRefused` when it refuses the file, dies or falls silent."""
        while (end := self.buffer.find(b"\n", self.searched)) < 0:
            self.searched = len(self.buffer)
            piece = self._read()
            if not piece:
                raise FileRefused(self._cause_of_death(), seconds=self.cpu_seconds)
            self.buffer += piece
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 1]
        self.searched = 0
        message: dict[str, Any] = json.loads(line)
        if "refused" in message:
            self.close()
            raise FileRefused(message["refused"], **message["values"])
        return message

    def _read(self) -> bytes:
        poll = select.poll()
        poll.register(self.pipe, select.POLLIN)
        if not poll.poll((self.cpu_seconds + _PATIENCE) * 1000):
            self.close()
            raise FileRefused(FILE_SLOW, seconds=self.cpu_seconds)
        return os.read(self.pipe.fileno(), 1 << 16)

    def _cause_of_death(self) -> str:
        code = self.process.wait()
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return FILE_SLOW
        return FILE_MEMORY if code == -signal.SIGABRT else FILE_CRASHED

    def close(self) -> None:
        self.pipe.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


class ParsingProcess(ConfinedProcess):
    """The process that parses a table."""

    def __init__(
        self,
        path: Path,
        limits: Limits,
        cpu_seconds: int,
        by_hand: HeadingChoices | None = None,
        *,
        every: bool = False,
    ) -> None:
        arguments = [
            *("--limits", json.dumps(asdict(limits))),
            *("--by-hand", json.dumps(packed(by_hand or {}), ensure_ascii=False)),
            *(("--every",) if every else ()),
        ]
        super().__init__("registry.sheets.child", path, arguments, cpu_seconds)
