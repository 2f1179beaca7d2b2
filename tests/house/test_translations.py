"""The English catalogue says everything the product says: nothing missing, doubtful, left over or half translated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po

from tests.house.rooms import modules_of

ROOT = Path(__file__).parents[2]
ENGLISH = ROOT / "registry" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
# Han characters, and the punctuation and forms of their width; a wide space parts, it says nothing.
CHINESE = re.compile(r"[\u2e80-\u2fff\u3001-\u9fff\uf900-\ufaff\uff00-\uffef]")
MARKS = frozenset({"_", "_l", "N_", "gettext", "ngettext", "pgettext", "lazy_gettext"})
MARKED_IN_TEMPLATE = r"""\b(?:_|gettext|ngettext|pgettext)\((?:"[^"]*"|'[^']*'|[, ])+"""
TEN_THOUSAND = "万"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")

Key = tuple[str | None, str]


def test_every_text_has_its_english() -> None:
    lacking = sorted(text for context, text in _said() if not _translated(context, text))

    assert lacking == [], "\n".join(("run `make translations` and fill in:", *lacking))


def test_no_translation_brings_a_percent_sign_that_its_text_has_not() -> None:
    """A template fills in every text that it translates, and a sign of its own would be taken for a place to fill."""
    brought = [
        entry.id
        for entry in _english()
        if isinstance(entry.id, str)
        and isinstance(entry.string, str)
        and "%" in PLACEHOLDER.sub("", entry.string)
        and "%" not in PLACEHOLDER.sub("", entry.id)
    ]
    assert brought == []


def test_nothing_is_marked_as_doubtful() -> None:
    assert [entry.id for entry in _english() if entry.id and entry.fuzzy] == []


def test_english_keeps_the_placeholders() -> None:
    assert [entry.id for entry in _english() if _placeholders(entry.id) != _placeholders(entry.string)] == []


def test_english_holds_no_chinese_and_no_quotes_that_chinese_fonts_draw_wide() -> None:
    assert [entry.id for entry in _english() if re.search(f"{CHINESE.pattern}|[“”‘’…]", _joined(entry.string))] == []


def test_a_text_that_is_no_longer_said_has_left_the_catalogue() -> None:
    held = {(entry.context, _joined(entry.id)) for entry in _english() if CHINESE.search(_joined(entry.id))}
    left = sorted(text for _, text in held - _said()) + [_joined(key) for key in _english().obsolete]

    assert left == [], "\n".join(("run `make translations`, which leaves these out:", *left))


def test_the_header_names_nobody() -> None:
    english = _english()

    assert english.last_translator == ""
    assert english.language_team == ""
    assert english.msgid_bugs_address == ""


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.stem)
def test_a_template_says_nothing_past_the_catalogue(path: Path) -> None:
    """Without its comments, its marked texts and the other language's own name, a template holds no Chinese."""
    text = path.read_text(encoding="utf-8")
    for aside in (r"{#.*?#}", r"<button[^>]* lang=.*?</button>", MARKED_IN_TEMPLATE):
        text = re.sub(aside, "", text, flags=re.DOTALL)

    assert [line.strip() for line in text.splitlines() if CHINESE.search(line)] == []


VIEWS = [*modules_of("pages", "forms", "views"), *sorted((ROOT / "registry" / "site").rglob("*.py"))]


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.relative_to(ROOT / "registry").as_posix())
def test_a_view_says_nothing_past_the_catalogue(path: Path) -> None:
    assert [text for text in _unmarked(ast.parse(path.read_text(encoding="utf-8"))) if CHINESE.search(text)] == []


def _unmarked(node: ast.AST) -> Iterator[str]:
    """The strings of some code that no marked call holds, docstrings aside; the sign of a unit is no text."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != TEN_THOUSAND:
        yield node.value
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
            yield from _unmarked(child)


@cache
def _said() -> frozenset[Key]:
    """Every Chinese text in the sources, with its context; other strings inside a marked call are keys, not texts."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found = extract_from_dir(str(ROOT), methods, options, DEFAULT_KEYWORDS | _keywords())
    texts = ((context, _joined(text)) for _, _, text, _, context in found)
    return frozenset((context, text) for context, text in texts if CHINESE.search(text))


def _keywords() -> dict[str, object]:
    """Those that `make translations` collects by."""
    named = re.search(r'--keywords "([^"]+)"', (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert named is not None
    return dict(parse_keywords(named[1].split()))


@cache
def _english() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def _translated(context: str | None, text: str) -> bool:
    entry = _english().get(text, context)
    return entry is not None and bool(_joined(entry.string).strip())


def _placeholders(text: Message | str | tuple[str, ...]) -> set[str]:
    return set(PLACEHOLDER.findall(_joined(text)))


def _joined(text: object) -> str:
    """A text as one string, its plural beside it."""
    return text if isinstance(text, str) else "\n".join(part for part in text if part)  # type: ignore[attr-defined]
