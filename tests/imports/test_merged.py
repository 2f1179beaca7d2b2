"""A workbook that still bears the code of a merged entry speaks of the firm it became."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.base.extensions import db
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.merges.services import merging
from registry.merges.services.merging import MergeChoice
from tests.uploads import applied, codes, listed, rows, undone, uploaded
from tests.world import NOW, TODAY, World, credit_code

OLD, NEW = credit_code(77), credit_code(1)
ADDRESS = "海丰县海城镇人民路8号"


@pytest.fixture
def winner(world: World) -> Firm:
    kept = world.firm("海丰县云谷软件有限公司", credit_code=NEW)
    folded = world.firm("海丰县新港数据有限公司", credit_code=OLD)
    choice = MergeChoice("同一企业", code_ground="mistyped", code_checked=True)
    merging.merge(world.actor("cityoffice"), kept, folded, choice, at=NOW, on=TODAY)
    db.session.commit()
    return kept


def test_a_row_with_the_old_code_changes_the_winner_and_not_its_name_or_code(winner: Firm, tmp_path: Path) -> None:
    batch = uploaded(tmp_path, listed([("海丰县新港数据有限公司", OLD, ADDRESS)]))
    row = rows(batch)[0]
    assert (row.kind, row.firm_id) == ("changed", winner.id)
    assert [change["field"] for change in row.changes] == ["registered_address"]
    assert [notice["code"] for notice in row.notices] == ["code_merged"]
    assert list(row.values["fields"]) == ["registered_address"]


def test_two_rows_of_one_merged_firm_are_one_row_and_its_double(winner: Firm, tmp_path: Path) -> None:
    batch = uploaded(
        tmp_path,
        listed([("海丰县云谷软件有限公司", NEW, ADDRESS), ("海丰县新港数据有限公司", OLD, "海丰县海城镇人民路9号")]),
    )
    assert [row.kind for row in rows(batch)] == ["changed", "duplicate"]
    assert [code for _, _, code in codes(rows(batch)[1].faults)] == ["row_same_code"]


def test_a_row_without_code_by_the_old_name_needs_a_decision(winner: Firm, tmp_path: Path) -> None:
    batch = uploaded(tmp_path, listed([("海丰县新港数据有限公司", "", ADDRESS)]))
    assert [(row.kind, [match["id"] for match in row.matches]) for row in rows(batch)] == [("duplicate", [winner.id])]


def test_a_county_that_cannot_see_the_winner_is_told_where_to_ask(world: World, tmp_path: Path) -> None:
    kept = world.firm("陆丰市朱雀软件有限公司", by="lufeng", credit_code=NEW)
    folded = world.firm("海丰县新港数据有限公司", credit_code=OLD)
    choice = MergeChoice("同一企业", code_ground="mistyped", code_checked=True)
    merging.merge(world.actor("cityoffice"), kept, folded, choice, at=NOW, on=TODAY)
    db.session.commit()
    row = rows(uploaded(tmp_path, listed([("海丰县新港数据有限公司", OLD, ADDRESS)])))[0]
    assert (row.kind, [code for _, _, code in codes(row.faults)]) == ("duplicate", ["held_elsewhere"])
    assert "朱雀" not in str((row.faults, row.notices, row.matches))


def test_undoing_a_batch_leaves_the_firms_that_were_merged_since(world: World, tmp_path: Path) -> None:
    given = [("海丰县云谷软件有限公司", NEW, ADDRESS), ("海丰县新港数据有限公司", OLD, ADDRESS)]
    batch = applied(uploaded(tmp_path, listed([*given, ("海丰县青梅科技有限公司", credit_code(5), ADDRESS)])))
    kept, folded = (firms.with_code(code) for code in (NEW, OLD))
    assert kept is not None
    assert folded is not None
    choice = MergeChoice("同一企业", code_ground="mistyped", code_checked=True)
    merging.merge(world.actor("cityoffice"), kept, folded, choice, at=NOW, on=TODAY)
    undone(batch)
    assert [row.outcome for row in rows(batch)] == ["kept", "kept", "undone"]
    assert (kept.voided_at, folded.voided_at, folded.merged_into_id) == (None, None, kept.id)
