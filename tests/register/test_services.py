"""The register: a load stages and applies, goes on after a kill, and a later one tells what is new, renamed, gone."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

import pytest

from registry.base.errors import (
    NotAllowed,
    RegisterBusy,
    RegisterColumnsChanged,
    RegisterFuture,
    RegisterHalfApplied,
    RegisterManyGone,
    RegisterOlder,
    RegistryError,
)
from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR
from registry.register.models import RegisterChange, RegisteredFirm, RegisterLoad, RegisterRow
from registry.register.rules import LoadState
from registry.register.services import applying, faulty_rows, loads, sectors, staging
from registry.register.services.sectors import Sectors
from registry.register.sheets import open_register
from registry.trail.models import TrailEntry
from tests import registered
from tests.registered import firm, load, row, written
from tests.world import NOW, TODAY, World, credit_code

EARLIER = date(2021, 7, 1)


def counts(done: RegisterLoad) -> dict[str, int]:
    return {kind: number for kind, number in loads.counts(done).items() if number}


def changes() -> list[tuple[str, str, date]]:
    """Kind, former name and day of every change, in order."""
    rows = db.session.query(RegisterChange).order_by(RegisterChange.id)
    return [(change.kind, change.name, change.on) for change in rows]


# -- the first load -------------------------------------------------------------------------------
def test_a_load_keeps_what_the_list_says_and_derives_place_sector_and_keys(world: World) -> None:
    done = load([row(credit_code(1), "海丰縣青雲檢測有限公司")])
    held = firm(credit_code(1))
    assert counts(done) == {"new": 1}
    assert (held.name, held.name_key) == ("海丰縣青雲檢測有限公司", "海丰县青云检测有限公司")
    assert (held.founded_on, held.legal_form, held.capital) == (date(2015, 6, 1), "limited", Decimal("1000000.00"))
    assert (held.scope, held.address, held.region) == ("环境检测；水质检测", "海丰县海城镇红城大道9号", "汕尾")
    assert (held.division, held.sector, held.sector_word, held.status) == ("441521", "testing", "检测", "current")


def test_cells_of_the_regulator_are_read_as_imports_read_them(world: World) -> None:
    done = load([row(credit_code(1), 注册日期="N/A", 企业类型="N/A", 注册资金="3000港元"),
                 row(credit_code(2), "海丰县白鹭软件有限公司", 注册日期="某年", 注册资金="面议")])  # fmt: skip
    first, second = firm(credit_code(1)), firm(credit_code(2))
    assert (first.founded_on, first.form_text, first.capital, first.capital_currency) == (
        None,
        "",
        Decimal(3000),
        "HKD",
    )
    assert (second.founded_on, second.capital) == (None, None)
    assert (counts(done), done.left_out) == ({"new": 2}, {"founded_on": 1, "capital": 1})


@pytest.mark.parametrize(
    "region, address, division",
    [
        ("汕尾", "海丰县海城镇人民路1号", "441521"),
        ("汕尾", "广东省陆丰市东海镇迎仙街41号", "441581"),
        ("广东省汕尾市", "迎仙街41号", "441500"),
        ("", "汕尾市城区香洲路2号", "441502"),
        ("深圳", "海丰县海城镇人民路1号", None),
        ("", "深圳市南山区科技园", None),
    ],
)
def test_the_place_is_taken_from_region_and_address_and_never_guessed(
    world: World, region: str, address: str, division: str | None
) -> None:
    load([row(credit_code(1), "青云检测有限公司", 地区=region, 注册地址=address)])
    assert firm(credit_code(1)).division == division


def test_a_row_without_a_name_or_a_valid_code_and_a_repeated_code_go_back(world: World) -> None:
    wrong = credit_code(9)[:-1] + ("0" if credit_code(9)[-1] != "0" else "1")
    rows = [row(credit_code(1)), row("", "无码有限公司"), row(wrong, "错码有限公司"), row(credit_code(2), "N/A"),
            row(credit_code(1), "重码有限公司")]  # fmt: skip
    done = load(rows)
    assert counts(done) == {"new": 1, "faulty": 4}
    told = [(line.number, faulty_rows.sentences(line)) for line in faulty_rows.faulty(done)]
    assert told == [
        (3, "统一社会信用代码没有填写，请补填"),
        (4, "统一社会信用代码第18位校验不符，请核对营业执照；确系执照所载的，在代码后写“（已核对执照）”再导入"),
        (5, "企业名称没有填写，请补填"),
        (6, "与本文件第2行的统一社会信用代码相同，只采用第2行"),
    ]


def test_a_name_that_unfolds_beyond_the_limit_goes_back_and_stops_no_load(world: World) -> None:
    done = load([row(credit_code(1)), row(credit_code(2), "㍿" * 200), row("", "㍿" * 200)])
    assert counts(done) == {"new": 1, "faulty": 2}
    told = [faulty_rows.sentences(line) for line in faulty_rows.faulty(done)]
    assert told[0] == "企业名称有 800 个字，超过上限 200 个，请精简"


def test_faulty_rows_go_back_as_a_file_with_their_numbers_and_cells(world: World) -> None:
    done = load([row(credit_code(1)), row("", "=无码有限公司")])
    target = written([], (), name="back.csv")
    assert faulty_rows.write(done, target) == 1
    lines = target.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("原行号,问题,企业名称,统一社会信用代码,")
    assert lines[1].startswith("3,统一社会信用代码没有填写，请补填,'=无码有限公司,,")


def test_of_a_faulty_row_no_cell_is_kept_that_is_not_read(world: World) -> None:
    headings = ("企业名称", "统一社会信用代码", "法定代表人", "电话")
    rows = [("无码有限公司", "", "林大海", "13800135678"), ("善美有限公司", credit_code(1), "林大海", "13800135678")]
    done = load(rows, headings=headings)
    (line,) = faulty_rows.faulty(done)
    assert line.raw == ["无码有限公司", None, None, None]


def test_a_load_is_one_row_on_the_trail_with_its_counts(world: World) -> None:
    done = load([row(credit_code(1)), row("", "无码有限公司")], by=world.actor("sysadmin"))
    act = db.session.query(TrailEntry).filter_by(verb="load_register").one()
    assert (act.actor_name, act.source, act.subject_id) == ("系统员", "名单.csv", done.id)
    assert act.after["new"] == act.after["faulty"] == 1
    assert act.after["as_of"] == TODAY.isoformat()


@pytest.mark.few(2)
@pytest.mark.parametrize("username", ["haifeng", "cityoffice", "leader", "auditor", "secadmin", "auditadmin"])
def test_only_the_system_administrator_loads(world: World, username: str) -> None:
    with pytest.raises(NotAllowed):
        load([row(credit_code(1))], by=world.actor(username))
    assert db.session.query(RegisterLoad).count() == 0


def test_a_list_without_a_sound_row_changes_nothing(world: World) -> None:
    with pytest.raises(RegistryError, match="没有可以装入的行"):
        load([row("", "无码有限公司")])
    assert db.session.query(RegisteredFirm).count() == 0


# -- going on after a break -----------------------------------------------------------------------
def test_a_killed_load_goes_on_with_the_same_file_and_counts_nothing_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "CHUNK", 2)
    rows = [row(credit_code(number), f"海丰县青云{number}号检测有限公司") for number in range(1, 8)]
    path = written([*rows, row(credit_code(1), "重码有限公司")])
    begun = _begin(path)
    with open_register(path) as table:
        for reached in staging.stage(begun, table):
            db.session.commit()
            if reached >= 5:
                break
    db.session.rollback()
    assert (begun.state, begun.read_to, begun.total) == (LoadState.STAGING, 5, 4)
    done = registered.load_file(path)
    assert (done.id, counts(done)) == (begun.id, {"new": 7, "faulty": 1})
    assert db.session.query(RegisteredFirm).count() == 7


def test_a_killed_load_is_not_gone_on_with_by_other_columns(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "CHUNK", 1)
    path = written(
        [[credit_code(1), "海丰县青云检测有限公司"], [credit_code(2), "海丰县白鹭软件有限公司"]], headings=()
    )
    begun = _begin(path)
    with open_register(path, columns=["credit_code", "name"]) as table:
        next(staging.stage(begun, table))
    db.session.commit()
    with (
        open_register(path, columns=["name", "credit_code"]) as table,
        pytest.raises(RegisterColumnsChanged, match="credit_code,name"),
    ):
        next(staging.stage(begun, table))
    assert (begun.state, begun.read_to) == (LoadState.STAGING, 1)


def test_a_load_killed_while_it_is_applied_goes_on_from_its_slice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "SLICE", 3)
    load([row(credit_code(3), "海丰县旧名检测有限公司")], as_of=EARLIER)
    path = written([row(credit_code(number), f"海丰县青云{number}号检测有限公司") for number in range(1, 8)])
    begun = _begin(path)
    with open_register(path) as table:
        for _ in staging.stage(begun, table):
            db.session.commit()
    for reached in applying.apply(SYSTEM_ACTOR, begun, at=NOW):
        db.session.commit()
        if reached:
            break
    db.session.rollback()
    assert (begun.state, begun.applied_to) == (LoadState.APPLYING, 3)
    done = registered.load_file(path)
    assert (done.state, counts(done)) == (LoadState.APPLIED, {"new": 6, "renamed": 1})
    assert (db.session.query(RegisteredFirm).count(), len(changes())) == (7, 1)
    assert db.session.query(RegisterRow).count() == 0


def test_another_file_waits_until_the_half_loaded_one_is_through_or_dropped(world: World) -> None:
    first, second = written([row(credit_code(1))]), written([row(credit_code(2), "海丰县白鹭软件有限公司")])
    half = _begin(first)
    with pytest.raises(RegisterBusy, match="名单"):
        _begin(second)
    other = loads.begin(SYSTEM_ACTOR, second, "other", as_of=TODAY, whole=False, at=NOW, drop=True)
    assert (half.state, other.state) == (LoadState.DROPPED, LoadState.STAGING)


def test_a_half_done_load_is_gone_on_with_the_next_day_as_of_its_own_day(world: World) -> None:
    path = written([row(credit_code(1))])
    half, digest, tomorrow = _begin(path), sha256(path.read_bytes()).hexdigest(), NOW + timedelta(days=1)
    assert loads.begin(SYSTEM_ACTOR, path, digest, as_of=None, whole=False, at=tomorrow).id == half.id
    with pytest.raises(RegisterBusy, match="截至 2021-10-15"):
        loads.begin(SYSTEM_ACTOR, path, digest, as_of=tomorrow.date(), whole=False, at=tomorrow)
    half.state = LoadState.APPLYING
    with pytest.raises(RegisterHalfApplied) as refused:
        loads.begin(SYSTEM_ACTOR, path, "other", as_of=None, whole=False, at=tomorrow, drop=True)
    assert "--drop" not in str(refused.value)


def _begin(path: object) -> RegisterLoad:
    from hashlib import sha256
    from pathlib import Path

    file = Path(str(path))
    begun = loads.begin(
        SYSTEM_ACTOR, file, sha256(file.read_bytes()).hexdigest(), as_of=TODAY, whole=False, at=NOW
    )  # fmt: skip
    db.session.commit()
    return begun


# -- a later list ---------------------------------------------------------------------------------
def test_a_later_list_tells_new_renamed_changed_and_unchanged_and_keeps_what_was(world: World) -> None:
    load([row(credit_code(1)), row(credit_code(2), "海丰县白鹭软件有限公司"), row(credit_code(3), "海丰县苍松咨询有限公司")],
         as_of=EARLIER)  # fmt: skip
    done = load([row(credit_code(1), "海丰县青云检测集团有限公司"), row(credit_code(2), "海丰县白鹭软件有限公司", 注册地址="海丰县附城镇1号"),
                 row(credit_code(3), "海丰县苍松咨询有限公司"), row(credit_code(4), "海丰县新荷软件有限公司")])  # fmt: skip
    assert counts(done) == {"new": 1, "renamed": 1, "changed": 1, "unchanged": 1}
    assert changes() == [("renamed", "海丰县青云检测有限公司", TODAY), ("changed", "", TODAY)]
    moved = db.session.query(RegisterChange).filter_by(kind="changed").one()
    assert (moved.before, moved.after) == ({"address": "海丰县海城镇红城大道9号"}, {"address": "海丰县附城镇1号"})
    assert firm(credit_code(1)).name_key == "海丰县青云检测集团有限公司"


def test_the_same_list_again_changes_nothing(world: World) -> None:
    load([row(credit_code(1))], as_of=EARLIER)
    done = load([row(credit_code(1))], as_of=EARLIER)
    assert (counts(done), changes()) == ({"unchanged": 1}, [])


def test_an_empty_cell_and_a_missing_column_leave_what_is_known(world: World) -> None:
    load([row(credit_code(1))], as_of=EARLIER)
    load([("海丰县青云检测有限公司", credit_code(1), "")], headings=("企业名称", "统一社会信用代码", "注册地址"))
    assert firm(credit_code(1)).address == "海丰县海城镇红城大道9号"
    assert firm(credit_code(1)).founded_on == date(2015, 6, 1)


def test_a_part_of_the_register_strikes_nobody_out(world: World) -> None:
    load([row(credit_code(1)), row(credit_code(2), "海丰县白鹭软件有限公司")], as_of=EARLIER)
    done = load([row(credit_code(1))])
    assert (done.gone, firm(credit_code(2)).status) == (0, "current")


def test_a_whole_list_strikes_out_whom_it_lacks_and_a_later_one_takes_them_in_again(world: World) -> None:
    rows = [row(credit_code(number), f"海丰县青云{number}号检测有限公司") for number in range(1, 11)]
    load(rows, as_of=EARLIER)
    done = load(rows[1:], whole=True)
    held = firm(credit_code(1))
    assert (done.gone, held.status, held.gone_on, changes()) == (1, "gone", TODAY, [("gone", "", TODAY)])
    again = load(rows[:1])
    assert (counts(again), firm(credit_code(1)).status, firm(credit_code(1)).gone_on) == (
        {"changed": 1},
        "current",
        None,
    )


def test_a_whole_list_that_lacks_many_has_to_be_confirmed_and_changes_nothing_before(world: World) -> None:
    rows = [row(credit_code(number), f"海丰县青云{number}号检测有限公司") for number in range(1, 5)]
    load(rows, as_of=EARLIER)
    path = written(rows[:2])
    with pytest.raises(RegisterManyGone, match="2 家（在册 4 家）"):
        registered.load_file(path, whole=True)
    db.session.rollback()
    assert {one.status for one in db.session.query(RegisteredFirm)} == {"current"}
    assert registered.load_file(path, whole=True, confirmed=True).gone == 2


def test_whoever_stands_in_a_faulty_row_of_a_whole_list_is_not_gone(world: World) -> None:
    rows = [row(credit_code(number), f"海丰县青云{number}号检测有限公司") for number in range(1, 11)]
    load(rows, as_of=EARLIER)
    done = load([*rows[2:], row("", "海丰县青云1号检测有限公司"), row(credit_code(2), "")], whole=True)
    assert (counts(done), done.gone) == ({"unchanged": 8, "faulty": 2}, 0)


def test_a_firm_listed_as_struck_off_is_kept_and_not_in_force(world: World) -> None:
    load([("海丰县青云检测有限公司", credit_code(1), "注销"), ("海丰县白鹭软件有限公司", credit_code(2), "存续")],
         headings=("企业名称", "统一社会信用代码", "经营状态"))  # fmt: skip
    assert (firm(credit_code(1)).status, firm(credit_code(1)).gone_on) == ("gone", TODAY)
    assert firm(credit_code(2)).status == "current"


def test_an_older_list_and_one_of_tomorrow_are_refused(world: World) -> None:
    load([row(credit_code(1))])
    with pytest.raises(RegisterOlder, match="2021-10-15"):
        load([row(credit_code(2), "海丰县白鹭软件有限公司")], as_of=EARLIER)
    with pytest.raises(RegisterFuture):
        load([row(credit_code(2), "海丰县白鹭软件有限公司")], as_of=date(2021, 10, 16))


# -- sectors --------------------------------------------------------------------------------------
def test_the_name_decides_before_the_scope_and_only_the_head_of_the_scope_counts() -> None:
    words = Sectors([("software", "both", "软件开发"), ("software", "name", "软件"), ("testing", "both", "环境检测")])
    assert words.of("海丰县白鹭软件有限公司", "环境检测") == ("software", "软件")
    assert words.of("海丰县白鹭有限公司", "环境检测；软件开发") == ("testing", "环境检测")
    assert words.of("海丰县白鹭有限公司", "销售：服装、鞋帽、箱包、百货、五金；软件开发") == ("", "")


def test_the_words_of_the_reference_data_name_every_sector(world: World) -> None:
    known = sectors.stored()
    told = {known.of(name, "").sector for name in ("电信", "软件", "研究院", "检测", "专利", "咨询")}
    assert told == {"information", "software", "research", "testing", "property", "consulting"}
