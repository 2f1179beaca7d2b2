"""Walk through a served city as every role, one page of each kind, and say what is wrong with which.

    python -m tests.sweep http://127.0.0.1:8000 --password WORD [--as haifeng ...] [--pictures FOLDER] [--json FILE]
    python -m tests.sweep http://127.0.0.1:8000 --password WORD --quick      axe and the desk's screen only
    python -m tests.sweep http://127.0.0.1:8000 --password WORD --once       a kind of page for the first who can open it
    python -m tests.sweep http://127.0.0.1:8000 --password WORD --english    the same in English

Pages are found by following links, from the start page of each person; two addresses are of one kind if they differ in numbers only.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import html

from tests.sweep import looking

EVERYBODY = (
    "haifeng", "gaoxin", "industry", "science", "market", "commerce", "cityoffice", "statistics", "leader", "finance",
    "auditor", "sysadmin", "secadmin", "auditadmin",
)  # fmt: skip
_PATIENCE = 120_000
_OF_A_KIND = 2
"""Addresses of one kind that are read for their links; the first is looked at."""
_MARK = re.compile("待核(?![对实查])|未核实")


@dataclass
class Seen:
    role: str
    kind: str
    address: str
    status: int
    faults: list[str] = field(default_factory=list)
    marks: int = 0
    height: int = 0


def kind_of(address: str) -> str:
    return re.sub(r"\d+", "#", urlsplit(address).path)


def pages(context: Any, base: str) -> Iterator[tuple[str, str, int]]:
    """(kind, address, status) of every kind of page that can be reached, by its links."""
    waiting, read = deque(["/", "/sign-in"]), Counter[str]()
    while waiting:
        address = waiting.popleft()
        kind = kind_of(address)
        if read[kind] >= _OF_A_KIND:
            continue
        read[kind] += 1
        answer = context.request.get(base + address, max_redirects=5, timeout=_PATIENCE)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        landed = answer.url.removeprefix(base)
        if kind_of(landed) != kind:
            waiting.append(landed)
            continue
        text = answer.text()
        if read[kind] == 1:
            yield kind, address, answer.status
        if answer.status == 200 and text.strip():
            waiting.extend(_links(text, base + address, base))


def _links(text: str, here: str, base: str) -> Iterator[str]:
    for link in html.fromstring(text).xpath("//a/@href"):
        address = urljoin(here, link).partition("#")[0]
        if address.startswith(base + "/") and "download" not in address:
            yield address.removeprefix(base)


def look(page: Any, plain: Any, base: str, seen: Seen, *, quick: bool, picture: Path | None) -> None:
    if seen.status != 200:
        seen.faults.append(f"status {seen.status}")
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
    page.on("request", lambda asked: asked.url.startswith((base, "data:", "blob:")) or troubles.append(asked.url))
    page.goto(base + seen.address)
    seen.marks = len(_MARK.findall(page.locator("main").inner_text()))
    seen.height = page.evaluate("document.documentElement.scrollHeight")
    seen.faults += looking.headings(page) + looking.by_axe(page)
    seen.faults += looking.on_screens(page, {"1366x768": looking.DESK} if quick else looking.SCREENS)
    if picture:
        picture.mkdir(parents=True, exist_ok=True)
        page.screenshot(
            path=picture / (seen.role + seen.kind.replace("/", "_").replace("#", "N") + ".png"), full_page=True
        )
    if not quick:
        seen.faults += looking.on_paper(page)
        plain.goto(base + seen.address)
        seen.faults += looking.without_script(plain)
    seen.faults += troubles


def sign_in(page: Any, base: str, role: str, password: str) -> None:
    page.goto(f"{base}/sign-in")
    page.locator("input[name=username]").fill(role)
    page.locator("input[name=password]").fill(password)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_load_state()


def walk(browser: Any, base: str, role: str, options: argparse.Namespace, known: set[str]) -> list[Seen]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    context.set_default_timeout(_PATIENCE)
    page = context.new_page()
    sign_in(page, base, role, options.password)
    if options.english:
        page.get_by_role("button", name="English").click()
        page.wait_for_load_state()
    bare = browser.new_context(java_script_enabled=False, storage_state=context.storage_state())
    bare.set_default_timeout(_PATIENCE)
    plain, found = bare.new_page(), []
    for kind, address, status in pages(context, base):
        if options.once and kind in known:
            continue
        known.add(kind)
        page.close()
        page = context.new_page()
        seen = Seen(role, kind, address, status)
        try:
            look(page, plain, base, seen, quick=options.quick, picture=options.pictures)
        except Exception as error:  # noqa: BLE001 - one page that cannot be opened does not end the walk
            seen.faults.append(f"{type(error).__name__}: {str(error)[:200]}")
        found.append(seen)
        if seen.faults:
            print(f"{role} {address}", *seen.faults, sep="\n    ", flush=True)
    bare.close()
    context.close()
    return found


def table(found: list[Seen]) -> Iterator[str]:
    yield "| role | pages | with a fault | axe | too wide | small text | other | unverified marks, most on a page |"
    yield "|---|---|---|---|---|---|---|---|"
    for role in dict.fromkeys(one.role for one in found):
        mine = [one for one in found if one.role == role]
        said = [fault for one in mine for fault in one.faults]
        axe = sum(int(re.search(r" x(\d+)", fault)[1]) for fault in said if fault.startswith("axe "))  # type: ignore[index]
        wide, small = (sum(word in fault for fault in said) for word in ("px too wide", "small text"))
        rest = sum(
            not fault.startswith("axe ") and "too wide" not in fault and "small text" not in fault for fault in said
        )
        most = max((one.marks for one in mine), default=0)
        yield f"| {role} | {len(mine)} | {sum(bool(one.faults) for one in mine)} | {axe} | {wide} | {small} | {rest} | {most} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base")
    parser.add_argument("--password", required=True)
    parser.add_argument("--as", dest="roles", nargs="+", default=EVERYBODY)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--english", action="store_true")
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found: list[Seen] = []
    known: set[str] = set()
    started = time.monotonic()
    with looking.chromium() as browser:
        for role in options.roles:
            found += walk(browser, options.base.rstrip("/"), role, options, known)
            print(*table([one for one in found if one.role == role]), sep="\n", flush=True)
    print(*table(found), sep="\n")
    rules = Counter(fault.split(":")[0].split(" x")[0] for one in found for fault in one.faults)
    print(*(f"{number:5} {rule}" for rule, number in rules.most_common()), sep="\n")
    print(f"{len(found)} pages in {time.monotonic() - started:.0f} s")
    if options.json:
        options.json.write_text(
            json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1), encoding="utf-8"
        )
    return int(any(one.faults for one in found))


if __name__ == "__main__":
    sys.exit(main())
