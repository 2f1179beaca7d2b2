"""The words by which registers say that a firm is in business, or gone."""

from __future__ import annotations

import re

from registry.base.vocabulary import OperatingState
from registry.sheets.meanings import plain

_GONE = re.compile(r"(?:已|被|依法)*(?:注销|吊销|撤销|迁出|清算|停业|歇业|关闭|解散|破产|除名|撤消|责令关闭|注吊销)")
_STAYS = re.compile(r"(?:未|无|非|没有)(?:注销|吊销|停业)")
_IN_BUSINESS = "(?:存续|续存|在业|开业|在营|营业|在册|正常|登记成立|确立|迁入|运营|经营中|正常经营)"
_BESIDE = "[(),，、/;；]|企业|登记|户"
_LONGEST = 40
_TAIL = r"(?:企业|状态|的|户)?"
_WHO = r"(?:企业|单位|公司|个体户|主体|该企业|目前|现|当前|状态[:：]?)*"
_BY_LAW = r"(?:已|已经|被|依法|准予|责令|简易|正在|进入|申请|临时|暂时|市外|异地)*"
# In this order: revoked firms are often marked as not yet deregistered, and 注销 stands in both.
_STATES = tuple(
    (state, re.compile(f"{_WHO}{words}{_TAIL}"))
    for state, words in (
        (OperatingState.DEREGISTERED, rf"(?:吊销(?:后)?[,，]?)?{_BY_LAW}注销(?:登记)?(?:简易)?"),
        (OperatingState.REVOKED, rf"{_BY_LAW}吊销(?:营业执照)?(?:后)?(?:[,，/]?(?:未|尚未)注销)?"),
        (OperatingState.CANCELLED, rf"{_BY_LAW}撤[销消](?:登记|设立登记)?"),
        (OperatingState.MOVED, rf"{_BY_LAW}迁出(?:市外|本市|本地)?"),
        (OperatingState.LIQUIDATION, rf"{_BY_LAW}(?:破产)?清算(?:中|组)?"),
        (OperatingState.SUSPENDED, rf"{_BY_LAW}(?:停业|歇业|停产)(?:中|整顿|备案|暂停)?"),
        (OperatingState.CLOSED, rf"{_BY_LAW}(?:关闭|解散|破产|除名|倒闭)"),
        (
            OperatingState.ABNORMAL,
            r"(?:存续)?[,，]?(?:已|被)*(?:列入)?(?:经营|活动)?异常(?:名录|经营|户)?|非正常户?|(?:列入)?严重违法(?:失信)?(?:名单)?",
        ),
        (
            OperatingState.ACTIVE,
            rf"(?:{_IN_BUSINESS}|{_BESIDE}|已|的|状态)*{_IN_BUSINESS}(?:{_IN_BUSINESS}|{_BESIDE}|中)*",
        ),
    )
)
_HERE = frozenset({OperatingState.ACTIVE, OperatingState.ABNORMAL})


def state_of(text: str) -> OperatingState | None:
    """`存续（在营、开业、在册）`, `吊销，未注销`, `已迁出`; None where the words are none of ours, or two at once."""
    words = re.sub(r"[\s()（）【】\[\]]", "", plain(text[: 2 * _LONGEST]))
    if len(words) > _LONGEST:
        return None
    return next((state for state, pattern in _STATES if pattern.fullmatch(words)), None)


def is_gone(text: str) -> bool:
    """`注销`, `吊销，未注销`, `已迁出`; not `存续（在营、开业、在册）`; of other words whether they sound so."""
    if (state := state_of(text)) is not None:
        return state not in _HERE
    words = plain(text).strip("()（）【】[]")
    if _STAYS.search(words):
        return False
    return bool(_GONE.match(words)) or (words.endswith(("注销", "吊销")) and not words.endswith(("未注销", "未吊销")))
