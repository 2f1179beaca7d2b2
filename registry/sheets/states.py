"""The words by which registers say that a firm is in business, or gone."""

from __future__ import annotations

import re

from registry.base.vocabulary import OperatingState
from registry.sheets.meanings import plain

_GONE = re.compile(r"(?:已|被|依法)*(?:注销|吊销|撤销|迁出|清算|停业|歇业|关闭|解散|破产|除名|撤消|责令关闭|注吊销)")
_STAYS = re.compile(r"(?:未|无|非|没有)(?:注销|吊销|停业)")


# In this order: revoked firms are often marked as not yet deregistered, and 注销 stands in both.
_STATES = (
    (OperatingState.DEREGISTERED, re.compile(r"(?:吊销[,，]?)?(?:已|被|依法|准予)*注销(?:登记|企业)?")),
    (OperatingState.REVOKED, re.compile(r"(?:已|被|依法)*吊销(?:营业执照)?(?:[,，]?(?:未|尚未)注销)?(?:企业)?")),
    (OperatingState.CANCELLED, re.compile(r"(?:已|被|依法)*撤[销消](?:登记|设立登记)?")),
    (OperatingState.MOVED, re.compile(r"(?:已|异地)*迁出(?:企业|市外|本市|本地)?")),
    (OperatingState.LIQUIDATION, re.compile(r"(?:已|正在|进入)*(?:破产)?清算(?:中|组)?")),
    (OperatingState.SUSPENDED, re.compile(r"(?:已|临时|暂时)*(?:停业|歇业|停产)(?:中|整顿|备案)?")),
    (OperatingState.CLOSED, re.compile(r"(?:已|责令)*(?:关闭|解散|破产|除名|倒闭)")),
    (OperatingState.ABNORMAL, re.compile(r"(?:列入|被列入)?(?:经营|活动)?异常(?:名录|经营)?(?:企业)?")),
    (
        OperatingState.ACTIVE,
        re.compile(
            r"(?:(?:存续|续存|在业|开业|在营|营业|在册|正常|经营|登记成立|确立|迁入|正在|运营|登记|企业|状态|中|成立|的|[(),，、/])+)"
        ),
    ),
)


def state_of(text: str) -> OperatingState | None:
    """`存续（在营、开业、在册）`, `吊销，未注销`, `已迁出`; None where the words are none of ours, or two at once."""
    words = re.sub(r"[\s()（）【】\[\]]", "", plain(text))
    return next((state for state, pattern in _STATES if pattern.fullmatch(words)), None)


def is_gone(text: str) -> bool:
    """`注销`, `吊销，未注销`, `已迁出`; not `存续（在营、开业、在册）`."""
    words = plain(text).strip("()（）【】[]")
    if _STAYS.match(words):
        return False
    return bool(_GONE.match(words)) or (words.endswith(("注销", "吊销")) and not words.endswith(("未注销", "未吊销")))
