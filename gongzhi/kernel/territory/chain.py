"""The territory's register chain, kept by the ledger above: this floor names what it needs.

The ledger stands above the territory (its entries say who acted), so it cannot be imported here; the kernel's
application hands it in when it starts.
"""

from datetime import datetime
from typing import Any, Protocol

REGISTER = "territory"


class Keeper(Protocol):
    """What the ledger's ``registers`` module offers."""

    def record(
        self,
        register: str,
        verb: str,
        *,
        by: Any,
        at: datetime | None = ...,
        facts: dict[str, Any] | None = ...,
    ) -> object:
        """Append one entry to a register's chain."""

    def stamp(self, register: str) -> tuple[int, str]:
        """The chain's length and head: changes with every entry."""


_keepers: list[Keeper] = []


def keep(keeper: Keeper) -> None:
    """Connect the ledger, once, when the application starts."""
    _keepers[:] = [keeper]


def record(verb: str, *, by: Any, at: datetime, facts: dict[str, Any]) -> None:
    """Write what was done to the territory; in the caller's transaction."""
    _keepers[0].record(REGISTER, verb, by=by, at=at, facts=facts)


def stamp() -> tuple[int, str]:
    """Length and head of the chain: the key of everything cached about the territory (one statement)."""
    return _keepers[0].stamp(REGISTER)


def version() -> int:
    """How many times the territory changed."""
    return stamp()[0]
