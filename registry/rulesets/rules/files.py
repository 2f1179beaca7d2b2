"""The files of reference data: their columns, what may stand in each, what names a row and what a row refers to.

The one description of each file: whoever reads or checks one of them goes by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from registry.base.vocabulary import OfficeKind, Requirement, Role
from registry.reference.rules.thresholds import Basis, RuleKind
from registry.register.rules import Sector
from registry.rulesets.texts.traces import FIRM_FORMS


class Form(StrEnum):
    """How a cell is written."""

    TEXT = "text"
    WORDS = "words"
    YES_NO = "yes_no"
    WHOLE = "whole"
    NUMBER = "number"
    YUAN = "yuan"
    DAY = "day"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class FileColumn:
    """One column. `words`: the only ones it may hold; `pattern`: of its codes; `parent`: the set that must hold it,
    filled from the row ('industry {year}'); `many`: several, with spaces between; `least`..`most`: what a value of the
    column is likely to be, both included.
    """

    form: Form = Form.TEXT
    optional: bool = False
    words: frozenset[str] = frozenset()
    pattern: str = ""
    parent: str = ""
    many: bool = False
    longest: int = 2000
    least: Any = None
    most: Any = None


@dataclass(frozen=True, slots=True)
class ReferenceFile:
    """`cells`: the columns that its table keeps. `key`: those that name a row. `distinct`: others that no two rows
    share. `proven`: its rows say where they come from, and when that was looked up (`PROOF`). `dated`: its rows may
    follow each other in versions, each with its first and last day, and a row is then named by its key and first day.
    """

    name: str
    key: tuple[str, ...]
    cells: Mapping[str, FileColumn]
    distinct: tuple[tuple[str, ...], ...] = ()
    proven: bool = True

    @property
    def dated(self) -> bool:
        return "valid_to" in self.cells and "valid_from" not in self.key

    @property
    def columns(self) -> Mapping[str, FileColumn]:
        """Every column, in the order of the file."""
        return {**self.cells, **PROOF} if self.proven else self.cells


PROOF: Mapping[str, FileColumn] = MappingProxyType(
    {
        "clause": FileColumn(Form.WORDS, longest=200),
        "checked_on": FileColumn(Form.DAY, least=date(2021, 1, 1), most=date(2099, 12, 31)),
    }
)
"""Beside `source`: the place in it (the plan is of 2021), and the day on which the row was last held against it."""
DIVISION, OFFICE, REASON = "division", "office", "exit reason"
INDUSTRY = "industry"
HOLDERS: Mapping[str, str] = MappingProxyType(
    {DIVISION: "divisions.csv", OFFICE: "offices.csv", REASON: "exit_reasons.csv", INDUSTRY: "industries.csv"}
)
"""Which file holds a set of codes."""
NAMES = frozenset({"name", "short_name", "excluded_reason"})
"""What may change of an office or a place that stays the same."""
LEVELS = ("city", "county", "zone", "town")
"""Of places, downwards."""
YEARS = frozenset({"2011", "2017"})
PRESENT = f"{INDUSTRY} 2017"
"""The classification that rules and routing speak in."""
_PLACE = r"\d{6}(\d{3}|\d{6}|-Z\d{1,2})?"
_CLASS = r"[A-Z]|\d{2,4}"
_OFFICE = r"\d{6}(-Z\d{1,2})?|[a-z]+(-[a-z]+)*"
_SOURCE = FileColumn(Form.WORDS)
_YES_NO = FileColumn(Form.YES_NO)
_FIRST, _LAST = date(1990, 1, 1), date(2099, 12, 31)
"""No rule of ours is older, and none is made for the next century."""
_DAY = FileColumn(Form.DAY, optional=True, least=_FIRST, most=_LAST)
_YEAR = FileColumn(Form.YEAR, optional=True, least=_FIRST.year, most=_LAST.year)
_TIMES = FileColumn(Form.NUMBER, least=Decimal("0.05"), most=Decimal(20))
"""What a figure of part of a year may be multiplied with, to make the year's."""


_DATES: Mapping[str, FileColumn] = {"valid_from": _DAY, "valid_to": _DAY}
"""First and last day of a row; an empty one is open."""


def _words(*words: str) -> FileColumn:
    return FileColumn(words=frozenset(words))


