"""Read, list, ask what is possible, act: one door, one gate, whoever asks."""

from pathlib import Path
from typing import Any

from django.db.models import Q
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from ninja import Query, Router

from gongzhi.domains.incidents import actions
from gongzhi.domains.incidents.queries import desk, desk_matter, receipts
from gongzhi.domains.incidents.queries.desk_search import ways
from gongzhi.domains.incidents.queries.files import attachment
from gongzhi.domains.incidents.queries.follow import follow
from gongzhi.kernel.process import gate, search
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.possible import possible
from gongzhi.kernel.process.verdict import SayMore
from gongzhi.surfaces.api import asked, shown
from gongzhi.surfaces.api.documented import KEY, REFUSALS
from gongzhi.surfaces.api.hands import READERS, STAFF, Hand
from gongzhi.surfaces.api.refusals import Absent
from gongzhi.surfaces.api.shapes import EXAMPLE_ACT, Detail, Followed, Page, PossibleAct, Taken

router = Router(tags=["事项"])
MOST, USUAL = 100, 50
NO_SEEN = "要写 seen：您读到的最后一条台账序号（读这件事时给过）。"
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["seen"],
                    "properties": {"seen": {"type": "integer"}, "said": {"type": "object"}},
                },
                "example": EXAMPLE_ACT,
            },
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["seen"],
                    "properties": {
                        "seen": {"type": "integer"},
                        "said": {"type": "string", "description": "JSON 文本"},
                        "photos": {"type": "array", "items": {"type": "string", "format": "binary"}},
                    },
                }
            },
        },
    },
    "parameters": [KEY],
}


@router.get(
    "/matters", auth=STAFF, response={200: Page, **REFUSALS}, summary="列表", operation_id="list_matters"
)
def listed(
    request: HttpRequest,
    q: str = Query("", max_length=100, description="编号、地点或文字，两个字就能找"),
    stage: str = "",
    category: str = "",
    open_only: bool = False,
    older: bool = Query(False, description="连一年以前办完的也找"),
    after: str = Query("", pattern=r"^\d*$", description="上一页的 next"),
    limit: int = Query(USUAL, ge=1, le=MOST),
) -> Any:
    """What this hand may read, newest first, by key."""
    hand, at = _hand(request), timezone.now()
    hand.need("read")
    if q.strip() and not search.wanted(q):
        raise SayMore({"q": search.TOO_SHORT})
    pack = desk.own_pack(hand.acting)
    asked = q.strip()
    arms = ways(q, pack, by=hand.acting, at=at, older=older) if asked else gate.arms(hand.acting)
    narrowed = Q()
    for name, value in (("stage", stage), ("category", category), ("counts", "open" if open_only else "")):
        narrowed &= Q(**{name: value}) if value else Q()
    key = str(_number(after)) if after else ""
    found = desk.newest(arms, narrowed, by=hand.acting, after=key, limit=limit, beside=("process",))
    levels = shown.levels_of([row.pk for row in found[:limit]], by=hand.acting, at=at)
    items = [shown.line(row, levels.get(row.pk, "summary")) for row in found[:limit]]
    return {"items": items, "next": str(found[limit - 1].pk) if len(found) > limit else None}


@router.get(
    "/matters/{matter}",
    auth=STAFF,
    response={200: Detail, **REFUSALS},
    summary="读一件",
    operation_id="read_matter",
)
def read(request: HttpRequest, matter: str) -> Any:
    """A matter as this hand may read it; 404 alike for what is not there and what is not theirs."""
    hand, at = _hand(request), timezone.now()
    hand.need("read")
    sheet = desk_matter.sheet(_number(matter), by=hand.acting, at=at)
    if sheet is None:
        raise Absent
    return shown.detail(sheet)


@router.get(
    "/follow",
    auth=READERS[-1:],
    response={200: Followed, **REFUSALS},
    summary="反映人看进度",
    operation_id="follow",
)
def followed(request: HttpRequest) -> Any:
    """The receipt's own matter in plain words. Needs ``X-Receipt``."""
    receipt = receipts.by_token(request.headers["X-Receipt"])
    hand = _hand(request).acting
    mode = "own" if hand.kind == "receipt" else "read"
    page = follow(receipt, by=hand, at=timezone.now(), mode=mode) if receipt else None
    if page is None:
        raise Absent
    return {
        "id": page.matter,
        "number": page.number,
        "state": page.state,
        "side": page.side,
        "statement": page.statement,
        "promised_at": page.promised_at,
        "words": page.words,
        "can": sorted(page.can),
        "seen": page.seen,
    }


