"""The parts of a name, and the places in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.matching.normalise import name_key, surface
from registry.matching.parse import parse
from registry.matching.places import Relation, relation

PIECES = [
    "汕尾市",
    "海丰县",
    "（深圳）",
    "城区",
    "红光",
    "善美",
    "科技",
    "酒业",
    "有限公司",
    "集团",
    "分公司",
    "第三",
    "厂",
    "(",
    ")",
    "1",
]
NAMES = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=8).map("".join))


@pytest.mark.parametrize(
    "name, division, trade_name, industry, form",
    [
        ("汕尾市善美科技有限公司", "汕尾市", "善美", ("科技",), "有限公司"),
        ("善美（汕尾）科技有限公司", "汕尾", "善美", ("科技",), "有限公司"),
        ("善美科技（汕尾）有限公司", "汕尾", "善美", ("科技",), "有限公司"),
        ("善美科技汕尾有限公司", "汕尾", "善美", ("科技",), "有限公司"),
        ("广东省汕尾市城区善美科技有限公司", "城区", "善美", ("科技",), "有限公司"),
        ("海豐善美軟件有限責任公司", "海丰", "善美", ("软件",), "有限责任公司"),
        ("汕尾红海湾善美旅游有限公司", "红海湾", "善美", ("旅游",), "有限公司"),
        ("汕尾市诚达会计师事务所（普通合伙）", "汕尾市", "诚达", ("会计师",), "事务所普通合伙"),
        ("陆丰市善美种养专业合作社", "陆丰市", "善美", ("种养",), "专业合作社"),
        ("陆河县善美（集团）股份有限公司", "陆河县", "善美", (), "股份有限公司集团"),
        ("陆河县善美集团股份有限公司", "陆河县", "善美", (), "集团股份有限公司"),
        ("北京红光酒厂", "北京", "红光酒", (), "厂"),
        ("海丰县善美酒店", "海丰县", "善美", ("酒店",), ""),
        ("陆丰市建筑工程公司", "陆丰市", "", ("建筑", "工程"), "公司"),
        ("东莞市场服务有限公司", "东莞", "市场", ("服务",), "有限公司"),
        ("深圳市光明集团有限公司", "深圳市", "光明", (), "集团有限公司"),
        ("善美", "", "善美", (), ""),
        ("有限公司", "", "", (), "有限公司"),
        ("", "", "", (), ""),
    ],
)
def test_parts_of_a_plain_name(name: str, division: str, trade_name: str, industry: tuple[str, ...], form: str) -> None:
    parts = parse(name)
    assert (parts.division, parts.trade_name, parts.industry_words, parts.legal_form) == (
        division,
        trade_name,
        industry,
        form,
    )
    assert parts.branch_tail == ""


@pytest.mark.parametrize(
    "name, tail, parent",
    [
        ("深圳市善美科技有限公司汕尾分公司", "汕尾分公司", "深圳市善美科技有限公司"),
        ("善美（深圳）科技有限公司汕尾第三分公司", "汕尾第三分公司", "善美深圳科技有限公司"),
        ("汕尾市善美大药房有限公司城东药店", "城东药店", "汕尾市善美大药房有限公司"),
        ("陆丰市河图供销社农资门市部", "农资门市部", "陆丰市河图供销社"),
        ("汕尾市诚达会计师事务所海丰分所", "海丰分所", "汕尾市诚达会计师事务所"),
        ("善美科技汕尾分公司", "汕尾分公司", ""),
        ("善美银行海丰支行", "海丰支行", ""),
    ],
)
def test_a_branch_has_a_tail_and_names_its_parent(name: str, tail: str, parent: str) -> None:
    parts = parse(name)
    assert (parts.is_branch, parts.branch_tail, parts.parent_key) == (True, tail, parent)


@pytest.mark.parametrize(
    "form, kind",
    [
        ("有限责任公司", "limited"),
        ("有限公司", "limited"),
        ("股份有限公司", "joint_stock"),
        ("股份公司", "joint_stock"),
        ("总公司", "company"),
        ("合伙企业", "partnership"),
        ("合伙企业（有限合伙）", "partnership"),
        ("事务所", "firm_office"),
        ("工作室", "studio"),
        ("农民专业合作社", "cooperative"),
        ("厂", "factory"),
        ("经营部", "department"),
    ],
)
def test_class_of_the_legal_form(form: str, kind: str) -> None:
    assert parse(f"海丰县善美{form}").legal_form_class == kind


def test_divisions_are_known_by_code() -> None:
    assert [division.codes for division in parse("汕尾市城区善美商贸有限公司").divisions] == [("441502",)]
    assert [division.codes for division in parse("汕尾高新区善美商贸有限公司").divisions] == [("441502-Z2",)]
    assert parse("城区善美商贸有限公司").divisions == ()


@pytest.mark.parametrize(
    "one, other, expected",
    [
        ("汕尾市善美有限公司", "汕尾善美有限公司", Relation.EQUAL),
        ("汕尾市善美有限公司", "善美有限公司", Relation.MISSING),
        ("广东善美有限公司", "汕尾市善美有限公司", Relation.WITHIN),
        ("陆丰市善美有限公司", "汕尾华侨管理区善美有限公司", Relation.WITHIN),
        ("海丰县善美有限公司", "陆丰市善美有限公司", Relation.CONFLICT),
        ("汕尾市善美有限公司", "广州善美有限公司", Relation.CONFLICT),
    ],
)
def test_how_the_places_of_two_names_lie(one: str, other: str, expected: Relation) -> None:
    left, right = parse(one).divisions, parse(other).divisions
    assert (relation(left, right), relation(right, left)) == (expected, expected)


def test_segments_show_the_name_by_its_parts_in_its_own_script() -> None:
    assert parse("12、善美（汕尾）軟件有限公司海豐分公司").segments == (
        ("trade_name", "善美"),
        ("mark", "("),
        ("division", "汕尾"),
        ("mark", ")"),
        ("industry", "軟件"),
        ("legal_form", "有限公司"),
        ("branch_tail", "海豐分公司"),
    )


@given(NAMES)
def test_segments_give_the_shown_name_back(name: str) -> None:
    assert "".join(text for _, text in parse(name).segments) == surface(name)


@given(NAMES)
def test_parts_hold_each_character_of_the_key_once(name: str) -> None:
    parts = parse(name)
    late = parts.own_text + parts.legal_form + parts.branch_tail
    assert len(late) <= len(name_key(name))
    assert not set(late) - set(name_key(name))
