"""Which characters a stored text may hold."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.base.characters import INVISIBLE_REMOVED, SPACE_CHANGED, Cleaned, clean
from registry.base.errors import BadCharacter, TextTooLong

NAME = "汕尾市云帆软件有限公司"


@pytest.mark.parametrize(
    "text",
    [
        NAME,
        "海丰县(可塘)珠宝行",
        "ＡＢＣ（深圳）·王",
        "Shanwei Soft Co., Ltd.",
        "㈱⾦",
        "𰻝𰻝面馆",
        "\U000323af记",
        "①Ⅲ℃㎡“”—…",
    ],
)
def test_an_ordinary_text_stays_as_it_was_typed(text: str) -> None:
    assert clean(text, 100) == Cleaned(text)


@pytest.mark.parametrize("mark", ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u3164", "\ufe0f"])
def test_an_invisible_character_goes_with_a_notice(mark: str) -> None:
    assert clean(f"汕尾市{mark}云帆软件有限公司{mark}", 100) == Cleaned(NAME, (INVISIBLE_REMOVED,))


@pytest.mark.parametrize("space", ["\u3000", "\u00a0", "\u2003", "\t", "\n", "\r\n", "\u2028", " \u3000 "])
def test_an_odd_space_becomes_a_plain_one_with_a_notice(space: str) -> None:
    assert clean(f"红海中路{space}18号", 100).text.split() == ["红海中路", "18号"]
    assert clean(f"红海中路{space}18号", 100).notices == (SPACE_CHANGED,)


def test_plain_spaces_around_a_text_go_without_a_notice() -> None:
    assert clean(f"  {NAME} ", 100) == Cleaned(NAME)


def test_a_long_text_may_keep_its_lines() -> None:
    assert clean("第一行\r\n 第二行 \n", 100, lines=True) == Cleaned("第一行\n第二行", (SPACE_CHANGED,))
    assert clean("第一行\n第二行", 100, lines=True) == Cleaned("第一行\n第二行")


@pytest.mark.parametrize(
    "character, kind, codepoint",
    [
        ("\u202e", "bidi", "U+202E"),
        ("\u2066", "bidi", "U+2066"),
        ("\u200f", "bidi", "U+200F"),
        ("\x00", "control", "U+0000"),
        ("\x07", "control", "U+0007"),
        ("\x7f", "control", "U+007F"),
        ("\x1f", "control", "U+001F"),
        ("\ue7d9", "private", "U+E7D9"),
        ("\U000f0001", "private", "U+F0001"),
        ("\ud800", "lost", "U+D800"),
        ("\ufffd", "lost", "U+FFFD"),
        ("\U000e0041", "hidden", "U+E0041"),
        ("\ufff9", "hidden", "U+FFF9"),
        ("\ufffe", "hidden", "U+FFFE"),
        ("\U0001ffff", "hidden", "U+1FFFF"),
    ],
)
def test_a_dangerous_character_is_refused_with_its_place(character: str, kind: str, codepoint: str) -> None:
    with pytest.raises(BadCharacter) as refusal:
        clean(f"汕尾{character}市", 100)
    assert refusal.value.values == {"kind": kind, "position": 3, "codepoint": codepoint}
    assert str(refusal.value).startswith("第3个字符")


def test_the_position_counts_the_characters_as_typed() -> None:
    with pytest.raises(BadCharacter) as refusal:
        clean("\u200b 汕\u202e尾", 100)
    assert refusal.value.values["position"] == 4


def test_a_text_is_measured_after_cleaning() -> None:
    assert clean(" 汕尾\u200b市 ", 3).text == "汕尾市"
    with pytest.raises(TextTooLong) as refusal:
        clean("汕尾市城区", 4)
    assert str(refusal.value) == "文字有 5 个字，超过上限 4 个，请精简。"


@given(st.text(max_size=40))
def test_what_is_stored_holds_nothing_invisible_and_cleaning_it_again_changes_nothing(text: str) -> None:
    try:
        cleaned = clean(text, 40).text
    except BadCharacter:
        return
    assert {unicodedata.category(c) for c in cleaned} & {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"} == set()
    assert clean(cleaned, 40) == Cleaned(cleaned)
