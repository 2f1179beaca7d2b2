"""Ten new firms by one workbook, with two mistakes and one slip: how often somebody presses until all are submitted."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
from flask import Flask
from lxml import html

from registry.base.extensions import db
from registry.base.vocabulary import Stage
from registry.demo.papers import written
from registry.firms.models.firms import Firm
from registry.imports.models import ImportRow
from registry.sheets.columns import TEMPLATE_SHEET
from registry.workbooks.services import issuing
from tests.workbooks.filled import column_of
from tests.world import Build, credit_code, signed_in

MOST = 12
SEPTEMBER = "2021年1-9月营业收入(万元)"
NUMERALS = "一二三四五六七八九十"


class Hand:
    """A person at a browser who counts: every button, and every file that is chosen."""

    def __init__(self, app: Flask, username: str) -> None:
        self.client, self.presses, self.at = signed_in(app, username), 0, ""
        self.page: Any = None

    def look(self, address: str) -> Any:
        """Where one is led; nothing is pressed for that."""
        self.at, self.page = address, html.fromstring(self.client.get(address).get_data(as_text=True))
        return self.page

    def press(self, label: str, **files: bytes) -> Any:
        """Press the button (or link) of this label; its form goes as it stands, with the files that were chosen."""
        self.presses += 1 + len(files)
        links = [a for a in self.page.xpath("//main//a") if a.text_content().strip() == label]
        if links:
            return self.look(links[0].get("href"))
        (button,) = [b for b in self.page.xpath("//main//button") if b.text_content().strip() == label]
        around = next(button.iterancestors("form"), None)
        form = self.page.get_element_by_id(button.get("form")) if button.get("form") else around
        data: dict[str, Any] = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        if button.get("name"):
            data[button.get("name")] = button.get("value")
        data |= {name: (io.BytesIO(content), "文件") for name, content in files.items()}
        answer = self.client.post(
            form.get("action") or self.at, data=data, content_type="multipart/form-data" if files else None
        )
        if answer.mimetype.startswith("application/"):
            return answer.get_data()
        if answer.status_code == 200:  # a page that asks, shown at once
            self.at, self.page = answer.request.path, html.fromstring(answer.get_data(as_text=True))
            return self.page
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return self.look(answer.location)

    def says(self) -> str:
        return " ".join(" ".join(self.page.xpath("//main")[0].itertext()).split())


def filled(content: bytes, **wrong: Any) -> bytes:
    """The workbook with ten firms typed into its empty rows; `wrong`: what stands in some of their cells instead."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book[TEMPLATE_SHEET]
    first = sheet.max_row - issuing.SPARE_ROWS + 1
    for place, numeral in enumerate(NUMERALS):
        cells = {
            "企业名称": f"海丰县梅陇{numeral}号软件有限公司", "统一社会信用代码": credit_code(70 + place),
            "所属县区": "海丰县", "注册地址": f"海丰县海城镇新园路{place + 1}号", "实际经营地址": f"海丰县海城镇新园路{place + 1}号",
            "行业代码": "6513", "主营业务": "应用软件开发", "单位类型": "法人单位", "成立日期": "2019-05-20",
            "联系人": "陈小明", "电话": "13800135678", SEPTEMBER: 1500 + place,
        }  # fmt: skip
        for heading, value in cells.items():
            sheet.cell(first + place, column_of(sheet, heading)).value = wrong.get(f"{heading}{place}", value)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def papers() -> bytes:
    """A zip of the ten income statements as an accountant names them, half by code, half by name."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for place, numeral in enumerate(NUMERALS):
            name = credit_code(70 + place) if place % 2 else f"海丰县梅陇{numeral}号软件有限公司"
            archive.writestr(f"{name}/利润表2021年9月.pdf", written(f"paper {place}"))
    return kept.getvalue()


def test_ten_firms_with_two_mistakes_and_a_slip_are_submitted_in_twelve_presses(app: Flask, build: Build) -> None:
    build(lambda world: None)
    hand = Hand(app, "haifeng")
    hand.look("/workbooks")
    blank = hand.press("下载本单位工作簿")
    wrong = {"统一社会信用代码3": credit_code(73)[:-1] + "0", "成立日期5": "2035-01-01", f"{SEPTEMBER}7": 15_070_000}
    hand.press("上传并比对", file=filled(blank, **wrong))
    assert "新增 8，变更 0，无变化 0，疑似重复 0，有错 2。" in hand.says()
    assert "1 行存疑" in hand.says()
    hand.press("重新上传并比对", file=filled(blank))
    assert "新增 10，变更 0，无变化 0，疑似重复 0，有错 0。" in hand.says()
    hand.press("确认写入 0 格，新企业按所选建档")
    assert "10 家还不能提交" in hand.says()
    links = {a.get("href") for a in hand.page.xpath("//section[h2='下一步：提名']//td[@class='words']//a")}
    assert links == {f"/firms/{number}/documents/new?material=M04&year=2021&month=9" for number in range(1, 11)}
    hand.press("批量归集材料")
    hand.press("上传并核对", files=papers())
    assert "可以归档 10 份，待核对 0 份" in hand.says()
    hand.press("归档勾选的材料")
    hand.press("一次提交这 10 家")
    hand.press("确认提交")
    with app.app_context():
        assert {firm.stage for firm in db.session.query(Firm)} == {Stage.PROPOSED}
        assert db.session.query(Firm).count() == 10
        assert {row.outcome for row in db.session.query(ImportRow)} == {"applied"}
    assert hand.presses <= MOST, hand.presses
