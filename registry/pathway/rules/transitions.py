"""The pathway as a table: which action leads from which stage to which, by whom, under which guards.

Source: docs/domain.md 1 (stages, actors), docs/domain.md 6 (guards). Offices write through one
function of `services.pathway` only; this module decides, it never changes anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from registry.base import requirements
from registry.base.labels import N_
from registry.base.vocabulary import Action, Role, Stage

SYSTEM = "system"


class Facts(Protocol):
    """What a guard looks at; every value is read once, before the decision."""

    @property
    def name(self) -> str: ...
    @property
    def credit_code_valid(self) -> bool: ...
    @property
    def no_code_reason(self) -> str: ...
    @property
    def lacking(self) -> frozenset[str]: ...
    @property
    def in_territory(self) -> bool: ...
    @property
    def industry_is_class(self) -> bool: ...
    @property
    def has_contact(self) -> bool: ...
    @property
    def has_documented_revenue(self) -> bool: ...
    @property
    def clashes(self) -> bool: ...
    @property
    def excluded_town(self) -> bool: ...
    @property
    def is_counted_unit(self) -> bool: ...
    @property
    def operates_in_city(self) -> bool: ...
    @property
    def reaches_admission_line(self) -> bool: ...
    @property
    def reaches_statutory_line(self) -> bool: ...
    @property
    def industry_confirmed(self) -> bool: ...
    @property
    def reviewer_is_proposer(self) -> bool: ...
    @property
    def materials_complete(self) -> bool: ...
    @property
    def window_open(self) -> bool: ...
    @property
    def door_fits(self) -> bool: ...
    @property
    def effective_month_known(self) -> bool: ...
    @property
    def statement_known(self) -> bool: ...
    @property
    def statement_agrees(self) -> bool: ...
    @property
    def counted_here(self) -> bool: ...
    @property
    def levels_passed(self) -> bool: ...
    @property
    def barred(self) -> bool: ...


@dataclass(frozen=True)
class Guard:
    """One condition of an action; `sentence` says what is missing and what to do."""

    code: str
    sentence: str
    holds: Callable[[Facts], bool] = field(repr=False)


def _is_filled(code: str, facts: Facts) -> bool:
    return code not in facts.lacking


GUARDS = {
    guard.code: guard
    for guard in (
        Guard("name", N_("缺企业名称。"), lambda f: bool(f.name)),
        Guard(
            "credit_code",
            N_("统一社会信用代码缺失或校验不符；确无代码的，请说明原因。"),
            lambda f: f.credit_code_valid or bool(f.no_code_reason),
        ),
        Guard("territory", N_("企业不在提名单位辖区内，请核对所属县区和地址。"), lambda f: f.in_territory),
        Guard(
            "excluded_town",
            N_("该镇由深汕特别合作区（深圳市）管理，不纳入本名录。"),
            lambda f: not f.excluded_town,
        ),
        Guard("industry", N_("请填写四位行业代码。"), lambda f: f.industry_is_class),
        Guard("contact", N_("请填写联系人和电话。"), lambda f: f.has_contact),
        Guard(
            "revenue",
            N_("请登记至少一期营业收入，并附利润表等凭证。"),
            lambda f: f.has_documented_revenue,
        ),
        Guard("clash", N_("与名录中已有企业的代码相同，请提出认领。"), lambda f: not f.clashes),
        Guard(
            "counted_unit",
            N_("须为法人单位，或经批准的视同法人单位；分公司随其法人单位统计。"),
            lambda f: f.is_counted_unit,
        ),
        Guard("location", N_("实际经营地须在本市（在地原则）。"), lambda f: f.operates_in_city),
        Guard(
            "admission_line",
            N_("营业收入未达入库线；可保留为线索并注明关注原因。"),
            lambda f: f.reaches_admission_line,
        ),
        Guard("industry_confirmed", N_("请先核对行业代码与主营业务是否相符。"), lambda f: f.industry_confirmed),
        Guard(
            "two_sides",
            N_("提名与审核不能是同一人或同一单位。"),
            lambda f: not f.reviewer_is_proposer,
        ),
        Guard("statutory_line", N_("本年累计营业收入未达四上标准。"), lambda f: f.reaches_statutory_line),
        Guard(
            "statement",
            N_("申报窗口要求期别的本年累计营业收入未登记，或未附利润表。"),
            lambda f: f.statement_known,
        ),
        Guard(
            "cross_check",
            N_("利润表与增值税申报表须为同期且相符：请登记同期增值税销售额；不一致的，附差异说明。"),
            lambda f: f.statement_agrees,
        ),
        Guard(
            "counted_here",
            N_("实际经营地不在该企业的统计县区（在地原则），请先核对所属县区，或由经营地县区提出认领。"),
            lambda f: f.counted_here,
        ),
        Guard("materials", N_("申报材料未齐。"), lambda f: f.materials_complete),
        Guard("window", N_("所选申报窗口当前没有开放。"), lambda f: f.window_open),
        Guard("door", N_("申报通道不符：月度通道只适用于上年第四季度以后新开业的企业。"), lambda f: f.door_fits),
        Guard("levels", N_("各级审核尚未全部通过，国家统计局终审通过后才能确认入库。"), lambda f: f.levels_passed),
        Guard("barred", N_("该企业因提供虚假资料退出，限制期未满，不能重新提名。"), lambda f: not f.barred),
        Guard("effective_month", N_("请填写入库生效月份和依据文号。"), lambda f: f.effective_month_known),
        *(Guard(code, said, partial(_is_filled, code)) for code, said in requirements.SENTENCES.items()),
    )
}


@dataclass(frozen=True)
class Transition:
    action: Action
    source: Stage
    target: Stage
    roles: frozenset[str]
    needs_reason: bool = False
    guards: tuple[str, ...] = ()


def _on(
    action: Action,
    sources: Iterable[Stage],
    target: Stage,
    roles: Iterable[str],
    *,
    reason: bool = False,
    guards: tuple[str, ...] = (),
) -> list[Transition]:
    return [Transition(action, source, target, frozenset(roles), reason, guards) for source in sources]


# What is to be filled in stands in `base.requirements`; here what is judged of it.
_SUBMIT_GUARDS = (
    *requirements.guards(Action.CREATE, Action.SUBMIT), "territory", "excluded_town", "clash", "barred",
)  # fmt: skip
_ADMIT_GUARDS = ("counted_unit", "location", "industry_confirmed", "admission_line", "two_sides")
_FILE_GUARDS = (
    *requirements.guards(Action.FILE), "counted_unit", "location", "excluded_town", "counted_here", "statutory_line",
    "statement", "cross_check", "materials", "window", "door",
)  # fmt: skip
_PROPOSERS = (Role.CLERK,)
_REVIEWERS = (Role.OFFICER,)

TRANSITIONS: tuple[Transition, ...] = (
    *_on(Action.SUBMIT, [Stage.LEAD, Stage.RETURNED], Stage.PROPOSED, _PROPOSERS, guards=_SUBMIT_GUARDS),
    *_on(Action.TAKE_UP, [Stage.PROPOSED], Stage.UNDER_REVIEW, _REVIEWERS, guards=("two_sides",)),
    *_on(Action.WITHDRAW, [Stage.PROPOSED, Stage.RETURNED], Stage.WITHDRAWN, _PROPOSERS),
    *_on(Action.SEND_BACK, [Stage.UNDER_REVIEW], Stage.RETURNED, _REVIEWERS, reason=True, guards=("two_sides",)),
    *_on(Action.REJECT, [Stage.UNDER_REVIEW], Stage.REJECTED, _REVIEWERS, reason=True, guards=("two_sides",)),
    *_on(Action.ADMIT, [Stage.UNDER_REVIEW], Stage.ADMITTED, _REVIEWERS, guards=_ADMIT_GUARDS),
    *_on(
        Action.REOPEN,
        [Stage.WITHDRAWN, Stage.REJECTED, Stage.REMOVED, Stage.DELISTED],
        Stage.LEAD,
        (Role.CLERK, Role.CITY_OFFICE),
        reason=True,
    ),
    *_on(Action.QUALIFY, [Stage.ADMITTED], Stage.QUALIFIED, (SYSTEM,), guards=("statutory_line",)),
    *_on(Action.DISQUALIFY, [Stage.QUALIFIED], Stage.ADMITTED, (SYSTEM,), reason=True),
    *_on(Action.FILE, [Stage.QUALIFIED], Stage.FILED, (Role.STATISTICIAN,), guards=_FILE_GUARDS),
    *_on(Action.PASS_LEVEL, [Stage.FILED, Stage.IN_CHAIN], Stage.IN_CHAIN, (Role.STATISTICIAN,)),
    *_on(
        Action.RETURN_FILING,
        [Stage.FILED, Stage.IN_CHAIN],
        Stage.QUALIFIED,
        (Role.STATISTICIAN,),
        reason=True,
    ),
    *_on(
        Action.CONFIRM,
        [Stage.IN_CHAIN],
        Stage.ENROLLED,
        (Role.STATISTICIAN,),
        guards=("levels", *requirements.guards(Action.CONFIRM)),
    ),
    *_on(Action.REMOVE, [Stage.ADMITTED, Stage.QUALIFIED], Stage.REMOVED, (Role.CITY_OFFICE,), reason=True),
    *_on(Action.DELIST, [Stage.ENROLLED], Stage.DELISTED, (Role.STATISTICIAN,), reason=True),
    *_on(
        Action.MERGE,
        [stage for stage in Stage if stage is not Stage.MERGED],
        Stage.MERGED,
        (Role.CITY_OFFICE,),
        reason=True,
    ),
)
# `unmerge` has no row: it restores whatever stage the merge event names as its source.

_BY_STEP = {(step.action, step.source): step for step in TRANSITIONS}
WITHDRAWN_FROM = frozenset(row.source for row in TRANSITIONS if row.action == Action.WITHDRAW)
"""Stages in which a nomination can be taken back: before take-up, or when it was returned."""
MAIN_PATH = (
    Stage.LEAD,
    Stage.PROPOSED,
    Stage.UNDER_REVIEW,
    Stage.ADMITTED,
    Stage.QUALIFIED,
    Stage.FILED,
    Stage.IN_CHAIN,
    Stage.ENROLLED,
)


def step(action: Action, stage: str) -> Transition | None:
    """The transition `action` makes from `stage`, or None where it makes none."""
    return _BY_STEP.get((action, Stage(stage)))


def available(stage: str, roles: Iterable[str]) -> tuple[Transition, ...]:
    """All transitions from `stage` that a holder of `roles` may start, in table order."""
    held = set(roles)
    return tuple(row for row in TRANSITIONS if row.source == stage and row.roles & held)


def blockers(transition: Transition, facts: Facts) -> tuple[Guard, ...]:
    """Every guard of `transition` that does not hold, so that a page can list them all."""
    return tuple(GUARDS[code] for code in transition.guards if not GUARDS[code].holds(facts))
