"""Report: anyone may, other systems and staff may for somebody with their yes."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from gongzhi.domains.incidents import actions, suggest
from gongzhi.domains.incidents.actions import Contact, Report
from gongzhi.kernel import packs
from gongzhi.kernel.people import limits, secrets
from gongzhi.kernel.people.phones import NotAPhone, clean_phone
from gongzhi.kernel.process.verdict import SayMore
from gongzhi.kernel.territory.packing import pack_name
from gongzhi.surfaces.api import asked
from gongzhi.surfaces.api.documented import KEY, REFUSALS
from gongzhi.surfaces.api.hands import REPORTERS, Hand
from gongzhi.surfaces.api.refusals import TooOften
from gongzhi.surfaces.api.shapes import Reported, ReportIn
from gongzhi.surfaces.api.where import Spot, spot

router = Router(tags=["上报"])
CHANNELS = ("desk", "phone", "hotline", "visit", "chat", "patrol", "handed")
CHOICES = {"who_may_see", "told_by", "urgency"}


@router.post(
    "/reports",
    auth=REPORTERS,
    response={201: Reported, **REFUSALS},
    summary="报一件事",
    operation_id="report",
    openapi_extra={"parameters": [KEY]},
)
def report(
    request: HttpRequest,
    said: Form[ReportIn],
    photos: File[list[UploadedFile]] = [],  # noqa: B006 - ninja reads the default, nobody changes it
    voice: File[UploadedFile | None] = None,
) -> Any:
    """Take in a report. The same key and content gives the first answer again; other content is refused with 409."""
    at, hand = timezone.now(), _hand(request)
    hand.need("report")
    key = asked.key_of(request)
    public = hand.acting.kind == "public"
    address = limits.network(request.META.get("REMOTE_ADDR"))
    if public and limits.flooding(address, at):
        raise TooOften
    contact = _contact(said)
    _check(said, public)
    kept, sound = asked.photos(photos), asked.voice(voice)
    tag = secrets.tag(contact.phone) if contact.phone else ""
    over = public and limits.report_over_limit(device="", phone_tag=tag, address=address, at=at)
    full = _report(said, spot(said, kept, at), contact, kept, sound, over, public)
    told = actions.report(full, by=hand.acting, at=at, key=key, happened=said.happened)
    return Status(201, _answer(told))


def _answer(told: actions.Reported) -> dict[str, str]:
    answer = {"id": str(told.matter.pk), "number": told.matter.number}
    if told.token:
        answer |= {"receipt": told.token, "digits": secrets.format_code(told.digits)}
    return answer


def _hand(request: HttpRequest) -> Hand:
    return request.auth  # type: ignore[attr-defined]


def _contact(said: ReportIn) -> Contact:
    try:
        phone = clean_phone(said.phone) if said.phone.strip() else ""
    except NotAPhone as wrong:
        raise SayMore({"phone": wrong.sentence}) from wrong
    return Contact(phone, said.who_may_see, said.wants_call, said.told_by)


def _check(said: ReportIn, public: bool) -> None:
    """Choices that are none are told under their field; a channel belongs to those who report for somebody."""
    fields = packs.load("cn").table("fields").get("incident", {})
    errors = {
        name: f"“{fields[name]['label']}”里没有这一项，请重新选。"
        for name in CHOICES
        if getattr(said, name) not in fields[name]["choices"]
    }
    if not public and said.channel not in CHANNELS:
        errors["channel"] = "请写从哪里来：desk、phone、hotline、visit、chat、patrol 或 handed。"
    if errors:
        raise SayMore(errors)


def _report(
    said: ReportIn, where: Spot, contact: Contact, photos: list[Any], voice: Any, over: bool, public: bool
) -> Report:
    pack = packs.load(pack_name(where.area))
    guesses = suggest.suggest(said.words, pack)
    guess = guesses[0].leaf if guesses else ""
    if said.category and said.category not in pack.table("categories").get("leaf", {}):
        raise SayMore({"category": "没有这个类别，请从列表里选一个。"})
    return Report(
        area=where.area,
        words=said.words,
        category=said.category or guess,
        suggested=guess,
        place=said.place,
        point=where.point,
        point_source=where.source,
        about=tuple(said.about),
        keep_out=said.keep_out,
        contact=contact,
        photos=tuple(photos),
        voice=voice,
        channel="portal" if public else said.channel,
        urgency=said.urgency,
        consent=said.consent,
        over_limit=over,
    )
