"""What residents read: the notices that hold for their place today, and one by its number for as long as it is kept."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime

from gongzhi.domains.outreach.models import Notice
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Entry, Words
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.roster import office_lines
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.page import Stage
from gongzhi.kernel.process.versions import pinned
from gongzhi.kernel.territory.models import LEVELS, Area
from gongzhi.kernel.territory.packing import pack_name
from gongzhi.kernel.territory.tree import ids_above

KIND = "notice"
SHOWN = 20
GROUP_LONGEST = 300  # signs of a text for a residents' group


@dataclass(frozen=True)
class Posted:
    """A notice as anyone may read it. ``until_on`` its last day; ``stage`` published, ended, replaced or withdrawn."""

    id: int
    number: str
    stage: str
    state: Stage
    kind: str
    title: str
    text: str
    where: str
    from_on: date
    until_on: date
    at: datetime
    who: str
    after: str = ""
    phone: str = ""
    reason: str = ""
    old_number: str = ""
    new_number: str = ""

    @property
    def holds(self) -> bool:
        """Whether it still hangs."""
        return self.stage == "published"

    def for_group(self, link: str) -> str:
        """The text to paste into a residents' group: at most 300 signs, the link last; long texts are cut."""
        days = (
            f"{said_day(self.from_on)}到 {said_day(self.until_on)}"
            if self.from_on != self.until_on
            else said_day(self.until_on)
        )
        head, tail = (
            f"{self.title}\n{self.where}，{days}\n",
            f"\n{self.who}{f' {self.phone}' if self.phone else ''}\n{link}",
        )
        room = GROUP_LONGEST - len(head) - len(tail)
        text = self.text if len(self.text) <= room else f"{self.text[: max(room - 5, 0)].rstrip()}……看全文"
        return f"{head}{text}{tail}"


def said_day(day: date) -> str:
    """``11 月 23 日（周一）``."""
    return f"{day.month} 月 {day.day} 日（周{'一二三四五六日'[day.weekday()]}）"


def here(area: Area | None, *, by: Acting, at: datetime, limit: int = SHOWN) -> list[Posted]:
    """Notices that hold today for an area, newest first: its own, those above it, those inside it (five statements)."""
    if area is None or area.level not in LEVELS:
        return []
    around = Q(matter__area__in=ids_above(area)) | Q(**{f"matter__{area.level}": area.pk})
    ids = _standing(pack_name(area), at).filter(around).values_list("pk", flat=True)
    return told(_rows(list(ids.order_by("-pk")[:limit])), at)


def _standing(pack: str, at: datetime) -> QuerySet[Notice]:
    """Posted, not past their last day, and not named by a correction that is posted too."""
    open_to_all = Matter.objects.filter(gate.posted(KIND, pack), stage="published")
    newer = Notice.objects.filter(matter__stage="published", replaces__isnull=False).values("replaces")
    rows = Notice.objects.filter(matter__in=open_to_all, until_on__gte=localtime(at).date())
    return rows.exclude(matter__in=newer)


def one(number: str, *, by: Acting, at: datetime) -> Posted | None:
    """A notice by its number, also after it ended or was withdrawn; None where anyone may not read it."""
    matter = Matter.objects.filter(kind=KIND, number=number).first()
    if matter is None or gate.one(matter.pk, by=by, at=at) is None:
        return None
    return next(iter(told(_rows([matter.pk]), at)), None)


def _rows(ids: Sequence[int]) -> list[Notice]:
    """Notices by id, newest first, with their matters and areas."""
    joined = Notice.objects.filter(pk__in=ids).select_related(
        "matter__area", "matter__community", "matter__street", "replaces"
    )
    return sorted(joined.defer("matter__area__polygon"), key=lambda row: -row.pk)


def told(rows: Sequence[Notice], at: datetime) -> list[Posted]:
    """Notices with their words (three statements for any number)."""
    ids = [row.pk for row in rows]
    words = dict(Words.objects.filter(entry__in=[row.said for row in rows]).values_list("entry", "text"))
    last = Entry.objects.filter(matter__in=ids, verb__in=("publish", "withdraw")).select_related("words")
    moved = {(entry.matter_id, entry.verb): entry for entry in last}
    newer = dict(
        Notice.objects.filter(replaces__in=ids, matter__stage="published").values_list(
            "replaces", "matter__number"
        )
    )
    lines = office_lines({row.matter.community_id or row.matter.street_id for row in rows})
    return [
        _told(row, json.loads(words.get(row.said, "{}")), moved, newer.get(row.pk, ""), lines) for row in rows
    ]


def _told(
    row: Notice,
    said: dict[str, str],
    moved: dict[tuple[int | None, str], Entry],
    newer: str,
    lines: dict[int | None, str],
) -> Posted:
    matter = row.matter
    kind = packs.load(matter.pack).get(f"notices.notice.{row.kind}", {})
    posted, back = moved.get((matter.pk, "publish")), moved.get((matter.pk, "withdraw"))
    house = matter.community or matter.street or matter.area
    return Posted(
        id=matter.pk,
        number=matter.number,
        stage=matter.stage,
        state=pinned(matter.process_id).stages[matter.stage],
        kind=kind.get("label", ""),
        title=said.get("title", matter.title),
        text=said.get("text", ""),
        where=where_of(matter),
        from_on=row.from_on,
        until_on=row.until_on,
        at=posted.at if posted else matter.opened_at,
        who=house.name,
        after=kind.get("after", ""),
        phone=lines.get(matter.community_id or matter.street_id, ""),
        reason=_reason(back),
        old_number=row.replaces.number if row.replaces else "",
        new_number=newer,
    )


def _reason(entry: Entry | None) -> str:
    words = getattr(entry, "words", None)
    return json.loads(words.text).get("withdraw_reason", "") if words is not None else ""


def where_of(matter: Matter) -> str:
    """For whom it holds: the estate or lift named, else the area, with its community before it."""
    house = matter.community
    name = matter.place or matter.area.name
    return f"{house.name} {name}" if house is not None and house.pk != matter.area_id else name
