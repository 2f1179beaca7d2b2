"""The `registry` command: each command a few lines over a service."""

from __future__ import annotations

import sys

import click
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy.exc import SQLAlchemyError

from registry import create_app, features
from registry.base.errors import RegistryError
from registry.base.trouble import Trouble, trouble_in
from registry.config import BadSetting


def install(app: Flask) -> None:
    for module in features.command_modules(bare=False):
        for command in module.COMMANDS:
            app.cli.add_command(command)


group = FlaskGroup(
    name="registry",
    create_app=create_app,
    add_version_option=False,
    load_dotenv=False,
    help="The registry of the enterprise cultivation directory.",
)
for _module in features.command_modules(bare=True):
    for _command in _module.COMMANDS:
        group.add_command(_command)


def main(arguments: list[str] | None = None) -> None:
    """Run a command; whatever it refuses is one line on standard error and a non-zero exit."""
    try:
        status = group.main(args=arguments, prog_name="registry", standalone_mode=False)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.Abort:
        _fail("aborted", 130)
    except click.exceptions.NoArgsIsHelpError as asked:
        click.echo(asked.format_message(), err=True)
        sys.exit(asked.exit_code)
    except click.UsageError as error:
        where = f" (see `{error.ctx.command_path} --help`)" if error.ctx else ""
        _fail(error.format_message() + where, error.exit_code)
    except click.ClickException as error:
        _fail(error.format_message(), error.exit_code)
    except (RegistryError, BadSetting, LookupError) as error:
        _fail(str(error), 1)
    except SQLAlchemyError as error:
        _fail(_of_database(error), 1)
    else:
        sys.exit(status if isinstance(status, int) else 0)


def _of_database(error: SQLAlchemyError) -> str:
    """What the database refused, or that it is in trouble, which is nobody's mistake."""
    said = getattr(error, "orig", None) or error
    if isinstance(said, RegistryError):
        return str(said)
    trouble = trouble_in(error)
    if trouble and trouble is not Trouble.AWAY:  # away may be one that was never made
        return f"the database is {trouble} ({said}); nothing is lost: run the command again"
    return f"database: {said}; is it migrated? run `registry db upgrade`"


def _fail(message: str, status: int) -> None:
    click.echo(f"error: {' '.join(message.split())}", err=True)
    sys.exit(status)
