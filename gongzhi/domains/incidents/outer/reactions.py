"""What follows after commit: an outcome becomes something to give back; a matter becomes a row owed to a platform."""

from datetime import datetime

from gongzhi.domains.incidents.outer import upper
from gongzhi.domains.incidents.outer.models import OuterOrder, OuterOutgoing
from gongzhi.domains.incidents.outer.row import EXTENSION, REPLY, RETURN, SUSPENSION, is_outer
from gongzhi.kernel.ledger.models import Delivery
from gongzhi.kernel.process.registry import follower

ENDINGS = (
    "pass_check",
    "answer",
    "self_handle",
    "explain",
    "terminate",
    "transfer_out",
    "void",
    "list_long_term",
)
GOES_BACK = dict.fromkeys(ENDINGS, REPLY) | {
    "return_outer": RETURN,
    "grant_extension": EXTENSION,
    "grant_suspension": SUSPENSION,
}
TURNS = ("accept", *ENDINGS, "order_rework", "again", "take_up_again", "reopen", "delist", "withdraw")


@follower("incident.outer", "incident", *GOES_BACK)
def give_back(delivery: Delivery, at: datetime) -> None:
    """Queue what goes back to the system the order came from; what stood there and was never given is replaced."""
    entry = delivery.entry
    if entry.matter is None or not is_outer(entry.matter):
        return
    order, kind = OuterOrder.objects.get(pk=entry.matter.pk), GOES_BACK[entry.verb]
    _, fresh = OuterOutgoing.objects.get_or_create(
        order=order, kind=kind, entry=entry.pk, defaults={"round": order.round, "since": entry.at}
    )
    if fresh:
        earlier = OuterOutgoing.objects.filter(order=order, kind=kind, state="due", entry__lt=entry.pk)
        earlier.delete()


@follower("incident.upper", "incident", *TURNS)
def tell_above(delivery: Delivery, at: datetime) -> None:
    """Queue the matter for the platforms above where it must stand, or owe them its new state."""
    if delivery.entry.matter is not None:
        upper.follow(delivery.entry.matter, at)
