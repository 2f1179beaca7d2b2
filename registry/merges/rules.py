"""What merging two entries of one firm moves, asks and refuses: tables and rules, values in, values out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from registry.base import errors
from registry.base.errors import RegistryError
from registry.base.firm_fields import FIELDS
from registry.base.labels import N_
from registry.base.periods import Period
from registry.base.vocabulary import LISTED_STAGES, STAGE_LABELS, Stage, UnitKind


class Pick(StrEnum):
    """Whose value: the entry's that stays, or the one's that is folded into it."""

    WINNER = "winner"
    FOLDED = "folded"


class Fate(StrEnum):
    """What a merge does with the rows that point at the folded entry."""

    MOVES = "moves"
    STAYS = "stays"
    CLOSES = "closes"  # stays too, but must be settled before
    COPIED = "copied"


FATE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        Fate.MOVES: N_("并入保留企业"),
        Fate.COPIED: N_("照录到保留企业"),
        Fate.STAYS: N_("留在原登记"),
        Fate.CLOSES: N_("留在原登记"),
    }
)


class Treatment(NamedTuple):
    fate: Fate
    label: str
    why: str


_COVERAGE: dict[tuple[str, str], Treatment] = {
    ("figure", "firm_id"): Treatment(
        Fate.MOVES, N_("营业收入等数据"), N_("逐期并入；两边都有的，由您选定以哪边为准，另一边的留在原登记。")
    ),
    ("document", "firm_id"): Treatment(Fate.MOVES, N_("材料"), N_("凭证随数据走，保留企业可继续使用。")),
    ("qualification", "firm_id"): Treatment(Fate.MOVES, N_("资质"), N_("证书连同换证、更正的经过一并并入，材料随之。")),
    ("institution", "firm_id"): Treatment(
        Fate.STAYS, N_("依托的平台机构"), N_("机构不是企业，不合并；登记的依托单位不改写，页面和统计都按保留企业。")
    ),
    ("tax_figure", "firm_id"): Treatment(
        Fate.MOVES, N_("税务授权数据"), N_("连同更正经过一并并入，仍只作对照，不影响任何结论。")
    ),
    ("firm", "parent_id"): Treatment(Fate.MOVES, N_("分支机构"), N_("改挂到保留企业名下。")),
    ("former_name", "firm_id"): Treatment(
        Fate.COPIED, N_("名称和曾用名"), N_("原登记的各名称记为保留企业的曾用名，今后照样查得到。")
    ),
    ("proposal", "firm_id"): Treatment(
        Fate.CLOSES, N_("提名"), N_("未办结的须先办结；已办结的留在原登记，从合并记录可以查看。")
    ),
    ("claim", "firm_id"): Treatment(Fate.CLOSES, N_("认领"), N_("未裁定的须先裁定；已裁定的留在原登记。")),
    ("pathway_event", "firm_id"): Treatment(
        Fate.STAYS, N_("办理过程"), N_("是原登记当时的经过，季度名录据以重现，不改写。")
    ),
    ("import_row", "firm_id"): Treatment(
        Fate.STAYS, N_("导入的行"), N_("记的是当时文件做了什么；该批次不会再撤销这两家。")
    ),
    ("firm", "merged_into_id"): Treatment(Fate.STAYS, N_("更早并入的登记"), N_("沿链指向最后保留的企业。")),
    ("merge", "winner_id"): Treatment(Fate.STAYS, N_("合并记录"), N_("每次合并和撤销各留一条。")),
    ("merge", "folded_id"): Treatment(Fate.STAYS, N_("合并记录"), N_("每次合并和撤销各留一条。")),
    ("pairing", "first_id"): Treatment(Fate.STAYS, N_("疑似重复"), N_("合并期间不再排队；撤销合并后照原判断恢复。")),
    ("pairing", "second_id"): Treatment(Fate.STAYS, N_("疑似重复"), N_("合并期间不再排队；撤销合并后照原判断恢复。")),
    ("paper_state", "firm_id"): Treatment(
        Fate.STAYS, N_("材料清单的登记"), N_("材料本身并入保留企业；齐缺、盖章情况按保留企业重新核对。")
    ),
    ("filing", "firm_id"): Treatment(
        Fate.STAYS, N_("纳统申报"), N_("申报期间的企业不能被并入；已办结的申报留在原登记。")
    ),
    ("recheck", "firm_id"): Treatment(Fate.STAYS, N_("年度复核"), N_("是当年对原登记的复核，不改写。")),
    ("nudge", "firm_id"): Treatment(Fate.STAYS, N_("催办记录"), N_("是当时的催办，不改写。")),
    ("notice", "firm_id"): Treatment(Fate.STAYS, N_("消息"), N_("是当时的消息，不改写。")),
    ("issued_row", "firm_id"): Treatment(
        Fate.STAYS, N_("发出的工作簿"), N_("是发出时的内容；收回时已并入的企业逐格提示，不写入。")
    ),
    ("returned_value", "firm_id"): Treatment(Fate.STAYS, N_("收回的工作簿"), N_("是收回时的内容，不改写。")),
    ("snapshot_row", "firm_id"): Treatment(
        Fate.STAYS, N_("季度快照"), N_("已冻结的季度不改写；合并在下一季度列为更正或变动。")
    ),
    ("snapshot_change", "firm_id"): Treatment(
        Fate.STAYS, N_("季度快照"), N_("已冻结的季度不改写；合并在下一季度列为更正或变动。")
    ),
}
COVERAGE: Mapping[tuple[str, str], Treatment] = MappingProxyType(_COVERAGE)
"""Every foreign key to a firm: what becomes of the rows of the folded entry, and why."""

ALONG: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "credit_code": ("no_code_reason",),
        "division": ("town",),
        "industry": ("industry_year",),
        "unit_kind": ("deemed_approval",),
        "operating_state": ("operating_state_on", "operating_state_source"),
        "capital": ("capital_currency",),
        "contact_name": ("contact_phone",),
    }
)
"""Fields that say something only together, and are taken from one entry together."""
_LED = frozenset(key for group in ALONG.values() for key in group)
CHOSEN = tuple(key for key in FIELDS if key not in _LED)
"""The fields that are chosen one by one."""
KEPT = (*FIELDS, "industry_confirmed", "first_time")
"""All fields of a firm that a merge may change."""

_STATISTICS = (Stage.FILED, Stage.IN_CHAIN, Stage.ENROLLED)


class Codes(StrEnum):
    """How the two credit codes agree."""

    ONE = "one"  # one entry has a code, or none
    ORGANISATION = "organisation"  # the organisation code is the same: the digits before it were issued anew
    DIFFERENT = "different"


CODE_GROUNDS: Mapping[str, str] = MappingProxyType(
    {
        "mistyped": N_("其中一个代码是填报时误填，已见营业执照"),
        "reissued": N_("登记机关换发了代码，已见变更证明"),
        "registered_twice": N_("登记机关误发两个代码，已见注销其一的证明"),
    }
)


@dataclass(frozen=True)
class MergeSide:
    """One of the two entries as the rules look at it."""

    id: int
    name: str
    credit_code: str | None
    organisation_code: str | None
    stage: str
    unit_kind: str | None
    parent_id: int | None
    has_open_proposal: bool
    open_claims: int


@dataclass(frozen=True)
class FieldDifference:
    """A field by both entries; `default` is the winner's but where it has none. Values come with those along."""

    key: str
    winner: tuple[Any, ...]
    folded: tuple[Any, ...]

    @property
    def default(self) -> Pick:
        return Pick.FOLDED if _is_empty(self.winner[0]) and not _is_empty(self.folded[0]) else Pick.WINNER

    @property
    def is_open(self) -> bool:
        """Whether there is anything to choose: a code is not given up for none."""
        gives_up = self.key == "credit_code" and _is_empty(self.folded[0])
        return self.winner != self.folded and not gives_up

    @property
    def is_asked(self) -> bool:
        """Whether a person has to choose: both say something, and not the same."""
        return self.is_open and not _is_empty(self.winner[0]) and not _is_empty(self.folded[0])


