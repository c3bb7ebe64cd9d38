"""Near matters as a desk sees them: a wider circle, read through the gate, with how alike the words are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from gongzhi.domains.incidents import near
from gongzhi.domains.incidents.models import Incident
from gongzhi.domains.incidents.near import Ground
from gongzhi.domains.incidents.queries.desk_lines import words_of
from gongzhi.domains.incidents.queries.desk_rows import Row, rows_of
from gongzhi.domains.incidents.queries.desk_secrets import kept_from_units, reads_words
from gongzhi.domains.incidents.queries.joined import joined_to, met, survivor
from gongzhi.domains.incidents.queries.near import SHOWS, around
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.alike import likeness
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.page import OPEN

JOINED_SHOWN = 200


@dataclass(frozen=True)
class Near:
    """One near matter: its row, metres away (None without a point), whether its words say much the same."""

    row: Row
    metres: int | None
    alike: bool
    words: str


@dataclass(frozen=True)
class Panel:
    """What stands on a matter's page: how many are near, how many met it, where it went, what it repeats.

    ``goes_on`` and ``repeats`` are None where there is none or it is not this hand's to read.
    """

    count: int
    metres: int
    days: int
    met: int
    cause: str
    goes_on: Matter | None
    repeats: Matter | None


def panel(work: Work, incident: Incident, *, by: Acting, at: datetime) -> Panel:
    """The panel of a matter read in full (at most nine statements, none that grows with what is near)."""
    matter, pack = work.matter, packs.load(work.matter.pack)
    circle = near.circle(pack, "staff")
    visible = Q(pk__in=gate.visible(by=by, at=at, kinds=("incident",), levels=("full",)).values("pk"))
    count = len(around(Ground.of(matter), _leaves(matter, incident), circle, at, *_others(matter), visible))
    ahead = survivor(matter) if incident.merged_into_id or incident.cause_id else None
    cause = str(pack.get(f"causes.cause.{incident.cause_kind}.label", "")) if incident.cause_kind else ""
    return Panel(
        count=count,
        metres=int(circle.metres),
        days=circle.back.days,
        met=met([matter.pk])[matter.pk],
        cause=cause,
        goes_on=_readable(ahead, by, at),
        repeats=_readable(incident.repeat_of, by, at),
    )


def near_rows(work: Work, incident: Incident, *, by: Acting, at: datetime) -> list[Near]:
    """Open matters near one, most alike first, then nearest; only those the hand reads in full (six statements)."""
    matter, pack = work.matter, packs.load(work.matter.pack)
    circle = near.circle(pack, "staff")
    found = around(Ground.of(matter), _leaves(matter, incident), circle, at, *_others(matter))
    metres = {one.matter.pk: one.metres for one in found}
    rows = rows_of([one.matter for one in found], by, at, pictured=False)
    rows = [row for row in rows if row.level == "full"]
    texts = _texts([work, *(row.work for row in rows)], by)
    enough = int(pack.table("near")["text"]["alike"]) / 100
    alike = {row.matter.pk: likeness(texts.get(matter.pk, ""), texts.get(row.matter.pk, "")) for row in rows}
    rows.sort(key=lambda row: (-round(alike[row.matter.pk], 2), metres[row.matter.pk] or 0, -row.matter.pk))
    return [_near(row, metres[row.matter.pk], alike[row.matter.pk] >= enough, texts) for row in rows]


def _near(row: Row, metres: float | None, alike: bool, texts: dict[int, str]) -> Near:
    away = None if metres is None else round(metres / 10) * 10
    return Near(row, away, alike, texts.get(row.matter.pk, "")[:80])


def joined_rows(matter: Matter, *, by: Acting, at: datetime) -> list[Row]:
    """What was merged into a matter or gathered under it, as far as the hand may read it (three statements)."""
    rows = Matter.objects.filter(joined_to(matter.pk)).select_related(*SHOWS).order_by("-pk")[:JOINED_SHOWN]
    return rows_of(list(rows), by, at, pictured=False)


def _leaves(matter: Matter, incident: Incident) -> Collection[str]:
    """The kind itself, and of a cause every kind that comes from it."""
    pack = packs.load(matter.pack)
    named = pack.get(f"causes.cause.{incident.cause_kind}.leaves", ()) if incident.cause_kind else ()
    return {matter.category, *named}


def _others(matter: Matter) -> tuple[Q, ...]:
    same = Q(private=False, restricted=matter.restricted, about_person=matter.about_person)
    return Q(counts=OPEN) & ~Q(pk=matter.pk), same, Q(incident__cause=None)


def _texts(works: Collection[Work], by: Acting) -> dict[int, str]:
    """What their reporters wrote, where the hand may read it (two statements)."""
    kept = kept_from_units([work.matter.pk for work in works])
    ids = [work.matter.pk for work in works if reads_words(work, by, kept)]
    rows = Entry.objects.filter(matter__in=ids, verb="report").select_related("words")
    return {one.matter_id or 0: words_of(one).get("words", "") for one in rows}


def _readable(matter: Matter | None, by: Acting, at: datetime) -> Matter | None:
    if matter is None or gate.reading(matter, by=by, at=at) is None:
        return None
    return matter
