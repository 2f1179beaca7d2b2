"""The packet of a filing: the papers as they are, named and numbered by the checklist, and a cover that lists them.

Statistics uploads them elsewhere, paper by paper. The same papers on the same day give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED

from registry.base.vocabulary import NOTICE
from registry.sheets import styles
from registry.sheets.archive import SteadyArchive
from registry.sheets.printing import printed_book
from registry.sheets.values import CellValue

COVER, COVERS = "00_申报材料清单.xlsx", "00_企业清单.xlsx"
TITLE, TITLES = "纳统申报材料清单", "纳统申报材料包企业清单"
HEADINGS = ("序号", "材料", "期别", "页码", "情况", "文件名", "校验值（SHA-256）")
FIRM_HEADINGS = ("序号", "企业名称", "统一社会信用代码", "申报窗口", "报表期别", "份数", "还缺", "文件夹")
_WIDTHS = (6, 30, 11, 12, 18, 40, 68)
_FIRM_WIDTHS = (6, 34, 22, 30, 11, 7, 40, 40)
_UNFIT = re.compile(r'[\x00-\x1f\\/:*?"<>|]+')
_LONGEST = 60

GONE, ALTERED = "文件缺失，未附", "文件与登记的校验值不符，未附"
"""Of a paper that is not in a packet: why, as its cover list says it."""


@dataclass(frozen=True)
class PackedPaper:
    """One line of the cover; `source` is None where there is no file, and `standing` says why."""

    code: str
    name: str
    period: str = ""
    pages: str = ""
    standing: str = ""
    source: Path | None = None
    sha256: str = ""
    ending: str = ""

    def filename(self, number: int) -> str:
        """01_营业执照_2021-09.pdf"""
        parts = [f"{number:02d}", fit(self.name), *([self.period] if self.period else [])]
        return "_".join(parts) + self.ending


@dataclass(frozen=True)
class Packet:
    """A firm's papers for one window, in the order of the checklist; nothing of whom to call."""

    firm: str
    code: str
    county: str
    window: str
    statement: str
    papers: tuple[PackedPaper, ...]

    @property
    def files(self) -> int:
        return sum(paper.source is not None for paper in self.papers)

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(f"{paper.name}（{paper.standing}）" for paper in self.papers if paper.source is None)

    def folder(self, number: int) -> str:
        return "_".join(filter(None, (f"{number:02d}", fit(self.firm), self.code)))


def fit(name: str) -> str:
    """A name that every system takes as part of the name of a file."""
    return _UNFIT.sub("_", name).strip(" .")[:_LONGEST] or "_"


def write_packet(target: IO[bytes], packet: Packet, *, on: date) -> None:
    """One firm's packet."""
    with SteadyArchive(target, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        _write(archive, packet, "", on)


def write_packets(target: IO[bytes], packets: Sequence[Packet], left: Sequence[tuple[str, str]], *, on: date) -> None:
    """A folder for each firm, and a list of them all; `left`: whose papers are not there, and why."""
    with SteadyArchive(target, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        archive.writestr(COVERS, _firms(packets, left, on))
        for number, packet in enumerate(packets, start=1):
            _write(archive, packet, f"{packet.folder(number)}/", on)


def _write(archive: SteadyArchive, packet: Packet, folder: str, on: date) -> None:
    archive.writestr(folder + COVER, cover(packet, on))
    for number, paper in enumerate(packet.papers, start=1):
        if paper.source is not None:
            archive.write(paper.source, folder + paper.filename(number))


def cover(packet: Packet, on: date) -> bytes:
    """The list of the papers, what is missing among them by its name."""
    stream = BytesIO()
    with printed_book(stream, title=TITLE) as book:
        sheet = book.sheet(TITLE, _WIDTHS, paper=styles.A4)
        sheet.title(TITLE)
        sheet.line(f"企业：{packet.firm}    统一社会信用代码：{packet.code or '无'}    县区：{packet.county or '--'}")
        sheet.line(f"申报窗口：{packet.window or '--'}    报表期别：{packet.statement}", f"制作日期：{on.isoformat()}")
        sheet.line(f"附文件 {packet.files} 份。还缺：{'、'.join(packet.missing) or '无'}", NOTICE)
        sheet.head(HEADINGS)
        looks = [styles.SERIAL, *([styles.PARAGRAPH] * (len(HEADINGS) - 1))]
        for number, paper in enumerate(packet.papers, start=1):
            filename = paper.filename(number) if paper.source is not None else ""
            cells: list[CellValue] = [
                number,
                f"{paper.code} {paper.name}",
                paper.period,
                paper.pages,
                paper.standing,
                filename,
                paper.sha256,
            ]
            sheet.fitted_row(cells, looks)
    return stream.getvalue()


def _firms(packets: Sequence[Packet], left: Sequence[tuple[str, str]], on: date) -> bytes:
    stream = BytesIO()
    with printed_book(stream, title=TITLES) as book:
        sheet = book.sheet(TITLES, _FIRM_WIDTHS, paper=styles.A3)
        sheet.title(TITLES)
        sheet.line(f"共 {len(packets)} 家，未列入 {len(left)} 家", f"制作日期：{on.isoformat()}")
        sheet.line(NOTICE)
        sheet.head(FIRM_HEADINGS)
        looks = [styles.SERIAL, *([styles.PARAGRAPH] * 4), styles.COUNT, *([styles.PARAGRAPH] * 2)]
        for number, one in enumerate(packets, start=1):
            missing = "、".join(one.missing) or "无"
            cells: list[CellValue] = [
                number,
                one.firm,
                one.code,
                one.window,
                one.statement,
                one.files,
                missing,
                one.folder(number),
            ]
            sheet.fitted_row(cells, looks)
        for name, why in left:
            sheet.fitted_row(["", name, "", "", "", 0, f"未列入：{why}", ""], looks)
    return stream.getvalue()
