"""The territory's register chain, kept by the ledger above: this floor names what it needs.

The ledger stands above the territory (its entries say who acted), so it cannot be imported here; the kernel's
application hands it in when it starts.
"""

from datetime import datetime
from itertools import count
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
        at: datetime,
        facts: dict[str, Any] | None = ...,
    ) -> object:
        """Append one entry to a register's chain."""

    def stamp(self, register: str) -> tuple[int, str]:
        """The chain's length and last entry: changes with every entry."""


_keepers: list[Keeper] = []
_unaccounted = count()


def keep(keeper: Keeper) -> None:
    """Connect the ledger, once, when the application starts."""
    _keepers[:] = [keeper]


def record(verb: str, *, by: Any, at: datetime, facts: dict[str, Any]) -> None:
    """Write what was done to the territory; in the caller's transaction."""
    _keepers[0].record(REGISTER, verb, by=by, at=at, facts=facts)


def stamp() -> tuple[int, str]:
    """Length and last entry of the chain: the key of everything cached about the territory (one statement).

    Territory that no entry accounts for is never the same twice, so nothing about it is cached.
    """
    length, last = _keepers[0].stamp(REGISTER)
    return (length, last) if length else (0, f"unaccounted {next(_unaccounted)}")


def version() -> int:
    """How many times the territory changed."""
    return stamp()[0]
