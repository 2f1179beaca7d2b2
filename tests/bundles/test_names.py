"""What the name of a file says: written as offices and accountants name their scans."""

from __future__ import annotations

import pytest

from registry.bundles.rules import read

CODE = "91441521MA50000017"


@pytest.mark.parametrize(
    "place, materials, periods",
    [
        (f"{CODE}_利润表_2021-09.pdf", "M04", "2021-09"),
        (f"{CODE}-M05-202109.pdf", "M05", "2021-09"),
        ("海丰县云谷软件有限公司/2021-09/增值税纳税申报表.pdf", "M05", "2021-09"),
        ("海丰县云谷软件有限公司 2021年1-9月 利润表 20211015.pdf", "M04", "2021-09"),
        ("云谷 增值税及附加税费申报表（一般纳税人适用）2021年9月.pdf", "M05", "2021-09"),
        ("增值税纳税申报表附列资料（一）2021年9月.pdf", "M06", "2021-09"),
        ("海丰县云谷软件有限公司2020年度利润表.pdf", "M04", "2020"),
        ("利润表2021Q3.pdf", "M04", "2021-09"),
        ("2021年第三季度利润表（小规模）.pdf", "M04", "2021-09"),
        ("利润表与增值税差异说明2021.09.pdf", "M07", "2021-09"),
        ("2021年/9月/海丰县云谷软件有限公司利润表.pdf", "M04", "2021-09"),
        ("海丰2021/利润表1-9月.pdf", "M04", "2021-09"),
        ("社保缴费明细202109.pdf", "M15", "2021-09"),
        ("2021年3季度利润表.pdf", "M04", "2021-09"),
        ("2021年1-3季度利润表.pdf", "M04", "2021-09"),
        ("2021年1–9月利润表.pdf", "M04", "2021-09"),
        ("2021年1月份至9月份利润表.pdf", "M04", "2021-09"),
        ("2021年10月上报/增值税2021年9月申报表.pdf", "M05", "2021-09"),
        ("2021年10月材料/海丰县某某软件有限公司2021年9月附列资料（一）.pdf", "M06", "2021-09"),
        ("M20螺丝_利润表_2021-08.pdf", "M04", "2021-08"),
        ("营业执照副本复印件.jpg", "M03", ""),
        # what is not plain is not taken
        ("2021年9月30日利润表.pdf", "M04", ""),
        ("利润表9月.pdf", "M04", ""),
        ("2021年利润表.pdf", "M04", ""),
        ("2021-8、2021-9利润表.pdf", "M04", ""),
        ("2021/8月、9月利润表.pdf", "M04", ""),
        ("2021年1、2月利润表.pdf", "M04", ""),
        ("2021年7至9月增值税申报表.pdf", "M05", ""),
        ("202101-09利润表.pdf", "M04", ""),
        ("2021年海丰/上年同期1-9月利润表.pdf", "M04", ""),
        ("2022年申报/21年9月利润表.pdf", "M04", ""),
        ("2021年9月/海丰公司2020年利润表.pdf", "M04", ""),
        ("2021年/海丰公司10月15日打印利润表.pdf", "M04", ""),
        ("利润表、增值税申报表2021-09.pdf", "M05 M04", "2021-09"),
        ("资产负债表2021-09.pdf", "", "2021-09"),
        ("IMG_20211015_123456.jpg", "", ""),
        ("扫描件(2021-13).pdf", "", ""),
    ],
)
def test_a_name_says_which_paper_and_which_period_or_leaves_it_open(place: str, materials: str, periods: str) -> None:
    name = read(place)
    assert (" ".join(name.materials), " ".join(p.label for p in name.periods)) == (materials, periods)


def test_the_code_is_read_wherever_it_stands() -> None:
    assert [read(place).codes for place in (f"{CODE}.pdf", f"a/{CODE.lower()}利润表/b.pdf", f"x{CODE}.pdf")] == [
        (CODE,), (CODE,), (),
    ]  # fmt: skip


def test_what_the_file_itself_says_goes_before_its_folder() -> None:
    name = read("2021-08/利润表/海丰县云谷软件有限公司 增值税申报表 2021-09.pdf")
    assert (name.materials, [p.label for p in name.periods]) == (("M05",), ["2021-09"])
