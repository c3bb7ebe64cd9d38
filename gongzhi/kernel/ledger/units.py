"""Organisations kept up: what changed of one, and its end on a day, with the entry in the register of people."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, Q
from django.utils.timezone import localtime

from gongzhi.kernel.ledger import registers, tenure
from gongzhi.kernel.ledger.staffing import Founding
from gongzhi.kernel.people import keepers
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.territory.models import Area

OWN = "这是您自己的单位。类别、职责、辖区和撤销，请另一位系统管理员来办。"
ROUTING = {"kind", "duty", "area", "serves"}  # what decides which matters an organisation answers for
COLUMNS = ("name", "short", "kind", "duty", "area", "phone", "code")


class NotKept(ValueError):
    """Why an organisation cannot be changed so; ``str()`` is a sentence."""


def living(day: date) -> Q:
    """Organisations that stand on a day."""
    return Q(valid_to=None) | Q(valid_to__gt=day)


def kept(*, by: Acting, at: datetime, kind: str = "", text: str = "") -> list[Organisation]:
    """Living organisations within the hand's reach, by kind, area and name, with the areas they serve."""
    keepers.need(by, "units")
    rows = Organisation.objects.filter(living(localtime(at).date()), keepers.reach(by, "area__path"))
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(Q(name__contains=text) | Q(short__contains=text) | Q(code__iexact=text))
    rows = rows.select_related("area__parent").prefetch_related("serves")
    return list(rows.order_by("kind", "area__path", "name", "pk"))


def how_many(*, by: Acting, at: datetime) -> dict[str, int]:
    """Living organisations within the hand's reach, counted by kind."""
    keepers.need(by, "units")
    rows = Organisation.objects.filter(living(localtime(at).date()), keepers.reach(by, "area__path"))
    return {row["kind"]: row["n"] for row in rows.values("kind").annotate(n=Count("id"), first=Min("id"))}


def one(organisation_id: int, *, by: Acting) -> Organisation | None:
    """An organisation within the hand's reach; None where there is none."""
    keepers.need(by, "units")
    rows = Organisation.objects.filter(keepers.reach(by, "area__path"), pk=organisation_id)
    return rows.select_related("area__parent").prefetch_related("serves").first()


def change(row: Organisation, wanted: Founding, *, by: Acting, at: datetime) -> list[str]:
    """Make an organisation what ``wanted`` says; the names of what changed (nothing is written where nothing did).

    What an administrator's own organisation answers for is another one's to change: nobody moves the own cause.

    Raises :class:`NotKept`, NotKeeper.
    """
    keepers.need(by, "units")
    if not (keepers.reaches(by, row.area) and keepers.reaches(by, wanted.area)):
        raise NotKept("不在您管的辖区里。")
    others = Organisation.objects.filter(living(localtime(at).date())).exclude(pk=row.pk)
    if wanted.code and others.filter(code=wanted.code).exists():
        raise NotKept(f"统一社会信用代码 {wanted.code} 是另一个单位的。")
    if others.filter(name=wanted.name, area=wanted.area).exists():
        raise NotKept(f"“{wanted.name}”在这个辖区已经有了。")
    different = list(_different(row, wanted))
    if not different:
        return []
    if row.pk in by.organisations and ROUTING & set(different):
        raise NotKept(OWN)
    with transaction.atomic():
        for column in COLUMNS:
            setattr(row, column, getattr(wanted, column))
        row.save(update_fields=list(COLUMNS))
        row.serves.set(wanted.serves)
        registers.record("people", "change_unit", by=by, at=at, facts=_facts(row, wanted, different))
    return different


def end(row: Organisation, last: date, *, by: Acting, at: datetime) -> int:
    """End an organisation after its last day; the mandates in it end with it. How many. Raises :class:`NotKept`.

    What still waits there shows from then on as a desk nobody holds, at the level above.
    """
    keepers.need(by, "units")
    if not keepers.reaches(by, row.area):
        raise NotKept("不在您管的辖区里。")
    if row.pk in by.organisations:
        raise NotKept(OWN)
    if last < localtime(at).date():
        raise NotKept(f"最后一天（{last}）已经过去了，写今天或以后的日子。")
    until = tenure.after(last)
    with transaction.atomic():
        Organisation.objects.filter(pk=row.pk).update(valid_to=localtime(until).date())
        row.valid_to = localtime(until).date()
        facts = {"organisation": row.pk, "valid_to": row.valid_to.isoformat()}
        registers.record("people", "end_unit", by=by, at=at, facts=facts)
        return tenure.end_of_organisation(row.pk, until, by=by, at=at)


def _different(row: Organisation, wanted: Founding) -> Iterator[str]:
    yield from (column for column in COLUMNS if getattr(row, column) != getattr(wanted, column))
    if {one.pk for one in row.serves.all()} != {one.pk for one in wanted.serves}:
        yield "serves"


def _facts(row: Organisation, wanted: Founding, different: list[str]) -> dict[str, Any]:
    """What the entry holds: ids, codes and numbers, no names."""
    said: dict[str, Any] = {"organisation": row.pk, "changed": different}
    if "serves" in different:
        said["serves"] = sorted(one.pk for one in wanted.serves)
    if "area" in different:
        said["area"] = wanted.area.pk
    return said | {
        name: getattr(wanted, name) for name in ("kind", "duty", "phone", "code") if name in different
    }


def served(area: Area, *, at: datetime) -> list[Organisation]:
    """Living organisations that stand in an area or serve it."""
    rows = Organisation.objects.filter(living(localtime(at).date()), Q(area=area) | Q(serves=area))
    return list(rows.distinct().order_by("kind", "name", "pk"))
