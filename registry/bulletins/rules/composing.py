"""The text of a bulletin out of a wording and the numbers of a quarter; nothing is said about what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile

from registry.bulletins import texts
from registry.bulletins.rules.numbers import EACH, QuarterNumbers, is_known
from registry.bulletins.rules.wording import HEADINGS, Level, WordingFault, faults, filled

Line = Mapping[str, str]
"""`level`, `each` (a word of `texts.EACH`, or empty), `when` (a number that must not be nought), `text`."""
Paragraph = tuple[Level, str]


def line_faults(lines: Iterable[Line]) -> Iterator[tuple[int, str, str]]:
    """What keeps a wording from being saved: (line, key of `texts.WORDING_FAULTS`, the part that is wrong)."""
    titles = 0
    for number, line in enumerate(lines, start=1):
        if line["level"] == Level.TITLE:
            titles += 2 if line["each"] or line["when"] else 1
        if line["level"] not in set(Level):
            yield number, "level", line["level"]
        if line["each"] and line["each"] not in EACH:
            yield number, "each", line["each"]
            continue
        each = EACH.get(line["each"], "")
        if line["when"] and not is_known(line["when"], each):
            yield number, "when", line["when"]
        for fault, part in faults(line["text"], lambda name, each=each: is_known(name, each)):  # type: ignore[misc]
            yield number, str(fault), part
        if not line["text"].strip():
            yield number, str(WordingFault.BRACES), ""
    if titles != 1:
        yield 0, "title", ""


def composed(lines: Iterable[Line], numbers: QuarterNumbers) -> list[Paragraph]:
    """The paragraphs in their order; headings with nothing under them are left out."""
    return list(_without_bare_headings([one for line in lines for one in _of_line(line, numbers)]))


def _of_line(line: Line, numbers: QuarterNumbers) -> Iterator[Paragraph]:
    each = EACH.get(line["each"], "")
    for item in numbers.items.get(each, ()) if each else ("",):
        number = numbers.of_item(each, item)
        if line["when"] and number(line["when"]).is_empty:
            continue
        yield Level(line["level"]), filled(line["text"], number)


def _without_bare_headings(found: list[Paragraph]) -> Iterator[Paragraph]:
    for place, (level, text) in enumerate(found):
        own = HEADINGS.get(level, 0)
        under = takewhile(lambda after: HEADINGS.get(after, 9) > own, (after for after, _ in found[place + 1 :]))  # noqa: B023
        if not own or any(after is Level.BODY for after in under):
            yield level, text


def printed_headings(paragraphs: Iterable[Paragraph]) -> Iterator[str]:
    """The number of each paragraph that is a heading, "" of any other, in order."""
    first = second = 0
    for level, _ in paragraphs:
        if level is Level.FIRST:
            first, second = first + 1, 0
            yield texts.FIRST_HEADING.format(number=numeral(first), text="")
        elif level is Level.SECOND:
            second += 1
            yield texts.SECOND_HEADING.format(number=numeral(second), text="")
        else:
            yield ""


def numeral(number: int) -> str:
    """1..99 in characters."""
    digits = texts.FIRST_NUMBERS
    tens, ones = divmod(number, 10)
    last = digits[ones - 1] if ones else ""
    if not tens:
        return last
    return (digits[tens - 1] if tens > 1 else "") + digits[9] + last
