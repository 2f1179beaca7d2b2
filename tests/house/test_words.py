"""Chinese stands where docs/domain.md 7 says, and what the code says elsewhere it says in English."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from registry.base.tables import Base
from registry.trail.texts import SUBJECT_LABELS, VERB_LABELS
from tests.house.rooms import PACKAGE, modules_of, room

MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
CHINESE = re.compile("[\u3400-\u9fff]")
# Sentences, labels and words of the trade, as data: here a literal may be Chinese without more ado.
LEXICONS = (
    "base/money.py",  # how an amount is read aloud
    "documents/rules.py",  # the marks between pages
    "imports/services/places.py",  # what stands before and between the names of places
    "base/vocabulary.py", "base/errors.py", "base/periods.py", "reference/rules/divisions.py",
    "base/contacts.py", "matching/", "sheets/", "demo/",
)  # fmt: skip
ROOMS_OF_TEXT = ("texts", "forms", "sheets")
# A language's own name is never translated.
NAMES = {"简体中文"}
# Everywhere else a Chinese literal must be one that is translated: the argument of one of these.
MARKS = {"_", "N_", "_l", "gettext", "lazy_gettext", "ngettext", "_n", "pgettext"}
# A gloss in a docstring or comment names a term; it does not tell a story.
GLOSS = 24
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def literals(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Chinese string literals that are neither docstrings nor marked for translation."""
    passed = {id(node) for node in ast.walk(tree) for node in _passed(node)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in passed else None
        if isinstance(text, str) and CHINESE.search(text) and text not in NAMES:
            yield node.lineno, text  # type: ignore[attr-defined]


def _passed(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return [node.value]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
        return list(node.args)
    return []


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def in_each(
    find: Callable[[ast.Module, Path], Iterable[object]], modules: Iterable[Path] = MODULES
) -> dict[str, list[object]]:
    """What was found in each module, where anything was."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in modules}
    return {name(path): found for path, tree in trees.items() if (found := list(find(tree, path)))}


def test_a_chinese_literal_stands_in_a_lexicon_or_is_translated() -> None:
    elsewhere = [path for path in MODULES if not name(path).startswith(LEXICONS) and room(path) not in ROOMS_OF_TEXT]
    assert in_each(lambda tree, _path: literals(tree), elsewhere) == {}


def test_what_a_person_at_the_terminal_reads_is_english() -> None:
    """Help and lines of the commands; a refusal is the rule's own sentence."""
    assert in_each(lambda tree, _path: literals(tree), modules_of("commands")) == {}


def test_docstrings_and_comments_only_gloss_a_term() -> None:
    def stories(tree: ast.Module, path: Path) -> list[str]:
        told = [doc for node in ast.walk(tree) if isinstance(node, DOCUMENTED) and (doc := ast.get_docstring(node))]
        told += re.findall(r"(?m)^\s*#(.*)$", path.read_text(encoding="utf-8"))
        runs = [run for part in told for run in re.findall("[\u3400-\u9fff\uff01-\uff60、。“”]+", part)]
        return [run for run in runs if len(run) > GLOSS]

    assert in_each(stories) == {}


def test_every_module_says_in_a_sentence_what_it_knows() -> None:
    def silent(tree: ast.Module, path: Path) -> list[str]:
        if not tree.body and path.name == "__init__.py":
            return []
        first = (ast.get_docstring(tree) or "").split("\n\n")[0]
        return [] if first.endswith((".", ":", "`")) else [first or "nothing"]

    assert in_each(silent) == {}


def test_no_class_or_module_hides_behind_a_word_that_says_nothing() -> None:
    def hollow(tree: ast.Module, path: Path) -> list[str]:
        classes = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        found = [one for one in classes if re.search(r"(Manager|Helper|Utils?|Handler|Enum)$", one)]
        return [*found, *({path.stem} & {"utils", "util", "common", "helpers", "helper", "core", "misc"})]

    assert in_each(hollow) == {}


def test_no_identifier_is_chinese() -> None:
    def foreign(tree: ast.Module, _path: Path) -> set[str]:
        return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not node.id.isascii()}

    assert in_each(foreign) == {}


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
    assert {verb for verb, _subject in acts} - VERB_LABELS.keys() == set(), "give it a label in trail/texts.py"
    assert {subject for _verb, subject in acts if subject} - SUBJECT_LABELS.keys() == set(), (
        "give it a label in trail/texts.py"
    )


def test_every_kind_of_subject_is_a_table_or_a_word_of_ours() -> None:
    words = {"name_index", "session", "page", "reference", "trail", "ledger", "quarter", "city", "register", "backup"}
    assert set(SUBJECT_LABELS) - words <= set(Base.metadata.tables)
