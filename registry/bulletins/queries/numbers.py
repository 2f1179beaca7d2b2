"""Every number that the bulletin of a closed quarter may use, out of what was frozen, and the rows behind each."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from registry.base.errors import RegistryError
from registry.base.periods import Quarter
from registry.base.permissions import Actor
from registry.base.vocabulary import STAGE_LABELS, Stage
from registry.bulletins import texts
from registry.bulletins.queries import kept
from registry.bulletins.queries.rows import QuarterRows, RowBehind, of_year, over_year
from registry.bulletins.rules.numbers import OF_ITEM, QuarterNumbers, city_key, item_key, label_of
from registry.bulletins.rules.wording import BoundNumber
from registry.papers.rules import day_of
from registry.plans.rules.counting import PaceLight
from registry.plans.texts import LIGHT_LABELS
from registry.quarters.models import Snapshot
from registry.quarters.queries import quarters, snapshots
from registry.quarters.rules.certificates import STANDING_LABELS, Standing
from registry.quarters.sheets.certified import CertifiedLine
from registry.quarters.sheets.summaries import DEFAULT_STAGES

_LATE = (PaceLight.OVERDUE, PaceLight.BEHIND)
_STAGES = (*DEFAULT_STAGES, Stage.MERGED)
"""Of the picture: the last one where there is any, as on the quarter's page."""
_TENTH = Decimal("0.1")


def of(snapshot: Snapshot) -> QuarterNumbers:
    """Raises RegistryError of a quarter that was closed before anything was kept for its bulletin."""
    if not kept.has(snapshot):
        raise RegistryError(texts.BULLETIN_ERRORS["nothing_kept"], quarter=snapshot.quarter)
    return _Numbers(snapshot).all()


def sources(snapshot: Snapshot) -> list[Snapshot]:
    """The closed quarters that its numbers are of: the year's up to this one, and the one before."""
    before = snapshots.of(Quarter.parse(snapshot.quarter).previous)
    found = [*of_year(snapshot), *([before] if before else [])]
    return list({one.id: one for one in found}.values())


