"""What an official's common tasks take at a browser, against a registry that runs: fields, clicks, keys, pages.

`python -m bench tasks --base http://127.0.0.1:8000 --password ..`, on the invented city; with `--prepare`, given in the
folder that is served, it first gets the firms and cases that are asked for and that it has too few of (`prepared.py`).
The tasks are really done there: a firm is nominated, cases are decided, firms are filed. Beside each the figure before
the desks, the cockpit and the lists with ticks were built, counted in the same way.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Error, sync_playwright

from bench import prepared
from bench.hand import Hand, Tally
from bench.prepared import CLEAN, CODES, READY
from registry.demo.city import credit_code

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
    hand.fill(hand.page.locator("main [name=credit_code]"), credit_code(number, "441521", "MA"))
    hand.click(hand.button("查询名录"))
    further = hand.page.get_by_role("link", name=re.compile("继续填报$"))
    if further.count():  # the directory holds one that is alike
        hand.click(further.first)
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
    hand.choose(hand.page.locator("main [name=revenue_period]"), "2021-08")
    hand.fill(hand.page.locator("main [name=revenue_amount]"), "1500")
    hand.choose(hand.page.locator("main [name=revenue_source]"), "income_statement")
    hand.attach(hand.page.locator("main [name=revenue_file]"), "利润表.pdf", PDF + name.encode())
    hand.click(hand.button("下一步"))
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
    """By keys alone in a queue narrowed to those prepared, counted from the first being open: from the list it is one key more."""
    clean = hand.page.locator("main input[name=tick]")
    hand.page.goto(f"{hand.base}/reviews/together?q={CODES}")
    if clean.count() < CLEAN:
        raise NotThere(f"{clean.count()} clean cases wait: --prepare makes {CLEAN}")
    hand.page.goto(f"{hand.base}/reviews?q={CODES}")
    hand.page.locator("main table tbody tr").first.get_by_role("link").first.click()
    hand.page.wait_for_load_state()
    hand.begin()
    for _case in range(CLEAN):
        if hand.page.locator("#obstacles").count():
            raise NotThere(f"{hand.page.url} is not clean")
        hand.press("a")
        hand.page.wait_for_function("() => document.activeElement.name === 'admit-industry_checked'")
        hand.press("Enter", moves=True)
        hand.sees("已审核通过，入库培育")


def a_paper_seen(hand: Hand) -> None:
    """From an open case with a figure to the paper that proves it, without a download."""
    hand.page.goto(f"{hand.base}/reviews")
    hand.page.locator("main table tbody tr").first.get_by_role("link").first.click()
    hand.page.wait_for_load_state()
    hand.begin()
    if hand.page.locator(".cockpit-paper img").count():  # it stands beside the case already
        hand.page.wait_for_function("() => document.querySelector('.cockpit-paper img').naturalWidth > 0")
        return
    hand.click(hand.page.locator("main a[href*='paper'], main a[href*='/look']").first)


# -- statistics -----------------------------------------------------------------------------------
def firms_filed_and_a_level_recorded(hand: Hand) -> None:
    """All that are ready on one page of the list, and then what one level said of all that wait for it."""
    hand.page.goto(f"{hand.base}/filings?state=ready&per_page=100")
    if (can_file := hand.page.locator("main [data-tick]").count()) < READY:
        raise NotThere(f"{can_file} firms can file: --prepare makes {READY}")
    hand.begin()
    hand.tally.pages = 1
    hand.tick(hand.page.locator("[data-tick-all]"))
    hand.click(hand.page.locator(".tick-bar").get_by_role("button", name=re.compile("^申报")).first)
    hand.sees(f"将办理 {can_file} 项")
    hand.click(hand.button("确认申报"))
    hand.sees(f"共 {can_file} 项")
    hand.page.goto(f"{hand.base}/filings?view=open&level=county&per_page=100")
    hand.tally.clicks += 1  # 在途, at the head of the list
    hand.tick(hand.page.locator("[data-tick-all]"))
    hand.click(hand.page.locator(".tick-bar").get_by_role("button", name=re.compile("登记")).first)
    hand.tick(hand.page.locator("main form input[type=radio]").first)
    hand.fill(hand.page.locator("main form [name=reference]"), "汕统审〔2021〕7号")
    told = hand.page.locator(".tick-count:visible").first.inner_text()
    hand.click(hand.button("确认登记"))
    hand.sees(f"共 {''.join(re.findall('[0-9]+', told))} 项")


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
        "five clean cases cleared by a bureau, the first of them open", "industry", five_cases_cleared,
        before="5 filled, 20 clicks, 20 pages", floor="10 keys, 5 pages",
    ),
    Task(
        f"{READY} firms filed and one level recorded", "statistics", firms_filed_and_a_level_recorded,
        before=f"2 forms and 6 pages, counted for one firm; times {READY} it would be {6 * READY} pages", floor="6 pages",
    ),
    Task("a paper seen in a review", "industry", a_paper_seen, before="1 click, 1 page", floor="1 click"),
    Task("targets found by the leader", "leader", targets_found, before="0 clicks", floor="0 clicks"),
    Task(
        "a number traced by the auditor from the quarter to the paper", "auditor", a_number_traced,
        before="impossible", floor="3 clicks",
    ),
    Task("a missing paper mended from home", "haifeng", a_missing_paper_mended, before="5 pages", floor="1 page"),
)  # fmt: skip


def figures(base: str, password: str, *, prepare: bool = False) -> Iterator[str]:
    """Each task in a browser of its own: what it took, beside what it took before and what is asked for."""
    if prepare:
        yield from prepared.city()
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
