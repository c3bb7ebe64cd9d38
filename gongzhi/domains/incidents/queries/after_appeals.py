"""What counts in a unit's figures and may be appealed against; and the appeals of an area, each with its outcome."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from gongzhi.domains.incidents.models import Mark
from gongzhi.domains.incidents.queries import after_rates, scope
from gongzhi.domains.incidents.queries.lists import TOO_LATE
from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate, waits
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.territory.models import Area

PAGE = 100
LOOK_BACK = timedelta(
    days=62
)  # days back in which late results are looked for: longer than any pack's term to appeal
STATES = {"": "没有申诉", "open": "申诉中", "upheld": "成立，不计入", "refused": "不成立，照计"}
TONES = {"": "wait", "open": "review", "upheld": "done", "refused": "void"}


@dataclass(frozen=True)
class Counted:
    """One thing that counts: the matter, what, since when, what became of the appeal, until when one may be made."""

    matter: Matter
    what: str
    label: str
    at: datetime
    state: str
    ground: str
    unit: str = ""
    until: datetime | None = None

    @property
    def state_label(self) -> str:
        """What became of the appeal, in words."""
        return STATES[self.state]

    @property
    def tone(self) -> str:
        """The kind of its tag."""
        return TONES[self.state]


def of_own(*, by: Acting, at: datetime) -> list[Counted]:
    """What counts for the hand's own unit lately, newest first (two statements). NotYours without a unit."""
    here, unit = after_rates.own_matters(by, at), after_rates.own_unit(by)
    marks = Mark.objects.filter(organisation=unit, matter__in=here.values("pk"), at__gte=at - LOOK_BACK)
    rows = [_told(one, at) for one in marks.select_related("matter").order_by("-at", "-pk")[:PAGE]]
    known = {one.matter.pk for one in rows if one.what == "late"}
    since = Q(incident__result_at__gte=at - LOOK_BACK)
    late = here.filter(TOO_LATE, since).exclude(pk__in=known).select_related("incident")
    rows += [_late(one, at) for one in late.order_by("-pk")[:PAGE]]
    return sorted(rows, key=lambda one: one.at, reverse=True)[:PAGE]


def of_area(area: Area, *, by: Acting, at: datetime) -> list[Counted]:
    """The appeals on what hangs in an area: the open ones first, then the newest (one statement)."""
    here = scope.inside(area, by=by, at=at)
    marks = Mark.objects.filter(appealed_at__isnull=False, matter__in=here.values("pk")).exclude(appeal="")
    found = marks.select_related("matter", "organisation").order_by("-appealed_at", "-pk")[:PAGE]
    return sorted((_told(one, at) for one in found), key=lambda one: one.state != "open")


def readable(rows: list[Counted], *, by: Acting, at: datetime) -> set[int]:
    """Of these matters, those whose page the hand may open (one statement)."""
    ids = [one.matter.pk for one in rows]
    return set(gate.visible(by=by, at=at, levels=("full",)).filter(pk__in=ids).values_list("pk", flat=True))


def _told(mark: Mark, at: datetime) -> Counted:
    pack = mark.matter.pack
    ground = str(packs.load(pack).get(f"appeals.appeal.{mark.ground}.label", "")) if mark.ground else ""
    unit = mark.organisation.name if "organisation" in mark._state.fields_cache else ""
    until = None if mark.appeal else _until(mark.at, pack)
    return Counted(mark.matter, mark.what, label(mark.what, pack), mark.at, mark.appeal, ground, unit, until)


def _late(matter: Matter, at: datetime) -> Counted:
    since: datetime = matter.incident.result_at or matter.opened_at
    return Counted(
        matter, "late", label("late", matter.pack), since, "", "", until=_until(since, matter.pack)
    )


def label(what: str, pack: str) -> str:
    """What a mark is called."""
    return str(packs.load(pack).get(f"fields.incident.appeal_about.choices.{what}", what))


def _until(since: datetime, pack: str) -> datetime | None:
    length = packs.load(pack).table("terms")["term"]["appeal_within"]["length"]
    return waits.term_end(length, since, pack).at
