"""A checked list becomes real as one, or not at all; and an applied one is taken back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from registry.base.errors import BatchConflict, BatchMoved, RegistryError
from registry.base.extensions import db
from registry.base.turns import Pace
from registry.base.vocabulary import BatchState, Stage
from registry.documents.queries import documents
from registry.documents.services import attachments
from registry.entries.services import entries
from registry.figures.models import Figure
from registry.figures.queries import figures as figures_
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.imports.services import batches, undoing
from registry.pathway.models import PathwayEvent
from registry.pathway.services import standing
from registry.trail.models import TrailEntry
from registry.trail.services import trail
from tests.uploads import applied, apply, counts, listed, rows, undone, uploaded
from tests.world import NOW, TODAY, World, credit_code

ADDRESS = "海丰县海城镇人民路8号"
WIDE = (
    "企业名称", "统一社会信用代码", "注册地址", "实际经营地址", "行业代码", "单位类型", "执行会计制度", "联系人", "电话",
    "上年营业收入(万元)", "本年累计营业收入(万元)", "截至月份", "增值税销售额(万元)", "曾用名",
)  # fmt: skip
FULL = (
    "海丰县云谷软件有限公司", credit_code(1), ADDRESS, ADDRESS, "6513", "法人单位", "企业会计准则", "陈小明", "13800135678",
    "800", "1500.5", "9", "1490", "海丰县云谷计算机有限公司",
)  # fmt: skip


def firm_of(code: str) -> Firm:
    db.session.expire_all()
    found = firms.with_code(code)
    assert found is not None
    return found


def test_a_new_firm_is_a_lead_exactly_as_one_typed_into_the_form(world: World, tmp_path: Path) -> None:
    """What follows from the fields is worked out in bulk; it must be what one by one gives."""
    applied(uploaded(tmp_path, listed([FULL], WIDE)))
    firm = firm_of(credit_code(1))
    columns = [c.name for c in Firm.__table__.columns]
    in_bulk = {name: getattr(firm, name) for name in columns}
    for key, value in entries.with_derived(
        {"name": firm.name, "credit_code": firm.credit_code, "division": firm.division, "industry": firm.industry}
    ).items():
        setattr(firm, key, value)
    standing.refresh(firm, on=TODAY, at=NOW)
    one_by_one = {name: getattr(firm, name) for name in columns}
    assert in_bulk == one_by_one
    assert (firm.stage, firm.office.code, firm.division, firm.statistical_county) == (
        Stage.LEAD,
        "441521",
        "441521",
        "441521",
    )
    assert (firm.revenue_to_date, firm.to_month, firm.revenue_last_year) == (Decimal(15_005_000), 9, Decimal(8_000_000))
    assert (firm.tier, firm.rate) == (None, None)  # of a figure that no paper proves there is neither
    assert [former.name for former in firm.former_names] == ["海丰县云谷计算机有限公司"]


def test_its_figures_name_the_batch_and_carry_no_paper(world: World, tmp_path: Path) -> None:
    batch = applied(uploaded(tmp_path, listed([FULL], WIDE)))
    figures = figures_.figures_of(firm_of(credit_code(1)))
    assert [(f.kind, f.year, f.month, f.amount, f.source, f.batch_id, f.document_id) for f in figures] == [
        ("revenue", 2020, 0, Decimal(8_000_000), "workbook", batch.id, None),
        ("revenue", 2021, 9, Decimal(15_005_000), "workbook", batch.id, None),
        ("vat_sales", 2021, 9, Decimal(14_900_000), "workbook", batch.id, None),
    ]


def test_one_row_of_the_trail_a_firm_and_one_for_the_batch_with_contacts_masked(world: World, tmp_path: Path) -> None:
    before = db.session.query(TrailEntry).count()
    content = listed([FULL, ("海丰县青梅科技有限公司", credit_code(2), *[""] * 12)], WIDE)
    batch = applied(uploaded(tmp_path, content))
    rows = db.session.query(TrailEntry).order_by(TrailEntry.seq).all()[before:]
    assert [(e.verb, e.subject_kind, e.subject_label) for e in rows] == [
        ("upload", "import_batch", "名单.csv"),
        ("import", "firm", "海丰县云谷软件有限公司"),
        ("import", "firm", "海丰县青梅科技有限公司"),
        ("apply_import", "import_batch", "名单.csv"),
    ]
    assert (rows[1].after or {})["contact_phone"] == "138****5678"
    assert rows[3].after == {"new": 2, "changed": 0, "unchanged": 0, "duplicate": 0, "faulty": 0}
    assert {e.actor_name for e in rows} == {"陈晓"}
    assert trail.verify().broken is None
    assert batch.state == BatchState.APPLIED


def test_every_new_firm_begins_its_path_by_import(world: World, tmp_path: Path) -> None:
    applied(uploaded(tmp_path, listed([FULL], WIDE)))
    event = db.session.query(PathwayEvent).one()
    assert (event.action, event.source, event.target, event.on, event.actor_name) == (
        "import",
        None,
        "lead",
        TODAY,
        "陈晓",
    )


def test_a_lead_without_a_code_says_why(world: World, tmp_path: Path) -> None:
    content = listed([("海丰县青梅科技有限公司", "", "正在办理登记")], ("企业名称", "统一社会信用代码", "存在问题"))
    applied(uploaded(tmp_path, content))
    applied(uploaded(tmp_path, listed([("海丰县梅陇数据有限公司", "", ADDRESS)])))
    found = db.session.query(Firm).order_by(Firm.id).all()
    assert [firm.no_code_reason for firm in found] == ["正在办理登记", "导入时未提供"]


def test_the_same_file_again_changes_nothing(world: World, tmp_path: Path) -> None:
    content = listed([FULL], WIDE)
    applied(uploaded(tmp_path, content))
    assert counts(uploaded(tmp_path, content)) == (0, 0, 1, 0, 0)


def test_changes_are_written_with_their_figures_and_recorded_once(world: World, tmp_path: Path) -> None:
    firm = world.firm(credit_code=credit_code(1))
    world.figure(firm, "1204")
    db.session.commit()
    batch = applied(uploaded(tmp_path, listed([FULL], WIDE)))
    assert counts(batch) == (0, 1, 0, 0, 0)
    firm = firm_of(credit_code(1))
    # the file has no paper: its figure stands beside the proven one
    assert (firm.registered_address, firm.revenue_to_date) == (ADDRESS, Decimal(12_040_000))
    september = [one for one in figures_.counted_figures(firm) if (one.line.kind, one.line.month) == ("revenue", 9)]
    assert [(f.revision, f.amount, f.batch_id, f.reason) for one in september for f in one.beside] == [
        (2, Decimal(15_005_000), batch.id, f"#{batch.id} 名单.csv")
    ]
    assert counts(uploaded(tmp_path, listed([FULL], WIDE))) == (0, 0, 1, 0, 0)
    entry = db.session.query(TrailEntry).filter_by(subject_kind="firm", verb="edit").one()
    assert (entry.before or {})["revenue_to_date"] == "12040000.00"
    assert (entry.after or {})["registered_address"] == ADDRESS
    assert trail.verify().broken is None


def test_a_figure_takes_an_admitted_firm_to_qualified_once_its_statement_is_there(world: World, tmp_path: Path) -> None:
    firm = world.admitted(wan="1500", credit_code=credit_code(1))
    (paper,) = documents.documents_of(firm)
    attachments.void(world.actor("haifeng"), firm, paper, at=NOW, on=TODAY, reason="盖章不全")
    db.session.commit()
    content = listed(
        [(firm.name, firm.credit_code, "2100", "9")],
        ("企业名称", "统一社会信用代码", "本年累计营业收入(万元)", "截至月份"),
    )
    applied(uploaded(tmp_path, content))
    firm = firm_of(credit_code(1))
    assert (firm.stage, firm.unproven) == (Stage.ADMITTED, ",revenue_to_date,")
    world.document(firm)
    standing.refresh(firm, on=TODAY, at=NOW)
    db.session.commit()
    assert firm_of(credit_code(1)).stage == Stage.QUALIFIED


def test_rows_that_go_back_are_left_out(world: World, tmp_path: Path) -> None:
    content = listed(
        [("海丰县青梅科技有限公司", credit_code(2), ADDRESS), ("海丰县错码有限公司", "91441521MA5", ADDRESS)]
    )
    applied(uploaded(tmp_path, content))
    assert [firm.name for firm in db.session.query(Firm)] == ["海丰县青梅科技有限公司"]


def test_a_firm_edited_since_the_check_stops_the_whole_batch(world: World, tmp_path: Path) -> None:
    firm = world.firm(credit_code=credit_code(1))
    db.session.commit()
    batch = uploaded(
        tmp_path, listed([("海丰县青梅科技有限公司", credit_code(2), ADDRESS), (firm.name, firm.credit_code, ADDRESS)])
    )
    entries.edit(world.actor("haifeng"), firm_of(credit_code(1)), {"employees": 9}, at=NOW, on=TODAY)
    db.session.commit()
    batches.order(world.actor("haifeng"), batch, "apply", at=NOW)
    db.session.commit()
    with pytest.raises(BatchConflict) as refused:
        apply(batch)
    db.session.rollback()
    assert refused.value.values == {"rows": "3"}
    assert [f.name for f in db.session.query(Firm)] == [firm.name]


def test_a_figure_recorded_since_the_check_stops_it_too(world: World, tmp_path: Path) -> None:
    firm = world.firm(credit_code=credit_code(1))
    world.figure(firm, "1300", period="2021-09")
    db.session.commit()
    content = listed([(firm.name, firm.credit_code, "900")], ("企业名称", "统一社会信用代码", "上年营业收入(万元)"))
    batch = uploaded(tmp_path, content)
    world.figure(firm_of(credit_code(1)), "950", period="2020")
    db.session.commit()
    batches.order(world.actor("haifeng"), batch, "apply", at=NOW)
    with pytest.raises(BatchConflict):
        apply(batch)
    db.session.rollback()


def test_of_two_files_with_one_new_firm_the_second_is_refused(world: World, tmp_path: Path) -> None:
    content = listed([("海丰县青梅科技有限公司", credit_code(2), ADDRESS), ("海丰县梅陇数据有限公司", "", ADDRESS)])
    first, second = uploaded(tmp_path, content), uploaded(tmp_path, content)
    applied(first)
    batches.order(world.actor("haifeng"), second, "apply", at=NOW)
    with pytest.raises(BatchConflict) as refused:
        apply(second)
    db.session.rollback()
    assert refused.value.values == {"rows": "2、3"}
    assert db.session.query(Firm).count() == 2


def test_a_batch_is_confirmed_once(world: World, tmp_path: Path) -> None:
    batch = applied(uploaded(tmp_path, listed([FULL], WIDE)))
    with pytest.raises(BatchMoved):
        batches.order(world.actor("haifeng"), batch, "apply", at=NOW)


def test_a_batch_that_would_change_nothing_is_not_confirmed(world: World, tmp_path: Path) -> None:
    batch = uploaded(tmp_path, listed([("海丰县错码有限公司", "91441521MA5", ADDRESS)]))
    with pytest.raises(RegistryError):
        batches.order(world.actor("haifeng"), batch, "apply", at=NOW)


def test_undoing_voids_what_was_created_and_frees_its_code(world: World, tmp_path: Path) -> None:
    content = listed([FULL], WIDE)
    batch = undone(applied(uploaded(tmp_path, content)))
    assert firms.with_code(credit_code(1)) is None
    assert [f.voided_at is not None for f in db.session.query(Figure)] == [True] * 3
    assert [row.outcome for row in rows(batch)] == ["undone"]
    assert counts(applied(uploaded(tmp_path, content))) == (1, 0, 0, 0, 0)
    assert trail.verify().broken is None


def test_undoing_gives_changed_fields_their_former_values(world: World, tmp_path: Path) -> None:
    firm = world.firm(credit_code=credit_code(1))
    world.figure(firm, "1204")
    db.session.commit()
    columns = [c.name for c in Firm.__table__.columns if c.name != "version"]
    before = {name: getattr(firm_of(credit_code(1)), name) for name in columns}
    batch = applied(uploaded(tmp_path, listed([FULL], WIDE)))
    assert firm_of(credit_code(1)).registered_address == ADDRESS
    undone(batch)
    firm = firm_of(credit_code(1))
    assert {name: getattr(firm, name) for name in columns} == before
    assert firm.former_names == []
    assert [(f.month, f.amount) for f in figures_.current_figures(firm)] == [(9, Decimal(12_040_000))]


def test_undoing_keeps_what_was_worked_on_since_and_names_it(world: World, tmp_path: Path) -> None:
    changed = world.firm("海丰县正衡检测技术有限公司", credit_code=credit_code(7))
    other = world.firm("海丰县联创软件有限公司", credit_code=credit_code(8))
    db.session.commit()
    batch = applied(
        uploaded(
            tmp_path,
            listed(
                [
                    ("海丰县一号科技有限公司", credit_code(11), ADDRESS),
                    ("海丰县二号科技有限公司", credit_code(12), ADDRESS),
                    ("海丰县三号科技有限公司", credit_code(13), ADDRESS),
                    (changed.name, changed.credit_code, ADDRESS),
                    (other.name, other.credit_code, ADDRESS),
                ]
            ),
        )
    )
    actor = world.actor("haifeng")
    entries.edit(actor, firm_of(credit_code(12)), {"employees": 5}, at=NOW, on=TODAY)
    world.document(firm_of(credit_code(13)))
    entries.edit(actor, firm_of(credit_code(7)), {"employees": 6}, at=NOW, on=TODAY)
    db.session.commit()
    foreseen = undoing.forecast(batch, named=2)
    assert (foreseen.voided, foreseen.restored, foreseen.kept) == (1, 1, 3)
    assert [row.number for row in foreseen.named] == [3, 4]
    undone(batch)
    assert [(row.number, row.outcome) for row in rows(batch)] == [
        (2, "undone"), (3, "kept"), (4, "kept"), (5, "kept"), (6, "undone"),
    ]  # fmt: skip
    assert firm_of(credit_code(7)).registered_address == ADDRESS
    assert firm_of(credit_code(8)).registered_address == "海丰县海城镇人民路1号"
    assert firms.with_code(credit_code(11)) is None
    assert firm_of(credit_code(12)).employees == 5


def test_a_second_undoing_is_refused(world: World, tmp_path: Path) -> None:
    batch = undone(applied(uploaded(tmp_path, listed([FULL], WIDE))))
    with pytest.raises(BatchMoved):
        batches.order(world.actor("haifeng"), batch, "undo", at=NOW)


def test_a_batch_given_up_leaves_no_rows(world: World, tmp_path: Path) -> None:
    batch = uploaded(tmp_path, listed([FULL], WIDE))
    batches.order(world.actor("haifeng"), batch, "discard", at=NOW)
    assert (batch.state, rows(batch)) == (BatchState.DISCARDED, [])


def test_what_was_staged_is_not_kept_after_it_became_real(world: World, tmp_path: Path) -> None:
    batch = applied(uploaded(tmp_path, listed([FULL], WIDE)))
    assert [(row.values, row.raw) for row in rows(batch)] == [({}, {})]


def test_rows_judged_on_an_earlier_day_are_judged_anew(world: World, tmp_path: Path) -> None:
    batch = uploaded(tmp_path, listed([FULL], WIDE))
    batches.order(world.actor("haifeng"), batch, "apply", at=NOW)
    db.session.commit()
    next_year = TODAY.replace(year=2022, month=1)
    apply(batch, on=next_year)
    firm = firm_of(credit_code(1))
    assert (firm.standing_year, firm.revenue_to_date) == (2022, None)


def test_bringing_standings_into_a_new_year_is_nobodys_work(world: World, tmp_path: Path) -> None:
    from registry.pathway.services import standing

    batch = applied(uploaded(tmp_path, listed([FULL], WIDE)))
    assert list(standing.refresh_stale(Pace(), on=TODAY.replace(year=2022, month=1), at=NOW)) == [1]
    db.session.commit()
    assert [row.outcome for row in rows(undone(batch))] == ["undone"]


def test_looking_at_a_contact_is_no_edit_and_a_claim_is(world: World, tmp_path: Path) -> None:
    from registry.claims.services import claiming

    content = listed(
        [("海丰县一号科技有限公司", credit_code(11), ADDRESS), ("海丰县二号科技有限公司", credit_code(12), ADDRESS)]
    )
    batch = applied(uploaded(tmp_path, content))
    entries.reveal(world.actor("haifeng"), firm_of(credit_code(11)), at=NOW, purpose="核对")
    lufeng = world.user("lufeng").office
    claiming.claim(world.actor("lufeng"), firm_of(credit_code(12)), lufeng, ground="实际经营地在本市", at=NOW)
    db.session.commit()
    assert [row.outcome for row in rows(undone(batch))] == ["undone", "kept"]
