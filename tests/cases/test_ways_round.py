"""Ways round a rule that a stranger found: each is closed, and says why."""

from __future__ import annotations

from decimal import Decimal

import pytest

from registry.base.errors import Blocked, FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.permissions import can
from registry.cases.queries import cases
from registry.cases.services import entering, notices
from registry.cases.services import kinds as publishing
from registry.cases.services.entering import ForWhom
from registry.merges.services import merging
from registry.payments.queries import states
from tests.cases.test_vouchers import edition, platform, serviced
from tests.cases.worlds import CaseWorld, equipment, invoice
from tests.world import NOW, TODAY


def test_the_firm_of_a_voucher_is_never_another(city: CaseWorld) -> None:
    case, other = city.service("100000"), city.world.firm("海丰县海潮检测有限公司")
    with pytest.raises(NotAllowed):
        entering.link_firm(city.world.actor("haifeng"), case, other, at=NOW)


def test_the_cap_of_services_holds_for_a_firm_and_a_year_not_for_a_case(city: CaseWorld) -> None:
    firm = city.world.firm()
    first, second, third = (serviced(city, firm, f"1000000{number}") for number in (1, 2, 3))
    assert [city.passed(one).amount for one in (first, second)] == [Decimal(300_000), Decimal(200_000)]
    city.take(third, "submit", "haifeng")
    with pytest.raises(RegistryError, match="已达上限"):
        city.take(third, "pass", "science")


def test_a_platform_is_one_platform_after_its_firm_was_merged(city: CaseWorld) -> None:
    first, kept = city.world.firm(), city.world.firm("海丰县留存平台有限公司", credit_code=None)
    row = {key: value for key, value in equipment("SN-7", "300000").items() if key != "day"}
    for firm, name in ((first, "甲平台"), (kept, "乙平台")):
        case = city.begun("voucher-platform", ForWhom(firm=firm))
        city.filled(case, {"platform": name, "use": "认证"}, {"equipment": [row | {"serial": name}]})
        if firm is first:
            city.passed(case)
            merging.merge(
                city.world.actor("cityoffice"), kept, first, merging.MergeChoice(reason="重复登记"), at=NOW, on=TODAY
            )
    with pytest.raises(RegistryError, match="平台2021-0001"):
        city.take(case, "submit", "haifeng")


def test_a_platform_of_the_same_code_or_name_is_the_same_whoever_entered_it(city: CaseWorld) -> None:
    city.passed(platform(city, city.institution("汕尾检测平台", kind="platform"), "SN-1"))
    again = city.institution("汕尾检测平台", kind="platform")
    with pytest.raises(RegistryError, match="平台2021-0001"):
        city.take(platform(city, again, "SN-2", cohort=2020), "submit", "haifeng")


def test_a_founded_objection_stops_the_approval_and_an_unopened_one_too(city: CaseWorld) -> None:
    case = city.passed(city.service("100000"))
    with pytest.raises(FieldError, match="公示过"):
        city.begun("objection", ForWhom(case=case), by="cityoffice")
    day = city.noticed(case)
    objection = city.begun("objection", ForWhom(case=case), by="cityoffice")
    with pytest.raises(Blocked):
        city.take(case, "approve", "cityoffice", on=day)
    facts = {"from_whom": "某公司", "contact": "0660-3360000", "received_on": "2021-10-15", "facts": "发票不实"}
    city.filled(objection, facts, by="cityoffice")
    city.take(objection, "receive", "cityoffice")
    city.take(objection, "founded", "cityoffice", reason="发票确属虚开")
    with pytest.raises(Blocked) as refused:
        city.take(case, "approve", "cityoffice", on=day)
    assert "成立" in str(refused.value.blockers[0])


