"""The four items of part four of the plan: each at its cap and above, once only, cohorts apart."""

from __future__ import annotations

from decimal import Decimal

import pytest

from registry.base.errors import Blocked, NotAllowed, RegistryError
from registry.cases.models import Case, CaseKind
from registry.cases.queries import kinds as published
from registry.cases.rules import values as reading
from registry.cases.rules.kinds import FieldType, KindField
from registry.cases.services import entering
from registry.cases.services import kinds as publishing
from registry.cases.services.entering import ForWhom
from registry.firms.models.firms import Firm
from registry.institutions.models import Institution
from tests.cases.worlds import SERVICE, CaseWorld, equipment, invoice
from tests.world import NOW, TODAY


def amount(case: Case) -> Decimal:
    assert case.amount is not None
    return case.amount


@pytest.mark.parametrize("support, award", [("1500000", "450000"), ("2000000", "500000"), ("1666666.67", "500000")])
def test_a_workstation_gets_30_percent_of_the_provincial_support(city: CaseWorld, support: str, award: str) -> None:
    assert amount(city.passed(city.workstation(support))) == Decimal(award)


@pytest.mark.parametrize("cost, award", [("8600000", "430000"), ("10000000", "500000"), ("12000000", "500000")])
def test_services_get_5_percent_of_their_direct_cost(city: CaseWorld, cost: str, award: str) -> None:
    case = city.passed(city.service(cost))
    assert amount(case) == Decimal(award)
    assert case.slip is not None
    assert (Decimal(case.slip["basis"]), case.slip["rate"], case.slip["cap"]) == (Decimal(cost), "0.05", "500000")


@pytest.mark.parametrize("nature, award", [("企业类", "1000000"), ("公益类", "2000000")])
def test_a_new_institution_gets_20_percent_of_its_new_equipment(city: CaseWorld, nature: str, award: str) -> None:
    assert amount(city.passed(new_rd(city, city.institution(), "12000000", nature))) == Decimal(award)


def test_a_platform_gets_its_lump_sum_once(city: CaseWorld) -> None:
    institution = city.institution("汕尾检验检测公共平台", kind="platform")
    assert amount(city.passed(platform(city, institution, "SN-1"))) == Decimal(1_000_000)
    again = platform(city, institution, "SN-2", cohort=2020)
    with pytest.raises(RegistryError, match="平台2021-0001"):
        city.take(again, "submit", "haifeng")


def test_what_is_rounded_and_capped_is_a_setting_that_the_plan_does_not_state(city: CaseWorld) -> None:
    case = city.passed(city.service("33333.33"))
    assert amount(case) == Decimal(1667)
    setting = case.kind.setting("rounding_unit")
    assert setting is not None
    assert not setting.stated
    cap = case.kind.setting("cap")
    assert cap is not None
    assert cap.stated


def test_one_person_approves_up_to_the_limit_and_two_above_it(city: CaseWorld) -> None:
    small = city.service("2000000")
    day = city.noticed(city.passed(small))
    assert city.take(small, "approve", "cityoffice", on=day).state == "approved"
    large = city.service("2000020", firm="海丰县海潮检测有限公司")
    day = city.noticed(city.passed(large))
    assert city.take(large, "approve", "cityoffice", on=day).state == "second"
    with pytest.raises(Blocked):
        city.take(large, "confirm", "cityoffice", on=day)
    assert city.take(large, "confirm", "cityoffice2", on=day).state == "approved"


def test_nothing_is_approved_before_its_notice_is_over_or_while_an_objection_is_open(city: CaseWorld) -> None:
    case = city.passed(city.service("100000"))
    with pytest.raises(Blocked, match="条件未满足"):
        city.take(case, "approve", "cityoffice")
    day = city.noticed(case)
    objection = city.begun("objection", ForWhom(case=case), by="cityoffice")
    facts = {"from_whom": "汕尾某检测公司", "contact": "0660-3360000", "received_on": "2021-10-16", "facts": "发票不实"}
    city.filled(objection, facts, by="cityoffice")
    city.take(objection, "receive", "cityoffice")
    with pytest.raises(Blocked) as refused:
        city.take(case, "approve", "cityoffice", on=day)
    assert [str(one) for one in refused.value.blockers] == [f"公示期间的异议 {objection.number} 还没有答复。"]
    city.take(objection, "unfounded", "cityoffice", reason="经核查发票属实")
    assert city.take(case, "approve", "cityoffice", on=day).state == "approved"


def test_an_invoice_of_2020_is_refused_in_2021_and_the_earlier_slip_is_named(city: CaseWorld) -> None:
    city.passed(city.service(rows=[invoice("12345678", "80000", day="2020-12-03")], cohort=city.cohorts[2020]))
    same = invoice("１２３ ４５６７８", "80000", day="2020-12-03", code="0440 0190 0111")
    other = city.service(rows=[same], firm="海丰县海潮检测有限公司")
    with pytest.raises(RegistryError) as refused:
        city.take(other, "submit", "haifeng")
    assert "服务2020-0001" in str(refused.value)
    assert other.state == "draft"


def test_a_refused_case_frees_its_invoice(city: CaseWorld) -> None:
    case = city.service(rows=[invoice("12345678", "80000")])
    city.take(case, "submit", "haifeng")
    city.take(case, "refuse", "science", reason="服务与研发无关")
    again = city.service(rows=[invoice("12345678", "80000")], firm="海丰县海潮检测有限公司")
    assert city.take(again, "submit", "haifeng").state == "city_check"


