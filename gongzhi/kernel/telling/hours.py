"""When people may be told: residents at the pack's hours, staff when their office opens. Pure over the pack."""

from datetime import datetime, time, timedelta
from typing import Any

from gongzhi.kernel import packs
from gongzhi.kernel.clock.calendar import calendar_for


def _rule(pack: str, table: str) -> dict[str, Any]:
    found: dict[str, Any] = packs.load(pack).table("telling").get(table, {})
    return found


def residents_from(at: datetime, pack: str) -> datetime:
    """The moment itself within the hours at which residents are told, else when they next begin."""
    rule, calendar = _rule(pack, "residents"), calendar_for(pack)
    begins, ends = time.fromisoformat(rule["from"]), time.fromisoformat(rule["until"])
    wall = calendar.local(at)
    if begins <= wall.time() < ends:
        return at
    day = wall.date() + timedelta(days=wall.time() >= ends)
    return calendar.moment(datetime.combine(day, begins))


def gathered(pack: str) -> timedelta:
    """How long after a message to a resident the next ones are gathered into one."""
    return timedelta(minutes=int(_rule(pack, "residents")["gather"]))


def office_opened(at: datetime, pack: str) -> datetime | None:
    """When the office opened today; None on a day off, before opening and after closing."""
    calendar = calendar_for(pack)
    wall = calendar.local(at)
    opens, closes = calendar.hours[0][0], calendar.hours[-1][1]
    if not calendar.is_working(wall.date()) or not opens <= wall.time() < closes:
        return None
    return calendar.moment(datetime.combine(wall.date(), opens))


def end_of_today(at: datetime, pack: str) -> datetime:
    """Midnight after a moment, here."""
    calendar = calendar_for(pack)
    return calendar.moment(datetime.combine(calendar.local(at).date() + timedelta(days=1), time()))


def number(pack: str, table: str, key: str) -> int:
    """A figure of ``telling.toml``."""
    return int(_rule(pack, table)[key])