def test_what_was_approved_is_voided_by_two_and_its_award_counts_until_then(city: CaseWorld) -> None:
    firm = city.world.firm()
    case = city.approved(serviced(city, firm, "10000001"))
    with pytest.raises(ReasonNeeded):
        city.take(case, "ask_void", "cityoffice")
    city.take(case, "ask_void", "cityoffice", reason="发票事后红冲")
    assert (case.state, states.is_committed(case), states.is_payable(case)) == ("voiding", True, False)
    open_to = {name: bool(cases.steps_open_to(city.world.actor(name), case)) for name in ("cityoffice2", "haifeng")}
    assert open_to == {"cityoffice2": True, "haifeng": False}
    with pytest.raises(Blocked) as refused:
        city.take(case, "void", "cityoffice")
    assert "上一步是您办理的" in str(refused.value.blockers[0])
    city.take(case, "keep", "cityoffice2", reason="红冲的是另一张")
    assert (case.state, states.is_payable(case)) == ("approved", True)
    city.take(case, "ask_void", "cityoffice2", reason="发票事后红冲")
    city.take(case, "void", "cityoffice")
    assert (case.state, states.is_committed(case)) == ("void", False)
    city.take(serviced(city, firm, "10000001"), "submit", "haifeng")  # the invoice is free again


def test_an_appeal_needs_a_refusal_and_is_not_answered_by_whoever_refused(city: CaseWorld) -> None:
    case = city.service("100000")
    with pytest.raises(FieldError, match="申诉"):
        city.begun("appeal", ForWhom(case=case))
    city.passed(case)
    city.take(case, "refuse", "cityoffice", reason="服务与研发无关")
    appeal = city.begun("appeal", ForWhom(case=case))
    city.filled(appeal, {"received_on": "2021-10-15", "grounds": "属于检测", "asks": "重新审核"})
    city.take(appeal, "submit", "haifeng")
    with pytest.raises(Blocked):
        city.take(appeal, "uphold", "cityoffice", reason="维持")
    assert city.take(appeal, "uphold", "cityoffice2", reason="维持").state == "upheld"


@pytest.mark.parametrize(
    "setting, value",
    [
        ("rate", "30"),
        ("rate", "-0.05"),
        ("cap", "-5"),
        ("rounding_unit", "0"),
        ("second_above", "-1"),
        ("notice_days", "0"),
    ],
)
def test_a_setting_out_of_its_range_is_refused_at_its_field(city: CaseWorld, setting: str, value: str) -> None:
    with pytest.raises(FieldError) as refused:
        publishing.change_settings(
            city.world.actor("cityoffice"),
            edition("voucher-service"),
            {setting: value},
            valid_from=TODAY,
            reason="试",
            at=NOW,
        )
    assert refused.value.field == f"setting_{setting}"


def test_a_notice_of_what_is_decided_is_not_taken_down_and_another_is_told(city: CaseWorld) -> None:
    case = city.approved(city.service("100000"))
    assert case.notice is not None
    with pytest.raises(RegistryError, match="已作出决定"):
        notices.withdraw(city.world.actor("cityoffice"), case.notice, reason="错", at=NOW)


def test_days_to_come_and_several_invoices_in_one_cell_are_refused(city: CaseWorld) -> None:
    with pytest.raises(FieldError, match="在今天之后"):
        city.service(rows=[invoice(day="2029-01-01")])
    case = city.service(rows=[invoice("12345678、12345679", day="2021年8月2日")], firm="海丰县海潮检测有限公司")
    assert case.rows["invoices"][0]["day"] == "2021-08-02"
    with pytest.raises(RegistryError, match="一行只填一张发票"):
        city.take(case, "submit", "haifeng")


def test_an_invoice_claimed_for_a_service_and_for_equipment_is_shown_to_whoever_checks(city: CaseWorld) -> None:
    first = city.service(rows=[invoice("22334455")])
    city.take(first, "submit", "haifeng")
    values = {"nature": "企业类", "partner": "某企业", "fits": "是", "technology": "装备", "team": "9"}
    second = city.begun("voucher-new-rd", ForWhom(institution=city.institution()))
    city.filled(second, values, {"equipment": [equipment()]})
    assert [use.case.number for _shown, use in cases.lookalikes(second)] == [first.number]


def test_finance_reads_nothing_before_it_is_approved(city: CaseWorld) -> None:
    case = city.passed(city.service("100000"))
    finance = city.world.actor("finance")
    assert not can(finance, "case.read_one", case)
    day = city.noticed(case)
    city.take(case, "approve", "cityoffice", on=day)
    assert can(finance, "case.read_one", case)
