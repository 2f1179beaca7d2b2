"""What a page does with a form that was sent: act and commit, or show in the form why not."""

from __future__ import annotations

from collections.abc import Callable

from registry.base.errors import RegistryError
from registry.base.extensions import db
from registry.site.forms.refusable import Refusable


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


def status_of(form: Refusable) -> int:
    """422 for a page that shows what is wrong with what was sent."""
    return 422 if form.errors or form.form_errors else 200
