"""The yearly notices of holidays, as they were published, read into the days that are shipped."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from registry.rulesets.rules.notice import NoticeUnread, read_notice

SEEDS = Path(__file__).parents[2] / "seeds" / "holidays.csv"
NOTICES = {
    2023: """国务院办公厅关于2023年部分节假日安排的通知
国办发明电〔2022〕16号
一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。
二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。
三、清明节：4月5日放假，共1天。
四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。""",
    2024: """国务院办公厅关于2024年
部分节假日安排的通知
国办发明电〔2023〕7号
一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。""",
    2025: """国务院办公厅关于2025年
部分节假日安排的通知
国办发明电〔2024〕12号
经党中央、国务院批准，根据2024年11月修订的《全国年节及纪念日放假办法》，自2025年1月1日起，全体公民放假的假日增加2天，其中春节、劳动节各增加1天。据此对放假调休原则作进一步优化完善，除个别特殊情形外，春节自农历除夕起放假调休8天，国庆节自10月1日起放假调休7天，劳动节放假调休5天，元旦、清明节、端午节、中秋节分别放假调休或连休3天（如逢周三则只在当日放假），国庆节放假如逢中秋节则合并放假8天。
按照上述原则，现将2025年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。""",
}
"""Published law is nobody's: 国办发明电〔2022〕16号, 〔2023〕7号, 〔2024〕12号."""


@pytest.mark.parametrize("year", NOTICES)
def test_a_published_notice_is_read_into_the_days_that_are_shipped(year: int) -> None:
    with SEEDS.open(encoding="utf-8", newline="") as file:
        shipped = [row for row in csv.DictReader(file) if f"关于{year}年" in row["source"]]
    read = sorted(read_notice(NOTICES[year]), key=lambda one: one.day)
    assert [(one.day.isoformat(), one.name, one.working, one.clause) for one in read] == [
        (row["day"], row["name"], row["working"] == "yes", row["clause"]) for row in shipped
    ]


def test_a_notice_with_an_item_left_out_is_not_read() -> None:
    text = "".join(line for line in NOTICES[2025].splitlines(keepends=True) if not line.startswith("三、"))
    with pytest.raises(NoticeUnread, match="没有读到第三条"):
        read_notice(text)
