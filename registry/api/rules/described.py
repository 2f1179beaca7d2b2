"""A resource as it is described and served: its shape, its parameters, the scope it asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from registry.api.rules.parameters import Parameter
from registry.api.rules.scopes import Scope
from registry.api.rules.shapes import AnswerShape


def none() -> tuple[Parameter, ...]:
    return ()


@dataclass(frozen=True)
class Described:
    """`parameters`: asked for when they are needed, for some offer what the reference data hold.

    Without `scope` anybody may ask, so often as an address may. `name` is what its use is recorded under.
    """

    name: str
    shape: type[AnswerShape]
    summary: str
    text: str
    scope: Scope | None
    parameters: Callable[[], Sequence[Parameter]] = none
    path: tuple[Parameter, ...] = ()
    any_scope: bool = False
    """A token of any scope will do."""
