"""What follows an incident's entries after commit, at least once."""

from datetime import datetime

from gongzhi.domains.incidents.models import Incident
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Delivery
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.door import take
from gongzhi.kernel.process.models import Matter, Wait
from gongzhi.kernel.process.registry import follower
from gongzhi.kernel.process.verdict import Refusal
from gongzhi.kernel.telling.channels import pressing


@pressing("incident")
def emergency(matter: Matter) -> bool:
    """Danger by its kind, its urgency, or because it is private: told at any hour (powers, section 8)."""
    pack = packs.load(matter.pack)
    if matter.private or pack.get(f"categories.leaf.{matter.category}.danger"):
        return True
    urgent = pack.get("telling.emergency.urgency", ())
    return Incident.objects.filter(pk=matter.pk, urgency__in=list(urgent)).exists()


def ask_to_ring(delivery: Delivery, matter_id: int, at: datetime) -> None:
    """A matter's reporter wants to be rung: open a call at the desk that may see the number, once per entry.

    What was just reported is told by the receipt, or in the call back that was asked for with it.
    """
    entry = delivery.entry
    if entry.verb == "report":
        return
    own = entry.matter_id == matter_id
    key = f"ring-{entry.pk}" if own else f"ring-{entry.pk}-{matter_id}"
    try:
        take(matter_id, "ask_to_ring", by=Acting.clock(), at=at, cause=entry.pk, key=key)
    except Refusal:
        return  # a call waits already and tells this too, or a running matter keeps a page without calls


@follower("incident.archive", "incident", "rate", "close")
def archive_when_rated(delivery: Delivery, at: datetime) -> None:
    """Closed and rated without complaint: the record is filed by itself."""
    matter = delivery.entry.matter
    if matter is None or matter.stage != "closed":
        return
    rated = Incident.objects.filter(pk=matter.pk, rated_at__isnull=False).exists()
    open_judgement = Wait.objects.filter(matter=matter, what="judge_rating", ended_at=None).exists()
    if not rated or open_judgement:
        return
    try:
        take(
            matter,
            "archive",
            by=Acting.clock(),
            at=at,
            cause=delivery.entry_id,
            key=f"archive-{delivery.entry_id}",
        )
    except Refusal:
        return  # somebody moved it meanwhile; the next rating or closing comes here again
