"""Sheets of other systems are worked off beside the other jobs: a large one takes minutes, and nothing waits for it."""

import logging
import threading
from datetime import datetime

from django.db import connections
from django.utils import timezone

from gongzhi.domains.incidents.outer import work

log = logging.getLogger("gongzhi.jobs")
_running: list[threading.Thread] = []


def start(at: datetime) -> int:
    """Begin with what waits, unless the thread of an earlier round still works. Returns how many it began: 0 or 1.

    It dies with this process; the sheet's lease runs out, and the next loop goes on after the last rows that stand.
    """
    _running[:] = [one for one in _running if one.is_alive()]
    if _running or not work.waits(at):
        return 0
    thread = threading.Thread(target=_work, name="outer", daemon=True)
    _running.append(thread)
    thread.start()
    return 1


def _work() -> None:
    try:
        work.work(timezone.now())
    except Exception:  # the loop must outlive a sheet; the batch is taken up again when its lease has run out
        log.exception("a sheet of another system failed")
    finally:
        connections.close_all()
