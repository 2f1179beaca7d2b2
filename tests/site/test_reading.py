"""How a file was read, in the reader's language."""

from __future__ import annotations

import re

from flask import Flask
from flask_babel import force_locale

from registry.sheets import account
from registry.site import reading


def test_what_was_assumed_is_told_in_the_readers_language(app: Flask) -> None:
    found = account.Assumptions()
    notice = {
        "code": "unit_assumed",
        "field": "capital",
        "column": "C",
        "values": {"heading": "注册资本", "unit": "万元"},
    }
    found.add([{"number": 2, "notices": [notice]}], [])
    with app.test_request_context():
        (own,) = reading.told({"assumed": found.told()})["assumed"]
        with force_locale("en"):
            (told,) = reading.told({"assumed": found.told()})["assumed"]
    assert own == "1 行，首见第 2 行：注册资本没有写单位，已按万元处理"
    assert re.search("[\u4e00-\u9fff]", told) is None
