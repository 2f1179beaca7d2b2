"""A page of an untrusted PDF as a picture, drawn by a process of its own under memory and CPU limits.

`python -m registry.sheets.drawing PATH PAGE` writes one line of JSON, `{"pages": n}` and then the PNG (none of page 0,
which only asks how many there are), or `{"refused": template, "pages": n}`: whatever is wrong with the file, it is not
shown, and can still be downloaded.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry.base.errors import PAGE_CANNOT_BE_DRAWN, PAGE_LOCKED, PAGE_NONE, FileRefused
from registry.sheets.limits import limit_process

WIDTH = 1100
"""Pixels; a scan of A4 is read at this width without zooming, beside the figure."""
HEIGHT_MOST = 4 * WIDTH
_MEMORY = 1024 * 1024 * 1024
_CPU = 10
_PATIENCE = 30
_PACKAGE_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class DrawnPage:
    """A picture (PNG) of one page, and how many pages the file has."""

    png: bytes
    pages: int


def draw(path: Path, page: int) -> DrawnPage:
    """The page `page` (from 1) of the PDF at `path`; raises FileRefused, also where it takes too long or too much."""
    if page < 1:
        raise FileRefused(PAGE_NONE, pages=0)
    return _ask(path, page)


def count_pages(path: Path) -> int:
    """How many pages the PDF at `path` has; raises FileRefused where it cannot be shown."""
    return _ask(path, 0).pages


def _ask(path: Path, page: int) -> DrawnPage:
    command = [sys.executable, "-P", "-m", "registry.sheets.drawing", str(path.resolve(strict=True)), str(page)]
    environment = {"PYTHONPATH": str(_PACKAGE_ROOT), "PYTHONUTF8": "1"}  # none of our secrets
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module; the path is one argument
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd="/",
            env=environment, timeout=_PATIENCE, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        raise FileRefused(PAGE_CANNOT_BE_DRAWN) from late
    line, _end, png = done.stdout.partition(b"\n")
    if done.returncode != 0 or not line:
        raise FileRefused(PAGE_CANNOT_BE_DRAWN)
    message: dict[str, Any] = json.loads(line)
    if "refused" in message:
        raise FileRefused(message["refused"], pages=message["pages"])
    return DrawnPage(png, message["pages"])


def main(arguments: list[str] | None = None) -> int:
    """Draw the page named on the command line; 0 whether it was drawn or refused with a reason."""
    parser = argparse.ArgumentParser(prog="python -m registry.sheets.drawing")
    parser.add_argument("path", type=Path)
    parser.add_argument("page", type=int)
    options = parser.parse_args(arguments)
    limit_process(_MEMORY, _CPU)
    try:
        pages, png = _drawn(options.path, options.page)
        answer: dict[str, Any] = {"pages": pages}
    except FileRefused as refusal:
        answer, png = {"refused": refusal.template, "pages": refusal.values.get("pages", 0)}, b""
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + png)
    return 0


def _drawn(path: Path, page: int) -> tuple[int, bytes]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise FileRefused(PAGE_LOCKED if locked else PAGE_CANNOT_BE_DRAWN) from error
    pages = len(document)
    if page == 0:
        return pages, b""
    if not 1 <= page <= pages:
        raise FileRefused(PAGE_NONE, pages=pages)
    try:
        opened = document[page - 1]
        width, height = opened.get_size()
        scale = min(WIDTH / max(width, 1.0), HEIGHT_MOST / max(height, 1.0))
        picture = opened.render(scale=scale).to_pil()
    except (pypdfium2.PdfiumError, MemoryError) as error:
        raise FileRefused(PAGE_CANNOT_BE_DRAWN, pages=pages) from error
    drawn = io.BytesIO()
    picture.save(drawn, "PNG")
    return pages, drawn.getvalue()


if __name__ == "__main__":
    sys.exit(main())
