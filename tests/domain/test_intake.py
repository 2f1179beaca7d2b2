from __future__ import annotations

from datetime import date

import pytest

from registry.domain.facts import FirmFacts, HeldMaterial
from registry.domain.intake import (
    IntakeWindow,
    Material,
    Requirement,
    checklist,
    door_fits,
    is_new,
    next_window,
    open_windows,
)
from registry.domain.periods import Period
from registry.domain.vocabulary import Accounting, Door, TaxpayerKind

TODAY = date(2021, 10, 15)
FIRST = IntakeWindow(2021, Door.ANNUAL_FIRST, date(2021, 10, 8), date(2021, 11, 6), "示例通知")
SECOND = IntakeWindow(2021, Door.ANNUAL_SECOND, date(2021, 12, 1), date(2021, 12, 16), "示例通知")
MONTHLY = IntakeWindow(2021, Door.MONTHLY, date(2021, 10, 1), date(2021, 10, 20), "示例通知")


@pytest.mark.parametrize(
    "opened_on, new",
    [
        (date(2020, 10, 1), True),
        (date(2020, 9, 30), False),
        (date(2021, 10, 15), True),
        (date(2021, 10, 16), False),
        (None, None),
    ],
)
def test_new_means_opened_since_the_last_quarter_of_the_year_before(opened_on: date | None, new: bool | None) -> None:
    assert is_new(opened_on, TODAY) is new


def test_an_old_firm_cannot_use_the_monthly_door() -> None:
    old, new = FirmFacts(opened_on=date(2015, 4, 2)), FirmFacts(founded_on=date(2021, 3, 8))
    assert [door_fits(Door.MONTHLY, firm, TODAY) for firm in (old, new, FirmFacts())] == [False, True, None]
    assert [door_fits(Door.ANNUAL_FIRST, firm, TODAY) for firm in (old, new)] == [True, True]


def test_windows_are_open_to_their_last_day() -> None:
    windows = (SECOND, FIRST, MONTHLY)
    assert open_windows(windows, TODAY) == (MONTHLY, FIRST)
    assert open_windows(windows, date(2021, 11, 6)) == (FIRST,)
    assert open_windows(windows, date(2021, 11, 7)) == ()
    assert next_window(windows, Door.ANNUAL_SECOND, TODAY) == SECOND
    assert next_window(windows, Door.ANNUAL_SECOND, date(2021, 12, 17)) is None


def test_the_checklist_follows_the_firm_and_the_period() -> None:
    materials = [
        Material("M04", "利润表", Requirement.ALWAYS),
        Material("M06", "附列资料（一）", Requirement.IF_GENERAL_TAXPAYER),
        Material("M07", "差异说明", Requirement.IF_MISMATCH),
        Material("M08", "会计制度说明", Requirement.IF_UNCLEAR),
        Material("M11", "经营场所照片", Requirement.ON_REQUEST),
    ]
    firm = FirmFacts(
        taxpayer_kind=TaxpayerKind.GENERAL,
        accounting=Accounting.ENTERPRISE,
        materials=(HeldMaterial("M04", Period(2021, 8)), HeldMaterial("M06", Period(2021, 9))),
    )
    items = checklist(materials, firm, Period(2021, 9), mismatch=True)
    assert [(i.material.code, i.needed, i.held, i.lacking) for i in items] == [
        ("M04", True, False, True),
        ("M06", True, True, False),
        ("M07", True, False, True),
        ("M08", False, False, False),
        ("M11", False, False, False),
    ]
