"""A page of kept firms or changes is the page of a recount, wherever it begins and whatever is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from unittest.mock import patch

import pytest
from werkzeug.datastructures import MultiDict

from registry.base.extensions import db
from registry.quarters.forms import ChangeFilter, RowFilter
from registry.quarters.models import QuarterDrawing
from registry.quarters.queries import lines, quarters
from registry.quarters.queries.slices import Placed, merged
from registry.quarters.services import drawing
from registry.quarters.sheets.summaries import QuarterBook, changed_firms, changed_spots, offices_of
from tests.quarters.test_lines import Q2, Q3, City
from tests.world import World

ASKED = (
    {}, {"q": "云谷2"}, {"q": "441"}, {"place": "海丰县"}, {"place": "陆丰市", "only": "listed"}, {"tier": "a"},
    {"tier": "-"}, {"only": "reported"}, {"office": "海丰县"}, {"stage": "removed"}, {"kind": "entered"},
    {"kind": "left", "division": "海丰县"}, {"q": "_"}, {"q": "%"},
)  # fmt: skip


def found(book: QuarterBook, asked: dict[str, str]) -> tuple[Sequence[Any], Sequence[Any]]:
    rows, changes = RowFilter(MultiDict(asked)), ChangeFilter(MultiDict(asked))
    return rows.chosen(book), changes.chosen(book.changes)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_every_page_is_that_of_a_recount(world: World, seed: int) -> None:
    city = City(world, seed + 40)
    db.session.commit()
    for turn in range(12):
        if turn % 3 == 1:
            drawing.draw([Q2, Q3])
        city.acts()
        for quarter in (Q2, Q3):
            for username in (None, "haifeng", "industry"):
                actor = world.actor(username) if username else None
                kept = quarters.summed(quarter, actor)
                with patch.object(lines, "is_kept", lambda _quarter: False):
                    anew = quarters.summed(quarter, actor)
                for summed in (changed_firms, offices_of, changed_spots):
                    assert summed(kept) == summed(anew), summed
                for asked in ASKED:
                    for some, all_of in zip(found(kept, asked), found(anew, asked), strict=True):
                        assert len(some) == len(all_of), asked
                        for start in range(len(all_of) + 1):
                            assert list(some[start : start + 2]) == list(all_of[start : start + 2]), (asked, start)
        db.session.commit()


@pytest.mark.parametrize("size", [1, 2, 5])
def test_what_is_anew_is_merged_into_any_page(size: int) -> None:
    every = [Placed(f"{number:02}", number, 0, "") for number in range(12)]
    for mask in range(1 << 12):
        anew = [one for place, one in enumerate(every) if mask >> place & 1]
        kept = [one for one in every if one not in anew]
        for start in range(0, 12, size):
            got = merged(lambda first, stop, kept=kept: kept[first:stop], anew, start, start + size)
            assert got == every[start : start + size]


def test_sums_are_kept_until_a_line_is_written(world: World) -> None:
    city = City(world, 3)
    db.session.commit()
    drawing.draw([Q2])
    assert db.session.get_one(QuarterDrawing, "2021Q2").sums
    version = db.session.get_one(QuarterDrawing, "2021Q2").version
    drawing.draw([Q2])  # nothing was touched
    assert db.session.get_one(QuarterDrawing, "2021Q2").version == version
    city.reports()
    db.session.commit()
    with patch.object(drawing, "_add_up", lambda _quarter: None):
        drawing.draw([Q2])
    db.session.expire_all()
    assert db.session.get_one(QuarterDrawing, "2021Q2").sums == ""
