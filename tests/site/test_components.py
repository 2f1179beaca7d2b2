"""Components: each says in words what it shows, nothing is inline, every form carries its token."""

from __future__ import annotations

import re
from decimal import Decimal
from types import SimpleNamespace as Row
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DecimalField, Form, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, Optional

from registry.config import ROOT
from registry.site import charts
from tests.site.gallery import COMPONENTS, draw, gallery, words

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted((ROOT / "registry" / "static").glob("*.css"))
CSS = (ROOT / "registry" / "static" / "app.css").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pages() -> Flask:
    return gallery()


class Nomination(Form):
    name = StringField("企业名称", [DataRequired("请填写企业名称。")], description="与营业执照一致")
    division = SelectField("所属县区", choices=[SelectChoice("441521", "海丰县"), SelectChoice("441581", "陆丰市")])
    unit_kind = RadioField(
        "单位类型", choices=["法人单位", "视同法人单位"], validators=[DataRequired("请选择单位类型。")]
    )
    revenue = DecimalField("本年累计营业收入", [Optional()])
    checked = BooleanField("已核对营业执照原件")


# -- the house's rules for every template ---------------------------------------------------------
@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_explains_itself_and_bears_the_name_of_its_file(path: Any) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.startswith("{#- ")
    assert re.search(rf"macro {path.stem}\(", source) is not None


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_nothing_is_inline_and_nothing_is_trusted_blindly(path: Any) -> None:
    source = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert re.findall(r"\sstyle=|<style|\son[a-z]+=|javascript:|\|\s*safe\b|autoescape", source) == []
    assert [tag for tag in re.findall(r"<script[^>]*>", source) if "src=" not in tag] == []
    assert re.findall(r"""(?:src|href)=["'](?:https?:)?//""", source) == []


