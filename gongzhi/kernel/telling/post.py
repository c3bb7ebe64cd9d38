"""One round of the post: what follows the entries, then what leaves the house. Nothing here waits for the other."""

from datetime import datetime

from gongzhi.kernel.process import deliver as outbox
from gongzhi.kernel.telling import sendings


def deliver(at: datetime, limit: int = 500) -> int:
    """Work off deliveries and messages that are due. Returns how many were done."""
    return outbox.deliver(at, limit) + sendings.work_off(at)
