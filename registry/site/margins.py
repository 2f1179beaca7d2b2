"""What a chart says of its lines, beside the drawing and never over it: each word at its height, moved apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SIZE = 14
"""Of the words of a chart, which is shown a little smaller than it is drawn."""
_APART = 17


@dataclass(frozen=True)
class Margin:
    """One line's name, at the amount (万元) where the line ends."""

    amount: float
    text: str
    colour: str
    bold: bool = False


def top_of(amounts: Sequence[float]) -> float:
    """Where the axis ends: a round number over the largest amount."""
    largest = max(amounts, default=0.0) * 1.04
    if largest <= 0:
        return 1.0
    step: float = 10.0 ** (len(str(int(largest))) - 1)
    return next(step * part for part in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * part >= largest)


def beside(margins: Sequence[Margin], *, top: float, width: int, height: int) -> list[dict[str, Any]]:
    """The words to the right of the drawing; those of lines that end close to each other stand one below the other."""
    falling = sorted(margins, key=lambda one: -one.amount)
    places = _apart([height * (1 - one.amount / top) for one in falling], height)
    return [_text(one, width, place) for one, place in zip(falling, places, strict=True)]


def _apart(wanted: Sequence[float], height: int) -> list[float]:
    places: list[float] = []
    for place in wanted:
        places.append(max(place, places[-1] + _APART) if places else max(place, 0))
    for number in range(len(places) - 1, -1, -1):  # the last ones may have been pushed below the ground
        room = height - _APART * (len(places) - 1 - number)
        places[number] = min(places[number], room)
    return places


def _text(margin: Margin, width: int, place: float) -> dict[str, Any]:
    mark: dict[str, Any] = {"type": "text", "align": "left", "baseline": "middle", "fill": margin.colour}
    if margin.bold:
        mark["fontWeight"] = 600
    return {
        "data": {"values": [{"label": margin.text}]},
        "mark": mark,
        "encoding": {
            "x": {"value": width + 8},
            "y": {"value": round(place, 1)},
            "text": {"field": "label", "type": "nominal"},
        },
    }
