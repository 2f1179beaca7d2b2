"""A kind of case as data: its fields, conditions, papers, steps and terms, what comes out of it, and its settings.

One definition is one JSON object (of `kind.toml` in a folder of `seeds/cases/`); `rules.kindfile` checks it first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Applicant(StrEnum):
    """For whom a case may be entered: a firm of the directory, an institution, a body that is neither, a case."""

    FIRM = "firm"
    INSTITUTION = "institution"
    BODY = "body"
    CASE = "case"


class FieldType(StrEnum):
    TEXT = "text"
    LONG = "long"
    YUAN = "yuan"
    NUMBER = "number"
    WHOLE = "whole"
    DAY = "day"
    CHOICE = "choice"
    YES_NO = "yes_no"


class Doer(StrEnum):
    """Who takes a step."""

    CLERK = "clerk"
    BUREAU = "bureau"
    CITY = "city"
    FINANCE = "finance"


class Guard(StrEnum):
    """What a step asks for before it is taken.

    `complete`: every required field and paper; `met`: no condition is against it; `noticed`: a public notice is over
    and no objection is open; `opinions`: as many experts as the kind asks for, all opened; `another`: a person who
    had no hand in it since it was last submitted; `follows`: a person other than whoever took the step before;
    `within`, `above`: the award is at most, or above, what one may approve; `reason`: a reason is given; `firm`: the
    case leads to a firm of the directory; `listed`: that firm is in the directory; `budget`: what the year has left is
    enough.
    """

    COMPLETE = "complete"
    MET = "met"
    NOTICED = "noticed"
    OPINIONS = "opinions"
    ANOTHER = "another"
    FOLLOWS = "follows"
    WITHIN = "within"
    ABOVE = "above"
    REASON = "reason"
    FIRM = "firm"
    LISTED = "listed"
    BUDGET = "budget"


class Effect(StrEnum):
    """What a step does beside moving the case.

    `enter`: what the case uses is taken from now on; `back`: cells may be sent back with it; `decide`: its person had a
    part in the decision; `award`: the award is worked out and stands; `certify`, `withdraw`: a certificate is given,
    or taken back; `release`: what the case used is free again; `money`: only paying and what the bank says takes it.
    """

    ENTER = "enter"
    BACK = "back"
    DECIDE = "decide"
    AWARD = "award"
    CERTIFY = "certify"
    WITHDRAW = "withdraw"
    RELEASE = "release"
    MONEY = "money"


class StateKind(StrEnum):
    """`draft`: still being entered; `open`: under way; `good`, `bad`: it ended, for or against."""

    DRAFT = "draft"
    OPEN = "open"
    GOOD = "good"
    BAD = "bad"


class Outcome(StrEnum):
    PAYMENT = "payment"
    CERTIFICATE = "certificate"
    REGISTRATION = "registration"
    NONE = "none"


COUNTS = frozenset({"institution", "introduced", "cultivated"})
"""What a case that ended well may count as, in the words of a plan's targets."""


APPLICANT = "@applicant"
"""What a rule of things used once may name beside fields: whoever the case is for."""


class KeyRule(StrEnum):
    """What may be used once only, and how it is told apart (`rules.identities`)."""

    INVOICE = "invoice"
    EQUIPMENT = "equipment"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class KindField:
    """`list`: the list whose rows it is a column of, empty for the case itself."""

    code: str
    name: str
    type: FieldType = FieldType.TEXT
    list: str = ""
    unit: str = ""
    required: bool = True
    choices: tuple[str, ...] = ()
    help: str = ""

    @property
    def is_amount(self) -> bool:
        return self.type in (FieldType.YUAN, FieldType.NUMBER, FieldType.WHOLE)


@dataclass(frozen=True, slots=True)
class RowList:
    """Rows that a case holds (invoices, equipment); `paper`: that of the case which proves them."""

    code: str
    name: str
    paper: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Condition:
    """`value`: a field, `sum(list.field)`, `count(list)` or `part(field, field)`; `line` a number, word, setting."""

    code: str
    name: str
    value: str
    op: str
    line: str
    source: str
    verified: bool = True
    paper: str = ""


@dataclass(frozen=True, slots=True)
class KindPaper:
    """`period`: the year whose paper it must be: `none`, `cohort` or `last` (the year before the case)."""

    code: str
    name: str
    required: bool = True
    period: str = "none"
    condition: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class CaseState:
    """`aside`: beside the road that a case goes, and shown only while it stands there."""

    code: str
    name: str
    kind: StateKind = StateKind.OPEN
    aside: bool = False


@dataclass(frozen=True, slots=True)
class CaseStep:
    """From one of `start` to `end` by `who`; in the new state it may take `term` working days (number, setting)."""

    verb: str
    name: str
    start: tuple[str, ...]
    end: str
    who: Doer
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()
    term: str = ""


@dataclass(frozen=True, slots=True)
class KindSetting:
    """`stated`: the plan says it; else the value is this city's choice, and shown as not stated in the plan."""

    code: str
    name: str
    value: str
    unit: str = ""
    stated: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Award:
    """`lump`, or `rate` of `basis`, at most `cap` (each a setting); `when`: field and word for which it holds."""

    basis: str = ""
    rate: str = ""
    cap: str = ""
    lump: str = ""
    when: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class OnceOnly:
    """What no two cases may use: `list` of rows, or the `fields` of the case, in one `space` across kinds."""

    space: str
    rule: KeyRule
    list: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """What an expert scores, from 0 to `most`."""

    code: str
    name: str
    most: int


