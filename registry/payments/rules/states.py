"""Which states of a kind mean that money is due or was promised, by its steps."""

from __future__ import annotations

from registry.cases.rules.kinds import Kind, Outcome

BATCH = "batch"
"""The verb of the step by which a case comes into a batch."""


def of_kind(kind: Kind) -> tuple[frozenset[str], frozenset[str]]:
    """States in which a case may be batched, and in which its award counts against the budget.

    What was demanded back counts on: it goes to the treasury, and into a budget only by a document.
    """
    payable = frozenset(one for step in kind.steps if step.verb == BATCH for one in step.start)
    return payable, kind.money_states


def is_promised(kind: Kind, state: str) -> bool:
    """Whether a case in this state has an award that was decided and is paid in money."""
    return kind.outcome == Outcome.PAYMENT and state in of_kind(kind)[1]
