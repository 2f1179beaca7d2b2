"""The words that name the direct-reporting system are known however they are written, and nothing else is."""

from __future__ import annotations

import random

import pytest

from registry.base import independence


@pytest.mark.parametrize(
    "text, word",
    [
        ("联网直报营业收入(万元)", "联网直报"),
        ("联网 直报_2021.xlsx", "联网直报"),
        ("规模以上服务业《财务状况》", "规模以上服务业财务状况"),
        ("B203-1表", "203-1表"),
        ("Ｆ２０３财务状况.pdf", "F203"),
        ("2021_F203_8月.xlsx", "F203"),
        ("2021F203-8月.xlsx", "F203"),
        ("f-103", "F103"),
        ("不填联网直报数据，照联网直报平台的数填", "联网直报"),
        ("只填企业提供的数据，不填统计联网直报数据", None),
        ("非直报系统", None),
        ("91441500MA5F203K2X", None),
        ("0F2031", None),
        ("", None),
    ],
)
def test_a_name_of_the_system_is_known_and_a_warning_against_it_is_none(text: str, word: str | None) -> None:
    assert independence.named_in(text) == word


def test_the_token_of_our_own_workbook_names_no_form() -> None:
    """One workbook in 300 was refused for such a token."""
    digits = random.Random(1)
    hexes = (f"{digits.getrandbits(96):024x}" for _ in range(20_000))
    named = [text for text in hexes if independence.named_in(f"本簿编号 wb-{text}，请勿改动。")]
    assert named == []
    assert independence.named_in("wb-0a1f20300000000000000f103") is None
