"""The one visibility gate, built from ``[sees]``: every list, detail, search, map, export and live view reads here.

Who is not named sees nothing. The organisation a matter is about is refused everywhere; no process can switch it off.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.models import Matter, Tie, Wait
from gongzhi.kernel.process.page import Process
from gongzhi.kernel.process.standing import (
    ABOUT,
    FOLLOWER,
    approvals,
    may_hold,
    open_to_all,
    refused_everywhere,
    role_table,
    stands_as,
    tie_table,
)
from gongzhi.kernel.process.versions import current, pinned
from gongzhi.kernel.territory.models import LEVELS
from gongzhi.kernel.territory.packing import pack_name

READING = ("full", "summary", "task")
ANYONE = "anyone"
BY_RECEIPT = {"receipt": "own", "code": "code", "follower": "course"}


def level_of(work: Work, by: Acting) -> str | None:
    """How much the actor may read of a loaded matter: full, summary, task, own, code, course, or None (not there).

    What the page posts (``anyone`` of ``[sees]`` names its stages) anyone reads in full; staff by their mandate alone.
    """
    matter = work.matter
    if by.kind == "public":
        return "full" if is_posted(work) else None
    if by.kind in BY_RECEIPT:
        return BY_RECEIPT[by.kind] if by.matter_id == matter.pk else None
    if by.kind in ("clock", "operator"):
        return "full"
    if by.mandate is None or refused_everywhere(work.ties, by) or not may_hold(matter, by, matter.pack):
        return None
    sees = work.process.sees
    return next(
        (level for level in READING if any(stands_as(name, work, by) for name in sees.get(level, ()))), None
    )


def load(matter: Matter) -> Work:
    """A matter with its living ties and open waits, for reading (two statements, no lock)."""
    ties = list(Tie.objects.filter(matter=matter, until=None).exclude(role=FOLLOWER).order_by("pk"))
    waits = list(Wait.objects.filter(matter=matter, ended_at=None).order_by("pk"))
    return Work(matter, pinned(matter.process_id), ties, waits)


def reading(matter: Matter, *, by: Acting, at: datetime) -> str | None:
    """How much the actor may read of a matter."""
    return level_of(load(matter), by)


def one(matter_id: int, *, by: Acting, at: datetime) -> tuple[Work, str] | None:
    """A matter and how much of it the actor may read; None where it does not exist for them (four statements)."""
    matter = Matter.objects.filter(pk=matter_id).select_related("area").first()
    if matter is None:
        return None
    work = load(matter)
    level = level_of(work, by)
    return (work, level) if level else None


def arms(
    by: Acting,
    kinds: tuple[str, ...] = (),
    levels: tuple[str, ...] = READING,
    but: tuple[str, ...] = (),
    of: tuple[str, ...] = (),
) -> list[Q]:
    """The arms of everything the actor may read, each an equality with its own index; any of them suffices.

    ``but`` leaves out names of ``[sees]`` by which the actor does not read here, ``of`` all others.
    """
    if by.mandate is None:
        return []
    pack = pack_of(by)
    found: list[Q] = []
    for name in packs.load(pack).processes:
        if kinds and name not in kinds:
            continue
        process = current(pack, name)
        for level in levels:
            names = tuple(
                one for one in process.sees.get(level, ()) if one not in but and (not of or one in of)
            )
            found += [Q(kind=name) & arm for arm in _arms(process, names, by, pack)]
    return found


def any_of(cuts: Sequence[QuerySet[Matter, Any]]) -> Q:
    """Matters of any of these queries of ids, each cut to its own limit; never a walk over all matters.

    PostgreSQL would answer a row of ``IN … OR IN …`` by reading the whole table, SQLite takes no limits in a union.
    """
    if cuts and connection.features.supports_slicing_ordering_in_compound:
        return Q(pk__in=cuts[0].union(*cuts[1:], all=True) if len(cuts) > 1 else cuts[0])
    found = Q(pk__in=[])
    for cut in cuts:
        found |= Q(pk__in=cut)
    return found


def by_tie(pack: str) -> tuple[str, ...]:
    """The names of ``[sees]`` that are not read by an area: whom a matter is tied to or waits for."""
    return (*tie_table(pack), "awaited")


def _arms(process: Process, names: tuple[str, ...], by: Acting, pack: str) -> list[Q]:
    mandate, found = by.mandate, []
    assert mandate is not None
    if mandate.only:
        mine = mandate.role in names or "awaited" in names
        return [_awaited(process, by, pack)] if mine else []
    if mandate.role in names and mandate.area is not None and mandate.area.level in LEVELS:
        found.append(Q(**{f"{mandate.area.level}_id": mandate.area_id}))
    for name in names:
        spec = tie_table(pack).get(name)
        if spec and mandate.organisation_id and mandate.role in list(spec.get("speaks", [])):  # type: ignore[call-overload]
            ties = Tie.objects.filter(role=name, organisation=mandate.organisation_id, until=None)
            found.append(Q(pk__in=ties.values("matter")))
    if "awaited" in names:
        found.append(_awaited(process, by, pack))
    return found


def _awaited(process: Process, by: Acting, pack: str) -> Q:
    """Matters on which the actor is awaited, but for waits that open no reading (``blind``)."""
    waits = Wait.objects.filter(my_desk(by, pack), ended_at=None)
    waits = waits.exclude(what__in=process.blind) if process.blind else waits
    return Q(pk__in=waits.values("matter"))


def my_desk(by: Acting, pack: str = "") -> Q:
    """Open waits at the actor's desk: taken by the person, at the role's desk over the area, or the organisation's.

    A stand-in has what the absent one took there; a deputy for approvals nothing but those.
    """
    mandate, person = by.mandate, by.person
    if mandate is None or person is None:
        return Q(pk__in=[])
    pack = pack or pack_of(by)
    mine = role_table(pack).get(mandate.role, {})
    at = Q(person=person.pk)
    free = Q(person=None) if by.absent is None else Q(person=None) | Q(person=by.absent)
    desk_roles = [mandate.role, *list(mine.get("serves", []))]  # type: ignore[call-overload]
    if mandate.area_id:
        at |= free & Q(desk_role__in=desk_roles, desk_area=mandate.area_id)
    if mandate.organisation_id and mine.get("speaks"):
        at |= free & Q(desk_org=mandate.organisation_id)
    return at & Q(what__in=approvals(pack)) if mandate.only else at


def closed_to(by: Acting) -> Q:
    """What no arm opens: matters about one of the actor's organisations; private ones, or all but private ones."""
    shut = Q(pk__in=[])
    if by.organisations:
        about = Tie.objects.filter(
            matter=OuterRef("pk"), role=ABOUT, until=None, organisation__in=by.organisations
        )
        shut |= Q(Exists(about))
    if by.mandate is not None:
        shut |= Q(private=not role_table(pack_of(by)).get(by.mandate.role, {}).get("private"))
    return shut


