"""A report from outside, through the one door: kept once, answered with its number or a token."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.utils import timezone

from gongzhi.domains.incidents import actions, suggest
from gongzhi.domains.incidents.actions import Contact, Report
from gongzhi.domains.incidents.queries import questions
from gongzhi.kernel.ledger.files import Stored
from gongzhi.kernel.models import Matter
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.people import secrets
from gongzhi.kernel.people.channel_keys import KeyHand
from gongzhi.kernel.people.models import ChannelKey
from gongzhi.kernel.people.phones import NotAPhone, clean_phone
from gongzhi.kernel.process import keys
from gongzhi.kernel.process.verdict import SayMore
from gongzhi.surfaces.api import asked as intake
from gongzhi.surfaces.api.open311 import kinds
from gongzhi.surfaces.api.open311.asked import LONGEST, Asked
from gongzhi.surfaces.api.open311.callers import writer
from gongzhi.surfaces.api.open311.refusals import Absent, Missing
from gongzhi.surfaces.api.open311.rules import pack_of, place_of, rule
from gongzhi.surfaces.api.open311.spots import Spot, spot

FIELDS = (
    "service_code",
    "lat",
    "long",
    "address_string",
    "address_id",
    "description",
    "device_id",
    "account_id",
    "phone",
)
PICTURE = "附图链接（没有打开过）：{url}"
NO_PLACE = "这里还没有辖区，收不了。"
GONE = "没有这个 token。"
_tokens = signing.Signer(sep=".", salt="open311 token")


def post(said: Asked) -> tuple[str, Any]:
    """``POST /requests``: 400 without a kind or a position, 403 without a key that reports."""
    at = timezone.now()
    hand = writer(said, ChannelKey.REPORT, at)
    district = place_of(said, at)
    if district is None:
        raise Missing(NO_PLACE)
    code = said.need("service_code")
    row = kinds.leaf(code, pack_of(district))
    said.words()
    where = spot(said, hand.key.area, district, at)
    pack = pack_of(where.area)
    answers, stops = _answers(said, code, pack)
    report = _report(said, code, str(row["label"]), where, pack, answers)
    report = replace(report, over_limit=hand.over("report", at))
    told = actions.report(report, by=hand.channel, at=at, key=_key(said, hand, report.photos, at))
    notice = " ".join([*stops, str(row.get("first", "")), rule("reply", "notice", pack)]).strip()
    return "service_requests", [_answer(told.matter, said, pack, notice)]


def _answers(said: Asked, code: str, pack: Pack) -> tuple[dict[str, Any], list[str]]:
    """What was said to the kind's questions, and the doors that come first. Missing names each that is wrong."""
    several = {one.code for one in questions.of(code, pack) if one.type == "multi"}
    given = {name: rows if name in several else rows[0] for name, rows in said.attributes().items()}
    cleaned = questions.clean(code, pack, given)
    if cleaned.errors:
        raise Missing(*(f"attribute[{name}]：{sentence}" for name, sentence in cleaned.errors.items()))
    known = {name: given[name] for name in cleaned.values}
    return known, [one.say for one in cleaned.stops]


def token(said: Asked, token: str) -> tuple[str, Any]:
    """``GET /tokens/{token}``: the number of a report that was answered with a token."""
    try:
        found = Matter.objects.filter(pk=int(_tokens.unsign(token))).values_list("number", flat=True).first()
    except (signing.BadSignature, ValueError):
        found = None
    if found is None:
        raise Absent(GONE)
    return "service_requests", [{"service_request_id": found, "token": token}]


def _answer(matter: Matter, said: Asked, pack: Pack, notice: str) -> dict[str, Any]:
    by_token = rule("reply", "answer", pack) == "token"
    first = {"token": _tokens.sign(str(matter.pk))} if by_token else {"service_request_id": matter.number}
    return {
        **first,
        "service_notice": notice,
        "account_id": said.get("account_id") or None,
    }


def _report(said: Asked, code: str, label: str, where: Spot, pack: Pack, answers: dict[str, Any]) -> Report:
    words = said.words() or label
    if url := said.get("media_url"):
        words = f"{words}\n{PICTURE.format(url=url)}"[:LONGEST]
    return Report(
        area=where.area,
        words=words,
        category=code,
        suggested=next((one.leaf for one in suggest.suggest(words, pack, 1)), ""),
        place=where.words,
        point=where.point,
        point_source=where.source,
        about=_about(said, words, code, pack),
        contact=_contact(said),
        photos=tuple(_photos(said)),
        channel="open311",
        answers=answers,
    )


def _about(said: Asked, words: str, code: str, pack: Pack) -> tuple[str, ...]:
    """Whom it complains of, unless the sender said it does not: nobody is there to ask, so the safe answer is taken."""
    if said.attributes().get(kinds.ABOUT_THEM) == ["no"]:
        return ()
    parties = suggest.points_at_people(words, code, pack)
    return tuple(dict.fromkeys(kind for one in parties for kind in one.kinds))


def _contact(said: Asked) -> Contact:
    """The number, sealed; names, accounts and devices are not kept."""
    number = said.get("phone")
    if not number:
        return Contact()
    try:
        return Contact(phone=clean_phone(number), told_by="sms")
    except NotAPhone as wrong:
        raise Missing(f"phone：{wrong.sentence}") from wrong


def _photos(said: Asked) -> list[Stored]:
    return intake.photos([*said.files("media"), *said.files("media[]")], "media")


def _key(said: Asked, hand: KeyHand, photos: tuple[Any, ...], at: datetime) -> str:
    """The sender's own key; else one made of the content, the same for half an hour or so (``same_minutes``).

    Each holder's are its own: receipts are made of keys, so that two senders may never come with one.
    """
    given = _header(said.request)
    if given:
        return f"{hand.channel.name} {given}"
    content = [
        hand.channel.name,
        [said.get(name) for name in FIELDS],
        said.attributes(),
        [one.digest for one in photos],
    ]
    window = timedelta(minutes=rule("limits", "same_minutes"))
    turn = int(at.timestamp() // window.total_seconds())
    now, before = (_made(content, turn - back) for back in (0, 1))
    return before if keys.stands(hand.channel, before) else now


def _made(content: list[Any], turn: int) -> str:
    return secrets.derive("open311", json.dumps([content, turn], ensure_ascii=False, sort_keys=True))


def _header(request: HttpRequest) -> str:
    if not request.headers.get(intake.KEY_HEADER, "").strip():
        return ""
    try:
        return intake.key_of(request)
    except SayMore as wrong:
        raise Missing(*wrong.errors.values()) from wrong
