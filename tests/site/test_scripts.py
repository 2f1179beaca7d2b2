"""The little scripts in a real browser, under the content policy of the product."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from flask import Flask, request
from werkzeug.serving import make_server
from wtforms import Form

from tests.site.gallery import gallery, page

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

FORM = """{% call post_form(form, action="/kept") %}
  <input name="name" id="name">{{ hints("/hints", ("name",)) }}{{ button("提交", kind="primary") }}
{% endcall %}{{ link_button("不同", "#different", key="d") }}"""

TICKS = """{{ tick_head() }}{% call(one) data_table("名单", [{"label": "勾选", "hidden": true}, "企业"], rows=[1, 2, 3, 4]) %}
  {{ tick_box(one, "企业%d"|format(one)) }}<td>企业{{ one }}</td>{% endcall %}
{{ tick_bar([("办理…", "/ticked")], 4) }}"""
LONG = "汕尾市红海湾经济开发区海上风电智慧运维与新能源综合检测技术研究院（有限合伙）分公司"
EVERYTHING = f"""
{{{{ stage_strip([{{"label": "在库培育", "count": 176, "href": "#", "active": true, "total": false}}] * 11) }}}}
{{% call(part) filter_form("/") %}}<input class="form-control" name="q">{{% endcall %}}
{{% call data_table("名录", [{{"label": "企业名称"}}, {{"label": "达标率"}}], fixed=true, first=true, last=true) %}}
  <tr><td class="firm-name">{LONG}</td><td>{{{{ bullet_bar(rate, 0.5) }}}}{{{{ tier("B") }}}}</td></tr>{{% endcall %}}
{{{{ step_strip([{{"label": "部门核查", "state": "now", "note": "2021-03-11"}}] * 8) }}}}
{{{{ name_parts([("{LONG}", "字号", true)]) }}}}{{{{ summary_list([("注册地址", "{LONG}" * 2)]) }}}}
{{{{ diff_table("更正", ("更正前", "更正后"), [{{"label": "名称", "values": ["{LONG}", "{LONG}"], "changed": true}}]) }}}}
{{{{ revenue_figure(points, 2021, rate * 20000000, none, points) }}}}{{{{ error_summary(none, ["{LONG}"]) }}}}
"""


@dataclass
class Site:
    """A running gallery, and what reached it."""

    address: str
    asked: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    finished: bool = False


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    app = gallery()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    running = Site(f"http://127.0.0.1:{server.port}")
    _routes(app, running)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield running
    server.shutdown()
    thread.join()


def _routes(app: Flask, site: Site) -> None:
    @app.get("/form")
    def form() -> str:
        return page(FORM, form=Form())

    @app.get("/everything")
    def everything() -> str:
        return page(EVERYTHING, rate=Decimal("0.75"), points=[(9, Decimal("15000000"))], form=Form())

    @app.get("/ticks")
    def ticks() -> str:
        return page(TICKS)

    @app.post("/ticked")
    def ticked() -> tuple[str, int]:
        site.kept.extend(request.form.getlist("tick"))
        return "", 204

    @app.get("/hints")
    def hints() -> str:
        site.asked.append(request.args["name"])
        return '<p class="hint">海丰县正衡检测技术有限公司<img src="x" onerror="document.title=\'run\'"></p>'

    @app.post("/kept")
    def kept() -> tuple[str, int]:
        site.kept.append(request.form["name"])
        return "", 204

    @app.get("/work")
    def work() -> str:
        return page(
            "<p id=state>" + ("完成" if site.finished else "进行中") + '</p>{{ progress(1, 10, "/work.json") }}'
        )

    @app.get("/work.json")
    def state() -> dict[str, object]:
        answer = {"done": 7, "total": 10, "text": "已处理 7 / 10 行", "finished": site.finished}
        site.finished = True
        return answer


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def tab(browser, site):  # type: ignore[no-untyped-def]
    """A fresh tab, and the complaints of its console."""
    tab = browser.new_page(base_url=site.address)
    tab.complaints = []
    tab.on("console", lambda line: tab.complaints.append(line.text) if line.type in ("error", "warning") else None)
    tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
    yield tab
    tab.close()


# Typed without any pause, however busy the machine is.
TYPED = """text => {
  const field = document.getElementById("name");
  for (const character of text) {
    field.value += character;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}"""


def test_hints_follow_the_pause_in_typing_and_run_nothing(tab, site) -> None:  # type: ignore[no-untyped-def]
    tab.goto("/form")
    site.asked.clear()
    tab.evaluate(TYPED, "海丰县正衡")
    tab.wait_for_selector(".hints .hint")
    assert site.asked == ["海丰县正衡"]
    assert tab.inner_text(".hints") == "海丰县正衡检测技术有限公司"
    assert tab.title() == "gallery"
    tab.fill("#name", "")
    tab.wait_for_selector(".hints:empty", state="attached")


def test_a_second_press_sends_nothing(tab, site) -> None:  # type: ignore[no-untyped-def]
    site.kept.clear()
    tab.goto("/form")
    tab.fill("#name", "海丰县云谷网络科技有限公司")
    with tab.expect_response("**/kept"):
        tab.evaluate("const form = document.forms[0]; form.requestSubmit(); form.requestSubmit();")
    tab.wait_for_timeout(200)
    assert site.kept == ["海丰县云谷网络科技有限公司"]
    assert tab.get_attribute("button[type=submit]", "aria-disabled") == "true"


def test_leaving_asks_only_where_something_changed(tab, site) -> None:  # type: ignore[no-untyped-def]
    asked: list[str] = []
    tab.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    tab.goto("/form")
    tab.goto("/work")
    assert asked == []
    tab.goto("/form")
    tab.locator("#name").press_sequentially("陆丰")
    tab.goto("/work")
    assert asked == ["beforeunload"]


def test_a_key_presses_its_button_but_not_while_typing(tab) -> None:  # type: ignore[no-untyped-def]
    tab.goto("/form")
    tab.locator("#name").press("d")
    assert tab.evaluate("location.hash") == ""
    tab.evaluate("document.activeElement.blur()")
    tab.keyboard.press("d")
    assert tab.evaluate("location.hash") == "#different"


def test_progress_moves_and_the_page_comes_again_when_it_is_done(tab, site) -> None:  # type: ignore[no-untyped-def]
    site.finished = False
    tab.goto("/work")
    assert tab.inner_text("#state") == "进行中"
    tab.wait_for_selector("progress[value='7']")
    assert tab.inner_text("[data-progress-text]") == "已处理 7 / 10 行"
    tab.wait_for_selector("#state:text('完成')")
    assert tab.complaints == []


def test_every_component_fits_a_narrow_screen_and_breaks_no_policy(tab) -> None:  # type: ignore[no-untyped-def]
    tab.set_viewport_size({"width": 683, "height": 384})
    tab.goto("/everything")
    assert tab.evaluate("document.documentElement.scrollWidth") == 683
    assert tab.locator(".chart svg").bounding_box()["height"] > 100
    assert tab.complaints == []


def test_all_of_the_page_is_ticked_counted_and_sent(tab, site) -> None:  # type: ignore[no-untyped-def]
    site.kept.clear()
    tab.goto("/ticks")
    everything, count = tab.get_by_label("勾选本页全部 4 项"), tab.locator("[data-tick-count]")
    assert count.text_content() == ""
    everything.check()
    assert count.text_content() == "已勾选 4 项"
    tab.get_by_label("勾选：企业2").uncheck()
    assert (count.text_content(), everything.is_checked()) == ("已勾选 3 项", False)
    tab.get_by_role("button", name="办理…").click()
    tab.wait_for_timeout(200)
    assert site.kept == ["1", "3", "4"]
    assert tab.complaints == []


def test_a_stretch_is_ticked_with_the_shift_key(tab) -> None:  # type: ignore[no-untyped-def]
    tab.goto("/ticks")
    tab.get_by_label("勾选：企业1").click()
    tab.get_by_label("勾选：企业3").click(modifiers=["Shift"])
    assert tab.locator("[data-tick-count]").text_content() == "已勾选 3 项"
