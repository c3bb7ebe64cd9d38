"""What a phone still holds of somebody whose mandate has ended: shown to its owner, handed to whoever comes after.

The page on which that person proved who they are carries a pass for an hour; with it the phone lists what is theirs and
sends one item at a time. Nothing of it is taken as an act.
"""

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone

from gongzhi.domains.leftovers import actions
from gongzhi.domains.leftovers.actions import Left
from gongzhi.kernel.ledger import files
from gongzhi.kernel.people import limits
from gongzhi.kernel.people.models import Mandate, Person
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.verdict import Refusal
from gongzhi.surfaces import answers
from gongzhi.surfaces.workbench.keeping import mark_of, person_mark_of

SALT = "desk-left"
VALID = 3600  # seconds for which a pass lets its person hand things on
MOST = limits.Limit(60, timedelta(hours=1))
PHOTOS = 9
ASK_AGAIN = "请再登录一次，登录名和密码对了就能接着交。"
COMPLAINT = "这一条是对单位有意见，交给他们不合适。请您自己用居民的“随手拍”报，会绕开他们。"


def offered(person: Person) -> dict[str, str]:
    """What the page of somebody without a mandate carries for their phone: whose items to show, and the pass."""
    return {"left_person": person_mark_of(person.pk), "left_pass": signing.dumps(person.pk, salt=SALT)}


def leave(request: HttpRequest) -> JsonResponse:
    """One item, handed to whoever comes after (POST, told as data)."""
    if request.method != "POST":
        raise Http404
    at = timezone.now()
    try:
        person_id = int(signing.loads(request.POST.get("pass", ""), salt=SALT, max_age=VALID))
    except signing.BadSignature:
        return _no("signed_out", ASK_AGAIN, 401)
    if limits.over("leave_over", str(person_id), MOST, at):
        return _no("later", "这一小时交得太多了，过一会儿再交。", 429)
    mandate = _mandate(person_id, request.POST.get("hand", ""))
    if mandate is None:
        raise Http404
    if request.POST.get("about"):
        return _no("not_yours", COMPLAINT, 403)
    return _take(request, mandate, at)


def _mandate(person_id: int, hand: str) -> Mandate | None:
    rows = Mandate.objects.filter(person=person_id).select_related("person", "area", "organisation__area")
    return next((one for one in rows if mark_of(person_id, one.pk) == hand), None)


def _take(request: HttpRequest, mandate: Mandate, at: datetime) -> JsonResponse:
    said = request.POST
    key = said.get("key", "")
    if len(key) != 32:
        raise Http404
    matter = _matter(said.get("matter", ""))
    try:
        photos = [
            files.receive_photo(one.name or "", one) for one in request.FILES.getlist("photos")[:PHOTOS]
        ]
        left = Left(
            did=_of(matter, said.get("did", "")[:150]),
            told=said.get("told", "")[:4000],
            place=said.get("place", ""),
            matter=matter,
            photos=photos,
        )
        told = actions.leave(left, mandate, at=at, key=f"{key}-left", happened=answers.happened(request, at))
    except files.NotAccepted as fault:
        return _no("say_more", fault.sentence, 422)
    except Refusal as refusal:
        return _no(refusal.code, refusal.sentence, 409)
    return JsonResponse(
        {"state": "done", "sentence": f"交了，编号 {told.number}，接手的人会看。"},
        json_dumps_params={"ensure_ascii": False},
    )


def _matter(named: str) -> Matter | None:
    """The matter an item was about. A private one was never on a phone."""
    if not (named.isdecimal() and len(named) < 20):
        return None
    return Matter.objects.filter(pk=int(named), private=False).select_related("area").first()


def _of(matter: Matter | None, did: str) -> str:
    return f"{did}（{matter.number}）" if matter is not None else did


def _no(state: str, sentence: str, status: int) -> JsonResponse:
    said: dict[str, Any] = {"state": state, "sentence": sentence}
    return JsonResponse(said, status=status, json_dumps_params={"ensure_ascii": False})
