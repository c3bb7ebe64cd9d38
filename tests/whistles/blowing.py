"""A whistle in the neighbourhood, step by step: whoever asks, approves, numbers, comes."""

from datetime import date, datetime, timedelta
from typing import Any

from gongzhi.domains.whistles.actions import Asked, ask, take
from gongzhi.kernel.models import Area, Matter, Organisation, Person
from gongzhi.kernel.telling.post import deliver
from gongzhi.kernel.territory import packing
from tests.cast import MORNING, Cast, key, mandate

NEED = "请一起把占道的旧车拖走，查清消防通道"
TRIED = "社区劝过两次，贴了通知"
LATER = MORNING + timedelta(minutes=40)


def joined_by(cast: Cast, name: str, label: str, kind: str = "department", **more: Any) -> Organisation:
    """One more organisation of the district, with somebody who answers for it."""
    unit = Organisation.objects.create(name=label, kind=kind, area=cast.areas["district"], **more)
    cast.organisations[name] = unit
    cast.people[name] = Person.objects.create_user(name, None, name=f"{label}联络员")
    mandate(cast, name, "unit_contact", None, name)
    return unit


def closed(cast: Cast, name: str, on: date) -> Organisation:
    """An organisation that ended."""
    Organisation.objects.filter(pk=cast.organisations[name].pk).update(valid_to=on)
    cast.organisations[name].refresh_from_db()
    return cast.organisations[name]


def said(**more: Any) -> dict[str, Any]:
    """What a whistle says, as most do."""
    return {"whistle_kind": "joint", "need": NEED, "tried": TRIED, **more}


def asked(
    cast: Cast,
    who: str = "desk",
    incident: Any = None,
    at: datetime = MORNING,
    area: str = "grid",
    **more: Any,
) -> Matter:
    """A whistle asked for by a grid worker or the community."""
    source = getattr(incident, "matter", incident)
    own: Area | None = None if source else cast.areas[area]
    whistle = Asked(said(**more), source.pk if source else None, own, "" if source else "3 号楼东侧消防通道")
    return ask(whistle, by=cast.acting(who, at), at=at, key=key())


def approved(cast: Cast, at: datetime = MORNING, **more: Any) -> Matter:
    """Asked by the community, approved by the street's leader."""
    matter = asked(cast, at=at, **more)
    take(matter, "approve", by=cast.street_leader(at), at=at + timedelta(minutes=5))
    return matter


def units(cast: Cast, *names: str) -> list[int]:
    """The organisations meant."""
    return [cast.organisations[name].pk for name in names]


def called(cast: Cast, *names: str, at: datetime = MORNING, say: Any = None, **more: Any) -> Matter:
    """Numbered by the centre and passed on to these organisations."""
    matter = approved(cast, at=at, **more)
    moment = at + timedelta(minutes=10)
    take(matter, "call", by=cast.centre(at), at=moment, units=units(cast, *names), **(say or {}))
    return matter


def part(whistle: Matter, cast: Cast, name: str) -> Matter:
    """One organisation's part."""
    return Matter.objects.get(parent=whistle, whistle_part__unit=cast.organisations[name])


def worked(cast: Cast, whistle: Matter, name: str, at: datetime = LATER) -> Matter:
    """Answered, arrived, done, confirmed."""
    one = part(whistle, cast, name)
    take(one, "answer_come", by=cast.acting(name, at), at=at)
    take(one, "arrived", by=cast.worker(at), at=at + timedelta(minutes=20))
    take(one, "work_done", by=cast.acting(name, at), at=at + timedelta(minutes=50), done_words="拖走了 4 辆")
    take(one, "confirm", by=cast.desk(at), at=at + timedelta(minutes=60))
    return one


def tell(at: datetime) -> None:
    """What follows the entries, until nothing does."""
    while deliver(at):
        continue


def lives_by(cast: Cast, pack: str) -> None:
    """The district lives by another pack from now on."""
    Area.objects.filter(pk=cast.areas["district"].pk).update(pack=pack)
    packing.forget()