def test_text_reaches_seven_to_one_on_every_ground_it_stands_on() -> None:
    token = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", CSS))
    pairs = [(ink, ground) for ink in ("ink", "ink-2", "accent") for ground in ("paper", "ground", "stripe")]
    pairs += [("ink-2", "plain-bg"), ("accent", "accent-2"), ("ink", "accent-2"), ("ink-2", "accent-2")]
    pairs += [(tone, f"{tone}-bg") for tone in ("ok", "warn", "bad", "info")]
    pairs += [(tone, "accent-2") for tone in ("ok", "warn", "bad", "info")]
    pairs += [("nav-ink", "nav"), ("paper", "accent"), ("paper", "nav-count"), ("ink", "line-2"), ("paper", "bad")]
    low = {pair: round(_contrast(token[pair[0]], token[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 7} == {}


def test_marks_and_edges_reach_three_to_one() -> None:
    token = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", CSS))
    marks = ("ok-mark", "warn-mark", "bad-mark", "info-mark", "edge", "underline")
    assert [mark for mark in marks if _contrast(token[mark], token["paper"]) < 3] == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_no_text_is_set_smaller_than_twelve_pixels_on_the_screen_or_nine_points_on_paper(sheet: Any) -> None:
    token = dict(re.findall(r"--([a-z0-9-]+): ([^;]+);", CSS))
    said = re.findall(r"font-size: ([^;]+);|font: [^;]*?([0-9.]+(?:px|rem|pt|em))", sheet.read_text(encoding="utf-8"))
    sizes = {re.sub(r"var\(--([a-z0-9-]+)\)", lambda name: token[name[1]], one or other) for one, other in said}
    pixels = {"px": 1.0, "rem": 14.0, "pt": 4 / 3, "em": 14.0}
    measured = {
        size: float(number[1]) * pixels[number[2]]
        for size in sizes
        if (number := re.fullmatch(r"([0-9.]+)(px|rem|pt|em)", size))
    }
    assert {size: px for size, px in measured.items() if px < 12 - 0.01} == {}
    assert sizes - measured.keys() <= {"87.5%", "inherit"}, "a size this test cannot weigh"


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted(_luminance(colour) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_what_users_typed_stays_text_wherever_it_is_shown(pages: Flask) -> None:
    hostile = "<b>海创</b>\"'><script>alert(1)</script>"
    source = """
      {{ tag(x) }}{{ light(x) }}{{ name_parts([(x, x, true)]) }}{{ summary_list([(x, x, x, (x, "/a"))]) }}{{ empty(x, x) }}
      {{ timeline([{"title": x, "by": x, "at": x, "opinion": x}]) }}
      {{ diff_table(x, (x, x), [{"label": x, "values": [x, x], "changed": true}]) }}
      {{ file_list([{"label": x, "href": "/f", "note": x}]) }}{{ why_list([{"verdict": "met", "sentence": x, "source": x}]) }}
      {{ progress(1, 2, text=x) }}{{ print_head(x, x, x) }}{{ page_head(x) }}{{ step_strip([{"label": x, "state": "now", "note": x}]) }}
      {{ post_button("/a", x, fields={"f": x}) }}{{ signature([x]) }}{{ hints("/h", (x,)) }}
      {% call data_table(x, [{"label": x}], foot=(x,)) %}<tr><td>{{ x }}</td></tr>{% endcall %}
      {% call panel(x, aside=x, foot=x) %}{{ x }}{% endcall %}"""
    drawn = draw(pages, source, x=hostile)
    assert list(drawn.iter("b")) == []
    assert [script.get("src") for script in drawn.iter("script")] == ["/static/hints.js"]
    assert [name for element in drawn.iter() for name in element.attrib if name.startswith("on")] == []


# -- words and shapes -----------------------------------------------------------------------------
def test_a_light_says_its_word_beside_a_drawn_shape(pages: Flask) -> None:
    drawn = draw(pages, '{{ light("逾期 6 天", "bad") }}')
    assert words(drawn) == "逾期 6 天"
    assert [svg.get("aria-hidden") for svg in drawn.iter("svg")] == ["true"]


def test_each_tone_has_a_shape_of_its_own(pages: Flask) -> None:
    drawn = draw(pages, '{% for tone in ("ok", "warn", "bad", "info", "plain") %}{{ light("x", tone) }}{% endfor %}')
    assert len({path.get("d") for path in drawn.iter("path")}) == 5


def test_a_bar_just_below_its_line_is_not_drawn_as_reached(pages: Flask) -> None:
    drawn = draw(pages, "{{ bullet_bar(rate, admission) }}", rate=Decimal("0.9999"), admission=Decimal("0.5"))
    assert drawn.find(".//svg").get("aria-label") == "达标率 99%"
    assert [rect.get("class") for rect in drawn.iter("rect")] == ["bullet-track", "bullet-value"]
    assert [path.get("d") for path in drawn.iter("path")] == ["M50.0 3v14", "M100 1v18"]


def test_a_bar_at_its_line_is_drawn_as_reached_and_one_beyond_the_scale_goes_on(pages: Flask) -> None:
    reached = draw(pages, "{{ bullet_bar(1) }}")
    beyond = draw(pages, "{{ bullet_bar(2) }}")
    assert [rect.get("width") for rect in reached.iter("rect")] == ["150", "100.0"]
    assert [rect.get("class") for rect in reached.iter("rect")] == ["bullet-track", "bullet-reached"]
    assert [path.get("class") for path in beyond.iter("path")] == ["bullet-more", "bullet-line"]


def test_a_bar_without_a_figure_says_so(pages: Flask) -> None:
    drawn = draw(pages, "{{ bullet_bar(none, 0.5) }}")
    assert (drawn.find(".//svg").get("aria-label"), words(drawn)) == ("尚无本年累计营业收入", "--")


def test_a_condition_is_marked_in_words_and_names_its_source(pages: Flask) -> None:
    conditions = [
        Row(verdict="met", sentence="是法人单位", source="营业执照"),
        Row(verdict="unmet", sentence="缺口 500.00 万元", source="利润表 2021-09"),
        Row(verdict="unknown", sentence="增值税申报表未提交", source=None),
    ]
    drawn = draw(pages, "{{ why_list(conditions) }}", conditions=conditions)
    assert [[words(span) for span in item.findall("span")] for item in drawn.iter("li")] == [
        ["符合", "是法人单位", "营业执照"],
        ["不符合", "缺口 500.00 万元", "利润表 2021-09"],
        ["缺数据", "增值税申报表未提交", ""],
    ]


def test_the_present_step_is_named_to_those_who_listen(pages: Flask) -> None:
    items = [Row(label="线索", state="done", note="2021-03-02"), Row(label="已提名", state="now", note=None)]
    drawn = draw(pages, "{{ step_strip(items) }}", items=items)
    assert [(words(item), item.get("aria-current")) for item in drawn.iter("li")] == [
        ("线索（已完成）2021-03-02", None),
        ("已提名", "step"),
    ]


def test_no_data_is_two_dashes_and_zero_is_a_value(pages: Flask) -> None:
    drawn = draw(pages, '{{ summary_list([("从业人员", 0), ("联系人", none), ("曾用名", "")]) }}')
    assert [words(value) for value in drawn.iter("dd")] == ["0", "--", "--"]


# -- forms ----------------------------------------------------------------------------------------
def test_the_summary_repeats_each_error_in_the_same_words_and_leads_to_its_field(pages: Flask) -> None:
    form = Nomination(MultiDict({"division": "441521", "name": ""}))
    assert form.validate() is False
    drawn = draw(pages, "{{ error_summary(form) }}{% for item in form %}{{ field(item) }}{% endfor %}", form=form)
    links = [(link.get("href"), words(link)) for link in drawn.xpath(".//div[@role='alert']//a")]
    assert links == [("#name", "企业名称：请填写企业名称。"), ("#unit_kind-0", "单位类型：请选择单位类型。")]
    assert [drawn.xpath(f"count(.//*[@id='{href[1:]}'])") for href, _ in links] == [1, 1]
    assert [words(error) for error in drawn.find_class("field-error")] == ["请填写企业名称。", "请选择单位类型。"]


def test_a_summary_without_errors_is_not_there(pages: Flask) -> None:
    assert words(draw(pages, "{{ error_summary(form) }}", form=Nomination())) == ""


def test_hint_note_and_error_are_tied_to_their_control_in_reading_order(pages: Flask) -> None:
    form = Nomination(MultiDict({"name": ""}))
    form.validate()
    drawn = draw(pages, '{{ field(form.name, returned="与营业执照不符") }}', form=form)
    control = drawn.get_element_by_id("name")
    assert control.get("aria-describedby") == "name-returned name-error name-hint"
    assert [words(drawn.get_element_by_id(part)) for part in control.get("aria-describedby").split()] == [
        "退回意见：与营业执照不符",
        "请填写企业名称。",
        "与营业执照一致",
    ]
    assert (control.get("aria-invalid"), words(drawn.find(".//label"))) == ("true", "企业名称（必填）")


def test_a_locked_field_shows_its_value_and_sends_nothing(pages: Flask) -> None:
    form = Nomination(data={"name": "海丰县正衡检测技术有限公司", "division": "441581", "revenue": None})
    source = "{% for item in (form.name, form.division, form.revenue) %}{{ field(item, locked=true) }}{% endfor %}"
    drawn = draw(pages, source, form=form)
    assert [words(output) for output in drawn.iter("output")] == ["海丰县正衡检测技术有限公司", "陆丰市", "--"]
    assert drawn.xpath(".//input | .//select | .//textarea") == []


def test_a_choice_of_one_is_a_group_with_its_question(pages: Flask) -> None:
    drawn = draw(pages, "{{ field(form.unit_kind) }}", form=Nomination())
    assert words(drawn.find(".//fieldset/legend")) == "单位类型（必填）"
    assert [(box.get("type"), box.get("name")) for box in drawn.iter("input")] == [("radio", "unit_kind")] * 2


def test_every_form_that_posts_carries_its_token(pages: Flask) -> None:
    source = """{{ post_button("/proposals/7/submission", "提交") }}
      {% call post_form(form) %}{% endcall %}"""
    drawn = draw(pages, source, form=Nomination())
    forms = list(drawn.iter("form"))
    assert [form.get("method") for form in forms] == ["post"] * 2
    assert [len(form.xpath(".//input[@name='csrf_token' and string-length(@value) > 20]")) for form in forms] == [1] * 2
    assert len({key for form in forms for key in form.xpath(".//input[@name='form_key']/@value")}) == 2


def test_what_cannot_be_taken_back_asks_on_a_page_first(pages: Flask) -> None:
    drawn = draw(pages, '{{ post_button("/firms/7/removal", "出库", kind="danger", confirm="/firms/7/removal") }}')
    assert [link.get("href") for link in drawn.iter("a")] == ["/firms/7/removal"]
    assert list(drawn.iter("form")) == []


# -- tables ---------------------------------------------------------------------------------------
def test_a_pager_keeps_the_filter_and_names_the_page_it_is_on(pages: Flask) -> None:
    page = Row(page=2, pages=3, per_page=20, total=1312, has_prev=True, has_next=True, iter_pages=lambda **_: [1, 2, 3])
    drawn = draw(pages, "{{ pager(page) }}", "/firms?county=441521&page=2", page=page)
    assert [(words(link), link.get("href")) for link in drawn.iter("a")] == [
        ("50", "/firms?county=441521&per_page=50"),
        ("100", "/firms?county=441521&per_page=100"),
        ("上一页", "/firms?county=441521&page=1"),
        ("1", "/firms?county=441521&page=1"),
        ("3", "/firms?county=441521&page=3"),
        ("下一页", "/firms?county=441521&page=3"),
    ]
    assert words(drawn.xpath(".//*[@aria-current='page']")[0]) == "2"
    assert words(drawn.find(".//span")) == "共 1,312 条"


def test_a_table_tells_its_order_and_sums_under_the_right_columns(pages: Flask) -> None:
    columns = [
        {"label": "企业名称"},
        {"label": "本年累计（万元）", "num": True, "href": "?sort=revenue", "order": "descending"},
    ]
    source = (
        '{% call data_table("名录", columns, foot=("合计", "1,500.00")) %}<tr><td>甲</td><td>乙</td></tr>{% endcall %}'
    )
    drawn = draw(pages, source, columns=columns)
    assert [head.get("aria-sort") for head in drawn.iter("th")] == [None, "descending"]
    assert [(words(cell), cell.get("class")) for cell in drawn.iterfind(".//tfoot//td")] == [
        ("合计", None),
        ("1,500.00", "num"),
    ]
    assert drawn.find(".//div").get("aria-label") == words(drawn.find(".//caption")) == "名录"


def test_a_table_gives_each_of_its_rows_to_the_caller_and_leaves_out_a_column_nobody_sees(pages: Flask) -> None:
    source = """{% call(firm) data_table("名录", ["企业", {"label": "金额", "num": true}, "操作" if acts], rows=firms) %}
      <td>{{ firm }}</td><td>1</td>{% endcall %}"""
    drawn = draw(pages, source, firms=["甲", "乙"], acts=False)
    assert [(words(head), head.get("class")) for head in drawn.iter("th")] == [("企业", None), ("金额", "num")]
    assert [words(row) for row in drawn.iterfind(".//tbody/tr")] == ["甲1", "乙1"]
    assert list(draw(pages, source, firms=[], acts=True).iterfind(".//tbody/tr")) == []


def test_what_is_not_so_has_no_place_among_the_facts(pages: Flask) -> None:
    drawn = draw(pages, '{{ summary_list([("理由", "重复"), ("撤销时间", "2021-10-08") if undone]) }}', undone=False)
    assert [words(term) for term in drawn.iter("dt")] == ["理由"]


def test_a_comparison_of_nothing_says_so(pages: Flask) -> None:
    drawn = draw(pages, '{{ panel("改动", body=diff_table("改动", ("前", "后"), [], nothing="各栏目都不变。")) }}')
    assert words(drawn) == "改动 各栏目都不变。"
    assert list(drawn.iter("table")) == []


def test_only_a_field_in_conflict_asks_whose_value_stays(pages: Flask) -> None:
    rows = [
        {"label": "企业名称", "values": ["甲", "甲", "甲"], "changed": False, "name": "name", "chosen": 1},
        {"label": "注册地址", "values": ["一号", "二号", None], "changed": True, "name": "address", "chosen": 1},
    ]
    drawn = draw(pages, '{{ diff_table("冲突", ("原值", "对方", "我"), rows, choose=(1, 2)) }}', rows=rows)
    assert [(box.get("name"), box.get("value"), box.get("checked") is not None) for box in drawn.iter("input")] == [
        ("keep-address", "1", True),
        ("keep-address", "2", False),
    ]
    assert [words(cell) for cell in drawn.iterfind(".//td")] == ["甲", "甲", "甲", "一号", "二号", "--"]


def test_the_funnel_is_links_with_counts_and_the_total_has_no_bar(pages: Flask) -> None:
    items = [
        Row(label="全部", count=1312, href="/firms", active=True, total=True),
        Row(label="线索", count=24, href="/firms?stage=lead", active=False, total=False),
        Row(label="在库培育", count=48, href="/firms?stage=admitted", active=False, total=False),
    ]
    drawn = draw(pages, "{{ stage_strip(items) }}", items=items)
    assert [(words(link), link.get("aria-current")) for link in drawn.iter("a")] == [
        ("1,312全部", "true"),
        ("24线索", None),
        ("48在库培育", None),
    ]
    assert [rect.get("width") for rect in drawn.iter("rect")] == ["50.0", "100.0"]


def test_progress_is_told_in_words_and_follows_without_script_too(pages: Flask) -> None:
    drawn = draw(pages, '{{ progress(4200, 115761, "/imports/3/progress") }}')
    bar = drawn.find(".//progress")
    assert (bar.get("value"), bar.get("max")) == ("4200", "115761")
    assert words(drawn.xpath(".//*[@role='status']")[0]) == "已处理 4,200 / 115,761 行"
    refresh = draw(pages, "{{ progress_refresh() }}")
    assert refresh.find(".//noscript") is not None


# -- the chart ------------------------------------------------------------------------------------
POINTS = ((8, Decimal("13200000")), (9, Decimal("15000000")))
WORDS = {
    "title": "2021 年累计营业收入 <万元>",
    "description": "折线为各月累计",
    "statutory": "四上标准",
    "admission": "入库线",
    "this_year": "2021 年",
    "previous_year": "2020 年",
}


def _chart(**changes: Any) -> str:
    lines: dict[str, Any] = {"statutory": Decimal("20000000"), "admission": Decimal("10000000")}
    return charts.revenue_chart(changes.pop("points", POINTS), **{**lines, "words": WORDS, **changes})


def test_the_chart_is_one_named_picture_without_style_or_script(pages: Flask) -> None:
    with pages.test_request_context():
        svg = _chart()
    assert re.findall(r"style=|<script|<style|href=|<foreignObject|aria-roledescription", svg) == []
    assert re.findall(r"<title[^>]*>([^<]*)", svg) == ["2021 年累计营业收入 &lt;万元&gt;"]
    assert (svg.count('role="img"'), svg.count("role=")) == (1, 1)


def test_the_chart_names_both_lines_and_the_last_value(pages: Flask) -> None:
    with pages.test_request_context():
        drawn = set(re.findall(r">([^<>]+)</text>", _chart()))
    assert {"四上标准 2,000.00", "入库线 1,000.00", "2021 年 1,500.00", "1月", "12月"} <= drawn


def test_a_firm_without_figures_still_gets_its_lines(pages: Flask) -> None:
    with pages.test_request_context():
        empty = _chart(points=())
        bare = _chart(points=(), statutory=None, admission=None)
    assert "四上标准 2,000.00" in empty
    assert bare.startswith("<svg")
