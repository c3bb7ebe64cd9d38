"""A binder as one zip, written while it is sent: the list, each matter's page, its chain and proof, how to check."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import binder, desk_matter
from gongzhi.domains.incidents.queries.binder import Page
from gongzhi.kernel.ledger.seal import PublicSeal
from gongzhi.kernel.models import Matter
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.versions import pinned
from gongzhi.surfaces.parcel import parcel
from gongzhi.surfaces.workbench import sheets, shown

PICTURES = 6  # of one matter
HEAD = ("编号", "事项", "类别", "地点", "环节", "上报时间", "办结时间", "校验（最后一笔）")
HOW = """材料册：{title}
{foot}

里面有什么
  清单.xlsx        每件一行
  事项/编号.html    每件一页，用浏览器打开，可以打印
  照片/             每件最多 {pictures} 张，小图
  台账/编号.json    这件事的台账：每一笔、校验，和它在封印里的证明
  封印/号.json      用到的封印，和网站“今日封印”上的同一号应当一字不差

怎么核对一件事（不用问我们要什么，任何算 SM3 的工具都可以，比如 openssl dgst -sm3）
  1. 台账/编号.json 的 entries 里，每一笔的 fields 用换行连起来，算 SM3，应当等于这一笔的 hash。
     没有 fields 的，是不给看的内容（比如居民的评价），只给校验。
  2. 每一笔的 prev 等于前一笔的 hash；第一笔的 prev 是空的。
  3. proof.leaf 是封印的一片叶子：标记、第几笔、那一笔的 hash。
  4. 从叶子往上：节点 = SM3(00 字节 + 叶子)；按 proof.path 一步步，
     left 就算 SM3(01 字节 + 旁边的 + 节点)，right 就算 SM3(01 字节 + 节点 + 旁边的)，都按十六进制还原成字节。
  5. 最后的节点应当等于 封印/号.json 里的 root。封印的签名（Ed25519）也在里面。
  proof 里写 sealed=false 的，还没到封印的整点，过一小时再导一次。
"""


def stream(found: QuerySet[Matter], title: str, foot: str, *, by: Acting, at: datetime) -> Iterator[bytes]:
    """The bytes of the zip; one matter in memory at a time, photos read from the disk as they are sent."""
    pictures: list[tuple[str, Path]] = []
    yield from parcel(_texts(found, title, foot, pictures, by, at), _later(pictures))


def _later(pictures: list[tuple[str, Path]]) -> Iterator[tuple[str, Path]]:
    yield from pictures  # filled by now: the texts went first


def _texts(
    found: QuerySet[Matter], title: str, foot: str, pictures: list[tuple[str, Path]], by: Acting, at: datetime
) -> Iterator[tuple[str, str | bytes]]:
    yield "说明.txt", HOW.format(title=title, foot=foot, pictures=PICTURES)
    with sheets.spooled("xlsx", _index(found, foot)) as index:
        yield "清单.xlsx", index.read()
    seals: dict[int, PublicSeal] = {}
    for one in binder.pages(found, by=by, at=at):
        number = one.sheet.matter.number
        said = {
            "sheet": one.sheet,
            "lines": one.sheet.lines[::-1],
            "proof": one.proof,
            "foot": foot,
            "now": at,
        }
        kind = shown.category(one.sheet.matter.category, one.sheet.matter.pack)[0]
        yield f"事项/{number}.html", render_to_string("workbench/binder_matter.html", {**said, "kind": kind})
        yield f"台账/{number}.json", _json(one)
        if one.proof.seal is not None:
            seals[one.proof.seal.seq] = one.proof.seal
        pictures += _pictures(one, by, at)
    for seq, kept in seals.items():
        yield f"封印/{seq}.json", kept.json()


def _index(found: QuerySet[Matter], foot: str) -> Iterator[tuple[str, ...]]:
    yield HEAD
    for one in found.select_related("area")[: binder.MOST]:
        yield (
            one.number,
            one.title,
            shown.category(one.category, one.pack)[1] if one.category else "",
            one.place or one.area.name,
            pinned(one.process_id).stages[one.stage].label,
            f"{localtime(one.opened_at):%Y-%m-%d %H:%M}",
            f"{localtime(one.closed_at):%Y-%m-%d %H:%M}" if one.closed_at else "",
            one.head[:12],
        )
    yield (foot,)


def _json(one: Page) -> str:
    proved: dict[str, Any] = {"sound": one.proof.sound, "sealed": one.proof.seal is not None}
    if one.proof.seal is not None:
        root = one.proof.seal.root
        proved |= {"seal": one.proof.seal.seq, "root": root, "leaf": one.proof.leaf, "path": one.proof.path}
    held = {"number": one.sheet.matter.number, "proof": proved, "entries": one.chain}
    return json.dumps(held, ensure_ascii=False, indent=1)


def _pictures(one: Page, by: Acting, at: datetime) -> list[tuple[str, Path]]:
    sheet, found = one.sheet, []
    for place, row in enumerate([*sheet.photos, *sheet.after_photos][:PICTURES], start=1):
        picture = desk_matter.attachment(row.pk, by=by, at=at, small=True)
        if picture is not None:
            found.append((f"照片/{sheet.matter.number}-{place}.jpg", Path(picture[1])))
    return found
