"""日报: ten lines on how an area stands this morning, drawn from the matters at the moment somebody asks."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import records
from gongzhi.domains.incidents.queries.records import Asked, Line
from gongzhi.kernel import packs
from gongzhi.kernel.clock.calendar import calendar_for
from gongzhi.kernel.people.acting import Acting, current_mandates
from gongzhi.kernel.people.models import Mandate
from gongzhi.kernel.people.roster import holding
from gongzhi.kernel.process.standing import role_table
from gongzhi.kernel.telling import sendings
from gongzhi.kernel.telling.channels import NONE, Letter, writer
from gongzhi.kernel.telling.choice import address_of
from gongzhi.kernel.telling.models import HowTold, Sending
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

LINES = 10
OF_YESTERDAY = ("new", "closed", "again")
KIND = "daily"


@dataclass(frozen=True)
class Sheet:
    """An area's daily sheet: its lines in order, the hot places last; ``days`` they are counted over."""

    area: Area
    at: datetime
    lines: tuple[Line, ...]
    hot: tuple[Line, ...]
    days: int

    @property
    def all(self) -> tuple[Line, ...]:
        """Every line, ten at most."""
        return (*self.lines, *self.hot)


def rule(pack: str) -> dict[str, Any]:
    """When the sheet stands ready, and what it calls a hot place."""
    found: dict[str, Any] = packs.load(pack).table("telling")["daily_sheet"]
    return found


def sheet(area: Area, *, by: Acting, at: datetime) -> Sheet:
    """The daily sheet of an area (three statements). NotYours."""
    yesterday = localtime(at).date() - timedelta(days=1)
    wanted = [
        Asked("new", yesterday, yesterday),
        Asked("closed", yesterday, yesterday),
        *(Asked(name) for name in ("due", "late", "supervised", "open")),
        Asked("again", yesterday, yesterday),
    ]
    found = records.counted(area, wanted, by=by, at=at)
    lines = [
        Line(("昨天" if one.which in OF_YESTERDAY else "") + one.label, n, one.href(area))
        for one, n in zip(wanted, found, strict=True)
    ]
    table = rule(pack_name(area))
    return Sheet(area, at, tuple(lines), _hot(area, LINES - len(lines), by, at), int(table["days"]))


def _hot(area: Area, most: int, by: Acting, at: datetime) -> tuple[Line, ...]:
    """Where one kind came up often lately, in one grid, the most first (two statements)."""
    table = rule(pack_name(area))
    last = localtime(at).date()
    asked = Asked("new", last - timedelta(days=int(table["days"]) - 1), last)
    here = records.inside(area, by=by, at=at).filter(asked.filter(at), grid__isnull=False, about_person=False)
    rows = here.values("grid", "category").annotate(n=Count("pk")).filter(n__gte=int(table["least"]))
    found = list(rows.order_by("-n", "grid", "category")[:most])
    grids = Area.objects.select_related("parent").defer("polygon", "parent__polygon")
    named = grids.in_bulk({row["grid"] for row in found})
    leaves = packs.load(pack_name(area)).get("categories.leaf", {})
    return tuple(
        Line(
            f"{_called(named[row['grid']])}，{leaves.get(row['category'], {}).get('label', '别的事')}",
            row["n"],
            Asked("new", asked.first, last, row["grid"], row["category"]).href(area),
        )
        for row in found
    )


def _called(grid: Area) -> str:
    return f"{grid.parent.name if grid.parent else ''} {grid.name}".strip()


# Telling it at half past eight ------------------------------------------------------------------------------------


def ready(by: Acting, at: datetime) -> datetime | None:
    """Since when today's sheet stands ready for a head of a street; None for others, before, and on days off."""
    if by.mandate is None or not by.whole or not _heads(by.mandate):
        return None
    return _ready_at(pack_name(by.mandate.area), at)


def _heads(mandate: Mandate) -> bool:
    area = mandate.area
    if area is None or area.level != records.STREET:
        return False
    return bool(role_table(pack_name(area)).get(mandate.role, {}).get("morning"))


def _ready_at(pack: str, at: datetime) -> datetime | None:
    calendar = calendar_for(pack)
    wall = calendar.local(at)
    begins = time.fromisoformat(str(rule(pack)["from"]))
    if not calendar.is_working(wall.date()) or wall.time() < begins:
        return None
    return calendar.moment(datetime.combine(wall.date(), begins))


def plan(at: datetime) -> int:
    """The job: once the sheet stands ready, tell each head of a street who chose a channel, once a day; how many."""
    rows = {
        one.person_id: one for one in HowTold.objects.exclude(channel=NONE).filter(person__is_active=True)
    }
    held = Mandate.objects.filter(holding(at), person__in=rows, area__level=records.STREET)
    wanted = []
    for one in held.select_related("area"):
        if one.only or not _heads(one) or _ready_at(pack_name(one.area), at) is None:
            continue
        key = f"{KIND}:{one.person_id}:{one.area_id}:{localtime(at).date()}"
        wanted.append(sendings.to_person(key, KIND, rows[one.person_id], at))
    known = Sending.objects.filter(key__in=[one.key for one in wanted]).values_list("key", flat=True)
    there = set(known) if wanted else set()
    fresh = [one for one in wanted if one.key not in there]
    sendings.plan(fresh)
    return len(fresh)


@writer(KIND)
def write(sending: Sending, at: datetime) -> Letter | None:
    """The message as things stand when it is sent; None where the person no longer heads that street."""
    chosen = HowTold.objects.filter(
        person=sending.person_id, channel=sending.channel, person__is_active=True
    ).select_related("person")
    row = chosen.first()
    if row is None:
        return None
    area_id = int(sending.key.split(":")[2])
    mandates = current_mandates(row.person, at)
    mine = next((one for one in mandates if one.area_id == area_id and _heads(one) and not one.only), None)
    if mine is None or mine.area is None:
        return None
    by = Acting("person", row.person.name, row.person, mine, mandates)
    yesterday = localtime(at).date() - timedelta(days=1)
    wanted = [Asked("new", yesterday, yesterday), Asked("due"), Asked("late")]
    new, due, late = records.counted(mine.area, wanted, by=by, at=at)
    page, link = packs.load(pack_name(mine.area)), f"{settings.SITE_URL}/desk/records/daily/"
    text = str(page.get("texts.daily_sheet.say", "")).format(
        area=mine.area.name, new=new, due=due, late=late, link=link
    )
    return Letter(address_of(row), text, str(page.get("texts.daily_sheet.subject", "")))
