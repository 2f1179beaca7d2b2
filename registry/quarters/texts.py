"""What is said where a quarter is not certified, or cannot be closed without a certificate."""

from __future__ import annotations

from registry.base.errors import RegistryError
from registry.base.labels import N_

UNTIL_LATER = N_("请填写今天以后的日期。")


class NothingToCertify(RegistryError):
    template = N_("本单位在 %(quarter)s 没有企业，不需要确认。")


class RowsChanged(RegistryError):
    template = N_("您查看之后数据又有变动，或同事已先确认；请核对下面的现有数据后再确认。")


class NotCertified(RegistryError):
    """`offices`: names of those that have not certified, by their codes; of each a reason is asked for."""

    template = N_("还有单位没有确认：%(names)s。请等待确认，或逐个写明为什么不等它们确认就冻结。")

    def __init__(self, offices: dict[str, str]) -> None:
        super().__init__(names="、".join(f"{name}（{code}）" for code, name in offices.items()))
        self.offices = offices


class ExtensionRuns(RegistryError):
    template = N_("已准%(office)s延至 %(day)s 确认，到期之前须有它的确认才能冻结。")


class UnknownWithout(RegistryError):
    template = N_("“%(code)s”不是单位代码，无法写明不等哪个单位确认。")