class _Numbers:
    """Collects the numbers of one quarter."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot, self.quarter = snapshot, Quarter.parse(snapshot.quarter)
        self.rows = QuarterRows(snapshot)
        self.before = snapshots.of(self.quarter.previous)
        self.found: dict[str, BoundNumber] = {}
        self.items: dict[str, list[str]] = {each: [] for each in texts.EACH}

    def all(self) -> QuarterNumbers:
        self._period()
        self._city()
        self._places()
        for plan in self.rows.kept["plans"]:
            for target in plan["targets"]:
                self._target(plan, target)
            for measure in plan["measures"]:
                self._measure(plan, measure)
            for task in plan["tasks"]:
                self._task(plan, task)
        for voucher in self.rows.kept.get("vouchers", ()):
            self._voucher(voucher)
        self._certificates()
        self._pictures()
        return QuarterNumbers(self.found, self.items)

    # -- the city ---------------------------------------------------------------------------------
    def _say(self, key: str, shown: str, value: int | None = None, office: int | None = None) -> None:
        self.found[key] = BoundNumber(key, shown, value, office)

    def _count(self, key: str, number: int, office: int | None = None) -> None:
        self._say(key, f"{number:,}", number, office)

    def _untold(self, key: str) -> None:
        """What an earlier quarter did not keep is not known, and nothing is said of it."""
        self._say(key, "", 0)

    def _period(self) -> None:
        first, last = self.quarter.first, self.quarter.last
        for code, shown in (
            ("city", self.snapshot.header["city"]), ("year", str(first.year)), ("quarter", str(self.quarter.number)),
            ("as_of", day_of(last)), ("months", texts.MONTHS_FORM.format(first=first.month, last=last.month)),
        ):  # fmt: skip
            self._say(city_key(code), shown)

    def _city(self) -> None:
        for name in texts.FIRMS:
            self._count(city_key(name), len(self.rows.firms(name)))
        for name in texts.CHANGES:
            self._count(city_key(name), len(self.rows.happened(name)))
        for name in texts.YEAR:
            self._count(city_key(f"year_{name}"), len(over_year(name, self.rows)))
        net = len(self.rows.happened("entered")) - len(self.rows.happened("left"))
        decided = len(_decided(self.rows))
        self._say(city_key("net"), signed(net), net)
        self._count(city_key("decided"), decided)
        rate = share(len(self.rows.happened("confirmed")), decided)
        self._say(city_key("pass_rate"), rate, decided)

    def _places(self) -> None:
        offices = {row["code"]: row["office"] for row in self.rows.kept["places"]}
        listed = len(self.rows.firms("listed"))
        for code, name in self.rows.places.items():
            office = offices.get(code)
            self.items["place"].append(code)
            self._of("place", code, "name", name or texts.PLACE_UNKNOWN)
            for figure in texts.FIRMS:
                self._counted("place", code, figure, len(self.rows.firms(figure, code)), office)
            for figure in texts.CHANGES:
                self._counted("place", code, figure, len(self.rows.happened(figure, code)), office)
            net = len(self.rows.happened("entered", code)) - len(self.rows.happened("left", code))
            self._of("place", code, "net", signed(net), net, office)
            here = len(self.rows.firms("listed", code))
            self._of("place", code, "share", share(here, listed), here, office)

    def _of(
        self, each: str, item: str, code: str, shown: str, value: int | None = None, office: int | None = None
    ) -> None:
        self._say(item_key(each, item, label_of(each, code)), shown, value, office)

    def _counted(self, each: str, item: str, code: str, number: int, office: int | None = None) -> None:
        self._of(each, item, code, f"{number:,}", number, office)

    def _voucher(self, voucher: dict[str, Any]) -> None:
        """Amounts by their fen, so that a figure that differs by one is another."""
        item = str(voucher["year"])
        self.items["voucher"].append(item)
        self._of("voucher", item, "year", item)
        for count, yuan in (("paid", "paid_yuan"), ("quarter_paid", "quarter_yuan")):
            rows = paid_of(voucher, count)
            amount = sum((Decimal(row[3]) for row in rows), Decimal("0.00"))
            self._counted("voucher", item, count, len(rows))
            self._of("voucher", item, yuan, f"{amount:,}", int(amount * 100))

    # -- plans ------------------------------------------------------------------------------------
    def _target(self, plan: dict[str, Any], target: dict[str, Any]) -> None:
        item = _within(plan, target["code"])
        self.items["target"].append(item)
        for code, shown in (("name", target["name"]), ("plan", plan["name"]), ("unit", target["unit"])):
            self._of("target", item, code, shown)
        self._counted("target", item, "amount", target["amount"])
        self._of("target", item, "has_rows", "", int(target["has_rows"]))
        self._of("target", item, "no_rows", "" if target["has_rows"] else texts.NO_ROWS)
        if not target["has_rows"]:
            return
        counted = len(target["counted"])
        for code, number in (
            ("counted", counted), ("under_way", len(target["under_way"])), ("before", len(target["before"])),
            ("expected", target["expected"]), ("needed", max(0, target["amount"] - counted)),
        ):  # fmt: skip
            self._counted("target", item, code, number)
        now, then = {row[0] for row in target["counted"]}, counted_before(self.rows, plan["code"], target["code"])
        for code, changed in (("more", now - (then or set())), ("fewer", (then or set()) - now)):
            if then is None:
                self._untold(item_key("target", item, label_of("target", code)))
            else:
                self._counted("target", item, code, len(changed))
        self._of("target", item, "light", LIGHT_LABELS[target["light"]])

    def _measure(self, plan: dict[str, Any], measure: dict[str, Any]) -> None:
        item = _within(plan, measure["code"])
        lights = [task["light"] for task in plan["tasks"] if task["measure"] == measure["code"]]
        self.items["measure"].append(item)
        for code in ("code", "title", "offices"):
            self._of("measure", item, code, measure[code])
        self._counted("measure", item, "tasks", len(lights))
        for light in PaceLight:
            self._counted("measure", item, str(light), lights.count(light))

    def _task(self, plan: dict[str, Any], task: dict[str, Any]) -> None:
        item, office = str(task["id"]), task["office_id"]
        self.items["task"].append(item)
        if task["light"] in _LATE:
            self.items["late"].append(item)
        titles = {measure["code"]: measure["title"] for measure in plan["measures"]}
        for code, shown in (
            ("office", task["office"]), ("title", task["title"]), ("said", task["said"]),
            ("measure", titles.get(task["measure"], task["measure"])),
        ):  # fmt: skip
            self._of("task", item, code, shown)
        self._of("task", item, "due_on", day_of(date.fromisoformat(task["due_on"])), office=office)
        self._of("task", item, "light", LIGHT_LABELS[task["light"]], office=office)
        for code in ("done", "aim", "expected"):
            number = task[code]
            self._of("task", item, code, "" if number is None else f"{number:,}", number or 0, office)

    def _certificates(self) -> None:
        lines = snapshots.certified(self.snapshot) or []
        self._count(city_key("offices"), len(lines))
        self._count(city_key("uncertified"), len(uncertified(lines)))
        for line in uncertified(lines):
            item = str(line.office_id)
            self.items["uncertified"].append(item)
            for code, shown in (
                ("office", line.office), ("standing", STANDING_LABELS[line.standing]), ("reason", line.without),
            ):  # fmt: skip
                self._of("uncertified", item, code, shown)

    def _pictures(self) -> None:
        """What the pictures of the quarter's page show."""
        self.items |= {"stage": [], "step": []}
        for stage in _STAGES:
            label = STAGE_LABELS[stage]
            if stage not in DEFAULT_STAGES and not self.rows.at(stage):
                continue
            self.items["stage"].append(label)
            self._count(picture_key(texts.STAGE_KIND, label), len(self.rows.at(stage)))
        steps = quarters.moved(self.quarter)
        for step in steps:
            self.items["step"].append(step.label)
            self._count(picture_key(texts.STEP_KIND, step.label), step.firms)
        before, now = steps[0].firms, steps[-1].firms
        for name, number in (("before", before), ("grown", max(now - before, 0)), ("shrunk", max(before - now, 0))):
            if self.before is None:  # the first quarter has none to be compared with
                self._untold(city_key(name))
            else:
                self._count(city_key(name), number)


