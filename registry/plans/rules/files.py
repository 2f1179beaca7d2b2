"""The files of a plan in its folder of `seeds/plans/`: its head, its text, and what the text says as rows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from registry.plans.rules.counting import Counting
from registry.plans.texts import PLACES
from registry.rulesets.rules.files import OFFICE, PRESENT, FileColumn, Form, ReferenceFile

FOLDER = "plans"
HEAD, TEXT, TARGETS, MEASURES, OFFICES, SUBSIDIES, RULES = (
    "plan", "paragraphs", "targets", "measures", "measure_offices", "subsidies", "working_rules",
)  # fmt: skip
_PLACE = FileColumn(pattern=PLACES, longest=20)
_SOURCE = FileColumn(Form.WORDS)
_YEAR = FileColumn(Form.YEAR, least=2000, most=2099)
_YUAN = FileColumn(Form.YUAN, optional=True)


def _titled(**more: FileColumn) -> Mapping[str, FileColumn]:
    return {"code": _PLACE, **more, "source": _SOURCE}


_CELLS: Mapping[str, tuple[tuple[str, ...], Mapping[str, FileColumn]]] = {
    HEAD: (
        ("code",),
        {
            "code": FileColumn(pattern=r"[a-z0-9]+(-[a-z0-9]+)*", longest=32),
            "name": FileColumn(Form.WORDS, longest=120),
            "number": FileColumn(Form.WORDS, optional=True, longest=80),
            "first_year": _YEAR,
            "last_year": _YEAR,
            "edition": FileColumn(Form.WORDS, optional=True, longest=40),
            "valid_from": FileColumn(Form.DAY),
            "source": _SOURCE,
        },
    ),
    TEXT: (("place",), {"place": _PLACE, "text": FileColumn(Form.WORDS, longest=5000)}),
    TARGETS: (
        ("code",),
        {
            "code": FileColumn(pattern=r"T\d{1,2}"),
            "name": FileColumn(Form.WORDS, longest=80),
            "amount": FileColumn(Form.WHOLE, least=1, most=100_000),
            "unit": FileColumn(Form.WORDS, longest=8),
            "kind": FileColumn(words=frozenset(Counting)),
            "industries": FileColumn(optional=True, parent=PRESENT, many=True),
            "counts": FileColumn(Form.WORDS),
            "source": _SOURCE,
        },
    ),
    MEASURES: (
        ("code",),
        _titled(heading=FileColumn(Form.WORDS, longest=120), title=FileColumn(Form.WORDS, longest=120)),
    ),
    OFFICES: (
        ("measure", "office"),
        {
            "measure": _PLACE,
            "printed": FileColumn(Form.WORDS, longest=80),
            "office": FileColumn(parent=OFFICE),
            "source": _SOURCE,
        },
    ),
    SUBSIDIES: (
        ("code",),
        _titled(
            name=FileColumn(Form.WORDS, longest=80),
            share=FileColumn(Form.NUMBER, optional=True, least=Decimal("0.0001"), most=Decimal(1)),
            lump=_YUAN,
            cap=_YUAN,
            cap_public=_YUAN,
            basis=FileColumn(Form.WORDS),
        ),
    ),
    RULES: (("code",), _titled(title=FileColumn(Form.WORDS, longest=120))),
}


def files_of(plan: str) -> Mapping[str, ReferenceFile]:
    """The files of the plan in the folder of this name; where the text comes from stands in its head."""
    return {
        name: ReferenceFile(f"{FOLDER}/{plan}/{name}.csv", key, cells, proven=name != TEXT)
        for name, (key, cells) in _CELLS.items()
    }
