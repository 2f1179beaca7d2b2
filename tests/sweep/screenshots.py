"""Take the pictures of docs/screenshots again, from the demo city as it is served; the handbook and the README show them.

python -m tests.sweep.screenshots http://127.0.0.1:8000 --password WORD
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

from registry.config import ROOT
from tests.sweep import looking
from tests.sweep.__main__ import sign_in

_PATIENCE = 120_000
FOLDER = ROOT / "docs" / "screenshots"


class Shot(NamedTuple):
    """What is shown: to whom, where, and which link of that page leads to it."""

    role: str
    path: str
    link: str = ""


SHOTS = {
    "home": Shot("haifeng", "/"),
    "ledger": Shot("haifeng", "/firms?stage=admitted"),
    "dossier": Shot("haifeng", "/firms?stage=qualified", r"/firms/\d+"),
    "propose": Shot("haifeng", "/proposals/new"),
    "review": Shot("industry", "/reviews", r"/reviews/\d+"),
    "imports": Shot("haifeng", "/imports"),
    "filings": Shot("statistics", "/filings"),
    "pairs": Shot("cityoffice", "/duplicates", r"/duplicates/\d+"),
    "quarters": Shot("cityoffice", "/quarters", r"/quarters/\w+"),
    "plans": Shot("leader", "/overview"),
    "cases": Shot("science", "/cases", r"/cases/\d+"),
    "payments": Shot("finance", "/payments"),
    "rules": Shot("statistics", "/rules"),
    "trail": Shot("auditor", "/trail"),
}


def take(browser: Any, base: str, password: str, folder: Path, wanted: dict[str, Shot]) -> list[str]:
    """Names of those that could not be taken."""
    failed = []
    for role in dict.fromkeys(shot.role for shot in wanted.values()):
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        context.set_default_timeout(_PATIENCE)
        page = context.new_page()
        sign_in(page, base, role, password)
        for name, shot in wanted.items():
            if shot.role == role and not _shown(page, base, shot):
                failed.append(name)
            elif shot.role == role:
                page.screenshot(path=folder / f"{name}.png")
        context.close()
    return failed


def _shown(page: Any, base: str, shot: Shot) -> bool:
    answer = page.goto(base + shot.path)
    if answer.status == 200 and shot.link:
        links = page.locator("main a").evaluate_all("(all) => all.map((one) => one.getAttribute('href') || '')")
        found = next((link for link in links if re.fullmatch(shot.link, link.partition("?")[0])), None)
        if found is None:
            return False
        answer = page.goto(base + found)
    return bool(answer.status == 200)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base")
    parser.add_argument("--password", required=True)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--only", nargs="+", choices=SHOTS, default=list(SHOTS))
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with looking.chromium() as browser:
        failed = take(
            browser,
            options.base.rstrip("/"),
            options.password,
            options.folder,
            {name: SHOTS[name] for name in options.only},
        )
    for name in failed:
        sys.stderr.write(f"not taken: {name}\n")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
