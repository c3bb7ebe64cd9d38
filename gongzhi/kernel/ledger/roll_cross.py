"""What rows of the roll say together and against the register: one person, one number; roles that stay apart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Q

from gongzhi.kernel.ledger.roll_posts import Post
from gongzhi.kernel.people import keepers, secrets
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Mandate, Person

LEFT_ALONE = "导入只加新的，不改已有的。"


class Span(Protocol):
    """Anything that holds from a moment to a moment."""

    @property
    def since(self) -> datetime:
        """The first moment."""

    @property
    def until(self) -> datetime | None:
        """The first moment after; None while it goes on."""


@dataclass
class Found:
    """The mandates that are to be added, and the people who are new: login → name."""

    added: list[Post] = field(default_factory=list)
    new_people: dict[str, str] = field(default_factory=dict)


def across(
    posts: Sequence[Post], *, by: Acting, at: datetime, roles: Mapping[str, Any], second: str
) -> Found:
    """Compare all rows; each fault is noted on its row, and what stands already is left out."""
    standing = {row.login: row for row in Person.objects.filter(login__in={one.login for one in posts})}
    held = Mandate.objects.filter(Q(until=None) | Q(until__gt=at), person__login__in=list(standing))
    mandates = list(held.select_related("person"))
    _one_person(posts, standing)
    _one_number(posts)
    _apart(posts, mandates, roles)
    _hands(posts, by, roles, second)
    added = _added(posts, mandates)
    return Found(added, {one.login: one.name for one in added if one.login not in standing})


def _one_person(posts: Sequence[Post], standing: Mapping[str, Person]) -> None:
    """A sign-in name is one person with one name and one number, in the sheet and in the register."""
    first: dict[str, Post] = {}
    for post in posts:
        before = first.setdefault(post.login, post)
        for column, here, there in (("姓名", post.name, before.name), ("手机号", post.mobile, before.mobile)):
            if here != there:
                post.row.fault(f"登录名“{post.login}”第 {before.row.number} 行已经用了，{column}不一样。")
        person = standing.get(post.login)
        if person is None:
            continue
        if person.name != post.name:
            post.row.fault(f"登录名“{post.login}”已经是{person.name}的。请换一个。")
        elif not person.is_active:
            post.row.fault(f"登录名“{post.login}”已经停用。")
        elif person.phone_tag and person.phone_tag not in secrets.tags(post.mobile):
            post.row.fault(f"{post.name}的手机号和系统里的不一样。{LEFT_ALONE}")


def _one_number(posts: Sequence[Post]) -> None:
    """A number is one person's: two sign-in names with one number would be one person twice."""
    first: dict[str, Post] = {}
    tags = {tag: post.mobile for post in posts for tag in secrets.tags(post.mobile)}
    rows = Person.objects.filter(phone_tag__in=list(tags)).values_list("phone_tag", "login")
    owners = {tags[tag]: login for tag, login in rows}
    for post in posts:
        before = first.setdefault(post.mobile, post)
        if before.login != post.login:
            said = f"手机号和第 {before.row.number} 行“{before.login}”的一样"
        elif owners.get(post.mobile, post.login) != post.login:
            said = f"手机号和系统里“{owners[post.mobile]}”的一样"
        else:
            continue
        post.row.fault(f"{said}。一个号码只能是一个人的；一个人有几个任职，用同一个登录名。")


def _apart(posts: Sequence[Post], mandates: Iterable[Mandate], roles: Mapping[str, Any]) -> None:
    """The three administrators are three persons."""
    held: dict[str, set[str]] = {}
    for login, role in [(one.person.login, one.role) for one in mandates] + [
        (p.login, p.role) for p in posts
    ]:
        held.setdefault(login, set()).add(role)
    for post in posts:
        for other in sorted(held[post.login] & set(roles[post.role].get("apart", ()))):
            both = f"{roles[post.role]['label']}和{roles[other]['label']}"
            post.row.fault(f"{post.name}不能同时担任{both}：系统、安全、审计管理员要由三个人担任。")


def _hands(posts: Sequence[Post], by: Acting, roles: Mapping[str, Any], second: str) -> None:
    """Nobody grants to himself, nor beyond the own district; private kinds need a second hand."""
    operator = by.name.partition("|")[0]
    logins = set(Person.objects.filter(pk__in=by.persons).values_list("login", flat=True))
    for post in posts:
        own = post.login in logins if by.person else operator in (post.name, post.login)
        if own:
            post.row.fault(f"{post.name}不能给自己授权，请另一个人来导入这一行。")
        if not keepers.reaches(by, post.area or post.unit.area):
            post.row.fault("不在您管的辖区里。")
        rule = roles[post.role]
        if (
            rule.get("private")
            and by.person is None
            and second.strip() in ("", operator, post.name, post.login)
        ):
            post.row.fault(
                f"“{rule['label']}”能看不公开的事，要另一个人一起定：加上 --second 和那个人的名字。"
            )
        if by.person is not None and not second and (rule.get("private") or rule.get("admin")):
            post.row.fault(f"“{rule['label']}”要两个人一起定：请在“人员与任职”里单独提出，由安全管理员确认。")


def _added(posts: Sequence[Post], mandates: Iterable[Mandate]) -> list[Post]:
    """Rows that are no mandate yet; the same seat twice at one time is a fault."""
    taken: dict[tuple[str, str, int, int], list[Mandate | Post]] = {}
    for one in mandates:
        taken.setdefault((one.person.login, one.role, one.area_id or 0, one.organisation_id or 0), []).append(
            one
        )
    added = []
    for post in posts:
        others = taken.setdefault(post.seat, [])
        same = next((one for one in others if _meet(one, post)), None)
        if isinstance(same, Post):
            post.row.fault(f"和第 {same.row.number} 行是同一个任职。")
        elif same is None:
            added.append(post)
            others.append(post)
        elif (same.since, same.until) != (post.since, post.until):
            post.row.fault(f"{post.name}已有这个任职，起止不一样。{LEFT_ALONE}")
    return added


def _meet(one: Span, other: Span) -> bool:
    begins_before = other.until is None or one.since < other.until
    return begins_before and (one.until is None or other.since < one.until)
