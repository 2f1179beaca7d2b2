"""The rows of a quarter as closing would freeze them now, in canonical text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.firms.models.firms import Firm
from registry.pathway.queries import directory
from registry.pathway.rules.position import Position
from registry.quarters.queries.concerned import Concerned
from registry.quarters.rules.frozen import canonical

CHUNK = 1_000


def spans(quarter: Quarter) -> Iterator[tuple[int, int]]:
    """First and last id of firms that fit into memory together."""
    ids = list(db.session.scalars(directory.ever_listed(None, quarter.last).order_by(Firm.id)))
    for start in range(0, len(ids), CHUNK):
        yield ids[start], ids[min(start + CHUNK, len(ids)) - 1]


def texts(found: Concerned) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Each row with its canonical text."""
    for firm_id, row in found.rows.items():
        yield row, canonical(_frozen(firm_id, row, found))


def _frozen(firm_id: int, row: Mapping[str, Any], found: Concerned) -> dict[str, Any]:
    figures = [
        {
            "id": figure.id, "revision": figure.revision, "kind": figure.fact.kind, "period": figure.fact.period.label,
            "amount": figure.fact.amount, "paper": figure.fact.paper, "documented": figure.fact.documented,
        }
        for figure in sorted(found.figures.get(firm_id, []), key=lambda figure: figure.id)
    ]  # fmt: skip
    verdicts = _verdicts(found.positions[firm_id])
    return {**row, "held": firm_id in found.held, "figures": figures, "verdicts": verdicts}


def _verdicts(position: Position) -> list[dict[str, Any]]:
    return [
        {
            "code": found.code, "verdict": found.verdict, "note": found.note, "value": found.value, "line": found.line,
            "rule": found.rule_id, "version": found.version,
        }
        for found in position.conditions
    ]  # fmt: skip
