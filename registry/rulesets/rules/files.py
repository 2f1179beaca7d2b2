"""The files of reference data: their columns, what may stand in each, what names a row and what a row refers to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from registry.base.vocabulary import OfficeKind, Requirement
from registry.reference.rules.thresholds import Basis, RuleKind
from registry.register.rules import Sector


class Form(StrEnum):
    """How a cell is written."""

    TEXT = "text"
    YES_NO = "yes_no"
    WHOLE = "whole"
    YUAN = "yuan"
    DAY = "day"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class FileColumn:
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
    cells: Mapping[str, FileColumn]


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
_SOURCE = FileColumn()
_YES_NO = FileColumn(Form.YES_NO)
_DAY = FileColumn(Form.DAY, optional=True)
_YEAR = FileColumn(Form.YEAR, optional=True)


def _words(*words: str) -> FileColumn:
    return FileColumn(words=frozenset(words))


FILES: tuple[ReferenceFile, ...] = (
    ReferenceFile(
        "divisions.csv",
        ("code",),
        {
            "code": FileColumn(pattern=_PLACE, longest=12),
            "name": FileColumn(longest=60),
            "short_name": FileColumn(longest=30),
            "level": _words(*LEVELS),
            "parent": FileColumn(optional=True, parent=DIVISION),
            "statistical_county": FileColumn(optional=True, parent=DIVISION),
            "excluded_reason": FileColumn(optional=True),
            "source": _SOURCE,
        },
    ),
    ReferenceFile(
        "zone_towns.csv",
        ("zone", "town"),
        {"zone": FileColumn(parent=DIVISION), "town": FileColumn(parent=DIVISION), "source": _SOURCE},
    ),
    ReferenceFile(
        "offices.csv",
        ("code",),
        {
            "code": FileColumn(longest=32),
            "name": FileColumn(longest=80),
            "short_name": FileColumn(longest=40),
            "kind": _words(*OfficeKind),
            "division": FileColumn(parent=DIVISION),
            "source": _SOURCE,
        },
    ),
    ReferenceFile(
        "office_aliases.csv",
        ("alias",),
        {"office": FileColumn(parent=OFFICE), "alias": FileColumn(longest=80), "source": _SOURCE},
    ),
    ReferenceFile(
        "industries.csv",
        ("year", "code"),
        {
            "year": FileColumn(Form.WHOLE, words=YEARS),
            "code": FileColumn(pattern=_CLASS),
            "name": FileColumn(longest=80),
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
            "code_2011": FileColumn(parent="industry 2011"),
            "code_2017": FileColumn(parent=PRESENT),
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
            "version": FileColumn(Form.WHOLE),
            "kind": _words(*RuleKind),
            "label": FileColumn(),
            "industry_prefixes": FileColumn(optional=True, parent=PRESENT, many=True),
            "basis": _words(*Basis),
            "amount_yuan": FileColumn(Form.YUAN, optional=True),
            "or_employees": FileColumn(Form.WHOLE, optional=True),
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
        {"code": FileColumn(pattern=r"R\d{2,3}"), "reason": FileColumn(), "source": _SOURCE, "verified": _YES_NO},
    ),
    ReferenceFile(
        "exit_reasons.csv",
        ("code",),
        {
            "code": FileColumn(pattern=r"X\d{2,3}"),
            "reason": FileColumn(),
            "actions": FileColumn(words=frozenset({"remove", "delist"}), many=True),
            "source": _SOURCE,
            "verified": _YES_NO,
        },
    ),
    ReferenceFile(
        "materials.csv",
        ("code",),
        {
            "code": FileColumn(pattern=r"M\d{2,3}"),
            "name": FileColumn(),
            "rule": FileColumn(),
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
            "industry_prefix": FileColumn(optional=True, parent=PRESENT),  # empty: every other industry
            "lead": FileColumn(parent=OFFICE),
            "co_bureaus": FileColumn(optional=True, parent=OFFICE, many=True),
            "source": _SOURCE,
        },
    ),
    ReferenceFile(
        "parameters.csv",
        ("key", "valid_from"),
        {
            "key": FileColumn(pattern=r"[a-z]+(\.[A-Za-z0-9_]+)+", longest=60),
            "value": FileColumn(),
            "valid_from": FileColumn(Form.DAY),
            "valid_to": _DAY,
            "label": FileColumn(),
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
            "word": FileColumn(longest=40),
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