FILES: tuple[ReferenceFile, ...] = (
    ReferenceFile(
        "divisions.csv",
        ("code",),
        {
            "code": FileColumn(pattern=_PLACE, longest=12),
            "name": FileColumn(Form.WORDS, longest=60),
            "short_name": FileColumn(Form.WORDS, longest=30),
            "level": _words(*LEVELS),
            "parent": FileColumn(optional=True, parent=DIVISION),
            "statistical_county": FileColumn(optional=True, parent=DIVISION),
            "excluded_reason": FileColumn(Form.WORDS, optional=True),
            **_DATES,
            "successor": FileColumn(optional=True, parent=DIVISION),
            "source": _SOURCE,
        },
        distinct=(("parent", "level", "name"), ("parent", "level", "short_name")),
    ),
    ReferenceFile(
        "zone_towns.csv",
        ("zone", "town"),
        {"zone": FileColumn(parent=DIVISION), "town": FileColumn(parent=DIVISION), **_DATES, "source": _SOURCE},
    ),
    ReferenceFile(
        "offices.csv",
        ("code",),
        {
            "code": FileColumn(pattern=_OFFICE, longest=32),
            "name": FileColumn(Form.WORDS, longest=80),
            "short_name": FileColumn(Form.WORDS, longest=40),
            "kind": _words(*OfficeKind),
            "division": FileColumn(parent=DIVISION),
            **_DATES,
            "successor": FileColumn(optional=True, parent=OFFICE),
            "source": _SOURCE,
        },
        distinct=(("name",), ("short_name",)),
    ),
    ReferenceFile(
        "office_aliases.csv",
        ("alias",),
        {
            "office": FileColumn(parent=OFFICE),
            "alias": FileColumn(Form.WORDS, longest=80),
            **_DATES,
            "source": _SOURCE,
        },
    ),
    ReferenceFile(
        "industries.csv",
        ("year", "code"),
        {
            "year": FileColumn(Form.WHOLE, words=YEARS),
            "code": FileColumn(pattern=_CLASS),
            "name": FileColumn(Form.WORDS, longest=80),
            "level": _words("section", "division", "group", "class"),
            "parent": FileColumn(optional=True, parent="industry {year}"),
            "section": FileColumn(parent="industry {year}"),
            "in_scope": _YES_NO,
            "source": _SOURCE,
        },
    ),
    ReferenceFile(
        "industry_map.csv",
        ("code_2011", "code_2017"),
        {
            "code_2011": FileColumn(pattern=r"\d{4}", parent="industry 2011"),
            "code_2017": FileColumn(pattern=r"\d{4}", parent=PRESENT),
            "relation": _words("same", "renumbered", "split", "merged"),
            "source": _SOURCE,
            "verified": _YES_NO,
        },
    ),
    ReferenceFile(
        "thresholds.csv",
        ("rule_id", "version"),
        {
            "rule_id": FileColumn(pattern=r"[A-Z0-9][A-Z0-9-]{1,39}"),
            "version": FileColumn(Form.WHOLE, least=1, most=99),
            "kind": _words(*RuleKind),
            "label": FileColumn(Form.WORDS),
            "industry_prefixes": FileColumn(optional=True, parent=PRESENT, many=True),
            "basis": _words(*Basis),
            "amount_yuan": FileColumn(Form.YUAN, optional=True),
            "or_employees": FileColumn(Form.WHOLE, optional=True, least=1, most=5000),
            "annual_from": _YEAR,
            "annual_to": _YEAR,
            "periodic_from": _DAY,
            "periodic_to": _DAY,
            "source": _SOURCE,
            "verified": _YES_NO,
        },
    ),
    ReferenceFile(
        "return_reasons.csv",
        ("code",),
        {
            "code": FileColumn(pattern=r"R\d{2,3}"),
            "reason": FileColumn(Form.WORDS),
            **_DATES,
            "source": _SOURCE,
            "verified": _YES_NO,
        },
        distinct=(("reason",),),
    ),
    ReferenceFile(
        "exit_reasons.csv",
        ("code",),
        {
            "code": FileColumn(pattern=r"X\d{2,3}"),
            "reason": FileColumn(Form.WORDS),
            "actions": FileColumn(words=frozenset({"remove", "delist"}), many=True),
            **_DATES,
            "source": _SOURCE,
            "verified": _YES_NO,
        },
        distinct=(("reason",),),
    ),
    ReferenceFile(
        "materials.csv",
        ("code",),
        {
            "code": FileColumn(pattern=r"M\d{2,3}"),
            "name": FileColumn(Form.WORDS),
            "rule": FileColumn(Form.WORDS),
            "requirement": _words(*Requirement),
            "sealed": _YES_NO,
            "periodic": _YES_NO,
            **_DATES,
            "source": _SOURCE,
        },
        distinct=(("name",),),
    ),
    ReferenceFile(
        "routing.csv",
        ("industry_prefix",),
        {
            "industry_prefix": FileColumn(optional=True, parent=PRESENT),  # empty: every other industry
            "lead": FileColumn(parent=OFFICE),
            "co_bureaus": FileColumn(optional=True, parent=OFFICE, many=True),
            **_DATES,
            "source": _SOURCE,
        },
    ),
    ReferenceFile(
        "holidays.csv",
        ("day",),
        {
            "day": FileColumn(Form.DAY, least=date(2021, 1, 1), most=_LAST),
            "name": FileColumn(Form.WORDS, longest=40),
            "working": _YES_NO,
            **_DATES,
            "source": _SOURCE,
        },
    ),
    ReferenceFile(
        "parameters.csv",
        ("key", "valid_from"),
        {
            "key": FileColumn(pattern=r"[a-z]+(\.[A-Za-z0-9_]+)+", longest=60),
            "value": FileColumn(),
            "valid_from": FileColumn(Form.DAY, least=_FIRST, most=_LAST),
            "valid_to": _DAY,
            "label": FileColumn(Form.WORDS),
            "source": _SOURCE,
            "verified": _YES_NO,
        },
    ),
    ReferenceFile(
        "register_words.csv",
        ("sector", "word"),
        {
            "sector": _words(*Sector),
            "position": _words("name", "scope", "both"),
            "word": FileColumn(Form.WORDS, longest=40),
            "source": _SOURCE,
        },
    ),
)
"""What fills tables, in the order in which their rows refer to each other."""
WIDTHS = ReferenceFile(
    "forecast_widths.csv",
    ("method", "month"),
    {
        "method": _words("seasonal", "run_rate"),
        "month": FileColumn(Form.WHOLE, least=1, most=11),
        "low": _TIMES,
        "high": _TIMES,
        "cases": FileColumn(Form.WHOLE, least=100, most=1_000_000),
        "source": _SOURCE,
    },
)
"""What the back-test measured; read where a forecast is made, and in no table."""
PEOPLE = ReferenceFile(
    "demo/people.csv",
    ("username",),
    {
        "username": FileColumn(pattern=r"[a-z]+", longest=64),
        "name": FileColumn(Form.WORDS, longest=40),
        "office": FileColumn(parent=OFFICE),
        "roles": FileColumn(words=frozenset(Role), many=True),
        "what": FileColumn(Form.WORDS),
    },
    proven=False,
)
STREETS = ReferenceFile(
    "demo/streets.csv",
    ("town", "place"),
    {
        "office": FileColumn(parent=OFFICE),
        "town": FileColumn(parent=DIVISION),
        "place": FileColumn(Form.WORDS, longest=60),
        "prefix": FileColumn(Form.WORDS, longest=20),
    },
    proven=False,
)
TRADE_NAMES = ReferenceFile(
    "demo/trade_names.csv", ("trade_name",), {"trade_name": FileColumn(Form.WORDS, longest=8)}, proven=False
)
TRADES = ReferenceFile(
    "demo/trades.csv",
    ("industry", "words", "form"),
    {
        "industry": FileColumn(pattern=r"\d{4}", parent=PRESENT),
        "words": FileColumn(Form.WORDS, longest=20),
        "form": FileColumn(optional=True, words=FIRM_FORMS),
        "scale": FileColumn(Form.WHOLE, least=1, most=1000),
    },
    proven=False,
)
INVENTED = (PEOPLE, STREETS, TRADE_NAMES, TRADES)
"""What the invented city is made of, in the folder `demo`; it comes from nowhere."""
SPANS: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "thresholds.csv": (("annual_from", "annual_to"), ("periodic_from", "periodic_to")),
        **{file.name: (("valid_from", "valid_to"),) for file in FILES if file.dated},
        "parameters.csv": (("valid_from", "valid_to"),),
    }
)
"""First and last of a range, either of which may be open."""