@dataclass(frozen=True)
class Clash:
    """A period for which both entries have a figure that counts; amounts in yuan."""

    kind: str
    period: Period
    winner: Decimal
    folded: Decimal

    @property
    def key(self) -> str:
        return figure_key(self.kind, self.period)

    @property
    def default(self) -> Pick | None:
        """Equal amounts need no choice; else a person has to make it: no figure is chosen silently."""
        return Pick.WINNER if self.winner == self.folded else None


def figure_key(kind: str, period: Period) -> str:
    return f"{kind} {period}"


def differences(winner: Mapping[str, Any], folded: Mapping[str, Any]) -> tuple[FieldDifference, ...]:
    """Every field that either entry has, in the order of the directory's columns."""
    rows = (FieldDifference(key, _together(winner, key), _together(folded, key)) for key in CHOSEN)
    return tuple(row for row in rows if not (_is_empty(row.winner[0]) and _is_empty(row.folded[0])))


def taken_over(rows: Sequence[FieldDifference], picks: Mapping[str, Pick]) -> dict[str, Any]:
    """The fields that the winner takes over from the folded entry, with those along."""
    taken: dict[str, Any] = {}
    for row in rows:
        if row.is_open and picks.get(row.key, row.default) is Pick.FOLDED:
            taken |= dict(zip((row.key, *ALONG.get(row.key, ())), row.folded, strict=True))
    return taken


