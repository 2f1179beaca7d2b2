"""Stages are told in the words of one table on every page: nobody writes them a second time."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from registry.base.vocabulary import STAGE_LABELS, Stage
from registry.config import ROOT

CODES = {str(stage) for stage in Stage}
LONGEST = max(map(len, STAGE_LABELS.values()))
FEW = 3
"""A table with so many stages speaks of stages; one or two of the codes are also words for other things."""


def _written(path: Path) -> Iterator[dict[str, str]]:
    """Every mapping of this module from stages to words, which are no sentences: stage -> words."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Dict):
            pairs = {_code(key): _marked(value) for key, value in zip(node.keys, node.values, strict=True)}
            words = {code: said for code, said in pairs.items() if code and 0 < len(said) <= LONGEST}
            if len(words) >= FEW:
                yield words


def _code(key: ast.expr | None) -> str:
    if isinstance(key, ast.Attribute) and isinstance(key.value, ast.Name) and key.value.id == "Stage":
        return key.attr.lower()
    return str(key.value) if isinstance(key, ast.Constant) and key.value in CODES else ""


def _marked(value: ast.expr) -> str:
    call = value if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else None
    marked = call is not None and call.func.id in ("N_", "_", "_l") and call.args  # type: ignore[union-attr]
    return str(getattr(call.args[0], "value", "")) if call is not None and marked else ""


def test_no_module_but_the_vocabulary_has_words_of_stages() -> None:
    paths = sorted((ROOT / "registry").rglob("*.py"))
    found = [(path.relative_to(ROOT).as_posix(), words) for path in paths for words in _written(path)]
    assert [words for name, words in found if name == "registry/base/vocabulary.py"] == [
        {str(stage): label for stage, label in STAGE_LABELS.items()}
    ]
    assert [(name, words) for name, words in found if name != "registry/base/vocabulary.py"] == []


def test_no_page_has_a_table_of_stages_of_its_own() -> None:
    """`{"admitted": _("...")}`; a comparison with a stage and a link to the firms of one are no words."""
    pair = re.compile(rf"""["']({"|".join(CODES)})["']\s*:\s*_\(""")
    found = {
        path.relative_to(ROOT).as_posix(): pair.findall(text)
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if pair.search(text := path.read_text(encoding="utf-8"))
    }
    assert found == {}


def test_a_tag_of_a_stage_takes_its_word_from_the_table() -> None:
    """Where a page gives a stage its tone it gives it its word by the same value."""
    wrong = [
        (path.relative_to(ROOT).as_posix(), told)
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for told in re.findall(r"tag\((.*?)\|stage_tone\)", path.read_text(encoding="utf-8"))
        if "|label(vocabulary.STAGE_LABELS)" not in told
    ]
    assert wrong == []