def picture_key(kind: str, label: str) -> str:
    return texts.ITEM_KEY.format(kind=kind, item=label, name=texts.PICTURE_NUMBER)


def paid_of(voucher: dict[str, Any], code: str) -> list[list[Any]]:
    """[case, office, day, yuan] of what was paid of a year of vouchers, or within the quarter."""
    of_quarter = code.startswith("quarter_")
    return [row for row in voucher["paid"] if not of_quarter or row[2] >= voucher["since"]]


def counted_before(rows: QuarterRows, plan: str, target: str) -> set[int] | None:
    """Firms that counted a quarter before, one merged since by its new number; None where nothing was kept."""
    before = snapshots.of(Quarter.parse(rows.snapshot.quarter).previous)
    held = (kept.of(before) if before else None) or {"plans": []}
    found = (one["targets"] for one in held["plans"] if one["code"] == plan)
    counted = next((row["counted"] for targets in found for row in targets if row["code"] == target), None)
    return None if counted is None else {rows.merged.get(row[0], row[0]) for row in counted}


def uncertified(lines: list[CertifiedLine]) -> list[CertifiedLine]:
    return [line for line in lines if line.standing is not Standing.CERTIFIED]


def signed(number: int) -> str:
    return f"{number:+,}" if number else "0"


def share(part: int, whole: int) -> str:
    """One decimal; "" where there is no whole."""
    if not whole:
        return ""
    return texts.PERCENT_FORM.format(share=(Decimal(part * 100) / whole).quantize(_TENTH, ROUND_HALF_UP))


def _within(plan: dict[str, Any], code: str) -> str:
    return f"{plan['code']}/{code}"


def _decided(rows: QuarterRows) -> list[RowBehind]:
    """Firms whose filing came to its end, one that was returned and confirmed once."""
    found = {row.firm_id: row for row in (*rows.happened("refused"), *rows.happened("confirmed"))}
    return list(found.values())


# -- the rows behind a number ---------------------------------------------------------------------
def behind(snapshot: Snapshot, key: str, actor: Actor | None = None) -> list[RowBehind] | None:
    """What a number counts, of the firms that `actor` may see; None of one that counts nothing (a name, a day)."""
    item, _, name = key.rpartition(".")
    rows = QuarterRows(snapshot, actor)
    if not item:
        return _behind_city(rows, name, actor)
    kind, _, which = item.partition(":")
    if kind == texts.STAGE_KIND:
        return next((rows.at(stage) for stage in _STAGES if STAGE_LABELS[stage] == which), None)
    for each, label in texts.EACH.items():
        if label == kind:
            code = next((code for code, word in OF_ITEM[each].items() if word == name), "")
            return _behind_item(rows, each, which, code, actor)
    return None