@router.get(
    "/matters/{matter}/actions",
    auth=READERS,
    response={200: list[PossibleAct], **REFUSALS},
    summary="现在能做什么，为什么不能",
    operation_id="possible_actions",
)
def acts(request: HttpRequest, matter: str) -> Any:
    """Every action this hand may come to take, with the JSON schema of what it asks."""
    hand = _hand(request)
    work, _ = _one(matter, hand)
    return [
        {
            "action": one.action,
            "label": one.label,
            "state": one.state,
            "why": one.why,
            "rule": one.rule,
            "hint": one.hint,
            "grave": one.grave,
            "said": asked.schema(one.fields) if one.state in ("now", "not_yet") else None,
        }
        for one in possible(work, by=hand.acting, at=timezone.now())
    ]


@router.post(
    "/matters/{matter}/actions/{action}",
    auth=READERS,
    response={200: Taken, **REFUSALS},
    summary="办一步",
    operation_id="act",
    openapi_extra=BODY,
)
def act(request: HttpRequest, matter: str, action: str) -> Any:
    """Take one action. Refused, in this order: not yours, someone was faster, not now, not yet, say more."""
    hand, at = _hand(request), timezone.now()
    hand.need(action)
    key, body = asked.key_of(request), asked.body_of(request)
    work, _ = _one(matter, hand)
    said = _said(request, work, action, body)
    entry = actions.take(work.matter.pk, action, by=hand.acting, at=at, seen=_seen(body), key=key, **said)
    return shown.taken(entry, work)


@router.get("/files/{attachment_id}", auth=READERS, summary="照片、录音", operation_id="file")
def picture(
    request: HttpRequest, attachment_id: str, size: str = Query("full", pattern="^(full|thumb)$")
) -> Any:
    """A photo or voice note through the gate, never guessed by its type."""
    hand = _hand(request)
    found = _file(_number(attachment_id), hand, small=size == "thumb")
    if found is None:
        raise Absent
    media_type, lies_at = found
    answer = FileResponse(lies_at.open("rb"), content_type=media_type)
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _file(pk: int, hand: Hand, *, small: bool) -> tuple[str, Path] | None:
    """Media type and path: the desk's way, or the reporter's own."""
    at = timezone.now()
    if hand.acting.kind != "receipt":
        found = desk_matter.attachment(pk, by=hand.acting, at=at, small=small)
        return found[:2] if found else None
    try:
        own = attachment(pk, by=hand.acting, at=at, small=small)
    except FileNotFoundError:
        return None
    return (own.media_type, own.path) if own else None


def _hand(request: HttpRequest) -> Hand:
    return request.auth  # type: ignore[attr-defined]


def _number(text: str) -> int:
    """An identifier out of an address; Absent for any other text."""
    if not (text.isascii() and text.isdecimal() and len(text) < 20) or int(text) >= 1 << 63:
        raise Absent
    return int(text)


def _one(matter: str, hand: Hand) -> tuple[Work, str]:
    """The matter and how much of it is read; Absent alike for nothing and for nothing of theirs."""
    found = gate.one(_number(matter), by=hand.acting, at=timezone.now())
    if found is None:
        raise Absent
    return found


def _said(request: HttpRequest, work: Work, action: str, body: dict[str, Any]) -> dict[str, Any]:
    """What was said, with the files taken in; only what the action (and those of the same click) asks."""
    names = _names(work, action)
    said = dict(body.get("said", {}))
    unknown = [name for name in (*said, *request.FILES) if names and name not in names]
    if unknown:
        raise SayMore(dict.fromkeys(unknown, "这一步没有这一项。"))
    if not names:
        return {}  # the door says whose it is, or that it asks nothing
    for name in request.FILES:
        if name == "voice":
            said[name] = asked.voice(request.FILES.getlist(name)[0])
        else:
            said[name] = asked.photos(request.FILES.getlist(name), name)
    return said


def _names(work: Work, action: str) -> set[str]:
    page = work.process.actions
    wanted = [page[name] for name in (action, *(page[action].also if action in page else ())) if name in page]
    return {ask.name for one in wanted for ask in one.asks}


def _seen(body: dict[str, Any]) -> int:
    """The last entry the sender read. SayMore where it is missing."""
    seen = body.get("seen")
    if isinstance(seen, bool) or not str(seen if seen is not None else "").isdecimal():
        raise SayMore({"seen": NO_SEEN})
    return int(str(seen))
