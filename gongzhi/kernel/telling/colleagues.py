"""Who can be told of a matter by name: those at its desks and units who may read it in full. No directory of all."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Mandate
from gongzhi.kernel.people.roster import holding
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.standing import role_table

AT = re.compile(r"[@＠]\s*([^\s@＠，。、；：,.]{1,20})")
NEAR = ("grid", "community", "street")
MOST = 40


@dataclass(frozen=True)
class Colleague:
    """Somebody who may be told: person, name, and the post by which they read the matter."""

    person_id: int
    name: str
    post: str

    @property
    def label(self) -> str:
        """``柳岸街道办事处 李文博（街道调度员）``."""
        return f"{self.name}（{self.post}）"


def at_signs(text: str) -> list[str]:
    """What follows each @ of a text, up to the next pause."""
    return [one.group(1) for one in AT.finditer(text)]


def meant(said: str, known: list[Colleague]) -> Colleague | None:
    """The colleague whose name begins what was written after an @; the longest name first."""
    names = sorted(known, key=lambda one: -len(one.name))
    return next((one for one in names if said.startswith(one.name)), None)


def who(work: Work, *, by: Acting, at: datetime) -> list[Colleague]:
    """Those at the matter's own desks and units who may read it in full, but for oneself (two statements)."""
    units = {tie.organisation_id for tie in work.ties if tie.organisation_id and tie.role != "about"}
    units |= {wait.desk_org_id for wait in work.open_waits() if wait.desk_org_id}
    areas = {getattr(work.matter, f"{level}_id") for level in NEAR} - {None}
    areas |= {wait.desk_area_id for wait in work.open_waits() if wait.desk_area_id}
    here = Mandate.objects.filter(holding(at), person__is_active=True, only="")
    here = here.filter(Q(organisation__in=units) | Q(area__in=areas))
    persons = set(here.values_list("person", flat=True)) - by.persons
    every: dict[int, list[Mandate]] = {}
    rows = Mandate.objects.filter(holding(at), person__in=persons)
    for one in rows.select_related("person", "area", "organisation__area", "stands_in_for").order_by("pk"):
        every.setdefault(one.person_id, []).append(one)
    found = [_readable(work, mandates) for mandates in every.values()]
    return sorted((one for one in found if one is not None), key=lambda one: one.post)[:MOST]


def _readable(work: Work, mandates: list[Mandate]) -> Colleague | None:
    """The person by the first mandate that reads the matter in full; None where none does."""
    table = role_table(work.matter.pack)
    for one in mandates:
        hand = Acting("person", one.person.name, one.person, one, tuple(mandates))
        if not one.only and gate.level_of(work, hand) == "full":
            unit = str(one.organisation) if one.organisation is not None else ""
            label = str(table.get(one.role, {}).get("label", ""))
            return Colleague(one.person_id, one.person.name, f"{unit} {label}".strip())
    return None