def visible(
    *, by: Acting, at: datetime, kinds: tuple[str, ...] = (), levels: tuple[str, ...] = READING
) -> QuerySet[Matter]:
    """Every matter the actor may read, as one query."""
    if by.kind == "clock":
        return Matter.objects.all()
    any_arm = Q(pk__in=[])
    for arm in arms(by, kinds, levels):
        any_arm |= arm
    return Matter.objects.filter(any_arm).exclude(closed_to(by))


def waiting(*, by: Acting, at: datetime) -> QuerySet[Wait]:
    """Open waits at the actor's desk that they may know of."""
    rows = Wait.objects.filter(my_desk(by), ended_at=None)
    return rows.exclude(matter__in=Matter.objects.filter(closed_to(by)).values("pk")) if _shut(by) else rows


def _shut(by: Acting) -> bool:
    return by.mandate is not None


def public() -> Q:
    """What may be shown to anyone: nothing about persons, private, kept from the neighbourhood, or a complaint."""
    about: Any = Tie.objects.filter(matter=OuterRef("pk"), role=ABOUT)
    return Q(about_person=False, private=False, restricted=False, kind="incident") & ~Q(Exists(about))


def is_public(work: Work) -> bool:
    """Whether a loaded matter may be shown to anyone; the same as :func:`public`."""
    return work.matter.kind == "incident" and open_to_all(work)


def posted(kind: str, pack: str) -> Q:
    """Matters of a kind that stand where their page lets anyone read them: nothing private, about nobody."""
    about: Any = Tie.objects.filter(matter=OuterRef("pk"), role=ABOUT)
    stages = current(pack, kind).sees.get(ANYONE, ())
    plain = Q(about_person=False, private=False, restricted=False)
    return Q(kind=kind, stage__in=stages) & plain & ~Q(Exists(about))


def is_posted(work: Work) -> bool:
    """Whether anyone may read a loaded matter; the same as :func:`posted`."""
    return open_to_all(work) and work.matter.stage in work.process.sees.get(ANYONE, ())


def pack_of(by: Acting) -> str:
    """The pack in force where the hand stands."""
    mandate = by.mandate
    if mandate is None:
        return "cn"
    if mandate.area is not None:
        return pack_name(mandate.area)
    return pack_name(mandate.organisation.area if mandate.organisation is not None else None)
