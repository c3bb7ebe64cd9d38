"""Organisations founded and persons appointed, many at once, each time with its entry in the register of people.

Nobody grants to himself, nor a stand-in to him; roles that must stay apart (系统、安全、审计管理员) never meet in
one person; a mandate over private kinds needs a second hand. It stands above ``people`` because an entry belongs to
every change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localtime

from gongzhi.kernel.ledger import registers
from gongzhi.kernel.people import keepers, secrets
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Mandate, Organisation, Person
from gongzhi.kernel.territory.models import Area

ROWS_AT_ONCE = 500


MACHINE = "key:"  # begins the sign-in name of a channel key's own account, which nobody signs in with


class NotAppointed(ValueError):
    """Why an appointment cannot be; ``str()`` is a sentence."""


@dataclass(frozen=True)
class Founding:
    """An organisation to be: ``duty`` is its unit id in the pack, ``serves`` the areas beyond the one it stands in.

    ``code`` is the unified social credit code, if it has one.
    """

    name: str
    short: str
    kind: str
    area: Area
    duty: str = ""
    phone: str = ""
    serves: tuple[Area, ...] = ()
    code: str = ""


@dataclass(frozen=True)
class Appointment:
    """A person's mandate to be. The same ``login`` twice is one person with two mandates.

    Without ``password`` the person cannot sign in; ``hashed`` is one that was hashed beforehand, outside the
    transaction. ``phone`` is the office line of the post, ``mobile`` the person's own number, kept sealed.
    """

    login: str
    name: str
    role: str
    since: datetime
    area: Area | None = None
    organisation: Organisation | None = None
    password: str = ""
    phone: str = ""
    until: datetime | None = None
    mobile: str = ""
    hashed: str = ""


def found(wanted: Sequence[Founding], *, by: Acting, at: datetime) -> list[Organisation]:
    """Organisations in bulk, with the areas they serve; one entry in the register of people. Raises NotKeeper."""
    keepers.need(by, "units")
    _within(by, [one.area for one in wanted])
    rows = [
        Organisation(
            name=one.name,
            short=one.short,
            kind=one.kind,
            area=one.area,
            duty=one.duty,
            phone=one.phone,
            code=one.code,
            valid_from=localtime(at).date(),
        )
        for one in wanted
    ]
    with transaction.atomic():
        Organisation.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
        link = Organisation.serves.through
        links = [
            link(organisation_id=row.pk, area_id=area.pk)
            for row, one in zip(rows, wanted, strict=True)
            for area in one.serves
        ]
        link.objects.bulk_create(links, batch_size=ROWS_AT_ONCE)
        if rows:
            facts = {"organisations": [row.pk for row in rows]}
            registers.record("people", "found", by=by, at=at, facts=facts)
    return rows


def appoint(
    wanted: Sequence[Appointment],
    *,
    by: Acting,
    at: datetime,
    roles: Mapping[str, Mapping[str, Any]],
    second: str = "",
) -> list[Mandate]:
    """Persons and mandates in bulk, in the order given; one entry in the register of people.

    ``roles`` is the pack's table of roles; ``second`` names the second hand for private kinds and, where no operator
    does it, for administrators. Raises :class:`NotAppointed`, NotKeeper.
    """
    keepers.need(by, "confirm" if second and by.kind == "person" else "people")
    _within(by, [_place(one) for one in wanted])
    hashed = {password: make_password(password or None) for password in {one.password for one in wanted}}
    with transaction.atomic():
        registers.hold("people")
        _may_be(wanted, by, at, roles, second)
        persons = _persons(wanted, hashed)
        mandates = [_mandate(one, persons[one.login], by) for one in wanted]
        Mandate.objects.bulk_create(mandates, batch_size=ROWS_AT_ONCE)
        if mandates:
            facts = {"mandates": [mandate.pk for mandate in mandates], "second": second}
            registers.record("people", "appoint", by=by, at=at, facts=facts)
    return mandates


def _mandate(one: Appointment, person: Person, by: Acting) -> Mandate:
    return Mandate(
        person=person,
        role=one.role,
        area=one.area,
        organisation=one.organisation,
        since=one.since,
        until=one.until,
        granted_by=by.person,
        phone=one.phone,
    )


def needs_second(rule: Mapping[str, Any]) -> bool:
    """Whether a role of the pack is granted by two hands only: private kinds, and the administrators themselves."""
    return bool(rule.get("private") or rule.get("admin"))


def _place(one: Appointment) -> Area | None:
    return one.area or (one.organisation.area if one.organisation else None)


def _within(by: Acting, places: Sequence[Area | None]) -> None:
    if not all(keepers.reaches(by, place) for place in places):
        raise NotAppointed("不在您管的辖区里。")


def _persons(wanted: Sequence[Appointment], hashed: Mapping[str, str]) -> dict[str, Person]:
    """A row per sign-in name, with its number if it had none; a password is hashed once however many share it."""
    standing = {row.login: row for row in Person.objects.filter(login__in={one.login for one in wanted})}
    new: dict[str, Person] = {}
    for one in wanted:
        if one.login not in standing and one.login not in new:
            new[one.login] = Person(
                login=one.login,
                name=one.name,
                password=one.hashed or hashed[one.password],
                first_password=bool(one.hashed),
            )
        person = standing.get(one.login) or new[one.login]
        if one.mobile and not person.phone_tag:
            person.phone_enc, person.phone_tag = secrets.seal(one.mobile), secrets.tag(one.mobile)
    Person.objects.bulk_create(new.values(), batch_size=ROWS_AT_ONCE)
    Person.objects.bulk_update(standing.values(), ["phone_enc", "phone_tag"], batch_size=ROWS_AT_ONCE)
    return standing | new


def _may_be(
    wanted: Sequence[Appointment],
    by: Acting,
    at: datetime,
    roles: Mapping[str, Mapping[str, Any]],
    second: str,
) -> None:
    held: dict[str, set[str]] = {}
    for one in wanted:
        held.setdefault(one.login, set()).add(one.role)
    standing = Mandate.objects.filter(Q(until=None) | Q(until__gt=at), person__login__in=list(held))
    for login, role in standing.values_list("person__login", "role"):
        held[login].add(role)
    own = set(Person.objects.filter(pk__in=by.persons).values_list("login", flat=True))
    for one in wanted:
        rule = roles.get(one.role)
        if rule is None:
            raise NotAppointed(f"没有“{one.role}”这个角色。")
        if one.login in own:
            raise NotAppointed("不能给自己授权。")
        if rule.get("machine") and not one.login.startswith(MACHINE):
            raise NotAppointed(f"{rule['label']}跟着接口的钥匙给，不给人。")
        if held[one.login] & set(rule.get("apart", ())):
            raise NotAppointed(f"{one.name}：系统、安全、审计管理员不能由一个人兼。")
        if not second and (rule.get("private") or (rule.get("admin") and by.kind == "person")):
            raise NotAppointed(f"{one.name}：{rule['label']}的任职，要第二个人一起定。")
