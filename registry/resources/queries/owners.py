"""Whoever offers resources, as a form or the rows of a workbook name them: firms and institutions in reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select

from registry.base.errors import FieldError
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.firms.models.firms import Firm, FormerName
from registry.firms.queries import firms
from registry.institutions import queries as institutions
from registry.institutions.models import Institution
from registry.matching.normalise import key_of
from registry.resources import texts
from registry.resources.rules.rights import ResourceOwner


class OwnerIndex:
    """Firms and institutions of these codes and names in the actor's reach, read in a few statements."""

    def __init__(self, actor: Actor, codes: Collection[str], names: Collection[str]) -> None:
        keys = {key for key in map(key_of, names) if key}
        former = select(FormerName.firm_id).where(FormerName.name_key.in_(keys))
        wanted = Firm.credit_code.in_(codes) | Firm.name_key.in_(keys) | Firm.id.in_(former)
        self._coded: defaultdict[str, list[ResourceOwner]] = defaultdict(list)
        self._named: defaultdict[str, list[ResourceOwner]] = defaultdict(list)
        for firm in db.session.scalars(firms.visible_to(actor).where(wanted).order_by(Firm.id)).unique():
            called = {firm.name_key, *(one.name_key for one in firm.former_names)}
            self._take(ResourceOwner(firm=firm), firm.credit_code, called if firm.merged_into_id is None else set())
        of_name = Institution.credit_code.in_(codes) | Institution.name_key.in_(keys)
        rows = institutions.visible_to(actor).where(Institution.voided_at.is_(None), of_name)
        for row in db.session.scalars(rows.order_by(Institution.id)).unique():
            self._take(ResourceOwner(institution=row), row.credit_code, {row.name_key})

    def _take(self, owner: ResourceOwner, code: str | None, called: set[str]) -> None:
        if code:
            self._coded[code].append(owner)
        for key in called:
            self._named[key].append(owner)

    def find(self, code: str | None, name: str | None) -> ResourceOwner:
        """By its code, else by its whole name or a former one. Raises FieldError('owner')."""
        if not code and not name:
            raise FieldError("owner", texts.OWNER_NEEDED)
        found = self._coded.get(code or "", []) if code else self._named.get(key_of(name or ""), [])
        if len(found) > 1 and code and name:  # a laboratory may bear the code of whom it belongs to
            found = [one for one in found if key_of(one.name) == key_of(name)] or found
        if not found:
            raise FieldError("owner", texts.OWNER_UNKNOWN, text=code or name)
        if len(found) > 1:
            raise FieldError("owner", texts.OWNER_SEVERAL, count=len(found), text=code or name)
        owner = found[0]
        if owner.firm is not None and owner.firm.merged_into_id is not None:
            raise FieldError("owner", texts.OWNER_MERGED, name=owner.name)
        return owner


def is_called(owner: ResourceOwner, name: str) -> bool:
    """Whether this is a name the owner bears or bore."""
    known = {owner.name}
    if owner.firm is not None:
        known |= {former.name for former in owner.firm.former_names}
    return key_of(name) in {key_of(one) for one in known}
