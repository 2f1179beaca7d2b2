"""The files of reference data: their columns, what may stand in each, what names a row and what a row refers to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from registry.domain.intake import Requirement
from registry.domain.register import Sector
from registry.domain.thresholds import Basis, RuleKind
from registry.domain.vocabulary import OfficeKind


class Form(StrEnum):
    """How a cell is written."""

    TEXT = "text"
    YES_NO = "yes_no"
    WHOLE = "whole"
    YUAN = "yuan"
    DAY = "day"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Cell:
    """One column. `words`: the only ones it may hold; `pattern`: of its codes; `parent`: the set that must hold it,
    filled from the row ('industry {year}'); `many`: several, with spaces between.
    """

    form: Form = Form.TEXT
    optional: bool = False
    words: frozenset[str] = frozenset()
    pattern: str = ""
    parent: str = ""
    many: bool = False
    longest: int = 2000


@dataclass(frozen=True, slots=True)
class ReferenceFile:
    """`key`: the columns that name a row."""

    name: str
    key: tuple[str, ...]
    cells: Mapping[str, Cell]


DIVISION, OFFICE, REASON = "division", "office", "exit reason"
INDUSTRY = "industry"
HOLDERS: Mapping[str, str] = MappingProxyType(
    {DIVISION: "divisions.csv", OFFICE: "offices.csv", REASON: "exit_reasons.csv", INDUSTRY: "industries.csv"}
)
"""Which file holds a set of codes."""
LEVELS = ("city", "county", "zone", "town")
"""Of places, downwards."""
YEARS = frozenset({"2011", "2017"})
PRESENT = f"{INDUSTRY} 2017"
"""The classification that rules and routing speak in."""
_PLACE = r"\d{6}(\d{3}|\d{6}|-Z\d{1,2})?"
_CLASS = r"[A-Z]|\d{2,4}"
_SOURCE = Cell()
_YES_NO = Cell(Form.YES_NO)
_DAY = Cell(Form.DAY, optional=True)
_YEAR = Cell(Form.YEAR, optional=True)


def _words(*words: str) -> Cell:
    return Cell(words=frozenset(words))


FILES: tuple[ReferenceFile, ...] = (
    ReferenceFile(
        "divisions.csv",
        ("code",),
        {
            "code": Cell(pattern=_PLACE, longest=12),
            "name": Cell(longest=60),
            "short_name": Cell(longest=30),
            "level": _words(*LEVELS),
            "parent": Cell(optional=True, parent=DIVISION),
            "statistical_county": Cell(optional=True, parent=DIVISION),
            "excluded_reason": Cell(optional=True),
            "source": _SOURCE,
        },
    ),
    ReferenceFile(
        "zone_towns.csv",
        ("zone", "town"),
        {"zone": Cell(parent=DIVISION), "town": Cell(parent=DIVISION), "source": _SOURCE},
    ),
    ReferenceFile(
        "offices.csv",
        ("code",),
        {
            "code": Cell(longest=32),
            "name": Cell(longest=80),
            "short_name": Cell(longest=40),
            "kind": _words(*OfficeKind),
            "division": Cell(parent=DIVISION),
            "source": _SOURCE,
        },
    ),
    ReferenceFile(
        "office_aliases.csv",
        ("alias",),
        {"office": Cell(parent=OFFICE), "alias": Cell(longest=80), "source": _SOURCE},
    ),
    ReferenceFile(
        "industries.csv",
        ("year", "code"),
        {
            "year": Cell(Form.WHOLE, words=YEARS),
            "code": Cell(pattern=_CLASS),
            "name": Cell(longest=80),
            "level": _words("section", "division", "group", "class"),
            "parent": Cell(optional=True, parent="industry {year}"),
            "section": Cell(parent="industry {year}"),
            "in_scope": _YES_NO,
            "source": _SOURCE,
        },
    ),
    ReferenceFile(
        "industry_map.csv",
        ("code_2011", "code_2017"),
        {
            "code_2011": Cell(parent="industry 2011"),
            "code_2017": Cell(parent=PRESENT),
            "relation": _words("same", "renumbered", "split", "merged"),
            "source": _SOURCE,
            "verified": _YES_NO,
        },
    ),
    ReferenceFile(
        "thresholds.csv",
        ("rule_id", "version"),
        {
            "rule_id": Cell(pattern=r"[A-Z0-9][A-Z0-9-]{1,39}"),
            "version": Cell(Form.WHOLE),
            "kind": _words(*RuleKind),
            "label": Cell(),
            "industry_prefixes": Cell(optional=True, parent=PRESENT, many=True),
            "basis": _words(*Basis),
            "amount_yuan": Cell(Form.YUAN, optional=True),
            "or_employees": Cell(Form.WHOLE, optional=True),
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
        {"code": Cell(pattern=r"R\d{2,3}"), "reason": Cell(), "source": _SOURCE, "verified": _YES_NO},
    ),
    ReferenceFile(
        "exit_reasons.csv",
        ("code",),
        {
            "code": Cell(pattern=r"X\d{2,3}"),
            "reason": Cell(),
            "actions": Cell(words=frozenset({"remove", "delist"}), many=True),
            "source": _SOURCE,
            "verified": _YES_NO,
        },
    ),
    ReferenceFile(
        "materials.csv",
        ("code",),
        {
            "code": Cell(pattern=r"M\d{2,3}"),
            "name": Cell(),
            "rule": Cell(),
            "requirement": _words(*Requirement),
            "sealed": _YES_NO,
            "periodic": _YES_NO,
            "valid_from": _DAY,
            "valid_to": _DAY,
            "source": _SOURCE,
        },
    ),
    ReferenceFile(
        "routing.csv",
        ("industry_prefix",),
        {
            "industry_prefix": Cell(optional=True, parent=PRESENT),  # empty: every other industry
            "lead": Cell(parent=OFFICE),
            "co_bureaus": Cell(optional=True, parent=OFFICE, many=True),
            "source": _SOURCE,
        },
    ),
    ReferenceFile(
        "parameters.csv",
        ("key", "valid_from"),
        {
            "key": Cell(pattern=r"[a-z]+(\.[A-Za-z0-9_]+)+", longest=60),
            "value": Cell(),
            "valid_from": Cell(Form.DAY),
            "valid_to": _DAY,
            "label": Cell(),
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
            "word": Cell(longest=40),
            "source": _SOURCE,
        },
    ),
)
"""In the order in which their rows refer to each other."""
SPANS: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "thresholds.csv": (("annual_from", "annual_to"), ("periodic_from", "periodic_to")),
        "materials.csv": (("valid_from", "valid_to"),),
        "parameters.csv": (("valid_from", "valid_to"),),
    }
)
"""First and last of a range, either of which may be open."""
