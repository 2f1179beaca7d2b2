"""An uploaded file by its name and its content."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path


def digest_of(file: Path) -> str:
    digest = sha256()
    with file.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def shown_name(filename: str) -> str:
    """The file's own name without any path or invisible character, cut in the middle where it is too long."""
    name = "".join(c for c in filename.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable()).strip()
    return (name if len(name) <= 120 else f"{name[:100]}…{name[-16:]}") or "--"
