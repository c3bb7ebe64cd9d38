"""Signing in and out, and choosing as what one acts."""

import tomllib
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from gongzhi.kernel.ledger import registers, tenure
from gongzhi.kernel.people import limits
from gongzhi.kernel.people.acting import Acting, as_mandate
from gongzhi.kernel.people.models import Mandate, Person
from gongzhi.kernel.process.standing import role_table
from gongzhi.surfaces.seat import MANDATE, RENEW, post
from gongzhi.surfaces.workbench.hands import page, staffed
from gongzhi.surfaces.workbench.keeping import nobody
from gongzhi.surfaces.workbench.views_inbox import told
from gongzhi.surfaces.workbench.views_left import offered

TRIES = limits.Limit(8, timedelta(minutes=10))  # of one sign-in name from one address
TRIES_FROM_STRANGERS = limits.Limit(
    40, timedelta(minutes=10)
)  # of one name, from devices that never signed in as it
TRIES_FROM_ADDRESS = limits.Limit(120, timedelta(minutes=10))
WRONG = "登录名或密码不对，请再看一眼。"
TOO_OFTEN = "试了太多次。请过 10 分钟再试，或者请系统管理员重设密码。"
NO_MANDATE = "登录名和密码都对，但您现在没有任职。请所在单位先给您任职。"
HOME = "/desk/"
KNOWN = "gz_desk"  # the cookie of a device on which this sign-in name has signed in before
KNOWN_FOR = int(timedelta(days=90).total_seconds())


def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; a demonstration lists its accounts, one click fills one in."""
    if request.method != "POST":
        chosen = request.GET.get("as", "")
        accounts = demo_accounts()
        known = any(one["login"] == chosen for one in accounts)
        filled = {"login": chosen if known else "", "password": demo_password() if known else ""}
        return _form(request, filled)
    name, at = request.POST.get("login", "").strip(), timezone.now()
    address = limits.network(request.META.get("REMOTE_ADDR"))
    if _too_often(request, name, address, at):
        return _form(request, {"login": name, "wrong": TOO_OFTEN}, 429)
    person = authenticate(request, username=name, password=request.POST.get("password", ""))
    if not isinstance(person, Person):
        return _form(request, {"login": name, "wrong": WRONG}, 422)
    by = as_mandate(person, None, at)
    if by is None:
        return _form(request, {"login": name, "wrong": NO_MANDATE, **offered(person)}, 403)
    return _enter(request, person, by)


def _too_often(request: HttpRequest, name: str, address: str, at: Any) -> bool:
    """Whether these are too many tries. Strangers who try a name use up their own count, not that of its owner: the
    name from another address, and from a device that knows it, stays open.
    """
    known = request.get_signed_cookie(KNOWN, "", max_age=KNOWN_FOR) == name
    counted = [
        limits.over("sign_in", f"{name} {address}" if name else "", TRIES, at),
        limits.over("sign_in_at", address, TRIES_FROM_ADDRESS, at),
        not known and limits.over("sign_in_strangers", name, TRIES_FROM_STRANGERS, at),
    ]
    return any(counted)


def _enter(request: HttpRequest, person: Person, by: Acting) -> HttpResponse:
    assert by.mandate is not None
    login(request, person)
    request.session[MANDATE] = by.mandate.pk
    registers.record("access", "sign_in", by=by, at=timezone.now())
    onward = request.POST.get("next", "")
    response = redirect(_onward(onward, by, person))
    response.set_signed_cookie(
        KNOWN, person.login, max_age=KNOWN_FOR, httponly=True, samesite="Lax", secure=settings.HTTPS
    )
    return response


def _onward(onward: str, by: Acting, person: Person) -> str:
    """Where to after signing in: a first password is changed, one of several identities chosen, else the page asked."""
    if person.first_password:
        return RENEW
    if len(by.mandates) > 1:
        return "/desk/identity/"
    safe = url_has_allowed_host_and_scheme(onward, allowed_hosts=None) and onward.startswith("/desk/")
    return onward if safe else HOME


def _form(request: HttpRequest, said: dict[str, Any], status: int = 200) -> HttpResponse:
    onward = request.POST.get("next") or request.GET.get("next", "")
    told = {"surface": "desk", "next": onward, "accounts": demo_accounts(), **said}
    return nobody(render(request, "workbench/login.html", told, status=status))


def demo_accounts() -> list[dict[str, str]]:
    """The demonstration's accounts with the label of their role; nothing in a real deployment."""
    table = _demo_people()
    roles = role_table("cn")
    return [
        {**one, "label": str(roles.get(one["role"], {}).get("label", one["role"]))}
        for one in table.get("account", [])
    ]


