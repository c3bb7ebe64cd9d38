"""What the actions on routes and patrols change in their own rows, in the same transaction."""

from datetime import timedelta

from django.utils.timezone import localtime

from gongzhi.domains.patrols import days
from gongzhi.domains.patrols.models import Point, Route, Stop
from gongzhi.domains.patrols.points import numbers, read
from gongzhi.domains.patrols.row import patrol_of, route_of, stops_of
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.registry import body


@body("patrol_route", "plan", "edit")
def laid_down(deed: Deed) -> None:
    """Name, points, days; the clock waits for the first day of the week that is named."""
    row, said, new = Route(matter_id=deed.matter.pk), deed.said, deed.work.new
    row.weekdays, row.days = days.tidy(said.get("weekdays", "")), int(said["days"])
    row.next_on = days.next_day(row.weekdays, said["first_day"])
    said["first_day"] = days.opens(row.next_on)
    deed.matter.title = said["route_name"]
    told = [
        Point(route=row, n=n, **_spot(one)) for n, one in enumerate(read(said["points"]), 1)
    ]  # fmt: skip
    deed.after_rows(lambda: _lay(row, told, new))


def _lay(row: Route, told: list[Point], new: bool) -> None:
    row.save(force_insert=new, force_update=not new)
    if not new:
        Point.objects.filter(route=row.pk).delete()
    Point.objects.bulk_create(told)


def _spot(one: object) -> dict[str, object]:
    return {name: getattr(one, name) for name in ("label", "look", "area_id", "lat", "lon")}


@body("patrol_route", "set_out")
def opened_again(deed: Deed) -> None:
    """On to the next of its days, after today; none where it was meant once."""
    row = route_of(deed)
    today = localtime(deed.at).date()
    row.next_on = days.next_day(row.weekdays, today + timedelta(days=1)) if row.weekdays else None
    if row.next_on is not None:
        deed.said["next_day"] = days.opens(row.next_on)
    deed.after_rows(lambda: row.save(update_fields=["next_on"]))


@body("patrol_route", "retire")
def retired(deed: Deed) -> None:
    """No day any more."""
    row = route_of(deed)
    row.next_on = None
    deed.after_rows(lambda: row.save(update_fields=["next_on"]))


@body("patrol", "clear")
def in_order(deed: Deed) -> None:
    """Points not seen before are in order; what somebody found stays found."""
    named = set(numbers(deed.said["stops"]))
    now = [stop for stop in stops_of(deed) if stop.n in named and not stop.result]
    deed.facts["seen"] = [stop.n for stop in now]
    _keep(deed, now, "clear")


@body("patrol", "found")
def something_found(deed: Deed) -> None:
    """The point gave a matter of its own."""
    named = set(numbers(deed.said["stops"]))
    here = [stop for stop in stops_of(deed) if stop.n in named]
    for stop in here:
        stop.found_id = int(deed.said["found_matter"])
    _keep(deed, here, "found")


def _keep(deed: Deed, stops: list[Stop], result: str) -> None:
    for stop in stops:
        stop.result = result
    if stops:
        deed.after_rows(lambda: Stop.objects.bulk_update(stops, ["result", "found"]))


@body("patrol", "finish", "miss", "lapse")
def over(deed: Deed) -> None:
    """Why some points, or all, were not seen."""
    row = patrol_of(deed)
    row.why = deed.said.get("left_reason") or deed.said.get("miss_reason") or ""
    deed.facts["seen"] = sum(1 for stop in stops_of(deed) if stop.result)
    deed.facts["points"] = len(stops_of(deed))
    deed.after_rows(lambda: row.save(update_fields=["why"]))
