"""The packet of a filing: the papers in order under names that say what they are, a cover, nothing of whom to call."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from registry.base.extensions import db
from registry.documents.models import Document
from registry.documents.services import attachments
from registry.trail.models import TrailEntry
from tests.filed import complete, filed, qualified, window
from tests.filings.test_together import confirmed, words
from tests.world import Build, World, post, signed_in

NAMES = ("海丰县云谷软件有限公司", "海丰县白鹭软件有限公司")


def archive(answer: Any) -> zipfile.ZipFile:
    assert answer.mimetype == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.data))


def cells(content: bytes) -> list[list[Any]]:
    return [
        [cell for cell in row if cell is not None]
        for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    ]


def ready(world: World) -> int:
    window(world)
    firm = qualified(world, NAMES[0])
    complete(world, firm)
    return firm.id


def test_the_papers_stand_in_the_order_of_the_checklist_under_names_that_say_what_they_are(
    app: Flask, build: Build
) -> None:
    firm_id = build(ready)
    client = signed_in(app, "statistics")
    packet = archive(post(client, f"/firms/{firm_id}/papers/packet?month=2021-09"))
    names = packet.namelist()
    assert names[0] == "00_申报材料清单.xlsx"
    assert [name.partition("_")[0] for name in names[1:]] == [f"{number:02d}" for number in range(1, len(names))]
    assert any(name.endswith("_利润表_2021-09.pdf") for name in names)
    with app.app_context():
        kept = {paper.sha256 for paper in db.session.scalars(db.select(Document))}
    rows = cells(packet.read(names[0]))
    listed = [row for row in rows if row and isinstance(row[0], int | float)]
    assert [row[-2] for row in listed] == names[1:]
    assert {row[-1] for row in listed} <= kept
    said = " ".join(str(cell) for row in rows for cell in row)
    for told in (
        NAMES[0],
        "申报窗口：2021 年 年度第一批",
        "报表期别：2021-09",
        "还缺：无",
        "培育参考，不作统计上报依据",
    ):
        assert told in said
    assert "陈小明" not in said
    assert "13800135678" not in said


def test_what_is_missing_is_named_and_a_file_that_is_not_what_it_was_is_not_handed_on(app: Flask, build: Build) -> None:
    def make(world: World) -> tuple[int, str, str]:
        window(world)
        firm = qualified(world, NAMES[0])
        papers = list(db.session.scalars(db.select(Document).order_by(Document.id)))
        Path(attachments.path_of(papers[0])).write_bytes(b"%PDF-1.4 another")
        Path(attachments.path_of(papers[1])).unlink()
        return firm.id, papers[0].material, papers[1].material

    firm_id, altered, gone = build(make)
    client = signed_in(app, "statistics")
    packet = archive(post(client, f"/firms/{firm_id}/papers/packet"))
    rows = {
        str(row[1])[:3]: row
        for row in cells(packet.read("00_申报材料清单.xlsx"))
        if row and isinstance(row[0], int | float)
    }
    assert rows[altered][-1] == "文件与登记的校验值不符，未附"
    assert rows[gone][-1] == "文件缺失，未附"
    assert rows["M01"][-1] == "缺"
    assert packet.namelist() == ["00_申报材料清单.xlsx"]


def test_the_same_papers_on_the_same_day_are_the_same_bytes_and_each_taking_is_on_the_trail(
    app: Flask, build: Build
) -> None:
    firm_id = build(ready)
    client = signed_in(app, "statistics")
    one, two = (post(client, f"/firms/{firm_id}/papers/packet?month=2021-09").data for _ in range(2))
    assert one == two
    with app.app_context():
        acts = list(db.session.scalars(db.select(TrailEntry).where(TrailEntry.verb == "take_papers")))
        assert [(act.subject_kind, act.subject_id, act.actor_name) for act in acts] == [("firm", firm_id, "赵统")] * 2
        assert acts[0].after["missing"] == []


@pytest.mark.few(2)
@pytest.mark.parametrize(
    "username, status",
    [
        ("haifeng", 200),
        ("industry", 200),
        ("cityoffice", 200),
        ("lufeng", 404),
        ("leader", 404),
        ("auditor", 404),
        ("sysadmin", 404),
    ],
)
def test_who_works_on_a_filing_takes_its_papers_and_nobody_else(
    app: Flask, build: Build, username: str, status: int
) -> None:
    firm_id = build(ready)
    client = signed_in(app, username)
    assert post(client, f"/firms/{firm_id}/papers/packet").status_code == status


def test_ticked_firms_are_packed_into_folders_with_a_list_of_them_all(app: Flask, build: Build) -> None:
    def make(world: World) -> list[int]:
        window(world)
        rows = [filed(world, qualified(world, name)) for name in NAMES]
        return [row.id for row in rows]

    ids = build(make)
    client = signed_in(app, "statistics")
    preview = post(client, "/filings/ticked/packets", {"tick": ids}, page="/filings")
    assert "将办理 2 项" in words(preview)
    answer = confirmed(client, "/filings/ticked/packets", preview)
    names = archive(answer).namelist()
    folders = list(dict.fromkeys(name.partition("/")[0] for name in names[1:]))
    assert names[0] == "00_企业清单.xlsx"
    assert [folder[:3] for folder in folders] == ["01_", "02_"]
    assert [NAMES[0] in folders[0], NAMES[1] in folders[1]] == [True, True]
    assert all(f"{folder}/00_申报材料清单.xlsx" in names for folder in folders)
    assert confirmed(client, "/filings/ticked/packets", preview).data == answer.data
