"""A small application that draws single components, without a database: what a component shows is all it needs."""

from __future__ import annotations

from typing import Any

from flask import Flask, render_template_string
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from lxml import html

from registry.config import ROOT
from registry.site import components, display, unverified
from registry.site.access import HEADERS
from registry.site.formkeys import fresh

COMPONENTS = sorted((ROOT / "templates").glob("**/components/*.html"))
PAGE = """<!DOCTYPE html><html lang="zh-CN"><head><title>gallery</title><link rel="icon" href="/static/favicon.svg">
<link rel="stylesheet" href="/static/boxes.css">{{ bootstrap.load_css() }}<link rel="stylesheet" href="/static/app.css">
<script type="module" src="/static/forms.js"></script></head><body><main class="page">SOURCE</main></body></html>"""


def gallery() -> Flask:
    app = Flask(
        "registry",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "registry" / "static"),
    )
    app.config.update(SECRET_KEY="gallery", TESTING=True, BOOTSTRAP_SERVE_LOCAL=True)
    Bootstrap5(app)
    Babel(app, default_locale="zh_Hans_CN")
    CSRFProtect(app)
    display.install(app)
    unverified.install(app)
    components.install(app)
    app.jinja_env.globals["form_key"] = fresh
    app.after_request(lambda response: (response.headers.update(HEADERS), response)[1])
    return app


def draw(app: Flask, source: str, address: str = "/", **values: Any) -> html.HtmlElement:
    """The fragment that `source` renders to, which may use every component by its own name."""
    with app.test_request_context(address):
        return html.fragment_fromstring(render_template_string(source, **values), create_parent="main")


def page(source: str, **values: Any) -> str:
    """A whole page around `source`, with the product's style and scripts; inside a request."""
    return render_template_string(PAGE.replace("SOURCE", source), **values)


def words(element: html.HtmlElement) -> str:
    """The text a reader meets, blanks folded."""
    return " ".join(element.text_content().split())
