"""The words by which registers say that a firm is in business, or gone."""

from __future__ import annotations

import re

from registry.sheets.meanings import plain

_BUSINESS = ("登记状态", "经营状态", "企业状态", "存续状态", "登记状况", "主体状态", "市场主体状态", "经营状况")
_HEADINGS = frozenset((*_BUSINESS, "企业经营状态", "状态", "运营状态", "营业状态", "在营状态", "工商状态"))
_NOW = re.compile(r"^(?:目前|当前|现|企业|单位)(?:的)?(?=.{4})")
_GONE = re.compile(r"(?:已|被|依法)*(?:注销|吊销|撤销|迁出|清算|停业|歇业|关闭|解散|破产|除名|撤消|责令关闭|注吊销)")
_STAYS = re.compile(r"(?:未|无|非|没有)(?:注销|吊销|停业)")


def names_state(heading: str) -> bool:
    return plain(_NOW.sub("", plain(heading))) in _HEADINGS


def is_gone(text: str) -> bool:
    """`注销`, `吊销，未注销`, `已迁出`; not `存续（在营、开业、在册）`."""
    words = plain(text).strip("()（）【】[]")
    if _STAYS.match(words):
        return False
    return bool(_GONE.match(words)) or (words.endswith(("注销", "吊销")) and not words.endswith(("未注销", "未吊销")))