def demo_password() -> str:
    """The one password of the demonstration's accounts."""
    return str(_demo_people().get("password", ""))


def _demo_people() -> dict[str, Any]:
    path = settings.PACKS / "demo_people.toml"
    return tomllib.loads(path.read_text()) if settings.DEMO and path.is_file() else {}


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave the desk."""
    if isinstance(request.user, Person):
        by = as_mandate(request.user, request.session.get(MANDATE), timezone.now())
        if by is not None:
            registers.record("access", "sign_out", by=by, at=timezone.now())
    logout(request)
    return nobody(redirect("workbench:login"))


@staffed
def identity(request: HttpRequest, *, by: Acting, at: Any) -> HttpResponse:
    """换个身份: the person's current mandates, one acted as at a time."""
    if request.method == "POST":
        chosen = next((one for one in by.mandates if str(one.pk) == request.POST.get(MANDATE)), None)
        if chosen is not None:
            request.session[MANDATE] = chosen.pk
            if by.mandate is None or chosen.pk != by.mandate.pk:
                acting = as_mandate(by.person, chosen.pk, at) if by.person else None
                registers.record("access", "change_identity", by=acting or by, at=at)
            return redirect(HOME)
    now = by.mandate.pk if by.mandate else 0
    choices = [(str(one.pk), _as_what(one), one.until, one.pk == now) for one in by.mandates]
    return page(request, "identity", by, {"choices": choices})


def _as_what(one: Mandate) -> str:
    """Where and as what; of a stand-in also for whom, and whether for the approvals alone."""
    if one.stands_in_for is None:
        return post(one)
    return f"{post(one)}，代{one.stands_in_for.person.name}{'，只批' if one.only else ''}"


@staffed
def password(request: HttpRequest, *, by: Acting, at: Any) -> HttpResponse:
    """改密码: the old one once, the new one twice; other sessions of the same person end."""
    person = by.person
    assert person is not None
    told: dict[str, str] = {}
    if request.method == "POST":
        new = request.POST.get("new_password", "")
        told = _faults(
            person, request.POST.get("old_password", ""), new, request.POST.get("again_password", ""), at
        )
        if not told:
            tenure.change_password(person, new, by=by, at=at)
            update_session_auth_hash(request, person)
            messages.success(request, "密码改好了。别处的登录已经退出。")
            return redirect("workbench:me")
    said = {"errors": told, "first": person.first_password, "title": "改密码"}
    return page(request, "password", by, said, status=422 if told else 200)


def _faults(person: Person, old: str, new: str, again: str, at: Any) -> dict[str, str]:
    """What is wrong, by field; wrong tries of the old one are counted like those at the door."""
    if limits.over("old_password", str(person.pk), TRIES, at):
        return {"old": TOO_OFTEN}
    if not person.check_password(old):
        return {"old": "现在的密码不对，请再看一眼。"}
    if new == old:
        return {"new": "新密码和现在的一样，换一个。"}
    try:
        validate_password(new, person)
    except ValidationError as no:
        return {"new": "".join(no.messages)}
    return {} if new == again else {"again": "两次写的不一样。"}


@staffed
def me(request: HttpRequest, *, by: Acting, at: Any) -> HttpResponse:
    """我的: who one is here, other identities, signing out."""
    return page(request, "me", by, {"here": "me", **told(by, at)})
