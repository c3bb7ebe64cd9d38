"""The one page of extension points: guards, bodies, desks and followers, each by name.

A process page names them; the code behind a name lives with the domain that knows the subject. No expressions.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from gongzhi.kernel.process.verdict import Verdict

if TYPE_CHECKING:
    from gongzhi.kernel.ledger.models import Delivery
    from gongzhi.kernel.process.deed import Deed, Desk
    from gongzhi.kernel.process.orders import Also, Order

Guard = Callable[["Deed"], Verdict]
Body = Callable[["Deed"], None]
DeskOf = Callable[["Deed"], "Desk | Sequence[Desk] | None"]
DueOf = Callable[["Deed"], "datetime | None"]
Follower = Callable[["Delivery", datetime], None]
FurtherOf = Callable[["Order"], "list[Also]"]

D = TypeVar("D", bound=DeskOf)

GUARDS: dict[str, Guard] = {}
BODIES: dict[tuple[str, str], Body] = {}
DESKS: dict[str, DeskOf] = {}
DUES: dict[str, DueOf] = {}
FOLLOWERS: dict[str, Follower] = {}
FURTHER: dict[str, FurtherOf] = {}
FOLLOWS: dict[tuple[str, str], list[str]] = {}
TELLERS: dict[str, Follower] = {}


def guard(name: str) -> Callable[[Guard], Guard]:
    """Register the body of a guard that pages name in ``needs``."""
    return _into(GUARDS, name)


def body(process: str, *actions: str) -> Callable[[Body], Body]:
    """Register a domain's short body for one or several actions of a process."""

    def register(function: Body) -> Body:
        for action in actions:
            _into(BODIES, (process, action))(function)
        return function

    return register


def desk(name: str) -> Callable[[D], D]:
    """Register a resolver for a desk (or several, each with a wait of its own) that pages name in ``opens``."""
    return _into(DESKS, name)


def further(*actions: str) -> Callable[[FurtherOf], FurtherOf]:
    """Register who names, before any lock, the further matters an action touches, and what is taken on each of them."""

    def register(function: FurtherOf) -> FurtherOf:
        for action in actions:
            _into(FURTHER, action)(function)
        return function

    return register


def due(name: str) -> Callable[[DueOf], DueOf]:
    """Register a moment that a page names as a term (``=<name>|<otherwise>``), where nobody says it."""
    return _into(DUES, name)


def follower(name: str, process: str, *verbs: str) -> Callable[[Follower], Follower]:
    """Register a reaction: runs after commit from its delivery row, at least once, keyed by (entry, follower)."""

    def register(function: Follower) -> Follower:
        for verb in verbs:
            FOLLOWS.setdefault((process, verb), []).append(name)
        return _into(FOLLOWERS, name)(function)

    return register


def teller(kind: str) -> Callable[[Follower], Follower]:
    """Register who carries a message to a kind of addressee (``reporter``, ``holder`` …) named in ``tells``."""
    return _into(TELLERS, kind)


def _into(table: dict[Any, Any], key: Any) -> Callable[[Any], Any]:
    def register(function: Any) -> Any:
        if table.get(key, function) is not function and table[key].__qualname__ != function.__qualname__:
            raise ValueError(f"{key} is registered twice")
        table[key] = function
        return function

    return register
