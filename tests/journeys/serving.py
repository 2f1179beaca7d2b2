"""The product as it is served: gunicorn and the job worker as processes of their own, on a given day."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from datetime import date
from pathlib import Path

from registry.config import ROOT

_STARTS_WITHIN = 60
_ENDS_WITHIN = 15


class Service:
    """One server and one worker at most; serving another day ends the day before."""

    def __init__(self, database: str, folder: Path, **settings: str) -> None:
        self._settings = {
            "REGISTRY_DATABASE_URL": database,
            "REGISTRY_INSTANCE": str(folder / "instance"),
            **settings,
        }
        self._log = (folder / "served.log").open("ab+")
        self._today: date | None = None
        self._processes: list[subprocess.Popen[bytes]] = []

    def open(self, today: date, *, working: bool = True) -> str:
        """Serve `today`; the address. Without `working` the queue waits until `work` is called."""
        self.close()
        self._today, port = today, free_port()
        self._start("gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}", "--threads", "4", "--log-level", "warning")
        if working:
            self.work()
        address = f"http://127.0.0.1:{port}"
        self._wait_for(f"{address}/sign-in")
        return address

    def work(self) -> None:
        """Start the job worker."""
        self._start("registry", "worker")

    def close(self) -> None:
        """End every process that was started, and what they started themselves."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=_ENDS_WITHIN)
            _end_group(process.pid)
            process.wait()
        self._processes.clear()

    def signal(self, number: int) -> None:
        """To the web server alone."""
        self._processes[0].send_signal(number)

    def wait(self, seconds: float) -> int:
        """Until the web server has ended by itself; its exit code."""
        return self._processes[0].wait(timeout=seconds)

    def log(self) -> str:
        """What the processes have written so far."""
        self._log.seek(0)
        return self._log.read().decode("utf-8", "replace")

    def _start(self, *module_and_arguments: str) -> None:
        environment = {**os.environ, **self._settings, "REGISTRY_TODAY": f"{self._today}"}
        command = [sys.executable, "-m", *module_and_arguments]
        # A session of its own, so that nothing of it can outlive the test.
        self._processes.append(
            subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=self._log, stderr=self._log, start_new_session=True
            )
        )

    def _wait_for(self, url: str) -> None:
        deadline = time.monotonic() + _STARTS_WITHIN
        while time.monotonic() < deadline and self._processes[0].poll() is None:
            try:
                urllib.request.urlopen(url, timeout=5).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError(f"the server did not start:\n{self.log()}")


def _end_group(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
