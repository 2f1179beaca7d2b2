"""Chinese stands where ARCHITECTURE section 3 says, and what the code says elsewhere it says in English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.config import ROOT
from registry.domain.acts import SUBJECT_LABELS, VERB_LABELS
from registry.models import Base

PACKAGE = ROOT / "registry"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
CHINESE = re.compile("[\u3400-\u9fff]")
# Sentences, labels and words of the trade, as data: here a literal may be Chinese without more ado.
LEXICONS = (
    "domain/vocabulary.py", "domain/errors.py", "domain/sentences.py", "domain/acts.py", "domain/divisions.py",
    "matching/", "sheets/", "web/forms/", "services/demo/",
)  # fmt: skip
# Everywhere else a Chinese literal must be one that is translated: the argument of one of these.
MARKS = {"_", "N_", "_l", "gettext", "lazy_gettext", "ngettext", "_n"}
# A gloss in a docstring or comment names a term; it does not tell a story.
GLOSS = 24


def literals(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Chinese string literals that are neither docstrings nor marked for translation."""
    passed = {id(node) for node in ast.walk(tree) for node in _passed(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed:
            if CHINESE.search(node.value):
                yield node.lineno, node.value


def _passed(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return [node.value]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
        return list(node.args)
    return []


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_chinese_literal_stands_in_a_lexicon_or_is_translated(path: Path) -> None:
    if name(path).startswith(LEXICONS):
        return
    assert list(literals(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_docstrings_and_comments_only_gloss_a_term(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    told = [doc for node in ast.walk(tree) if _documented(node) and (doc := ast.get_docstring(node))]  # type: ignore[arg-type]
    told += re.findall(r"(?m)^\s*#(.*)$", text)
    runs = [run for part in told for run in re.findall("[\u3400-\u9fff\uff01-\uff60、。“”]+", part)]
    assert [run for run in runs if len(run) > GLOSS] == []


def _documented(node: ast.AST) -> bool:
    return isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_module_says_in_a_sentence_what_it_knows(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if not tree.body:
        assert path.name == "__init__.py"
        return
    first = (ast.get_docstring(tree) or "").split("\n\n")[0]
    assert first.endswith((".", ":", "`")), first


def test_what_a_person_at_the_terminal_reads_is_english() -> None:
    """Help and lines of the commands; a refusal is the rule's own sentence."""
    found = {name(path): list(literals(ast.parse(path.read_text(encoding="utf-8")))) for path in (PACKAGE / "cli").glob("*.py")}
    assert {module: lines for module, lines in found.items() if lines} == {}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_class_or_module_hides_behind_a_word_that_says_nothing(path: Path) -> None:
    assert path.stem not in {"utils", "common", "helpers", "core", "misc", "util", "helper", "base_service"}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    classes = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    assert [one for one in classes if re.search(r"(Manager|Helper|Utils?|Handler|Enum)$", one)] == []


def test_no_identifier_is_chinese() -> None:
    for path in MODULES:
        names = {node.id for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Name)}
        assert [one for one in names if not one.isascii()] == [], name(path)


# -- the words of the trail -----------------------------------------------------------------------
def recorded(tree: ast.AST) -> Iterator[tuple[str, str | None]]:
    """Verb and subject of every act that is recorded with literals."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called in ("trail.record", "trail.Act", "Act"):
            arguments = [one.value if isinstance(one, ast.Constant) else None for one in node.args]
            verb, *rest = arguments[1:] if called == "trail.record" else arguments
            if isinstance(verb, str):
                yield verb, rest[0] if rest and isinstance(rest[0], str) else None


def test_every_act_that_is_recorded_has_its_word() -> None:
    acts = [act for path in MODULES for act in recorded(ast.parse(path.read_text(encoding="utf-8")))]
    assert len(acts) > 20
    assert {verb for verb, _subject in acts} - VERB_LABELS.keys() == set(), "give it a label in domain/acts.py"
    assert {subject for _verb, subject in acts if subject} - SUBJECT_LABELS.keys() == set(), "give it a label in domain/acts.py"


def test_every_kind_of_subject_is_a_table_or_a_word_of_ours() -> None:
    words = {"session", "page", "reference", "trail", "ledger", "quarter"}
    assert set(SUBJECT_LABELS) - words <= set(Base.metadata.tables)
