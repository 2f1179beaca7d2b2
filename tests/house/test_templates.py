"""Every template compiles, holds no style or script of its own, carries its token, and speaks through the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

from registry import create_app
from registry.config import ROOT
from registry.site import components

FOLDER = ROOT / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
COMPONENTS = sorted(FOLDER.glob("**/components/*.html"))
CHINESE = re.compile("[\u3400-\u9fff\uff01-\uff60]")
# A language's own name is never translated.
NAMES = {"中文"}


def source(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def without_comments(name: str) -> str:
    return re.sub(r"\{#.*?#\}", "", source(name), flags=re.DOTALL)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application for its templates alone; no database is asked."""
    folder = tmp_path_factory.mktemp("house")
    return create_app({"INSTANCE": folder, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'none.db'}"})


def in_each(find: Callable[[str], Iterable[object]]) -> dict[str, list[object]]:
    """What was found in each template, where anything was."""
    return {name: found for name in TEMPLATES if (found := list(find(name)))}


def test_every_template_compiles(house: Flask) -> None:
    for name in TEMPLATES:
        house.jinja_env.get_template(name)


def test_every_filter_test_and_macro_that_is_named_exists(house: Flask) -> None:
    def unknown(name: str) -> Iterator[str]:
        tree = house.jinja_env.parse(source(name), name)
        yield from {node.name for node in tree.find_all(nodes.Filter)} - house.jinja_env.filters.keys()
        yield from {node.name for node in tree.find_all(nodes.Test)} - house.jinja_env.tests.keys()
        for node in tree.find_all(nodes.FromImport):
            assert isinstance(node.template, nodes.Const)
            macros = house.jinja_env.parse(source(node.template.value)).find_all(nodes.Macro)
            yield from {one if isinstance(one, str) else one[0] for one in node.names} - {
                macro.name for macro in macros
            }

    assert in_each(unknown) == {}


def test_every_address_that_is_built_is_a_route(house: Flask) -> None:
    def nowhere(name: str) -> set[str]:
        calls = house.jinja_env.parse(source(name), name).find_all(nodes.Call)
        built = [call for call in calls if isinstance(call.node, nodes.Name) and call.node.name == "url_for"]
        return {
            call.args[0].value for call in built if isinstance(call.args[0], nodes.Const)
        } - house.view_functions.keys()

    assert in_each(nowhere) == {}


@pytest.mark.parametrize(
    "what",
    [
        r"<style\b|\sstyle\s*=",
        r"<script\b(?![^>]*\bsrc=)|javascript:",
        r"<[^>{%]*\son[a-z]+\s*=",
        r"\|\s*safe\b|\bautoescape\s+false|Markup",
        r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//",
    ],
    ids=["style", "script", "handler", "unescaped", "elsewhere"],
)
def test_no_template_holds(what: str) -> None:
    assert in_each(lambda name: re.findall(what, without_comments(name), re.IGNORECASE)) == {}


def test_every_form_that_posts_carries_its_token() -> None:
    def bare(name: str) -> list[str]:
        forms = re.findall(r"<form\b.*?</form>", without_comments(name), re.DOTALL | re.IGNORECASE)
        posting = [form for form in forms if re.search(r"method\s*=\s*[\"']post", form, re.IGNORECASE)]
        return [form for form in posting if "csrf_token" not in form]

    assert in_each(bare) == {}


def test_every_chinese_word_goes_through_the_catalogue(house: Flask) -> None:
    def untranslated(name: str) -> Iterator[tuple[int, str]]:
        everything = house.jinja_env.lex(source(name), name)
        tokens = [token for token in everything if token[1] not in ("whitespace", "comment")]
        for number, (line, kind, value) in enumerate(tokens):
            told = re.sub("|".join(NAMES), "", value) if kind == "data" else value
            marked = kind == "string" and _is_marked([token[2] for token in tokens[max(0, number - 4) : number]])
            if CHINESE.search(told) and not marked and not kind.endswith("comment"):
                yield line, value.strip()

    assert in_each(untranslated) == {}


def _is_marked(before: list[str]) -> bool:
    """The argument of _(text), of ngettext(one, many, count) or of pgettext("where", text)."""
    if before[-2:] in (["_", "("], ["gettext", "("]) or "ngettext" in before:
        return True
    return before[:2] == ["pgettext", "("] and before[3:] == [","]


def test_a_component_is_one_macro_of_the_files_own_name(house: Flask) -> None:
    for path in COMPONENTS:
        tree = house.jinja_env.parse(path.read_text(encoding="utf-8"))
        public = {macro.name for macro in tree.find_all(nodes.Macro) if not macro.name.startswith("_")}
        assert public == {path.stem}, path.name
        assert isinstance(house.jinja_env.globals[path.stem], components.Component), path.name


def test_no_two_components_and_no_variable_share_a_name(house: Flask) -> None:
    """A variable of that name would hide the component, in that template only."""
    names = {path.stem for path in COMPONENTS}
    assert len(names) == len(COMPONENTS)

    def hiding(name: str) -> Iterator[str]:
        tree = house.jinja_env.parse(source(name), name)
        yield from {node.name for node in tree.find_all(nodes.Name) if node.ctx in ("store", "param")} & names
        own = {Path(name).stem} if "components/" in name else set()
        yield from {macro.name for macro in tree.find_all(nodes.Macro)} & names - own

    assert in_each(hiding) == {}
    given = re.compile(r"render_template\(.*?\n?\)\n", re.DOTALL)
    for path in (ROOT / "registry").rglob("*.py"):
        for call in given.findall(path.read_text(encoding="utf-8")):
            assert set(re.findall(r"\b(\w+)=", call)) & names == set(), path.name


def test_a_page_is_drawn_by_somebody_and_a_part_by_a_page() -> None:
    """No template is left over: each is named in Python or by another template."""
    python = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "registry").rglob("*.py"))
    html = {name: source(name) for name in TEMPLATES}
    unused = [
        name
        for name in TEMPLATES
        if f'"{name}"' not in python and not any(f'"{name}"' in text for other, text in html.items() if other != name)
    ]
    assert [name for name in unused if "components/" not in name] == []


def test_scripts_fetch_nothing_from_elsewhere_and_evaluate_nothing() -> None:
    scripts: list[Path] = sorted((ROOT / "registry" / "static").glob("*.js"))
    assert scripts
    for path in scripts:
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"https?://(?!www\.w3\.org/)|\beval\(|new Function|\.innerHTML\s*=\s*`", text) == [], (
            path.name
        )
