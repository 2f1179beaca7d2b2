"""The command's help is complete, and whatever it is given wrongly is one clear line and a non-zero exit."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
from flask import Flask

import registry as registry_package
from registry import features
from tests.terminal import registry

pytestmark = pytest.mark.once

# What Flask and Flask-Migrate bring along.
LIBRARY = frozenset({"db", "routes", "run", "shell"})


def walk(app: Flask) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command and group of the application, by its words."""
    waiting: list[tuple[tuple[str, ...], click.Command]] = [
        ((name,), app.cli.commands[name]) for name in app.cli.commands
    ]
    while waiting:
        words, command = waiting.pop()
        yield words, command
        if isinstance(command, click.Group):
            waiting += [((*words, name), inner) for name, inner in command.commands.items()]


def leaves(app: Flask) -> list[tuple[tuple[str, ...], click.Command]]:
    return sorted((words, command) for words, command in walk(app) if not isinstance(command, click.Group))


def one_line(text: str) -> str:
    lines = text.splitlines()
    assert len(lines) == 1, text
    assert lines[0].startswith("error: ")
    return lines[0]


def test_every_command_is_in_the_help_with_what_it_does(app: Flask, installed: Path) -> None:
    said = registry("--help")
    listed = {line.split()[0] for line in said.out.partition("Commands:")[2].splitlines() if line.strip()}
    assert said.status == 0
    assert listed >= {words[0] for words, _command in walk(app)}


def test_every_command_argument_and_option_says_what_it_is(app: Flask) -> None:
    silent = []
    for words, command in walk(app):
        if words[0] in LIBRARY:
            continue
        silent += [" ".join(words)] if not command.help else []
        for parameter in command.params:
            undescribed = isinstance(parameter, click.Option) and not parameter.help
            unnamed = isinstance(parameter, click.Argument) and (
                parameter.human_readable_name not in (command.help or "")
            )
            silent += [f"{' '.join(words)} {parameter.name}"] if undescribed or unnamed else []
    assert silent == []


def test_each_commands_help_exits_with_zero(app: Flask, installed: Path) -> None:
    failed = [words for words, _command in walk(app) if registry(*words, "--help").status != 0]
    assert failed == []


def test_an_unknown_option_is_one_line(app: Flask, installed: Path) -> None:
    for words, _command in leaves(app):
        said = registry(*words, "--no-such-option")
        assert (said.status, said.out) == (2, ""), words
        assert "--no-such-option" in one_line(said.err), words


def test_a_missing_argument_or_option_is_one_line_that_names_it(app: Flask, installed: Path) -> None:
    checked = 0
    for words, command in leaves(app):
        if not any(parameter.required and not getattr(parameter, "prompt", None) for parameter in command.params):
            continue
        said = registry(*words)
        assert (said.status, said.out) == (2, ""), words
        assert one_line(said.err).startswith("error: Missing "), words
        checked += 1
    assert checked >= 4


def test_a_word_too_many_is_one_line(app: Flask, installed: Path) -> None:
    for words, command in leaves(app):
        if any(isinstance(parameter, click.Argument) for parameter in command.params) or words[0] in LIBRARY:
            continue
        if any(parameter.required for parameter in command.params):
            continue
        said = registry(*words, "superfluous")
        assert said.status == 2, words
        assert "superfluous" in one_line(said.err), words


def test_an_unknown_command_is_one_line(installed: Path) -> None:
    for words in (["nothing"], ["user", "nothing"], ["trail", "nothing"]):
        said = registry(*words)
        assert (said.status, "No such command 'nothing'" in one_line(said.err)) == (2, True)


def test_a_group_alone_shows_its_help_and_does_not_succeed(installed: Path) -> None:
    said = registry("user")
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith("Usage: registry user")


@pytest.mark.parametrize("words", [("user", "list"), ("trail", "verify"), ("seed",)])
def test_a_database_without_tables_is_one_line_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("REGISTRY_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    monkeypatch.setenv("REGISTRY_INSTANCE", str(tmp_path))
    said = registry(*words)
    assert said.status == 1
    assert "registry db upgrade" in one_line(said.err)


def test_production_without_its_secret_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRY_ENV", "production")
    monkeypatch.setenv("REGISTRY_INSTANCE", str(tmp_path))
    monkeypatch.delenv("REGISTRY_SECRET_KEY", raising=False)
    said = registry("user", "list")
    assert said.status != 0
    assert "REGISTRY_SECRET_KEY" in one_line(said.err)


def test_every_module_of_commands_is_declared_by_its_feature() -> None:
    root = Path(registry_package.__file__).parent
    modules = [*root.glob("*/commands.py"), *root.glob("*/commands/*.py")]
    names = {".".join(("registry", *path.relative_to(root).with_suffix("").parts)) for path in modules}
    with_commands = {name for name in names if hasattr(import_module(name), "COMMANDS")}
    declared = {module.__name__ for bare in (True, False) for module in features.command_modules(bare=bare)}
    assert with_commands == declared
