"""What a page does with what was sent: act and commit, or show in the form, or above the next page, why not."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash

from registry.base.errors import RegistryError
from registry.base.extensions import db
from registry.site.forms.refusable import Refusable
from registry.site.locale import sentence


def done(form: Refusable, act: Callable[[], object]) -> bool:
    """Do it and commit; or take everything back and show in the form why a service refused."""
    try:
        act()
    except RegistryError as error:
        db.session.rollback()
        form.refuse(error)
        return False
    db.session.commit()
    return True


def pressed(act: Callable[[], object], said: str) -> None:
    """The same for one press without a form: `said`, or why a service refused, stands above the next page."""
    try:
        act()
    except RegistryError as error:
        db.session.rollback()
        flash(sentence(error), "warning")
    else:
        db.session.commit()
        flash(said, "success")


def status_of(form: Refusable) -> int:
    """422 for a page that shows what is wrong with what was sent."""
    return 422 if form.errors or form.form_errors else 200
