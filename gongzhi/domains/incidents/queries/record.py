"""把我的记录给我: everything held about one report, for the reporter's own hand; and until when it is kept."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from gongzhi.domains.incidents.queries.follow import MINE, words_of
from gongzhi.domains.incidents.queries.looks import looks
from gongzhi.domains.incidents.retention import keeping_of
from gongzhi.kernel import packs
from gongzhi.kernel.ledger import files
from gongzhi.kernel.models import Attachment, Entry, Matter, Receipt
from gongzhi.kernel.packs.keeping import Keeping
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.secrets import unseal
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.kernel.process.versions import pinned

OWN_VERBS = (
    "report",
    "add",
    "again",
    "rate",
    "disagree",
    "withdraw",
    "urge",
    "forget_contact",
    "remove_words",
)


@dataclass(frozen=True)
class File:
    """One picture or voice note to take along: its name in the parcel, where it lies."""

    name: str
    path: Path


@dataclass(frozen=True)
class Kept:
    """Until when one kind of what a matter holds is kept: the pack's row and the day, None while the matter is open."""

    row: Keeping
    until: date | None


def record(receipt: Receipt, *, by: Acting, at: datetime) -> dict[str, Any]:
    """Everything held, as JSON-able values with Chinese keys. Raises ``NotYours`` for any other hand."""
    _own(receipt, by)
    matter = receipt.matter
    return {
        "编号": matter.number,
        "标题": matter.title,
        "地点": matter.place,
        "位置": [matter.lat, matter.lon] if matter.lat is not None else None,
        "提交时间": matter.opened_at.isoformat(),
        **_reached(receipt),
        **_written(matter),
        "照片和录音": [one.name for one in own_files(receipt, by=by)],
        "谁看过": [
            {"时间": one.at.isoformat(), "谁": one.who, "做了什么": one.what, "为什么": one.purpose}
            for one in looks(matter)
        ],
        "保存到": {
            one.row.label: one.until.isoformat() if one.until else one.row.words
            for one in kept_until(matter).values()
        },
    }


def _reached(receipt: Receipt) -> dict[str, str]:
    """How to reach the reporter, and who may."""
    fields = packs.load(receipt.matter.pack).get("fields.incident", {})
    return {
        "手机号": unseal(receipt.phone_enc) if receipt.phone_enc else "",
        "谁能看到手机号": _choice(fields, "who_may_see", receipt.who_may_see),
        "怎么告诉您": _choice(fields, "told_by", receipt.told_by),
    }


def _written(matter: Matter) -> dict[str, Any]:
    """What the reporter wrote and chose, and every act with its seal; acts by their label."""
    entries = list(Entry.objects.filter(matter=matter).select_related("words").order_by("seq"))
    verbs = {name: action.label for name, action in pinned(matter.process_id).actions.items()}
    acts = [(one, {"时间": one.at.isoformat(), "动作": verbs.get(one.verb, one.verb)}) for one in entries]
    own = [(one, told) for one, told in acts if one.verb in OWN_VERBS]
    return {
        "您写的": [{**told, "内容": words_of(one), "选择": json.loads(one.facts)} for one, told in own],
        "经过": [{**told, "印记": one.hash} for one, told in acts],
    }


def own_files(receipt: Receipt, *, by: Acting) -> list[File]:
    """The pictures and voice notes the reporter sent. Raises ``NotYours`` for any other hand."""
    _own(receipt, by)
    rows = Attachment.objects.filter(matter=receipt.matter_id, removed_at=None, entry__verb__in=MINE)
    found = []
    for count, one in enumerate(rows.order_by("pk"), start=1):
        try:
            path = Path(files.open_file(one.digest))
        except FileNotFoundError:
            continue
        kind = {"photo": "照片", "video": "录像"}.get(one.kind, "录音")
        ending = path.suffix or f".{one.media_type.rpartition('/')[2]}"
        found.append(File(f"{kind}-{count}{ending}", path))
    return found


def kept_until(matter: Matter) -> dict[str, Kept]:
    """Until when ``contact``, ``words``, ``staff_words`` and ``entries`` of a matter are kept, by the pack's table."""
    closed = timezone.localtime(matter.closed_at).date() if matter.closed_at is not None else None
    return {name: Kept(row, row.until(closed)) for name, row in keeping_of(matter).items()}


def _own(receipt: Receipt, by: Acting) -> None:
    if by.kind != "receipt" or by.tie_id != receipt.tie_id:
        raise NotYours("这份记录只给反映人自己。", hidden=True)


def _choice(fields: Any, name: str, value: str) -> str:
    return str(fields.get(name, {}).get("choices", {}).get(value, value))
