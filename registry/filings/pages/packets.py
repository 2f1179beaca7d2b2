"""申报材料包: a firm's papers for a window in one file, and those of many ticked firms in folders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO

from flask import Blueprint, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.base.permissions import can
from registry.filings import sheets
from registry.filings.models import Filing
from registry.filings.pages.checklists import ready_of
from registry.filings.queries import announced, filings, readiness
from registry.filings.queries.readiness import Readiness
from registry.filings.services import packing
from registry.filings.services.packing import WantedPapers
from registry.filings.views import filed
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.many import Act, Line, Sure, TickedOutcome, together

pages = Blueprint("packets", __name__)


@pages.post("/firms/<int:firm_id>/papers/packet")
@concerns("paper.take")
def take(firm_id: int) -> ResponseReturnValue:
    """The papers for the statement month of the address, or of the firm's next window."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "paper.take")
    wanted = _wanted(firm, ready_of(firm))
    file = packing.one(actor(), wanted, at=clock.now(), on=clock.today())
    name = f"{sheets.fit(firm.name)}_{wanted.ready.statement.label}.zip"
    db.session.commit()
    return _sent(file, name)


@pages.post("/filings/ticked/packets")
@requires("filing.export")
def take_of_filings() -> ResponseReturnValue:
    """Of ticked filings, each for its own window."""
    return _many(_of_filings, url_for("filings.listing", view="open"))


@pages.post("/firms/ticked/packets")
@requires("filing.export")
def take_of_firms() -> ResponseReturnValue:
    """Of ticked firms, each for the next window it may use."""
    return _many(_of_firms, url_for("filings.listing"))


def _many(find: Callable[[list[int]], Iterator[tuple[int, WantedPapers]]], back: str) -> ResponseReturnValue:
    at, on = clock.now(), clock.today()

    def deliver(outcome: TickedOutcome) -> ResponseReturnValue:
        left = [(line.name, line.why) for line in outcome.left]
        file = packing.many(actor(), [line.row for line in outcome.done], left, at=at, on=on)
        db.session.commit()
        return _sent(file, _("申报材料包_%(count)s家_%(day)s.zip", count=len(outcome.done), day=on.isoformat()))

    act = Act(
        lambda numbers: _judged(find(numbers)), lambda _line: None, title=_("下载申报材料包"), done=_("已打包"),
    )  # fmt: skip
    return together(act, form=Sure(), template="filings/ticked_packets.html", back=back, deliver=deliver)


def _judged(found: Iterator[tuple[int, WantedPapers]]) -> Iterator[Line]:
    """So many as fit into one packet; what lacks is named."""
    size = 0
    for number, wanted in found:
        firm, known = wanted.firm, (number, wanted.firm.name, wanted)
        address = url_for("checklists.listing", firm_id=firm.id, month=wanted.ready.month.label)
        if not wanted.files:
            yield Line(*known, address, firm.credit_code or "", why=_("没有可以打包的文件。"))
        elif size + wanted.size > packing.MOST_BYTES:
            yield Line(*known, address, firm.credit_code or "", why=_("超过一次打包的大小上限，请分次下载。"))
        else:
            size += wanted.size
            lacking = filed.papers(entry for entry in wanted.papers if entry.document is None)
            notes = (_("还缺：%(papers)s", papers=lacking),) if lacking else ()
            will = _(
                "%(statement)s 报表，附文件 %(count)s 份", statement=wanted.ready.statement.label, count=wanted.files
            )
            mark = ",".join(e.document.sha256 for e in wanted.papers if e.document)
            yield Line(*known, address, firm.credit_code or "", will=will, notes=notes, mark=mark)


def _of_filings(numbers: list[int]) -> Iterator[tuple[int, WantedPapers]]:
    found = db.session.scalars(filings.visible_to(actor()).where(Filing.id.in_(numbers))).unique()
    rows = [row for row in found if can(actor(), "paper.take", row.firm)]
    windows = {row.firm_id: announced.value_of(row.window) for row in rows}
    ready = readiness.of_all([row.firm for row in rows], windows, on=clock.today())
    for row in rows:
        yield row.id, _wanted(row.firm, ready[row.firm_id])


def _of_firms(numbers: list[int]) -> Iterator[tuple[int, WantedPapers]]:
    rows = list(db.session.scalars(firms.visible_to(actor()).where(Firm.id.in_(numbers))).unique())
    held = [firm for firm in rows if can(actor(), "paper.take", firm)]
    ready = readiness.of_next(held, on=clock.today())
    for firm in held:
        yield firm.id, _wanted(firm, ready[firm.id])


def _wanted(firm: Firm, ready: Readiness) -> WantedPapers:
    return WantedPapers(firm, ready, filed.window_words(ready.window) if ready.window else "")


def _sent(file: IO[bytes], name: str) -> ResponseReturnValue:
    return send_file(file, mimetype="application/zip", as_attachment=True, download_name=name)