def _behind_city(rows: QuarterRows, name: str, actor: Actor | None) -> list[RowBehind] | None:
    for code, label in texts.YEAR.items():
        if label == name:
            return over_year(code, rows, actor)
    if name in (texts.DERIVED["decided"], texts.DERIVED["pass_rate"]):
        return _decided(rows)
    if name == texts.DERIVED["net"]:
        return [*rows.happened("entered"), *rows.happened("left")]
    if name in (texts.DERIVED["grown"], texts.DERIVED["shrunk"]):
        return [row for kind in ("entered", "left", "put_right") for row in rows.happened(kind)]
    if name in (texts.DERIVED["offices"], texts.DERIVED["uncertified"]):
        lines = snapshots.certified(rows.snapshot) or []
        found = lines if name == texts.DERIVED["offices"] else uncertified(lines)
        return [RowBehind(None, line.office, "", STANDING_LABELS[line.standing]) for line in found]
    return _figure(rows, name, None)


def _figure(rows: QuarterRows, name: str, place: str | None) -> list[RowBehind] | None:
    for code, label in texts.FIRMS.items():
        if label == name:
            return rows.firms(code, place)
    for code, label in texts.CHANGES.items():
        if label == name:
            return rows.happened(code, place)
    return None


def _behind_item(rows: QuarterRows, each: str, item: str, code: str, actor: Actor | None) -> list[RowBehind] | None:
    if each == "place":
        if code == "share":
            return rows.firms("listed", item)
        if code == "net":
            return [*rows.happened("entered", item), *rows.happened("left", item)]
        return _figure(rows, label_of(each, code), item) if code else None
    if each == "task":
        tasks = (task for one in rows.kept["plans"] for task in one["tasks"] if str(task["id"]) == item)
        task = next(tasks, None)
        return rows.named(task["firms"], LIGHT_LABELS[task["light"]], actor) if task and code == "done" else None
    if each == "voucher":
        held = next((one for one in rows.kept.get("vouchers", ()) if str(one["year"]) == item), None)
        found = paid_of(held, code) if held and code != "year" else []
        seen = (row for row in found if actor is None or row[1] == actor.office_id)
        return [RowBehind(None, row[0], "", texts.PAID_ROW.format(day=row[2], yuan=row[3])) for row in seen]
    plan, _, own = item.partition("/")
    for one in rows.kept["plans"]:
        if each == "target" and one["code"] == plan and code in ("counted", "under_way", "before", "more"):
            target = next((it for it in one["targets"] if it["code"] == own), None)
            return _of_target(rows, _counted_rows(rows, plan, target, code), actor) if target else None
        if each == "measure" and one["code"] == plan and code in ("tasks", *map(str, PaceLight)):
            return [
                _as_row(task) for task in one["tasks"] if task["measure"] == own and code in ("tasks", task["light"])
            ]
    return None


def _counted_rows(rows: QuarterRows, plan: str, target: dict[str, Any], code: str) -> list[list[Any]]:
    if code != "more":
        found: list[list[Any]] = target[code]
        return found
    then = counted_before(rows, plan, target["code"]) or set()
    return [row for row in target["counted"] if row[0] not in then]


def _of_target(rows: QuarterRows, found: list[list[Any]], actor: Actor | None) -> list[RowBehind]:
    seen = (row for row in found if actor is None or row[0] < 0 or rows.sees(row[0]))  # what is recognised was public
    return [
        RowBehind(row[0] if row[0] > 0 else None, row[1], row[2], " ".join(part for part in row[3:] if part))
        for row in seen
    ]


def _as_row(task: dict[str, Any]) -> RowBehind:
    return RowBehind(None, task["title"], "", " ".join((task["office"], LIGHT_LABELS[task["light"]])))


def counts_rows(key: str) -> bool:
    """Whether a number counts rows; the others are names, days, aims, and what is worked out of days."""
    item, _, name = key.rpartition(".")
    derived = set(texts.DERIVED.values()) - {texts.DERIVED["before"]}
    if not item:
        return name in {*texts.FIRMS.values(), *texts.CHANGES.values(), *texts.YEAR.values()} | derived
    kind = item.partition(":")[0]
    if kind == texts.EACH["place"]:
        return name != texts.PLACE["name"]
    if kind == texts.EACH["target"]:
        return name in {texts.TARGET[one] for one in ("counted", "under_way", "before", "more")}
    if kind == texts.EACH["measure"]:
        return name in {texts.MEASURE[one] for one in ("tasks", *map(str, PaceLight))}
    if kind == texts.EACH["voucher"]:
        return name != texts.VOUCHER["year"]
    if kind == texts.EACH["task"]:
        return name == texts.TASK["done"]
    return kind == texts.STAGE_KIND
