"""One person's mandate from a form: the same checks as a row of the roll, done at once or proposed to a second hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from gongzhi.kernel.ledger import proposals, registers, roll, staffing
from gongzhi.kernel.ledger.roll import FirstPasswords
from gongzhi.kernel.ledger.roll_posts import Post
from gongzhi.kernel.people import keepers, secrets, sheets
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation, Person, Proposal
from gongzhi.kernel.people.sheets import BadSheets, Fault, Row

PROPOSED = "proposed"
STANDS = "这个任职已经有了。"


@dataclass(frozen=True)
class Joined:
    """Who it is, the first password of somebody new (shown now and never again), and whether a second hand is asked.

    Where one is asked, that hand gives the first password.
    """

    person: Person
    password: str
    proposed: bool


def join(said: Mapping[str, str], *, by: Acting, at: datetime, phone: str = "") -> Joined:
    """Give somebody a mandate; ``said`` holds the columns of the roll, ``phone`` the office line of the post.

    Raises BadSheets with a fault for every column, NotAppointed, NotKeeper.
    """
    keepers.need(by, "people")
    row = Row(sheets.PEOPLE, 1, {column: said.get(column, "") for column in sheets.COLUMNS[sheets.PEOPLE]})
    plan = roll.plan_rows({sheets.PEOPLE: [row], sheets.UNITS: []}, by=by, at=at, second=PROPOSED)
    if not plan.posts:
        raise BadSheets([Fault(sheets.PEOPLE, 1, "职务", STANDS)])
    post, roles = plan.posts[0], plan.pack.table("roles")["role"]
    made = roll.passwords(plan.new_people)
    asked = staffing.needs_second(roles[post.role])
    with transaction.atomic():
        if asked:
            person = _enrol(post, made, by, at)
            proposals.propose(_proposal(post, person, phone), by=by, at=at)
        else:
            wanted = _appointment(post, made, phone)
            person = staffing.appoint([wanted], by=by, at=at, roles=roles)[0].person
    return Joined(person, "" if asked else made.shown.get(post.login, ""), asked)


def own_number(person: Person) -> str:
    """The number a person's row holds, for the check of a further mandate; never shown."""
    return secrets.unseal(person.phone_enc) if person.phone_enc else ""


def _enrol(post: Post, made: FirstPasswords, by: Acting, at: datetime) -> Person:
    """The person's row without any mandate: no power comes with it."""
    found = Person.objects.filter(login=post.login).first()
    if found is not None:
        return found
    person = Person(login=post.login, name=post.name, password=made.hashed[post.login], first_password=True)
    person.phone_enc, person.phone_tag = secrets.seal(post.mobile), secrets.tag(post.mobile)
    person.save()
    registers.record("people", "enrol", by=by, at=at, facts={"person": person.pk})
    return person


def _unit(post: Post) -> Organisation:
    assert isinstance(post.unit, Organisation)
    return post.unit


def _proposal(post: Post, person: Person, phone: str) -> Proposal:
    said: dict[str, Any] = {"role": post.role, "area": post.area, "organisation": _unit(post)}
    return Proposal(kind="appoint", person=person, since=post.since, until=post.until, phone=phone, **said)


def _appointment(post: Post, made: FirstPasswords, phone: str) -> staffing.Appointment:
    return staffing.Appointment(
        post.login,
        post.name,
        post.role,
        post.since,
        post.area,
        _unit(post),
        until=post.until,
        phone=phone,
        mobile=post.mobile,
        hashed=made.hashed.get(post.login, ""),
    )
