"""An envelope opens with its own key, as it was shut, and in no other way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from registry.base.envelopes import seal, unseal

KEY, OTHER = b"k" * 32, b"o" * 32


@given(st.binary(max_size=2000))
def test_what_was_shut_away_comes_out_the_same(content: bytes) -> None:
    assert unseal(KEY, seal(KEY, content)) == content


@given(st.binary(max_size=200), st.integers(min_value=0), st.integers(1, 255))
def test_another_key_or_one_touched_byte_opens_nothing(content: bytes, place: int, change: int) -> None:
    sealed = bytearray(seal(KEY, content))
    assert unseal(OTHER, bytes(sealed)) is None
    sealed[place % len(sealed)] ^= change
    assert unseal(KEY, bytes(sealed)) is None


def test_the_same_content_makes_another_envelope_each_time() -> None:
    """Two envelopes of one key, joined bit by bit, would else tell both contents."""
    content = "初始密码".encode() * 4
    first, second = seal(KEY, content), seal(KEY, content)
    assert first != second
    assert (content in first, content in second) == (False, False)


def test_what_is_no_envelope_opens_nothing() -> None:
    assert [unseal(KEY, sealed) for sealed in (b"", b"x", b"x" * 56, b"x" * 500)] == [None] * 4
