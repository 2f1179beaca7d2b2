"""A long list a piece at a time: what a statement takes, or what fits into memory together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def pieces(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """`items` in their order, `size` at a time, the last fewer."""
    return (items[start : start + size] for start in range(0, len(items), size))
