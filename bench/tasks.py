"""What an official's common tasks take at a browser, against a registry that runs: fields, clicks, keys, pages.

`python -m bench tasks --base http://127.0.0.1:8000 --password ..`, on the invented city. The tasks are really done there:
a firm is nominated, cases are decided, firms are filed. Beside each the figure before the desks, the cockpit and the
lists with ticks were built, counted in the same way.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Error, sync_playwright

from bench.hand import Hand, Tally
from registry.base.credit_code import check_character, organisation_character

CHROMIUM = "/usr/bin/chromium"
PDF = b"%PDF-1.4 invented income statement"
FIGURE_SIGNS = "甲乙丙丁戊己庚辛壬癸"


class NotThere(Exception):
    """What the task needs is not in this city, or not on the page: it is said, and the others go on."""


@dataclass(frozen=True)
class Task:
    """`before`: as it was counted at a999a29; `floor`: what is asked for."""

    name: str
    username: str
    does: Callable[[Hand], None]
    before: str
    floor: str


# -- the clerk ------------------------------------------------------------------------------------
def one_firm_by_form(hand: Hand) -> None:
    """From home to the sentence that it was submitted, with one figure and its paper."""
    number = random.randrange(100_000, 1_000_000)
    hand.click(hand.page.locator("nav.side").get_by_role("link", name=re.compile("^提名")).first)
    if not hand.page.url.endswith("/new"):
        hand.click(hand.link("提名企业"))
    hand.meet()
    name = "".join(FIGURE_SIGNS[int(sign)] for sign in str(number))
    hand.fill(hand.page.locator("main [name=name]"), f"海丰县{name}软件有限公司")
    hand.fill(hand.page.locator("main [name=credit_code]"), _code(number))
    hand.click(hand.button("查询名录"))
    hand.click(hand.link("继续填报"))
    hand.meet()
    for label, text in {
        "注册地址": "海丰县海城镇人民路2号",
        "实际经营地址": "海丰县海城镇人民路2号",
        "成立日期": "2018-05-20",
        "行业代码": "6513",
        "主营业务": "软件开发",
        "从业人员": "12",
        "联系人": "陈小明",
        "电话": "13800135678",
    }.items():
        hand.fill(hand.label(label), text)
    hand.choose(hand.label("单位类型"), "legal_person")
    hand.click(hand.button("下一步"))
    hand.click(hand.link("登记营业收入"))
    hand.meet()
    hand.pick(hand.label("累计截至"), "8月")
    hand.fill(hand.label("金额"), "1500")
    hand.pick(hand.page.get_by_label("数据来源").first, "利润表")
    hand.attach(hand.label("上传凭证"), "利润表.pdf", PDF)
    hand.click(hand.button("登记"))
    hand.click(hand.link("核对并提交"))
    hand.click(hand.button("提交"))
    hand.sees("已提交")


def a_missing_paper_mended(hand: Hand) -> None:
    """A paper is dropped where home says that it is missing."""
    drop = hand.page.locator("main form[action*='/papers/'] input[type=file]").first
    if not drop.count():
        raise NotThere("home has no place to drop a missing paper")
    before = hand.page.locator("main form[action*='/papers/'] input[type=file]").count()
    with hand.page.expect_navigation():
        hand.attach(drop, "材料.pdf", PDF + str(random.random()).encode())
    hand.page.wait_for_load_state()
    if hand.page.locator("main form[action*='/papers/'] input[type=file]").count() >= before:
        raise NotThere("the paper is missing still")


# -- the bureau -----------------------------------------------------------------------------------
def five_cases_cleared(hand: Hand) -> None:
    """By keys alone from the bureau's list; what is not clean is left for a closer look with J."""
    hand.page.goto(f"{hand.base}/reviews")
    hand.begin()
    cleared = 0
    hand.press("Enter", moves=True)
    for _turn in range(40):
        if hand.page.locator("#obstacles").count():
            hand.press("j", moves=True)
            continue
        hand.press("a")
        hand.press("Enter", moves=True)
        cleared += 1
        if cleared == 5:
            return
    raise NotThere(f"only {cleared} cases could be cleared")


