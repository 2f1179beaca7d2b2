"""What is planted among the pages is found: a leak, a style, a route that declares no permission."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.base.extensions import db
from registry.firms.models.firms import Firm
from registry.site.access import requires
from tests.house.scene import MARK, build
from tests.house.test_routes import walk
from tests.world import World, sign_in


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """Pages are added to it."""
    own_app.testing = False
    return own_app


@pytest.mark.once
def test_a_route_without_a_permission_is_refused_at_once(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "open")
    assert client.get("/forgotten").status_code == 500


def test_a_planted_leak_and_a_planted_style_are_found(app: Flask, client: FlaskClient, world: World) -> None:
    """The walk can fail: a page that forgets the row scope, with a style in it and a link to nowhere."""
    scene = build(world)

    @requires("firm.list")
    def planted(firm_id: int) -> str:
        return f'<p style="color: red">{db.session.get_one(Firm, firm_id).name} <a href="/nowhere">x</a></p>'

    app.add_url_rule("/planted/<int:firm_id>", "planted", planted)
    sign_in(client, "haifeng")
    found = walk(app, client, scene, world.actor("haifeng"), "haifeng")
    paths = [f"/planted/{firm.id}" for firm in scene.firms.values()]
    assert found.leaks == [(path, MARK) for path in paths]
    assert found.markup == [(path, fault) for path in paths for fault in ("p has style", "GET /nowhere leads nowhere")]
