"""把我的记录给我: everything held about one report, for the reporter's own hand; and until when it is kept."""

import json
import re
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from gongzhi.domains.incidents.queries.follow import words_of
from gongzhi.kernel import packs
from gongzhi.kernel.models import Attachment, Entry, Matter, Receipt
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.secrets import unseal
from gongzhi.kernel.process.verdict import NotYours

DAYS = {"d": 1, "m": 31, "y": 366}
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


def record(receipt: Receipt, *, by: Acting, at: datetime) -> dict[str, Any]:
    """Everything held, as JSON-able values with Chinese keys. Raises ``NotYours`` for any other hand."""
    if by.kind != "receipt" or by.tie_id != receipt.tie_id:
        raise NotYours("这份记录只给反映人自己。", hidden=True)
    matter = receipt.matter
    entries = Entry.objects.filter(matter=matter).select_related("words").order_by("seq")
    return {
        "编号": matter.number,
        "标题": matter.title,
        "地点": matter.place,
        "位置": [matter.lat, matter.lon] if matter.lat is not None else None,
        "提交时间": matter.opened_at.isoformat(),
        "手机号": unseal(receipt.phone_enc) if receipt.phone_enc else "",
        "谁能看到手机号": receipt.who_may_see,
        "怎么告诉您": receipt.told_by,
        "您写的": [
            {"时间": e.at.isoformat(), "动作": e.verb, "内容": words_of(e), "选择": json.loads(e.facts)}
            for e in entries
            if e.verb in OWN_VERBS
        ],
        "照片和录音": [one.digest for one in Attachment.objects.filter(matter=matter, removed_at=None)],
        "经过": [{"时间": e.at.isoformat(), "动作": e.verb, "印记": e.hash} for e in entries],
        "保存到": {key: day and day.isoformat() for key, day in kept_until(matter).items()},
    }


def kept_until(matter: Matter) -> dict[str, date | None]:
    """Until when contact and words are kept: counted from closing, by the pack's table; None while open."""
    table = packs.load(matter.pack).table("retention").get("keep", {})
    return {name: _until(matter, table.get(name, {})) for name in ("contact", "words")}


def _until(matter: Matter, row: dict[str, Any]) -> date | None:
    if matter.closed_at is None or not row:
        return None
    found = re.fullmatch(r"(\d+)([dmy])", row.get("length", ""))
    if found is None:
        return None
    return timezone.localtime(matter.closed_at).date() + timedelta(days=int(found[1]) * DAYS[found[2]])
