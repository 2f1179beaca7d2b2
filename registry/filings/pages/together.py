"""Many firms at once: those that are ready are filed, a level's word is recorded, those passed by all are confirmed.

Each filing is judged as if by itself, by the same guards; the preview says beforehand who is left out, and why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.base.permissions import can
from registry.base.vocabulary import STAGE_LABELS, Stage
from registry.filings.forms.filings import ConfirmTogether, FileTogether, RecordLevels
from registry.filings.models import Filing
from registry.filings.pages.filings import pages
from registry.filings.queries import filings, lineup
from registry.filings.queries.lineup import Candidate
from registry.filings.rules import chain
from registry.filings.services import filing
from registry.filings.views import filed
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.site.access import actor, requires
from registry.site.display import day, wan
from registry.site.many import Act, Line, is_sure, together


@pages.post("/filings/ticked/file")
@requires("window.manage")
def file_ticked() -> ResponseReturnValue:
    """申报纳统 for every ticked firm that is ready, each in the window that closes first of those it may use."""
    form = FileTogether()
    at, on = clock.now(), clock.today()

    def do(line: Line) -> None:
        one: Candidate = line.row
        window = one.ready.window
        filing.file(
            actor(), one.firm, window.id if window else None, at=at, on=on, note=form.note.data or ""
        )  # fmt: skip

    act = Act(_to_file, do, title=_("批量申报纳统"), done=_("已登记申报"))
    return together(act, form=form, template="filings/ticked_file.html", back=url_for("filings.listing"))


def _to_file(numbers: list[int]) -> Iterator[Line]:
    rows = db.session.scalars(firms.visible_to(actor()).where(Firm.id.in_(numbers))).unique()
    held = [firm for firm in rows if can(actor(), "filing.file", firm)]
    due = [firm for firm in held if firm.stage == Stage.QUALIFIED]
    for firm in held:
        if firm.stage != Stage.QUALIFIED:
            why = _(chain.STAGE_NOT_DUE, stage=_(STAGE_LABELS[Stage(firm.stage)]))
            yield Line(firm.id, firm.name, firm, _firm(firm), firm.credit_code or "", why=why)
    for one in lineup.of(due, on=clock.today()):
        yield _candidate(one)


def _candidate(one: Candidate) -> Line:
    firm, ready = one.firm, one.ready
    window = ready.window
    known = Line(firm.id, firm.name, one, url_for("filings.new", firm_id=firm.id), firm.credit_code or "")
    if one.unmet or window is None:
        return replace(known, why=filed.in_the_way(one))
    figure, line = ready.position.year_to_date, ready.verdict["line"]
    will = _(
        "%(window)s，%(statement)s 报表，累计 %(amount)s 万元，四上标准 %(line)s 万元",
        window=filed.window_words(window, marked=False), statement=ready.statement.label,
        amount=wan(figure.amount if figure else None), line=wan(line) if line else "--",
    )  # fmt: skip
    return replace(known, will=will, mark=f"{window.id} {ready.verdict}")


@pages.post("/filings/ticked/level")
@requires("window.manage")
def record_ticked() -> ResponseReturnValue:
    """One level's word for every ticked filing that waits for that level."""
    form = RecordLevels(day=clock.today())
    at, on = clock.now(), clock.today()
    returned = form.result.data == "returned"

    def do(line: Line) -> None:
        filing.record_level(
            actor(), line.row, form.level.data or "", passed=not returned, day=form.day.data or on, at=at, on=on,
            reference_no=form.reference.data or "", reason_code=form.reason_code.data or None,
            note=form.note.data or "",
        )  # fmt: skip

    act = Act(
        lambda numbers: _at_level(form, numbers), do, title=_("批量登记审核结果"),
        done=_("已登记退回") if returned else _("已登记通过"),
    )  # fmt: skip
    return together(
        act, form=form, template="filings/ticked_level.html", back=url_for("filings.listing", view="open"),
        level_labels=chain.LEVEL_LABELS,
    )  # fmt: skip


def _at_level(form: RecordLevels, numbers: list[int]) -> Iterator[Line]:
    """The level is the one that most of them wait for; whoever confirms brings it along."""
    rows = _filings(numbers)
    waited = {row.id: chain.next_level(row.results) if row.outcome is None else None for row in rows}
    if not is_sure():
        form.level.data = next((level for level, _n in Counter(filter(None, waited.values())).most_common(1)), None)
    level = form.level.data
    for row in rows:
        expected, known = waited[row.id], _filing(row)
        if row.outcome is not None:
            yield replace(known, why=_(chain.FILING_CLOSED))
        elif expected is None:
            yield replace(known, why=_(chain.LEVEL_LEFT))
        elif expected != level:
            words = {"found": _(chain.LEVEL_LABELS[expected]), "level": _(chain.LEVEL_LABELS.get(level or "", ""))}
            yield replace(known, why=_(chain.LEVEL_OTHER, **words))
        else:
            will = _(
                "登记%(level)s的结果；%(day)s 申报，上一环节 %(last)s",
                level=_(chain.LEVEL_LABELS[expected]), day=day(row.filed_on), last=day(chain.first_day(row)),
            )  # fmt: skip
            yield replace(known, will=will, mark=f"{row.version}/{len(row.results)}")


@pages.post("/filings/ticked/confirmation")
@requires("window.manage")
def confirm_ticked() -> ResponseReturnValue:
    """确认入库（四上） for every ticked filing that all levels have passed."""
    on, at = clock.today(), clock.now()
    form = ConfirmTogether(on=on, year=on.year)

    def do(line: Line) -> None:
        filing.confirm(actor(), line.row, form.effective, reference_no=form.reference.data or "", at=at, on=on)

    act = Act(_to_confirm, do, title=_("批量确认入库（四上）"), done=_("已确认入库（四上）"))
    return together(
        act, form=form, template="filings/ticked_confirm.html", back=url_for("filings.listing", view="open")
    )  # fmt: skip


def _to_confirm(numbers: list[int]) -> Iterator[Line]:
    for row in _filings(numbers):
        expected, known = chain.next_level(row.results), _filing(row)
        if row.outcome is not None:
            yield replace(known, why=_(chain.FILING_CLOSED))
        elif expected is not None:
            yield replace(known, why=_(chain.LEVEL_WAITED, level=_(chain.LEVEL_LABELS[expected])))
        else:
            will = _(
                "确认入库；%(day)s 申报，%(statement)s 报表",
                day=day(row.filed_on),
                statement=chain.statement(row).label,
            )
            yield replace(known, will=will, mark=f"{row.version}/{len(row.results)}")


def _filings(numbers: list[int]) -> list[Filing]:
    """In reach, and such as the reader may decide, in the order of the list."""
    rows = db.session.scalars(filings.visible_to(actor()).where(Filing.id.in_(numbers))).unique()
    return [row for row in rows if can(actor(), "filing.decide", row)]


def _filing(row: Filing) -> Line:
    address = url_for("filings.show", filing_id=row.id)
    return Line(row.id, row.firm.name, row, address, row.firm.credit_code or "")


def _firm(firm: Firm) -> str:
    return url_for("firms.show", firm_id=firm.id)
