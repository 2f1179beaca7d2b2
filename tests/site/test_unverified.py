"""What was not held against its source is named once at the head of a page, however often it stands there."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from registry.site import unverified
from tests.site.gallery import draw, gallery, words
from tests.world import World, sign_in


def test_open_pieces_of_a_source_are_taken_out_and_noted() -> None:
    app = gallery()
    with app.test_request_context("/"):
        said = [
            str(unverified.sourced(text)).replace('<span class="unverified-sign">※</span>', "※")
            for text in (
                "国统字〔2019〕101号",
                "四上企业统计标准（多地公开口径）；行业代码范围待核；2011年起的日期待核",
                "通行做法，待核",
                "条号待核",
                "统计局<表>",
                "待核对印章",
                None,
            )
        ]
        assert said == [
            "国统字〔2019〕101号",
            "四上企业统计标准（多地公开口径）※",
            "通行做法※",
            "条号※",
            "统计局&lt;表&gt;",
            "待核对印章",
            "",
        ]
        assert unverified.here() == [
            ("四上企业统计标准（多地公开口径）（行业代码范围、2011年起的日期）", "rules.listing"),
            ("通行做法", "rules.listing"),
            ("条号", "rules.listing"),
        ]


def test_the_same_thing_is_noted_once_and_the_next_page_begins_anew() -> None:
    app = gallery()
    for _page in range(2):
        drawn = draw(
            app, "{% for _one in (1, 2, 3) %}{{ unverified('2021 年窗口') }}{% endfor %}{{ unverified_here()|length }}"
        )
        assert words(drawn) == "※※※1"


def test_the_head_of_a_page_names_what_is_open_with_its_place(app: Flask, client: FlaskClient, world: World) -> None:
    sign_in(client, "statistics")
    page = html.fromstring(client.get("/rules?per_page=100").get_data(as_text=True))
    (line,) = page.xpath("//main/p[@class='unverified']")
    assert words(line).startswith("※ 本页引用的依据有 ")
    assert {link.get("href") for link in line.iter("a")} == {"/rules"}
    assert "请找到原文，在上列页面核实。" in words(line)
    assert page.xpath("//main")[0].text_content().count("待核") == 0
    assert client.get("/password").get_data(as_text=True).count("尚未与文件原文核对") == 0
