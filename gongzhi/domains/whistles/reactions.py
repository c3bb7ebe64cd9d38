"""What follows a whistle's entries after commit, at least once."""

from datetime import datetime

from gongzhi.kernel.ledger.models import Delivery
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.door import take, take_all
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.orders import Order, Step
from gongzhi.kernel.process.registry import follower
from gongzhi.kernel.process.verdict import Refusal


@follower("whistles.tell_the_matter", "whistle", "call")
def tell_the_matter(delivery: Delivery, at: datetime) -> None:
    """The matter the whistle came from says that departments were called; its reporter reads that much and no more."""
    whistle = delivery.entry.matter
    if whistle is None or whistle.parent_id is None:
        return
    key = f"called-{delivery.entry_id}"
    try:
        take(
            whistle.parent_id,
            "called_together",
            by=Acting.clock(),
            at=at,
            cause=delivery.entry_id,
            key=key,
        )
    except Refusal:
        return  # it has ended meanwhile, or keeps a page without this action


@follower("whistles.call_off", "whistle", "withdraw")
def call_off(delivery: Delivery, at: datetime) -> None:
    """The whistle was taken back: nobody who was called has to come."""
    parts = Matter.objects.filter(parent=delivery.entry.matter_id, kind="whistle_part", counts="open")
    take_all(
        Order(
            pk,
            (Step("call_off"),),
            Acting.clock(),
            at,
            cause=delivery.entry_id,
            key=f"off-{delivery.entry_id}-{pk}",
        )
        for pk in parts.values_list("pk", flat=True)
    )