def codes(winner: MergeSide, folded: MergeSide) -> Codes:
    if not winner.credit_code or not folded.credit_code:
        return Codes.ONE
    same = winner.organisation_code is not None and winner.organisation_code == folded.organisation_code
    return Codes.ORGANISATION if same else Codes.DIFFERENT


def rank(stage: str) -> int:
    """How far along: what statistics holds comes before what the city holds, and that before the rest."""
    return 2 if stage in _STATISTICS else 1 if stage in LISTED_STAGES else 0


def suggested(a: MergeSide, b: MergeSide) -> tuple[MergeSide, MergeSide]:
    """Which entry might stay, and which be folded: the one further along, then with a code, then the older."""
    first, second = sorted((a, b), key=lambda side: (-rank(side.stage), not side.credit_code, side.id))
    return first, second


def obstacles(winner: MergeSide, folded: MergeSide) -> tuple[RegistryError, ...]:
    """Everything that has to be settled before the two may be merged; each says what to do."""
    return tuple(_obstacles(winner, folded))


def _obstacles(winner: MergeSide, folded: MergeSide) -> Iterator[RegistryError]:
    if winner.id == folded.id:
        yield RegistryError(errors.MERGE_ITSELF)
        return
    yield from _of_kind(winner, folded)
    yield from _of_stage(winner, folded)
    for side in (winner, folded):
        yield from _unsettled(side)


def _of_kind(winner: MergeSide, folded: MergeSide) -> Iterator[RegistryError]:
    """A branch and its legal person are two units that belong together, never one."""
    kinds = {winner.unit_kind, folded.unit_kind}
    if winner.parent_id == folded.id or folded.parent_id == winner.id:
        yield RegistryError(errors.MERGE_LINKED)
    elif None not in kinds and UnitKind.BRANCH in kinds and len(kinds) > 1:
        yield RegistryError(errors.MERGE_BRANCH)


def _of_stage(winner: MergeSide, folded: MergeSide) -> Iterator[RegistryError]:
    """Who is further along stays; stages of statistics are confirmed by statistics alone, so two of them never meet."""
    if rank(winner.stage) == rank(folded.stage) == rank(Stage.FILED):
        yield RegistryError(errors.MERGE_BOTH_FILED)
    elif rank(folded.stage) > rank(winner.stage):
        yield RegistryError(errors.MERGE_WRONG_WAY, name=folded.name, stage=STAGE_LABELS[folded.stage])


def _unsettled(side: MergeSide) -> Iterator[RegistryError]:
    if side.stage == Stage.MERGED:
        yield RegistryError(errors.MERGE_MERGED, name=side.name)
    if side.has_open_proposal:
        yield RegistryError(errors.MERGE_OPEN_PROPOSAL, name=side.name, stage=STAGE_LABELS[side.stage])
    if side.open_claims:
        yield RegistryError(errors.MERGE_OPEN_CLAIM, name=side.name, count=side.open_claims)


def _together(values: Mapping[str, Any], key: str) -> tuple[Any, ...]:
    return tuple(values[name] for name in (key, *ALONG.get(key, ())))


def _is_empty(value: Any) -> bool:
    return value is None or value == ""


def add(coverage: Mapping[tuple[str, str], Treatment]) -> None:
    """Take in what a merge does with the rows of a feature above. Raises ValueError where that is settled already."""
    if clash := [key for key, treatment in coverage.items() if _COVERAGE.get(key, treatment) != treatment]:
        raise ValueError(f"what a merge does with {clash} is settled already")
    _COVERAGE.update(coverage)
