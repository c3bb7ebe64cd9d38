"""What follows a notice's entries after commit, at least once."""

from datetime import datetime

from gongzhi.domains.outreach.models import Notice
from gongzhi.kernel.ledger.models import Delivery
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.door import take
from gongzhi.kernel.process.registry import follower
from gongzhi.kernel.process.verdict import Refusal


@follower("outreach.replace", "notice", "publish")
def take_down_the_old(delivery: Delivery, at: datetime) -> None:
    """A correction has gone out: the notice it names says so from now on."""
    old = Notice.objects.filter(pk=delivery.entry.matter_id).values_list("replaces", flat=True).first()
    if old is None:
        return
    key = f"replace-{delivery.entry_id}"
    try:
        take(old, "replace", by=Acting.clock(), at=at, cause=delivery.entry_id, key=key)
    except Refusal:
        return  # it has ended or was withdrawn meanwhile
