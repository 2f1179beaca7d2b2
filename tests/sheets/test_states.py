"""How a firm stands, in the words registers and offices use for it."""

from __future__ import annotations

import pytest

from registry.base.vocabulary import OperatingState
from registry.sheets.states import is_gone, state_of


@pytest.mark.parametrize(
    "text, state",
    [
        ("存续", "active"), ("存续（在营、开业、在册）", "active"), ("在业", "active"), ("开业", "active"),
        ("正常", "active"), ("正常在业", "active"), ("在营（开业）企业", "active"), ("登记成立", "active"), ("迁入", "active"),
        ("注销", "deregistered"), ("已注销", "deregistered"), ("注销企业", "deregistered"), ("吊销，已注销", "deregistered"),
        ("吊销", "revoked"), ("吊销，未注销", "revoked"), ("吊销未注销", "revoked"), ("吊销企业", "revoked"),
        ("撤销", "cancelled"), ("撤销登记", "cancelled"), ("迁出", "moved"), ("已迁出", "moved"), ("清算", "liquidation"),
        ("停业", "suspended"), ("歇业", "suspended"), ("责令关闭", "closed"), ("破产", "closed"),
        ("经营异常", "abnormal"), ("列入经营异常名录", "abnormal"),
        ("存续;在营", "active"), ("已开业", "active"), ("正常户", "active"), ("市外迁出", "moved"), ("企业注销", "deregistered"),
        ("停业（暂停）", "suspended"), ("吊销/未注销", "revoked"), ("注销（简易）", "deregistered"), ("非正常户", "abnormal"),
        ("存续（已列入经营异常名录）", "abnormal"), ("倒闭", "closed"),
        ("企业", None), ("登记中", None), ("状态", None), ("中", None), ("正常（非注销）", None), ("正常经营中" * 200 + "x", None),
        ("未注销", None), ("简易注销公告", None), ("拟注销", None), ("待核", None), ("其他", None), ("", None), ("注吊销", None),
    ],
)  # fmt: skip
def test_the_words_of_registers_are_read_and_no_others(text: str, state: str | None) -> None:
    assert state_of(text) == (OperatingState(state) if state else None)


@pytest.mark.parametrize(
    "text, gone",
    [
        ("倒闭", True),
        ("市外迁出", True),
        ("注吊销", True),
        ("正常（非注销）", False),
        ("非正常户", False),
        ("未注销", False),
    ],
)
def test_who_is_gone_is_told_by_the_state_or_by_what_sounds_so(text: str, gone: bool) -> None:
    assert is_gone(text) is gone
