"""What an area's figures are about: incidents hanging in it, private ones left out, as far as the hand may see."""

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localtime, make_aware

from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter, Tie
from gongzhi.kernel.process.standing import ABOUT, role_table
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.kernel.process.versions import current
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

KIND = "incident"
LEVELS = ("district", "street", "community")
SUMS = ("district", "street")
NOT_HERE = "指挥中心给区、街道和社区里办事的人用，只看本辖区。"


def own_area(by: Acting) -> Area:
    """The area a hand commands: its mandate's. NotYours for other levels, for roles that read no incidents, and for
    deputies, who were handed no more than approvals.
    """
    area = by.mandate.area if by.mandate is not None and by.whole else None
    if area is None or area.level not in LEVELS or by.role not in current(pack_name(area), KIND).sees["full"]:
        raise NotYours(NOT_HERE)
    return area


def oversees(area: Area, by: Acting) -> None:
    """NotYours where an area is not the hand's own or below it."""
    if not area.path.startswith(own_area(by).path):
        raise NotYours(NOT_HERE, hidden=True)


def inside(area: Area, *, by: Acting, at: datetime, aloud: bool = False) -> QuerySet[Matter]:
    """The incidents of an area. Whoever oversees it sees all that hangs there, but nothing that is closed to them.

    ``aloud``: only what may be told to anyone, for a wall that anyone may pass.
    """
    oversees(area, by)
    here = Matter.objects.filter(Q(**{f"{area.level}_id": area.pk}), kind=KIND, private=False)
    return here.filter(gate.public() if aloud else Q()).exclude(gate.closed_to(by))


def unseen(area: Area, *, by: Acting, at: datetime) -> QuerySet[Matter]:
    """The private incidents of an area, to be told as a sum only; none where even that would tell too much.

    Sums are for the street's and the district's own desks, and never of what is about an organisation of theirs.
    """
    oversees(area, by)
    if area.level not in SUMS or anything_closed(by):
        return Matter.objects.none()
    here = Matter.objects.filter(Q(**{f"{area.level}_id": area.pk}), kind=KIND, private=True)
    about = Tie.objects.filter(matter=OuterRef("pk"), role=ABOUT)
    return here.exclude(Exists(about))


def anything_closed(by: Acting) -> bool:
    """Whether any matter here is none of the hand's: then sums of all would tell of it.

    One about an organisation of theirs; to a role that holds private kinds, every other.
    """
    if by.mandate is not None and role_table(pack_name(by.mandate.area)).get(by.role, {}).get("private"):
        return True
    if not by.organisations:
        return False
    return Tie.objects.filter(role=ABOUT, until=None, organisation__in=by.organisations).exists()


def public(area: Area) -> QuerySet[Matter]:
    """The incidents of an area of which anyone may be told."""
    return Matter.objects.filter(gate.public(), **{f"{area.level}_id": area.pk})


def bounds(day: date) -> tuple[datetime, datetime]:
    """A local day's first moment and the next day's."""
    start = make_aware(datetime.combine(day, time()))
    return start, make_aware(datetime.combine(day + timedelta(days=1), time()))


def today(at: datetime) -> tuple[datetime, datetime]:
    """The bounds of the day of ``at``."""
    return bounds(localtime(at).date())


def since(at: datetime, days: int) -> datetime:
    """The first moment of a period of so many days that ends today."""
    return bounds(localtime(at).date() - timedelta(days=days - 1))[0]
