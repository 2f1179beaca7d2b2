"""Several nominations in one press: who will be submitted is listed and confirmed; each is judged as if by itself."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.base.vocabulary import STAGE_LABELS, Stage
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.proposals.forms.proposals import SubmitTogether
from registry.proposals.pages.proposals import pages
from registry.proposals.services import proposals
from registry.proposals.views import together as submitting
from registry.site.access import actor, requires
from registry.site.many import MOST, Act, Line, together


@pages.post("/proposals/ticked/submit")
@requires("firm.create")
def submit_ticked() -> ResponseReturnValue:
    """The ticked firms that can be submitted, and what the others lack."""
    form, at, on = SubmitTogether(), clock.now(), clock.today()

    def do(line: Line) -> None:
        proposals.submit(actor(), line.row, at=at, on=on, note=form.note.data or "")

    act = Act(_judged, do, title=_("一次提交提名"), done=_("已提交"))
    back = url_for("proposals.listing", state="proposed")
    return together(act, form=form, template="proposals/ticked.html", back=back)


def _judged(numbers: list[int]) -> Iterator[Line]:
    found = submitting.of(numbers, most=MOST)
    told = set()
    for firm, office in found.ready:
        told.add(firm.id)
        yield Line(*_named(firm), will=_("提交，由%(office)s核查", office=office), mark=str(firm.version))
    for one in found.unready:
        told.add(one.firm.id)
        yield Line(*_named(one.firm), why="".join(obstacle.sentence for obstacle in one.obstacles))
    others = firms.visible_to(actor()).where(Firm.id.in_(set(numbers) - told))
    for firm in db.session.scalars(others).unique():
        why = _("当前阶段是“%(stage)s”，或由其他单位提名，不能提交。", stage=_(STAGE_LABELS[Stage(firm.stage)]))
        yield Line(*_named(firm), why=why)


def _named(firm: Firm) -> tuple[int, str, Firm, str, str]:
    return firm.id, firm.name, firm, url_for("proposals.check", firm_id=firm.id), firm.credit_code or ""
