"""Sixty things that were used before, written as people write them the second time, and sixty that only look so."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from registry.base.errors import RegistryError
from registry.cases.models import Case
from registry.cases.queries import cases, parties
from registry.cases.services.entering import ForWhom
from registry.merges.services import merging
from tests.cases.worlds import SERVICE, SUPPORT, CaseWorld, equipment, invoice
from tests.world import NOW, TODAY

FIRST = invoice("12345678", "86000.00", code="044001900111", seller="广东质检技术有限公司")
DIGITAL = invoice("24442000000012345678", "52000.00", code="", seller="深圳市查新中心有限公司")
MACHINE = equipment("SN-2021-008", "760000.00", name="气相色谱仪", maker="安捷伦科技有限公司", invoice="33445566")
NAMELESS = equipment("", "410000.00", name="盐雾试验箱", maker="东莞环仪公司", invoice="77889900")


class Again(NamedTuple):
    """A row as it is written the second time; `of`: the list it stands in."""

    of: str
    row: dict[str, str]


def _invoices(*changes: dict[str, str], first: dict[str, str] = FIRST) -> list[Again]:
    return [Again("invoices", first | change) for change in changes]


def _machines(*changes: dict[str, str], first: dict[str, str] = MACHINE) -> list[Again]:
    return [Again("equipment", first | change) for change in changes]


DOUBLE = [
    *_invoices(
        {}, {"number": "１２３４５６７８"}, {"number": "12345678 "}, {"number": "1234 5678"}, {"number": "No.12345678"},
        {"number": "№12345678"}, {"number": "NO：12345678"}, {"number": "号码12345678"}, {"number": "1234-5678"},
        {"number": "12345678", "code": "044001900111 "}, {"code": "０４４００１９００１１１"}, {"code": "44001900111"},
        {"code": "0440 0190 0111"}, {"code": "044001900111", "amount": "43000.00"}, {"amount": "86000.01"},
        {"seller": "广东质检技术公司"}, {"seller": "广东质检技术有限公司 "}, {"seller": "广东质检技术有限公司（盖章）"},
        {"seller": "另一家公司"}, {"day": "2021-08-13"}, {"code": ""}, {"code": "", "number": "04400190011112345678"},
        {"code": "", "seller": "广东质检技术股份有限公司"}, {"code": "", "seller": "广东质检技术"},
        {"code": "", "seller": "广东质检技术有限责任公司"}, {"code": "-"}, {"number": "［12345678］"},
        {"number": "＃12345678"},
    ),
    *_invoices(
        {}, {"number": "2444 2000 0000 1234 5678"}, {"number": "２４４４２０００００００１２３４５６７８"},
        {"amount": "26000.00"}, {"seller": "深圳查新中心"}, {"code": "044001900111"}, {"day": "2021-09-01"},
        {"number": "No 24442000000012345678"},
        first=DIGITAL,
    ),
    *_machines(
        {}, {"serial": "sn-2021-008"}, {"serial": "SN2021008"}, {"serial": "ＳＮ－２０２１－００８"},
        {"serial": "SN 2021 008"}, {"serial": "S/N 2021-008", "maker": ""} | {"serial": "SN/2021/008"},
        {"maker": "安捷伦"}, {"maker": "安捷伦科技"}, {"maker": ""}, {"name": "色谱仪"}, {"invoice": "99887766"},
        {"amount": "380000.00"}, {"serial": "", "maker": "安捷伦科技公司"}, {"serial": ""}, {"serial": "", "maker": ""},
        {"name": "气相色谱仪（进口）"},
    ),
    *_machines(
        {}, {"name": "盐雾 试验箱"}, {"name": "盐雾试验箱", "invoice": "7788 9900"}, {"invoice": "No.77889900"},
        {"maker": ""}, {"maker": "东莞环仪有限公司"}, {"serial": "HY-1"}, {"amount": "1.00"},
        first=NAMELESS,
    ),
]  # fmt: skip
HONEST = [
    *_invoices(
        *({"number": f"1234567{last}"} for last in (0, 1, 2, 3, 4, 5, 6, 7, 9)),
        {"number": "87654321"}, {"number": "12345687"}, {"number": "2345678"}, {"number": "112345678"},
        {"code": "044001900112"}, {"code": "044002000111"}, {"code": "4403192130"}, {"code": "144031909110"},
        {"code": "044001900211", "seller": "广东质检技术有限公司"}, {"code": "031001900111", "seller": "上海质检有限公司"},
        {"code": "", "seller": "深圳计量研究院"}, {"code": "", "seller": "东莞软件评测中心", "amount": "86000.00"},
        {"code": "", "number": "12345679"}, {"code": "051001900111", "amount": "86000.00"},
        {"number": "24442000000012345679", "code": ""}, {"number": "25442000000012345678", "code": ""},
        {"code": "044001900119"}, {"code": "044001800111"}, {"code": "044001910111"},
    ),
    *_invoices(
        {"number": "24442000000012345679"}, {"number": "24442000000112345678"}, {"number": "25442000000012345678"},
        {"number": "24442000000012345687"},
        first=DIGITAL,
    ),
    *_machines(
        *({"serial": f"SN-2021-00{last}"} for last in (1, 2, 3, 4, 5, 6, 7, 9)),
        {"serial": "SN-2021-08"}, {"serial": "SN-2020-008"}, {"serial": "SN-2021-008", "maker": "岛津公司"},
        {"serial": "SN-2021-008", "maker": "沃特世科技"}, {"serial": "", "name": "液相色谱仪"},
        {"serial": "", "invoice": "33445567"}, {"serial": "", "maker": "岛津公司"}, {"serial": "A-1", "name": "质谱仪"},
        {"serial": "SN-2021-018"}, {"serial": "SN-2021-080"},
    ),
    *_machines(
        {"invoice": "77889901"}, {"name": "高低温试验箱"}, {"maker": "无锡苏南公司"}, {"name": "盐雾试验机"},
        {"invoice": "77889910"}, {"invoice": "7788990"}, {"maker": "广州五所", "serial": "HY-1"},
        {"name": "振动试验台", "serial": "HY-2"}, {"invoice": "87889900"}, {"name": "盐雾腐蚀箱"},
        first=NAMELESS,
    ),
]  # fmt: skip


def test_there_are_sixty_of_each() -> None:
    assert (len(DOUBLE), len(HONEST)) == (60, 60)


@pytest.fixture
def used(city: CaseWorld) -> CaseWorld:
    """What was used in 2020: two invoices and two pieces of equipment."""
    city.passed(city.service(rows=[FIRST, DIGITAL], cohort=city.cohorts[2020]))
    _equipped(city, "汕尾海洋装备研究院", [MACHINE, NAMELESS], year=2020, submit=True)
    return city


def _equipped(
    city: CaseWorld, name: str, rows: list[dict[str, str]], *, year: int = 2021, submit: bool = False
) -> Case:
    values = {"nature": "企业类", "partner": "海丰县云谷软件有限公司", "fits": "是", "technology": "装备", "team": "9"}
    case = city.begun("voucher-new-rd", ForWhom(institution=city.institution(name)), cohort=city.cohorts[year])
    city.filled(case, values, {"equipment": rows})
    return city.take(case, "submit", "haifeng") if submit else case


def _refused(city: CaseWorld, number: int, again: Again) -> str:
    """Why the second use is refused; "" where it is not, and then it is taken back."""
    if again.of == "equipment":
        case = _equipped(city, f"汕尾第{number}研究院", [again.row])
    else:
        case = city.service(rows=[again.row], firm=f"海丰县第{number}检测有限公司")
    try:
        city.take(case, "submit", "haifeng")
    except RegistryError as error:
        return str(error)
    city.take(case, "refuse", "science", reason="试验")
    return ""


def test_sixty_planted_double_uses_are_found_and_name_the_earlier_case(used: CaseWorld) -> None:
    earlier = {"invoices": "服务2020-0001", "equipment": "研发2020-0001"}
    missed = [again for number, again in enumerate(DOUBLE) if earlier[again.of] not in _refused(used, number, again)]
    assert missed == []


def test_sixty_honest_ones_are_not_blocked(used: CaseWorld) -> None:
    blocked = [(again, why) for number, again in enumerate(HONEST) if (why := _refused(used, number, again))]
    assert blocked == []


def test_one_that_only_shares_its_number_is_shown_to_whoever_checks(used: CaseWorld) -> None:
    case = used.service(rows=[FIRST | {"code": "044001900112"}], firm="海丰县海潮检测有限公司")
    assert [(shown.split()[1], other.case.number) for shown, other in cases.lookalikes(case)] == [
        ("12345678", "服务2020-0001")
    ]


def test_what_a_firm_used_stays_used_when_it_is_merged_into_another(used: CaseWorld) -> None:
    first, kept = (
        used.service(rows=[invoice("55556666", "1000")]),
        used.world.firm("海丰县留存检测有限公司", credit_code=None),
    )
    used.passed(first)
    assert first.firm is not None
    choice = merging.MergeChoice(reason="重复登记")
    merging.merge(used.world.actor("cityoffice"), kept, first.firm, choice, at=NOW, on=TODAY)
    case = used.begun("voucher-service", ForWhom(firm=kept))
    used.filled(case, SERVICE, {"invoices": [invoice("55556666", "1000")]})
    with pytest.raises(RegistryError, match=first.number):
        used.take(case, "submit", "haifeng")


def test_a_workstation_and_a_platform_are_used_once_across_years_and_applicants(city: CaseWorld) -> None:
    city.passed(city.workstation("1500000", cohort=city.cohorts[2020]))
    other = city.begun("voucher-workstation", ForWhom(institution=city.institution("另一法人", kind="academician")))
    city.filled(other, SUPPORT | {"workstation": "海上风电 院士工作站", "support": "900000"})
    with pytest.raises(RegistryError, match="站2020-0001"):
        city.take(other, "submit", "haifeng")


def test_a_county_that_may_not_read_the_earlier_case_learns_its_number_alone(used: CaseWorld) -> None:
    case = used.service(rows=[FIRST], by="lufeng", firm="陆丰市海潮检测有限公司")
    with pytest.raises(RegistryError) as refused:
        used.take(case, "submit", "lufeng")
    assert "服务2020-0001" in str(refused.value)
    assert "云谷" not in str(refused.value)


def test_buyer_and_seller_that_may_be_one_are_shown_with_the_evidence(city: CaseWorld) -> None:
    row = invoice(
        seller="海丰县云谷检测中心",
        seller_person="陈云谷",
        seller_contact="广东省汕尾市海丰县海城镇人民路1号 138-0013-5678",
    )
    case, officer = city.service(rows=[row]), city.world.actor("science")
    assert {(one.what, one.evidence) for one in parties.related(officer, case)} == {
        ("legal_person", "陈云谷"), ("address", "广东省汕尾市海丰县海城镇人民路1号"), ("phone", "138****5678"),
    }  # fmt: skip
    honest = city.service(rows=[invoice("9", seller_person="王海", seller_contact="广州市科学大道8号 020-82000011")])
    assert parties.related(officer, honest) == []
