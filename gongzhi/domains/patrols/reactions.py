"""What follows a route's day after commit, at least once."""

from datetime import datetime, timedelta

from django.utils.timezone import localtime

from gongzhi.domains.patrols import days
from gongzhi.domains.patrols.models import Patrol, Point, Route, Stop
from gongzhi.kernel.ledger.models import Delivery
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.door import open_matter, take
from gongzhi.kernel.process.opening import NewMatter
from gongzhi.kernel.process.registry import follower
from gongzhi.kernel.process.verdict import Refusal


@follower("patrols.open", "patrol_route", "set_out")
def open_the_walk(delivery: Delivery, at: datetime) -> None:
    """A patrol of the route as it stands; one that is still open gives way, so that they do not pile up."""
    entry = delivery.entry
    route = Route.objects.select_related("matter__area").get(pk=entry.matter_id)
    clock = Acting.clock()
    older = Patrol.objects.filter(route=route, matter__counts="open", matter__opened_at__lt=entry.at)
    for pk in older.values_list("pk", flat=True):
        try:
            take(pk, "lapse", by=clock, at=at, cause=entry.pk, key=f"lapse-{entry.pk}-{pk}")
        except Refusal:
            continue  # finished meanwhile
    points = list(route.points.select_related("area").defer("area__polygon").order_by("n"))
    until = localtime(entry.at).date() + timedelta(days=route.days - 1)
    new = NewMatter(
        kind="patrol",
        pack=route.matter.pack,
        area=route.matter.area,
        action="open",
        title=route.matter.title,
        source="clock",
        said={"until_day": days.ends(until)},
        place=_where(points),
        subject=f"route:{route.pk}",
        prepare=lambda deed: _stops(deed, Patrol(route=route, until_on=until), points),
    )
    open_matter(new, by=clock, at=entry.at, key=f"patrol-{entry.pk}")


def _where(points: list[Point]) -> str:
    """``3 号楼、5 号楼等 8 处``: what stands under the name on a list."""
    names = list(dict.fromkeys(one.area.name for one in points))
    return f"{'、'.join(names[:2])}{'等' if len(names) > 2 else ''} {len(points)} 处"


def _stops(deed: Deed, row: Patrol, points: list[Point]) -> None:
    row.matter_id = deed.matter.pk
    copied = [
        Stop(patrol=row, n=one.n, label=one.label, look=one.look, area_id=one.area_id, lat=one.lat, lon=one.lon)
        for one in points
    ]  # fmt: skip

    def save() -> None:
        row.save(force_insert=True)
        Stop.objects.bulk_create(copied)

    deed.after_rows(save)
