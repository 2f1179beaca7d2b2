"""Odd addresses: a number that no table has, a character that no database holds."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from registry.base.extensions import db
from tests.world import World, post, sign_in


@pytest.mark.parametrize("number", ["0", "2147483647", "2147483648", "99999999999999999999"])
def test_a_record_with_a_number_that_no_table_has_is_not_there(client: FlaskClient, world: World, number: str) -> None:
    sign_in(client, "haifeng")
    pages = (f"/firms/{number}", f"/documents/{number}", f"/proposals/{number}")
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]


@pytest.mark.parametrize("path", ["/firms?q=%00", "/proposals?q=a%00", "/proposals/new?name=%00"])
def test_an_address_with_a_nul_is_a_bad_request(client: FlaskClient, world: World, path: str) -> None:
    sign_in(client, "haifeng")
    assert client.get(path).status_code == 400


def test_a_form_with_a_nul_says_so_at_its_field(client: FlaskClient, world: World) -> None:
    firm = world.firm()
    db.session.commit()
    sign_in(client, "haifeng")
    answer = post(client, f"/firms/{firm.id}/watch", {"watch_reason": "接近\x00入库线"})
    assert answer.status_code == 422
    assert "第3个字符（U+0000）是控制字符，请删去后重新输入。" in answer.text


@pytest.mark.parametrize(
    "path, data",
    [
        ("/sign-in", {"username": "hai\x00feng", "password": "x"}),
        ("/sign-in", {"username": "haifeng", "password": "\x00"}),
        ("/language", {"locale": "\x00", "next": "/\x00"}),
    ],
)
def test_a_form_without_a_place_to_say_it_is_refused_and_never_a_fault(
    client: FlaskClient, world: World, path: str, data: dict[str, str]
) -> None:
    db.session.commit()
    assert post(client, path, data, page="/sign-in").status_code in (302, 401)
