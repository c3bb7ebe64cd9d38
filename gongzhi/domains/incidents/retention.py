"""Keeping and deleting: what is due goes, by the pack's table, through the same actions a reporter has."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q

from gongzhi.kernel import packs
from gongzhi.kernel.models import Area, Matter, Receipt, Words
from gongzhi.kernel.packs.keeping import Keeping, keeping
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.door import BATCH, take_all
from gongzhi.kernel.process.orders import Order, Step

SAID: tuple[str, ...] = (
    "report",
    "add",
    "again",
    "rate",
    "disagree",
    "withdraw",
    "urge",
    "called_back",
    "caller_add",
    "caller_urge",
)  # what residents write with
SAID += ("take_over", "take_over_sent", "outer_change", "outer_again", "outer_anew")  # or others for them
WORDS = ("voided", "private_words", "words", "staff_words")


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


def only_said(matter: Matter, at: datetime) -> bool:
    """Whether only what residents wrote is due now, and what the offices wrote not yet."""
    if matter.stage == "voided":
        return False
    row = keeping(packs.load(matter.pack)).get("staff_words")
    return row is not None and (matter.closed_at is None or matter.closed_at > row.before(at))


def keeping_of(matter: Matter) -> dict[str, Keeping]:
    """What holds for one matter: ``contact``, ``words`` (by kind and how it ended), ``staff_words``, ``entries``."""
    rows = keeping(packs.load(matter.pack))
    words = "words"
    if matter.stage == "voided":
        words = "voided"
    elif matter.private or matter.category in rows["private_words"].kinds:
        words = "private_words"
    named = {"contact": "contact", "words": words, "staff_words": "staff_words", "entries": "entries"}
    return {name: rows[of] for name, of in named.items()}


def _packs_in_use() -> list[str]:
    named = Area.objects.exclude(pack="").values_list("pack", flat=True)
    return sorted({*named}) or ["cn"]


def _due(pack_name: str, at: datetime) -> Iterator[tuple[str, Any]]:
    rows = keeping(packs.load(pack_name))
    if "contact" in rows:
        held = Receipt.objects.exclude(phone_enc=None, phone_tag="").values("matter")
        contacts = _closed(pack_name, rows["contact"].before(at)).filter(pk__in=held)
        yield "forget_contact", contacts.values_list("pk", flat=True)
    for name in WORDS:
        if name in rows:
            yield "remove_words", _with_words(pack_name, rows[name], at).values_list("pk", flat=True)


def _with_words(pack_name: str, row: Keeping, at: datetime) -> Any:
    """Closed matters that still have the words a row is about."""
    closed = _closed(pack_name, row.before(at))
    if row.id == "staff_words":
        return closed.filter(pk__in=Words.objects.values("entry__matter"))
    if row.id == "voided":
        closed = closed.filter(stage="voided")
        return closed.filter(pk__in=Words.objects.values("entry__matter"))
    if row.kinds:
        closed = closed.filter(Q(category__in=row.kinds) | Q(private=True))
    return closed.filter(pk__in=Words.objects.filter(entry__verb__in=SAID).values("entry__matter"))


def _closed(pack_name: str, end: datetime) -> Any:
    return Matter.objects.filter(pack=pack_name, kind="incident", closed_at__lte=end).order_by("pk")
