"""The digest: at most one message a day to whoever chose a channel, when their office has opened; the rest is inbox.

What is new, due today and late, counted, with a few titles; nothing of what the reader may not read, and of what is
private not a word.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from gongzhi.kernel import packs
from gongzhi.kernel.clock.calendar import calendar_for
from gongzhi.kernel.people.acting import Acting, current_mandates
from gongzhi.kernel.people.models import Mandate, Person
from gongzhi.kernel.people.roster import holding
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.telling import hours, inbox, sendings
from gongzhi.kernel.telling.channels import NONE, Letter, writer
from gongzhi.kernel.telling.choice import address_of
from gongzhi.kernel.telling.models import HowTold, Sending
from gongzhi.kernel.territory.packing import pack_name


@dataclass
class Day:
    """What one reader is told in the morning; titles by matter, the most pressing first."""

    new: int = 0
    today: int = 0
    late: int = 0
    titles: dict[int, str] = field(default_factory=dict)
    counted: set[int] = field(default_factory=set)

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.new or self.today or self.late)


def plan(at: datetime) -> int:
    """Plan today's digests of everybody whose office is open and who has none yet; how many were planned."""
    rows = HowTold.objects.exclude(channel=NONE).filter(person__is_active=True)
    packs_of = _packs({one.person_id for one in rows}, at)
    wanted = []
    for one in rows:
        pack = packs_of.get(one.person_id)
        if pack is not None and hours.office_opened(at, pack) is not None:
            day = calendar_for(pack).local(at).date()
            wanted.append(sendings.to_person(f"digest:{one.person_id}:{day}", "digest", one, at))
    known = Sending.objects.filter(key__in=[one.key for one in wanted]).values_list("key", flat=True)
    there = set(known) if wanted else set()
    fresh = [one for one in wanted if one.key not in there]
    sendings.plan(fresh)
    return len(fresh)


def _packs(persons: Iterable[int], at: datetime) -> dict[int, str]:
    """By whose calendar each person works: that of their first mandate that holds."""
    found: dict[int, str] = {}
    rows = Mandate.objects.filter(holding(at), person__in=persons)
    for one in rows.select_related("area", "organisation__area").order_by("-pk"):
        found[one.person_id] = pack_of(one)
    return found


def pack_of(mandate: Mandate) -> str:
    """The pack a mandate works under."""
    return pack_name(mandate.area or (mandate.organisation.area if mandate.organisation else None))


@writer("digest")
def write(sending: Sending, at: datetime) -> Letter | None:
    """The digest as it stands when it is sent; None where there is nothing to tell or nobody to tell it to."""
    row = _chosen(sending)
    if row is None:
        return None
    mandates = current_mandates(row.person, at)
    if not mandates:
        return None
    pack, day = pack_of(mandates[0]), Day()
    for one in mandates:
        _add(day, Acting("person", row.person.name, row.person, one, mandates), at, pack)
    if day.nothing:
        return None
    return Letter(address_of(row), _said(day, pack), str(packs.load(pack).get("texts.digest.subject", "")))


def _chosen(sending: Sending) -> HowTold | None:
    """The way a person chose, as long as they are here and have not given it up."""
    rows = HowTold.objects.filter(person=sending.person_id, channel=sending.channel, person__is_active=True)
    return rows.select_related("person").first()


def _add(day: Day, by: Acting, at: datetime, pack: str) -> None:
    """Count what one mandate has: late, due today, new; a matter gives its title once."""
    end = hours.end_of_today(at, pack)
    due = gate.waiting(by=by, at=at).filter(due_at__lte=end).select_related("matter").order_by("due_at", "id")
    for wait in due[: inbox.MOST]:
        if wait.pk in day.counted:
            continue
        day.counted.add(wait.pk)
        late = wait.due_at is not None and wait.due_at <= at
        day.late += late
        day.today += not late
        day.titles.setdefault(wait.matter_id, _title(wait.matter, by, at, pack))
    day.new += inbox.unread(by=by, at=at)
    for item in inbox.items(by=by, at=at, limit=hours.number(pack, "digest", "titles")):
        if item.read_at is None:
            day.titles.setdefault(item.matter_id, _title(item.matter, by, at, pack))


def _title(matter: Matter, by: Acting, at: datetime, pack: str) -> str:
    """A title for who may read it in full, the bare kind for who may read less, nothing said of what is private."""
    page = packs.load(pack)
    if matter.private:
        return str(page.get("texts.digest.private", ""))
    if gate.reading(matter, by=by, at=at) == "full":
        return matter.title
    return str(page.get(f"categories.leaf.{matter.category}.label", page.get("texts.digest.other", "")))


def _said(day: Day, pack: str) -> str:
    page = packs.load(pack)
    parts = [("new", day.new), ("today", day.today), ("late", day.late)]
    counted = [str(page.get(f"texts.digest.{name}", "")).format(n=count) for name, count in parts if count]
    titles = [one for one in day.titles.values() if one][: hours.number(pack, "digest", "titles")]
    return str(page.get("texts.digest.say", "")).format(
        counts="，".join(counted), titles="；".join(titles), link=f"{settings.SITE_URL}/desk/inbox/"
    )


@writer("urgent")
def write_urgent(sending: Sending, at: datetime) -> Letter | None:
    """An emergency, at once: where it is for who may read it, nothing said of what is private."""
    row = _chosen(sending)
    matter = sending.entry.matter if sending.entry is not None else None
    if row is None or matter is None:
        return None
    by = _reader(row.person, matter, at)
    if by is None or by.mandate is None:
        return None
    page = packs.load(matter.pack)
    name = "private" if matter.private else "say"
    text = str(page.get(f"texts.urgent.{name}", "")).format(
        title=_title(matter, by, at, matter.pack),
        number=matter.number,
        link=f"{settings.SITE_URL}/desk/inbox/",
    )
    return Letter(address_of(row), text, str(page.get("texts.urgent.subject", "")))


def _reader(person: Person, matter: Matter, at: datetime) -> Acting | None:
    """The person under the first of their mandates by which they may still read a matter."""
    mandates = current_mandates(person, at)
    hands = (Acting("person", person.name, person, one, mandates) for one in mandates)
    return next((by for by in hands if gate.reading(matter, by=by, at=at)), None)
