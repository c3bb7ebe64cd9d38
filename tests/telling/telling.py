"""What the tests of telling share: roads a matter goes, and who has what in their inbox."""

from datetime import datetime, timedelta
from typing import Any

from gongzhi.domains.incidents.actions import Reported, take
from gongzhi.kernel.models import HowTold, InboxItem, Matter
from gongzhi.kernel.people import secrets
from gongzhi.kernel.telling import inbox
from gongzhi.kernel.telling.choice import PURPOSE
from gongzhi.kernel.telling.post import deliver
from tests.cast import Cast, clock

ADDRESSES = {"sms": "13900002222", "mail": "desk@example.cn", "wechat": "zhoudy"}
NINE = clock("2026-11-20 09:20")


def to_the_works(cast: Cast, told: Reported | None = None, at: datetime = NINE) -> Matter:
    """A lamp reported, accepted, raised to the district and sent to the works unit."""
    matter = (told or cast.snap()).matter
    take(matter, "accept", by=cast.desk(at), at=at)
    take(matter, "raise_to_street", by=cast.desk(at), at=at)
    take(matter, "raise_to_district", by=cast.dispatcher(at), at=at)
    take(matter, "dispatch", by=cast.centre(at), at=at, to=cast.organisations["works"].pk)
    return matter


def told_of(cast: Cast, matter: Matter, verb: str) -> set[str]:
    """Who of the cast has an item for a verb of a matter."""
    rows = InboxItem.objects.filter(matter=matter, entry__verb=verb)
    logins = {person.pk: name for name, person in cast.people.items()}
    return {logins[one.person_id] for one in rows}


def found_by(cast: Cast, name: str, at: datetime) -> set[int]:
    """The matters somebody finds in their inbox now."""
    return {one.matter_id for one in inbox.items(by=cast.acting(name, at), at=at)}


def wants(cast: Cast, name: str, channel: str) -> None:
    """Somebody has chosen to be told by a channel."""
    sealed = secrets.seal(ADDRESSES[channel], purpose=PURPOSE)
    row: dict[str, Any] = {"channel": channel, "address_enc": sealed}
    HowTold.objects.update_or_create(person=cast.people[name], defaults=row)


def post(at: datetime) -> int:
    """The post of a moment, and of what it sets off."""
    return deliver(at) + deliver(at + timedelta(seconds=1))