def test_cells_that_came_back_are_mended_and_no_others(city: CaseWorld) -> None:
    case = city.service("100000")
    city.take(case, "submit", "haifeng")
    city.take(case, "return", "science", cells={"service": "类别与合同不一致"})
    with pytest.raises(RegistryError, match="没有退回"):
        entering.save(
            city.world.actor("haifeng"), case, SERVICE | {"service": "评估", "uses_facilities": "否"}, case.rows,
            seen=case.revision, at=NOW,
        )  # fmt: skip
    entering.save(
        city.world.actor("haifeng"), case, SERVICE | {"service": "评估"}, case.rows, seen=case.revision,
        at=NOW,
    )  # fmt: skip
    assert city.take(case, "submit", "haifeng").round == 2


def test_nobody_takes_a_step_of_another_office(city: CaseWorld) -> None:
    case = city.service("100000")
    for someone in ("lufeng", "science", "cityoffice", "leader"):
        with pytest.raises(NotAllowed):
            city.take(case, "submit", someone)
    city.take(case, "submit", "haifeng")
    with pytest.raises(NotAllowed):
        city.take(case, "pass", "haifeng")


def test_the_window_of_a_cohort_is_kept(city: CaseWorld) -> None:
    case = city.service("100000")
    assert case.cohort is not None
    case.cohort.closes_on = TODAY.replace(day=1)
    with pytest.raises(RegistryError, match="受理期"):
        city.take(case, "submit", "haifeng")


def new_rd(city: CaseWorld, institution: Institution, invested: str, nature: str) -> Case:
    values = {
        "nature": nature,
        "partner": "海丰县云谷软件有限公司",
        "fits": "是",
        "technology": "漂浮式风机",
        "team": "12",
    }
    case = city.begun("voucher-new-rd", ForWhom(institution=institution))
    return city.filled(case, values, {"equipment": [equipment("SN-9", invested)]})


def platform(city: CaseWorld, institution: Institution, serial: str, cohort: int = 2021) -> Case:
    case = city.begun("voucher-platform", ForWhom(institution=institution), cohort=city.cohorts[cohort])
    row = {key: value for key, value in equipment(serial, "300000").items() if key != "day"}
    return city.filled(case, {"platform": institution.name, "use": "检验检测"}, {"equipment": [row]})


def test_an_amount_that_is_no_longer_the_posted_one_is_not_approved(city: CaseWorld) -> None:
    settings = {"cap_per_year": "450000"}
    actor = city.world.actor("cityoffice")
    row = publishing.change_settings(
        actor, edition("voucher-service"), settings, valid_from=TODAY, reason="年度上限", at=NOW
    )
    publishing.publish(city.world.actor("cityoffice2"), row, at=NOW)
    firm = city.world.firm()
    first, second = (serviced(city, firm, number) for number in ("10000001", "10000002"))
    for case in (first, second):
        city.take(case, "submit", "haifeng")
    city.take(first, "pass", "science")
    day = city.noticed(first)
    city.take(second, "pass", "science")
    assert (amount(first), amount(second)) == (Decimal(300_000), Decimal(150_000))
    second.amount = Decimal(200_000)
    with pytest.raises(RegistryError, match="与公示的 300,000"):
        city.take(first, "approve", "cityoffice", on=day)


def test_an_edition_that_is_not_in_force_yet_begins_no_case(city: CaseWorld) -> None:
    actor, later = city.world.actor("cityoffice"), TODAY.replace(year=2022, month=1, day=1)
    old = edition("voucher-service")
    row = publishing.change_settings(actor, old, {"cap": "300000"}, valid_from=later, reason="明年起", at=NOW)
    publishing.publish(city.world.actor("cityoffice2"), row, at=NOW)
    assert city.service("100000").edition.edition == 1
    whom = ForWhom(firm=city.world.firm("海丰县海潮检测有限公司"))
    with pytest.raises(RegistryError, match="今天不适用"):
        entering.begin(city.world.actor("haifeng"), row, whom, cohort=city.cohorts[2021], at=NOW, on=TODAY)


def test_an_invoice_that_was_young_enough_when_it_was_submitted_stays_so(city: CaseWorld) -> None:
    case = city.service(rows=[invoice(day="2019-10-20")])
    city.take(case, "submit", "haifeng")
    city.take(case, "pass", "science", on=TODAY.replace(month=12))
    old = city.service(rows=[invoice("87654321", day="2019-09-14")], firm="海丰县海潮检测有限公司")
    city.take(old, "submit", "haifeng")
    with pytest.raises(Blocked) as refused:
        city.take(old, "pass", "science")
    assert "不符合：现为 25个月，要求 ≤ 24个月" in str(refused.value.blockers[0])


@pytest.mark.parametrize(
    "typed, stored",
    [
        ("8,600,000", "8600000.00"),
        ("８６０００", "86000.00"),
        ("1 000.5", "1000.50"),
        ("12，345", "12345.00"),
        ("0", "0.00"),
    ],
)
def test_amounts_are_read_as_people_write_them(typed: str, stored: str) -> None:
    assert reading.read(KindField("amount", "金额", FieldType.YUAN), typed) == stored


@pytest.mark.parametrize(
    "typed", ["86万", "1,00", "1,0000", "-5", "1.005", "1e5", "NaN", "九千", "1.2.3", "99999999999999999"]
)
def test_amounts_that_mean_nothing_sure_are_refused(typed: str) -> None:
    with pytest.raises(RegistryError):
        reading.read(KindField("amount", "金额", FieldType.YUAN), typed)


def edition(code: str) -> CaseKind:
    found = published.published(code, TODAY)
    assert found is not None
    return found


def serviced(city: CaseWorld, firm: Firm, number: str) -> Case:
    case = city.begun("voucher-service", ForWhom(firm=firm))
    return city.filled(case, SERVICE, {"invoices": [invoice(number, "6000000")]})
