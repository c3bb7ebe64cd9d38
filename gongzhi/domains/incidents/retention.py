"""Keeping and deleting: what is due goes, by the pack's table, through the same actions a reporter has."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from gongzhi.kernel import packs
from gongzhi.kernel.models import Area, Matter, Receipt, Words
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.door import BATCH, take_all
from gongzhi.kernel.process.orders import Order, Step

DAYS = {"d": 1, "m": 31, "y": 366}


def delete_due(at: datetime) -> int:
    """Remove contacts and words whose time has come, a few hundred at a time. Returns how many matters were touched."""
    touched = 0
    for name in _packs_in_use():
        for action, due in _due(name, at):
            while ids := list(due[:BATCH]):
                orders = [Order(pk, (Step(action),), Acting.clock(), at) for pk in ids]
                done = [outcome for outcome in take_all(orders) if outcome.entries]
                touched += len(done)
                if len(done) < len(ids):
                    break  # what the door refuses stays and is tried again tomorrow
    return touched


def _packs_in_use() -> list[str]:
    named = Area.objects.exclude(pack="").values_list("pack", flat=True)
    return sorted({*named}) or ["cn"]


def _due(pack_name: str, at: datetime) -> Iterator[tuple[str, Any]]:
    keep = packs.load(pack_name).table("retention").get("keep", {})
    contacts = _before(keep.get("contact", {}), at)
    if contacts is not None:
        with_contact = Receipt.objects.exclude(phone_enc=None).values("matter")
        yield (
            "forget_contact",
            _closed(pack_name, contacts).filter(pk__in=with_contact).values_list("pk", flat=True),
        )
    for name, row in keep.items():
        end = _before(row, at)
        if end is None or name not in ("words", "private_words", "voided"):
            continue
        rows = _closed(pack_name, end).filter(pk__in=Words.objects.values("entry__matter"))
        if name == "private_words":
            rows = rows.filter(category__in=row.get("kinds", []))
        if name == "voided":
            rows = rows.filter(stage="voided")
        yield "remove_words", rows.values_list("pk", flat=True)


def _closed(pack_name: str, end: datetime) -> Any:
    return Matter.objects.filter(pack=pack_name, kind="incident", closed_at__lte=end).order_by("pk")


def _before(row: dict[str, Any], at: datetime) -> datetime | None:
    found = re.fullmatch(r"(\d+)([dmy])", row.get("length", ""))
    return at - timedelta(days=int(found[1]) * DAYS[found[2]]) if found else None
