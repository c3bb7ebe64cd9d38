"""How often the public may write: counted by device and number first, by address last, since an estate shares one.

Over the limit a report is kept and looked at, never refused; only a flood from one address (which costs the server
its photos' decoding) is asked to wait. Counts live in this process's memory: nothing is written per request.
"""

import ipaddress
import threading
from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from gongzhi.kernel import packs

MOST_KEYS = 50_000  # remembered at once in a process; the longest silent go first


@dataclass(frozen=True)
class Limit:
    """So many acts within so long a time."""

    most: int
    within: timedelta


FLOOD = Limit(
    600, timedelta(minutes=10)
)  # what the decoding of photos costs the server, not a rule of a place
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

_lock = threading.Lock()
_seen: OrderedDict[str, deque[datetime]] = OrderedDict()


def over(kind: str, who: str, limit: Limit, at: datetime) -> bool:
    """Count one act of ``who`` and say whether that is more than the limit allows. Nobody ("") is never over."""
    if not who:
        return False
    key = f"{kind}:{who}"
    with _lock:
        moments = _seen.setdefault(key, deque(maxlen=limit.most + 1))
        _seen.move_to_end(key)
        while moments and moments[0] <= at - limit.within:
            moments.popleft()
        moments.append(at)
        while len(_seen) > MOST_KEYS:
            _seen.popitem(last=False)
        return len(moments) > limit.most


def full(kind: str, who: str, limit: Limit, at: datetime) -> bool:
    """Whether ``who`` has used up a limit; counts nothing."""
    with _lock:
        moments = _seen.get(f"{kind}:{who}", ())
        return sum(moment > at - limit.within for moment in moments) >= limit.most


def network(address: object) -> str:
    """An address as limits count it: of IPv6 the network of 64 bits, which one household or phone has to itself."""
    try:
        found = ipaddress.ip_address(str(address or ""))
    except ValueError:
        return str(address or "")
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


def public() -> dict[str, Limit]:
    """How often anyone may report: by ``device``, by ``number``, by ``address`` (the common pack, ``terms.limits``)."""
    said = packs.load("cn").table("terms")["limits"]
    return {
        "device": Limit(int(said["device_per_hour"]), HOUR),
        "number": Limit(int(said["phone_per_day"]), DAY),
        "address": Limit(int(said["address_per_hour"]), HOUR),
    }


def report_over_limit(*, device: str, phone_tag: str, address: str, at: datetime) -> bool:
    """Whether a report comes from a device, number or address that has sent many: keep it, mark it, look at it."""
    who = {"device": device, "number": phone_tag, "address": address}
    counted = [over(kind, who[kind], limit, at) for kind, limit in public().items()]
    return any(counted)


def flooding(address: str, at: datetime) -> bool:
    """Whether one address sends so much that it has to wait ("过几分钟再送，您写的都还在")."""
    return over("flood", address, FLOOD, at)


def forget() -> None:
    """Empty the memory (tests)."""
    with _lock:
        _seen.clear()
