"""Mandates that end, accounts that stop, first passwords: what is taken away and given anew, with its entry.

Taking away is open to the system and the security administrator; an administrator's own mandate is ended by the
security administrator alone, and nobody ends or renews what is his own.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localtime, make_aware

from gongzhi.kernel.ledger import registers
from gongzhi.kernel.ledger.roll import first_password
from gongzhi.kernel.ledger.staffing import NotAppointed, needs_second
from gongzhi.kernel.people import keepers
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Mandate, Person

Roles = Mapping[str, Mapping[str, Any]]


def midnight(day: date) -> datetime:
    """The first moment of a day."""
    return make_aware(datetime.combine(day, time.min))


def after(day: date) -> datetime:
    """The first moment after a day: what ``until`` says of a last day."""
    return midnight(day + timedelta(days=1))


def end(mandate: Mandate, last: date | None, *, by: Acting, at: datetime, roles: Roles) -> datetime:
    """End a mandate after its last day, or now; the moment it ends. Raises :class:`NotAppointed`, NotKeeper."""
    _may_take(mandate.person, [mandate], by, roles)
    until = after(last) if last else at
    if mandate.until is not None and mandate.until <= at:
        raise NotAppointed("这个任职已经结束了。")
    if last is not None and last < localtime(at).date():
        raise NotAppointed(f"最后一天（{last}）已经过去了，写今天或以后的日子。")
    if mandate.until is not None and mandate.until < until:
        raise NotAppointed("这个任职本来就结束得更早。")
    _end([mandate], until, "end_mandate", by, at)
    return until


def stop(person: Person, *, by: Acting, at: datetime, roles: Roles) -> int:
    """Stop an account: no more signing in, running sessions and mandates end now. How many mandates ended."""
    held = list(Mandate.objects.filter(ahead(at), person=person).select_related("area", "organisation__area"))
    _may_take(person, held, by, roles)
    if not person.is_active:
        raise NotAppointed("这个账号已经停用了。")
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(is_active=False)
        _cut(held, at)
        facts = {"person": person.pk, "mandates": [one.pk for one in held]}
        registers.record("people", "stop_account", by=by, at=at, facts=facts)
    return len(held)


def resume(person: Person, *, by: Acting, at: datetime) -> None:
    """Let a stopped account sign in again; its mandates stay ended and are given anew."""
    keepers.need(by, "people")
    _not_own(person, by, "不能恢复自己的账号。")
    _near(person, by)
    if person.is_active:
        raise NotAppointed("这个账号没有停用。")
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(is_active=True)
        registers.record("people", "resume_account", by=by, at=at, facts={"person": person.pk})


def give_password(person: Person, *, by: Acting, at: datetime, roles: Roles, second: str = "") -> str:
    """A new first password, returned now and never again. Holders of private kinds and administrators need a second
    hand, else one could sign in as them. Raises :class:`NotAppointed`, NotKeeper.
    """
    keepers.need(by, "confirm" if second else "people")
    _not_own(person, by, "自己的密码在“我的”里改。")
    _near(person, by)
    held = list(Mandate.objects.filter(ahead(at), person=person).select_related("area", "organisation__area"))
    _reach(held, by)
    if not second and any(needs_second(roles.get(one.role, {})) for one in held):
        raise NotAppointed("管理员和能看不公开事项的人，重设密码要安全管理员一起定。")
    text = first_password()
    hashed = make_password(text)
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(password=hashed, first_password=True)
        facts = {"person": person.pk, "second": second}
        registers.record("people", "first_password", by=by, at=at, facts=facts)
    return text


def change_password(person: Person, new: str, *, by: Acting, at: datetime) -> None:
    """A person's own new password; other sessions of theirs end. The entry stands in the register of access."""
    hashed = make_password(new)
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(password=hashed, first_password=False)
        registers.record("access", "change_password", by=by, at=at, facts={"person": person.pk})
    person.password, person.first_password = hashed, False


def end_of_organisation(organisation_id: int, until: datetime, *, by: Acting, at: datetime) -> int:
    """End every mandate in an organisation that goes on beyond its end. How many."""
    rows = Mandate.objects.filter(Q(until=None) | Q(until__gt=until), organisation=organisation_id)
    held = list(rows)
    if held:
        _end(held, until, "end_mandate", by, at)
    return len(held)


def ahead(at: datetime) -> Q:
    """Mandates that hold now or later."""
    return Q(until=None) | Q(until__gt=at)


def _end(held: list[Mandate], until: datetime, verb: str, by: Acting, at: datetime) -> None:
    with transaction.atomic():
        _cut(held, until)
        facts = {"mandates": [one.pk for one in held], "until": until.isoformat()}
        registers.record("people", verb, by=by, at=at, facts=facts)


def _cut(held: list[Mandate], until: datetime) -> None:
    """Set the end; a mandate that had not begun by then never holds."""
    for one in held:
        one.until = until
    Mandate.objects.bulk_update(held, ["until"])


def _may_take(person: Person, held: list[Mandate], by: Acting, roles: Roles) -> None:
    keepers.need(by, "withdraw")
    _not_own(person, by, "自己的任职和账号，请另一位管理员来动。")
    _reach(held, by)
    guarded = any(roles.get(one.role, {}).get("admin") for one in held)
    if guarded and not keepers.may(by, "confirm"):
        raise NotAppointed("管理员的任职和账号，由安全管理员收回。")


def _reach(held: list[Mandate], by: Acting) -> None:
    places = [one.area or (one.organisation.area if one.organisation else None) for one in held]
    if not all(keepers.reaches(by, place) for place in places):
        raise NotAppointed("这个人有不在您管的辖区里的任职，不能由您一处来动。")


def _near(person: Person, by: Acting) -> None:
    """Whoever holds nothing now is kept where they held something."""
    keep = keepers.reach(by, "area__path") | keepers.reach(by, "organisation__area__path")
    rows = Mandate.objects.filter(person=person)
    if by.kind == "person" and rows.exists() and not rows.filter(keep).exists():
        raise NotAppointed("不在您管的辖区里。")


def _not_own(person: Person, by: Acting, sentence: str) -> None:
    if person.pk in by.persons:
        raise NotAppointed(sentence)


__all__ = [
    "after",
    "ahead",
    "change_password",
    "end",
    "end_of_organisation",
    "give_password",
    "midnight",
    "resume",
    "stop",
]
