"""What follows an incident's entries after commit, at least once."""

from datetime import datetime

from gongzhi.domains.incidents.models import Incident
from gongzhi.kernel.ledger.models import Delivery
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.door import take
from gongzhi.kernel.process.models import Wait
from gongzhi.kernel.process.registry import follower
from gongzhi.kernel.process.verdict import Refusal


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
