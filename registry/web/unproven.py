"""Firms whose stage rests on a figure without its paper: listed to their office and the city, never moved for it."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from registry.extensions import clock
from registry.queries import reference, unproven
from registry.web.access import actor, requires
from registry.web.pagination import ListPages

pages = Blueprint("unproven", __name__)


@pages.get("/unproven")
@requires("firm.list")
def listing() -> ResponseReturnValue:
    page = ListPages(unproven.resting(actor(), on=clock.today()))
    return render_template("unproven/list.html", page=page, counties=reference.division_names())
