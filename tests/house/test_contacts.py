"""Contacts are read in one module, and no page shows one in full or in a mask that tells too much."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.base import contacts
from registry.base.extensions import db
from registry.config import ROOT
from registry.entries.services import entries
from tests.house.addresses import addresses
from tests.house.scene import Scene
from tests.world import NOW, TODAY, World, sign_in

NAME, PHONE = "慕容青岚、尉迟红", "3366888/13977665544"
SHOWN_NAME, SHOWN_PHONE = "慕*、尉*", "****、139****5544"
# What an earlier mask, or none, would have left of them.
TOO_MUCH = re.compile(r"青岚|慕\*\*|尉迟|336\*|3366|13977665544|336888")
READERS = ("lufeng", "industry", "cityoffice", "statistics", "leader", "auditor")
# The table, the module itself, and the columns of an export that was asked for on the record.
MAY_NAME = {"registry/firms/models/firms.py", "registry/base/contacts.py", "registry/firms/queries/firms.py"}


def test_contacts_are_read_in_one_module() -> None:
    reads = re.compile(r"\.contact_(?:name|phone)\b|getattr\([^)]*contact_")
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "registry").rglob("*.py")
        if reads.search(path.read_text(encoding="utf-8"))
    }
    assert found <= MAY_NAME


@pytest.fixture
def mended(world: World, scene: Scene) -> Scene:
    owner = world.actor("lufeng")
    for firm in scene.firms.values():
        if firm.office_id == owner.office_id and firm.merged_into_id is None:
            change = {"contact_name": NAME, "contact_phone": PHONE}
            entries.edit(owner, firm, change, at=NOW, on=TODAY, reason="核对联系人")
    db.session.commit()
    return scene


@pytest.mark.slow
@pytest.mark.few(2)
@pytest.mark.parametrize("username", READERS)
def test_no_page_shows_a_contact_in_full_or_half(app: Flask, client: FlaskClient, mended: Scene, username: str) -> None:
    """Dossier, review, pair, merge, conflict, import, workbook, trail, history and every list, as every reader."""
    sign_in(client, username)
    told, masked_on = [], set()
    for address in addresses(app, mended, "GET"):
        with client.get(address.path) as answer:
            text = answer.get_data().decode("utf-8", "replace")
        told += [(address.path, found) for found in TOO_MUCH.findall(text)]
        if SHOWN_PHONE in text:
            masked_on.add(address.endpoint)
    assert told == []
    assert masked_on >= SHOWN_ON.get(username, set()), "the contact is shown there, or this test could not fail"


SHOWN_ON: dict[str, set[str]] = {
    "lufeng": {"firms.facts", "firms.history"},
    "industry": {"firms.facts", "firms.history"},
    "cityoffice": {"firms.facts", "pairings.show"},
    "auditor": {"firms.facts", "firms.history"},
}


def test_the_masks_of_pages_are_the_masks_of_the_module() -> None:
    assert (contacts.masked("contact_name", NAME), contacts.masked("contact_phone", PHONE)) == (SHOWN_NAME, SHOWN_PHONE)
