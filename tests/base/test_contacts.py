"""Contacts: what is left of them when they are shown, and how two are compared."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.base import contacts
from registry.base.contacts import NAME, PHONE, masked, numbers


@pytest.mark.parametrize(
    "number,shown",
    [
        ("13812345678", "138****5678"),
        ("+86 138 1234 5678", "138****5678"),
        ("138-1234-5678", "138****5678"),
        ("１３８１２３４５６７８", "138****5678"),
        ("0660-3366888", "0660-****88"),
        ("0660 336 6888", "0660-****88"),
        ("06603366888", "0660****88"),
        ("(0660)3366888", "0660-****88"),
        ("020-83366888-801", "020-****88"),
        ("02083366888", "020****88"),
        ("3366888", "****"),
        ("83366888", "****"),
        ("110", "****"),
        ("400-830-8888", "****"),
        ("13812345678 13900001111", "138****5678、139****1111"),
        ("13812345678 3900001111", "****"),
        ("13812345678/0660-3366888", "138****5678、0660-****88"),
        ("13812345678；3366888", "138****5678、****"),
        ("13812345678或13900001111", "138****5678、139****1111"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_number_keeps_only_what_recognises_it(number: str | None, shown: str) -> None:
    assert masked(PHONE, number) == shown


@pytest.mark.parametrize(
    "name,shown",
    [
        ("陈晓", "陈*"), ("欧阳海峰", "欧*"), (" 林海", "林*"), ("陈", "陈*"), ("John Smith", "J*"),
        ("陈晓、林海峰", "陈*、林*"), ("", ""), (None, ""),
    ],
)  # fmt: skip
def test_a_masked_name_does_not_tell_its_length(name: str | None, shown: str) -> None:
    assert masked(NAME, name) == shown


@pytest.mark.parametrize(
    "kept,shown",
    [("138****5678", "138****5678"), ("0660-****88", "0660-****88"), ("336****88", "****"), ("066****66888", "****")],
)
def test_what_was_masked_before_is_left_or_masked_further(kept: str, shown: str) -> None:
    """The trail keeps what an earlier mask left, and that told too much."""
    assert masked(PHONE, kept) == shown
    assert masked(NAME, "陈**") == "陈*"


@given(st.text(alphabet="0123456789-/+ ()、；转", max_size=40))
def test_no_number_shows_more_than_seven_digits_or_one_whole(number: str) -> None:
    for shown, typed in zip(masked(PHONE, number).split("、"), contacts._parts(number), strict=False):
        left = re.sub(r"\D", "", shown)
        assert len(left) <= 7
        assert not left or len(re.sub(r"\D", "", typed)) - len(left) >= 4


@given(st.text(max_size=40))
def test_masking_twice_is_masking_once(text: str) -> None:
    for field in (NAME, PHONE):
        assert masked(field, masked(field, text)) == masked(field, text)


@pytest.mark.parametrize(
    "text,found",
    [
        ("+86 138-1234-5678", {"13812345678"}),
        ("13812345678/0660-3366888", {"13812345678", "06603366888"}),
        ("13812345678/3366888", {"13812345678", "3366888"}),
        ("无", set()),
    ],
)
def test_numbers_are_compared_one_by_one(text: str, found: set[str]) -> None:
    assert numbers(text) == found


def test_somebody_can_be_called_where_both_are_known() -> None:
    assert contacts.are_known({NAME: "陈晓", PHONE: "3366888"})
    assert not contacts.are_known({NAME: "陈晓", PHONE: ""})
