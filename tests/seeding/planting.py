"""Faults as people and programs make them, planted into files of reference data one at a time, with where they are.

Each kind knows in which cells it can be made, from the description of the file; `plant` makes it in one of them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from registry.rulesets.rules.files import FILES, INVENTED, SPANS, WIDTHS, FileColumn, Form, ReferenceFile

EVERY = (*FILES, WIDTHS, *INVENTED)
Rows = list[list[str]]


@dataclass(frozen=True)
class Planted:
    """What was done to the file; the check has to say `file`, `row` (0: none can be said) and one of `headings`."""

    kind: str
    file: str
    row: int
    headings: tuple[str, ...]
    text: str


@dataclass
class Sheet:
    """One file in the making; `raw` takes the place of its rows where the very bytes are wrong."""

    file: ReferenceFile
    rows: Rows
    random: Random
    raw: bytes | None = None

    @classmethod
    def read(cls, file: ReferenceFile, folder: Path, random: Random) -> Sheet:
        with (folder / file.name).open(encoding="utf-8", newline="") as stream:
            return cls(file, list(csv.reader(stream)), random)

    def write(self, folder: Path) -> None:
        (folder / self.file.name).write_bytes(self.raw if self.raw is not None else self.text().encode())

    def text(self) -> str:
        stream = io.StringIO()
        csv.writer(stream, lineterminator="\n").writerows(self.rows)
        return stream.getvalue()

    def place(self, fits: Callable[[str, FileColumn], bool], *, filled: bool = True) -> tuple[int, str]:
        """A cell of a column that fits: index of its row, heading. Raises LookupError where there is none."""
        found = [
            (at, heading)
            for heading, cell in self.file.columns.items()
            if fits(heading, cell)
            for at in range(1, len(self.rows))
            if not filled or self.get(at, heading)
        ]
        if not found:
            raise LookupError(self.file.name)
        heading = self.random.choice(sorted({heading for _at, heading in found}))
        return self.random.choice([place for place in found if place[1] == heading])

    def get(self, at: int, heading: str) -> str:
        return self.rows[at][self.rows[0].index(heading)]

    def put(self, at: int, heading: str, text: str) -> None:
        self.rows[at][self.rows[0].index(heading)] = text

    def said(self, kind: str, at: int, *headings: str, text: str = "") -> Planted:
        return Planted(kind, self.file.name, at + 1 if at >= 0 else 0, headings, text)


Kind = Callable[[Sheet], Planted]


def _cell(kind: str, fits: Callable[[str, FileColumn], bool], change: Callable[[str], str]) -> Kind:
    """A kind that changes the text of one cell."""

    def plant(sheet: Sheet) -> Planted:
        at, heading = sheet.place(fits)
        text = change(sheet.get(at, heading))
        sheet.put(at, heading, text)
        if not any(sheet.rows[at]):
            raise LookupError(sheet.file.name)  # an empty line is no row
        return sheet.said(kind, at, heading, text=text)

    plant.__name__ = kind
    return plant


def _of(*forms: Form) -> Callable[[str, FileColumn], bool]:
    return lambda _heading, cell: cell.form in forms and not cell.words


def _named(*names: str) -> Callable[[str, FileColumn], bool]:
    return lambda heading, _cell: heading in names


def _required(_heading: str, cell: FileColumn) -> bool:
    return not cell.optional


def _any(_heading: str, _cell: FileColumn) -> bool:
    return True


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text)


def _digits(_heading: str, cell: FileColumn) -> bool:
    return bool(cell.pattern) or cell.form in (Form.WHOLE, Form.NUMBER, Form.YUAN, Form.DAY, Form.YEAR)


def _misread(text: str, was: str, read_as: str) -> str:
    """As a program shows it that took the bytes for another encoding."""
    raw = text.encode(was)
    return raw.decode(read_as, "ignore" if read_as == "gb18030" else "strict")


def _other_code(text: str) -> str:
    """As long and of the same characters, and in no list."""
    return "999999"[: len(text)] if text.isdigit() else "Z" if len(text) == 1 else text.split(maxsplit=1)[0] + "zz"


CELLS: tuple[Kind, ...] = (
    _cell("emptied", _required, lambda _text: ""),
    _cell("source gone", _named("source"), lambda _text: ""),
    _cell("clause gone", _named("clause"), lambda _text: ""),
    _cell("day of check gone", _named("checked_on"), lambda _text: ""),
    _cell("source stands for nothing", _named("source", "clause"), lambda _text: "待填"),
    _cell("space before", _any, lambda text: " " + text),
    _cell("space behind", _any, lambda text: text + " "),
    _cell("ideographic space behind", _any, lambda text: text + "\u3000"),
    _cell("no-break space before", _any, lambda text: "\u00a0" + text),
    _cell("zero-width space behind", _any, lambda text: text + "\u200b"),
    _cell("line break behind", _any, lambda text: text + "\n"),
    _cell("space within a name", _of(Form.WORDS), lambda text: text[:1] + "  " + text[1:]),
    _cell("full-width digits", _digits, _wide),
    _cell("number for a text", _of(Form.WORDS), lambda _text: "12345"),
    _cell("error word of a spreadsheet", _of(Form.WORDS), lambda _text: "#N/A"),
    _cell("question marks", _of(Form.WORDS), lambda text: "?" * len(text)),
    _cell("UTF-8 read as Latin-1", _of(Form.WORDS), lambda text: _misread(text, "utf-8", "latin-1")),
    _cell("GBK read as Latin-1", _of(Form.WORDS), lambda text: _misread(text, "gb18030", "latin-1")),
    _cell("UTF-8 read as GBK", _named("source", "clause", "what"), lambda text: _misread(text, "utf-8", "gb18030")),
    _cell("lost characters", _of(Form.WORDS), lambda text: text[:1] + "\ufffd"),
    _cell("text for a number", _of(Form.WHOLE, Form.NUMBER, Form.YUAN), lambda _text: "若干"),
    _cell("number in words", _of(Form.WHOLE, Form.NUMBER, Form.YUAN), lambda _text: "三"),
    _cell("unit behind a number", _of(Form.WHOLE, Form.NUMBER, Form.YUAN), lambda text: text + "万"),
    _cell("thousands separated", _of(Form.YUAN), lambda text: f"{int(float(text)):,}"),
    _cell("negative", _of(Form.WHOLE, Form.NUMBER, Form.YUAN), lambda text: "-" + text),
    _cell("exponent", _of(Form.WHOLE, Form.NUMBER, Form.YUAN), lambda _text: "2e7"),
    _cell("letter O for nought", _of(Form.YUAN), lambda text: text.replace("0", "O", 1)),
    _cell("万元 for yuan", _of(Form.YUAN), lambda text: str(int(float(text)) // 10_000)),
    _cell("yuan taken for 万元", _of(Form.YUAN), lambda text: str(int(float(text)) * 10_000)),
    _cell("千元 for yuan", _of(Form.YUAN), lambda text: str(int(float(text)) // 1000)),
    _cell("two noughts too many", _of(Form.YUAN), lambda text: str(int(float(text)) * 100)),
    _cell("far too many", _of(Form.WHOLE, Form.NUMBER), lambda text: str(int(float(text)) * 100_000 + 100_000_000)),
    _cell("day that is none", _of(Form.DAY), lambda text: text[:4] + "-02-30"),
    _cell("day written otherwise", _of(Form.DAY), lambda text: text[:4] + "年1月1日"),
    _cell("day as a serial number", _of(Form.DAY), lambda _text: "44197"),
    _cell("day of another century", _of(Form.DAY), lambda text: "1" + "0" + text[2:]),
    _cell("day far ahead", _of(Form.DAY), lambda text: "2" + "1" + text[2:]),
    _cell("year of two digits", _of(Form.YEAR), lambda text: text[2:]),
    _cell("year far ahead", _of(Form.YEAR), lambda _text: "2190"),
    _cell("other word", lambda _heading, cell: bool(cell.words), lambda text: text + "s"),
    _cell("yes in Chinese", _of(Form.YES_NO), lambda _text: "是"),
    _cell("code cut short", lambda _heading, cell: bool(cell.pattern), lambda _text: "#"),
    _cell("parent unknown", lambda _heading, cell: bool(cell.parent), _other_code),
    _cell("checked in days to come", _named("checked_on"), lambda _text: "2098-01-01"),
    _cell("setting nobody reads", _named("key"), lambda text: text + "x"),
    _cell("setting out of its sense", _named("value"), lambda _text: "123456789"),
)


# -- headings and rows ----------------------------------------------------------------------------
def heading_misspelt(sheet: Sheet) -> Planted:
    heading = sheet.random.choice(list(sheet.file.columns))
    sheet.put(0, heading, heading + "s")
    return sheet.said("heading misspelt", 0, heading + "s")


def heading_dropped(sheet: Sheet) -> Planted:
    _several_columns(sheet)
    heading = sheet.random.choice(list(sheet.file.columns))
    at = sheet.rows[0].index(heading)
    sheet.rows = [row[:at] + row[at + 1 :] for row in sheet.rows]
    return sheet.said("column dropped", 0, heading)


def heading_twice(sheet: Sheet) -> Planted:
    heading = sheet.random.choice(list(sheet.file.columns))
    at = sheet.rows[0].index(heading)
    sheet.rows = [[*row, row[at]] for row in sheet.rows]
    return sheet.said("column twice", 0, heading)


def heading_of_another(sheet: Sheet) -> Planted:
    sheet.rows = [[*row, "remark" if at == 0 else "备注"] for at, row in enumerate(sheet.rows)]
    return sheet.said("column nobody reads", 0, "remark")


def row_twice(sheet: Sheet) -> Planted:
    at = sheet.random.randrange(1, len(sheet.rows))
    sheet.rows.append(list(sheet.rows[at]))
    return sheet.said("row twice", len(sheet.rows) - 1, sheet.file.key[0])


def row_too_wide(sheet: Sheet) -> Planted:
    at = sheet.random.randrange(1, len(sheet.rows))
    sheet.rows[at] = [*sheet.rows[at], "多出"]
    return sheet.said("cell beside the columns", at, "")


def _several_columns(sheet: Sheet) -> None:
    if len(sheet.file.columns) == 1:
        raise LookupError(sheet.file.name)  # without its only cell a row is an empty line


def row_cut_short(sheet: Sheet) -> Planted:
    _several_columns(sheet)
    at, last = sheet.random.randrange(1, len(sheet.rows)), list(sheet.file.columns)[-1]
    sheet.rows[at] = sheet.rows[at][:-1]
    return sheet.said("last cell missing", at, last)


def file_without_rows(sheet: Sheet) -> Planted:
    del sheet.rows[1:]
    return sheet.said("no rows", -1, "")


def bytes_broken(sheet: Sheet) -> Planted:
    at = sheet.random.randrange(1, len(sheet.rows))
    lines = sheet.text().encode().split(b"\n")
    lines[at] = lines[at][:-2] + b"\xff\xfe" + lines[at][-2:]
    sheet.raw = b"\n".join(lines)
    return sheet.said("bytes of no encoding", at, "")


def line_in_gbk(sheet: Sheet) -> Planted:
    """One line pasted from a file of another encoding."""
    at = next(at for at in range(len(sheet.rows) - 1, 0, -1) if not "".join(sheet.rows[at]).isascii())
    lines = sheet.text().split("\n")
    sheet.raw = b"\n".join(line.encode("gb18030" if number == at else "utf-8") for number, line in enumerate(lines))
    return sheet.said("line of another encoding", at, "")


def file_in_big5(sheet: Sheet) -> Planted:
    sheet.raw = sheet.text().encode("big5", "ignore")
    return sheet.said("file of another encoding", -1, "")


# -- rows between each other ----------------------------------------------------------------------
def span_turned(sheet: Sheet) -> Planted:
    first, last = sheet.random.choice(SPANS[sheet.file.name])
    at, _ = sheet.place(_named("source"))
    begin, end = ("2022", "2021") if sheet.file.columns[first].form is Form.YEAR else ("2022-01-01", "2021-12-31")
    sheet.put(at, first, begin)
    sheet.put(at, last, end)
    return sheet.said("end before beginning", at, last)


def names_alike(sheet: Sheet) -> Planted:
    names = sheet.random.choice(sheet.file.distinct)
    at = sheet.random.randrange(2, len(sheet.rows))
    if names[0] == "parent":  # two places of one county
        at = len(sheet.rows) - 1
    sheet.put(at, names[-1], sheet.get(at - 1, names[-1]))
    return sheet.said("two of one name", at, names[-1])


def names_swapped(sheet: Sheet) -> Planted:
    at, _ = sheet.place(_named("name"))
    while sheet.get(at, "name") == sheet.get(at, "short_name"):
        at += 1
    name, short = sheet.get(at, "name"), sheet.get(at, "short_name")
    sheet.put(at, "name", short)
    sheet.put(at, "short_name", name)
    return sheet.said("name and short name swapped", at, "short_name")


def word_twice(sheet: Sheet) -> Planted:
    at, heading = sheet.place(lambda _heading, cell: cell.many)
    word = sheet.get(at, heading).split()[0]
    sheet.put(at, heading, f"{sheet.get(at, heading)} {word}")
    return sheet.said("one word twice", at, heading)


def versions(first: str, last: str, next_first: str, kind: str) -> Kind:
    """Two versions of one row that overlap, or leave days between them without a value."""

    def plant(sheet: Sheet) -> Planted:
        at = sheet.random.randrange(1, len(sheet.rows))
        sheet.put(at, "valid_from", first)
        sheet.put(at, "valid_to", last)
        sheet.rows.append(list(sheet.rows[at]))
        sheet.put(len(sheet.rows) - 1, "valid_from", next_first)
        sheet.put(len(sheet.rows) - 1, "valid_to", "")
        return sheet.said(kind, len(sheet.rows) - 1, "valid_from")

    plant.__name__ = kind
    return plant


def line(kind: str, rule: str, heading: str, text: str) -> Kind:
    """A date of one line that leaves a time without a line, or makes two hold at once."""

    def plant(sheet: Sheet) -> Planted:
        at = next(at for at in range(1, len(sheet.rows)) if sheet.get(at, "rule_id") == rule)
        sheet.put(at, heading, text)
        return sheet.said(kind, at, heading, text=text)

    plant.__name__ = kind
    return plant


def at_key(kind: str, key: str, heading: str, text: str, said: str = "") -> Kind:
    """The row whose first cells are `key`, with another text under `heading`."""

    def plant(sheet: Sheet) -> Planted:
        at = next(at for at, row in enumerate(sheet.rows) if ",".join(row).startswith(key))
        sheet.put(at, heading, text)
        return sheet.said(kind, at, said or heading, text=text)

    plant.__name__ = kind
    return plant


def without(kind: str, key: str, heading: str) -> Kind:
    """A row is gone that the others, or the program, cannot be without."""

    def plant(sheet: Sheet) -> Planted:
        sheet.rows = [row for row in sheet.rows if not ",".join(row).startswith(key)]
        return sheet.said(kind, -1, heading)

    plant.__name__ = kind
    return plant


TURNED = (
    span_turned,
    versions("2021-01-01", "2024-12-31", "2024-06-01", "versions overlap"),
    versions("2021-01-01", "2024-12-31", "2025-03-01", "days without a value"),
)
"""For every file whose rows follow each other in versions."""


def ending(kind: str, key: str, heading: str, *, last: str = "2022-12-31", successor: str = "") -> Kind:
    """The row whose first cells are `key` ends, and who follows is wrong."""

    def plant(sheet: Sheet) -> Planted:
        at = next(at for at, row in enumerate(sheet.rows) if ",".join(row).startswith(key))
        sheet.put(at, "valid_to", last)
        sheet.put(at, "successor", successor)
        return sheet.said(kind, at, heading, text=successor)

    plant.__name__ = kind
    return plant


ANYWHERE: tuple[Kind, ...] = (
    *CELLS, heading_misspelt, heading_dropped, heading_twice, heading_of_another, row_twice, row_too_wide,
    row_cut_short, file_without_rows, bytes_broken, line_in_gbk, file_in_big5, word_twice,
)  # fmt: skip
"""Kinds for every file that has a cell for them."""
SOMEWHERE: dict[str, tuple[Kind, ...]] = {
    "divisions.csv": (
        names_alike,
        names_swapped,
        at_key("code of another level", "441521,", "code", "4415210", "code"),
        at_key("town of another county", "441521101,", "parent", "441523"),
        at_key("county counted elsewhere", "441521,", "statistical_county", "441523"),
        at_key("second city", "441521,", "level", "city"),
        at_key("town above itself", "441521101,", "parent", "441521101"),
        *TURNED,
        ending("unknown successor", "441521101,", "successor", successor="441521999"),
        ending("its own successor", "441521101,", "successor", successor="441521101"),
    ),
    "zone_towns.csv": (
        at_key("town of another county", "441581-Z1,441581400", "town", "441521101"),
        at_key("county for a town", "441581-Z1,441581400", "town", "441581"),
        *TURNED,
    ),
    "offices.csv": (
        names_alike,
        names_swapped,
        at_key("county office of a town", "441521,", "division", "441521101"),
        at_key("county office of the city", "441521,", "division", "441500"),
        without("no office of administrators", "system,", "code"),
        *TURNED,
        ending("unknown successor", "market,", "successor", successor="marketing"),
        ending("its own successor", "market,", "successor", successor="market"),
        ending("successor of another kind", "market,", "successor", successor="441521"),
        ending("successor and no end", "market,", "successor", last="", successor="science"),
        ending("statistics ends", "statistics,", "valid_to", successor="tax"),
    ),
    "office_aliases.csv": (
        at_key("alias of another's name", "441502,城区,", "office", "441521"),
        at_key("alias twice", "441502,汕尾市城区,", "alias", "城区"),
        *TURNED,
    ),
    "industries.csv": (
        at_key("class at the level of a group", "2017,6513,", "level", "group", "code"),
        at_key("division in another section", "2017,65,", "section", "M"),
        at_key("class below another group", "2017,6511,", "parent", "652"),
        at_key("source of another edition", "2017,65,", "source", "GB/T 4754—2011", "year"),
    ),
    "industry_map.csv": (
        at_key("split called the same", "6330,6331,", "relation", "same"),
        at_key("same called split", "6311,6311,", "relation", "split"),
    ),
    "thresholds.csv": (
        span_turned,
        word_twice,
        line("months without a line", "OLD-1000", "periodic_to", "2019-11-30"),
        line("year without a line", "OLD-1000", "annual_to", "2017"),
        line("begins too late", "SVC-2000-I", "periodic_from", "2020-03-01"),
        line("begins too late", "SVC-500-Q85", "annual_from", "2020"),
        line("two lines at once", "OLD-1000", "periodic_to", "2020-06-30"),
        line("two lines at once", "OLD-500", "annual_to", "2019"),
        line("begins too early", "SVC-2000-G", "periodic_from", "2019-06-01"),
        line("one industry in two lines", "SVC-1000-M", "industry_prefixes", "M L"),
        line("version skipped", "SVC-1000-M", "version", "3"),
        line("line without an amount", "SVC-1000-M", "amount_yuan", ""),
        line("amount of a qualification", "CON", "amount_yuan", "20000000.00"),
        line("too many people", "OLD-1000", "or_employees", "500000"),
    ),
    "return_reasons.csv": (names_alike, at_key("open and verified", "R10,", "verified", "yes"), *TURNED),
    "exit_reasons.csv": (names_alike, at_key("open and verified", "X10,", "verified", "yes"), *TURNED),
    "materials.csv": (names_alike, *TURNED),
    "routing.csv": (
        at_key("lead that is no bureau", "63,", "lead", "441521"),
        at_key("lead that helps as well", "63,", "co_bureaus", "industry"),
        without("no lead for all others", ",science", "industry_prefix"),
        *TURNED,
    ),
    "holidays.csv": (
        *TURNED,
        at_key("day of another year", "2021-10-01,", "day", "2012-10-01"),
        at_key("day of another year", "2021-10-01,", "day", "2023-10-01"),
        at_key("a weekday makes up", "2021-10-04,", "working", "yes"),
        at_key("another year's notice", "2021-10-01,", "source", "国务院办公厅关于部分节假日安排的通知", "day"),
    ),
    "parameters.csv": (
        span_turned,
        versions("2021-01-01", "2024-12-31", "2024-06-01", "versions overlap"),
        versions("2021-01-01", "2024-12-31", "2025-03-01", "days without a value"),
        at_key("share in percent", "tier.a,", "value", "100"),
        at_key("tiers turned", "tier.b,", "value", "0.40"),
        at_key("reason unknown", "exit.bar_reasons,", "value", "X77"),
        at_key("open and verified", "target.T2,", "verified", "yes"),
        without("a setting that is needed", "review.days,", "key"),
    ),
    "register_words.csv": (),
    "forecast_widths.csv": (
        at_key("decimal point moved", "seasonal,6,", "low", "9.08"),
        at_key("decimal point moved", "run_rate,6,", "high", "14.51"),
        at_key("low above high", "seasonal,6,", "low", "1.2", "high"),
        without("a month is gone", "seasonal,6,", "month"),
    ),
    "demo/people.csv": (at_key("role unknown", "haifeng,", "roles", "clerks"),),
    "demo/streets.csv": (at_key("street of another county", "441521,441521101,", "office", "441581"),),
    "demo/trade_names.csv": (),
    "demo/trades.csv": (),
}


def plans(seed: int, each: int) -> Iterator[tuple[ReferenceFile, Kind, int]]:
    """Every kind that is of one file, and for every file `each` of the others by turns, with a seed for each."""
    kinds, turn = list(ANYWHERE), 0
    Random(seed).shuffle(kinds)
    for file in EVERY:
        for number, kind in enumerate(SOMEWHERE[file.name]):
            yield file, kind, seed * 1000 + number
        for number in range(each):
            yield file, kinds[turn % len(kinds)], seed * 1000 + 500 + number
            turn += 1
