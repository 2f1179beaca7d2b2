"""A PDF of a paper, made by LibreOffice in a process of its own that leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from registry.papers.texts import NoConverter, NotConverted

PATIENCE = 120
"""Seconds; a paper of ten pages takes three, the first start of a new profile included."""

_FORMAT = "--infilter=MS Word 2007 XML"
"""Said, so that a broken file is not taken for a text and printed as it stands."""


def to_pdf(docx: bytes) -> bytes:
    """The paper as a PDF. Raises NoConverter, and NotConverted where it fails or takes too long."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise NoConverter
    with TemporaryDirectory(prefix="registry-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source, target = folder / "paper.docx", folder / "paper.pdf"
        source.write_bytes(docx)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        options = [profile, "--headless", "--norestore", _FORMAT, "--convert-to", "pdf", "--outdir", name]
        _run([program, *options, str(source)], folder)
        made = target.read_bytes() if target.is_file() else b""
    if not made.startswith(b"%PDF"):
        raise NotConverted(seconds=PATIENCE)
    return made


def _run(command: list[str], folder: Path) -> None:
    """The command in a session of its own, so that it is killed with its children; its output is the file it makes."""
    with subprocess.Popen(  # noqa: S603 - the office program by its full path; every argument is ours
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
        env=_environment(folder), start_new_session=True,
    ) as process:  # fmt: skip
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired as late:
            raise NotConverted(seconds=PATIENCE) from late
        finally:
            _end(process.pid)


def _environment(folder: Path) -> dict[str, str]:
    """None of our secrets; where a font is missing, the one in its place draws characters as mainland China does."""
    own = {name: os.environ[name] for name in ("PATH", "TZ") if name in os.environ}
    return {**own, "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8", "FC_LANG": "zh-cn"}


def _end(session: int) -> None:
    try:
        os.killpg(session, signal.SIGKILL)
    except ProcessLookupError:
        return
