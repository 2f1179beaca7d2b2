"""Equal, clean cases passed in one go, each looked at before and judged as if by itself."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from registry.base.extensions import clock
from registry.base.vocabulary import Stage
from registry.proposals.models import Proposal
from registry.proposals.pages.reviews import pages
from registry.proposals.queries import waiting
from registry.proposals.services import reviews
from registry.proposals.views import passing, review_page
from registry.site.access import actor, requires
from registry.site.forms.worded import reason_field
from registry.site.many import Act, Line, Sure, together


class PassTogether(Sure):
    """One opinion for all of them."""

    longest = 1000
    opinion: TextAreaField = reason_field(_l("审核意见"), _l("一并记入每一件的办理过程。"))


@pages.get("/reviews/together")
@requires("review.together")
def clean() -> ResponseReturnValue:
    """The clean cases of the queue, one a line, whether each was looked at; and why the others are not among them."""
    return render_template(
        "proposals/reviews/together.html", found=passing.of(), carried=review_page.carried(), leads=review_page.leads
    )


@pages.post("/reviews/together")
@requires("review.together")
def pass_together() -> ResponseReturnValue:
    form = PassTogether()
    act = Act(
        lambda numbers: list(passing.judged(waiting.to_review(actor()).where(Proposal.id.in_(numbers)))),
        lambda line: _pass(line, form.opinion.data or ""),
        title=_("成批审核通过"), done=_("已审核通过，入库培育"),
    )  # fmt: skip
    return together(act, form=form, template="proposals/reviews/passing.html", back=url_for("reviews.clean"))


def _pass(line: Line, opinion: str) -> None:
    """As one by one: a case that nobody has begun is begun by that."""
    at, on = clock.now(), clock.today()
    if line.row.firm.stage == Stage.PROPOSED:
        reviews.take_up(actor(), line.row, at=at, on=on)
    reviews.admit(actor(), line.row, industry_checked=True, opinion=opinion, at=at, on=on)
