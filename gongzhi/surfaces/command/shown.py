"""Words around the figures: where one stands, what time it is, how many places, who is at the desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import scope
from gongzhi.kernel.clock.calendar import calendar_for
from gongzhi.kernel.clock.speak import weekday
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.duty import Duty
from gongzhi.kernel.process.standing import role_table
from gongzhi.kernel.territory import tree
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name
from gongzhi.surfaces.command.here import Here

AT_DESK = {
    "district": ("district_chief", "district_dispatcher"),
    "street": ("street_dispatcher", "street_desk"),
    "community": ("community_secretary", "community_desk"),
}
ABOVE = ("district", "street", "community")


@dataclass(frozen=True)
class Crumb:
    """A step of the way down; without an address where it is not the hand's to oversee."""

    name: str
    href: str


def crumbs(here: Here, by: Acting) -> list[Crumb]:
    """From the district down to the area; period and measure go along."""
    own, area = scope.own_area(by), here.area
    way = [one for one in [*tree.ancestors(area), area] if one.level in ABOVE]
    return [
        Crumb(one.name, here.to(area=one, grid="") if one.path.startswith(own.path) and one != area else "")
        for one in way
    ]


def said_now(at: datetime) -> str:
    """``11 月 20 日 周五 10:26``."""
    wall = localtime(at)
    return f"{wall.month} 月 {wall.day} 日 {weekday(wall)} {wall:%H:%M}"


def how_many(area: Area, at: datetime) -> str:
    """``9 个社区，62 个网格``."""
    day = localtime(at).date()
    levels = list(tree.areas(day, within=area).exclude(level="building").values_list("level", flat=True))
    words = (("street", "个街道和镇"), ("community", "个社区和村"), ("grid", "个网格"))
    counted = [(levels.count(level), word) for level, word in words if level != area.level]
    return "，".join(f"{n} {word}" for n, word in counted if n)


def working_days(area: Area, days: int, at: datetime) -> int:
    """How many of a period's days were worked, by the place's calendar."""
    calendar, last = calendar_for(pack_name(area)), localtime(at).date()
    return sum(calendar.is_working(last - timedelta(days=n)) for n in range(days))


def chiefs(found: Duty, area: Area) -> list[tuple[str, str]]:
    """Post and names at the area's own desk: one line a post."""
    table = role_table(pack_name(area))
    posts: dict[str, list[str]] = {}
    for role, name in found.chiefs:
        posts.setdefault(str(table.get(role, {}).get("label", "")), []).append(name)
    return [(post, "、".join(names[:3]) + (" 等" if len(names) > 3 else "")) for post, names in posts.items()]
