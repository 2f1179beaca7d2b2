"""What the register offers to a form: the few firms a name or code may mean, and the texts one of them fills in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from registry.base.extensions import db
from registry.entries.forms.firms import FirmForm, capital_text, text_of
from registry.reference.queries import reference
from registry.register.models import RegisteredFirm, RegisterLoad
from registry.register.queries import registered
from registry.register.rules import FILLED, FROM_REGISTER, SOURCE, STATUS_LABELS
from registry.sheets.columns import by_key
from registry.sheets.states import state_of
from registry.site.addresses import LARGEST


@dataclass(frozen=True)
class Offer:
    """A registered firm as a form offers it; `texts` are the form's, by field."""

    firm: RegisteredFirm
    former: str
    place: str
    status: str
    texts: dict[str, str]

    @property
    def keeps_name(self) -> bool:
        """The name that was typed is another one, and stays."""
        return "name" not in self.texts


@dataclass(frozen=True)
class Offers:
    """The nearest registered firms, and the day the register was drawn; nothing while the register is empty."""

    items: tuple[Offer, ...] = ()
    day: str = ""
    typed: str = ""
    """The name that is being typed."""

    def __bool__(self) -> bool:
        return bool(self.items)

    @property
    def note(self) -> str:
        return str(_(FROM_REGISTER, day=self.day))


def offers(name: str | None, code: str | None) -> Offers:
    """What the register holds of the name or code that is being typed."""
    load = registered.latest_load()
    if load is None:
        return Offers()
    found = registered.offers(name or "", code)
    return Offers(tuple(_offer(one.firm, one.former, name or "") for one in found), _day(load), name or "")


def chosen(registered_id: int | None, typed: str = "") -> Offers:
    """The one firm that a form is to be filled from; nothing where there is none of that number.

    `typed` is the name the form holds: a different one is not replaced.
    """
    known = registered_id is not None and 0 < registered_id <= LARGEST
    firm = db.session.get(RegisteredFirm, registered_id) if known else None
    if firm is None:
        return Offers()
    return Offers((_offer(firm, "", typed),), _day(db.session.get_one(RegisterLoad, firm.load_id)))


def texts_of(firm: RegisteredFirm) -> dict[str, str]:
    """What the firm fills in, as controls hold it; never a figure, and nothing where the register is silent."""
    texts = {field: text_of(field, getattr(firm, source)) for field, source in FILLED.items()}
    texts["capital"] = capital_text(firm.capital, firm.capital_currency)
    if state := state_of(firm.registration):
        day = _day(db.session.get_one(RegisterLoad, firm.load_id))
        texts |= {
            "operating_state": state.value, "operating_state_on": day, "operating_state_source": SOURCE % {"day": day},
        }  # fmt: skip
    texts["activity"] = texts["activity"][: by_key("activity").max_length]
    if firm.division == reference.city().code:
        texts["division"] = ""
    return {field: text for field, text in texts.items() if text}


def given(offered: Offers) -> dict[str, str]:
    """The data of a form that is filled from the firm that was chosen."""
    return {
        key: text for offer in offered.items for key, text in {**offer.texts, "registered": str(offer.firm.id)}.items()
    }


def mark(form: FirmForm, offered: Offers) -> None:
    """Say at each field that still holds what came from the register where it came from."""
    for offer in offered.items:
        for field, text in offer.texts.items():
            if field in form and str(form[field].data or "") == text:
                form[field].description = f"{form[field].description} {offered.note}".strip()
        if offer.keeps_name and "name" in form:
            kept = _("市场主体库中的名称是“%(name)s”，与所填的不同，没有替换，请核对。", name=offer.firm.name)
            form["name"].description = f"{form['name'].description} {kept}".strip()


def _offer(firm: RegisteredFirm, former: str, typed: str) -> Offer:
    names = reference.division_names()
    place = names.get(firm.division or "", "") or firm.region
    texts = texts_of(firm)
    if not registered.replaces(typed, firm.name):
        del texts["name"]
    return Offer(firm, former, place, _(STATUS_LABELS[firm.status]), texts)


def _day(load: RegisterLoad) -> str:
    return load.as_of.isoformat()


def source_of(offered: Offers, values: dict[str, Any]) -> str:
    """The source of a new entry, where its code is the one that was chosen."""
    same = [offer for offer in offered.items if offer.firm.credit_code == values.get("credit_code")]
    return SOURCE % {"day": offered.day} if same else ""
