"""What one person could do to an account is reached through the two modules that ask for a second, and nowhere else."""

from __future__ import annotations

import re

from registry.config import ROOT

ALONE = re.compile(r"accounts\.(grant|set_active|reset_password)\(")
MAY = {"accounts/services/two_people.py", "accounts/services/terminal.py"}


def test_only_requests_and_the_terminal_change_roles_passwords_and_standing() -> None:
    package = ROOT / "registry"
    calling = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if ALONE.search(path.read_text(encoding="utf-8"))
    }
    assert calling == MAY
