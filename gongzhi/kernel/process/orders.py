"""What is asked of the door, and what became of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import keys, registry
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.verdict import Refusal


@dataclass(frozen=True)
class Step:
    """One action and what is said with it."""

    action: str
    said: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Also:
    """A further matter of an act: locked with the first; the step (if any) is taken there by the house."""

    matter_id: int
    step: Step | None = None


@dataclass(frozen=True)
class Order:
    """One matter, one hand, one or several actions of the same click."""

    matter_id: int
    steps: tuple[Step, ...]
    by: Acting
    at: datetime
    seen: int | None = None
    key: str | None = None
    happened: datetime | None = None
    cause: int | None = None
    wait_id: int | None = None
    entry_id: int | None = None
    check: Callable[[Work], bool] | None = None

    def further(self) -> list[Also]:
        """The further matters this order touches, named before any lock (see :func:`registry.further`)."""
        named = [registry.FURTHER[one.action] for one in self.steps if one.action in registry.FURTHER]
        return [also for find in named for also in find(self)]

    @property
    def content(self) -> str:
        """Digest of what is asked of which matter: the same key must come with the same."""
        first, *more = self.steps
        said = {
            f"then {one.action} {name}": value for one in more for name, value in {"": "", **one.said}.items()
        }
        return keys.content_hash(
            {"action": first.action, "matter": str(self.matter_id), **first.said, **said}
        )


@dataclass
class Outcome:
    """What became of an order: its entries, or why it was refused."""

    order: Order
    entries: list[Entry] = field(default_factory=list)
    refusal: Refusal | None = None
