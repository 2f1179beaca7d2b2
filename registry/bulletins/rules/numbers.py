"""The numbers that a bulletin may use: by key, and what there is one each of (targets, measures, tasks, places)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.bulletins import texts
from registry.bulletins.rules.wording import BoundNumber

EACH = {label: name for name, label in texts.EACH.items()}
_FIGURES = {**texts.FIRMS, **texts.CHANGES}
OF_ITEM: Mapping[str, Mapping[str, str]] = {
    "target": texts.TARGET,
    "measure": texts.MEASURE,
    "task": texts.TASK,
    "late": texts.TASK,
    "place": {**texts.PLACE, **_FIGURES},
    "uncertified": texts.CERTIFICATE,
    "voucher": texts.VOUCHER,
}
"""Kind of item -> code of a number -> the word by which wordings know it."""
CITY_NAMES: Mapping[str, str] = {
    **texts.PERIOD,
    **_FIGURES,
    **{f"year_{name}": label for name, label in texts.YEAR.items()},
    **texts.DERIVED,
}
"""Numbers of the whole city: code -> the name that wordings use."""


@dataclass(frozen=True)
class QuarterNumbers:
    """`items`: of each kind (`texts.EACH`) the items in their order."""

    numbers: Mapping[str, BoundNumber]
    items: Mapping[str, Sequence[str]]

    def of_item(self, each: str, item: str) -> Callable[[str], BoundNumber]:
        """A number by the name that a line of wording uses, for one item or (`each` empty) the city."""
        prefix = texts.IN_WORDING.format(kind=texts.EACH[each], name="") if each else None

        def number(name: str) -> BoundNumber:
            if prefix and name.startswith(prefix):
                name = item_key(each, item, name.removeprefix(prefix))
            return self.numbers.get(name, BoundNumber(name, "", 0))

        return number


def item_key(each: str, item: str, name: str) -> str:
    """The key of an item's number; a late task is a task."""
    kind = texts.EACH["task" if each == "late" else each]
    return texts.ITEM_KEY.format(kind=kind, item=item, name=name)


def label_of(each: str, code: str) -> str:
    """The word by which wordings know a number of an item."""
    return OF_ITEM[each][code]


def city_key(code: str) -> str:
    return CITY_NAMES[code]


def described(numbers: QuarterNumbers, key: str) -> str:
    """What a number is, for a reader: `海丰县：在库`; one of the city by its name alone."""
    item, _, name = key.rpartition(".")
    kind, _, which = item.partition(":")
    for named in (texts.PLACE["name"], texts.CERTIFICATE["office"]) if item else ():
        known = numbers.numbers.get(texts.ITEM_KEY.format(kind=kind, item=which, name=named))
        if known is not None:
            return texts.DESCRIBED.format(of=known.shown, name=name)
    return texts.DESCRIBED.format(of=which, name=name) if item else name


def is_known(name: str, each: str) -> bool:
    """Whether a line that stands for `each` may use this name."""
    if name in CITY_NAMES.values():
        return True
    kind, _, rest = name.partition(".")
    return bool(each) and kind == texts.EACH[each] and rest in OF_ITEM[each].values()


def names() -> Iterator[tuple[str, list[str]]]:
    """What wordings may use: for the city and for each kind of item, the names as they are written."""
    yield "", list(CITY_NAMES.values())
    for each, found in OF_ITEM.items():
        yield each, [texts.IN_WORDING.format(kind=texts.EACH[each], name=label) for label in found.values()]


def kept(found: QuarterNumbers) -> dict[str, Any]:
    """As it stands with a bulletin."""
    return {
        "numbers": {key: [one.shown, one.value, one.office_id] for key, one in found.numbers.items()},
        "items": {each: list(items) for each, items in found.items.items()},
    }


def read_back(values: Mapping[str, Any]) -> QuarterNumbers:
    numbers = {key: BoundNumber(key, *one) for key, one in values["numbers"].items()}
    return QuarterNumbers(numbers, values["items"])