def a_paper_seen(hand: Hand) -> None:
    """From an open case with a figure to the paper that proves it, without a download."""
    hand.page.goto(f"{hand.base}/reviews")
    hand.page.locator("main table tbody tr").first.get_by_role("link").first.click()
    hand.page.wait_for_load_state()
    hand.begin()
    if hand.page.locator(".cockpit-paper iframe, .cockpit-paper img, .cockpit-paper object").count():
        return  # it stands beside the case already
    hand.click(hand.page.locator("main a[href*='paper'], main a[href*='/look']").first)


# -- statistics -----------------------------------------------------------------------------------
def firms_filed_and_a_level_recorded(hand: Hand) -> None:
    """All that are ready on one page of the list, and then what one level said of all that wait for it."""
    hand.page.goto(f"{hand.base}/filings?state=ready&per_page=100")
    hand.begin()
    hand.tally.pages = 1
    hand.tick(hand.page.locator("[data-tick-all]"))
    hand.click(hand.page.locator(".tick-bar").get_by_role("button", name=re.compile("^申报")).first)
    hand.click(hand.button("确认申报"))
    hand.page.goto(f"{hand.base}/filings?view=open&level=county&per_page=100")
    hand.tally.clicks += 1  # 在途, at the head of the list
    hand.tick(hand.page.locator("[data-tick-all]"))
    hand.click(hand.page.locator(".tick-bar").get_by_role("button", name=re.compile("登记")).first)
    hand.tick(hand.page.locator("main form input[type=radio]").first)
    hand.fill(hand.page.locator("main form [name=reference]"), "汕统审〔2021〕7号")
    hand.click(hand.button("确认登记"))


# -- those who look on ----------------------------------------------------------------------------
def targets_found(hand: Hand) -> None:
    """On the leader's first page."""
    hand.sees("T1")


def a_number_traced(hand: Hand) -> None:
    """From a number of the closed quarter over its row to the firm's figure and the paper."""
    hand.page.goto(f"{hand.base}/quarters/2021Q3")
    hand.begin()
    hand.click(hand.page.locator("main a[href*='stage=qualified']").first)
    hand.click(hand.page.locator("main tbody a[href$='/figures']").last)
    hand.click(hand.page.locator("main a[href*='/documents/'][href*='/look']").first)
    if not hand.page.locator("main iframe, main img, main object, main embed").count():
        raise NotThere("the paper is not shown")


TASKS = (
    Task(
        "one firm by form, from nothing to submitted", "haifeng", one_firm_by_form,
        before="38 fields shown, 15 filled, 9 clicks, 9 pages", floor="22 fields, 6 clicks",
    ),
    Task(
        "five cases cleared by a bureau", "industry", five_cases_cleared,
        before="5 filled, 20 clicks, 20 pages", floor="10 keys, 5 pages",
    ),
    Task(
        "firms filed and one level recorded", "statistics", firms_filed_and_a_level_recorded,
        before="2 forms and 6 pages a firm: 306 pages for 51", floor="6 pages",
    ),
    Task("a paper seen in a review", "industry", a_paper_seen, before="1 click, 1 page", floor="1 click"),
    Task("targets found by the leader", "leader", targets_found, before="0 clicks", floor="0 clicks"),
    Task(
        "a number traced by the auditor from the quarter to the paper", "auditor", a_number_traced,
        before="impossible", floor="3 clicks",
    ),
    Task("a missing paper mended from home", "haifeng", a_missing_paper_mended, before="5 pages", floor="1 page"),
)  # fmt: skip


def figures(base: str, password: str) -> Iterator[str]:
    """Each task in a browser of its own: what it took, beside what it took before and what is asked for."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for task in TASKS:
            yield f"{task.name}: {_done(browser, task, base, password)} (before: {task.before}; at most: {task.floor})"
        browser.close()


def _done(browser: Any, task: Task, base: str, password: str) -> str:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN", accept_downloads=True)
    context.set_default_timeout(20_000)
    hand = Hand(context.new_page(), base)
    try:
        hand.sign_in(task.username, password)
        task.does(hand)
        tally: Tally = hand.end()
        return f"{tally}, {tally.seconds:.1f} s"
    except NotThere as missing:
        return f"NOT DONE: {missing}"
    except (AssertionError, Error) as broken:
        return f"NOT DONE: {str(broken).splitlines()[0]} ({hand.page.url})"
    finally:
        context.close()


def _code(number: int) -> str:
    """A valid invented code of Haifeng's."""
    eight = f"MA{number:06d}"
    first = f"91441521{eight}{organisation_character(eight)}"
    return first + check_character(first)