@dataclass(frozen=True)
class Kind:
    """One edition of a kind. Amounts in its settings are yuan.

    `about`: which cases one about a case may be about: `noticed` (there is a public notice) or `refused`.
    `institutions`: of which kinds an institution may be; empty is any.
    """

    code: str
    name: str
    group: str
    applicants: tuple[Applicant, ...]
    bureau: str
    outcome: Outcome
    source: str
    about: str = ""
    institutions: tuple[str, ...] = ()
    cohorts: bool = False
    counts: str = ""
    title: str = ""
    fields: tuple[KindField, ...] = ()
    lists: tuple[RowList, ...] = ()
    conditions: tuple[Condition, ...] = ()
    papers: tuple[KindPaper, ...] = ()
    states: tuple[CaseState, ...] = ()
    steps: tuple[CaseStep, ...] = ()
    settings: tuple[KindSetting, ...] = ()
    awards: tuple[Award, ...] = ()
    once: tuple[OnceOnly, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def of_case(self) -> tuple[KindField, ...]:
        return tuple(one for one in self.fields if not one.list)

    def columns(self, name: str) -> tuple[KindField, ...]:
        """Of the rows of a list."""
        return tuple(one for one in self.fields if one.list == name)

    def state(self, code: str) -> CaseState:
        return next(one for one in self.states if one.code == code)

    @property
    def money_states(self) -> frozenset[str]:
        """Where paying finds a case, where it leaves it, and where it waits on a way that leads back there."""
        paying = [step for step in self.steps if Effect.MONEY in step.effects]
        found = {state for step in paying for state in (*step.start, step.end)}
        aside = {step.end for step in self.steps if found & set(step.start)} - found
        return frozenset(found | {one for one in aside if any(step.end in found for step in self.steps_from(one))})

    @property
    def first(self) -> str:
        """The state in which a case is begun."""
        return self.states[0].code

    def codes(self, *kinds: StateKind) -> tuple[str, ...]:
        return tuple(one.code for one in self.states if one.kind in kinds)

    def steps_from(self, state: str) -> tuple[CaseStep, ...]:
        return tuple(one for one in self.steps if state in one.start)

    def turn(self, state: str) -> str:
        """Whose step takes a case on from there, as `,clerk,bureau,`; not to drop or pay it."""
        doers = {
            step.who
            for step in self.steps_from(state)
            if Effect.MONEY not in step.effects and step.end != state and self.state(step.end).kind is not StateKind.BAD
        }
        open_still = self.state(state).kind in (StateKind.DRAFT, StateKind.OPEN)
        return f",{','.join(sorted(doers))}," if doers and open_still else ""

    def setting(self, code: str) -> KindSetting | None:
        return next((one for one in self.settings if one.code == code), None)

    def line(self, text: str) -> str:
        """The value of the setting of that name, or the text itself."""
        found = self.setting(text)
        return found.value if found else text

    def number(self, text: str) -> Decimal:
        """As `line`, as a number; `rules.kindfile` has seen to it that it is one."""
        return Decimal(self.line(text))

    def whole(self, code: str, default: int = 0) -> int:
        found = self.setting(code)
        return int(Decimal(found.value)) if found else default

    def paper(self, code: str) -> KindPaper | None:
        return next((one for one in self.papers if one.code == code), None)

    def labels(self) -> dict[str, str]:
        """What the cells of a case are called: fields, lists and papers by their code."""
        named: Iterable[Any] = (*self.of_case, *self.lists, *self.papers)
        return {one.code: one.name for one in named}


def kind_of(definition: Mapping[str, Any]) -> Kind:
    """The kind that a checked definition speaks of."""
    tables: dict[str, Any] = {name: definition.get(name, []) for name in TABLES}
    return Kind(
        **{name: definition[name] for name in ("code", "name", "group", "bureau", "source")},
        applicants=tuple(Applicant(one) for one in definition["applicants"]),
        outcome=Outcome(definition["outcome"]),
        cohorts=definition.get("cohorts", False),
        counts=definition.get("counts", ""),
        about=definition.get("about", ""),
        institutions=tuple(definition.get("institutions", ())),
        title=definition.get("title", ""),
        fields=tuple(_field(row) for row in tables["field"]),
        lists=tuple(RowList(**row) for row in tables["list"]),
        conditions=tuple(Condition(**row | {"line": str(row["line"])}) for row in tables["condition"]),
        papers=tuple(KindPaper(**row) for row in tables["paper"]),
        states=tuple(CaseState(**row | {"kind": StateKind(row.get("kind", "open"))}) for row in tables["state"]),
        steps=tuple(_step(row) for row in tables["step"]),
        settings=tuple(KindSetting(**row | {"value": str(row["value"])}) for row in tables["setting"]),
        awards=tuple(Award(**row | {"when": tuple(row.get("when", ("", "")))}) for row in tables["award"]),
        once=tuple(_once(row) for row in tables["once"]),
        criteria=tuple(Criterion(**row) for row in tables["criterion"]),
        texts=definition.get("text", {}),
    )


TABLES = (
    "field", "list", "condition", "paper", "state", "step", "setting", "award", "once", "criterion",
)  # fmt: skip
"""The lists of a definition, by the word that stands in the file."""


def _field(row: Mapping[str, Any]) -> KindField:
    typed = {"type": FieldType(row.get("type", "text")), "choices": tuple(row.get("choices", ()))}
    return KindField(**{**row, **typed})


def _step(row: Mapping[str, Any]) -> CaseStep:
    return CaseStep(
        row["verb"], row["name"], tuple(row["from"]), row["to"], Doer(row["who"]),
        tuple(Guard(one) for one in row.get("guards", ())), tuple(Effect(one) for one in row.get("effects", ())),
        str(row.get("term", "")),
    )  # fmt: skip


def _once(row: Mapping[str, Any]) -> OnceOnly:
    return OnceOnly(row["space"], KeyRule(row["rule"]), row.get("list", ""), tuple(row.get("fields", ())))
