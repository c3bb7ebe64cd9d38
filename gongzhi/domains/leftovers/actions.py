"""Handing on what could not be sent any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gongzhi.kernel.ledger.files import Stored
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Mandate
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.door import open_matter
from gongzhi.kernel.process.models import Matter, Tie
from gongzhi.kernel.process.opening import NewMatter
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.kernel.territory.packing import pack_name

STILL = "这个任职还在，登录后自己发。"
NOWHERE = "这一条没有地方可交，请复制下来带给接手的人。"


@dataclass(frozen=True)
class Left:
    """What lay on the phone: what it was called, what was written, where, of which matter (None for a report)."""

    did: str
    told: str
    place: str
    matter: Matter | None
    photos: Sequence[Stored] = ()


def leave(
    left: Left, mandate: Mandate, *, at: datetime, key: str, happened: datetime | None = None
) -> Matter:
    """Hand it to whoever comes after an ended mandate; the same key gives the same answer again.

    It hangs where the matter hangs and is about whom the matter is about. NotYours where the mandate still holds.
    """
    if mandate.until is None or mandate.until > at:
        raise NotYours(STILL)
    area = left.matter.area if left.matter is not None else mandate.area
    area = area or (mandate.organisation.area if mandate.organisation is not None else None)
    if area is None or (left.matter is not None and left.matter.private):
        raise NotYours(NOWHERE)
    person = mandate.person
    new = NewMatter(
        kind="leftover",
        pack=pack_name(area),
        area=area,
        action="leave",
        title=f"前任没发成的“{left.did[:30]}”",
        source="phone",
        said={"did": left.did, "told": left.told, "photos": list(left.photos)},
        place=left.place[:200],
        about_person=left.matter is not None and left.matter.about_person,
        restricted=left.matter is not None and left.matter.restricted,
        subject=f"matter:{left.matter.pk}" if left.matter is not None else "",
        prepare=lambda deed: _prepared(deed, left.matter, mandate),
        happened=happened,
    )
    return open_matter(new, by=Acting(kind="person", name=person.name, person=person), at=at, key=key)


def _prepared(deed: Deed, matter: Matter | None, mandate: Mandate) -> None:
    """The desk to come, the ended mandate as a fact, and everybody the matter is about."""
    deed.work.mandate = mandate  # type: ignore[attr-defined]
    deed.facts["mandate_was"] = mandate.pk
    if matter is not None:
        for tie in Tie.objects.filter(matter=matter, role="about", until=None):
            deed.add_tie("about", organisation_id=tie.organisation_id)
