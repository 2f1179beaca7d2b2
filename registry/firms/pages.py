"""The address of a firm that was merged leads to the firm it became, for ever, as far as the reader may see that."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.permissions import Actor, sees_firm
from registry.firms.models.firms import Firm
from registry.firms.queries import firms, merged
from registry.reference.queries import reference


def onward(actor: Actor, firm: Firm) -> ResponseReturnValue:
    """The same page of the firm it became; for who may not see that one, the declared minimum of it."""
    survivor = firms.survivor(firm)
    if not sees_firm(actor, survivor):
        county = reference.territory().get(survivor.statistical_county or "")
        office = survivor.office.short_name
        return render_template(
            "merges/elsewhere.html",
            folded=firm,
            merge=merged.standing_of(firm),
            county=county.name if county else office,
            office=office,
        )
    flash(_("“%(folded)s”已并入“%(winner)s”，以下是保留企业。", folded=firm.name, winner=survivor.name), "info")
    given: dict[str, Any] = {**(request.view_args or {}), "firm_id": survivor.id}
    # The query is put behind the path by itself: `url_for` has words of its own (`_method`, `endpoint`).
    query = urlencode(list(request.args.items(multi=True)))
    address = url_for(request.endpoint or "firms.show", **given)
    return redirect(f"{address}?{query}" if query else address)
