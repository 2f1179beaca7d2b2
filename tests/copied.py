"""A copy of the house in a folder, and commands run in it: for what changes the code."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from registry.config import ROOT

HOUSE = (
    "registry", "templates", "migrations", "seeds", "tests", "docs", "setup.cfg", "wsgi.py", "babel.cfg",
    "gunicorn.conf.py",
)  # fmt: skip


def copy_of_the_house(folder: Path) -> Path:
    """`folder`, which is made if need be, with the house in it."""
    folder.mkdir(exist_ok=True)
    for name in HOUSE:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target)
    return folder


def run_in(house: Path, *command: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command on the copied code, with an installation of its own beside it; what it says is kept."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "TEST_"))}
    own = {"PYTHONPATH": str(house), "REGISTRY_INSTANCE": str(house.parent / f"{house.name}-instance")}
    return subprocess.run(
        command, cwd=house, env={**kept, **own}, capture_output=True, text=True, check=False, **options
    )
