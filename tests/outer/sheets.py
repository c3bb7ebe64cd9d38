"""Sheets as a hotline sends them, made for tests; nothing in them is real."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook

from gongzhi.domains.incidents.outer import batches, work
from gongzhi.domains.incidents.outer.models import OuterBatch
from gongzhi.kernel.people.acting import Acting
from tests.cast import MORNING

HEAD = (
    "工单编号",
    "派单轮次",
    "诉求类别",
    "诉求内容",
    "事发地址",
    "所属社区",
    "来电人",
    "联系电话",
    "是否保密",
    "办结时限",
    "承办单位",
)
HEAD += ("渠道", "回复内容")
CELLS = {
    "诉求类别": "路灯照明",
    "诉求内容": "3号楼东边的路灯三天不亮了",
    "事发地址": "3号楼东侧",
    "所属社区": "柳岸社区",
    "来电人": "王女士",
    "联系电话": "13812341234",
    "是否保密": "否",
    "办结时限": "2026-11-27 16:00",
    "渠道": "电话",
}


def row(number: int | str, **said: str) -> list[str]:
    """One order, with what is said of it otherwise."""
    number = f"HL{number:05d}" if isinstance(number, int) else number
    cells = {"工单编号": number, **CELLS, **said}
    return [cells.get(name, "") for name in HEAD]


def text(rows: Sequence[Sequence[str]], head: Sequence[str] = HEAD, encoding: str = "utf-8-sig") -> bytes:
    """A CSV."""
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    return out.getvalue().encode(encoding)


def book(rows: Sequence[Sequence[Any]], head: Sequence[str] = HEAD) -> bytes:
    """A workbook with a title above its head, as offices make them."""
    page = Workbook()
    page.active.append(["12345 工单导出表"])
    for one in (head, *rows):
        page.active.append(list(one))
    out = io.BytesIO()
    page.save(out)
    return out.getvalue()


def checked(
    data: bytes,
    by: Acting,
    kind: str = "orders",
    *,
    system: str = "hotline",
    name: str = "工单.csv",
    at: datetime = MORNING,
) -> OuterBatch:
    """A sheet received and checked by the job."""
    batch = batches.receive(name, data, kind=kind, system=system, by=by, at=at)
    work.work(at)
    batch.refresh_from_db()
    return batch


def carried(data: bytes, by: Acting, kind: str = "orders", **more: Any) -> OuterBatch:
    """A sheet received, checked, confirmed and carried over."""
    batch = checked(data, by, kind, **more)
    assert batch.state == "checked", batch.wrong
    batches.confirm(batch, by=by, at=more.get("at", MORNING))
    work.work(more.get("at", MORNING))
    batch.refresh_from_db()
    assert batch.state == "done", batch.wrong
    return batch
