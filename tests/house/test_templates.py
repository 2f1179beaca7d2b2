"""Every template compiles, holds no style or script of its own, carries its token, and speaks through the catalogue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

from registry.config import ROOT

FOLDER = ROOT / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
CHINESE = re.compile("[\u3400-\u9fff\uff01-\uff60]")
# A language's own name is never translated.
NAMES = {"中文"}


def source(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def without_comments(name: str) -> str:
    return re.sub(r"\{#.*?#\}", "", source(name), flags=re.DOTALL)


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles_and_what_it_names_exists(app: Flask, name: str) -> None:
    tree = app.jinja_env.parse(source(name), name)
    app.jinja_env.get_template(name)
    known_filters, known_tests = app.jinja_env.filters, app.jinja_env.tests
    assert {node.name for node in tree.find_all(nodes.Filter)} <= known_filters.keys()
    assert {node.name for node in tree.find_all(nodes.Test)} <= known_tests.keys()
    for node in tree.find_all((nodes.Extends, nodes.FromImport, nodes.Include, nodes.Import)):
        target = node.template  # type: ignore[attr-defined]
        assert isinstance(target, nodes.Const)
        module = app.jinja_env.get_template(target.value)
        if isinstance(node, nodes.FromImport):
            names = {one if isinstance(one, str) else one[0] for one in node.names}
            assert names <= {macro.name for macro in app.jinja_env.parse(source(module.name or "")).find_all(nodes.Macro)}


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_address_it_builds_is_a_route(app: Flask, name: str) -> None:
    tree = app.jinja_env.parse(source(name), name)
    calls = [call for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name) and call.node.name == "url_for"]
    named = {call.args[0].value for call in calls if isinstance(call.args[0], nodes.Const)}
    assert named <= app.view_functions.keys()


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_has_no_style_or_script_of_its_own(name: str) -> None:
    text = without_comments(name)
    found = re.findall(r"<style\b|\sstyle\s*=|<[^>{%]*\son[a-z]+\s*=|javascript:|<script\b(?![^>]*\bsrc=)", text, re.IGNORECASE)
    assert found == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_is_marked_as_safe(name: str) -> None:
    assert re.findall(r"\|\s*safe\b|\bautoescape\s+false|Markup", without_comments(name)) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_is_fetched_from_elsewhere(name: str) -> None:
    assert re.findall(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", without_comments(name)) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_form_that_posts_carries_its_token(name: str) -> None:
    forms = re.findall(r"<form\b.*?</form>", without_comments(name), re.DOTALL | re.IGNORECASE)
    bare = [form for form in forms if re.search(r"method\s*=\s*[\"']post", form, re.IGNORECASE) and "csrf_token" not in form]
    assert bare == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_chinese_word_goes_through_the_catalogue(app: Flask, name: str) -> None:
    tokens = [token for token in app.jinja_env.lex(source(name), name) if token[1] not in ("whitespace", "comment")]
    bare = []
    for number, (line, kind, value) in enumerate(tokens):
        if not CHINESE.search(value) or kind.endswith("comment"):
            continue
        called = [token[2] for token in tokens[number - 2 : number]] in (["_", "("], ["gettext", "("])
        if kind == "string" and (called or _is_plural(tokens[:number])):
            continue
        if kind == "data" and not CHINESE.search(re.sub("|".join(NAMES), "", value)):
            continue
        bare.append((line, value.strip()))
    assert bare == []


def _is_plural(before: list[tuple[int, str, str]]) -> bool:
    """Within ngettext(one, many, count)."""
    words = [token[2] for token in before[-4:]]
    return "ngettext" in words


def test_a_component_is_one_macro_of_the_files_own_name(app: Flask) -> None:
    extra = {"progress": {"progress", "progress_refresh"}}
    for path in sorted((FOLDER / "components").glob("*.html")):
        tree = app.jinja_env.parse(path.read_text(encoding="utf-8"))
        public = {macro.name for macro in tree.find_all(nodes.Macro) if not macro.name.startswith("_")}
        assert public == extra.get(path.stem, {path.stem}), path.name


def test_a_page_is_drawn_by_somebody_and_a_part_by_a_page() -> None:
    """No template is left over: each is named in Python or by another template."""
    python = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "registry").rglob("*.py"))
    html = {name: source(name) for name in TEMPLATES}
    unused = [
        name
        for name in TEMPLATES
        if f'"{name}"' not in python and not any(f'"{name}"' in text for other, text in html.items() if other != name)
    ]
    assert [name for name in unused if not name.startswith("components/")] == []


def test_scripts_fetch_nothing_from_elsewhere_and_evaluate_nothing() -> None:
    scripts: list[Path] = sorted((ROOT / "registry" / "static").glob("*.js"))
    assert scripts
    for path in scripts:
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"https?://(?!www\.w3\.org/)|\beval\(|new Function|\.innerHTML\s*=\s*`", text) == [], path.name
