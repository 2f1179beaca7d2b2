"""The lock files are whole, so that they are installed as they stand and no later release can break them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from registry.config import ROOT

LOCKS = ("requirements.txt", "requirements-dev.txt", "bench/requirements.txt")
ADDRESS = re.compile(r"://|index-url|find-links|^ *(-e|file:)| @ ", re.MULTILINE)


def locked(*files: str) -> dict[str, Requirement]:
    """Name -> what the files pin for this machine."""
    lines = [line.removesuffix(" \\") for file in files for line in (ROOT / file).read_text().splitlines()]
    pins = [Requirement(line) for line in lines if line and not line.startswith(("#", " "))]
    return {canonicalize_name(pin.name): pin for pin in pins if pin.marker is None or pin.marker.evaluate()}


def needs(pin: Requirement) -> list[Requirement]:
    """What an installed package asks for on this machine, by itself and for each of the extras it is locked with."""
    asked = [Requirement(text) for text in requires(pin.name) or []]
    return [
        one
        for one in asked
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *pin.extras))
    ]


@pytest.mark.parametrize("file", LOCKS)
def test_a_lock_holds_hashes_and_no_address(file: str) -> None:
    text = (ROOT / file).read_text()
    pins = [line for line in text.splitlines() if line and not line.startswith(("#", " "))]
    assert pins == [line for line in pins if re.search(r"==[^ ]+( ; .+)? \\$", line)]
    assert ADDRESS.findall(text) == []


def test_all_that_a_package_needs_is_locked_with_its_extras_and_in_a_version_it_takes() -> None:
    """pip refused `coverage[toml]` where the lock said `coverage`, as soon as a newer coverage was out."""
    pins = locked("requirements.txt", "requirements-dev.txt")
    missing = [
        f"{pin} needs {need}"
        for pin in pins.values()
        for need in needs(pin)
        if (name := canonicalize_name(need.name)) not in pins
        or not need.extras <= pins[name].extras
        or not need.specifier.contains(str(pins[name].specifier).removeprefix("=="), prereleases=True)
    ]
    assert missing == []


def test_every_lock_is_installed_without_resolving_and_checked_afterwards(tmp_path: Path) -> None:
    if shutil.which("make") is None:
        pytest.skip("no make on this machine")
    for target, files in {"install": LOCKS[:2], ".venv-bench/.installed-to-compare": (LOCKS[0], LOCKS[2])}.items():
        command = ["make", "--dry-run", "--always-make", "--no-print-directory", target, f"VENV={tmp_path / 'venv'}"]
        plain = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
        said = subprocess.run(command, cwd=ROOT, env=plain, capture_output=True, text=True, check=True).stdout
        steps = re.findall(r"-m pip --disable-pip-version-check (.+)", said)
        wanted = [f"install --quiet --no-deps --require-hashes --requirement {file}" for file in files]
        assert [step for step in steps if "--requirement" in step] == wanted
        assert all("--no-deps" in step for step in steps if step.startswith("install"))
        assert steps[-1] == "check"
