"""The same act on several matters with one click, where the pack lets it be."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gongzhi.domains.incidents.queries.desk import own_pack
from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import door
from gongzhi.kernel.process.orders import Order, Outcome, Step
from gongzhi.kernel.process.verdict import NotYours

AT_ONCE = 200  # matters in one click
JOINING = ("merge", "gather")


def take_several(
    chosen: Mapping[int, int],
    action: str,
    *,
    by: Acting,
    at: datetime,
    key: str,
    each: Mapping[int, dict[str, Any]] | None = None,
    **said: Any,
) -> list[Outcome]:
    """Take the same act on several matters, each with its own key and entry; the refused are left out and listed.

    ``chosen``: matter → the last entry seen; ``each``: what is said of one matter alone. NotYours where the pack does
    not let this act be taken on several at once.
    """
    if action not in packs.load(own_pack(by)).table("decisions").get("bulk", {}):
        raise NotYours("这一步要一件一件看，不能一起办。")
    own = each or {}
    return door.take_all(
        Order(pk, (Step(action, {**said, **own.get(pk, {})}),), by, at, seen, f"{key}-{pk}")
        for pk, seen in list(chosen.items())[:AT_ONCE]
    )


def join_several(
    chosen: Mapping[int, int], into: str, action: str, *, by: Acting, at: datetime, key: str
) -> list[Outcome]:
    """Merge several matters into one, or gather them under their cause (``action``: ``merge``, ``gather``).

    Each is decided and entered for itself; the refused are left out and listed.
    """
    if action not in JOINING:
        raise NotYours("这一步要一件一件看，不能一起办。")
    return door.take_all(
        Order(pk, (Step(action, {"into": into}),), by, at, seen, f"{key}-{pk}")
        for pk, seen in list(chosen.items())[:AT_ONCE]
    )
