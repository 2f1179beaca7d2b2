"""What is required of a firm at which step: the one table of it.

The marks of the form and of the workbook's template, the page before submitting, and the guards of proposal, admission,
filing and confirmation read it; none of them keeps a list of its own. What a review will look at is asked for before
the nomination is submitted, so that no bureau is refused for a field that the county was never asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from registry.base.labels import N_
from registry.base.vocabulary import Action, UnitKind


@dataclass(frozen=True, slots=True)
class FieldRule:
    """`field` is required from `step` on (建档, 提名, 申报纳统, 确认入库).

    `guard`: the condition of the pathway that refuses without it.

    `instead`: another field that will do. `only`: (field, value), where it is required of such firms alone.
    """

    field: str
    step: Action
    guard: str
    instead: str = ""
    only: tuple[str, str] | None = None

    @property
    def is_plain(self) -> bool:
        """Required of every firm, with nothing that would do instead."""
        return not self.instead and self.only is None


_A = Action
REQUIRED: tuple[FieldRule, ...] = (
    FieldRule("name", _A.CREATE, "name"),
    FieldRule("credit_code", _A.CREATE, "credit_code", instead="no_code_reason"),
    FieldRule("division", _A.SUBMIT, "division"),
    FieldRule("registered_address", _A.SUBMIT, "registered_address"),
    FieldRule("industry", _A.SUBMIT, "industry"),
    FieldRule("activity", _A.SUBMIT, "activity"),
    FieldRule("unit_kind", _A.SUBMIT, "unit_kind"),
    FieldRule("deemed_approval", _A.SUBMIT, "deemed_approval", only=("unit_kind", UnitKind.DEEMED_LEGAL_PERSON)),
    FieldRule("founded_on", _A.SUBMIT, "founded_on"),
    FieldRule("contact_name", _A.SUBMIT, "contact"),
    FieldRule("contact_phone", _A.SUBMIT, "contact"),
    FieldRule("revenue_to_date", _A.SUBMIT, "revenue", instead="revenue_last_year"),
    FieldRule("credit_code", _A.FILE, "code_issued"),
    FieldRule("operating_address", _A.FILE, "operating_address"),
    FieldRule("accounting", _A.FILE, "accounting"),
    FieldRule("effective_month", _A.CONFIRM, "effective_month"),
    FieldRule("reference", _A.CONFIRM, "effective_month"),
)

MARKS: Mapping[Action, str] = MappingProxyType(
    {
        Action.CREATE: N_("必填。"),
        Action.SUBMIT: N_("提交前必填。"),
        Action.FILE: N_("申报纳统前必填。"),
    }
)
"""What a form says at a field, by the first step that requires it."""

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "division": N_("请选择所属县区。"),
        "registered_address": N_("请填写注册地址。"),
        "activity": N_("请填写主营业务，核查部门据以核对行业代码。"),
        "unit_kind": N_("请选择单位类型。"),
        "deemed_approval": N_("视同法人单位请填写批准文号。"),
        "founded_on": N_("请填写成立日期。"),
        "code_issued": N_("申报纳统须有统一社会信用代码，请在取得代码后补填。"),
        "operating_address": N_("请填写实际经营地址（在地统计）。"),
        "accounting": N_("请选择执行会计制度。"),
    }
)
"""What a guard says that looks at nothing but whether a field is filled in; the others are in the pathway's table."""


def at(step: Action) -> tuple[FieldRule, ...]:
    """What is first required at `step`."""
    return tuple(rule for rule in REQUIRED if rule.step is step)


def guards(*steps: Action) -> tuple[str, ...]:
    """The codes of the guards by which these steps require their fields, each once and in the order of the form."""
    return tuple(dict.fromkeys(rule.guard for rule in REQUIRED if rule.step in steps))


def first(field: str) -> FieldRule | None:
    """The earliest rule about a field; None where nothing ever requires it."""
    return next((rule for rule in REQUIRED if rule.field == field), None)


def fields_of(guard: str) -> tuple[str, ...]:
    """The fields by which a guard is put right, the first of them first."""
    return tuple(rule.field for rule in REQUIRED if rule.guard == guard)


def blank(read: Callable[[str], Any], *steps: Action) -> frozenset[str]:
    """The fields that these steps require and that are empty; `read` gives a field's value."""
    rules = (rule for rule in REQUIRED if rule.step in steps)
    return frozenset(rule.field for rule in rules if _applies(rule, read) and not _is_given(rule, read))


def lacking(read: Callable[[str], Any]) -> frozenset[str]:
    """The guards, of those that look at nothing but fields, that a firm does not meet; `read` gives a field's value."""
    rules = [rule for rule in REQUIRED if rule.guard in SENTENCES]
    return frozenset(rule.guard for rule in rules if _applies(rule, read) and not _is_given(rule, read))


def _applies(rule: FieldRule, read: Callable[[str], Any]) -> bool:
    return rule.only is None or read(rule.only[0]) == rule.only[1]


def _is_given(rule: FieldRule, read: Callable[[str], Any]) -> bool:
    return bool(read(rule.field)) or bool(rule.instead and read(rule.instead))
